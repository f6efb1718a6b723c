"""What will be sent, written in the transaction of what it is sent for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mailflow.model import (
    Client,
    Coach,
    LinkPurpose,
    Note,
    OutboundEmail,
    OutboundKind,
    OutboundState,
    Session,
    SessionStatus,
)
from mailflow.rules.timing import (
    SHORTEST_MOVE,
    SHORTEST_NOTICE,
    after_quiet,
    homework_at,
    morning_of,
    moved_on,
    review_at,
)
from mailflow.store import actions, attempts, client_mail, links, notes, outbox, reviews, sessions, settling
from mailflow.store.database import Transaction
from mailflow.store.outbox import NewEmail
from mailflow.wording import NOT_MEANT

NOTHING_TO_SAY = "there is nothing to say"
SESSION_GONE = "the session is no longer in the calendar"
CAME_BACK = "it came back: "
OPTED_OUT = "the client wants no homework by mail: give it to them yourself"
COACH_LEFT = "its coach is no longer in the settings: put the coach back and release it, or cancel it"
SESSION_OVER = "the session moved to an hour that is over"
IN_THE_MORNING = "it is in the mail of that morning"
EACH_ITS_OWN = "the coach wants a review before each session"
GATHER_UNPROVEN = timedelta(minutes=10)
UNPROVEN_PAUSE = timedelta(days=1)
CLOSED = (OutboundState.SENT, OutboundState.FAILED, OutboundState.EXPIRED)
LIVE = (OutboundState.WAITING, OutboundState.HELD)


def to_coach(coach: Coach, kind: OutboundKind, key: str, at: datetime) -> NewEmail:
    """Always to the coach's registered address, never to Reply-To."""
    return NewEmail(key=key, kind=kind, coach_id=coach.id, recipient=coach.email, planned_at=at)


def plan_reply(tx: Transaction, coach: Coach, kind: OutboundKind, inbound_id: int, note: Note, now: datetime) -> None:
    """The one answer to a note."""
    key = receipt_key(inbound_id, note.part if inbound_id == note.inbound_id else 0)
    email = replace(to_coach(coach, kind, key, now), note_id=note.id, inbound_id=inbound_id)
    outbox.plan(tx, email)


def plan_question(tx: Transaction, coach: Coach, note: Note, now: datetime) -> None:
    """A question about a note that was answered before: whose it is became uncertain."""
    email = replace(
        to_coach(coach, OutboundKind.QUESTION, f"question:{note.id}", now), note_id=note.id, inbound_id=note.inbound_id
    )
    outbox.plan(tx, email, revive=True)


def plan_homework(tx: Transaction, coach: Coach, client: Client, note: Note, now: datetime) -> None:
    """The one homework email of this note to this client, after the hold; where it has gone, its update."""
    email = NewEmail(
        key=_next_homework_key(tx, note, client),
        kind=OutboundKind.HOMEWORK,
        coach_id=coach.id,
        recipient=client.email,
        planned_at=homework_at(now, coach.hold, coach.quiet, ZoneInfo(coach.timezone)),
        client_id=client.id,
        note_id=note.id,
    )
    outbox.plan(tx, email, revive=True)
    if client.opted_out_at is not None:
        outbox.cancel_key(tx, email.key, OPTED_OUT)
    elif client.undeliverable:
        client_mail.stop(tx, client.id, OutboundState.HELD, why_undeliverable(client), now)
    plan_next_review(tx, coach, client, now)


def keep_quiet_hours(tx: Transaction, before: Coach, coach: Coach) -> None:
    """Homework that waits keeps to the quiet hours that the coach has now, or has where they are now; what a person
    let go in those of before goes all the same."""
    if (before.quiet, before.timezone) == (coach.quiet, coach.timezone):
        return
    for email in outbox.waiting_homework(tx, coach.id):
        if after_quiet(email.planned_at, before.quiet, ZoneInfo(before.timezone)) == email.planned_at:
            outbox.put_off(tx, email.id, after_quiet(email.planned_at, coach.quiet, ZoneInfo(coach.timezone)))


