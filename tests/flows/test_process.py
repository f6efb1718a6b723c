"""A stored mail is understood: what it becomes, and what never happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.flows import process
from mailflow.flows.process import LEASE, process_next
from mailflow.model import InboundStatus, OutboundKind, OutboundState
from mailflow.store import inbound
from tests.scene import (
    ANNA,
    BLOCK,
    CARLA,
    FIRST,
    HOLD,
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    NOW,
    PRACTICE,
    SECOND,
    TOM,
    Event,
    Scene,
    moved,
    note,
    reply_to,
)

ABSENCES = {
    "auto-reply": {"Auto-Submitted": "auto-replied"},
    "list": {"List-Id": "<coaches.lists.example>"},
    "bounce": {"Return-Path": "<>"},
}
TO_CLIENT = (OutboundKind.HOMEWORK,)


# --- A note --------------------------------------------------------------------------------------


def test_a_note_becomes_a_note_its_actions_a_receipt_and_homework(scene: Scene) -> None:
    scene.mail_in(note())
    assert scene.process_all() == 1
    assert scene.statuses() == [InboundStatus.PROCESSED]
    assert [action.text for action in scene.actions()] == [FIRST, SECOND]
    assert scene.note().session_id == scene.session("jane-before").id
    receipt, homework = scene.outbox(OutboundKind.RECEIPT, OutboundKind.HOMEWORK)
    assert (receipt.recipient, receipt.planned_at) == (ANNA, NOW)
    assert (homework.recipient, homework.planned_at) == (JANE, NOW + HOLD)


def test_a_coachs_own_heading_from_the_settings_heads_actions(scene: Scene) -> None:
    scene.mail_in(note("Experiments\n- Call Sam\n"))
    scene.process_all()
    assert [action.text for action in scene.actions()] == ["Call Sam"]


@pytest.mark.parametrize("table", ["notes", "actions", "outbound_emails"])
def test_a_failure_in_the_middle_leaves_nothing_and_the_mail_waits(scene: Scene, table: str) -> None:
    before = scene.counts()
    scene.run_sql(f"CREATE TRIGGER broken AFTER INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END")
    scene.mail_in(note())
    assert scene.process_all() == 1
    assert scene.counts() == before
    (mail,) = scene.inbox()
    assert (mail.status, mail.failures) == (InboundStatus.RECEIVED, 1)
    scene.run_sql("DROP TRIGGER broken")
    assert scene.process_all(NOW + timedelta(minutes=1)) == 1
    assert scene.statuses() == [InboundStatus.PROCESSED]
    assert len(scene.outbox(OutboundKind.HOMEWORK)) == 1


def test_the_homework_row_alone_fails_and_no_receipt_is_left(scene: Scene) -> None:
    """The very last thing that is written takes everything before it along."""
    scene.run_sql(
        "CREATE TRIGGER broken AFTER INSERT ON outbound_emails WHEN new.kind = 'homework' "
        "BEGIN SELECT RAISE(ABORT, 'broken'); END"
    )
    scene.mail_in(note())
    scene.process_all()
    assert scene.outbox(OutboundKind.RECEIPT) == []
    assert scene.counts()["notes"] == 0


def test_an_alias_of_the_coach_is_the_coach_and_the_receipt_goes_to_the_registered_address(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(sender="Anna.Berg@private.example"))
    assert receipt.recipient == ANNA


def test_the_receipt_never_goes_to_reply_to(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(headers={"Reply-To": "mallory@evil.example"}))
    assert receipt.recipient == ANNA
    assert b"mallory" not in receipt.raw


# --- The same mail again -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "cte"),
    [
        ({}, "quoted-printable"),
        ({"Received": "from mx2.example by mx.example; Mon, 23 Nov 2026 17:03:00 +0100"}, "quoted-printable"),
        ({}, "base64"),
    ],
    ids=["identical", "other Received", "other transfer encoding"],
)
def test_the_same_mail_twice_is_stored_twice_and_processed_once(
    scene: Scene, headers: dict[str, str], cte: str
) -> None:
    scene.mail_in(note(message_id="<1@coach.example>"))
    scene.mail_in(note(message_id="<1@coach.example>", headers=headers, cte=cte))
    assert scene.process_all() == 2
    assert scene.statuses() == [InboundStatus.PROCESSED, InboundStatus.DUPLICATE]
    assert scene.app.database.count("inbound_raw") == 2
    assert len(scene.outbox(OutboundKind.RECEIPT, OutboundKind.HOMEWORK)) == 2


def test_the_same_message_id_with_other_content_is_another_note(scene: Scene) -> None:
    scene.mail_in(note(message_id="<1@coach.example>"))
    scene.mail_in(note("Actions:\n- Call the bank\n", message_id="<1@coach.example>", subject="Jane Doe"))
    scene.process_all()
    assert scene.statuses() == [InboundStatus.PROCESSED, InboundStatus.PROCESSED]
    assert [action.text for action in scene.actions(2)] == ["Call the bank"]


def test_a_stranger_cannot_take_the_identity_of_a_mail_before_it_comes(scene: Scene) -> None:
    mail = note(message_id="<1@coach.example>")
    scene.mail_in(mail.replace(b"Anna Berg <anna@coach.example>", b"Mallory <mallory@evil.example>"))
    scene.mail_in(mail)
    scene.process_all()
    assert scene.statuses() == [InboundStatus.QUARANTINED, InboundStatus.PROCESSED]


# --- Mail that is not answered -------------------------------------------------------------------


def test_a_stranger_is_quarantined_without_a_reply(scene: Scene) -> None:
    scene.mail_in(note(sender="mallory@evil.example"))
    scene.process_all()
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.QUARANTINED
    assert mail.sender == "mallory@evil.example"
    assert scene.outbox(*TO_CLIENT, OutboundKind.RECEIPT, OutboundKind.QUESTION, OutboundKind.NO_ACTIONS) == []


def test_a_client_who_writes_is_no_coach(scene: Scene) -> None:
    scene.mail_in(note(sender=JANE))
    scene.process_all()
    assert scene.statuses() == [InboundStatus.QUARANTINED]
    assert scene.waiting(NOW + HOLD) == []


@pytest.mark.parametrize(
    "doubled",
    [
        b"From: Anna Berg <anna@coach.example>\r\nFrom: Mallory <mallory@evil.example>",
        b"From: Mallory <mallory@evil.example>\r\nFrom: Anna Berg <anna@coach.example>",
        b"From: Anna Berg <anna@coach.example>, Mallory <mallory@evil.example>",
    ],
)
def test_two_senders_are_quarantined(scene: Scene, doubled: bytes) -> None:
    scene.mail_in(note().replace(b"From: Anna Berg <anna@coach.example>", doubled))
    scene.process_all()
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.QUARANTINED
    assert "exactly one sender" in mail.reason
    assert scene.waiting(NOW + HOLD) == []


@pytest.mark.parametrize("kind", ABSENCES)
def test_an_automatic_mail_is_ignored_without_a_reply(scene: Scene, kind: str) -> None:
    scene.mail_in(note("She seemed tired.\n" if kind == "list" else BLOCK, headers=ABSENCES[kind]))
    scene.process_all()
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.IGNORED
    assert kind in mail.reason
    assert scene.waiting(NOW + HOLD) == []


def test_note_below_a_subject_like_an_auto_replys_is_a_note(scene: Scene) -> None:
    """The subject alone decides nothing about a coach's mail with actions in it."""
    homework = scene.send_homework(note(subject="Auto: what we said about the car"))
    assert homework.recipient == JANE


