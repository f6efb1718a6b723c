"""Calendars: read when they are due, by one at a time, and what was wrong is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.model import PassedOver
from mailflow.store import calendars
from mailflow.store.calendars import PassedOverEvent
from mailflow.store.database import Database
from tests.builders import ANNA, DAY, NOW

TWO_MINUTES = timedelta(minutes=2)


def test_calendar_is_read_once_an_interval(practice: Database) -> None:
    with practice.write() as tx:
        assert calendars.claim_due(tx, NOW) is not None
        assert calendars.claim_due(tx, NOW) is None
        assert calendars.claim_due(tx, NOW + TWO_MINUTES - timedelta(seconds=1)) is None
        assert calendars.claim_due(tx, NOW + TWO_MINUTES) is not None


def test_calendar_that_waited_longest_is_read_first(practice: Database) -> None:
    with practice.write() as tx:
        calendars.save_all(tx, {ANNA.email: [("calendar", TWO_MINUTES), ("second", TWO_MINUTES * 2)]})
        calendars.claim_due(tx, NOW)
        calendars.claim_due(tx, NOW + timedelta(seconds=1))
        waited = calendars.claim_due(tx, NOW + DAY)

    assert waited is not None
    assert waited.name == "calendar"


@pytest.mark.parametrize(("fingerprint", "token"), [("same", "token"), ("other", "")])
def test_start_makes_every_calendar_due_and_reads_it_whole_after_a_change_of_settings(
    practice: Database, fingerprint: str, token: str
) -> None:
    with practice.write() as tx:
        calendars.save_all(tx, {ANNA.email: [("calendar", TWO_MINUTES)]}, "same")
        calendars.claim_due(tx, NOW)
        calendars.mark_synced(tx, 1, "token", NOW)
        calendars.save_all(tx, {ANNA.email: [("calendar", TWO_MINUTES)]}, fingerprint)
        again = calendars.claim_due(tx, NOW)

    assert again is not None
    assert again.sync_token == token


def test_calendar_that_left_the_settings_is_not_read(practice: Database) -> None:
    with practice.write() as tx:
        calendars.save_all(tx, {ANNA.email: [("other", TWO_MINUTES)]})
        assert [calendar.name for calendar in calendars.of_coach(tx, ANNA.id)] == ["other"]
        due = calendars.claim_due(tx, NOW)
        assert due is not None
        assert due.name == "other"
        assert calendars.claim_due(tx, NOW) is None


def test_reading_that_worked_clears_the_problem_and_one_that_failed_keeps_the_time(practice: Database) -> None:
    with practice.write() as tx:
        calendars.mark_synced(tx, 1, "token", NOW)
        calendars.mark_problem(tx, 1, "it can't be read")
        failed = calendars.get(tx, 1)
        calendars.mark_synced(tx, 1, "next", NOW + DAY)
        worked = calendars.get(tx, 1)

    assert (failed.problem, failed.synced_at, failed.sync_token) == ("it can't be read", NOW, "token")
    assert (worked.problem, worked.synced_at, worked.sync_token) == ("", NOW + DAY, "next")


def test_problem_of_an_event_is_its_latest(practice: Database) -> None:
    with practice.write() as tx:
        calendars.set_event_problem(tx, 1, "x", "no DTSTART")
        calendars.set_event_problem(tx, 1, "y", "bad RRULE")
        calendars.set_event_problem(tx, 1, "x", "again")
        assert calendars.event_problems(tx, 1) == [("x", "again"), ("y", "bad RRULE")]
        calendars.set_event_problem(tx, 1, "x", "")
        assert calendars.event_problems(tx, 1) == [("y", "bad RRULE")]


def test_passed_over_events_are_the_latest_of_their_uid(practice: Database) -> None:
    first, moved = (PassedOverEvent(1, "a", "", NOW + n * DAY, PassedOver.NO_ATTENDEE) for n in (0, 2))
    other = PassedOverEvent(1, "b", "", NOW + DAY, PassedOver.ALL_DAY)
    with practice.write() as tx:
        calendars.replace_passed_over(tx, 1, "a", [first])
        calendars.replace_passed_over(tx, 1, "b", [other, other])
        assert calendars.passed_over(tx, ANNA.id, NOW, NOW + 3 * DAY) == [first, other]
        calendars.replace_passed_over(tx, 1, "a", [moved])
        assert calendars.passed_over(tx, ANNA.id, NOW, NOW + 3 * DAY) == [other, moved]
        calendars.forget_passed_over(tx, 1, NOW + 2 * DAY)
        assert calendars.passed_over(tx, ANNA.id, NOW, NOW + 3 * DAY) == [moved]
