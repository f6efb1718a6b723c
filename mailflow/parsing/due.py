"""'…, by Friday' -> Due. A small grammar anchored at the end of the action: no cue, no date.

What was decided where people differ, each with `ambiguous` so that the receipt says the day that was taken:
- 'next Tuesday' is the Tuesday of the next week that starts on a Monday.
- 'by Friday' written on a Friday is the Friday a week later; 'this Friday' is today.
- A day and month that have just gone by are next year's.
- 'before Monday' is due on that Monday: the day that was named is the one to show.
- A week ends on its Sunday; 'by the weekend' is its Saturday.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from mailflow.model import Due, DueKind
from mailflow.parsing.due_days import Days
from mailflow.parsing.due_tokens import (
    CUE_TOKENS,
    LONGEST_PHRASE,
    TOKENS,
    Word,
    begins_a_range,
    hides_a_day,
    is_every,
    may_be_of_a_day,
    may_begin_what_recurs,
    may_follow_what_recurs,
    phrases,
    read_as_recurring,
    split_words,
)
from mailflow.parsing.due_words import ADDS_NOTHING, CUE_ARTICLES, LATEST, PAST, TIMES_OF_DAY, WITH

CERTAIN_CUES = frozenset("BY BEFORE WITHIN DUE".split())
"""Those that count at the beginning without a comma behind the day."""

WEAK_CUES = frozenset(("", "ON", "ONDATE"))
MAX_WORDS = 12
"""Words at the end of an action that can be a due phrase."""

LAST_YEAR = 9900
"""A mail may say that it is of the year 9999; behind that there are no days to count to."""

_TRAILING = " .,;:!?)]\"'”’"
_ALONE = re.compile(r"(?:[(\[–—:]|\s-)\s*$")
_PAUSE = re.compile(r"\s*[,:;)\]–—](?!\s*\d)|\s+-\s(?!\s*\d)")
_CLOCK = r"\d{1,2}(?:[:.h]\d{2})?"
_ADDS_NOTHING = sorted({*phrases(ADDS_NOTHING), *phrases(LATEST)}, key=len, reverse=True)
_CLOCK_LAST = re.compile(
    rf" (?:(?:at|um|gegen|a|à|alle|a las|as|om) )?{_CLOCK} ?(?:am|pm|a\.m|p\.m|uhr|uur|h|o'clock|horas|heures)$"
    rf"| (?:at|um|gegen|a|à|alle|a las|as|om) {_CLOCK}$| \d{{1,2}}[:h]\d{{2}}$"
    rf"| (?:{'|'.join(map(re.escape, _ADDS_NOTHING))})$"
)
_CLOCK_FIRST = re.compile(
    rf"^(?:{_CLOCK} ?(?:am|pm)|\d{{1,2}}:\d{{2}}|{'|'.join(phrases(TIMES_OF_DAY))})(?: on)? (?=\w)"
)
_ORDINAL = re.compile(r"\d{1,2}\.")
_LATEST = tuple(phrases(LATEST))
_EVERY = r"DAY|JOUR|WEEK|MONTH|YEAR|HOUR|PART|TOMORROW|WEEKEND|d\d"
_RECURS = re.compile(
    r"(?:LEAST )?(?:"
    r"(?:ON |AT |EVERY )?RECUR"
    rf"|EVERY (?:OTHER )?(?:{_EVERY})(?: PARTS?)?(?: AND d\d)?"
    rf"|EVERY(?:FEW)? [#n]\d+!? (?:{_EVERY})|EVERYFEW OTHER (?:{_EVERY})"
    r"|[#n]\d+ TIMES (?:(?:PER |AT |IN |EVERY |THIS )?(?:THE )?(?:DAY|JOUR|WEEK|MONTH|YEAR|PART)|RECUR)"
    r"|(?:ON |AT )?[#n]\d+ (?:MINUTE|HOUR|DAY|PARTS?|WEEKEND) (?:PER|THIS) (?:DAY|JOUR|WEEK|MONTH|PART)"
    r"|(?:ON |AT )?d\d PARTS"
    r"|(?:FROM )?d\d TO d\d"
    r")"
)
"""In tokens: 'every other day', '3x a week', 'ten minutes a day', 'on Monday mornings', 'Monday to Friday'."""

_VERB = re.compile(
    r"\s(?:\w+(?:en|ern|eln|zien|gaan|doen)"
    r"|an|auf|ab|aus|ein|mit|nach|vor|zu|zurück|durch|aan|op|af|uit|in|mee|terug|door|over|na)$"
)
"""What German and Dutch put last: an infinitive, or a part split off the verb ('Ruf Sam bis Freitag an')."""

_ANYWHERE = frozenset("bis spatestens uiterlijk".split())
_BEFORE_A_VERB = _ANYWHERE | {"tot", "vor", "voor"}


def parse_due(text: str, *, today: date, date_order: str) -> Due:
    """When an action is due, by the phrase that ends it. `date_order` is 'DMY' or 'MDY' and decides 3/12.

    German and Dutch put a verb behind the phrase ('Sam bis Freitag anrufen'), every language may begin with it
    ('By Friday, call Sam'), and brackets may follow it ('by Friday (ask about the job)').
    """
    if today.year > LAST_YEAR:
        return Due()
    reader = _Reader(text, today, date_order)
    end = len(text.rstrip(_TRAILING))
    due = reader.ending_at(end)
    verb = _VERB.search(text, max(0, end - 40), end)
    if due.kind is DueKind.NONE and verb:
        due = reader.ending_at(verb.start(), words_behind=1)
    if due.kind is DueKind.NONE and text[end:].startswith(")") and (bracket := text.rfind("(", 0, end)) > 0:
        due = reader.ending_at(bracket)
    if due.kind is DueKind.NONE:
        due = reader.beginning(verb_last=verb is not None)
    return reader.inside(verb_last=verb is not None) if due.kind is DueKind.NONE else due


class _Reader:
    """Finds the due phrase of one action."""

    def __init__(self, text: str, today: date, date_order: str) -> None:
        self.text = text
        self.days = Days(today, date_order)

    def ending_at(self, end: int, *, words_behind: int = 0) -> Due:
        """'every morning until Friday' recurs; the client reads the rest in the words themselves."""
        end = len(self.text[:end].rstrip(_TRAILING))
        words = split_words(self.text, max(0, end - 160), end)[-MAX_WORDS:]
        for index in range(len(words)):
            if any(True for _ in _recurring(words, index)):
                return Due(DueKind.RECURRING, phrase=self.text[words[index].start : end])
        start, due = self._dated(words, words_behind)
        return replace(due, phrase=self.text[start:end])

    def _dated(self, words: list[Word], words_behind: int) -> tuple[int, Due]:
        """(where it starts, what it says) for the longest phrase at the end that is a cue and a date."""
        folded = [word.folded for word in words]
        first = next((index for index in range(len(words), 0, -1) if not may_be_of_a_day(folded[index - 1])), 0)
        for index in range(first, len(words)):
            word = words[index]
            for cue, article, expression in _cues(folded[index:]):
                if not _follows(cue, folded[:index]) or (not cue and self._owns(words[:index])):
                    continue
                due = self.days.read(
                    "ALONE" if not cue and self._is_alone(word, expression) else cue,
                    _without_time(expression),
                    article=article,
                    other_words=index + words_behind,
                )
                if due is not None:
                    return self._with_session(words[:index], word.start, cue, due)
        return len(self.text), Due()

    def _owns(self, before: list[Word]) -> bool:
        """'Jane's next session' is not the client's."""
        return bool(before) and self.text.endswith(("'s", "’s"), 0, before[-1].end)

    def _is_alone(self, first: Word, expression: list[str]) -> bool:
        """'(Friday)', '– Friday', 'Friday at the latest': as good as a cue."""
        before = _ALONE.search(self.text, max(0, first.start - 4), first.start)
        return before is not None or _is_latest(expression)

    def _with_session(self, before: list[Word], start: int, cue: str, due: Due) -> tuple[int, Due]:
        """'before our next call on Friday' is due at the call, whenever that will be."""
        if before and due.kind is DueKind.DATE and cue in ("", "ON"):
            earlier, session = self._dated(before, 1)
            if session.kind is DueKind.NEXT_SESSION:
                return earlier, session
        return start, due

    def beginning(self, *, verb_last: bool) -> Due:
        """'By Friday, call Sam'; without a pause or a verb at the end only the cues that can't mean anything else."""
        words = split_words(self.text, 0, 120)
        for length in _recurring(words, 0, to_the_end=False):
            # 'Daily walk' names the walk; 'Each day walk', 'Twice a week walk' and 'Daily: walk' say when.
            pause = self._pause_after(words[length - 1])
            if length < len(words) and (length > 1 or pause or verb_last):
                return Due(DueKind.RECURRING, phrase=self.text[words[0].start : words[length - 1].end])
        return self._starting_at(words, verb_last=verb_last)

    def inside(self, *, verb_last: bool) -> Due:
        """'Den Brief bis Freitag an die Bank schicken', 'Überlege dir bis Freitag ein Ziel': German and Dutch only."""
        words = split_words(self.text, max(0, len(self.text) - 160), len(self.text))
        for index in range(len(words) - 1, 0, -1):
            if verb_last and is_every(words[index].folded):
                for length in _recurring(words[index:], 0, to_the_end=False):
                    return Due(DueKind.RECURRING, phrase=self.text[words[index].start : words[index + length - 1].end])
            if words[index].folded in (_BEFORE_A_VERB if verb_last else _ANYWHERE) and not begins_a_range(
                words[index - 1].folded
            ):
                due = self._starting_at(words[index:], verb_last=False)
                if due.kind is not DueKind.NONE:
                    return due
        return Due()

    def _starting_at(self, words: list[Word], *, verb_last: bool) -> Due:
        folded = [word.folded for word in words]
        of_a_day = next((index for index, word in enumerate(folded) if not may_be_of_a_day(word)), len(words) - 1)
        for length in range(min(MAX_WORDS, of_a_day, len(words) - 1), 0, -1):
            pause = self._pause_after(words[length - 1])
            for cue, article, expression in _cues(folded[:length]):
                if pause or verb_last or cue in CERTAIN_CUES:
                    alone = not cue and (pause not in ("", ",") or _is_latest(expression))
                    due = self.days.read(
                        "ALONE" if alone else cue,
                        _without_time(expression),
                        article=article,
                        other_words=len(words) - length,
                    )
                    if due is not None and (pause or not self._goes_on(due, words[length - 1], words[length])):
                        return replace(due, phrase=self.text[words[0].start : words[length - 1].end])
        return Due()

    def _goes_on(self, due: Due, last: Word, following: Word) -> bool:
        """'before the next meeting with Tom', 'bis zum 3. Kapitel'."""
        if due.kind is DueKind.NEXT_SESSION:
            return following.folded in WITH
        return _ORDINAL.fullmatch(last.folded) is not None and self.text[following.start].isupper()

    def _pause_after(self, word: Word) -> str:
        """The comma, colon, bracket or dash that follows, or ''."""
        if self.text[word.end - 1] == ":":
            return ":"
        pause = _PAUSE.match(self.text, word.end)
        return pause[0].strip() if pause else ""


