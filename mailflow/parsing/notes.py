"""The part just written -> ParsedNote: whose session, what is private, what is shared, and the actions.

A note is a run of sections. A heading opens one ('Actions:', 'Summary:', 'My actions:', 'Client: Jane'); what stands
before the first one, and all that no rule claims, is private. docs/notes.md shows it from the coach's side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailflow.model import ClientHint, Email, HintPlace, NoteAction, ParsedNote, Problem, ProblemKind
from mailflow.parsing.due import parse_due
from mailflow.parsing.headings import Heading, Section, heading_of
from mailflow.parsing.html import to_lines
from mailflow.parsing.items import MAX_ITEMS, Item, read_items
from mailflow.parsing.lines import Line, Marker, is_rule, text_lines
from mailflow.parsing.reply import fresh_lines
from mailflow.parsing.words import PLAN_LABELS, PLAN_MIDDLES, PLAN_STARTS, SIGN_OFFS, WHY_LABELS

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
    extra = frozenset(" ".join(word.lower().split()) for word in heading_words)
    signed = email.from_[0].name if len(email.from_) == 1 else ""
    note: ParsedNote | None = None
    for lines in _bodies(email):
        # Beside an HTML part without the block, for instance a disclaimer, the text part may have it.
        read = _Reader(today, date_order, extra, signed).read(lines)
        note = read if note is None or read.actions else note
        if note.actions or {ProblemKind.NO_ACTIONS, ProblemKind.EMPTY}.isdisjoint(p.kind for p in note.problems):
            break
    note = note or ParsedNote(problems=(Problem(ProblemKind.EMPTY),))
    return replace(note, problems=(*email.problems, *note.problems))


def _bodies(email: Email) -> list[list[Line]]:
    """The HTML part first: text parts lose lists. In some of them '-' stands alone, two lines above its text."""
    bodies = []
    if email.html:
        bodies.append(to_lines(email.html))
    if email.text:
        bodies.append(text_lines(email.text, flowed=email.format_flowed))
    return [lines for lines in bodies if any(line.text for line in lines)]


@dataclass
class _Block:
    heading: Heading
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

    def read(self, lines: Sequence[Line]) -> ParsedNote:
        fresh, quoted = fresh_lines(lines)
        self._sections(fresh)
        client, disagree = self._client()
        items = [item for block in self.blocks for item in block.items]
        actions = tuple(self._action(item) for item in items[:MAX_ITEMS])
        problems: list[Problem] = []
        if disagree:
            problems.append(Problem(ProblemKind.SEVERAL_BLOCKS))
        elif not actions:
            problems.append(Problem(self._why_none(fresh, quoted)))
        elif max(len(items), len(self.coach_items)) > MAX_ITEMS:
            problems.append(Problem(ProblemKind.TOO_LARGE, "actions"))
        return ParsedNote(
            client=client,
            summary="\n".join(self.summary).strip(),
            notes="\n".join(self.notes).strip(),
            actions=() if disagree else actions,
            coach_actions=tuple(self._action(item) for item in self.coach_items[:MAX_ITEMS]),
            problems=tuple(problems),
        )

    def _sections(self, lines: Sequence[Line]) -> None:
        index = 0
        while index < len(lines):
            heading = heading_of(lines, index, self.extra)
            if heading is None or heading.section is Section.OTHER or self._is_signers_name(heading.rest):
                self.notes.append(_written(lines[index]))
                index += 1
            elif heading.section is Section.CLIENT:
                self.clients.append(heading.name)
                index += 1
            elif heading.section is Section.SUMMARY:
                index = self._read_summary(lines, index, heading)
            else:
                items, index = read_items(lines, index, heading, self.extra, self.signed)
                if heading.section is Section.COACH:
                    self.coach_items.extend(items)
                else:
                    self.blocks.append(_Block(heading, items))

    def _is_signers_name(self, rest: str) -> bool:
        """'Coach: Anna Berg' at the head of a note assigns nothing to her."""
        name = self.signed.lower().split()
        return bool(rest and name) and rest.lower().split() in (name, name[:1])

    def _read_summary(self, lines: Sequence[Line], index: int, heading: Heading) -> int:
        """Up to the next heading or the farewell; a summary that starts beside its heading is one paragraph,
        so that nothing private behind it is ever shared."""
        inline = bool(heading.rest)
        if self.summary:
            self.summary.append("")
        if inline:
            self.summary.append(heading.rest)
        index += 1
        while index < len(lines):
            line = lines[index]
            if heading_of(lines, index, self.extra) or _is_farewell(line) or (inline and line.blank):
                break
            if not is_rule(line.text):
                self.summary.append(_written(line))
            index += 1
        return index

    def _client(self) -> tuple[ClientHint | None, bool]:
        """(whose session the note says it was, whether it names two people).

        A block without a name beside one with a name counts as two: whose is the first?
        """
        named = [block.heading.name for block in self.blocks]
        hints = [ClientHint(name, HintPlace.CLIENT_LINE) for name in self.clients if name]
        hints += [ClientHint(name, HintPlace.HEADING) for name in named if name]
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
        steps: list[str] = []
        plan = why = ""
        for step in item.steps:
            label, colon, rest = step.partition(":")
            name = label.strip().lower()
            if colon and rest.strip() and name in WHY_LABELS and not why:
                why = rest.strip()
            elif colon and rest.strip() and name in PLAN_LABELS and not plan:
                plan = rest.strip()
            elif not plan and _is_plan(step):
                plan = step
            else:
                steps.append(step)
        due = parse_due(item.text, today=self.today, date_order=self.date_order)
        return NoteAction(item.text, due, tuple(steps), plan, why, item.done)


def _opens_actions(lines: Sequence[Line], index: int, extra: frozenset[str]) -> bool:
    heading = heading_of(lines, index, extra)
    return heading is not None and heading.section is Section.ACTIONS


def _same_person(one: str, other: str) -> bool:
    """'Jane' and 'Jane Doe' may be one person; 'Jane' and 'Tom' are not."""
    first, second = _name_words(one), _name_words(other)
    return first <= second or second <= first


def _name_words(name: str) -> set[str]:
    return {word for word in "".join(c if c.isalnum() else " " for c in name.casefold()).split() if word}


def _is_farewell(line: Line) -> bool:
    return line.text.lower().rstrip(" ,.!") in SIGN_OFFS or line.text == "--"


def _is_plan(step: str) -> bool:
    """'When I have poured my coffee, I will write': an implementation intention."""
    lower = step.lower()
    return lower.startswith(PLAN_STARTS) and any(middle in lower for middle in PLAN_MIDDLES)


def _written(line: Line) -> str:
    """A line as it reads, with a marker again where it had one."""
    if not line.marked:
        return line.text
    box = ("[x] " if line.ticked else "[ ] ") if line.marker is Marker.CHECKBOX else ""
    return f"{' ' * line.indent}- {box}{line.text}"
