"""The outbox: OutboundEmails with a due time and a unique key; what plans, changes and finds them.

Whatever changes a row clears its fence (`store/attempts.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailflow.model import OutboundEmail, OutboundKind, OutboundState
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


@dataclass(frozen=True)
class NewEmail:
    """A mail to be planned. `key` is unique for ever: the same effect is never planned twice."""

    key: str
    kind: OutboundKind
    coach_id: int
    recipient: str
    planned_at: datetime
    expires_at: datetime | None = None
    client_id: int | None = None
    note_id: int | None = None
    session_id: int | None = None
    inbound_id: int | None = None


def plan(tx: Transaction, email: NewEmail, *, revive: bool = False) -> None:
    """Writes the row. A row of this key that has not gone is moved to the new time instead, a held one stays held.

    One that was sent or expired stays as it is. A cancelled one comes back where its time, client or recipient changed,
    or where `revive` says that what it was cancelled for is no longer so; a failed one in the second case only. A moved
    mail is rendered anew.
    """
    moved = tx.one(
        """
        INSERT INTO outbound_emails (key, kind, coach_id, client_id, note_id, session_id, inbound_id, recipient,
                                     state, planned_at, due_at, expires_at)
        VALUES (:key, :kind, :coach_id, :client_id, :note_id, :session_id, :inbound_id, :recipient,
                'waiting', :planned_at, :planned_at, :expires_at)
        ON CONFLICT (key) DO UPDATE SET planned_at = :planned_at, due_at = :planned_at, expires_at = :expires_at,
            recipient = :recipient, client_id = :client_id, lease = '', sent_at = NULL,
            reason = CASE outbound_emails.state WHEN 'held' THEN outbound_emails.reason ELSE '' END,
            state = CASE outbound_emails.state WHEN 'held' THEN 'held' ELSE 'waiting' END
        WHERE (outbound_emails.state IN ('waiting', 'held', 'cancelled')
               AND (outbound_emails.planned_at <> :planned_at OR outbound_emails.expires_at IS NOT :expires_at
                    OR outbound_emails.client_id IS NOT :client_id OR outbound_emails.recipient <> :recipient))
            OR (outbound_emails.state IN ('cancelled', 'failed') AND :revive)
        RETURNING id
        """,
        key=email.key,
        kind=email.kind,
        coach_id=email.coach_id,
        client_id=email.client_id,
        note_id=email.note_id,
        session_id=email.session_id,
        inbound_id=email.inbound_id,
        recipient=email.recipient,
        planned_at=to_unix(email.planned_at),
        expires_at=to_unix(email.expires_at),
        revive=int(revive),
    )
    if moved is not None:
        tx.run("DELETE FROM outbound_raw WHERE outbound_id = :id", id=moved["id"])


def hold(tx: Transaction, outbound_id: int, now: datetime) -> bool:
    """Keeps a mail back until it is released, also one that is held for another reason.

    False where it is on its way, closed, or held like this already.
    """
    email = get(tx, outbound_id)
    if email is None or (email.state is OutboundState.HELD and not email.reason):
        return False
    sql = "UPDATE outbound_emails SET state = 'held', lease = '', reason = ''"
    return any(_change(tx, outbound_id, now, sql, state) for state in ("waiting", "held"))


def cancel(tx: Transaction, outbound_id: int, reason: str, now: datetime) -> bool:
    """Closes a mail that has not gone, or failed. False where it is on its way or closed."""
    sql = "UPDATE outbound_emails SET state = 'cancelled', lease = '', reason = :reason"
    return any(_change(tx, outbound_id, now, sql, state, reason=reason) for state in ("waiting", "held", "failed"))


def release(tx: Transaction, outbound_id: int, now: datetime, *, as_planned: bool = False) -> bool:
    """Lets a held, waiting or failed mail go at `now`, or `as_planned` where that is later.

    False where it is on its way or closed. What did not just wait is rendered anew, unless somebody may have it.
    """
    tx.run(
        """
        DELETE FROM outbound_raw
        WHERE outbound_id IN (
            SELECT id FROM outbound_emails WHERE id = :id AND state IN ('held', 'failed') AND NOT perhaps_sent
        )
        """,
        id=outbound_id,
    )
    sql = """
        UPDATE outbound_emails SET state = 'waiting', lease = '', reason = '', sent_at = NULL,
            planned_at = CASE WHEN :as_planned THEN max(planned_at, :now) ELSE :now END,
            due_at = CASE WHEN :as_planned THEN max(planned_at, :now) ELSE :now END
    """
    return any(
        _change(tx, outbound_id, now, sql, state, as_planned=int(as_planned)) for state in ("held", "waiting", "failed")
    )


def _change(tx: Transaction, outbound_id: int, now: datetime, update: str, state: str, **parameters: object) -> bool:
    """A row under a living lease is on its way and can't be changed any more; a dead lease is nobody's."""
    sql = f"{update} WHERE id = :id AND state = :old AND (lease = '' OR due_at <= :now)"
    return tx.run(sql, id=outbound_id, old=state, now=to_unix(now), **parameters) == 1


def cancel_key(tx: Transaction, key: str, reason: str) -> None:
    """Closes the mail of this key where it has not gone, whoever holds its lease."""
    tx.run(
        """
        UPDATE outbound_emails SET state = 'cancelled', lease = '', reason = :reason
        WHERE key = :key AND state IN ('waiting', 'held')
        """,
        key=key,
        reason=reason,
    )


def expire_earlier(tx: Transaction, session_id: int, moment: datetime) -> None:
    """A morning's mail with this session in its bytes must have gone by then; its bytes stay."""
    tx.run(
        """
        UPDATE outbound_emails SET expires_at = :moment
        WHERE id IN (SELECT outbound_id FROM reviewed WHERE session_id = :session_id)
            AND kind = 'morning' AND state IN ('waiting', 'held') AND expires_at > :moment
        """,
        session_id=session_id,
        moment=to_unix(moment),
    )


