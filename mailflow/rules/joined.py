"""Are these two actions in one? 'Call Sam and book the GP' are; 'read and sign the lease' is one, and so is
'write to Sam and send it': there one answer covers both.

Each half must have a verb and something that is done with it, and the second must not lean on the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailflow.rules.joined_words import FUNCTION_WORDS, GRAMMARS, SUBJECTS, Grammar
from mailflow.rules.moments import without_times


@dataclass(frozen=True)
class Joined:
    """The halves without what joins them, and the coach's words where the second begins."""

    first: str
    words: str
    second: str


_PAIRS = tuple(
    (re.compile(opened), re.compile(closed))
    for opened, closed in (
        (r"\(", r"\)"),
        (r"[„«]|(?<!\w)“", r"[”»]|(?<=[\w.,!?])“"),
        (r"(?<!\w)['‘‚](?=\w)", r"(?<=[\w.,!?])['’](?!\w)"),
    )
)
_THING = re.compile(r"[^\W\d_]{4,}")


def second_action(text: str) -> Joined | None:
    """Where a second action begins, None for one action."""
    joints = [(grammar, joint) for grammar in GRAMMARS for joint in grammar.joints.finditer(text)]
    timeless = without_times(text) if joints else ""
    for grammar, joint in joints:
        halves = _from_its_verb(timeless[: joint.start()]), _collapsed(timeless[joint.end() :])
        if _are_two(grammar, *halves) and not _inside_brackets(text[: joint.start()]):
            second = text[joint.end() :].strip()
            begun = second if grammar.verb_last else second.split()[0]
            words = text[joint.start() : text.index(second, joint.end()) + len(begun)]
            return Joined(text[: joint.start()].rstrip(" ,;"), words.strip(" ,;.&+"), second)
    return None


def _are_two(grammar: Grammar, first: str, second: str) -> bool:
    return (
        grammar.first.search(first) is not None
        and grammar.second.search(second) is not None
        and grammar.leaning.search(second) is None
        and not any(begun.search(first) and ended.search(second) for begun, ended in grammar.one)
        and not _things(first) & _things(second)
    )


def _from_its_verb(half: str) -> str:
    """The half without a day before it, and without 'I will'."""
    half = _collapsed(half).strip(" ,.:;–-")
    found = SUBJECTS.match(half)
    return half[found.end() :] if found else half


def _collapsed(half: str) -> str:
    return " ".join(half.split())


def _inside_brackets(before: str) -> bool:
    """Whether a bracket or a quotation is still open here."""
    return before.count('"') % 2 == 1 or any(
        len(opened.findall(before)) > len(closed.findall(before)) for opened, closed in _PAIRS
    )


def _things(half: str) -> set[str]:
    """What it is about: in 'Write a list … and show the list' the second half is about what the first one made."""
    return {word.casefold() for word in _THING.findall(half)} - FUNCTION_WORDS
