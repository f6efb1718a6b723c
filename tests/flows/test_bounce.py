"""A homework comes back: it says so, the coach hears of it once, and the next one waits for the coach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.errors import PermanentError
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.deliver import deliver_next
from mailflow.flows.intervene import OutboundChange, change_outbound
from mailflow.flows.manage_clients import change_address
from mailflow.flows.report import status
from mailflow.model import InboundStatus, OutboundEmail, OutboundKind, OutboundState
from mailflow.store import attempts, clients
from tests.bounces import WORDS, bounce_of
from tests.flows.test_deliver import Wire
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    SERVICE,
    Event,
    Scene,
    SentMail,
    note,
    open_scene,
    reply_to,
    words_of,
)

LATER = NOW + timedelta(hours=1)
NEXT_DAY = NOW + timedelta(days=1)
NEW = "jane.new@client.example"
AGAIN = note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=NEXT_DAY, subject="More for Jane")


def come_back(scene: Scene, bounce: bytes) -> list[SentMail]:
    """What left when the bounce was read."""
    return scene.send_note(bounce, LATER)


def return_address(scene: Scene, outbound: OutboundEmail) -> str:
    with scene.app.database.read() as tx:
        frozen = attempts.frozen(tx, outbound.id)
    assert frozen is not None
    return scene.app.return_path.of(outbound.id, frozen.message_id)


def undeliverable(scene: Scene) -> str:
    with scene.app.database.read() as tx:
        return {client.email: client.undeliverable for client in clients.of_coach(tx, 1)}[JANE]


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(note())


@pytest.fixture
def verp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("MAILFLOW_SERVICE__RETURN_ADDRESS", "bounces+*@mailflow.example")
    with open_scene(tmp_path) as scene:
        yield scene


def test_coach_hears_once_that_it_came_back(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    assert told.recipient == ANNA
    assert told.subject == "Not delivered: homework for Jane Doe"
    assert WORDS in told.words
    assert "The mail came back" in told.words
    assert "refused" not in told.words
    failed = scene.planned(OutboundKind.HOMEWORK)
    assert (failed.state, failed.reason) == (OutboundState.FAILED, f"it came back: {WORDS}")
    assert scene.inbox()[-1].status is InboundStatus.PROCESSED
    assert scene.inbox()[-1].reason == f"a bounce: mail {failed.id} was not delivered"

    assert come_back(scene, bounce_of(homework, queue_id="4Z2")) == []
    assert scene.inbox()[-1].status is InboundStatus.IGNORED


def test_signed_return_address_says_which_mail_it_was(verp: Scene) -> None:
    homework = verp.send_homework(note())
    address = return_address(verp, verp.planned(OutboundKind.HOMEWORK))
    assert address.startswith("bounces+")
    (told,) = come_back(verp, bounce_of(homework, to=address, with_header=False))
    assert told.subject == "Not delivered: homework for Jane Doe"


def test_delivered_to_says_it_where_another_address_stands_in_to(verp: Scene) -> None:
    homework = verp.send_homework(note())
    address = return_address(verp, verp.planned(OutboundKind.HOMEWORK))
    raw = f"Delivered-To: {address.upper()}\r\n".encode() + bounce_of(homework, to="undisclosed", with_header=False)
    assert len(come_back(verp, raw)) == 1


def test_forged_return_address_says_nothing(verp: Scene) -> None:
    homework = verp.send_homework(note())
    address = return_address(verp, verp.planned(OutboundKind.HOMEWORK))
    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    assert come_back(verp, bounce_of(homework, to=forged, with_header=False)) == []
    assert verp.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert verp.inbox()[-1].reason == "an automatic mail (bounce)"


def test_bounce_of_somebody_elses_mail_changes_nothing(scene: Scene, homework: SentMail) -> None:
    other = bounce_of(homework).replace(str(homework.headers["Message-ID"]).encode(), b"<other@mailflow.example>")
    assert come_back(scene, other) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert scene.inbox()[-1].status is InboundStatus.IGNORED


def test_mail_that_is_still_tried_has_not_come_back(scene: Scene, homework: SentMail) -> None:
    assert come_back(scene, bounce_of(homework, action="delayed")) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert "still on its way" in scene.inbox()[-1].reason


def test_answer_of_the_client_is_stronger_than_a_late_bounce(scene: Scene, homework: SentMail) -> None:
    assert scene.answer(homework.pages("a")[0], NOW + 2 * HOLD, answer="done") == 303
    assert come_back(scene, bounce_of(homework)) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert undeliverable(scene) == ""


def test_review_shows_what_was_not_delivered(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    (review,) = scene.deliver_all(JANE_NEXT - LEAD)
    assert "1. Not delivered: " in review.text
    assert "The homework did not arrive. Go through it together." in review.words
    assert "No answer yet" not in review.words
    page = words_of(scene.browser(JANE_NEXT - LEAD).get(review.pages("r")[0]).text)
    assert "Not delivered" in page
    assert "No answer yet" not in page


def test_what_came_back_and_went_with_a_later_homework_is_delivered(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    scene.run_sql("UPDATE clients SET undeliverable = ''")
    scene.send_note(AGAIN, NEXT_DAY)
    (later,) = scene.deliver_all(NEXT_DAY + HOLD)
    assert "Book the GP appointment" in later.text
    (review,) = scene.deliver_all(JANE_NEXT - LEAD)
    assert "Not delivered" not in review.text


# --- The address is suppressed -------------------------------------------------------------------


def test_next_homework_is_held_and_the_receipt_says_why(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    (receipt,) = scene.send_note(AGAIN, NEXT_DAY)
    assert f"It is on hold, because mail to {JANE} came back." in receipt.words
    assert WORDS in receipt.words
    assert scene.deliver_all(NEXT_DAY + HOLD) == []
    held = scene.outbox(OutboundKind.HOMEWORK)[-1]
    assert (held.state, held.reason) == (OutboundState.HELD, f"mail to {JANE} came back: {WORDS}")
    assert held.id in {mail.id for mail in status(scene.app.database, NEXT_DAY).stuck}
    page = words_of(scene.browser(NEXT_DAY).get(receipt.pages("n")[0]).text)
    assert "It is on hold, because mail to this address came back." in page
    assert WORDS in page


def test_homework_that_waited_meanwhile_is_held_as_well(scene: Scene, homework: SentMail) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    come_back(scene, bounce_of(homework))
    assert [mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)] == [OutboundState.FAILED, OutboundState.HELD]


def test_homework_that_was_just_being_sent_when_it_came_back_is_held_at_its_next_attempt(
    scene: Scene, homework: SentMail
) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    with scene.app.database.write() as tx:
        claimed = attempts.claim_due(tx, LATER + HOLD, LATER + 2 * HOLD)
    assert claimed is not None
    come_back(scene, bounce_of(homework))
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.WAITING
    assert scene.deliver_all(LATER + 3 * HOLD) == []
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.HELD


def test_what_the_coach_held_back_stays_so_without_another_reason(scene: Scene, homework: SentMail) -> None:
    (receipt,) = scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    scene.send_note(reply_to(receipt, "stop", date=LATER), LATER)
    come_back(scene, bounce_of(homework))
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].reason == ""


def test_another_client_is_not_concerned(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    scene.send_note(note("Client: Tom Okafor\n\nActions:\n- Call the dentist\n", date=NEXT_DAY), NEXT_DAY)
    assert [mail.recipient for mail in scene.deliver_all(NEXT_DAY + HOLD)] == ["tom@client.example"]


def test_coach_says_retry_and_everything_goes(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    scene.send_note(AGAIN, NEXT_DAY)
    token = told.pages("n")[0].rpartition("/")[2]
    key = scene.app.site.key
    assert decide_note(scene.app.database, token, "send", "", key, NEXT_DAY) is Decided.DONE
    assert undeliverable(scene) == ""
    sent = scene.deliver_all(NEXT_DAY + HOLD)
    assert [mail.recipient for mail in sent] == [JANE, JANE]
    assert sent[0].headers["Message-ID"] != homework.headers["Message-ID"]


@pytest.mark.parametrize("change", ["retry", "release"])
def test_operator_says_retry_and_it_goes(scene: Scene, homework: SentMail, change: OutboundChange) -> None:
    come_back(scene, bounce_of(homework))
    change_outbound(scene.app.database, scene.planned(OutboundKind.HOMEWORK).id, change, LATER)
    assert undeliverable(scene) == ""
    assert [mail.recipient for mail in scene.deliver_all(LATER)] == [JANE]


def test_coach_replies_send_now_to_the_held_one(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    (receipt,) = scene.send_note(AGAIN, NEXT_DAY)
    scene.mail_in(reply_to(receipt, "send now", date=NEXT_DAY), NEXT_DAY)
    scene.process_all(NEXT_DAY)
    assert JANE in [mail.recipient for mail in scene.deliver_all(NEXT_DAY)]


def test_it_comes_back_again_and_the_coach_hears_again(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    scene.mail_in(reply_to(told, "send now", date=LATER), LATER)
    scene.process_all(LATER)
    again = next(mail for mail in scene.deliver_all(LATER) if mail.recipient == JANE)
    assert come_back(scene, bounce_of(homework, queue_id="4Z3")) == [], "the first copy's bounce, late"
    (told_again,) = come_back(scene, bounce_of(again, queue_id="4Z4"))
    assert told_again.subject == told.subject
    assert len(scene.outbox(OutboundKind.UNDELIVERED)) == 2


def test_refusal_after_a_bounce_is_told_as_one(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    scene.mail_in(reply_to(told, "send now", date=LATER), LATER)
    scene.process_all(LATER)
    folder, scene.mailer = scene.mailer, Wire([PermanentError("550 5.1.1 refused at once")])
    assert deliver_next(scene.delivery, LATER)
    scene.mailer = folder
    told_again = next(mail for mail in scene.deliver_all(LATER) if mail.subject == told.subject)
    assert "The mail server refused it." in told_again.words


def test_coach_corrects_the_address_in_the_calendar(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    right = "jane.doe@client.example"
    scene.plan(Event("jane-before", NOW - timedelta(minutes=70), right), *PRACTICE[1:], now=LATER)
    token, session = told.pages("n")[0].rpartition("/")[2], scene.session("jane-before")
    value = f"session-{session.id}-{session.client_id}"
    assert decide_note(scene.app.database, token, "choose", value, scene.app.site.key, LATER) is Decided.DONE
    assert right in [mail.recipient for mail in scene.deliver_all(LATER + HOLD)]


# --- Other mail that comes back ------------------------------------------------------------------


def test_mail_to_the_coach_that_came_back_shows_in_status_and_suppresses_nothing(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    scene.mail_in(bounce_of(receipt), NOW)
    scene.process_all(NOW)
    assert scene.planned(OutboundKind.RECEIPT).state is OutboundState.FAILED
    assert not status(scene.app.database, NOW).healthy
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [JANE]


@pytest.mark.parametrize("state", ["waiting", "held"])
def test_bounce_settles_an_attempt_that_ended_without_an_answer(scene: Scene, homework: SentMail, state: str) -> None:
    failed = scene.planned(OutboundKind.HOMEWORK)
    scene.run_sql(
        f"UPDATE outbound_emails SET state = '{state}', perhaps_sent = 1, due_at = due_at + 9999 WHERE id = {failed.id}"
    )
    assert len(come_back(scene, bounce_of(homework))) == 1
    failed = scene.planned(OutboundKind.HOMEWORK)
    assert (failed.state, failed.perhaps_sent) == (OutboundState.FAILED, False)


def test_client_that_opted_out_is_not_held_but_cancelled(scene: Scene, homework: SentMail) -> None:
    come_back(scene, bounce_of(homework))
    scene.run_sql("UPDATE clients SET opted_out_at = 1")
    scene.send_note(AGAIN, NEXT_DAY)
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.CANCELLED


# --- What is no bounce, or speaks of something that is over --------------------------------------


def vacation(homework: SentMail, subject: str, sender: str = JANE, submitted: str = "auto-generated") -> bytes:
    about = str(homework.headers["Message-ID"])
    headers = {"Return-Path": "<>", "In-Reply-To": about, "References": about, "Auto-Submitted": submitted}
    return note("I am away until Monday.", sender=sender, to=SERVICE, subject=subject, headers=headers, date=LATER)


@pytest.mark.parametrize("sender", [JANE, "someone@client.example"])
@pytest.mark.parametrize("subject", ["Odpowiedz automatyczna: x", "Away until Monday"])
def test_vacation_reply_that_is_no_report_is_no_bounce(
    scene: Scene, homework: SentMail, subject: str, sender: str
) -> None:
    come_back(scene, vacation(homework, subject, sender))
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert undeliverable(scene) == ""


def test_daemons_plain_words_that_call_themselves_a_reply_are_a_bounce(scene: Scene, homework: SentMail) -> None:
    raw = vacation(homework, "Undelivered Mail Returned to Sender", "MAILER-DAEMON@mx.example", "auto-replied")
    assert [mail.recipient for mail in come_back(scene, raw)] == [ANNA]


def test_client_whose_address_is_a_postmasters_is_not_taken_for_a_mail_server(scene: Scene) -> None:
    postmaster = "postmaster@client.example"
    scene.plan(Event("own", NOW - timedelta(minutes=70), postmaster))
    homework = scene.send_homework(note(f"Client: {postmaster}\n\nActions:\n- Rest\n"))
    assert homework.recipient == postmaster
    come_back(scene, vacation(homework, "Out of office", postmaster, "auto-replied"))
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT


def test_late_bounce_of_the_address_before_says_nothing_of_todays(scene: Scene, homework: SentMail) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    (second,) = scene.deliver_all(LATER + HOLD)
    scene.send_note(bounce_of(homework), LATER + 2 * HOLD)
    with scene.app.database.read() as tx:
        jane = next(client for client in clients.of_coach(tx, 1) if client.email == JANE)
    change_address(scene.app.database, jane.id, NEW, LATER + 2 * HOLD)
    scene.send_note(bounce_of(second, queue_id="4Z9"), LATER + 3 * HOLD)

    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Buy shoes\n", date=NEXT_DAY, subject="Third"), NEXT_DAY)
    assert [mail.recipient for mail in scene.deliver_all(NEXT_DAY + HOLD)] == [NEW]


def test_two_bounces_in_other_words_are_one_suppression(scene: Scene, homework: SentMail) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    (second,) = scene.deliver_all(LATER + HOLD)
    at = LATER + 2 * HOLD
    (told,) = scene.send_note(bounce_of(homework), at)
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Buy shoes\n", date=at, subject="Third"), at)
    scene.send_note(bounce_of(second, queue_id="4Z9").replace(b"User unknown", b"User unknown p12-20"), at)

    scene.mail_in(reply_to(told, "send now", date=at), at)
    scene.process_all(at)
    scene.deliver_all(at + HOLD)
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.SENT


def test_what_the_coach_stopped_stays_when_the_address_is_tried_again(scene: Scene, homework: SentMail) -> None:
    (told,) = come_back(scene, bounce_of(homework))
    (receipt,) = scene.send_note(AGAIN, NEXT_DAY)
    scene.send_note(reply_to(receipt, "stop", date=NEXT_DAY), NEXT_DAY)
    scene.mail_in(reply_to(told, "send now", date=NEXT_DAY), NEXT_DAY)
    scene.process_all(NEXT_DAY)

    sent = [mail for mail in scene.deliver_all(NEXT_DAY + HOLD) if mail.recipient == JANE]
    assert len(sent) == 1
    assert "Call the dentist" not in sent[0].text
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.HELD


# --- A bounce and a correction meet --------------------------------------------------------------

FIRST_CHANGE = "Actions:\n- Write down two situations where you said no\n- Book the dentist\n"
SECOND_CHANGE = "Actions:\n- Write down three situations\n- Book the dentist\n"


def correct(scene: Scene, answered: SentMail, text: str, at: datetime) -> SentMail:
    """The receipt that answers the correction."""
    (receipt,) = scene.send_note(reply_to(answered, text, date=at), at)
    return receipt


def test_coach_hears_of_it_while_an_update_waits(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    (homework,) = scene.deliver_all(NOW + HOLD)
    correct(scene, receipt, FIRST_CHANGE, NOW + 2 * HOLD)

    (told,) = scene.send_note(bounce_of(homework), NOW + 2 * HOLD)
    assert (told.recipient, told.subject) == (ANNA, "Not delivered: homework for Jane Doe")


def test_correction_after_a_bounce_is_one_homework(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    (homework,) = scene.deliver_all(NOW + HOLD)
    again = correct(scene, receipt, FIRST_CHANGE, NOW + 2 * HOLD)
    scene.send_note(bounce_of(homework), NOW + 2 * HOLD)
    last = correct(scene, again, SECOND_CHANGE, NOW + 3 * HOLD)
    scene.mail_in(reply_to(last, "send now", date=NOW + 3 * HOLD), NOW + 3 * HOLD)
    scene.process_all(NOW + 3 * HOLD)

    sent = [mail for mail in scene.deliver_all(NEXT_DAY) if mail.recipient == JANE]
    assert len(sent) == 1
    assert "three situations" in sent[0].text


def test_correction_after_the_first_came_back_and_its_update_went_is_sent(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    (homework,) = scene.deliver_all(NOW + HOLD)
    again = correct(scene, receipt, FIRST_CHANGE, NOW + 2 * HOLD)
    assert [mail.recipient for mail in scene.deliver_all(NOW + 3 * HOLD)] == [JANE]
    scene.send_note(bounce_of(homework), NOW + 4 * HOLD)
    scene.run_sql("UPDATE clients SET undeliverable = ''")

    correct(scene, again, SECOND_CHANGE, NOW + 5 * HOLD)
    (sent,) = scene.deliver_all(NEXT_DAY)
    assert "three situations" in sent.text
