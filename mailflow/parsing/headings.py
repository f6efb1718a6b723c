"""Is this line a heading, and of what? 'Actions:', '## Next steps', 'Homework for Jane', 'Client: Jane'.

A heading is known words, perhaps with whose or when around them: 'Your actions', 'Jane's homework', 'Next steps for
Tom (this week)'. A line that also says something else is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.parsing.commands import read_command
from mailflow.parsing.lines import Line, is_rule
from mailflow.parsing.prose import is_private, is_report
from mailflow.parsing.tables import columns_of
from mailflow.parsing.words import (
    ACTION_HEADINGS,
    AND,
    CLIENT_LABELS,
    COACH_HEADINGS,
    FILLERS,
    FOR,
    ME,
    MY,
    NO_NAMES,
    ONLY_WITH_COLON,
    OTHER_HEADINGS,
    PAST,
    SUMMARY_HEADINGS,
    TOPICS,
    YOUR,
    fold,
)

_LONGEST = 80
_LONGEST_NAME = 5
_MOST_AMID = 500
"""Colons behind a sentence that are looked at; no person writes more."""
_DECORATION = ' \t*_#=~-–—[]<>•|.!:："“”„«»`'
_DASHES = ("-", "–", "—")
_NUMBERING = re.compile(r"(?:[ivxIVX]{1,5}|[a-hA-H]|\d{1,2})[.)]\s+(?=\S)")
_NEVER_NAMES = NO_NAMES | TOPICS | FILLERS | frozenset(FOR)
_FIRST_WORDS = {
    phrase.split()[0] for phrase in ACTION_HEADINGS | COACH_HEADINGS | SUMMARY_HEADINGS | OTHER_HEADINGS | MY | YOUR
}
_AMID = re.compile(r"(?<=[.!?])\s+(?=([^:.!?]{1,60})[:：](?:\s|$))")


class Section(StrEnum):
    ACTIONS = "actions"
    COACH = "coach"
    SUMMARY = "summary"
    CLIENT = "client"
    COMMAND = "command"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a line opens; `name` is the client it names, `rest` what stands behind its colon."""

    section: Section
    name: str = ""
    rest: str = ""


OTHER = Heading(Section.OTHER)
ACTIONS = Heading(Section.ACTIONS)
COACH = Heading(Section.COACH)


def heading_of(lines: Sequence[Line], index: int, extra: frozenset[str]) -> Heading | None:
    """The heading that this line is, None for every other line; `extra` are a coach's own words for actions."""
    line = lines[index]
    text = line.text
    if not text or is_rule(text):
        return None
    if read_command(text):
        return Heading(Section.COMMAND)
    if is_private(text):
        return OTHER
    if line.cells:
        columns = columns_of(line.cells)
        return ACTIONS if columns and columns.tells else None
    styled = line.heading or _is_decorated(text) or _is_underlined(lines, index)
    before, colon, rest = _split(text)
    if len(before) > _LONGEST or (not colon and len(text) > 60 and not line.heading):
        return None
    heading = _Words(extra, sure=bool(colon) or styled).read(_bare(before).split())
    if heading:
        return _with_rest(heading, line, rest.strip(" *_"))
    phrase = fold(_bare(before))
    if colon and fold(rest.strip(" *_")) in ACTION_HEADINGS | extra and is_name(_bare(before)):
        return Heading(Section.ACTIONS, name=_bare(before))
    if colon and phrase in CLIENT_LABELS:
        return Heading(Section.CLIENT, name=rest.strip(" *_").removesuffix("."))
    if not rest.strip(" *_") and not line.marked and (styled or colon) and len(phrase.split()) <= 6:
        return OTHER
    return None


