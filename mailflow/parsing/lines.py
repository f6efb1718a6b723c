"""Text -> lines that know their list marker, indent and whether they are quoted; html.py makes the same of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Marker(StrEnum):
    NONE = "none"
    BULLET = "bullet"
    NUMBER = "number"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as its reader sees it: the marker taken off, white space collapsed.

    `indent` is in columns for text and in nesting levels times `html.LEVEL` for HTML, so that deeper is always more.
    `heading` says that the whole line is bold, underlined or an <h1> to <h6>. `wrapped` says that the line break
    after it may be a mail program's rather than its writer's. `sign` tells kinds of markers apart ('1', 'a', '•'),
    and `typed` is the number as it was typed ('2)'), '' where none was. `cells` are there where the line is a row of a
    table.
    """

    text: str
    indent: int = 0
    marker: Marker = Marker.NONE
    ticked: bool = False
    quoted: bool = False
    heading: bool = False
    wrapped: bool = False
    sign: str = ""
    typed: str = ""
    cells: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.text and self.marker is Marker.NONE

    @property
    def marked(self) -> bool:
        return self.marker is not Marker.NONE


BLANK = Line("")
MAX_LINES = 10_000
"""Lines of a body that are looked at: what was just written stands at its top, however long the quote below it is."""
MAX_LINE = 10_000
"""Characters of a line that are looked at; no person writes longer ones."""

# Zero-width characters that mail programs and web editors leave behind, and the marks of writing from right to left;
# the variation selector belongs to emoji.
_INVISIBLE = dict.fromkeys(
    [
        0xAD,
        0x61C,
        0x200B,
        0x200C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
        0xFE0E,
        0xFE0F,
        0xFEFF,
    ]
)
_HAS_INVISIBLE = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]")
_ROMAN = frozenset({"ii", "iv", "vi"})
_BULLETS = "*•‣⁃·●○◦▪▫■□◆◇▸▹►➤➢→–—−"
_WINGDINGS = "§Øü»"
"""What text parts have left of Word's bullets."""
_CHECKBOX = re.compile(r"[-*+•]?\s{0,4}(?:\[(?P<box>[ xX✓✔]?)\]|(?P<sign>[☐☑☒⬜]))\s*")
_MARKER = re.compile(
    r"(?P<bullet>\*{2,3}\s+(?=[^*]+$)|[-+]\s+|[-+]$|-(?=[^\W\d_])|["
    + _BULLETS
    + r"](?:\s+|$)|[•●▪■‣➢►](?=\w)|\*(?=[^\W_][^*]*$)|[-=]+>\s*(?=\S)|["
    + _WINGDINGS
    + r"]\s+(?=[^\W\d_])|o(?:\s{2,}|\t))"
    r"|(?P<number>\(?\d{1,2}[.)](?:\s+|$)|\d{1,2}[/:]\s+(?=[^\W\d_])|#\d{1,2}[.:)]?\s+(?=[^\W\d_])|\d{1,2}\s+[-–]\s+(?=[^\W\d_])|\d{1,2}[.)](?=[^\W\d_])|\d\u20e3\s*|\(?[a-hA-H]\)\s+"
    r"|[a-h]\.\s+(?=\w{2})|\(?(?:i{1,3}|iv|vi{0,3})[.)]\s+)"
)
# Dingbats, arrows and pictographs: 'emoji bullets'. Not the keycaps, which are numbers.
_EMOJI = re.compile(
    r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff][\U0001f3fb-\U0001f3ff]?(?:\s+(?=\S)|(?=\w))"
)
_QUOTE = re.compile(r"(?:>[ \t]?)+")


