"""The ledger's page on notes that did not come: about which sessions the coach is asked, and about which not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.simulation.diary import Appointment, find_appointment
from tests.simulation.letters import Letter
from tests.simulation.people import Coach
from tests.simulation.truth import Truth, Version

if TYPE_CHECKING:
    from tests.simulation.postbox import Postbox

MINUTE = timedelta(minutes=1)
GRACE = 20 * MINUTE
ANSWERED = 30 * MINUTE
"""After its time a question is looked for: by then it went, if nothing was in its way."""


@dataclass
class Questions:
    """`_asked`: about which client, at which hour. `_whose`: how often the coach was asked whose a note is."""

    truth: Truth
    complaints: list[str]
    _asked: Counter[tuple[int, datetime]] = field(default_factory=Counter)
    _whose: Counter[Version] = field(default_factory=Counter)

    def asked_whose(self, version: Version) -> None:
        self._whose[version] += 1

    def attempted(self, coach: Coach, letter: Letter, now: datetime) -> Iterator[str]:
        """What is wrong with it, as things stand at this very moment."""
        appointment = self._appointment(coach, letter, now)
        if coach.asks_after is None:
            yield "the coach wants no such question"
        elif appointment is None or appointment.cancelled:
            if not self.truth.is_away(coach, now):
                yield f"{appointment} was cancelled" if appointment else "the calendar has no such session"
        else:
            if now < appointment.ends_at + coach.asks_after:
                yield f"early: {appointment} ended at {appointment.ends_at:%H:%M} UTC"
            if appointment.changed_at >= appointment.ends_at:
                yield f"{appointment} was over before mailflow saw it"
            if version := self._came(coach, appointment, now):
                yield f"{version} came since {appointment} began"

    def taken(self, coach: Coach, letter: Letter, now: datetime) -> Iterator[str]:
        appointment = self._appointment(coach, letter, now)
        if appointment is None:
            return
        key = (appointment.client.number, appointment.starts_at)
        self._asked[key] += 1
        if self._asked[key] > 1:
            yield f"doubled: the coach was asked about {appointment}"

    def look_for(self, coach: Coach, appointment: Appointment, postbox: Postbox) -> None:
        """It is time for one: was the coach asked, and should that have been?"""
        assert coach.asks_after is not None
        due = appointment.ends_at + coach.asks_after
        if self._asked[appointment.client.number, appointment.starts_at]:
            return
        if appointment.changed_at > appointment.ends_at - GRACE or self._may_have_come(coach, appointment):
            return
        trouble = [*postbox.account_refused[-20:], *postbox.failed.get(coach.email, [])[-20:]]
        stuck = any(begin <= due + ANSWERED and due <= end for begin, end in self.truth.stuck[-3:])
        if stuck or any(now >= due - GRACE for now in trouble) or self.truth.is_away(coach, due):
            return
        self.complaints.append(f"nobody asked for notes after {appointment}")

    def _came(self, coach: Coach, appointment: Appointment, now: datetime) -> Version | None:
        """A note of that client, or one of which the coach was asked whose it is, and did not say."""
        for client in coach.clients:
            for note in self.truth.notes_of(client):
                for version in note.versions:
                    came = version.received_at is not None and version.received_at < now
                    if not came or note.written_at < appointment.starts_at:
                        continue
                    if client is appointment.client or self._is_nobodys(version):
                        return version
        return None

    def _is_nobodys(self, version: Version) -> bool:
        chosen = sum(mail.version is version and mail.what == "choice" for mail in self.truth.mails.values())
        return self._whose[version] > chosen

    def _may_have_come(self, coach: Coach, appointment: Appointment) -> bool:
        """A note of that client, or one that perhaps nobody has: the coach wrote no name, or was asked."""
        return any(
            version.written_at >= appointment.starts_at
            and (client is appointment.client or not version.actions or self._whose[version] or not version.settled_at)
            for client in coach.clients
            for note in self.truth.notes_of(client)
            for version in note.versions
        )

    def _appointment(self, coach: Coach, letter: Letter, now: datetime) -> Appointment | None:
        name, moment, _ = letter.missed
        return find_appointment(self.truth.diaries[coach.number], name, moment, now)
