"""The diary as an .ics file, with the hours of a clock on a wall and the rules of its zone (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.simulation.diary import Appointment, Diary, Series

FIRST_YEAR, LAST_YEAR = 2025, 2029
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\n"
BROKEN = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:cut-off\r\n"


def calendar_file(diary: Diary) -> str:
    """Only what changed is written anew."""
    for series in diary.series:
        series.text = series.text or _series_text(diary, series)
    zones = dict.fromkeys(series.zone for series in diary.series)
    return "".join(
        (
            HEAD,
            *(_vtimezone(zone, _tzid(diary, zone)) for zone in zones),
            *(series.text for series in diary.series),
            "END:VCALENDAR\r\n",
        )
    )


def _series_text(diary: Diary, series: Series) -> str:
    if series.count == 1:
        (single,) = series.appointments
        return _event(diary, single) if single.cancelled != "left out" else ""
    tzid = _tzid(diary, series.zone)
    weeks = series.every // timedelta(weeks=1)
    rule = f"RRULE:FREQ=WEEKLY;COUNT={series.count};INTERVAL={weeks}"
    left_out = [one for one in series.appointments if one.cancelled == "left out"]
    dates = [f"EXDATE;TZID={tzid}:{one.planned:{STAMP}}" for one in left_out]
    changed = [
        one
        for one in series.appointments
        if one.cancelled != "left out" and (one.cancelled or one.local != one.planned)
    ]
    master = _lines(diary, series, series.first, [rule, *dates])
    return master + "".join(_event(diary, one, [f"RECURRENCE-ID;TZID={tzid}:{one.planned:{STAMP}}"]) for one in changed)


STAMP = "%Y%m%dT%H%M%S"


def _event(diary: Diary, appointment: Appointment, extra: list[str] | None = None) -> str:
    status = ["STATUS:CANCELLED"] if appointment.cancelled else []
    return _lines(diary, appointment.series, appointment.local, [*(extra or []), *status])


def _lines(diary: Diary, series: Series, start: datetime, extra: list[str]) -> str:
    tzid = _tzid(diary, series.zone)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{series.uid}",
        "DTSTAMP:20260101T000000Z",
        f"SUMMARY:Coaching {series.client.name}",
        f"DTSTART;TZID={tzid}:{start:{STAMP}}",
        f"DTEND;TZID={tzid}:{start + series.lasts:{STAMP}}",
        *extra,
        f"ORGANIZER;CN={diary.coach.name}:mailto:{diary.coach.email}",
        f"ATTENDEE;CN={series.client.name};PARTSTAT=ACCEPTED:mailto:{series.client.email}",
        "END:VEVENT",
        "",
    ]
    return "\r\n".join(lines)


def _tzid(diary: Diary, zone: str) -> str:
    return f"Clock of {zone.rpartition('/')[2]}" if diary.coach.own_zones else zone


@cache
def _vtimezone(zone: str, tzid: str) -> str:
    """Each change of the clock with its date, as some programs write them."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for moment, before, after in _changes(zone):
        name = "DAYLIGHT" if after > before else "STANDARD"
        local = (moment + before).replace(tzinfo=None)
        lines += [
            f"BEGIN:{name}",
            f"DTSTART:{local:{STAMP}}",
            f"TZOFFSETFROM:{_offset(before)}",
            f"TZOFFSETTO:{_offset(after)}",
            f"END:{name}",
        ]
    return "\r\n".join([*lines, "END:VTIMEZONE", ""])


def _changes(zone: str) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """(moment, offset before, offset after); the first is where the table begins."""
    moment = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    before = _utc_offset(zone, moment)
    yield moment, before, before
    while moment.year < LAST_YEAR:
        moment += timedelta(days=1)
        after = _utc_offset(zone, moment)
        if after != before:
            change = next(
                minute
                for minutes in range(0, 24 * 60, 30)
                if _utc_offset(zone, minute := moment - timedelta(days=1) + timedelta(minutes=minutes + 30)) == after
            )
            yield change, before, after
            before = after


def _utc_offset(zone: str, moment: datetime) -> timedelta:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
