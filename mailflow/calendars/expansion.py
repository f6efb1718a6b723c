"""iCalendar text in (RFC 5545), occurrences out. Event by event, so that a broken one never hides another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from mailflow.calendars import Attendee, Occurrence, Window
from mailflow.errors import PermanentError

IMPERSONAL = {"ROOM", "RESOURCE"}


def expand(ics: bytes, window: Window, timezone: str) -> tuple[tuple[Occurrence, ...], tuple[tuple[str, str], ...]]:
    """(occurrences in the window, problems as (uid, what is wrong)).

    `timezone` is the coach's: floating and all-day times are read in it. Raises PermanentError where the text as a
    whole is no iCalendar.
    """
    # A VTIMEZONE stays in icalendar's cache for the whole process: the next calendar that uses the same TZID with
    # other rules would silently get the wrong hours. This empties the cache.
    icalendar.use_zoneinfo()
    try:
        calendars = icalendar.Calendar.from_ical(ics, multiple=True)
    except Exception as error:  # icalendar raises ValueError, IndexError, KeyError and more on broken input
        raise PermanentError(f"this is no iCalendar file: {error}") from error
    if not calendars:
        raise PermanentError("this is no iCalendar file: there is no VCALENDAR in it")
    zone = ZoneInfo(timezone)
    occurrences: list[Occurrence] = []
    problems: list[tuple[str, str]] = []
    for uid, events in _by_uid(calendars).items():
        try:
            occurrences += _expand_series(uid, events, window, zone)
        except _UnreadableEvent as problem:
            problems.append((uid, str(problem)))
        except Exception as error:  # the same, while it works out the dates
            problems.append((uid, f"its dates can't be worked out: {error}"))
    return tuple(occurrences), tuple(problems)


class _UnreadableEvent(Exception):
    pass


def _by_uid(calendars: list[icalendar.Calendar]) -> dict[str, list[icalendar.Event]]:
    series: dict[str, list[icalendar.Event]] = {}
    for calendar in calendars:
        for number, event in enumerate(calendar.walk("VEVENT")):
            series.setdefault(str(event.get("UID", f"without-uid-{number}")), []).append(event)
    return series


def _expand_series(uid: str, events: list[icalendar.Event], window: Window, zone: tzinfo) -> list[Occurrence]:
    for event in events:
        _check(event)
    calendar = icalendar.Calendar()
    calendar.subcomponents = list(events)
    recurs = any("RRULE" in event or "RDATE" in event or "RECURRENCE-ID" in event for event in events)
    found = [
        _occurrence(uid, component, zone, recurs=recurs)
        for component in recurring_ical_events.of(calendar).between(window.start, window.end)
    ]
    return list(_with_distinct_keys(found))


def _check(event: icalendar.Event) -> None:
    """What the library passes over without a word, or answers with the wrong hour."""
    for name, problem in event.errors:
        raise _UnreadableEvent(f"{name}: {problem}")
    if "DTSTART" not in event:
        raise _UnreadableEvent("it has no DTSTART")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        value = event.get(name)
        if value is None:
            continue
        tzid = value.params.get("TZID")
        if tzid and isinstance(value.dt, datetime) and value.dt.tzinfo is None:
            raise _UnreadableEvent(f"{name} is in the time zone '{tzid}', which the calendar doesn't define")


def _occurrence(uid: str, component: icalendar.Event, zone: tzinfo, *, recurs: bool) -> Occurrence:
    start = component["DTSTART"].dt
    end = component["DTEND"].dt if "DTEND" in component else start + component.get("DURATION", _no_duration(start)).dt
    original = component.get("RECURRENCE-ID")
    return Occurrence(
        uid=uid,
        recurrence_id=_moment(original.dt, zone).isoformat() if recurs and original is not None else "",
        starts_at=_moment(start, zone),
        ends_at=_moment(end, zone),
        title=str(component.get("SUMMARY", "")),
        organizer=_email(component["ORGANIZER"]) if "ORGANIZER" in component else "",
        attendees=tuple(_attendees(component)),
        categories=tuple(_categories(component)),
        all_day=not isinstance(start, datetime),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _no_duration(start: date) -> icalendar.vDuration:
    """RFC 5545 3.6.1: without DTEND and DURATION a day lasts a day, a moment no time at all."""
    return icalendar.vDuration(timedelta(0) if isinstance(start, datetime) else timedelta(days=1))


def _moment(value: date, zone: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).astimezone(UTC)


def _attendees(component: icalendar.Event) -> Iterator[Attendee]:
    value = component.get("ATTENDEE", [])
    for attendee in value if isinstance(value, list) else [value]:
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
    """The EMAIL parameter (RFC 7986 6.2) where the address itself is a principal's URL."""
    value = str(address)
    if value.casefold().startswith("mailto:"):
        return value[len("mailto:") :].strip()
    return str(address.params.get("EMAIL", value)).strip()


def _categories(component: icalendar.Event) -> Iterator[str]:
    value = component.get("CATEGORIES", [])
    for categories in value if isinstance(value, list) else [value]:
        yield from (str(category) for category in categories.cats)


def _with_distinct_keys(occurrences: list[Occurrence]) -> Iterator[Occurrence]:
    """After a THISANDFUTURE change all later occurrences carry one RECURRENCE-ID: their start tells them apart."""
    counts = Counter(occurrence.recurrence_id for occurrence in occurrences)
    for occurrence in occurrences:
        if counts[occurrence.recurrence_id] > 1:
            yield replace(occurrence, recurrence_id=occurrence.starts_at.isoformat())
        else:
            yield occurrence
