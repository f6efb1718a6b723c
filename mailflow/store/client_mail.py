"""Homework for one client, and reminders of it, whatever note they are of: stopped, let go again, brought to another
address."""

from __future__ import annotations

from datetime import datetime

from mailflow.model import OutboundEmail, OutboundState
from mailflow.store.database import Transaction
from mailflow.store.moments import to_unix
from mailflow.store.outbox import to_outbound


def stop(tx: Transaction, client_id: int, state: OutboundState, reason: str, now: datetime) -> None:
    """Cancels or holds every homework for the client that is neither on its way nor closed, but what the coach holds
    back: that stays so."""
    tx.run(
        """
        UPDATE outbound_emails SET state = :state, lease = '', reason = :reason
        WHERE kind = 'homework' AND client_id = :client_id AND state <> :state
            AND (state = 'waiting' OR (state = 'held' AND reason <> ''))
            AND (lease = '' OR due_at <= :now)
        """,
        client_id=client_id,
        state=state,
        reason=reason,
        now=to_unix(now),
    )


def revive(
    tx: Transaction, client_id: int, state: OutboundState, reason: str, now: datetime, *, since: datetime | None = None
) -> None:
    """Homework for the client that was stopped for this reason waits again, unless it was planned before `since`."""
    tx.run(
        """
        UPDATE outbound_emails SET state = 'waiting', reason = '', due_at = max(planned_at, :now)
        WHERE kind = 'homework' AND client_id = :client_id AND state = :state AND reason = :reason
            AND planned_at >= coalesce(:since, planned_at)
        """,
        client_id=client_id,
        state=state,
        reason=reason,
        now=to_unix(now),
        since=to_unix(since),
    )


def readdress(tx: Transaction, client_id: int, email: str) -> None:
    """Mail to the client that has not gone goes to this address. What may have gone keeps its bytes."""
    tx.run(
        """
        DELETE FROM outbound_raw WHERE outbound_id IN (
            SELECT id FROM outbound_emails
            WHERE client_id = :id AND kind IN ('homework', 'nudge') AND state IN ('waiting', 'held', 'failed')
                AND NOT perhaps_sent AND recipient <> :email)
        """,
        id=client_id,
        email=email,
    )
    tx.run(
        """
        UPDATE outbound_emails SET recipient = :email, lease = ''
        WHERE client_id = :id AND kind IN ('homework', 'nudge') AND state IN ('waiting', 'held', 'failed')
        """,
        id=client_id,
        email=email,
    )


def last_homework(tx: Transaction, client_id: int) -> OutboundEmail | None:
    """The homework that the client got last, whatever note it is of."""
    row = tx.one(
        """
        SELECT * FROM outbound_emails WHERE client_id = :id AND kind = 'homework' AND state = 'sent'
        ORDER BY sent_at DESC, id DESC LIMIT 1
        """,
        id=client_id,
    )
    return None if row is None else to_outbound(row)


def has_waiting(tx: Transaction, client_id: int) -> bool:
    """Whether homework for the client is about to go."""
    found = tx.one(
        "SELECT 1 FROM outbound_emails WHERE client_id = :id AND kind = 'homework' AND state = 'waiting'", id=client_id
    )
    return found is not None


def cancel_nudges(tx: Transaction, client_id: int, reason: str) -> None:
    """No reminder goes to the client that has not gone."""
    tx.run(
        """
        UPDATE outbound_emails SET state = 'cancelled', lease = '', reason = :reason
        WHERE client_id = :id AND kind = 'nudge' AND state IN ('waiting', 'held')
        """,
        id=client_id,
        reason=reason,
    )


def wait_for_one_mail(tx: Transaction, client_id: int, other_id: int) -> bool:
    """Whether homework of one and the same mail waits for both, as for two of a group."""
    found = tx.one(
        """
        SELECT 1 FROM outbound_emails a JOIN notes n ON n.id = a.note_id
            JOIN notes m ON m.inbound_id = n.inbound_id AND m.id <> n.id JOIN outbound_emails b ON b.note_id = m.id
        WHERE a.kind = 'homework' AND a.client_id = :client_id AND a.state IN ('waiting', 'held')
            AND b.kind = 'homework' AND b.client_id = :other_id AND b.state IN ('waiting', 'held')
        LIMIT 1
        """,
        client_id=client_id,
        other_id=other_id,
    )
    return found is not None


def rekey(tx: Transaction, client_id: int, into: int) -> None:
    """What was planned under the one client's id is found under the other's, so that nothing is planned twice.

    Where both have a homework of the same note, the one that is cancelled makes room.
    """
    rows = tx.all(
        "SELECT id, key FROM outbound_emails WHERE client_id = :id AND kind IN ('homework', 'nudge')",
        id=client_id,
    )
    for row in rows:
        parts = row["key"].split(":")
        if parts[2] != str(client_id):
            continue
        parts[2] = str(into)
        taken = ":".join(parts)
        tx.run(
            "UPDATE outbound_emails SET key = key || ':before-' || :id WHERE key = :key AND state = 'cancelled'",
            id=client_id,
            key=taken,
        )
        tx.run(
            """
            UPDATE outbound_emails SET key = :key
            WHERE id = :id AND NOT EXISTS (SELECT 1 FROM outbound_emails WHERE key = :key)
            """,
            id=row["id"],
            key=taken,
        )


def is_going(tx: Transaction, client_id: int, now: datetime) -> bool:
    """Whether a mail about the client is on its way right now."""
    found = tx.one(
        "SELECT 1 FROM outbound_emails WHERE client_id = :id AND state = 'waiting' AND lease <> '' AND due_at > :now",
        id=client_id,
        now=to_unix(now),
    )
    return found is not None
