"""Calendars are read; sessions, and the reviews before them, follow what they say."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from mailflow.calendars import Calendar, CalendarObject, Known, Occurrence, Window
from mailflow.errors import PermanentError, TemporaryError
from mailflow.flows.ask_for_notes import cancel_no_notes, plan_no_notes
from mailflow.flows.nudge import plan_nudges
from mailflow.flows.plan import cancel_review, plan_review
from mailflow.flows.reconsider import reconsider_notes
from mailflow.model import Coach, PassedOver, Session, address_key
from mailflow.rules.sessions import Event, Person, SessionRule, clients_of
from mailflow.store import calendar_objects, calendars, clients, coaches, sessions
from mailflow.store.calendar_objects import StoredObject
from mailflow.store.calendars import CalendarRow, PassedOverEvent
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

PAST = timedelta(days=60)
AHEAD = timedelta(days=60)
MARGIN = timedelta(days=30)
"""What is looked at beyond that, so that a series is read again once a month and not each day."""
SPREAD_SECONDS = 20 * 24 * 3600
NEVER = datetime.fromtimestamp(0, UTC)
AT_ONCE = 500
"""Objects in one transaction: nobody waits long for a first reading of thousands."""


@dataclass(frozen=True)
class CalendarSource:
    """How one calendar is read, and which of its events count (rules/sessions.py).

    `own_addresses` are mailflow's, by their key: invited to a session they are no second person in it. Sessions from
    `past` ago to `ahead` are kept.
    """

    adapter: Calendar
    rules: tuple[SessionRule, ...] = ()
    only_rules: bool = False
    own_addresses: frozenset[str] = frozenset()
    past: timedelta = PAST
    ahead: timedelta = AHEAD


FindSource = Callable[[Coach, str], CalendarSource]
"""The source of a coach's calendar of this name."""


def sync_next(
    database: Database, find_source: FindSource, now: datetime, claimed: Callable[[], None] = lambda: None
) -> bool:
    """Reads the calendar that is due longest; False where none is due. `claimed` is called before it is read: others
    may look for the next one meanwhile."""
    with database.write() as tx:
        calendar = calendars.claim_due(tx, now)
    if calendar is None:
        return False
    claimed()
    sync_calendar(database, find_source, calendar, now)
    return True


def sync_calendar(database: Database, find_source: FindSource, calendar: CalendarRow, now: datetime) -> None:
    """Reads one calendar. Where that fails the sessions stay as they are and the problem is kept for `status`."""
    with database.read() as tx:
        coach = coaches.get(tx, calendar.coach_id)
        stale = calendar_objects.stale(tx, calendar.id, now)
    source = find_source(coach, calendar.name)
    window = Window(now - source.past, now + source.ahead + MARGIN)
    try:
        reading = source.adapter.read(Known(calendar.sync_token, partial(_versions, database, calendar), stale), window)
    except (TemporaryError, PermanentError) as error:
        with database.write() as tx:
            calendars.mark_problem(tx, calendar.id, str(error))
        if calendar.problem != str(error):
            log.warning("calendar.unreadable", calendar=calendar.id, problem=str(error))
        return
    gone = reading.gone
    if not calendar.sync_token:
        gone = frozenset(_versions(database, calendar).keys() - {read.key for read in reading.objects})
    sync = Sync(coach, calendar, source, window, now)
    for start in range(0, len(reading.objects), AT_ONCE):
        with database.write() as tx:
            if not _is_newest(tx, calendar):
                return
            sync.save(tx, reading.objects[start : start + AT_ONCE])
    with database.write() as tx:
        if not _is_newest(tx, calendar):
            return
        if reading.objects or gone:
            sync.forget(tx, gone)
            reconsider_notes(tx, coach, now)
        # Who asked meanwhile that everything be judged anew has made it due.
        token = reading.token if calendars.get(tx, calendar.id).due_at > NEVER else ""
        calendars.mark_synced(tx, calendar.id, token, now)


def _versions(database: Database, calendar: CalendarRow) -> Mapping[str, str]:
    with database.read() as tx:
        return calendar_objects.versions(tx, calendar.id)


def _is_newest(tx: Transaction, calendar: CalendarRow) -> bool:
    """Somebody else may have read it meanwhile: what they saw may be newer than what we saw."""
    return calendars.get(tx, calendar.id).sync_token == calendar.sync_token


@dataclass(frozen=True)
class KnownPeople:
    """`main_addresses`: where mail goes to the client with another address; `listed`: names that a person listed."""

    other_coaches: frozenset[str]
    main_addresses: Mapping[str, str]
    listed: Sequence[tuple[str, Person]]


def _known_people(tx: Transaction, coach: Coach) -> KnownPeople:
    others = [other for other in coaches.active(tx) if other.id != coach.id]
    known = clients.of_coach(tx, coach.id)
    return KnownPeople(
        other_coaches=frozenset(address for other in others for address in other.addresses),
        main_addresses={address: client.email for client in known for address in client.other_addresses},
        listed=[
            (name, Person(client.email, client.name, accepted=False, declined=False))
            for client in known
            for name in client.title_names
        ],
    )


