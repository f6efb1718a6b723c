"""Calendars are read; sessions, and the reviews before them, follow what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from mailflow.calendars import Calendar, Known, Reading, Window
from mailflow.calendars.ics import IcsFile
from mailflow.flows.plan import plan_next_review
from mailflow.flows.sync import CalendarSource, sync_next
from mailflow.model import Client, Coach, OutboundEmail, OutboundState, PassedOver, Session, SessionStatus
from mailflow.rules.sessions import SessionRule
from mailflow.store import attempts, calendars, clients, outbox, sessions
from mailflow.store.database import Database, Row, Transaction
from tests.builders import ANNA, DAY, HOUR, JANE, NOW, TOM, ics, ics_event

EVERY = timedelta(minutes=2)
LEAD = ANNA.review_lead
STRANGER = Client(id=0, coach_id=0, email="stranger@evil.example", name="Eve")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Logs go to the test, not to standard output."""
    with structlog.testing.capture_logs():
        yield


@dataclass
class Office:
    """Anna's practice with her calendar in a file; each `sync` is two minutes after the one before."""

    database: Database
    file: Path
    rules: tuple[SessionRule, ...] = ()
    only_rules: bool = False
    own_addresses: frozenset[str] = frozenset()
    now: datetime = field(default=NOW)

    def write(self, *events: str) -> None:
        self.file.write_bytes(ics(*events))

    def sync(self, adapter: Calendar | None = None) -> None:
        source = CalendarSource(
            adapter or IcsFile(self.file, ANNA.timezone), self.rules, self.only_rules, self.own_addresses
        )
        assert sync_next(self.database, lambda coach, name: source, self.now)
        self.now += EVERY

    def read(self, *events: str) -> None:
        self.write(*events)
        self.sync()

    def sessions(self) -> list[Session]:
        with self.database.read() as tx:
            return sessions.of_coach(tx, ANNA.id, NOW - 1000 * DAY, NOW + 1000 * DAY)

    def session(self) -> Session:
        (found,) = self.sessions()
        return found

    def review(self, session_id: int = 1) -> OutboundEmail | None:
        with self.database.read() as tx:
            listed = outbox.latest(tx, 100)
        return next((email for email in listed if email.key == f"review:{session_id}"), None)

    def state_of_review(self) -> OutboundState | None:
        review = self.review()
        return None if review is None else review.state

    def problem(self) -> str:
        with self.database.read() as tx:
            return calendars.get(tx, 1).problem

    def event_problems(self) -> list[str]:
        with self.database.read() as tx:
            return [uid for uid, _ in calendars.event_problems(tx, 1)]

    def passed_over(self) -> dict[str, PassedOver]:
        with self.database.read() as tx:
            found = calendars.passed_over(tx, ANNA.id, NOW - 1000 * DAY, NOW + 1000 * DAY)
        return {event.uid: event.reason for event in found}


@pytest.fixture
def office(practice: Database, tmp_path: Path) -> Office:
    return Office(practice, tmp_path / "calendar.ics")


# --- Sessions and their reviews -----------------------------------------------------------------


def test_session_is_written_with_its_review_in_the_outbox(office: Office) -> None:
    office.read(ics_event("a", NOW + DAY))

    session = office.session()
    assert (session.client_id, session.starts_at, session.ends_at) == (JANE.id, NOW + DAY, NOW + DAY + HOUR)
    review = office.review(session.id)
    assert review is not None
    assert (review.state, review.recipient, review.session_id) == (OutboundState.WAITING, ANNA.email, session.id)
    assert (review.planned_at, review.expires_at) == (NOW + DAY - LEAD, NOW + DAY)


def test_mailflow_itself_invited_to_a_session_is_no_second_person(office: Office) -> None:
    office.own_addresses = frozenset({"notes@mailflow.example"})
    notes = "ATTENDEE;CN=Notes:mailto:Notes@mailflow.example"
    office.read(
        ics_event("with-jane", extra=[notes]),
        ics_event("alone", client=None, extra=[notes]),
    )

    assert office.session().uid == "with-jane"


