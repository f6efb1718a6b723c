"""One function for one kind of outgoing mail: the row of the outbox in, the words and the bytes out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from mailflow.flows.gather import (
    action_views,
    candidate_views,
    candidates_of,
    homework_view,
    perhaps_with,
    review_view,
    situation_of,
)
from mailflow.flows.message import Headers, to_bytes
from mailflow.flows.pages import Pages, Site
from mailflow.flows.plan import homework_key
from mailflow.model import Coach, FrozenEmail, Note, OutboundEmail, OutboundKind, OutboundState
from mailflow.rendering import Renderer
from mailflow.rules.clarity import on_the_list
from mailflow.rules.matching import Reason
from mailflow.store import actions, coaches, inbound, links, notes, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.views import (
    ActionView,
    HomeworkView,
    NoActionsView,
    QuestionView,
    ReceiptView,
    ReviewView,
    UndeliveredView,
)


@dataclass(frozen=True)
class Composer:
    """Makes the bytes of every mail. `address` is what they come from; notes are sent to `notes_address`."""

    renderer: Renderer
    site: Site
    service_name: str
    address: str
    notes_address: str

    def compose(self, tx: Transaction, email: OutboundEmail, now: datetime) -> FrozenEmail | None:
        """The mail as it should go now; None where there is nothing to say any more."""
        coach = coaches.get(tx, email.coach_id)
        pages = Pages(self.site, partial(links.ensure, tx, now))
        view = VIEWS[email.kind](tx, email, pages)
        if view is None:
            return None
        message_id = f"<{uuid.uuid4()}@{self.address.rpartition('@')[2]}>"
        rendered = self.renderer.email(email.kind, view, coach.language)
        headers = self._headers(tx, email, coach)
        numbered = tuple(action.id for action in _numbered(view))
        return FrozenEmail(message_id, to_bytes(rendered, headers, message_id, now), numbered)

    def _headers(self, tx: Transaction, email: OutboundEmail, coach: Coach) -> Headers:
        if email.kind is OutboundKind.HOMEWORK:
            return Headers(
                sender=(f"{coach.name} via {self.service_name}", self.address),
                recipient=email.recipient,
                reply_to=(coach.name, coach.email),
                automatic="auto-generated",
            )
        answered = None if email.inbound_id is None else inbound.get(tx, email.inbound_id)
        return Headers(
            sender=(self.service_name, self.address),
            recipient=email.recipient,
            reply_to=(self.service_name, self.notes_address),
            automatic="auto-generated" if answered is None else "auto-replied",
            in_reply_to="" if answered is None else answered.message_id,
        )


def homework(tx: Transaction, email: OutboundEmail, pages: Pages) -> HomeworkView | None:
    """To the client: actions and the shared summary, never the notes."""
    note = _note_of(tx, email)
    assert note.client_id is not None, "flows/wanted.py asks before"
    view = homework_view(tx, note, note.client_id, pages)
    return view if view.actions or view.carried else None


def receipt(tx: Transaction, email: OutboundEmail, pages: Pages) -> ReceiptView:
    """To the coach: this is what I understood, this is when the homework goes."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    assert situation.client is not None, "a receipt is planned when the client is certain"
    listed = [action for action in actions.of_note(tx, note.id) if action.dropped_at is None]
    show = partial(action_views, tx, zone=situation.zone, next_session=situation.next_session)
    homework = outbox.by_key(tx, homework_key(note.id, situation.client.id))
    goes = homework is not None and homework.state is not OutboundState.HELD
    url = pages.note(note.id)
    return ReceiptView(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        client_email=situation.client.email,
        session_at=situation.session_at(situation.session),
        reason=Reason(note.match_reason),
        actions=show(listed),
        carried=show(
            actions.still_open(tx, situation.client.id, before_note=note), carried=True, first=len(listed) + 1
        ),
        dropped=_dropped(tx, note),
        coach_actions=note.coach_actions,
        summary=note.summary,
        homework_at=situation.local(homework.planned_at) if homework is not None and goes else None,
        too_many=on_the_list(listed),
        problems=note.problems,
        send_now_url=f"{url}?do=send",
        hold_url=f"{url}?do=hold",
        choose_url=f"{url}?do=choose",
    )


def undelivered(tx: Transaction, email: OutboundEmail, pages: Pages) -> UndeliveredView:
    """To the coach: the client does not have the homework."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    assert situation.client is not None, "flows/wanted.py asks before"
    homework = outbox.by_key(tx, homework_key(note.id, situation.client.id))
    assert homework is not None
    return UndeliveredView(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        client_email=homework.recipient,
        session_at=situation.session_at(situation.session),
        reason=homework.reason,
        perhaps_sent=homework.perhaps_sent,
        actions=action_views(tx, actions.of_note(tx, note.id), situation.zone, next_session=situation.next_session),
        send_url=f"{pages.note(note.id)}?do=send",
        choose_url=f"{pages.note(note.id)}?do=choose",
    )


def question(tx: Transaction, email: OutboundEmail, pages: Pages) -> QuestionView:
    """To the coach: whose session was it?"""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    url = pages.note(note.id)
    return QuestionView(
        coach_name=situation.coach.name,
        subject=note.subject,
        reason=Reason(note.match_reason),
        perhaps_with=perhaps_with(tx, note),
        candidates=candidate_views([c for c in candidates_of(tx, note) if c.session], situation.zone, url),
        actions=action_views(tx, actions.of_note(tx, note.id), situation.zone),
        choose_url=f"{url}?do=choose",
    )


def no_actions(tx: Transaction, email: OutboundEmail, _: Pages) -> NoActionsView:
    """To the coach: the note was kept, nothing goes to anybody, this is how to write actions."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    return NoActionsView(
        coach_name=situation.coach.name,
        subject=note.subject,
        problems=note.problems,
        client_name=situation.client_name,
        dropped=_dropped(tx, note),
        only_commands=bool(note.commands),
    )


def review(tx: Transaction, email: OutboundEmail, pages: Pages) -> ReviewView | None:
    """To the coach, before the session: what was agreed, what was answered, what got no answer."""
    assert email.session_id is not None
    session = sessions.get(tx, email.session_id)
    return review_view(tx, session, pages.review(session.id))


def _dropped(tx: Transaction, note: Note) -> tuple[str, ...]:
    return tuple(action.text for action in actions.dropped_by(tx, note.id))


def _note_of(tx: Transaction, email: OutboundEmail) -> Note:
    assert email.note_id is not None
    return notes.get(tx, email.note_id)


def _numbered(view: View) -> tuple[ActionView, ...]:
    """The actions of the mail in the order of their numbers: what 'Drop: 2' in a reply means."""
    match view:
        case HomeworkView() | ReceiptView():
            return (*view.actions, *view.carried)
        case ReviewView():
            return (*view.agreed, *view.carried)
        case QuestionView() | UndeliveredView():
            return view.actions
        case NoActionsView():
            return ()


View = HomeworkView | ReceiptView | QuestionView | NoActionsView | UndeliveredView | ReviewView
VIEWS: dict[OutboundKind, Callable[[Transaction, OutboundEmail, Pages], View | None]] = {
    OutboundKind.RECEIPT: receipt,
    OutboundKind.QUESTION: question,
    OutboundKind.NO_ACTIONS: no_actions,
    OutboundKind.HOMEWORK: homework,
    OutboundKind.UNDELIVERED: undelivered,
    OutboundKind.REVIEW: review,
}
