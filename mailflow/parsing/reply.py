"""Lines -> the part just written. Stops at quoted text, never at a signature: people write actions after 'Best, Anna'.

Every test looks at one line or at a window of a few; none backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailflow.parsing.lines import Line, is_rule
from mailflow.parsing.words import phrases

# 'On Monday, Anna wrote:' ends like this, in the languages whose mail programs say so.
WROTE = tuple(
    "wrote schrieb geschrieben écrit escribió ha scritto scrisse escreveu geschreven schreef skrev napisał(a) napisał "
    "написал написала пише пишет написав kirjoitti írta yazdı 写道 写道： 在 a scris napsal napsal(a) escrigué".split()
)
# German and Dutch put the date after the verb: 'Anna schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:'
WROTE_INSIDE = ("schrieb am", "schreef op", "schrieb", "schreef", "wrote on", "wrote at")
STARTS = "on am at le el il op em den dnia pe w a 在 в".split()
WINDOW = 6
"""Lines that an attribution may be wrapped over, blank ones counted."""
LONGEST = 500

ORIGINAL_MESSAGE = phrases(
    """
    original message|original appointment|ursprüngliche nachricht|ursprünglicher termin|originalnachricht
    message d'origine|message d’origine|message original|message initial|mensaje original|messaggio originale
    messaggio originario|oorspronkelijk bericht|origineel bericht|mensagem original|mensagem originial
    forwarded message|begin forwarded message|forwarded by|weitergeleitete nachricht
    anfang der weitergeleiteten nachricht
    weitergeleitete e-mail|message transféré|début du message transféré|début du message réexpédié|mensaje reenviado
    inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht
    begin doorgestuurd bericht|mensagem encaminhada|início da mensagem encaminhada
    reply message|vidarebefordrat meddelande
    """
)

HEADER_WORDS = {
    "from": "from von de da van från fra od от expéditeur mittente remetente absender afzender lähettäjä".split(),
    "sent": "sent date gesendet datum envoyé fecha enviado inviato data verzonden skickat sendt отправлено дата am "
    "enviada".split(),
    "to": "to an à a para aan till til кому do destinataire per".split(),
    "cc": "cc kopie kopi copia копия bcc".split(),
    "subject": "subject betreff objet asunto oggetto onderwerp assunto ämne emne тема temat sujet".split(),
    "reply-to": "reply-to antwort risposta répondre responder".split(),
}
_KIND_OF = {word: kind for kind, words in HEADER_WORDS.items() for word in words} | {
    "enviado el": "sent",
    "enviada em": "sent",
    "enviado em": "sent",
    "envoyé le": "sent",
    "rispondi a": "reply-to",
    "antwort an": "reply-to",
    "responder a": "reply-to",
}

_DATE_FIRST = re.compile(
    r"(?:\w{2,12}\.?,? )?"
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}\.? \w{2,12}\.? \d{4})\b"
)
_ADDRESS = re.compile(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}")
_TIME_ZONE = re.compile(r"\bGMT[+-]\d{2}")
_TIME_AT_END = re.compile(r"(?:\d(?: Uhr)?|[ap]\.?m\.?|\d\d\d\d)\s*:$", re.IGNORECASE)


def fresh_lines(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(fresh, quoted). An answer typed below a quote is fresh too, up to the signature that ends it.

    Where the quoted lines carry no mark of their own, all after their introduction is quoted.
    """
    fresh: list[Line] = []
    quoted: list[Line] = []
    below_quote = False
    index = 0
    while index < len(lines):
        line = lines[index]
        introduction = 0 if line.quoted else attribution(lines, index)
        if line.quoted:
            below_quote = True
            quoted.append(line)
            index += 1
        elif introduction and _next_is_quoted(lines, index + introduction):
            below_quote = True
            quoted.extend(lines[index : index + introduction])
            index += introduction
        elif introduction or starts_original(lines, index) or (below_quote and line.text == "--"):
            quoted.extend(lines[index:])
            break
        else:
            fresh.append(line)
            index += 1
    while fresh and (fresh[-1].blank or is_rule(fresh[-1].text)):
        fresh.pop()
    return fresh, quoted


