"""The client answers: done, partly or not done, with a reflection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

import structlog

from mailflow.flows.nudge import stop_nudges
from mailflow.flows.open import open_link
from mailflow.model import Action, Answer, LinkPurpose, Reflection, Session
from mailflow.store import actions, notes, sessions
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()


@dataclass(frozen=True)
class AnswerForm:
    """What the page sends. `form_id` is the page's own: the same form sent twice is saved once."""

    answer: Answer
    reflection: str
    obstacle: str
    form_id: str
    usefulness: int | None = None


class Saved(Enum):
    SAVED = auto()
    GONE = auto()
    TOO_LATE = auto()


def save_answer(database: Database, token: str, form: AnswerForm, key: bytes, now: datetime) -> Saved:
    """Writes the reflection and the action's answer in one transaction."""
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.ACTION, key, now)
        if link is None:
            return Saved.GONE
        action = actions.find(tx, link.subject_id)
        if action is None or action.client_id != link.client_id:
            return Saved.GONE
        if not is_editable(action, closing_session(tx, action), now):
            return Saved.TOO_LATE
        latest = actions.latest_reflections(tx, [action.id]).get(action.id)
        reflection = Reflection(
            id=0,
            action_id=action.id,
            answer=form.answer,
            text=form.reflection.strip(),
            obstacle=form.obstacle.strip(),
            form_id=form.form_id,
            saved_at=now,
            usefulness=form.usefulness,
        )
        if latest is not None and replace(latest, id=0, saved_at=now) == reflection:
            return Saved.SAVED  # sent twice: what the coach said meanwhile is the later word
        actions.save_reflection(tx, reflection)
        stop_nudges(tx, action.client_id)
    log.info("answer.saved", action=action.id, answer=form.answer)
    return Saved.SAVED


def is_editable(action: Action, closing: Session | None, now: datetime) -> bool:
    """Until the next session begins, unless the coach dropped the action."""
    return action.dropped_at is None and (closing is None or now < closing.starts_at)


def closing_session(tx: Transaction, action: Action) -> Session | None:
    """The session that closes the action for answers: the first after it was last agreed.

    An open action is agreed anew by each later homework, which carries it over: also one that is done by now, where
    its answer came after that homework.
    """
    assert action.client_id is not None
    return sessions.next_of_client(tx, action.client_id, agreed_at(tx, action))


def agreed_at(tx: Transaction, action: Action) -> datetime:
    """When it was last agreed: what the client wrote before that was for an earlier session."""
    assert action.client_id is not None
    note = notes.get(tx, action.note_id)
    agreed = note.written_at
    latest = notes.latest_with_actions(tx, action.client_id)
    reflection = actions.latest_reflections(tx, [action.id]).get(action.id)
    if latest is not None and (action.open or (reflection is not None and reflection.saved_at >= latest.written_at)):
        agreed = max(agreed, latest.written_at)
    return agreed
