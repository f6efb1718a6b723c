"""Which sessions a review, or a morning's mail of reviews, is about: of all clients of a group, and of a whole day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


@dataclass(frozen=True)
class Reviewed:
    """What the coach has, or may have, of a session: whose it was, when it was to begin, when its review went, and of
    which moment it tells."""

    session_id: int
    client_id: int
    starts_at: datetime
    reviewed_at: datetime
    made_at: datetime


def record(tx: Transaction, outbound_id: int, session_ids: Sequence[int], now: datetime) -> None:
    """The sessions as they stand now, instead of those of earlier bytes."""
    tx.run("DELETE FROM reviewed WHERE outbound_id = :id", id=outbound_id)
    tx.run(
        """
        INSERT INTO reviewed (outbound_id, session_id, client_id, starts_at, made_at)
        SELECT :id, id, client_id, starts_at, :now FROM sessions WHERE id IN (SELECT value FROM json_each(:ids))
        """,
        id=outbound_id,
        ids=json.dumps(list(session_ids)),
        now=to_unix(now),
    )


def of_client(tx: Transaction, client_id: int, after: datetime, *, but: int) -> list[Reviewed]:
    """What has gone, `but` for this mail, or is tried again because it may have, about sessions of the client that were
    to begin after a moment."""
    rows = tx.all(
        """
        SELECT r.session_id, r.client_id, r.made_at, coalesce(e.sent_at, e.planned_at) AS reviewed_at,
            CASE e.kind WHEN 'review' THEN e.expires_at ELSE r.starts_at END AS starts_at
        FROM reviewed r JOIN outbound_emails e ON e.id = r.outbound_id
        WHERE r.client_id = :client_id AND e.id <> :but AND (e.state = 'sent' OR (e.state = 'waiting' AND perhaps_sent))
            AND CASE e.kind WHEN 'review' THEN e.expires_at ELSE r.starts_at END > :after
        """,
        client_id=client_id,
        but=but,
        after=to_unix(after),
    )
    return [_to_reviewed(row) for row in rows]


def last_of_session(tx: Transaction, session_id: int, *, but: int = 0) -> Reviewed | None:
    """The same about this very session."""
    row = tx.one(
        """
        SELECT r.session_id, r.client_id, r.made_at, coalesce(e.sent_at, e.planned_at) AS reviewed_at, r.starts_at
        FROM reviewed r JOIN outbound_emails e ON e.id = r.outbound_id
        WHERE r.session_id = :session_id AND e.id <> :but
            AND (e.state = 'sent' OR (e.state = 'waiting' AND perhaps_sent))
        ORDER BY reviewed_at DESC, e.id DESC LIMIT 1
        """,
        session_id=session_id,
        but=but,
    )
    return None if row is None else _to_reviewed(row)


def is_about(tx: Transaction, outbound_id: int, session_id: int) -> bool:
    """Whether the bytes of the mail are about the session."""
    row = tx.one("SELECT 1 FROM reviewed WHERE outbound_id = :id AND session_id = :of", id=outbound_id, of=session_id)
    return row is not None


def _to_reviewed(row: Row) -> Reviewed:
    return Reviewed(
        session_id=row["session_id"],
        client_id=row["client_id"],
        starts_at=from_unix(row["starts_at"]),
        reviewed_at=from_unix(row["reviewed_at"]),
        made_at=from_unix(row["made_at"]),
    )
