"""What a benchmark fills a database with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailflow.model import Action, Client, Note, NoteAction
from mailflow.store import actions, clients, inbound, notes
from mailflow.store.database import Transaction


def add_note(
    tx: Transaction, coach_id: int, number: int, agreed: Sequence[NoteAction], now: datetime
) -> tuple[Client, Note, list[Action]]:
    """A client of their own, and a note about them."""
    client = clients.learn(tx, coach_id, f"client{number}@client.example", "Jane Doe")
    inbound_id = inbound.add(tx, "notes", f"bench-{number}", b"", now)
    assert inbound_id is not None
    note = notes.add(
        tx,
        coach_id=coach_id,
        inbound_id=inbound_id,
        client_id=client.id,
        session_id=None,
        match_reason="only-session",
        written_at=now,
        subject="Notes",
        text="She was tired.",
        summary="You know what you want from the next job.",
        coach_actions=(),
        problems=(),
    )
    actions.add_all(tx, note, agreed, now)
    return client, note, actions.of_note(tx, note.id)
