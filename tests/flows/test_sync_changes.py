"""A calendar is read object by object: what has not changed is not looked at, and the end is the same as if it were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.calendars import NOTHING_KNOWN, CalendarObject, Known, Occurrence, Reading, Window
from mailflow.calendars.expansion import read_object
from mailflow.calendars.ics import IcsFile
from mailflow.calendars.ics_text import read_ics
from mailflow.flows.sync import AHEAD, AT_ONCE, PAST
from mailflow.model import PassedOver, SessionStatus
from mailflow.rules.sessions import SessionRule
from mailflow.store import calendars
from mailflow.store.database import open_database
from tests.builders import ANNA, DAY, HOUR, NOW, ics, ics_event, store_people
from tests.flows.test_sync import EVERY, Office

ZONE = ANNA.timezone


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Logs go to the test, not to standard output."""
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with new_office(tmp_path) as office:
        yield office


@contextmanager
def new_office(folder: Path) -> Iterator[Office]:
    database = open_database(folder / "mailflow.db")
    try:
        store_people(database)
        yield Office(database, folder / "calendar.ics")
    finally:
        database.close()


@dataclass
class Watched:
    """Counts the objects that the file gave to be looked at."""

    office: Office
    looked_at: int = 0

    def read(self, known: Known, window: Window) -> Reading:
        reading = IcsFile(self.office.file, ANNA.timezone).read(known, window)
        self.looked_at = len(reading.objects)
        return reading


@dataclass
class Says:
    """An adapter that says what it is told to."""

    reading: Reading

    def read(self, known: Known, window: Window) -> Reading:
        return self.reading


def test_only_changed_events_are_looked_at_again(office: Office) -> None:
    watched = Watched(office)
    office.write(ics_event("a"), ics_event("b"))
    for events, looked_at in (
        ((ics_event("a"), ics_event("b")), 2),
        ((ics_event("a"), ics_event("b")), 0),
        ((ics_event("a", NOW + 2 * DAY), ics_event("b")), 1),
        ((ics_event("a", NOW + 2 * DAY),), 0),
    ):
        office.write(*events)
        office.sync(watched)
        assert watched.looked_at == looked_at
    assert {s.uid: s.status for s in office.sessions()} == {"a": SessionStatus.PLANNED, "b": SessionStatus.CANCELLED}


