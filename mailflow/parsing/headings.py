"""Is this line a heading, and of what? 'Actions:', '## Next steps', 'Homework for Jane', 'Client: Jane'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailflow.parsing.commands import read_command
from mailflow.parsing.lines import Line, is_rule
from mailflow.parsing.words import (
    ACTION_HEADINGS,
    CLIENT_LABELS,
    COACH_HEADINGS,
    FILLERS,
    FOR,
    ME,
    NO_NAMES,
    OTHER_HEADINGS,
    SUMMARY_HEADINGS,
)

_LONGEST = 80
_DECORATION = " \t*_#=~-–—[]<>•|.!:："


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


def heading_of(lines: Sequence[Line], index: int, extra: frozenset[str]) -> Heading | None:
    """The heading that this line is, None for every other line; `extra` are a coach's own words for actions."""
    line = lines[index]
    text = line.text
    before, colon, rest = _split(text)
    if not text or len(before) > _LONGEST or (not colon and len(text) > 60 and not line.heading) or is_rule(text):
        return None
    if colon and read_command(text):
        return Heading(Section.COMMAND)
    styled = line.heading or _is_decorated(text) or _is_underlined(lines, index)
    phrase = _bare(before)
    rest = rest.strip(" *_")
    known = _known(phrase, extra)
    if known and (colon or styled or _bare(text) == phrase):
        if rest and known is Section.OTHER and line.marked:
            return None
        return Heading(known, rest=rest)
    if colon and phrase in CLIENT_LABELS:
        return Heading(Section.CLIENT, name=rest)
    if colon and not rest and _without_fillers(phrase) in ACTION_HEADINGS | extra:
        return Heading(Section.ACTIONS)
    named = _named(phrase, before.strip(_DECORATION), extra, sure=bool(colon) or styled)
    if named:
        return Heading(named.section, named.name, rest)
    if not rest and not line.marked and (styled or colon) and len(phrase.split()) <= 6:
        return Heading(Section.OTHER)
    return None


def _split(text: str) -> tuple[str, str, str]:
    before, colon, rest = text.replace("：", ":", 1).partition(":")
    return before, colon, rest


def _bare(text: str) -> str:
    """Lower case without decoration, emoji or numbering: '## 2. Next  steps:' is 'next steps'."""
    bare = text.strip(_DECORATION).lower().replace("’", "'")
    while bare and not bare[0].isalpha():
        bare = bare[1:]
    while bare and not (bare[-1].isalnum() or bare[-1] in ").'"):
        bare = bare[:-1]
    return bare.strip(_DECORATION)


def _without_fillers(phrase: str) -> str:
    """'Great session. Here are your next steps' -> 'next steps'."""
    words = phrase.replace("!", ".").replace("?", ".").rpartition(".")[2].split()
    while words and words[0] in FILLERS:
        words = words[1:]
    return " ".join(words)


def _is_decorated(text: str) -> bool:
    first = text[0]
    return (first == "#" and text.lstrip("#")[:1] == " ") or (
        first in "*_=~-–—[" and text.rstrip(":：")[-1] in "*_=~-–—]"
    )


def _is_underlined(lines: Sequence[Line], index: int) -> bool:
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return len(below) >= 3 and below[0] in "=-" and is_rule(below)


def _known(phrase: str, extra: frozenset[str]) -> Section | None:
    if phrase in COACH_HEADINGS:
        return Section.COACH
    if phrase in ACTION_HEADINGS or phrase in extra:
        return Section.ACTIONS
    if phrase in SUMMARY_HEADINGS:
        return Section.SUMMARY
    return Section.OTHER if phrase in OTHER_HEADINGS else None


def _named(phrase: str, written: str, extra: frozenset[str], *, sure: bool) -> Heading | None:
    """'Actions for Jane', 'Jane's homework', 'Actions (Jane)', 'Jane – actions', 'Actions for this week'."""
    words = phrase.split()
    if len(words) < 2 or (not sure and len(words) > 6):
        return None
    for preposition in FOR:
        first, found, name = phrase.partition(f" {preposition}")
        if found and _known(first, extra) is Section.ACTIONS:
            name = written[-len(name) :]
            words = name.split()
            if words[0].lower() in ME and len(words) == 1:
                return Heading(Section.COACH)
            if words[0].lower() in NO_NAMES:
                return Heading(Section.ACTIONS) if sure or len(words) <= 3 else None
            is_name = len(words) <= 5 if sure else len(words) <= 2 and all(word[0].isupper() for word in words)
            return Heading(Section.ACTIONS, name=name) if is_name else None
    first, found, rest = phrase.partition(" ")
    if found and _known(first, extra) is Section.ACTIONS and sure:
        if rest.startswith("(") and rest.endswith(")"):
            inner = written[written.index("(") + 1 : -1].strip()
            plain = inner.split()[:1] == [] or inner.split()[0].lower() in NO_NAMES or inner.split()[0].isdigit()
            return Heading(Section.ACTIONS, name="" if plain else inner)
        if rest.split()[0] in NO_NAMES:
            return Heading(Section.ACTIONS)
    for mark in ("'s ", "s' ", " - ", " – ", " — "):
        owner, found, last = phrase.partition(mark)
        if found and _known(last.strip(), extra) is Section.ACTIONS and sure and owner.split()[0] not in NO_NAMES:
            return Heading(Section.ACTIONS, name=written[: len(owner)]) if len(owner.split()) <= 3 else None
    return None
