"""The words behind a cue -> a day: 'friday', 'the 3rd of december', 'the end of the week'."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from mailflow.model import Due, DueKind
from mailflow.parsing.due_tokens import WEEKDAYS, read_as_days

MAX_TOKENS = 8
DAYS_OF = {"DAY": 1, "JOUR": 1, "WEEK": 7, "FORTNIGHT": 14}
MONTHS_OF = {"MONTH": 1, "YEAR": 12}
PERIODS = frozenset("WEEK MONTH YEAR".split())
MONTHS = {f"m{number}": number for number in range(1, 13)}
NOT_OF_TODAY = frozenset("ON ONDATE IN AFTER WITHIN DURING AT".split())
"""'am Morgen' is a morning like any other."""
RECENT = timedelta(days=60)
"""A day and month that went by no longer ago than this may be a slip for the one that did."""

_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2})?)?$")


class Days:
    """Reads expressions as seen from one day. A method answers None where the words are not of its kind."""

    def __init__(self, today: date, date_order: str) -> None:
        self.today = today
        self.date_order = date_order

    def read(self, cue: str, words: list[str], *, article: bool, other_words: int) -> Due | None:
        """The day that the words name, None where they name none. Every way to read them as tokens is tried.

        `article`: whether one ends the cue; `other_words`: how many words the action has beside the phrase.
        """
        if not words or len(words) > MAX_TOKENS:
            return None
        for tokens in read_as_days(words):
            has_the = article or "THE" in tokens or "OUR" in tokens
            bare = [token for token in _with_our_meeting(tokens) if token not in ("THE", "OUR", "OF")]
            due = self._of_tokens(cue, bare, has_the, other_words) if bare else None
            if due is not None:
                return due
        return None

    def _of_tokens(self, cue: str, tokens: list[str], has_the: bool, other_words: int) -> Due | None:
        return (
            self._session(cue, tokens, has_the, other_words)
            or self._without_cue(cue, tokens, has_the, other_words)
            or self._behind(cue, tokens, has_the, other_words)
        )

    def _behind(self, cue: str, tokens: list[str], has_the: bool, other_words: int) -> Due | None:
        """What each cue can have behind it."""
        match cue:
            case "IN" if tokens[0] == "#1" and tokens[-1] in ("DAY", "JOUR"):
                return None  # 'what you do in a day'
            case "AFTER":
                return self._span(tokens)
            case "IN" | "WITHIN":
                return self._span(tokens) or self._period(cue, tokens)
            case "AT" if tokens[0] not in ("END", "MID", "START", "WEEKEND"):
                return None  # 'move it to next week'
            case "DURING" | "AT":
                return self._period(cue, tokens)
            case "ONDATE":
                return self._weekday(tokens, has_the) if len(tokens) > 1 else None
            case "ON" if len(tokens) == 1 and tokens[0][0] == "n" and other_words < 2:
                return None  # 'Llamar el 3' may be a number, 'Llamar a Sam el 3' is a day
            case "ALONE" if len(tokens) == 1 and _may_be_a_number(tokens[0]):
                return None
            case "":
                return None
        return self._any(cue, tokens, has_the)

    def _any(self, cue: str, tokens: list[str], has_the: bool) -> Due | None:
        period = None if cue == "FOR" else self._period(cue, tokens)  # 'a budget for next year'
        return period or self._weekday(tokens, has_the)

    def _session(self, cue: str, tokens: list[str], has_the: bool, other_words: int) -> Due | None:
        match tokens:
            case ["NEXT" | "THIS", "TIME"] | ["TIME", "NEXT"]:
                return Due(DueKind.NEXT_SESSION)
            case ["NEXT" | "THIS", "SESSION"] | ["SESSION", "NEXT"] if cue or (other_words > 1 and not has_the):
                return Due(DueKind.NEXT_SESSION)
            case ["NEXTSESSION"] | ["THIS" | "NEXT", "NEXTSESSION"] | ["NEXT", "#1"] if cue in ("BY", "BEFORE"):
                return Due(DueKind.NEXT_SESSION)
            case ["SESSION"] | ["SESSION", "NEXT", "WEEK"] | ["SESSION", "WEEK", "NEXT"]:
                return Due(DueKind.NEXT_SESSION) if cue in ("BEFORE", "BY") and has_the else None
        return None

    def _without_cue(self, cue: str, tokens: list[str], has_the: bool, other_words: int) -> Due | None:
        """Days that need no cue: 'tomorrow', 'a week from today', 'next Tuesday'."""
        match tokens:
            case ["TODAY"] if cue not in NOT_OF_TODAY:
                return _on(self.today)
            case ["ENDDAY"] if cue in ("BY", "BEFORE", "DUE", "ALONE"):  # 'at the end of the day' is an evening of many
                return _on(self.today)
            case ["TOMORROW"] if not has_the and cue not in NOT_OF_TODAY:
                return _on(self.today + timedelta(1))
            case ["OVERMORROW"]:
                return _on(self.today + timedelta(2))
            case [_, _, "FROMTODAY"]:
                return self._span(tokens[:2])
            case ["TODAY", "IN" | "AFTER", _, _]:
                return self._span(tokens[2:])
            case ["NEXT" | "THIS", day] | [day, "NEXT"] if not cue and not has_the and day in WEEKDAYS:
                return self._weekday(tokens, has_the)
            case ["NEXT" | "THIS" | "START" | "END", *_] | [_, "NEXT"] if not cue and other_words > 1:
                # 'Call Sam next week', but not 'Plan next week'.
                return self._period(cue, tokens)
        return self._weekday_of_a_week(cue, tokens)

    def _weekday_of_a_week(self, cue: str, tokens: list[str]) -> Due | None:
        """'Friday next week', 'a week on Friday', 'vrijdag over een week', 'Friday week'."""
        match tokens:
            case [day, "NEXT", "WEEK"] | [day, "WEEK", "NEXT"] | ["NEXT", "WEEK", day] if day in WEEKDAYS:
                return _on(self._week_start(1) + timedelta(WEEKDAYS[day]))
            case [count, "WEEK", "ON" | "FROM", day] | [day, "IN" | "AFTER", count, "WEEK"] if day in WEEKDAYS:
                return self._weeks_after(day, _count(count)) if count[0] == "#" else None
            case [day, "WEEK"] | [day, "IN", "#8"] if cue in ("", "ALONE") and day in WEEKDAYS:  # 'vendredi en huit'
                return self._weeks_after(day, 1)
        return None

    def _span(self, tokens: list[str]) -> Due | None:
        """'in two weeks', 'within a month', 'in 2 weeks' time', 'in the next 3 days'."""
        match tokens:
            case ["NEXT" | "THIS", number, unit] | [number, "NEXT", unit] | [number, unit, "TIME"] | [number, unit]:
                if number[0] not in "#~":
                    return None
                due = self._after(_count(number), unit)
                # Eight days are a week and fifteen are two for many who speak a Romance language.
                loose = number[0] == "~" or (unit == "JOUR" and _count(number) in (8, 15))
                return _on(due.on, ambiguous=loose) if due and due.on else None
        return None

    def _period(self, cue: str, tokens: list[str]) -> Due | None:
        """'the end of the month', 'next week', 'the weekend'."""
        match tokens:
            case ["END", unit] | ["END", "THIS", unit] | ["THIS", unit] if unit in PERIODS:
                return _on(self._end_of(unit, 0), ambiguous=unit == "WEEK")
            case ["NEXT", unit] | [unit, "NEXT"] if unit in PERIODS and cue == "BEFORE":
                return _on(self._end_of(unit, 0) + timedelta(1), ambiguous=True)
            case ["END", "NEXT", unit] | ["NEXT", unit] | ["END", unit, "NEXT"] | [unit, "NEXT"] if unit in PERIODS:
                return _on(self._end_of(unit, 1), ambiguous=unit == "WEEK")
            case ["START", "NEXT", "WEEK"] | ["START", "WEEK", "NEXT"]:
                return _on(self._week_start(1), ambiguous=True)
            case ["WEEKEND"] if cue in ("BY", "BEFORE"):
                return _on(self._coming(5, today_counts=True), ambiguous=True)
            case ["WEEKEND"] | ["THIS", "WEEKEND"] | ["END", "WEEKEND"] if cue or len(tokens) > 1:
                return _on(self._coming(6, today_counts=True), ambiguous=True)
            case ["NEXT", "WEEKEND"] | ["WEEKEND", "NEXT"]:
                return _on(self._week_start(1) + timedelta(6), ambiguous=True)
            case ["END", month] if month in MONTHS and cue:
                return _on(_last_of(self.today.year + (MONTHS[month] < self.today.month), MONTHS[month]))
            case ["MID", month] if month in MONTHS and cue:
                due = self._day_month(15, MONTHS[month])
                return _on(due.on, ambiguous=True) if due and due.on else None
            case ["KW", number] | ["END", "KW", number] if number[0] == "n" and cue:
                return self._calendar_week(_count(number))
        return None

    def _weekday(self, tokens: list[str], has_the: bool) -> Due | None:
        """'friday', 'next friday', 'friday 4 december'."""
        named = next((token for token in tokens if token in WEEKDAYS), None)
        if named is None:
            return self._calendar(tokens, has_the)
        number = WEEKDAYS[named]
        rest = [token for token in tokens if token not in (named, "END")]
        if rest == ["NEXT"]:
            return _on(self._week_start(1) + timedelta(number), ambiguous=True)
        if rest == ["THIS"]:
            # Gone by already this week: the next one, and said so.
            return _on(self._coming(number, today_counts=True), ambiguous=number < self.today.weekday())
        if not rest:
            return _on(self._coming(number, today_counts=False), ambiguous=number == self.today.weekday())
        due = self._calendar(rest, has_the=True) if tokens[0] == named else None
        if due is None or due.on is None:
            return None
        mismatch = due.on.weekday() != number
        # 'Friday 27' is a day only if that is a Friday.
        sure = has_the or rest[0][-1] == "!" or len(rest) > 1 or rest[0][0] != "n"
        return None if mismatch and not sure else _on(due.on, ambiguous=due.ambiguous or mismatch)

    def _calendar(self, tokens: list[str], has_the: bool) -> Due | None:
        """'3 december 2026', 'december 3rd', 'the 15th', '3/12', '2026-12-03'."""
        match tokens:
            case [month, number, *year] if month in MONTHS and number[0] == "n":
                return self._calendar([number, month, *year], has_the)
            case [number, month] if number[0] == "n" and month in MONTHS:
                return self._day_month(_count(number), MONTHS[month])
            case [number, month, year] if number[0] == "n" and month in MONTHS and year[0] == "n":
                century = 2000 if len(year) == 3 else 0
                return self._exact(century + _count(year), MONTHS[month], _count(number))
            case [number, "NEXT", "MONTH"] | [number, "MONTH", "NEXT"] if number[0] == "n":
                last = self._last_of_month(1)
                return _on(last.replace(day=_count(number))) if 1 <= _count(number) <= last.day else None
            case [number, month] if number[0] == "n" and number[-1] == "!" and month[0] == "n":  # '3. 12.'
                return self._day_month(_count(number), _count(month))
            case [holiday] if holiday[0] == "y":
                return self._holiday(holiday[1:])
            case [number] if number[0] == "n" and (has_the or number[-1] == "!"):
                return self._day(_count(number))
            case [written] if written[0].isdigit():
                return self._written(written)
        return None

    def _holiday(self, month_and_day: str) -> Due | None:
        """Flagged, since some keep the evening before."""
        month, _, day = month_and_day.partition("-")
        due = self._day_month(int(day), int(month))
        return _on(due.on, ambiguous=True) if due and due.on else None

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

    def _calendar_week(self, number: int) -> Due | None:
        """The Sunday that ends a week of ISO 8601, this year's or the next."""
        for year in (self.today.year, self.today.year + 1):
            if 1 <= number <= date(year, 12, 28).isocalendar().week:
                on = date.fromisocalendar(year, number, 7)
                if on >= self.today:
                    return _on(on, ambiguous=True)
        return None

    def _after(self, count: int, unit: str) -> Due | None:
        if unit == "HOUR":
            return _on(self.today + timedelta(count // 24)) if count >= 24 else None
        if unit in DAYS_OF:
            return _on(self.today + timedelta(count * DAYS_OF[unit]))
        if unit not in MONTHS_OF:
            return None
        if count * MONTHS_OF[unit] > 12:
            return None  # 'a letter to yourself in ten years'
        last = self._last_of_month(count * MONTHS_OF[unit])
        return _on(last.replace(day=min(self.today.day, last.day)))

    def _weeks_after(self, day: str, weeks: int) -> Due:
        """'a week on Friday'."""
        return _on(self._coming(WEEKDAYS[day], today_counts=False) + timedelta(7 * weeks))

    def _end_of(self, unit: str, ahead: int) -> date:
        """A week ends on its Sunday here; people who mean the Friday are early."""
        if unit == "WEEK":
            return self._week_start(ahead) + timedelta(6)
        return self._last_of_month(ahead) if unit == "MONTH" else date(self.today.year + ahead, 12, 31)

    def _last_of_month(self, ahead: int) -> date:
        months = self.today.month - 1 + ahead
        return _last_of(self.today.year + months // 12, months % 12 + 1)

    def _week_start(self, ahead: int) -> date:
        return self.today + timedelta(7 * ahead - self.today.weekday())

    def _coming(self, weekday: int, *, today_counts: bool) -> date:
        days = (weekday - self.today.weekday()) % 7
        return self.today + timedelta(days if days or today_counts else 7)


def _with_our_meeting(tokens: list[str]) -> list[str]:
    """'our meeting' and 'the next meeting' are a session, 'the meeting' may be anybody's."""
    ours = "OUR" in tokens or "NEXT" in tokens
    return ["SESSION" if ours and name == "MEETING" else name for name in tokens]


def _may_be_a_number(token: str) -> bool:
    """'(3)' and '(3/4)', but not '(3/12/2026)'."""
    return token[0] == "n" or re.fullmatch(r"\d+\D\d+\.?", token) is not None


def _count(token: str) -> int:
    """The number in #2, ~2, n15 and n15!."""
    return int(token.strip("#~n!"))


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _on(day: date, *, ambiguous: bool = False) -> Due:
    return Due(DueKind.DATE, day, ambiguous=ambiguous)