@dataclass(frozen=True)
class Sync:
    """One reading of one calendar on its way into the store."""

    coach: Coach
    calendar: CalendarRow
    source: CalendarSource
    window: Window
    now: datetime

    def save(self, tx: Transaction, objects: Sequence[CalendarObject]) -> None:
        """What is new, changed or stale. An event that can't be read is still there: its sessions stay."""
        people = _known_people(tx, self.coach)
        for read in (self._with_its_uid(tx, one) for one in objects):
            again_at = self._again_at(read)
            before = calendar_objects.save(
                tx, self.calendar.id, StoredObject(read.key, read.version, read.uid, again_at)
            )
            if before is not None:
                self._forget_event(tx, before)
            calendars.set_event_problem(tx, self.calendar.id, read.uid, read.problem)
            if not read.problem:
                self._save_event(tx, read, people)

    def _with_its_uid(self, tx: Transaction, read: CalendarObject) -> CalendarObject:
        """Where nobody could read so much as the UID, it is still the event that it was."""
        if not read.problem or read.uid != read.key:
            return read
        return replace(read, uid=calendar_objects.uid_of(tx, self.calendar.id, read.key) or read.uid)

    def forget(self, tx: Transaction, keys: Collection[str]) -> None:
        """What is gone, and what is too long ago."""
        for uid in calendar_objects.forget(tx, self.calendar.id, keys):
            self._forget_event(tx, uid)
        calendars.forget_passed_over(tx, self.calendar.id, self.window.start)

    def _again_at(self, read: CalendarObject) -> datetime | None:
        """Before the window has moved on to dates that nobody looked at; not for all on one day."""
        if not read.goes_on:
            return None
        return self.now + MARGIN - timedelta(seconds=zlib.crc32(read.key.encode()) % SPREAD_SECONDS)

    def _save_event(self, tx: Transaction, read: CalendarObject, people: KnownPeople) -> None:
        saved: list[Session] = []
        had = {s.client_id for s in sessions.of_event(tx, self.calendar.id, read.uid, self.window.start)}
        passed_over = []
        for occurrence in read.occurrences:
            there = clients_of(
                event_of(occurrence, self.source.own_addresses, people.main_addresses),
                self.coach.addresses,
                self.source.rules,
                only_rules=self.source.only_rules,
                other_coaches=people.other_coaches,
                listed=people.listed,
            )
            if isinstance(there, PassedOver):
                passed_over.append(
                    PassedOverEvent(
                        self.calendar.id, occurrence.uid, occurrence.recurrence_id, occurrence.starts_at, there
                    )
                )
                continue
            saved += [
                _save_session(tx, self.coach, self.calendar, occurrence, person, is_group=there.is_group)
                for person in there.people
            ]
        self._cancel_sessions(tx, read.uid, but={session.recurrence_id for session in saved})
        for session in saved:
            plan_review(tx, self.coach, session, self.now)
            plan_no_notes(tx, self.coach, session, self.now)
        for client_id in had | {session.client_id for session in saved}:
            plan_nudges(tx, self.coach, client_id, self.now)
        calendars.replace_passed_over(tx, self.calendar.id, read.uid, passed_over)

    def _forget_event(self, tx: Transaction, uid: str) -> None:
        if not calendar_objects.has_uid(tx, self.calendar.id, uid):
            self._cancel_sessions(tx, uid, but=frozenset())
            calendars.replace_passed_over(tx, self.calendar.id, uid, [])
            calendars.set_event_problem(tx, self.calendar.id, uid, "")

    def _cancel_sessions(self, tx: Transaction, uid: str, *, but: Collection[str]) -> None:
        for session in sessions.of_event(tx, self.calendar.id, uid, self.window.start):
            if session.recurrence_id not in but:
                sessions.cancel(tx, session.id)
                cancel_review(tx, session)
                cancel_no_notes(tx, session)
                plan_nudges(tx, self.coach, session.client_id, self.now)
                log.info("session.cancelled", session=session.id)


def _save_session(
    tx: Transaction, coach: Coach, calendar: CalendarRow, occurrence: Occurrence, person: Person, *, is_group: bool
) -> Session:
    """Writes the session where it is new or differs. Of a group, each client has one of their own."""
    key = f"{occurrence.recurrence_id} {address_key(person.email)}" if is_group else occurrence.recurrence_id
    stored = sessions.find(tx, calendar.id, occurrence.uid, key)
    session = Session(
        id=stored.id if stored else 0,
        coach_id=coach.id,
        calendar_id=calendar.id,
        client_id=clients.learn(tx, coach.id, person.email, person.name).id,
        uid=occurrence.uid,
        recurrence_id=key,
        title=occurrence.title,
        starts_at=occurrence.starts_at.replace(microsecond=0),
        ends_at=occurrence.ends_at.replace(microsecond=0),
        group=f"{calendar.id} {occurrence.uid} {occurrence.recurrence_id}" if is_group else "",
    )
    if session != stored:
        session = sessions.save(tx, session)
        log.info("session.saved", session=session.id, new=stored is None)
    return session


def event_of(occurrence: Occurrence, own_addresses: frozenset[str], main_addresses: Mapping[str, str]) -> Event:
    """What rules/sessions.py looks at."""
    return Event(
        title=occurrence.title,
        categories=occurrence.categories,
        location=occurrence.location,
        organizer=main_addresses.get(address_key(occurrence.organizer), occurrence.organizer),
        organizer_name=occurrence.organizer_name,
        people=tuple(_people(occurrence, own_addresses, main_addresses)),
        all_day=occurrence.all_day,
        cancelled=occurrence.cancelled,
    )


def _people(
    occurrence: Occurrence, own_addresses: frozenset[str], main_addresses: Mapping[str, str]
) -> Sequence[Person]:
    """A client who is invited with two addresses is one person."""
    return [
        Person(
            email=main_addresses.get(address_key(attendee.email), attendee.email),
            name=attendee.name,
            accepted=attendee.accepted,
            declined=attendee.declined,
        )
        for attendee in occurrence.attendees
        if attendee.is_person and address_key(attendee.email) not in own_addresses
    ]
