"""A correction after the homework has gone: the client hears what changed, once, and no answer is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.errors import MailflowError, PermanentError, UnknownOutcomeError
from mailflow.mailers import Envelope, Mailer
from mailflow.model import Answer, OutboundKind, OutboundState
from tests.scene import ANNA, HOLD, JANE, LEAD, NOTES, NOW, PRACTICE, TOM, Event, Scene, SentMail, note, reply_to
from tests.scene import JANE_NEXT as NEXT

FIRST = "Actions:\n- Call Sam by Friday\n- Book the GP\n- Read chapter 3\n"
LATER = NOW + timedelta(hours=1)


def sent_homework(scene: Scene) -> tuple[SentMail, SentMail]:
    """The receipt, and the homework that Jane has."""
    (receipt,) = scene.send_note(note(FIRST))
    (homework,) = scene.deliver_all(NOW + HOLD)
    return receipt, homework


def correct(scene: Scene, receipt: SentMail, block: str) -> list[SentMail]:
    """What left after the correction: the receipt at once, the update after its hold."""
    receipts = scene.send_note(reply_to(receipt, block, date=LATER), LATER)
    return receipts + scene.deliver_all(LATER + HOLD)


def test_client_gets_one_mail_that_says_what_changed(scene: Scene) -> None:
    receipt, homework = sent_homework(scene)
    second, update = correct(
        scene, receipt, "Actions:\n- Call Sam by Monday\n- Read chapter 3\n- Walk ten minutes every day\n"
    )
    assert (second.recipient, update.recipient) == (ANNA, JANE)
    assert second.subject.startswith("Changed homework for Jane")
    assert "What you changed goes on" in second.words
    assert update.subject.startswith("Changed: your homework")
    assert "1. [Changed] Call Sam by Monday" in update.text
    assert "2. Read chapter 3" in update.text
    assert "3. [New] Walk ten minutes every day" in update.text
    assert "No longer on the list: - Book the GP" in update.words
    assert str(update.headers["In-Reply-To"]) == str(homework.headers["Message-ID"])
    assert scene.app.database.count("notes") == 1
    assert scene.deliver_all(LATER + 2 * HOLD) == []


def test_links_of_what_stayed_stay_and_the_removed_one_closes(scene: Scene) -> None:
    receipt, homework = sent_homework(scene)
    sam, gp, chapter = homework.pages("a")
    _, update = correct(scene, receipt, "Actions:\n- Call Sam by Monday\n- Read chapter 3\n")
    assert update.pages("a") == [sam, chapter]
    assert scene.answer(gp, LATER + 2 * HOLD, answer="done") != 303
    assert scene.answer(sam, LATER + 2 * HOLD, answer="done") == 303


def test_answer_to_an_action_stays_with_its_words(scene: Scene) -> None:
    """Jane answered 'Call Sam by Friday': 'Call Sam by Monday' is another action, and hers is kept."""
    receipt, homework = sent_homework(scene)
    assert scene.answer(homework.pages("a")[0], NOW + HOLD, answer="partly", reflection="SAM WAS OUT") == 303
    correct(scene, receipt, "Actions:\n- Call Sam by Monday\n- Book the GP\n- Read chapter 3\n")
    answers = {action.text: action.answer for action in scene.actions() if action.dropped_at is None}
    assert answers["Call Sam by Friday"] is Answer.PARTLY
    assert answers["Call Sam by Monday"] is None
    scene.sync(NEXT - LEAD)
    (review,) = [mail for mail in scene.deliver_all(NEXT - LEAD) if mail.subject.startswith("Jane Doe")]
    assert "SAM WAS OUT" in review.words


def test_same_words_again_change_nothing_and_send_the_client_nothing(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    (second,) = correct(scene, receipt, FIRST)
    assert second.recipient == ANNA
    assert "To change it, reply with a new list." in second.words


def test_two_corrections_within_the_hold_are_one_update(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    scene.send_note(reply_to(receipt, "Actions:\n- Call Sam by Monday\n", date=LATER), LATER)
    soon = LATER + timedelta(minutes=1)
    scene.send_note(reply_to(receipt, "Actions:\n- Call Sam by Tuesday\n", date=soon), soon)
    (update,) = scene.deliver_all(soon + HOLD)
    assert "Call Sam by Tuesday" in update.text
    assert "Sam by Monday" not in update.text


def test_correction_after_an_update_went_is_another_update(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    correct(scene, receipt, "Actions:\n- Call Sam by Monday\n")
    later = LATER + timedelta(hours=1)
    scene.send_note(reply_to(receipt, "Actions:\n- Call Sam by Monday\n- Walk\n", date=later), later)
    (update,) = scene.deliver_all(later + HOLD)
    assert "1. Call Sam by Monday" in update.text
    assert "2. [New] Walk" in update.text
    assert [mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)] == [OutboundState.SENT] * 3


def test_update_can_be_stopped_within_its_hold(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    (second,) = scene.send_note(reply_to(receipt, "Actions:\n- Call Sam by Monday\n", date=LATER), LATER)
    scene.send_note(reply_to(second, "stop", date=LATER), LATER)
    assert scene.deliver_all(LATER + HOLD) == []


def test_everything_removed_is_told(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    _, update = correct(scene, receipt, "Drop: all\n\nActions:\n- Rest\n")
    assert "1. [New] Rest" in update.text
    assert "Call Sam by Friday" in update.text.partition("No longer on the list")[2]


@pytest.mark.parametrize(
    "block", ["Client: Tom Okafor\n\nActions:\n- Paint the door\n", "Actions for Tom:\n- Paint the door\n"]
)
def test_correction_that_names_another_client_never_reaches_the_first(scene: Scene, block: str) -> None:
    receipt, _ = sent_homework(scene)
    left = correct(scene, receipt, block)
    assert all("Paint the door" not in mail.text for mail in left if mail.recipient == JANE)
    assert [action.text for action in scene.actions(1) if action.open] == [
        "Call Sam by Friday",
        "Book the GP",
        "Read chapter 3",
    ]


def test_correction_after_anothers_session_began_is_asked_about(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    scene.plan(*PRACTICE, Event("tom-now", NOW + timedelta(minutes=20), TOM), now=LATER)
    left = correct(scene, receipt, "Actions:\n- Paint the door\n")
    assert [mail.recipient for mail in left] == [ANNA]
    assert scene.client_of(2) == ""


class NotToJane:
    """A mailer whose server fails on what goes to Jane, and takes everything else."""

    def __init__(self, mailer: Mailer, error: MailflowError) -> None:
        self.mailer, self.error = mailer, error

    def close(self) -> None:
        pass

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        if envelope.recipient == JANE:
            raise self.error
        self.mailer.send(envelope, message_id, raw)


def test_update_that_may_have_arrived_and_was_refused_then_is_not_replaced(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    wire = scene.mailer = NotToJane(scene.mailer, UnknownOutcomeError("the connection broke"))
    correct(scene, receipt, FIRST + "- Walk\n")
    wire.error = PermanentError("550 no")
    again = LATER + timedelta(hours=2)
    scene.deliver_all(again)
    (question,) = scene.send_note(reply_to(receipt, FIRST, date=again), again)
    assert question.subject.startswith("Whose")
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.FAILED


def test_update_that_may_have_arrived_is_not_replaced(scene: Scene) -> None:
    """Jane may have 'Walk': an update that compares with the first homework would not say that it is gone."""
    receipt, _ = sent_homework(scene)
    folder, scene.mailer = scene.mailer, NotToJane(scene.mailer, UnknownOutcomeError("the connection broke"))
    correct(scene, receipt, FIRST + "- Walk\n")
    scene.mailer = folder
    before = scene.outbox(OutboundKind.HOMEWORK)[-1]
    again = LATER + HOLD + timedelta(seconds=1)
    (question,) = scene.send_note(reply_to(receipt, FIRST, date=again), again)
    assert question.subject.startswith("Whose")
    after = scene.outbox(OutboundKind.HOMEWORK)[-1]
    assert (before.perhaps_sent, after) == (True, before)
    (update,) = scene.deliver_all(again + HOLD)
    assert "4. [New] Walk" in update.text


def test_refused_update_lists_what_the_note_says_now(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    scene.mailer = NotToJane(scene.mailer, PermanentError("550 no"))
    *_, told = correct(scene, receipt, "Actions:\n- Call Sam by Monday\n")
    assert "Call Sam by Monday" in told.text
    assert "Book the GP" not in told.text
    assert "Book the GP" not in scene.browser(LATER).get(told.pages("n")[0]).text


def test_list_after_the_clients_next_session_began_is_a_note_of_its_own(scene: Scene) -> None:
    """What was agreed before stays, and the links of what was agreed now take answers."""
    tomorrow = NOW + timedelta(hours=14)
    scene.plan(*PRACTICE, Event("jane-tomorrow", tomorrow, JANE))
    receipt, _ = sent_homework(scene)
    later = tomorrow + timedelta(hours=1)
    scene.sync(later)
    scene.send_note(reply_to(receipt, "Actions:\n- Paint the door\n", date=later), later)
    (homework,) = [mail for mail in scene.deliver_all(later + HOLD) if mail.recipient == JANE]
    assert "1. Paint the door" in homework.text
    assert "Call Sam by Friday" in homework.text.partition("Still open")[2]
    assert scene.answer(homework.pages("a")[0], later + HOLD, answer="done") == 303


def test_list_that_the_coach_writes_to_the_client_in_their_thread_is_no_correction(scene: Scene) -> None:
    _, homework = sent_homework(scene)
    (passed_on,) = scene.send_note(reply_to(homework, "Something else?", sender=JANE, date=LATER), LATER)
    for answered in (homework, passed_on):
        headers = {"In-Reply-To": str(answered.headers["Message-ID"])}
        mail = note("Sure!\n\nActions:\n- Paint the door\n", to=f"{JANE}, {NOTES}", date=LATER, headers=headers)
        scene.send_note(mail, LATER)
        assert [action.dropped_at for action in scene.actions()] == [None, None, None]


def test_commands_never_close_what_the_note_itself_lists(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    _, update = correct(scene, receipt, "Keep: 1\n\nActions:\n- Call Sam by Friday\n- Book the GP\n- Walk\n")
    assert "2. Book the GP" in update.text


def test_action_that_the_coach_ticks_off_in_a_correction_is_done(scene: Scene) -> None:
    receipt, _ = sent_homework(scene)
    correct(scene, receipt, "Actions:\n- [x] Call Sam by Friday\n- Book the GP\n- Read chapter 3\n")
    assert [action.answer for action in scene.actions()] == [Answer.DONE, None, None]
