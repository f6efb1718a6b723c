"""What stands in a coach's calendar: series and single sessions, what was moved and what was cancelled. The truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from tests.simulation.people import Client, Coach

FORGET = timedelta(days=80)
"""When the calendar's file drops what is over: later than mailflow looks back."""


@dataclass(eq=False)
class Appointment:
    """One session. `local` is its hour on the series' clock; `changed_at` when the calendar last said anything new of
    it. `reviews` are the (moment, start that was reviewed) of those that went, `made` when each was made."""

    series: Series
    index: int
    local: datetime
    changed_at: datetime
    cancelled: Literal["", "left out", "said so"] = ""
    reviews: list[tuple[datetime, datetime]] = field(default_factory=list)
    made: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts_at = self._moment()

    def move(self, local: datetime, now: datetime) -> None:
        self.local, self.changed_at = local, now
        self.starts_at = self._moment()

    @property
    def client(self) -> Client:
        return self.series.client

    @property
    def planned(self) -> datetime:
        """Its hour in the series."""
        return self.series.first + self.index * self.series.every

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.series.lasts

    def _moment(self) -> datetime:
        return self.local.replace(tzinfo=ZoneInfo(self.series.zone)).astimezone(UTC)

    def __repr__(self) -> str:
        return f"the session of {self.client.name} at {self.starts_at:%d %b %Y %H:%M} UTC ({self.series.uid})"


@dataclass(eq=False)
class Series:
    """`first` is an hour on the clock of `zone`; a single session is a series of one."""

    uid: str
    client: Client
    zone: str
    first: datetime
    every: timedelta
    count: int
    lasts: timedelta
    booked_at: datetime
    text: str = ""
    """As it stands in the file; '' where it has to be written anew."""

    def __post_init__(self) -> None:
        self.appointments = [
            Appointment(self, index, self.first + index * self.every, self.booked_at) for index in range(self.count)
        ]


class Diary:
    """A coach's calendar."""

    def __init__(self, coach: Coach) -> None:
        self.coach = coach
        self.series: list[Series] = []
        self.of_client: dict[int, list[Appointment]] = {client.number: [] for client in coach.clients}

    def book(self, series: Series) -> None:
        self.series.append(series)
        self.of_client[series.client.number] += series.appointments

    def forget_what_is_over(self, now: datetime) -> None:
        """From the file; the appointments are remembered."""
        self.series = [
            series for series in self.series if max(one.ends_at for one in series.appointments) > now - FORGET
        ]

    def began_between(self, after: datetime, until: datetime) -> list[Appointment]:
        """What is not cancelled and began in (after, until], of anybody."""
        return [one for of_client in self.of_client.values() for one in _in(of_client, after, until)]

    def of_client_between(self, client: Client, after: datetime, until: datetime) -> list[Appointment]:
        return list(_in(self.of_client[client.number], after, until))

    def before(self, appointment: Appointment) -> Appointment | None:
        """The client's session before this one."""
        earlier = [
            one
            for one in self.of_client[appointment.client.number]
            if not one.cancelled and one.starts_at < appointment.starts_at
        ]
        return max(earlier, key=lambda one: one.starts_at, default=None)


def _in(appointments: list[Appointment], after: datetime, until: datetime) -> Iterator[Appointment]:
    return (one for one in appointments if not one.cancelled and after < one.starts_at <= until)


def find_appointment(diary: Diary, name: str, moment: str, now: datetime) -> Appointment | None:
    """The one of this client that stands at the moment that a mail names, in the coach's zone; the nearest to now."""
    client = next((client for client in diary.coach.clients if client.name == name), None)
    if client is None:
        return None
    zone = ZoneInfo(diary.coach.zone)
    found = [
        one
        for one in diary.of_client[client.number]
        if abs(one.starts_at - now) < timedelta(days=60) and _words_of(one.starts_at.astimezone(zone)) == moment
    ]
    return min(found, key=lambda one: (bool(one.cancelled), abs(one.starts_at - now)), default=None)


def _words_of(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B} at {moment:%H:%M}"