def attribution(lines: Sequence[Line], index: int) -> int:
    """How many lines from here on introduce a quote ('On …, Anna wrote:'), 0 where none do."""
    first = lines[index]
    text = first.text.strip("*_- ")
    if first.marked or not text or len(text) > LONGEST:
        return 0
    if first.text.startswith("--") and first.text.endswith("--"):
        text += ":"  # Zoho: '---- On …, Anna wrote ----'
    if _introduces(text) or (_bare_introduction(text) and _next_is_quoted(lines, index + 1)):
        return 1
    if not _may_start(text):
        return 0
    joined = text
    for extra in range(1, WINDOW):
        if index + extra >= len(lines) or len(joined) > LONGEST:
            return 0
        following = lines[index + extra]
        if following.marked:
            return 0
        # A wrapped '<anna@coach.example\n> wrote:' looks like a quote where it ends.
        joined = f"{joined} {following.text}".strip("*_- ") if following.text else joined
        if following.text and _introduces(joined):
            return extra + 1
        if following.quoted and following.text.rstrip(":").lower() not in ("", *WROTE):
            return 0
    return 0


def _introduces(text: str) -> bool:
    """A whole introduction: who, perhaps when, and the verb or an address at the end."""
    if not text.endswith((":", "：", "写道")):
        return bool(_DATE_FIRST.match(text)) and (
            bool(_TIME_ZONE.search(text)) or (text.endswith(">") and _has_address(text))
        )
    lower = text.lower()
    dated = any(character.isdigit() for character in text)
    if lower.rstrip(" :：-*").endswith(WROTE):
        # 'Read what Sam wrote in 2019:' starts like no introduction.
        return _has_address(text) or (dated and _starts_like_one(lower))
    if dated and any(f" {verb} " in lower for verb in WROTE_INSIDE) and _TIME_AT_END.search(text):
        return True
    return _has_address(text) and (bool(_DATE_FIRST.match(text)) or text.endswith(">:"))


def _has_address(text: str) -> bool:
    return "@" in text and _ADDRESS.search(text) is not None


def _starts_like_one(lower: str) -> bool:
    return lower.split(" ", 1)[0].rstrip(",") in STARTS or bool(_DATE_FIRST.match(lower))


def _bare_introduction(text: str) -> bool:
    """In a language we don't know: it has a year or a time and ends in a colon. Counts only right above a quote."""
    return text.endswith(":") and any(part.isdigit() and len(part) == 4 for part in re.split(r"\W", text))


def _may_start(text: str) -> bool:
    lower = text.lower()
    return _starts_like_one(lower) or "@" in text or text.endswith("<")


def _next_is_quoted(lines: Sequence[Line], index: int) -> bool:
    for line in lines[index : index + WINDOW]:
        if line.quoted or line.text:
            return line.quoted
    return False


def starts_original(lines: Sequence[Line], index: int) -> bool:
    """'-----Original Message-----' and its like, or a block of From:, Sent:, To:, Subject: as Outlook writes it."""
    text = lines[index].text
    if not text or len(text) > 200 or lines[index].marked:
        return False
    bare = text.strip(" -_*=>:").lower()
    if bare in ORIGINAL_MESSAGE and (bare != text.lower() or text[0].isupper()):
        return True
    kind = header_kind(text)
    return kind is not None and _is_header_block(lines, index)


def _is_header_block(lines: Sequence[Line], index: int) -> bool:
    """From and two more of the others, one a line, wrapped values and blank lines allowed."""
    kinds: set[str] = set()
    strange = 0
    for line in lines[index : index + 12]:
        kind = header_kind(line.text)
        if kind:
            kinds.add(kind)
            strange = 0
        elif line.text:
            strange += 1
        if strange > 1 or line.marked:
            break
    return "from" in kinds and len(kinds) >= 3


def header_kind(text: str) -> str | None:
    name, colon, _ = text[:60].replace("*", "").partition(":")
    return _KIND_OF.get(name.strip().lower()) if colon else None
