"""What each kind of mail says: the row of the outbox in, a view for its templates out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from mailflow.flows.ask_for_notes import no_notes_view
from mailflow.flows.fresh import fresh_link_view
from mailflow.flows.gather import (
    action_views,
    as_update,
    candidate_views,
    candidates_of,
    homework_view,
    listed_actions,
    name_of,
    perhaps_with,
    review_view,
    since_last_review,
    situation_of,
    why_stopped,
)
from mailflow.flows.not_meant import not_meant_view
from mailflow.flows.nudge import nudge_view
from mailflow.flows.pages import Pages
from mailflow.flows.plan import CAME_BACK, LIVE, had_its_review, has_review, moment_of, sessions_of_morning
from mailflow.model import (
    Action,
    Coach,
    Email,
    InboundStatus,
    Note,
    OutboundEmail,
    OutboundKind,
    OutboundState,
    Session,
    address_key,
)
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import fresh_text
from mailflow.parsing.sender import single_sender
from mailflow.rules.clarity import on_the_list
from mailflow.rules.matching import REMEMBERED, Reason
from mailflow.store import actions, attempts, clients, coaches, inbound, notes, outbox, sessions
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
    UnprovenMail,
    UnprovenView,
    UnreadView,
)

CANCELLED = OutboundState.CANCELLED
MAX_ATTACHED = 10_000_000


def homework(tx: Transaction, email: OutboundEmail, pages: Pages) -> HomeworkView | None:
    """To the client: actions and the shared summary, never the notes."""
    note = _note_of(tx, email)
    assert note.client_id is not None, "flows/wanted.py asks before"
    view = replace(homework_view(tx, note, note.client_id, pages), opt_out_url=pages.opt_out(note.client_id))
    previous = outbox.last_sent_homework(tx, note.id, note.client_id)
    if previous is not None:
        view = as_update(tx, view, previous)
    return view if view.actions or view.carried or view.removed else None


def receipt(tx: Transaction, email: OutboundEmail, pages: Pages) -> ReceiptView:
    """To the coach: this is what I understood, this is when the homework goes."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    assert situation.client is not None, "a receipt is planned when the client is certain"
    listed = listed_actions(tx, note)
    show = partial(action_views, tx, zone=situation.zone, next_session=situation.next_session)
    homework = outbox.latest_homework(tx, note.id, situation.client.id)
    went = outbox.last_sent_homework(tx, note.id, situation.client.id)
    url = pages.note(note.id)
    return ReceiptView(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        client_email=situation.client.email,
        session_at=situation.session_at(situation.session),
        reason=Reason(note.match_reason),
        today=situation.local(email.planned_at).date(),
        actions=show(listed),
        carried=show(
            actions.still_open(tx, situation.client.id, before_note=note), carried=True, first=len(listed) + 1
        ),
        dropped=_dropped(tx, note),
        coach_actions=note.coach_actions,
        summary=note.summary,
        state=None if homework is None else homework.state,
        is_update=went is not None and homework is not None and went.id != homework.id,
        homework_at=None if homework is None else situation.local(homework.sent_at or homework.planned_at),
        too_many=on_the_list(listed),
        problems=note.problems,
        send_now_url=f"{url}?do=send",
        hold_url=f"{url}?do=hold",
        choose_url=f"{url}?do=choose",
        edit_url=f"{url}?do=edit",
        opted_out=situation.client.opted_out_at is not None and (homework is None or homework.state is CANCELLED),
        undeliverable=why_stopped(situation.client, homework),
    )


def opted_out(tx: Transaction, email: OutboundEmail, _: Pages) -> OptedOutView:
    """To the coach: give the client the homework yourself."""
    assert email.client_id is not None
    client = clients.get(tx, email.client_id)
    coach = coaches.get(tx, email.coach_id)
    still_open = actions.still_open(tx, client.id, before_note=None)
    return OptedOutView(
        coach_name=coach.name,
        client_name=name_of(client),
        client_email=client.email,
        actions=action_views(tx, still_open, ZoneInfo(coach.timezone)),
    )


def undelivered(tx: Transaction, email: OutboundEmail, pages: Pages) -> UndeliveredView:
    """To the coach: the client does not have the homework."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    assert situation.client is not None, "flows/wanted.py asks before"
    homework = outbox.failed_homework(tx, note.id, situation.client.id)
    assert homework is not None
    return UndeliveredView(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        client_email=homework.recipient,
        session_at=situation.session_at(situation.session),
        reason=homework.reason.removeprefix(CAME_BACK),
        came_back=homework.sent_at is not None,
        perhaps_sent=homework.perhaps_sent,
        actions=action_views(tx, listed_actions(tx, note), situation.zone, next_session=situation.next_session),
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
        actions=action_views(tx, listed_actions(tx, note), situation.zone),
        choose_url=f"{url}?do=choose",
    )


def client_reply(tx: Transaction, email: OutboundEmail, _: Pages) -> ClientReplyView:
    """To the coach: the client's own words, as they were written."""
    note = _note_of(tx, email)
    situation = situation_of(tx, note)
    assert email.inbound_id is not None
    assert email.client_id is not None
    received_as = inbound.get(tx, email.inbound_id)
    assert received_as is not None
    raw = inbound.raw(tx, email.inbound_id)
    received = read_email(raw)
    client = clients.get(tx, email.client_id)
    sender = single_sender(received)
    return ClientReplyView(
        coach_name=situation.coach.name,
        client_name=name_of(client),
        sender="" if sender is None else sender.email,
        is_known=sender is not None and address_key(sender.email) in client.addresses,
        unproven=received_as.unproven,
        text=fresh_text(received),
        actions=action_views(tx, _answered(tx, received, note), situation.zone, next_session=situation.next_session),
        attachments=received.attachments,
        is_attached=len(raw) <= MAX_ATTACHED,
    )


