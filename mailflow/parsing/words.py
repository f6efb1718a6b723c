"""The words that notes are written in: headings, names for people, ways to end a mail. Lower case, one a line or bar.

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
# A paragraph that starts like this after the actions is a farewell, not an action.
SIGN_OFFS = (
    "best",
    "best regards",
    "best wishes",
    "kind regards",
    "warm regards",
    "warmly",
    "regards",
    "many thanks",
    "thanks",
    "thank you",
    "cheers",
    "sincerely",
    "yours",
    "yours sincerely",
    "all the best",
    "take care",
    "talk soon",
    "see you",
    "see you soon",
    "warmest",
    "warm wishes",
    "with warmth",
    "speak soon",
    "see you then",
    "see you next week",
    "see you next time",
    "until next time",
    "until then",
    "good luck",
    "enjoy",
    "hugs",
    "love",
    "xx",
    "mit freundlichen grüßen",
    "freundliche grüße",
    "viele grüße",
    "liebe grüße",
    "herzliche grüße",
    "beste grüße",
    "schöne grüße",
    "gruß",
    "grüße",
    "danke",
    "vielen dank",
    "lg",
    "vg",
    "mfg",
    "bis bald",
    "bis dann",
    "bis nächste woche",
    "bis zum nächsten mal",
    "herzlich",
    "herzlichst",
    "alles liebe",
    "alles gute",
    "viel erfolg",
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "bien à toi",
    "amicalement",
    "à bientôt",
    "merci",
    "bonne journée",
    "bonne semaine",
    "à la semaine prochaine",
    "à la prochaine",
    "bien amicalement",
    "bises",
    "saludos",
    "un saludo",
    "un abrazo",
    "gracias",
    "atentamente",
    "hasta pronto",
    "hasta la próxima",
    "hasta la próxima semana",
    "hasta luego",
    "saludos cordiales",
    "abrazos",
    "cordiali saluti",
    "un caro saluto",
    "saluti",
    "grazie",
    "a presto",
    "alla prossima",
    "alla prossima settimana",
    "un abbraccio",
    "buona settimana",
    "met vriendelijke groet",
    "vriendelijke groet",
    "groeten",
    "hartelijke groet",
    "groetjes",
    "bedankt",
    "tot snel",
    "tot volgende week",
    "tot de volgende keer",
    "met warme groet",
    "fijne week",
    "atenciosamente",
    "abraço",
    "abraços",
    "um abraço",
    "cumprimentos",
    "com os melhores cumprimentos",
    "obrigado",
    "obrigada",
    "até breve",
    "até à próxima",
    "até a próxima",
    "até para a semana",
    "até a próxima semana",
    "boa semana",
    "beijinhos",
)
FAREWELL_STARTS = (
    "let me know",
    "looking forward",
    "see you ",
    "hope to",
    "that's all",
    "that’s all",
    "reach out if",
    "melde dich",
    "melden sie sich",
    "ich freue mich",
    "n'hésite",
    "nos vemos",
    "ci vediamo",
    "fammi sapere",
    "laat me weten",
    "avísame",
)
SENT_FROM = (
    "sent from",
    "sent via",
    "sent with",
    "get outlook",
    "von meinem",
    "gesendet mit",
    "gesendet von",
    "diese nachricht wurde",
    "envoyé de",
    "envoyé depuis",
    "enviado desde",
    "enviado do",
    "enviado de",
    "inviato da",
    "verzonden vanaf",
    "verstuurd vanaf",
)
# Sentences that say something instead of asking for something.
PROSE_STARTS = (
    "i ",
    "i'm ",
    "i’m ",
    "i'll ",
    "i’ll ",
    "we ",
    "it ",
    "it's ",
    "it’s ",
    "it was ",
    "see you",
    "thank",
    "thanks",
    "have a ",
    "looking forward",
    "great ",
    "well done",
    "let me know",
    "hope ",
    "you did",
    "you have done",
    "our next session",
    "next session",
    "ich ",
    "wir ",
    "es war",
    "bis ",
    "schön",
    "je ",
    "nous ",
    "c'était",
    "fue ",
    "nos vemos",
    "ci vediamo",
    "è stato",
    "het was",
    "tot ",
    "foi ",
)
# 'Have a lovely week!': a wish, where 'Have a talk with Sam' is an action.
WISHED = frozenset("day week weekend evening afternoon morning time holiday one rest trip christmas easter".split())
# 'She cried', 'Jane is afraid of her boss': said about somebody. In a list without markers the end of it.
STATEMENT_SUBJECTS = frozenset("she he they her his their er elle il ella él zij ze hij ela ele".split())
# These may say 'you' too, politely; then their verb is another.
YOU = frozenset("you du tu vous ti usted voi jij je u você vocês we wir nous nosotros noi wij nós".split())
# A summary that has one of these in its first line speaks of the client as somebody else.
THIRD_PERSON = frozenset("she he him her his hers she's he's they their elle ella zij hij zijn haar ela ele".split())
# 'It was a good hour' speaks of no third person.
THINGS = frozenset("it it's this that es das dies ce c'était ça esto eso fue questo dit dat het isso isto foi".split())
PERHAPS_YOU = frozenset("sie ihr ihre lei".split())
STATEMENT_VERBS = frozenset(
    """
    is was are were has had seems seemed feels felt looks looked says said told wants wanted needs needed thinks thought
    isn't wasn't doesn't didn't can't couldn't won't cried cries forgot refused struggled struggles avoids avoided
    fears feared mentioned keeps kept admitted died laughed
    ist war hat hatte wirkt wirkte fühlt fühlte wollte weint weinte sagt sagte scheint schien vergaß
    est était avait semble semblait pleure pleurait voulait
    es era está estaba tiene tenía parece parecía lloró dijo
    è era ha aveva sembra sembrava piangeva
    heeft had is lijkt leek voelt voelde zei huilde vergat
    é estava tem tinha parece parecia chorou disse
    """.split()
)
# A bullet that says how somebody was is no action, even in the midst of a list.
PAST_VERBS = frozenset(
    """
    was were had seemed felt looked said told thought wasn't didn't couldn't cried forgot refused struggled
    avoided feared mentioned admitted died laughed war hatte wirkte fühlte wollte weinte sagte schien vergaß
    était avait semblait pleurait voulait era estaba tenía parecía lloró dijo aveva sembrava piangeva had leek voelde
    zei huilde vergat estava tinha parecia chorou disse
    """.split()
)
# No action begins with one of these; 'was' and 'war' mean other things in other languages.
OPENING_VERBS = frozenset(
    """
    seemed felt looked cried wasn't didn't couldn't wouldn't refused struggled avoided forgot wirkte weinte schien
    semblait pleurait parecía estaba lloró tenía sembrava piangeva leek huilde voelde parecia estava chorou
    """.split()
)
# Behind 'elle' and the like only: 'elle a pleuré', 'ze had'.
AUXILIARIES = frozenset("a ont ha han hat haben have had".split())
POSSESSIVES = frozenset("her his their".split())
# English only: elsewhere the present tense also says what will be done.
PRONOUNS = frozenset("she he they".split())
# Behind 'Jane's husband'; on its own each may be something else.
IRREGULAR_VERBS = frozenset("left lost went came broke fell got hit drank slept lied".split())
CLIENTS = frozenset("client coachee".split())
MODALS = frozenset("will shall should must can could may might would is are has have needs ought wants".split())
# 'She has to call Sam' is an action, 'elle a à appeler Sam' too.
TO = frozenset("to zu que à da te".split())
# 'Observation: low mood' in a list is for the coach; 'Question: ask Sam' and 'Mood: log it' are actions.
THOUGHT_LABELS = folded(
    """
    observation|observations|impression|impressions|hypothesis|hypotheses|hunch|concern|concerns|supervision
    beobachtung|beobachtungen|eindruck|vermutung|hypothese|impresión|observación|observaciones|hipótesis
    ipotesi|impressione|osservazione|osservazioni|hypothèse|remarque|indruk|observatie
    observação|observações|impressão|hipótese
    """
)
# What a coach thinks.
THOUGHTS = (
    "i think ",
    "i wonder",
    "i felt ",
    "i suspect",
    "i noticed",
    "i believe",
    "i guess ",
    "i doubt",
    "i sense",
    "i worry",
    "i was ",
    "not sure ",
    "maybe she",
    "maybe he",
    "perhaps she",
    "perhaps he",
    "ich glaube",
    "ich denke",
    "ich vermute",
    "ich frage mich",
    "ich habe den eindruck",
    "je pense",
    "je crois",
    "je me demande",
    "j'ai l'impression",
    "creo que",
    "pienso que",
    "me pregunto",
    "penso che",
    "credo che",
    "mi chiedo",
    "ik denk",
    "ik vermoed",
    "ik vraag me af",
    "acho que",
    "penso que",
    "creio que",
)
# The same, where the client does not speak as 'I': in a list without markers and below a summary.
FEELINGS = ("i feel ", "i notice", "i am ", "i'm ", "sie will ")
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
