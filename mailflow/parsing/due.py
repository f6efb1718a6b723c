"""'…, by Friday' -> Due. A small grammar anchored at the end of the action: no cue, no date.

What was decided where people differ, each with `ambiguous` so that the receipt says the day that was taken:
- 'next Tuesday' is the Tuesday of the next week that starts on a Monday.
- 'by Friday' written on a Friday is the Friday a week later; 'this Friday' is today.
- A day and month that have just gone by are next year's.
- 'before Monday' is due on that Monday: the day that was named is the one to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from mailflow.model import Due, DueKind
from mailflow.parsing.due_days import Days
from mailflow.parsing.due_words import ARTICLES, DAYTIMES, LONGEST_PHRASE, PAST, RECURRING, TOKENS, alternatives

CUES = frozenset("BY BEFORE ON IN WITHIN DUE FOR AT".split())
MAX_WORDS = 10
"""Words at the end of an action that can be a due phrase."""

_WORD = re.compile(r"[^\s,;()\[\]–—]+")
_TRAILING = " .,;:!?)]("
_DAYTIME = re.compile(
    r" (?:(?:at |um |à |alle |a las |om |às )?\d{1,2}(?:[:.h]\d{2})? ?(?:am|pm|a\.m\.|p\.m|uhr|h|o'clock)"
    r"|(?:at|um|à|om) \d{1,2}(?:[:.h]\d{2})?|" + alternatives(DAYTIMES) + ")$"
)
_CLOCK_FIRST = re.compile(r"(?:\d{1,2}(?:[:.]\d{2})? ?(?:am|pm)|noon|\d{1,2}:\d{2}|eod|end of day)(?: on)? (?=\w)")
_RECURRING = re.compile(alternatives(RECURRING))
_INFINITIVE = re.compile(r"\s\w+(?:en|ern|eln)$")


def parse_due(text: str, *, today: date, date_order: str) -> Due:
    """When an action is due, by the phrase that ends it. `date_order` is 'DMY' or 'MDY' and decides 3/12.

    German and Dutch put a verb behind the phrase ('Sam bis Freitag anrufen'), and every language may begin with it
    ('By Friday, call Sam').
    """
    reader = _Reader(text, today, date_order)
    end = len(text.rstrip(_TRAILING))
    due = reader.ending_at(end)
    if due.kind is DueKind.NONE and (verb := _INFINITIVE.search(text, max(0, end - 40), end)):
        due = reader.ending_at(verb.start())
    return due if due.kind is not DueKind.NONE else reader.beginning()


class _Reader:
    """Finds the due phrase of one action."""

    def __init__(self, text: str, today: date, date_order: str) -> None:
        self.text = text
        self.days = Days(today, date_order)

    def ending_at(self, end: int) -> Due:
        """'every morning until Friday' recurs; the client reads the rest in the words themselves."""
        end = len(self.text[:end].rstrip(_TRAILING))
        words = _words(self.text, max(0, end - 160), end)[-MAX_WORDS:]
        recurring = self._recurring(words, end)
        if recurring is not None:
            return Due(DueKind.RECURRING, phrase=self.text[recurring:end])
        start, due = self._dated(words)
        recurring = self._recurring(words, start) if due.kind is not DueKind.NONE else None
        if recurring is not None:
            return Due(DueKind.RECURRING, phrase=self.text[recurring:end])
        return replace(due, phrase=self.text[start:end])

    def _recurring(self, words: list[tuple[str, int]], end: int) -> int | None:
        """Where a phrase like 'every morning' starts that reaches to `end`."""
        end = len(self.text[:end].rstrip(_TRAILING))
        for _, start in words:
            if start < end and _RECURRING.fullmatch(self.text[start:end].lower()):
                return start
        return None

    def _dated(self, words: list[tuple[str, int]]) -> tuple[int, Due]:
        """(where it starts, what it says) for the longest phrase at the end that is a cue and a date."""
        for index, (_, start) in enumerate(words):
            for cue, article, expression in _cues([word for word, _ in words[index:]]):
                # 'what happened on Monday' looks back.
                if cue == "ON" and index and words[index - 1][0] in PAST:
                    continue
                due = self.days.read(cue, _without_time(expression), article=article, after_words=index)
                if due is not None:
                    return start, due
        return len(self.text), Due()

    def beginning(self) -> Due:
        """'By Friday, call Sam'; here only the cues that can't mean anything else."""
        words = _words(self.text, 0, 80)
        for length in range(min(MAX_WORDS, len(words) - 1), 1, -1):
            for cue, article, expression in _cues([word for word, _ in words[:length]]):
                if cue in ("BY", "BEFORE", "WITHIN", "DUE"):
                    due = self.days.read(cue, _without_time(expression), article=article)
                    if due is not None:
                        return replace(due, phrase=self.text[words[0][1] : words[length][1]].rstrip(_TRAILING))
        return Due()


def _words(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """The words in lower case, and where each starts."""
    return [(found[0].lower().rstrip("'’:"), found.start()) for found in _WORD.finditer(text, start, end)]


def _cues(words: list[str]) -> Iterator[tuple[str, bool, list[str]]]:
    """(cue, whether an article is part of it, the words behind it) for every cue that the words may start with;
    '' for dates that are their own cue."""
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        for cue in (name for name in TOKENS.get(" ".join(words[:length]), ()) if name in CUES):
            if length < len(words):
                yield cue, length > 1 and words[length - 1] in ARTICLES, words[length:]
                if cue == "DUE":  # 'due on Friday'
                    yield from _cues(words[length:])
    yield "", False, words


def _without_time(words: list[str]) -> list[str]:
    """'friday evening', 'friday at 5 pm' -> 'friday'."""
    phrase = _CLOCK_FIRST.sub("", " ".join(words))
    for _ in range(2):
        if phrase not in TOKENS:  # 'tomorrow evening' is a token of its own
            phrase = _DAYTIME.sub("", phrase)
    return phrase.split()
