"""A stored mail is understood: one ordered table of routes, one transaction for all that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from mailflow import wording
from mailflow.errors import EnvironmentProblem, StaleLeaseError
from mailflow.flows.arrival import (
    Arrival,
    Intake,
    Outcome,
    answered_mail,
    answered_note,
    evidence_of,
    parse,
    texts,
)
from mailflow.flows.ask_for_notes import sessions_asked_about
from mailflow.flows.bounce import route_bounce
from mailflow.flows.carry import follow_commands
from mailflow.flows.correct import route_correction
from mailflow.flows.hear import route_client
from mailflow.flows.invite import is_invitation, route_invitation
from mailflow.flows.plan import plan_homework, plan_reply, plan_unproven, plan_unread
from mailflow.flows.reply import route_decision
from mailflow.model import (
    Automatic,
    Coach,
    Email,
    InboundEmail,
    InboundStatus,
    NoteBlock,
    OutboundEmail,
    OutboundKind,
    ParsedNote,
    ProblemKind,
    Session,
    address_key,
)
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.bounces import read_report
from mailflow.parsing.mime import content_id, read_email, read_header
from mailflow.parsing.sender import Policy, Trust, single_sender, why_unproven
from mailflow.rules.grouping import Share, match_group
from mailflow.rules.matching import Ask, Evidence, Match, Reason, match_note, names_nobody_else
from mailflow.store import actions, attempts, clients, coaches, inbound, notes, outbox
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
AT_ONCE = 16
"""Mails that share a transaction, for whose 10 ms everybody else who writes may have to wait."""
BYTES_AT_ONCE = 1_000_000
MAX_FAILURES = 3
MAY_REPORT = (Automatic.BOUNCE, Automatic.AUTO_REPLY)

Route = Callable[[Transaction, Arrival], Outcome | None]


def process_next(database: Database, intake: Intake, now: datetime) -> int:
    """Processes the mails that wait longest, and says how many those were. Each succeeds or fails by itself, in the
    order in which they came; what they lead to is committed together.

    Raises EnvironmentProblem where the machine is to blame: the mails are kept, and looked at again when their lease is
    over.
    """
    with database.write() as tx:
        mails, lease = inbound.claim_due(
            tx, now, now + LEASE, most=1 if intake.asks_dns else AT_ONCE, most_bytes=BYTES_AT_ONCE
        )
    if mails:
        try:
            _process(database, mails, lease, intake, now)
        except EnvironmentProblem:
            with suppress(EnvironmentProblem), database.write() as tx:
                inbound.give_back(tx, lease)
            raise
    return len(mails)


def _process(database: Database, mails: Sequence[InboundEmail], lease: str, intake: Intake, now: datetime) -> None:
    with database.read() as tx:
        all_coaches = coaches.active(tx)
        raws = [inbound.raw(tx, mail.id) for mail in mails]
    arrivals = [_read(mail, raw, all_coaches, intake, now) for mail, raw in zip(mails, raws, strict=True)]
    with database.write() as tx:
        outcomes = [_decide(tx, mail, lease, arrival, now) for mail, arrival in zip(mails, arrivals, strict=True)]
    for mail, outcome in zip(mails, outcomes, strict=True):
        if isinstance(outcome, Outcome):
            log.info("mail.processed", inbound=mail.id, status=outcome.status, reason=outcome.reason)
        elif isinstance(outcome, StaleLeaseError):
            log.warning("mail.changed-meanwhile", inbound=mail.id)
        else:
            log.error("mail.failed", inbound=mail.id, exc_info=outcome)


def _read(
    mail: InboundEmail, raw: bytes, all_coaches: list[Coach], intake: Intake, now: datetime
) -> Arrival | Exception:
    try:
        email = read_email(raw)
        coach, written_at = _coach_of(email, mail, all_coaches), _written_at(email, mail)
        unproven = "" if mail.accepted_for else _why_unproven(email, mail, raw, intake)
        return Arrival(
            inbound=mail,
            email=email,
            coach=coach,
            unproven=unproven,
            parsed=None if coach is None or unproven else parse(email, coach, written_at),
            report=read_report(email, raw) if _automatic(email, coach) in MAY_REPORT else None,
            written_at=written_at,
            return_path=intake.return_path,
            invited=intake.invited,
            own_addresses=intake.own_addresses,
            answers_per_hour=intake.answers_per_hour,
            now=now,
        )
    except EnvironmentProblem:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, one poison mail must not stop the others
        return error


def _decide(
    tx: Transaction, mail: InboundEmail, lease: str, arrival: Arrival | Exception, now: datetime
) -> Outcome | Exception:
    outcome = arrival if isinstance(arrival, Exception) else _try_routes(tx, arrival, lease)
    if isinstance(outcome, Exception) and not isinstance(outcome, StaleLeaseError):
        _failed(tx, mail, lease, outcome, now)
    return outcome


def _try_routes(tx: Transaction, arrival: Arrival, lease: str) -> Outcome | Exception:
    try:
        with tx.part():
            return _walk_routes(tx, arrival, lease)
    except EnvironmentProblem:
        raise
    except Exception as error:  # noqa: BLE001  # the same of what is written
        return error


def _walk_routes(tx: Transaction, arrival: Arrival, lease: str) -> Outcome:
    mail, email = arrival.inbound, arrival.email
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
        raise StaleLeaseError(f"mail {mail.id} took longer than its lease: it is left to whoever has it now")
    return outcome


def _why_unproven(email: Email, mail: InboundEmail, raw: bytes, intake: Intake) -> str:
    trust = intake.trusts.get(mail.mailbox, Trust())
    return why_unproven(email, trust, intake.signers(raw) if Policy.DKIM in trust.policies else ())


def _coach_of(email: Email, mail: InboundEmail, all_coaches: list[Coach]) -> Coach | None:
    if mail.accepted_for is not None:
        return next((coach for coach in all_coaches if coach.id == mail.accepted_for), None)
    sender = single_sender(email)
    if sender is None:
        return None
    return next((coach for coach in all_coaches if address_key(sender.email) in coach.addresses), None)


def _automatic(email: Email, coach: Coach | None) -> Automatic | None:
    return automatic_kind(email, from_coach=coach is not None)


def _written_at(email: Email, mail: InboundEmail) -> datetime:
    """When the coach wrote it, which may be long before it came; a Date in the future is not believed."""
    return min(email.date, mail.received_at) if email.date else mail.received_at


def _failed(tx: Transaction, mail: InboundEmail, lease: str, error: Exception, now: datetime) -> None:
    words = f"mailflow itself failed on it: {type(error).__name__}: {error}"
    reason = words.encode("utf-8", "replace").decode()  # half a surrogate pair would fail again
    if mail.failures + 1 < MAX_FAILURES:
        inbound.postpone(tx, mail.id, lease, now + timedelta(minutes=1), reason, failed=True)
    elif inbound.finish(tx, mail.id, lease, InboundStatus.QUARANTINED, reason):
        tell_unread(tx, mail.id, now)


def tell_unread(tx: Transaction, inbound_id: int, now: datetime) -> None:
    """The coach whose address is on a mail that mailflow gave up hears of it. Reading even that may be what failed."""
    try:
        with tx.part():
            email = read_header(inbound.raw(tx, inbound_id))
            mail = inbound.get(tx, inbound_id)
            coach = None if mail is None else _coach_of(email, mail, coaches.active(tx))
            if coach is not None:
                inbound.describe(tx, inbound_id, email.from_[0].email, email.subject)
                plan_unread(tx, coach, inbound_id, now)
    except EnvironmentProblem:
        raise
    except Exception as error:
        log.error("mail.untold", inbound=inbound_id, exc_info=error)


# --- The routes: the first that answers decides -------------------------------------------------


def route_automatic(_: Transaction, arrival: Arrival) -> Outcome | None:
    """No person wrote it, so nobody is answered: two robots can loop for ever."""
    if is_invitation(arrival):
        return None
    kind = _automatic(arrival.email, arrival.coach)
    return None if kind is None else Outcome(InboundStatus.IGNORED, f"an automatic mail ({kind.value})")


def route_stranger(_: Transaction, arrival: Arrival) -> Outcome | None:
    """Kept, and not answered."""
    if arrival.coach is not None:
        return None
    if single_sender(arrival.email) is None:
        return Outcome(InboundStatus.QUARANTINED, "it does not have exactly one sender")
    return Outcome(InboundStatus.QUARANTINED, "its sender is no coach of this mailflow")


def route_unproven(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """Kept, and not answered; the coach hears of it at the registered address, once a day at most."""
    if not arrival.unproven or arrival.coach is None:
        return None
    inbound.mark_unproven(tx, arrival.inbound.id, arrival.unproven)
    plan_unproven(tx, arrival.coach, arrival.now)
    return Outcome(InboundStatus.QUARANTINED, f"it says it is from a coach, but {arrival.unproven}")


def route_duplicate(tx: Transaction, arrival: Arrival) -> Outcome | None:
    assert arrival.coach is not None
    email = arrival.email
    twin = inbound.accepted_twin(tx, arrival.coach.id, email.message_id, content_id(email))
    return None if twin is None else Outcome(InboundStatus.DUPLICATE, f"the same mail as {twin}")


def route_flood(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """Two robots can answer each other for ever, and not each says that it is one."""
    assert arrival.coach is not None
    answered = outbox.count_to_coach(tx, arrival.coach.id, arrival.now - timedelta(hours=1))
    if answered < arrival.answers_per_hour:
        return None
    return Outcome(
        InboundStatus.QUARANTINED, f"more than {arrival.answers_per_hour} mails of this coach within an hour"
    )


def route_note(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """What mailflow is for."""
    assert arrival.coach is not None
    assert arrival.parsed is not None
    coach, parsed = arrival.coach, arrival.parsed
    kind = automatic_kind(arrival.email)
    if not parsed.says_what_to_do and kind in (Automatic.AUTO_REPLY, Automatic.LIST):
        return Outcome(InboundStatus.IGNORED, f"it looks like an automatic mail ({kind.value}), without any actions")
    evidence = evidence_of(tx, arrival, coach, parsed)
    answered = answered_mail(tx, arrival)
    asked_about = sessions_asked_about(tx, answered)
    if answered is not None and (
        any(session.group for session in asked_about) or _repeats_receipt(tx, arrival, answered)
    ):
        evidence = replace(
            evidence, subject=""
        )  # it is ours: of a group it names them all, of a receipt the one before
    if shares := _shares(tx, arrival, evidence, parsed, asked_about):
        return _take_group(tx, arrival, coach, parsed, shares)
    found = _match(evidence, parsed, asked_about)
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
        coach_actions=texts(parsed),
        problems=parsed.problems,
        commands=parsed.commands,
        numbered_by=None if answered is None else answered.id,
    )
    actions.add_all(tx, note, parsed.actions, arrival.now)
    note = follow_commands(tx, note.id, arrival.now)
    count = "1 action" if len(parsed.actions) == 1 else f"{len(parsed.actions)} actions"
    why = wording.reason(found.reason, "" if match is None else f"client {match.client_id}")
    if match is None and (parsed.actions or parsed.commands):
        plan_reply(tx, coach, OutboundKind.QUESTION, arrival.inbound.id, note, arrival.now)
        return Outcome(InboundStatus.PROCESSED, f"note {note.id}: {count}; the coach is asked whose. {why}")
    if match is None or not parsed.actions:
        plan_reply(tx, coach, OutboundKind.NO_ACTIONS, arrival.inbound.id, note, arrival.now)
        said = "commands alone" if parsed.commands else "no actions; the coach is told how to write them"
        return Outcome(InboundStatus.PROCESSED, f"note {note.id}: {said}")
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    plan_homework(tx, coach, clients.get(tx, match.client_id), note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"note {note.id}: {count} for client {match.client_id}. {why}")


def _repeats_receipt(tx: Transaction, arrival: Arrival, answered: OutboundEmail) -> bool:
    """A reply to a receipt that corrects it no more: its subject says whose the note before was, and not this one's."""
    frozen = attempts.frozen(tx, answered.id)
    if answered.kind is not OutboundKind.RECEIPT or frozen is None:
        return False
    return arrival.email.subject.endswith(read_header(frozen.raw).subject)


