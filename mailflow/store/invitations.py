"""Invitations that a coach mailed to mailflow, as they came."""

from __future__ import annotations

from mailflow.store.database import Transaction


def add(tx: Transaction, coach_id: int, inbound_id: int, ics: bytes) -> None:
    tx.run(
        "INSERT INTO invitations (coach_id, inbound_id, ics) VALUES (:coach_id, :inbound_id, :ics)",
        coach_id=coach_id,
        inbound_id=inbound_id,
        ics=ics,
    )


def of_coach(tx: Transaction, coach_id: int) -> list[bytes]:
    """The oldest first."""
    return [row["ics"] for row in tx.all("SELECT ics FROM invitations WHERE coach_id = :id ORDER BY id", id=coach_id)]
