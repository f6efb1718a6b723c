"""The ledger's page on mornings: which reviews go together in one mail, and which have one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.simulation.diary import Appointment, Diary
from tests.simulation.letters import Letter
from tests.simulation.people import Client, Coach
from tests.simulation.truth import READ_WITHIN, Truth

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOTICE = 15 * MINUTE
"""docs/reviews.md: a session that begins sooner after the morning's hour has a review of its own."""
GRACE = 20 * MINUTE


class Mornings:
    """`_went` is what went on each day of a coach: the moment as of which it tells."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._went: dict[tuple[int, date], datetime] = {}

    def at(self, coach: Coach, start: datetime) -> datetime | None:
        """When the mail goes that a session which begins then is in; None where it is in none."""
        if coach.morning is None:
            return None
        at = datetime.combine(_day(coach, start), coach.morning, ZoneInfo(coach.zone)).astimezone(UTC)
        return at if start >= at + NOTICE else None

    def due_at(self, coach: Coach, start: datetime) -> datetime:
        """In the morning. Where nothing went before the first session of the day, the others have their own."""
        at = self.at(coach, start)
        own_at = start - coach.lead
        if at is None:
            return own_at
        first = min((one.starts_at for one in self._of_the_day(coach, at)), default=start)
        return at if first == start or (coach.number, _day(coach, start)) in self._went else max(own_at, first)

    def taken(self, coach: Coach, letter: Letter, now: datetime) -> bool:
        """False where the coach has one of that day."""
        return self._went.setdefault((coach.number, _day(coach, now)), letter.date) == letter.date

    def of_the_day(
        self, coach: Coach, letter: Letter, there: list[Appointment], now: datetime, *, is_copy: bool
    ) -> Iterator[str]:
        """What is wrong with a morning's mail."""
        day, count = letter.text.partition("\n")[0], len(letter.sections)
        if letter.subject != (f"{day}: one review" if count == 1 else f"{day}: {count} reviews"):
            yield f"its subject is {letter.subject!r}, and it has {count}"
        if any(one.starts_at > other.starts_at for one, other in pairwise(there)):
            yield "it is not in the order of time"
        for one in there:
            at = self.at(coach, one.starts_at)
            if at is None:
                yield f"{one} has a review of its own"
            elif now < at:
                yield f"early: {one} is not reviewed before {coach.morning:%H:%M}"
            elif not is_copy and self._is_second(coach, one, at, now):
                yield f"{one} is the client's second one that day"
        at = self.at(coach, there[0].starts_at) if there else None
        if at is None or is_copy:
            return
        for one in self._of_the_day(coach, at):
            if one.starts_at <= now and one.changed_at < at - READ_WITHIN:
                yield f"late: {one}, on the same day, had begun"

    def of_its_own(
        self, coach: Coach, letter: Letter, there: list[Appointment], now: datetime, *, is_copy: bool
    ) -> Iterator[str]:
        """What is wrong with a review that comes alone, where a morning's mail was to have it."""
        diary = self._truth.diaries[coach.number]
        for one in there:
            at = self.at(coach, one.starts_at)
            if at is None or is_copy or one.reviews or not _is_alone(diary, one) or one.changed_at > at - READ_WITHIN:
                continue
            went = self._went.get((coach.number, _day(coach, one.starts_at)))
            if now < at or (went is not None and self._was_settled(one.client, went - GRACE)):
                yield f"{one} has its review in the mail of that morning"

    def _of_the_day(self, coach: Coach, at: datetime) -> list[Appointment]:
        """What is planned that day, and not to begin before its mail."""
        found = self._truth.diaries[coach.number].began_between(at, at + DAY + 2 * NOTICE)
        return [one for one in found if self.at(coach, one.starts_at) == at]

    def _is_second(self, coach: Coach, appointment: Appointment, at: datetime, now: datetime) -> bool:
        """Of its client on that day, and mailflow knows."""
        client = appointment.client
        if self._truth.may_differ(self._truth.diaries[coach.number], client, now):
            return False
        of_the_day = self._of_the_day(coach, at)
        return any(one.client is client and one.starts_at < appointment.starts_at for one in of_the_day)

    def _was_settled(self, client: Client, moment: datetime) -> bool:
        """Everything that mailflow knows of the client now, and anything."""
        known = [
            version.settled_at
            for note in self._truth.notes_of(client)
            for version in note.versions
            if version.received_at
        ]
        return bool(known) and all(settled_at and settled_at < moment for settled_at in known)


def _is_alone(diary: Diary, appointment: Appointment) -> bool:
    """Its client has no other session about then, nor had."""
    return not any(
        other is not appointment and abs(other.starts_at - appointment.starts_at) < DAY + GRACE
        for other in diary.of_client[appointment.client.number]
    )


def _day(coach: Coach, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(coach.zone)).date()
