"""The outbox is worked off: claim, freeze the bytes, send, mark.

Only the second is synced to the disk, and with it the mark on the mail before: so that mark is safe before the next
mail goes, and a mail costs one sync. What was claimed and marked outlives the process from its commit on.
"""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from mailflow.errors import (
    AccountError,
    EnvironmentProblem,
    MailflowError,
    PermanentError,
    StaleLeaseError,
    TemporaryError,
    UnknownOutcomeError,
)
from mailflow.flows.compose import Composer
from mailflow.flows.nudge import plan_nudges
from mailflow.flows.plan import NOTHING_TO_SAY, plan_rest_of_day, plan_undelivered
from mailflow.flows.reconsider import reconsider_notes
from mailflow.flows.sync import FindSource, sync_calendar
from mailflow.flows.wanted import why_held, why_later, why_not
from mailflow.mailers import Envelope, Mailer
from mailflow.model import TO_CLIENT, FrozenEmail, OutboundEmail, OutboundKind, OutboundState
from mailflow.rules.timing import after_quiet, retry_at
from mailflow.store import attempts, calendars, coaches, mailer, sessions
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=15)
"""Longer than one attempt can take with every timeout of a mailer. After a crash flows/resume.py ends it."""

ACCOUNT_PAUSE = timedelta(minutes=15)
UNMADE_PAUSE = timedelta(minutes=15)
LATER_PAUSE = timedelta(minutes=5)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
QUIET = "quiet hours"
MADE_ANEW = (OutboundKind.MORNING, OutboundKind.NUDGE)
"""Nothing that changes what is in them plans them again, so they are as of the attempt, until one may have arrived."""
ABOUT_SESSIONS = (OutboundKind.REVIEW, OutboundKind.MORNING, OutboundKind.NO_NOTES)


@dataclass(frozen=True)
class Delivery:
    """What sending needs. No more than `rate_per_minute` mails go in any minute."""

    database: Database
    composer: Composer
    mailer: Mailer
    find_source: FindSource
    rate_per_minute: int | None = None


def deliver_next(delivery: Delivery, now: datetime) -> bool:
    """Sends the mail that is due longest; False where none is due."""
    with delivery.database.write(durable=False) as tx:
        expired = attempts.expire_due(tx, now)
        for late in expired:
            if late.kind is OutboundKind.MORNING:
                plan_rest_of_day(tx, coaches.get(tx, late.coach_id), late, now)
        email = None if _is_enough_for_now(tx, delivery, now) else attempts.claim_due(tx, now, now + LEASE)
    for late in expired:
        log.warning("mail.expired", outbound=late.id, kind=late.kind, reason=late.reason)
    if email is None:
        delivery.database.sync()
        return False
    try:
        _deliver(delivery, email, now)
    except StaleLeaseError:
        log.info("mail.changed-meanwhile", outbound=email.id, kind=email.kind)
    return True


def _is_enough_for_now(tx: Transaction, delivery: Delivery, now: datetime) -> bool:
    """What is due waits until the first mail of the last minute is a minute old: the database counts, so a restart
    changes nothing."""
    if delivery.rate_per_minute is None:
        return False
    first = attempts.sent_since(tx, now - MINUTE, delivery.rate_per_minute)
    if first is None:
        return False
    attempts.postpone_all(tx, now, first + MINUTE, f"no more than {delivery.rate_per_minute} mails go in a minute")
    return True


def _deliver(delivery: Delivery, email: OutboundEmail, now: datetime) -> None:
    try:
        if email.kind in ABOUT_SESSIONS:
            _read_calendars_again(delivery, email, now)
        content = _freeze(delivery, email, now)
    except StaleLeaseError:
        raise
    except EnvironmentProblem as error:
        with contextlib.suppress(EnvironmentProblem):
            _postpone(delivery, email, now, now + UNMADE_PAUSE, str(error))
        raise
    except Exception as error:  # a broken template, a calendar that left the settings: no other mail waits for it
        log.exception("mail.unmade", outbound=email.id, kind=email.kind)
        why = str(error) if isinstance(error, MailflowError) else f"it can't be made: {type(error).__name__}: {error}"
        _postpone(delivery, email, now, now + UNMADE_PAUSE, why)
        return
    if content is None:
        return
    try:
        sender = delivery.composer.return_path.of(email.id, content.message_id)
        delivery.mailer.send(Envelope(sender, email.recipient), content.message_id, content.raw)
    except TemporaryError as error:
        until = retry_at(now, email.attempts + 1, random.random())  # noqa: S311  # jitter
        _postpone(delivery, email, now, until, str(error), perhaps_sent=isinstance(error, UnknownOutcomeError))
    except PermanentError as error:
        _fail(delivery, email, str(error), now)
    except (AccountError, EnvironmentProblem) as error:  # the second: a password that can't be read
        _pause(delivery, email, str(error), now)
    except Exception as error:  # a mistake in the mailer: the mail says why it waits, and no other waits for it
        log.exception("mail.unsent", outbound=email.id, kind=email.kind)
        reason = f"it can't be sent: {type(error).__name__}: {error}"
        _postpone(delivery, email, now, now + UNMADE_PAUSE, reason, perhaps_sent=True)
    else:
        _finish(delivery, email, content, now)