def _match(evidence: Evidence, parsed: ParsedNote, asked_about: Sequence[Session]) -> Match | Ask:
    """Notes in reply to the question for them are about that session. Commands alone, in reply to a mail with numbers,
    are about that mail's client: no session is looked for."""
    answered = evidence.answered
    if len(asked_about) == 1 and names_nobody_else(evidence, asked_about[0].client_id):
        return Match(asked_about[0].client_id, asked_about[0].id, Reason.IN_REPLY)
    if parsed.commands and not parsed.actions and answered is not None and names_nobody_else(evidence, answered):
        return Match(answered, None, Reason.IN_REPLY)
    return match_note(evidence)


def _shares(
    tx: Transaction, arrival: Arrival, evidence: Evidence, parsed: ParsedNote, asked_about: Sequence[Session]
) -> tuple[Share, ...]:
    """What each client of a group gets; empty where the note is about one client, drops something of theirs, or
    answers a mail about a group's note: what they have of that one would not be taken back."""
    answered = answered_note(tx, arrival)
    if parsed.commands or (answered is not None and answered.match_reason == Reason.GROUP_SESSION):
        return ()
    blocks = parsed.blocks or ((NoteBlock((), parsed.actions),) if parsed.actions else ())
    of_group = [session for session in asked_about if session.group]
    return match_group(evidence, blocks, of_group) if blocks else ()