def come_back(tx: Transaction, outbound_id: int, reason: str) -> bool:
    """A mail that had gone, or may have, was not delivered. False where it never left, or that was known."""
    return bool(
        tx.run(
            """
            UPDATE outbound_emails SET state = 'failed', lease = '', reason = :reason, perhaps_sent = 0
            WHERE id = :id AND (state = 'sent' OR (state IN ('waiting', 'held') AND perhaps_sent))
            """,
            id=outbound_id,
            reason=reason,
        )
    )


def retry(tx: Transaction, outbound_id: int, now: datetime) -> bool:
    """Tries a mail that waits after an attempt, or failed, now. False where it is on its way, held or closed."""
    email = get(tx, outbound_id)
    if email is None or email.state not in (OutboundState.WAITING, OutboundState.FAILED):
        return False
    if email.state is OutboundState.FAILED:
        return release(tx, outbound_id, now)
    return _change(tx, outbound_id, now, "UPDATE outbound_emails SET due_at = :now, lease = ''", "waiting")


def retry_all(tx: Transaction, now: datetime) -> int:
    """Tries what an attempt, or a refused account, put off; how many mails that are."""
    return tx.run(
        """
        UPDATE outbound_emails SET due_at = :now
        WHERE state = 'waiting' AND lease = '' AND reason <> '' AND due_at > :now AND planned_at <= :now
        """,
        now=to_unix(now),
    )


def by_message_id(tx: Transaction, message_ids: Sequence[str]) -> OutboundEmail | None:
    """The first of our mails that these Message-IDs name, in their order."""
    row = tx.one(
        """
        SELECT e.* FROM json_each(:ids) j JOIN outbound_raw r ON r.message_id = j.value
            JOIN outbound_emails e ON e.id = r.outbound_id
        ORDER BY j.key LIMIT 1
        """,
        ids=json.dumps(list(message_ids)),
    )
    return None if row is None else to_outbound(row)


def last_about(tx: Transaction, client_id: int, before: datetime, *, but_note: int) -> OutboundEmail | None:
    """The last receipt or review about the client, `but` of this note, that had gone to the coach by a moment."""
    row = tx.one(
        """
        SELECT * FROM outbound_emails
        WHERE kind IN ('receipt', 'review', 'morning') AND state = 'sent' AND sent_at <= :before
            AND note_id IS NOT :but_note
            AND (note_id IN (SELECT id FROM notes WHERE client_id = :client_id)
                OR id IN (SELECT outbound_id FROM reviewed WHERE client_id = :client_id))
        ORDER BY sent_at DESC, id DESC LIMIT 1
        """,
        client_id=client_id,
        before=to_unix(before),
        but_note=but_note,
    )
    return None if row is None else to_outbound(row)


