"""The ledger's page on reviews: which there must be, which there must not be, and what has to stand in them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.simulation.diary import Appointment
from tests.simulation.letters import Letter
from tests.simulation.people import Client, Coach
from tests.simulation.truth import Kind, Truth, Version

if TYPE_CHECKING:
    from tests.simulation.postbox import Postbox

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
GRACE = 20 * MINUTE
"""What happens so shortly before a session may or may not be in time for its review."""
SHORTEST_MOVE = HOUR
"""docs/architecture.md: a session that moved by an hour or less has no other review."""
CLOSE = 4 * HOUR
"""Of two sessions of one client so close together one may need no review of its own."""
ACCOUNT_PAUSE = 16 * MINUTE
FOR_REVIEWS = (Kind.ACTION, Kind.PROMISE, Kind.REFLECTION)


class Reviews:
    def __init__(self, truth: Truth, complaints: list[str]) -> None:
        self.counts: Counter[str] = Counter()
        self._truth = truth
        self._complaints = complaints

    def attempted(self, coach: Coach, letter: Letter, now: datetime) -> None:
        """Neither too early nor too late, as the calendar stands at this very moment."""
        appointment = self._appointment(coach, letter, now)
        if appointment is None:
            self._complain(letter, "the calendar has no such session", now)
        elif appointment.cancelled:
            self._complain(letter, f"{appointment} was cancelled", now)
        elif now >= appointment.starts_at:
            self._complain(letter, f"late: {appointment} had begun", now)
        elif now < appointment.starts_at - coach.lead:
            self._complain(letter, f"early: {appointment} is more than {coach.lead} away", now)

    def taken(self, coach: Coach, letter: Letter, now: datetime) -> None:
        appointment = self._appointment(coach, letter, now)
        if appointment is None:
            return
        if appointment.reviews:
            _, reviewed = appointment.reviews[-1]
            if appointment.starts_at - reviewed <= SHORTEST_MOVE:
                self._complain(letter, f"doubled: {appointment} was reviewed before, for {reviewed:%d %b %H:%M}", now)
            self.counts["again, for the session moved on"] += 1
        appointment.reviews.append((now, appointment.starts_at))
        appointment.made.append(letter.date)
        self._read(coach, appointment, letter, now)

    def began(self, coach: Coach, appointment: Appointment, postbox: Postbox) -> None:
        """A session begins: was there a review, and should there have been one?"""
        if not self._is_due(coach, appointment):
            return
        due = self._due_at(coach, appointment)
        if any(now >= due - ACCOUNT_PAUSE for now in postbox.account_refused[-20:]) or any(
            now >= due for now in postbox.failed.get(coach.email, [])[-20:]
        ):
            self.counts["perhaps missing, for the mail server was in trouble"] += 1
            return
        if any(begin < appointment.starts_at and due < end for begin, end in self._truth.stuck[-3:]):
            self.counts["perhaps missing, for mailflow was stuck"] += 1
            return
        self._complaints.append(f"no review before {appointment}, whose calendar said so at {appointment.changed_at}")

    # --- Which there must be ---------------------------------------------------------------------

    def _is_due(self, coach: Coach, appointment: Appointment) -> bool:
        """Whether one is missing for sure."""
        start, client = appointment.starts_at, appointment.client
        settled = self._settled_before(client, start)
        if not settled or min(settled) > start - GRACE or appointment.changed_at > start - 12 * MINUTE:
            return False
        if self._is_beside_another(coach, appointment):
            return False
        if appointment.reviews:
            went_at, reviewed = appointment.reviews[-1]
            if start - reviewed <= SHORTEST_MOVE or start - coach.lead - went_at <= SHORTEST_MOVE + GRACE:
                return False
        return self._has_something(coach, appointment)

    def _is_beside_another(self, coach: Coach, appointment: Appointment) -> bool:
        """Another session of the client is planned close to it, or was when it had its review."""
        near = (appointment.starts_at - CLOSE, appointment.starts_at + CLOSE)
        diary = self._truth.diaries[coach.number]
        reviewed = [
            start
            for other in diary.of_client[appointment.client.number]
            for _, start in other.reviews
            if other is not appointment and near[0] < start <= near[1]
        ]
        return bool(reviewed) or len(diary.of_client_between(appointment.client, *near)) > 1

    def _due_at(self, coach: Coach, appointment: Appointment) -> datetime:
        start = appointment.starts_at
        settled = min(self._settled_before(appointment.client, start))
        return max(start - coach.lead, appointment.changed_at, settled)

    def _settled_before(self, client: Client, start: datetime) -> list[datetime]:
        """When the coach was told that a note is this client's, of each that has something to review."""
        return [
            version.settled_at
            for note in self._truth.notes_of(client)
            for version in note.versions
            if version.settled_at and version.actions and note.written_at < start
        ]

    def _has_something(self, coach: Coach, appointment: Appointment) -> bool:
        """Where the notes since the last session agreed nothing, it depends on what is still open: nobody insists."""
        before = self._truth.diaries[coach.number].before(appointment)
        if before is None:
            return True
        since = [
            note
            for note in self._truth.notes_of(appointment.client)
            if before.starts_at <= note.written_at < appointment.starts_at
        ]
        return not since or any(
            version.actions and version.settled_at and version.settled_at <= appointment.starts_at - GRACE
            for note in since
            for version in note.versions
        )

    # --- What stands in one ----------------------------------------------------------------------

    def _read(self, coach: Coach, appointment: Appointment, letter: Letter, now: datetime) -> None:
        client, made_at = appointment.client, letter.date
        received = [
            version
            for note in self._truth.notes_of(client)
            for version in note.versions
            if version.received_at and version.received_at <= now and (version.actions or note.has_promise)
        ]
        if not received:
            self._complain(letter, f"there is nothing to review before {appointment}", now)
        for word in letter.words:
            kind, version = self._truth.words.get(word, (None, None))
            if version is None or kind is None:
                continue
            if version.note.client is not client:
                self._complain(letter, f"{word} is of {version}", now)
            elif kind not in FOR_REVIEWS:
                self._complain(letter, f"{kind.value} {word} of {version} stands in it", now)
        before = self._truth.diaries[coach.number].before(appointment)
        told_at = appointment.made[-2] if len(appointment.made) > 1 else None
        for version in received:
            if before is not None and version.note.written_at >= before.starts_at:
                self._look_for_actions(version, letter, made_at, now)
            self._look_for_answers(version, letter, before.starts_at if before else None, told_at, now)
        self._compare_answers(letter, made_at, now)

    def _look_for_actions(self, version: Version, letter: Letter, made_at: datetime, now: datetime) -> None:
        """What was agreed since the last session, as it was corrected last."""
        if version.superseded_at or not version.settled_at or version.settled_at >= made_at:
            return
        for word, text in version.actions.items():
            if word not in letter.words and word not in self._truth.dropped:
                self._complain(letter, f"{text!r} of {version} is missing", now)

    def _look_for_answers(
        self, version: Version, letter: Letter, since: datetime | None, told_at: datetime | None, now: datetime
    ) -> None:
        """What the client answered since the last session; in which words, where no review had them before."""
        for word in version.actions:
            answer = self._truth.answers.get(word)
            if answer is None or since is None or not since <= answer.at < letter.date:
                continue
            if word in self._truth.dropped | self._truth.doubtful:
                continue
            if word not in letter.words:
                self._complain(letter, f"the answer to {version.actions[word]!r} of {version} is missing", now)
            elif (
                answer.reflection
                and answer.reflection not in letter.words
                and (told_at is None or answer.at >= told_at)
            ):
                self._complain(letter, f"what the client wrote of {version.actions[word]!r} is missing", now)

    def _compare_answers(self, letter: Letter, made_at: datetime, now: datetime) -> None:
        for line in letter.actions:
            if line.word in self._truth.doubtful:
                continue
            answer = self._truth.answers.get(line.word)
            if answer is None or answer.at > made_at:
                wanted: tuple[str, ...] = ("No answer yet", "Not delivered")
            elif answer.at == made_at:
                continue
            else:
                wanted = (answer.said,)
            if line.said not in wanted:
                self._complain(letter, f"it says {line.said!r} of {line.text!r}, and it is {wanted[0]!r}", now)

    # --- Which session it is about ---------------------------------------------------------------

    def _appointment(self, coach: Coach, letter: Letter, now: datetime) -> Appointment | None:
        """The one of this client that stands at the moment that the review names, in the coach's zone."""
        name, moment = letter.reviewed
        client = next((client for client in coach.clients if client.name == name), None)
        if client is None:
            return None
        zone = ZoneInfo(coach.zone)
        found = [
            one
            for one in self._truth.diaries[coach.number].of_client[client.number]
            if abs(one.starts_at - now) < timedelta(days=60) and _words_of(one.starts_at.astimezone(zone)) == moment
        ]
        found.sort(key=lambda one: (bool(one.cancelled), abs(one.starts_at - now)))
        return found[0] if found else None

    def _complain(self, letter: Letter, what: str, now: datetime) -> None:
        self._complaints.append(f"review to {letter.recipient} on {now:%d %b %Y %H:%M} UTC: {what}")


def _words_of(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B} at {moment:%H:%M}"
