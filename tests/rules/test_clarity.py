"""Kind hints about an action: vague, two in one, no day."""

from __future__ import annotations

from datetime import date

import pytest

from mailflow.model import Advice, AdviceKind, Due, DueKind
from mailflow.rules.clarity import LONG_LIST, advise, is_long

FRIDAY = Due(DueKind.DATE, date(2026, 11, 27), "by Friday")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Think about the budget by Friday", "Think about"),
        ("Try to sleep more by Friday", "Try to"),
        ("Be more patient by Friday", "Be more"),
        ("Work on the speech by Friday", "Work on"),
        ("Relax by Friday", "Relax"),
    ],
)
def test_action_without_an_end_is_vague(text: str, words: str) -> None:
    assert advise(text, FRIDAY) == (Advice(AdviceKind.VAGUE, words),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call Sam and book the GP by Friday", "and book"),
        ("Write the letter, then send the invoice by Friday", "then send"),
        ("Call Sam; book the GP by Friday", "book"),
    ],
)
def test_two_verbs_with_objects_are_two_actions(text: str, words: str) -> None:
    assert advise(text, FRIDAY) == (Advice(AdviceKind.TWO_IN_ONE, words),)


@pytest.mark.parametrize(
    "text",
    [
        "Book the GP appointment by Friday",
        "Call Sam and Tom by Friday",
        "Read and answer the letter by Friday",
        "Write the letter and send it by Friday",
        "Write about trial and error by Friday",
        "Tryout the new chair by Friday",
    ],
)
def test_specific_action_gets_no_advice(text: str) -> None:
    assert advise(text, FRIDAY) == ()


def test_action_without_a_day_is_told() -> None:
    assert advise("Book the GP appointment", Due()) == (Advice(AdviceKind.NO_WHEN),)
    assert advise("Book the GP appointment", Due(DueKind.NEXT_SESSION)) == ()


def test_list_is_long_from_three_on() -> None:
    assert [is_long(count) for count in (0, LONG_LIST - 1, LONG_LIST)] == [False, False, True]


@pytest.mark.parametrize("text", ["", " ", "and", "and " * 5000, "; " * 5000])
def test_nonsense_is_advised_without_complaint(text: str) -> None:
    assert isinstance(advise(text, Due()), tuple)
