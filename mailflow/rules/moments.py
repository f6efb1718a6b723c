"""Words that say when: a day, a time, an occasion ('before bed', 'when I …'). In seven languages, as data.

parsing/due.py reads the phrase that ends or begins an action and resolves it to a day. Here it only matters whether a
reader would know the moment, so more counts, and anywhere in the action.
"""

from __future__ import annotations

import re

from mailflow.rules.patterns import alternatives

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    "|januar|jänner|februar|märz|mai|juni|juli|oktober|dezember|dez"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|januari|februari|maart|mei|augustus"
    "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
)
_SHORT_DAYS = "mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun"
_SHORT_DAYS_DE = "Mo|Di|Mi|Do|Fr|Sa|So"
_MEALS = "breakfast|lunch(?:time| ?break)?|dinner|supper|tea ?time|bedtime"
# With the day they belong to it: what is left is the action.
_PREPOSITIONS = (
    "by|on|until|till|before|from|due|due by|starting|in|bis|bis zum|bis spätestens|am|ab|vor|avant|dès"
    "|d['’]ici|le|pour|el|los"
    "|antes de|antes del|para el|entro|da|di|uiterlijk|op|voor|tegen|tot|vanaf|até|até à|até ao|na|no|em|a|à"
)

_TIMES = rf"""
\d{{1,2}}:\d{{2}}(?: ?uhr)?|\d{{1,2}}(?:[:.]\d{{2}})? ?(?:[ap]m|[ap]\.m\.?|uhr)|\d{{4}}-\d{{2}}-\d{{2}}
\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?! ?(?:of|cup|page|\w+ full))|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2,4}})?
(?:the )?\d{{1,2}}(?:st|nd|rd|th|º|er|\.)?(?: (?:of|de|di))? (?:{_MONTHS})|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd
  |th)?(?!\d)
(?:in|im|en|em|a|by|bis|before|until|vor|avant|antes de|entro|voor|até) (?:{_MONTHS})(?! (?:invoice|report
  |bill))
today|tonight|tomorrow|noon|midday|midnight|now(?: on)?|the weekend
(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?:['’]s)?
(?:{_SHORT_DAYS}) ?(?:[-–/,&+]|and|to) ?(?:{_SHORT_DAYS})
(?:by|on|before|until|till|this|next|each|every) (?:{_SHORT_DAYS})
(?-i:Tues?|Weds?|Thurs?|Thu|Fri|Sat)|(?-i:Mon|Sun)(?= ?(?:\d|[-–/,&+.)]|$|morning|evening|night|lunch))
(?:this|next|coming|the next|over the next) (?:coming |\d+ |two |few )?(?:weeks?|weekend|months?|quarter|term
  |year)
(?:this|next) (?:morning|afternoon|evening|summer|winter|spring|autumn|fall|time|session|call|meeting
  |appointment)
next (?:\w+ )?(?:session|call|meeting|check-in|visit|shift|run|class|lesson|1:1|one-to-one)
(?:each|every)(?: \w+)? (?:days?|weeks?|months?|hours?|mornings?|afternoons?|evenings?|nights?|weekends?
  |weekdays?)
(?:each|every)(?: \w+)? (?:time|meal|coffee|lunch\w*|breakfast|dinner|session|meeting|call|shift|class|1:1
  |check-in)
(?<!the )(?<!a )(?<!an )(?<!my )(?<!your )(?<!our )(?:daily|nightly|weekly|monthly|fortnightly)
before|(?<!look )(?<!looking )after(?! all)|until|till|(?<!a )while|whenever|as soon as|during|throughout
(?<!moments )(?<!times )(?<!situations )(?<!ask )(?<!know )(?<!there )when
^(?:if|once)
at (?:noon|midnight|night|the weekend|weekends|the (?:end|start|beginning) of|{_MEALS})
at \d{{1,2}}(?:[.h]\d{{2}})?(?! ?(?:\d|%|percent|bpm|kg|km|kph|mph|euros?|pounds?|reps|degrees))
(?:with|over|from|till) (?:my |your |the |our )?(?:morning )?(?:{_MEALS}|coffee|holidays?|weekend|summer
  |christmas|easter)
(?:in|during|at|on|for) (?:my|your|the|our|his|her)? ?(?:{_MEALS}|commute|mornings?|afternoons?|evenings?
  |meantime)
on (?:weekdays|weekends|pay ?day|waking|(?:my|your|his|her) birthday|the (?:train|bus|weekend|way (?:to|home
  |back)))
(?:by|on|until|till|before|due) the \d{{1,2}}(?:st|nd|rd|th)?(?![\d.:])|between sessions|first thing
  |straight away|eod|(?:week|Q)[1-4]\b|w/c|mid-?week|mid-\w+|weeknights|half-term|at weekends|on (?:arrival
  |my day off|your day off)|early next week
(?:end|start|beginning|middle) of (?:the |this |next |each |every )?(?:day|week|month|quarter|term|year)|payday
(?:in|within) (?:the next )?(?:\d+|a|an|one|two|three|four|six|a few) (?:day|week|month|hour)s?
for (?:the next )?(?:\d+|a|one|two|three|four|five|six|seven|ten) (?:day|week|night|month|morning|evening
  |weekend)s?
starting|as of|(?:by|over|in|before|until|during) (?:the )?(?:summer|winter|autumn|spring|holidays)
  |from (?:now on|now|today|tomorrow)|(?:over|by|at|until|this) (?:christmas|easter|new year)
session \d+|in (?:each|every|our|the next|tomorrow's|today's) (?:\w+ )?(?:1:1|meeting|call|session|class|lesson)
heute|(?-i:morgen)|übermorgen|jetzt|sofort
(?:mon|diens|donners|frei|sams|sonn)tag\w*|mittwoch\w*|sonnabend\w*
(?-i:(?:{_SHORT_DAYS_DE})(?: ?[-–/,&+] ?| bis | und )(?:{_SHORT_DAYS_DE}))
jede[nrsm]?(?: \w+)? (?:tag|woche|monat|morgen|abend|mittag|nachmittag|nacht|stunde|mal|wochenende|mahlzeit
  |\w+tag)
jede[nrsm]? (?:zweiten|zweite|dritten) \w+|(?:all)?(?:abend|morgen|mittag|nachmittag|nacht|vormittag)s
täglich(?!e)|wöchentlich(?!e)|monatlich(?!e)|werktags|stündlich|zwischendurch
diese[nrsm]? (?:\w+ )?(?:woche|monat|wochenende|abend|quartal|jahr|sommer|winter|nachmittag|tage)
(?:nächste|kommende|folgende)[nrsm]? (?!schritt)\w+|(?:zum|zur|beim) (?:nächsten|kommenden|ersten) \w+
  |das nächste mal|nächstes mal
beim (?-i:[A-ZÄÖÜ]\w+en|Frühstück|Kaffee|Mittag\w*|Abend\w*)|zum (?:frühstück|mittagessen|abendessen)
(?:am|zum) (?:(?:geburts|feier|zahl)?tag|\w*abend|morgen|(?:nach|vor)?mittag|(?:monats|wochen|jahres)?ende
  |\w*ersten|\d{{1,2}}\.)
(?:vor|nach) (?:dem|der|den|jedem|jeder|jeden|meinem|deinem|meiner|deiner|unserem|unserer
  |\d{{1,2}}) \w+(?! fragen)
(?:vor|nach|bis) (?:mitternacht|feierabend|weihnachten|ostern|arbeitsende|mittag)|bis (?=zum|zur|ende|anfang
  |mitte|wir)
wenn|sobald|immer wenn|sooft|während|bevor|nachdem|(?:um|ab|gegen|vor|nach
  |bis) \d{{1,2}}(?:[.:]\d{{2}})?(?: uhr|h\b)
bis (?:\d{{1,2}}\.)|um \d{{1,2}}(?:[.:]\d{{2}})?(?! ?%)|im (?:urlaub|bett|bus|zug|{_MONTHS})|in der (?:früh
  |mittagspause|pause)
(?:ende|anfang|mitte) (?:der|des|dieser|nächster|{_MONTHS})(?: \w+)?|ab (?:sofort|heute|morgen|montag)
  |in den ferien
(?:in|innerhalb von|binnen) (?:den nächsten )?(?:\d+|einer|einem|zwei|drei|vier) (?:tag|woche|monat|stunde)\w*
(?:für|die nächsten) (?:\d+|eine|einen|zwei|drei|vier) (?:tage|wochen|monate|woche|monat)|(?:\d+|zwei
  |drei) tage lang
aujourd['’]hui|demain|après-demain|ce soir|ce matin|cet après-midi|ce midi|maintenant|dès que
lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?
(?:chaque|tous les|toutes les)(?: \w+)? (?:jours?|semaines?|mois|matins?|soirs?|nuits?|midis?|fois|repas
  |heures?|week-?ends?)
quotidiennement|tous les deux jours|une fois que
(?:cette|ce|cet) (?:semaine|mois|week-?end|année|été|hiver|trimestre)|(?:la|au|le|à la) prochaine? (?!étape)\w+
avant|après|d['’]ici|jusqu['’]\w+|quand|lorsqu(?:e|['’]\w+)|pendant|au moment|fin (?:du mois|de semaine)
(?:à|vers|dès|avant|après) \d{{1,2}} ?h\d{{0,2}}|à \d{{1,2}} heures|à midi|à minuit
au (?:petit[- ]déjeuner|déjeuner|dîner|réveil|coucher|lever|retour)|le (?:soir|matin|midi|week-?end
  |\d{{1,2}})(?! (?:pages|km))
(?:dans|sous) (?:\d+|une?|deux|trois) (?:jours?|semaines?|mois)|en (?:rentrant|arrivant|sortant|me levant
  |me couchant)
la semaine prochaine|le mois prochain|avant de|pour (?:lundi|mardi|mercredi|jeudi|vendredi)
hoy|mañana|pasado mañana|esta (?:noche|tarde|mañana)|ahora
lunes|martes|miércoles|jueves|viernes|sábados?|domingos?|domenic[ah]e?
(?:cada|todos los|todas las|todo el|toda la)(?: \w+)? (?:día|días|semanas?|mes|meses|noches?|mañanas?|tardes?
  |vez|comida)
cada (?:vez|noche|dos días)|a diario|diariamente|semanalmente
(?:esta|este|estas|estos) (?:misma |mismo )?(?:semana|mes|fin de semana|verano|año|trimestre|sesión|días)
(?:la|el|en la|en el|para la)? ?próxim[oa]s? (?!pasos?)\w+|(?:semana|mes|lunes|sesión) que viene
  |la semana siguiente
antes del?|después del?|al (?:\w+[aei]r(?:me|te|se|lo)?|despertar|mediodía|final)|cuando|en cuanto|mientras
  |hasta
a las? \d{{1,2}}(?:[:.h]\d{{2}})?h?|por la (?:mañana|tarde|noche)|por las (?:mañanas|tardes|noches)|de noche
el (?:día )?\d{{1,2}}(?! (?:por|%))|el día de|(?:al|a) (?:final|finales|principios) de|fin de mes
  |el fin de semana
(?:en|dentro de) (?:\d+|una?|dos|tres) (?:días?|semanas?|mes(?:es)?)|durante|en (?:el desayuno|la cena
  |la comida)
oggi|domani|dopodomani|stasera|stamattina|stanotte|questa sera|adesso|subito
luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica
ogni(?: \w+)? (?:giorn[oi]|settiman[ae]|mes[ei]|mattin[ae]|ser[ae]|nott[ei]|volta|due giorni|pasto|weekend|ora)
  |ogni volta
tutt[ie] (?:i|le) (?:giorni|sere|mattine|settimane|mesi|notti|volte)|quotidianamente
quest[aoi] (?:settimana|mese|weekend|fine settimana|sera|estate|anno|giorni)|(?:il|la|al|alla|nel
  |nella) prossim[oa] (?!passo)\w+
prossim[oa] (?:settimana|volta|mese|incontro|seduta|sessione)|(?:settimana|mese) prossim[oa]
prima (?:di|del|della|dell['’]\w+|che)|dopo|quando|appena|mentre|fino a|entro|non appena
(?:alle|dalle|verso le) \d{{1,2}}(?:[:.]\d{{2}})?|a (?:pranzo|cena|colazione|mezzogiorno|letto|fine mese)
  |la sera|la mattina
al mattino|di sera|di mattina|di notte|nel (?:weekend|fine settimana|pomeriggio)|il (?:\d{{1,2}}|weekend)
(?:tra|fra|in) (?:\d+|una?|due|tre) (?:giorn[oi]|settiman[ae]|mes[ei])|al risveglio
vandaag|morgen(?:ochtend|avond|middag)?|overmorgen|vanavond|vanmiddag|vanochtend|vannacht|nu
(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:s|en|avond|ochtend|middag)?
(?:elke?|iedere?)(?: \w+)? (?:dag|week|maand|ochtend|avond|middag|nacht|keer|maaltijd|uur|\w+dag|weekend)
  |telkens
dagelijks(?!e)|wekelijks(?!e)|maandelijks(?!e)|['’]s (?:ochtends|avonds|middags|morgens|nachts)|doordeweeks
(?:deze|dit) (?:week|maand|weekend|kwartaal|jaar|zomer|avond|sessie)|(?:de |het )?(?:volgende?|komende
  |aankomende) (?!stap)\w+
voor(?:dat)? (?:het |de |ik |je |we |mijn |je )?(?:slapen\w*|eten|ontbijt|avondeten|bed|naar bed|lunch|sessie
  |afspraak|ga|gaat|naar)
(?:voor|vóór|uiterlijk|tegen|tot|op|vanaf) (?:de )?(?:\d{{1,2}}(?:e|ste|de)|{_MONTHS}|eind\w*|het einde|zondag)
voordat|nadat|zodra|terwijl|tijdens|wanneer|als (?:ik|je|jij|hij|zij|ze|we|iemand|er|het|de|mijn|jouw|\w+ (?:me
  |mij))
na (?:het|de|elke|iedere|mijn|je|jouw|ieder|elk) \w+|om \d{{1,2}}(?:[:.]\d{{2}})?(?: uur)?|\d{{1,2}} uur(?! per)
bij (?:het |de |elk |elke )?(?:ontbijt|avondeten|lunch|opstaan|koffie|slapengaan|volgende)|in (?:het weekend
  |de ochtend|de avond)
(?:over|binnen) (?:\d+|een|twee|drie) (?:dag|dagen|week|weken|maand|maanden)|eind (?:van de week|deze week
  |van de maand)
hoje|amanhã|depois de amanhã|esta (?:noite|tarde|manhã)|agora|à noite|de manhã|à tarde|ao fim do dia
  |na hora d\w+
(?:segunda|terça|quarta|quinta|sexta)(?:s)?-feiras?|(?:na|às|até|toda|cada|esta|nesta|próxima|de|da) (?:segunda
  |terça|quarta|quinta|sexta)s?(?! (?:parte|vez|versão|página))
(?:cada|todos os|todas as|todo o|toda a|todo|toda)(?: \w+)? (?:dias?|semanas?|mês|meses|noites?|manhãs?|tardes?
  |vez|refeição)
(?:n?esta|n?este|n?essa|n?esse) (?:semana|mês|fim de semana|ano|sessão|verão)|(?:n?[ao]|até à|até ao
  |para a)? ?próxim[oa] (?!passo)\w+
antes d\w+|depois d\w+|após|ao (?:\w+[aei]r(?:-me|-se)?|almoço|jantar|meio-dia)|assim que|enquanto
  |até(?! \d+ (?:páginas|km))
às? \d{{1,2}}(?:h\d{{0,2}}|:\d{{2}})?|(?:no |o )?dia \d{{1,2}}|no (?:fim|final|início) d\w+|no fim de semana
  |semana que vem
(?:em|dentro de|daqui a) (?:\d+|uma?|duas|dois|três) (?:dias?|semanas?|m[eê]s(?:es)?)
"""
# How often, without saying how much: what stands before it stays a part of the action.
_RATES = r"""
(?:\d[^,;]{0,25}|once|twice|\w+ times|minutes?|mins?|hours?|glass(?:es)?|pages?) (?:a|an|per|each) (?:day|week
  |month|night)
per (?:day|week|month|night)|\d\S*(?: ?x)? ?/ ?(?:day|week|wk|month|tag|woche|jour|semaine)|(?:once
  |twice) (?:daily|weekly)|(?:\d+|two|three|four|five) (?:times|days|evenings|nights)
(?:pro|am|die|in der) (?:tag|woche)|pro monat|im monat|(?:ein|zwei|drei|vier|fünf|\d+)mal|\d+ ?x (?:täglich
  |wöchentlich)
par (?:jour|semaine|mois)|(?:une|deux|trois|quatre|\d+) fois
(?:al|por) (?:día|mes|semana)|a la semana|(?:una|dos|tres|\d+) ve(?:z|ces)
al (?:giorno|mese)|a(?:lla)? settimana|(?:una|due|tre|\d+) volt[ae]
per (?:dag|week|maand)|(?:\d+|een|twee|drie) (?:keer|maal)
(?:por|ao|à) (?:dia|semana|mês)|(?:uma|duas|três|\d+) ve(?:z|zes)
"""


def _any_of(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:(?:{_PREPOSITIONS}) )?(?:{alternatives(table)})(?!\w)", re.IGNORECASE)


_TIME = _any_of(_TIMES)
_RATE = _any_of(_RATES)


def names_moment(text: str) -> bool:
    """Whether the words say when, be it on a day, at an occasion or how often."""
    return (_TIME.search(text) or _RATE.search(text)) is not None


def without_times(text: str) -> str:
    """The text with a blank for each letter of a day, a time or an occasion's first words: places stay the same."""
    return _TIME.sub(lambda found: " " * len(found[0]), text)
