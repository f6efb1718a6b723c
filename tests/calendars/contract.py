"""What every calendar adapter must do, whatever it reads from: `class TestIcs(CalendarContract)`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

import pytest

from mailflow.calendars import Calendar, Occurrence, Reading, Window
from mailflow.errors import PermanentError, TemporaryError
from tests.builders import DAY, HOUR, NOW, ics_event

WINDOW = Window(NOW - 60 * DAY, NOW + 60 * DAY)


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


def read(backend: Backend, token: str = "", window: Window = WINDOW) -> Reading:
    return backend.adapter.read(token, window)


def whole(backend: Backend) -> dict[tuple[str, str], Occurrence]:
    """The occurrences of a reading from scratch, by their key."""
    reading = read(backend)
    assert not reading.problems
    return {(occurrence.uid, occurrence.recurrence_id): occurrence for occurrence in reading.occurrences}


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
        first = read(backend)

        again = read(backend, first.token)

        assert (again.unchanged, again.token) == (True, first.token)

    def test_added_event_is_read_next_time(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        first = read(backend)
        backend.put(ics_event("a"), ics_event("b"))

        again = read(backend, first.token)

        assert not again.unchanged
        assert {occurrence.uid for occurrence in again.occurrences} == {"a", "b"}

    def test_changed_event_is_read_next_time(self, backend: Backend) -> None:
        backend.put(ics_event("a", title="Before"))
        first = read(backend)
        backend.put(ics_event("a", title="After"))

        assert [occurrence.title for occurrence in read(backend, first.token).occurrences] == ["After"]

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
        first = read(backend)
        backend.put(ics_event("b"))

        assert [occurrence.uid for occurrence in read(backend, first.token).occurrences] == ["b"]

    def test_series_with_a_moved_date_keeps_every_key(self, backend: Backend) -> None:
        series = ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY;COUNT=3"])
        backend.put(series)
        before = whole(backend)
        backend.put(series, ics_event("s", NOW + 8 * DAY, extra=["RECURRENCE-ID:20261130T090000Z"]))

        after = whole(backend)

        assert before.keys() == after.keys()
        assert sorted(o.starts_at for o in after.values()) == [NOW, NOW + 8 * DAY, NOW + 14 * DAY]

    def test_window_that_moved_on_shows_new_dates_of_an_unchanged_calendar(self, backend: Backend) -> None:
        backend.put(ics_event("s", NOW, extra=["RRULE:FREQ=DAILY"]))
        first = read(backend, window=Window(NOW, NOW + DAY))

        again = read(backend, first.token, Window(NOW + DAY, NOW + 2 * DAY))

        assert [occurrence.starts_at for occurrence in again.occurrences] == [NOW + DAY]

    def test_events_outside_the_window_are_left_out(self, backend: Backend) -> None:
        backend.put(ics_event("old", datetime(2020, 1, 1, tzinfo=UTC)), ics_event("a"))

        assert set(whole(backend)) == {("a", "")}

    def test_broken_event_is_named_and_hides_no_other(self, backend: Backend) -> None:
        backend.put(ics_event("broken", "SUMMARY:no start"), ics_event("a"))

        reading = read(backend)

        assert [occurrence.uid for occurrence in reading.occurrences] == ["a"]
        assert [uid for uid, _ in reading.problems] == ["broken"]

    def test_empty_calendar_is_a_reading_too(self, backend: Backend) -> None:
        backend.put()

        assert whole(backend) == {}

    def test_calendar_out_of_reach_is_tried_again(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        backend.go_away()

        with pytest.raises(TemporaryError, match=r"stay as they were"):
            read(backend)

    def test_garbage_is_told_and_not_taken_for_an_empty_calendar(self, backend: Backend) -> None:
        backend.put(ics_event("a"))
        first = read(backend)
        backend.answer_garbage()

        with pytest.raises(PermanentError, match=r"stay as they were"):
            read(backend, first.token)
