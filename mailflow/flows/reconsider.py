"""A note that only its time gave to a client, whose session is no longer theirs: it is taken back, and asked about."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.flows.plan import plan_question, receipt_key, withdraw_homework
from mailflow.model import Coach, Note, Session, SessionStatus
from mailflow.rules.matching import Reason
from mailflow.store import actions, notes, outbox, sessions
from mailflow.store.database import Transaction

log = structlog.get_logger()


def reconsider_notes(tx: Transaction, coach: Coach, session: Session, now: datetime) -> None:
    """Each note of the session that nobody but the calendar gave to its client."""
    for note in notes.of_session(tx, session.id):
        if note.match_reason == Reason.ONLY_SESSION and not _is_still_theirs(tx, note, session):
            _ask(tx, coach, note, now)


def _is_still_theirs(tx: Transaction, note: Note, session: Session) -> bool:
    """An event that became a series is another session of the same client at the same hour."""
    if note.client_id is None:
        return True
    if session.status is SessionStatus.PLANNED:
        return session.client_id == note.client_id
    return sessions.is_planned(tx, note.client_id, session.starts_at)


def _ask(tx: Transaction, coach: Coach, note: Note, now: datetime) -> None:
    if not withdraw_homework(tx, note, "its session is not this client's any more", now):
        return
    notes.unassign(tx, note.id, Reason.SESSION_CHANGED)
    outbox.cancel_key(tx, receipt_key(note.inbound_id), "the coach is asked whose the note is")
    if actions.of_note(tx, note.id):
        plan_question(tx, coach, notes.get(tx, note.id), now)
    log.info("note.unassigned", note=note.id)
