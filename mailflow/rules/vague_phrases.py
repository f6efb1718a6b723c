"""Phrases that leave open what doing an action looks like, and those that settle it, as data for vagueness.py.

Regular expressions in English, German, French, Spanish, Italian, Dutch and Portuguese. A line may hold several; an
indented line continues the one above.
"""

from __future__ import annotations

# Stand before the verb and say nothing about what is done.
OPENERS = r"""
please|just|also|really|always|simply|maybe|perhaps|let['’]s|(?:keep(?: on)?|continue|start|begin)(?= \w+ing\b)
  |(?:continue|start|begin) to
(?:i|you|we)(?:['’](?:ll|m|d|re))?(?: (?:will|want|need|would like|should|must|can|could|am going|plan|have
  |going))?(?: to)?
(?:want|need|aim|remember|learn|going)(?: to)?|to
bitte|einfach|auch|immer|mal|ich|du|wir|(?:ich )?(?:werde|will|möchte|muss|soll|sollte)|mich|mir|dir|dich
  |(?:wieder )?anfangen
je (?:vais|veux|dois|voudrais)|il faut|j['’]|je|me|m['’]|se|s['’]
(?:yo )?(?:quiero|voy a|debo|tengo que|necesito)|me|te|hay que
(?:io )?(?:voglio|devo|vorrei|vado a)|mi
ik (?:wil|ga|zal|moet)|ik|me|om
(?:eu )?(?:quero|vou|preciso(?: de)?|devo|tenho (?:de|que))
"""
# What can be more or less, but never done.
_ABSTRACT = (
    "(?:self[- ]?(?:care|esteem|worth|compassion|confidence|discipline|awareness|love|control|doubt|talk"
    "|belief|respect)"
    "|confidence|boundar(?:y|ies)|limits|mindfulness|gratitude|patience|resilience|balance"
    "|work[-–/ ]life balance"
    "|stress|anxiety|anger|emotions?|feelings|communication|relationships?|time[- ]management|leadership"
    "|trust|acceptance|discipline|motivation|focus|clarity|peace|calm|well-?being|habits|mindset|empathy"
    "|kindness|compassion|assertiveness|presence|positivity|positive thinking|courage|energy|purpose|meaning"
    "|creativity|procrastination|perfectionism|listening|delegat(?:ion|ing)|productivity|fears?|worries"
    "|forgiveness"
    "|honesty|authenticity|visibility|impact|charisma|independence|vulnerability|optimism|curiosity"
    "|attitude|saying no"
    "|letting go|being present)"
)
GREAT_WORDS = (
    f"(?:{_ABSTRACT}|network(?:ing)?|health|fitness|priorities|vision|goals|values|strengths"
    f"|organi[sz]ation|planning|sleep"
    "|diet|eating|nutrition|lifestyle|posture|finances|performance|skills|career|future|routine|rest"
    "|family|fun)"
)
_STATE = (
    "(?:positive|patient|kind|present|mindful|open(?:[- ]minded)?|honest|confident|assertive|brave|calm"
    "|proactive"
    "|grateful|gentle|organi[sz]ed|disciplined|consistent|focus(?:s)?ed|motivated|authentic|myself"
    "|yourself|vulnerable"
    "|compassionate|curious|realistic|flexible|strong|fit|healthy|happy|relaxed|in the moment"
    "|accountable|responsible"
    "|aware|supportive|creative|decisive|visible|independent|strict|tough|firm|generous|courageous"
    "|resilient|balanced"
    "|attentive|available|productive|efficient|tidy|careful|nice|good|optimistic|grounded|centred"
    "|centered|humble"
    "|sociable|bold|active|prepared|in control|in shape|on top of \\w+)"
)
_NO_NOUN = (
    r"(?= *(?:$|[.,;!&+]|(?:with|about|to|towards?|in|at|on|around|for|and|when|as|of|by|from|between"
    r"|levels?|skills?)\b))"
)
_BETTER = (
    "(?:kinder|calmer|stronger|nicer|braver|bolder|wiser|softer|tougher|fitter|healthier|slimmer|closer"
    "|happier|clearer"
    "|quieter|slower|tidier|firmer|stricter|warmer|gentler|faster|sharper|smarter|greener|lighter|looser|busier"
    "|friendlier|earlier|better|worse)"
)
_LIVING = (
    "(?:eat|drink|sleep|exercise|move|read|rest|write|walk|run|train|smoke|talk|listen|smile|laugh|worry"
    "|work|play|study"
    "|spend|save|say|do|use|watch|delegate|speak|sociali[sz]e|network|practi[sc]e|complain|argue"
    "|criticise|criticize"
    "|react|stress|think|plan|live|dress|breathe|share|learn|show|enjoy|give|take|manage|handle"
    "|communicate|cook|scroll"
    "|swear|shout|snack|overthink|procrastinate|apologi[sz]e|interrupt|ask for help|ask questions"
    "|meditate|stretch)"
)
_MY = "(?:(?:my|your|our|the|a|an|some) )?"

