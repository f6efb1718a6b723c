"""Mailboxes that are asked: what they may know of earlier deliveries, and what is kept of how it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from mailflow.flows.receive import receive, receive_all, set_aside
from mailflow.mailboxes import Fate, FirstStart
from mailflow.model import InboundStatus
from mailflow.store import inbound, mailboxes
from mailflow.store.database import Database

log = structlog.get_logger()

ASKED_IS_FRESH = timedelta(minutes=1)
"""A mailbox may be asked every few seconds: that is not worth a write each time."""
FATES = {
    InboundStatus.RECEIVED: Fate.WAITING,
    InboundStatus.PROCESSED: Fate.DONE,
    InboundStatus.DUPLICATE: Fate.DONE,
    InboundStatus.IGNORED: Fate.DONE,
    InboundStatus.QUARANTINED: Fate.NEEDS_ATTENTION,
}


@dataclass(frozen=True)
class StoredDeliveries:
    """mailboxes.Deliveries over the store. `clock` says what time it is; `wake` is called after something arrived."""

    database: Database
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    def receive(self, mailbox: str, key: str, raw: bytes) -> None:
        receive(self.database, mailbox, key, raw, self.clock())
        self.wake()

    def receive_all(self, mailbox: str, mails: Mapping[str, bytes]) -> None:
        receive_all(self.database, mailbox, mails, self.clock())
        self.wake()

    def set_aside(self, mailbox: str, key: str, head: bytes, reason: str) -> None:
        set_aside(self.database, mailbox, key, head, reason, self.clock())

    def fates(self, mailbox: str, keys: Sequence[str]) -> Mapping[str, Fate]:
        with self.database.read() as tx:
            return {key: FATES[status] for key, status in inbound.statuses(tx, mailbox, keys).items()}

    def first_start(self, mailbox: str, place: str, mark: str) -> FirstStart:
        with self.database.read() as tx:
            known = mailboxes.started(tx, mailbox, place)
        if known is not None:
            return FirstStart(*known)
        with self.database.write() as tx:
            return FirstStart(*mailboxes.start(tx, mailbox, place, mark, self.clock()))

    def tell(self, mailbox: str, *, left_alone: int, problem: str) -> None:
        with self.database.read() as tx:
            before = mailboxes.get(tx, mailbox)
        if (before.left_alone, before.side_problem) == (left_alone, problem):
            return
        with self.database.write() as tx:
            mailboxes.tell(tx, mailbox, left_alone, problem)
        log.info("mailbox.told", mailbox=mailbox, left_alone=left_alone, problem=problem)


def asked(database: Database, mailbox: str, now: datetime) -> None:
    """Records that the mailbox was asked and nothing was wrong."""
    with database.read() as tx:
        row = mailboxes.get(tx, mailbox)
    if row.problem or row.asked_at is None or now - row.asked_at >= ASKED_IS_FRESH:
        with database.write() as tx:
            mailboxes.mark_asked(tx, mailbox, now)


def not_asked(database: Database, mailbox: str, problem: str) -> None:
    """Records why the mailbox could not be asked."""
    with database.write() as tx:
        mailboxes.mark_problem(tx, mailbox, problem)
