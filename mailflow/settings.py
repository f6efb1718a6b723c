"""Settings: one TOML file, overridden by MAILFLOW_… variables; every mistake is listed at once.

A relative path in the file is relative to the data folder. Nested options are reached with two underscores:
MAILFLOW_WEB__PORT=8081. A secret is given as a file (`password_file`) or as a variable.
"""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as VariableError

from mailflow.errors import SettingsError
from mailflow.model import address_key
from mailflow.parsing.headings import may_head_actions

DEFAULT_FILES = (Path("mailflow.toml"), Path("/etc/mailflow/mailflow.toml"))
DURATION = re.compile(r"(\d+)\s*(s|seconds?|m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
LONGEST = timedelta(days=366)
SILENT_KINDS = {"extra_forbidden", "dict_type", "model_type", "model_attributes_type"}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEFAULT_NAMES = {"smtp": "notes", "folder": "folder", "imap": "imap"}
MAILER_VARIABLE = "MAILFLOW_MAILER__PASSWORD"
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
IMAP_SECRETS = ("password_file", "password_variable", "password_command", "token_command")
MAILER_SECRETS = ("password_file", "password_command", "token_command")
DEFAULT_PORTS = {"http": 80, "https": 443}
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


def is_loopback(host: str) -> bool:
    """Whether what is sent there never leaves the machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
Timeout = Annotated[Interval, AfterValidator(at_most_a_minute)]
ImapInterval = Annotated[Interval, AfterValidator(at_most_nine_minutes)]
Command = Annotated[str, BeforeValidator(read_command)]
Since = Annotated[Literal["now"] | date, BeforeValidator(read_since)]
TimeOfDay = Annotated[time, BeforeValidator(read_time)]
EmailAddress = Annotated[str, BeforeValidator(read_email)]
Pattern = Annotated[str, BeforeValidator(read_pattern)]
HeadingWord = Annotated[str, Field(max_length=60), AfterValidator(heads_actions)]
RatePerMinute = Annotated[int, Field(ge=1, le=10_000)]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]  # it goes into a header


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionRule(Section):
    """See rules/sessions.py."""

    title: Pattern = ""
    category: str = ""
    organizer: EmailAddress | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not self.title and not self.category and not self.organizer:
            raise ValueError("give a `title` pattern, a `category` or an `organizer`")
        return self


class CalendarSettings(Section):
    """`rule`: see SessionRule. `only_rules`: an event that no rule names is no session."""

    kind: Literal["ics"]
    name: str = "calendar"
    path: Path
    every: Interval = timedelta(minutes=2)
    rule: tuple[SessionRule, ...] = ()
    only_rules: bool = False


class CoachSettings(Section):
    name: Name
    email: EmailAddress
    aliases: tuple[EmailAddress, ...] = ()
    timezone: str
    language: Literal["en", "de"] = "en"
    date_order: Literal["DMY", "MDY", "YMD"] = "DMY"
    hold: Duration = timedelta(minutes=10)
    review_lead: Lead = timedelta(hours=2)
    action_headings: tuple[HeadingWord, ...] = ()
    quiet: tuple[TimeOfDay, TimeOfDay] | None = None
    calendar: tuple[CalendarSettings, ...] = ()

    @field_validator("quiet")
    @classmethod
    def some_hours(cls, value: tuple[time, time] | None) -> tuple[time, time] | None:
        if value is not None and value[0] == value[1]:
            raise ValueError("write two different times, such as ['21:00', '07:00']")
        return value

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("write an IANA name, such as 'Europe/Berlin' or 'America/New_York'")
        return value


TrustName = Literal["none", "authentication-results", "exchange", "dkim", "secret-address", "closed"]
Trusts = Annotated[tuple[TrustName, ...], BeforeValidator(as_list), Field(min_length=1)]


class TrustingMailbox(Section):
    """Who vouches for senders: see parsing/sender.py. `trust` is one policy, or several that must all agree."""

    trust: Trusts
    authserv_id: str = ""
    secret_address: EmailAddress | None = None


class SmtpMailbox(TrustingMailbox):
    """Listens for mail itself. It belongs behind a server of one's own that checks senders."""

    kind: Literal["smtp"]
    name: str = DEFAULT_NAMES["smtp"]
    host: str = "127.0.0.1"
    port: Port = 8025
    recipients: tuple[EmailAddress, ...] = Field(min_length=1)
    max_bytes: int = Field(25_000_000, ge=1_000)
    protocol: Literal["smtp", "lmtp"] = "smtp"
    socket: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    require_tls: bool = False
    max_per_minute: int = Field(120, ge=0)

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("`certificate` and `key` belong together: give both, or neither")
        if self.require_tls and self.certificate is None:
            raise ValueError("`require_tls` needs a `certificate` and its `key`")
        if self.socket is not None and self.protocol != "lmtp":
            raise ValueError("`socket`: mail servers speak LMTP through one: write protocol = 'lmtp'")
        if self.socket is not None and {"host", "port"} & self.model_fields_set:
            raise ValueError("`socket` stands in place of `host` and `port`: leave those out, or the socket")
        return self


class FolderMailbox(TrustingMailbox):
    """Reads what something else drops into a folder: `.eml` files, or a Maildir."""

    kind: Literal["folder"]
    name: str = DEFAULT_NAMES["folder"]
    path: Path
    format: Literal["auto", "eml", "maildir"] = "auto"
    unseen: bool = False
    recipients: tuple[EmailAddress, ...] = Field(min_length=1)
    every: Interval = timedelta(seconds=10)


class ImapMailbox(TrustingMailbox):
    """Asks an IMAP server for the mail of one folder."""

    kind: Literal["imap"]
    name: str = DEFAULT_NAMES["imap"]
    host: str = Field(min_length=1)
    security: Literal["tls", "starttls", "none"] = "tls"
    port: Port = Field(default_factory=lambda given: IMAP_PORTS[given.get("security", "tls")])
    ca_file: Path | None = None
    username: str = Field(min_length=1)
    password_file: Path | None = None
    password_variable: str = ""
    password_command: Command = ""
    token_command: Command = ""
    folder: str = Field("INBOX", min_length=1)
    recipients: tuple[EmailAddress, ...] = Field(min_length=1)
    since: Since = "now"
    every: ImapInterval = timedelta(minutes=2)
    move: bool = True
    processed: str = Field("Mailflow/Processed", min_length=1)
    needs_attention: str = Field("Mailflow/Needs attention", min_length=1)
    max_bytes: int = Field(25_000_000, ge=1_000)
    timeout: Timeout = timedelta(seconds=30)

    @property
    def since_moment(self) -> datetime | None:
        """The beginning of that day in UTC; None for 'now'."""
        return None if self.since == "now" else datetime.combine(self.since, time(), UTC)

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if sum(bool(getattr(self, name)) for name in IMAP_SECRETS) != 1:
            raise ValueError(f"give one of {', '.join(f'`{name}`' for name in IMAP_SECRETS)}")
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError("`security`: a password is never sent in the clear: write 'tls' or 'starttls'")
        if self.move and self.folder in (self.processed, self.needs_attention):
            raise ValueError("`folder` is also where mail is moved to: give `processed` or `needs_attention` another")
        return self


class DkimSettings(Section):
    """Signs what leaves, where the server that relays it doesn't."""

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]+$")
    selector: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    key_file: Path


