"""Lines -> the part just written. Stops at quoted text, never at a signature: people write actions after 'Best, Anna'.

Every test looks at one line or at a window of a few; none backtracks. Structure counts before words: an address in
brackets, a date and a colon introduce a quote in any language. What is uncertain counts as quoted: a coach who is
asked once more loses a minute, a client who is sent last month's actions loses trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mailflow.parsing.headings import Section, heading_of
from mailflow.parsing.lines import Line, Marker, is_rule
from mailflow.parsing.prose_words import SENT_FROM
from mailflow.parsing.reply_words import ABOVE_THIS_LINE, HEADER_WORDS, ORIGINAL_MESSAGE, STARTS, WROTE
from mailflow.parsing.words import ACTION_HEADINGS, CLIENT_LABELS, COACH_HEADINGS, SUMMARY_HEADINGS

WINDOW = 6
"""Lines that an attribution may be wrapped over, blank ones counted."""
HEADER_WINDOW = 20
"""Lines that a block of From:, Sent:, To:, Subject: may take, with empty ones between."""
LONGEST = 400
LONGEST_TAIL = 120
LONGEST_NAME = 6
"""Words of a name, with titles and particles."""

_KIND_OF = {word: kind for kind, words in HEADER_WORDS.items() for word in words}
_OWN_HEADINGS = frozenset(ACTION_HEADINGS | COACH_HEADINGS | SUMMARY_HEADINGS | CLIENT_LABELS)
_ORIGINAL_STARTS = tuple(ORIGINAL_MESSAGE)
_VERBS = frozenset(WROTE)
_START = re.compile("(?:" + "|".join(re.escape(start) for start in STARTS) + r")(?!\w)")
# 'See you then. On Tue, Nov 24, 2026 at 10:12, Jane wrote:': what flattens a mail puts both on one line.
_START_INSIDE = re.compile(
    r"(?<=\s)-{0,12}\s{0,2}(?:On|Am|Le|El|Il|Op|Em|Den)\s(?=.{0,60}\d)|-{2,12}\s{0,2}(?:On|Am|Le|El)\s"
)

_COLONS = (":", "：")
_ENDS = (*_COLONS, ">", "-", "*", "_", *WROTE)
_PUNCTUATION = ".,:;：<>()[]\"'-"
_DECORATION = " -_*=#<>|[](){}"
_DATE_FIRST = re.compile(
    r"(?:\w{2,12}\.?,? )?"
    r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}|\d{1,2}\.? \w{2,12}\.? \d{4}"
    r"|\w{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}:\d\d)"
)
_BRACKETED = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s@<>()\[\]]{1,200}@[^\s@<>()\[\]]{1,200}")
_SENDER = re.compile(r"[:：]\*{0,2}\s{0,9}(?:[^\s@<>]+@[^\s@<>]+$|[^@<>\[\]]{0,100}[<\[]\s?(?:mailto:)?[^\s@<>]+@)")
_WORD_COLON = re.compile(r"(?<!\S)\*{0,2}(\w+)\s?[:：]")
_ADDRESS = re.compile(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}")
_YEAR = re.compile(r"\d(?<!\d\d)(?:\d{3}(?!\d)|\d?[-/.] ?\d{1,2}[-/.] ?\d{2}(?!\d))")
_TIME = re.compile(r"\d(?<!\d\d)\d?(?:[:.h]\d\d|시|時|点)(?!\d)")
_TIME_ZONE = re.compile(r"\bGMT[+-]\d{2}")
_ABBREVIATED = re.compile(r"(?:^|[\s.])\w{1,4}\.$")


def fresh_lines(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """(fresh, quoted). An answer typed below a quote is fresh too, up to the signature that ends it.

    Where the quoted lines carry no mark of their own, all after their introduction is quoted. Below a quote a list of
    actions counts only where none stands above: it may be an older mail whose introduction nobody knows.
    """
    fresh: list[Line] = []
    quoted: list[Line] = []
    below_quote = False
    ends = [_may_end(line.text) for line in lines]
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.text and not line.quoted:
            fresh.append(line)
            index += 1
            continue
        introduction = 0 if line.quoted or True not in ends[index : index + WINDOW] else attribution(lines, index)
        if line.quoted:
            below_quote = True
            quoted.append(line)
            index += 1
            if index < len(lines) and not lines[index].quoted and _is_introduction_alone(quoted):
                quoted.extend(lines[index:])
                break
        elif introduction:
            kept, rest = _cut(line) if introduction == 1 else (None, line)
            fresh.extend([kept] if kept else [])
            quoted.extend([rest, *lines[index + 1 : index + introduction]])
            index += introduction
            if not _next_is_quoted(lines, index):
                quoted.extend(lines[index:])
                break
            below_quote = True
        elif starts_original(lines, index) or (below_quote and _ends_answer(lines, index, fresh)):
            quoted.extend(lines[index:])
            break
        else:
            fresh.append(line)
            index += 1
    while fresh and (fresh[-1].blank or is_rule(fresh[-1].text)):
        fresh.pop()
    return fresh, quoted


def _is_introduction_alone(quoted: Sequence[Line]) -> bool:
    """Some programs mark the header of the quoted mail with '>' and not what follows."""
    if len(quoted) > HEADER_WINDOW:
        return False
    lines = [replace(line, quoted=False) for line in quoted if line.text]
    headers = sum(header_kind(line.text) is not None for line in lines)
    return 3 <= headers >= len(lines) - 1 or (len(lines) == 1 and attribution(lines, 0) == 1)


def _ends_answer(lines: Sequence[Line], index: int, fresh: Sequence[Line]) -> bool:
    """Below a quote: a signature, what a mailing list adds, or a second list of actions."""
    text = lines[index].text
    if text == "--" or text.startswith("_" * 20) or text.lower().startswith(SENT_FROM):
        return True
    if not _opens_actions(lines, index):
        return False
    return any(_opens_actions(fresh, above) and not fresh[above].text.partition(":")[2] for above in range(len(fresh)))


def _opens_actions(lines: Sequence[Line], index: int) -> bool:
    heading = heading_of(lines, index, frozenset())
    return heading is not None and heading.section is Section.ACTIONS


def _may_end(text: str) -> bool:
    """Whether an introduction may end with this line; hardly any line of a note does."""
    return text.endswith(_ENDS) or "GMT" in text or ":>" in text


def attribution(lines: Sequence[Line], index: int) -> int:
    """How many lines from here on introduce a quote ('On …, Anna wrote:'), 0 where none do."""
    first = lines[index]
    if not first.text or len(first.text) > LONGEST:
        return 0
    text = _undecorated(first.text)
    if first.marked:
        numbered = first.marker is Marker.NUMBER and _bare_introduction(text) and _next_is_quoted(lines, index + 1)
        return int(numbered or _is_certain(text))
    if _introduces(text) or (_bare_introduction(text) and _next_is_quoted(lines, index + 1)):
        return 1
    if not _may_start(text):
        return 0
    joined = text
    for extra in range(1, WINDOW):
        if index + extra >= len(lines) or len(joined) > LONGEST or _is_complete(joined):
            return 0
        following = lines[index + extra]
        if following.marked or _lower(following.text.strip("*_:： ")) in _OWN_HEADINGS:
            return 0
        # A wrapped '<anna@coach.example\n> wrote:' looks like a quote where it ends.
        if following.quoted and following.text.rstrip(":").lower() not in ("", *WROTE):
            return 0
        if following.text:
            joined = _undecorated(f"{joined} {following.text}")
            if _introduces(joined):
                return extra + 1
            if extra >= 2 and not any(character.isdigit() for character in joined):
                return 0
    return 0


def _undecorated(text: str) -> str:
    """Without bold and what is quoted on the same line, with a colon in place of the dashes: Zoho writes
    '---- On …, Anna wrote ----'."""
    bare = text.partition(":>")[0] + ":" if ":>" in text else text.strip("*_- ")
    return f"{bare}:" if text.endswith("--") and text.startswith("--") else bare


def _is_complete(text: str) -> bool:
    """A sentence or a heading that ended is no first half of an introduction."""
    return text.endswith(("!", "?", *_COLONS)) or (text.endswith(".") and not _ABBREVIATED.search(text))


def _introduces(text: str) -> bool:
    """A whole introduction: who, perhaps when, and the verb or an address at the end."""
    if not _may_end(text):
        return False
    lower = text.lower()
    if lower.partition(":")[0] in _OWN_HEADINGS or lower.split(None, 1)[0].strip(":,") in _OWN_HEADINGS:
        return False  # 'Actions for Jane (jane@client.example), 24 November 2026:'
    year, time = _YEAR.search(text) is not None, _TIME.search(text) is not None
    dated = year or time
    bracketed = "@" in text and _BRACKETED.search(text) is not None
    ends_in_verb = lower.rstrip(" :：-*").endswith(WROTE)
    if not text.endswith(_COLONS):
        if ends_in_verb:
            return dated and _starts_like_one(lower) and (bracketed or (year and time))
        return _DATE_FIRST.match(text) is not None and (bracketed or _TIME_ZONE.search(text) is not None)
    if bracketed and (
        ends_in_verb
        or ((year or (time and _starts_like_one(lower))) and _words_after_facts(text) <= 3)
        or (text.endswith((">:", "):", "]:")) and len(text.split()) <= LONGEST_NAME)
    ):
        return True
    if ends_in_verb:
        named = "@" in lower.split(None, 1)[0] and len(lower.split()) <= 3
        return named or (dated and (_starts_like_one(lower) or _has_address(text))) or (year and time)
    return (year and time and _has_address(text)) or _verb_inside(lower, year=year, time=time)


def _words_after_facts(text: str) -> int:
    """Words behind the last address, day and time: a verb, perhaps with its object, in a language we may not know."""
    text = text[-LONGEST_TAIL:]
    ends = [found.end() for pattern in (_BRACKETED, _YEAR, _TIME) for found in pattern.finditer(text)]
    return sum(word.strip(_PUNCTUATION) != "" for word in text[max(ends, default=0) :].split())


def _has_address(text: str) -> bool:
    return "@" in text and _ADDRESS.search(text) is not None


def _verb_inside(lower: str, *, year: bool, time: bool) -> bool:
    """German, Dutch and others put the name last, 'Am 28.4.2017 um 11:53 schrieb Anna Berg:', or the date."""
    words = [word.strip(_PUNCTUATION) for word in lower.split()]
    at = next((index for index, word in enumerate(words) if word in _VERBS), None)
    if at is None or not (year and time):
        return False
    after = [word for word in words[at + 1 :] if word]
    if any(character.isdigit() for word in after for character in word):
        return len(after) <= 2 * LONGEST_NAME
    return _starts_like_one(lower) and len(after) <= LONGEST_NAME


def _is_certain(text: str) -> bool:
    """Where the line has a list marker: '24. nov. 2026 kl. 10.12 skrev Anna <…>:' starts like a numbered item."""
    if not text.endswith(_COLONS) or not _TIME.search(text) or not _introduces(text):
        return False
    return _BRACKETED.search(text) is not None or text.lower().rstrip(" :：-*").endswith(WROTE)


def _cut(line: Line) -> tuple[Line | None, Line]:
    """(what was written before an introduction on the same line, the introduction)."""
    for found in _START_INSIDE.finditer(line.text):
        before, tail = line.text[: found.start()].strip(), line.text[found.start() :]
        if before and _introduces(_undecorated(tail)):
            return replace(line, text=before), Line(tail.strip())
    return None, line


def _starts_like_one(lower: str) -> bool:
    return _START.match(lower) is not None or _DATE_FIRST.match(lower) is not None


def _bare_introduction(text: str) -> bool:
    """In a language we don't know: it has a year or a time and ends in a colon. Counts only right above a quote."""
    if not text.endswith(_COLONS):
        return False
    return bool(_YEAR.search(text) or _TIME.search(text)) or (
        text.lower().rstrip(" :：-*").endswith(WROTE) and any(character.isdigit() for character in text)
    )