def at_headings(lines: Iterable[Line], extra: frozenset[str]) -> Iterator[Line]:
    """The lines, broken where a heading follows a sentence: 'She was tired. Actions: call Sam', as people dictate."""
    looked_at = 0
    for line in lines:
        if looked_at >= _MOST_AMID or line.marked or ":" not in line.text.replace("：", ":"):
            yield line
            continue
        numbering = _NUMBERING.match(line.text)
        start = 0
        for found in _AMID.finditer(line.text, numbering.end() if numbering else 0):
            looked_at += 1
            if looked_at >= _MOST_AMID:
                break
            if _Words(extra, sure=True).read(found[1].split()) or fold(found[1]) in CLIENT_LABELS:
                yield replace(line, text=line.text[start : found.start()], wrapped=False)
                start = found.end()
        yield replace(line, text=line.text[start:])


def may_head_actions(word: str) -> bool:
    """Whether a coach may use a word as a heading of actions: none that keeps something private or shares it."""
    words = _bare(word).split()
    heading = _Words(frozenset(), sure=True).read(words)
    free = heading is None or heading == ACTIONS
    return bool(words) and free and _phrase(words) not in CLIENT_LABELS and not is_private(word)


def is_coachs(text: str) -> bool:
    """'For me', 'My action', 'Actions for me': what heads the coach's own."""
    return _Words(frozenset(), sure=True).read(_bare(text).split()) == COACH


def is_name(text: str) -> bool:
    """'Jane', 'Jane Doe': one or two capitalised words that speak of no time and no topic."""
    words = text.split()
    return (
        0 < len(words) <= 2
        and all(word[0].isupper() for word in words)
        and not any(fold(word) in _NEVER_NAMES for word in words)
    )


def is_topic(text: str) -> bool:
    """'Work', 'This week': sorts a list."""
    return all(word in NO_NAMES | TOPICS or word.isdigit() for word in fold(text).split())


def subheading(line: Line) -> str:
    """'Jane' of a line 'Jane:' or 'For Jane:', 'This week' of a bold line; '' where it is none."""
    text = line.text.strip("*_# ")
    bare = text.strip("*_#:： ")
    if line.marked or not bare or len(bare) > _LONGEST:
        return ""
    if not text.endswith((":", "：")) and not (line.heading and is_topic(bare)):
        return ""
    first, _, rest = bare.partition(" ")
    return rest if rest and fold(first) in FOR else bare


def _split(text: str) -> tuple[str, str, str]:
    before, colon, rest = text.replace("：", ":", 1).partition(":")
    return before, colon, rest


def _bare(text: str) -> str:
    """Without decoration, emoji or numbering: '## 2. Next  steps:' is 'Next steps'."""
    bare = text.strip(_DECORATION)
    if found := _NUMBERING.match(bare):
        bare = bare[found.end() :]
    while bare and not bare[0].isalpha():
        bare = bare[1:]
    while bare and not (bare[-1].isalnum() or bare[-1] in ").'’"):
        bare = bare[:-1]
    return bare.strip(_DECORATION)


def _with_rest(heading: Heading, line: Line, rest: str) -> Heading | None:
    rest = rest or heading.rest
    if rest and heading.section is Section.OTHER and line.marked:
        return None
    if rest and heading.section in (Section.ACTIONS, Section.COACH) and is_report(rest):
        return OTHER
    return replace(heading, rest=rest)


def _is_decorated(text: str) -> bool:
    first = text[0]
    return (first == "#" and text.strip("# ") != "") or (first in "*_=~-–—[" and text.rstrip(":：")[-1] in "*_=~-–—]")


def _is_underlined(lines: Sequence[Line], index: int) -> bool:
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return len(below) >= 3 and below[0] in "=-~" and is_rule(below)


def _phrase(words: Sequence[str]) -> str:
    return fold(" ".join(words)).rstrip(" ,")


