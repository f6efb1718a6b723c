"""Due dates in seven languages, as data: every phrase stands for one token of the grammar in due_days.py.

Tokens: cues BY BEFORE ON IN WITHIN DUE FOR, and AT for sessions only; THE OF NEXT THIS; weekdays d0 (Monday) to d6;
months m1 to m12; numbers #1 to #14; units DAY WEEK MONTH YEAR; and a few that are whole dates.
"""

from __future__ import annotations

_TABLE = """
BY: by | until | till | no later than | not later than | bis | bis zum | bis spätestens | spätestens
BY: spätestens am
BY: spätestens bis | d'ici | d'ici le | d'ici au | d’ici | jusqu'au | jusqu'à | au plus tard | au plus tard le
BY: hasta
BY: hasta el | a más tardar | a más tardar el | para el | entro | entro il | entro la | fino a | al più tardi
BY: uiterlijk
BY: tegen | tot | até | até o | até a | até ao | até à | o mais tardar | bis zur
BEFORE: before | ahead of | prior to | vor | vor dem | vor der | avant | avant le | avant la | antes de
BEFORE: antes del | antes de la
BEFORE: antes do | antes da | prima di | prima del | prima della | voor | vóór
ON: on | am | le | el | il | op | em | na
IN: in | dans | dentro de | en | tra | fra | over | em | daqui a
WITHIN: within | within the next | in the next | innerhalb von | binnen | innert | in den nächsten | sous
WITHIN: nel giro di | no prazo de | en el plazo de
DUE: due | due by | due on | fällig am | fällig | deadline
FOR: for | für | pour | para | per | zum | zur
AT: at | to | during | à | alla | bij | mee naar | zu
THE: the | der | die | das | den | dem | la | les | los | las | lo | het | de | o | a | our | your | my
THE: unserer | unserem
THE: unsere | unser | deiner | deinem | ihrer | notre | votre | nuestra | nuestro | nostra | nostro | onze
THE: nossa | nosso | du | au | del | della | do | da
OF: of
NEXT: next | nächster | nächste | nächsten | nächstes | nächstem | kommende woche | prochain | prochaine
NEXT: próximo | próxima
NEXT: prossimo | prossima | volgende | que viene | que vem | siguiente | seguinte
THIS: this | coming | this coming | diesen | diese | dieser | dieses | diesem | kommenden | kommende | kommender
THIS: ce | cette | este | esta | questo
THIS: questa | deze | dit | aanstaande | komende | essa | esse
AND: and | und | et | y | e | en
TODAY: today | heute | aujourd'hui | aujourd’hui | hoy | oggi | vandaag | hoje
TONIGHT: tonight | this evening | this afternoon | heute abend | ce soir | esta noche | stasera | vanavond
TONIGHT: hoje à noite
TOMORROW: tomorrow | morgen | demain | mañana | domani | amanhã | tomorrow morning | tomorrow evening
TOMORROW: tomorrow night
TOMORROW: tomorrow afternoon | morgen früh | morgen abend | demain matin | demain soir
OVERMORROW: the day after tomorrow | day after tomorrow | übermorgen | après-demain | pasado mañana | dopodomani
OVERMORROW: overmorgen | depois de amanhã
END: the end of | end of | ende | ende der | ende des | dem ende der | la fin de | la fin du | fin de | fin du
END: final de | finales de | fine | la fine della | la fine del
END: het einde van | einde | eind | o fim da | o fim do | fim da | fim do | fin de la | final del
WEEKEND: weekend | the weekend | wochenende | week-end | fin de semana | fine settimana | het weekend
FROMTODAY: from today | from now | ab heute | from tomorrow
TIME: time | mal | vez | volta | keer | fois
SESSION: session | meeting | call | appointment | conversation | check-in | catch-up | sitzung | treffen
SESSION: termin | gespräch
SESSION: séance | rendez-vous | entretien | rencontre | sesión | cita | encuentro | reunión | sessione
SESSION: incontro
SESSION: appuntamento | seduta | sessie | gesprek | afspraak | sessão | encontro | reunião | consulta
NEXTSESSION: we meet again | the time we meet | we next meet | we meet next | we speak next | we next speak
NEXTSESSION: we talk again | we meet | we speak
NEXTSESSION: nächstes mal | zum nächsten mal | nous nous revoyons | la próxima vez | la prossima volta
NEXTSESSION: la prochaine fois | de volgende keer | a próxima vez
DAY: day | days | tag | tage | tagen | tages | jour | jours | día | días | giorno | giorni | dag | dagen | dia
DAY: dias
WEEK: week | weeks | woche | wochen | semaine | semaines | semana | semanas | settimana | settimane | weken
MONTH: month | months | monat | monate | monaten | monats | mois | mes | meses | mese | mesi | maand | maanden
MONTH: mês
YEAR: year | jahr | jahres | an | année | año | anno | jaar | ano
d0: monday | mon | montag | lundi | lunes | lunedì | lunedi | maandag | segunda-feira | segunda
d1: tuesday | tue | tues | dienstag | mardi | martes | martedì | martedi | dinsdag | terça-feira | terça
d2: wednesday | wed | weds | mittwoch | mercredi | miércoles | mercoledì | mercoledi | woensdag | quarta-feira
d2: quarta
d3: thursday | thu | thur | thurs | donnerstag | jeudi | jueves | giovedì | giovedi | donderdag | quinta-feira
d3: quinta
d4: friday | fri | freitag | vendredi | viernes | venerdì | venerdi | vrijdag | sexta-feira | sexta
d5: saturday | sat | samstag | sonnabend | samedi | sábado | sabato | zaterdag
d6: sunday | sun | sonntag | dimanche | domingo | domenica | zondag
m1: january | jan | januar | jänner | janvier | enero | gennaio | januari | janeiro
m2: february | feb | februar | feber | février | févr | febrero | febbraio | februari | fevereiro
m3: march | mar | märz | mär | mars | marzo | maart | mrt | março
m4: april | apr | avril | avr | abril | aprile
m5: may | mai | mayo | maggio | mei | maio
m6: june | jun | juni | juin | junio | giugno | junho
m7: july | jul | juli | juillet | juil | julio | luglio | julho
m8: august | aug | août | agosto | augustus
m9: september | sep | sept | septembre | septiembre | settembre | setembro
m10: october | oct | oktober | okt | octobre | octubre | ottobre | outubro
m11: november | nov | novembre | noviembre | novembro
m12: december | dec | dezember | dez | décembre | déc | diciembre | dic | dicembre | dezembro
#1: one | a | an | einem | einer | ein | eine | un | une | una | uno | een | um | uma
#2: two | a couple of | zwei | deux | dos | due | twee | dois | duas
#3: three | drei | trois | tres | tre | drie | três
#4: four | vier | quatre | cuatro | quattro | quatro
#5: five | fünf | cinq | cinco | cinque | vijf
#6: six | sechs | seis | sei | zes
#7: seven | sieben | sept | siete | sette | zeven | sete
#8: eight | acht | huit | ocho | otto | oito
#9: nine | neun | neuf | nueve | nove | negen
#10: ten | zehn | dix | diez | dieci | tien | dez
#14: fourteen | vierzehn | quatorze | catorce | quattordici | veertien
"""

