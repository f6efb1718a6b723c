"""Due dates as a calendar file (RFC 5545), for calendars that subscribe to it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from mailflow.calendars import Feed

READ_AGAIN = timedelta(hours=4)


def to_ics(feed: Feed, now: datetime) -> bytes:
    """Whole days, on which nobody is busy. They are as of `now`: a program that has older ones takes these."""
    calendar = Calendar()
    calendar.add("prodid", "-//mailflow//due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _line(feed.name))
    calendar.add("refresh-interval", READ_AGAIN, parameters={"VALUE": "DURATION"})
    for due in feed.days:
        event = Event()
        event.add("uid", due.uid)
        event.add("dtstamp", now)
        event.add("dtstart", due.day)
        event.add("summary", _line(due.text))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    ics: bytes = calendar.to_ical()
    return ics


def _line(text: str) -> str:
    """On one line: icalendar refuses, or passes on, what the format has no place for."""
    return " ".join("".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text).split())
