"""The lines under 'Actions:' -> items with steps, and where the block ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailflow.parsing.headings import Heading, Section, heading_of
from mailflow.parsing.lines import Line, Marker, is_rule, split_marker
from mailflow.parsing.words import NOTHING, PROSE_STARTS, SENT_FROM, SIGN_OFFS, STATEMENT_SUBJECTS, STATEMENT_VERBS

MAX_ITEMS = 100
"""Actions that a note may have; one more is read, so that it can be told."""
_NUMBERED = re.compile(r"(?:^|[;,.]?\s)\(?\d{1,2}[.)]\s+(?=\S)")
_SENTENCES = re.compile(r"[.!?]\s+\w")
_LONG_PROSE = 160
_PERHAPS_BROKEN = 40
"""A line shorter than this was not broken by a mail program."""


@dataclass
class Item:
    """One action: its text, and the lines nested under it."""

    text: str
    done: bool = False
    steps: list[str] = field(default_factory=list)


def read_items(
    lines: Sequence[Line], index: int, heading: Heading, extra: frozenset[str], signed: str
) -> tuple[list[Item], int]:
    """(items, index of the first line after the block) for the heading at `index`."""
    reader = _Items(lines, index, extra, signed)
    if heading.rest:
        reader.take_inline(heading.rest)
    end = reader.read(index + 1)
    return [item for item in reader.items if not _says_nothing(item)], end


class _Items:
    def __init__(self, lines: Sequence[Line], index: int, extra: frozenset[str], signed: str) -> None:
        self.lines = lines
        self.opening = lines[index]
        self.extra = extra
        self.names = {name.lower() for name in (signed, *signed.split()[:1]) if name}
        self.items: list[Item] = []
        self.indent = 0
        self.item_marker = Marker.NONE
        self.marked = False
        self.inline = False
        self.last: Line | None = None
        # A list with an empty line between its items goes on after one; a tight list without markers ends there.
        self.loose = False

    def take_inline(self, rest: str) -> None:
        """`Actions: call Sam; book the GP`, also numbered; a remark that ends in a colon only leads to the list."""
        if rest.endswith(":") or (rest.startswith("(") and rest.endswith(")")):
            return
        numbered = _NUMBERED.split(rest)
        pieces = numbered if len(numbered) > 2 else rest.split(";")
        for piece in [piece.strip() for piece in pieces if piece.strip()][: MAX_ITEMS + 1]:
            line = split_marker(piece)
            if line.text:
                self.items.append(Item(line.text.rstrip(" ;"), done=line.ticked))
        self.inline = bool(self.items)
        self.last = self.opening

    def read(self, index: int) -> int:
        blank = False
        while index < len(self.lines):
            line = self.lines[index]
            if line.blank or is_rule(line.text):
                # The line under 'Actions' that underlines it is none across the page.
                if is_rule(line.text) and self.items:
                    return index
                blank = True
                if not self.items:
                    self.loose = True
            elif self._ends(line, index, blank=blank) or len(self.items) > MAX_ITEMS:
                return index
            else:
                self._take(line, blank=blank)
                blank = False
                self.last = line
            index += 1
        return index

    def _ends(self, line: Line, index: int, *, blank: bool) -> bool:
        if self._is_next_heading(line, index) or _is_farewell(line, self.names):
            return True
        if line.marked:
            return self._is_past_opening(line)
        if not self.items:
            return False
        if self.marked:
            return not self._continues_item(line, index, blank=blank)
        # What is private must not slip into a list that has no markers to tell.
        wrapped = self._is_wrapped(line, blank=blank)
        return not wrapped and (_is_statement(line.text) or (blank and (not self.loose or _is_prose(line.text))))

    def _is_next_heading(self, line: Line, index: int) -> bool:
        heading = heading_of(self.lines, index, self.extra)
        if heading is None:
            return False
        if line.marked:
            # '- Homework: chapter 3' is an item, unless the block was opened by such a line itself.
            return bool(heading.name) or (self.opening.marked and line.indent <= self.opening.indent)
        if heading.section is not Section.OTHER:
            return True
        # 'This week:' right below 'Actions:' leads to the items; items may be all bold.
        return bool(self.items) and not (line.heading and self.last is not None and self.last.heading)

    def _is_past_opening(self, line: Line) -> bool:
        """'2. Actions' with '-' items ends at '3. …'; '- Actions:' with nested items ends at the next '- …'."""
        if not self.opening.marked or not self.items:
            return False
        if self.indent > self.opening.indent:
            return line.indent <= self.opening.indent
        return (
            self.opening.marker is Marker.NUMBER
            and line.marker is Marker.NUMBER
            and self.item_marker is not Marker.NUMBER
            and line.indent <= self.opening.indent
        )

    def _continues_item(self, line: Line, index: int, *, blank: bool) -> bool:
        """An unmarked line among marked items: indented under its item, or broken off by the mail program."""
        if line.indent > self.indent:
            return not blank or line.indent >= self.indent + 2
        if blank or self.last is None:
            return False
        amid = index + 1 < len(self.lines) and self.lines[index + 1].marked
        return self.last.wrapped or (line.text[:1].islower() and (amid or len(self.last.text) >= _PERHAPS_BROKEN))

    def _take(self, line: Line, *, blank: bool) -> None:
        if line.marked:
            self._take_marked(line)
        elif not self.items and line.text.endswith(":"):
            return
        elif self.marked or self._is_wrapped(line, blank=blank):
            self._append(line.text)
        else:
            self.items.append(Item(line.text))

    def _take_marked(self, line: Line) -> None:
        if not self.marked and self.last and not self.last.marked and self.items and line.indent > self.last.indent:
            # Items without markers, steps with.
            self.items[-1].steps.append(line.text)
            return
        if not self.marked:
            if len(self.items) == 1 and not self.inline:
                self.items.clear()  # 'We agreed on two things' above the list
            self.marked = True
            self.indent = line.indent
            self.item_marker = line.marker
        if self.items and line.indent >= self.indent + 2:
            self.items[-1].steps.append(line.text)
        else:
            self.indent = min(self.indent, line.indent)
            self.items.append(Item(line.text, done=line.ticked))

    def _is_wrapped(self, line: Line, *, blank: bool) -> bool:
        """Without markers each line is an item, unless the mail program broke it."""
        return (
            bool(self.items)
            and not blank
            and self.last is not None
            and (self.last.wrapped or line.indent > self.last.indent)
            and not self.items[-1].text.endswith((".", "!", "?", ";"))
        )

    def _append(self, text: str) -> None:
        item = self.items[-1]
        if item.steps:
            item.steps[-1] += f" {text}"
        else:
            item.text += f" {text}"


def _is_farewell(line: Line, names: set[str]) -> bool:
    """'Best,', 'Sent from my phone', '-- ', or the writer's own name, which some set behind a dash."""
    lower = line.text.lower().rstrip(" ,.!")
    if lower in names or lower == "--":
        return True
    if line.marked:
        return False
    first = lower.partition(",")[0]
    return first in SIGN_OFFS or lower in SIGN_OFFS or lower.startswith(SENT_FROM)


def _is_prose(text: str) -> bool:
    lower = text.lower()
    return lower.startswith(PROSE_STARTS) or len(text) > _LONG_PROSE or _SENTENCES.search(text) is not None


def _is_statement(text: str) -> bool:
    """'She cried', 'Jane is afraid', 'Jane Doe was late': about somebody, not to somebody."""
    words = text.split()[:3]
    if words[0].lower() in STATEMENT_SUBJECTS:
        return True
    verbs = words[1:2] if len(words) < 3 or not words[1][0].isupper() else words[1:3]
    return words[0][0].isupper() and any(verb.lower().rstrip(".,") in STATEMENT_VERBS for verb in verbs)


def _says_nothing(item: Item) -> bool:
    """'None', 'nothing this week'."""
    words = item.text.lower().strip(" .!-–()").split()
    return not item.steps and (not words or " ".join(words) in NOTHING or (words[0] in NOTHING and len(words) <= 4))