def _next_homework_key(tx: Transaction, note: Note, client: Client) -> str:
    """The key of the homework that has not gone, or a new one after those that have."""
    latest = outbox.latest_homework(tx, note.id, client.id)
    if latest is not None and latest.state is not OutboundState.SENT:
        return latest.key
    number = 1 + sum(email.client_id == client.id for email in outbox.homework_of_note(tx, note.id))
    return homework_key(note.id, client.id, number)


def plan_opted_out(tx: Transaction, coach: Coach, client: Client, now: datetime) -> None:
    """The coach hears once that the client wants no mails; later receipts say so."""
    email = replace(to_coach(coach, OutboundKind.OPTED_OUT, f"opted-out:{client.id}", now), client_id=client.id)
    outbox.plan(tx, email, revive=True)


def plan_undelivered(tx: Transaction, coach: Coach, homework: OutboundEmail, attempt: int, now: datetime) -> None:
    """The coach hears that the homework was refused or came back, once for each attempt to send it."""
    assert homework.note_id is not None
    email = replace(
        to_coach(coach, OutboundKind.UNDELIVERED, f"undelivered:{homework.id}:{attempt}", now),
        client_id=homework.client_id,
        note_id=homework.note_id,
        inbound_id=notes.get(tx, homework.note_id).inbound_id,
    )
    outbox.plan(tx, email)


def plan_unproven(tx: Transaction, coach: Coach, now: datetime) -> None:
    """The coach hears of mail that may be forged: soon, together with what else comes by then, and once a day at most.

    A forger must not be able to fill the coach's mailbox.
    """
    earlier = outbox.of_kind(tx, coach.id, OutboundKind.UNPROVEN)
    if any(email.state in LIVE for email in earlier):
        return
    went_at = max((email.sent_at or email.planned_at for email in earlier if email.state in CLOSED), default=None)
    soon = now + GATHER_UNPROVEN
    email = to_coach(
        coach,
        OutboundKind.UNPROVEN,
        f"unproven:{coach.id}:{len(earlier) + 1}",
        soon if went_at is None else max(soon, went_at + UNPROVEN_PAUSE),
    )
    outbox.plan(tx, email)


def plan_unread(tx: Transaction, coach: Coach, inbound_id: int, now: datetime) -> None:
    """The coach hears that mailflow failed on the mail, whatever it was: silence would look like success."""
    email = replace(to_coach(coach, OutboundKind.UNREAD, f"unread:{inbound_id}", now), inbound_id=inbound_id)
    outbox.plan(tx, email)


def withdraw_homework(tx: Transaction, note: Note, why: str, now: datetime) -> bool:
    """Takes the note away from its client. False where the homework has gone, is just going, or was answered."""
    if actions.have_reflections(tx, note.id):  # the client has it, whatever the outbox knows; and the words are theirs
        return False
    for email in outbox.homework_of_note(tx, note.id):
        if email.client_id != note.client_id or email.state is OutboundState.CANCELLED:
            continue
        if not outbox.cancel(tx, email.id, why, now):
            return False
    settling.forget(tx, note.id)
    for action in actions.of_note(tx, note.id):
        links.revoke(tx, LinkPurpose.ACTION, action.id, now)
    links.revoke(tx, LinkPurpose.HOMEWORK, note.id, now)
    return True


def plan_review(tx: Transaction, coach: Coach, session: Session, now: datetime, *, something_new: bool = False) -> None:
    """The review before this session, moved where it stands already; `something_new` brings one back that had nothing
    to say.

    One that went is followed by another where the session moved on since then, or became another client's. Where it
    has begun by now there is none. A group has one review for all of them. Where the coach has one mail each morning,
    the session is in that, unless it has gone without it.
    """
    if session.group and not _has_the_review(tx, session):
        cancel_review(tx, session)
        return
    earlier = outbox.reviews_of_session(tx, session.id)
    latest = earlier[-1] if earlier else None
    if session.starts_at <= now:
        if latest is not None and latest.expires_at != session.starts_at:
            outbox.cancel_key(tx, latest.key, SESSION_OVER)
        return
    is_closed = latest is not None and latest.state in CLOSED
    if latest is not None and is_closed and not _needs_another_review(coach, session, latest):
        return
    is_live = latest is not None and latest.state in LIVE
    if not is_live and had_its_review(tx, coach, session):
        # It may be in a morning's mail that is tried again: that must not go after the session began.
        outbox.expire_earlier(tx, session.id, session.starts_at)
        return
    if (latest is None or latest.state is not OutboundState.HELD) and _plan_morning(tx, coach, session, now):
        if latest is not None:
            outbox.cancel_key(tx, latest.key, IN_THE_MORNING)
        _plan_later_ones(tx, coach, session, now)
        return
    email = replace(
        to_coach(
            coach,
            OutboundKind.REVIEW,
            review_key(session.id, len(earlier) + 1) if latest is None or is_closed else latest.key,
            review_at(session.starts_at, coach.review_lead),
        ),
        expires_at=session.starts_at,
        client_id=session.client_id,
        session_id=session.id,
    )
    back = (SESSION_GONE, SESSION_OVER, IN_THE_MORNING, *((NOTHING_TO_SAY,) if something_new else ()))
    outbox.plan(tx, email, revive=latest is not None and latest.reason in back)


