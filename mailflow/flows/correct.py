"""A reply to our answer, with a new block: it replaces the note's actions, and where the homework has gone, another
one says what changed.

Where it is not certain that they are for the same client, nobody has the note until the coach says who.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailflow.flows.arrival import Arrival, Outcome, answered_mail, answered_note, evidence_of, texts
from mailflow.flows.carry import follow_commands
from mailflow.flows.plan import plan_homework, plan_reply, withdraw_homework
from mailflow.model import (
    Coach,
    InboundStatus,
    Note,
    NoteAction,
    OutboundKind,
    OutboundState,
    ParsedNote,
    Problem,
    ProblemKind,
)
from mailflow.rules.matching import (
    NAMED_IN_THE_NOTE,
    RECENT,
    Evidence,
    Match,
    Reason,
    match_note,
    names_nobody_else,
)
from mailflow.rules.revision import revise
from mailflow.store import actions, clients, notes, outbox, sessions
from mailflow.store.database import Transaction


def route_correction(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """None where the mail corrects nothing: a note of its own, then."""
    assert arrival.coach is not None
    coach, note = arrival.coach, answered_note(tx, arrival)
    if note is None or arrival.written_at - note.written_at > RECENT or _met_again(tx, note, arrival.written_at):
        return None
    parsed = arrival.parsed
    if parsed is None or not parsed.actions:
        return None
    if note.corrected_at is not None and arrival.written_at < note.corrected_at:
        return _leave_out(tx, arrival, coach, note, parsed)
    return _correct(tx, arrival, coach, note, parsed)


def _met_again(tx: Transaction, note: Note, at: datetime) -> bool:
    """Whether the note's client had another session since: what was agreed there is no correction, and the homework
    of before takes no answers any more."""
    began = sessions.began_between(tx, note.coach_id, note.written_at, at)
    return any(s.client_id == note.client_id and s.starts_at > note.written_at for s in began)


def _leave_out(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> Outcome | None:
    """A newer correction overtook it on the way: that one counts, and the coach hears of it."""
    evidence = evidence_of(tx, arrival, coach, parsed)
    if note.client_id is not None and not _is_same_client(tx, coach, note, evidence):
        return None
    notes.set_problems(tx, note.id, (*note.problems, Problem(ProblemKind.OLDER_CORRECTION)))
    if note.client_id is None:
        _answer_question(tx, note, evidence)
        return _plan(tx, arrival, coach, notes.get(tx, note.id), "an older correction than the one that counts, of")
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"an older correction than the one that counts, of note {note.id}")


def _correct(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> Outcome | None:
    if not _takes_corrections(tx, note):
        return None
    if _has_gone(tx, note):
        return _update(tx, arrival, coach, note, parsed)
    evidence = evidence_of(tx, arrival, coach, parsed)
    if note.client_id is None:
        _answer_question(tx, note, evidence)
    elif not _is_same_client(tx, coach, note, evidence):
        if not withdraw_homework(tx, note, "a correction may be for another client", arrival.now):
            return None
        notes.unassign(tx, note.id, Reason.ANSWERS_ANOTHER)
    _rewrite(tx, arrival, note, parsed)
    put_in_place(tx, notes.get(tx, note.id), parsed.actions, arrival.now)
    return _plan(tx, arrival, coach, follow_commands(tx, note.id, arrival.now), "a correction of")


def _update(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> Outcome | None:
    """The client has the homework: what changed goes after it. None where it may be for somebody else."""
    assert note.client_id is not None
    if not _is_same_client(tx, coach, note, evidence_of(tx, arrival, coach, parsed)):
        return None
    changed = put_in_place(tx, note, parsed.actions, arrival.now) or parsed.summary != note.summary
    _rewrite(tx, arrival, note, parsed)
    note = follow_commands(tx, note.id, arrival.now)
    if changed or parsed.commands:
        return _plan(tx, arrival, coach, note, "an update of")
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"it says what note {note.id} said already")


def put_in_place(tx: Transaction, note: Note, new: Sequence[NoteAction], now: datetime) -> bool:
    """These are the note's actions from now on; whether they say anything else than the client has."""
    if _has_gone(tx, note) or any(action.settled_in for action in actions.of_note(tx, note.id)):
        return actions.revise(tx, note, new, revise(actions.of_note(tx, note.id), new), now)
    actions.remove_all(tx, note.id)
    actions.add_all(tx, note, new, now)
    return True


def may_be_edited(tx: Transaction, note: Note, now: datetime) -> bool:
    """By the page, where nobody has to guess which note is meant: until the client's next session."""
    return not _met_again(tx, note, now) and _takes_corrections(tx, note)


def _takes_corrections(tx: Transaction, note: Note) -> bool:
    return not _is_going(tx, note) if _has_gone(tx, note) else _can_be_corrected(tx, note)


def _has_gone(tx: Transaction, note: Note) -> bool:
    return note.client_id is not None and outbox.last_sent_homework(tx, note.id, note.client_id) is not None


def _is_going(tx: Transaction, note: Note) -> bool:
    """Whether an update of before is on its way, or perhaps with the client: nobody knows what they have, then."""
    return any(
        email.perhaps_sent and email.state is not OutboundState.SENT
        for email in outbox.homework_of_note(tx, note.id)
        if email.client_id == note.client_id
    )


def _can_be_corrected(tx: Transaction, note: Note) -> bool:
    """Whether nothing of the note can have reached its client."""
    return not actions.have_reflections(tx, note.id) and all(
        email.state not in (OutboundState.SENT, OutboundState.EXPIRED) and not email.perhaps_sent
        for email in outbox.homework_of_note(tx, note.id)
        if email.client_id == note.client_id
    )


def _answer_question(tx: Transaction, note: Note, evidence: Evidence) -> None:
    """A reply that names the client settles whose the note is; anything less leaves it open."""
    found = match_note(evidence)
    if isinstance(found, Match) and found.reason in NAMED_IN_THE_NOTE:
        notes.assign(tx, note.id, found.client_id, found.session_id, found.reason)


def _is_same_client(tx: Transaction, coach: Coach, note: Note, evidence: Evidence) -> bool:
    """Whether the reply names nobody but the note's client, and nobody else's session began since the note."""
    assert note.client_id is not None
    began = sessions.began_between(tx, coach.id, note.written_at, evidence.written_at)
    others_since = any(s.client_id != note.client_id and s.starts_at > note.written_at for s in began)
    return not others_since and names_nobody_else(evidence, note.client_id)


def _rewrite(tx: Transaction, arrival: Arrival, note: Note, parsed: ParsedNote) -> None:
    notes.rewrite(
        tx,
        note.id,
        text=parsed.notes,
        summary=parsed.summary,
        coach_actions=texts(parsed),
        problems=parsed.problems,
        corrected_at=arrival.written_at,
    )
    answered = answered_mail(tx, arrival)
    if parsed.commands and answered is not None:
        notes.command(tx, note.id, parsed.commands, answered.id)


def _plan(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, what: str) -> Outcome:
    """The coach hears what the note says now; where it has a client, the hold begins anew."""
    if note.client_id is None:
        plan_reply(tx, coach, OutboundKind.QUESTION, arrival.inbound.id, note, arrival.now)
        return Outcome(InboundStatus.PROCESSED, f"{what} note {note.id}; the coach is asked whose it is")
    plan_homework(tx, coach, clients.get(tx, note.client_id), note, arrival.now)
    plan_reply(tx, coach, OutboundKind.RECEIPT, arrival.inbound.id, note, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"{what} note {note.id}")