class SmtpMailer(Section):
    kind: Literal["smtp"]
    host: str
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    password_file: Path | None = None
    password_command: Command = ""
    token_command: Command = ""
    timeout: Timeout = timedelta(seconds=30)
    rate_per_minute: RatePerMinute | None = None
    dkim: DkimSettings | None = None


class FolderMailer(Section):
    kind: Literal["folder"]
    path: Path
    rate_per_minute: RatePerMinute | None = None


class WebSettings(Section):
    """Where the pages listen, and the address under which the world reaches them."""

    host: str = "127.0.0.1"
    port: Port = 8080
    url: str

    @field_validator("url")
    @classmethod
    def complete(cls, value: str) -> str:
        """As browsers write an origin (RFC 6454 6.2): they send it with each form, and it is compared."""
        found = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d+))?(/[^\s?#]*)?", value, re.IGNORECASE)
        if found is None:
            raise ValueError("write the complete address in ASCII, such as 'https://homework.example'")
        scheme, host, port, path = found[1].lower(), found[2].lower(), int(found[3] or 0), found[4] or ""
        shown = "" if port in (0, DEFAULT_PORTS[scheme]) else f":{port}"
        return f"{scheme}://{host}{shown}{path}".rstrip("/")


class ServiceSettings(Section):
    """Who the mails come from, and how they look."""

    name: Name = "mailflow"
    email: EmailAddress
    accent: str = Field("#0f5c55", pattern=r"^#[0-9a-fA-F]{6}$")
    templates: Path | None = None
    client_replies: Literal["mailflow", "coach"] = "mailflow"
    answers_per_hour: int = Field(60, ge=1)


MailboxSettings = Annotated[SmtpMailbox | FolderMailbox | ImapMailbox, Field(discriminator="kind")]
MailerSettings = Annotated[SmtpMailer | FolderMailer, Field(discriminator="kind")]


class Settings(BaseSettings):
    """Everything an operator decides."""

    model_config = SettingsConfigDict(env_prefix="MAILFLOW_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path
    log: Literal["text", "json"] = "text"
    service: ServiceSettings
    web: WebSettings
    mailbox: tuple[MailboxSettings, ...] = Field(min_length=1)
    mailer: MailerSettings
    coach: tuple[CoachSettings, ...] = Field(min_length=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    def in_data(self, path: Path) -> Path:
        """A path of the settings, relative ones under the data folder."""
        return self.data / path.expanduser()


def load_settings(file: Path | None = None) -> Settings:
    """The settings of this file, else of $MAILFLOW_CONFIG, else of the first of DEFAULT_FILES that exists.

    Raises SettingsError with every problem at once.
    """
    path = _find(file)
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(str(path), [f"the file can't be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), [f"this is no valid TOML: {error}"]) from error
    try:
        settings = Settings(**options)
    except VariableError as error:
        raise SettingsError(str(path), [f"a MAILFLOW_ variable can't be read: {error}"]) from error
    except ValidationError as error:
        raise SettingsError(str(path), _sentences(error.errors()) + _clashes(options)) from error
    if clashes := _clashes(settings.model_dump()):
        raise SettingsError(str(path), clashes)
    return settings


def _find(file: Path | None) -> Path:
    if file is not None:
        return file
    if named := os.environ.get("MAILFLOW_CONFIG"):
        return Path(named)
    for path in DEFAULT_FILES:
        if path.exists():
            return path
    tried = " and ".join(str(path) for path in DEFAULT_FILES)
    raise SettingsError("no settings", [f"looked for {tried}: write one, or name yours with --config FILE"])


def _sentences(problems: Sequence[Any]) -> list[str]:
    """A list is 'too short' for pydantic as soon as its items are wrong: that would only repeat them."""
    places = [problem["loc"] for problem in problems]
    return [
        _sentence(problem)
        for problem in problems
        if problem["type"] != "too_short" or not any(_is_inside(place, problem["loc"]) for place in places)
    ]


def _clashes(options: Mapping[str, Any]) -> list[str]:
    """What options say against each other, also where one of them is wrong by itself: that must not hide the next."""
    found = []
    coaches = _tables(options.get("coach"))
    taken: set[str] = set()
    for i, coach in enumerate(coaches, start=1):
        given = (coach.get("email"), *_list(coach.get("aliases")))
        for address in [address_key(value) for value in given if isinstance(value, str)]:
            if address in taken:
                found.append(f"coach[{i}]: {address} stands twice among the coaches: an address belongs to one coach")
            taken.add(address)
        if _repeats([calendar.get("name", "calendar") for calendar in _tables(coach.get("calendar"))]):
            found.append(f"coach[{i}].calendar: two calendars have the same name: give each a `name` of its own")
    boxes = _tables(options.get("mailbox"))
    if _repeats([box.get("name", DEFAULT_NAMES.get(str(box.get("kind")))) for box in boxes]):
        found.append("mailbox: two mailboxes have the same name: give each a `name` of its own")
    found += [clash for i, box in enumerate(boxes, start=1) for clash in _trust_clashes(f"mailbox[{i}]", box)]
    mailer = options.get("mailer")
    if isinstance(mailer, Mapping):
        found += _mailer_clashes(mailer) + _dkim_clashes(mailer.get("dkim"), options.get("service"))
    return found


def _trust_clashes(place: str, box: Mapping[str, Any]) -> list[str]:
    given = as_list(box.get("trust"))
    policies = set(_list(given))
    found = []
    if "authentication-results" in policies and not box.get("authserv_id"):
        found.append(f"{place}.authserv_id: write the name that your mail server puts into Authentication-Results")
    if "secret-address" in policies and not box.get("secret_address"):
        found.append(f"{place}.secret_address: write the address that only your coaches know")
    if policies == {"secret-address"}:
        found.append(f"{place}.trust: a secret address leaks in quoted mail: name who else vouches for senders")
    if "none" in policies and policies - {"none", "secret-address"}:
        found.append(f"{place}.trust: 'none' believes every sender: leave it out, or leave out the others")
    return found


def _mailer_clashes(mailer: Mapping[str, Any]) -> list[str]:
    if not mailer.get("username"):
        return []
    given = [name for name in MAILER_SECRETS if mailer.get(name)]
    if not (given or mailer.get("password") or os.environ.get(MAILER_VARIABLE)):
        others = ", ".join(f"`{name}`" for name in MAILER_SECRETS)
        return [f"mailer.username: it needs one of {others}, or the variable {MAILER_VARIABLE}"]
    if len(given) > 1:
        return [f"mailer: give only one of {', '.join(f'`{name}`' for name in given)}"]
    if mailer.get("security") == "none":
        return ["mailer.security: a password is never sent in the clear: write 'starttls' or 'tls'"]
    return []


def _dkim_clashes(dkim: object, service: object) -> list[str]:
    """A signature of another domain than the sender's helps with nobody (RFC 7489 3.1.1)."""
    if not isinstance(dkim, Mapping) or not isinstance(service, Mapping):
        return []
    domain, sender = (str(value).casefold() for value in (dkim.get("domain"), service.get("email")))
    if sender.endswith((f"@{domain}", f".{domain}")):
        return []
    return [f"mailer.dkim.domain: write the domain of {sender}, or one above it"]


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [table for table in _list(value) if isinstance(table, Mapping)]


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else []


def _repeats(names: Sequence[Any]) -> bool:
    return any(name in names[:n] for n, name in enumerate(names))


def _is_inside(place: Sequence[str | int], outer: Sequence[str | int]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _is_kind(place: Sequence[str | int], i: int) -> bool:
    """pydantic puts the `kind` of a mailbox or mailer into the place; the file has no such key."""
    return place[i] in ("smtp", "folder", "imap") and (place[:i] == ("mailer",) or (i == 2 and place[0] == "mailbox"))


def _sentence(problem: Any) -> str:
    """`coach[1].timezone: write an IANA name, such as …`, for one of pydantic's problems."""
    parts = [part for i, part in enumerate(problem["loc"]) if not _is_kind(problem["loc"], i)]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    place = place or "the settings as a whole"
    kind, context = problem["type"], problem.get("ctx", {})
    text = {
        "missing": "this option is missing",
        "extra_forbidden": "there is no such option (is it misspelt?)",
        "string_too_short": f"write at least {context.get('min_length')} character(s)",
        "too_short": f"give at least {context.get('min_length')}",
        "literal_error": f"write {context.get('expected')}",
        "union_tag_invalid": f"`kind` must be one of {context.get('expected_tags')}",
        "union_tag_not_found": "say which `kind` it is",
        "int_parsing": "write a whole number",
        "int_type": "write a whole number",
        "string_pattern_mismatch": f"this must look like {context.get('pattern')}",
    }.get(kind, problem["msg"].removeprefix("Value error, "))
    given = problem.get("input")
    # Under a misspelt name, or in a section that is none, the value may be a secret.
    telling = isinstance(given, str | int | float) and kind not in SILENT_KINDS and "password" not in place
    return f"{place}: {text} (it is {given!r})" if telling else f"{place}: {text}"
