"""A client replies to the homework email: answers are saved, everything else reaches the coach, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from mailflow.model import Answer, InboundStatus, OutboundKind
from tests.scene import ANNA, HOLD, JANE, JANE_NEXT, LEAD, NOTES, NOW, TOM, Scene, SentMail, note, open_scene, reply_to

LATER = NOW + timedelta(hours=1)


def homework_of(scene: Scene, block: str = "Actions:\n- Call Sam\n- Book the GP\n") -> SentMail:
    return scene.send_homework(note(block))


def reply(homework: SentMail, text: str, *, sender: str = JANE) -> bytes:
    return reply_to(homework, text, sender=sender, date=LATER)


def answers(scene: Scene) -> list[Answer | None]:
    return [action.answer for action in scene.actions()]


def test_reply_goes_to_the_notes_address_under_the_coachs_name(scene: Scene) -> None:
    homework = homework_of(scene)
    assert str(homework.headers["Reply-To"]) == f"Anna Berg <{NOTES}>"
    assert "You can also reply" in homework.words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("done 2", [None, Answer.DONE]),
        ("1: partly, two calls\n2: not done, no time", [Answer.PARTLY, Answer.NOT_DONE]),
        ("1. partly, two calls\n2) not done", [Answer.PARTLY, Answer.NOT_DONE]),
        ("All done!\n\nBest,\nJane", [Answer.DONE, Answer.DONE]),
        ("2 done\n\n> 1. Call Sam\n> 2. Book the GP\n", [None, Answer.DONE]),
    ],
)
def test_answers_are_saved_without_a_mail_to_anybody(scene: Scene, text: str, expected: list[Answer | None]) -> None:
    homework = homework_of(scene)
    assert scene.send_note(reply(homework, text), LATER) == []
    assert answers(scene) == expected


def test_words_of_a_reply_are_in_the_review(scene: Scene) -> None:
    homework = homework_of(scene)
    scene.send_note(reply(homework, "1: did it, LEARNT TO ASK\n2: not done, TOO TIRED"), LATER)
    scene.sync(JANE_NEXT - LEAD)
    (review,) = [mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.subject.startswith("Jane Doe")]
    assert "> LEARNT TO ASK" in review.text
    assert "What got in the way: > TOO TIRED" in review.words


def test_done_alone_answers_the_only_action(scene: Scene) -> None:
    homework = homework_of(scene, "Actions:\n- Call Sam\n")
    scene.send_note(reply(homework, "Done"), LATER)
    assert answers(scene) == [Answer.DONE]


def test_reply_that_was_written_before_the_answer_on_the_page_goes_to_the_coach(scene: Scene) -> None:
    homework = homework_of(scene)
    much_later = LATER + timedelta(hours=5)
    assert scene.answer(homework.pages("a")[0], much_later, answer="done") == 303
    (passed_on,) = scene.send_note(reply(homework, "1: not done"), much_later + HOLD)
    assert passed_on.recipient == ANNA
    assert answers(scene) == [Answer.DONE, None]


def test_reply_that_was_written_after_it_replaces_it(scene: Scene) -> None:
    homework = homework_of(scene)
    assert scene.answer(homework.pages("a")[0], LATER - timedelta(minutes=5), answer="partly") == 303
    scene.send_note(reply(homework, "1: done"), LATER)
    assert answers(scene) == [Answer.DONE, None]


def test_two_replies_that_are_read_together_count_in_the_order_in_which_they_were_written(scene: Scene) -> None:
    homework = homework_of(scene)
    texts = {"1: partly": LATER, "1: done": LATER + timedelta(seconds=30)}
    for text, date in texts.items():
        scene.mail_in(reply_to(homework, text, sender=JANE, date=date), LATER + HOLD)
    scene.process_all(LATER + HOLD)
    assert answers(scene) == [Answer.DONE, None]


def test_answer_of_a_client_whose_clock_is_wrong_is_in_the_review(scene: Scene) -> None:
    homework = homework_of(scene)
    scene.send_note(reply_to(homework, "1: done", sender=JANE, date=NOW - timedelta(days=900)), LATER)
    scene.sync(JANE_NEXT - LEAD)
    (review,) = [mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.subject.startswith("Jane Doe")]
    assert "1. Done: Call Sam" in review.text


@pytest.mark.parametrize(
    "text",
    ["done", "Thanks, but what is chapter 3?", "3: done", "1: done\n7: done", "", "Done with all this!!! I quit"],
)
def test_what_is_not_certain_goes_to_the_coach_and_saves_nothing(scene: Scene, text: str) -> None:
    homework = homework_of(scene)
    (passed_on,) = scene.send_note(reply(homework, text), LATER)
    assert answers(scene) == [None, None]
    assert (passed_on.recipient, passed_on.subject) == (ANNA, "Jane Doe replied to the homework")
    assert str(passed_on.headers["Reply-To"]) == JANE
    assert text.split("\n", maxsplit=1)[0] in passed_on.words


def test_whole_reply_is_attached_byte_for_byte(scene: Scene) -> None:
    homework = homework_of(scene)
    raw = reply(homework, "Can we move Tuesday?")
    (passed_on,) = scene.send_note(raw, LATER)
    (file,) = [part for part in message_from_bytes(passed_on.raw, policy=SMTP).walk() if part.get_filename()]
    assert file.get_payload(decode=True) == raw


def test_reply_with_an_attachment_goes_to_the_coach_also_where_it_answers(scene: Scene) -> None:
    homework = homework_of(scene)
    mail = EmailMessage(policy=SMTP)
    for name, value in (("From", JANE), ("To", NOTES), ("In-Reply-To", str(homework.headers["Message-ID"]))):
        mail[name] = value
    mail.set_content("1: done")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="diary.pdf")
    (passed_on,) = scene.send_note(mail.as_bytes(), LATER)
    assert "diary.pdf" in passed_on.text


@pytest.mark.parametrize("sender", [TOM, "jane.doe@elsewhere.example"])
def test_reply_from_another_address_saves_nothing_and_the_coach_hears_from_whom(scene: Scene, sender: str) -> None:
    homework = homework_of(scene)
    (passed_on,) = scene.send_note(reply(homework, "done 1", sender=sender), LATER)
    assert answers(scene) == [None, None]
    assert f"It came from {sender}, which is not the address of Jane Doe" in passed_on.words


def test_same_reply_twice_is_passed_on_once(scene: Scene) -> None:
    homework = homework_of(scene)
    raw = reply(homework, "Can we move Tuesday?")
    assert len(scene.send_note(raw, LATER)) == 1
    assert scene.send_note(raw, LATER) == []
    assert scene.statuses()[-1] is InboundStatus.DUPLICATE


def test_automatic_reply_of_a_client_is_no_answer_and_disturbs_nobody(scene: Scene) -> None:
    homework = homework_of(scene)
    answered = str(homework.headers["Message-ID"])
    headers = {"In-Reply-To": answered, "Auto-Submitted": "auto-replied"}
    assert scene.send_note(note("done 1", sender=JANE, headers=headers), LATER) == []
    assert answers(scene) == [None, None]


def test_answer_to_an_update_that_went_in_the_second_of_the_correction_is_saved(tmp_path: Path) -> None:
    with open_scene(tmp_path, hold="0 minutes") as scene:
        (receipt,) = (mail for mail in scene.send_note(note("Actions:\n- Call Sam\n")) if mail.recipient == ANNA)
        corrected = scene.send_note(reply_to(receipt, "Actions:\n- Call Sam by Monday\n"))
        (update,) = (mail for mail in corrected if mail.recipient == JANE)
        assert scene.send_note(reply(update, "done"), LATER) == []
        assert answers(scene) == [Answer.DONE]


def test_answer_to_words_that_were_changed_since_goes_to_the_coach(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call Sam\n- Book the GP\n"))
    (homework,) = scene.deliver_all(NOW + HOLD)
    scene.send_note(reply_to(receipt, "Actions:\n- Call Sam\n- Book the dentist\n", date=LATER), LATER)
    (update,) = scene.deliver_all(LATER + HOLD)
    assert "2. [Changed] Book the dentist" in update.text
    (passed_on,) = scene.send_note(reply(homework, "2: done"), LATER + HOLD)
    assert (passed_on.recipient, answers(scene)) == (ANNA, [None, None])
    scene.send_note(reply(homework, "1: done"), LATER + HOLD)
    scene.send_note(reply(update, "2: done"), LATER + HOLD)
    assert answers(scene) == [Answer.DONE, Answer.DONE]


@pytest.mark.parametrize("sender", ["jäne@client.example", "jane@clïent.example"])
def test_reply_from_an_address_that_no_header_holds_reaches_the_coach(scene: Scene, sender: str) -> None:
    answered = str(homework_of(scene).headers["Message-ID"])
    raw = f"From: {sender}\r\nIn-Reply-To: {answered}\r\n\r\nHello?\r\n".encode()
    (passed_on,) = scene.send_note(raw, LATER)
    assert f"It came from {sender}" in passed_on.words
    assert str(passed_on.headers["Reply-To"]) == JANE


def test_coach_sees_the_numbers_that_the_client_answered_by(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call Sam\n- Book the GP\n- Walk\n"))
    (homework,) = scene.deliver_all(NOW + HOLD)
    scene.send_note(reply_to(receipt, "Actions:\n- Walk\n", date=LATER), LATER)
    scene.deliver_all(LATER + HOLD)
    (passed_on,) = scene.send_note(reply(homework, "3: why should I?"), LATER + HOLD)
    assert "2. Book the GP" in passed_on.text
    assert "3. Walk" in passed_on.text


def test_answer_after_the_next_session_began_goes_to_the_coach(scene: Scene) -> None:
    homework = homework_of(scene)
    late = JANE_NEXT + timedelta(minutes=5)
    sent = scene.send_note(reply_to(homework, "done 1", sender=JANE, date=late), late)
    assert "Jane Doe replied to the homework" in [mail.subject for mail in sent]
    assert answers(scene) == [None, None]


def test_mail_of_a_client_that_answers_nothing_of_ours_stays_in_quarantine(scene: Scene) -> None:
    homework_of(scene)
    assert scene.send_note(note("done 1", sender=JANE), LATER) == []
    assert scene.statuses()[-1] is InboundStatus.QUARANTINED


def test_robots_that_answer_each_other_stop(scene: Scene) -> None:
    """An autoresponder without any sign of one answers each of our answers to the coach."""
    limit = scene.app.settings.service.answers_per_hour
    (answer,) = scene.send_note(note("Hello"))
    for round_ in range(2 * limit):
        sent = scene.send_note(reply_to(answer, f"I am away ({round_})"))
        if not sent:
            break
        (answer,) = sent
    assert round_ == limit - 1
    assert scene.statuses()[-1] is InboundStatus.QUARANTINED
    assert len(scene.outbox(OutboundKind.NO_ACTIONS)) <= limit


def test_flood_of_a_clients_replies_is_kept_back_and_the_coachs_notes_are_not(scene: Scene) -> None:
    homework, limit = homework_of(scene), scene.app.settings.service.answers_per_hour
    passed_on = [scene.send_note(reply(homework, f"Hello {n}"), LATER) for n in range(limit + 5)]
    assert sum(map(len, passed_on)) == limit
    assert scene.statuses()[-1] is InboundStatus.QUARANTINED
    (question,) = scene.send_note(note("Actions:\n- Paint the door\n", date=LATER), LATER)
    assert question.recipient == ANNA


def test_replies_go_to_the_coach_where_the_settings_say_so(scene: Scene) -> None:
    scene.composer = replace(scene.app.composer, answers_by_mail=False)
    homework = homework_of(scene)
    assert str(homework.headers["Reply-To"]) == f"Anna Berg <{ANNA}>"
    assert "Reply to this mail and it reaches Anna." in homework.words
