"""The form for a note's actions: as the note says them, or as they were typed where that was not saved."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from mailflow.flows.correct import may_be_edited
from mailflow.flows.edit import Edited, EditForm, version_of
from mailflow.flows.gather import action_views, listed_actions, situation_of
from mailflow.flows.open import open_link
from mailflow.flows.pages import Pages, Site
from mailflow.model import Action, LinkPurpose
from mailflow.parsing.rows import row_text
from mailflow.store import links, notes, outbox
from mailflow.store.database import Transaction
from mailflow.views.pages import EditPage, EditRowView
from mailflow.views.parts import ActionView

EMPTY_ROWS = 2

Shown = tuple[Action, ActionView]
RowOf = Callable[[Action, ActionView], EditRowView]


def show_edit(
    tx: Transaction,
    site: Site,
    token: str,
    now: datetime,
    *,
    typed: EditForm | None = None,
    edited: Edited | None = None,
) -> tuple[EditPage, str] | None:
    """None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.NOTE, site.key, now)
    if link is None:
        return None
    note = notes.get(tx, link.subject_id)
    situation, listed = situation_of(tx, note), listed_actions(tx, note)
    language = situation.coach.language
    homework = None if note.client_id is None else outbox.latest_homework(tx, note.id, note.client_id)
    went = None if note.client_id is None else outbox.last_sent_homework(tx, note.id, note.client_id)
    show = partial(action_views, tx, zone=situation.zone, next_session=situation.next_session)
    is_open = may_be_edited(tx, note, now)
    problem = ("" if edited is None else edited.value) if is_open else Edited.CLOSED.value
    row_of = partial(_row_of, language=language)
    shown = list(zip(listed, show(listed), strict=True))
    rows = [row_of(action, view) for action, view in shown] if typed is None else _typed(typed, shown, row_of)
    # What a form that met another's words is made from is what it shows beside them.
    version = typed.version if typed is not None and edited is not Edited.CHANGED else version_of(note, listed)
    form_id = typed.form_id if typed is not None and edited is not Edited.CHANGED else secrets.token_urlsafe(12)
    view = EditPage(
        client_name=situation.client_name,
        rows=_numbered([*rows, *[EditRowView(0)] * EMPTY_ROWS]) if is_open or typed else (),
        summary=note.summary if typed is None else typed.summary,
        version=version,
        form_id=form_id,
        problem=problem,
        stored=tuple(view for _, view in shown),
        stored_summary=note.summary,
        state=None if homework is None else homework.state,
        has_gone=went is not None,
        note_url=Pages(site, partial(links.of, tx)).note(note.id),
    )
    return view, language


def _row_of(action: Action, view: ActionView, *, language: str) -> EditRowView:
    if action.answer is not None:
        return EditRowView(0, kept=view)
    return EditRowView(0, text=row_text(action, language), action=view)


def _typed(form: EditForm, shown: Sequence[Shown], row_of: RowOf) -> list[EditRowView]:
    """As it was typed; what was answered since is kept beside it."""
    left = {action.id: (action, view) for action, view in shown}
    rows: list[EditRowView] = []
    for row in form.rows:
        if row.keeps is not None:
            rows += [row_of(*left.pop(row.keeps))] if row.keeps in left else []
        elif row.text.strip():
            rows.append(EditRowView(0, text=row.text, removed=row.removed))
    return rows + [row_of(action, view) for action, view in left.values() if action.answer is not None]


def _numbered(rows: Sequence[EditRowView]) -> tuple[EditRowView, ...]:
    return tuple(replace(row, number=number) for number, row in enumerate(rows, start=1))
