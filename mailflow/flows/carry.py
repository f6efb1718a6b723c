"""What a note's commands want to become of open actions is done: 'Drop: 2', 'Keep: 1', 'Carry over: all'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from mailflow.model import Action, Note, ProblemKind
from mailflow.rules.carrying import carry_over
from mailflow.store import actions, attempts, notes, outbox
from mailflow.store.database import Transaction

log = structlog.get_logger()

ABOUT_COMMANDS = (ProblemKind.UNKNOWN_NUMBER, ProblemKind.CONTRADICTION)


def follow_commands(tx: Transaction, note_id: int, now: datetime) -> Note:
    """The note, after the actions of its client are closed that its commands close.

    To be called again whenever the note changes hands: what it closed of another client is open again.
    """
    actions.reopen(tx, note_id)
    note = notes.get(tx, note_id)
    problems = [problem for problem in note.problems if problem.kind not in ABOUT_COMMANDS]
    if note.client_id is not None and note.commands:
        numbered = _numbered(tx, note, note.client_id)
        decided = carry_over(
            note.commands, numbered, {action.id for action in _open(tx, note, note.client_id, numbered)}
        )
        for action_id in sorted(decided.dropped):
            actions.drop(tx, action_id, now, by_note=note.id)
            log.info("action.dropped", action=action_id, note=note.id)
        problems += decided.problems
    notes.set_problems(tx, note.id, problems)
    return notes.get(tx, note.id)


def _numbered(tx: Transaction, note: Note, client_id: int) -> Sequence[int]:
    """The actions of the mail that the coach had before them: the one that the note answers, else the last about the
    client. Nobody knows what the numbers mean where it answers a mail about somebody else."""
    if answered := _numbers_of(tx, note.numbered_by):
        known = [actions.find(tx, action_id) for action_id in answered]
        is_theirs = any(action is not None and action.client_id == client_id for action in known)
        return answered if is_theirs else ()
    last = outbox.last_about(tx, client_id, note.written_at, but_note=note.id)
    return _numbers_of(tx, None if last is None else last.id)


def _numbers_of(tx: Transaction, outbound_id: int | None) -> Sequence[int]:
    frozen = None if outbound_id is None else attempts.frozen(tx, outbound_id)
    return () if frozen is None else frozen.actions


def _open(tx: Transaction, note: Note, client_id: int, numbered: Sequence[int]) -> list[Action]:
    """What can be closed: the client's open actions of that mail, or where there is none, of older notes.

    The note's own are what it says now, whatever a mail of before numbered.
    """
    if not numbered:
        return actions.still_open(tx, client_id, before_note=note)
    found = [actions.find(tx, action_id) for action_id in numbered]
    theirs = [action for action in found if action is not None and action.client_id == client_id and action.open]
    return [action for action in theirs if action.note_id != note.id]