def _recurring(words: Sequence[Word], start: int, *, to_the_end: bool = True) -> Iterator[int]:
    """Where a phrase like 'every morning' ends that starts there; behind it stands nothing or 'before work'."""
    if not words or not may_begin_what_recurs(words[start].folded):
        return
    for end in range(min(len(words), start + 7), start, -1):
        if to_the_end and end < len(words) and not may_follow_what_recurs(words[end].folded):
            continue
        readings = read_as_recurring([word.folded for word in words[start:end]])
        if any(_RECURS.fullmatch(" ".join(tokens)) for tokens in readings):
            yield end


def _follows(cue: str, before: list[str]) -> bool:
    """Whether that cue can stand behind these words."""
    if not before:
        return True
    # 'what happened on Monday' looks back, 'talk about tomorrow' too.
    return not (cue == "ON" and before[-1] in PAST) and not (cue in WEAK_CUES and hides_a_day(before[-1]))


def _cues(words: list[str]) -> Iterator[tuple[str, bool, list[str]]]:
    """(cue, whether an article is part of it, the words behind it) for every cue that the words may start with;
    '' for dates that are their own cue."""
    for length in range(min(LONGEST_PHRASE, len(words) - 1), 0, -1):
        for cue in CUE_TOKENS.get(" ".join(words[:length]), ()):
            yield cue, words[length - 1] in CUE_ARTICLES, words[length:]
            if cue == "DUE":  # 'due on Friday'
                yield from _cues(words[length:])
    yield "", False, words


def _is_latest(words: list[str]) -> bool:
    return " ".join(words).endswith(_LATEST)


def _without_time(words: list[str]) -> list[str]:
    """'friday evening', 'friday at 5 pm' -> 'friday'."""
    phrase = _CLOCK_FIRST.sub("", " ".join(words), count=1)
    for _ in range(3):
        if phrase not in TOKENS:  # 'this evening' is a token of its own
            phrase = _CLOCK_LAST.sub("", phrase)
    return phrase.split()
