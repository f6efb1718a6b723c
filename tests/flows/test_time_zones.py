"""The clocks change, and coaches travel: hours of the clock stay where they were meant so, from the calendar to the
words of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailflow.errors import TemporaryError
from mailflow.model import OutboundEmail, OutboundKind, OutboundState, PassedOver, Session, SessionStatus
from mailflow.store import calendars, sessions
from tests.builders import DAY, HOUR, ics, ics_event
from tests.flows.test_deliver import Wire
from tests.scene import HOLD, JANE, JANE_BEFORE, LEAD, NOW, Scene, SentMail, note, open_scene

SECOND = timedelta(seconds=1)
TEXT = "Client: Jane Doe\n\nActions:\n- Call the GP\n"
HALF_A_DAY = 12 * HOUR
NINE = time(9)
NEW_YORK = "America/New_York"

ZONES = [
    # the Sundays on which the clocks change, and what they show half a day before 09:00 of it
    ("Europe/Berlin", [(date(2026, 10, 25), "22:00"), (date(2027, 3, 28), "20:00")]),
    (NEW_YORK, [(date(2026, 11, 1), "22:00"), (date(2027, 3, 14), "20:00")]),
    ("America/St_Johns", [(date(2026, 11, 1), "22:00"), (date(2027, 3, 14), "20:00")]),
    ("Australia/Sydney", [(date(2026, 10, 4), "20:00"), (date(2027, 4, 4), "22:00")]),
    ("Australia/Adelaide", [(date(2026, 10, 4), "20:00"), (date(2027, 4, 4), "22:00")]),
    ("Australia/Lord_Howe", [(date(2026, 10, 4), "20:30"), (date(2027, 4, 4), "21:30")]),
    ("Asia/Kolkata", [(date(2026, 10, 25), "21:00"), (date(2027, 3, 28), "21:00")]),
]


def there(day: date, zone: str, hour: time = NINE) -> datetime:
    """The moment at which the clock shows this hour of the day."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def weekly(first: date, zone: str, hour: str = "0900") -> str:
    start = f"DTSTART;TZID={zone}:{first:%Y%m%d}T{hour}00"
    return ics_event("weekly", start, title="Session with Jane", extra=["DURATION:PT50M", "RRULE:FREQ=WEEKLY"])


def planned(scene: Scene) -> list[Session]:
    with scene.app.database.read() as tx:
        found = sessions.of_coach(tx, 1, NOW - 500 * DAY, NOW + 500 * DAY)
    return [session for session in found if session.status is SessionStatus.PLANNED]


def reviews(scene: Scene, now: datetime) -> list[SentMail]:
    return [mail for mail in scene.deliver_all(now) if mail.pages("r")]


