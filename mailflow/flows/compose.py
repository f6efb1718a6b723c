"""A row of the outbox in, the bytes of its mail out: headers, what is numbered, and what is attached."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from mailflow.flows.letters import MAX_ATTACHED, VIEWS, View
from mailflow.flows.message import Headers, to_bytes
from mailflow.flows.nudge import homework_id
from mailflow.flows.pages import Pages, Site
from mailflow.model import (
    Coach,
    FrozenEmail,
    OutboundEmail,
    OutboundKind,
)
from mailflow.rendering import Renderer
from mailflow.return_path import ReturnPath
from mailflow.store import attempts, clients, coaches, inbound, links, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.views.emails import (
    ClientReplyView,
    FreshLinkView,
    HomeworkView,
    MorningView,
    NoActionsView,
    NoNotesView,
    NotMeantView,
    NudgeView,
    OptedOutView,
    QuestionView,
    ReceiptView,
    ReviewView,
    UndeliveredView,
    UnprovenView,
    UnreadView,
)
from mailflow.views.parts import ActionView


@dataclass(frozen=True)
class Composer:
    """Makes the bytes of every mail. `address` is what they come from, `return_path` where bounces go; notes are sent
    to `notes_address`, which may be a secret of the coaches, and with `answers_by_mail` clients' replies to homework to
    `client_address`."""

    renderer: Renderer
    site: Site
    service_name: str
    address: str
    return_path: ReturnPath
    notes_address: str
    client_address: str
    answers_by_mail: bool
    sign: Callable[[bytes], bytes] = bytes
    """Puts a signature on the bytes, once: every copy is the same."""

    def compose(self, tx: Transaction, email: OutboundEmail, now: datetime) -> FrozenEmail | None:
        """The mail as it should go now; None where there is nothing to say any more."""
        coach = coaches.get(tx, email.coach_id)
        pages = Pages(self.site, partial(links.ensure, tx, now))
        view = VIEWS[email.kind](tx, email, pages)
        if view is None:
            return None
        if isinstance(view, HomeworkView | NudgeView):
            view = replace(view, answers_by_mail=self.answers_by_mail)
        message_id = f"<{uuid.uuid4()}@{self.address.rpartition('@')[2]}>"
        rendered = self.renderer.email(email.kind, view, coach.language)
        headers = self._headers(tx, email, coach, view)
        return FrozenEmail(
            message_id=message_id,
            raw=self.sign(to_bytes(rendered, headers, message_id, now, attached=_attached(tx, email))),
            actions=tuple(action.id for action in _numbered(view)),
            candidates=tuple(c.value for c in view.candidates) if isinstance(view, QuestionView) else (),
            reviewed=_reviewed(tx, view),
        )

    def _headers(self, tx: Transaction, email: OutboundEmail, coach: Coach, view: View) -> Headers:
        if isinstance(view, HomeworkView | NudgeView):
            return Headers(
                sender=(f"{coach.name} via {self.service_name}", self.address),
                recipient=email.recipient,
                reply_to=(coach.name, self.client_address if self.answers_by_mail else coach.email),
                automatic="auto-generated",
                in_reply_to=_previous_id(tx, email, view),
                unsubscribe=view.opt_out_url,
            )
        if isinstance(view, FreshLinkView):
            return Headers(
                sender=(f"{coach.name} via {self.service_name}", self.address),
                recipient=email.recipient,
                reply_to=(coach.name, coach.email),  # it is no homework: nobody here would read an answer
                automatic="auto-generated",
            )
        answered = None if email.inbound_id is None else inbound.get(tx, email.inbound_id)
        if email.kind is OutboundKind.CLIENT_REPLY:
            assert answered is not None
            assert email.client_id is not None
            writers = (answered.sender, clients.get(tx, email.client_id).email, coach.email)
            return Headers(
                sender=(self.service_name, self.address),
                recipient=email.recipient,
                reply_to=("", next(address for address in writers if address.isascii())),  # no header holds another
                automatic="auto-generated",
            )
        return Headers(
            sender=(self.service_name, self.address),
            recipient=email.recipient,
            reply_to=(self.service_name, self.notes_address),
            automatic="auto-generated" if answered is None else "auto-replied",
            in_reply_to="" if answered is None else answered.message_id,
        )


def _previous_id(tx: Transaction, email: OutboundEmail, view: HomeworkView | NudgeView) -> str:
    """What the client has of it, so that one thread holds all."""
    if isinstance(view, NudgeView):
        return homework_id(tx, email)
    if not view.is_update:
        return ""
    assert email.note_id is not None
    assert email.client_id is not None
    previous = outbox.last_sent_homework(tx, email.note_id, email.client_id)
    went = None if previous is None else attempts.frozen(tx, previous.id)
    return "" if went is None else went.message_id


def _attached(tx: Transaction, email: OutboundEmail) -> bytes | None:
    """A client's reply goes on whole: what it has beside its text may matter."""
    if email.kind is not OutboundKind.CLIENT_REPLY or email.inbound_id is None:
        return None
    raw = inbound.raw(tx, email.inbound_id)
    return raw if len(raw) <= MAX_ATTACHED else None


def _numbered(view: View) -> tuple[ActionView, ...]:
    """The actions of the mail in the order of their numbers: what 'Drop: 2' in a reply means."""
    match view:
        case HomeworkView() | ReceiptView():
            return (*view.actions, *view.carried)
        case ReviewView():
            return tuple(action for one in view.everybody for action in (*one.agreed, *one.carried))
        case MorningView():
            return tuple(action for review in view.reviews for action in _numbered(review))
        case NudgeView():
            return view.actions
        case UndeliveredView() | OptedOutView() | NotMeantView():
            return view.actions
        case QuestionView() | NoActionsView() | NoNotesView() | ClientReplyView() | UnprovenView() | UnreadView():
            return ()
        case FreshLinkView():
            return ()


def _reviewed(tx: Transaction, view: View) -> tuple[int, ...]:
    """The sessions that it is the review of: of a group everybody's, also where there was nothing to say of one."""
    listed = view.reviews if isinstance(view, MorningView) else (view,) if isinstance(view, ReviewView) else ()
    return tuple(one.id for review in listed for one in sessions.together(tx, sessions.get(tx, review.session_id)))
