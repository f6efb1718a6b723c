"""The outbox is worked off: claim, freeze the bytes, send, mark."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from mailflow.errors import AccountError, EnvironmentProblem, PermanentError, StaleLeaseError, TemporaryError
from mailflow.flows.compose import Composer
from mailflow.flows.plan import NOTHING_TO_SAY
from mailflow.flows.sync import FindSource, sync_calendar
from mailflow.mailers import Envelope, Mailer
from mailflow.model import FrozenEmail, OutboundEmail, OutboundKind, OutboundState
from mailflow.rules.timing import retry_at
from mailflow.store import calendars, outbox, sessions
from mailflow.store.database import Database

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
"""Longer than one attempt can take with every timeout of a mailer. After a crash flows/resume.py ends it."""

ACCOUNT_PAUSE = timedelta(minutes=15)
UNMADE_PAUSE = timedelta(minutes=15)

EVENTS = {OutboundState.SENT: "mail.sent", OutboundState.FAILED: "mail.refused"}


@dataclass(frozen=True)
class Delivery:
    """What sending needs."""

    database: Database
    composer: Composer
    mailer: Mailer
    find_source: FindSource


def deliver_next(delivery: Delivery, now: datetime) -> bool:
    """Sends the mail that is due longest; False where none is due."""
    with delivery.database.write() as tx:
        expired = outbox.expire_due(tx, now)
        email = outbox.claim_due(tx, now, now + LEASE)
    for late in expired:
        log.warning("mail.expired", outbound=late.id, kind=late.kind, reason=late.reason)
    if email is None:
        return False
    try:
        _deliver(delivery, email, now)
    except StaleLeaseError:
        log.info("mail.changed-meanwhile", outbound=email.id, kind=email.kind)
    return True


def _deliver(delivery: Delivery, email: OutboundEmail, now: datetime) -> None:
    try:
        if email.kind is OutboundKind.REVIEW:
            _read_calendar_again(delivery, email, now)
        content = _freeze(delivery, email, now)
    except (StaleLeaseError, EnvironmentProblem):
        raise
    except Exception as error:  # a broken template, a calendar that left the settings: no other mail waits for it
        log.exception("mail.unmade", outbound=email.id, kind=email.kind)
        _postpone(delivery, email, now + UNMADE_PAUSE, f"it can't be made: {type(error).__name__}: {error}")
        return
    if content is None:
        return
    try:
        delivery.mailer.send(Envelope(delivery.composer.address, email.recipient), content.message_id, content.raw)
    except TemporaryError as error:
        _postpone(delivery, email, retry_at(now, email.attempts + 1, random.random()), str(error))  # noqa: S311  # jitter
    except PermanentError as error:
        _finish(delivery, email, OutboundState.FAILED, str(error), now)
    except AccountError as error:
        _pause(delivery, email, str(error), now)
    except EnvironmentProblem as error:
        _postpone(delivery, email, now + UNMADE_PAUSE, str(error))
    except Exception as error:  # a mistake in the mailer: the mail says why it waits, and no other waits for it
        log.exception("mail.unsent", outbound=email.id, kind=email.kind)
        _postpone(delivery, email, now + UNMADE_PAUSE, f"it can't be sent: {type(error).__name__}: {error}")
    else:
        _finish(delivery, email, OutboundState.SENT, "", now)


def _read_calendar_again(delivery: Delivery, email: OutboundEmail, now: datetime) -> None:
    """Where the session moved, its review moves with it, and our lease is over."""
    assert email.session_id is not None
    with delivery.database.read() as tx:
        session = sessions.get(tx, email.session_id)
        calendar = calendars.get(tx, session.calendar_id)
    try:
        sync_calendar(delivery.database, delivery.find_source, calendar, now)
    except Exception:  # a review from an hour-old calendar is better than none
        log.exception("calendar.failed", calendar=calendar.id)


def _freeze(delivery: Delivery, email: OutboundEmail, now: datetime) -> FrozenEmail | None:
    """The bytes of this and every other attempt; None where there is nothing to say any more."""
    with delivery.database.write() as tx:
        outbox.count_attempt(tx, email)
        content = outbox.frozen(tx, email.id)
        if content is None:
            content = delivery.composer.compose(tx, email, now)
            if content is None:
                outbox.finish(tx, email, OutboundState.CANCELLED, NOTHING_TO_SAY, now)
                return None
            outbox.freeze(tx, email, content)
    return content


def _postpone(delivery: Delivery, email: OutboundEmail, until: datetime, reason: str) -> None:
    with delivery.database.write() as tx:
        outbox.postpone(tx, email, until, reason)
    log.warning("mail.postponed", outbound=email.id, kind=email.kind, until=until.isoformat())


def _pause(delivery: Delivery, email: OutboundEmail, reason: str, now: datetime) -> None:
    """What becomes due during the pause waits for its end, too: each try with a wrong password may lock the account."""
    until = now + ACCOUNT_PAUSE
    with delivery.database.write() as tx:
        outbox.postpone(tx, email, until, reason)
        outbox.postpone_all(tx, until, until, reason)
    log.error("account.refused", until=until.isoformat(), reason=reason)


def _finish(delivery: Delivery, email: OutboundEmail, state: OutboundState, reason: str, now: datetime) -> None:
    with delivery.database.write() as tx:
        outbox.finish(tx, email, state, reason, now)
    log.info(EVENTS[state], outbound=email.id, kind=email.kind, key=email.key)
