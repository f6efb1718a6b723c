"""The lines under 'Actions:' -> items with steps, what stays private between them, and where the block ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from mailflow.model import DueKind
from mailflow.parsing.commands import read_command
from mailflow.parsing.due import parse_due
from mailflow.parsing.headings import Heading, Section, heading_of, is_coachs, is_name, is_topic, subheading
from mailflow.parsing.lines import Line, Marker, is_rule, split_marker
from mailflow.parsing.prose import is_farewell, is_observation, is_private, is_prose, is_statement, may_be_observation
from mailflow.parsing.tables import columns_of, row_of
from mailflow.parsing.words import (
    AND,
    DETERMINERS,
    FUTURE,
    NOTHING,
    OWNERS_ME,
    PLAN_LABELS,
    PLAN_STARTS,
    PLAN_SUBJECTS,
    PLAN_VERBS,
    SPOKEN,
    WHY_LABELS,
    fold,
)

MAX_ITEMS = 100
"""Actions that a note may have; one more is read, so that it can be told."""
_PERHAPS_BROKEN = 40
"""A line shorter than this was not broken by a mail program."""
_SEMICOLON = re.compile(r";(?=\s|$)|；")
_BULLETED = re.compile(r"([-–—•*·☐]|\[ ?\])\s")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_OWNER = re.compile(r"[(\[](\w[\w ]{0,30})[)\]]:?\s+(?=\S)")
_OWNER_DASH = re.compile(r"(\w+(?: \w+)?)\s+[-–—]\s+(?=\S)")
_INNER_SIGNS = ("◦", "○", "▪", "▫", "o", "a")
_WILL = ("to", "will", "wird", "va", "zal", "vai")
_FAR = 20
"""Lines that a list inside may have where only the marker tells it."""
_SOME_DAY = date(2001, 1, 1)
_EARLIEST = 2
"""A sequence has this many parts at least: 'first …' alone counts nothing."""


@dataclass
class Item:
    """One action: its text, and the lines nested under it. `coachs` says that the coach is to do it.

    `due` is what a table's column says of it, `cue` the word that makes a due phrase of that.
    """

    text: str
    done: bool = False
    coachs: bool = False
    due: str = ""
    cue: str = ""
    steps: list[str] = field(default_factory=list)


@dataclass
class Block:
    """What stands under one heading. `names` are the clients that it names below the heading: 'Jane:'."""

    items: list[Item]
    names: list[str]
    private: list[str]
    end: int


def read_items(lines: Sequence[Line], index: int, heading: Heading, extra: frozenset[str], signed: str) -> Block:
    """The block of the heading at `index`; `end` is the index of the first line after it."""
    reader = _Items(lines, index, extra, signed)
    if heading.rest:
        reader.take_inline(heading.rest)
    end = reader.read(index + 1)
    items = reader.items if reader.marked else [piece for item in reader.items for piece in reader.spoken(item)]
    return Block([item for item in items if not _says_nothing(item)], reader.found, reader.private, end)


def is_plan(step: str) -> bool:
    """'When I have poured my coffee, I will write': an implementation intention."""
    lower = step.lower().replace("’", "'")
    if not lower.startswith(PLAN_STARTS):
        return False
    behind = [word.strip(".,") for word in lower.partition(",")[2].split()[:3]] or ["i" * (" i will " in lower)]
    return any(
        word in PLAN_SUBJECTS or word in PLAN_VERBS or word.startswith("j'") or word.endswith(FUTURE) for word in behind
    )


class _Items:
    def __init__(self, lines: Sequence[Line], index: int, extra: frozenset[str], signed: str) -> None:
        self.lines = lines
        self.opening = lines[index]
        self.extra = extra
        self.names = {name.lower() for name in (signed, *signed.split()[:1]) if name}
        self.items: list[Item] = []
        self.private: list[str] = []
        self.found: list[str] = []
        self.indent = 0
        self.item_marker = Marker.NONE
        self.sign = ""
        self.step_sign = ""
        self.marked = False
        self.inline = False
        self.grouped = False
        self.coachs = False
        self.last: Line | None = None
        # A list with an empty line between its items goes on after one; a tight list without markers ends there.
        self.loose = False
        self.columns = columns_of(self.opening.cells)
        self.rows = self.columns is not None

    # --- Beside the heading

    def take_inline(self, rest: str) -> None:
        """`Actions: call Sam; book the GP`, also counted; a remark that ends in a colon only leads to the list."""
        if rest.endswith(":") or (rest.startswith("(") and rest.endswith(")")):
            self.private.append(rest)
            return
        sentences = _SENTENCE.split(rest)
        own = (at for at, sentence in enumerate(sentences) if at and (is_statement(sentence) or is_private(sentence)))
        said = next(own, len(sentences))
        self.private += [" ".join(sentences[said:])] if said < len(sentences) else []
        for piece in islice(filter(str.strip, _pieces(" ".join(sentences[:said]))), MAX_ITEMS + 1):
            line = split_marker(piece.strip())
            if line.text:
                self._add(line.text.rstrip(" ;"), done=line.ticked)
        self.inline = bool(self.items)
        self.last = self.opening

    def spoken(self, item: Item) -> Iterator[Item]:
        """'first call Sam second book the GP' -> two items."""
        pieces = _counted(item.text)
        if len(pieces) < _EARLIEST:
            yield item
            return
        for piece in pieces:
            yield Item(piece, coachs=item.coachs, steps=item.steps if piece is pieces[-1] else [])

    # --- Below it

    def read(self, index: int) -> int:
        blank = False
        while index < len(self.lines) and len(self.items) <= MAX_ITEMS:
            line = self.lines[index]
            if line.blank or is_rule(line.text):
                # The line under 'Actions' that underlines it, or a table's head, is none across the page.
                if is_rule(line.text) and self.items and not self.rows:
                    return index
                blank = True
                if not self.items:
                    self.loose = True
            elif self._is_taken(line, blank=blank):
                blank = False
            elif self._ends(line, index, blank=blank):
                return index
            else:
                self._take(line, index, blank=blank)
                blank = False
                self.last = line
            index += 1
        return index

    def _is_taken(self, line: Line, *, blank: bool) -> bool:
        """Whether a line is no item, and the list goes on."""
        if self._takes_row(line) or self._takes_subheading(line):
            return True
        if self._is_aside(line):
            self.private.append(line.text)
            return True
        return self._takes_reason(line, blank=blank)

    def _takes_row(self, line: Line) -> bool:
        """A row of a table, where the block is one: its first row says so."""
        if not line.cells or (self.items and not self.rows) or is_private(line.text):
            return False
        if not self.rows and not columns_of(line.cells) and "|" in line.text and not line.text.startswith("|"):
            return False  # 'Anna Berg | Coach'
        if not self.items and not self.rows and (columns := columns_of(line.cells)):
            self.columns, self.rows = columns, True
            return True
        self.rows = True
        row = row_of(line.cells, self.columns)
        if not row.action or self._is_observation(row.action):
            self.private.append(" ".join(line.cells))
            return True
        self._add(row.action, coachs=self._is_coach(row.who))
        if is_name(row.who) and not self._is_coach(row.who) and row.who not in self.found:
            self.found.append(row.who)
        self.items[-1].due, self.items[-1].cue = row.due, self.columns.cue if self.columns else ""
        if row.rest:
            self.private.append(f"{row.action}: {row.rest}")
        return True

    def _takes_subheading(self, line: Line) -> bool:
        """'Work:' right below 'Actions:' sorts the list, and 'Health:' may follow; 'Jane:' there says whose it is."""
        name = subheading(line)
        if not name or (self.items and not self.grouped):
            return False
        if heading_of([line], 0, self.extra) not in (Heading(Section.OTHER), Heading(Section.CLIENT)):
            return False
        if is_private(line.text) or (self.items and not is_topic(name) and not (self.found and is_name(name))):
            return False
        if not self.items and not self.grouped and not is_name(name) and not is_topic(name):
            self.private.append(line.text)  # 'Here is what we agreed:'
            return True
        self.grouped = True
        self.coachs = self._is_coach(name)
        if not self.coachs and is_name(name):
            self.found.append(name)
        return True

    def _is_aside(self, line: Line) -> bool:
        """What is said of somebody between the items stays private, and the list goes on."""
        if line.marked:
            return (is_private(line.text) or self._is_observation(line.text)) and not self._is_past_opening(line)
        if self.last is None or self.last.wrapped or line.heading != self.last.heading:
            return False
        if line.text.startswith("(") and line.text.endswith(")"):
            return bool(self.items)
        return self.marked and line.indent > self.indent and is_observation(line.text)

    @staticmethod
    def _is_observation(text: str) -> bool:
        """'She hates her boss', but 'She calls Sam by Friday' is an action: some day tells, whichever it is."""
        if is_observation(text):
            return True
        return may_be_observation(text) and parse_due(text, today=_SOME_DAY, date_order="DMY").kind is DueKind.NONE

    def _takes_reason(self, line: Line, *, blank: bool) -> bool:
        """'Why: …' or 'When …, I will …' right below an item, wherever it starts."""
        if line.marked or blank or not self.items or self.inline:
            return False
        label, colon, rest = line.text.partition(":")
        labelled = colon and rest.strip() and fold(label.strip()) in WHY_LABELS | PLAN_LABELS
        if not labelled and not is_plan(line.text):
            return False
        self.items[-1].steps.append(line.text)
        self.last = line
        return True

    def _ends(self, line: Line, index: int, *, blank: bool) -> bool:
        if self.rows or self._is_next_heading(line, index) or is_farewell(line, self.names):
            return True
        if line.marked:
            return self._is_past_opening(line)
        if not self.items:
            return False
        if self.marked:
            return not self._continues_item(line, index, blank=blank)
        # What is private must not slip into a list that has no markers to tell.
        wrapped = self._is_wrapped(line, blank=blank)
        return not wrapped and (is_statement(line.text) or (blank and (not self.loose or is_prose(line.text))))

    def _is_next_heading(self, line: Line, index: int) -> bool:
        heading = heading_of(self.lines, index, self.extra)
        if heading is None:
            return False
        if heading.section is Section.COMMAND:
            return bool(self.items) and not line.marked
        if self.items and self.last is self.lines[index - 1] and heading_of([line], 0, self.extra) is None:
            return False  # The line below the last item is drawn across the page, and underlines nothing.
        if line.marked:
            # '- Homework: chapter 3' is an item, unless the block was opened by such a line itself.
            return bool(heading.name) or (self.opening.marked and line.indent <= self.opening.indent)
        if heading.section is not Section.OTHER or is_private(line.text):
            return True
        # Items may be all bold.
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
        return self.last.wrapped or (
            line.text[:1].islower() and (amid or len(self.last.text) >= _PERHAPS_BROKEN) and not is_statement(line.text)
        )

    def _take(self, line: Line, index: int, *, blank: bool) -> None:
        if read_command(line.text):
            return  # 'Carry over: all' above the items or among them
        if line.marked:
            self._take_marked(line, index)
        elif not self.items and line.text.endswith(":"):
            self.private.append(line.text)
        elif self.marked or self._is_wrapped(line, blank=blank):
            self._append(line.text)
        else:
            # A second line without an empty one above makes the list tight.
            self.loose = self.loose and (blank or not self.items)
            self._add(line.text)

    def _take_marked(self, line: Line, index: int) -> None:
        if not self.marked and self.last and not self.last.marked and self.items and line.indent > self.last.indent:
            # Items without markers, steps with.
            self.items[-1].steps.append(line.text)
            return
        if not self.marked:
            if len(self.items) == 1 and not self.inline:
                self.private.append(self.items.pop().text)  # 'We agreed on two things' above the list
            self.marked = True
            self.indent = line.indent
            self.item_marker = line.marker
            self.sign = line.sign
        if self.items and (line.indent >= self.indent + 2 or self._is_flush_step(line, index)):
            self.items[-1].steps.append(line.text)
        else:
            self.indent = min(self.indent, line.indent)
            self._add(line.text, done=line.ticked)

    def _is_flush_step(self, line: Line, index: int) -> bool:
        """'a)' below '1.', or '-' one column further in, where the list comes back to its own marker."""
        if line.indent <= self.indent and not _is_lower(line, self.sign):
            return False
        if self.step_sign and line.sign == self.step_sign:
            return True
        for later in self.lines[index + 1 : index + 1 + _FAR]:
            if not later.marked:
                return False
            if later.sign == self.sign and later.indent == self.indent:
                self.step_sign = line.sign if line.sign != self.sign else ""
                return True
        return False

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

    def _add(self, text: str, *, done: bool = False, coachs: bool = False) -> None:
        """'Me: send the article', '(coach) send it' and 'Anna to send it' are the coach's."""
        owner, colon, rest = text.partition(":")
        bracket, dash = _OWNER.match(text), _OWNER_DASH.match(text)
        words = text.split(None, 2)
        if colon and rest.strip() and (self._is_coach(owner.strip()) or is_coachs(owner)):
            self.items.append(Item(rest.strip(), done, coachs=True))
        elif dash and self._is_coach(dash[1]):
            self.items.append(Item(text[dash.end() :], done, coachs=True))
        elif bracket and self._is_coach(bracket[1]):
            self.items.append(Item(text[bracket.end() :], done, coachs=True))
        else:
            own = len(words) > 2 and words[0].lower() in self.names and words[1] in _WILL
            self.items.append(Item(text, done, coachs=own or coachs or self.coachs))

    def _is_coach(self, who: str) -> bool:
        return bool(who) and (fold(who) in OWNERS_ME or who.lower() in self.names)


