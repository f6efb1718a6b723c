"""'Drop: 2' and its like in a note: what they close, and that they never close what they may not mean."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.flows.decide import choose
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import notes
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    TOM,
    Event,
    Scene,
    SentMail,
    candidate,
    note,
    reply_to,
)

AFTER = JANE_NEXT + timedelta(hours=1)
THIRD = JANE_NEXT + timedelta(days=7)
FIRST = "Actions:\n- Call Sam\n- Book the GP\n- Read chapter 3\n"


def review_of(scene: Scene) -> SentMail:
    """Jane's review: three actions were agreed, and it numbers them."""
    scene.plan(*PRACTICE, Event("jane-third", THIRD, JANE))
    scene.send_homework(note(FIRST))
    scene.sync(JANE_NEXT - LEAD)
    (review,) = [mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.subject.startswith("Jane Doe")]
    assert "2. No answer yet: Book the GP" in review.words
    scene.sync(AFTER)
    return review


def open_texts(scene: Scene, note_id: int = 1) -> list[str]:
    return [action.text for action in scene.actions(note_id) if action.open]


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("Drop: 2", ["Call Sam", "Read chapter 3"]),
        ("Keep: 1", ["Call Sam"]),
        ("Carry over: all", ["Call Sam", "Book the GP", "Read chapter 3"]),
        ("Drop: all", []),
    ],
)
def test_command_closes_actions_by_the_numbers_of_the_review(scene: Scene, command: str, left: list[str]) -> None:
    review_of(scene)
    (receipt,) = scene.send_note(note(f"{command}\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    closed = [text for text in ("Call Sam", "Book the GP", "Read chapter 3") if text not in left]
    assert open_texts(scene) == left
    assert ("Closed, as you wrote" in receipt.text) == bool(closed)
    (homework,) = scene.deliver_all(AFTER + HOLD)
    assert [text for text in ("Call Sam", "Book the GP", "Read chapter 3") if text in homework.text] == left
    assert "Write to Eva" in homework.text


def test_numbers_stay_those_of_the_review_when_the_client_answers_after_it(scene: Scene) -> None:
    review_of(scene)
    with scene.app.database.write() as tx:
        tx.run("UPDATE actions SET answer = 'done' WHERE position = 1")
    scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert open_texts(scene) == ["Read chapter 3"]


def test_reply_to_the_receipt_with_a_command_alone_takes_an_action_out_of_the_homework(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(FIRST))
    (answer,) = scene.send_note(reply_to(receipt, "Drop: 2"))
    assert (answer.recipient, "Book the GP" in answer.text) == (ANNA, True)
    assert "Everything else that was open stays open." in answer.words
    assert "If something was agreed" not in answer.text
    (homework,) = scene.deliver_all(NOW + HOLD)
    assert "Book the GP" not in homework.text
    assert "Read chapter 3" in homework.text


def test_homework_of_which_everything_is_dropped_does_not_go(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(FIRST))
    scene.send_note(reply_to(receipt, "Drop: all"))
    assert scene.deliver_all(NOW + HOLD) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.CANCELLED


def test_reply_to_the_review_with_a_command_alone_needs_no_session(scene: Scene) -> None:
    review = review_of(scene)
    (answer,) = scene.send_note(reply_to(review, "Keep: 3", date=AFTER), AFTER)
    assert open_texts(scene) == ["Read chapter 3"]
    assert "Call Sam" in answer.text
    assert scene.client_of(2) == JANE


def test_reply_to_the_review_that_names_somebody_else_closes_nothing(scene: Scene) -> None:
    review = review_of(scene)
    scene.send_note(reply_to(review, "Client: Tom Okafor\nDrop: all", date=AFTER), AFTER)
    assert scene.planned(OutboundKind.QUESTION).state is OutboundState.SENT
    assert len(open_texts(scene)) == 3


def test_unknown_number_closes_nothing_and_the_receipt_says_so(scene: Scene) -> None:
    review_of(scene)
    (receipt,) = scene.send_note(note("Drop: 7\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert len(open_texts(scene)) == 3
    assert "Nothing was closed. (Drop: 7)" in receipt.words


def test_correction_takes_back_what_an_earlier_command_closed(scene: Scene) -> None:
    review_of(scene)
    (receipt,) = scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert "2. Call Sam" in receipt.text
    scene.send_note(reply_to(receipt, "Carry over: all\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert open_texts(scene) == ["Call Sam", "Book the GP", "Read chapter 3"]


def test_correction_without_commands_leaves_closed_what_was_closed(scene: Scene) -> None:
    review_of(scene)
    (receipt,) = scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    (second,) = scene.send_note(reply_to(receipt, "Actions:\n- Write to Eva and Tim\n", date=AFTER), AFTER)
    assert open_texts(scene) == ["Call Sam", "Read chapter 3"]
    assert "Closed, as you wrote" in second.text


def test_command_of_a_note_that_changes_hands_is_followed_for_its_new_client_only(scene: Scene) -> None:
    """Tom has no numbers: of his nothing is closed, and Jane's is open again."""
    review_of(scene)
    scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert len(open_texts(scene)) == 2
    with scene.app.database.write() as tx:
        assert choose(tx, notes.get(tx, 2), candidate(scene, "tom-next"), AFTER)
    assert scene.client_of(2) == TOM
    assert len(open_texts(scene)) == 3
    with scene.app.database.write() as tx:
        assert choose(tx, notes.get(tx, 2), candidate(scene, "jane-next"), AFTER)
    assert len(open_texts(scene)) == 2
    assert scene.note(2).problems == ()


def test_command_of_an_uncertain_note_waits_for_the_coach(scene: Scene) -> None:
    review_of(scene)
    scene.plan(*PRACTICE, Event("tom-now", JANE_NEXT, TOM), now=AFTER)
    scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert (scene.client_of(2), len(open_texts(scene))) == ("", 3)
    with scene.app.database.write() as tx:
        assert choose(tx, notes.get(tx, 2), candidate(scene, "jane-next"), AFTER)
    assert open_texts(scene) == ["Call Sam", "Read chapter 3"]


def test_command_is_taken_back_when_the_calendar_makes_its_note_uncertain(scene: Scene) -> None:
    review_of(scene)
    scene.send_note(note("Drop: 2\n\nActions:\n- Write to Eva\n", date=AFTER), AFTER)
    assert len(open_texts(scene)) == 2
    scene.plan(*PRACTICE, Event("tom-now", JANE_NEXT, TOM), now=AFTER)
    assert (scene.client_of(2), len(open_texts(scene))) == ("", 3)


def test_numbers_of_a_mail_about_another_client_are_not_taken(scene: Scene) -> None:
    """The reply is to Jane's review, but the note is Tom's: nobody knows whose number that is."""
    review = review_of(scene)
    scene.send_homework(note("Client: Tom Okafor\n\nActions:\n- Paint the door\n", date=AFTER), AFTER)
    later = AFTER + timedelta(hours=1)
    scene.mail_in(reply_to(review, "Client: Tom Okafor\nDrop: 1\n\nActions:\n- Write to Eva\n", date=later), later)
    scene.process_all(later)
    assert scene.client_of(3) == ""
    with scene.app.database.write() as tx:
        assert choose(tx, notes.get(tx, 3), candidate(scene, "tom-next"), later)
    assert open_texts(scene) == ["Call Sam", "Book the GP", "Read chapter 3"]
    assert open_texts(scene, 2) == ["Paint the door"]
    assert [problem.detail for problem in scene.note(3).problems] == ["Drop: 1"]
