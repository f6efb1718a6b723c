"""After a stop that was not in order: what the last process had claimed is due again."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.flows.process import MAX_FAILURES
from mailflow.store import inbound, outbox
from mailflow.store.database import Database

log = structlog.get_logger()


def resume(database: Database, now: datetime) -> None:
    """Only for the one process that works on this database: nobody else's claims may be alive."""
    with database.write() as tx:
        received, sent = inbound.release_claims(tx, now, MAX_FAILURES), outbox.release_claims(tx, now)
    if received or sent:
        log.warning("daemon.resumed", inbound=received, outbound=sent)
