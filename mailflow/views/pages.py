"""One value for each page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mailflow.model import Advice, Answer, OutboundState
from mailflow.views.emails import ReviewView
from mailflow.views.parts import ActionView, CandidateView


@dataclass(frozen=True)
class NotMeantPage:
    """Page 'not_meant': whoever reads it is asked once more whether the mail was not meant for them."""

    coach_name: str


@dataclass(frozen=True)
class FreshPage:
    """Page 'fresh': one button, with which this device shows all of the client's actions for so many `days`."""

    coach_name: str
    days: int


@dataclass(frozen=True)
class PastSession:
    """What was agreed after one session, and what became of it. `day` is the session's, or the note's."""

    day: date
    summary: str
    actions: tuple[ActionView, ...]


@dataclass(frozen=True)
class HistoryPage:
    """Page 'history': all of a client's actions. An action's `url` is '' where it can't be answered any more.

    `open` is what is open now. `newer` and `older` are the numbers of the pages beside this one, 0 where there is none.
    `calendar_url` is the address to subscribe to, '' where there is none.
    """

    coach_name: str
    client_name: str
    open: tuple[ActionView, ...]
    sessions: tuple[PastSession, ...]
    newer: int = 0
    older: int = 0
    calendar_url: str = ""


@dataclass(frozen=True)
class OptOutPage:
    """Page 'opt_out': the client wants no homework by mail, or wants it again."""

    coach_name: str
    opted_out: bool


@dataclass(frozen=True)
class ActionPage:
    """Page 'action': complete and reflect.

    `chosen` is the answer that the link preselects; `form_id` makes a double click one save; `saved` is true
    right after saving. `error` is true where no answer was chosen: the text the client typed is still in
    `action.reflection`. `editable` is false once the next session has begun.
    """

    coach_name: str
    client_name: str
    action: ActionView
    chosen: Answer | None
    next_session_at: datetime | None
    editable: bool
    saved: bool
    error: bool
    form_id: str
    others: tuple[ActionView, ...]
    all_url: str


@dataclass(frozen=True)
class NotePage:
    """Page 'note': the coach's own, behind the receipt's and the question's links.

    `state` is the homework's, None while no client is chosen. `wanted` is the button the link preselects:
    '', 'send', 'hold' or 'choose'; `chosen` is the value of the preselected candidate. `done` is the same word
    right after a button worked, 'too-late' where the homework had already gone. `undeliverable` and `too_many`: see
    ReceiptView; `perhaps_with`: see QuestionView. `edit_url` is '' where the actions can't be edited any more.
    """

    coach_name: str
    client_name: str
    subject: str
    session_at: datetime | None
    actions: tuple[ActionView, ...]
    state: OutboundState | None
    homework_at: datetime | None
    undeliverable: str
    perhaps_with: str
    candidates: tuple[CandidateView, ...]
    wanted: str
    chosen: str
    done: str
    edit_url: str = ""
    summary: str = ""
    too_many: Advice | None = None


@dataclass(frozen=True)
class ReviewPage:
    """Page 'review': the review with buttons for each open action.

    `done` is the choice right after a button was pressed, 'too-late' where it changed nothing any more; `about` is the
    action's id.
    """

    review: ReviewView
    done: str
    about: int = 0


@dataclass(frozen=True)
class EditRowView:
    """`kept` is an action that has an answer and stays as it is; else `text` is what stands in the field, and `action`
    what was understood of it, where it is stored like this."""

    number: int
    text: str = ""
    removed: bool = False
    kept: ActionView | None = None
    action: ActionView | None = None


@dataclass(frozen=True)
class EditPage:
    """Page 'edit': a note's actions as fields of a form, with empty ones at the end.

    `problem` says why nothing was saved: '' or one of flows/edit.py's words; with 'changed' and 'closed' `stored` and
    `stored_summary` are what the note says now. `state` is the homework's; `has_gone`: the client has it already.
    """

    client_name: str
    rows: tuple[EditRowView, ...]
    summary: str
    version: str
    form_id: str
    problem: str
    stored: tuple[ActionView, ...]
    stored_summary: str
    state: OutboundState | None
    has_gone: bool
    note_url: str


@dataclass(frozen=True)
class MessagePage:
    """Page 'message': one friendly page for what can't be shown.

    `kind` is one of 'gone', 'fresh', 'not-meant', 'signed-out', 'refused', 'too-large', 'too-many' and 'trouble'.
    'fresh' says that a fresh link is on its way, if the link with which it was asked for was anybody's.
    """

    kind: str
