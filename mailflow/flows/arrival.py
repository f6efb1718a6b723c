"""One mail on its way through the routes, and what a route may ask about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailflow.model import (
    TO_CLIENT,
    Coach,
    Email,
    InboundEmail,
    InboundStatus,
    Note,
    OutboundEmail,
    OutboundKind,
    ParsedNote,
    address_key,
)
from mailflow.parsing.bounces import DeliveryReport
from mailflow.parsing.notes import parse_note
from mailflow.parsing.sender import Policy, Trust
from mailflow.return_path import ReturnPath
from mailflow.rules.clarity import advise_all
from mailflow.rules.matching import RECENT, REMEMBERED, Evidence, faces
from mailflow.rules.sessions import MAY_HAVE_BEEN_ONE
from mailflow.store import calendars, clients, notes, outbox, sessions
from mailflow.store.calendars import CalendarRow
from mailflow.store.database import Transaction

CALENDAR_IS_STALE = timedelta(hours=1)
"""And never sooner than two of the calendar's own intervals."""

BETWEEN_THEM = (*TO_CLIENT, OutboundKind.CLIENT_REPLY)
"""What the coach and the client write about to each other."""


@dataclass(frozen=True)
class Intake:
    """What is known of all mail: mailflow's own addresses by their key, and who vouches for senders.

    `trusts` by the mailbox's name; `signers` finds the domains whose DKIM signatures hold, and raises
    EnvironmentProblem where it can't find out now. `answers_per_hour` go to one coach at
    most, and as many of one client's replies. Bounces come back by the `return_path`. `invited` has the name of the
    calendar that is made of the invitations of a coach, by the coach's address.
    """

    own_addresses: frozenset[str]
    trusts: Mapping[str, Trust]
    signers: Callable[[bytes], frozenset[str]]
    answers_per_hour: int
    return_path: ReturnPath
    invited: Mapping[str, str]

    @property
    def asks_dns(self) -> bool:
        """Then each mail may take seconds, and none should wait for another."""
        return any(Policy.DKIM in trust.policies for trust in self.trusts.values())


@dataclass(frozen=True)
class Arrival:
    """The mail, its sender where that is a coach, and when it was written.

    `unproven` says why it is not certain that the sender wrote it; `parsed` is what a proven coach's mail says, and
    `report` what a bounce does.
    """

    inbound: InboundEmail
    email: Email
    coach: Coach | None
    unproven: str
    parsed: ParsedNote | None
    report: DeliveryReport | None
    written_at: datetime
    return_path: ReturnPath
    invited: Mapping[str, str]
    own_addresses: frozenset[str]
    answers_per_hour: int
    now: datetime


@dataclass(frozen=True)
class Outcome:
    status: InboundStatus
    reason: str = ""


def parse(email: Email, coach: Coach, written_at: datetime) -> ParsedNote:
    parsed = parse_note(
        email,
        now=written_at,
        timezone=coach.timezone,
        date_order=coach.date_order,
        heading_words=coach.action_headings,
    )
    blocks = tuple(replace(block, actions=advise_all(block.actions)) for block in parsed.blocks)
    return replace(parsed, actions=advise_all(parsed.actions), blocks=blocks if len(blocks) > 1 else ())


def texts(parsed: ParsedNote) -> tuple[str, ...]:
    return tuple(action.text for action in parsed.coach_actions)


def evidence_of(tx: Transaction, arrival: Arrival, coach: Coach, parsed: ParsedNote) -> Evidence:
    """What decides whose note it is: see rules/matching.py."""
    own = arrival.own_addresses | coach.addresses
    in_to = [address_key(address.email) for address in arrival.email.to]
    in_cc = [address_key(address.email) for address in arrival.email.cc]
    written_at = arrival.written_at
    recent = sessions.began_between(tx, coach.id, written_at - REMEMBERED, written_at)
    return Evidence(
        written_at=written_at,
        recipients=tuple(address for address in (*in_to, *in_cc) if address not in own),
        in_cc=frozenset(in_cc) - frozenset(in_to),
        hint=parsed.client,
        subject=arrival.email.subject,
        clients=faces(clients.of_coach(tx, coach.id)),
        sessions=recent,
        with_actions=notes.sessions_with_actions(tx, [session.id for session in recent], written_at),
        calendar_current=all(_is_current(tx, calendar, arrival.now) for calendar in calendars.of_coach(tx, coach.id)),
        met_others=met_others(tx, coach.id, written_at),
        unsettled=notes.of_nobody(tx, coach.id, written_at - RECENT),
        answered=answered_client(tx, arrival),
    )


def met_others(tx: Transaction, coach_id: int, written_at: datetime) -> tuple[datetime, ...]:
    """When events began, shortly before a note was written, that are no sessions but may have been."""
    passed_over = calendars.passed_over(tx, coach_id, written_at - RECENT, written_at)
    return tuple(event.starts_at for event in passed_over if event.reason in MAY_HAVE_BEEN_ONE)


def _is_current(tx: Transaction, calendar: CalendarRow, now: datetime) -> bool:
    """Whether the calendar, and every event in it, could be read lately."""
    oldest = now - max(CALENDAR_IS_STALE, 2 * calendar.interval)
    return (
        calendar.synced_at is not None
        and calendar.synced_at >= oldest
        and not calendars.event_problems(tx, calendar.id)
    )


def answered_note(tx: Transaction, arrival: Arrival) -> Note | None:
    """The note of the answer of ours that this one replies to.

    A homework is no answer, and a client's words are none: who replies to those writes to the client.
    """
    answered = answered_mail(tx, arrival)
    if answered is None or answered.note_id is None or answered.kind in BETWEEN_THEM:
        return None
    return notes.get(tx, answered.note_id)


def answered_client(tx: Transaction, arrival: Arrival) -> int | None:
    """The client whom the mail of ours is about that this one replies to: a receipt's or a review's."""
    answered, note = answered_mail(tx, arrival), answered_note(tx, arrival)
    if answered is None or answered.client_id is not None:
        return None if answered is None else answered.client_id
    return None if note is None else note.client_id


def answered_mail(tx: Transaction, arrival: Arrival) -> OutboundEmail | None:
    """The mail of ours to this coach that this one replies to."""
    assert arrival.coach is not None
    answered = outbox.by_message_id(tx, arrival.email.answers)
    return answered if answered is not None and answered.coach_id == arrival.coach.id else None
