"""Should a mail that was planned still go? Asked right before each attempt, also where its bytes exist already."""

from __future__ import annotations

from datetime import datetime

from mailflow.flows.plan import COACH_LEFT, NOTHING_TO_SAY, OPTED_OUT, SESSION_GONE, why_undeliverable
from mailflow.model import OutboundEmail, OutboundKind, Session, SessionStatus
from mailflow.rules.timing import SHORTEST_MOVE, moved_on
from mailflow.store import calendars, clients, coaches, notes, outbox, sessions
from mailflow.store.database import Transaction


def why_not(tx: Transaction, email: OutboundEmail, now: datetime) -> str:
    """Why it should not go, in words for the outbox; '' where it should."""
    match email.kind:
        case OutboundKind.HOMEWORK:
            if not _is_of_its_client(tx, email):
                return "the note is not this client's any more"
            return OPTED_OUT if _has_opted_out(tx, email) else ""
        case OutboundKind.OPTED_OUT:
            return "" if _has_opted_out(tx, email) else NOTHING_TO_SAY
        case OutboundKind.RECEIPT:
            return "" if _has_client(tx, email) else "the coach is asked whose the note is"
        case OutboundKind.UNDELIVERED:
            return "" if _is_of_its_client(tx, email) and _has_failed(tx, email) else NOTHING_TO_SAY
        case OutboundKind.REVIEW:
            return _why_no_review(tx, email, now)
        case _:
            return ""


def why_held(tx: Transaction, email: OutboundEmail) -> str:
    """Why it waits for a person, in words for the outbox; '' where it does not."""
    if not coaches.is_active(tx, email.coach_id):
        return COACH_LEFT
    if email.kind is OutboundKind.HOMEWORK and email.client_id is not None:
        client = clients.get(tx, email.client_id)
        return why_undeliverable(client) if client.undeliverable else ""
    return ""


def _has_opted_out(tx: Transaction, email: OutboundEmail) -> bool:
    assert email.client_id is not None
    return clients.get(tx, email.client_id).opted_out_at is not None


def _has_client(tx: Transaction, email: OutboundEmail) -> bool:
    assert email.note_id is not None
    return notes.get(tx, email.note_id).client_id is not None


def _is_of_its_client(tx: Transaction, email: OutboundEmail) -> bool:
    assert email.note_id is not None
    assert email.client_id is not None
    return notes.get(tx, email.note_id).client_id == email.client_id


def _has_failed(tx: Transaction, email: OutboundEmail) -> bool:
    assert email.note_id is not None
    assert email.client_id is not None
    return outbox.failed_homework(tx, email.note_id, email.client_id) is not None


def _why_no_review(tx: Transaction, email: OutboundEmail, now: datetime) -> str:
    assert email.session_id is not None
    session = sessions.get(tx, email.session_id)
    if session.status is SessionStatus.CANCELLED or not calendars.is_active(tx, session.calendar_id):
        return SESSION_GONE
    has_all = all(_has_one(tx, email, one, now) for one in sessions.together(tx, session))
    return "the coach has one already" if has_all else ""


def _has_one(tx: Transaction, email: OutboundEmail, session: Session, now: datetime) -> bool:
    last = outbox.last_review(tx, session.client_id, but=email.id)
    if last is None or last.expires_at is None or last.expires_at <= now or _was_put_before(tx, session, last):
        return False
    # Not before the session that was reviewed is over: it may be this one, as a series or in another calendar.
    lead = coaches.get(tx, email.coach_id).review_lead
    reviewed_at = last.sent_at or last.planned_at
    return not moved_on(session.starts_at, last.expires_at, reviewed_at, lead)


def _was_put_before(tx: Transaction, session: Session, last: OutboundEmail) -> bool:
    """Whether it was booked for an earlier hour than the session that was reviewed, which still stands in the same
    calendar. In another calendar it may be the same one, moved there first."""
    assert last.session_id is not None
    reviewed = sessions.get(tx, last.session_id)
    return (
        reviewed.status is SessionStatus.PLANNED
        and reviewed.calendar_id == session.calendar_id
        and reviewed.starts_at - session.starts_at > SHORTEST_MOVE
    )
