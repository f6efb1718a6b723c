"""Go deeper, or explore why? One sentence for the review, chosen by what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mailflow.model import Answer


class ReviewAdvice(StrEnum):
    """What the review suggests; wording.py has the sentence for each."""

    GO_DEEPER = "go-deeper"
    EXPLORE_WHY = "explore-why"
    SOME_DONE = "some-done"
    ASK = "ask"
    NOT_DELIVERED = "not-delivered"


def review_advice(answers: Sequence[Answer | None], *, delivered: bool = True) -> ReviewAdvice:
    """One piece of advice for the answers to all actions of a review.

    Everything done: go deeper. Struggled: explore why. Some done and the rest unanswered: start with what worked.
    No answer at all is not the same as not done: ask; unless nothing of it was `delivered`.
    """
    if not any(answers):
        return ReviewAdvice.ASK if delivered else ReviewAdvice.NOT_DELIVERED
    if all(answer is Answer.DONE for answer in answers):
        return ReviewAdvice.GO_DEEPER
    if any(answer in (Answer.PARTLY, Answer.NOT_DONE) for answer in answers):
        return ReviewAdvice.EXPLORE_WHY
    return ReviewAdvice.SOME_DONE