def _is_lower(line: Line, sign: str) -> bool:
    """Whether a marker at the same place may be one of a list inside: '-' or 'a)' below '1.', '◦' below '•'."""
    if "[]" in (line.sign, sign) or line.sign == sign:
        return False
    return ("1" in (line.sign, sign)) or line.sign in _INNER_SIGNS


def _pieces(rest: str) -> list[str]:
    counted = _counted(rest)
    if len(counted) >= _EARLIEST:
        return counted
    if bullet := _BULLETED.match(rest):
        return re.split(rf"(?:^|\s){re.escape(bullet[1])}\s", rest)
    return _SEMICOLON.split(rest)


def _counted(text: str) -> list[str]:
    """The parts of 'first … second …', '1) … 2) …', 'a) … b) …'; empty where it does not count from one on."""
    plain = fold(text)
    if len(plain) != len(text):
        plain = text.lower()
    for words in SPOKEN:
        spans = list(_ordinals(plain, words))
        if len(spans) >= _EARLIEST:
            ends = [start for start, _ in spans[1:]] + [len(text)]
            return [_trimmed(text[start:end]) for (_, start), end in zip(spans, ends, strict=True)]
    return []


def _ordinals(plain: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of each word of the sequence that follows the one before; the first stands at the start."""
    at = 0
    for word in words:
        sign = rf"\(?{word}(?:\)\s*|\.\s+)" if len(word) < 3 else rf"{fold(word)}\b[:,]?\s+"
        pattern = re.compile(rf"(?:^|(?<=\s)){sign}(?=\S)")
        found = pattern.match(plain) if not at else pattern.search(plain, at)
        while found and at and plain[max(0, found.start() - 20) : found.start()].rsplit(maxsplit=1)[-1] in DETERMINERS:
            found = pattern.search(plain, found.end())
        if not found:
            return
        yield found.start(), found.end()
        at = found.end()


def _trimmed(piece: str) -> str:
    words = piece.strip(" ,;.").split(" ")
    return " ".join(words[:-1] if len(words) > 1 and words[-1].lower() in AND else words).strip(" ,;.")


def _says_nothing(item: Item) -> bool:
    """'None', 'nothing this week'."""
    words = item.text.lower().strip(" .!-–()").split()
    return not item.steps and (not words or " ".join(words) in NOTHING or (words[0] in NOTHING and len(words) <= 4))
