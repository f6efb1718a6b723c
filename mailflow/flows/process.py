"""A stored mail is understood: one ordered table of routes, one transaction for all that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from mailflow import wording
from mailflow.errors import EnvironmentProblem
from mailflow.flows.plan import plan_homework, plan_reply, withdraw_homework
from mailflow.model import (
    Coach,
    Email,
    InboundEmail,
    InboundStatus,
    Note,
    OutboundEmail,
    OutboundKind,
    OutboundState,
    ParsedNote,
    address_key,
)
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.mime import content_id, read_email
from mailflow.parsing.notes import parse_note
from mailflow.parsing.sender import single_sender
from mailflow.rules.clarity import advise
from mailflow.rules.matching import RECENT, REMEMBERED, Evidence, Match, Reason, match_note, names_nobody_else
from mailflow.store import actions, calendars, clients, coaches, inbound, notes, outbox, sessions
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MAX_FAILURES = 3
CALENDAR_IS_STALE = timedelta(hours=1)
NAMED_IN_THE_NOTE = (Reason.IN_RECIPIENTS, Reason.CLIENT_LINE, Reason.HEADING)


@dataclass(frozen=True)
class Arrival:
    """One mail on its way through the routes."""

    inbound: InboundEmail
    email: Email
    coach: Coach | None
    written_at: datetime
    own_addresses: frozenset[str]
    now: datetime


@dataclass(frozen=True)
class Outcome:
    status: InboundStatus
    reason: str = ""


Route = Callable[[Transaction, Arrival], Outcome | None]


def process_next(database: Database, own_addresses: frozenset[str], now: datetime) -> bool:
    """Processes the mail that waits longest; False where none does.

    `own_addresses` are those that notes are sent to, casefolded. Raises EnvironmentProblem where the machine is to
    blame: the mail is kept, and looked at again when its lease is over.
    """
    with database.write() as tx:
        claim = inbound.claim_due(tx, now, now + LEASE)
    if claim is None:
        return False
    mail, lease = claim
    try:
        outcome = _process(database, mail, lease, own_addresses, now)
    except EnvironmentProblem:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, one poison mail must not stop the others
        _failed(database, mail, lease, error, now)
    else:
        log.info("mail.processed", inbound=mail.id, status=outcome.status, reason=outcome.reason)
    return True


def _process(
    database: Database, mail: InboundEmail, lease: str, own_addresses: frozenset[str], now: datetime
) -> Outcome:
    with database.read() as tx:
        raw = inbound.raw(tx, mail.id)
        all_coaches = coaches.active(tx)
    email = read_email(raw)
    arrival = Arrival(
        inbound=mail,
        email=email,
        coach=_coach_of(email, all_coaches),
        written_at=_written_at(email, mail),
        own_addresses=own_addresses,
        now=now,
    )
    with database.write() as tx:
        inbound.identify(
            tx,
            mail.id,
            coach_id=arrival.coach.id if arrival.coach else None,
            message_id=email.message_id,
            content_id=content_id(email),
            sender=", ".join(address.email for address in email.from_),
            subject=email.subject,
        )
        outcome = next(outcome for route in ROUTES if (outcome := route(tx, arrival)) is not None)
        if not inbound.finish(tx, mail.id, lease, outcome.status, outcome.reason):
            raise EnvironmentProblem(f"mail {mail.id} took longer than its lease: it is left to whoever has it now")
    return outcome


def _coach_of(email: Email, all_coaches: list[Coach]) -> Coach | None:
    sender = single_sender(email)
    if sender is None:
        return None
    return next((coach for coach in all_coaches if address_key(sender.email) in coach.addresses), None)


def _written_at(email: Email, mail: InboundEmail) -> datetime:
    """When the coach wrote it, which may be long before it came; a Date in the future is not believed."""
    return min(email.date, mail.received_at) if email.date else mail.received_at


def _failed(database: Database, mail: InboundEmail, lease: str, error: Exception, now: datetime) -> None:
    log.error("mail.failed", inbound=mail.id, exc_info=error)
    reason = f"mailflow itself failed on it: {type(error).__name__}: {error}"
    with database.write() as tx:
        if mail.failures + 1 >= MAX_FAILURES:
            inbound.finish(tx, mail.id, lease, InboundStatus.QUARANTINED, reason)
        else:
            inbound.postpone(tx, mail.id, lease, now + timedelta(minutes=1), reason, failed=True)


# --- The routes: the first that answers decides -------------------------------------------------


def route_automatic(_: Transaction, arrival: Arrival) -> Outcome | None:
    """No person wrote it, so nobody is answered: two robots can loop for ever."""
    kind = automatic_kind(arrival.email)
    return None if kind is None else Outcome(InboundStatus.IGNORED, f"an automatic mail ({kind.value})")


def route_stranger(_: Transaction, arrival: Arrival) -> Outcome | None:
    """Kept, and not answered."""
    if arrival.coach is not None:
        return None
    if single_sender(arrival.email) is None:
        return Outcome(InboundStatus.QUARANTINED, "it does not have exactly one sender")
    return Outcome(InboundStatus.QUARANTINED, "its sender is no coach of this mailflow")


def route_duplicate(tx: Transaction, arrival: Arrival) -> Outcome | None:
    assert arrival.coach is not None
    email = arrival.email
    twin = inbound.accepted_twin(tx, arrival.coach.id, email.message_id, content_id(email))
    return None if twin is None else Outcome(InboundStatus.DUPLICATE, f"the same mail as {twin}")


def route_correction(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """A reply to our answer with a new block, while the homework has not gone: it replaces the note's actions.

    Where it is not certain that they are for the same client, nobody has the note until the coach says who.
    """
    assert arrival.coach is not None
    coach, note = arrival.coach, _answered_note(tx, arrival)
    if note is None or arrival.written_at - note.written_at > RECENT:
        return None
    parsed = _parse(arrival, coach)
    if not parsed.actions or not _can_be_corrected(tx, note):
        return None
    certain = _is_same_client(tx, arrival, coach, note, parsed)
    if note.client_id is not None and not certain and not withdraw_homework(tx, note, arrival.now):
        return None
    notes.rewrite(
        tx,
        note.id,
        text=parsed.notes,
        summary=parsed.summary,
        coach_actions=_texts(parsed),
        problems=parsed.problems,
    )
    named = None if note.client_id is not None else match_note(_evidence(tx, arrival, coach, parsed))
    if isinstance(named, Match) and named.reason in NAMED_IN_THE_NOTE:
        notes.assign(tx, note.id, named.client_id, named.session_id, named.reason)
    elif note.client_id is not None and not certain:
        notes.unassign(tx, note.id, Reason.SEVERAL_CLIENTS)
    note = notes.get(tx, note.id)
    actions.add_all(tx, note, parsed.actions, arrival.now)
    if note.client_id is None:
        plan_reply(tx, coach, OutboundKind.QUESTION, arrival.inbound.id, note, arrival.now)
        return Outcome(InboundStatus.PROCESSED, f"a correction of note {note.id}; the coach is asked whose it is")
    plan_homework(tx, coach, clients.get(tx, note.client_id), note, arrival.now)
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"a correction of note {note.id}")


def _answered_note(tx: Transaction, arrival: Arrival) -> Note | None:
    """The note that our mail was about which this one replies to."""
    assert arrival.coach is not None
    answered = outbox.by_message_id(tx, (arrival.email.in_reply_to, *arrival.email.references))
    if answered is None or answered.note_id is None or answered.coach_id != arrival.coach.id:
        return None
    return notes.get(tx, answered.note_id)


def _is_same_client(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> bool:
    """Whether a correction is certainly for the client of its note: it names nobody else, and nobody else's session
    began since."""
    if note.client_id is None:
        return False
    began = sessions.began_between(tx, coach.id, note.written_at, arrival.written_at)
    others_since = any(s.client_id != note.client_id and s.starts_at > note.written_at for s in began)
    return not others_since and names_nobody_else(_evidence(tx, arrival, coach, parsed), note.client_id)


def route_note(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """What mailflow is for."""
    assert arrival.coach is not None
    coach = arrival.coach
    parsed = _parse(arrival, coach)
    found = match_note(_evidence(tx, arrival, coach, parsed))
    match = found if isinstance(found, Match) else None
    note = notes.add(
        tx,
        coach_id=coach.id,
        inbound_id=arrival.inbound.id,
        client_id=match.client_id if match else None,
        session_id=match.session_id if match else None,
        match_reason=found.reason,
        written_at=arrival.written_at,
        subject=arrival.email.subject,
        text=parsed.notes,
        summary=parsed.summary,
        coach_actions=_texts(parsed),
        problems=parsed.problems,
    )
    actions.add_all(tx, note, parsed.actions, arrival.now)
    if not parsed.actions:
        plan_reply(tx, coach, OutboundKind.NO_ACTIONS, arrival.inbound.id, note, arrival.now)
        return Outcome(InboundStatus.PROCESSED, f"note {note.id}: no actions; the coach is told how to write them")
    count = "1 action" if len(parsed.actions) == 1 else f"{len(parsed.actions)} actions"
    why = wording.reason(found.reason)
    if match is None:
        plan_reply(tx, coach, OutboundKind.QUESTION, arrival.inbound.id, note, arrival.now)
        return Outcome(InboundStatus.PROCESSED, f"note {note.id}: {count}; the coach is asked whose. {why}")
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    plan_homework(tx, coach, clients.get(tx, match.client_id), note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"note {note.id}: {count} for client {match.client_id}. {why}")


ROUTES: tuple[Route, ...] = (route_automatic, route_stranger, route_duplicate, route_correction, route_note)


def _parse(arrival: Arrival, coach: Coach) -> ParsedNote:
    parsed = parse_note(arrival.email, now=arrival.written_at, timezone=coach.timezone, date_order=coach.date_order)
    return replace(
        parsed, actions=tuple(replace(action, advice=advise(action.text, action.due)) for action in parsed.actions)
    )


def _evidence(tx: Transaction, arrival: Arrival, coach: Coach, parsed: ParsedNote) -> Evidence:
    own = arrival.own_addresses | coach.addresses
    addressed = [address_key(address.email) for address in (*arrival.email.to, *arrival.email.cc)]
    written_at = arrival.written_at
    recent = sessions.began_between(tx, coach.id, written_at - REMEMBERED, written_at)
    answered = _answered_note(tx, arrival)
    return Evidence(
        written_at=written_at,
        recipients=tuple(address for address in addressed if address not in own),
        hint=parsed.client,
        subject=arrival.email.subject,
        clients=clients.of_coach(tx, coach.id),
        sessions=recent,
        with_actions=notes.sessions_with_actions(tx, [session.id for session in recent]),
        calendar_current=all(
            calendar.synced_at is not None
            and calendar.synced_at >= arrival.now - CALENDAR_IS_STALE
            and not calendars.event_problems(tx, calendar.id)
            for calendar in calendars.of_coach(tx, coach.id)
        ),
        answered=None if answered is None else answered.client_id,
    )


def _can_be_corrected(tx: Transaction, note: Note) -> bool:
    return not actions.have_reflections(tx, note.id) and all(
        email.state in (OutboundState.WAITING, OutboundState.HELD, OutboundState.CANCELLED) and email.attempts == 0
        for email in _homework_of(tx, note)
    )


def _homework_of(tx: Transaction, note: Note) -> list[OutboundEmail]:
    return [email for email in outbox.homework_of_note(tx, note.id) if email.client_id == note.client_id]


def _texts(parsed: ParsedNote) -> tuple[str, ...]:
    return tuple(action.text for action in parsed.coach_actions)
