"""Should a mail that was planned still go? Asked right before each attempt, also where its bytes exist already."""

from __future__ import annotations

from datetime import datetime

from mailflow.flows.ask_for_notes import why_no_question
from mailflow.flows.fresh import why_no_fresh_link
from mailflow.flows.nudge import why_no_nudge
from mailflow.flows.plan import (
    COACH_LEFT,
    EACH_ITS_OWN,
    NOTHING_TO_SAY,
    OPTED_OUT,
    SESSION_GONE,
    had_its_review,
    has_review,
    why_undeliverable,
)
from mailflow.model import OutboundEmail, OutboundKind, SessionStatus
from mailflow.store import calendars, client_mail, clients, coaches, inbound, notes, outbox, sessions
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
        case OutboundKind.MORNING:
            return "" if coaches.get(tx, email.coach_id).morning else EACH_ITS_OWN
        case OutboundKind.NUDGE:
            return why_no_nudge(tx, email)
        case OutboundKind.NO_NOTES:
            return why_no_question(tx, email)
        case OutboundKind.FRESH_LINK:
            return why_no_fresh_link(tx, email)
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


def why_later(tx: Transaction, email: OutboundEmail, now: datetime) -> str:
    """What has to be known first, in words for the outbox; '' where it can go."""
    if email.kind is OutboundKind.NUDGE:
        assert email.client_id is not None
        return "newer homework is about to go" if client_mail.has_waiting(tx, email.client_id) else ""
    if email.kind is OutboundKind.NO_NOTES and inbound.count_waiting_since(tx, now):
        return "mail has come that nobody has read yet"
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
    coach = coaches.get(tx, email.coach_id)
    has_all = all(
        had_its_review(tx, coach, one, but=email.id) or has_review(tx, coach, one, now, but=email.id)
        for one in sessions.together(tx, session)
    )
    return "the coach has one already" if has_all else ""
