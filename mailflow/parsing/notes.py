"""The part just written -> ParsedNote: whose session, what is private, what is shared, and the actions.

A note is a run of sections. A heading opens one ('Actions:', 'Summary:', 'My actions:', 'Client: Jane'); what stands
before the first one, and all that no rule claims, is private. docs/notes.md shows it from the coach's side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from mailflow.model import (
    ClientHint,
    Due,
    DueKind,
    Email,
    HintPlace,
    NoteAction,
    NoteBlock,
    ParsedNote,
    Problem,
    ProblemKind,
)
from mailflow.parsing.commands import read_command
from mailflow.parsing.due import parse_due
from mailflow.parsing.headings import COACH, Heading, Section, at_headings, heading_of
from mailflow.parsing.html import to_lines
from mailflow.parsing.items import MAX_ITEMS, Item, read_items
from mailflow.parsing.lines import BLANK, Line, Marker, is_rule, text_lines
from mailflow.parsing.prose import is_about_somebody, is_farewell, is_labelled, speaks_of_somebody
from mailflow.parsing.reply import fresh_lines
from mailflow.parsing.rows import to_action
from mailflow.parsing.words import DUE_COLUMNS, fold

_TELLING = 500
"""Characters of a summary that tell whom it speaks to."""
MAX_NAMES = 10
"""Ways to write one client's name in one note; more are several people."""


def parse_note(
    email: Email, *, now: datetime, timezone: str, date_order: str = "DMY", heading_words: Sequence[str] = ()
) -> ParsedNote:
    """What a note says. `now` is the moment that 'by Friday' is resolved against, in the coach's `timezone`.

    `heading_words` are further words that head the actions. Where the note is not certain, for instance because two
    blocks name two clients, it has a Problem and no actions: the caller asks.
    """
    today = now.astimezone(ZoneInfo(timezone)).date()
    extra = frozenset(fold(" ".join(word.split())).strip(" :") for word in heading_words)
    signed = email.from_[0].name if len(email.from_) == 1 else ""
    note = ParsedNote(problems=(Problem(ProblemKind.EMPTY),))
    for index, lines in enumerate(_bodies(email)):
        # Beside an HTML part without the block, for instance a disclaimer, the text part may have it.
        other = _Reader(today, date_order, extra, signed).read(lines)
        note = note if index and not other.actions else other
        if not _has_no_block(note):
            break
    if _has_no_block(note) and (files := _files_with_a_block(email, extra)):
        lines = _with_file(next(_bodies(email), []), files[0])
        note = _Reader(today, date_order, extra, signed).read(lines)
        if len(files) > 1:
            note = replace(note, actions=(), problems=(Problem(ProblemKind.SEVERAL_BLOCKS),))
    return replace(note, problems=(*email.problems, *note.problems))


def _has_no_block(note: ParsedNote) -> bool:
    return not {ProblemKind.NO_ACTIONS, ProblemKind.EMPTY}.isdisjoint(problem.kind for problem in note.problems)


def fresh_text(email: Email) -> str:
    """What was just written, as lines of text: without quoted mail, and '' where there is nothing else."""
    for lines in _bodies(email):
        fresh, _ = fresh_lines(lines)
        if text := "\n".join(_as_typed(line) for line in fresh).strip():
            return text
    return ""


def _as_typed(line: Line) -> str:
    return f"{line.typed} {line.text}" if line.typed else _written(line)


def _bodies(email: Email) -> Iterator[list[Line]]:
    """The HTML part first: text parts lose lists. In some of them '-' stands alone, two lines above its text."""
    if email.html and _says_something(lines := to_lines(email.html)):
        yield lines
    if email.text and _says_something(lines := text_lines(email.text, flowed=email.format_flowed)):
        yield lines


def _says_something(lines: Sequence[Line]) -> bool:
    return any(line.text for line in lines)


def _files_with_a_block(email: Email, extra: frozenset[str]) -> list[list[Line]]:
    """The attached text files that are notes, two at most; no other file's text goes anywhere."""
    files = (text_lines(text) for text in email.attached_texts)
    holding = (lines for lines in files if any(_opens_actions(lines, index, extra) for index in range(len(lines))))
    return list(islice(holding, 2))


