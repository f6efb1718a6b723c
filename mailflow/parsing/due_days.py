"""The words behind a cue -> a day: 'friday', 'the 3rd of december', 'the end of the week'."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from mailflow.model import Due, DueKind
from mailflow.parsing.due_words import LONGEST_PHRASE, TOKENS

MAX_TOKENS = 8
UNITS = frozenset("DAY WEEK MONTH YEAR".split())
WEEKDAYS = {f"d{number}": number for number in range(7)}
MONTHS = {f"m{number}": number for number in range(1, 13)}
RECENT = timedelta(days=60)
"""A day and month that went by no longer ago than this may be a slip for the one that did."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2})?)?$")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|er|e|º|°|ª)?$")


class Days:
    """Reads expressions as seen from one day. A method answers None where the words are not of its kind."""

    def __init__(self, today: date, date_order: str) -> None:
        self.today = today
        self.date_order = date_order

    def read(self, cue: str, words: list[str], *, article: bool = False, after_words: int = 2) -> Due | None:
        """The day that the words name, None where they name none. Every way to read them as tokens is tried.

        `article`: whether one ends the cue; `after_words`: how many words stand before the phrase.
        """
        if not words or len(words) > MAX_TOKENS:
            return None
        for tokens in _readings(words):
            has_the = article or "THE" in tokens
            bare = [token for token in tokens if token not in ("THE", "OF")]
            due = self._session(cue, bare, has_the) or self._without_cue(cue, bare, has_the, after_words)
            if due is None and cue in ("IN", "WITHIN"):
                due = self._span(cue, bare)
            elif due is None and cue not in ("", "AT"):
                due = self._period(bare) or self._weekday(bare, has_the) or self._calendar(bare, has_the)
            if due is not None:
                return due
        return None

    def _session(self, cue: str, tokens: list[str], has_the: bool) -> Due | None:
        match tokens:
            case ["NEXT" | "THIS", "TIME" | "SESSION"] | ["SESSION" | "TIME", "NEXT"]:
                return Due(DueKind.NEXT_SESSION) if cue or "TIME" in tokens else None
            case ["NEXTSESSION"] | ["THIS" | "NEXT", "NEXTSESSION"] if cue:
                return Due(DueKind.NEXT_SESSION)
            case ["SESSION"] if cue in ("BEFORE", "BY") and has_the:
                return Due(DueKind.NEXT_SESSION)
        return None

    def _without_cue(self, cue: str, tokens: list[str], has_the: bool, after_words: int) -> Due | None:
        """Days that need no cue: 'tomorrow', 'a week from today', 'next Tuesday'."""
        match tokens:
            case ["TODAY"] | ["TONIGHT"]:
                return _on(self.today)
            case ["TOMORROW"]:
                return _on(self.today + timedelta(1))
            case ["OVERMORROW"]:
                return _on(self.today + timedelta(2))
            case [number, unit, "FROMTODAY"] if number[0] == "#" and unit in UNITS:
                return self._after(_count(number), unit)
            case [unit, "FROMTODAY"] if unit in UNITS and has_the:
                return self._after(1, unit)
            case ["NEXT" | "THIS", day] | [day, "NEXT"] if not cue and not has_the and day in WEEKDAYS:
                return self._weekday(tokens, has_the)
            case ["NEXT" | "THIS", "WEEK" | "MONTH"] if not cue and not has_the and after_words > 1:
                # 'Call Sam next week', but not 'Plan next week'.
                return self._period(tokens)
        return None

    def _span(self, cue: str, tokens: list[str]) -> Due | None:
        """'in two weeks', 'within a month', 'in 2 weeks' time'."""
        match tokens:
            case [number, unit] | [number, unit, "TIME"] if number[0] == "#" and unit in UNITS:
                return self._after(_count(number), unit)
            case [unit] if unit in UNITS and cue == "WITHIN":
                return self._after(1, unit)
        return None

    def _period(self, tokens: list[str]) -> Due | None:
        """'the end of the month', 'next week', 'the weekend'."""
        match tokens:
            case ["END", unit] | ["END", "THIS", unit] | ["THIS", unit] if unit in UNITS:
                return self._end_of(unit, 0)
            case ["END", "NEXT", unit] | ["NEXT", unit] | ["END", unit, "NEXT"] | [unit, "NEXT"] if unit in UNITS:
                return self._end_of(unit, 1)
            case ["WEEKEND"] | ["THIS", "WEEKEND"]:
                return _on(self._coming(6, today_counts=True))
            case ["NEXT", "WEEKEND"] | ["WEEKEND", "NEXT"]:
                return _on(self._week_start(1) + timedelta(6), ambiguous=True)
            case ["END", month] if month in MONTHS:
                return _on(_last_of(self.today.year + (MONTHS[month] < self.today.month), MONTHS[month]))
        return None

    def _weekday(self, tokens: list[str], has_the: bool) -> Due | None:
        """'friday', 'next friday', 'friday 4 december'."""
        named = next((token for token in tokens if token in WEEKDAYS), None)
        if named is None:
            return None
        number = WEEKDAYS[named]
        rest = [token for token in tokens if token != named]
        if rest == ["NEXT"]:
            return _on(self._week_start(1) + timedelta(number), ambiguous=True)
        if rest == ["THIS"]:
            # Gone by already this week: the next one, and said so.
            return _on(self._coming(number, today_counts=True), ambiguous=number < self.today.weekday())
        if not rest:
            return _on(self._coming(number, today_counts=False), ambiguous=number == self.today.weekday())
        due = self._calendar(rest, has_the) if tokens[0] == named else None
        if due is None or due.on is None:
            return None
        return _on(due.on, ambiguous=due.ambiguous or due.on.weekday() != number)

    def _calendar(self, tokens: list[str], has_the: bool) -> Due | None:
        """'3 december 2026', 'december 3rd', 'the 15th', '3/12', '2026-12-03'."""
        match tokens:
            case [month, number, *year] if month in MONTHS and number[0] == "n":
                return self._calendar([number, month, *year], has_the)
            case [number, month] if number[0] == "n" and month in MONTHS:
                return self._day_month(_count(number), MONTHS[month])
            case [number, month, year] if number[0] == "n" and month in MONTHS and year[0] == "n":
                return self._exact(_count(year), MONTHS[month], _count(number))
            case [number] if number[0] == "n" and (has_the or number[-1] == "!"):
                return self._day(_count(number))
            case [written] if written[0].isdigit():
                return self._written(written)
        return None

    def _written(self, text: str) -> Due | None:
        if iso := _ISO.match(text):
            return self._exact(int(iso[1]), int(iso[2]), int(iso[3]))
        numeric = _NUMERIC.match(text)
        if numeric is None:
            return None
        day, month = int(numeric[1]), int(numeric[2])
        if self.date_order == "MDY" and "." not in text:
            day, month = month, day
        # 12/25 in a country that writes the day first can only be meant the other way round.
        swapped = month > 12 >= day
        if swapped:
            day, month = month, day
        if numeric[3]:
            due = self._exact(int(numeric[3]) + (2000 if len(numeric[3]) == 2 else 0), month, day)
        else:
            due = self._day_month(day, month)
        return _on(due.on, ambiguous=due.ambiguous or swapped) if due and due.on else None

    def _exact(self, year: int, month: int, day: int) -> Due | None:
        """A date with its year is taken as it is; one that has gone by is flagged."""
        if not 2000 <= year < 2100 or not _exists(year, month, day):
            return None
        on = date(year, month, day)
        return _on(on, ambiguous=on < self.today)

    def _day_month(self, day: int, month: int) -> Due | None:
        for year in range(self.today.year, self.today.year + 9):  # 29 February may be eight years away
            if _exists(year, month, day) and date(year, month, day) >= self.today:
                on = date(year, month, day)
                return _on(on, ambiguous=on - self.today > timedelta(365) - RECENT)
        return None

    def _day(self, day: int) -> Due | None:
        """'the 15th': the next one, today counts."""
        if not 1 <= day <= 31:
            return None
        year, month = self.today.year, self.today.month
        while not _exists(year, month, day) or date(year, month, day) < self.today:
            year, month = year + month // 12, month % 12 + 1
        return _on(date(year, month, day))

    def _after(self, count: int, unit: str) -> Due:
        if unit in ("DAY", "WEEK"):
            return _on(self.today + timedelta(count * (7 if unit == "WEEK" else 1)))
        last = self._last_of_month(count * (12 if unit == "YEAR" else 1))
        return _on(last.replace(day=min(self.today.day, last.day)))

    def _end_of(self, unit: str, ahead: int) -> Due:
        """A week ends on its Sunday here; people who mean the Friday are early."""
        if unit == "WEEK":
            return _on(self._week_start(ahead) + timedelta(6), ambiguous=True)
        if unit == "MONTH":
            return _on(self._last_of_month(ahead))
        if unit == "YEAR":
            return _on(date(self.today.year + ahead, 12, 31))
        return _on(self.today + timedelta(ahead))

    def _last_of_month(self, ahead: int) -> date:
        months = self.today.month - 1 + ahead
        return _last_of(self.today.year + months // 12, months % 12 + 1)

    def _week_start(self, ahead: int) -> date:
        return self.today + timedelta(7 * ahead - self.today.weekday())

    def _coming(self, weekday: int, *, today_counts: bool) -> date:
        days = (weekday - self.today.weekday()) % 7
        return self.today + timedelta(days if days or today_counts else 7)


def _readings(words: list[str]) -> Iterator[list[str]]:
    """Every way to read the words as tokens, the longest phrases first."""
    if not words:
        yield []
        return
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = " ".join(words[:length])
        tokens = list(TOKENS.get(phrase, TOKENS.get(phrase.rstrip("."), ())))
        if length == 1:
            tokens.extend(_number_tokens(words[0]))
        for token in tokens:
            for rest in _readings(words[length:]):
                yield [token, *rest]


def _number_tokens(word: str) -> list[str]:
    """'15' is a day and a count, n15 and #15; '15th' is the ordinal n15!; '3/12' stays as it is written."""
    if word.isascii() and word.isdecimal() and len(word) == 4:
        return [f"n{word}"]
    if ordinal := _ORDINAL.match(word):
        number = int(ordinal[1])
        return [f"n{number}", f"#{number}"] if word.isdecimal() else [f"n{number}!"]
    return [word] if word[:1].isdigit() else []


def _count(token: str) -> int:
    """The number in #2, n15 and n15!."""
    return int(token.strip("#n!"))


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _on(day: date, *, ambiguous: bool = False) -> Due:
    return Due(DueKind.DATE, day, ambiguous=ambiguous)
