"""A delivery arrives: its bytes are stored, durably, before anything else happens to them."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.store import inbound
from mailflow.store.database import Database

log = structlog.get_logger()


def receive(database: Database, mailbox: str, key: str, raw: bytes, now: datetime) -> None:
    """Durable on return. Raises EnvironmentProblem where that is not possible: nothing was stored then."""
    with database.write() as tx:
        inbound_id = inbound.add(tx, mailbox, key, raw, now)
    if inbound_id is not None:
        log.info("mail.received", inbound=inbound_id, mailbox=mailbox, bytes=len(raw))