def _answered(tx: Transaction, received: Email, note: Note) -> list[Action]:
    """The actions by the numbers that the client had before them, whatever became of them since."""
    homework = outbox.by_message_id(tx, received.answers)
    frozen = None if homework is None else attempts.frozen(tx, homework.id)
    numbered = () if frozen is None else frozen.actions
    found = [action for action_id in numbered if (action := actions.find(tx, action_id)) is not None]
    return found or listed_actions(tx, note)


def unproven(tx: Transaction, email: OutboundEmail, _: Pages) -> UnprovenView | None:
    """To the coach: mail in your name that may not be yours. None where nothing waits any more."""
    coach = coaches.get(tx, email.coach_id)
    zone = ZoneInfo(coach.timezone)
    waiting = inbound.unproven(tx, coach.id, email.planned_at - REMEMBERED)
    if not waiting:
        return None
    return UnprovenView(
        coach_name=coach.name,
        mails=tuple(UnprovenMail(mail.received_at.astimezone(zone), mail.sender, mail.subject) for mail in waiting),
    )


def unread(tx: Transaction, email: OutboundEmail, _: Pages) -> UnreadView | None:
    """To the coach: your mail is kept, and I failed on it. None where somebody has helped meanwhile."""
    assert email.inbound_id is not None
    mail = inbound.get(tx, email.inbound_id)
    if mail is None or mail.status is not InboundStatus.QUARANTINED:
        return None
    coach = coaches.get(tx, email.coach_id)
    return UnreadView(coach.name, mail.received_at.astimezone(ZoneInfo(coach.timezone)), mail.subject)


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
    view = review_view(tx, session, pages.review(session.id))
    return None if view is None else since_last_review(tx, view, session, email)


def morning(tx: Transaction, email: OutboundEmail, pages: Pages) -> MorningView | None:
    """To the coach, in the morning: the reviews of all sessions of the day that have none of their own."""
    coach = coaches.get(tx, email.coach_id)
    found: list[ReviewView] = []
    first = 1
    for session in _of_the_morning(tx, coach, email):
        view = review_view(tx, session, pages.review(session.id), first=first)
        if view is not None:
            found.append(since_last_review(tx, view, session, email))
            first += sum(len(one.agreed) + len(one.carried) for one in view.everybody)
    day = moment_of(coach, email).astimezone(ZoneInfo(coach.timezone)).date()
    return MorningView(coach.name, day, tuple(found)) if found else None


def _of_the_morning(tx: Transaction, coach: Coach, email: OutboundEmail) -> list[Session]:
    """Each client once, and a group with whichever of them comes first; none that has begun, has a mail of its own, or
    was told the coach before."""
    assert email.expires_at is not None
    met: set[int] = set()
    listed = []
    for session in sessions_of_morning(tx, coach, moment_of(coach, email)):
        there = sessions.together(tx, session)
        own = [review for one in there for review in outbox.reviews_of_session(tx, one.id)[-1:]]
        if (
            session.starts_at >= email.expires_at
            and session.client_id not in met
            and not any(review.state in LIVE for review in own)
            and not had_its_review(tx, coach, session, but=email.id)
            and not has_review(tx, coach, session, email.planned_at, but=email.id)
        ):
            listed.append(session)
            met |= {one.client_id for one in there}
    return listed


def _dropped(tx: Transaction, note: Note) -> tuple[str, ...]:
    return tuple(action.text for action in actions.dropped_by(tx, note.id))


def _note_of(tx: Transaction, email: OutboundEmail) -> Note:
    assert email.note_id is not None
    return notes.get(tx, email.note_id)


View = (
    HomeworkView
    | ReceiptView
    | QuestionView
    | NoActionsView
    | UndeliveredView
    | OptedOutView
    | ReviewView
    | MorningView
    | NudgeView
    | NoNotesView
    | ClientReplyView
    | UnprovenView
    | UnreadView
    | FreshLinkView
    | NotMeantView
)
VIEWS: dict[OutboundKind, Callable[[Transaction, OutboundEmail, Pages], View | None]] = {
    OutboundKind.RECEIPT: receipt,
    OutboundKind.QUESTION: question,
    OutboundKind.NO_ACTIONS: no_actions,
    OutboundKind.HOMEWORK: homework,
    OutboundKind.UNDELIVERED: undelivered,
    OutboundKind.OPTED_OUT: opted_out,
    OutboundKind.CLIENT_REPLY: client_reply,
    OutboundKind.UNPROVEN: unproven,
    OutboundKind.UNREAD: unread,
    OutboundKind.REVIEW: review,
    OutboundKind.MORNING: morning,
    OutboundKind.NUDGE: nudge_view,
    OutboundKind.NO_NOTES: lambda tx, email, _: no_notes_view(tx, email),
    OutboundKind.FRESH_LINK: fresh_link_view,
    OutboundKind.NOT_MEANT: not_meant_view,
}
