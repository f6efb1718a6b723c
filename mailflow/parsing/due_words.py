"""Due phrases in seven languages, as data: every phrase stands for one token or two of the grammar.

Written as people write, compared as due_tokens.py folds them: in lower case, without accents and hyphens. A phrase may
stand in several lines: 'due' is a cue and Italian for two.
"""

from __future__ import annotations

# Cues: BY BEFORE ON IN AFTER WITHIN DUE FOR DURING; ONDATE for a day with its month, AT for sessions and ends only.
# Days: weekdays d0 (Monday) to d6; months m1 to m12; y12-25 of every year; numbers #1 to #20, ~2 for about two; units,
# JOUR for days of which eight are a week; NEXT THIS END MID START; THE OUR OF FROM TO AND; and some whole dates.
# MEETING is a SESSION only if it is OUR or the NEXT one.
# What recurs: LEAST EVERY EVERYFEW OTHER TIMES PER RECUR; PART is a part of the day or the week, PARTS are several.
TABLE = """
BY: by | until | till | no later than | not later than | at the latest by | on or before | between now and | latest by
BY: by the latest on | eod | end of day | cob | close of business | bis | bis zum | bis zur | bis zu | bis spätestens
BY: spätestens | spätestens am | spätestens bis | spätestens bis zum | bis einschließlich | d'ici | d'ici le | d'ici la
BY: d'ici à | d'ici au | d'ici à la | jusqu'au | jusqu'à | jusqu'à la | au plus tard | au plus tard le | au plus tard à
BY: hasta | hasta el | hasta la | a más tardar | a más tardar el | como muy tarde | como muy tarde el | para | para el
BY: para la | pour | pour le | pour la | entro | entro il | entro la | entro l' | entro e non oltre
BY: entro e non oltre il | non oltre | non oltre il | fino a | fino al | fino alla | al più tardi | al più tardi il
BY: per | per il | per la | uiterlijk | uiterlijk op | uiterlijk bij | ten laatste | tegen | tegen de | tot | tot de
BY: até | até o | até a | até ao | até à | o mais tardar | o mais tardar a | o mais tardar na | o mais tardar no
BY: o mais tardar até | no máximo até
BEFORE: before | ahead of | prior to | in time for | rechtzeitig vor | vor | vor dem | vor der | noch vor | bevor
BEFORE: avant | avant le | avant la | avant de | avant que | avant qu'on | antes de | antes del | antes de la
BEFORE: antes de que | antes do | antes da | prima di | prima del | prima della | prima che | voor | voordat
ON: on | am | gleich am | op | el | na | no | first thing | first thing on
ONDATE: il | em | a | le
IN: in | dans les | en | em
AFTER: dans | tra | fra | over | daqui a | dentro de
WITHIN: within | in the | within the | over the | innerhalb | innerhalb von | innerhalb der | binnen | innert | in den
WITHIN: in der | sous | d'ici | entro | nel giro di | nei | nelle | no prazo de | en el plazo de | en los | en las
WITHIN: in de | nos | nas | dentro de
DUE: due | due by | due on | deadline | fällig am | fällig | frist | échéance | fecha límite | vence | scadenza | prazo
FOR: for | für | fürs | pour | para | per | zum | zur
AT: at | to | during | in | beim | zur | zum | à | à la | à l' | lors de | a | al | alla | nel | nella | bij | mee naar
AT: naar | zu | aan | en | na | no | am
DURING: over the | during | at | on | later | sometime | some time | at some point | noch | im laufe | in | am | übers
DURING: über | pendant | durant | au cours de | en | durante | a lo largo de | nel | nel corso di | nog
DURING: in de loop van | tijdens | ainda | ao longo | no | neste | na | nesta
THE: the | der | die | das | den | dem | des | la | le | el | lo | il | l' | het | de | o | a | du | au | del | della
THE: do | da | jour | dia | día | o dia
OUR: our | your | my | unserer | unserem | unsere | unser | deiner | deinem | ihrer | notre | votre | nuestra | nuestro
OUR: nostra | nostro | onze | ons | nossa | nosso
OF: of | von | de | di | van | les | los | las | i | gli | os | as
AND: and | und | et | y | e | en
FROM: from | von | vom | du | de | desde el | dal | da | van
TO: to | through | bis | au | a | al | tot | tot en met
NEXT: next | nächster | nächste | nächsten | nächstes | nächstem | prochain | prochaine | prochaines | prochains
NEXT: suivant | suivante | próximo | próxima | próximos | próximas | prossimo | prossima | prossimi | prossime
NEXT: volgende | que viene | que vem | siguiente | seguinte
NEXT WEEK: coming week | kommende woche | kommenden woche | komende week
NEXT MONTH: coming month | kommenden monat | komende maand
THIS: this | this coming | coming | diesen | diese | dieser | dieses | diesem | kommenden | kommende | kommender | ce
THIS: cet | cette | este | esta | esta misma | questo | questa | deze | dit | aanstaande | a.s | komende | essa | esse
THIS: nesta | neste
TODAY: today | later today | tonight | this evening | this afternoon | end of today | the end of today | eod | cob
TODAY: eob | heute | heute noch | noch heute | heute abend | heute nachmittag | aujourd'hui | ce soir | cet après-midi
TODAY: hoy | hoy mismo | esta noche | esta tarde | oggi | oggi pomeriggio | questo pomeriggio | stasera | questa sera
TODAY: vandaag | nog vandaag | vanavond | vanmiddag | hoje | ainda hoje | hoje à noite | esta noite
ENDDAY: end of day | the end of the day | close of business | end of business | tagesende | ende des tages
ENDDAY: la fin de la journée | la fin de journée | acabe el día | fine giornata | la fine della giornata
ENDDAY: het einde van de dag | het eind van de dag | o fim do dia | ao fim do dia | fim do dia
TOMORROW: tomorrow | first thing tomorrow | morgen | gleich morgen | demain | dès demain | mañana | mañana mismo
TOMORROW: domani | morgenochtend | morgenmiddag | morgenavond | amanhã | amanhã cedo
OVERMORROW: the day after tomorrow | day after tomorrow | übermorgen | après-demain | pasado mañana | dopodomani
OVERMORROW: overmorgen | depois de amanhã
#1 WEEK FROMTODAY: numa semana
#1 MONTH FROMTODAY: num mês
FROMTODAY: from today | from now | ab heute
END: end | end of | ende | fin | fin de | la fin de | la fin du | fine | la fine | la fine di | la fine della
END: la fine del | fin del | final | final de | finales | finales de | que termine | eind | einde | einde van
END: eind van | fim | fim de | fim do | fim da | final do | final da
MID: mid | the middle of | mitte | mi | la mi | mediados de | metà | half | midden | meados de
START: start of | the start of | beginning of | the beginning of | early | anfang | début | principios de | inizio
START: begin
END WEEK: im Laufe der Woche | in de loop van de week | ao longo da semana | a lo largo de la semana | eow
END WEEK: within the week | dans la semaine | in settimana | entro la settimana
END MONTH: eom | month end | month's end | monatsende | fine mese | fin de mes
END YEAR: year end | year's end | jahresende | fine anno | fin de año
WEEKEND: weekend | weekends | weekeinde | wochenende | week-end | fin de semana | fine settimana | fim de semana
WEEKEND: final de semana
TIME: time | mal | vez | volta | keer | fois
SESSION: session | coaching session | coaching call | sitzung | coaching-sitzung | coachingsitzung | stunde | einheit
SESSION: coaching | séance | séance de coaching | sesión | sesión de coaching | sessione | sessione di coaching
SESSION: seduta | sessie | coachsessie | coachgesprek | sessão | sessão de coaching
MEETING: meeting | call | appointment | conversation | chat | check-in | catch-up | treffen | termin | gespräch
MEETING: rendez-vous | rdv | entretien | rencontre | appel | cita | encuentro | reunión | llamada | conversación
MEETING: incontro | appuntamento | colloquio | chiamata | gesprek | afspraak | bijeenkomst | encontro | reunião
MEETING: consulta | chamada | conversa
NEXTSESSION: we meet | we meet again | we meet next | we next meet | the time we meet | the time we meet again
NEXTSESSION: we speak | we speak again | we next speak | we speak next | we talk again | i see you | i see you next
NEXTSESSION: i see you again | the next time we meet | the next time we speak | wir uns wiedersehen
NEXTSESSION: wir uns das nächste mal sehen | wir uns sehen | nous revoir | nous nous revoyions | nous nous revoyons
NEXTSESSION: on se revoie | se revoie | ce qu'on se revoie | volver a vernos | vernos de nuevo | vernos
NEXTSESSION: que nos veamos | nos veamos | la próxima | rivederci | vederci | quando ci rivediamo | ci rivediamo
NEXTSESSION: we elkaar weer zien | we elkaar weer spreken | we elkaar zien | nos vermos | nos vermos de novo
DAY: day | days | tag | tage | tagen | tages | dag | dagen
JOUR: jour | jours | día | días | giorno | giorni | dia | dias
HOUR: hour | hours | stunde | stunden | heure | heures | hora | horas | ora | ore | uur
MINUTE: minute | minutes | min | mins | minuten | minutos | minuti
WEEK: week | weeks | wk | wks | woche | wochen | semaine | semaines | semana | semanas | settimana | settimane | weken
FORTNIGHT: fortnight
MONTH: month | months | monat | monate | monaten | monats | mois | mois-ci | mes | meses | mese | mesi | maand
MONTH: maanden | mês
YEAR: year | jahr | jahres | an | année | año | anno | dell'anno | jaar | ano
KW: kw | kalenderwoche
PART: morning | afternoon | evening | night | lunchtime | weekday | weekdays | workday | working day | weekend | abend
PART: abende | mittag | nacht | werktag | arbeitstag | matin | matins | soir | soirs | nuit | jour ouvré
PART: jours de la semaine | mañana | mañanas | noche | noches | tarde | tardes | mattina | mattine | morgen | sera
PART: sere | notte | notti | ochtend | avond | avonden | werkdag | manhã | manhãs | noite | noites
PARTS: mornings | afternoons | evenings | nights | lunchtimes
EVERY: every | every single | each | each and every | jeden | jede | jedes | chaque | tous les | toutes les | cada
EVERY: todos los | todas las | ogni | tutti i | tutti | tutte le | elke | iedere | todos os | todas as | todas | todo
EVERY: toda
EVERYFEW: alle | om de | a cada | elke | cada | ogni | tous les | toutes les
LEAST: at least | mindestens | immer | au moins | al menos | almeno | minstens | pelo menos | always | siempre
OTHER: other | second | third | zweiten | anderen | twee
TIMES: times | mal | fois | vez | veces | volta | volte | keer | maal | vezes | x
#1 TIMES: once | einmal | eenmaal
#2 TIMES: twice | zweimal | tweemaal
#3 TIMES: dreimal | driemaal
PER: a | an | per | pro | par | por | die | am | in der | im | al | a la | alla | ao | x
RECUR: daily | nightly | weekly | twice daily | twice weekly | monthly | on weekdays | weekdays | at weekends
RECUR: on weekends | in the mornings | in the evenings | täglich | zweimal täglich | wöchentlich | monatlich | werktags
RECUR: an werktagen | morgens | abends | quotidiennement | hebdomadairement | un jour sur deux | diariamente | a diario
RECUR: semanalmente | entre semana | un día sí y otro no | por las mañanas | por las tardes | por las noches
RECUR: los fines de semana | quotidianamente | giornalmente | settimanalmente | a giorni alterni | nei giorni feriali
RECUR: un giorno sì e uno no | dagelijks | wekelijks | maandelijks | doordeweeks | op werkdagen | 's ochtends
RECUR: 's avonds | om de dag | mensualmente | mensilmente | mensalmente | dia sim dia não | nos dias úteis
RECUR: em dias alternados | aos fins de semana | every time | each time | jedes mal | chaque fois | ogni volta
RECUR: elke keer | mondays | tuesdays | wednesdays | thursdays | fridays | saturdays | sundays | montags | dienstags
RECUR: mittwochs | donnerstags | freitags | samstags | sonntags | los lunes | los martes | los miércoles | los jueves
RECUR: los viernes | los sábados | los domingos | às segundas | às segundas-feiras | às terças | às terças-feiras
RECUR: às quartas | às quartas-feiras | às quintas | às quintas-feiras | às sextas | às sextas-feiras | aos sábados
RECUR: aos domingos
d0: monday | mon | montag | mo. | lundi | lunes | lunedì | lun | maandag | segunda-feira | segunda | 2ª feira
d1: tuesday | tue | tues | dienstag | di. | mardi | martes | martedì | dinsdag | terça-feira | terça | 3ª feira
d2: wednesday | wed | weds | mittwoch | mi. | mercredi | miércoles | mié | mercoledì | woensdag | quarta-feira | quarta
d2: 4ª feira
d3: thursday | thu | thur | thurs | donnerstag | do. | jeudi | jeu | jueves | jue | giovedì | gio | donderdag
d3: quinta-feira | quinta | 5ª feira
d4: friday | fri | freitag | fr. | vendredi | ven | viernes | vie | venerdì | vrijdag | vr | sexta-feira | sexta
d4: 6ª feira
d5: saturday | sat | samstag | sonnabend | sa. | samedi | sábado | sáb | sabato | sab | zaterdag | za.
d6: sunday | sun | sonntag | so. | dimanche | dim | domingo | domenica | zondag | zo.
m1: january | jan | januar | jänner | janvier | janv | enero | ene | gennaio | gen | januari | janeiro
m2: february | feb | februar | feber | février | févr | febrero | febbraio | februari | fevereiro | fev
m3: march | mar | märz | mär | mars | marzo | maart | mrt | março
m4: april | apr | avril | avr | abril | abr | aprile
m5: may | mai | mayo | maggio | mag | mei | maio
m6: june | jun | juni | juin | junio | giugno | giu | junho
m7: july | jul | juli | juillet | juil | julio | luglio | lug | julho
m8: august | aug | août | agosto | ago | augustus
m9: september | sep | sept | septembre | septiembre | settembre | set | setembro
m10: october | oct | oktober | okt | octobre | octubre | ottobre | ott | outubro | out
m11: november | nov | novembre | noviembre | novembro
m12: december | dec | dezember | dez | décembre | déc | diciembre | dic | dicembre | dezembro
y12-25: christmas | weihnachten | noël | navidad | natale | kerst | kerstmis | natal
y12-31: new year's eve | silvester | nochevieja
y1-1: new year | neujahr | nouvel an | año nuevo | capodanno
#1: one | a | an | einem | einer | eines | ein | eine | un | une | una | uno | een | um | uma
#2: two | zwei | deux | dos | due | twee | dois | duas
~2: a couple of | couple of
#3: three | drei | trois | tres | tre | drie | três
#4: four | vier | quatre | cuatro | quattro | quatro
#5: five | fünf | cinq | cinco | cinque | vijf
#6: six | sechs | seis | sei | zes
#7: seven | sieben | sept | siete | sette | zeven | sete
#8: eight | acht | huit | ocho | otto | oito
#9: nine | neun | neuf | nueve | nove | negen
#10: ten | zehn | dix | diez | dieci | tien | dez
#14: fourteen | vierzehn | quatorze | catorce | quattordici | veertien
#15: fifteen | fünfzehn | quinze | quince | quindici | vijftien
#20: twenty | zwanzig | vingt | veinte | venti | twintig | vinte
n1!: primero | primo
#24 HOUR: 24h
#48 HOUR: 48h
#72 HOUR: 72h
"""

