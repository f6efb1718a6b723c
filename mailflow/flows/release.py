"""A person lets a mail go: also a sign that mail to a client whose address failed may be tried again."""

from __future__ import annotations

from datetime import datetime

from mailflow.flows.plan import OPTED_OUT, why_undeliverable
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import client_mail, clients, outbox
from mailflow.store.database import Transaction


def release(tx: Transaction, outbound_id: int, now: datetime, *, as_planned: bool = False) -> bool:
    """See outbox.release; homework for a client who wants no mails is closed instead."""
    if _was_unwanted(tx, outbound_id, now):
        return False
    released = outbox.release(tx, outbound_id, now, as_planned=as_planned)
    if released:
        _try_address_again(tx, outbound_id, now)
    return released


def retry(tx: Transaction, outbound_id: int, now: datetime) -> bool:
    """See outbox.retry; homework for a client who wants no mails is closed instead."""
    if _was_unwanted(tx, outbound_id, now):
        return False
    tried = outbox.retry(tx, outbound_id, now)
    if tried:
        _try_address_again(tx, outbound_id, now)
    return tried


def _was_unwanted(tx: Transaction, outbound_id: int, now: datetime) -> bool:
    """Closed like what waited when the client opted out, so that it comes back with the rest."""
    email = outbox.get(tx, outbound_id)
    if email is None or email.kind is not OutboundKind.HOMEWORK or email.client_id is None:
        return False
    opted_out = clients.get(tx, email.client_id).opted_out_at is not None
    return opted_out and outbox.cancel(tx, outbound_id, OPTED_OUT, now)


def _try_address_again(tx: Transaction, outbound_id: int, now: datetime) -> None:
    email = outbox.get(tx, outbound_id)
    if email is None or email.kind is not OutboundKind.HOMEWORK or email.client_id is None:
        return
    client = clients.get(tx, email.client_id)
    if client.undeliverable:
        client_mail.revive(tx, client.id, OutboundState.HELD, why_undeliverable(client), now)
        clients.set_undeliverable(tx, client.id, "")
