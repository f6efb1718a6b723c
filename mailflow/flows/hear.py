"""A client replies to the homework: 'done 2' is an answer, everything else goes to the coach, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from mailflow.flows.answer import closing_session, is_editable
from mailflow.flows.arrival import Arrival, Outcome
from mailflow.flows.nudge import stop_nudges
from mailflow.flows.plan import receipt_key, to_coach
from mailflow.model import (
    TO_CLIENT,
    Action,
    Answer,
    Client,
    InboundStatus,
    OutboundEmail,
    OutboundKind,
    Reflection,
    address_key,
)
from mailflow.parsing.mime import content_id, read_email
from mailflow.parsing.notes import fresh_text
from mailflow.parsing.replies import ClientAnswer, read_answers
from mailflow.parsing.sender import single_sender
from mailflow.store import actions, attempts, clients, coaches, inbound, outbox
from mailflow.store.database import Transaction


def route_client(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """None where it is no reply to a homework or a reminder of it: whoever can name its Message-ID has seen it."""
    sender = single_sender(arrival.email)
    answered = outbox.by_message_id(tx, arrival.email.answers)
    if arrival.coach is not None or sender is None or answered is None or answered.kind not in TO_CLIENT:
        return None
    twin = inbound.accepted_twin(tx, answered.coach_id, arrival.email.message_id, content_id(arrival.email))
    if twin is not None:
        return Outcome(InboundStatus.DUPLICATE, f"the same mail as {twin}")
    inbound.assign_coach(tx, arrival.inbound.id, answered.coach_id)
    inbound.mark_unproven(tx, arrival.inbound.id, arrival.unproven)
    assert answered.client_id is not None
    client = clients.get(tx, answered.client_id)
    is_theirs = address_key(sender.email) in client.addresses and not arrival.unproven
    if is_theirs and not _brings_files(tx, arrival, answered):
        saved = _save(tx, arrival, client, answered)
        if saved:
            return Outcome(InboundStatus.PROCESSED, f"client {client.id} answered by mail: {saved}")
    since = arrival.now - timedelta(hours=1)
    if outbox.count_to_coach(tx, client.coach_id, since, client_id=client.id) >= arrival.answers_per_hour:
        return Outcome(
            InboundStatus.QUARANTINED, f"more than {arrival.answers_per_hour} replies of a client within an hour"
        )
    _pass_on(tx, arrival, client, answered)
    return Outcome(InboundStatus.PROCESSED, f"a reply of client {client.id}, passed on to the coach")


def _brings_files(tx: Transaction, arrival: Arrival, answered: OutboundEmail) -> bool:
    """Whether something came along but the pictures of the mail that is answered, which programs send back."""
    if not arrival.email.attachments:
        return False
    frozen = attempts.frozen(tx, answered.id)
    ours = () if frozen is None else read_email(frozen.raw).pictures
    return sum(picture in ours for picture in arrival.email.pictures) < len(arrival.email.attachments)


def _save(tx: Transaction, arrival: Arrival, client: Client, homework: OutboundEmail) -> str:
    """Saves the answers, where the whole reply is some; how many, in words, and '' where a person has to read it."""
    answers = read_answers(fresh_text(arrival.email), client.name)
    # Not before the mail that is answered: a clock that is wrong would hide the answer from the review.
    at = max(arrival.written_at, homework.sent_at or arrival.written_at)
    frozen = attempts.frozen(tx, homework.id)
    numbered = () if frozen is None else frozen.actions
    found = [(answer, action) for answer in answers for action in _meant(tx, answer, numbered)]
    if not answers or any(
        action is None or not _may_answer(tx, action, client, arrival, at) or _says_else_now(tx, action, homework)
        for _, action in found
    ):
        return ""
    for answer, action in found:
        assert action is not None
        actions.save_reflection(tx, _reflection(arrival, answer, action, at))
    stop_nudges(tx, client.id)
    return "1 action" if len(found) == 1 else f"{len(found)} actions"


def _meant(tx: Transaction, answer: ClientAnswer, numbered: tuple[int, ...]) -> list[Action | None]:
    """The actions of the mail that the answer is about; None where that is not certain."""
    if answer.number == 0:
        return [actions.find(tx, action_id) for action_id in numbered] or [None]
    number = 1 if answer.number is None and len(numbered) == 1 else answer.number
    if number is None or not 1 <= number <= len(numbered):
        return [None]
    return [actions.find(tx, numbered[number - 1])]


def _may_answer(tx: Transaction, action: Action, client: Client, arrival: Arrival, at: datetime) -> bool:
    """Not where the client wrote something newer on the page: a mail may be on its way for days."""
    latest = actions.latest_reflections(tx, [action.id]).get(action.id)
    is_newest = latest is None or latest.saved_at <= at
    is_theirs = action.client_id == client.id
    return is_theirs and is_newest and is_editable(action, closing_session(tx, action), arrival.now)


def _says_else_now(tx: Transaction, action: Action, homework: OutboundEmail) -> bool:
    """Whether the action was changed since the mail that was answered: the answer is to the words that stood there.

    Each change plans another mail, so the last one has them all, also where it went in the same second.
    """
    assert homework.client_id is not None
    latest = outbox.latest_homework(tx, action.note_id, homework.client_id)
    if action.changed_at is None or (latest is not None and latest.id == homework.id):
        return False
    return homework.sent_at is None or action.changed_at >= homework.sent_at


def _reflection(arrival: Arrival, answer: ClientAnswer, action: Action, at: datetime) -> Reflection:
    missed = answer.answer is Answer.NOT_DONE
    return Reflection(
        id=0,
        action_id=action.id,
        answer=answer.answer,
        text="" if missed else answer.text,
        obstacle=answer.text if missed else "",
        form_id=f"mail-{arrival.inbound.id}",
        saved_at=at,
    )


def _pass_on(tx: Transaction, arrival: Arrival, client: Client, homework: OutboundEmail) -> None:
    coach = coaches.get(tx, homework.coach_id)
    email = replace(
        to_coach(coach, OutboundKind.CLIENT_REPLY, receipt_key(arrival.inbound.id), arrival.now),
        client_id=client.id,
        note_id=homework.note_id,
        inbound_id=arrival.inbound.id,
    )
    outbox.plan(tx, email)
