"""The morning's mail when something comes between: the server, the calendar, a person, other settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.errors import PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.deliver import Delivery, deliver_next
from mailflow.flows.intervene import change_outbound
from tests.builders import HOUR, ics, ics_event
from tests.flows.mornings import (
    BEFORE,
    EACH,
    JANE_AT_TEN,
    MINUTE,
    SEVEN,
    TOM_AT_THREE,
    at,
    of_the_day,
    open_morning,
    to_anna,
)
from tests.flows.test_deliver import Wire
from tests.flows.test_group import Circle, group
from tests.scene import ANNA, JANE, NOW, TOM, Event, Scene, moved, note, open_scene, read_mail, reply_to


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_morning(tmp_path) as scene:
        yield scene


def test_nothing_goes_for_a_session_that_is_cancelled_before_the_retry(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN)
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.deliver_all(SEVEN)
    wire.handed.clear()
    scene.plan(*BEFORE, now=SEVEN + MINUTE)
    scene.deliver_all(SEVEN + 10 * MINUTE)
    assert wire.subjects == []


def test_retry_says_when_the_session_is_now(scene: Scene) -> None:
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.deliver_all(SEVEN)
    wire.handed.clear()
    scene.plan(*BEFORE, JANE_AT_TEN, moved(TOM_AT_THREE, at(18)), now=SEVEN + MINUTE)
    scene.deliver_all(SEVEN + 10 * MINUTE)
    assert ["18:00 Tom" in read_mail(raw).words for _, _, raw in wire.handed] == [True]


# M2: the first session is brought forward while the mail may have gone
def test_no_review_after_the_session_began(scene: Scene) -> None:
    scene.mailer = wire = Wire([UnknownOutcomeError("no answer")] * 6)
    for minutes in range(0, 70, 10):
        scene.deliver_all(SEVEN + minutes * MINUTE)
    wire.handed.clear()
    wire.errors.clear()
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(8, 30)), TOM_AT_THREE, now=at(8, 10))
    for minutes in range(91, 179, 5):  # from 08:31 on
        scene.deliver_all(SEVEN + minutes * MINUTE)
    assert [raw for _, _, raw in wire.handed if b"Jane" in raw] == []


# M3: a person lets the mail go at another hour
def test_mail_that_is_released_the_evening_before_has_the_day(scene: Scene) -> None:
    morning = of_the_day(scene)
    change_outbound(scene.app.database, morning.id, "hold", NOW)
    change_outbound(scene.app.database, morning.id, "release", SEVEN - 10 * HOUR)
    got = [mail for now in (SEVEN - 10 * HOUR, SEVEN, at(8), at(13)) for mail in to_anna(scene, now)]
    assert [sum(words in mail.text for mail in got) for words in ("Call the GP", "Walk")] == [1, 1]


def test_mail_that_is_released_ten_minutes_before_a_session_has_it(scene: Scene) -> None:
    morning = of_the_day(scene)
    change_outbound(scene.app.database, morning.id, "hold", NOW)
    assert to_anna(scene, SEVEN) == []
    change_outbound(scene.app.database, morning.id, "release", at(9, 50))
    (mail,) = to_anna(scene, at(9, 50))
    assert "Call the GP" in mail.text


# M4: the hour, or the time zone, changes after the mail of the day went
def test_session_booked_after_the_mail_went_has_a_review_where_the_hour_is_later_now(
    scene: Scene,
) -> None:
    scene.plan(*BEFORE, TOM_AT_THREE)
    assert len(to_anna(scene, SEVEN)) == 1
    scene.adopt(coach=EACH + '\nmorning = "09:00"')
    scene.plan(*BEFORE, TOM_AT_THREE, replace(JANE_AT_TEN, start=at(12)), now=at(8))
    got = [mail for hour in (8, 9, 10, 11) for mail in to_anna(scene, at(hour))]
    assert ["Call the GP" in mail.text for mail in got] == [True]


def test_the_same_where_the_coach_flew_west(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN)
    assert len(to_anna(scene, SEVEN)) == 1
    scene.adopt(coach=EACH, timezone="America/New_York")
    scene.sync(at(8))
    scene.plan(*BEFORE, JANE_AT_TEN, moved(TOM_AT_THREE, at(18)), now=at(9))
    got = [mail for hour in range(9, 18) for mail in to_anna(scene, at(hour))]
    assert ["Walk" in mail.text for mail in got] == [True]


# M5: an event in two calendars
def test_little_move_over_the_hour_brings_no_second_review(scene: Scene) -> None:
    early = replace(JANE_AT_TEN, start=at(6, 30))
    scene.plan(*BEFORE, early, TOM_AT_THREE)
    assert len(to_anna(scene, at(4, 30))) == 1
    scene.plan(*BEFORE, moved(early, at(7, 20)), moved(TOM_AT_THREE, at(15, 1)), now=at(5))
    (morning,) = to_anna(scene, SEVEN)
    assert "Jane" not in morning.text


# M7: to another hour and back, in the end by less than an hour, after the first hour is over
def test_there_and_back_again_brings_no_second_review(scene: Scene) -> None:
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(13)), TOM_AT_THREE, now=at(8))
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(10, 40)), TOM_AT_THREE, now=at(10, 15))
    assert to_anna(scene, at(10, 15)) == []


# M8: one client twice on a day, and one of the two becomes a series
def test_second_session_of_the_day_that_becomes_a_series_has_one_review(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN, Event("jane-later", at(15), JANE))
    assert len(to_anna(scene, SEVEN)) == 1
    series = ics_event("jane-later", at(15), lasts=50 * MINUTE, extra=["RRULE:FREQ=WEEKLY;COUNT=3"])
    scene.write_calendar(ics(*(event.text() for event in (*BEFORE, JANE_AT_TEN)), series).decode())
    scene.sync(at(11))
    assert len(to_anna(scene, at(13))) == 1
    assert to_anna(scene, at(15)) == []


def test_second_session_of_the_day_was_booked_before_the_first(scene: Scene) -> None:
    later = Event("jane-later", at(15), JANE)
    scene.plan(*BEFORE)
    scene.plan(*BEFORE, later)
    scene.plan(*BEFORE, later, JANE_AT_TEN)
    assert len(to_anna(scene, SEVEN)) == 1
    (review,) = to_anna(scene, at(13))
    assert review.subject.startswith("Jane Doe, Monday 30 November at 15:00")


# M9: the mail ends otherwise than by expiring
def test_refused_mail_leaves_each_session_its_own(scene: Scene) -> None:
    scene.mailer = wire = Wire([PermanentError("message too large")])
    scene.deliver_all(SEVEN)
    wire.handed.clear()
    for hour in (8, 13):
        scene.deliver_all(at(hour))
    assert len(wire.handed) == 2


def test_back_to_each_with_a_calendar_that_can_not_be_read_loses_nothing(scene: Scene) -> None:
    scene.write_calendar("broken")
    scene.adopt()
    scene.sync(SEVEN - HOUR)
    assert len([mail for hour in (7, 8, 13) for mail in to_anna(scene, at(hour))]) == 2


# M10: a group whose own review a person holds
def test_review_of_a_group_that_a_person_holds_is_not_in_the_mail(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        circle = Circle(scene)
        start = int((at(11) - NOW).total_seconds() // 60)
        circle.plan(group("g1", -60, JANE, TOM), group("g2", start, JANE, TOM))
        circle.take_in("Actions:\n- Read\n")
        circle.homework()
        change_outbound(scene.app.database, circle.reviews()[0].id, "hold", NOW)
        scene.run_sql("UPDATE coaches SET morning = '07:00'")
        circle.plan(
            group("g1", -60, JANE, TOM), group("g2", start, JANE, TOM), Event("x", at(15), "x@client.example").text()
        )
        delivery = Delivery(scene.app.database, scene.app.composer, scene.mailer, circle.find_source)
        while deliver_next(delivery, SEVEN):
            pass
        assert [mail.subject for mail in scene.sent() if mail.recipient == ANNA] == []


# M11: numbers in a reply
def test_number_in_a_reply_that_names_the_client_means_what_the_mail_says(scene: Scene) -> None:
    (morning,) = to_anna(scene, SEVEN)
    scene.plan(*BEFORE, JANE_AT_TEN, TOM_AT_THREE, now=at(16))
    scene.send_note(reply_to(morning, "Client: Tom Okafor\n\nDrop: 2\n", date=at(16)), at(16))
    assert scene.actions(2)[0].dropped_at is not None
    assert scene.actions(1)[0].dropped_at is None


def test_second_session_of_the_day_has_its_own_review_however_long_the_lead(tmp_path: Path) -> None:
    with open_morning(tmp_path) as scene:
        scene.adopt(coach=EACH + '\nreview_lead = "12 hours"')
        scene.plan(*BEFORE, JANE_AT_TEN, Event("jane-evening", at(19, 30), JANE))
        assert len(to_anna(scene, SEVEN)) == 1
        assert len(to_anna(scene, at(7, 30))) == 1
        assert to_anna(scene, at(19)) == []


def test_session_that_moves_to_the_next_morning_is_in_that_mail_however_long_the_lead(tmp_path: Path) -> None:
    with open_morning(tmp_path) as scene:
        scene.adopt(coach=EACH + '\nreview_lead = "24 hours"')
        scene.plan(*BEFORE, JANE_AT_TEN)
        assert len(to_anna(scene, SEVEN)) == 1
        scene.plan(*BEFORE, moved(JANE_AT_TEN, at(7, 45, days=1)), now=at(9))
        (review,) = to_anna(scene, at(7, days=1))
        assert "You had this review" in review.text


def test_session_that_moves_past_midnight_after_the_mail_leaves_the_next_days_alone(scene: Scene) -> None:
    late = replace(JANE_AT_TEN, start=at(23, 30))
    scene.plan(*BEFORE, late, replace(TOM_AT_THREE, start=at(15, days=1)))
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, moved(late, at(0, 15, days=1)), replace(TOM_AT_THREE, start=at(15, days=1)), now=at(8))
    assert to_anna(scene, at(6, days=1)) == []
    (tuesday,) = to_anna(scene, at(7, days=1))
    assert tuesday.subject == "Tuesday 1 December: one review"
    assert "Walk" in tuesday.text


def test_day_that_had_nothing_to_say_has_a_review_where_the_hour_is_later_now(tmp_path: Path) -> None:
    with open_scene(tmp_path, coach=EACH) as scene:
        scene.plan(*BEFORE, TOM_AT_THREE)
        assert to_anna(scene, SEVEN) == []
        scene.adopt(coach=EACH + '\nmorning = "09:00"')
        scene.sync(at(8))
        scene.send_homework(note("Client: Tom Okafor\n\nActions:\n- Walk\n", date=at(8)), at(8))
        got = [mail for hour in (9, 13, 14) for mail in to_anna(scene, at(hour))]
        assert ["Walk" in mail.text for mail in got if mail.pages("r")] == [True]
