"""What every calendar adapter must do, whatever it reads from: `class TestIcs(CalendarContract)`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import pytest

from mailflow.calendars import Calendar, CalendarObject, Known, Occurrence, Reading, Window
from mailflow.errors import PermanentError, TemporaryError
from tests.builders import DAY, HOUR, NOW, ics_event

WINDOW = Window(NOW - 60 * DAY, NOW + 60 * DAY)
BROKEN = "DTSTART;TZID=Nowhere:20261201T100000"
"""No server minds it, and nobody knows when that is."""


class Backend(Protocol):
    """A calendar that a test can change, and the adapter that reads it."""

    adapter: Calendar

    def put(self, *events: str) -> None:
        """The calendar holds these VEVENTs now and no others."""
        ...

    def go_away(self) -> None:
        """It can't be reached."""
        ...

    def answer_garbage(self) -> None:
        """What it says is no calendar."""
        ...


@dataclass
class Reader:
    """Reads again and again, and keeps what it learnt, as the store does."""

    adapter: Calendar
    token: str = ""
    objects: dict[str, CalendarObject] = field(default_factory=dict)

    def read(self, window: Window = WINDOW, *, stale: Collection[str] = ()) -> Reading:
        """What changed; it is kept."""
        reading = self.adapter.read(Known(self.token, self.versions, frozenset(stale)), window)
        assert not reading.gone & {changed.key for changed in reading.objects}
        assert reading.gone <= self.objects.keys()
        self.token = reading.token
        self.objects = {key: known for key, known in self.objects.items() if key not in reading.gone}
        self.objects |= {changed.key: changed for changed in reading.objects}
        return reading

    def versions(self) -> dict[str, str]:
        return {key: known.version for key, known in self.objects.items()}

    @property
    def occurrences(self) -> list[Occurrence]:
        return [occurrence for known in self.objects.values() for occurrence in known.occurrences]

    @property
    def problems(self) -> dict[str, str]:
        return {known.uid: known.problem for known in self.objects.values() if known.problem}


def whole(backend: Backend) -> dict[tuple[str, str], Occurrence]:
    """The occurrences of a reading from scratch, by their key."""
    reader = Reader(backend.adapter)
    reader.read()
    assert not reader.problems
    return {(occurrence.uid, occurrence.recurrence_id): occurrence for occurrence in reader.occurrences}


