"""Calendars: when each is read next, how far it was read, and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailflow.model import PassedOver, address_key
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


@dataclass(frozen=True)
class CalendarRow:
    """A calendar of a coach's. `synced_at` is the last time it was read without a problem."""

    id: int
    coach_id: int
    name: str
    interval: timedelta
    sync_token: str
    due_at: datetime
    synced_at: datetime | None
    problem: str


@dataclass(frozen=True)
class PassedOverEvent:
    """An event that is no session: its key, its time and the reason, nothing else."""

    calendar_id: int
    uid: str
    recurrence_id: str
    starts_at: datetime
    reason: PassedOver


def save_all(tx: Transaction, calendars: Mapping[str, Sequence[tuple[str, timedelta]]], fingerprint: str = "") -> None:
    """Makes these, (name, interval) by their coach's address, the only active ones; each is due at once.

    Where the settings have another `fingerprint` than when a calendar was read, all of it is read anew.
    """
    tx.run("UPDATE calendars SET active = 0")
    for coach_email, of_coach in calendars.items():
        for name, interval in of_coach:
            tx.run(
                """
                INSERT INTO calendars (coach_id, name, active, interval_seconds, fingerprint)
                SELECT id, :name, 1, :interval, :fingerprint FROM coaches WHERE email = :email
                ON CONFLICT (coach_id, name) DO UPDATE SET active = 1, interval_seconds = :interval, due_at = 0,
                    sync_token = CASE fingerprint WHEN :fingerprint THEN sync_token ELSE '' END,
                    fingerprint = :fingerprint
                """,
                email=address_key(coach_email),
                name=name,
                interval=int(interval.total_seconds()),
                fingerprint=fingerprint,
            )


def claim_due(tx: Transaction, now: datetime) -> CalendarRow | None:
    """The calendar that waited longest, its next reading already planned; None where none is due."""
    row = tx.one(
        """
        UPDATE calendars SET due_at = :now + interval_seconds
        WHERE id = (SELECT id FROM calendars WHERE active = 1 AND due_at <= :now ORDER BY due_at LIMIT 1)
        RETURNING *
        """,
        now=to_unix(now),
    )
    return None if row is None else to_calendar(row)


def read_anew(tx: Transaction, coach_id: int) -> None:
    """Every event of the coach's is judged again, at once: who is who has changed."""
    tx.run("UPDATE calendars SET sync_token = '', due_at = 0 WHERE coach_id = :id", id=coach_id)


def make_due(tx: Transaction, coach_id: int, name: str) -> None:
    """The calendar is read at once."""
    tx.run("UPDATE calendars SET due_at = 0 WHERE coach_id = :id AND name = :name", id=coach_id, name=name)


def get(tx: Transaction, calendar_id: int) -> CalendarRow:
    row = tx.one("SELECT * FROM calendars WHERE id = :id", id=calendar_id)
    assert row is not None, f"no calendar {calendar_id}"
    return to_calendar(row)


def is_active(tx: Transaction, calendar_id: int) -> bool:
    """Whether the settings still name the calendar."""
    return bool(tx.value("SELECT active FROM calendars WHERE id = :id", id=calendar_id))


def of_coach(tx: Transaction, coach_id: int) -> list[CalendarRow]:
    """The coach's active calendars."""
    rows = tx.all("SELECT * FROM calendars WHERE coach_id = :id AND active = 1 ORDER BY name", id=coach_id)
    return [to_calendar(row) for row in rows]


def mark_synced(tx: Transaction, calendar_id: int, token: str, now: datetime) -> None:
    """Records a reading that worked."""
    tx.run(
        "UPDATE calendars SET sync_token = :token, synced_at = :now, problem = '' WHERE id = :id",
        token=token,
        now=to_unix(now),
        id=calendar_id,
    )


def set_event_problem(tx: Transaction, calendar_id: int, uid: str, problem: str) -> None:
    """What is wrong with the event; '' where nothing is, or it is gone."""
    tx.run("DELETE FROM calendar_problems WHERE calendar_id = :id AND uid = :uid", id=calendar_id, uid=uid)
    if problem:
        tx.run("INSERT INTO calendar_problems VALUES (:id, :uid, :problem)", id=calendar_id, uid=uid, problem=problem)


def mark_problem(tx: Transaction, calendar_id: int, problem: str) -> None:
    """Records a reading that failed. The sessions stay as they are."""
    tx.run("UPDATE calendars SET problem = :problem WHERE id = :id", problem=problem, id=calendar_id)


def event_problems(tx: Transaction, calendar_id: int) -> list[tuple[str, str]]:
    """(uid, what is wrong) of each event that could not be read."""
    rows = tx.all("SELECT uid, problem FROM calendar_problems WHERE calendar_id = :id ORDER BY uid", id=calendar_id)
    return [(row["uid"], row["problem"]) for row in rows]


def replace_passed_over(tx: Transaction, calendar_id: int, uid: str, events: Sequence[PassedOverEvent]) -> None:
    """Makes these the only ones with this UID."""
    tx.run("DELETE FROM passed_over_events WHERE calendar_id = :id AND uid = :uid", id=calendar_id, uid=uid)
    for event in events:
        tx.run(
            """
            INSERT OR REPLACE INTO passed_over_events
            VALUES (:calendar_id, :uid, :recurrence_id, :starts_at, :reason)
            """,
            calendar_id=calendar_id,
            uid=event.uid,
            recurrence_id=event.recurrence_id,
            starts_at=to_unix(event.starts_at),
            reason=event.reason,
        )


def forget_passed_over(tx: Transaction, calendar_id: int, before: datetime) -> None:
    """Nobody asks any more for what was so long ago."""
    tx.run(
        "DELETE FROM passed_over_events WHERE calendar_id = :id AND starts_at < :before",
        id=calendar_id,
        before=to_unix(before),
    )


def passed_over(tx: Transaction, coach_id: int, start: datetime, end: datetime) -> list[PassedOverEvent]:
    """The events of the coach's active calendars in [start, end) that are no sessions."""
    rows = tx.all(
        """
        SELECT p.* FROM passed_over_events p JOIN calendars c ON c.id = p.calendar_id
        WHERE c.coach_id = :coach_id AND c.active = 1 AND p.starts_at >= :start AND p.starts_at < :end
        ORDER BY p.starts_at
        """,
        coach_id=coach_id,
        start=to_unix(start),
        end=to_unix(end),
    )
    return [
        PassedOverEvent(
            calendar_id=row["calendar_id"],
            uid=row["uid"],
            recurrence_id=row["recurrence_id"],
            starts_at=from_unix(row["starts_at"]),
            reason=PassedOver(row["reason"]),
        )
        for row in rows
    ]


def to_calendar(row: Row) -> CalendarRow:
    return CalendarRow(
        id=row["id"],
        coach_id=row["coach_id"],
        name=row["name"],
        interval=timedelta(seconds=row["interval_seconds"]),
        sync_token=row["sync_token"],
        due_at=from_unix(row["due_at"]),
        synced_at=from_unix(row["synced_at"]),
        problem=row["problem"],
    )
