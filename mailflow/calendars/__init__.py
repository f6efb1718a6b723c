"""Calendars: where sessions come from.

Terms
-----
object       what a calendar keeps an event in, with all that was changed about its dates: one resource of a CalDAV
             server, all parts with one UID in a file. Its key is its path on the server, or that UID
version      tells whether an object changed: an ETag, or a hash of its text
occurrence   one date of an event, already expanded; its key is (UID, RECURRENCE-ID), the latter '' where the
             event does not recur
window       the days that are looked at: [start, end)
token        what an adapter gives out with a reading and gets back with the next: where it left off
reading      what changed since; an event that can't be read is named, the rest still counts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
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
    location: str = ""
    all_day: bool = False
    cancelled: bool = False


@dataclass(frozen=True)
class DueDay:
    """The day on which an action is due, as an event of a client's own calendar."""

    uid: str
    day: date
    text: str


@dataclass(frozen=True)
class Feed:
    """What a client's calendar subscribes to, under the name of the coach."""

    name: str
    days: tuple[DueDay, ...]


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime


@dataclass(frozen=True)
class CalendarObject:
    """One object as it is now. `goes_on`: it has, or may have, dates after the window.

    `problem` is what is wrong with it where it can't be read; it has no occurrences then.
    """

    key: str
    version: str
    uid: str
    occurrences: tuple[Occurrence, ...] = ()
    goes_on: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Known:
    """What was read before. Where the `token` is '' all is wanted anew, whatever is known: a reading is whole, then.

    `versions` gives the version of each object by its key; `stale` are keys of objects to be read anew, because the
    window has moved on to dates of theirs that nobody looked at.
    """

    token: str
    versions: Callable[[], Mapping[str, str]]
    stale: frozenset[str] = frozenset()


NOTHING_KNOWN = Known("", dict)
UNTOUCHED = "Its sessions stay as they were."


@dataclass(frozen=True)
class Reading:
    """`objects` are new, changed or stale; those whose keys are in `gone` were deleted; all others are as they were."""

    token: str
    objects: tuple[CalendarObject, ...] = ()
    gone: frozenset[str] = frozenset()


class Calendar(Protocol):
    """Used by one thread at a time."""

    def read(self, known: Known, window: Window) -> Reading:
        """What changed since. Raises TemporaryError or PermanentError with a sentence for the operator, which ends with
        UNTOUCHED."""
        ...
