"""What the operator asks on the command line: lists and numbers, read from the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailflow.errors import PermanentError
from mailflow.model import (
    Client,
    Coach,
    InboundEmail,
    InboundStatus,
    OutboundEmail,
    OutboundState,
    Session,
    address_key,
)
from mailflow.store import (
    actions,
    attempts,
    calendars,
    clients,
    coaches,
    inbound,
    mailboxes,
    mailer,
    notes,
    outbox,
    sessions,
)
from mailflow.store.calendars import CalendarRow, PassedOverEvent
from mailflow.store.database import Database, Transaction, sqlite_state
from mailflow.store.mailboxes import MailboxRow
from mailflow.store.mailer import AccountProblem

PATIENCE = timedelta(hours=1)


@dataclass(frozen=True)
class SessionLine:
    coach: Coach
    session: Session
    client: Client


@dataclass(frozen=True)
class ClientLine:
    coach: Coach
    client: Client
    notes: int
    open_actions: int
    next_session_at: datetime | None


@dataclass(frozen=True)
class CalendarStatus:
    """`broken_events` are (uid, what is wrong) of the events that can't be read."""

    coach: Coach
    calendar: CalendarRow
    broken_events: list[tuple[str, str]]


@dataclass(frozen=True)
class Status:
    """How things stand.

    `unasked` are the mailboxes that nobody asked for PATIENCE, `unread` is how many mails wait to be looked at for
    longer, and `stuck` is what should have gone that long ago. `account` is why the mail server takes no mail from us.
    `problems` is what SQLite finds wrong with the database; empty where nothing is.
    """

    mailboxes: list[MailboxRow]
    unasked: list[str]
    calendars: list[CalendarStatus]
    inbound: dict[InboundStatus, int]
    outbound: dict[OutboundState, int]
    unread: int
    stuck: list[OutboundEmail]
    account: AccountProblem | None
    problems: list[str]
    sqlite: str

    @property
    def healthy(self) -> bool:
        """Nothing waits for a person."""
        return not (
            self.problems
            or self.unasked
            or self.unread
            or self.stuck
            or any(mailbox.problem or mailbox.side_problem for mailbox in self.mailboxes)
            or self.account
            or any(line.calendar.problem or line.broken_events for line in self.calendars)
            or self.inbound.get(InboundStatus.QUARANTINED)
            or self.outbound.get(OutboundState.FAILED)
        )


def status(database: Database, now: datetime) -> Status:
    with database.read() as tx:
        lines = [
            CalendarStatus(coach, calendar, calendars.event_problems(tx, calendar.id))
            for coach in coaches.active(tx)
            for calendar in calendars.of_coach(tx, coach.id)
        ]
        boxes = mailboxes.active(tx)
        inbound_counts, outbound_counts = inbound.counts(tx), outbox.counts(tx)
        unread, stuck = inbound.count_waiting_since(tx, now - PATIENCE), outbox.stuck(tx, now - PATIENCE)
        account = mailer.problem(tx)
    unasked = [box.name for box in boxes if box.is_asked and box.asked_at and box.asked_at < now - PATIENCE]
    return Status(
        boxes, unasked, lines, inbound_counts, outbound_counts, unread, stuck, account, database.check(), sqlite_state()
    )


def session_lines(
    database: Database, coach_email: str | None, days: int, now: datetime
) -> tuple[list[SessionLine], list[tuple[Coach, PassedOverEvent]]]:
    """(sessions, events that are none) from `days` back to `days` ahead, of one coach or of all.

    Raises PermanentError where no coach has that address.
    """
    start, end = now - timedelta(days=days), now + timedelta(days=days)
    lines, passed_over = [], []
    with database.read() as tx:
        for coach in _asked(tx, coach_email):
            lines += [
                SessionLine(coach, session, clients.get(tx, session.client_id))
                for session in sessions.of_coach(tx, coach.id, start, end)
            ]
            passed_over += [(coach, event) for event in calendars.passed_over(tx, coach.id, start, end)]
    return lines, passed_over


def client_lines(database: Database, coach_email: str | None, now: datetime) -> list[ClientLine]:
    """The clients of one coach or of all. Raises PermanentError where no coach has that address."""
    with database.read() as tx:
        return [
            _client_line(tx, coach, client, now)
            for coach in _asked(tx, coach_email)
            for client in clients.of_coach(tx, coach.id)
        ]


def client_line(database: Database, client_id: int, now: datetime) -> ClientLine | None:
    """None where there is no such client."""
    with database.read() as tx:
        client = clients.find(tx, client_id)
        return None if client is None else _client_line(tx, coaches.get(tx, client.coach_id), client, now)


def _client_line(tx: Transaction, coach: Coach, client: Client, now: datetime) -> ClientLine:
    session = sessions.next_of_client(tx, client.id, now)
    return ClientLine(
        coach=coach,
        client=client,
        notes=notes.count_of_client(tx, client.id),
        open_actions=len(actions.still_open(tx, client.id, before_note=None)),
        next_session_at=None if session is None else session.starts_at,
    )


def _asked(tx: Transaction, coach_email: str | None) -> list[Coach]:
    known = coaches.active(tx)
    if coach_email is None:
        return known
    found = [coach for coach in known if address_key(coach_email) in coach.addresses]
    if not found:
        raise PermanentError(f"There is no coach with the address '{coach_email}'.")
    return found


def inbox(database: Database, limit: int, status: InboundStatus | None = None) -> list[InboundEmail]:
    """The newest first."""
    with database.read() as tx:
        return inbound.latest(tx, limit, status)


def inbound_email(database: Database, inbound_id: int) -> tuple[InboundEmail, bytes] | None:
    """The mail with its bytes."""
    with database.read() as tx:
        mail = inbound.get(tx, inbound_id)
        return None if mail is None else (mail, inbound.raw(tx, inbound_id))


def outbox_lines(database: Database, limit: int, state: OutboundState | None = None) -> list[OutboundEmail]:
    """What goes next comes first; then what is closed, the newest first."""
    with database.read() as tx:
        return outbox.latest(tx, limit, state)


def outbound_email(database: Database, outbound_id: int) -> tuple[OutboundEmail, bytes | None] | None:
    """The mail with its bytes, which are None before the first attempt."""
    with database.read() as tx:
        email = outbox.get(tx, outbound_id)
        if email is None:
            return None
        frozen = attempts.frozen(tx, outbound_id)
        return email, None if frozen is None else frozen.raw
