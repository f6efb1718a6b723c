"""Clients, learnt from the calendar."""

from __future__ import annotations

from datetime import datetime

from mailflow.model import Client, address_key
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def learn(tx: Transaction, coach_id: int, email: str, name: str) -> Client:
    """The coach's client with this address, created when new; a name is learnt, never forgotten."""
    row = tx.one(
        """
        INSERT INTO clients (coach_id, email, name) VALUES (:coach_id, :email, :name)
        ON CONFLICT (coach_id, email) DO UPDATE SET name = CASE WHEN excluded.name = '' THEN name ELSE excluded.name END
        RETURNING *
        """,
        coach_id=coach_id,
        email=address_key(email),
        name=name,
    )
    assert row is not None
    return to_client(row)


def get(tx: Transaction, client_id: int) -> Client:
    row = tx.one("SELECT * FROM clients WHERE id = :id", id=client_id)
    assert row is not None, f"no client {client_id}"
    return to_client(row)


def set_opt_out(tx: Transaction, client_id: int, since: datetime | None) -> None:
    """Since when the client wants no homework by mail; None where they want it."""
    tx.run("UPDATE clients SET opted_out_at = :since WHERE id = :id", id=client_id, since=to_unix(since))


def set_undeliverable(tx: Transaction, client_id: int, why: str) -> None:
    """What was said when mail to the client came back; '' where it may go again."""
    tx.run("UPDATE clients SET undeliverable = :why WHERE id = :id", id=client_id, why=why)


def of_coach(tx: Transaction, coach_id: int) -> list[Client]:
    """All of a coach's clients, by name."""
    rows = tx.all("SELECT * FROM clients WHERE coach_id = :coach_id ORDER BY name, email", coach_id=coach_id)
    return [to_client(row) for row in rows]


def to_client(row: Row) -> Client:
    return Client(
        id=row["id"],
        coach_id=row["coach_id"],
        email=row["email"],
        name=row["name"],
        opted_out_at=from_unix(row["opted_out_at"]),
        undeliverable=row["undeliverable"],
    )
