"""When does a mail go?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.rules.timing import RETRY_FIRST, RETRY_LONGEST, homework_at, moved_on, retry_at, review_at
from tests.builders import HOUR, NOW


def test_homework_goes_after_the_hold() -> None:
    assert homework_at(NOW, timedelta(minutes=10)) == NOW + timedelta(minutes=10)
    assert homework_at(NOW, timedelta(0)) == NOW


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
