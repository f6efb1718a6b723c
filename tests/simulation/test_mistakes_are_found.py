"""With a mistake in mailflow the books say so, each in its own words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.simulation import mistakes
from tests.simulation.mistakes import Mistake
from tests.simulation.postbox import Odds
from tests.simulation.seeds import run_seed
from tests.simulation.world import Size

SMALL = Size(coaches=2, clients=8, days=24, start=datetime(2026, 9, 21, tzinfo=UTC))
LARGER = Size(coaches=5, clients=12, days=70, start=SMALL.start, days_between_downtimes=1)
TROUBLE = Odds(temporary=0.2, unknown=0.1, ended=0.02)


@pytest.mark.parametrize(
    ("mistake", "is_found"),
    [
        (mistakes.gives_a_note_to_another_client, "the wrong client"),
        (mistakes.plans_reviews_twice, "doubled: the session of"),
        (mistakes.asks_for_notes_that_came, " came since "),
        (mistakes.reminds_whoever_has_answered, "the client answered at"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_mistake_is_found(mistake: Mistake, is_found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _look_for(mistake, is_found, SMALL, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("mistake", "is_found"),
    [
        (mistakes.shares_what_is_private, "is not for clients"),
        (mistakes.forgets_homework, "lost: no homework"),
        (mistakes.forgets_to_answer_the_coach, "0 answers"),
        (mistakes.takes_a_mail_that_comes_twice_for_two, "2 answers"),
        (mistakes.plans_homework_twice, "doubled: 2 homework mails"),
        (mistakes.makes_a_mail_anew_for_each_attempt, "doubled: 2 homework mails"),
        (mistakes.sends_what_is_too_late, "late: "),
        (mistakes.sends_reviews_too_early, "early: "),
        (mistakes.reviews_what_was_cancelled, "was cancelled"),
        (mistakes.reviews_no_session_that_moved, "no review before"),
        (mistakes.forgets_the_review_of_what_is_booked_late, "no review before"),
        (mistakes.sends_what_was_corrected, "out of date"),
        (mistakes.loses_answers, "it says 'No answer yet'"),
        (mistakes.forgets_the_hold, "the hold of"),
        (mistakes.reads_wall_clocks_as_winter_time, "the calendar has no such session"),
        (mistakes.reminds_too_early, "early: its moment"),
        (mistakes.forgets_to_remind, "no (halfway|day-before) reminder of"),
        (mistakes.asks_for_notes_at_once, "no-notes to .*: early: "),
        (mistakes.forgets_to_ask_for_notes, "nobody asked for notes after"),
        (mistakes.lists_in_the_morning_what_was_cancelled, "morning to .* was cancelled"),
        (mistakes.reviews_each_and_in_the_morning, "has its review in the mail of that morning"),
        (mistakes.forgets_what_the_morning_missed, "no review before"),
        (mistakes.takes_every_morning_for_one_in_london, "morning to .*: early: "),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_any_mistake_is_found(mistake: Mistake, is_found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _look_for(mistake, is_found, LARGER, monkeypatch)


def _look_for(mistake: Mistake, is_found: str, size: Size, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake(monkeypatch)
    result = run_seed(3, replace(size, odds=TROUBLE))
    assert [complaint for complaint in result.complaints if re.search(is_found, complaint)], str(result)
