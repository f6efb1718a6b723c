"""Go deeper, or explore why? No answer is not the same as not done."""

from __future__ import annotations

import pytest

from mailflow.model import Answer
from mailflow.rules.advice import ReviewAdvice, review_advice

DONE, PARTLY, NOT_DONE = Answer.DONE, Answer.PARTLY, Answer.NOT_DONE


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ([DONE], ReviewAdvice.GO_DEEPER),
        ([DONE, DONE], ReviewAdvice.GO_DEEPER),
        ([PARTLY], ReviewAdvice.EXPLORE_WHY),
        ([NOT_DONE], ReviewAdvice.EXPLORE_WHY),
        ([DONE, NOT_DONE], ReviewAdvice.EXPLORE_WHY),
        ([None, PARTLY], ReviewAdvice.EXPLORE_WHY),
        ([DONE, None], ReviewAdvice.SOME_DONE),
        ([None], ReviewAdvice.ASK),
        ([None, None], ReviewAdvice.ASK),
        ([], ReviewAdvice.ASK),
    ],
)
def test_answers_lead_to_one_advice(answers: list[Answer | None], advice: ReviewAdvice) -> None:
    assert review_advice(answers) is advice
