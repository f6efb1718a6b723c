"""Links: a random id for each thing that one person may open. The token itself is never stored (mailflow/tokens.py)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from mailflow.model import Link, LinkPurpose
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix

LIFETIME = {
    LinkPurpose.ACTION: timedelta(days=180),
    LinkPurpose.HOMEWORK: timedelta(days=180),
    LinkPurpose.NOTE: timedelta(days=30),
    LinkPurpose.REVIEW: timedelta(days=30),
    LinkPurpose.OPT_OUT: timedelta(days=3650),
    LinkPurpose.CALENDAR: timedelta(days=3650),
    LinkPurpose.HISTORY: timedelta(minutes=30),
    LinkPurpose.DEVICE: timedelta(days=30),
}


def ensure(tx: Transaction, now: datetime, purpose: LinkPurpose, subject_id: int, client_id: int) -> Link:
    """The link for this thing and person: the same one in every mail, living on from the latest of them.

    One that was revoked comes back under its next version: the tokens of before stay dead. So do those of a fresh
    link, which nobody may find in an old mail.
    """
    row = tx.one(
        """
        INSERT INTO links (id, purpose, subject_id, client_id, version, expires_at)
        VALUES (:id, :purpose, :subject_id, :client_id, 1, :expires_at)
        ON CONFLICT (purpose, subject_id, client_id) DO UPDATE SET expires_at = :expires_at,
            version = links.version + (links.revoked_at IS NOT NULL OR links.purpose = 'history'),
            revoked_at = NULL
        RETURNING *
        """,
        id=secrets.token_bytes(16),
        purpose=purpose,
        subject_id=subject_id,
        client_id=client_id,
        expires_at=to_unix(now + LIFETIME[purpose]),
    )
    assert row is not None
    return to_link(row)


def of(tx: Transaction, purpose: LinkPurpose, subject_id: int, client_id: int) -> Link | None:
    """The link that this person was given to this thing, perhaps as a client who was merged into this one since."""
    row = tx.one(
        "SELECT * FROM links WHERE purpose = :purpose AND subject_id = :subject_id AND client_id = :client_id",
        purpose=purpose,
        subject_id=subject_id,
        client_id=client_id,
    )
    return _of_merged(tx, purpose, subject_id, client_id) if row is None else to_link(row)


def _of_merged(tx: Transaction, purpose: LinkPurpose, subject_id: int, client_id: int) -> Link | None:
    """Where the client is what the link opens, it is the one of before, too."""
    row = tx.one(
        """
        SELECT l.* FROM clients c JOIN links l ON l.client_id = c.id AND l.purpose = :purpose
            AND l.subject_id = CASE WHEN :purpose IN ('calendar', 'history', 'device', 'opt_out') THEN c.id
                               ELSE :subject_id END
        WHERE c.merged_into = :client_id ORDER BY l.revoked_at IS NOT NULL LIMIT 1
        """,
        purpose=purpose,
        subject_id=subject_id,
        client_id=client_id,
    )
    return None if row is None else to_link(row)


def find(tx: Transaction, link_id: bytes) -> Link | None:
    row = tx.one("SELECT * FROM links WHERE id = :id", id=link_id)
    return None if row is None else to_link(row)


def revoke(tx: Transaction, purpose: LinkPurpose, subject_id: int, now: datetime) -> None:
    """Closes every person's link to this thing."""
    tx.run(
        """
        UPDATE links SET revoked_at = :now
        WHERE purpose = :purpose AND subject_id = :subject_id AND revoked_at IS NULL
        """,
        purpose=purpose,
        subject_id=subject_id,
        now=to_unix(now),
    )


def revoke_of_client(tx: Transaction, client_id: int, purposes: Sequence[LinkPurpose], now: datetime) -> None:
    """Closes the client's links for these purposes, also those given to clients who were merged into this one."""
    tx.run(
        """
        UPDATE links SET revoked_at = :now
        WHERE purpose IN (SELECT value FROM json_each(:purposes)) AND revoked_at IS NULL
            AND client_id IN (SELECT id FROM clients WHERE :client_id IN (id, merged_into))
        """,
        client_id=client_id,
        purposes=json.dumps(list(purposes)),
        now=to_unix(now),
    )


def to_link(row: Row) -> Link:
    return Link(
        id=row["id"],
        purpose=LinkPurpose(row["purpose"]),
        subject_id=row["subject_id"],
        client_id=row["client_id"],
        version=row["version"],
        expires_at=from_unix(row["expires_at"]),
        revoked_at=from_unix(row["revoked_at"]),
    )
