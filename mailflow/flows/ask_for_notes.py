"""A session ended and no notes came: the coach is asked for them, where the coach wants that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailflow.flows.gather import name_of
from mailflow.flows.plan import CLOSED, SESSION_GONE, to_coach
from mailflow.model import Coach, OutboundEmail, OutboundKind, OutboundState, Session, SessionStatus
from mailflow.store import calendars, clients, coaches, notes, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.views.emails import NoNotesView

NOTES_CAME = "notes came"
UNWANTED = "the coach wants no such question"
ASKED = "the coach was asked already"
WORTH_ASKING = timedelta(days=1)
"""Later than this after its time, the question says nothing that the coach does not know."""


def plan_no_notes(tx: Transaction, coach: Coach, session: Session, now: datetime) -> None:
    """The question after this session, moved where that moved. A group has one for all of them.

    None about a session that was over when it was first seen, as in a calendar that is new.
    """
    if coach.ask_for_notes is None:
        return
    earlier = outbox.of_session(tx, session.id, OutboundKind.NO_NOTES)
    latest = earlier[-1] if earlier else None
    if latest is not None and latest.state in CLOSED:
        if latest.planned_at > session.starts_at:
            return
        latest = None  # it was about an hour that the session moved on from
    at = session.ends_at + coach.ask_for_notes
    was_over = session.ends_at <= now if latest is None else at <= now and latest.planned_at != at
    if was_over or sessions.together(tx, session)[0].id != session.id:
        _cancel(tx, latest)
        return
    key = latest.key if latest else no_notes_key(session.id, len(earlier) + 1)
    email = replace(
        to_coach(coach, OutboundKind.NO_NOTES, key, at),
        expires_at=at + WORTH_ASKING,
        client_id=None if session.group else session.client_id,
        session_id=session.id,
    )
    outbox.plan(tx, email, revive=latest is not None and latest.reason == SESSION_GONE)


def cancel_no_notes(tx: Transaction, session: Session) -> None:
    """One that is held stays so, in case that the session comes back; it would not go."""
    for email in outbox.of_session(tx, session.id, OutboundKind.NO_NOTES)[-1:]:
        _cancel(tx, email)


def _cancel(tx: Transaction, email: OutboundEmail | None) -> None:
    if email is not None and email.state is OutboundState.WAITING:
        outbox.cancel_key(tx, email.key, SESSION_GONE)


def why_no_question(tx: Transaction, email: OutboundEmail) -> str:
    """Why it should not go, in words for the outbox; '' where it should."""
    assert email.session_id is not None
    session = sessions.get(tx, email.session_id)
    if coaches.get(tx, email.coach_id).ask_for_notes is None:
        return UNWANTED
    if session.status is SessionStatus.CANCELLED or not calendars.is_active(tx, session.calendar_id):
        return SESSION_GONE
    there = [one.client_id for one in sessions.together(tx, session)]
    if outbox.was_asked_for_notes(tx, there, session.starts_at, but=email.id):
        return ASKED  # it stands in two calendars
    return NOTES_CAME if notes.came_since(tx, session.coach_id, there, session.starts_at) else ""


def sessions_asked_about(tx: Transaction, answered: OutboundEmail | None) -> list[Session]:
    """For whose notes the coach was asked by this mail: of a group, everybody's. Empty where the session is gone, or
    became somebody else's."""
    if answered is None or answered.kind is not OutboundKind.NO_NOTES or answered.session_id is None:
        return []
    session = sessions.get(tx, answered.session_id)
    is_theirs = answered.client_id is None if session.group else answered.client_id == session.client_id
    return sessions.together(tx, session) if is_theirs and session.status is SessionStatus.PLANNED else []


def no_notes_view(tx: Transaction, email: OutboundEmail) -> NoNotesView:
    """To the coach: with whom it was, and when."""
    assert email.session_id is not None
    session = sessions.get(tx, email.session_id)
    coach = coaches.get(tx, email.coach_id)
    zone = ZoneInfo(coach.timezone)
    return NoNotesView(
        coach_name=coach.name,
        client_names=tuple(name_of(clients.get(tx, one.client_id)) for one in sessions.together(tx, session)),
        session_at=session.starts_at.astimezone(zone),
        ended_at=session.ends_at.astimezone(zone),
    )


def no_notes_key(session_id: int, number: int) -> str:
    """A session has one such question, and another where it moves on after it was asked about."""
    return f"no-notes:{session_id}" if number == 1 else f"no-notes:{session_id}:{number}"
