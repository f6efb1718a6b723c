"""Each way that homework once took to the wrong client. Certain or asked, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.errors import PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.decide import choose
from mailflow.flows.deliver import deliver_next
from mailflow.flows.gather import candidates_of
from mailflow.flows.intervene import change_outbound
from mailflow.flows.resume import resume
from mailflow.model import OutboundKind, OutboundState
from mailflow.rules.matching import Reason
from mailflow.store import calendars, notes
from tests.builders import ics, ics_event
from tests.flows.test_deliver import Meanwhile, Wire
from tests.scene import (
    ANNA,
    CARLA,
    HOLD,
    JANE,
    JANE_BEFORE,
    NOTES,
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
    assert any("answers a mail about one client" in mail.words for mail in sent)
    assert scene.planned(OutboundKind.HOMEWORK).reason == "a correction may be for another client"


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


def test_note_beside_one_that_waits_for_its_client_is_asked_about(scene: Scene) -> None:
    """Tom's session was too long ago, Jane's is the only one lately, and her note came before and is asked about."""
    began = NOW + timedelta(hours=1)
    tom, jane = Event("tom-now", began, TOM), Event("jane-now", began + timedelta(hours=1), JANE)
    both = began + timedelta(hours=2)
    scene.plan(JANE_BEFORE, tom, jane, now=both)
    (question,) = scene.send_note(note("Actions:\n- For Jane alone\n", date=both), both)
    later = began + timedelta(hours=18, minutes=30)
    scene.sync(later)
    (other,) = scene.send_note(note(BLOCK, date=later), later)
    assert "only one of the two can be about your last session" in other.words
    scene.send_note(reply_to(question, "Client: Jane Doe", date=later), later)
    scene.send_note(reply_to(other, "Client: Tom Okafor", date=later), later)
    sent = scene.deliver_all(later + HOLD)
    assert (reached(scene, sent), reached(scene, sent, "For Jane alone")) == ({TOM}, {JANE})


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


# --- The calendar --------------------------------------------------------------------------------


def reached_anybody(scene: Scene, at: datetime = NOW) -> list[str]:
    scene.mail_in(note("Actions:\n- Private to one person\n", date=at), at)
    scene.process_all(at)
    return [mail.recipient for mail in scene.deliver_all(at + HOLD) if mail.recipient != ANNA]


def read(scene: Scene, *events: str, at: datetime = NOW) -> None:
    scene.write_calendar(ics(*events).decode())
    scene.sync(at)


HOUR_AGO = NOW - timedelta(hours=1)


def invited(address: str, status: str = "ACCEPTED", name: str = "X") -> str:
    return f"ATTENDEE;CN={name};PARTSTAT={status}:{address}"


def test_session_of_a_calendar_that_left_the_settings_is_no_match(scene: Scene) -> None:
    with scene.app.database.write() as tx:
        calendars.save_all(tx, {ANNA: []})
    assert reached_anybody(scene) == []


def test_event_that_can_not_be_read_makes_a_nameless_note_uncertain(scene: Scene) -> None:
    broken = ics_event("tom", f"DTSTART;TZID=Nowhere:{NOW - timedelta(minutes=30):%Y%m%dT%H%M%S}")
    read(scene, *(event.text() for event in PRACTICE), broken)
    assert reached_anybody(scene) == []


@pytest.mark.parametrize(("hours_ago", "reaches"), [(23, [JANE]), (25, [])])
def test_calendar_that_is_read_twice_a_day_is_current_for_a_day(
    scene: Scene, hours_ago: int, reaches: list[str]
) -> None:
    with scene.app.database.write() as tx:
        calendars.save_all(tx, {ANNA: [("calendar", timedelta(hours=12))]})
    read_at = NOW - timedelta(hours=hours_ago)
    scene.run_sql(f"UPDATE calendars SET synced_at = {int(read_at.timestamp())}")
    assert reached_anybody(scene) == reaches


def test_first_name_alone_decides_nothing_while_the_calendar_can_not_be_read(scene: Scene) -> None:
    late = NOW + timedelta(hours=2)
    scene.mail_in(note("Client: Jane\n\nActions:\n- Call\n", date=late), late)
    scene.process_all(late)
    assert [mail.recipient for mail in scene.deliver_all(late + HOLD)] == [ANNA]


def test_invitation_without_organiser_that_the_coach_has_not_accepted_is_no_session(scene: Scene) -> None:
    asked = [invited(f"mailto:{ANNA}", "NEEDS-ACTION"), invited("mailto:evil@x.example")]
    read(scene, ics_event("a", HOUR_AGO, client=None, organizer="", extra=asked))
    assert reached_anybody(scene) == []


def test_address_is_written_to_as_the_calendar_has_it(scene: Scene) -> None:
    read(scene, ics_event("a", HOUR_AGO, client=None, extra=[invited("mailto:Eva@wei\u00df.example")]))
    scene.send_note(note("Actions:\n- Call\n"))
    assert scene.planned(OutboundKind.HOMEWORK).recipient == "eva@wei\u00df.example"


def test_another_coach_who_organised_a_session_is_no_client(scene: Scene) -> None:
    both = [invited(f"mailto:{CARLA}"), invited(f"mailto:{ANNA}")]
    read(scene, ics_event("supervision", HOUR_AGO, client=None, organizer=CARLA, extra=both))
    assert reached_anybody(scene) == []


def test_people_without_an_address_are_not_one_client(scene: Scene) -> None:
    read(
        scene,
        ics_event("a", HOUR_AGO, client=None, extra=[invited("invalid:nomail", name="Jane")]),
        ics_event("b", NOW + timedelta(hours=3), client=None, extra=[invited("invalid:nomail", name="Tom")]),
    )
    assert reached_anybody(scene) == []


SOMEBODY = [
    [invited("invalid:nomail", name="Eva")],
    [invited("mailto:a@x.example"), invited("mailto:b@x.example")],
    [invited("mailto:a@x.example", "DECLINED")],
]


@pytest.mark.parametrize("attendees", SOMEBODY, ids=["without an address", "two", "declined"])
def test_note_after_an_event_with_somebody_who_is_no_client_is_asked_about(scene: Scene, attendees: list[str]) -> None:
    read(scene, JANE_BEFORE.text(), ics_event("x", NOW - timedelta(minutes=30), client=None, extra=attendees))
    assert reached_anybody(scene) == []
    with scene.app.database.read() as tx:
        assert notes.get(tx, 1).match_reason == Reason.MET_OTHERS


def test_events_before_the_session_and_appointments_of_the_coach_alone_leave_a_note_certain(scene: Scene) -> None:
    before = ics_event("x", NOW - timedelta(hours=3), client=None, extra=SOMEBODY[1])
    read(scene, before, JANE_BEFORE.text(), ics_event("dentist", NOW - timedelta(minutes=15), client=None))
    assert reached_anybody(scene) == [JANE]


def test_session_that_becomes_a_series_does_not_wait_for_a_note_again(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call\n"))
    later = NOW + timedelta(hours=2)
    series = ics_event("jane-before", JANE_BEFORE.start, lasts=timedelta(minutes=50), extra=["RRULE:FREQ=WEEKLY"])
    read(scene, series, at=later)
    assert reached_anybody(scene, later) == []


def test_session_that_becomes_somebody_elses_before_the_homework_goes_is_asked_about(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call\n"))
    scene.plan(replace(JANE_BEFORE, client=TOM))
    (question,) = scene.deliver_all(NOW + HOLD)
    assert question.recipient == ANNA
    assert "not certain any more which session it was" in question.words
    assert scene.planned(OutboundKind.QUESTION).state is OutboundState.SENT
    assert scene.planned(OutboundKind.HOMEWORK).reason == "the calendar changed: it may be another client's"


TOM_NOW = Event("tom-now", NOW - timedelta(minutes=30), TOM)


@pytest.mark.parametrize(
    "changed",
    [
        (replace(JANE_BEFORE, start=NOW + timedelta(days=1)),),
        (replace(JANE_BEFORE, start=NOW - timedelta(days=5)),),
        (JANE_BEFORE, TOM_NOW),
    ],
    ids=["moved ahead", "moved back", "another appears"],
)
def test_note_that_its_time_alone_gave_away_is_asked_about_when_the_calendar_changes(
    scene: Scene, changed: tuple[Event, ...]
) -> None:
    scene.send_note(note(BLOCK))
    scene.plan(*changed, *PRACTICE[1:])
    (question,) = scene.deliver_all(NOW + HOLD)
    assert question.recipient == ANNA
    assert scene.client_of() == ""


def test_note_is_asked_about_when_an_event_with_two_people_turns_up_behind_its_session(scene: Scene) -> None:
    scene.send_note(note(BLOCK))
    two = ics_event("x", NOW - timedelta(minutes=30), client=None, extra=SOMEBODY[1])
    read(scene, *(event.text() for event in PRACTICE), two)
    (question,) = scene.deliver_all(NOW + HOLD)
    assert question.recipient == ANNA
    assert scene.client_of() == ""


def test_note_keeps_its_client_when_the_calendar_changes_elsewhere(scene: Scene) -> None:
    """Also where the session itself moves a little, or others come that have their notes."""
    scene.send_note(note("Actions:\n- Call\n"))
    scene.mail_in(note(f"Client: Tom Okafor\n\n{BLOCK}"))
    scene.mail_in(note("Client: Jane Doe\n\nActions:\n- Call again\n"))
    scene.process_all()
    scene.plan(replace(JANE_BEFORE, start=NOW - timedelta(minutes=80)), *PRACTICE[1:], TOM_NOW)
    sent = scene.deliver_all(NOW + HOLD)
    assert sorted(mail.recipient for mail in sent) == sorted([ANNA, ANNA, JANE, JANE, TOM])


def test_note_is_taken_back_whose_session_changed_hands_during_an_attempt_that_was_refused(scene: Scene) -> None:
    def change_and_refuse() -> None:
        scene.plan(replace(JANE_BEFORE, client=TOM), now=NOW + HOLD)
        raise PermanentError("550 no such user")

    scene.send_note(note(BLOCK))
    folder, scene.mailer = scene.mailer, Meanwhile(change_and_refuse)
    deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    (question,) = scene.deliver_all(NOW + HOLD)
    assert "not certain any more which session it was" in question.words
    assert scene.client_of() == ""


def test_note_is_taken_back_whose_session_changed_hands_during_an_attempt_that_ended_mailflow(scene: Scene) -> None:
    """Also where the calendar can't be read again afterwards."""

    class Killed(BaseException):
        pass

    def change_and_die() -> None:
        scene.plan(replace(JANE_BEFORE, client=TOM), now=NOW + HOLD)
        raise Killed

    scene.send_note(note(BLOCK))
    folder, scene.mailer = scene.mailer, Meanwhile(change_and_die)
    with pytest.raises(Killed):
        deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    resume(scene.app.database, NOW + HOLD)
    assert {mail.recipient for mail in scene.deliver_all(NOW + 2 * HOLD)} == {ANNA}


