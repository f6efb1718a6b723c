"""When does a mail go?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.model import Nudge
from mailflow.rules.timing import (
    RETRY_FIRST,
    RETRY_LONGEST,
    after_quiet,
    homework_at,
    morning_of,
    moved_on,
    nudge_at,
    nudge_expires_at,
    retry_at,
    review_at,
)
from tests.builders import DAY, HOUR, NOW

BERLIN = ZoneInfo("Europe/Berlin")


def test_homework_goes_after_the_hold() -> None:
    assert homework_at(NOW, timedelta(minutes=10), None, BERLIN) == NOW + timedelta(minutes=10)
    assert homework_at(NOW, timedelta(0), None, BERLIN) == NOW


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


NIGHT = (time(21), time(7))


@pytest.mark.parametrize(
    ("moment", "quiet", "goes"),
    [
        ("2026-11-23T20:59:59", NIGHT, "2026-11-23T20:59:59"),
        ("2026-11-23T21:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-23T23:30", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T00:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T06:59", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T07:00", NIGHT, "2026-11-24T07:00"),
        ("2026-11-24T12:30", (time(12), time(14)), "2026-11-24T14:00"),
        ("2026-11-24T14:00", (time(12), time(14)), "2026-11-24T14:00"),
        ("2026-12-31T22:00", NIGHT, "2027-01-01T07:00"),
        ("2026-03-28T22:00", NIGHT, "2026-03-29T07:00"),
        ("2026-10-24T22:00", NIGHT, "2026-10-25T07:00"),
        ("2026-03-29T01:30", (time(21), time(2, 30)), "2026-03-29T03:30"),
    ],
)
def test_homework_of_the_night_goes_in_the_morning_by_the_clients_clock(
    moment: str, quiet: tuple[time, time], goes: str
) -> None:
    assert after_quiet(berlin(moment), quiet, BERLIN).astimezone(BERLIN).replace(tzinfo=None) == datetime.fromisoformat(
        goes
    )


def test_night_in_which_the_clock_goes_back_is_an_hour_longer_and_one_in_which_it_goes_on_an_hour_shorter() -> None:
    nights = [berlin(f"{day}T21:00") for day in ("2026-10-24", "2026-03-28", "2026-06-01")]

    assert [(after_quiet(start, NIGHT, BERLIN) - start.astimezone(UTC)) / HOUR for start in nights] == [11, 9, 10]


CLOCKS_CHANGE = [
    # zone, the evening before, how many hours from 21:00 to 07:00
    ("Europe/Berlin", "2026-10-24", 11),
    ("Europe/Berlin", "2027-03-27", 9),
    ("America/New_York", "2026-10-31", 11),
    ("America/New_York", "2027-03-13", 9),
    ("America/St_Johns", "2026-10-31", 11),
    ("America/St_Johns", "2027-03-13", 9),
    ("Australia/Sydney", "2026-10-03", 9),
    ("Australia/Sydney", "2027-04-03", 11),
    ("Australia/Adelaide", "2026-10-03", 9),
    ("Australia/Adelaide", "2027-04-03", 11),
    ("Australia/Lord_Howe", "2026-10-03", 9.5),
    ("Australia/Lord_Howe", "2027-04-03", 10.5),
    ("Asia/Kolkata", "2026-10-24", 10),
    ("Asia/Kolkata", "2027-03-27", 10),
]


def there(zone: str, text: str, fold: int = 0) -> datetime:
    """The moment that the clock shows so in this zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(("zone", "evening", "hours"), CLOCKS_CHANGE)
def test_homework_of_a_night_in_which_the_clock_changes_goes_at_the_same_hour_of_it(
    zone: str, evening: str, hours: float
) -> None:
    goes = homework_at(there(zone, f"{evening}T20:55"), timedelta(minutes=5), NIGHT, ZoneInfo(zone))

    assert goes.astimezone(ZoneInfo(zone)).isoformat()[11:16] == "07:00"
    assert goes - there(zone, f"{evening}T21:00") == hours * HOUR


@pytest.mark.parametrize(("zone", "evening", "hours"), CLOCKS_CHANGE)
def test_hold_and_lead_are_hours_that_pass_and_not_hours_of_the_clock(zone: str, evening: str, hours: float) -> None:
    held = homework_at(there(zone, f"{evening}T21:00"), hours * HOUR, None, ZoneInfo(zone))
    review = review_at(held, hours * HOUR)

    assert held.astimezone(ZoneInfo(zone)).isoformat()[11:16] == "07:00"
    assert review == there(zone, f"{evening}T21:00")