def _plan_morning(tx: Transaction, coach: Coach, session: Session, now: datetime) -> bool:
    """The one mail of that morning. False where the session is not in it: also where it is not its client's first one
    of the day, for by then there may be other things to review.

    It expires when the first session begins that is: what is left of the day has reviews of its own then.
    """
    zone = ZoneInfo(coach.timezone)
    at = None if coach.morning is None else morning_of(session.starts_at, coach.morning, zone)
    if at is None:
        return False
    of_the_day = sessions_of_morning(tx, coach, at)
    if any(one.client_id == session.client_id and one.starts_at < session.starts_at for one in of_the_day):
        return False
    day = session.starts_at.astimezone(zone).date()
    planned = outbox.by_key(tx, morning_key(coach.id, day))
    if planned is not None and planned.state in CLOSED:
        return False
    if planned is not None and planned.state is OutboundState.CANCELLED and at > now:
        return planned.reason not in (NOTHING_TO_SAY, EACH_ITS_OWN)  # a person wants none that day
    if at <= now and (planned is None or not _takes_in(tx, planned, session)):
        return False
    starts = [one.starts_at for one in of_the_day if one.starts_at > now]
    email = replace(
        to_coach(coach, OutboundKind.MORNING, morning_key(coach.id, day), at),
        expires_at=min([session.starts_at, *starts]),
    )
    outbox.plan(tx, email)
    return True


def _plan_later_ones(tx: Transaction, coach: Coach, first: Session, now: datetime) -> None:
    """Of two sessions of a client on one day the second was in the mail until the first was booked, or moved there."""
    day = first.starts_at.astimezone(ZoneInfo(coach.timezone)).date()
    for session in sessions.began_between(tx, coach.id, first.starts_at, first.starts_at + timedelta(days=1)):
        is_later = session.client_id == first.client_id and session.starts_at > first.starts_at
        if is_later and session.starts_at.astimezone(ZoneInfo(coach.timezone)).date() == day:
            plan_review(tx, coach, session, now)


def _takes_in(tx: Transaction, morning: OutboundEmail, session: Session) -> bool:
    """Whether a mail that is late already will have the session, or has it in bytes that are made."""
    if morning.state not in LIVE:
        return False
    return attempts.frozen(tx, morning.id) is None or reviews.is_about(tx, morning.id, session.id)


def sessions_of_morning(tx: Transaction, coach: Coach, at: datetime) -> list[Session]:
    """The sessions of the coach's day whose reviews go together at `at`, in order of time."""
    zone = ZoneInfo(coach.timezone)
    day = at.astimezone(zone).date()
    sought = sessions.began_between(tx, coach.id, at + SHORTEST_NOTICE, at + timedelta(days=1, hours=2))
    return [session for session in sought if session.starts_at.astimezone(zone).date() == day]


def moment_of(coach: Coach, morning: OutboundEmail) -> datetime:
    """The hour of the mail's own day, whenever a person lets it go."""
    day = date.fromisoformat(morning.key.rpartition(":")[2])
    zone = ZoneInfo(coach.timezone)
    hour = coach.morning or morning.planned_at.astimezone(zone).time()
    return datetime.combine(day, hour, zone).astimezone(UTC)


def plan_rest_of_day(tx: Transaction, coach: Coach, morning: OutboundEmail, now: datetime) -> None:
    """The morning's mail could not go before the first session: the others have reviews of their own."""
    for session in sessions_of_morning(tx, coach, moment_of(coach, morning)):
        plan_review(tx, coach, session, now)


