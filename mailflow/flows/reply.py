"""A coach's short reply to a receipt or a question: 'stop', 'send now', 'Client: Jane', the number of an answer."""

from __future__ import annotations

from dataclasses import replace

from mailflow.flows.arrival import Arrival, Outcome, answered_mail, answered_note, evidence_of
from mailflow.flows.decide import choose, with_homework
from mailflow.flows.gather import candidate_value
from mailflow.flows.plan import plan_reply
from mailflow.flows.release import release
from mailflow.model import Coach, InboundStatus, Note, OutboundKind, ParsedNote
from mailflow.parsing.replies import CoachDecision, read_decision
from mailflow.rules.matching import NAMED_IN_THE_NOTE, Ask, Match, match_note
from mailflow.store import attempts, notes, outbox
from mailflow.store.database import Transaction


def route_decision(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """None where the mail decides nothing: a correction or a note of its own, then."""
    assert arrival.coach is not None
    coach, note = arrival.coach, answered_note(tx, arrival)
    parsed = arrival.parsed
    if note is None or parsed is None:
        return None
    if parsed.says_what_to_do or parsed.summary:
        return None
    what = _decide(tx, arrival, coach, note, parsed)
    if what is None:
        return None
    _answer(tx, arrival, coach, notes.get(tx, note.id))
    return Outcome(InboundStatus.PROCESSED, f"a reply about note {note.id}: {what}")


def _decide(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> str | None:
    """What the coach decided, in words; None where the reply says nothing of that kind."""
    if parsed.client is not None:
        return _choose_named(tx, arrival, coach, note, parsed)
    match read_decision(parsed.notes):
        case CoachDecision.STOP:
            return _said("hold it", worked=with_homework(tx, note, outbox.hold, arrival.now))
        case CoachDecision.SEND:
            return _said("send it now", worked=with_homework(tx, note, release, arrival.now))
        case int(number):
            return _choose_number(tx, arrival, note, number)
    return None


def _choose_named(tx: Transaction, arrival: Arrival, coach: Coach, note: Note, parsed: ParsedNote) -> str | None:
    """Whom 'Client: Jane' names, also where she had no session: the coach was asked, and says it again. Where it is not
    certain the coach is asked again, unless the note has a client."""
    evidence = replace(evidence_of(tx, arrival, coach, parsed), answered=None, subject="")  # the subject is ours
    found = match_note(evidence)
    if isinstance(found, Match) and found.reason in NAMED_IN_THE_NOTE:
        return _choose(tx, arrival, note, candidate_value(found.client_id, found.session_id))
    if isinstance(found, Ask) and found.named is not None and note.client_id is None:
        return _choose(tx, arrival, note, candidate_value(found.named, None))
    return "it is not certain whom it names" if note.client_id is None else None


def _choose_number(tx: Transaction, arrival: Arrival, note: Note, number: int) -> str | None:
    """The answer of this number in the question, as it stood there."""
    answered = answered_mail(tx, arrival)
    frozen = None if answered is None else attempts.frozen(tx, answered.id)
    if frozen is None or not frozen.candidates:
        return None
    if not 1 <= number <= len(frozen.candidates):
        return f"there is no answer {number}"
    return _choose(tx, arrival, note, frozen.candidates[number - 1])


def _choose(tx: Transaction, arrival: Arrival, note: Note, value: str) -> str:
    return _said("the client is chosen", worked=choose(tx, note, value, arrival.now))


def _said(what: str, *, worked: bool) -> str:
    return what if worked else f"{what}: not possible any more"


def _answer(tx: Transaction, arrival: Arrival, coach: Coach, note: Note) -> None:
    """How things stand now."""
    kind = OutboundKind.QUESTION if note.client_id is None else OutboundKind.RECEIPT
    plan_reply(tx, coach, kind, arrival.inbound.id, note, arrival.now)
