"""InboundEmails: raw bytes received, durable before anybody looks at them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from mailflow.model import InboundEmail, InboundStatus
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def add(tx: Transaction, mailbox: str, key: str, raw: bytes, now: datetime) -> int | None:
    """The id of the new mail; None where this mailbox gave the same key before."""
    inbound_id: int | None = tx.value(
        """
        INSERT INTO inbound_emails (mailbox, key, received_at, due_at, status)
        VALUES (:mailbox, :key, :now, :now, 'received')
        ON CONFLICT (mailbox, key) DO NOTHING RETURNING id
        """,
        mailbox=mailbox,
        key=key,
        now=to_unix(now),
    )
    if inbound_id is not None:
        tx.run("INSERT INTO inbound_raw (inbound_id, raw) VALUES (:id, :raw)", id=inbound_id, raw=raw)
    return inbound_id


def set_aside(tx: Transaction, inbound_id: int, reason: str) -> None:
    """Quarantines a mail that was just added, for a person to look at."""
    tx.run(
        "UPDATE inbound_emails SET status = 'quarantined', reason = :reason, due_at = NULL WHERE id = :id",
        id=inbound_id,
        reason=reason,
    )


def statuses(tx: Transaction, mailbox: str, keys: Sequence[str]) -> dict[str, InboundStatus]:
    """The status of each of these deliveries that was received."""
    rows = tx.all(
        """
        SELECT key, status FROM inbound_emails
        WHERE mailbox = :mailbox AND key IN (SELECT value FROM json_each(:keys))
        """,
        mailbox=mailbox,
        keys=json.dumps(keys),
    )
    return {row["key"]: InboundStatus(row["status"]) for row in rows}


def claim_due(
    tx: Transaction, now: datetime, until: datetime, *, most: int = 1, most_bytes: int = 0
) -> tuple[list[InboundEmail], str]:
    """The oldest mails that wait, hidden from other workers until `until`, with the lease that completes them.

    Their bytes are not more than `most_bytes` together, but for a mail that is alone. One that failed before always is:
    see flows/resume.py.
    """
    waiting = tx.all(
        """
        SELECT m.*, length(r.raw) AS size FROM inbound_emails m JOIN inbound_raw r ON r.inbound_id = m.id
        WHERE m.status = 'received' AND m.due_at <= :now ORDER BY m.due_at, m.id LIMIT :most
        """,
        now=to_unix(now),
        most=most,
    )
    claimed = waiting[:1]
    for row in waiting[1:]:
        is_too_much = sum(other["size"] for other in claimed) + row["size"] > most_bytes
        if is_too_much or row["failures"] or claimed[0]["failures"]:
            break
        claimed.append(row)
    lease = secrets.token_hex(8)
    tx.run(
        """
        UPDATE inbound_emails SET due_at = :until, lease = :lease WHERE id IN (SELECT value FROM json_each(:ids))
        """,
        ids=json.dumps([row["id"] for row in claimed]),
        until=to_unix(until),
        lease=lease,
    )
    return [to_inbound(row) for row in claimed], lease


def identify(
    tx: Transaction,
    inbound_id: int,
    *,
    coach_id: int | None,
    message_id: str,
    content_id: str,
    sender: str,
    subject: str,
) -> None:
    """What the headers say, for the list that people look at and for telling duplicates."""
    tx.run(
        """
        UPDATE inbound_emails SET coach_id = :coach_id, message_id = :message_id, content_id = :content_id,
            sender = :sender, subject = :subject WHERE id = :id
        """,
        id=inbound_id,
        coach_id=coach_id,
        message_id=message_id,
        content_id=content_id,
        sender=sender,
        subject=subject,
    )


def describe(tx: Transaction, inbound_id: int, sender: str, subject: str) -> None:
    """For the list that people look at, where the mail could not be processed."""
    tx.run(
        "UPDATE inbound_emails SET sender = :sender, subject = :subject WHERE id = :id",
        id=inbound_id,
        sender=sender,
        subject=subject,
    )


def assign_coach(tx: Transaction, inbound_id: int, coach_id: int) -> None:
    """Whom a client's reply is for."""
    tx.run("UPDATE inbound_emails SET coach_id = :coach_id WHERE id = :id", id=inbound_id, coach_id=coach_id)


def mark_unproven(tx: Transaction, inbound_id: int, why: str) -> None:
    tx.run("UPDATE inbound_emails SET unproven = :why WHERE id = :id", id=inbound_id, why=why)


def unproven(tx: Transaction, coach_id: int, since: datetime) -> list[InboundEmail]:
    """What waits in quarantine with the coach's name on it, the oldest first."""
    rows = tx.all(
        """
        SELECT * FROM inbound_emails
        WHERE coach_id = :coach_id AND unproven <> '' AND status = 'quarantined' AND received_at >= :since ORDER BY id
        """,
        coach_id=coach_id,
        since=to_unix(since),
    )
    return [to_inbound(row) for row in rows]


def accept(tx: Transaction, inbound_id: int, coach_id: int, now: datetime) -> bool:
    """Looks at a quarantined mail again, as one that this coach wrote. False where it is in no quarantine."""
    accepted = tx.run(
        """
        UPDATE inbound_emails SET status = 'received', reason = '', failures = 0, due_at = :now, lease = '',
            accepted_for = :coach_id, unproven = ''
        WHERE id = :id AND status = 'quarantined'
        """,
        id=inbound_id,
        coach_id=coach_id,
        now=to_unix(now),
    )
    return accepted == 1