def has_review(tx: Transaction, coach: Coach, session: Session, now: datetime, *, but: int) -> bool:
    """Whether a mail, `but` for this one, has told the coach by now what a review of the session would.

    That may have been about another one: a session that became a series, or stands in two calendars.
    """
    # Not before the session that was reviewed is over: it may be this one, as a series or in another calendar.
    return any(
        not moved_on(session.starts_at, last.starts_at, last.reviewed_at, _lead(coach))
        for last in reviews.of_client(tx, session.client_id, now, but=but)
        if not _is_beside(session, sessions.get(tx, last.session_id))
    )


def _is_beside(session: Session, reviewed: Session) -> bool:
    """Whether the session that was reviewed still stands in the same calendar, at another hour: then this is another
    one. In another calendar it may be the same, moved there first."""
    return (
        reviewed.status is SessionStatus.PLANNED
        and reviewed.calendar_id == session.calendar_id
        and abs(reviewed.starts_at - session.starts_at) > SHORTEST_MOVE
    )


def had_its_review(tx: Transaction, coach: Coach, session: Session, *, but: int = 0) -> bool:
    """Also one of a morning: then no row of its own says so."""
    last = reviews.last_of_session(tx, session.id, but=but)
    if last is None or last.client_id != session.client_id:
        return False
    return not moved_on(session.starts_at, last.starts_at, last.reviewed_at, _lead(coach))


def _has_the_review(tx: Transaction, session: Session) -> bool:
    """Whether the group's review hangs on this client's session: the one that had it so far, else the first."""
    group = sessions.of_group(tx, session.group)
    for one in group:
        closed = [review for review in outbox.reviews_of_session(tx, one.id) if review.state in CLOSED]
        if closed and (one.status is SessionStatus.PLANNED or closed[-1].expires_at == session.starts_at):
            return one.id == session.id
    first = next(one for one in group if one.status is SessionStatus.PLANNED)
    return first.id == session.id


def _needs_another_review(coach: Coach, session: Session, latest: OutboundEmail) -> bool:
    if latest.client_id != session.client_id:
        return True
    assert latest.expires_at is not None
    return moved_on(session.starts_at, latest.expires_at, latest.sent_at, _lead(coach))


def _lead(coach: Coach) -> timedelta:
    """What a review's own lead says of a move; nothing, where it would come in another morning's mail."""
    return coach.review_lead if coach.morning is None else timedelta(0)


def plan_next_review(tx: Transaction, coach: Coach, client: Client, now: datetime) -> None:
    """A note came when the next session's review had found nothing to say: now it has."""
    session = sessions.next_of_client(tx, client.id, now)
    if session is not None:
        for one in sessions.together(tx, session):  # a group's review may hang on another client's
            plan_review(tx, coach, one, now, something_new=True)


def cancel_review(tx: Transaction, session: Session) -> None:
    """One that is held stays so, in case that the session comes back; it would not go."""
    for review in outbox.reviews_of_session(tx, session.id):
        if review.state is OutboundState.WAITING:
            outbox.cancel_key(tx, review.key, SESSION_GONE)


def why_undeliverable(client: Client) -> str:
    """Why homework for the client is held."""
    if client.undeliverable == NOT_MEANT:
        return f"mail to {client.email}: {NOT_MEANT}"
    return f"mail to {client.email} came back: {client.undeliverable}"


def receipt_key(inbound_id: int, part: int = 0) -> str:
    """A mail has one answer; of a group's, each client's part has one."""
    return f"receipt:{inbound_id}" + (f":{part}" if part else "")


def homework_key(note_id: int, client_id: int, number: int) -> str:
    """A note has one homework for its client, and another each time that it is corrected after the last has gone."""
    return f"homework:{note_id}:{client_id}" + ("" if number == 1 else f":{number}")


def review_key(session_id: int, number: int) -> str:
    """A session has one review, and another each time that it moves on after the last."""
    return f"review:{session_id}" if number == 1 else f"review:{session_id}:{number}"


def morning_key(coach_id: int, day: date) -> str:
    """A coach has one mail of reviews a day."""
    return f"morning:{coach_id}:{day}"