def test_auto_reply_without_a_header_is_not_answered(scene: Scene) -> None:
    """It would answer our answer, and so on."""
    scene.mail_in(note("I am on holiday.\n", subject="Automatic reply: Note kept, nothing sent"))
    scene.process_all()
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.IGNORED
    assert "looks like an automatic mail (auto-reply)" in mail.reason
    assert scene.waiting(NOW) == []


# --- Notes without actions -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "She seemed tired. Nothing was agreed.\n"], ids=["empty", "without a block"])
def test_a_note_without_actions_is_answered_and_nothing_goes_to_the_client(scene: Scene, text: str) -> None:
    (answer,) = scene.send_note(note(text))
    assert answer.recipient == ANNA
    assert scene.outbox(OutboundKind.HOMEWORK) == []
    assert scene.planned(OutboundKind.NO_ACTIONS).state is OutboundState.SENT
    assert scene.deliver_all(NOW + HOLD) == []


def test_after_a_note_without_actions_one_with_a_block_still_belongs_to_that_session(scene: Scene) -> None:
    scene.send_note(note("She seemed tired.\n"))
    scene.send_note(note(BLOCK), NOW + timedelta(minutes=5))
    assert scene.note(2).session_id == scene.session("jane-before").id
    assert scene.planned(OutboundKind.HOMEWORK).recipient == JANE


