"""The review's one sentence, from what really happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from mailflow.rules.advice import ReviewAdvice
from mailflow.wording import review_advice
from tests.builders import DAY
from tests.scene import JANE, JANE_BEFORE, JANE_NEXT, LEAD, NOW, Event, Scene, note

WEEK = 7 * DAY
SESSIONS = (JANE_BEFORE, *(Event(f"jane-{week}", JANE_NEXT + week * WEEK, JANE) for week in range(4)))
AFTER = timedelta(hours=1)


def advice(scene: Scene, week: int) -> str:
    """What the review before this session says."""
    (review,) = (mail for mail in scene.deliver_all(JANE_NEXT + week * WEEK - LEAD) if mail.pages("r"))
    (said,) = (one for one in ReviewAdvice if review_advice(one) in review.text)
    return said


def agree(scene: Scene, text: str, at: datetime) -> None:
    scene.send_homework(note(f"Client: Jane Doe\n\nActions:\n- {text}\n", date=at), at)


def test_first_homework_is_the_first_that_the_client_ever_had(scene: Scene) -> None:
    scene.plan(*SESSIONS)
    agree(scene, "Walk", NOW)
    assert advice(scene, 0) == "first-homework"
    agree(scene, "Sleep", JANE_NEXT + AFTER)
    assert advice(scene, 1) == "ask"


def test_action_that_nobody_answers_is_open_for_the_third_time_before_the_third_session(scene: Scene) -> None:
    scene.plan(*SESSIONS)
    agree(scene, "Walk", NOW)
    said = []
    for week in range(3):
        said.append(advice(scene, week))
        scene.send_note(note("Client: Jane Doe\n\nWe talked.\n", date=JANE_NEXT + week * WEEK + AFTER))
    assert said == ["first-homework", "ask", "third-time"]


def test_action_that_was_dropped_is_not_open(scene: Scene) -> None:
    scene.plan(*SESSIONS)
    agree(scene, "Walk", NOW)
    advice(scene, 0)
    advice(scene, 1)
    at = JANE_NEXT + WEEK + AFTER
    scene.send_homework(note("Client: Jane Doe\n\nDrop: 1\n\nActions:\n- Sleep\n", date=at), at)
    assert advice(scene, 2) == "ask"


def test_what_was_answered_decides(scene: Scene) -> None:
    scene.plan(*SESSIONS)
    agree(scene, "Walk", NOW)
    advice(scene, 0)
    at = JANE_NEXT + AFTER
    text = "Client: Jane Doe\n\nDrop: all\n\nActions:\n- Sleep\n- Read\n"
    homework = scene.send_homework(note(text, date=at), at)
    for page, answer in zip(homework.pages("a"), ("not_done", "done"), strict=True):
        scene.answer(page, at + DAY, answer=answer)
    assert advice(scene, 1) == "some-done"