@pytest.mark.parametrize(
    ("zone", "moment", "end", "goes"),
    [
        ("America/New_York", "2027-03-14T01:30", time(2, 30), "2027-03-14T03:30"),
        ("America/St_Johns", "2027-03-14T01:30", time(2, 30), "2027-03-14T03:30"),
        ("Australia/Sydney", "2026-10-04T01:30", time(2, 30), "2026-10-04T03:30"),
        ("Australia/Adelaide", "2026-10-04T01:30", time(2, 30), "2026-10-04T03:30"),
        ("Australia/Lord_Howe", "2026-10-04T01:30", time(2, 15), "2026-10-04T02:45"),
    ],
)
def test_end_that_the_clock_leaves_out_comes_by_as_much_later_as_it_jumps(
    zone: str, moment: str, end: time, goes: str
) -> None:
    assert after_quiet(there(zone, moment), (time(21), end), ZoneInfo(zone)) == there(zone, goes)


@pytest.mark.parametrize(
    ("zone", "day", "twice"),
    [
        ("Europe/Berlin", "2026-10-25", time(2, 30)),
        ("America/New_York", "2026-11-01", time(1, 30)),
        ("America/St_Johns", "2026-11-01", time(1, 30)),
        ("Australia/Sydney", "2027-04-04", time(2, 30)),
        ("Australia/Adelaide", "2027-04-04", time(2, 30)),
        ("Australia/Lord_Howe", "2027-04-04", time(1, 45)),
    ],
)
def test_end_that_the_clock_shows_twice_is_the_first_in_the_evening_and_the_second_in_between(
    zone: str, day: str, twice: time
) -> None:
    quiet = (time(21), twice)
    first, second = there(zone, f"{day}T{twice}"), there(zone, f"{day}T{twice}", fold=1)
    minute = timedelta(minutes=1)

    assert second > first
    assert after_quiet(first - minute, quiet, ZoneInfo(zone)) == first
    assert after_quiet(first, quiet, ZoneInfo(zone)) == first
    assert after_quiet(second - minute, quiet, ZoneInfo(zone)) == second
    assert after_quiet(second, quiet, ZoneInfo(zone)) == second


def test_end_that_the_clock_shows_twice_is_the_next_of_the_two() -> None:
    quiet = (time(21), time(2, 30))
    first, second = berlin("2026-10-25T02:30"), berlin("2026-10-25T02:30", fold=1)

    assert after_quiet(berlin("2026-10-25T02:10"), quiet, BERLIN) == first.astimezone(UTC)
    assert after_quiet(berlin("2026-10-25T02:10", fold=1), quiet, BERLIN) == second.astimezone(UTC)


