"""A note that only its time gave to a client is asked about where the calendar says otherwise by now."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.flows.arrival import met_others
from mailflow.flows.carry import follow_commands
from mailflow.flows.plan import plan_question, receipt_key, withdraw_homework
from mailflow.model import Coach, Note
from mailflow.rules.matching import REMEMBERED, UNWRITTEN, Evidence, Match, Reason, match_note
from mailflow.store import actions, notes, outbox, sessions
from mailflow.store.database import Transaction

log = structlog.get_logger()


def reconsider_notes(tx: Transaction, coach: Coach, now: datetime) -> None:
    """Sessions moved, changed hands, went or came. What nobody but the calendar decided must still be certain."""
    for note in notes.unsettled(tx, coach.id, Reason.ONLY_SESSION, now - REMEMBERED):
        if not _is_still_certain(tx, note):
            _ask(tx, coach, note, now)
    for note in notes.unsettled(tx, coach.id, Reason.GROUP_SESSION, now - REMEMBERED):
        if not _was_in_group(tx, note):
            _ask(tx, coach, note, now)


def _was_in_group(tx: Transaction, note: Note) -> bool:
    """Whether the calendar still has the client in it, also where the event is another one by now."""
    if note.session_id is None:
        return False
    starts_at = sessions.get(tx, note.session_id).starts_at
    began = sessions.began_between(tx, note.coach_id, note.written_at - REMEMBERED, note.written_at)
    return any(one.client_id == note.client_id and one.group and one.starts_at == starts_at for one in began)


def _is_still_certain(tx: Transaction, note: Note) -> bool:
    """An event that became a series is another session of the same client at the same hour: nothing changed."""
    recent = sessions.began_between(tx, note.coach_id, note.written_at - UNWRITTEN, note.written_at)
    noted = notes.sessions_with_actions(tx, [session.id for session in recent], note.written_at, but=note.id)
    found = match_note(
        Evidence(
            written_at=note.written_at,
            recipients=(),
            hint=None,
            subject="",
            clients=(),
            sessions=recent,
            with_actions=noted - {note.session_id},
            calendar_current=True,
            met_others=met_others(tx, note.coach_id, note.written_at),
        )
    )
    return isinstance(found, Match) and found.client_id == note.client_id


def _ask(tx: Transaction, coach: Coach, note: Note, now: datetime) -> None:
    if not withdraw_homework(tx, note, "the calendar changed: it may be another client's", now):
        return
    notes.unassign(tx, note.id, Reason.SESSION_CHANGED)
    follow_commands(tx, note.id, now)
    outbox.cancel_key(tx, receipt_key(note.inbound_id, note.part), "the coach is asked whose the note is")
    if actions.of_note(tx, note.id):
        plan_question(tx, coach, notes.get(tx, note.id), now)
    log.info("note.unassigned", note=note.id)
