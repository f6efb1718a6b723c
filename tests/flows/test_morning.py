"""One mail in the morning with the reviews of the whole day: each once, none late, none forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailflow.app import adopt_settings, open_app
from mailflow.errors import PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.intervene import change_outbound
from mailflow.model import OutboundKind, OutboundState
from mailflow.settings import load_settings
from tests.builders import HOUR, ics, ics_event
from tests.flows.mornings import (
    A_CLIENT,
    BEFORE,
    BERLIN,
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
from tests.scene import (
    JANE,
    NOW,
    PRACTICE,
    TOM,
    Event,
    Scene,
    moved,
    note,
    open_scene,
    read_mail,
    reply_to,
    write_settings,
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_morning(tmp_path) as scene:
        yield scene


def test_all_reviews_of_the_day_come_in_one_mail_at_seven_on_the_coachs_clock(scene: Scene) -> None:
    assert to_anna(scene, SEVEN - timedelta(seconds=1)) == []
    (morning,) = to_anna(scene, SEVEN)
    assert morning.subject == "Monday 30 November: 2 reviews"
    assert morning.words.index("10:00 Jane Doe") < morning.words.index("Call the GP")
    assert morning.words.index("Call the GP") < morning.words.index("15:00 Tom Okafor") < morning.words.index("Walk")
    assert len(morning.pages("r")) == 2
    assert to_anna(scene, at(23)) == []


def test_what_was_answered_a_minute_before_is_in_it(scene: Scene, tmp_path: Path) -> None:
    with scene.app.database.read() as tx:
        homework = tx.value(
            "SELECT raw FROM outbound_raw r JOIN outbound_emails e ON e.id = r.outbound_id "
            "WHERE e.kind = 'homework' ORDER BY e.id LIMIT 1"
        )
    assert scene.answer(read_mail(homework).pages("a")[0], SEVEN - MINUTE, answer="done", reflection="He was kind.")
    (morning,) = to_anna(scene, SEVEN)
    assert "He was kind." in morning.text


def test_numbers_go_on_through_the_mail_and_mean_what_they_say(scene: Scene) -> None:
    (morning,) = to_anna(scene, SEVEN)
    assert "1. No answer yet: Call the GP" in morning.text
    assert "2. No answer yet: Walk" in morning.text
    later = at(16)
    scene.send_note(note("Client: Tom Okafor\n\nDrop: 2\n", date=later), later)
    assert scene.actions(2)[0].dropped_at is not None
    assert scene.actions(1)[0].dropped_at is None


def test_number_in_a_reply_to_the_mail_is_asked_about_and_drops_nothing(scene: Scene) -> None:
    (morning,) = to_anna(scene, SEVEN)
    scene.send_note(reply_to(morning, "Drop: 2\n", date=SEVEN + MINUTE), SEVEN + MINUTE)
    assert [scene.actions(number)[0].dropped_at for number in (1, 2)] == [None, None]


def test_session_before_that_hour_has_a_review_of_its_own(scene: Scene) -> None:
    scene.plan(*BEFORE, replace(JANE_AT_TEN, start=at(6)), TOM_AT_THREE)
    (early,) = to_anna(scene, at(4))
    assert "Call the GP" in early.text
    (morning,) = to_anna(scene, SEVEN)
    assert "Walk" in morning.text
    assert "Call the GP" not in morning.text


@pytest.mark.parametrize(("minutes", "in_it"), [(14, False), (15, True)])
def test_session_right_after_that_hour_has_one_too(scene: Scene, minutes: int, in_it: bool) -> None:
    scene.plan(*BEFORE, replace(JANE_AT_TEN, start=at(7, minutes)), TOM_AT_THREE)
    assert (to_anna(scene, at(6)) == []) is in_it
    assert ("Call the GP" in to_anna(scene, SEVEN)[0].text) is in_it


def test_session_that_is_booked_during_the_day_has_a_review_of_its_own(scene: Scene) -> None:
    scene.plan(*BEFORE, TOM_AT_THREE)
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, TOM_AT_THREE, replace(JANE_AT_TEN, start=at(11)), now=at(9, 30))
    (review,) = to_anna(scene, at(9, 30))
    assert "Call the GP" in review.text
    assert to_anna(scene, at(14, 59)) == []


def test_day_without_anything_to_review_has_no_mail(scene: Scene) -> None:
    scene.plan(*BEFORE, Event("new", at(10), "new@client.example"))
    assert to_anna(scene, SEVEN) == []


def test_day_whose_only_session_was_cancelled_in_the_calendar_a_minute_before_has_none(scene: Scene) -> None:
    scene.write_calendar(ics(*(event.text() for event in BEFORE)).decode())
    assert to_anna(scene, SEVEN) == []


def test_session_that_was_cancelled_a_minute_before_is_not_in_it(scene: Scene) -> None:
    scene.write_calendar(ics(*(event.text() for event in (*BEFORE, TOM_AT_THREE))).decode())
    (morning,) = to_anna(scene, SEVEN)
    assert "Jane" not in morning.text


def test_session_that_moves_to_another_day_is_in_that_days(scene: Scene) -> None:
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(10, days=1)), TOM_AT_THREE)
    (monday,) = to_anna(scene, SEVEN)
    assert "Jane" not in monday.text
    (tuesday,) = to_anna(scene, at(7, days=1))
    assert tuesday.subject == "Tuesday 1 December: one review"
    assert "Call the GP" in tuesday.text


def test_session_that_moves_by_hours_after_the_mail_has_a_short_review_and_one_that_moves_by_minutes_none(
    scene: Scene,
) -> None:
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(16)), moved(TOM_AT_THREE, at(15, 20)), now=at(8))
    assert to_anna(scene, at(13, 59)) == []
    (review,) = to_anna(scene, at(14))
    assert "You had this review on Monday 30 November at 07:00" in review.words
    assert to_anna(scene, at(23)) == []


def test_session_that_moves_to_the_next_day_after_the_mail_is_in_the_next_one_in_short(scene: Scene) -> None:
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(10, days=1)), TOM_AT_THREE, now=at(8))
    (tuesday,) = to_anna(scene, at(7, days=1))
    assert "when the session was to begin on Monday 30 November at 10:00" in tuesday.words
    assert to_anna(scene, at(23, days=1)) == []


@pytest.mark.parametrize("error", [TemporaryError("busy"), UnknownOutcomeError("no answer")])
def test_mail_that_can_not_go_before_the_first_session_leaves_the_others_a_review_each(
    scene: Scene, error: TemporaryError
) -> None:
    scene.mailer = wire = Wire([error] * 40)
    for minutes in range(0, 181, 20):
        scene.deliver_all(SEVEN + minutes * MINUTE)
    morning = of_the_day(scene)
    assert morning.state is OutboundState.EXPIRED
    wire.errors.clear()
    wire.handed.clear()
    scene.deliver_all(at(12, 59))
    assert wire.handed == []
    scene.deliver_all(at(13))
    assert [b"Walk" in raw for _, _, raw in wire.handed] == [True]


def test_late_mail_takes_in_what_was_booked_meanwhile_or_that_has_its_own(scene: Scene) -> None:
    """Its bytes are made at the first attempt."""
    scene.plan(*BEFORE, TOM_AT_THREE)
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.deliver_all(SEVEN)
    wire.handed.clear()
    scene.plan(*BEFORE, TOM_AT_THREE, replace(JANE_AT_TEN, start=at(11)), now=SEVEN + MINUTE)
    scene.deliver_all(SEVEN + 5 * MINUTE)
    scene.deliver_all(at(9))
    taken = [(b"Walk" in raw, b"Call the GP" in raw) for _, _, raw in wire.handed]
    assert taken == [(True, False), (False, True)]


def test_refused_mail_is_not_sent_again_and_holds_nobody_up(scene: Scene) -> None:
    scene.mailer = Wire([PermanentError("no such mailbox")])
    scene.deliver_all(SEVEN)
    morning = of_the_day(scene)
    assert morning.state is OutboundState.FAILED


def test_mail_that_a_person_held_goes_when_it_is_let_go(scene: Scene) -> None:
    morning = of_the_day(scene)
    change_outbound(scene.app.database, morning.id, "hold", NOW)
    assert to_anna(scene, SEVEN) == []
    change_outbound(scene.app.database, morning.id, "release", at(8))
    assert len(to_anna(scene, at(8))) == 1


def test_seven_stays_seven_where_the_clock_changes_and_where_the_coach_moves(tmp_path: Path) -> None:
    """Berlin until the end of March, then Sydney: the mail follows the clock, and the sessions stay."""
    sunday = datetime(2027, 3, 28, 15, 0, tzinfo=BERLIN)
    series = ics_event("weekly", "DTSTART;TZID=Europe/Berlin:20270307T150000", extra=["RRULE:FREQ=WEEKLY;COUNT=6"])
    with open_scene(tmp_path, coach=EACH) as scene:
        scene.write_calendar(ics(*(event.text() for event in PRACTICE), series).decode())
        now = datetime(2027, 3, 1, 12, tzinfo=BERLIN)
        scene.sync(now)
        planned = [mail.planned_at.astimezone(BERLIN) for mail in scene.outbox(OutboundKind.MORNING)]
        assert {moment.time() for moment in planned} == {time(7)}
        assert sunday.replace(hour=7) in planned
        assert len({moment.utcoffset() for moment in planned}) == 2
        text = write_settings(tmp_path, coach=EACH).read_text(encoding="utf-8")
        scene.config.write_text(text.replace("Europe/Berlin", "Australia/Sydney"), encoding="utf-8")
        scene.app.close()
        scene.app = open_app(load_settings(scene.config), create=False)
        adopt_settings(scene.app)
        scene.sync(now)
        sydney = ZoneInfo("Australia/Sydney")
        # 15:00 in Berlin is at night in Sydney, until both have changed the clock: then it is 23:00, on the same day.
        own = [mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.state is OutboundState.WAITING]
        mornings = [
            f"{mail.planned_at.astimezone(sydney):%d.%m. %H:%M}"
            for mail in scene.outbox(OutboundKind.MORNING)
            if mail.expires_at in {datetime(2027, 4, day, 13, tzinfo=UTC): day for day in (4, 11)}
        ]
        assert len(own) == 4
        assert mornings == ["04.04. 07:00", "11.04. 07:00"]


def test_back_to_a_review_before_each_session(scene: Scene) -> None:
    scene.adopt()
    scene.sync()
    assert to_anna(scene, SEVEN) == []
    assert of_the_day(scene).reason == "the coach wants a review before each session"
    assert len(to_anna(scene, at(8))) == 1
    assert len(to_anna(scene, at(13))) == 1


def test_there_and_back_again_each_session_has_one_review(scene: Scene) -> None:
    scene.adopt()
    scene.sync()
    scene.adopt(coach=EACH)
    scene.sync()
    assert {mail.state for mail in scene.outbox(OutboundKind.REVIEW)} == {OutboundState.CANCELLED}
    assert len(to_anna(scene, SEVEN)) == 1
    scene.adopt()
    scene.sync(SEVEN + MINUTE)
    assert to_anna(scene, at(23)) == []


def test_back_before_the_morning_brings_back_the_reviews_that_were_in_it(scene: Scene) -> None:
    for coach in ("", EACH, ""):
        scene.adopt(coach=coach)
        scene.sync()
    assert len(to_anna(scene, at(8))) == 1
    assert len(to_anna(scene, at(13))) == 1


def test_review_that_a_person_held_before_is_not_in_it(scene: Scene) -> None:
    scene.adopt()
    scene.sync()
    (held,) = (mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.expires_at == at(10))
    change_outbound(scene.app.database, held.id, "hold", NOW)
    scene.adopt(coach=EACH)
    scene.sync()
    (morning,) = to_anna(scene, SEVEN)
    assert "Jane" not in morning.text
    change_outbound(scene.app.database, held.id, "release", at(8))
    assert len(to_anna(scene, at(8))) == 1


def test_session_that_moves_by_minutes_after_the_mail_waits_for_no_other(scene: Scene) -> None:
    assert len(to_anna(scene, SEVEN)) == 1
    scene.plan(*BEFORE, moved(JANE_AT_TEN, at(10, 20)), TOM_AT_THREE, now=at(8))
    assert [mail for mail in scene.outbox(OutboundKind.REVIEW) if mail.state is OutboundState.WAITING] == []


def test_late_mail_leaves_out_the_session_that_has_begun(scene: Scene) -> None:
    """The calendar was read between its beginning and the moment in which the mail would have expired."""
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.deliver_all(SEVEN)
    wire.handed.clear()
    scene.plan(*BEFORE, JANE_AT_TEN, moved(TOM_AT_THREE, at(15, 5)), now=at(10))
    scene.deliver_all(at(10))
    scene.deliver_all(at(14))
    assert [(b"Walk" in raw, b"Call the GP" in raw) for _, _, raw in wire.handed] == [(True, False)]


def test_session_that_stands_in_two_calendars_is_in_it_once(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN, replace(JANE_AT_TEN, uid="copy"), TOM_AT_THREE)
    (morning,) = to_anna(scene, SEVEN)
    assert morning.text.count("Call the GP") == 1
    scene.plan(*BEFORE, JANE_AT_TEN, moved(replace(JANE_AT_TEN, uid="copy"), at(10, 5)), TOM_AT_THREE, now=at(8))
    assert to_anna(scene, at(23)) == []


def test_session_that_had_a_review_of_its_own_and_became_a_series_is_not_in_it(scene: Scene) -> None:
    scene.plan(*BEFORE, replace(JANE_AT_TEN, start=at(7, 10)), TOM_AT_THREE)
    assert len(to_anna(scene, at(5, 10))) == 1
    series = ics_event("jane-next", at(7, 40), client=A_CLIENT, extra=["RRULE:FREQ=WEEKLY"])
    others = [event.text() for event in (*BEFORE, TOM_AT_THREE)]
    scene.write_calendar(ics(*others, series).decode())
    scene.sync(at(6))
    (morning,) = to_anna(scene, SEVEN)
    assert "Jane" not in morning.text


def test_second_session_of_a_client_on_a_day_has_a_review_of_its_own(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN, Event("jane-again", at(16), JANE))
    assert len(to_anna(scene, SEVEN)) == 1
    (review,) = to_anna(scene, at(14))
    assert "No notes came after the last session." in review.text


def test_notes_between_two_sessions_of_a_day_are_in_the_review_of_the_second(scene: Scene) -> None:
    scene.plan(*BEFORE, JANE_AT_TEN, Event("jane-again", at(16), JANE))
    assert len(to_anna(scene, SEVEN)) == 1
    noon = at(12)
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Sleep\n", date=noon), noon)
    scene.deliver_all(noon + timedelta(minutes=10))
    (review,) = to_anna(scene, at(14))
    assert "Sleep" in review.text


def test_group_is_in_it_once_with_everybody(tmp_path: Path) -> None:
    rule = '[[coach.calendar.rule]]\ntitle = "Group"\ngroup = true'
    with open_scene(tmp_path, coach=EACH, rule=rule) as scene:
        both = [f"ATTENDEE;CN=Tom Okafor;PARTSTAT=ACCEPTED:mailto:{TOM}"]
        before, following = (
            ics_event(uid, start, client=A_CLIENT, title="Group", extra=both)
            for uid, start in (("group", NOW - 2 * HOUR), ("next-group", at(10)))
        )
        scene.write_calendar(ics(before, following).decode())
        scene.sync()
        scene.send_note(note("Actions:\n- Read chapter 3\n"))
        scene.deliver_all(NOW + timedelta(minutes=10))
        (morning,) = to_anna(scene, SEVEN)
        assert morning.subject == "Monday 30 November: one review"
        assert morning.text.count("Read chapter 3") == 2
        assert "10:00 Jane Doe, Tom Okafor" in morning.words
        assert to_anna(scene, at(23)) == []


def test_answer_of_the_first_client_is_in_no_page_of_the_other(scene: Scene) -> None:
    (morning,) = to_anna(scene, SEVEN)
    jane, tom = morning.pages("r")
    browser = scene.browser(SEVEN)
    assert "Walk" not in browser.get(jane).text
    assert "Call the GP" not in browser.get(tom).text