# What may stand behind a date and adds nothing to the day.
ADDS_NOTHING = """
please | if possible | if you can | first thing | in the morning | in the afternoon | in the evening | morning
afternoon
evening | night | at the end of the day | noon | at noon | by noon | midday | midnight | at midnight | lunchtime
at lunchtime | eod | cob | end of day | close of business
vormittag | nachmittag | abend | mittag | früh | morgen | bitte | wenn möglich
matin | après-midi | soir | midi | à midi | si possible | s'il te plaît | s'il vous plaît | stp | svp
por la mañana | por la tarde | por la noche | por favor | si es posible | si puedes
mattina | pomeriggio | sera | per favore | se possibile
ochtend | middag | avond | graag | alsjeblieft | indien mogelijk
à noite | à tarde | de manhã | da manhã | se possível
"""

# A cue that may stand behind the day: 'vendredi au plus tard'.
LATEST = """
at the latest | the latest | latest | spätestens | au plus tard | a más tardar | como muy tarde | al più tardi
uiterlijk | o mais tardar | no máximo
"""

# What follows a meeting that is somebody else's: 'before the next meeting with Tom'.
WITH = frozenset("with mit avec con com met of about von".split())

# What stands around the hours of a clock: '17 Uhr', 'at 5 p.m.'.
CLOCK_WORDS = frozenset("at um gegen a à alle las as om am pm a.m p.m a.m. p.m. uhr uur h o'clock horas heures".split())