def test_client_whom_the_coach_named_stays_when_the_session_changes_hands(scene: Scene) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call\n"))
    scene.plan(replace(JANE_BEFORE, client=TOM))
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [JANE]


WILL = "will@client.example"


@pytest.mark.parametrize("text", ["Actions for Will:\n- His secret\n", "Actions:\n- His secret\n"])
def test_correction_that_may_name_a_client_with_a_common_word_for_a_name_is_asked(scene: Scene, text: str) -> None:
    scene.plan(*PRACTICE, Event("will", NOW - timedelta(days=3), WILL))
    scene.run_sql(f"UPDATE clients SET name = 'Will Smith' WHERE email = '{WILL}'")
    (told,) = scene.send_note(note("She was tired.\n", subject="notes"))
    answered = str(told.headers["Message-ID"])
    subject = "notes" if "Will" in text else "Notes Will"
    scene.mail_in(note(text, subject=subject, headers={"In-Reply-To": answered}))
    scene.process_all()
    sent = scene.deliver_all(NOW + HOLD)
    assert {mail.recipient for mail in sent} == {ANNA}


def test_client_who_organised_a_session_with_somebody_else_in_it_is_not_passed_by(scene: Scene) -> None:
    """Outlook lists no organiser among the attendees: the other one is not the only person."""
    read(
        scene,
        ics_event(
            "x", HOUR_AGO, client=None, organizer=JANE, extra=[invited(f"mailto:{ANNA}"), invited(f"mailto:{TOM}")]
        ),
    )
    assert reached_anybody(scene) == []