def _may_start(text: str) -> bool:
    return "@" in text or text.endswith(("<", "(", ",")) or _starts_like_one(text.lower())


def _next_is_quoted(lines: Sequence[Line], index: int) -> bool:
    for line in lines[index : index + WINDOW]:
        if line.quoted or line.text:
            return line.quoted
    return False


def starts_original(lines: Sequence[Line], index: int) -> bool:
    """'-----Original Message-----' and its like, or a block of From:, Sent:, To:, Subject: as Outlook writes it."""
    text = lines[index].text
    if not text or len(text) > LONGEST or (lines[index].marked and lines[index].marker is not Marker.BULLET):
        return False
    if text[0].isalnum() and ":" not in text and "：" not in text and (len(text) > 60 or text[0].islower()):
        return False
    bare = _lower(text.strip(" -_*=<>:：[]"))
    if bare in ORIGINAL_MESSAGE and len(bare) < len(text):
        return True
    ruled = text[0] in _DECORATION and len(text) - len(text.lstrip(_DECORATION)) >= 2
    if (ruled or text[0] == "[") and (
        bare.startswith(_ORIGINAL_STARTS)
        or any(phrase in bare for phrase in ABOVE_THIS_LINE)
        # '---- Anna Berg wrote ----', as some Android programs do.
        or (
            bare.endswith(WROTE) and text.startswith("--") and text.endswith("--") and len(bare.split()) <= LONGEST_NAME
        )
    ):
        return True
    return not lines[index].marked and header_kind(text) is not None and _is_header_block(lines, index)