def accepted_twin(tx: Transaction, coach_id: int, message_id: str, content_id: str) -> int | None:
    """The id of an accepted mail of this coach that is the same mail."""
    found: int | None = tx.value(
        """
        SELECT id FROM inbound_emails WHERE status = 'processed' AND coach_id = :coach_id
            AND message_id = :message_id AND content_id = :content_id
        """,
        coach_id=coach_id,
        message_id=message_id,
        content_id=content_id,
    )
    return found


def finish(tx: Transaction, inbound_id: int, lease: str, status: InboundStatus, reason: str) -> bool:
    """False where the lease is no longer ours: nothing was recorded then, and nothing else may be."""
    return (
        tx.run(
            "UPDATE inbound_emails SET status = :status, reason = :reason, due_at = NULL, lease = '' "
            "WHERE id = :id AND lease = :lease AND lease <> ''",
            id=inbound_id,
            lease=lease,
            status=status,
            reason=reason,
        )
        == 1
    )


def postpone(tx: Transaction, inbound_id: int, lease: str, until: datetime, reason: str, *, failed: bool) -> int:
    """How often the mail itself failed so far; it is looked at again at `until`."""
    row = tx.one(
        """
        UPDATE inbound_emails SET due_at = :until, reason = :reason, failures = failures + :failed, lease = ''
        WHERE id = :id AND lease = :lease AND lease <> '' RETURNING failures
        """,
        id=inbound_id,
        lease=lease,
        until=to_unix(until),
        reason=reason,
        failed=int(failed),
    )
    return 0 if row is None else row["failures"]


def claimed(tx: Transaction) -> list[InboundEmail]:
    """What workers have in their hands, or had when the process ended."""
    return [to_inbound(row) for row in tx.all("SELECT * FROM inbound_emails WHERE status = 'received' AND lease <> ''")]


def release_claim(tx: Transaction, inbound_id: int, until: datetime, reason: str) -> None:
    """What a worker that is gone had in its hands is looked at again at `until`; it counts as a failure."""
    tx.run(
        """
        UPDATE inbound_emails SET due_at = :until, failures = failures + 1, reason = :reason, lease = ''
        WHERE id = :id
        """,
        id=inbound_id,
        until=to_unix(until),
        reason=reason,
    )


def quarantine_claimed(tx: Transaction, inbound_id: int, reason: str) -> None:
    """What a worker that is gone had in its hands is not looked at again, unless a person says so."""
    tx.run(
        """
        UPDATE inbound_emails SET status = 'quarantined', due_at = NULL, failures = failures + 1, reason = :reason,
            lease = ''
        WHERE id = :id
        """,
        id=inbound_id,
        reason=reason,
    )


def give_back(tx: Transaction, lease: str) -> None:
    """The claim ends without an outcome; its mails are looked at when their time comes."""
    tx.run("UPDATE inbound_emails SET lease = '' WHERE status = 'received' AND lease = :lease", lease=lease)


def retry(tx: Transaction, inbound_id: int, now: datetime) -> bool:
    """Looks at a quarantined or ignored mail again, as if it had just arrived. False where it is neither."""
    return (
        tx.run(
            """
            UPDATE inbound_emails SET status = 'received', reason = '', failures = 0, due_at = :now, lease = ''
            WHERE id = :id AND status IN ('quarantined', 'ignored')
            """,
            id=inbound_id,
            now=to_unix(now),
        )
        == 1
    )


def dismiss(tx: Transaction, inbound_id: int) -> bool:
    """Ignores a quarantined mail and remembers why it was in quarantine. False where it is not."""
    return (
        tx.run(
            """
            UPDATE inbound_emails SET status = 'ignored', reason = 'dismissed by the operator: ' || reason
            WHERE id = :id AND status = 'quarantined'
            """,
            id=inbound_id,
        )
        == 1
    )


def get(tx: Transaction, inbound_id: int) -> InboundEmail | None:
    row = tx.one("SELECT * FROM inbound_emails WHERE id = :id", id=inbound_id)
    return None if row is None else to_inbound(row)


def raw(tx: Transaction, inbound_id: int) -> bytes:
    """The bytes as they came."""
    found: bytes = tx.value("SELECT raw FROM inbound_raw WHERE inbound_id = :id", id=inbound_id)
    return found


def latest(tx: Transaction, limit: int, status: InboundStatus | None = None) -> list[InboundEmail]:
    """The newest first."""
    rows = tx.all(
        """
        SELECT * FROM inbound_emails WHERE :status IS NULL OR status = :status ORDER BY id DESC LIMIT :limit
        """,
        status=status,
        limit=limit,
    )
    return [to_inbound(row) for row in rows]


def count_waiting_since(tx: Transaction, before: datetime) -> int:
    """How many mails that came before a moment still wait to be looked at."""
    count: int = tx.value(
        "SELECT count(*) FROM inbound_emails WHERE status = 'received' AND received_at < :before",
        before=to_unix(before),
    )
    return count


def counts(tx: Transaction) -> dict[InboundStatus, int]:
    """How many mails stand in each status."""
    rows = tx.all("SELECT status, count(*) AS n FROM inbound_emails GROUP BY status")
    return {InboundStatus(row["status"]): row["n"] for row in rows}


def to_inbound(row: Row) -> InboundEmail:
    return InboundEmail(
        id=row["id"],
        mailbox=row["mailbox"],
        key=row["key"],
        received_at=from_unix(row["received_at"]),
        status=InboundStatus(row["status"]),
        reason=row["reason"],
        coach_id=row["coach_id"],
        message_id=row["message_id"],
        sender=row["sender"],
        subject=row["subject"],
        failures=row["failures"],
        due_at=from_unix(row["due_at"]),
        accepted_for=row["accepted_for"],
        unproven=row["unproven"],
    )