def test_choice_on_a_page_whose_session_became_somebody_elses_gives_it_to_nobody(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-now", HOUR_AGO, TOM))
    (question,) = scene.send_note(note("Actions:\n- For Jane alone\n"))
    seen = candidate(scene, "jane-before")
    scene.plan(replace(JANE_BEFORE, client="bob@client.example"), Event("tom-now", HOUR_AGO, TOM))
    answer = scene.browser().post(question.pages("n")[0], data={"do": "choose", "candidate": seen})
    assert answer.headers["location"].endswith("?done=too-late")
    assert scene.deliver_all(NOW + HOLD) == []


def test_refused_homework_that_was_given_to_another_client_can_not_be_released(scene: Scene) -> None:
    """Its bytes exist, and one attempt may have arrived."""
    scene.send_note(note("Actions:\n- Tom's own\n"))
    folder, scene.mailer = scene.mailer, Wire([UnknownOutcomeError("broken"), PermanentError("550 no")])
    scene.deliver_all(NOW + HOLD)
    scene.deliver_all(NOW + HOLD + timedelta(minutes=5))
    homework = scene.planned(OutboundKind.HOMEWORK)
    assert homework.state is OutboundState.FAILED
    scene.mailer = folder
    with scene.app.database.write() as tx:
        assert choose(tx, notes.get(tx, 1), candidate(scene, "tom-before"), NOW + HOLD)
    with pytest.raises(PermanentError, match="cancelled already"):
        change_outbound(scene.app.database, homework.id, "release", NOW + HOLD)
    assert JANE not in {mail.recipient for mail in scene.deliver_all(NOW + 2 * HOLD)}


def test_frozen_homework_of_a_note_that_is_another_clients_by_now_is_not_sent(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Tom's own\n"))
    folder, scene.mailer = scene.mailer, Wire([TemporaryError("451 later")])
    scene.deliver_all(NOW + HOLD)
    scene.mailer = folder
    with scene.app.database.write() as tx:
        (tom,) = [c for c in candidates_of(tx, notes.get(tx, 1)) if c.client.email == TOM]
        notes.assign(tx, 1, tom.client.id, None, Reason.COACH_CHOSE)
    assert scene.deliver_all(NOW + 2 * HOLD) == []
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.CANCELLED


def test_wrong_event_that_is_deleted_and_made_anew_for_another_client_is_asked_about(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Tom's own\n"))
    scene.plan(Event("tom-now", HOUR_AGO, TOM), *PRACTICE[1:])
    assert {mail.recipient for mail in scene.deliver_all(NOW + HOLD)} == {ANNA}


def test_session_that_becomes_a_series_within_the_hold_keeps_its_note(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call\n"))
    read(
        scene,
        ics_event("jane-before", JANE_BEFORE.start, lasts=timedelta(minutes=50), extra=["RRULE:FREQ=WEEKLY"]),
    )
    assert JANE in {mail.recipient for mail in scene.deliver_all(NOW + HOLD)}


@pytest.mark.parametrize("sender", ["anna@coach.example".replace("c", "\u217d"), "anna@coa\u212ah.example"])
def test_address_that_only_looks_like_a_coachs_is_a_strangers(scene: Scene, sender: str) -> None:
    raw = note("Actions:\n- Pay me\n").replace(b"anna@coach.example", sender.encode())
    scene.mail_in(raw)
    scene.process_all()
    assert scene.deliver_all(NOW + HOLD) == []


def test_session_that_changes_hands_while_the_homework_is_on_its_way_is_asked_about(scene: Scene) -> None:
    """Nobody can take back what an attempt holds; where that fails, the next one must not go to the first client."""

    def change_hands_and_fail() -> None:
        scene.plan(replace(JANE_BEFORE, client=TOM), now=NOW + HOLD)
        raise TemporaryError("451 later")

    scene.send_note(note("Actions:\n- Tom's own\n"))
    folder, scene.mailer = scene.mailer, Meanwhile(change_hands_and_fail)
    assert deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    assert {mail.recipient for mail in scene.deliver_all(NOW + 2 * HOLD)} == {ANNA}
