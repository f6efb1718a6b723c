"""Calendars: where sessions come from.

Terms
-----
occurrence   one date of an event, already expanded; its key is (UID, RECURRENCE-ID), the latter '' where the
             event does not recur
window       the days that are looked at: [start, end)
token        what an adapter gives out with a reading and gets back with the next: it may answer 'unchanged'
reading      what a calendar holds in the window; events that can't be read are named, the rest still counts
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Attendee:
    """`accepted` and `declined` are its PARTSTAT; a room or a resource is no person."""

    email: str
    name: str
    accepted: bool = False
    declined: bool = False
    is_person: bool = True


@dataclass(frozen=True)
class Occurrence:
    """One date of an event. `organizer` is '' where the event has none (RFC 5545 3.8.4.3: nobody else is invited)."""

    uid: str
    recurrence_id: str
    starts_at: datetime
    ends_at: datetime
    title: str
    organizer: str
    organizer_name: str
    attendees: tuple[Attendee, ...]
    categories: tuple[str, ...] = ()
    all_day: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Reading:
    """Everything in the window, or `unchanged`. `problems` are (uid, what is wrong) of events that can't be read."""

    token: str
    unchanged: bool = False
    occurrences: tuple[Occurrence, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


class Calendar(Protocol):
    def read(self, token: str, window: Window) -> Reading:
        """What the window holds now. Raises TemporaryError or PermanentError with a sentence for the operator."""
        ...
