"""The outbox is worked off: once, with the same bytes, to the right person, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.errors import AccountError, MailflowError, PermanentError, StaleLeaseError, TemporaryError
from mailflow.flows import deliver
from mailflow.flows.deliver import ACCOUNT_PAUSE, LEASE, deliver_next
from mailflow.flows.intervene import OutboundChange, change_outbound
from mailflow.flows.resume import resume
from mailflow.flows.sync import CalendarSource
from mailflow.mailers import Envelope
from mailflow.model import Coach, OutboundKind, OutboundState
from mailflow.rules.timing import RETRY_FIRST
from mailflow.store import attempts, calendars
from tests.scene import (
    ANNA,
    FIRST,
    HOLD,
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    LEAD,
    NAMES,
    NOTES,
    NOW,
    PRACTICE,
    SECOND,
    TOM,
    Event,
    Scene,
    calendar,
    moved,
    note,
    open_scene,
    read_mail,
)

REVIEW_AT = JANE_NEXT - LEAD
MINUTE = timedelta(minutes=1)


@dataclass
class Wire:
    """A mailer that remembers what was handed to it, and raises the errors it was given first."""

    errors: list[MailflowError] = field(default_factory=list)
    handed: list[tuple[Envelope, str, bytes]] = field(default_factory=list)

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        self.handed.append((envelope, message_id, raw))
        if self.errors:
            raise self.errors.pop(0)

    def close(self) -> None:
        pass

    @property
    def subjects(self) -> list[str]:
        return [read_mail(raw).subject for _, _, raw in self.handed]


@dataclass
class Meanwhile:
    """A mailer during whose sending something else happens."""

    happens: Callable[[], object]

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        self.happens()

    def close(self) -> None:
        pass


# --- Retries -------------------------------------------------------------------------------------


def test_a_retry_sends_the_same_bytes(scene: Scene) -> None:
    """Even when what it says has changed meanwhile: a second copy must be recognisable as one."""
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.mail_in(note())
    scene.process_all()
    scene.deliver_all(NOW)
    scene.plan(*PRACTICE[:1], moved(PRACTICE[1], JANE_NEXT + timedelta(days=1)), *PRACTICE[2:])
    scene.deliver_all(NOW + timedelta(hours=1))
    first, second = [handed for handed in wire.handed if handed[0].recipient == ANNA]
    assert first == second
    assert read_mail(first[2]).headers["Message-ID"] == first[1]
    assert read_mail(first[2]).headers["Date"].datetime == NOW


def test_a_temporary_error_backs_off_and_keeps_the_reason(scene: Scene) -> None:
    scene.mailer = wire = Wire([TemporaryError("greylisted"), TemporaryError("greylisted again")])
    scene.mail_in(note())
    scene.process_all()
    scene.deliver_all(NOW)
    receipt = scene.planned(OutboundKind.RECEIPT)
    assert (receipt.state, receipt.reason, receipt.attempts) == (OutboundState.WAITING, "greylisted", 1)
    assert NOW + RETRY_FIRST / 2 <= receipt.due_at <= NOW + RETRY_FIRST
    second = receipt.due_at
    scene.deliver_all(second)
    receipt = scene.planned(OutboundKind.RECEIPT)
    assert (receipt.reason, receipt.attempts) == ("greylisted again", 2)
    assert receipt.due_at >= second + RETRY_FIRST - timedelta(seconds=1)
    scene.deliver_all(receipt.due_at)
    assert scene.planned(OutboundKind.RECEIPT).state is OutboundState.SENT
    assert len(wire.handed) == 3


def test_a_mail_that_ends_the_process_again_and_again_lets_the_others_go(scene: Scene) -> None:
    for _ in range(2):
        scene.mail_in(note(f"Actions:\n- Call {secrets.token_hex(4)}\n"))
    scene.process_all()
    first = kill_while_sending(scene, NOW)
    assert kill_while_sending(scene, NOW) == first
    assert kill_while_sending(scene, NOW) != first
    waiting = next(mail for mail in scene.outbox() if mail.id == first)
    assert NOW + RETRY_FIRST <= waiting.due_at < NOW + HOLD
    assert "ended while it sent this mail" in waiting.reason
    assert [mail.recipient for mail in scene.deliver_all(NOW)] == [ANNA]
    assert [mail.recipient for mail in scene.deliver_all(waiting.due_at)] == [ANNA]


def kill_while_sending(scene: Scene, now: datetime) -> int:
    """The process is killed over the mail that is due longest, and is started again; the mail's id."""
    with scene.app.database.write() as tx:
        claimed = attempts.claim_due(tx, now, now + LEASE)
        assert claimed
        attempts.count_attempt(tx, claimed)
    resume(scene.app.database, now)
    return claimed.id


