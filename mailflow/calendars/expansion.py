"""One object of a calendar in (RFC 5545), its occurrences out."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import prod
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar.timezone import tzp

from mailflow.calendars import Attendee, CalendarObject, Occurrence, Window

ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
IMPERSONAL = {"ROOM", "RESOURCE"}
RELAY = "@imip.me.com"
"""iCloud puts an address of its own in place of a person's, for replies; the person's is in the parameter EMAIL."""
NEEDED = (
    b"BEGIN END TZID TZNAME TZOFFSETFROM TZOFFSETTO UID DTSTART DTEND DURATION RECURRENCE-ID RRULE RDATE EXDATE "
    b"SEQUENCE STATUS SUMMARY CATEGORIES LOCATION ORGANIZER ATTENDEE"
).split()
"""Properties without which an event can't be trusted; the others may be broken."""
IDLE = re.compile(
    rb"^(?!(?:" + b"|".join(NEEDED) + rb")[;:])[\w-]+[;:].*(?:\r?\n[ \t].*)*(?:\r?\n|\Z)", re.IGNORECASE | re.MULTILINE
)
"""One of those others, folded or not. Most of a calendar is such lines, and the library is slow at them."""

SERIES = {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
OFTEN = {"DAILY", "WEEKLY"}
MOST_A_DAY = 24
FIRST_YEAR = 1900
LAST_START = 9999 - 40
"""Within 40 years each leap day falls on each weekday."""

_parsing = threading.Lock()
"""icalendar's cache of time zones belongs to the whole process."""


def read_object(key: str, version: str, ics: bytes, window: Window, timezone: str) -> CalendarObject:
    """The object that is this VCALENDAR, with its occurrences in the window.

    `timezone` is the coach's: floating and all-day times are read in it.
    """
    uid = ""
    try:
        events = _parse(ics)
        uid = str(events[0].get("UID", "")) if events else ""
        if any(str(event.get("UID", "")) != uid for event in events):
            raise _UnreadableEvent("it is several events in one")  # noqa: TRY301  # told like the others
        occurrences = _expand_series(uid, events, window, ZoneInfo(timezone))
        return CalendarObject(key, version, uid, tuple(occurrences), any(_goes_on(event, window) for event in events))
    except _UnreadableEvent as problem:
        return CalendarObject(key, version, uid or key, problem=str(problem))
    except Exception as error:  # noqa: BLE001  # the libraries raise whatever a broken event makes them stumble over
        return CalendarObject(
            key, version, uid or key, problem=f"its dates can't be worked out ({type(error).__name__})"
        )


def _parse(ics: bytes) -> list[icalendar.Event]:
    with _parsing:
        # A VTIMEZONE stays in icalendar's cache for the whole process: the next calendar that uses the same TZID with
        # other rules would silently get the wrong hours. This empties the cache.
        tzp.use_zoneinfo()
        try:
            calendars = icalendar.Calendar.from_ical(IDLE.sub(b"", ics), multiple=True)
        except Exception as error:  # icalendar raises ValueError, IndexError, KeyError and more on broken input
            raise _UnreadableEvent("it is no iCalendar") from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):  # it takes a VCARD as well
        raise _UnreadableEvent("it is no iCalendar")
    return [event for calendar in calendars for event in calendar.events]


class _UnreadableEvent(Exception):
    pass


def _goes_on(event: icalendar.Event, window: Window) -> bool:
    """Whether it may have dates after the window: a series that has ended by count costs a look too many."""
    if "RRULE" in event or "RDATE" in event:
        return True
    return _local(event.start, UTC) >= window.end - timedelta(days=1)  # wherever it is that day