def _read_calendars_again(delivery: Delivery, email: OutboundEmail, now: datetime) -> None:
    """Where the session moved, its review moves with it, and our lease is over."""
    delivery.database.sync()  # the calendar may take its time
    with delivery.database.read() as tx:
        session = None if email.session_id is None else sessions.get(tx, email.session_id)
        known = calendars.of_coach(tx, email.coach_id)
    for calendar in known:
        if session is not None and session.calendar_id != calendar.id:
            continue
        try:
            sync_calendar(delivery.database, delivery.find_source, calendar, now)
        except Exception:  # a review from an hour-old calendar is better than none
            log.exception("calendar.failed", calendar=calendar.id)


def _freeze(delivery: Delivery, email: OutboundEmail, now: datetime) -> FrozenEmail | None:
    """The bytes of this and every other attempt; None where the mail does not go."""
    with delivery.database.write() as tx:
        if why := why_held(tx, email):
            attempts.finish(tx, email, OutboundState.HELD, why, now)
            return None
        if (until := _quiet_until(tx, email, now)) > now:
            attempts.postpone(tx, email, until, QUIET)
            return None
        if why := why_later(tx, email, now):
            attempts.postpone(tx, email, now + LATER_PAUSE, why)
            return None
        if why := why_not(tx, email, now):
            attempts.finish(tx, email, OutboundState.CANCELLED, why, now)
            if email.kind is OutboundKind.MORNING:
                plan_rest_of_day(tx, coaches.get(tx, email.coach_id), email, now)
            return None
        attempts.count_attempt(tx, email)
        if email.kind in MADE_ANEW and not email.perhaps_sent:
            attempts.thaw(tx, email)
        content = attempts.frozen(tx, email.id)
        if content is None:
            content = delivery.composer.compose(tx, email, now)
            if content is None:
                attempts.finish(tx, email, OutboundState.CANCELLED, NOTHING_TO_SAY, now)
                return None
            attempts.freeze(tx, email, content, now)
    return content


def _quiet_until(tx: Transaction, email: OutboundEmail, now: datetime) -> datetime:
    """Homework that comes late, into quiet hours, waits for their end; unless a person wanted it to go in them."""
    coach = coaches.get(tx, email.coach_id)
    zone = ZoneInfo(coach.timezone)
    wanted = after_quiet(email.planned_at, coach.quiet, zone) > email.planned_at
    return now if email.kind not in TO_CLIENT or wanted else after_quiet(now, coach.quiet, zone)


def _postpone(
    delivery: Delivery, email: OutboundEmail, now: datetime, until: datetime, reason: str, *, perhaps_sent: bool = False
) -> None:
    with delivery.database.write() as tx:
        attempts.postpone(tx, email, until, reason, perhaps_sent=perhaps_sent)
        _reconsider(tx, email, now)
    log.warning("mail.postponed", outbound=email.id, kind=email.kind, until=until.isoformat())


def _reconsider(tx: Transaction, email: OutboundEmail, now: datetime) -> None:
    """The session may have become somebody else's while this attempt held the mail, and nobody could take it back."""
    if email.kind is OutboundKind.HOMEWORK:
        reconsider_notes(tx, coaches.get(tx, email.coach_id), now)


def _pause(delivery: Delivery, email: OutboundEmail, reason: str, now: datetime) -> None:
    """What becomes due during the pause waits for its end, too: each try with a wrong password may lock the account."""
    until = now + ACCOUNT_PAUSE
    # It may be this mail's doing after all: the others go first then, and it comes more and more rarely.
    last = max(until + SECOND, retry_at(now, email.attempts + 1, random.random()))  # noqa: S311  # jitter
    with delivery.database.write() as tx:
        attempts.postpone(tx, email, last, reason)
        _reconsider(tx, email, now)
        attempts.postpone_all(tx, until, until, reason)
        mailer.refuse(tx, reason, now)
    log.error("account.refused", until=until.isoformat(), reason=reason)


def _fail(delivery: Delivery, email: OutboundEmail, reason: str, now: datetime) -> None:
    """A coach who doesn't hear of it would believe that the client has the homework."""
    with delivery.database.write() as tx:
        attempts.finish(tx, email, OutboundState.FAILED, reason, now)
        _reconsider(tx, email, now)
        if email.kind is OutboundKind.MORNING:
            plan_rest_of_day(tx, coaches.get(tx, email.coach_id), email, now)
        if email.kind is OutboundKind.HOMEWORK:
            plan_undelivered(tx, coaches.get(tx, email.coach_id), email, email.attempts + 1, now)
    log.warning("mail.refused", outbound=email.id, kind=email.kind, key=email.key)


def _finish(delivery: Delivery, email: OutboundEmail, content: FrozenEmail, now: datetime) -> None:
    with delivery.database.write(durable=False) as tx:
        attempts.finish(tx, email, OutboundState.SENT, "", now)
        if email.kind is OutboundKind.HOMEWORK and email.client_id is not None:
            plan_nudges(tx, coaches.get(tx, email.coach_id), email.client_id, now)
        mailer.accept(tx)
    log.info("mail.sent", outbound=email.id, kind=email.kind, key=email.key, message_id=content.message_id)
