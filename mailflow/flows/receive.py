"""A delivery arrives: its bytes are stored, durably, before anything else happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from mailflow.parsing.mime import content_id, read_email
from mailflow.store import inbound
from mailflow.store.database import Database

log = structlog.get_logger()


def receive(database: Database, mailbox: str, key: str, raw: bytes, now: datetime) -> None:
    """Durable on return. Raises EnvironmentProblem where that is not possible: nothing was stored then."""
    receive_all(database, mailbox, {key: raw}, now)


def receive_all(database: Database, mailbox: str, mails: Mapping[str, bytes], now: datetime) -> None:
    """The same for several mails by their keys: all of them are stored, or none."""
    with database.write() as tx:
        ids = [inbound.add(tx, mailbox, key, raw, now) for key, raw in mails.items()]
    for inbound_id, raw in zip(ids, mails.values(), strict=True):
        if inbound_id is not None:
            log.info("mail.received", inbound=inbound_id, mailbox=mailbox, bytes=len(raw))


def set_aside(database: Database, mailbox: str, key: str, head: bytes, reason: str, now: datetime) -> None:
    """The same for a mail of which only the headers are here: it is quarantined at once, with the reason."""
    email = read_email(head)
    with database.write() as tx:
        inbound_id = inbound.add(tx, mailbox, key, head, now)
        if inbound_id is None:
            return
        inbound.identify(
            tx,
            inbound_id,
            coach_id=None,
            message_id=email.message_id,
            content_id=content_id(email),
            sender=", ".join(address.email for address in email.from_),
            subject=email.subject,
        )
        inbound.set_aside(tx, inbound_id, reason)
    log.warning("mail.set-aside", inbound=inbound_id, mailbox=mailbox, reason=reason)