# What may stand before a day that follows at once: 'EOD Friday', 'by noon on Friday'.
TIMES_OF_DAY = "noon | midday | eod | cob | eob | end of day | close of business | end of business"

# 'freitagabend', 'vrijdagochtend', 'tous les lundis': what is written as one word with the day.
DAY_SUFFIXES = tuple("vormittag nachmittag mittag abend morgen fruh s ochtend middag avond nacht".split())

# What may follow a phrase that recurs: 'every morning before work'.
LINKS = """
until | till | by | before | after | at | on | in | for | from | with | when | this | next | to | of | over | during
bis | vor | nach | um | mit | beim | bei | am | für | ab | diese | nächste | zur | zum | wenn | im
jusqu'à | jusqu'au | avant | après | à | avec | pendant | dès | cette | d'ici | au
hasta | antes | después | con | a | durante | desde | esta | al
fino | prima | dopo | per | da | questa | alle
tot | voor | na | met | om | op | bij | gedurende | deze | vanaf
até | depois | com | às | ao | por
"""

# A day without a cue is no due date behind these: 'talk about tomorrow', 'guten Morgen', 'por la mañana'.
NO_DAY_AFTER = """
about | of | over | like | from | since | after | last | past | good | as | than | for | für | fürs | über | von
vom | ab
seit | aan | nach | guten | gegen | am | letzten | sur | de | depuis | après | partir | sobre | desde | su | sul
del | della
dopo | van | sinds | vanaf | na | goede | goeden | a partir de | da | do | para | um | zum
"""

# What looks back: 'what happened on Monday' is due on no day.
PAST = frozenset(
    "happened was were did said went felt met had saw told noticed learned learnt discussed wrote agreed passierte war"
    " geschah passe pasado paso ocurrio fue successo accaduto gebeurde gebeurd aconteceu passou foi".split()
)

# A cue that ends in one of these takes a bare day behind it: 'bis zum 15.'
CUE_ARTICLES = frozenset(
    "zum zur dem der am le la au el il lo o ao do da del della dell alla nella al the den dia".split()
)

# Two letters that are a weekday only with a capital: 'bis Do', 'op Zo'.
SHORT_WEEKDAYS = frozenset("mo di mi do fr sa so ma za zo".split())
