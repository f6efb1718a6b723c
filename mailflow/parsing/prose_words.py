"""The words that tell what is said about somebody, or in farewell, from what is to be done. Lower case.

English, German, French, Spanish, Italian, Dutch, Portuguese.
"""

from __future__ import annotations

from mailflow.parsing.words import folded, phrases

# A paragraph that starts like this after the actions is a farewell, not an action.
SIGN_OFFS = phrases(
    """
    best|best regards|best wishes|kind regards|warm regards|warmly|regards|many thanks|thanks|thank you|cheers
    sincerely|yours|yours sincerely|all the best|take care|talk soon|see you|see you soon|warmest|warm wishes
    with warmth|speak soon|see you then|see you next week|see you next time|until next time|until then|good luck
    enjoy|hugs|love|xx|mit freundlichen grüßen|freundliche grüße|viele grüße|liebe grüße|herzliche grüße
    beste grüße|schöne grüße|gruß|grüße|danke|vielen dank|lg|vg|mfg|bis bald|bis dann|bis nächste woche
    bis zum nächsten mal|herzlich|herzlichst|alles liebe|alles gute|viel erfolg|cordialement|bien cordialement
    bien à vous|bien à toi|amicalement|à bientôt|merci|bonne journée|bonne semaine|à la semaine prochaine
    à la prochaine|bien amicalement|bises|saludos|un saludo|un abrazo|gracias|atentamente|hasta pronto
    hasta la próxima|hasta la próxima semana|hasta luego|saludos cordiales|abrazos|cordiali saluti|un caro saluto
    saluti|grazie|a presto|alla prossima|alla prossima settimana|un abbraccio|buona settimana
    met vriendelijke groet|vriendelijke groet|groeten|hartelijke groet|groetjes|bedankt|tot snel|tot volgende week
    tot de volgende keer|met warme groet|fijne week|atenciosamente|abraço|abraços|um abraço|cumprimentos
    com os melhores cumprimentos|obrigado|obrigada|até breve|até à próxima|até a próxima|até para a semana
    até a próxima semana|boa semana|beijinhos
    """
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
TO = frozenset("to que à".split())
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
