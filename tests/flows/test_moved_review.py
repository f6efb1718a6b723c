"""A session has one review before it, wherever it moves: not none, and not two."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.errors import TemporaryError, UnknownOutcomeError
from mailflow.flows.intervene import change_outbound
from mailflow.model import OutboundKind, OutboundState
from tests.builders import DAY, HOUR, ics, ics_event
from tests.flows.test_deliver import Wire
from tests.scene import JANE, JANE_BEFORE, JANE_NEXT, LEAD, NOW, TOM, Event, Scene, SentMail, moved, note

NEXT = Event("jane-next", JANE_NEXT, JANE)
REVIEWED = JANE_NEXT - LEAD


def reviews(scene: Scene, now: datetime) -> list[SentMail]:
    return [mail for mail in scene.deliver_all(now) if mail.pages("r")]


@pytest.fixture
def reviewed(scene: Scene) -> Scene:
    """Jane's next session has had its review, two hours before."""
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    assert len(reviews(scene, REVIEWED)) == 1
    return scene


def test_session_that_moves_to_next_week_after_its_review_has_another_one(reviewed: Scene) -> None:
    reviewed.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + 7 * DAY), now=REVIEWED + HOUR)
    assert reviews(reviewed, REVIEWED + HOUR) == []
    (again,) = reviews(reviewed, REVIEWED + 7 * DAY)
    assert "Call the GP" in again.text
    assert reviews(reviewed, REVIEWED + 8 * DAY) == []


def test_review_after_a_move_says_what_is_new_and_the_rest_in_a_line(scene: Scene) -> None:
    homework = scene.send_homework(note("Actions:\n- Call the GP\n- Walk before breakfast\n"))
    walk = homework.pages("a")[1]
    scene.answer(walk, NOW + HOUR, answer="partly", reflection="Twice.")
    (first,) = reviews(scene, REVIEWED)
    assert "You had this review" not in first.text
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + DAY), now=REVIEWED + HOUR)
    call = homework.pages("a")[0]
    scene.answer(call, REVIEWED + 2 * HOUR, answer="done", reflection="He was kind.")
    (again,) = reviews(scene, REVIEWED + DAY)
    assert (
        "You had this review on Monday 30 November at 15:00, when the session was to begin on Monday 30 November "
        "at 17:00. New since then: 1. Done: Call the GP > He was kind." in again.words
    )
    assert "As before: 2. Walk before breakfast (Partly)" in again.words
    assert "Twice." not in again.text
    assert len(again.text) < len(first.text) * 1.2


def test_review_after_a_move_without_news_says_so(reviewed: Scene) -> None:
    reviewed.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + DAY), now=REVIEWED + HOUR)
    (again,) = reviews(reviewed, REVIEWED + DAY)
    assert "Nothing is new since then." in again.words
    assert "1. Call the GP (No answer yet)" in again.text
    assert "first homework" not in again.text


@pytest.mark.parametrize("by", [-HOUR, timedelta(minutes=15), HOUR])
def test_session_that_moves_a_little_after_its_review_has_no_other_one(reviewed: Scene, by: timedelta) -> None:
    reviewed.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + by), now=REVIEWED + HOUR / 2)
    assert reviews(reviewed, JANE_NEXT) == []


def test_longer_lead_in_the_settings_is_no_move(reviewed: Scene) -> None:
    reviewed.run_sql("UPDATE coaches SET review_lead_seconds = 60")
    reviewed.plan(JANE_BEFORE, NEXT, now=REVIEWED + HOUR)
    assert reviews(reviewed, JANE_NEXT) == []


def test_session_that_moves_on_after_its_review_expired_has_one(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    assert reviews(scene, JANE_NEXT + HOUR) == []
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + 7 * DAY), now=JANE_NEXT + HOUR)
    assert len(reviews(scene, REVIEWED + 7 * DAY)) == 1


def test_session_that_moves_twice_after_its_review_has_one_each_time(reviewed: Scene) -> None:
    """There and back again, and on: each is another session to the coach."""
    for week in (1, 2):
        now = REVIEWED + (week - 1) * 7 * DAY + HOUR
        reviewed.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + week * 7 * DAY), now=now)
        assert len(reviews(reviewed, REVIEWED + week * 7 * DAY)) == 1


def test_new_note_after_the_session_moved_on_is_in_the_other_review(reviewed: Scene) -> None:
    reviewed.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + 7 * DAY), now=REVIEWED + HOUR)
    later = REVIEWED + 2 * HOUR
    reviewed.send_homework(note("Client: Jane Doe\n\nActions:\n- Buy shoes\n", date=later), later)
    (again,) = reviews(reviewed, REVIEWED + 7 * DAY)
    assert "Buy shoes" in again.text


def as_series(start: datetime, uid: str = "jane-next") -> str:
    return ics_event(uid, start, lasts=timedelta(minutes=50), extra=["RRULE:FREQ=WEEKLY"])