def test_session_that_is_close_is_reviewed_at_once(office: Office) -> None:
    office.read(ics_event("a", NOW + HOUR))

    review = office.review()
    assert review is not None
    assert review.planned_at == NOW + HOUR - LEAD


def test_session_that_has_begun_is_written_without_a_review(office: Office) -> None:
    office.read(ics_event("a", NOW - HOUR))

    assert office.session().status is SessionStatus.PLANNED
    assert office.review() is None


def test_reading_the_same_again_changes_nothing(office: Office) -> None:
    office.read(ics_event("a"), ics_event("b", NOW + 2 * DAY, client=TOM))
    before = office.database.fingerprint(without=["calendars"])

    office.sync()
    office.write(ics_event("b", NOW + 2 * DAY, client=TOM), ics_event("a"))
    office.sync()

    assert office.database.fingerprint(without=["calendars"]) == before


def test_moved_session_moves_its_review(office: Office) -> None:
    office.read(ics_event("a", NOW + DAY))
    office.read(ics_event("a", NOW + 3 * DAY))

    assert office.session().starts_at == NOW + 3 * DAY
    review = office.review()
    assert review is not None
    assert (review.state, review.planned_at, review.expires_at) == (
        OutboundState.WAITING,
        NOW + 3 * DAY - LEAD,
        NOW + 3 * DAY,
    )


def cancelled() -> list[str]:
    return [ics_event("a", extra=["STATUS:CANCELLED"])]


def vanished() -> list[str]:
    return []


