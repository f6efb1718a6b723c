"""The coach answers a receipt or a question in a line, without opening a link."""

from __future__ import annotations

import pytest

from mailflow.model import OutboundKind, OutboundState
from tests.scene import BLOCK, HOLD, JANE, NOW, PRACTICE, TOM, Event, Scene, SentMail, note, reply_to

TOM_NOW = Event("tom-now", NOW.replace(minute=0), TOM)


def question_of(scene: Scene) -> SentMail:
    """Jane's and Tom's sessions were close together, and the note names nobody."""
    scene.plan(*PRACTICE, TOM_NOW)
    (question,) = scene.send_note(note(BLOCK))
    assert scene.client_of() == ""
    return question


@pytest.mark.parametrize("text", ["stop", "Stop!\n\nBest,\nAnna", "Nicht senden"])
def test_stop_holds_the_homework(scene: Scene, text: str) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    (second,) = scene.send_note(reply_to(receipt, text))
    assert "It is on hold. Nothing goes until you say so." in second.words
    assert scene.deliver_all(NOW + 10 * HOLD) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.HELD


def test_send_now_sends_without_waiting_for_the_hold(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    sent = scene.send_note(reply_to(receipt, "Send now"))
    assert JANE in [mail.recipient for mail in sent]


def test_answer_threads_under_the_reply(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    reply = reply_to(receipt, "stop")
    (second,) = scene.send_note(reply)
    message_id = next(line for line in reply.decode().splitlines() if line.startswith("Message-ID"))
    assert str(second.headers["In-Reply-To"]) in message_id


def test_stop_after_the_homework_went_says_so(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    scene.deliver_all(NOW + HOLD)
    (second,) = scene.send_note(reply_to(receipt, "stop"), NOW + 2 * HOLD)
    assert "It went on" in second.words
    assert "Send now" not in second.text


def test_number_chooses_the_candidate_of_the_question(scene: Scene) -> None:
    question = question_of(scene)
    assert "1. Tom Okafor" in question.text
    assert "2. Jane Doe" in question.text
    (receipt,) = scene.send_note(reply_to(question, "2"))
    assert scene.client_of() == JANE
    assert receipt.subject.startswith("Homework for Jane")
    (homework,) = scene.deliver_all(NOW + HOLD)
    assert homework.recipient == JANE


def test_number_means_the_question_as_it_stood(scene: Scene) -> None:
    """Since the question another session appeared: the numbers of a question of now would be others."""
    question = question_of(scene)
    scene.plan(*PRACTICE, TOM_NOW, Event("eva-now", NOW.replace(minute=5), "eva@client.example"))
    scene.send_note(reply_to(question, "2"))
    assert scene.client_of() == JANE


def test_number_without_an_answer_asks_again(scene: Scene) -> None:
    question = question_of(scene)
    (again,) = scene.send_note(reply_to(question, "7"))
    assert again.subject == question.subject
    assert scene.client_of() == ""


def test_number_in_reply_to_a_receipt_chooses_nobody(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    scene.send_note(reply_to(receipt, "2"))
    assert scene.client_of() == JANE
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.WAITING


def test_client_line_answers_the_question(scene: Scene) -> None:
    question = question_of(scene)
    scene.send_note(reply_to(question, "Client: Tom"))
    assert scene.client_of() == TOM


def test_client_line_in_reply_to_the_receipt_gives_the_note_to_another(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    (second,) = scene.send_note(reply_to(receipt, "client: Tom Okafor"))
    assert (scene.client_of(), second.subject.startswith("Homework for Tom")) == (TOM, True)
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [TOM]


def test_client_line_that_names_nobody_known_asks_again(scene: Scene) -> None:
    question = question_of(scene)
    (again,) = scene.send_note(reply_to(question, "Client: Somebody"))
    assert again.subject == question.subject


def test_line_in_a_note_that_answers_nothing_of_ours_is_no_decision(scene: Scene) -> None:
    scene.send_note(note(BLOCK))
    scene.send_note(note("stop"))
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.WAITING


def test_reply_with_a_block_is_a_correction_whatever_its_first_line_says(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(BLOCK))
    scene.send_note(reply_to(receipt, "stop\n\nActions:\n- Only this\n"))
    assert [action.text for action in scene.actions()] == ["Only this"]
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.WAITING


def test_the_mail_replied_to_counts_of_all_that_a_reply_refers_to(scene: Scene) -> None:
    """A thread of several notes: the first is held, whatever was written in it since."""
    (first,) = scene.send_note(note(BLOCK))
    (second,) = scene.send_note(note("Client: Tom\n\nActions:\n- Paint the door\n"))
    ids = [str(mail.headers["Message-ID"]) for mail in (first, second)]
    for headers in (
        {"In-Reply-To": ids[0], "References": " ".join(ids)},
        {"In-Reply-To": f"<another@coach.example> {ids[0]}", "References": ids[1]},
        {"References": " ".join(reversed(ids))},
    ):
        scene.send_note(note("stop", headers=headers))
        states = {mail.recipient: mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)}
        assert states == {JANE: OutboundState.HELD, TOM: OutboundState.WAITING}