def _with_file(body: list[Line], file: list[Line]) -> list[Line]:
    """What was typed and the file below it. The file of a mail that was merely passed on came with it: it is quoted."""
    fresh, quoted = fresh_lines(body)
    passed_on = bool(quoted) and not any(line.text for line in fresh)
    return [*fresh, BLANK, *(replace(line, quoted=line.quoted or passed_on) for line in file)]


@dataclass
class _Block:
    names: list[str]
    items: list[Item]


@dataclass
class _Reader:
    today: date
    date_order: str
    extra: frozenset[str]
    signed: str
    blocks: list[_Block] = field(default_factory=list)
    coach_items: list[Item] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    is_somebodys_summary: bool = False
    """It stands below a block with a name: of several clients it may be that one's alone."""

    def read(self, lines: Sequence[Line]) -> ParsedNote:
        fresh, quoted = fresh_lines(lines)
        fresh = list(at_headings(fresh, self.extra))
        self._sections(fresh)
        commands = tuple(command for line in fresh if (command := read_command(line.text)))
        client, disagree = self._client()
        blocks = tuple(self._note_blocks())
        actions = tuple(action for block in blocks for action in block.actions)
        coach_actions = tuple(self._action(item) for item in self.coach_items[:MAX_ITEMS])
        problems: list[Problem] = []
        if disagree:
            problems.append(Problem(ProblemKind.SEVERAL_BLOCKS))
        elif not actions and not (commands and not self.blocks):
            problems.append(Problem(self._why_none(fresh, quoted)))
        elif max(sum(len(block.items) for block in self.blocks), len(self.coach_items)) > MAX_ITEMS:
            problems.append(Problem(ProblemKind.TOO_LARGE, "actions"))
        return ParsedNote(
            client=client,
            summary="\n".join(self.summary).strip(),
            notes="\n".join(self.notes).strip(),
            actions=() if disagree else actions,
            coach_actions=coach_actions,
            commands=() if disagree else commands,
            problems=tuple(problems),
            blocks=() if any(self.clients) or commands or self.is_somebodys_summary else blocks,
        )

    def _note_blocks(self) -> Iterator[NoteBlock]:
        """Those with something in them, and no more of that than MAX_ITEMS together."""
        left = MAX_ITEMS
        for block in self.blocks:
            if items := block.items[:left]:
                yield NoteBlock(tuple(block.names), tuple(self._action(item) for item in items))
            left -= len(items)

    def _sections(self, lines: Sequence[Line]) -> None:
        index = 0
        while index < len(lines):
            heading = COACH if self._heads_own_list(lines, index) else heading_of(lines, index, self.extra)
            if heading is None or heading.section is Section.OTHER or self._is_signers_name(heading.rest):
                self.notes.append(_written(lines[index]))
                index += 1
                continue
            if heading.section is Section.CLIENT:
                self.clients.append(heading.name)
                index += 1
            elif heading.section is Section.COMMAND:
                index += 1
            elif heading.section is Section.SUMMARY:
                index = self._read_summary(lines, index, heading)
            else:
                index = self._read_block(lines, index, heading)

    def _heads_own_list(self, lines: Sequence[Line], index: int) -> bool:
        """'Anna:' above a list is what Anna, who wrote the note, is to do; above prose it is a transcript."""
        text = lines[index].text
        if not text.endswith(":") or not self._is_signers_name(text.strip("*_ :")):
            return False
        return next((line.marked for line in lines[index + 1 : index + 3] if not line.blank), False)

    def _is_signers_name(self, rest: str) -> bool:
        """'Coach: Anna Berg, PCC' at the head of a note assigns nothing to her."""
        name = self.signed.lower().split()
        said = rest.partition(",")[0].lower().split()
        return bool(rest and name) and said in (name, name[:1])

    def _read_block(self, lines: Sequence[Line], index: int, heading: Heading) -> int:
        block = read_items(lines, index, heading, self.extra, self.signed)
        self.notes += block.private
        if heading.section is Section.COACH or (heading.name and self._is_signers_name(heading.name)):
            self.coach_items += block.items
            return block.end
        self.coach_items += [item for item in block.items if item.coachs]
        items = [item for item in block.items if not item.coachs]
        names = [heading.name] if heading.name else block.names
        # Where all under it is the coach's, it is no block of a client's.
        if items or names or not block.items:
            self.blocks.append(_Block(names, items))
        return block.end

    def _read_summary(self, lines: Sequence[Line], index: int, heading: Heading) -> int:
        """Up to the next heading, the farewell, or what speaks of somebody; a summary that starts beside its heading
        is one paragraph, so that nothing private behind it is ever shared."""
        self.is_somebodys_summary = self.is_somebodys_summary or any(block.names for block in self.blocks)
        inline = bool(heading.rest)
        self.clients += [heading.name] if heading.name else []
        first = heading.rest[:_TELLING]
        if self.summary:
            self.summary.append("")
        if inline:
            self.summary.append(heading.rest)
        index += 1
        above = lines[index - 1]
        while index < len(lines):
            line = lines[index]
            if heading_of(lines, index, self.extra) or is_farewell(line) or (inline and line.blank):
                break
            if first and (is_rule(line.text) or (_may_start_anew(above) and _is_no_part(line.text, first))):
                break
            if not is_rule(line.text):
                self.summary.append(_written(line))
            first = first or line.text[:_TELLING]
            above = line
            index += 1
        return index

    def _client(self) -> tuple[ClientHint | None, bool]:
        """(whose session the note says it was, whether it names two people).

        A block without a name beside one with a name counts as two: whose is the first?
        """
        named = [bool(block.names) for block in self.blocks if block.items or block.names]
        hints = [ClientHint(name, HintPlace.CLIENT_LINE) for name in self.clients if name]
        hints += [ClientHint(name, HintPlace.HEADING) for block in self.blocks for name in block.names]
        people = list(dict.fromkeys(hint.hint for hint in hints))
        if len(people) > MAX_NAMES or any(not _same_person(one, other) for one in people for other in people):
            return None, True
        return hints[0] if hints else None, not any(self.clients) and any(named) and not all(named)

    def _why_none(self, fresh: Sequence[Line], quoted: Sequence[Line]) -> ProblemKind:
        if self.blocks:
            return ProblemKind.NO_ITEMS
        if any(_opens_actions(quoted, index, self.extra) for index in range(len(quoted))):
            return ProblemKind.ONLY_QUOTED
        return ProblemKind.NO_ACTIONS if any(line.text for line in fresh) else ProblemKind.EMPTY

    def _action(self, item: Item) -> NoteAction:
        text, due = self._due(item)
        return to_action(text, due, item.steps, done=item.done)

    def _due(self, item: Item) -> tuple[str, Due]:
        """The text, and when: what a table's column says becomes a part of the text if it is a day."""
        if item.due:
            for cue in ("", *filter(None, [item.cue]), *dict.fromkeys(DUE_COLUMNS.values())):
                text = f"{item.text}, {cue} {item.due}" if cue else f"{item.text}, {item.due}"
                due = parse_due(text, today=self.today, date_order=self.date_order)
                if due.kind is not DueKind.NONE:
                    return text, due
            self.notes.append(f"{item.text}: {item.due}")
        return item.text, parse_due(item.text, today=self.today, date_order=self.date_order)


