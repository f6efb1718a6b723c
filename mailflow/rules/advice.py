"""Go deeper, or explore why? One sentence for the review, chosen by the table in docs/reviews.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailflow.model import Answer


class ReviewAdvice(StrEnum):
    """What the review suggests; wording.py has the sentence for each."""

    NOT_DELIVERED = "not-delivered"
    GO_DEEPER = "go-deeper"
    THIRD_TIME = "third-time"
    FIRST_HOMEWORK = "first-homework"
    ASK = "ask"
    EXPLORE_WHY = "explore-why"
    SOME_DONE = "some-done"


@dataclass(frozen=True)
class Reviewed:
    """An action in a review. `times` counts the sessions before which it was open, this one with them."""

    answer: Answer | None
    times: int = 1


def review_advice(actions: Sequence[Reviewed], *, delivered: bool = True, first: bool = False) -> ReviewAdvice:
    """One piece of advice for all actions of a review: the first row of the table that fits.

    `delivered`: the client has some of them. `first`: the client never had homework before.
    """
    answers = [action.answer for action in actions]
    if not delivered and not any(answers):
        return ReviewAdvice.NOT_DELIVERED
    if answers and all(answer is Answer.DONE for answer in answers):
        return ReviewAdvice.GO_DEEPER
    if any(action.times >= 3 and action.answer is not Answer.DONE for action in actions):
        return ReviewAdvice.THIRD_TIME
    if first:
        return ReviewAdvice.FIRST_HOMEWORK
    if not any(answers):
        return ReviewAdvice.ASK
    if all(answer in (Answer.NOT_DONE, None) for answer in answers):
        return ReviewAdvice.EXPLORE_WHY
    return ReviewAdvice.SOME_DONE