def get(tx: Transaction, outbound_id: int) -> OutboundEmail | None:
    row = tx.one("SELECT * FROM outbound_emails WHERE id = :id", id=outbound_id)
    return None if row is None else to_outbound(row)


def by_key(tx: Transaction, key: str) -> OutboundEmail | None:
    row = tx.one("SELECT * FROM outbound_emails WHERE key = :key", key=key)
    return None if row is None else to_outbound(row)


def homework_of_note(tx: Transaction, note_id: int) -> list[OutboundEmail]:
    """Every homework ever planned for the note, the latest last: one for each client it was given to, and updates."""
    rows = tx.all("SELECT * FROM outbound_emails WHERE note_id = :id AND kind = 'homework' ORDER BY id", id=note_id)
    return [to_outbound(row) for row in rows]


def waiting_homework(tx: Transaction, coach_id: int) -> list[OutboundEmail]:
    """The coach's homework that waits or is held."""
    rows = tx.all(
        """
        SELECT * FROM outbound_emails
        WHERE coach_id = :coach_id AND kind = 'homework' AND state IN ('waiting', 'held')
        ORDER BY id
        """,
        coach_id=coach_id,
    )
    return [to_outbound(row) for row in rows]


def put_off(tx: Transaction, outbound_id: int, until: datetime) -> None:
    """Plans the mail for a later moment, whoever holds its lease."""
    tx.run(
        """
        UPDATE outbound_emails SET planned_at = :until, due_at = max(due_at, :until), lease = ''
        WHERE id = :id AND planned_at < :until
        """,
        id=outbound_id,
        until=to_unix(until),
    )


def latest_homework(tx: Transaction, note_id: int, client_id: int) -> OutboundEmail | None:
    """The last homework planned for the note and this client: an update where it was corrected after it had gone.

    Of two clients that were made one it is the one that was not cancelled.
    """
    planned = [email for email in homework_of_note(tx, note_id) if email.client_id == client_id]
    live = [email for email in planned if email.state is not OutboundState.CANCELLED] or planned
    return live[-1] if live else None


def failed_homework(tx: Transaction, note_id: int, client_id: int) -> OutboundEmail | None:
    """The last homework of the note that did not reach the client, unless another went after it."""
    planned = [email for email in homework_of_note(tx, note_id) if email.client_id == client_id]
    failed = [email for email in planned if email.state is OutboundState.FAILED]
    went = [email.id for email in planned if email.state is OutboundState.SENT]
    return failed[-1] if failed and failed[-1].id > max(went, default=0) else None


def last_sent_homework(tx: Transaction, note_id: int, client_id: int) -> OutboundEmail | None:
    """What the client has of the note; None where nothing went."""
    went = [
        email
        for email in homework_of_note(tx, note_id)
        if email.client_id == client_id and email.state is OutboundState.SENT
    ]
    return went[-1] if went else None


def of_kind(tx: Transaction, coach_id: int, kind: OutboundKind) -> list[OutboundEmail]:
    """Every mail of this kind ever planned for the coach, the latest last."""
    rows = tx.all(
        "SELECT * FROM outbound_emails WHERE coach_id = :coach_id AND kind = :kind ORDER BY id",
        coach_id=coach_id,
        kind=kind,
    )
    return [to_outbound(row) for row in rows]


def of_session(tx: Transaction, session_id: int, kind: OutboundKind) -> list[OutboundEmail]:
    """Every mail of this kind ever planned for the session, the latest last."""
    rows = tx.all(
        "SELECT * FROM outbound_emails WHERE session_id = :id AND kind = :kind ORDER BY id", id=session_id, kind=kind
    )
    return [to_outbound(row) for row in rows]