def test_a_permanent_error_fails_with_its_reason_and_is_never_tried_again(scene: Scene) -> None:
    scene.mailer = wire = Wire([PermanentError("550 no such user")])
    scene.mail_in(note("nothing agreed"))
    scene.process_all()
    scene.deliver_all(NOW)
    answer = scene.planned(OutboundKind.NO_ACTIONS)
    assert (answer.state, answer.reason) == (OutboundState.FAILED, "550 no such user")
    scene.deliver_all(NOW + timedelta(days=2))
    assert len(wire.handed) == 1


def test_a_refused_account_pauses_every_mail(scene: Scene) -> None:
    """Trying each of them with the same wrong password would lock the account."""
    scene.mailer = wire = Wire([AccountError("535 wrong password")])
    for number in range(3):
        scene.mail_in(note(subject=f"note {number}"))
    scene.process_all()
    scene.deliver_all(NOW)
    assert len(wire.handed) == 1
    scene.deliver_all(NOW + ACCOUNT_PAUSE - timedelta(seconds=1))
    assert len(wire.handed) == 1, "what becomes due during the pause waits for its end as well"
    assert all(mail.reason == "535 wrong password" for mail in scene.outbox(OutboundKind.RECEIPT))
    scene.deliver_all(NOW + ACCOUNT_PAUSE)
    scene.deliver_all(NOW + ACCOUNT_PAUSE + timedelta(seconds=1))
    assert {mail.state for mail in scene.outbox(OutboundKind.RECEIPT, OutboundKind.QUESTION)} == {OutboundState.SENT}


def test_one_mail_that_fails_stops_no_other(scene: Scene) -> None:
    scene.mailer = wire = Wire([TemporaryError("busy"), PermanentError("never")])
    for number in range(3):
        scene.mail_in(note("nothing agreed", subject=f"note {number}"))
    scene.process_all()
    scene.deliver_all(NOW)
    assert len(wire.handed) == 3
    assert [mail.state for mail in scene.outbox(OutboundKind.NO_ACTIONS)] == [
        OutboundState.WAITING,
        OutboundState.FAILED,
        OutboundState.SENT,
    ]


# --- Leases --------------------------------------------------------------------------------------


def test_a_worker_with_a_stale_lease_sends_nothing(scene: Scene) -> None:
    """It was away for longer than its lease, and another one has sent the mail."""
    scene.mail_in(note())
    scene.process_all()
    with scene.app.database.write() as tx:
        late = attempts.claim_due(tx, NOW, NOW + LEASE)
    assert late
    scene.mailer = wire = Wire()
    scene.deliver_all(NOW + LEASE)
    handed = [envelope.recipient for envelope, *_ in wire.handed]
    assert handed.count(late.recipient) == 1
    with pytest.raises(StaleLeaseError):
        deliver._deliver(scene.delivery, late, NOW + LEASE)
    assert [envelope.recipient for envelope, *_ in wire.handed] == handed