def _expand_series(uid: str, events: list[icalendar.Event], window: Window, zone: tzinfo) -> list[Occurrence]:
    for event in events:
        _check(event)
    _check_originals(events)
    if len(events) == 1 and not SERIES & set(events[0]):
        start, end = events[0].start, events[0].end
        if _is_moment(start) and _is_moment(end):  # most are; the library would take as long as for a series
            touches = start < window.end and (end > window.start or start == end == window.start)
            return [_occurrence(uid, events[0], "", zone)] if touches else []
    calendar = icalendar.Calendar()
    calendar.subcomponents = list(events)
    originals = _Originals(events)
    found = [
        _occurrence(uid, component, originals.key(component, zone), zone)
        for component in recurring_ical_events.of(calendar).between(window.start, window.end)
    ]
    return list(_with_distinct_keys(found))


def _check(event: icalendar.Event) -> None:
    """What the library passes over without a word, answers with the wrong hour, or works on for ever."""
    for name, _ in event.errors:  # the library's words quote the line, and the event may be private
        raise _UnreadableEvent(f"its {name} can't be read" if name else "a line of it can't be read")
    if not event.get("UID"):
        raise _UnreadableEvent("it has no UID, so it can't be followed when it changes")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"):
        for tzid, value in _moments(event, name):
            if tzid and isinstance(value, datetime) and value.tzinfo is None:
                raise _UnreadableEvent(f"{name} is in the time zone '{tzid}', which the calendar doesn't define")
    if event.DTSTART is None:
        raise _UnreadableEvent("it has no DTSTART")
    start, end = event.start, event.end  # worked out anew each time
    lasts: Any = event.get("DURATION")
    if (lasts is not None and lasts.dt < timedelta()) or (type(start) is type(end) and end < start):
        raise _UnreadableEvent("it ends before it begins")
    rules: Any = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        _check_rule(rule, start)


def _check_originals(events: list[icalendar.Event]) -> None:
    """The library would add a date that is changed by its day alone to the one that it changes."""
    timed = any(isinstance(event.start, datetime) for event in events if event.RECURRENCE_ID is None)
    if timed and any(type(event.RECURRENCE_ID) is date for event in events):
        raise _UnreadableEvent("a RECURRENCE-ID in it is a day, where the series has a time")