def reviews_of_session(tx: Transaction, session_id: int) -> list[OutboundEmail]:
    """Every review of its own ever planned before the session, the latest last."""
    return of_session(tx, session_id, OutboundKind.REVIEW)


def release_reviews(tx: Transaction, coach_id: int, reason: str) -> None:
    """What was held for this reason waits again; what is too late by now expires."""
    tx.run(
        """
        UPDATE outbound_emails SET state = 'waiting', due_at = planned_at, reason = ''
        WHERE kind IN ('review', 'morning', 'nudge', 'no_notes') AND state = 'held'
            AND coach_id = :coach_id AND reason = :reason
        """,
        coach_id=coach_id,
        reason=reason,
    )


def latest(tx: Transaction, limit: int, state: OutboundState | None = None) -> list[OutboundEmail]:
    """What goes next comes first; then what is closed, the newest first."""
    rows = tx.all(
        """
        SELECT * FROM outbound_emails WHERE :state IS NULL OR state = :state
        ORDER BY state NOT IN ('waiting', 'held'),
            CASE WHEN state IN ('waiting', 'held') THEN due_at ELSE -due_at END, id
        LIMIT :limit
        """,
        state=state,
        limit=limit,
    )
    return [to_outbound(row) for row in rows]


def count_to_coach(tx: Transaction, coach_id: int, since: datetime, *, client_id: int | None = None) -> int:
    """How many answers to mail were planned for the coach since a moment; with a client, how many of their replies."""
    count: int = tx.value(
        """
        SELECT count(*) FROM outbound_emails
        WHERE coach_id = :coach_id AND inbound_id IS NOT NULL AND planned_at >= :since
            AND CASE WHEN :client_id IS NULL THEN kind <> 'client_reply'
                ELSE kind = 'client_reply' AND client_id = :client_id END
        """,
        coach_id=coach_id,
        client_id=client_id,
        since=to_unix(since),
    )
    return count


def was_asked_for_notes(tx: Transaction, client_ids: Sequence[int], starts_at: datetime, *, but: int) -> bool:
    """Whether a question for notes, `but` for this one, went about one of these clients at that hour, or may have."""
    row = tx.one(
        """
        SELECT 1 FROM sessions s JOIN outbound_emails e ON e.session_id = s.id
        WHERE s.client_id IN (SELECT value FROM json_each(:ids)) AND s.starts_at = :starts_at
            AND e.planned_at > s.starts_at AND e.kind = 'no_notes' AND e.id <> :but
            AND (e.state = 'sent' OR (e.state = 'waiting' AND e.perhaps_sent))
        """,
        ids=json.dumps(list(client_ids)),
        starts_at=to_unix(starts_at),
        but=but,
    )
    return row is not None


def stuck(tx: Transaction, before: datetime) -> list[OutboundEmail]:
    """What should have gone before a moment and still waits, and what is held back without the coach's wish."""
    rows = tx.all(
        """
        SELECT * FROM outbound_emails
        WHERE (state = 'waiting' AND planned_at < :before) OR (state = 'held' AND reason <> '') ORDER BY planned_at, id
        """,
        before=to_unix(before),
    )
    return [to_outbound(row) for row in rows]


def counts(tx: Transaction) -> dict[OutboundState, int]:
    """How many mails stand in each state."""
    rows = tx.all("SELECT state, count(*) AS n FROM outbound_emails GROUP BY state")
    return {OutboundState(row["state"]): row["n"] for row in rows}


def to_outbound(row: Row) -> OutboundEmail:
    return OutboundEmail(
        id=row["id"],
        key=row["key"],
        kind=OutboundKind(row["kind"]),
        coach_id=row["coach_id"],
        recipient=row["recipient"],
        state=OutboundState(row["state"]),
        planned_at=from_unix(row["planned_at"]),
        due_at=from_unix(row["due_at"]),
        expires_at=from_unix(row["expires_at"]),
        client_id=row["client_id"],
        note_id=row["note_id"],
        session_id=row["session_id"],
        inbound_id=row["inbound_id"],
        attempts=row["attempts"],
        lease=row["lease"],
        reason=row["reason"],
        sent_at=from_unix(row["sent_at"]),
        perhaps_sent=bool(row["perhaps_sent"]),
    )
