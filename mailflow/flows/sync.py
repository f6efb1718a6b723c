"""Calendars are read; sessions, and the reviews before them, follow what they say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from mailflow.calendars import Calendar, Occurrence, Reading, Window
from mailflow.errors import PermanentError, TemporaryError
from mailflow.flows.plan import cancel_review, plan_review
from mailflow.flows.reconsider import reconsider_notes
from mailflow.model import Coach, PassedOver, Session, address_key
from mailflow.rules.sessions import Event, Person, SessionRule, client_of
from mailflow.store import calendars, clients, coaches, sessions
from mailflow.store.calendars import CalendarRow, PassedOverEvent
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

PAST = timedelta(days=60)
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class CalendarSource:
    """How one calendar is read, and which of its events count (rules/sessions.py).

    `own_addresses` are mailflow's, by their key: invited to a session they are no second person in it.
    """

    adapter: Calendar
    rules: tuple[SessionRule, ...] = ()
    only_rules: bool = False
    own_addresses: frozenset[str] = frozenset()


FindSource = Callable[[Coach, str], CalendarSource]
"""The source of a coach's calendar of this name."""


def sync_next(database: Database, find_source: FindSource, now: datetime) -> bool:
    """Reads the calendar that is due longest; False where none is due."""
    with database.write() as tx:
        calendar = calendars.claim_due(tx, now)
    if calendar is None:
        return False
    sync_calendar(database, find_source, calendar, now)
    return True


def sync_calendar(database: Database, find_source: FindSource, calendar: CalendarRow, now: datetime) -> None:
    """Reads one calendar. Where that fails the sessions stay as they are and the problem is kept for `status`."""
    with database.read() as tx:
        coach = coaches.get(tx, calendar.coach_id)
    source = find_source(coach, calendar.name)
    window = Window(now - PAST, now + AHEAD)
    try:
        reading = source.adapter.read(calendar.sync_token, window)
    except (TemporaryError, PermanentError) as error:
        with database.write() as tx:
            calendars.mark_problem(tx, calendar.id, str(error))
        if calendar.problem != str(error):
            log.warning("calendar.unreadable", calendar=calendar.id, problem=str(error))
        return
    with database.write() as tx:
        # Somebody else read it meanwhile: what they saw may be newer than what we saw.
        if calendars.get(tx, calendar.id).sync_token != calendar.sync_token:
            return
        if not reading.unchanged:
            _apply(tx, coach, calendar, source, reading, window, now)
        problems = None if reading.unchanged else reading.problems
        calendars.mark_synced(tx, calendar.id, reading.token, problems, now)


def _apply(
    tx: Transaction,
    coach: Coach,
    calendar: CalendarRow,
    source: CalendarSource,
    reading: Reading,
    window: Window,
    now: datetime,
) -> None:
    others = [other for other in coaches.active(tx) if other.id != coach.id]
    other_coaches = frozenset(address for other in others for address in other.addresses)
    seen = set()
    passed_over = []
    for occurrence in reading.occurrences:
        client = client_of(
            _event(occurrence, source.own_addresses),
            coach.addresses,
            source.rules,
            only_rules=source.only_rules,
            other_coaches=other_coaches,
        )
        if isinstance(client, PassedOver):
            passed_over.append(
                PassedOverEvent(calendar.id, occurrence.uid, occurrence.recurrence_id, occurrence.starts_at, client)
            )
            continue
        seen.add((occurrence.uid, occurrence.recurrence_id))
        _save_session(tx, coach, calendar, occurrence, client, now)
    # An event that can't be read is still there: only what is truly gone cancels a session.
    unreadable = {uid for uid, _ in reading.problems}
    for session in sessions.of_calendar(tx, calendar.id, window.start, window.end):
        if (session.uid, session.recurrence_id) not in seen and session.uid not in unreadable:
            _cancel_session(tx, session)
    calendars.replace_passed_over(tx, calendar.id, passed_over)
    reconsider_notes(tx, coach, now)


def _save_session(
    tx: Transaction, coach: Coach, calendar: CalendarRow, occurrence: Occurrence, person: Person, now: datetime
) -> None:
    """Writes the session where it is new or differs, and puts its review where it belongs."""
    stored = sessions.find(tx, calendar.id, occurrence.uid, occurrence.recurrence_id)
    session = Session(
        id=stored.id if stored else 0,
        coach_id=coach.id,
        calendar_id=calendar.id,
        client_id=clients.learn(tx, coach.id, person.email, person.name).id,
        uid=occurrence.uid,
        recurrence_id=occurrence.recurrence_id,
        title=occurrence.title,
        starts_at=occurrence.starts_at.replace(microsecond=0),
        ends_at=occurrence.ends_at.replace(microsecond=0),
    )
    if session != stored:
        session = sessions.save(tx, session)
        log.info("session.saved", session=session.id, new=stored is None)
    plan_review(tx, coach, session, now)


def _cancel_session(tx: Transaction, session: Session) -> None:
    sessions.cancel(tx, session.id)
    cancel_review(tx, session)
    log.info("session.cancelled", session=session.id)


def _event(occurrence: Occurrence, own_addresses: frozenset[str]) -> Event:
    return Event(
        title=occurrence.title,
        categories=occurrence.categories,
        organizer=occurrence.organizer,
        organizer_name=occurrence.organizer_name,
        people=tuple(_people(occurrence, own_addresses)),
        all_day=occurrence.all_day,
        cancelled=occurrence.cancelled,
    )


def _people(occurrence: Occurrence, own_addresses: frozenset[str]) -> Sequence[Person]:
    return [
        Person(email=attendee.email, name=attendee.name, accepted=attendee.accepted, declined=attendee.declined)
        for attendee in occurrence.attendees
        if attendee.is_person and address_key(attendee.email) not in own_addresses
    ]