# Patterns for the beginning of an action (behind a moment and an opener); those of one language a block.
_STARTS_EN = rf"""
(?:think|thinking|reflect|reflecting|ponder|muse|brood|mull|dwell)(?: \w+)? (?:about|of|on|over|upon|through)
(?:have|take) (?:a|another) (?:\w+ )?think|take (?:a|some) (?:moment|time) to (?:think|reflect)|(?:enjoy
  |appreciate|savou?r|cut (?:down|back))(?= \w)|time for (?:me|myself|us|family)
(?:think|thinking|reflect) (?:more|harder|bigger|positive\w*|carefully|deeply|differently|twice|big|ahead)
  |reflect
give (?:some|more|it|this) (?:serious |more |some )?thought|consider(?:ing)?|ponder|contemplate|explor(?:e|ing)
look(?:ing)? (?:more )?into|look at (?=options|ways|how|whether|why|what)|figure out|get (?:clear(?:er)?
  |clarity) (?:on|about)
(?:be|become|becoming|being) (?:\w+ )?(?:aware|mindful|conscious) of|pay(?:ing)? (?:\w+ )?attention
  |keep in mind|bear in mind
try(?:ing)?(?: \w+ best| hard(?:er)?)?(?: not)? (?:to|and|being|having)|(?:make|making) (?:an|more of an
  |the) effort
(?:do|doing) (?:my|your) best|attempt to|strive|endeavou?r|aim (?:to|for)|hope to|work(?:ing)? (?:\w+ )?(?:on
  |towards?)
focus(?:s?ing)?(?: more| less)? on|concentrat(?:e|ing) (?:\w+ )?on|improv(?:e|ing)
(?:be|being|become|becoming|feel|feeling|stay|remain|act|grow|appear) (?:a |an )?(?:(?:bit|little|lot|much|even) )*
  (?:more|less|{_BETTER})
(?:be|being|become|becoming|feel|feeling|stay|staying|remain|get|getting|keep) (?:more )?{_STATE}{_NO_NOUN}
(?:be|being|become) (?:a|an) (?:good|great|better|more)|(?:get|getting) (?:back )?(?:into|in) (?:shape
  |the habit|a (?:good|better) \w+)
(?:get|getting) (?:a (?:bit|little|lot) )?(?:better|worse) (?:at|with|about|in)|(?:get|getting) (?:fitter
  |healthier|stronger|better$|better [.,;!])
get (?:a (?:bit|little|lot) )?(?:more|enough|better|some) (?:\w+ed|\w+ent|\w+ive|\w+ful|sleep|rest|exercise
  |done|balance|clarity|control|fresh air)
get (?:my|your) (?:life|act|head|finances|stuff|priorities|confidence)|get out more|get over
(?:develop|build|building|strengthen|boost|increase|cultivat(?:e|ing)|practi[sc](?:e|ing)|find|finding|create
  |set|setting|gain|show|have|priorit?i[sz]e|manag(?:e|ing)|reduc(?:e|ing)|grow|nurture|embrace|address|tackle
  |regain|protect|keep|maintain|express|foster|deepen|rebuild|enhance|overcome|respect|enforce|control|handle
  |raise|lower|expand|own|face|restore) (?:up )?{_MY}(?:\w+ )?{_ABSTRACT}{_NO_NOUN}
(?:find|make|have|take|create|spend) (?:some |a bit |a little )?(?:more|less|better) (?:\w+ )?(?:time|space
  |room|fun|balance|energy|breaks|sleep|rest|money|effort|joy|patience|walks|exercise|meaning|ways|care|pride
  |control|responsibility|risks|initiative)
(?:find|make|create) (?:some )?(?:time|space|room) (?:for|to)|(?:embrace|nurture|foster|honou?r|deepen
  |prioriti[sz]e (?:my|your|me|sleep|health|family|rest))(?= \w|$)
let(?:ting)? go|trust(?:ing)? (?:the process|in |my|your|others|people|that|more)|accept(?:ing)? (?:that|my
  |your|things|myself|yourself|who)
(?:sort|get|turn) (?:out )?(?:my|your) (?:life|head|finances)(?: out| together| around)?|try harder|(?:notice
  |observe) (?:my|your)
(?:reduce|limit|increase|cut) (?:my|your)
believ(?:e|ing)|love (?:myself|yourself)|forgive|take (?:\w+ )?care of (?:myself|yourself|your|my|me|you)
  |look(?:ing)? after (?:myself|yourself|my|your)
listen(?:ing)? (?:more|better|actively|to (?:my|your) (?:body|heart|gut|inner|intuition|feelings|needs))|relax
  |slow down|chill|unwind
stop (?:worrying|over-?thinking|procrastinating|being|comparing|beating|caring|stressing|avoiding|doubting
  |people|judging)
(?:step|get|go|move) (?:out|outside) of (?:my|your) comfort zone|step up|make (?:healthier|better|wiser
  |smarter) (?:choices|decisions)|open up|take it easy|take things|live (?:in the (?:moment|present|now)|more
  |life)|stand up for|speak up|be there for|be good to
connect (?:more|better|deeply|with (?:myself|yourself|people|others|nature))|come to terms|(?:deal|cope) better
  |deal with (?:my|your|the) (?:stress|anxiety|anger|emotions?|feelings|past|conflict|guilt)|cope
communicat(?:e|ing) (?:more|better|clearly|openly|effectively|honestly)|make peace|keep (?:calm|going|positive
  |an open mind|trying)
say no(?= *(?:$|[.,!;]|more|to (?:people|others|things|more)))|take (?:more )?(?:responsibility|ownership
  |initiative|breaks|risks)
{_LIVING}(?: (?!what|which|how|who|where|that|one)\w+){{0,2}}? (?:more|less|fewer|better|healthier|harder
  |smarter|slower|longer|differently|mindfully)
{_ABSTRACT} (?:with|in|on|at|about|around|towards|for)
(?:eat|drink|sleep|rest|move|live|breathe|exercise|stretch)(?: \w+)? (?:well|enough|properly|healthily
  |mindfully|regularly)
(?:more|less|fewer|better)(?= \w)
(?:go to bed|get up|wake up|leave work|start work|come home|be) (?:earlier|later|on time)$
"""
_BETTER_DE = (
    "(?:besser|öfter|häufiger|gesünder|stärker|früher|klarer|mutiger|netter|fitter|ruhiger|aktiver"
    "|offener|lockerer"
    "|gelassener|entspannter|sicherer|selbstsicherer|stabiler|glücklicher|zufriedener|strenger|langsamer"
    "|präsenter|konsequenter|effizienter|toleranter|selbstbewusster|bewusster"
    "|(?-i:[A-ZÄÖÜ]?[a-zäöüß]{3,}(?:iger|licher|samer|ierter|voller|barer|iver)))"
)
_STARTS_DE = rf"""
(?:denk(?:e|en)?|nachdenken|reflektier(?:e|en)?|überleg(?:e|en)?|überdenk(?:e|en)?|grübel\w*)(?: \w+)? (?:über
  |an|darüber|ob|was|wie|wo|warum)
(?:denk(?:e|en)?|überleg(?:e|en)?|reflektier(?:e|en)?|nachdenken)(?: \w+)?(?:,| ?$)
(?:versuch(?:e|en)?|probier(?:e|en)?)(?: \w+){{0,3}}?(?:,|$| (?:mehr|weniger|nicht|zu|besser|öfter|bewusst))
  |versuch(?:e|en)?(?=.* zu )
(?:sei|sein|bleib(?:e|en)?|werde?n?|fühle?n?) (?:\w+ )?(?:{_BETTER_DE}|mehr|weniger|positiv|geduldig|offen
  |ehrlich|ruhig|gelassen|mutig|nett|achtsam)
(?:arbeite?n?) (?:weiter |mehr )?an|(?:achte?n?|konzentrier\w*|fokussier\w*)(?: \w+)?(?: \w+)? auf|fokus auf
  |verbesser(?:e|n)|pass (?:\w+ )?auf dich
lass(?:e|en)? (?:\w+ )?los|loslassen|akzeptier(?:e|en)?|vertrau(?:e|en)?|lern(?:e|en)?,? (?=.* zu )
  |kümmer\w* (?:dich|mich|sich) (?:\w+ )?um (?:dich|mich|sich)
sorg(?:e|en)? (?:\w+ )?für|nimm dir (?:mehr )?zeit|hör(?:e)? auf (?:zu|dich|deinen|deine)|hab(?:e
  |en)? (?:mehr )?(?:geduld|mut|vertrauen)
(?:mehr|weniger|besser|öfter|häufiger|gesünder)(?= \w)(?! als)
"""
_DOING_DE = (
    "(?:sein|werden|bleiben|umgehen|fühlen|leben|essen|schlafen|arbeiten|kommunizieren|zuhören|auftreten"
    "|reagieren|machen"
    "|denken|delegieren|planen|bewegen|trinken|sprechen|reden|ernähren|organisieren|strukturieren"
    "|entspannen|sagen"
    "|abgrenzen|einteilen|wahrnehmen|achten|treten|trainieren|handeln|haushalten|lernen|nutzen|sorgen"
    "|ausdrücken|aufstehen"
    "|agieren|begegnen|atmen|grübeln|streiten|aufregen|stressen|ärgern|trauen|verstehen|schauen|gönnen"
    "|zeigen|rauchen"
    "|gehen|führen|kümmern|priorisieren|durchsetzen|lesen|schreiben|kochen|sparen|lachen|genießen"
    "|ausgeben|prokrastinieren)"
)
# German and Dutch have the verb at the end: these may stand anywhere.
_ANYWHERE_DE = rf"""
(?:über|darüber,?)(?: [\w,'-]+){{1,10}} (?:nachdenken|reflektieren|nachsinnen|nachgrübeln)
nachdenken(?=,| über)|gedanken(?: [\w'-]+){{0,8}} machen|bewusst(?:er)? (?:machen|werden)
(?:an|am|auf|aufs)(?: [\w'-]+){{1,7}} (?:arbeiten|achten|konzentrieren|fokussieren|hören)(?=\s*(?:$|[.,;!]|und))
(?-i:[A-ZÄÖÜ][\w-]+)(?: [\w'-]+){{0,5}} (?:verbessern|optimieren|stärken|steigern|reduzieren|loslassen
  |akzeptieren|vertrauen|zulassen|abbauen|ausbauen|weiterentwickeln|hinterfragen|erforschen|erkunden)(?=\s*(?:$
  |[.,;!]|und|bis))
{_BETTER_DE}(?: [\w'-]+){{0,5}}? (?-i:[a-zäöüß]+(?:en|ern|eln)|sein)(?=\s*(?:$|[.,;!]|und))
(?<!nicht )(?<!keine )(?<!keinen )(?<!kein )(?:mehr|weniger)(?: [\w'-]+){{0,5}}? (?:{_DOING_DE}|nehmen|haben
  |setzen|vertrauen|treiben|verbringen|stressen)(?=\s*(?:$|[.,;!]|und))
gut(?:e|en)? (?:für|auf) (?:mich|dich|sich)(?: selbst)? (?:sorgen|achten)|(?:mich|dich
  |sich) (?:selbst )?(?:akzeptieren|lieben|annehmen|wertschätzen)
grenzen (?:setzen|ziehen|wahren)|prioritäten setzen|nicht (?:so|zu) (?:viel|oft|sehr|streng)|(?:abstand|ruhe
  |balance|klarheit|selbstvertrauen|vertrauen) (?:gewinnen|finden
  |schaffen|aufbauen)|kraft tanken|zu[rm]? (?:ruhe|mir) kommen|nein[- ]sagen|positiv(?:er)? (?:denken|bleiben)
  |(?:im )?(?:hier und jetzt|moment) (?:leben|sein|bleiben)|ins gleichgewicht
zeit für (?:mich|dich|sich|[\w'-]+)(?: selbst)? (?:nehmen|finden|schaffen)|\w+,? (?:zu )?versuchen$
"""
_STARTS_FR = r"""
(?:réfléchi\w*|pense[rz]?|songe[rz]?)(?: \w+)? (?:à|au|aux|sur|davantage|plus)(?! \w+(?:er|ir|re)\b)
  |réfléchi\w*|envisage[rz]?|explore[rz]?
(?:essaye[rz]?|essaie[sr]?|tente[rz]?) (?:de|d['’])|(?:m['’]|t['’]|s['’])efforcer|faire (?:un|des) efforts?
  |faire de mon mieux
(?:être|sois|soyez|devenir|rester|sentir) (?:plus|moins|mieux|meilleure?|positi\w+|patiente?|calme|présente?
  |honnête|ouverte?|à l['’]écoute|zen)
améliore[rz]?|travaille[rz]? (?:\w+ )?(?:sur|à) (?:mon|ma|mes|ton|ta|tes|la|le|les|l['’])|(?:concentre[rz]?
  |focalise[rz]?)(?:-toi|-vous)? (?:\w+ )?sur
(?:prendre|prends|prenez) (?:\w+ )?soin (?:de|d['’])|lâche[rz]? prise|faire (?:plus|moins|davantage|confiance
  |attention)|(?:mieux|plus|moins|davantage)(?= \w)
gére[rz]? (?:mieux|mon|ma|mes|le stress)|gérer|avoir (?:plus|davantage|confiance)|apprendre à|apprends à
  |ose[rz]?|développe[rz]?|renforce[rz]?|cultive[rz]?
trouver (?:un|le|plus|du) (?:équilibre|meilleur|de temps|temps|\w+ équilibre)|accepter (?:mes|mon|ma|que|tes
  |de)|\w+(?:er|ir|re) (?:plus|moins|mieux|davantage)\b
prendre (?:du recul|confiance|du temps|des pauses)|passer (?:plus|davantage|moins)|poser (?:mes|des) limites
  |(?:me |te )?faire (?:plus )?confiance|m['’]occuper de moi|profiter
"""
_STARTS_ES = r"""
(?:pens(?:ar|aré|a|o)|piens[aeo]|reflexion(?:ar|aré|a|e))(?: \w+)? (?:en|sobre|acerca|más|qué|cómo)
  |reflexion\w+|medita sobre|explor(?:ar|a|e)|consider(?:ar|a|e)
(?:intent(?:ar|a|o|aré|e)|procur(?:ar|a|o))|trat(?:ar|a|aré|o) de|hacer (?:un|el) esfuerzo|esforzar\w*
(?:ser|sé|estar|sentir(?:me|te|se)|volver(?:me|te|se)|mantener(?:me|te|se)|mostrar(?:me|te|se)) (?:más|menos
  |mejor|positiv\w|paciente|buen\w?|amable)
mejor(?:ar|a|aré|e)(?= \w|$)|trabaj(?:ar|a|aré|o) (?:\w+ )?en (?:mi|mis|tu|tus|la|el|los|las|ser)|(?:enfocar
  |centrar|concentrar)(?:me|te|se)? (?:\w+ )?en
cuidar(?:me|te|se)|cuidar (?:más |mejor )?(?:de mí|mi|tu|de ti)|gestion(?:ar|a) (?:mejor|mi|el|la|mis)
  |(?:aprender|aprende) a|soltar|acept(?:ar|a) (?:que|mis?|tus?|lo)
confi(?:ar|a)|plantear(?:me|te|se)|prest(?:ar|a) (?:más )?atención|tener (?:más|menos|paciencia|confianza)
  |hacer (?:más|menos)|dedicar(?:me|le|les)? (?:más|tiempo)
(?:más|menos)(?= \w)|encontrar (?:el|un|más) equilibrio|desarroll(?:ar|a) (?:mi|la|mis)|fortalecer
  |reducir (?:el|mi) estrés|poner (?:mis )?límites|pasar más
(?:\w+[aei]r(?:me|te|se)?) (?:más|menos|mejor)\b(?! de)|valorar(?:me)? más|organizar(?:me|te)(?: mejor)?
  |relajar(?:me|te)|tom(?:ar|arme) (?:distancia|tiempo|más tiempo)|creer en
"""
_STARTS_IT = r"""
(?:pens(?:are|a|o|erò)|riflett(?:ere|i|o)|rifletterò)(?: \w+)? (?:a|al|alla|ai|alle|su|sul|sulla|sui|sulle
  |di più|se|cosa|come)|riflett(?:ere|i)|esplor(?:are|a)|consider(?:are|a)|valut(?:are|a) se
(?:cerc(?:are|a|o|herò)|tent(?:are|a)) di|prov(?:are|a|o|erò) a|sforzar\w+|impegnar(?:mi|ti|si)
(?:essere|sii|sentir(?:mi|ti|si)|diventare|restare|stare|rimanere) (?:più|meno|meglio|migliore|positiv\w
  |paziente|calm\w|present\w)
miglior(?:are|a)|lavor(?:are|a|o) (?:\w+ )?(?:su|sul|sulla|sui|sulle|sull['’])|(?:concentrar|focalizzar)(?:mi
  |ti|si) (?:\w+ )?s
prender(?:e|mi|ti|si) (?:\w+ )?cura|(?:gestire|gestisci) (?:meglio|lo|l['’]|le|il|la|i)|imparare a|impara a
  |accettare (?:che|i|il|la|le|di|me)|lasci(?:are|a) andare|fidar(?:mi|ti|si)
\w+[aei]r(?:e|mi|ti|si) (?:di più|meglio|meno|di meno|più)\b|(?:più|meno)(?= \w)|avere (?:più|meno|fiducia
  |pazienza)|dedicare (?:più|tempo)|sviluppare|rafforzare
trovare (?:un|l['’]|il|più) ?(?:equilibrio|tempo|giusto equilibrio)|fare (?:più|meno|attenzione)|passare più
  |(?:mettere|porre) dei limiti|organizzar(?:mi|ti) meglio|rilassar(?:mi|ti)|prender(?:e|mi) (?:tempo
  |le distanze
  |più tempo)|credere
"""
_STARTS_NL = r"""
(?:denk(?:en)?|nadenken|denk na|reflecteer|reflecteren|peins)(?: \w+)? (?:over|aan|na|wat|hoe)|nadenken
  |overweeg|overwegen|verken|stilstaan bij|sta stil bij
(?:probeer|proberen|trachten|streven)(?: \w+)?|(?:mijn|je) best doen|(?:doe|doen) (?:mijn|je) best
(?:wees|zijn|word|worden|blijf|blijven) (?:\w+ )?(?:meer|minder|beter|positief|geduldig|eerlijk|open|kalm|lief)
  |(?:werk(?:en)?) (?:\w+ )?aan|(?:focus(?:sen)?|let|richt)(?: \w+)? op
(?:meer|minder|beter|vaker|gezonder|eerder)(?= \w)(?! dan)|verbeter(?:en)?|loslaten|laat (?:\w+ )?los|accepteer
  |accepteren|vertrouw(?:en)?|leer(?:en)? (?:om|te)|zorg (?:beter |goed )?voor jezelf
(?-i:[A-Z]?[a-z]{3,}(?<!hi)er) (?:\w+ ){0,4}?(?:zijn|worden|omgaan|leven|eten|slapen|communiceren|werken
  |plannen|luisteren|reageren|bewegen|blijven)(?=\s*(?:$|[.,;!]|(?:en|met|in|op|tegen|voor|naar|over)\b))
"""
_ANYWHERE_NL = r"""
(?:over|erover)(?: [\w'-]+){1,8} (?:nadenken|reflecteren)|aan(?: [\w'-]+){1,6} werken
  |op(?: [\w'-]+){1,6} (?:letten|focussen|concentreren)
(?:beter|meer|minder|vaker|gezonder|bewuster|rustiger)(?: [\w'-]+){0,5}? (?:zorgen|slapen|eten|luisteren
  |plannen|omgaan|communiceren|zijn|worden|bewegen|sporten|leven|werken|genieten|drinken|piekeren|nemen
  |delegeren
  |zeggen|doen|rusten|reageren|maken|besteden)(?=\s*(?:$|[.,;!]|en\b))
(?:mijn|je|de|het)(?: [\w'-]+){1,4} (?:verbeteren|loslaten|accepteren|versterken|verminderen
  |ontwikkelen)(?=\s*(?:$|[.,;!]|en\b))|\w+ (?:verbeteren|loslaten|accepteren)$
(?:goed )?voor (?:mezelf|jezelf) zorgen|grenzen (?:stellen|aangeven|bewaken)|nee (?:leren )?zeggen$|(?:rust
  |afstand) nemen|tijd voor (?:mezelf|jezelf)|in het moment
"""
_STARTS_PT = r"""
(?:pens(?:ar|a|e|o|arei)|reflet(?:ir|e|irei)|reflita)(?: \w+)? (?:em|no|na|nos|nas|sobre|mais|num|numa
  |n[oa] que|se|como)|reflet(?:ir|e)|reflita|explor(?:ar|a|e)|consider(?:ar|a|e)|ponderar
(?:tent(?:ar|a|e|o|arei))|procur(?:ar|a|e) (?:ser|estar|não|ter|fazer)|esforçar\w*|fazer um esforço
(?:ser|seja|estar|sentir-me|ficar|tornar-me|manter-me|me sentir|permanecer) (?:mais|menos|melhor|positiv\w
  |paciente|calm\w|presente|um\w? (?:melhor|bo[am]))
melhor(?:ar|a|e|ia)|trabalh(?:ar|a|e) (?:\w+ )?(?:em|no|na|nos|nas) (?:\w+)|(?:focar|concentrar)(?:-me|-se
  |-te)? (?:\w+ )?(?:em|no|na|nos|nas)|focar
cuidar (?:mais |melhor )?de (?:mim|ti|si)|cuidar(?:-me)? (?:mais|melhor)|ger(?:ir|enciar) (?:melhor|o|a|as|os)
  |lidar (?:melhor )?com|aprender a|aceitar (?:que|as|os|o|a)|confiar|soltar|deixar ir
\w+[aei]r(?:-me|-se|-te)? (?:mais|menos|melhor)\b|(?:mais|menos)(?= \w)|ter (?:mais|menos|paciência|confiança)
  |dedicar(?:-me)? (?:mais|tempo)|desenvolver (?:a|o|as|os|minha|meu)|fortalecer
encontrar (?:mais |o |um )?equilíbrio|prestar (?:mais )?atenção|(?:impor|pôr|colocar|estabelecer) limites
  |passar mais|organizar-me|relaxar|acreditar
"""
STARTS = (_STARTS_EN, _STARTS_DE, _STARTS_FR, _STARTS_ES, _STARTS_IT, _STARTS_NL, _STARTS_PT)
ANYWHERE = (_ANYWHERE_DE, _ANYWHERE_NL)