class CalendarContract:
    """Subclasses bring a fixture `backend`."""

    def test_new_event_is_read_with_its_time_and_its_people(self, backend: Backend) -> None:
        backend.put(ics_event("a", NOW + DAY))

        found = whole(backend)["a", ""]

        assert (found.starts_at, found.ends_at) == (NOW + DAY, NOW + DAY + HOUR)
        assert (found.title, found.organizer) == ("Coaching", "anna@coach.example")
        assert [(attendee.email, attendee.name) for attendee in found.attendees] == [
            ("jane@client.example", "Jane Doe")
        ]

    def test_unchanged_calendar_says_so(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        reader = Reader(backend.adapter)
        reader.read()
        token = reader.token

        assert reader.read() == Reading(token)

    def test_added_event_alone_is_read_next_time(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.put(ics_event("a"), ics_event("b"))

        assert [changed.uid for changed in reader.read().objects] == ["b"]
        assert {occurrence.uid for occurrence in reader.occurrences} == {"a", "b"}

    def test_changed_event_alone_is_read_next_time(self, backend: Backend) -> None:
        backend.put(ics_event("a", title="Before"), ics_event("b"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.put(ics_event("a", title="After"), ics_event("b"))

        (changed,) = reader.read().objects
        assert [occurrence.title for occurrence in changed.occurrences] == ["After"]

    def test_stale_event_is_read_again(self, backend: Backend) -> None:
        backend.put(ics_event("a"), ics_event("b"))
        reader = Reader(backend.adapter)
        reader.read()
        key = next(key for key, known in reader.objects.items() if known.uid == "a")

        assert [read.uid for read in reader.read(stale=[key]).objects] == ["a"]

    def test_moved_event_keeps_its_key(self, backend: Backend) -> None:
        backend.put(ics_event("a", NOW + DAY))
        before = whole(backend)
        backend.put(ics_event("a", NOW + 2 * DAY))

        after = whole(backend)

        assert before.keys() == after.keys()
        assert after["a", ""].starts_at == NOW + 2 * DAY

    def test_cancelled_event_is_gone_or_says_so(self, backend: Backend) -> None:
        backend.put(ics_event("a", extra=["STATUS:CANCELLED"]))

        assert all(occurrence.cancelled for occurrence in whole(backend).values())

    def test_deleted_event_is_gone(self, backend: Backend) -> None:
        backend.put(ics_event("a"), ics_event("b"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.put(ics_event("b"))

        assert len(reader.read().gone) == 1
        assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]

    def test_event_that_was_deleted_and_made_again_is_there(self, backend: Backend) -> None:
        backend.put(ics_event("a"), ics_event("b"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.put(ics_event("b"))
        backend.put(ics_event("a", title="Again"), ics_event("b"))
        reader.read()

        assert sorted(occurrence.title for occurrence in reader.occurrences) == ["Again", "Coaching"]

    def test_series_with_a_moved_date_keeps_every_key(self, backend: Backend) -> None:
        series = ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY;COUNT=3"])
        backend.put(series)
        before = whole(backend)
        backend.put(series, ics_event("s", NOW + 8 * DAY, extra=["RECURRENCE-ID:20261130T090000Z"]))

        after = whole(backend)

        assert before.keys() == after.keys()
        assert sorted(o.starts_at for o in after.values()) == [NOW, NOW + 8 * DAY, NOW + 14 * DAY]

    def test_what_may_have_dates_after_the_window_says_so(self, backend: Backend) -> None:
        backend.put(
            ics_event("series", NOW, extra=["RRULE:FREQ=DAILY"]), ics_event("once"), ics_event("later", NOW + 90 * DAY)
        )
        reader = Reader(backend.adapter)
        reader.read()

        assert {known.uid for known in reader.objects.values() if known.goes_on} == {"series", "later"}

    def test_stale_series_shows_its_dates_in_the_window_that_moved_on(self, backend: Backend) -> None:
        backend.put(ics_event("s", NOW, extra=["RRULE:FREQ=DAILY"]))
        reader = Reader(backend.adapter)
        reader.read(Window(NOW, NOW + DAY))
        reader.read(Window(NOW + DAY, NOW + 2 * DAY), stale=list(reader.objects))

        assert [occurrence.starts_at for occurrence in reader.occurrences] == [NOW + DAY]

    def test_events_outside_the_window_are_left_out(self, backend: Backend) -> None:
        backend.put(ics_event("old", datetime(2020, 1, 1, tzinfo=UTC)), ics_event("a"))

        assert set(whole(backend)) == {("a", "")}

    def test_broken_event_is_named_and_hides_no_other(self, backend: Backend) -> None:
        backend.put(ics_event("broken", BROKEN), ics_event("a"))
        reader = Reader(backend.adapter)
        reader.read()

        assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]
        assert set(reader.problems) == {"broken"}

    def test_empty_calendar_is_a_reading_too(self, backend: Backend) -> None:
        backend.put()

        assert whole(backend) == {}

    def test_calendar_out_of_reach_is_tried_again(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.go_away()

        with pytest.raises(TemporaryError, match=r"stay as they were"):
            reader.read()

    def test_garbage_is_told_and_not_taken_for_an_empty_calendar(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        reader = Reader(backend.adapter)
        reader.read()
        backend.answer_garbage()

        with pytest.raises((PermanentError, TemporaryError), match=r"stay as they were"):
            reader.read()
