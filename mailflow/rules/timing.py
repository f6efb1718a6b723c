"""When does a mail go?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailflow.model import Nudge

RETRY_FIRST = timedelta(minutes=1)
RETRY_LONGEST = timedelta(hours=4)
SHORTEST_MOVE = timedelta(hours=1)
SHORTEST_NOTICE = timedelta(minutes=15)
"""What begins sooner after the morning's mail has a review of its own."""
HALFWAY_FROM, DAY_BEFORE_FROM = timedelta(days=4), timedelta(days=2)
"""Between sessions closer than this a reminder would come on the heels of the homework, or of another."""
UNDO = timedelta(days=1)
"""How old what comes back may be when a client wants mails again: after that the coach has given it by word."""


def homework_at(now: datetime, hold: timedelta, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """After the coach had time to look at the receipt, and not in quiet hours."""
    return after_quiet(now + hold, quiet, zone)


def after_quiet(moment: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime:
    """The moment itself, or the end of the quiet hours that it is in.

    They are hours of the clock: a night in which it changes is an hour shorter or longer. An end that the clock leaves
    out comes an hour later on it, one that it shows twice counts once: whichever is the next.
    """
    local = moment.astimezone(zone)
    if quiet is None or not _is_between(local.time(), *quiet):
        return moment
    day = local.date() if local.time() < quiet[1] else local.date() + timedelta(days=1)
    end = datetime.combine(day, quiet[1], zone)
    if end.astimezone(UTC) <= moment:
        end = end.replace(fold=1)
    return end.astimezone(UTC)


def _is_between(moment: time, start: time, end: time) -> bool:
    return start <= moment < end if start < end else moment >= start or moment < end


def review_at(starts_at: datetime, lead: timedelta) -> datetime:
    """The lead before the session: in the past, and so at once, where a session is booked closer than that."""
    return starts_at - lead


def morning_of(starts_at: datetime, at: time, zone: ZoneInfo) -> datetime | None:
    """When the mail goes that has all reviews of the session's day; None where the session begins before that."""
    morning = datetime.combine(starts_at.astimezone(zone), at, zone).astimezone(UTC)
    return morning if starts_at - morning >= SHORTEST_NOTICE else None


def nudge_at(nudge: Nudge, homework_at: datetime, next_starts_at: datetime) -> datetime | None:
    """When a client who has not answered is reminded; None where the next session is too close to the homework."""
    interval = next_starts_at - homework_at
    if nudge is Nudge.HALFWAY:
        return homework_at + interval / 2 if interval >= HALFWAY_FROM else None
    return next_starts_at - timedelta(days=1) if interval >= DAY_BEFORE_FROM else None


def nudge_expires_at(nudge: Nudge, next_starts_at: datetime) -> datetime:
    """When it would be no help any more: the first one when the second is due, whether the coach wants that or not."""
    return next_starts_at - timedelta(days=1) if nudge is Nudge.HALFWAY else next_starts_at


def moved_on(starts_at: datetime, reviewed_for: datetime, reviewed_at: datetime | None, lead: timedelta) -> bool:
    """Whether a session moved so far after its review that it needs another one; None where that never went.

    A few minutes are no reason to read the same twice, nor is an hour whose review would have come when it came.
    """
    if starts_at <= reviewed_for or reviewed_at is None:
        return starts_at > reviewed_for
    return min(starts_at - reviewed_for, review_at(starts_at, lead) - reviewed_at) > SHORTEST_MOVE


def retry_at(now: datetime, attempts: int, jitter: float) -> datetime:
    """Exponential backoff from RETRY_FIRST to RETRY_LONGEST; `jitter` in [0, 1) spreads it over half of that."""
    longest = min(RETRY_FIRST * (1 << min(attempts - 1, 10)), RETRY_LONGEST)
    return now + longest * (0.5 + jitter / 2)
