"""A mail of ours came back: it says so, its coach hears of it once, and nothing more goes to that address by itself."""

from __future__ import annotations

from mailflow.flows.arrival import Arrival, Outcome
from mailflow.flows.plan import CAME_BACK, plan_undelivered, why_undeliverable
from mailflow.model import TO_CLIENT, InboundStatus, OutboundEmail, OutboundKind, OutboundState, address_key
from mailflow.parsing.bounces import DeliveryReport, Fate
from mailflow.store import actions, attempts, client_mail, clients, coaches, outbox
from mailflow.store.database import Transaction

RETURNED_TO = ("delivered-to", "x-original-to")
NO_WORDS = "no reason was given"


def route_bounce(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """None where it is no bounce, or not one of a mail of ours.

    Whoever knows the return address or the Message-ID of a mail has had that mail: no other proof is asked for.
    """
    report = arrival.report
    email = None if report is None else _mail_about(tx, arrival, report)
    if report is None or email is None or _is_from_its_reader(tx, arrival, email):
        return None
    if report.fate is not Fate.FAILED:
        return Outcome(InboundStatus.IGNORED, f"a bounce: mail {email.id} is {report.fate}")
    if email.note_id is not None and actions.have_reflections(tx, email.note_id, since=email.sent_at):
        return Outcome(InboundStatus.IGNORED, f"a bounce of mail {email.id}, which the client has answered since")
    if not outbox.come_back(tx, email.id, CAME_BACK + (report.said or NO_WORDS)):
        return Outcome(InboundStatus.IGNORED, f"a bounce of mail {email.id}, which is {email.state}")
    if email.kind in TO_CLIENT:
        _stop(tx, arrival, email, report.said or NO_WORDS)
    if email.kind is OutboundKind.HOMEWORK:
        plan_undelivered(tx, coaches.get(tx, email.coach_id), email, email.attempts, arrival.now)
    return Outcome(InboundStatus.PROCESSED, f"a bounce: mail {email.id} was not delivered")


def _is_from_its_reader(tx: Transaction, arrival: Arrival, email: OutboundEmail) -> bool:
    """Some people's address is postmaster@…"""
    readers = {address_key(email.recipient)}
    if email.client_id is not None:
        readers |= clients.get(tx, email.client_id).addresses
    return any(address_key(sender.email) in readers for sender in arrival.email.from_)


def _mail_about(tx: Transaction, arrival: Arrival, report: DeliveryReport) -> OutboundEmail | None:
    """By the signed address that it was returned to, else by the Message-ID of what it returns."""
    headers = [arrival.email.header(name) for name in RETURNED_TO]
    for address in (*headers, *(to.email for to in arrival.email.to)):
        outbound_id = arrival.return_path.outbound_id(address)
        frozen = None if outbound_id is None else attempts.frozen(tx, outbound_id)
        if outbound_id is None or frozen is None:
            continue
        if arrival.return_path.is_genuine(address, outbound_id, frozen.message_id):
            return outbox.get(tx, outbound_id)
    return outbox.by_message_id(tx, report.about)


def _stop(tx: Transaction, arrival: Arrival, email: OutboundEmail, said: str) -> None:
    assert email.client_id is not None
    client = clients.get(tx, email.client_id)
    # The first words stay: what is held already says them. And an address of before says nothing of today's.
    if not client.undeliverable and address_key(email.recipient) == client.email:
        clients.set_undeliverable(tx, client.id, said)
        reason = why_undeliverable(clients.get(tx, client.id))
        client_mail.stop(tx, client.id, OutboundState.HELD, reason, arrival.now)