# What may follow a date and adds nothing to the day; the longest first.
DAYTIMES = """
at the latest|in the morning|in the afternoon|in the evening|at the end of the day|end of day|first thing
morning|afternoon|evening|night|noon|midday|midnight|lunchtime|eod|cob|please|latest|vormittag|nachmittag
abend|mittag|früh|spätestens|matin|soir|midi|por la mañana|por la tarde|mattina|sera|ochtend|middag|avond
à noite|de manhã|bitte
"""

# What recurs: regular expressions, one alternative or more a line, that due.py matches against whole phrases.
RECURRING = r"""
daily|nightly|weekly|monthly|on weekdays|on weekends
every other (?:day|week)
(?:each|every)(?: single)? (?:morning|evening|night|afternoon|week|month|weekend|time|lunchtime|hour|\w*day)
(?:each|every) (?:other|working|\w+day) (?:day|morning|evening|night|afternoon|week)
(?:every|each) (?:\w+day)(?: (?:and|&) \w+day)?
in the (?:mornings|evenings)
(?:once|twice|(?:two|three|four|five|\d{1,2}) times|\d{1,2} ?x)(?: (?:a|per|each|every|this|next) (?:day|week|month))?
(?:twice|\d{1,2} ?x) (?:daily|weekly)
(?:\d{1,3}|an|a|one|two|three|four|five|six|ten|fifteen|twenty|thirty) \w+ (?:a|per|each) (?:day|week|morning)
per (?:day|week)
(?:mon|tues|wednes|thurs|fri|satur|sun)days
täglich|wöchentlich
jeden (?:tag|morgen|abend|mittag|\w+tag)
jede (?:woche|nacht)
(?:(?:ein|zwei|drei|vier|fünf|\d{1,2}[- ]?)mal|\d{1,2} ?x)(?: (?:(?:am|pro) tag|(?:die|diese|in der|pro) woche))?
(?:morgens|abends|montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags)
pro (?:tag|woche)
quotidiennement|toutes les semaines
tous les (?:jours|matins|soirs|\w+dis)
chaque (?:jour|matin|soir|semaine|\w+di)
(?:une|deux|trois|quatre|\d{1,2}) fois(?: (?:par (?:jour|semaine|mois)|cette semaine))?
par (?:jour|semaine)
diariamente|todos los días|al día|a la semana
todas las (?:mañanas|noches|semanas)
cada (?:día|mañana|noche|semana|tarde)
(?:una vez|(?:dos|tres|cuatro|\d{1,2}) veces)(?: (?:al día|a la semana|por semana|esta semana))?
quotidianamente|tutti i giorni|al giorno|a settimana
ogni (?:giorno|mattina|sera|settimana)
tutte le (?:mattine|sere)
(?:una volta|(?:due|tre|quattro|\d{1,2}) volte)(?: (?:al giorno|a settimana|alla settimana|questa settimana))?
dagelijks|wekelijks
elke (?:dag|ochtend|avond|week|\w+dag)
iedere (?:dag|ochtend|avond|week)
(?:een|één|twee|drie|vier|\d{1,2}) ?(?:keer|maal|x)(?: (?:per (?:dag|week|maand)|deze week))?
per (?:dag|week)
diariamente|semanalmente|todos os dias
todas as (?:manhãs|noites|semanas)
cada (?:dia|manhã|noite)
(?:uma vez|(?:duas|três|\d{1,2}) vezes)(?: (?:por (?:dia|semana)|ao dia|esta semana))?
por (?:dia|semana)
"""

# What looks back: 'what happened on Monday' is due on no day.
PAST = frozenset("happened was were did said went felt met had saw told noticed learned passierte war geschah".split())
# A cue that ends in one of these takes a bare day behind it: 'bis zum 15.'
ARTICLES = frozenset("zum zur dem der le la au à el il lo o a ao do da del al".split())


def alternatives(table: str) -> str:
    """The lines of a table as one regular expression."""
    return "|".join(f"(?:{line})" for line in table.strip().splitlines())


def _tokens() -> dict[str, tuple[str, ...]]:
    tokens: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.strip().splitlines():
        token, _, words = line.partition(": ")
        for word in words.split(" | "):
            # 'due' is a cue and Italian for two, 'en' four things: a word may stand for several tokens.
            tokens[word.strip()] = (*tokens.get(word.strip(), ()), token)
    return tokens


TOKENS = _tokens()
LONGEST_PHRASE = max(len(phrase.split()) for phrase in TOKENS)
