"""The words that notes are written in: headings, names for people, labels, plans. Lower case, one a line or bar.

English, German, French, Spanish, Italian, Dutch, Portuguese.
"""

from __future__ import annotations

import unicodedata


def phrases(table: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in table.replace("\n", "|").split("|")) - {""}


def fold(text: str) -> str:
    """Lower case without accents, so that 'Próximos', 'proximos' and a Mac's decomposed letters are one word."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def folded(table: str) -> frozenset[str]:
    return frozenset(map(fold, phrases(table)))


ACTION_HEADINGS = folded(
    """
    action|actions|action item|action items|action point|action points|action step|action steps|action plan
    action list|agreed actions|agreed next steps|agreed steps|client actions|client action items|client homework
    homework|home work|homework assignment|homework assignments|next step|next steps|next actions|fieldwork
    to do|to dos|to do list|todo|todos|to-do|to-dos|to-do list|todo list|to do's|to-do's|things to do|what to do
    assignment|assignments|commitment|commitments|task|tasks|task list|agreements|what we agreed|what you agreed
    we agreed|what you will do|practice|practices|takeaway actions|between sessions|between our sessions
    between now and next time|between now and our next session|follow-up actions|follow up actions|follow-ups|follow ups
    for next time|before next time|until next time|by next time|for next session|for our next session
    before next session|before our next session|before the next session|until our next session|until next session
    aktion|aktionen|aufgabe|aufgaben|aufgabenliste|hausaufgabe|hausaufgaben|nächste schritte|nächster schritt
    die nächsten schritte|nächsten schritte|naechste schritte|nächste aktionen|vereinbarte schritte
    vereinbarte aufgaben|weitere schritte|zu tun|zu erledigen|maßnahmen|maßnahmenplan|aktionsplan|vereinbarungen
    vereinbart|verpflichtungen|handlungsschritte|aktionspunkte|übungen|to-do-liste|todo-liste|das nimmst du dir vor
    bis zum nächsten mal|bis zur nächsten sitzung|bis zur nächsten stunde|bis zum nächsten termin
    bis zu unserem nächsten termin|bis zur nächsten session|für das nächste mal|fürs nächste mal
    aufgaben bis zum nächsten mal
    à faire|choses à faire|travail à faire|travail personnel|devoirs|devoir|prochaine étape|prochaines étapes
    prochains pas|étapes suivantes|prochaines actions|tâche|tâches|liste de tâches|liste des tâches|engagement
    engagements|exercices|actions à mener|actions à faire|actions à réaliser|actions convenues|points d'action
    plan d'action|plan d'actions|d'ici la prochaine séance|d'ici la prochaine fois|d'ici notre prochaine séance
    pour la prochaine séance|pour la prochaine fois|avant la prochaine séance|avant notre prochaine séance
    acción|acciones|acciones a realizar|acciones acordadas|tarea|tareas|tareas para casa|tareas pendientes|deberes
    próximo paso|próximos pasos|siguiente paso|siguientes pasos|próximas acciones|por hacer|cosas por hacer
    cosas que hacer|lista de tareas|pendientes|compromiso|compromisos|acuerdos|ejercicios|puntos de acción
    plan de acción|para la próxima sesión|para la próxima vez|para la próxima|antes de la próxima sesión
    hasta la próxima sesión
    azione|azioni|azioni da fare|azioni concordate|compiti|compito|compiti a casa|compiti per casa|prossimi passi
    prossimo passo|prossime azioni|passi successivi|da fare|cose da fare|lista delle cose da fare|attività
    attività da svolgere|impegno|impegni|esercizi|punti d'azione|piano d'azione|per la prossima volta
    per la prossima sessione|per il prossimo incontro|prima della prossima sessione|entro la prossima sessione
    actie|acties|actiepunt|actiepunten|actielijst|actieplan|huiswerk|volgende stap|volgende stappen|vervolgstappen
    volgende acties|te doen|taak|taken|takenlijst|afspraken|opdracht|opdrachten|oefeningen|toezegging|toezeggingen
    verplichtingen|voor de volgende keer|voor volgende keer|voor de volgende sessie|voor onze volgende sessie
    ação|ações|acções|ações a realizar|ações acordadas|itens de ação|tarefa|tarefas|tarefas para casa
    lista de tarefas|afazeres|próximo passo|próximos passos|passos seguintes|próximas ações|a fazer|coisas a fazer
    lição de casa|lições de casa|dever de casa|deveres de casa|trabalho de casa|trabalhos de casa|tpc
    compromisso|compromissos|exercícios|pontos de ação|plano de ação
    para a próxima sessão|para a próxima vez|até à próxima sessão
    até a próxima sessão
    """
)
COACH_HEADINGS = folded(
    """
    for me|coach|coach actions|coach action items|coach to-dos|actions coach|i will|i'll do|i promise|i promised
    my promises|for the coach|me|für mich|aufgaben coach|ich werde|meine zusagen|meine versprechen|pour moi|je vais
    mes promesses|para mí|voy a|mis promesas|per me|le mie promesse|voor mij|ik zal|mijn beloftes|para mim
    minhas promessas
    """
)
SUMMARY_HEADINGS = folded(
    """
    summary|session summary|shared|shared summary|shared notes|shared with you|for you|to share|share with client
    for the client|zusammenfassung|für dich|für sie|geteilt|für den klienten|für die klientin|résumé|pour toi|pour vous
    partagé|partagé avec vous|resumen|para ti|para usted|compartido|riassunto|sintesi|riepilogo|per te|per lei
    condiviso|samenvatting|voor jou|voor u|gedeeld|resumo|para você|para si|para ti|partilhado|compartilhado
    """
)
CLIENT_LABELS = folded(
    """
    client|coachee|client name|klient|klientin|kunde|kundin|cliente|clienta|cliente|assistito|cliënt|klant|cliënte
    cliente nome|cliente/coachee|cliente (coachee)
    """
)
# Other headings that a note is known to have: they end a block without a colon or bold type.
OTHER_HEADINGS = folded(
    """
    notes|note|private notes|private|session notes|observation|observations|theme|themes|topics|agenda|wins|insight
    insights|reflections|goals|goal|background|context|feedback|confidential|not for client|internal|attendees
    impression|impressions|hypothesis|hypotheses|hunch|mood|energy|risk|risks|concerns|supervision|takeaways
    key takeaways|billing|invoice|fee|careful|caution|warning|to self|for supervision|background info|topics discussed
    background information|concern|thoughts|history|challenges|obstacles|strengths|values|beliefs|emotions|feelings
    question|questions
    next session|next meeting|next appointment|next call|date|time
    notizen|notiz|privat|themen|thema|beobachtung|beobachtungen|ziele|ziel|eindruck|eindrücke|hypothese|hypothesen
    stimmung|risiko|sitzungsnotizen|vertraulich|intern|erkenntnisse|hintergrund|nächste sitzung|nächster termin|datum
    notes privées|notes personnelles|privé|confidentiel|thèmes|objectifs|remarques|observation|impressions|humeur
    prochaine séance
    nota|notas|notas privadas|privado|confidencial|temas|objetivos|observaciones|impresiones|impresión|hipótesis
    observación|ánimo|próxima sesión
    note private|privato|riservato|temi|obiettivi|osservazioni|osservazione|impressioni
    impressione|ipotesi|umore|prossima sessione
    notities|privénotities|thema's|doelen|observatie|observaties|indruk|indrukken|stemming|volgende sessie
    observação|observações|metas|impressões|impressão|hipótese|humor|próxima sessão
    """
)
# Words that open nothing without a colon: they stand alone under a signature, or start an action.
ONLY_WITH_COLON = folded(
    """
    coach|me|i will|i'll do|i promise|i promised|ich werde|je vais|voy a|ik zal|practice|task|note|nota|notiz|date
    time|datum|question|risk|mood|energy|values|to share|action|engagement|humor|ziel|goal|taak
    """
)
# What stands behind one of these is never shared: 'PRIVATE', '[private] …', 'Confidential: …', 'Private notes - …'.
PRIVATE_WORDS = folded(
    """
    private|confidential|privat|vertraulich|privé|confidentiel|privado|privada|confidencial|privato|riservato
    vertrouwelijk|internal|internal only|intern|interne|interno|off the record|note to self|notes to self
    for my eyes only|my eyes only|just for me|only for me|for me only|nur für mich|notizen für mich|notiz an mich
    pour moi seulement|seulement pour moi|rien que pour moi|solo para mí|nota para mí|notas para mí|solo per me
    nota per me|note per me|alleen voor mij|notitie voor mezelf|só para mim|nota para mim|notas para mim
    """
)
NOT_FOR = folded("not for|nicht für|pas pour|no para|non per|niet voor|não para")
WITHHELD = folded(
    """
    do not share|don't share|do not send|don't send|not to be shared|not to share|not shared|unshared|nicht teilen
    nicht senden|nicht geteilt|non partagé|no compartido|non condiviso|niet gedeeld|não partilhado|não compartilhado
    ne pas partager|ne pas envoyer|no compartir|no enviar|non condividere|non inviare|niet delen|niet versturen
    não partilhar|não compartilhar|não enviar
    """
)
# 'The rest is private.'
BELOW = folded("rest|below|follows|following|unten|folgendes|reste|suite|siguiente|resto|seguito|hieronder|abaixo")
FOR = tuple("for für fur pour para per voor von of de di da do van".split())
# 'Actions for next week' names no client: these words speak of a time, of an agreement or of 'you'.
NO_NAMES = folded(
    """
    next|this|the|our|your|you|us|coming|today|tomorrow|week|weeks|day|days|month|session|sessions|meeting|time|now
    before|after|until|till|by|between|from|following|upcoming|monday|tuesday|wednesday|thursday|friday|saturday
    sunday|january|february|march|april|may|june|july|august|september|october|november|december|a|an|all|both
    everyone|client|clients|my|his|her|their|christmas|easter|summer|weekend|each|every|two|three|agreed|call|talk
    conversation|today's|to|take|do|complete|on|in|at|of|we|and|you've|we've|i've|set|due|end|noon|appointment
    nächste|nächstes|nächsten|nächster|naechste|naechsten|die|das|den|dem|der|diese|dieses|dieser|kommende|kommenden
    dich|sie|ihn|euch|uns|unsere|unserem|bis|heute|morgen|zum|zur|alle|woche|wochen|mal|sitzung|stunde|termin|von|aus
    la|le|les|prochaine|prochain|cette|ce|toi|vous|notre|votre|semaine|séance|demain|aujourd'hui|pour|d'ici|fois
    próxima|próximo|esta|este|el|los|las|ti|usted|nuestra|mañana|hoy|semana|sesión|vez|para
    prossima|prossimo|questa|questo|il|lo|gli|te|lei|nostra|domani|oggi|settimana|sessione|volta|per
    volgende|deze|komende|het|de|jou|u|onze|vandaag|keer|sessie|voor
    o|as|os|você|vocês|nossa|amanhã|hoje|essa|sessão
    avant|jusqu'à|hasta|antes|entro|fino|alla|prima|della|tot|até|à|ao|clave|concretas|concretos|concrete|concrètes
    """
)
# 'Last week's homework' is looked back on, not given.
PAST = folded(
    """
    last|previous|old|prior|past|earlier|letzte|letzten|letzter|letztes|letztem|vorige|vorigen|vergangene|vergangenen
    dernier|dernière|précédent|précédente|précédentes|passé|passée|último|última|anterior|anteriores|pasado|pasada
    scorso|scorsa|precedente|precedenti|ultimo|ultima|vorig|afgelopen|laatste|passado|passada
    """
)
# 'Work:' under 'Actions:' sorts the list; 'Jane:' there says whose it is.
TOPICS = folded(
    """
    work|job|home|health|sleep|family|career|business|money|finances|finance|personal|relationships|leadership|mindset
    daily|weekly|monthly|now|later|soon|must|should|could|optional|priority|first|second|third|bonus|one|agreed
    short term|long term|short-term|long-term|morning|evening|body|mind
    arbeit|beruf|zuhause|gesundheit|schlaf|familie|karriere|privatleben|täglich|wöchentlich|später
    travail|maison|santé|famille|carrière|quotidien|trabajo|casa|salud|familia|carrera|diario|lavoro|salute|famiglia
    carriera|werk|thuis|gezondheid|gezin|dagelijks|trabalho|saúde|família|carreira|diário
    """
)
ME = folded("me|myself|coach|mich|moi|mí|mi|mim|mij|the coach|den coach|der coach|le coach|el coach|il coach|o coach")
OWNERS_ME = ME | folded("ich|je|yo|io|ik|eu|i")
MY = folded(
    """
    my|mein|meine|meinen|mon|ma|mes|mi|mis|il mio|la mia|i miei|le mie|mio|mia|miei|mie|mijn|meu|minha|meus|minhas
    o meu|a minha|os meus|as minhas|coach's|the coach's|coach
    """
)
YOUR = folded(
    """
    your|our|dein|deine|deinen|ihre|ihren|eure|unsere|ton|ta|tes|votre|vos|notre|nos|tu|tus|su|sus|nuestros|nuestras
    il tuo|la tua|i tuoi|le tue|i suoi|le sue|tuo|tua|tuoi|tue|suoi|sue|jouw|je|uw|ons|onze|o teu|a tua|os teus|as tuas
    teu|teus|tuas|seu|sua|seus|suas|os seus|as suas|today's|this week's|client's|the client's
    more|further|additional|extra|weitere|autres|más|otras|altri|altre|meer|mais|outras
    the|key|main|weekly|concrete|important|die|wichtige|konkrete|les|los|las|i|le|gli|os|as|de|het
    """
)
# 'Here are your actions:' is a heading; 'She forgot her homework:' is none.
FILLERS = folded(
    """
    here|here's|are|is|these|the|your|our|agreed|following|so|and|new|two|three|four|hier|sind|die|deine|ihre
    voici|les|tes|vos|aquí|están|tus|ecco|i|tuoi|dit|zijn|je|jouw|aqui|estão|as|suas|tuas
    """
)
AND = folded("and|&|+|/|und|et|y|e|en")
# What a column of a table is, and the word that makes a due phrase of what stands in it.
DUE_COLUMNS = {
    fold(word): cue
    for words, cue in (
        ("due|due date|due by|by|by when|when|deadline|date|target date|until", "by"),
        ("fällig|fällig am|frist|bis|bis wann|wann|termin|datum|zieldatum", "bis"),
        ("échéance|date limite|quand|pour quand|délai|pour le", "avant"),
        ("fecha|fecha límite|cuándo|plazo|vencimiento|para cuándo", "antes de"),
        ("scadenza|entro|entro quando|quando|data", "entro"),
        ("wanneer|voor wanneer|einddatum|uiterlijk", "voor"),
        ("prazo|data limite|até quando|até", "até"),
    )
    for word in words.split("|")
}
WHO_COLUMNS = folded(
    """
    who|owner|responsible|person|name|assigned to|wer|verantwortlich|zuständig|person|qui|responsable|quién|chi
    responsabile|wie|verantwoordelijke|quem|responsável
    """
)
ACTION_COLUMNS = ACTION_HEADINGS | folded("what|was|quoi|qué|que|cosa|che cosa|wat|o quê|description|step")
# How people count aloud: 'first call Sam, second book the GP'.
SPOKEN = tuple(
    tuple(row.split("|"))
    for row in (
        "first|second|third|fourth|fifth|sixth",
        "firstly|secondly|thirdly|fourthly|fifthly",
        "number one|number two|number three|number four|number five",
        "erstens|zweitens|drittens|viertens|fünftens",
        "nummer eins|nummer zwei|nummer drei|nummer vier|nummer fünf",
        "premièrement|deuxièmement|troisièmement|quatrièmement",
        "primero|segundo|tercero|cuarto|quinto",
        "primo|secondo|terzo|quarto|quinto",
        "ten eerste|ten tweede|ten derde|ten vierde",
        "primeiro|segundo|terceiro|quarto|quinto",
        "1|2|3|4|5|6|7|8|9|10",
        "a|b|c|d|e|f|g|h",
    )
)
# 'first call Sam about the second draft' counts nothing at 'the second'.
DETERMINERS = folded(
    """
    the|a|my|your|his|her|our|this|that|its|their|every|each|el|la|un|una|mi|tu|su|il|lo|del|al|nel|o|no|do|ao|um|meu
    teu|seu|por|para|con|com
    """
)
NOTHING = phrases(
    """
    none|nil|nothing|no|n/a|na|no actions|none today|none this time|no homework|nothing today|nothing this time|tbd|-
    keine|keins|nichts|aucune|aucun|rien|ninguna|ninguno|nada|nessuna|nessuno|niente|geen|niets|nenhuma|nenhum
    """
)
# 'Homework: not done' looks back at the last one.
STATUS = folded(
    """
    done|not done|undone|all done|done well|partly|partly done|half done|mostly done|completed|not completed|incomplete
    reviewed|forgotten|forgot|skipped|missed|not yet|outstanding|good|great|ok|okay|fine
    gemacht|nicht gemacht|erledigt|nicht erledigt|teilweise|teilweise erledigt|vergessen|fertig
    fait|faits|pas fait|pas faits|faites|pas faites|oublié|oubliés|en partie|hecho|hechos|no hecho|no hechos|hechas
    no hechas|olvidado|en parte|fatto|fatti|non fatto|non fatti|dimenticato|dimenticati|in parte|gedaan|niet gedaan
    vergeten|deels|feito|feitos|feitas|não feito|não feitas|não feitos|esquecido|em parte
    """
)
PLAN_LABELS = folded(
    "plan|when-then|when/then|if-then|if/then|my plan|wenn-dann|wenn/dann|mein plan|mon plan|mi plan|piano|plano"
)
WHY_LABELS = folded(
    """
    why|reason|because|because it matters|purpose|warum|wozu|wofür|grund|weil|pourquoi|raison|parce que|por qué|porque
    motivo|razón|perché|ragione|waarom|reden|omdat|por quê|porquê|razão
    """
)
PLAN_STARTS = (
    "when ",
    "if ",
    "whenever ",
    "after ",
    "as soon as ",
    "wenn ",
    "sobald ",
    "falls ",
    "nachdem ",
    "quand ",
    "lorsque ",
    "dès que ",
    "si ",
    "cuando ",
    "en cuanto ",
    "quando ",
    "appena ",
    "als ",
    "wanneer ",
    "zodra ",
    "se ",
    "assim que ",
)
# Behind the comma: what will be done then, by whom.
PLAN_SUBJECTS = frozenset("i i'll then ich dann je j'irai alors ik dan eu então allora entonces".split())
PLAN_VERBS = frozenset("werde will zal ga vou voy andrò farò vais".split())
# 'I will' as an ending: scriverò, escribiré, escreverei, écrirai.
FUTURE = ("rò", "ré", "rei", "rai")
