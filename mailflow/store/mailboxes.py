"""Mailboxes: when each was asked, what was wrong, and since when its mail is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


@dataclass(frozen=True)
class MailboxRow:
    """A mailbox of the settings. `is_asked`: it is asked for mail; to the others it is pushed.

    `asked_at` is the last time that worked, `problem` why it does not now. `side_problem` is what does not work
    although mail is taken; `left_alone` is how many mails are too old to be taken.
    """

    name: str
    is_asked: bool
    asked_at: datetime | None
    problem: str
    side_problem: str
    left_alone: int


def save_all(tx: Transaction, mailboxes: Sequence[tuple[str, bool]]) -> None:
    """Makes these, (name, is_asked), the only active ones. What was wrong before the start is forgotten."""
    tx.run("UPDATE mailboxes SET active = 0")
    for name, is_asked in mailboxes:
        tx.run(
            """
            INSERT INTO mailboxes (name, is_asked, active) VALUES (:name, :is_asked, 1)
            ON CONFLICT (name) DO UPDATE SET active = 1, is_asked = :is_asked, problem = '', side_problem = ''
            """,
            name=name,
            is_asked=int(is_asked),
        )


def active(tx: Transaction) -> list[MailboxRow]:
    return [to_mailbox(row) for row in tx.all("SELECT * FROM mailboxes WHERE active = 1 ORDER BY name")]


def mark_asked(tx: Transaction, name: str, now: datetime) -> None:
    """Records that the mailbox was asked without a problem."""
    tx.run("UPDATE mailboxes SET asked_at = :now, problem = '' WHERE name = :name", now=to_unix(now), name=name)


def mark_problem(tx: Transaction, name: str, problem: str) -> None:
    tx.run("UPDATE mailboxes SET problem = :problem WHERE name = :name", problem=problem, name=name)


def tell(tx: Transaction, name: str, left_alone: int, side_problem: str) -> None:
    tx.run(
        "UPDATE mailboxes SET left_alone = :left_alone, side_problem = :side_problem WHERE name = :name",
        left_alone=left_alone,
        side_problem=side_problem,
        name=name,
    )


def get(tx: Transaction, name: str) -> MailboxRow:
    row = tx.one("SELECT * FROM mailboxes WHERE name = :name", name=name)
    assert row is not None, f"no mailbox {name}"
    return to_mailbox(row)


def start(tx: Transaction, name: str, place: str, mark: str, now: datetime) -> tuple[datetime, str]:
    """(when, mark) of the first start with this place, which is now where there was none."""
    tx.run(
        """
        INSERT INTO mailbox_starts (mailbox, place, started_at, mark) VALUES (:name, :place, :now, :mark)
        ON CONFLICT DO NOTHING
        """,
        name=name,
        place=place,
        now=to_unix(now),
        mark=mark,
    )
    found = started(tx, name, place)
    assert found is not None
    return found


def started(tx: Transaction, name: str, place: str) -> tuple[datetime, str] | None:
    """(when, mark) of the first start with this place; None before it."""
    row = tx.one(
        "SELECT started_at, mark FROM mailbox_starts WHERE mailbox = :name AND place = :place", name=name, place=place
    )
    return None if row is None else (from_unix(row["started_at"]), row["mark"])


def to_mailbox(row: Row) -> MailboxRow:
    return MailboxRow(
        name=row["name"],
        is_asked=bool(row["is_asked"]),
        asked_at=from_unix(row["asked_at"]),
        problem=row["problem"],
        side_problem=row["side_problem"],
        left_alone=row["left_alone"],
    )
