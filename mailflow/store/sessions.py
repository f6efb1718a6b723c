"""Sessions: occurrences in a coach's calendar, keyed by (calendar, UID, RECURRENCE-ID)."""

from __future__ import annotations

from datetime import datetime

from mailflow.model import Session, SessionStatus
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def find(tx: Transaction, calendar_id: int, uid: str, recurrence_id: str) -> Session | None:
    row = tx.one(
        "SELECT * FROM sessions WHERE calendar_id = :calendar_id AND uid = :uid AND recurrence_id = :recurrence_id",
        calendar_id=calendar_id,
        uid=uid,
        recurrence_id=recurrence_id,
    )
    return None if row is None else to_session(row)


def save(tx: Transaction, session: Session) -> Session:
    """The session as stored now: inserted, or brought up to date under its key."""
    row = tx.one(
        """
        INSERT INTO sessions (coach_id, calendar_id, client_id, uid, recurrence_id, title, starts_at, ends_at, status,
                              group_key)
        VALUES (:coach_id, :calendar_id, :client_id, :uid, :recurrence_id, :title, :starts_at, :ends_at, :status,
                :group_key)
        ON CONFLICT (calendar_id, uid, recurrence_id) DO UPDATE SET client_id = :client_id, title = :title,
            starts_at = :starts_at, ends_at = :ends_at, status = :status, group_key = :group_key
        RETURNING *
        """,
        coach_id=session.coach_id,
        calendar_id=session.calendar_id,
        client_id=session.client_id,
        uid=session.uid,
        recurrence_id=session.recurrence_id,
        title=session.title,
        starts_at=to_unix(session.starts_at),
        ends_at=to_unix(session.ends_at),
        status=session.status,
        group_key=session.group,
    )
    assert row is not None
    return to_session(row)


def cancel(tx: Transaction, session_id: int) -> None:
    tx.run("UPDATE sessions SET status = 'cancelled' WHERE id = :id", id=session_id)


def get(tx: Transaction, session_id: int) -> Session:
    row = tx.one("SELECT * FROM sessions WHERE id = :id", id=session_id)
    assert row is not None, f"no session {session_id}"
    return to_session(row)


def of_group(tx: Transaction, group: str) -> list[Session]:
    """The sessions of all who are or were in one event together, cancelled ones too."""
    rows = tx.all("SELECT * FROM sessions WHERE group_key = :group AND group_key <> '' ORDER BY id", group=group)
    return [to_session(row) for row in rows]


def together(tx: Transaction, session: Session) -> list[Session]:
    """The planned sessions of all who are in it; of one client, the session itself."""
    return [one for one in of_group(tx, session.group) if one.status is SessionStatus.PLANNED] or [session]


def of_event(tx: Transaction, calendar_id: int, uid: str, start: datetime) -> list[Session]:
    """The planned sessions of one event that begin at a moment or later."""
    rows = tx.all(
        """
        SELECT * FROM sessions
        WHERE calendar_id = :calendar_id AND uid = :uid AND status = 'planned' AND starts_at >= :start
        """,
        calendar_id=calendar_id,
        uid=uid,
        start=to_unix(start),
    )
    return [to_session(row) for row in rows]


def began_between(tx: Transaction, coach_id: int, start: datetime, end: datetime) -> list[Session]:
    """The coach's planned sessions that began in [start, end], in order of time, of calendars still in the settings."""
    rows = tx.all(
        """
        SELECT s.* FROM sessions s JOIN calendars c ON c.id = s.calendar_id AND c.active = 1
        WHERE s.coach_id = :id AND s.status = 'planned' AND s.starts_at >= :start AND s.starts_at <= :end
        ORDER BY s.starts_at, s.id
        """,
        id=coach_id,
        start=to_unix(start),
        end=to_unix(end),
    )
    return [to_session(row) for row in rows]


def of_coach(tx: Transaction, coach_id: int, start: datetime, end: datetime) -> list[Session]:
    """The coach's sessions that begin in [start, end), cancelled ones too, in order of time."""
    rows = tx.all(
        """
        SELECT * FROM sessions WHERE coach_id = :id AND starts_at >= :start AND starts_at < :end
        ORDER BY starts_at, id
        """,
        id=coach_id,
        start=to_unix(start),
        end=to_unix(end),
    )
    return [to_session(row) for row in rows]


def next_of_client(tx: Transaction, client_id: int, after: datetime) -> Session | None:
    """The client's first planned session that begins later than `after`."""
    row = tx.one(
        """
        SELECT s.* FROM sessions s JOIN calendars c ON c.id = s.calendar_id AND c.active = 1
        WHERE s.client_id = :client_id AND s.status = 'planned' AND s.starts_at > :after
        ORDER BY s.starts_at LIMIT 1
        """,
        client_id=client_id,
        after=to_unix(after),
    )
    return None if row is None else to_session(row)


def previous_of_client(tx: Transaction, client_id: int, before: datetime) -> Session | None:
    """The client's last planned session that began earlier than `before`."""
    row = tx.one(
        """
        SELECT s.* FROM sessions s JOIN calendars c ON c.id = s.calendar_id AND c.active = 1
        WHERE s.client_id = :client_id AND s.status = 'planned' AND s.starts_at < :before
        ORDER BY s.starts_at DESC LIMIT 1
        """,
        client_id=client_id,
        before=to_unix(before),
    )
    return None if row is None else to_session(row)


def to_session(row: Row) -> Session:
    return Session(
        id=row["id"],
        coach_id=row["coach_id"],
        calendar_id=row["calendar_id"],
        client_id=row["client_id"],
        uid=row["uid"],
        recurrence_id=row["recurrence_id"],
        title=row["title"],
        starts_at=from_unix(row["starts_at"]),
        ends_at=from_unix(row["ends_at"]),
        status=SessionStatus(row["status"]),
        group=row["group_key"],
    )
