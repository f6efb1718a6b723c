"""No notes came: the coach is asked once, and a reply is about that very session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.flows.deliver import Delivery, deliver_next
from mailflow.flows.intervene import change_outbound
from mailflow.model import Client, OutboundKind, OutboundState
from mailflow.rules.matching import Reason
from tests.builders import DAY, HOUR, ics, ics_event
from tests.flows.test_group import Circle, group
from tests.scene import (
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    NOW,
    TOM,
    Event,
    Scene,
    SentMail,
    calendar,
    moved,
    note,
    open_scene,
    reply_to,
)

MINUTE = timedelta(minutes=1)
ASK = 'ask_for_notes = "2 hours"'
NEXT = Event("jane-next", JANE_NEXT, JANE)
ENDS = JANE_NEXT + NEXT.lasts
ASKED = ENDS + 2 * HOUR


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path, coach=ASK) as scene:
        scene.plan(JANE_BEFORE, NEXT)
        scene.deliver_all(NOW + 3 * DAY)
        yield scene


def questions(scene: Scene, now: datetime) -> list[SentMail]:
    return [mail for mail in scene.deliver_all(now) if mail.subject.startswith("No notes yet")]


def test_nobody_is_asked_who_does_not_want_it(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        assert questions(scene, ASKED) == []


def test_coach_is_asked_two_hours_after_the_session_and_once(scene: Scene) -> None:
    assert questions(scene, ASKED - MINUTE) == []
    (question,) = questions(scene, ASKED)
    assert question.subject == "No notes yet: Jane Doe, Monday 30 November at 17:00"
    assert "ended at 17:50" in question.text
    assert questions(scene, ASKED + DAY) == []


@pytest.mark.parametrize("ago", [4 * HOUR, 5 * DAY])
def test_session_that_was_over_before_it_was_seen_is_not_asked_about(scene: Scene, ago: timedelta) -> None:
    scene.plan(JANE_BEFORE, NEXT, Event("old", NOW - ago, TOM), now=NOW)
    assert questions(scene, NOW) == []


def test_calendar_that_left_the_settings_is_not_asked_about(scene: Scene) -> None:
    scene.run_sql("UPDATE calendars SET active = 0")
    assert questions(scene, ASKED) == []


@pytest.mark.parametrize(
    "text", ["Actions:\n- Call the GP\n", "We only talked.\n", "Client: Peter\n\nActions:\n- Walk\n"]
)
def test_notes_that_came_end_it_whatever_is_in_them_and_whoever_has_them(scene: Scene, text: str) -> None:
    now = ENDS + HOUR
    scene.send_note(note(text, date=now), now)
    assert questions(scene, ASKED) == []


def test_notes_of_another_session_do_not(scene: Scene) -> None:
    now = JANE_NEXT - HOUR
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Walk\n", date=now), now)
    assert len(questions(scene, ASKED)) == 1


def test_session_that_moves_is_asked_about_after_its_new_end(scene: Scene) -> None:
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + HOUR), now=JANE_NEXT)
    assert questions(scene, ASKED) == []
    assert len(questions(scene, ASKED + HOUR)) == 1


def test_session_that_was_cancelled_in_the_calendar_a_minute_before_is_not_asked_about(scene: Scene) -> None:
    scene.write_calendar(calendar(JANE_BEFORE))
    assert questions(scene, ASKED) == []


def test_reply_is_about_that_session_whatever_others_there_were(scene: Scene) -> None:
    scene.plan(JANE_BEFORE, NEXT, Event("tom-then", ENDS + 10 * MINUTE, TOM), now=JANE_NEXT)
    (question,) = questions(scene, ASKED)
    receipt, *_ = scene.send_note(reply_to(question, "Actions:\n- Call the GP\n", date=ASKED + MINUTE), ASKED + MINUTE)
    assert scene.client_of() == JANE
    assert scene.note().match_reason == Reason.IN_REPLY
    assert scene.note().session_id == scene.session("jane-next").id
    assert "Because your note answers a mail about Jane." in receipt.text


def test_reply_that_names_somebody_else_is_asked_about(scene: Scene) -> None:
    scene.plan(JANE_BEFORE, NEXT, Event("tom-then", ENDS + 10 * MINUTE, TOM), now=JANE_NEXT)
    (question,) = questions(scene, ASKED)
    now = ASKED + MINUTE
    scene.send_note(reply_to(question, "Client: Tom\n\nActions:\n- Call the GP\n", date=now), now)
    assert scene.client_of() == ""


def test_late_question_is_left_out(scene: Scene) -> None:
    assert questions(scene, ASKED + DAY) == []
    asked = [mail for mail in scene.outbox(OutboundKind.NO_NOTES) if mail.planned_at == ASKED]
    assert [mail.state for mail in asked] == [OutboundState.EXPIRED]


def test_group_is_asked_about_once_with_everybody(tmp_path: Path) -> None:
    coach, rule = ASK, '[[coach.calendar.rule]]\ntitle = "Group"\ngroup = true'
    with open_scene(tmp_path, coach=coach, rule=rule) as scene:
        both = [f"ATTENDEE;CN=Tom Okafor;PARTSTAT=ACCEPTED:mailto:{TOM}"]
        jane = Client(id=0, coach_id=0, email=JANE, name="Jane Doe")
        event = ics_event("group", JANE_NEXT, lasts=NEXT.lasts, client=jane, title="Group", extra=both)
        scene.write_calendar(ics(event).decode())
        scene.sync()
        (question,) = questions(scene, ASKED)
        assert question.subject == "No notes yet: Jane Doe, Tom Okafor, Monday 30 November at 17:00"
        now = ASKED + MINUTE
        scene.send_note(reply_to(question, "Actions:\n- Read chapter 3\n", date=now), now)
        assert [scene.client_of(number) for number in (1, 2)] == [JANE, TOM]


# --- When something comes between ---------------------------------------------------------------


def test_session_in_two_calendars_is_asked_about_once(scene: Scene) -> None:
    scene.plan(JANE_BEFORE, NEXT, replace(NEXT, uid="copy"))
    assert len(questions(scene, ASKED)) == 1


def test_question_that_a_person_holds_outlives_a_calendar_that_was_empty_for_a_moment(scene: Scene) -> None:
    question = next(mail for mail in scene.outbox(OutboundKind.NO_NOTES) if mail.planned_at == ASKED)
    change_outbound(scene.app.database, question.id, "hold", NOW)
    scene.plan(JANE_BEFORE, now=NOW + 4 * DAY)
    scene.plan(JANE_BEFORE, NEXT, now=NOW + 4 * DAY)
    assert questions(scene, ASKED) == []


@pytest.mark.parametrize(
    ("text", "whose"), [("Actions:\n- Read chapter 3\n", [1, 2]), ("Actions for Jane:\n- Call\n", [1])]
)
def test_reply_to_the_question_about_a_group_is_about_that_group(tmp_path: Path, text: str, whose: list[int]) -> None:
    """A mail of its own with the same words, at the same moment, needs no question."""
    with open_scene(tmp_path, coach=ASK) as scene:
        circle = Circle(scene)
        circle.plan(group("g", 10, JANE, TOM))
        now = NOW + 3 * HOUR
        delivery = Delivery(scene.app.database, scene.app.composer, scene.mailer, circle.find_source)
        while deliver_next(delivery, now):
            pass
        (question,) = scene.sent()
        circle.sync(now)
        scene.mail_in(reply_to(question, text, date=now + MINUTE), now + MINUTE)
        scene.process_all(now + MINUTE)
        assert [one.client_id for one in circle.notes()] == whose


def test_session_that_moved_to_next_week_after_the_question_is_asked_about_again(scene: Scene) -> None:
    assert len(questions(scene, ASKED)) == 1
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + 7 * DAY), now=ASKED + MINUTE)
    assert len(questions(scene, ASKED + 7 * DAY)) == 1


def test_session_that_ended_right_before_the_first_reading_is_not_asked_about(tmp_path: Path) -> None:
    """The first reading comes 20 minutes after JANE_BEFORE ended."""
    with open_scene(tmp_path, coach=ASK) as scene:
        assert questions(scene, NOW + 2 * HOUR) == []


def test_notes_that_wait_in_the_inbox_end_it(scene: Scene) -> None:
    scene.mail_in(note(date=ENDS + HOUR), ENDS + HOUR)
    assert questions(scene, ASKED) == []


# --- m0022
