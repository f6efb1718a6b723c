"""When does a mail go?"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

RETRY_FIRST = timedelta(minutes=1)
RETRY_LONGEST = timedelta(hours=4)
SHORTEST_MOVE = timedelta(hours=1)
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


def moved_on(starts_at: datetime, reviewed_for: datetime, reviewed_at: datetime | None, lead: timedelta) -> bool:
    """Whether a session moved so far after its review that it needs another one; None where that never went.

    A few minutes are no reason to read the same twice.
    """
    if starts_at <= reviewed_for:
        return False
    return reviewed_at is None or review_at(starts_at, lead) - reviewed_at > SHORTEST_MOVE


def retry_at(now: datetime, attempts: int, jitter: float) -> datetime:
    """Exponential backoff from RETRY_FIRST to RETRY_LONGEST; `jitter` in [0, 1) spreads it over half of that."""
    longest = min(RETRY_FIRST * (1 << min(attempts - 1, 10)), RETRY_LONGEST)
    return now + longest * (0.5 + jitter / 2)