def _take_group(
    tx: Transaction, arrival: Arrival, coach: Coach, parsed: ParsedNote, shares: Sequence[Share]
) -> Outcome:
    """A note for each, so that from here on nothing of one client's is near another's."""
    problems = tuple(problem for problem in parsed.problems if problem.kind is not ProblemKind.SEVERAL_BLOCKS)
    for part, share in enumerate(shares):
        note = notes.add(
            tx,
            coach_id=coach.id,
            inbound_id=arrival.inbound.id,
            client_id=share.session.client_id,
            session_id=share.session.id,
            match_reason=Reason.GROUP_SESSION,
            written_at=arrival.written_at,
            subject=arrival.email.subject,
            text=parsed.notes,
            summary=parsed.summary,
            coach_actions=() if part else texts(parsed),
            problems=problems,
            part=part,
        )
        actions.add_all(tx, note, share.actions, arrival.now)
        plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
        plan_homework(tx, coach, clients.get(tx, share.session.client_id), note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"a note about a group: {len(shares)} clients have actions")


ROUTES: tuple[Route, ...] = (
    route_bounce,
    route_automatic,
    route_client,
    route_stranger,
    route_unproven,
    route_duplicate,
    route_invitation,
    route_flood,
    route_decision,
    route_correction,
    route_note,
)