@given(
    st.integers(min_value=0, max_value=366 * 24 * 60).map(lambda minutes: NOW + minutes * HOUR / 60),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
@settings(deadline=None)
def test_quiet_hours_end_within_a_day_and_are_over_then(utc: datetime, start: time, end: time, name: str) -> None:
    zone = ZoneInfo(name)
    goes = after_quiet(utc, (start, end), zone)

    assert timedelta(0) <= goes - utc <= timedelta(hours=25)
    assert goes == utc or goes.astimezone(zone).time() >= end


def test_review_goes_its_lead_before_the_session_however_close_that_is() -> None:
    assert review_at(NOW + 24 * HOUR, 2 * HOUR) == NOW + 22 * HOUR
    assert review_at(NOW + HOUR, 2 * HOUR) == NOW - HOUR


def test_pauses_double_from_a_minute_to_four_hours() -> None:
    pauses = [retry_at(NOW, attempts, jitter=0.9999999) - NOW for attempts in range(1, 12)]

    assert [round(pause / timedelta(minutes=1)) for pause in pauses] == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_pause_is_never_shorter_than_half_a_minute_nor_longer_than_four_hours(attempts: int, jitter: float) -> None:
    pause = retry_at(NOW, attempts, jitter) - NOW

    assert RETRY_FIRST / 2 <= pause <= RETRY_LONGEST


def test_jitter_spreads_those_who_failed_together() -> None:
    assert len({retry_at(NOW, 3, jitter / 10) for jitter in range(10)}) == 10


@pytest.mark.parametrize(
    ("by", "lead", "another"),
    [
        (timedelta(days=7), timedelta(hours=2), True),
        (timedelta(hours=3), timedelta(hours=2), True),
        (timedelta(hours=2), timedelta(hours=2), True),
        (timedelta(hours=1), timedelta(hours=2), False),
        (timedelta(minutes=15), timedelta(0), False),
        (timedelta(hours=5), timedelta(days=1), True),
        (-timedelta(days=1), timedelta(hours=2), False),
        (timedelta(0), timedelta(hours=2), False),
    ],
)
def test_session_that_moved_on_needs_another_review(by: timedelta, lead: timedelta, another: bool) -> None:
    assert moved_on(NOW + by, NOW, NOW - lead, lead) is another


def test_session_whose_review_never_went_needs_one_wherever_it_moves_to() -> None:
    assert moved_on(NOW + timedelta(minutes=5), NOW, None, timedelta(days=1))


# --- Reminders, and the mail of the morning ---------------------------------------------------


@pytest.mark.parametrize(
    ("days", "halfway", "day_before"),
    [(1, None, None), (1.9, None, None), (2, None, 1), (3.9, None, 2.9), (4, 2, 3), (7, 3.5, 6), (28, 14, 27)],
)
def test_reminders_never_come_on_the_heels_of_the_homework_or_of_each_other(
    days: float, halfway: float | None, day_before: float | None
) -> None:
    starts_at = NOW + days * DAY

    moments = [nudge_at(nudge, NOW, starts_at) for nudge in (Nudge.HALFWAY, Nudge.DAY_BEFORE)]

    assert moments == [None if wanted is None else NOW + wanted * DAY for wanted in (halfway, day_before)]


def test_reminder_that_is_late_is_no_help_when_the_next_one_is_due() -> None:
    starts_at = NOW + 7 * DAY

    assert nudge_expires_at(Nudge.HALFWAY, starts_at) == nudge_at(Nudge.DAY_BEFORE, NOW, starts_at)
    assert nudge_expires_at(Nudge.DAY_BEFORE, starts_at) == starts_at


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", "2026-03-28", "07:00", "2026-03-28T06:00"),
        ("Europe/Berlin", "2026-03-29", "07:00", "2026-03-29T05:00"),
        ("Europe/Berlin", "2026-10-24", "07:00", "2026-10-24T05:00"),
        ("Europe/Berlin", "2026-10-25", "07:00", "2026-10-25T06:00"),
        ("America/New_York", "2026-03-07", "07:00", "2026-03-07T12:00"),
        ("America/New_York", "2026-03-08", "07:00", "2026-03-08T11:00"),
        ("America/New_York", "2026-10-31", "07:00", "2026-10-31T11:00"),
        ("America/New_York", "2026-11-01", "07:00", "2026-11-01T12:00"),
        ("Australia/Sydney", "2026-04-04", "07:00", "2026-04-03T20:00"),
        ("Australia/Sydney", "2026-04-05", "07:00", "2026-04-04T21:00"),
        ("Australia/Sydney", "2026-10-03", "07:00", "2026-10-02T21:00"),
        ("Australia/Sydney", "2026-10-04", "07:00", "2026-10-03T20:00"),
        ("Australia/Lord_Howe", "2026-04-04", "07:00", "2026-04-03T20:00"),
        ("Australia/Lord_Howe", "2026-04-05", "07:00", "2026-04-04T20:30"),
        ("Australia/Lord_Howe", "2026-10-04", "07:00", "2026-10-03T20:00"),
        ("Asia/Kolkata", "2026-03-29", "07:00", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30"),  # the clock leaves it out: 03:30
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # the clock shows it twice: the first
    ],
)
def test_morning_is_an_hour_of_the_clock_whatever_the_clock_does_that_night(
    zone: str, day: str, at: str, utc: str
) -> None:
    starts_at = datetime.fromisoformat(f"{day}T18:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    assert morning_of(starts_at, time.fromisoformat(at), ZoneInfo(zone)) == datetime.fromisoformat(f"{utc}+00:00")


def test_session_that_begins_before_the_morning_is_not_in_it() -> None:
    six = berlin("2026-11-23T06:00").astimezone(UTC)

    assert morning_of(six, time(7), BERLIN) is None
    assert morning_of(six, time(5, 45), BERLIN) == six - timedelta(minutes=15)
    assert morning_of(six, time(5, 46), BERLIN) is None
