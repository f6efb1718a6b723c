"""Calendars: the first reading of a large one beside the bare libraries, and a look at many where nothing is due.

`python -m bench.expansion ours|bare` reads it once, in a process of its own, and prints what that took.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import icalendar
import recurring_ical_events

from bench.figure import Figure
from mailflow.app import adopt_settings, open_app
from mailflow.calendars import NOTHING_KNOWN, Window
from mailflow.calendars.ics_text import read_ics
from mailflow.demo.service import demo_settings_file
from mailflow.flows.sync import AHEAD, MARGIN, PAST, sync_next
from mailflow.settings import load_settings

OBJECTS = 10_000
SERIES_OF = 5
RUNS = 3
CALENDARS, SESSIONS = 10_000, 500_000
TICKS = 300
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WINDOW = Window(NOW - PAST, NOW + AHEAD + MARGIN)
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""
EVENT = """BEGIN:VEVENT
{times}
DTSTAMP:20261120T070000Z
ORGANIZER;CN=Anna Berg:mailto:anna@coach.example
UID:{number}@calendar.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Anna
  Berg;X-NUM-GUESTS=0:mailto:anna@coach.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=Ja
 ne Doe;X-NUM-GUESTS=0:mailto:client{number}@client.example
CREATED:20261001T081500Z
DESCRIPTION:Where the yes comes from\\, and what a no would cost.
LAST-MODIFIED:20261119T170211Z
LOCATION:Ring 5
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Coaching
TRANSP:OPAQUE
END:VEVENT"""


def measure_expansion() -> list[Figure]:
    measured = {way: [_in_a_process(way) for _ in range(RUNS)] for way in WAYS}
    assert len({run["occurrences"] for runs in measured.values() for run in runs}) == 1, "they differ"
    ours, bare = (OBJECTS / median(run["seconds"] for run in measured[way]) for way in WAYS)
    memory = max(run["megabytes"] for run in measured["ours"])
    ticks = _ticks()
    return [
        Figure(
            f"first reading of {OBJECTS:,} objects, a fifth of them weekly series, of the bare libraries' speed",
            f"{ours / bare:.2f} ({ours:.0f}/s beside {bare:.0f}/s)",
            "at least 1",
        ),
        Figure("memory that this reading takes, with the program's", f"{memory:.0f} MB", "under 300 MB"),
        Figure(
            f"a look at {CALENDARS:,} calendars with {SESSIONS:,} sessions, nothing due",
            f"{median(ticks) * 1000:.2f} ms (median; longest {max(ticks) * 1000:.2f} ms)",
            "under 10 ms",
        ),
    ]


def _in_a_process(way: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.expansion", way]
    ran = subprocess.run(command, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True)
    measured: dict[str, Any] = json.loads(ran.stdout)
    return measured


def _read(text: bytes) -> int:
    objects, _ = read_ics(text, NOTHING_KNOWN, WINDOW, "Europe/Berlin")
    assert not any(one.problem for one in objects)
    return sum(len(one.occurrences) for one in objects)


def _read_bare(text: bytes) -> int:
    return len(recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(WINDOW.start, WINDOW.end))


WAYS: dict[str, Callable[[bytes], int]] = {"ours": _read, "bare": _read_bare}


def _calendar() -> bytes:
    """As Google writes one: singles in UTC, series with a time zone."""
    events = []
    for number in range(OBJECTS):
        start = NOW + timedelta(hours=number % 24, days=number % 120 - 40)
        end = start + timedelta(hours=1)
        if number % SERIES_OF:
            times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{end:%Y%m%dT%H%M%SZ}"
        else:
            zoned = ";TZID=Europe/Berlin:{:%Y%m%dT%H%M%S}".format
            times = f"DTSTART{zoned(start)}\nDTEND{zoned(end)}\nRRULE:FREQ=WEEKLY"
        events.append(EVENT.format(number=number, times=times))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar//EN", ZONE, *events, "END:VCALENDAR", ""]
    return "\n".join(lines).replace("\n", "\r\n").encode()


def _ticks() -> list[float]:
    """Seconds for each time that the daemon asks whether a calendar is due."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(demo_settings_file()).model_copy(update={"data": Path(folder)})
        with closing(open_app(settings, create=True)) as app:
            adopt_settings(app)
            with app.database.write() as tx:
                coach = tx.value("SELECT id FROM coaches LIMIT 1")
                client = tx.value(
                    "INSERT INTO clients (coach_id, email, name) VALUES (:coach, 'x@client.example', 'X') RETURNING id",
                    coach=coach,
                )
                tx.run("UPDATE calendars SET due_at = :later", later=int(NOW.timestamp()) + 60)
                tx.run(
                    """
                    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :calendars)
                    INSERT INTO calendars (coach_id, name, active, interval_seconds, due_at)
                    SELECT :coach, 'bench ' || n, 1, 120, :now + 1 + n % 120 FROM counted
                    """,
                    calendars=CALENDARS,
                    coach=coach,
                    now=int(NOW.timestamp()),
                )
                tx.run(
                    """
                    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :sessions),
                        first(id) AS (SELECT min(id) FROM calendars WHERE name LIKE 'bench %')
                    INSERT INTO sessions (
                        coach_id, calendar_id, client_id, uid, recurrence_id, title, starts_at, ends_at, status
                    )
                    SELECT :coach, first.id + n % :calendars, :client, 'bench-' || n, '', 'Coaching', :now + n,
                        :now + n + 3600, 'planned'
                    FROM counted, first
                    """,
                    sessions=SESSIONS,
                    calendars=CALENDARS,
                    coach=coach,
                    client=client,
                    now=int(NOW.timestamp()),
                )
            samples = []
            for _ in range(TICKS):
                start = time.perf_counter()
                found = sync_next(app.database, app.find_source, NOW)
                samples.append(time.perf_counter() - start)
                assert not found
            return samples


def main() -> None:
    text = _calendar()
    start = time.perf_counter()
    occurrences = WAYS[sys.argv[1]](text)
    taken = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "megabytes": megabytes, "occurrences": occurrences}))


if __name__ == "__main__":
    main()
