"""How single values of the settings are read: durations, addresses, commands, and what each has to be."""

from __future__ import annotations

import ipaddress
import re
import shlex
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
)
from pydantic_core import PydanticCustomError

from mailflow.parsing.headings import may_head_actions
from mailflow.return_path import MAX_FILLED

DURATION = re.compile(r"(\d+)\s*(s|seconds?|m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
LONGEST = timedelta(days=366)
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MAX_LOCAL = 64
"""Characters before the @ (RFC 5321 4.5.3.1.1)."""
EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.?[^@\s<>,;:\"]*")


def read_duration(value: object) -> object:
    """'10 minutes' -> timedelta. A bare number would leave the unit to a guess, so it is refused."""
    if isinstance(value, timedelta):
        return value
    found = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a number and a unit, such as '10 minutes', '90 seconds' or '2 hours'")
    seconds = int(found[1]) * SECONDS[found[2][0].lower()]
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"write at most {LONGEST.days} days")
    return timedelta(seconds=seconds)


def read_email(value: object) -> object:
    if not isinstance(value, str) or not value.isascii() or EMAIL.fullmatch(value.strip()) is None:
        raise ValueError("write one address in ASCII, such as 'anna@coach.example'")
    return value.strip()


def read_return_address(value: object) -> object:
    """One star, in what stands before the @; see return_path.py for what goes in its place."""
    address = read_email(value)
    local, _, domain = str(address).partition("@")
    if "*" in domain or local.count("*") > 1 or len(local) + MAX_FILLED > MAX_LOCAL:
        raise ValueError("write an address with at most one '*', before the @: such as 'bounces+*@practice.example'")
    return address


def read_network(value: object) -> object:
    """An address alone is a network of one."""
    try:
        return str(ipaddress.ip_network(str(value).strip()))
    except ValueError as error:
        raise ValueError("write an IP address or a network, such as '127.0.0.1' or '172.18.0.0/16'") from error


def read_web_address(value: object) -> object:
    """`webcal` is what calendar programs call https."""
    text = str(value).strip()
    found = re.fullmatch(r"(https?|webcals?)://[^\s@/?#]+(?:[/?][^\s#]*)?", text, re.IGNORECASE)
    if found is None or not text.isascii():
        raise ValueError(
            "write a complete address without a password in it, such as 'https://calendar.example/anna.ics'"
        )
    scheme = "http" if found[1].lower() == "http" else "https"
    return scheme + text[len(found[1]) :]


def read_pattern(value: object) -> object:
    try:
        re.compile(str(value))
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from error
    return value


def heads_actions(value: str) -> str:
    if not may_head_actions(value):
        raise ValueError("write a word that has no other meaning in a note, such as 'Experiments'")
    return value.strip()


def as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def at_least_a_second(value: timedelta) -> timedelta:
    if value < timedelta(seconds=1):
        raise ValueError("write at least one second")
    return value


def at_least_a_minute(value: timedelta) -> timedelta:
    if value < timedelta(minutes=1):
        raise ValueError("write at least one minute")  # a review never goes when its session has begun
    return value


def at_least_a_month(value: timedelta) -> timedelta:
    if value < timedelta(days=30):
        raise ValueError("write at least 30 days")  # notes may come two weeks late, and a series is read once a month
    return value


def at_most_a_minute(value: timedelta) -> timedelta:
    if value > timedelta(minutes=1):
        raise ValueError("write at most one minute")  # more than that does no good: see mailers/smtp.py
    return value


def read_time(value: object) -> object:
    if not isinstance(value, str) or re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value) is None:
        raise ValueError("write a time of the day, such as '21:00'")
    return time.fromisoformat(value)


def read_command(value: object) -> object:
    try:
        words = shlex.split(str(value))
    except ValueError as error:
        raise ValueError(f"this is no command: {error}") from error
    if not words:
        raise ValueError("write a command")
    return value


def at_most_nine_minutes(value: timedelta) -> timedelta:
    if value > timedelta(minutes=9):
        raise ValueError("write at most 9 minutes")  # RFC 2177 says 29, but many routers forget a connection after 10
    return value


def at_least_half_a_minute(value: timedelta) -> timedelta:
    if value < timedelta(seconds=30):
        raise ValueError("write at least 30 seconds")  # it is somebody else's server
    return value


def at_most_ten_minutes(value: timedelta) -> timedelta:
    if value > timedelta(minutes=10):
        raise ValueError("write at most 10 minutes")
    return value


def read_calendar_url(value: object) -> object:
    """With TLS, or on this machine: a password is sent there."""
    try:
        parts = urlsplit(str(value).strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ValueError("write the address of the server or of a calendar, such as 'https://dav.practice.example'")
    if parts.username is not None:
        raise PydanticCustomError("secret", "write the `username` and the password into options of their own")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("a password is never sent in the clear: write 'https://'")
    return str(value).strip()


def is_loopback(host: str) -> bool:
    """Whether what is sent there never leaves the machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def known_zones() -> frozenset[str]:
    """IANA's names. To look for them takes 15 ms, and every coach has one."""
    return frozenset(available_timezones())


def read_since(value: object) -> object:
    """A moment has a zone and an hour, which the mail server may see otherwise: a day is enough."""
    if value == "now" or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError("write 'now' or a day, such as 2026-11-01") from error


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
Lead = Annotated[Duration, AfterValidator(at_least_a_minute)]
Interval = Annotated[Duration, AfterValidator(at_least_a_second)]
Span = Annotated[Duration, AfterValidator(at_least_a_month)]
Timeout = Annotated[Interval, AfterValidator(at_most_a_minute)]
ImapInterval = Annotated[Interval, AfterValidator(at_most_nine_minutes)]
CaldavInterval = Annotated[Interval, AfterValidator(at_least_half_a_minute)]
CaldavTimeout = Annotated[Interval, AfterValidator(at_most_ten_minutes)]
CalendarUrl = Annotated[str, BeforeValidator(read_calendar_url)]
Command = Annotated[str, BeforeValidator(read_command)]
Since = Annotated[Literal["now"] | date, BeforeValidator(read_since)]
TimeOfDay = Annotated[time, BeforeValidator(read_time)]
EmailAddress = Annotated[str, BeforeValidator(read_email)]
Network = Annotated[str, BeforeValidator(read_network)]
WebAddress = Annotated[str, BeforeValidator(read_web_address)]
ReturnAddress = Annotated[str, BeforeValidator(read_return_address)]
Pattern = Annotated[str, BeforeValidator(read_pattern)]
HeadingWord = Annotated[str, Field(max_length=60), AfterValidator(heads_actions)]
RatePerMinute = Annotated[int, Field(ge=1, le=10_000)]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]  # it goes into a header