def declined_by_the_coach() -> list[str]:
    return [ics_event("a", extra=[f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ANNA.email}"])]


def with_a_third_person() -> list[str]:
    return [ics_event("a", extra=[f"ATTENDEE:mailto:{TOM.email}"])]


def far_away() -> list[str]:
    return [ics_event("a", NOW + 300 * DAY)]


GONE = pytest.mark.parametrize(
    "change", [cancelled, vanished, declined_by_the_coach, with_a_third_person, far_away], ids=lambda f: f.__name__
)


@GONE
def test_session_that_is_none_any_more_is_cancelled_with_its_review(
    office: Office, change: Callable[[], list[str]]
) -> None:
    office.read(ics_event("a", NOW + DAY))
    office.read(*change())

    assert office.session().status is SessionStatus.CANCELLED
    assert office.state_of_review() is OutboundState.CANCELLED


@GONE
def test_session_that_comes_back_is_the_same_one_and_has_its_review_again(
    office: Office, change: Callable[[], list[str]]
) -> None:
    office.read(ics_event("a", NOW + DAY))
    before = office.session()
    office.read(*change())
    office.read(ics_event("a", NOW + DAY))

    assert office.session() == before
    review = office.review()
    assert review is not None
    assert (review.state, review.planned_at) == (OutboundState.WAITING, NOW + DAY - LEAD)


def test_one_date_of_a_series_that_vanishes_takes_no_other_with_it(office: Office) -> None:
    series = ["RRULE:FREQ=WEEKLY;COUNT=3"]
    office.read(ics_event("s", NOW + DAY, extra=series))
    office.read(ics_event("s", NOW + DAY, extra=[*series, "EXDATE:20261201T090000Z"]))

    assert [session.status for session in office.sessions()] == [
        SessionStatus.PLANNED,
        SessionStatus.CANCELLED,
        SessionStatus.PLANNED,
    ]


def test_review_that_was_sent_is_not_sent_again_for_a_session_that_comes_back(office: Office) -> None:
    office.read(ics_event("a", NOW + HOUR))
    with office.database.write() as tx:
        email = attempts.claim_due(tx, office.now, office.now + EVERY)
        assert email is not None
        attempts.finish(tx, email, OutboundState.SENT, "", office.now)
    office.read()
    office.read(ics_event("a", NOW + HOUR))

    assert office.state_of_review() is OutboundState.SENT


def test_session_that_changes_hands_belongs_to_its_new_client(office: Office) -> None:
    office.read(ics_event("a", client=JANE))
    office.read(ics_event("a", client=TOM))

    assert office.session().client_id == TOM.id


def test_session_and_its_review_are_written_without_reading_a_table_through(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New, moved, cancelled: with a million sessions in the table it costs what it costs with ten."""
    steps: list[str] = []
    read, change = Transaction.all, Transaction.run

    def explain(tx: Transaction, sql: str, **parameters: Any) -> None:
        steps.extend(row["detail"] for row in read(tx, f"EXPLAIN QUERY PLAN {sql}", **parameters))

    def explained_all(tx: Transaction, sql: str, **parameters: Any) -> list[Row]:
        explain(tx, sql, **parameters)
        return read(tx, sql, **parameters)

    def explained_run(tx: Transaction, sql: str, **parameters: Any) -> int:
        explain(tx, sql, **parameters)
        return change(tx, sql, **parameters)

    monkeypatch.setattr(Transaction, "all", explained_all)
    monkeypatch.setattr(Transaction, "run", explained_run)
    office.read(ics_event("a", NOW + DAY))
    office.read(ics_event("a", NOW + 3 * DAY))
    with office.database.write() as tx:
        plan_next_review(tx, ANNA, JANE, NOW)
    office.read()

    touched = [step for step in steps if re.search(r"\b(sessions|s|clients|outbound_emails)\b", step)]
    assert {step for step in touched if not step.startswith("SEARCH")} == set()
    assert len(touched) > 10


# --- What can't be read -------------------------------------------------------------------------


def test_event_that_cannot_be_read_keeps_its_session_and_is_named(office: Office) -> None:
    office.read(ics_event("a"), ics_event("b", NOW + 2 * DAY))
    office.read(ics_event("a", "DTSTART;TZID=Nowhere:20261124T100000"), ics_event("b", NOW + 2 * DAY))

    assert [session.status for session in office.sessions()] == [SessionStatus.PLANNED, SessionStatus.PLANNED]
    assert office.state_of_review() is OutboundState.WAITING
    assert office.event_problems() == ["a"]
    office.read(ics_event("a"), ics_event("b", NOW + 2 * DAY))
    assert office.event_problems() == []


@pytest.mark.parametrize("content", [None, b"", b"<html>Sign in</html>", ics(ics_event("b"))[:60]])
def test_calendar_that_cannot_be_read_keeps_every_session_and_its_problem_is_recorded(
    office: Office, content: bytes | None
) -> None:
    office.read(ics_event("a"))
    before = office.session()
    if content is None:
        office.file.unlink()
    else:
        office.file.write_bytes(content)
    office.sync()

    assert office.session() == before
    assert office.state_of_review() is OutboundState.WAITING
    assert "calendar.ics" in office.problem()
    with office.database.read() as tx:
        assert calendars.get(tx, 1).synced_at == NOW

    office.read(ics_event("a"))
    assert office.problem() == ""


# --- Who is a client ----------------------------------------------------------------------------


def test_client_is_learnt_from_the_calendar(office: Office) -> None:
    office.read(ics_event("a", client=Client(0, 0, "Nia@Client.Example", "Nia Lund")))

    with office.database.read() as tx:
        assert Client(3, ANNA.id, "nia@client.example", "Nia Lund") in clients.of_coach(tx, ANNA.id)


def invitation(*extra: str) -> str:
    return ics_event(
        "invitation",
        client=STRANGER,
        organizer=STRANGER.email,
        extra=[f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ANNA.email}", *extra],
    )


def test_invitation_of_a_stranger_makes_no_client_and_no_session(office: Office) -> None:
    office.rules = (SessionRule(title="Coaching"),)
    office.read(invitation())

    assert office.sessions() == []
    assert office.passed_over() == {"invitation": PassedOver.NOT_ACCEPTED}
    assert office.database.count("clients") == 2
    assert office.review() is None


def test_stranger_who_joins_a_series_of_a_client_takes_no_session_over(office: Office) -> None:
    office.read(ics_event("a"))
    office.read(ics_event("a", extra=[f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{STRANGER.email}"]))

    assert office.session().client_id == JANE.id
    assert office.session().status is SessionStatus.CANCELLED
    assert office.database.count("clients") == 2


def test_room_is_no_person(office: Office) -> None:
    office.read(ics_event("a", extra=["ATTENDEE;CUTYPE=ROOM:mailto:room@coach.example"]))

    assert office.session().client_id == JANE.id
    assert office.database.count("clients") == 2


def test_rules_of_the_calendar_decide_what_counts(office: Office) -> None:
    office.rules, office.only_rules = (SessionRule(title="^Coaching"),), True
    office.read(ics_event("a", title="Coaching"), ics_event("b", NOW + 2 * DAY, title="Lunch with Jane"))

    assert [session.uid for session in office.sessions()] == ["a"]
    assert office.passed_over() == {"b": PassedOver.NO_RULE}


def test_nothing_of_a_private_event_is_stored_but_its_key_its_time_and_the_reason(office: Office) -> None:
    secrets = ["Oncologist", "doctor@hospital.example", "Dr. House", "Ward 7", "biopsy", "Medical"]
    office.read(
        ics_event(
            "private",
            NOW + DAY,
            title="Oncologist",
            client=Client(0, 0, "doctor@hospital.example", "Dr. House"),
            extra=[
                f"ATTENDEE:mailto:{TOM.email}",
                "LOCATION:Ward 7",
                "DESCRIPTION:biopsy",
                "CATEGORIES:Medical",
            ],
        ),
        ics_event("whole-day", date(2026, 11, 25), title="Oncologist"),
        ics_event("alone", NOW + DAY, title="Oncologist", client=None),
    )

    assert office.passed_over() == {
        "private": PassedOver.SEVERAL_ATTENDEES,
        "whole-day": PassedOver.ALL_DAY,
        "alone": PassedOver.NO_ATTENDEE,
    }
    stored = b"".join(file.read_bytes() for file in office.database.path.parent.iterdir())
    assert b"whole-day" in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []


# --- Two at once --------------------------------------------------------------------------------


class Slow:
    """Reads the file, and hands it over only after somebody else has read a newer one."""

    def __init__(self, office: Office, newer: Callable[[], None]) -> None:
        self._adapter = IcsFile(office.file, ANNA.timezone)
        self._newer = newer

    def read(self, known: Known, window: Window) -> Reading:
        reading = self._adapter.read(known, window)
        self._newer()
        return reading


def test_older_reading_that_arrives_late_is_discarded(office: Office) -> None:
    office.read(ics_event("a", NOW + DAY))
    office.write(ics_event("a", NOW + 2 * DAY))

    def read_newer() -> None:
        office.now += EVERY
        office.read(ics_event("a", NOW + 3 * DAY))

    office.sync(Slow(office, read_newer))

    assert office.session().starts_at == NOW + 3 * DAY
    office.now += EVERY
    office.sync()
    assert office.session().starts_at == NOW + 3 * DAY


def test_another_may_look_for_the_next_calendar_before_this_one_is_read(office: Office) -> None:
    happened: list[str] = []

    def find(coach: Coach, name: str) -> CalendarSource:
        happened.append("read")
        return CalendarSource(IcsFile(office.file, ANNA.timezone))

    office.write(ics_event("a"))
    assert sync_next(office.database, find, NOW, lambda: happened.append("claimed"))
    assert not sync_next(office.database, find, NOW, lambda: happened.append("claimed"))
    assert happened == ["claimed", "read"]


def test_window_is_as_wide_as_the_source_says(office: Office) -> None:
    windows: list[Window] = []

    @dataclass
    class Asked:
        def read(self, known: Known, window: Window) -> Reading:
            windows.append(window)
            return Reading("1")

    source = CalendarSource(Asked(), past=30 * DAY, ahead=100 * DAY)
    sync_next(office.database, lambda coach, name: source, NOW)
    (window,) = windows
    assert window.start == NOW - 30 * DAY
    assert window.end > NOW + 100 * DAY


def test_without_a_calendar_that_is_due_there_is_nothing_to_do(office: Office) -> None:
    office.read(ics_event("a"))

    def nobody_asks(coach: Coach, name: str) -> CalendarSource:
        raise AssertionError(name)

    assert not sync_next(office.database, nobody_asks, NOW)
