"""The ledger's page on reviews: which there must be, which there must not be, and what has to stand in them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.simulation.diary import Appointment, find_appointment
from tests.simulation.letters import Letter, Section
from tests.simulation.mornings import Mornings
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
        self._mornings = Mornings(truth)

    def attempted(self, coach: Coach, letter: Letter, now: datetime, *, is_copy: bool) -> None:
        """Neither too early nor too late, as the calendar stands at this very moment. A morning's mail that may have
        arrived before (`is_copy`) says what it said then."""
        found = [(section, self._appointment(coach, section, now)) for section in letter.sections]
        for _, appointment in found:
            if appointment is None or appointment.cancelled:
                if not (is_copy and letter.kind == "morning"):
                    gone = f"{appointment} was cancelled" if appointment else "the calendar has no such session"
                    self._complain(letter, gone, now)
            elif now >= appointment.starts_at:
                self._complain(letter, f"late: {appointment} had begun", now)
            elif letter.kind == "review" and now < appointment.starts_at - coach.lead:
                self._complain(letter, f"early: {appointment} is more than {coach.lead} away", now)
        if coach.morning is None:
            return
        there = [appointment for _, appointment in found if appointment is not None]
        look = self._mornings.of_the_day if letter.kind == "morning" else self._mornings.of_its_own
        for what in look(coach, letter, there, now, is_copy=is_copy):
            self._complain(letter, what, now)

    def taken(self, coach: Coach, letter: Letter, now: datetime) -> None:
        for section in letter.sections:
            if appointment := self._appointment(coach, section, now):
                self._taken(coach, appointment, letter, section, now)
        if letter.kind == "morning" and not self._mornings.taken(coach, letter, now):
            self._complain(letter, "doubled: there was one that day", now)

    def _taken(self, coach: Coach, appointment: Appointment, letter: Letter, section: Section, now: datetime) -> None:
        if appointment.reviews:
            _, reviewed = appointment.reviews[-1]
            if appointment.starts_at - reviewed <= SHORTEST_MOVE:
                self._complain(letter, f"doubled: {appointment} was reviewed before, for {reviewed:%d %b %H:%M}", now)
            self.counts["again, for the session moved on"] += 1
        appointment.reviews.append((now, appointment.starts_at))
        appointment.made.append(letter.date)
        self._read(coach, appointment, letter, section, now)

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
            other_at = self._mornings.at(coach, start)
            if other_at is None or appointment.changed_at > other_at - GRACE:
                other_at = start - coach.lead
            if start - reviewed <= SHORTEST_MOVE or other_at - went_at <= SHORTEST_MOVE + GRACE:
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
        return max(self._mornings.due_at(coach, start), appointment.changed_at, settled)

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

    def _read(self, coach: Coach, appointment: Appointment, letter: Letter, section: Section, now: datetime) -> None:
        client = appointment.client
        received = [
            version
            for note in self._truth.notes_of(client)
            for version in note.versions
            if version.received_at and version.received_at <= now and (version.actions or note.has_promise)
        ]
        if not received:
            self._complain(letter, f"there is nothing to review before {appointment}", now)
        for word in section.words:
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
                self._look_for_actions(version, letter, section, now)
            self._look_for_answers(version, letter, section, before.starts_at if before else None, told_at, now)
        self._compare_answers(letter, section, now)

    def _look_for_actions(self, version: Version, letter: Letter, section: Section, now: datetime) -> None:
        """What was agreed since the last session, as it was corrected last."""
        if version.superseded_at or not version.settled_at or version.settled_at >= letter.date:
            return
        for word, text in version.actions.items():
            if word not in section.words and word not in self._truth.dropped:
                self._complain(letter, f"{text!r} of {version} is missing", now)

    def _look_for_answers(
        self,
        version: Version,
        letter: Letter,
        section: Section,
        since: datetime | None,
        told_at: datetime | None,
        now: datetime,
    ) -> None:
        """What the client answered since the last session; in which words, where no review had them before."""
        for word in version.actions:
            answer = self._truth.answers.get(word)
            if answer is None or since is None or not since <= answer.at < letter.date:
                continue
            if word in self._truth.dropped | self._truth.doubtful:
                continue
            if word not in section.words:
                self._complain(letter, f"the answer to {version.actions[word]!r} of {version} is missing", now)
            elif (
                answer.reflection
                and answer.reflection not in section.words
                and (told_at is None or answer.at >= told_at)
            ):
                self._complain(letter, f"what the client wrote of {version.actions[word]!r} is missing", now)

    def _compare_answers(self, letter: Letter, section: Section, now: datetime) -> None:
        for line in section.actions:
            if line.word in self._truth.doubtful:
                continue
            answer = self._truth.answers.get(line.word)
            if answer is None or answer.at > letter.date:
                wanted: tuple[str, ...] = ("No answer yet", "Not delivered")
            elif answer.at == letter.date:
                continue
            else:
                wanted = (answer.said,)
            if line.said not in wanted:
                self._complain(letter, f"it says {line.said!r} of {line.text!r}, and it is {wanted[0]!r}", now)

    # --- Which session it is about ---------------------------------------------------------------

    def _appointment(self, coach: Coach, section: Section, now: datetime) -> Appointment | None:
        return find_appointment(self._truth.diaries[coach.number], section.name, section.moment, now)

    def _complain(self, letter: Letter, what: str, now: datetime) -> None:
        self._complaints.append(f"{letter.kind} to {letter.recipient} on {now:%d %b %Y %H:%M} UTC: {what}")