def test_series_is_looked_at_again_before_the_window_reaches_dates_that_nobody_saw(office: Office) -> None:
    office.write(ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY"]), ics_event("far", NOW + 200 * DAY))
    watched = Watched(office)
    looked = 0
    for day in range(0, 240, 3):
        office.now = NOW + day * DAY
        office.sync(watched)
        looked += watched.looked_at
        last = max(s.starts_at for s in office.sessions() if s.uid == "s")
        assert last >= office.now + 53 * DAY
    assert {s.uid for s in office.sessions()} == {"s", "far"}
    assert looked < 60


def test_other_settings_judge_every_event_anew_also_what_left_meanwhile(office: Office) -> None:
    office.read(ics_event("a"), ics_event("b"), ics_event("c", title="Lunch"))
    office.rules, office.only_rules = (SessionRule(title="coaching"),), True
    with office.database.write() as tx:
        calendars.save_all(tx, {ANNA.email: [("calendar", EVERY)]}, "other settings")
    office.read(ics_event("b"), ics_event("c", title="Lunch"))

    assert {s.uid: s.status for s in office.sessions()} == {
        "a": SessionStatus.CANCELLED,
        "b": SessionStatus.PLANNED,
        "c": SessionStatus.CANCELLED,
    }
    assert office.passed_over() == {"c": PassedOver.NO_RULE}


def test_event_that_moved_to_another_object_keeps_its_session(office: Office) -> None:
    """As a program does that saves under another name: the server says both at once, in any order."""
    (before,) = read_ics(ics(ics_event("a")), NOTHING_KNOWN, Window(NOW, NOW + 90 * DAY), ANNA.timezone)[0]
    office.sync(Says(Reading("1", (replace(before, key="/old.ics"),))))
    office.sync(Says(Reading("2", (replace(before, key="/new.ics"),), frozenset({"/old.ics"}))))
    assert office.session().status is SessionStatus.PLANNED
    office.sync(Says(Reading("3", (), frozenset({"/new.ics"}))))
    assert office.session().status is SessionStatus.CANCELLED


def test_object_with_another_event_in_it_cancels_the_one_before(office: Office) -> None:
    one, other = read_ics(
        ics(ics_event("a"), ics_event("b")), NOTHING_KNOWN, Window(NOW, NOW + 90 * DAY), ANNA.timezone
    )[0]
    office.sync(Says(Reading("1", (replace(one, key="/x.ics"),))))
    office.sync(Says(Reading("2", (replace(other, key="/x.ics"),))))
    assert {s.uid: s.status for s in office.sessions()} == {"a": SessionStatus.CANCELLED, "b": SessionStatus.PLANNED}


def test_broken_event_that_is_deleted_is_no_problem_any_more(office: Office) -> None:
    office.read(ics_event("a", "DTSTART;TZID=Nowhere:20261124T100000"))
    assert office.event_problems() == ["a"]
    office.read()
    assert office.event_problems() == []


@pytest.mark.parametrize("broken", ["half of it", "not handed out"])
def test_event_that_nobody_can_read_any_more_keeps_its_session(office: Office, broken: str) -> None:
    window = Window(office.now - PAST, office.now + AHEAD)
    text = ics(ics_event("a", office.now + DAY))
    key = "/calendar/1.ics"
    office.sync(Says(Reading("1", (read_object(key, "1", text, window, ZONE),))))
    unreadable = {
        "half of it": read_object(key, "2", text[:-30], window, ZONE),
        "not handed out": CalendarObject(key, "", key, problem="The server lists it and does not hand it out"),
    }
    office.sync(Says(Reading("2", (unreadable[broken],))))

    assert office.session().status is SessionStatus.PLANNED
    assert office.event_problems() == ["a"]
    office.sync(Says(Reading("3", gone=frozenset({key}))))
    assert office.session().status is SessionStatus.CANCELLED
    assert office.event_problems() == []


def test_session_far_ahead_is_cancelled_though_less_is_read_ahead_by_now(office: Office) -> None:
    far = office.now + 200 * DAY
    wide = Window(office.now - PAST, office.now + 365 * DAY)
    office.sync(Says(Reading("1", (read_object("a", "1", ics(ics_event("a", far)), wide, ZONE),))))
    office.sync(Says(Reading("2", gone=frozenset({"a"}))))

    assert office.session().status is SessionStatus.CANCELLED


def test_thousands_of_events_are_written_piece_by_piece(office: Office) -> None:
    events = [ics_event(f"e{n}", NOW + timedelta(minutes=n)) for n in range(AT_ONCE + 1)]
    office.read(*events)
    assert len(office.sessions()) == AT_ONCE + 1
    office.read(*events[:-1])
    assert sum(s.status is SessionStatus.CANCELLED for s in office.sessions()) == 1


def test_reading_that_broke_off_half_way_is_done_again(office: Office) -> None:
    """A kill between two pieces: what was written stands, the token does not."""
    office.write(*(ics_event(f"e{n}", NOW + timedelta(minutes=n)) for n in range(2 * AT_ONCE)))
    with office.database.write() as tx:
        tx.run(
            f"CREATE TRIGGER halt BEFORE INSERT ON sessions WHEN NEW.uid = 'e{AT_ONCE}' "
            "BEGIN SELECT raise(ABORT, 'halt'); END"
        )
    with pytest.raises(sqlite3.IntegrityError, match="halt"):
        office.sync()
    assert len(office.sessions()) == AT_ONCE
    with office.database.write() as tx:
        tx.run("DROP TRIGGER halt")
    office.now += EVERY
    office.sync()
    assert len(office.sessions()) == 2 * AT_ONCE


# --- In pieces and at once ----------------------------------------------------------------------

RULES = (
    "RRULE:FREQ=WEEKLY",
    "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=9",
    "RRULE:FREQ=MONTHLY;BYDAY=2MO",
    "RRULE:FREQ=DAILY;UNTIL=20270115T090000Z",
    "RRULE:FREQ=YEARLY",
)


@st.composite
def events(draw: st.DrawFn) -> list[str]:
    """Single events, series, and series with a date that was moved, left out or changed from there on."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        start = NOW + draw(st.integers(-100, 200)) * DAY
        rule = draw(st.sampled_from(("", *RULES)))
        change = draw(st.sampled_from(("", "moved", "left out", "from there on"))) if rule.startswith(RULES[0]) else ""
        original = start + 7 * draw(st.integers(1, 20)) * DAY
        extra = [rule] if rule else []
        if change == "left out":
            extra.append(f"EXDATE:{original:%Y%m%dT%H%M%SZ}")
        found.append(ics_event(f"e{number}", start, extra=extra))
        if change in ("moved", "from there on"):
            scope = ";RANGE=THISANDFUTURE" if change == "from there on" else ""
            found.append(
                ics_event(f"e{number}", original + HOUR, extra=[f"RECURRENCE-ID{scope}:{original:%Y%m%dT%H%M%SZ}"])
            )
    return found


def occurrences(text: bytes, window: Window) -> set[Occurrence]:
    objects, _ = read_ics(text, NOTHING_KNOWN, window, ZONE)
    assert all(not read.problem for read in objects)
    return {occurrence for read in objects for occurrence in read.occurrences}


@settings(max_examples=40, deadline=None)
@given(events(), st.lists(st.integers(-60, 119), unique=True, max_size=5), st.randoms(use_true_random=False))
def test_window_in_pieces_in_any_order_holds_what_it_holds_at_once(
    listed: list[str], cuts: list[int], order: Random
) -> None:
    text = ics(*listed)
    edges = [NOW + day * DAY for day in sorted({-60, *cuts, 120})]
    pieces = [Window(start, end) for start, end in pairwise(edges)]
    order.shuffle(pieces)

    together = set().union(*(occurrences(text, piece) for piece in pieces))

    assert together == occurrences(text, Window(edges[0], edges[-1]))


@settings(max_examples=50, deadline=None)
@given(st.lists(events(), min_size=2, max_size=4), st.lists(st.integers(5, 50), min_size=2, max_size=5), st.data())
def test_read_again_and_again_with_restarts_it_is_as_if_read_once(
    states: list[list[str]], days: list[int], data: st.DataObject
) -> None:
    """The calendar changes on the way, the daemon is started anew, the settings change: in the end all that counts is
    what the calendar holds."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        with new_office(Path(one)) as office:
            for number, pause in enumerate(days):
                office.write(*data.draw(st.sampled_from([states[0], *states])))
                office.sync()
                office.now += pause * DAY
                if restart := data.draw(st.sampled_from(("", "same", "other"))):
                    with office.database.write() as tx:
                        name = "settings" if restart == "same" else f"settings {number}"
                        calendars.save_all(tx, {ANNA.email: [("calendar", EVERY)]}, name)
            office.read(*states[0])
            at, slowly = office.now, planned(office)
        with new_office(Path(other)) as office:
            office.now = at
            office.read(*states[0])
            assert slowly == planned(office)


def planned(office: Office) -> set[tuple[str, str, datetime]]:
    """The sessions in the window, by all that tells them."""
    return {
        (session.uid, session.recurrence_id, session.starts_at)
        for session in office.sessions()
        if session.status is SessionStatus.PLANNED and office.now - PAST <= session.starts_at < office.now + AHEAD
    }