def test_homework_that_the_coach_held_between_claim_and_send_stays(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    with scene.app.database.write() as tx:
        claimed = attempts.claim_due(tx, NOW + HOLD, NOW + HOLD + LEASE)
    assert claimed
    assert claimed.recipient == JANE
    scene.mailer = wire = Wire()
    answer = scene.browser(NOW + HOLD + LEASE).post(receipt.pages("n")[0], data={"do": "hold"})
    assert answer.headers["location"].endswith("?done=hold")
    with pytest.raises(StaleLeaseError):
        deliver._deliver(scene.delivery, claimed, NOW + HOLD + LEASE)
    scene.deliver_all(NOW + timedelta(days=3))
    assert wire.handed == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.HELD


def test_while_the_homework_is_just_going_the_coach_is_told_that_it_is_too_late(scene: Scene) -> None:
    """A promise to hold what is on the wire would be a lie."""
    (receipt,) = scene.send_note(note())
    url = receipt.pages("n")[0]
    said: list[str] = []

    def decide() -> None:
        for decision in ("hold", "send", "choose"):
            form = {"do": decision, "candidate": f"client-{scene.session('tom-before').client_id}"}
            said.append(scene.browser(NOW + HOLD + MINUTE).post(url, data=form).headers["location"])

    scene.mailer = Meanwhile(decide)
    scene.deliver_all(NOW + HOLD)
    assert [location.rpartition("=")[2] for location in said] == ["too-late"] * 3
    homework = scene.planned(OutboundKind.HOMEWORK)
    assert (homework.state, homework.recipient) == (OutboundState.SENT, JANE)


def test_a_mail_taken_over_while_it_was_sent_is_not_marked_by_the_late_worker(scene: Scene) -> None:
    scene.mail_in(note("nothing agreed"))
    scene.process_all()
    taken: list[object] = []

    def take_over() -> None:
        with scene.app.database.write() as tx:
            taken.append(attempts.claim_due(tx, NOW + LEASE, NOW + 2 * LEASE))

    scene.mailer = Meanwhile(take_over)
    assert deliver_next(scene.delivery, NOW)
    assert taken[0] is not None
    assert scene.planned(OutboundKind.NO_ACTIONS).state is OutboundState.WAITING


# --- Reviews -------------------------------------------------------------------------------------


def test_a_review_says_what_was_agreed_what_was_answered_and_what_was_not(scene: Scene) -> None:
    homework = scene.send_homework(note("Actions:\n- Call the GP\n- Sleep early\n\nMy actions:\n- Send the article\n"))
    scene.answer(homework.pages("a")[0], answer="partly", reflection="I got as far as the number.")
    (review,) = [mail for mail in scene.deliver_all(REVIEW_AT) if mail.recipient == ANNA and "Jane" in mail.subject]
    assert review.subject.startswith("Jane Doe, ")
    assert "> I got as far as the number." in review.text
    assert all(words in review.words for words in ("Call the GP", "Sleep early", "Send the article"))
    assert "No answer yet: Sleep early" in review.words


def test_a_review_that_could_not_go_in_time_expires(scene: Scene) -> None:
    scene.send_homework(note())
    scene.mailer = wire = Wire([TemporaryError("busy")] * 100)
    for hours in range(20):
        scene.deliver_all(REVIEW_AT + timedelta(hours=hours))
    review = next(m for m in scene.outbox(OutboundKind.REVIEW) if m.session_id == scene.session("jane-next").id)
    assert (review.state, review.reason) == (OutboundState.EXPIRED, "busy")
    tries = len(wire.handed)
    scene.deliver_all(JANE_NEXT + timedelta(days=1))
    assert len(wire.handed) == tries


def test_a_session_that_moved_a_minute_ago_moves_its_review(scene: Scene) -> None:
    scene.send_homework(note())
    scene.deliver_all(REVIEW_AT - MINUTE)
    later = JANE_NEXT + timedelta(days=1)
    scene.write_calendar(scene_calendar(moved(PRACTICE[1], later)))
    assert [mail for mail in scene.deliver_all(REVIEW_AT) if "Jane" in mail.subject] == []
    (review,) = scene.deliver_all(later - LEAD)
    assert "Jane Doe, Tuesday 1 December" in review.subject


def test_a_session_that_was_cancelled_a_minute_ago_gets_no_review(scene: Scene) -> None:
    scene.send_homework(note())
    scene.deliver_all(REVIEW_AT - MINUTE)
    scene.write_calendar(scene_calendar(replace(PRACTICE[1], cancelled=True)))
    assert scene.deliver_all(REVIEW_AT) == []
    assert scene.deliver_all(JANE_NEXT) == []
    assert review_states(scene, "jane-next") == [OutboundState.CANCELLED]


def test_a_calendar_that_cannot_be_read_right_now_keeps_no_review_back(scene: Scene) -> None:
    scene.send_homework(note())
    scene.write_calendar("no calendar at all")
    assert any("Jane" in mail.subject for mail in scene.deliver_all(REVIEW_AT))


def test_a_calendar_that_can_not_be_read_again_stops_neither_its_review_nor_other_mail(scene: Scene) -> None:
    scene.send_homework(note())
    scene.mail_in(note("nothing agreed", date=REVIEW_AT), REVIEW_AT)
    scene.process_all(REVIEW_AT)

    def find_nothing(coach: Coach, name: str) -> CalendarSource:
        raise LookupError("no such calendar")

    delivery = replace(scene.delivery, find_source=find_nothing)
    while deliver_next(delivery, REVIEW_AT):
        pass
    assert scene.planned(OutboundKind.NO_ACTIONS).state is OutboundState.SENT
    assert review_states(scene, "jane-next") == [OutboundState.SENT]


def test_no_review_goes_for_a_calendar_that_left_the_settings(scene: Scene) -> None:
    scene.send_homework(note())
    with scene.app.database.write() as tx:
        calendars.save_all(tx, {"anna@coach.example": []})
    scene.deliver_all(REVIEW_AT)
    assert review_states(scene, "jane-next") == [OutboundState.CANCELLED]


def test_a_review_with_nothing_to_say_is_cancelled(scene: Scene) -> None:
    assert scene.deliver_all(REVIEW_AT) == []
    assert review_states(scene, "jane-next") == [OutboundState.CANCELLED]


def test_a_late_note_brings_back_the_review_that_had_nothing_to_say(scene: Scene) -> None:
    scene.deliver_all(REVIEW_AT)
    late = REVIEW_AT + MINUTE
    scene.mail_in(note("Client: Jane Doe\n\nActions:\n- Book the GP\n", date=NOW), late)
    scene.process_all(late)
    (review,) = [mail for mail in scene.deliver_all(late + HOLD) if mail.subject.startswith("Jane Doe")]
    assert "Book the GP" in review.words


def test_a_review_goes_once_however_often_the_calendar_is_read(scene: Scene) -> None:
    scene.send_homework(note())
    sent = scene.deliver_all(REVIEW_AT)
    for minutes in range(3):
        scene.sync(REVIEW_AT + minutes * MINUTE)
        sent += scene.deliver_all(REVIEW_AT + minutes * MINUTE)
    assert len([mail for mail in sent if "Jane" in mail.subject]) == 1


# --- What stays open -----------------------------------------------------------------------------


def test_an_open_action_comes_along_until_it_is_done(scene: Scene) -> None:
    first = scene.send_homework(note("Actions:\n- Call the GP\n- Sleep early\n"))
    scene.answer(first.pages("a")[0], answer="done")
    week = JANE_NEXT + timedelta(hours=1)
    scene.plan(*PRACTICE, Event("jane-third", JANE_NEXT + timedelta(days=7), JANE), now=week)
    second = scene.send_homework(note("Actions:\n- Write to Sam\n", date=week), week)
    assert "Still open: 2. Sleep early" in second.words
    assert "Call the GP" not in second.words
    assert len(second.pages("a")) == 2
    scene.answer(second.pages("a")[1], week + timedelta(days=1), answer="done", reflection="In bed at ten.")
    review = scene.deliver_all(JANE_NEXT + timedelta(days=7) - LEAD)[-1]
    assert "Write to Sam" in review.words
    assert "In bed at ten." in review.words, "what the client wrote is seen once, also of what is done by now"
    third = JANE_NEXT + timedelta(days=7, hours=1)
    scene.sync(third)
    assert (
        "Sleep early"
        not in scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Rest\n", date=third), third).words
    )


def test_an_open_action_comes_along_until_the_coach_drops_it(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n- Sleep early\n"))
    review = scene.deliver_all(REVIEW_AT)[-1]
    url = review.pages("r")[0]
    page = scene.browser(REVIEW_AT).get(url).text
    assert 'name="do" value="drop"' in page
    dropped = scene.actions()[0]
    scene.browser(REVIEW_AT).post(url, data={"do": "drop", "action": str(dropped.id)})
    week = JANE_NEXT + timedelta(hours=1)
    scene.sync(week)
    second = scene.send_homework(note("Actions:\n- Write to Sam\n", date=week), week)
    assert dropped.text not in second.words
    assert "Sleep early" in second.words


def test_the_open_actions_of_one_client_never_come_along_to_another(scene: Scene) -> None:
    scene.send_homework(note())
    homework = scene.send_homework(note("Actions:\n- Write to Sam\n", subject="Tom Okafor"))
    assert homework.recipient == TOM
    assert FIRST not in homework.words
    assert SECOND not in homework.words
    assert NAMES[JANE] not in homework.text + homework.html


def test_homework_of_ticked_actions_goes_as_the_receipt_said(scene: Scene) -> None:
    """Everything was ticked in the session itself."""
    homework = scene.send_homework(note("Actions:\n- [x] Call the GP\n- [x] Sleep early\n"))
    assert "Call the GP" in homework.words
    assert "Sleep early" in homework.words


@pytest.mark.parametrize("change", ["hold", "cancel"])
def test_what_the_coach_kept_back_does_not_reach_the_client_with_a_later_homework(
    scene: Scene, change: OutboundChange
) -> None:
    scene.send_note(note("Actions:\n- Meant for somebody else\n"))
    change_outbound(scene.app.database, scene.planned(OutboundKind.HOMEWORK).id, change, NOW)
    later = scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Book the GP\n", date=NOW + MINUTE), NOW + MINUTE)
    assert "Book the GP" in later.words
    assert "Meant for somebody else" not in later.words
    for page in (*later.pages("a"), *later.pages("h")):
        assert "Meant for somebody else" not in scene.browser(NOW + HOLD + MINUTE).get(page).text


# --- Templates -----------------------------------------------------------------------------------


def test_a_broken_template_of_the_operator_stops_no_other_mail(tmp_path: Path) -> None:
    templates = tmp_path / "own" / "emails"
    templates.mkdir(parents=True)
    broken = templates / "receipt.html"
    broken.write_text("{% if %}", encoding="utf-8")
    with open_scene(tmp_path, templates=f'templates = "{tmp_path}/own"') as scene:
        scene.mail_in(note())
        scene.process_all()
        (homework,) = scene.deliver_all(NOW + HOLD)
        assert homework.recipient == JANE
        receipt = scene.planned(OutboundKind.RECEIPT)
        assert receipt.state is OutboundState.WAITING
        assert receipt.reason.startswith(f"{broken}, line 1, can't be rendered: ")
        broken.unlink()
        assert [mail.recipient for mail in scene.deliver_all(receipt.due_at)] == [ANNA]


# --- What the client sees, and the headers -------------------------------------------------------


def test_nothing_of_the_private_notes_reaches_the_client(scene: Scene) -> None:
    text = (
        "She seemed tired.\n\nSummary: You caught it.\n\nActions:\n- Call the GP\n\nMy actions:\n- Send the article\n"
    )
    homework = scene.send_homework(note(text, subject="Worried about her"))
    whole = homework.raw.decode() + homework.text + homework.html
    for private in ("tired", "Send the article", "Worried"):
        assert private not in whole
    assert "You caught it." in homework.words


def test_homework_comes_from_the_coach_via_the_service_and_answers_go_to_the_notes_address(scene: Scene) -> None:
    headers = scene.send_homework(note()).headers
    assert headers["From"] == "Anna Berg via mailflow <homework@mailflow.example>"
    assert headers["To"] == JANE
    assert headers["Reply-To"] == f"Anna Berg <{NOTES}>"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["In-Reply-To"] is None
    assert headers["Date"].datetime == NOW + HOLD


def test_a_receipt_is_an_answer_in_the_thread_of_the_note(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(message_id="<note-1@coach.example>"))
    headers = receipt.headers
    assert headers["From"] == "mailflow <homework@mailflow.example>"
    assert headers["Reply-To"] == "mailflow <notes@mailflow.example>"
    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert headers["In-Reply-To"] == headers["References"] == "<note-1@coach.example>"


def test_a_review_is_no_answer_to_anything(scene: Scene) -> None:
    scene.send_homework(note())
    review = scene.deliver_all(REVIEW_AT)[-1]
    assert review.headers["Auto-Submitted"] == "auto-generated"
    assert review.headers["In-Reply-To"] is None
    assert review.headers["Reply-To"] == "mailflow <notes@mailflow.example>"


def test_a_long_message_id_of_outlook_stays_as_it_is(scene: Scene) -> None:
    long_id = f"<{'AM0PR0102MB3123' * 9}@AM0PR0102MB3123.eurprd01.prod.exchangelabs.example>"
    (receipt,) = scene.send_note(note(message_id=long_id))
    assert long_id.encode() in b"".join(receipt.raw.split(b"\r\n "))
    assert b"=?" not in receipt.raw.partition(b"\r\n\r\n")[0]
    assert receipt.headers["References"].strip() == long_id


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?Notes=0D=0ABcc:_mallory@evil.example?=",
        "=?utf-8?q?Notes=0ABcc:_mallory@evil.example=0A=0ABody?=",
        "=?utf-8?q?gnp.=E2=80=AEfdp?=",
        "=?utf-8?b?" + "w6TDtsO8" * 40 + "?=",
    ],
    ids=["CRLF", "LF", "right-to-left", "long"],
)
def test_a_hostile_subject_stays_one_line_and_brings_no_header(scene: Scene, subject: str) -> None:
    raw = note("nothing agreed").replace(b"Subject: Notes from today", f"Subject: {subject}".encode())
    (answer,) = scene.send_note(raw)
    assert answer.headers["Bcc"] is None
    assert len(answer.headers.get_all("Subject", [])) == 1
    assert not set(answer.subject) & set("\r\n\u202e")
    assert max(len(line) for line in answer.raw.split(b"\r\n")) <= 998


