"""Mistakes that the kill tests must find: each makes the daemon break one of its promises when it is killed."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aiosmtpd.smtp import Envelope

from mailflow.flows import deliver
from mailflow.flows.collect import StoredDeliveries
from mailflow.mailboxes import Fate
from mailflow.mailboxes.smtp_session import SmtpSession
from mailflow.model import FrozenEmail, OutboundEmail
from mailflow.store import attempts, inbound
from mailflow.store.database import Transaction

FAULTS: dict[str, Callable[[], None]] = {}


def fault(break_it: Callable[[], None]) -> Callable[[], None]:
    FAULTS[break_it.__name__] = break_it
    return break_it


def put(where: object, name: str, instead: Callable[..., Any]) -> None:
    assert hasattr(where, name)
    setattr(where, name, instead)


# --- Of a note that comes in ---------------------------------------------------------------------


@fault
def says_250_before_the_commit() -> None:
    async def keep(session: SmtpSession, _: Envelope, content: bytes) -> str:
        door = session._door
        asyncio.get_running_loop().run_in_executor(None, door.receive, door.name, secrets.token_hex(16), content)
        return "250 2.0.0 Stored"

    put(SmtpSession, "_keep", keep)


@fault
def knows_no_duplicates() -> None:
    def forget(tx: Transaction, *mail: Any) -> None:
        tx.run("DROP INDEX IF EXISTS inbound_identity")

    put(inbound, "accepted_twin", forget)


@fault
def finishes_a_note_in_a_second_transaction() -> None:
    finish = inbound.finish

    def finish_later(tx: Transaction, *outcome: Any) -> bool:
        tx.run("COMMIT")
        time.sleep(0.02)
        tx.run("BEGIN IMMEDIATE")
        tx.run("SAVEPOINT part")
        return finish(tx, *outcome)

    put(inbound, "finish", finish_later)


@fault
def moves_a_mail_before_it_is_stored() -> None:
    receive_all, fates, given = StoredDeliveries.receive_all, StoredDeliveries.fates, set[str]()

    def receive_later(deliveries: StoredDeliveries, mailbox: str, mails: Mapping[str, bytes]) -> None:
        given.update(mails)
        threading.Timer(0.1, receive_all, (deliveries, mailbox, mails)).start()

    def all_done(deliveries: StoredDeliveries, mailbox: str, keys: Sequence[str]) -> Mapping[str, Fate]:
        return {**fates(deliveries, mailbox, keys), **dict.fromkeys(given.intersection(keys), Fate.DONE)}

    put(StoredDeliveries, "receive_all", receive_later)
    put(StoredDeliveries, "fates", all_done)


# --- Of a mail that goes out ---------------------------------------------------------------------


@fault
def marks_a_mail_before_it_sends() -> None:
    freeze = deliver._freeze

    def freeze_and_mark(work: deliver.Delivery, email: OutboundEmail, now: datetime) -> FrozenEmail | None:
        content = freeze(work, email, now)
        if content is not None:
            deliver._finish(work, email, content, now)
        return content

    put(deliver, "_freeze", freeze_and_mark)


@fault
def makes_a_mail_anew_for_each_attempt() -> None:
    def forget(tx: Transaction, outbound_id: int) -> None:
        tx.run("DELETE FROM outbound_raw WHERE outbound_id = :id", id=outbound_id)

    put(attempts, "frozen", forget)


@fault
def marks_each_mail_when_four_more_have_gone() -> None:
    """As one who commits in batches."""
    finish, unmarked = deliver._finish, list[tuple[Any, ...]]()

    def finish_in_batches(*done: Any) -> None:
        unmarked.append(done)
        if len(unmarked) == 5:
            while unmarked:
                finish(*unmarked.pop())

    put(deliver, "_finish", finish_in_batches)