def _check_rule(rule: Any, start: date) -> None:
    if "FREQ" not in rule:  # the libraries would take the series for one event
        raise _UnreadableEvent("its RRULE has no FREQ")
    if any(interval < 1 for interval in rule.get("INTERVAL", [])):  # the library would count for ever
        raise _UnreadableEvent("its RRULE has an INTERVAL below 1")
    if start.year < FIRST_YEAR and OFTEN & set(rule["FREQ"]):  # the library would count every day since then
        raise _UnreadableEvent(f"it repeats every day or week since before {FIRST_YEAR}")
    a_day = prod(len(rule.get(part, [0])) for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    if a_day > MOST_A_DAY or TOO_OFTEN & set(rule.get("FREQ", [])):
        raise _UnreadableEvent("it repeats more often than once an hour")
    if not _ever_comes(rule, start):
        raise _UnreadableEvent("its RRULE falls on no day")


def _ever_comes(rule: Any, start: date) -> bool:
    """Not the 31st of February, nor the second Monday of a week.

    The library looks for the first such day until the year 9999, for seconds. The Gregorian calendar repeats itself
    every 400 years to the weekday, so the search begins as late as leaves it every leap day on every weekday.
    """
    endless = icalendar.vRecur({part: value for part, value in rule.items() if part not in ("UNTIL", "COUNT")})
    year = start.year + (LAST_START - start.year) // 400 * 400
    late = datetime.combine(start.replace(year=year), start.time() if isinstance(start, datetime) else time())
    text: bytes = endless.to_ical()  # type: ignore[no-untyped-call]  # icalendar's
    return next(iter(rrulestr(text.decode(), dtstart=late)), None) is not None


def _moments(event: icalendar.Event, name: str) -> Iterator[tuple[str, object]]:
    """(TZID, moment) of each value of a property."""
    values: Any = event.get(name, [])
    for value in values if isinstance(values, list) else [values]:
        for moment in getattr(value, "dts", [value]):
            yield str(value.params.get("TZID", "")), moment.dt


def _is_moment(value: date) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


class _Originals:
    """Where each occurrence stood before it was moved: what tells it from its siblings for good.

    After a THISANDFUTURE change the library gives all later occurrences one RECURRENCE-ID. The original start of
    such a one is as far before it as the change moved the first.
    """

    def __init__(self, events: list[icalendar.Event]) -> None:
        self._recurs = any({"RRULE", "RDATE", "RECURRENCE-ID"} & set(event) for event in events)
        self._changes: dict[date, icalendar.Event] = {
            event.RECURRENCE_ID: event
            for event in events
            if event.RECURRENCE_ID is not None and event["RECURRENCE-ID"].params.get("RANGE") == "THISANDFUTURE"
        }

    def key(self, component: icalendar.Event, zone: tzinfo) -> str:
        """RECURRENCE-ID as a moment; '' where the event does not recur."""
        original: date | None = component.RECURRENCE_ID
        if not self._recurs or original is None:
            return ""
        change = self._changes.get(original)
        if change is not None:
            first, here = _local(change.start, zone), _local(component.start, zone)
            original = here - (first - _local(original, zone).astimezone(first.tzinfo))
        return _local(original, zone).astimezone(UTC).isoformat()


def _occurrence(uid: str, component: icalendar.Event, recurrence_id: str, zone: tzinfo) -> Occurrence:
    organizer: icalendar.vCalAddress | None = component.organizer
    start: date = component.start
    return Occurrence(
        uid=uid,
        recurrence_id=recurrence_id,
        starts_at=_local(start, zone).astimezone(UTC),
        ends_at=_local(component.end, zone).astimezone(UTC),
        title=str(component.get("SUMMARY", "")),
        organizer="" if organizer is None else _email(organizer) or str(organizer),
        organizer_name="" if organizer is None else str(organizer.params.get("CN", "")),
        attendees=tuple(_attendees(component)),
        location=str(component.get("LOCATION", "")),
        categories=tuple(str(category) for category in component.categories),
        all_day=not isinstance(start, datetime),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _local(value: date, zone: tzinfo) -> datetime:
    """The moment, in its own zone; floating and all-day ones in this."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return value if value.tzinfo is not None else value.replace(tzinfo=zone)


def _attendees(component: icalendar.Event) -> Iterator[Attendee]:
    attendees: list[icalendar.vCalAddress] = component.attendees
    for attendee in attendees:
        parameters = attendee.params
        status = str(parameters.get("PARTSTAT", "")).upper()
        yield Attendee(
            email=_email(attendee),
            name=str(parameters.get("CN", "")),
            accepted=status == "ACCEPTED",
            declined=status == "DECLINED",
            is_person=str(parameters.get("CUTYPE", "")).upper() not in IMPERSONAL,
        )


def _email(address: icalendar.vCalAddress) -> str:
    """The EMAIL parameter (RFC 7986 6.2) where the address itself is a principal's URL.

    '' where there is none: Apple writes `invalid:nomail` for everybody without an address.
    """
    value = str(address).strip()
    email = str(address.params.get("EMAIL", "")).strip()
    if value.casefold().startswith("mailto:") and not (email and value.casefold().endswith(RELAY)):
        email = value[len("mailto:") :].strip()
    return email if ADDRESS.fullmatch(email) else ""


def _with_distinct_keys(occurrences: list[Occurrence]) -> Iterator[Occurrence]:
    """Where two claim the same original start after all, their own starts tell them apart: none hides another."""
    counts = Counter(occurrence.recurrence_id for occurrence in occurrences)
    for occurrence in occurrences:
        if counts[occurrence.recurrence_id] > 1:
            yield replace(occurrence, recurrence_id=occurrence.starts_at.isoformat())
        else:
            yield occurrence
