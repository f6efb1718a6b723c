"""The coach edits a note's actions in a form: a correction that came by the page, for the hold and for an update.

No receipt follows: the page says what was understood and when it goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import structlog

from mailflow.flows.carry import follow_commands
from mailflow.flows.correct import may_be_edited, put_in_place
from mailflow.flows.gather import listed_actions
from mailflow.flows.open import open_link
from mailflow.flows.plan import plan_homework
from mailflow.model import Action, Answer, Coach, LinkPurpose, Note, NoteAction
from mailflow.parsing.items import MAX_ITEMS
from mailflow.parsing.rows import clean, read_row, read_summary, row_text
from mailflow.rules.clarity import advise_all
from mailflow.store import clients, coaches, notes
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

MAX_ROW = 5_000
MAX_SUMMARY = 10_000


class Edited(StrEnum):
    """How saving ended: only with SAVED is anything written."""

    SAVED = "saved"
    GONE = "gone"
    NOTHING = "nothing"
    TOO_LONG = "too-long"
    CLOSED = "closed"
    CHANGED = "changed"


@dataclass(frozen=True)
class EditRow:
    """`keeps` is the id of an action that stands as it is, because it has an answer; else `text` is what was typed."""

    text: str = ""
    keeps: int | None = None
    removed: bool = False


@dataclass(frozen=True)
class EditForm:
    """What the page sends. `version` is what it was made from, `form_id` its own: sent twice it is saved once."""

    rows: tuple[EditRow, ...]
    summary: str
    version: str
    form_id: str


@dataclass(frozen=True)
class _Said:
    actions: tuple[NoteAction, ...]
    summary: str


def save_edit(database: Database, token: str, form: EditForm, key: bytes, now: datetime) -> Edited:
    """Sent again after 'back' with other words, a form replaces what it saved; another that was made from what it
    replaced changes nothing."""
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.NOTE, key, now)
        if link is None:
            return Edited.GONE
        note = notes.get(tx, link.subject_id)
        edited = _save(tx, note, form, now)
    log.info("note.edited", note=note.id, edited=edited)
    return edited


def _save(tx: Transaction, note: Note, form: EditForm, now: datetime) -> Edited:
    coach, listed = coaches.get(tx, note.coach_id), listed_actions(tx, note)
    if _is_too_long(form, note, coach, listed):
        return Edited.TOO_LONG
    said = _read(form, note, coach, listed)
    if not said.actions:
        return Edited.NOTHING
    if _says_already(note, listed, said):
        return Edited.SAVED
    if not may_be_edited(tx, note, now):
        return Edited.CLOSED
    is_its_own = bool(form.form_id) and form.form_id == note.edited_by
    if form.version != version_of(note, listed) and not is_its_own:
        return Edited.CHANGED
    is_news = put_in_place(tx, note, said.actions, now) or said.summary != note.summary
    notes.rewrite(
        tx,
        note.id,
        text=note.text,
        summary=said.summary,
        coach_actions=note.coach_actions,
        problems=note.problems,
        corrected_at=now,
        edited_by=form.form_id,
    )
    note = follow_commands(tx, note.id, now)
    if is_news and note.client_id is not None:
        plan_homework(tx, coach, clients.get(tx, note.client_id), note, now)
    return Edited.SAVED


def _is_too_long(form: EditForm, note: Note, coach: Coach, listed: Sequence[Action]) -> bool:
    """What came by mail may be longer, where nobody touched it."""
    untouched = {clean(row_text(action, coach.language)) for action in listed}
    typed = [row.text for row in form.rows if row.keeps is None and row.text.strip() and not row.removed]
    is_long = len(form.summary) > MAX_SUMMARY and form.summary != clean(note.summary)
    return is_long or len(typed) > MAX_ITEMS or any(len(text) > MAX_ROW and text not in untouched for text in typed)


def _read(form: EditForm, note: Note, coach: Coach, listed: Sequence[Action]) -> _Said:
    """By the parser of notes, as of the day of the note; what nobody touched is what it was."""
    today = note.written_at.astimezone(ZoneInfo(coach.timezone)).date()
    untouched = {clean(row_text(action, coach.language)): action for action in listed}
    left = {action.id: action for action in listed}
    found: list[NoteAction] = []
    for row in form.rows:
        if row.keeps is not None:
            found += [_as_noted(left.pop(row.keeps))] if row.keeps in left else []
        elif row.removed:
            continue
        elif (same := untouched.get(row.text)) is not None:
            if same.answer is None:
                found.append(_as_noted(same))
            elif same.id in left:  # answered since: it stands as it is, once
                found.append(_as_noted(left.pop(same.id)))
        elif (action := read_row(row.text, today=today, date_order=coach.date_order)) is not None:
            found.append(action)
    found += [_as_noted(action) for action in left.values() if action.answer is not None]  # nobody takes these away
    summary = note.summary if form.summary == clean(note.summary) else read_summary(form.summary)
    return _Said(advise_all(found), summary)


def _as_noted(action: Action) -> NoteAction:
    done = action.answer is Answer.DONE
    return NoteAction(action.text, action.due, action.steps, action.plan, action.why, done)


def _says_already(note: Note, listed: Sequence[Action], said: _Said) -> bool:
    now = [replace(action, advice=()) for action in said.actions]
    return now == [_as_noted(action) for action in listed] and said.summary == note.summary


def version_of(note: Note, listed: Sequence[Action]) -> str:
    """What a form is made from, in a word. Answers are part of it: the coach should see one before it is edited."""
    words = [(a.id, a.text, a.due, a.steps, a.plan, a.why, a.answer) for a in listed]
    return hashlib.sha256(repr((note.client_id, note.summary, words)).encode()).hexdigest()[:16]