class _Words:
    """Reads the words of what may be a heading. `sure` says that a colon or its style already makes it one."""

    def __init__(self, extra: frozenset[str], *, sure: bool) -> None:
        self.extra = extra
        self.sure = sure

    def read(self, words: list[str]) -> Heading | None:
        if not words or len(words) > 14:
            return None
        if not self.sure and not self._may_begin(words):
            return None
        phrase = _phrase(words)
        known = self._known(phrase)
        if known:
            return Heading(known) if self.sure or phrase not in ONLY_WITH_COLON else None
        return self._combined(phrase) or self._owned(words) or self._with_tail(words) or self._filled(words)

    def _may_begin(self, words: list[str]) -> bool:
        """Most lines are prose, and their first word tells: this keeps a long mail quick to read."""
        first = fold(words[0]).rstrip(",/")
        return (
            first.partition("/")[0] in _FIRST_WORDS
            or any(word.startswith(first) for word in self.extra)
            or any(self._is_possessive(word) or word in _DASHES for word in words[:3])
        )

    def _known(self, phrase: str) -> Section | None:
        if phrase in COACH_HEADINGS:
            return Section.COACH
        if phrase in ACTION_HEADINGS or phrase in self.extra:
            return Section.ACTIONS
        if phrase in SUMMARY_HEADINGS:
            return Section.SUMMARY
        return Section.OTHER if phrase in OTHER_HEADINGS else None

    def _combined(self, phrase: str) -> Heading | None:
        """'Homework and next steps', 'Actions/Homework'."""
        parts: list[list[str]] = [[]]
        for word in phrase.replace("/", " / ").split():
            if word in AND:
                parts.append([])
            else:
                parts[-1].append(word)
        kinds = {self._known(" ".join(part)) for part in parts}
        return ACTIONS if len(parts) > 1 and kinds == {Section.ACTIONS} else None

    def _owned(self, words: list[str]) -> Heading | None:
        """'My actions', 'Your homework', 'Jane's next steps', 'Jane – actions', 'Last week's homework'."""
        for count in range(1, min(5, len(words))):
            owner, known = _phrase(words[:count]), self._known(_phrase(words[count:]))
            if known is None:
                continue
            if owner in MY:
                return COACH if known is Section.ACTIONS else OTHER
            if owner in YOUR:
                return Heading(known)
            possessive, dashed = self._is_possessive(words[count - 1]), words[count - 1] in _DASHES
            if known is not Section.ACTIONS or not (possessive or dashed):
                continue
            if dashed and not self.sure and not is_name(" ".join(words[: count - 1])):
                continue
            return self._of(words[: count - 1] if dashed else words[:count])
        return None

    @staticmethod
    def _is_possessive(word: str) -> bool:
        return word.replace("’", "'").endswith(("'s", "s'"))

    def _of(self, owner: list[str]) -> Heading | None:
        plain = [fold(word) for word in owner]
        if not PAST.isdisjoint(plain):
            return OTHER
        named = " ".join(owner).replace("’", "'")
        named = named.removesuffix("'s").removesuffix("'") if self._is_possessive(owner[-1]) else named
        if fold(named) in ME:
            return COACH
        if plain and (plain[0] in NO_NAMES or fold(named) in NO_NAMES):
            return ACTIONS if is_topic(named) else None
        if fold(named) in FILLERS or not named[:1].isupper():
            return None
        return Heading(Section.ACTIONS, name=named) if 0 < len(owner) <= 3 else None

    def _with_tail(self, words: list[str]) -> Heading | None:
        """The longest known words at the start, and behind them for whom or when."""
        for count in range(len(words) - 1, 0, -1):
            phrase = _phrase(words[:count])
            known = self._known(phrase) or self._owned_kind(words[:count])
            if known is None:
                continue
            heading = self._tail(known, words[count:], comma=words[count - 1].endswith(","))
            if heading:
                return heading
        return None

    def _owned_kind(self, words: list[str]) -> Section | None:
        heading = self._owned(words)
        return heading.section if heading and not heading.name else None

    def _tail(self, known: Section, tail: list[str], *, comma: bool) -> Heading | None:
        if tail[0][0] in "([" and tail[-1][-1] in ")]":
            return self._remark(known, " ".join(tail)[1:-1].split())
        if known is Section.OTHER:
            return OTHER if self.sure and len(tail) <= 3 else None
        if tail[0] in _DASHES:
            return self._behind_dash(known, tail[1:])
        if comma and self.sure and known is Section.ACTIONS and is_name(" ".join(tail)):
            return Heading(known, name=" ".join(tail))
        if fold(tail[0]) in FOR:
            return self._for(known, tail[1:])
        if known is Section.ACTIONS and self._is_time(tail):
            return ACTIONS
        return None

    def _is_time(self, tail: list[str]) -> bool:
        if not is_topic(" ".join(tail)) or any(fold(word) in TOPICS - NO_NAMES for word in tail):
            return False
        return self.sure or (len(tail) <= 4 and {"every", "each", "to", "do"}.isdisjoint(map(fold, tail)))

    def _remark(self, known: Section, words: list[str]) -> Heading:
        """'(Jane)', '(for you)', '(this week)', '(private)'."""
        plain = [fold(word) for word in words]
        if not PAST.isdisjoint(plain) or is_private(" ".join(words)) or known is Section.OTHER:
            return OTHER
        if " ".join(plain) in ME:
            return COACH if known is Section.ACTIONS else OTHER
        if plain and plain[0] in FOR and len(words) > 1:
            return self._for(known, words[1:]) or (OTHER if known is Section.SUMMARY else Heading(known))
        return Heading(known, name=" ".join(words) if known is Section.ACTIONS and is_name(" ".join(words)) else "")

    def _behind_dash(self, known: Section, words: list[str]) -> Heading | None:
        """'Actions – Jane', 'Actions - call Sam; book the GP'."""
        behind = " ".join(words)
        if known is not Section.ACTIONS or not words:
            return None
        if fold(behind) in ME:
            return COACH
        if is_topic(behind):
            return ACTIONS
        if len(words) <= 3 and all(word[0].isupper() for word in words):
            return Heading(known, name=behind)
        return None if self.sure else Heading(known, rest=behind)

    def _for(self, known: Section, words: list[str]) -> Heading | None:
        """'for Jane', 'for Jane Doe (this week)', 'para a Jane', 'for the coach', 'for Jane – call'."""
        dash = next((at for at, word in enumerate(words) if word in _DASHES), 0)
        if dash and not self.sure:
            heading = self._for(known, words[:dash])
            return replace(heading, rest=" ".join(words[dash + 1 :])) if heading else None
        if words and words[-1].endswith(")"):
            opened = next((at for at, word in enumerate(words) if word.startswith("(")), len(words))
            words = words[:opened]
        plain = [fold(word) for word in words]
        if not words or not PAST.isdisjoint(plain) or " ".join(plain) in OTHER_HEADINGS:
            return OTHER if words else None
        if " ".join(plain) in ME:
            return COACH if known is Section.ACTIONS else OTHER
        if is_topic(" ".join(words)):
            return Heading(known) if self.sure or len(words) <= 3 else None
        if plain[0] in ("a", "o", "la", "il") and len(words) > 1 and words[1][0].isupper():
            words, plain = words[1:], plain[1:]
        while len(words) > 1 and plain[-1] in NO_NAMES | TOPICS and not words[-1][0].isupper():
            words, plain = words[:-1], plain[:-1]
        if plain[0] in NO_NAMES:
            return None
        fits = len(words) <= _LONGEST_NAME if self.sure else len(words) <= 2 and all(w[0].isupper() for w in words)
        return Heading(known, name=" ".join(words)) if fits else None

    def _filled(self, words: list[str]) -> Heading | None:
        """'Here are your next steps', 'So here are the three actions'."""
        if not self.sure:
            return None
        rest = words
        while rest and fold(rest[0]) in FILLERS:
            rest = rest[1:]
        if len(rest) == len(words) or not rest:
            return None
        known = self._known(_phrase(rest))
        if known is None:
            return self._with_tail(rest) if self._known(_phrase(rest[:2])) or self._known(fold(rest[0])) else None
        return Heading(known) if known is Section.ACTIONS else None
