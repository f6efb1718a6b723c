"""Each way that homework once took to the wrong client. Certain or asked, never guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.flows.decide import choose
from mailflow.flows.gather import candidates_of
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import notes
from tests.scene import HOLD, JANE, NOTES, NOW, PRACTICE, TOM, Event, Scene, SentMail, note, reply_to

SECRET = "Tom's secret action"
BLOCK = f"Actions:\n- {SECRET}\n"


def reached(scene: Scene, mails: list[SentMail], words: str = SECRET) -> set[str]:
    """The clients that these words went to."""
    return {mail.recipient for mail in mails if words in mail.text} & {JANE, TOM}


@pytest.mark.parametrize(
    ("text", "to", "subject"),
    [
        (f"Sorry, that was Tom's.\n\nClient: Tom Okafor\n\n{BLOCK}", NOTES, ""),
        (f"Actions for Tom Okafor:\n- {SECRET}\n", NOTES, "Re: Homework for Jane Doe"),
        (BLOCK, f"{NOTES}, {TOM}", "Re: Notes"),
        (BLOCK, NOTES, "Re: Tom Okafor"),
    ],
    ids=["client-line", "heading", "cc", "subject"],
)
def test_correction_that_names_another_client_reaches_nobody(scene: Scene, text: str, to: str, subject: str) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    answered = str(receipt.headers["Message-ID"])
    scene.mail_in(note(text, to=to, subject=subject, headers={"In-Reply-To": answered}))
    scene.process_all()
    sent = scene.deliver_all(NOW + HOLD)
    assert reached(scene, sent) == set()
    assert reached(scene, sent, "Call the GP") == set(), "what the coach took back"
    assert [mail.kind for mail in scene.outbox(OutboundKind.QUESTION)] == [OutboundKind.QUESTION]


def test_correction_that_names_nobody_still_replaces_the_actions(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    scene.mail_in(reply_to(receipt, "Actions:\n- Call the dentist\n"))
    scene.process_all()
    assert reached(scene, scene.deliver_all(NOW + HOLD), "Call the dentist") == {JANE}


def test_reply_to_an_old_thread_after_another_session_is_asked(scene: Scene) -> None:
    (told,) = scene.send_note(note("test, does it work?"))
    later = NOW + timedelta(days=3, minutes=60)
    scene.mail_in(reply_to(told, BLOCK, date=later), later)
    scene.process_all(later)
    assert reached(scene, scene.deliver_all(later + HOLD)) == set()


@pytest.mark.parametrize("subject", ["", "Notes", "Re: notes", "one more thing", "Korrektur"])
def test_late_correction_does_not_go_to_whoever_had_the_next_session(scene: Scene, subject: str) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    scene.deliver_all(NOW + HOLD)
    later = NOW + timedelta(minutes=50)
    scene.plan(*PRACTICE, Event("tom-now", NOW + timedelta(minutes=20), TOM), now=later)
    answered = str(receipt.headers["Message-ID"])
    scene.mail_in(
        note("Oops.\n\nActions:\n- For Jane alone\n", subject=subject, date=later, headers={"In-Reply-To": answered}),
        later,
    )
    scene.process_all(later)
    assert TOM not in reached(scene, scene.deliver_all(later + HOLD), "For Jane alone")


def test_reply_to_the_question_with_a_name_answers_it(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-now", NOW - timedelta(minutes=60), TOM))
    (question,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    scene.mail_in(reply_to(question, "Client: Jane Doe\n\nActions:\n- Call the GP\n"))
    scene.process_all()
    assert reached(scene, scene.deliver_all(NOW + HOLD), "Call the GP") == {JANE}


def test_homework_that_was_answered_can_not_be_given_to_another_client(scene: Scene) -> None:
    """The connection broke after the final dot: the outbox thinks that it waits, but the client has it."""
    (link,) = scene.send_homework(note("Actions:\n- Call the GP\n")).pages("a")
    assert scene.answer(link, NOW + HOLD, answer="partly", reflection="I AM ILL") == 303
    homework = scene.planned(OutboundKind.HOMEWORK)
    scene.run_sql(f"UPDATE outbound_emails SET state = 'waiting', sent_at = NULL WHERE id = {homework.id}")
    with scene.app.database.write() as tx:
        stored = notes.get(tx, 1)
        (tom,) = [found for found in candidates_of(tx, stored) if found.client.email == TOM]
        assert not choose(tx, stored, tom.value, NOW + HOLD)
    assert scene.client_of() == JANE
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.WAITING
