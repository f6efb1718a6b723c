"""The coach decides about a note: send now, hold, release, choose the client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum, auto
from functools import partial

import structlog

from mailflow.flows.carry import follow_commands
from mailflow.flows.gather import candidates_of
from mailflow.flows.open import open_link
from mailflow.flows.plan import plan_homework, withdraw_homework
from mailflow.flows.release import release
from mailflow.model import LinkPurpose, Note, OutboundState
from mailflow.rules.matching import Reason
from mailflow.store import actions, coaches, notes, outbox
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()


class Decided(Enum):
    DONE = auto()
    TOO_LATE = auto()
    GONE = auto()


def decide_note(database: Database, token: str, decision: str, candidate: str, key: bytes, now: datetime) -> Decided:
    """One of the note page's buttons: 'send', 'release', 'hold' or 'choose' with a candidate's value."""
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.NOTE, key, now)
        if link is None:
            return Decided.GONE
        note = notes.get(tx, link.subject_id)
        if decision == "choose":
            worked = choose(tx, note, candidate, now)
        elif decision == "send":
            worked = with_homework(tx, note, release, now)
        elif decision == "release":
            worked = with_homework(tx, note, partial(release, as_planned=True), now)
        else:
            worked = decision == "hold" and with_homework(tx, note, outbox.hold, now)
    log.info("note.decided", note=note.id, decision=decision, worked=worked)
    return Decided.DONE if worked else Decided.TOO_LATE


def choose(tx: Transaction, note: Note, candidate_value: str, now: datetime) -> bool:
    """Gives the note to one of its candidates. False where its homework has gone, or that is no candidate."""
    candidate = next((c for c in candidates_of(tx, note) if c.value == candidate_value), None)
    if candidate is None:
        return False
    changed = candidate.client.id != note.client_id
    if changed and not withdraw_homework(tx, note, "the coach chose another client", now):
        return False
    session_id = None if candidate.session is None else candidate.session.id
    notes.assign(tx, note.id, candidate.client.id, session_id, Reason.COACH_CHOSE)
    note = follow_commands(tx, note.id, now)
    homework = outbox.latest_homework(tx, note.id, candidate.client.id)
    is_closed = homework is not None and homework.state in (OutboundState.CANCELLED, OutboundState.FAILED)
    if (changed or is_closed) and actions.of_note(tx, note.id):
        plan_homework(tx, coaches.get(tx, note.coach_id), candidate.client, note, now)
    return True


def with_homework(
    tx: Transaction, note: Note, change: Callable[[Transaction, int, datetime], bool], now: datetime
) -> bool:
    """Changes the note's homework. False where that was not possible, or it has none yet."""
    if note.client_id is None:
        return False
    email = outbox.latest_homework(tx, note.id, note.client_id)
    return email is not None and change(tx, email.id, now)
