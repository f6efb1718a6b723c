"""Go deeper, or explore why? No answer is not the same as not done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailflow.model import Answer
from mailflow.rules.advice import ReviewAdvice, Reviewed, review_advice
from mailflow.wording import review_advice as in_words

DONE, PARTLY, NOT_DONE = Answer.DONE, Answer.PARTLY, Answer.NOT_DONE


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ([DONE], ReviewAdvice.GO_DEEPER),
        ([DONE, DONE], ReviewAdvice.GO_DEEPER),
        ([PARTLY], ReviewAdvice.SOME_DONE),
        ([DONE, NOT_DONE], ReviewAdvice.SOME_DONE),
        ([None, PARTLY], ReviewAdvice.SOME_DONE),
        ([DONE, None], ReviewAdvice.SOME_DONE),
        ([NOT_DONE], ReviewAdvice.EXPLORE_WHY),
        ([NOT_DONE, None], ReviewAdvice.EXPLORE_WHY),
        ([None], ReviewAdvice.ASK),
        ([None, None], ReviewAdvice.ASK),
        ([], ReviewAdvice.ASK),
    ],
)
def test_answers_lead_to_one_advice(answers: list[Answer | None], advice: ReviewAdvice) -> None:
    assert review_advice([Reviewed(answer) for answer in answers]) is advice


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ([None, None], ReviewAdvice.FIRST_HOMEWORK),
        ([NOT_DONE], ReviewAdvice.FIRST_HOMEWORK),
        ([DONE, NOT_DONE], ReviewAdvice.FIRST_HOMEWORK),
        ([DONE], ReviewAdvice.GO_DEEPER),
    ],
)
def test_first_homework_is_about_the_homework_itself_unless_all_was_done(
    answers: list[Answer | None], advice: ReviewAdvice
) -> None:
    assert review_advice([Reviewed(answer) for answer in answers], first=True) is advice


@pytest.mark.parametrize("answer", [None, PARTLY, NOT_DONE])
def test_action_that_is_open_for_the_third_time_goes_before_what_the_others_say(answer: Answer | None) -> None:
    assert review_advice([Reviewed(DONE), Reviewed(answer, times=3)]) is ReviewAdvice.THIRD_TIME
    assert review_advice([Reviewed(DONE), Reviewed(answer, times=2)]) is not ReviewAdvice.THIRD_TIME


def test_old_action_that_is_done_at_last_is_done() -> None:
    assert review_advice([Reviewed(DONE, times=4)]) is ReviewAdvice.GO_DEEPER


def test_what_did_not_arrive_is_nobodys_silence() -> None:
    assert review_advice([Reviewed(None)], delivered=False, first=True) is ReviewAdvice.NOT_DELIVERED
    assert review_advice([Reviewed(DONE)], delivered=False) is ReviewAdvice.GO_DEEPER


def test_table_in_the_documentation_has_every_advice_in_its_order() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reviews.md").read_text(encoding="utf-8")
    table = text.partition("## What it suggests")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|\n]+ \| [^|\n]+ \| (.+?) \|$", table, re.MULTILINE)
    assert rows == ["the review says", *(in_words(advice) for advice in ReviewAdvice)]