def test_names_of_every_script_arrive(tmp_path: Path) -> None:
    with open_scene(tmp_path, name="Ægir Þórsson, 李") as scene:
        headers = scene.send_homework(note()).headers
        assert headers["From"].addresses[0].display_name == "Ægir Þórsson, 李 via mailflow"
        assert headers["From"].addresses[0].addr_spec == "homework@mailflow.example"
        assert headers["Reply-To"].addresses[0].display_name == "Ægir Þórsson, 李"


def test_a_mail_is_seven_bit_with_crlf_and_short_lines(scene: Scene) -> None:
    homework = scene.send_homework(note("Actions:\n- Ünder the Straße: " + "x" * 2000 + "\n"))
    assert homework.raw.isascii()
    assert b"\n" not in homework.raw.replace(b"\r\n", b"")
    assert max(len(line) for line in homework.raw.split(b"\r\n")) <= 998


def test_every_link_begins_with_the_address_in_the_settings(scene: Scene) -> None:
    homework = scene.send_homework(note())
    assert homework.links
    assert all(link.startswith("http://testserver/") for link in homework.links)


def scene_calendar(jane_next: Event) -> str:
    return calendar(JANE_BEFORE, jane_next, *PRACTICE[2:])


def review_states(scene: Scene, uid: str) -> list[OutboundState]:
    session = scene.session(uid)
    return [mail.state for mail in scene.outbox(OutboundKind.REVIEW) if mail.session_id == session.id]
