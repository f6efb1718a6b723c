"""Each way that homework once took to the wrong client. Certain or asked, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.flows.decide import choose
from mailflow.flows.gather import candidates_of
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import calendars, notes
from tests.builders import ics, ics_event
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
    assert "is another client's in your calendar by now" in question.words
    assert scene.planned(OutboundKind.QUESTION).state is OutboundState.SENT
    assert scene.planned(OutboundKind.HOMEWORK).reason == "its session became another client's"


def test_client_whom_the_coach_named_stays_when_the_session_changes_hands(scene: Scene) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call\n"))
    scene.plan(replace(JANE_BEFORE, client=TOM))
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [JANE]
