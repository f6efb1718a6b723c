"""A client who has not answered is reminded of the homework, where the coach wants that; the first answer ends it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from mailflow.flows.gather import action_views, name_of
from mailflow.flows.pages import Pages
from mailflow.flows.plan import OPTED_OUT, SESSION_GONE, why_undeliverable
from mailflow.model import Coach, Nudge, OutboundEmail, OutboundKind, OutboundState, Session
from mailflow.parsing.mime import read_header
from mailflow.rules.timing import after_quiet, nudge_at, nudge_expires_at
from mailflow.store import actions, attempts, client_mail, clients, coaches, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.store.outbox import NewEmail
from mailflow.views.emails import NudgeView

NO_TIME = "there is no time for it before the next session"
ANSWERED = "the client has answered"
NEWER_HOMEWORK = "there is newer homework"
UNWANTED = "the coach wants no such reminder"


def plan_nudges(tx: Transaction, coach: Coach, client_id: int, now: datetime) -> None:
    """The reminders of the client's last homework, moved where the next session moved.

    One whose moment is over by the time that it would be planned is left out: it would come with the next one.
    """
    homework = client_mail.last_homework(tx, client_id) if coach.nudges else None
    if homework is None or homework.note_id is None or homework.sent_at is None:
        return
    following = _following(tx, homework)
    for nudge in coach.nudges:
        key = nudge_key(homework.note_id, client_id, nudge)
        at = None if following is None else nudge_at(nudge, homework.sent_at, following.starts_at)
        at = None if at is None else after_quiet(at.replace(microsecond=0), coach.quiet, ZoneInfo(coach.timezone))
        planned = outbox.by_key(tx, key)
        if planned is not None and (planned.perhaps_sent or planned.state is OutboundState.HELD):
            continue  # somebody may have it already, or wants it back: it is asked about again before it goes
        is_planned = planned is not None and planned.planned_at == at and planned.state is not OutboundState.CANCELLED
        if following is None or at is None or (at <= now and not is_planned):
            outbox.cancel_key(tx, key, NO_TIME)
            continue
        email = NewEmail(
            key=key,
            kind=OutboundKind.NUDGE,
            coach_id=coach.id,
            recipient=clients.get(tx, client_id).email,
            planned_at=at,
            expires_at=nudge_expires_at(nudge, following.starts_at),
            client_id=client_id,
            note_id=homework.note_id,
        )
        outbox.plan(tx, email, revive=planned is not None and planned.reason == NO_TIME)


def stop_nudges(tx: Transaction, client_id: int) -> None:
    """The client has answered."""
    client_mail.cancel_nudges(tx, client_id, ANSWERED)


def why_no_nudge(tx: Transaction, email: OutboundEmail) -> str:
    """Why it should not go, in words for the outbox; '' where it should."""
    assert email.client_id is not None
    coach, client = coaches.get(tx, email.coach_id), clients.get(tx, email.client_id)
    homework = client_mail.last_homework(tx, email.client_id)
    if _nudge_of(email) not in coach.nudges:
        return UNWANTED
    if client.opted_out_at is not None:
        return OPTED_OUT
    if client.undeliverable:
        return why_undeliverable(client)
    if homework is None or homework.note_id != email.note_id:
        return NEWER_HOMEWORK
    if _following(tx, homework) is None:
        return SESSION_GONE
    return ANSWERED if _has_answered(tx, homework) else ""


def _following(tx: Transaction, homework: OutboundEmail) -> Session | None:
    """The session that the homework is for."""
    assert homework.client_id is not None
    return sessions.next_of_client(tx, homework.client_id, homework.sent_at or homework.planned_at)


def _has_answered(tx: Transaction, homework: OutboundEmail) -> bool:
    """Since the note's first homework went; in words that only the coach can read, too."""
    assert homework.note_id is not None
    assert homework.client_id is not None
    went = [  # an attempt that ended without an answer may have been the one that the client has
        email.planned_at if email.perhaps_sent else email.sent_at
        for email in outbox.homework_of_note(tx, homework.note_id)
        if email.client_id == homework.client_id and email.state is OutboundState.SENT and email.sent_at is not None
    ]
    return actions.have_answers(tx, homework.client_id, min(went)) or bool(
        outbox.count_to_coach(tx, homework.coach_id, min(went), client_id=homework.client_id)
    )


def nudge_view(tx: Transaction, email: OutboundEmail, pages: Pages) -> NudgeView | None:
    """To the client: what has no answer yet. None where nothing is left of it, or no session is to come."""
    assert email.client_id is not None
    assert email.note_id is not None
    homework = client_mail.last_homework(tx, email.client_id)
    frozen = None if homework is None else attempts.frozen(tx, homework.id)
    following = None if homework is None else _following(tx, homework)
    if frozen is None or following is None:
        return None
    coach, client = coaches.get(tx, email.coach_id), clients.get(tx, email.client_id)
    zone = ZoneInfo(coach.timezone)
    found = [action for action_id in frozen.actions if (action := actions.find(tx, action_id)) is not None]
    show = partial(action_views, tx, zone=zone, next_session=following, url=pages.action)
    listed = show([a for a in found if a.client_id == client.id and a.open and a.answer is None])
    if not listed:
        return None
    return NudgeView(
        coach_name=coach.name,
        client_name=name_of(client),
        nudge=_nudge_of(email),
        subject=read_header(frozen.raw).subject,
        next_session_at=following.starts_at.astimezone(zone),
        actions=listed,
        all_url=pages.homework(email.note_id, client.id),
        opt_out_url=pages.opt_out(client.id),
    )


def homework_id(tx: Transaction, email: OutboundEmail) -> str:
    """The Message-ID of the homework that the reminder follows."""
    assert email.client_id is not None
    homework = client_mail.last_homework(tx, email.client_id)
    frozen = None if homework is None else attempts.frozen(tx, homework.id)
    return "" if frozen is None else frozen.message_id


def nudge_key(note_id: int, client_id: int, nudge: Nudge) -> str:
    """A note has each reminder once, also where its homework was corrected."""
    return f"nudge:{note_id}:{client_id}:{nudge}"


def _nudge_of(email: OutboundEmail) -> Nudge:
    return Nudge(email.key.rpartition(":")[2])
