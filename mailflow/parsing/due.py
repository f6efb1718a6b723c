"""'…, by Friday' -> Due. A small grammar anchored at the end of the action: no cue, no date.

What was decided where people differ, each with `ambiguous` so that the receipt says the day that was taken:
- 'next Tuesday' is the Tuesday of the next week that starts on a Monday.
- 'by Friday' written on a Friday is the Friday a week later; 'this Friday' is today.
- A day and month that have just gone by are next year's.
- 'before Monday' is due on that Monday: the day that was named is the one to show.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mailflow.model import Due, DueKind
from mailflow.parsing.due_words import DAYTIMES, LONGEST_PHRASE, RECURRING, TOKENS

CUES = frozenset("BY BEFORE ON IN WITHIN DUE FOR AT".split())
ARTICLES = frozenset("zum zur dem der le la au à el il lo o a ao do da del al".split())
MAX_WORDS = 10
"""Words at the end of an action that can be a due phrase."""

_WORD = re.compile(r"[^\s,;()\[\]–—]+")
_TRAILING = " .,;:!?)]("
_DAYTIME = re.compile(
    r" (?:(?:at |um |à |alle |a las |om |às )?\d{1,2}(?:[:.h]\d{2})? ?(?:am|pm|a\.m\.|p\.m|uhr|h|o'clock)"
    r"|(?:at|um|à|om) \d{1,2}(?:[:.h]\d{2})?|" + "|".join(DAYTIMES) + ")$"
)
_CLOCK_FIRST = re.compile(r"(?:\d{1,2}(?:[:.]\d{2})? ?(?:am|pm)|noon|\d{1,2}:\d{2}|eod|end of day)(?: on)? (?=\w)")
_RECURRING = re.compile("|".join(f"(?:{pattern})" for pattern in RECURRING))
_INFINITIVE = re.compile(r"\s\w+(?:en|ern|eln)$")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2})?)?$")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|er|e|º|°|ª)?$")
_YEAR = re.compile(r"n20\d\d$")
_PAST = frozenset("happened was were did said went felt met had saw told noticed learned passierte war geschah".split())
_RECENT = timedelta(days=60)


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
        self.days = _Days(today, date_order)

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
                if cue == "ON" and index and words[index - 1][0] in _PAST:
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
        for token in TOKENS.get(" ".join(words[:length]), ()):
            if token in CUES and length < len(words):
                yield token, length > 1 and words[length - 1] in ARTICLES, words[length:]
                if token == "DUE":  # 'due on Friday'
                    yield from _cues(words[length:])
    yield "", False, words


def _without_time(words: list[str]) -> list[str]:
    """'friday evening', 'friday at 5 pm' -> 'friday'."""
    phrase = _CLOCK_FIRST.sub("", " ".join(words))
    for _ in range(2):
        if phrase not in TOKENS:  # 'tomorrow evening' is a token of its own
            phrase = _DAYTIME.sub("", phrase)
    return phrase.split()


class _Days:
    """Reads one expression: every way to read its words as tokens is tried against the table of shapes."""

    def __init__(self, today: date, date_order: str) -> None:
        self.today = today
        self.date_order = date_order

    def read(self, cue: str, words: list[str], *, article: bool = False, after_words: int = 2) -> Due | None:
        """The day that the words name, None where they name none. `after_words`: how many stand before the phrase."""
        if not words or len(words) > 8:
            return None
        for tokens in _readings(words):
            bare = [token for token in tokens if token not in ("THE", "OF")]
            due = self._shape(cue, bare, has_the=article or "THE" in tokens, after_words=after_words)
            if due is not None:
                return due
        return None

    def _shape(self, cue: str, tokens: list[str], *, has_the: bool, after_words: int) -> Due | None:
        match tokens:
            case ["NEXT" | "THIS", "TIME" | "SESSION"] | ["SESSION" | "TIME", "NEXT"]:
                return Due(DueKind.NEXT_SESSION) if cue or "TIME" in tokens else None
            case ["NEXTSESSION"] | ["THIS" | "NEXT", "NEXTSESSION"]:
                return Due(DueKind.NEXT_SESSION) if cue else None
            case ["SESSION"] if cue in ("BEFORE", "BY") and has_the:
                return Due(DueKind.NEXT_SESSION)
            case ["TODAY"] | ["TONIGHT"]:
                return _on(self.today)
            case ["TOMORROW"]:
                return _on(self.today + timedelta(1))
            case ["OVERMORROW"]:
                return _on(self.today + timedelta(2))
            case [number, unit, "FROMTODAY"] if number[0] == "#" and unit in _UNITS:
                return self._after(number, unit)
            case [unit, "FROMTODAY"] if unit in _UNITS and has_the:
                return self._after("#1", unit)
        if cue:
            return self._cued(cue, tokens, has_the=has_the) if cue != "AT" else None
        match tokens:
            case ["NEXT" | "THIS", day] | [day, "NEXT"] if not has_the and day in _WEEKDAYS:
                return self._cued("ON", tokens, has_the=False)
            case ["NEXT" | "THIS", "WEEK" | "MONTH"] if not has_the and after_words > 1:
                # 'Call Sam next week', but not 'Plan next week'.
                return self._cued("ON", tokens, has_the=False)
        return None

    def _cued(self, cue: str, tokens: list[str], *, has_the: bool) -> Due | None:
        match tokens:
            case [number, unit] if number[0] == "#" and unit in _UNITS and cue in ("IN", "WITHIN"):
                return self._after(number, unit)
            case [number, unit, "TIME"] if number[0] == "#" and unit in _UNITS and cue == "IN":
                return self._after(number, unit)
            case [unit] if unit in _UNITS and cue == "WITHIN":
                return self._after("#1", unit)
        if cue in ("IN", "WITHIN"):
            return None
        match tokens:
            case ["END", unit] | ["END", "THIS", unit] | ["THIS", unit] if unit in _UNITS:
                return self._end_of(unit, 0)
            case ["END", "NEXT", unit] | ["NEXT", unit] | ["END", unit, "NEXT"] | [unit, "NEXT"] if unit in _UNITS:
                return self._end_of(unit, 1)
            case ["WEEKEND"] | ["THIS", "WEEKEND"]:
                return _on(self._coming(6, today_counts=True))
            case ["NEXT", "WEEKEND"] | ["WEEKEND", "NEXT"]:
                return _on(self._week_start(1) + timedelta(6), ambiguous=True)
            case ["END", month] if month in _MONTHS:
                return self._month_end(_MONTHS[month])
            case ["NEXT", day] | [day, "NEXT"] if day in _WEEKDAYS:
                return _on(self._week_start(1) + timedelta(_WEEKDAYS[day]), ambiguous=True)
            case ["THIS", day] if day in _WEEKDAYS:
                # Gone by already this week: the next one, and said so.
                return _on(
                    self._coming(_WEEKDAYS[day], today_counts=True), ambiguous=_WEEKDAYS[day] < self.today.weekday()
                )
            case [day] if day in _WEEKDAYS:
                return _on(
                    self._coming(_WEEKDAYS[day], today_counts=False), ambiguous=_WEEKDAYS[day] == self.today.weekday()
                )
            case [day, *rest] if day in _WEEKDAYS and rest:
                due = self._calendar(rest, has_the=has_the)
                if due is None or due.on is None:
                    return None
                return _on(due.on, ambiguous=due.ambiguous or due.on.weekday() != _WEEKDAYS[day])
        return self._calendar(tokens, has_the=has_the)

    def _after(self, number: str, unit: str) -> Due | None:
        count = _count(number)
        if unit in ("DAY", "WEEK"):
            return _on(self.today + timedelta(count * (7 if unit == "WEEK" else 1)))
        months = self.today.month - 1 + count * (12 if unit == "YEAR" else 1)
        year, month = self.today.year + months // 12, months % 12 + 1
        return _on(date(year, month, min(self.today.day, monthrange(year, month)[1])))

    def _end_of(self, unit: str, ahead: int) -> Due | None:
        """A week ends on its Sunday here; people who mean the Friday are early."""
        if unit == "WEEK":
            return _on(self._week_start(ahead) + timedelta(6), ambiguous=True)
        if unit == "MONTH":
            months = self.today.month - 1 + ahead
            year, month = self.today.year + months // 12, months % 12 + 1
            return _on(date(year, month, monthrange(year, month)[1]))
        if unit == "YEAR":
            return _on(date(self.today.year + ahead, 12, 31))
        return _on(self.today + timedelta(ahead))

    def _month_end(self, month: int) -> Due:
        year = self.today.year + (month < self.today.month)
        return _on(date(year, month, monthrange(year, month)[1]))

    def _week_start(self, ahead: int) -> date:
        return self.today + timedelta(7 * ahead - self.today.weekday())

    def _coming(self, weekday: int, *, today_counts: bool) -> date:
        days = (weekday - self.today.weekday()) % 7
        return self.today + timedelta(days if days or today_counts else 7)

    def _calendar(self, tokens: list[str], *, has_the: bool) -> Due | None:
        match tokens:
            case [month, number, *year] if month in _MONTHS and number[0] == "n":
                return self._calendar([number, month, *year], has_the=has_the)
            case [number, month] if number[0] == "n" and month in _MONTHS:
                return self._day_month(_count(number), _MONTHS[month])
            case [number, month, year] if number[0] == "n" and month in _MONTHS and _YEAR.match(year):
                return self._exact(_count(year), _MONTHS[month], _count(number))
            case [number] if number[0] == "n" and (has_the or number[-1] == "!"):
                return self._day(_count(number))
            case [written]:
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
        """A date with its year is taken as it is; one that has gone by is told."""
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
            return None
        on = date(year, month, day)
        return _on(on, ambiguous=on < self.today)

    def _day_month(self, day: int, month: int) -> Due | None:
        for year in range(self.today.year, self.today.year + 5):  # the next 29 February may be years away
            if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
                on = date(year, month, day)
                if on >= self.today:
                    return _on(on, ambiguous=on - self.today > timedelta(365) - _RECENT)
        return None

    def _day(self, day: int) -> Due | None:
        """'the 15th': the next one, today counts."""
        if not 1 <= day <= 31:
            return None
        year, month = self.today.year, self.today.month
        while day > monthrange(year, month)[1] or date(year, month, day) < self.today:
            year, month = year + month // 12, month % 12 + 1
        return _on(date(year, month, day))


_UNITS = frozenset("DAY WEEK MONTH YEAR".split())
_WEEKDAYS = {f"d{number}": number for number in range(7)}
_MONTHS = {f"m{number}": number for number in range(1, 13)}


def _count(token: str) -> int:
    """The number in #2, n15 and n15!."""
    return int(token.strip("#n!"))


def _on(day: date, *, ambiguous: bool = False) -> Due:
    return Due(DueKind.DATE, day, ambiguous=ambiguous)


def _readings(words: list[str]) -> Iterator[list[str]]:
    """Every way to read the words as tokens, the longest phrases first; n15 is a number, n15! an ordinal."""
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
    if word.isdecimal() and len(word) == 4:
        return [f"n{word}"]
    if ordinal := _ORDINAL.match(word):
        bare = word.isdigit()
        return [f"n{ordinal[1]}" + ("" if bare else "!"), *([f"#{ordinal[1]}"] if bare else [])]
    return [word] if word[:1].isdigit() else []