# Makes the same words specific: an amount, or a way to do it …
MEASURES = r"""
\d
(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|half|dozen|couple of|hours?
  |minutes?|mins?)
one (?!(?:thing|step|day) at a time|another|day\b)\w+|(?:a|the) (?:page|sentence|list|paragraph|draft|timer)
  |by \w+ing|using|out loud|once(?! i\b| you\b| we\b)|twice
zwei|drei|vier|fünf|sechs|sieben|acht|zehn|zwölf|fünfzehn|zwanzig|dreißig|halbe|stunden?|minuten|min|indem
  |(?<!noch )einmal|zweimal|einen (?:satz|punkt)|eine (?:seite|liste|sache|frage|person|situation)
deux|trois|quatre|cinq|six|sept|huit|dix|quinze|vingt|trente|minutes?|heures?|une (?:page|liste|phrase|heure
  |demi\w*|fois|chose|personne|question)|en \w+ant
dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince|veinte|treinta|minutos?|horas?|media hora|una (?:página|lista
  |frase|hora|vez|cosa|persona|pregunta)
due|tre|quattro|cinque|(?<!\A)sei|sette|otto|dieci|quindici|venti|trenta|minuti|ore|mezz['’]ora|un['’]ora
  |una (?:pagina|lista|frase|volta|cosa|persona|domanda)
twee|drie|vier|vijf|zes|zeven|acht|tien|vijftien|twintig|dertig|minuten|uur|half|één|een (?:pagina|lijst|zin
  |keer|ding|vraag)|door te
dois|duas|três|quatro|cinco|seis|sete|oito|dez|quinze|vinte|trinta|minutos?|horas?|meia hora|uma (?:página
  |lista|frase|hora|vez|coisa|pessoa|pergunta)
"""
# … or something that is there afterwards: 'think about X and write …'.
PRODUCTS = r"""
(?:write|writing|list|note|jot|send|email|tell|draw|bring|choose|pick|record|post|call|book|put|decide|fill
  |print|share (?:it|them)|report|come)
(?:schreib|notier|schick|sende|sag|zeichne|wähl|bring|maile?|ruf|trag|teil)\w*|(?:[\w'-]+ ){0,8}(?:auf|ein
  |mit)?(?:schreiben|notieren|schicken|tragen|bringen|mailen|wählen|zeichnen)
(?:not|écri|envoy|list|choisi|apport|parl|dessin)\w*|(?:apunt|escrib|mánda|mand|envía|enviar|anot|lista|elig
  |trae|dibuj|haz|hacer una)\w*
(?:scriv|annot|manda|invia|elenc|scegli|port|disegn)\w*|(?:schrijf|noteer|stuur|mail|kies|maak|breng|teken)\w*
  |(?:[\w'-]+ ){0,8}(?:op)?(?:schrijven|noteren|sturen|mailen|kiezen)
(?:escrev|anot|envi|mand|list|escolh|traz|desenh|faz)\w*
"""
