"""A note that can't be proven: nothing is done with it, the coach hears of it once, and somebody can accept it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.errors import EnvironmentProblem, PermanentError
from mailflow.flows.intervene import accept_inbound, change_outbound
from mailflow.mailers import Envelope
from mailflow.model import Answer, InboundStatus, OutboundKind
from mailflow.parsing.sender import Policy, Trust
from tests.scene import ANNA, BLOCK, CARLA, HOLD, JANE, NOTES, NOW, Scene, note, open_scene, reply_to

SERVER = {"Authentication-Results": "mx.example; dmarc=pass header.from=coach.example"}
LATER = NOW + timedelta(minutes=10)
SECRET = "notes+secret@mailflow.example"


@pytest.fixture
def guarded(scene: Scene) -> Scene:
    """Its mailbox believes the server mx.example and nobody else."""
    trust = Trust((Policy.AUTHENTICATION_RESULTS,), authserv_id="mx.example")
    scene.intake = replace(scene.app.intake, trusts={"notes": trust})
    return scene


def test_proven_note_is_a_note(guarded: Scene) -> None:
    (receipt,) = guarded.send_note(note(BLOCK, headers=SERVER))
    assert receipt.recipient == ANNA


def test_forged_note_reaches_nobody_and_the_coach_hears_of_it_at_the_registered_address(guarded: Scene) -> None:
    assert guarded.send_note(note(BLOCK, subject="Homework for Jane", headers={"Reply-To": "evil@x.example"})) == []
    assert guarded.statuses() == [InboundStatus.QUARANTINED]
    assert guarded.inbox()[0].reason == "it says it is from a coach, but 'mx.example' did not check its sender"
    (told,) = guarded.deliver_all(LATER)
    assert (told.recipient, told.subject) == (ANNA, "A mail in your name was kept back")
    assert "Homework for Jane" in told.text
    assert "Write down two situations" not in told.text
    assert guarded.outbox(OutboundKind.HOMEWORK, OutboundKind.RECEIPT) == []


def test_many_forged_mails_are_one_mail_a_day(guarded: Scene) -> None:
    for minute in range(5):
        guarded.send_note(note(BLOCK), NOW + timedelta(minutes=minute))
    (told,) = guarded.deliver_all(LATER)
    assert told.subject == "5 mails in your name were kept back"
    guarded.send_note(note(BLOCK), NOW + timedelta(hours=2))
    assert guarded.deliver_all(NOW + timedelta(hours=20)) == []
    (again,) = guarded.deliver_all(NOW + timedelta(hours=25))
    assert again.subject == "6 mails in your name were kept back"


def test_forged_mails_are_one_mail_a_day_also_where_it_is_refused_held_or_cancelled(guarded: Scene) -> None:
    class Full:
        def close(self) -> None:
            pass

        def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
            raise PermanentError("552 the mailbox is full")

    folder, guarded.mailer = guarded.mailer, Full()
    for hours in range(3):
        guarded.send_note(note(BLOCK), NOW + timedelta(hours=hours))
        guarded.deliver_all(NOW + timedelta(hours=hours, minutes=30))
    assert [mail.state for mail in guarded.outbox(OutboundKind.UNPROVEN)] == ["failed", "waiting"]
    guarded.mailer = folder
    change_outbound(guarded.app.database, guarded.outbox(OutboundKind.UNPROVEN)[-1].id, "hold", NOW)
    guarded.send_note(note(BLOCK), NOW + timedelta(hours=4))
    assert len(guarded.outbox(OutboundKind.UNPROVEN)) == 2
    change_outbound(guarded.app.database, guarded.outbox(OutboundKind.UNPROVEN)[-1].id, "cancel", NOW)
    guarded.send_note(note(BLOCK), NOW + timedelta(hours=5))
    assert guarded.deliver_all(NOW + timedelta(hours=23)) == []


def test_mail_with_a_coachs_name_is_accepted_for_no_other_coach(guarded: Scene) -> None:
    guarded.send_note(note(BLOCK))
    with pytest.raises(PermanentError, match="another coach's name"):
        accept_inbound(guarded.app.database, 1, CARLA, NOW)
    assert guarded.statuses() == [InboundStatus.QUARANTINED]


def test_accepted_note_is_a_note_and_is_told_no_more(guarded: Scene) -> None:
    guarded.send_note(note(BLOCK))
    accept_inbound(guarded.app.database, 1, None, NOW)
    guarded.process_all()
    receipt, homework = guarded.deliver_all(LATER)
    assert (receipt.subject[:17], homework.recipient) == ("Homework for Jane", JANE)
    assert guarded.statuses() == [InboundStatus.PROCESSED]


def test_note_from_another_address_is_accepted_for_a_coach(scene: Scene) -> None:
    scene.send_note(note(BLOCK, sender="anna@holiday.example"))
    with pytest.raises(PermanentError, match="Say whose it is"):
        accept_inbound(scene.app.database, 1, None, NOW)
    with pytest.raises(PermanentError, match="no coach with the address"):
        accept_inbound(scene.app.database, 1, "nobody@coach.example", NOW)
    assert accept_inbound(scene.app.database, 1, ANNA, NOW).email == ANNA
    scene.process_all()
    (receipt,) = scene.deliver_all()
    assert (receipt.recipient, receipt.subject.startswith("Homework for Jane")) == (ANNA, True)


def test_only_quarantined_mail_is_accepted(scene: Scene) -> None:
    scene.send_note(note(BLOCK))
    with pytest.raises(PermanentError, match="only quarantined mail is accepted"):
        accept_inbound(scene.app.database, 1, ANNA, NOW)
    with pytest.raises(PermanentError, match="no mail 7"):
        accept_inbound(scene.app.database, 7, ANNA, NOW)


def test_mailbox_that_the_settings_do_not_know_is_closed(scene: Scene) -> None:
    scene.intake = replace(scene.app.intake, trusts={})
    assert scene.send_note(note(BLOCK)) == []
    assert scene.statuses() == [InboundStatus.QUARANTINED]


def test_while_dns_is_silent_the_note_waits(scene: Scene) -> None:
    def silent(_: bytes) -> frozenset[str]:
        raise EnvironmentProblem("DNS can't be asked")

    trust = Trust((Policy.DKIM,))
    scene.intake = replace(scene.app.intake, trusts={"notes": trust}, signers=silent)
    scene.mail_in(note(BLOCK))
    with pytest.raises(EnvironmentProblem):
        scene.process_all()
    assert scene.statuses() == [InboundStatus.RECEIVED]
    scene.intake = replace(scene.intake, signers=lambda _: frozenset({"coach.example"}))
    later = NOW + timedelta(minutes=10)
    scene.process_all(later)
    assert scene.statuses() == [InboundStatus.PROCESSED]


def test_unproven_command_in_reply_to_the_receipt_changes_nothing(guarded: Scene) -> None:
    """Whoever has the receipt's Message-ID can't send the homework, or give it to somebody else."""
    (receipt,) = guarded.send_note(note(BLOCK, headers=SERVER))
    for text in ("send now", "Client: Tom Okafor", "Drop: all"):
        guarded.send_note(reply_to(receipt, text))
    assert guarded.client_of() == JANE
    assert [mail.recipient for mail in guarded.deliver_all(NOW + HOLD) if mail.recipient != ANNA] == [JANE]


def test_unproven_answer_of_a_client_is_passed_on_and_not_saved(guarded: Scene) -> None:
    guarded.send_note(note(BLOCK, headers=SERVER))
    (homework,) = [mail for mail in guarded.deliver_all(NOW + HOLD) if mail.recipient == JANE]
    (passed_on,) = guarded.send_note(reply_to(homework, "done 1", sender=JANE), NOW + 2 * HOLD)
    assert "that could not be made sure" in passed_on.words
    assert [action.answer for action in guarded.actions()] == [None, None]
    headers = {"Authentication-Results": "mx.example; dmarc=pass header.from=client.example"}
    answered = str(homework.headers["Message-ID"])
    proven = note("done 1", sender=JANE, headers=headers | {"In-Reply-To": answered})
    guarded.send_note(proven, NOW + 2 * HOLD)
    assert guarded.actions()[0].answer is Answer.DONE


@pytest.mark.parametrize("recipients", [[NOTES, SECRET], [SECRET, NOTES], [SECRET], [NOTES]])
def test_secret_address_is_where_coaches_reply_to_and_no_client_sees_it(tmp_path: Path, recipients: list[str]) -> None:
    with open_scene(tmp_path) as scene:
        secret = SECRET.replace("secret", "Secret")
        box = scene.app.settings.mailbox[0].model_copy(update={"recipients": recipients, "secret_address": secret})
        scene.app = replace(scene.app, settings=scene.app.settings.model_copy(update={"mailbox": (box,)}))
        (receipt,) = scene.send_note(note(BLOCK, to=SECRET))
        (homework,) = scene.deliver_all(NOW + HOLD)
        assert str(receipt.headers["Reply-To"]) == f"mailflow <{secret}>"
        assert str(homework.headers["Reply-To"]) == f"Anna Berg <{NOTES if NOTES in recipients else ANNA}>"
        assert b"secret" not in homework.raw.lower()
