"""Attempts to send what stands in the outbox: claim, fence, frozen bytes, outcome.

A worker claims a due row by moving `due_at` forward: a lease, with a fresh word in `lease` as its fence. Whatever
changes the row meanwhile (hold, move, cancel) clears the fence, so a worker that comes back late is refused.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from mailflow.errors import StaleLeaseError
from mailflow.model import FrozenEmail, OutboundEmail, OutboundState
from mailflow.store import reviews
from mailflow.store.database import Transaction
from mailflow.store.moments import from_unix, to_unix
from mailflow.store.outbox import to_outbound


def expire_due(tx: Transaction, now: datetime) -> list[OutboundEmail]:
    """Closes what is too late to be sent, and says what that was."""
    # What is being sent has a lease and is due later. The plus sign leaves the index of what is due to others: that may
    # be a great deal.
    rows = tx.all(
        """
        UPDATE outbound_emails SET state = 'expired', lease = '',
            reason = CASE reason WHEN '' THEN 'its time was over before it could go' ELSE reason END
        WHERE state = 'waiting' AND (lease = '' OR +due_at <= :now) AND expires_at <= :now RETURNING *
        """,
        now=to_unix(now),
    )
    return [to_outbound(row) for row in rows]


def claim_due(tx: Transaction, now: datetime, until: datetime) -> OutboundEmail | None:
    """The mail that is due longest, ours until `until`; None where none is due."""
    row = tx.one(
        """
        UPDATE outbound_emails SET due_at = :until, lease = :lease
        WHERE id = (SELECT id FROM outbound_emails WHERE state = 'waiting' AND due_at <= :now
                    ORDER BY due_at, id LIMIT 1)
        RETURNING *
        """,
        now=to_unix(now),
        until=to_unix(until),
        lease=secrets.token_hex(8),
    )
    return None if row is None else to_outbound(row)


def count_attempt(tx: Transaction, email: OutboundEmail) -> None:
    """Right before the bytes go out: from here on they may be anywhere, until the outcome is recorded.

    Raises StaleLeaseError where the row is no longer ours.
    """
    _fenced(
        tx.run(
            "UPDATE outbound_emails SET attempts = attempts + 1, perhaps_sent = 1 "
            "WHERE id = :id AND lease = :lease AND lease <> ''",
            id=email.id,
            lease=email.lease,
        )
    )


def frozen(tx: Transaction, outbound_id: int) -> FrozenEmail | None:
    """The bytes of the first attempt; None before it."""
    row = tx.one("SELECT * FROM outbound_raw WHERE outbound_id = :id", id=outbound_id)
    if row is None:
        return None
    return FrozenEmail(
        message_id=row["message_id"],
        raw=row["raw"],
        actions=tuple(json.loads(row["actions"])),
        candidates=tuple(json.loads(row["candidates"])),
    )


def freeze(tx: Transaction, email: OutboundEmail, content: FrozenEmail, now: datetime) -> None:
    """Keeps the bytes for every later attempt."""
    if content.reviewed:
        reviews.record(tx, email.id, content.reviewed, now)
    tx.run(
        """
        INSERT INTO outbound_raw (outbound_id, message_id, raw, actions, candidates)
        VALUES (:id, :message_id, :raw, :actions, :candidates)
        """,
        id=email.id,
        message_id=content.message_id,
        raw=content.raw,
        actions=json.dumps(content.actions),
        candidates=json.dumps(content.candidates),
    )


def thaw(tx: Transaction, email: OutboundEmail) -> None:
    """Forgets the bytes of an attempt from which nobody can have them."""
    tx.run("DELETE FROM outbound_raw WHERE outbound_id = :id", id=email.id)


def finish(tx: Transaction, email: OutboundEmail, state: OutboundState, reason: str, now: datetime) -> None:
    """Closes a mail that we hold the lease of. Raises StaleLeaseError where it is no longer ours."""
    _fenced(
        tx.run(
            """
            UPDATE outbound_emails SET state = :state, reason = :reason, lease = '', perhaps_sent = :perhaps_sent,
                sent_at = CASE :state WHEN 'sent' THEN :now ELSE sent_at END
            WHERE id = :id AND lease = :lease AND lease <> ''
            """,
            id=email.id,
            lease=email.lease,
            state=state,
            reason=reason,
            perhaps_sent=int(email.perhaps_sent),
            now=to_unix(now),
        )
    )


def postpone(
    tx: Transaction, email: OutboundEmail, until: datetime, reason: str, *, perhaps_sent: bool = False
) -> None:
    """Gives a mail back that we hold the lease of. Raises StaleLeaseError where it is no longer ours.

    `perhaps_sent`: this attempt may have handed it over all the same.
    """
    _fenced(
        tx.run(
            "UPDATE outbound_emails SET due_at = :until, reason = :reason, lease = '', perhaps_sent = :perhaps_sent "
            "WHERE id = :id AND lease = :lease AND lease <> ''",
            id=email.id,
            lease=email.lease,
            perhaps_sent=int(email.perhaps_sent or perhaps_sent),
            until=to_unix(until),
            reason=reason,
        )
    )


def postpone_all(tx: Transaction, now: datetime, until: datetime, reason: str) -> None:
    """Nothing that is due goes before `until`, whatever the mail: the account is refused, or enough went for now."""
    tx.run(
        """
        UPDATE outbound_emails SET due_at = :until, reason = :reason, lease = ''
        WHERE state = 'waiting' AND due_at <= :now
        """,
        now=to_unix(now),
        until=to_unix(until),
        reason=reason,
    )


def sent_since(tx: Transaction, moment: datetime, number: int) -> datetime | None:
    """When so many mails ago one went; None where that was before the moment, or never."""
    row = tx.one(
        "SELECT sent_at FROM outbound_emails WHERE sent_at > :moment ORDER BY sent_at DESC LIMIT 1 OFFSET :skipped",
        moment=to_unix(moment),
        skipped=number - 1,
    )
    return None if row is None else from_unix(row["sent_at"])


def claimed(tx: Transaction) -> list[OutboundEmail]:
    """What workers have in their hands, or had when the process ended."""
    rows = tx.all("SELECT * FROM outbound_emails WHERE state = 'waiting' AND lease <> '' ORDER BY id")
    return [to_outbound(row) for row in rows]


def release_claim(tx: Transaction, outbound_id: int, until: datetime, reason: str) -> None:
    """What a worker that is gone had in its hands is due again at `until`; it counts as an attempt."""
    tx.run(
        """
        UPDATE outbound_emails SET due_at = :until, attempts = attempts + 1, reason = :reason, lease = ''
        WHERE id = :id
        """,
        id=outbound_id,
        until=to_unix(until),
        reason=reason,
    )


def _fenced(rows: int) -> None:
    if rows != 1:
        raise StaleLeaseError("somebody else changed or took over this mail meanwhile")
