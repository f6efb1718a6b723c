"""The ledger's page on reminders: to whom, of what, when, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailflow.rules.timing import after_quiet
from tests.simulation.diary import Appointment
from tests.simulation.letters import Letter
from tests.simulation.people import Client, Coach
from tests.simulation.truth import Kind, Note, Truth, Version

if TYPE_CHECKING:
    from tests.simulation.postbox import Postbox

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
HALFWAY_FROM, DAY_BEFORE_FROM = timedelta(days=4), timedelta(days=2)
"""docs/reviews.md: between the homework and the next session."""
GRACE = timedelta(minutes=20)
LONGEST_AWAY = timedelta(hours=10)
"""A calendar that can't be read comes back sooner."""


@dataclass(eq=False)
class Homework:
    """What a client has. mailflow knows that it went when the last attempt was over."""

    letter: Letter
    version: Version
    went_at: datetime
    last_attempt_at: datetime


@dataclass
class Nudges:
    truth: Truth
    _homework: dict[str, Homework] = field(default_factory=dict)
    _of_client: dict[int, list[Homework]] = field(default_factory=dict)
    _nudged: Counter[tuple[Note, bool]] = field(default_factory=Counter)

    def homework_attempted(self, letter: Letter, now: datetime) -> None:
        if known := self._homework.get(letter.message_id):
            known.last_attempt_at = now

    def homework_went(self, version: Version, letter: Letter, now: datetime) -> None:
        homework = Homework(letter, version, now, now)
        self._homework[letter.message_id] = homework
        self._of_client.setdefault(version.note.client.number, []).append(homework)

    def attempted(self, coach: Coach, client: Client, letter: Letter, now: datetime, *, is_copy: bool) -> Iterator[str]:
        """What is wrong with it, as things stand at this very moment. One that may have arrived before (`is_copy`) says
        what it said then."""
        homework = self._homework.get(letter.in_reply_to)
        if homework is None or homework.version.note.client is not client:
            yield "it is in the thread of no homework of this client"
            return
        if ("halfway" if letter.is_halfway else "day-before") not in coach.nudges:
            yield "the coach wants no such reminder"
        if letter.subject != f"Re: {homework.letter.subject}":
            yield f"its subject is {letter.subject!r}"
        if after_quiet(now, coach.quiet, ZoneInfo(coach.zone)) > now:
            yield "it went in quiet hours"
        yield from self._answered(homework, now)
        yield from self._newer(homework, now, is_copy=is_copy)
        yield from self._at_another_time(coach, homework, letter, now, is_copy=is_copy)
        if not is_copy:
            yield from self._read(homework, letter)

    def taken(self, letter: Letter) -> Iterator[str]:
        homework = self._homework.get(letter.in_reply_to)
        if homework is None or self._is_doubtful(homework.version):
            return
        self._nudged[homework.version.note, letter.is_halfway] += 1
        if self._nudged[homework.version.note, letter.is_halfway] > 1:
            yield f"doubled: the client was reminded like that of {homework.version}"

    # --- Which there must be ---------------------------------------------------------------------

    def began(self, coach: Coach, appointment: Appointment, postbox: Postbox) -> Iterator[str]:
        """A session begins: was the client reminded, and should that have been?"""
        homework = max(
            (one for one in self._of_client.get(appointment.client.number, ()) if one.went_at < appointment.starts_at),
            key=lambda one: one.went_at,
            default=None,
        )
        if homework is None or self._following(homework) is not appointment or not self._has_open(homework):
            return
        for is_halfway in (True, False):
            if ("halfway" if is_halfway else "day-before") not in coach.nudges:
                continue
            if self._nudged[homework.version.note, is_halfway]:
                continue
            if self._is_due(coach, homework, appointment, postbox, is_halfway=is_halfway):
                yield f"no {'halfway' if is_halfway else 'day-before'} reminder of {homework.version}"

    def _is_due(
        self, coach: Coach, homework: Homework, appointment: Appointment, postbox: Postbox, *, is_halfway: bool
    ) -> bool:
        """Whether one is missing for sure: the calendar stood still, and nothing came, nor was in its way."""
        start, client = appointment.starts_at, appointment.client
        if start - homework.last_attempt_at < (HALFWAY_FROM if is_halfway else DAY_BEFORE_FROM):
            return False
        at = _middle(homework.last_attempt_at, start) if is_halfway else start - DAY
        at = after_quiet(at, coach.quiet, ZoneInfo(coach.zone))
        until = at + GRACE
        first = self._first_went_at(homework)
        came = [
            version.received_at
            for note in self.truth.notes_of(client)
            for version in note.versions
            if version is not homework.version and version.received_at
        ]
        changed = [one.changed_at for one in self.truth.diaries[coach.number].of_client[client.number]]
        trouble = [*postbox.account_refused[-20:], *postbox.failed.get(client.email, [])[-20:]]
        return not (
            any(first <= said_at < until for said_at in self.truth.said.get(client.number, ()))
            or any(homework.version.written_at < received_at < until for received_at in came)
            or any(changed_at > homework.went_at - LONGEST_AWAY for changed_at in changed)
            or any(failed_at >= at - GRACE for failed_at in trouble)
            or any(begin <= until and at <= end for begin, end in self.truth.stuck)
        )

    def _has_open(self, homework: Homework) -> bool:
        version = homework.version
        closed = self.truth.dropped | self.truth.doubtful
        return version.superseded_at is None and not version.actions.keys() <= closed

    # --- Whether it is wanted --------------------------------------------------------------------

    def _answered(self, homework: Homework, now: datetime) -> Iterator[str]:
        """On a page, by mail, or in words: since the note's first homework went."""
        for said_at in self.truth.said.get(homework.version.note.client.number, ()):
            if self._first_went_at(homework) <= said_at < now:
                yield f"the client answered at {said_at:%d %b %H:%M} UTC"
                return

    def _first_went_at(self, homework: Homework) -> datetime:
        """Of what it updates. A correction that comes too late is a note of its own, with homework of its own."""
        if not homework.letter.is_update:
            return homework.went_at
        note = homework.version.note
        return min(one.went_at for one in self._of_client[note.client.number] if one.version.note is note)

    def _newer(self, homework: Homework, now: datetime, *, is_copy: bool) -> Iterator[str]:
        """A copy stands in the thread that it stood in before."""
        for other in self._of_client[homework.version.note.client.number]:
            is_new = homework.last_attempt_at < other.went_at < now
            if is_new and not (is_copy and other.version.note is homework.version.note):
                yield f"there is newer homework: of {other.version}"
                return

    def _at_another_time(
        self, coach: Coach, homework: Homework, letter: Letter, now: datetime, *, is_copy: bool
    ) -> Iterator[str]:
        """By the calendar as it stands, where mailflow can know that."""
        client = homework.version.note.client
        if is_copy or self.truth.may_differ(self.truth.diaries[coach.number], client, now):
            return
        following = self._following(homework)
        if following is None:
            yield "no session is to come"
            return
        start = following.starts_at
        if start <= now:
            yield f"late: {following} has begun"
        shortest = HALFWAY_FROM if letter.is_halfway else DAY_BEFORE_FROM
        if start - homework.went_at < shortest:
            yield f"{following} is less than {shortest} after the homework"
        moment = _middle(homework.went_at, start) if letter.is_halfway else start - DAY
        if now < moment - SECOND:
            yield f"early: its moment before {following} is {moment:%d %b %H:%M} UTC"
        due_at = after_quiet(moment, coach.quiet, ZoneInfo(coach.zone))
        if homework.last_attempt_at < following.changed_at and due_at < following.changed_at:
            yield f"its moment was over when {following} was moved or booked"

    def _following(self, homework: Homework) -> Appointment | None:
        client = homework.version.note.client
        coming = [
            one
            for one in self.truth.diaries[client.coach].of_client[client.number]
            if not one.cancelled and one.starts_at > homework.last_attempt_at
        ]
        return min(coming, key=lambda one: one.starts_at, default=None)

    # --- What stands in it -----------------------------------------------------------------------

    def _read(self, homework: Homework, letter: Letter) -> Iterator[str]:
        """What is open of the homework, and nothing else."""
        client = homework.version.note.client
        for word in letter.words:
            kind, version = self.truth.words.get(word, (None, None))
            if version is None or kind is None:
                continue
            if version.note.client is not client:
                yield f"the wrong client: {kind.value} {word} is from {version}"
            elif kind is not Kind.ACTION:
                yield f"{kind.value} {word} of {version} stands in it"
            elif word not in homework.letter.words:
                yield f"{word} of {version} is not in the homework"
            elif self._was_closed(word, version, letter.date):
                yield f"{word} of {version} is not open any more"
        if not letter.actions:
            yield "nothing is in it"
        for line in homework.letter.actions:
            _, version = self.truth.words.get(line.word, (None, None))
            if version is None or line.word in letter.words or line.word in self.truth.dropped | self.truth.doubtful:
                continue
            if version.superseded_at is None and line.word not in self.truth.answers:
                yield f"{line.text!r} is open, and missing"

    def _was_closed(self, word: str, version: Version, moment: datetime) -> bool:
        """By an answer, or by a later note that dropped what was open."""
        answer = self.truth.answers.get(word)
        if answer is not None and answer.at < moment:
            return True
        if word in self.truth.doubtful or version.settled_at is None:
            return False
        return any(
            note.drops
            and len(note.versions) == 1
            and note is not version.note
            and note.versions[0].settled_at is not None
            and version.settled_at < note.written_at < note.versions[0].settled_at < moment
            for note in self.truth.notes_of(version.note.client)
        )

    def _is_doubtful(self, version: Version) -> bool:
        return not _words_of(version.note).isdisjoint(self.truth.doubtful)


def _middle(moment: datetime, other: datetime) -> datetime:
    return moment + (other - moment) / 2


def _words_of(note: Note) -> set[str]:
    return {word for version in note.versions for word in version.actions}
