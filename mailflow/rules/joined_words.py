"""Verbs, what joins two actions, and what makes one of them: data for joined.py, a grammar or two a language."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Grammar:
    """How two actions are joined in a language.

    `first` and `second` find a verb with something that is done with it, each in its half. The halves are one action
    where `leaning` is found in the second, or where both patterns of a pair of `one` are found, each in its half.
    """

    joints: re.Pattern[str]
    first: re.Pattern[str]
    second: re.Pattern[str]
    leaning: re.Pattern[str]
    one: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    verb_last: bool = False


_ANYTHING = re.compile("")

# --- English ---------------------------------------------------------------------------------

# Verbs that are nothing else, or hardly: what follows may be any word.
_VERBS_EN = "|".join(
    """
    accept add adopt agree allow apologise apologize apply arrange ask assemble attend avoid bake become begin bring
    build buy calculate cancel categorise celebrate choose clarify collect communicate compare complete compose confirm
    connect consider create decide declutter delegate delete deliver describe design discuss donate download draw eat
    email encourage enrol enroll enter explain explore fetch fill find finish fix forgive gather get give go hand
    identify improve inform install introduce invite join keep learn leave let listen make meet meditate memorise
    mention negotiate notify observe obtain organise organize paint pay photograph pick practise prepare prioritise
    prioritize prune publish put read recycle reduce reflect register rehearse remind remove renew repair repeat replace
    reply request reschedule resign rewrite say schedule see sell send share sketch speak spend stop subscribe submit
    summarise summarize swap take talk tell thank think throw translate try unfollow uninstall unsubscribe update upload
    vacuum visit wake wash watch wear weed weigh worry write
    """.split()
)
# Verbs that are nouns or adjectives too: they need an object that begins like one …
_EITHER_EN = "|".join(
    """
    answer be bike block book call change charge chat check clean clear close coach comment contact cook copy count
    cut cycle dance date do draft dress drink drive drop dust empty end exercise exit express face feed file film focus
    follow fold free grow have heat help hike hold hoover ice interview iron jog jot kick laminate lay light list
    lock log look mail manage map mark measure message mop move name note offer open order pack park phone pitch place
    plan plant play polish post practice present print quote raise rank rate record rent report research reserve rest
    return review ride ring run save scan score search set show shower sign sing sleep sort start stick stay stretch
    study sweep swim switch tape test text tidy time top touch track train transfer turn type use view volunteer walk
    warm water wipe work wrap xerox
    """.split()
)
# … or a way to go.
_MOVING_EN = "check|cycle|drive|exercise|hike|jog|listen|log|look|rest|ride|run|search|sign|sleep|swim|walk|work"
_OBJECT_EN = (
    r"(?:(?:the|a|an|my|your|his|her|our|their|this|that|these|those|some|any|all|every|each|both|another|more|less"
    r"|better|one|two|three|four|five|six|ten|half|at least|up|out|off|down|away|through|ahead|mum|mom|dad|mother"
    r"|father|grandma|granny|grandpa|hr|people)\b|[\d£$€'\"“]|(?-i:[A-ZÄÖÜÉ]))"
)
_FIRST_EN = re.compile(
    rf"^(?:{_VERBS_EN}|{_EITHER_EN}) (?:(?:up|out|down|off|over|through|back|in|on|about) )?(?!(?:up|out|off|down)$)\S",
    re.IGNORECASE,
)
_SECOND_EN = re.compile(
    rf"^(?:(?:{_VERBS_EN}) \S|(?:{_EITHER_EN}) {_OBJECT_EN}|(?:{_MOVING_EN}) (?:for|on|with|to|at|in|around|along)\b)",
    re.IGNORECASE,
)
_JOINTS_EN = re.compile(
    r"(?:,? and (?:then |also |please )?|,? (?:then|also|plus|as well as) |\s*[;&+] *|\.\s+(?=[A-Z]))"
    r"(?:(?:also|then|please) )?(?:(?:i|you|we)(?:['’]ll| will| want to| need to)? )?(?=[a-z])",
    re.IGNORECASE,
)
# Makes room for the second half or is the way to it.
_WAY_TO_IT_EN = re.compile(
    r"^(?:sit|stop|pause|breathe|go|come|log in|lie|stand|get up|wake up|set (?:an?|the|your"
    r"|my) (?:\S+ )?(?:timer|alarm)"
    r"|(?:take|spend|block|use|find|book|reserve|set aside) (?:\S+ )?(?:\S+ )?(?:\d+|an|one"
    r"|half an)? ?(?:min(?:ute)?s?|hours?|moment|time)"
    r"|(?:turn|switch) (?:\S+ ){0,3}off|close|turn off|put (?:\S+ ){0,3}away|choose|pick|open (?:the|your"
    r"|my|a) (?:app|laptop|notebook|calendar|document|file|diary|book|journal))\b",
    re.IGNORECASE,
)
_BACK_EN = re.compile(
    r"\b(?:it|them|him|its|thereof|there|afterwards)\b|\bher(?= (?:about|for|to|if|whether|what|how|when"
    r"|why|that)\b|$)"
    r"|\b(?:the|your|my) (?:results?|answers?|numbers?|totals?|outcomes?|scores?|findings|insights"
    r"|replies|reply|feedback"
    r"|responses?|notes|differences?|first one|best one|best|one)\b|\b(?:this|that|these|those)(?= *(?:$"
    r"|[.,;!]|to|with))"
    r"|^(?:send|share|bring|hand|give|show|read|submit|post|return|take|listen|compare|discuss) (?:to|with)\b"
    r"|^listen back\b|^(?:send|hand|give|read|post|return|take|bring|listen) (?:in|back|over|aloud"
    r"|out loud)$|^(?:send|email|text|bring|show|tell) me\b"
    r"|^(?:show|send|give|hand|bring|read|tell) (?-i:[A-Z]\S*)$|^(?:show|tell) (?:my|your|the) \S+$"
    r"|\b(?:what|how) (?:happens|happened|you notice|you feel|you felt|changes|changed|comes up|it)\b",
    re.IGNORECASE,
)
_CONTACT_EN = re.compile(
    r"^(?:call|phone|ring|email|text|message|contact|invite|write to|meet|see|visit|speak|talk|ask)\b", re.IGNORECASE
)
_ASKING_EN = re.compile(
    r"^(?:ask (?=about|for|if|whether|how|what|when|to|why|that)|say|explain|agree|request|thank|discuss"
    r"|find out|apologi[sz]e"
    r"|check (?=if|whether)|arrange|tell (?=him|her|them)|share|suggest|invite (?=him|her)|offer"
    r"|negotiate|confirm|listen)",
    re.IGNORECASE,
)
_TAKING_IN_EN = re.compile(
    r"^(?:read|watch|listen|look|review|go through|think|reflect|consider|observe|notice|count|rate|weigh"
    r"|measure|track|visit|attend)\b",
    re.IGNORECASE,
)
_WRITING_UP_EN = re.compile(
    r"^(?:write (?:down|what|how|why|one|two|three|\d|notes|a (?:note|sentence|summary|short|paragraph))"
    r"|note|list|jot|summari[sz]e|log|record"
    r"|take notes|make notes|highlight|underline|pick|choose|mark|tell|share)\b",
    re.IGNORECASE,
)

# --- German and Dutch: the verb stands at the end of its half, or begins it as an imperative -----

_JOINTS_DE = re.compile(
    r"(?:,? und (?:dann |auch |außerdem |danach |anschließend |zusätzlich )?|,? (?:dann|danach"
    r"|anschließend|außerdem|sowie|zudem) "
    r"|\s*[;&+] *|\.\s+(?=[A-ZÄÖÜ]))(?:(?:ich|du) )?",
)
# End like an infinitive and are none.
_NO_INFINITIVE_DE = (
    r"(?:(?:[mds]|k)?ein|ihr|uns|eur|d|dies|jed|jen|all|viel|beid|erst|nächst|letzt|neu|alt|klein|groß"
    r"|gut|eigen|offen)e[nr]n?"
    r"|wegen|gegen|zwischen|neben|oben|unten|innen|außen|morgen|zusammen|gestern|eben|sieben|extern|gern"
    r"|daneben|ihnen|denen"
    r"|modern|hintern|kosten|wochen|tagen|monaten|seiten|minuten|stunden"
)
_INFINITIVE_DE = re.compile(
    rf"\S (?!(?:{_NO_INFINITIVE_DE})(?!\w))(?:[a-zäöüß]+(?:en|ern|eln)|tun|sein)"
    r"(?: (?:an|für|mit|bei|über|zu|in|auf|von|wegen) .*)?[\s.!,;()]*$"
)
_IMPERATIVES_DE = re.compile(
    r"^(?:ruf|schreib|schick|kauf|mach|lies|geh|frag|buch|bestell|notier|sag|sprich|bring|räum|hol|zahl"
    r"|bezahl|meld|sende?"
    r"|überweis|such|plan|trag|back|koch|lauf|trink|iss|schlaf|verkauf|lösch|kündig|vereinbar|organisier"
    r"|unterschreib|druck"
    r"|erstell|besuch|triff|sammle?|ordne|sortier|putz|reparier|lern|üb|übe|nimm|gib|leg|stell|häng|pack"
    r"|öffne|schließ|denk|arbeit"
    r"|versuch|bereite?|bitte|informier|teil|lade?|zeichne|male?|repariere|rede|telefonier|probier"
    r"|verabrede|beantrag|prüf|entscheide?"
    r"|erzähl|lass|führ|beginn|fang|hör|schau|aktualisier|installier|registrier|besorg|hol|wasch|gieß"
    r"|pfleg|such|miss|zieh|dreh|nutz|les)e?(?: dich| dir| mich| mir)?(?= \S)",
    re.IGNORECASE,
)
_BACK_DE = re.compile(
    r"(?<!\w)(?:es|ihn|ihm|ihnen|dabei|davon|darüber|dazu|damit|daraus|darin|dafür|daran|darauf|dort)(?!\w)"
    r"|^(?:zu|zur|zum|an|in|ins|im|mit|bei|beim|auf|nach|per|mir|dir)(?: \S+){0,4} (?:mit|ab|ein|auf|vor)?"
    r"(?:bringen|schicken|senden|geben|hängen|legen|reichen|zeigen|besprechen|teilen|mailen|stellen|lesen)$"
    r"|^(?:\w+ )?sie(?!\w)|^(?:das|dies|diese|dieses) (?-i:[a-zäöüß]+)$"
    r"|(?<!\w)(?:das|die) (?:ergebnis\w*|antwort\w*|zahl(?:en)?|notizen|rückmeldung\w*)",
    re.IGNORECASE,
)
_CONTACT_DE = re.compile(
    r"(?:anrufen|telefonieren|kontaktieren|treffen|sprechen|reden|anschreiben|fragen|gehen|hinsetzen"
    r"|nehmen)[\s.,]*$"
)
_ASKING_DE = re.compile(
    r"^(?:nach|um|ob|wegen|über|für|was|wie|wann)(?!\w)|.*(?:besprechen|klären|nachfragen|bitten|erklären"
    r"|entschuldigen|bedanken)$"
    r"|(?:einen|den) termin",
    re.IGNORECASE,
)
_WAY_TO_IT_DE = re.compile(
    r"(?:hinsetzen|aufstehen|gehen|ausschalten|weglegen|zumachen|(?:timer|wecker) stellen|zeit nehmen)[\s.,]*$",
    re.IGNORECASE,
)
_TAKING_IN_DE = re.compile(
    r"(?:lesen|durchlesen|anschauen|ansehen|anhören|beobachten|zählen|nachdenken|überlegen|reflektieren"
    r"|messen)[\s.,]*$"
)
_WRITING_UP_DE = re.compile(
    r"^.*(?:notieren|aufschreiben|zusammenfassen|festhalten|eintragen|markieren|auswählen|unterstreichen"
    r"|auflisten)[\s.,]*$"
)
_JOINTS_NL = re.compile(
    r"(?:,? en (?:dan |ook |daarna |vervolgens )?|,? (?:dan|daarna|vervolgens|ook) |\s*[;&+] *"
    r"|\.\s+(?=[A-Z]))(?:(?:ik|je) )?",
)
_INFINITIVE_NL = re.compile(
    r"\S (?:(?:op|af|uit|in|aan|mee|na|door|over|voor|terug|langs|weg|schoon|klaar|be|ver|ont"
    r"|her|toe|bij|om)?"
    r"(?:bellen|schrijven|sturen|kopen|lezen|maken|vragen|boeken|betalen|brengen|halen|doen|gaan|lopen"
    r"|wandelen|fietsen"
    r"|zwemmen|koken|eten|drinken|slapen|werken|denken|zijn|worden|nemen|geven|zetten|leggen|ruimen"
    r"|leveren|dienen|melden"
    r"|zeggen|zoeken|plannen|regelen|spreken|praten|luisteren|oefenen|leren|kijken|bestellen|verkopen"
    r"|poetsen|wassen"
    r"|repareren|printen|mailen|appen|invullen|tekenen|vullen|stellen|houden|sluiten|openen|werpen|zorgen"
    r"|letten|omgaan"
    r"|bakken|schilderen|sporten|trainen|bespreken|versturen|verzenden|bezoeken|ontmoeten|updaten"
    r"|opstellen|sparen"
    r"|storten|stoppen|beginnen|delen|bewegen|voeren|bieden|pakken|leveren|steken|gieten|trekken|hangen|noteren"
    r"|organiseren|annuleren|reserveren|solliciteren|afspreken|communiceren|reflecteren|focussen"
    r"|verbeteren))(?: (?:aan|voor|met|bij|over|naar|in|op|van) .*)?[\s.!,;()]*$"
)
_IMPERATIVES_NL = re.compile(
    r"^(?:bel|schrijf|stuur|koop|lees|maak|vraag|boek|betaal|breng|haal|doe|ga|loop|wandel|fiets|zwem|kook"
    r"|eet|drink|neem|geef"
    r"|zet|leg|ruim|lever|dien|meld|zeg|zoek|plan|regel|spreek|praat|luister|oefen|leer|kijk|bestel"
    r"|verkoop|was|repareer|print"
    r"|mail|app|vul|teken|verstuur|bezoek|update|spaar|stort|deel|pak|noteer|organiseer|annuleer"
    r"|reserveer|solliciteer|werk"
    r"|denk|probeer|verbeter|wees|gooi|verwijder|bereid|kies|open|zeg)(?= \S)",
    re.IGNORECASE,
)
_BACK_NL = re.compile(
    r"(?<!\w)(?:hem|ermee|erover|eraan|erin|daarover|daarmee|hen)(?!\w)|^(?:dit|dat|het|ze|die"
    r"|deze) \S+en$|^\w+ (?:ze|het|dit|die)(?= (?:op|naar|aan|in|mee|af|door|terug)\b|$)"
    r"|^(?:naar|aan|in|met|bij|op|per)(?: \S+){0,4} (?:mee|op|in|af)?(?:brengen|nemen|sturen|geven|hangen"
    r"|leggen|delen|bespreken|mailen|leveren)$"
    r"|(?<!\w)(?:de|het) (?:resultaat|resultaten|antwoord\w*|uitkomst)",
    re.IGNORECASE,
)
_CONTACT_NL = re.compile(r"(?:bellen|mailen|spreken|appen|vragen|gaan|zitten)[\s.,]*$")
_ASKING_NL = re.compile(r"^(?:naar|om|of|over|wat|hoe)(?!\w)|een afspraak")
_TAKING_IN_NL = re.compile(r"(?:lezen|kijken|luisteren|nadenken|tellen)[\s.,]*$")
_WRITING_UP_NL = re.compile(r"^.*(?:noteren|opschrijven|samenvatten)[\s.,]*$")

# --- French, Spanish, Italian, Portuguese: the verb begins its half ------------------------------

# End like an infinitive and are none.
_NO_VERB_ROMANCE = (
    r"(?:papier|cahier|courrier|dossier|clavier|dîner|dernier|premier|loyer|panier|atelier|métier"
    r"|escalier|calendrier|hiver|mer|cher|fer|hier|avenir"
    r"|plaisir|loisir|désir|soir|espoir|miroir|devoir|pouvoir|savoir|sentier|chantier|quartier|janvier"
    r"|février|particulier|mujer|lugar|hogar|taller"
    r"|alquiler|azúcar|bar|mar|par|por|dólar|familiar|mejor|mayor|menor|ayer|poder|deber|placer|altare"
    r"|mare|affare|mestiere|bicchiere|potere|genere|sedere"
    r"|mulher|celular|lar|jantar|colher|açúcar|qualquer|melhor|maior|menor|pior|amor|valor|color|calor"
    r"|dolor|favor|professor\w*|doctor\w*|doutor\w*|señor\w*|autor|motor|amore|maggior\w*|miglior\w*"
    r"|cuir|kir|elixir|super|hyper|leader|manager|trainer|flyer|partner|computer|mister|master|number|flair)"
)
_VERB_ROMANCE = re.compile(
    rf"^(?!(?:{_NO_VERB_ROMANCE})(?!\w))(?:"
    # infinitives
    r"[^\W\d_]{2,}(?:er|ir|oir)|[^\W\d_]{2,}(?:are|ere|ire|rre)|[^\W\d_]+[aeiíô]r(?:me|te|se|mi|ti|si|-me"
    r"|-se)?|ir|dar|ver|dire|fare|stare|andare"
    r"|(?:ap|com|sur|re)?prendre|(?:re|in|sou)?(?:crire|écrire|inscrire|lire|faire|mettre|rendre|vendre"
    r"|répondre|boire|dire|suivre|attendre|joindre"
    r"|construire|traduire|conduire|peindre|remettre|descendre|être|vivre|connaître)"
    # imperatives and the first person
    r"|appelle|téléphone|écris|envoie|achète|lis|fais|demande|range|prends|note|cherche|réserve|paie|paye"
    r"|remplis|imprime|va|parle|choisis|dis|vends|prépare"
    r"|llama|escribe|envía|manda|compra|lee|haz|pide|pregunta|ordena|reserva|paga|busca|prepara|habla"
    r"|apunta|vende|limpia|ve|di|pon|cancela|organiza|piensa|intenta|trata"
    r"|chiama|telefona|scrivi|invia|compra|leggi|fai|chiedi|prenota|paga|cerca|prepara|parla|vendi"
    r"|pulisci|porta|metti|prova|pensa|annota"
    r"|liga|telefona|escreve|escreva|envia|envie|lê|leia|faz|faça|pede|peça|pergunta|marca|marque|arruma"
    r"|arrume|procura|limpa|limpe|fala|fale|vende|prepare|tenta|ligue|compre"
    r") \S",
    re.IGNORECASE,
)
_BACK_ROMANCE = re.compile(
    r"^\S+(?:-l[aeo]s?|-[oa]s?|-les?|-moi)\b|^(?:le|la|les|l['’]|lui|leur|lo|los|las|gli|li|ne|en|y)(?!\w)"
    r"|^(?:envoyer|apporter|montrer|partager|enviar|mandar|llevar|traer|compartir|mostrar|inviare|mandare"
    r"|portare|condividere|mostrare|levar|trazer"
    r"|partilhar|compartilhar|discuter|discutere|comentar|discutir) (?:à|au|aux|avec|a|al|con|alla|ai"
    r"|para|com|ao|à|chez)(?!\w)"
    r"|^(?:mand|envi|tra|mostr|cont)[ae]r(?:me|mi)(?!\w)|^m['’]envoyer|^[^\W\d_]+r(?:l[oaie]s?|gli|ne"
    r"|[mt]el[oa]s?|sel[oa]s?|gliel\w)(?!\w)|(?<!\w)(?:les? résultats?|la réponse|el resultado"
    r"|la respuesta|il risultato|la risposta|o resultado|a resposta)",
    re.IGNORECASE,
)
_CONTACT_ROMANCE = re.compile(
    r"^(?:appel|téléphon|contact|rencontr|llam|telefone|telefon|contat|chiam|lig|fal|habl|parl|hable|all"
    r"|aller|ir|andare|vai|va|ve|voir|ver)\w*\b",
    re.IGNORECASE,
)
_ASKING_ROMANCE = re.compile(
    r"^(?:demander (?!à)|demande (?!à)|poser|fixer|expliquer|remercier|dire|pedir (?!a )|preguntar"
    r"|explicar|chiedere (?!a)|domandare|spiegare|perguntar|pedir|"
    r"agradecer|ringraziare|proposer|proponer|proporre|propor|pide|pregunta|chiedi|pede|pergunta)",
    re.IGNORECASE,
)
_TAKING_IN_ROMANCE = re.compile(
    r"^(?:lire|lis|relire|regarder|écouter|réfléchir|observer|compter|leer|lee|ver|mirar|escuchar|pensar"
    r"|observar|contar|leggere|leggi|guardare|ascoltare"
    r"|riflettere|pensare|osservare|contare|ler|leia|ouvir|refletir|piensa|pense)\b",
    re.IGNORECASE,
)
_WRITING_UP_ROMANCE = re.compile(
    r"^(?:noter|note|écrire|écris|résumer|souligner|choisir|lister|anotar|apuntar|escribir|apunta|anota"
    r"|escribe|resumir|subrayar|elegir|annotare|scrivere"
    r"|annota|scrivi|riassumere|sottolineare|scegliere|escrever|escreva|escolher|listar|sublinhar)\b",
    re.IGNORECASE,
)
_JOINTS_ROMANCE = (
    re.compile(
        r"(?:,? et (?:puis |aussi |ensuite )?|,? (?:puis|ensuite|aussi) |\s*[;&+] *|\.\s+(?=[A-ZÉ]))", re.IGNORECASE
    ),
    re.compile(
        r"(?:,? y (?:luego |también |después )?|,? e (?=i|hi)|,? (?:luego|después|además|también),? )", re.IGNORECASE
    ),
    re.compile(
        r"(?:,? ed? (?:poi |anche |dopo |depois |também )?|,? (?:poi|inoltre|anche|depois|também"
        r"|além disso),? )",
        re.IGNORECASE,
    ),
)

GRAMMARS = (
    Grammar(
        _JOINTS_EN,
        _FIRST_EN,
        _SECOND_EN,
        leaning=_BACK_EN,
        one=((_WAY_TO_IT_EN, _ANYTHING), (_CONTACT_EN, _ASKING_EN), (_TAKING_IN_EN, _WRITING_UP_EN)),
    ),
    Grammar(
        _JOINTS_DE,
        _INFINITIVE_DE,
        _INFINITIVE_DE,
        leaning=_BACK_DE,
        one=((_WAY_TO_IT_DE, _ANYTHING), (_CONTACT_DE, _ASKING_DE), (_TAKING_IN_DE, _WRITING_UP_DE)),
        verb_last=True,
    ),
    Grammar(_JOINTS_DE, _IMPERATIVES_DE, _IMPERATIVES_DE, leaning=_BACK_DE, one=()),
    Grammar(
        _JOINTS_NL,
        _INFINITIVE_NL,
        _INFINITIVE_NL,
        leaning=_BACK_NL,
        one=((_CONTACT_NL, _ASKING_NL), (_TAKING_IN_NL, _WRITING_UP_NL)),
        verb_last=True,
    ),
    Grammar(_JOINTS_NL, _IMPERATIVES_NL, _IMPERATIVES_NL, leaning=_BACK_NL, one=()),
    *(
        Grammar(
            joints,
            _VERB_ROMANCE,
            _VERB_ROMANCE,
            leaning=_BACK_ROMANCE,
            one=((_CONTACT_ROMANCE, _ASKING_ROMANCE), (_TAKING_IN_ROMANCE, _WRITING_UP_ROMANCE)),
        )
        for joints in _JOINTS_ROMANCE
    ),
)
# Stand before the verb and say nothing about what is done.
SUBJECTS = re.compile(
    r"(?:please )?(?:(?:i|you|we)(?:['’]ll| will| want to| need to| am going to)? )?(?:also |to )?"
    r"(?:(?:ich|ik|je vais|je|voy a|quiero|voglio|vou|quero) )?(?:werde |ga |zal |wil )?",
    re.IGNORECASE,
)
# Words that two halves may share without being about the same thing.
FUNCTION_WORDS = frozenset(
    """
    with your about from this that will what then also some them they their when before after every each more less
    better have into over week time minutes today tomorrow
    meine meinen meiner meinem deine deinen deiner eine einen einer einem dann auch über diese dieser nach mehr
    dans pour avec chez plus moins cette para sobre menos esta este como della delle nella alla sono voor naar over mijn
    """.split()
)