def _is_header_block(lines: Sequence[Line], index: int) -> bool:
    """Two or more of the header's lines, one of which says who sent it; wrapped values and blank lines allowed.

    'From: fear', 'To: trust' is no header: an address or a moment belongs to it, or all four lines.
    """
    first = lines[index].text
    if header_kind(first) == "from" and _SENDER.search(first):
        return True
    # What flattens a mail puts the whole header on one line.
    kinds = {_KIND_OF[word] for word in _WORD_COLON.findall(_lower(first)) if word in _KIND_OF}
    addressed = dated = False
    strange = 0
    for line in lines[index : index + HEADER_WINDOW]:
        kind = header_kind(line.text)
        if kind:
            kinds.add(kind)
            strange = 0
        elif line.text:
            strange += 1
        if strange > 1 or line.marked:
            break
        addressed = addressed or ("@" in line.text and _ADDRESS.search(line.text) is not None)
        dated = dated or (kind == "sent" and (_YEAR.search(line.text) or _TIME.search(line.text)) is not None)
        if "from" in kinds and (len(kinds) >= 4 or (len(kinds) >= 3 and ("sent" in kinds or addressed))):
            return True
    if "from" not in kinds:
        return {"sent", "to"} <= kinds and addressed and dated
    return (len(kinds) >= 2 and addressed) or ({"from", "sent"} <= kinds and dated)


def header_kind(text: str) -> str | None:
    name, colon, _ = text[:60].replace("*", "").replace("：", ":").partition(":")
    return _KIND_OF.get(_lower(name.strip())) if colon else None


def _lower(text: str) -> str:
    """'İ' becomes 'i' and a dot of its own."""
    return text.lower().replace("\u0307", "")