def text_lines(text: str, *, flowed: bool = False) -> list[Line]:
    """The lines of a text/plain body; `flowed` honours RFC 3676, with its soft breaks already taken out."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MAX_LINES)
    del raw[MAX_LINES:]
    if flowed:
        raw = unflow(raw)
    # A break is perhaps the mail program's where some line comes near the widths they wrap at.
    width = max((len(line) for line in raw if len(line) <= 80 and not line.startswith(">")), default=0)
    lines = [_text_line(line) for line in raw]
    if width >= 60:
        lines = [
            replace(line, wrapped=True) if len(here) + 1 + _first_word(after) > width else line
            for line, here, after in zip(lines, raw, [*raw[1:], ""], strict=True)
        ]
    return join_bare_markers(lines)


def unflow(raw: list[str]) -> list[str]:
    """RFC 3676 4.1: a line that ends in a space goes on in the next one of the same quote depth; '-- ' does not."""
    joined: list[str] = []
    soft = False
    depth = 0
    for line in raw:
        quotes = len(line) - len(line.lstrip(">"))
        content = line[quotes:].removeprefix(" ")
        if soft and quotes == depth:
            joined[-1] += content
        else:
            joined.append(">" * quotes + (" " if quotes else "") + content)
        soft = content.endswith(" ") and content != "-- " and len(joined[-1]) < MAX_LINE
        depth = quotes
    return joined


def _text_line(raw: str) -> Line:
    raw = raw[:MAX_LINE]
    cells = _cells(raw)
    stripped = raw.lstrip()
    # Not those behind it: Outlook's second-level bullet is an 'o' and a tab.
    raw = raw[: len(raw) - len(stripped)].expandtabs(4) + stripped
    quoted = stripped.startswith(">")
    if quoted:
        raw = raw[raw.index(">") :]
        raw = raw[_prefix(raw) :]
        stripped = raw.lstrip()
    line = split_marker(stripped)
    if len(raw) == len(stripped) and not quoted and not cells:
        return line
    return replace(line, indent=line.indent + len(raw) - len(stripped), quoted=quoted, cells=cells)


def _cells(raw: str) -> tuple[str, ...]:
    """The cells of '| Call Sam | Friday |', or of what a spreadsheet copies: texts with tabs between them."""
    bare = raw.strip(" ")
    if " | " in bare or (bare.startswith("|") and bare.count("|") >= 2):
        inner = bare.removeprefix("|").removesuffix("|")
        return tuple(tidy(cell) for cell in inner.split("|"))
    if "\t" in bare.strip() and not split_marker(bare).marked:
        return tuple(tidy(cell) for cell in bare.split("\t"))
    return ()


def _prefix(raw: str) -> int:
    found = _QUOTE.match(raw)
    return found.end() if found else 0


def _first_word(line: str) -> int:
    return len(line.split(None, 1)[0]) if line.strip() else 0


def split_marker(text: str) -> Line:
    """A Line without indent: the list marker at the start of a line is taken off and told."""
    # Most lines; of these only Roman numerals are markers.
    if text[:2].isalpha() and len(text) > 1 and text[:2] not in _ROMAN:
        return Line(tidy(text))
    if not text.isascii():
        text = text.translate(_INVISIBLE).replace("\xa0", " ")
    text = text.strip()
    box = _CHECKBOX.match(text)
    if box and (box["sign"] or box.end() == len(text) or text[box.end() - 1].isspace()):
        ticked = (box["box"] or "").strip() != "" or box["sign"] in ("☑", "☒")
        return Line(tidy(text[box.end() :]), marker=Marker.CHECKBOX, ticked=ticked, sign="[]")
    found = _MARKER.match(text)
    if found and not is_rule(text):
        kind = Marker.NUMBER if found["number"] else Marker.BULLET
        inner = split_marker(text[found.end() :]) if text[found.end() : found.end() + 1] in ("[", "☐", "☑") else None
        # '** ask about sleep' is nested under '* Book the GP'.
        depth = 2 * (text.startswith("**") + text.startswith("***"))
        if inner and inner.marked:
            return inner
        sign, typed = _sign(found.group().strip("( \t")), found.group().strip()
        return Line(tidy(text[found.end() :]), depth, kind, sign=sign, typed=typed if sign == "1" else "")
    emoji = _EMOJI.match(text)
    if emoji:
        return Line(tidy(text[emoji.end() :]), marker=Marker.BULLET, sign="emoji")
    return Line(tidy(text))


def _sign(marker: str) -> str:
    return "1" if marker[:1].isdigit() else "a" if marker[:1].isalpha() and len(marker) > 1 else marker[:1]


def tidy(text: str) -> str:
    """White space of any kind and length is one space; invisible characters go."""
    if not text.isascii() and _HAS_INVISIBLE.search(text):
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def is_rule(text: str) -> bool:
    """A line drawn across: ----, ====, * * *, ____."""
    if text[:1].isalnum():
        return False
    bare = text.replace(" ", "").replace("|", "").replace(":", "")
    return len(bare) >= 3 and len(set(bare)) == 1 and bare[0] in "-=_*~#–—─+"


def join_bare_markers(lines: Iterable[Line]) -> list[Line]:
    """Some clients' text parts put '-' alone on its line and the item's text two lines below."""
    joined: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        if line.marked and not line.text:
            joined.extend(waiting)
            waiting = [line]
        elif not waiting:
            joined.append(line)
        elif line.blank and len(waiting) < 3:
            waiting.append(line)
        elif line.marked or line.blank or line.quoted != waiting[0].quoted:
            joined.extend([*waiting, line])
            waiting = []
        else:
            joined.append(replace(waiting[0], text=line.text, heading=line.heading, wrapped=line.wrapped))
            waiting = []
    return [line for line in [*joined, *waiting] if line.text or not line.marked]
