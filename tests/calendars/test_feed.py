"""Due dates as a calendar file: whole days that any calendar program reads, whatever stands in an action."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from mailflow.calendars import DueDay, Feed
from mailflow.calendars.feed import to_ics

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
HOSTILE_TEXTS = (
    "a, b; c \\ d \\n e: f",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:another",
    "one\ntwo\rthree",
    "<script>alert(1)</script> \u202e مرحبا",
    "Donaudampfschifffahrt" * 100,
    "😀" * 100,
    "bell \x07 tab \t null \x00 next line \x85 \u2028",
    "",
)
FRIDAY = date(2026, 11, 27)


def read(raw: bytes) -> list[dict[str, object]]:
    events = Calendar.from_ical(raw).walk("VEVENT")
    return [{name: event.decoded(name) for name in event} for event in events]


def test_a_due_day_is_a_whole_day_on_which_nobody_is_busy() -> None:
    raw = to_ics(Feed("Anna Berg", (DueDay("action-1@mailflow.example", FRIDAY, "Call the GP"),)), NOW)

    assert read(raw) == [
        {
            "UID": "action-1@mailflow.example",
            "DTSTAMP": NOW,
            "DTSTART": FRIDAY,
            "SUMMARY": "Call the GP",
            "TRANSP": "TRANSPARENT",
        }
    ]
    assert b"DTSTART;VALUE=DATE:20261127\r\n" in raw
    assert b"X-WR-CALNAME:Anna Berg\r\n" in raw


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_words_never_become_another_line_of_the_file(text: str) -> None:
    raw = to_ics(Feed(text, (DueDay("action-1@a.example", FRIDAY, text),)), NOW)

    assert [event["UID"] for event in read(raw)] == ["action-1@a.example"]
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_nothing_to_do_is_a_calendar_without_events() -> None:
    assert read(to_ics(Feed("Anna Berg", ()), NOW)) == []
