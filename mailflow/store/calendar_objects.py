"""The objects of a calendar as they were read last: enough to tell what changed, and nothing of what stands in them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from mailflow.store.database import Transaction
from mailflow.store.moments import to_unix


@dataclass(frozen=True)
class StoredObject:
    """`again_at` is when it has to be read again although it has not changed, None for never."""

    key: str
    version: str
    uid: str
    again_at: datetime | None


def versions(tx: Transaction, calendar_id: int) -> dict[str, str]:
    """The version of each object by its key."""
    rows = tx.all("SELECT key, version FROM calendar_objects WHERE calendar_id = :id", id=calendar_id)
    return {row["key"]: row["version"] for row in rows}


def stale(tx: Transaction, calendar_id: int, now: datetime) -> frozenset[str]:
    """The keys of those that have to be read again by now."""
    rows = tx.all(
        "SELECT key FROM calendar_objects WHERE calendar_id = :id AND again_at <= :now",
        id=calendar_id,
        now=to_unix(now),
    )
    return frozenset(row["key"] for row in rows)


def save(tx: Transaction, calendar_id: int, read: StoredObject) -> str | None:
    """Records what was read; the UID that stood under this key before, where that was another."""
    before: str | None = tx.value(
        "SELECT uid FROM calendar_objects WHERE calendar_id = :id AND key = :key", id=calendar_id, key=read.key
    )
    tx.run(
        """
        INSERT INTO calendar_objects (calendar_id, key, version, uid, again_at)
        VALUES (:id, :key, :version, :uid, :again_at)
        ON CONFLICT (calendar_id, key) DO UPDATE SET version = :version, uid = :uid, again_at = :again_at
        """,
        id=calendar_id,
        key=read.key,
        version=read.version,
        uid=read.uid,
        again_at=to_unix(read.again_at),
    )
    return None if before == read.uid else before


def uid_of(tx: Transaction, calendar_id: int, key: str) -> str | None:
    """The UID that was read under this key."""
    found: str | None = tx.value(
        "SELECT uid FROM calendar_objects WHERE calendar_id = :id AND key = :key", id=calendar_id, key=key
    )
    return found


def forget(tx: Transaction, calendar_id: int, keys: Collection[str]) -> list[str]:
    """Removes what is gone; the UIDs that stood under these keys."""
    rows = tx.all(
        """
        DELETE FROM calendar_objects WHERE calendar_id = :id AND key IN (SELECT value FROM json_each(:keys))
        RETURNING uid
        """,
        id=calendar_id,
        keys=json.dumps(list(keys)),
    )
    return [row["uid"] for row in rows]


def has_uid(tx: Transaction, calendar_id: int, uid: str) -> bool:
    """Whether an object with this UID is left: one that was moved has another key."""
    found = tx.one(
        "SELECT 1 FROM calendar_objects WHERE calendar_id = :id AND uid = :uid LIMIT 1", id=calendar_id, uid=uid
    )
    return found is not None