@pytest.mark.parametrize("uid", ["jane-next", "jane-next_R20261130T160000@google.com"])
def test_session_that_becomes_a_series_has_no_second_review(reviewed: Scene, uid: str) -> None:
    """A series has other keys than one event, and 'this and the following' in Google's calendar another UID."""
    reviewed.write_calendar(ics(JANE_BEFORE.text(), as_series(JANE_NEXT, uid)).decode())
    reviewed.sync(REVIEWED + HOUR)
    assert reviews(reviewed, JANE_NEXT - timedelta(seconds=1)) == []


def test_series_that_moves_a_little_after_the_review_has_no_second_one(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    scene.write_calendar(ics(JANE_BEFORE.text(), as_series(JANE_NEXT)).decode())
    scene.sync()
    assert len(reviews(scene, REVIEWED)) == 1
    scene.write_calendar(ics(JANE_BEFORE.text(), as_series(JANE_NEXT + timedelta(minutes=15))).decode())
    scene.sync(REVIEWED + HOUR)
    assert reviews(scene, REVIEWED + HOUR) == []
    assert reviews(scene, JANE_NEXT) == []


def test_session_that_moves_to_an_hour_that_is_over_and_back_has_its_review(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    now = REVIEWED - HOUR
    scene.plan(JANE_BEFORE, moved(NEXT, now - HOUR), now=now)
    scene.plan(JANE_BEFORE, NEXT, now=now)
    assert len(reviews(scene, REVIEWED)) == 1


def test_review_that_the_operator_cancelled_stays_so_when_the_calendar_was_empty_for_a_moment(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    review = next(mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.session_id == 2)
    change_outbound(scene.app.database, review.id, "cancel", NOW)
    scene.plan()
    scene.plan(JANE_BEFORE, NEXT)
    assert reviews(scene, REVIEWED) == []


def test_session_that_moves_to_an_hour_that_is_over_has_no_review(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    now = REVIEWED - HOUR
    scene.plan(JANE_BEFORE, moved(NEXT, now - HOUR), now=now)
    assert reviews(scene, REVIEWED) == []
    assert [mail.state for mail in scene.outbox(OutboundKind.REVIEW) if mail.session_id == 2] == [
        OutboundState.CANCELLED
    ]


def test_session_that_becomes_another_clients_after_its_review_has_one_about_them(reviewed: Scene) -> None:
    note_for_tom = note("Client: Tom Okafor\n\nActions:\n- Walk\n", date=REVIEWED - HOUR)
    reviewed.send_homework(note_for_tom, REVIEWED - HOUR)
    reviewed.plan(JANE_BEFORE, replace(NEXT, client=TOM), now=REVIEWED + HOUR)
    (again,) = reviews(reviewed, REVIEWED + HOUR)
    assert "Walk" in again.text
    assert "Call the GP" not in again.text
    assert "You had this review" not in again.text


def test_session_that_stands_in_two_calendars_has_one_review(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    scene.write_calendar(ics(JANE_BEFORE.text(), NEXT.text(), replace(NEXT, uid="copy").text()).decode())
    scene.sync()
    assert len(reviews(scene, REVIEWED)) == 1


def test_session_that_is_booked_before_one_that_had_its_review_has_its_own(reviewed: Scene) -> None:
    sooner = Event("jane-sooner", REVIEWED + HOUR / 2, JANE)
    reviewed.plan(JANE_BEFORE, sooner, NEXT, now=REVIEWED + HOUR / 6)
    assert len(reviews(reviewed, REVIEWED + HOUR / 6)) == 1
    assert reviews(reviewed, JANE_NEXT - timedelta(seconds=1)) == []


@pytest.mark.parametrize("error", [TemporaryError("busy"), UnknownOutcomeError("no answer")])
def test_session_in_two_calendars_has_one_review_after_trouble_with_the_server_too(
    scene: Scene, error: TemporaryError
) -> None:
    """Both are made and tried before either is known to have gone."""
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    scene.write_calendar(ics(JANE_BEFORE.text(), NEXT.text(), replace(NEXT, uid="copy").text()).decode())
    scene.sync()
    scene.mailer = wire = Wire([error, error])
    for minutes in range(0, 110, 5):
        scene.deliver_all(REVIEWED + timedelta(minutes=minutes))
    assert len({message_id for _, message_id, _ in wire.handed[2:]}) == 1
    sent = [mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.state is OutboundState.SENT]
    assert len(sent) == 1


def test_review_that_was_late_says_so_and_not_that_its_session_moved(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    scene.deliver_all(JANE_NEXT + HOUR)
    scene.plan(JANE_BEFORE, NEXT, now=JANE_NEXT + HOUR)
    (review,) = [mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.session_id == 2]
    assert review.state is OutboundState.EXPIRED
    assert review.planned_at == REVIEWED
    assert review.expires_at == NOW + 7 * DAY
