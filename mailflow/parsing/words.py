"""The words that notes are written in: headings, names for people, ways to end a mail. Lower case, one a line or bar.

English, German, French, Spanish, Italian, Dutch, Portuguese.
"""

from __future__ import annotations


def phrases(table: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in table.replace("\n", "|").split("|")) - {""}


ACTION_HEADINGS = phrases(
    """
    action|actions|action item|action items|action points|action steps|action plan|agreed actions|client actions
    homework|home work|next step|next steps|to do|to dos|to do list|todo|todos|to-do|to-dos|to-do list|todo list
    assignment|assignments|commitment|commitments|task|tasks|agreements|what we agreed|what you agreed|we agreed
    practice|takeaway actions|between sessions|follow-up actions|follow up actions|your actions|your homework
    your tasks|your next steps|your commitments|your to-dos
    aktion|aktionen|aufgabe|aufgaben|hausaufgabe|hausaufgaben|nächste schritte|nächster schritt|die nächsten schritte
    zu tun|zu erledigen|maßnahmen|massnahmen|vereinbarungen|vereinbart|handlungsschritte|deine aufgaben|ihre aufgaben
    aktionspunkte
    à faire|a faire|devoirs|prochaine étape|prochaines étapes|étapes suivantes|tâche|tâches|engagements
    points d'action|plan d'action|vos actions|tes actions
    acción|acciones|tarea|tareas|deberes|próximo paso|próximos pasos|siguientes pasos|por hacer|pendientes|compromisos
    puntos de acción|plan de acción|tus tareas
    azione|azioni|compiti|compito|prossimi passi|prossimo passo|da fare|attività|impegni|passi successivi
    punti d'azione|piano d'azione
    actie|acties|actiepunt|actiepunten|huiswerk|volgende stappen|volgende stap|vervolgstappen|te doen|taken|afspraken
    opdrachten|jouw acties
    ação|ações|acções|tarefa|tarefas|próximos passos|próximo passo|a fazer|lição de casa|dever de casa
    trabalho de casa|compromisso|pontos de ação|plano de ação
    """
)
COACH_HEADINGS = phrases(
    """
    my actions|my action items|my homework|my to-dos|my todos|my tasks|my next steps|my commitments|for me|coach
    coach actions|actions for me|actions coach|i will|i'll do|for the coach|coach's actions|me
    meine aufgaben|meine aktionen|meine nächsten schritte|für mich|aufgaben für mich|aufgaben coach
    mes actions|mes tâches|pour moi|mis tareas|mis acciones|para mí|para mi|le mie azioni|i miei compiti|per me
    mijn acties|mijn taken|voor mij|minhas ações|minhas tarefas|as minhas tarefas|para mim
    """
)
SUMMARY_HEADINGS = phrases(
    """
    summary|session summary|shared|shared summary|shared notes|for you|to share|share with client|for the client
    zusammenfassung|für dich|für sie|geteilt|résumé|pour toi|pour vous|partagé|resumen|para ti|para usted|compartido
    riassunto|sintesi|riepilogo|per te|per lei|condiviso|samenvatting|voor jou|voor u|gedeeld
    resumo|para você|para si|partilhado|compartilhado
    """
)
CLIENT_LABELS = phrases(
    """
    client|coachee|client name|klient|klientin|kunde|kundin|cliente|clienta|cliente|assistito|cliënt|klant|cliënte
    cliente nome|cliente/coachee|cliente (coachee)
    """
)
# Other headings that a note is known to have: they end a block without a colon or bold type.
OTHER_HEADINGS = phrases(
    """
    notes|private notes|private|session notes|observations|themes|topics|agenda|wins|insights|reflections|goals|goal
    background|context|feedback|my notes|confidential|not for client|internal|ps|p.s.|attendees
    notizen|private notizen|privat|themen|beobachtungen|ziele|ziel|notes privées|privé|thèmes|objectifs|remarques
    notas|notas privadas|privado|temas|objetivos|note|note private|privato|temi|obiettivi|notities|privénotities
    thema's|doelen|observaties|observações|metas
    next session|next meeting|next appointment|next call|date|time|nächste sitzung|nächster termin|datum
    prochaine séance|próxima sesión|prossima sessione|volgende sessie|próxima sessão
    """
)
FOR = ("for ", "für ", "pour ", "para ", "per ", "voor ", "von ", "of ", "de ")
# 'Actions for next week' names no client: after 'for' these words speak of a time or of 'you'.
NO_NAMES = frozenset(
    """
    next this the our your you us coming today tomorrow week weeks month session sessions meeting time now before after
    until till by between from following upcoming monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december a an all both everyone client clients
    my his her their christmas easter summer weekend each every two three
    nächste nächstes nächsten nächster die das den dem diese dieses kommende kommenden dich sie ihn euch unsere bis
    heute morgen zum zur alle woche
    la le les prochaine prochain cette ce toi vous notre votre semaine demain aujourd'hui
    próxima próximo esta este el los las ti usted nuestra mañana hoy semana
    prossima prossimo questa questo il lo gli te lei nostra domani oggi settimana
    volgende deze komende het de jou u onze vandaag week
    a o as os você vocês nossa amanhã hoje essa
    """.split()
)
ME = frozenset("me myself mich moi mí mi mim mij coach".split())
# 'Here are your actions:' is a heading; 'She forgot her homework:' is none.
FILLERS = frozenset(
    "here are is these the your our agreed following so and new two three four hier sind die deine ihre".split()
)
NOTHING = phrases(
    """
    none|nothing|no|n/a|na|no actions|none today|none this time|no homework|nothing today|nothing this time|tbd|-
    keine|keins|nichts|aucune|aucun|rien|ninguna|ninguno|nada|nessuna|nessuno|niente|geen|niets|nenhuma|nenhum
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
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "bien à toi",
    "amicalement",
    "à bientôt",
    "merci",
    "bonne journée",
    "saludos",
    "un saludo",
    "un abrazo",
    "gracias",
    "atentamente",
    "hasta pronto",
    "cordiali saluti",
    "un caro saluto",
    "saluti",
    "grazie",
    "a presto",
    "met vriendelijke groet",
    "vriendelijke groet",
    "groeten",
    "hartelijke groet",
    "groetjes",
    "bedankt",
    "tot snel",
    "atenciosamente",
    "abraço",
    "abraços",
    "um abraço",
    "cumprimentos",
    "com os melhores cumprimentos",
    "obrigado",
    "obrigada",
    "até breve",
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
# 'Jane is afraid of her boss': a statement about somebody, in a list without markers the end of it.
STATEMENT_SUBJECTS = frozenset(
    "she he they her his their sie er ihr ihre elle il ella él lei lui zij hij ela ele".split()
)
STATEMENT_VERBS = frozenset(
    """
    is was are were has had seems seemed feels felt looks looked said says told wants wanted needs needed thinks thought
    isn't wasn't doesn't didn't cried ist war hat hatte wirkt wirkte fühlt will est était a es era está estaba tiene è
    era ha heeft had is was é estava tem
    """.split()
) - {"a"}
PLAN_LABELS = phrases("plan|when-then|when/then|if-then|if/then|wenn-dann|wenn/dann|mon plan|mi plan|piano|plano")
WHY_LABELS = phrases(
    "why|reason|because|warum|wozu|grund|pourquoi|por qué|porque|por quê|perché|waarom|because it matters"
)
PLAN_STARTS = (
    "when ",
    "if ",
    "whenever ",
    "wenn ",
    "sobald ",
    "quand ",
    "lorsque ",
    "si ",
    "cuando ",
    "quando ",
    "als ",
)
PLAN_MIDDLES = (
    " i will ",
    " i'll ",
    " i’ll ",
    " werde ich ",
    " je vais ",
    " je ",
    " voy a ",
    " farò ",
    " zal ik ",
    " vou ",
    ", then ",
    ", dann ",
)