# --- Whose is it? --------------------------------------------------------------------------------


def test_an_uncertain_note_asks_with_one_link_a_candidate_and_tells_no_client(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    assert question.recipient == ANNA
    chooses = [link for link in question.links if "candidate=" in link]
    wanted = {scene.session(uid).id for uid in ("jane-before", "tom-today")}
    sessions_asked = {link.rpartition("candidate=session-")[2].partition("-")[0] for link in chooses}
    assert sessions_asked >= {str(id_) for id_ in wanted}
    assert len(chooses) == len(set(chooses))
    assert scene.outbox(OutboundKind.HOMEWORK) == []
    assert scene.deliver_all(NOW + timedelta(days=1)) == []


def test_a_note_after_a_session_that_has_its_note_already_asks(scene: Scene) -> None:
    """A second note within the hour may be a double, or Tom's: nobody knows but the coach."""
    scene.send_note(note())
    scene.send_note(note("Actions:\n- Call the bank\n"))
    assert scene.client_of(2) == ""
    assert [mail.note_id for mail in scene.outbox(OutboundKind.HOMEWORK)] == [1]


def test_a_note_to_somebody_unknown_asks_although_only_one_session_fits(scene: Scene) -> None:
    scene.send_note(note(to="notes@mailflow.example, someone@else.example"))
    assert scene.client_of() == ""
    assert scene.outbox(OutboundKind.HOMEWORK) == []


def test_a_coach_never_reaches_the_clients_of_another(scene: Scene) -> None:
    scene.send_note(note(sender=CARLA, subject="Jane Doe", to=f"notes@mailflow.example, {JANE}"))
    assert scene.outbox(OutboundKind.HOMEWORK) == []
    (question,) = scene.outbox(OutboundKind.QUESTION)
    assert question.recipient == CARLA


def test_the_question_to_one_coach_names_no_client_of_another(scene: Scene) -> None:
    (question,) = scene.send_note(note(sender=CARLA))
    for client in (JANE, TOM, "Okafor"):
        assert client not in question.text + question.html


def test_while_the_calendar_cannot_be_read_mailflow_asks(scene: Scene) -> None:
    """A session that it does not know of may be the one that was meant."""
    scene.write_calendar("no calendar at all")
    later = NOW + timedelta(hours=2)
    scene.sync(later)
    scene.send_note(note(date=later), later)
    assert scene.client_of() == ""


# --- Trouble -------------------------------------------------------------------------------------


def test_three_failures_quarantine_a_mail_and_the_next_is_processed_meanwhile(scene: Scene) -> None:
    scene.run_sql(
        "CREATE TRIGGER poison AFTER INSERT ON notes WHEN new.subject = 'poison' "
        "BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
    )
    scene.mail_in(note(subject="poison"))
    scene.mail_in(note(subject="Notes from today"))
    assert scene.process_all() == 2
    assert scene.statuses() == [InboundStatus.RECEIVED, InboundStatus.PROCESSED]
    assert scene.process_all(NOW + timedelta(minutes=1)) == 1
    assert scene.process_all(NOW + timedelta(minutes=2)) == 1
    poisoned, other = scene.inbox()
    assert (poisoned.status, other.status) == (InboundStatus.QUARANTINED, InboundStatus.PROCESSED)
    assert "poisoned" in poisoned.reason
    assert scene.process_all(NOW + timedelta(days=1)) == 0


def test_words_of_a_failure_that_are_no_utf8_are_kept_all_the_same(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("half a pair: \ud83d")

    monkeypatch.setattr("mailflow.flows.process.read_email", fail)
    scene.mail_in(note())
    for minute in range(3):
        scene.process_all(NOW + timedelta(minutes=minute))
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.QUARANTINED
    assert mail.reason == "mailflow itself failed on it: ValueError: half a pair: ?"


def test_coach_hears_of_a_mail_that_mailflow_gave_up(scene: Scene) -> None:
    scene.run_sql("CREATE TRIGGER poison AFTER INSERT ON notes BEGIN SELECT RAISE(ABORT, 'poisoned'); END")
    scene.mail_in(note(subject="Jane, session 4"))
    for minute in range(3):
        assert scene.deliver_all(NOW + timedelta(minutes=minute)) == []
        scene.process_all(NOW + timedelta(minutes=minute))
    (told,) = scene.deliver_all(NOW + timedelta(minutes=3))
    assert (told.recipient, told.subject) == (ANNA, "I could not read your mail: “Jane, session 4”")
    assert scene.inbox()[0].subject == "Jane, session 4"
    assert scene.deliver_all(NOW + timedelta(days=2)) == []


def test_nobody_hears_of_a_strangers_mail_that_mailflow_gave_up(scene: Scene) -> None:
    scene.run_sql("CREATE TRIGGER poison AFTER UPDATE OF sender ON inbound_emails BEGIN SELECT RAISE(ABORT, 'x'); END")
    scene.mail_in(note(sender="stranger@elsewhere.example"))
    for minute in range(3):
        scene.process_all(NOW + timedelta(minutes=minute))
    assert scene.statuses() == [InboundStatus.QUARANTINED]
    assert scene.outbox() == scene.outbox(OutboundKind.REVIEW)


def test_a_full_disk_is_not_the_mails_fault(scene: Scene) -> None:
    large = BLOCK + "\nand much more of it" * 20_000
    scene.mail_in(note(large))
    with scene.app.database.read() as tx:
        pages = tx.value("PRAGMA page_count")
    scene.run_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EnvironmentProblem, match="disk has room"):
        scene.process_all()
    scene.run_sql("PRAGMA max_page_count = 1000000")
    (mail,) = scene.inbox()
    assert (mail.status, mail.failures) == (InboundStatus.RECEIVED, 0)
    assert scene.counts()["notes"] == 0
    assert scene.process_all(NOW + LEASE) == 1
    assert scene.statuses() == [InboundStatus.PROCESSED]


def test_a_worker_whose_lease_ran_out_is_refused(scene: Scene) -> None:
    """It was slow, somebody else did the work: what it brings late must leave nothing behind."""
    scene.mail_in(note())
    database = scene.app.database
    with database.write() as tx:
        slow = inbound.claim_due(tx, NOW, NOW + LEASE)
    assert process_next(database, scene.app.intake, NOW + LEASE)
    before = database.fingerprint()
    process._process(database, *slow, scene.app.intake, NOW + LEASE)
    assert database.fingerprint() == before


def test_a_worker_whose_lease_was_taken_over_is_refused(scene: Scene) -> None:
    """The other has not finished yet: the mail is the other's all the same."""
    scene.mail_in(note())
    database = scene.app.database
    with database.write() as tx:
        slow = inbound.claim_due(tx, NOW, NOW + LEASE)
        quick = inbound.claim_due(tx, NOW + LEASE, NOW + 2 * LEASE)
    process._process(database, *slow, scene.app.intake, NOW + LEASE)
    assert scene.counts()["notes"] == 0
    process._process(database, *quick, scene.app.intake, NOW + LEASE)
    assert scene.statuses() == [InboundStatus.PROCESSED]


# --- Corrections ---------------------------------------------------------------------------------

CORRECTED = "Actions:\n- Call the GP on Tuesday morning\n"


def test_a_reply_to_the_receipt_before_the_hold_ends_replaces_the_actions(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    later = NOW + timedelta(minutes=4)
    (second,) = scene.send_note(reply_to(receipt, CORRECTED, date=later), later)
    assert "Call the GP on Tuesday morning" in second.words
    assert scene.deliver_all(NOW + HOLD) == []
    (homework,) = scene.deliver_all(later + HOLD)
    assert homework.recipient == JANE
    assert "Call the GP on Tuesday morning" in homework.words
    assert FIRST not in homework.words
    assert scene.deliver_all(NOW + timedelta(days=1)) == []


def test_a_correction_of_a_held_homework_stays_held(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    browser = scene.browser()
    browser.post(receipt.pages("n")[0], data={"do": "hold"})
    scene.send_note(reply_to(receipt, CORRECTED))
    assert scene.deliver_all(NOW + timedelta(days=1)) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.HELD
    assert [action.text for action in scene.actions()] == ["Call the GP on Tuesday morning"]


@pytest.mark.parametrize("gone", [False, True], ids=["before it goes", "after it went"])
def test_a_correction_that_a_newer_one_overtook_is_left_out(scene: Scene, gone: bool) -> None:
    (receipt,) = scene.send_note(note())
    scene.send_note(reply_to(receipt, CORRECTED, date=NOW + timedelta(minutes=4)), NOW + timedelta(minutes=5))
    arrives = NOW + (timedelta(hours=1) if gone else timedelta(minutes=6))
    scene.deliver_all(arrives)
    older = reply_to(receipt, "Actions:\n- Call the dentist\n", date=NOW + timedelta(minutes=2))
    (told,) = scene.send_note(older, arrives)
    assert "An older correction of yours arrived after a newer one." in told.words
    assert "Call the GP on Tuesday morning" in told.words
    homework = [mail for mail in scene.deliver_all(NOW + timedelta(hours=2)) if mail.recipient == JANE]
    assert ["Tuesday" in mail.words and "dentist" not in mail.words for mail in homework] == ([] if gone else [True])
    assert scene.app.database.count("notes") == 1


def test_an_older_correction_that_names_another_client_is_a_note_of_its_own(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    scene.send_note(reply_to(receipt, CORRECTED, date=NOW + timedelta(minutes=4)), NOW + timedelta(minutes=5))
    older = reply_to(receipt, "Client: Tom Okafor\n\nActions:\n- Walk\n", date=NOW + timedelta(minutes=2))
    scene.send_note(older, NOW + timedelta(minutes=6))
    assert [action.text for action in scene.actions(1)] == ["Call the GP on Tuesday morning"]
    assert scene.app.database.count("notes") == 2


def test_an_older_correction_that_names_the_client_answers_the_question(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    scene.send_note(reply_to(question, CORRECTED, date=NOW + timedelta(minutes=4)), NOW + timedelta(minutes=5))
    older = reply_to(question, "Client: Jane Doe\n\nActions:\n- Walk\n", date=NOW + timedelta(minutes=2))
    scene.send_note(older, NOW + timedelta(minutes=6))
    (homework,) = [mail for mail in scene.deliver_all(NOW + timedelta(hours=1)) if mail.recipient == JANE]
    assert "Call the GP on Tuesday morning" in homework.words


def test_another_coach_cannot_correct_a_note(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    scene.send_note(reply_to(receipt, CORRECTED, sender=CARLA))
    assert [action.text for action in scene.actions(1)] == [FIRST, SECOND]


def test_a_correction_of_an_uncertain_note_asks_again(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    (again,) = scene.send_note(reply_to(question, CORRECTED))
    assert "Call the GP on Tuesday morning" in again.words
    assert scene.outbox(OutboundKind.HOMEWORK) == []
    assert scene.app.database.count("notes") == 1


# --- When was it written? ------------------------------------------------------------------------


def test_a_date_in_the_future_is_not_believed(scene: Scene) -> None:
    scene.mail_in(note(date=JANE_NEXT + timedelta(hours=1)))
    scene.process_all()
    assert scene.note().written_at == NOW
    assert scene.note().session_id == scene.session("jane-before").id


def test_a_mail_without_a_date_was_written_when_it_came(scene: Scene) -> None:
    scene.mail_in(note(date=None))
    scene.process_all()
    assert scene.note().written_at == NOW


def test_late_mail_is_matched_by_its_date(scene: Scene) -> None:
    """The daemon was down for two days, and Jane had another session meanwhile."""
    back = NOW + timedelta(days=2)
    scene.plan(*PRACTICE, moved(Event("jane-extra", NOW, JANE), back - timedelta(hours=1)), now=back)
    scene.mail_in(note(date=NOW), back)
    scene.process_all(back)
    assert scene.note().session_id == scene.session(JANE_BEFORE.uid).id
    assert scene.planned(OutboundKind.HOMEWORK).planned_at == back + HOLD
