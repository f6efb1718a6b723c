"""Invitations that came by mail make a calendar: what was said last counts, in whichever order it came."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailflow.calendars import Reading
from mailflow.calendars.invitations import Invitations
from tests.builders import DAY, HOUR, NOW, ics, ics_event
from tests.calendars.contract import Reader

ZONE = "Europe/Berlin"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


class Mailed:
    """The invitations so far, and what they make."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.reader = Reader(Invitations(lambda: self.texts, ZONE))

    def invite(self, *events: str) -> Reading:
        return self.take(ics(*events, method="REQUEST"))

    def cancel(self, *events: str) -> Reading:
        return self.take(ics(*events, method="CANCEL"))

    def take(self, text: bytes) -> Reading:
        self.texts.append(text)
        return self.reader.read()

    def starts(self, uid: str = "a") -> list[datetime]:
        return sorted(o.starts_at for o in self.reader.occurrences if o.uid == uid and not o.cancelled)


@pytest.fixture
def mailed() -> Mailed:
    return Mailed()


def event(start: datetime, *extra: str, uid: str = "a", sequence: int = 0) -> str:
    return ics_event(uid, start, extra=[f"SEQUENCE:{sequence}", *extra])


def original(start: datetime) -> str:
    return f"RECURRENCE-ID:{start:%Y%m%dT%H%M%SZ}"


def test_invitation_is_an_event_and_another_says_where_it_moved(mailed: Mailed) -> None:
    mailed.invite(event(NOW + DAY))
    mailed.invite(event(NOW + 2 * DAY, sequence=1))

    assert mailed.starts() == [NOW + 2 * DAY]


def test_nothing_new_is_no_change(mailed: Mailed) -> None:
    mailed.invite(event(NOW + DAY))
    token = mailed.reader.token

    assert mailed.reader.read() == Reading(token)
    assert mailed.invite(event(NOW + DAY, uid="b")).objects[0].uid == "b"
    assert mailed.invite(event(NOW + DAY)).objects == (), "the same once more, as for a new guest"


def test_older_invitation_that_comes_late_changes_nothing(mailed: Mailed) -> None:
    mailed.invite(event(NOW + 2 * DAY, sequence=1))
    mailed.invite(event(NOW + DAY))
    mailed.cancel(event(NOW + DAY))

    assert mailed.starts() == [NOW + 2 * DAY]


def test_cancelled_event_is_gone_and_may_come_back(mailed: Mailed) -> None:
    mailed.invite(event(NOW + DAY), event(NOW + DAY, uid="b"))
    mailed.cancel(event(NOW + DAY, sequence=1))

    assert mailed.starts() == []
    assert mailed.starts("b") == [NOW + DAY]
    mailed.invite(event(NOW + 3 * DAY, sequence=2))
    assert mailed.starts() == [NOW + 3 * DAY]


def test_invitation_that_comes_after_its_cancellation_is_no_session(mailed: Mailed) -> None:
    mailed.cancel(event(NOW + DAY, sequence=2))
    mailed.invite(event(NOW + DAY, sequence=1))

    assert mailed.starts() == []


def test_date_that_was_cancelled_stays_so_when_the_series_is_changed(mailed: Mailed) -> None:
    mailed.invite(event(NOW, WEEKLY))
    mailed.cancel(event(NOW + 7 * DAY, original(NOW + 7 * DAY), sequence=1))
    mailed.invite(event(NOW, WEEKLY, sequence=2))

    assert mailed.starts() == [NOW, NOW + 14 * DAY]


def test_one_date_of_a_series_moves_and_another_is_cancelled(mailed: Mailed) -> None:
    mailed.invite(event(NOW, WEEKLY))
    mailed.invite(event(NOW + 8 * DAY, original(NOW + 7 * DAY), sequence=1))
    mailed.cancel(event(NOW + 14 * DAY, original(NOW + 14 * DAY), "STATUS:CONFIRMED", sequence=1))

    assert mailed.starts() == [NOW, NOW + 8 * DAY]


def test_series_and_a_changed_date_may_come_in_one_mail(mailed: Mailed) -> None:
    mailed.invite(event(NOW, WEEKLY), event(NOW + 8 * DAY, original(NOW + 7 * DAY)))

    assert mailed.starts() == [NOW, NOW + 8 * DAY, NOW + 14 * DAY]


def test_series_that_is_changed_as_a_whole_forgets_what_was_changed_of_it_before(mailed: Mailed) -> None:
    mailed.invite(event(NOW, WEEKLY))
    mailed.invite(event(NOW + 8 * DAY, original(NOW + 7 * DAY), sequence=1))
    mailed.invite(event(NOW + HOUR, WEEKLY, sequence=2))

    assert mailed.starts() == [NOW + HOUR, NOW + HOUR + 7 * DAY, NOW + HOUR + 14 * DAY]


def test_what_is_no_calendar_hides_nothing(mailed: Mailed) -> None:
    mailed.invite(event(NOW + DAY))
    mailed.take(b"<html>Your meeting</html>")
    mailed.invite(event(NOW + DAY, "DTSTART;TZID=Nowhere:20261201T100000", uid="broken"))

    assert mailed.starts() == [NOW + DAY]
    assert set(mailed.reader.problems) == {"broken"}


@pytest.mark.parametrize("sequence", ["", "SEQUENCE:", "SEQUENCE:x", "SEQUENCE:-1", "SEQUENCE:" + "9" * 30])
def test_sequence_that_is_no_number_counts_as_none(mailed: Mailed, sequence: str) -> None:
    mailed.invite(ics_event("a", NOW + DAY, extra=[sequence] if sequence else []))
    mailed.invite(event(NOW + 2 * DAY))

    assert mailed.starts() == [NOW + 2 * DAY]