def clock(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


# --- The clocks change ---------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "changes"), ZONES, ids=[zone for zone, _ in ZONES])
def test_weekly_session_keeps_its_hour_through_both_changes_and_its_review_comes_the_lead_before(
    tmp_path: Path, zone: str, changes: list[tuple[date, str]]
) -> None:
    """The lead is time that passes: in a night in which the clock changes it begins at another hour."""
    first = changes[0][0] - 14 * DAY
    with open_scene(tmp_path, timezone=zone) as scene:
        scene.run_sql(f"UPDATE coaches SET review_lead_seconds = {HALF_A_DAY.total_seconds():.0f}")
        scene.write_calendar(ics(weekly(first, zone)).decode())
        for number, (sunday, before) in enumerate(changes):
            for weeks in range(4 * number, 25 * number, 4):  # as it is read in the months between
                scene.sync(there(changes[0][0] + weeks * 7 * DAY, zone))
            now = there(sunday - 8 * DAY, zone)
            scene.sync(now)
            scene.send_homework(note(TEXT, date=now), now)
            starts_at = there(sunday, zone)
            assert clock(starts_at - HALF_A_DAY, zone) == before
            for week in (-1, 0, 1):
                wanted = there(sunday + week * 7 * DAY, zone) - HALF_A_DAY
                assert reviews(scene, wanted - SECOND) == []
                (review,) = reviews(scene, wanted)
                day = sunday + week * 7 * DAY
                assert f"Sunday {day.day} {day:%B} at 09:00" in review.words
        found = planned(scene)
        days = [session.starts_at.astimezone(ZoneInfo(zone)).date() for session in found]
        assert {clock(session.starts_at, zone) for session in found} == {"09:00"}
        assert days == [first + week * 7 * DAY for week in range(len(days))]
        assert days[-1] > changes[1][0]
        assert len({session.starts_at.time() for session in found}) == (1 if zone == "Asia/Kolkata" else 2)


def test_session_at_an_hour_of_another_zone_comes_at_another_hour_while_only_one_of_them_has_changed(
    tmp_path: Path,
) -> None:
    """09:00 in New York is 15:00 in Berlin, and 14:00 between 25 October and 1 November."""
    with open_scene(tmp_path) as scene:
        scene.write_calendar(ics(weekly(date(2026, 10, 16), NEW_YORK)).decode())
        now = there(date(2026, 10, 17), NEW_YORK)
        scene.sync(now)
        scene.send_homework(note(TEXT, date=now), now)
        for day, hour in ((date(2026, 10, 23), "15:00"), (date(2026, 10, 30), "14:00"), (date(2026, 11, 6), "15:00")):
            (review,) = reviews(scene, there(day, NEW_YORK) - LEAD)
            assert f"at {hour}" in review.words


@pytest.mark.parametrize(("zone", "changes"), ZONES, ids=[zone for zone, _ in ZONES])
def test_homework_of_the_night_in_which_the_clock_changes_goes_when_it_shows_the_end_of_the_quiet_hours(
    tmp_path: Path, zone: str, changes: list[tuple[date, str]]
) -> None:
    with open_scene(tmp_path, timezone=zone, coach='quiet = ["21:00", "07:00"]') as scene:
        scene.write_calendar(ics(*(weekly(sunday - 1 * DAY, zone) for sunday, _ in changes[:1])).decode())
        for sunday, _ in changes:
            evening = there(sunday - DAY, zone, time(21, 30))
            scene.sync(evening)
            (receipt,) = [m for m in scene.send_note(note(TEXT, date=evening), evening) if "Homework for" in m.subject]
            assert f"It goes on Sunday {sunday.day} {sunday:%B} at 07:00." in receipt.words
            morning = there(sunday, zone, time(7))
            assert JANE not in {mail.recipient for mail in scene.deliver_all(morning - SECOND)}
            assert JANE in {mail.recipient for mail in scene.deliver_all(morning)}


# --- A coach travels -----------------------------------------------------------------------------

FRIDAY = date(2026, 11, 27)
RULE = '[[coach.calendar.rule]]\ntitle = "Retreat"'
QUIET = 'quiet = ["21:00", "07:00"]'
AT_TEN = {
    "floating": "DTSTART:20261127T100000",
    "zoned": "DTSTART;TZID=Europe/Berlin:20261127T100000",
    "utc": "DTSTART:20261127T090000Z",
}


@pytest.fixture
def travelling(tmp_path: Path) -> Iterator[Scene]:
    """Friday at 10:00, said in three ways, and two whole days; Jane's last session was today."""
    with open_scene(tmp_path, rule=RULE, coach=QUIET) as scene:
        scene.write_calendar(
            ics(
                JANE_BEFORE.text(),
                *(ics_event(uid, start, extra=["DURATION:PT50M"]) for uid, start in AT_TEN.items()),
                ics_event("retreat", FRIDAY, title="Retreat"),
                ics_event("birthday", FRIDAY),
            ).decode()
        )
        scene.sync()
        yield scene


def travel(scene: Scene, zone: str, now: datetime = NOW) -> None:
    scene.adopt(timezone=zone, rule=RULE, coach=QUIET)
    scene.sync(now)


def review_of(scene: Scene, uid: str) -> OutboundEmail:
    (review,) = [m for m in scene.outbox(OutboundKind.REVIEW) if m.session_id == scene.session(uid).id]
    return review


@pytest.mark.parametrize("zone", [NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe"])
def test_floating_and_whole_day_events_follow_the_coach_and_others_stay(travelling: Scene, zone: str) -> None:
    def starts() -> dict[str, datetime]:
        with travelling.app.database.read() as tx:
            (birthday,) = calendars.passed_over(tx, 1, NOW, NOW + 30 * DAY)
        assert birthday.reason is PassedOver.ALL_DAY
        found = {uid: travelling.session(uid).starts_at for uid in (*AT_TEN, "retreat")}
        return found | {"birthday": birthday.starts_at}

    def expected(home: str) -> dict[str, datetime]:
        ten, midnight = there(FRIDAY, "Europe/Berlin", time(10)), there(FRIDAY, home, time(0))
        return {
            "floating": there(FRIDAY, home, time(10)),
            "zoned": ten,
            "utc": ten,
            "retreat": midnight,
            "birthday": midnight,
        }

    for home in ("Europe/Berlin", zone, "Europe/Berlin"):
        travel(travelling, home)
        assert starts() == expected(home)
        for uid in (*AT_TEN, "retreat"):
            review = review_of(travelling, uid)
            assert review.state is OutboundState.WAITING
            assert (review.planned_at, review.due_at) == (expected(home)[uid] - LEAD,) * 2
            assert review.expires_at == expected(home)[uid]


def test_floating_series_that_followed_the_coach_has_each_session_once(travelling: Scene) -> None:
    series = ics_event("series", "DTSTART:20261127T100000", extra=["DURATION:PT50M", "RRULE:FREQ=WEEKLY;COUNT=5"])
    travelling.write_calendar(ics(JANE_BEFORE.text(), series).decode())
    travelling.sync()
    travelling.send_homework(note(TEXT))
    for home in (NEW_YORK, "Europe/Berlin", NEW_YORK):
        travel(travelling, home)
    hours = [clock(session.starts_at, NEW_YORK) for session in planned(travelling) if session.uid == "series"]
    assert hours == ["10:00"] * 5
    for week in range(5):
        starts_at = there(FRIDAY + week * 7 * DAY, NEW_YORK, time(10))
        (review,) = reviews(travelling, starts_at - LEAD)
        assert "at 10:00" in review.words
        assert reviews(travelling, starts_at) == []


def test_reviews_say_the_hour_where_the_coach_is(travelling: Scene) -> None:
    travelling.send_homework(note(TEXT))
    travel(travelling, NEW_YORK)
    (retreat,) = reviews(travelling, there(FRIDAY, NEW_YORK, time(0)) - LEAD)
    assert "Friday 27 November at 00:00" in retreat.words
    (zoned,) = reviews(travelling, there(FRIDAY, "Europe/Berlin", time(10)) - LEAD)
    assert "Friday 27 November at 04:00" in zoned.words
    (floating,) = reviews(travelling, there(FRIDAY, NEW_YORK, time(10)) - LEAD)
    assert "Friday 27 November at 10:00" in floating.words


def test_mails_that_wait_are_written_in_the_new_zone(travelling: Scene) -> None:
    travelling.mail_in(note(TEXT))
    travelling.process_all()
    travel(travelling, NEW_YORK)
    receipt, homework = travelling.deliver_all(NOW + HOLD)
    assert "Session: Monday 23 November at 09:50" in receipt.words
    assert "It goes on Monday 23 November at 11:10." in receipt.words
    assert "at 00:00" in homework.words, "the retreat is the next session"


def test_mail_that_was_tried_already_is_sent_as_it_was_written(travelling: Scene) -> None:
    """It may have arrived: a second one must be the same."""
    folder, travelling.mailer = travelling.mailer, Wire([TemporaryError("busy")])
    travelling.send_note(note(TEXT))
    travelling.mailer = folder
    travel(travelling, NEW_YORK)
    receipt = next(mail for mail in travelling.deliver_all(NOW + HOLD) if "Homework for" in mail.subject)
    assert "Session: Monday 23 November at 15:50" in receipt.words


EVENING = NOW.replace(hour=20, minute=30)
"""21:30 in Berlin, 15:30 in New York."""
SEVEN_THERE = there(date(2026, 11, 24), NEW_YORK, time(7))


def homework_sent(scene: Scene, now: datetime) -> bool:
    return JANE in {mail.recipient for mail in scene.deliver_all(now)}


def test_note_of_an_evening_that_is_none_where_the_coach_is_goes_after_the_hold(travelling: Scene) -> None:
    travel(travelling, NEW_YORK, EVENING)
    travelling.send_note(note(TEXT, date=EVENING), EVENING)
    assert homework_sent(travelling, EVENING + HOLD)


def test_homework_that_waits_for_the_morning_waits_for_that_of_the_new_zone(travelling: Scene) -> None:
    """07:00 in Berlin is 01:00 in New York, in the quiet hours that the coach has now."""
    travelling.send_note(note(TEXT, date=EVENING), EVENING)
    travel(travelling, NEW_YORK, EVENING + HOUR)
    assert not homework_sent(travelling, SEVEN_THERE - SECOND)
    assert homework_sent(travelling, SEVEN_THERE)


def test_homework_that_would_have_gone_into_quiet_hours_that_are_new_waits_for_their_end(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.mail_in(note(TEXT, date=EVENING), EVENING)
        scene.process_all(EVENING)
        scene.adopt(coach=QUIET)
        scene.sync(EVENING)
        morning = there(date(2026, 11, 24), "Europe/Berlin", time(7))
        assert not homework_sent(scene, morning - SECOND)
        assert homework_sent(scene, morning)


def test_homework_that_the_coach_let_go_in_quiet_hours_goes_whatever_the_settings_become(travelling: Scene) -> None:
    (receipt,) = travelling.send_note(note(TEXT, date=EVENING), EVENING)
    travelling.browser(EVENING).post(receipt.pages("n")[0], data={"do": "send"})
    travelling.adopt(rule=RULE, coach='quiet = ["20:00", "08:00"]')
    assert homework_sent(travelling, EVENING)


def test_homework_that_is_on_hold_stays_so_when_the_coach_travels(travelling: Scene) -> None:
    (receipt,) = travelling.send_note(note(TEXT, date=EVENING), EVENING)
    travelling.browser(EVENING).post(receipt.pages("n")[0], data={"do": "hold"})
    travel(travelling, NEW_YORK, EVENING)
    assert not homework_sent(travelling, SEVEN_THERE + DAY)
    assert travelling.planned(OutboundKind.HOMEWORK).state is OutboundState.HELD
