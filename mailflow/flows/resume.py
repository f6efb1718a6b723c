"""After a stop that was not in order: what the last process had claimed is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from mailflow.flows.process import tell_unread
from mailflow.flows.reconsider import reconsider_notes
from mailflow.model import InboundEmail
from mailflow.rules.timing import retry_at
from mailflow.store import attempts, coaches, inbound
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

REASON = "mailflow ended while it sent this mail"
REASON_INBOUND = "mailflow ended while it looked at this mail"
MAX_DEATHS = 5
"""More than a mail's failures, for a death may have come from outside. See _release_inbox."""


def resume(database: Database, now: datetime) -> None:
    """Only for the one process that works on this database: nobody else's claims may be alive."""
    with database.write() as tx:
        claimed = inbound.claimed(tx)
        given_up = _release_inbox(tx, claimed, now)
        sent = _release_outbox(tx, now)
    if claimed or sent:
        log.warning("daemon.resumed", inbound=len(claimed), outbound=sent)
    # Only now: if to read its header is deadly, too, it is in quarantine by then, and nobody reads it once more.
    for mail in given_up:
        with database.write() as tx:
            tell_unread(tx, mail.id, now)


def _release_inbox(tx: Transaction, claimed: Sequence[InboundEmail], now: datetime) -> list[InboundEmail]:
    """Those that are given up. A mail that ends the process again and again must let the others go between, and is
    quarantined in the end.

    Nobody can tell a mail that ends the process from one that was at hand when somebody killed it. But a kill from
    outside hits the moment in which a mail is looked at by chance only, and not at each of five times that lie further
    and further apart: the last is more than seven minutes after the first. Nor can anybody tell which of several mails
    it was that were looked at together; so each counts one death, and after that it is always claimed alone.
    """
    given_up: list[InboundEmail] = []
    for mail in claimed:
        deaths = mail.failures + 1
        if deaths >= MAX_DEATHS:
            inbound.quarantine_claimed(tx, mail.id, f"{REASON_INBOUND}, each of {deaths} times")
            given_up.append(mail)
        else:
            until = now if deaths == 1 else retry_at(now, deaths, jitter=0)
            inbound.release_claim(tx, mail.id, until, REASON_INBOUND)
    return given_up


def _release_outbox(tx: Transaction, now: datetime) -> int:
    """How many mails were claimed. One that ends the process again and again must let the others go between."""
    claimed = attempts.claimed(tx)
    for email in claimed:
        until = now if email.attempts <= 1 else retry_at(now, email.attempts, jitter=0)
        attempts.release_claim(tx, email.id, until, REASON)
    for coach in coaches.active(tx):  # what was claimed could not be taken back
        reconsider_notes(tx, coach, now)
    return len(claimed)
