"""After a stop that was not in order: what the last process had claimed is due again."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.flows.process import MAX_FAILURES
from mailflow.flows.reconsider import reconsider_notes
from mailflow.rules.timing import retry_at
from mailflow.store import coaches, inbound, outbox
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

REASON = "mailflow ended while it sent this mail"


def resume(database: Database, now: datetime) -> None:
    """Only for the one process that works on this database: nobody else's claims may be alive."""
    with database.write() as tx:
        received, sent = inbound.release_claims(tx, now, MAX_FAILURES), _release_outbox(tx, now)
    if received or sent:
        log.warning("daemon.resumed", inbound=received, outbound=sent)


def _release_outbox(tx: Transaction, now: datetime) -> int:
    """How many mails were claimed. One that ends the process again and again must let the others go between."""
    claimed = outbox.claimed(tx)
    for email in claimed:
        until = now if email.attempts <= 1 else retry_at(now, email.attempts, jitter=0)
        outbox.release_claim(tx, email.id, until, REASON)
    for coach in coaches.active(tx):  # what was claimed could not be taken back
        reconsider_notes(tx, coach, now)
    return len(claimed)