def _opens_actions(lines: Sequence[Line], index: int, extra: frozenset[str]) -> bool:
    heading = heading_of(lines, index, extra)
    return heading is not None and heading.section is Section.ACTIONS


def _same_person(one: str, other: str) -> bool:
    """'Jane' and 'Jane Doe' may be one person; 'Jane' and 'Tom' are not."""
    first, second = _name_words(one), _name_words(other)
    return first <= second or second <= first


def _name_words(name: str) -> set[str]:
    return {word for word in "".join(c if c.isalnum() else " " for c in name.casefold()).split() if word}


def _is_no_part(text: str, first: str) -> bool:
    """Whether a summary that began with `first` ended before `text`: it speaks of a third person, or has a label."""
    about = is_about_somebody(text) and not speaks_of_somebody(first)
    return about or (is_labelled(text) and not is_labelled(first))


def _may_start_anew(above: Line) -> bool:
    """Whether the line below is no part of a sentence that was broken off."""
    return above.blank or above.marked or above.text.endswith((".", "!", "?"))


def _written(line: Line) -> str:
    """A line as it reads, with a marker again where it had one."""
    if not line.marked:
        return line.text
    box = ("[x] " if line.ticked else "[ ] ") if line.marker is Marker.CHECKBOX else ""
    return f"{' ' * line.indent}- {box}{line.text}"
