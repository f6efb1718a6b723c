"""The tables of the settings file, each option with its type and its default."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from mailflow.settings.values import (
    CaldavInterval,
    CaldavTimeout,
    CalendarUrl,
    Command,
    Duration,
    EmailAddress,
    HeadingWord,
    ImapInterval,
    Interval,
    Lead,
    Name,
    Network,
    Pattern,
    Port,
    RatePerMinute,
    ReturnAddress,
    Since,
    Span,
    TimeOfDay,
    Timeout,
    WebAddress,
    as_list,
    is_loopback,
    known_zones,
)

DEFAULT_NAMES = {"smtp": "notes", "folder": "folder", "imap": "imap"}
IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
SECRETS = ("password_file", "password_variable", "password_command", "token_command")
MAILER_SECRETS = ("password_file", "password_command", "token_command")
DEFAULT_PORTS = {"http": 80, "https": 443}
MAILER_VARIABLE = "MAILFLOW_MAILER__PASSWORD"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionRule(Section):
    """See rules/sessions.py."""

    title: Pattern = ""
    category: str = ""
    organizer: EmailAddress | None = None
    location: Pattern = ""
    group: bool = False

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not (self.title or self.category or self.organizer or self.location):
            raise ValueError("give a `title` or `location` pattern, a `category` or an `organizer`")
        return self


class AnyCalendar(Section):
    """`rule`: see SessionRule. `only_rules`: an event that no rule names is no session. `past` and `ahead`: how far
    sessions are kept."""

    name: str = "calendar"
    every: Interval = timedelta(minutes=2)
    past: Span = timedelta(days=60)
    ahead: Span = timedelta(days=60)
    rule: tuple[SessionRule, ...] = ()
    only_rules: bool = False


class IcsCalendar(AnyCalendar):
    """An .ics file that something else keeps up to date, or one on the web."""

    kind: Literal["ics"]
    path: Path | None = None
    url: WebAddress | None = None
    private_allowed: bool = False
    timeout: Timeout = timedelta(seconds=30)

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if (self.path is None) == (self.url is None):
            raise ValueError("give a `path` or a `url`")
        if self.url is not None and self.url.startswith("http:") and not self.private_allowed:
            raise ValueError("`url`: write https, or set `private_allowed` where it is in your own network")
        return self


class CaldavCalendar(AnyCalendar):
    """A calendar on a CalDAV server. `calendar` is its display name there."""

    kind: Literal["caldav"]
    url: CalendarUrl
    username: str = Field(min_length=1)
    password_file: Path | None = None
    password_variable: str = ""
    password_command: Command = ""
    token_command: Command = ""
    calendar: str = ""
    every: CaldavInterval = timedelta(minutes=2)
    timeout: CaldavTimeout = timedelta(minutes=1)
    ca_file: Path | None = None

    @model_validator(mode="after")
    def has_a_secret(self) -> Self:
        _one_secret(self)
        return self


class InvitationsCalendar(AnyCalendar):
    """Made of the invitations that the coach sends to the notes address."""

    kind: Literal["invitations"]


CalendarSettings = Annotated[IcsCalendar | CaldavCalendar | InvitationsCalendar, Field(discriminator="kind")]


NudgeName = Literal["halfway", "day-before"]


class CoachSettings(Section):
    """`reviews`: one before each session, or one at `morning` for the whole day. `nudges`: which reminders a client
    gets who has not answered. `ask_for_notes`: how long after a session without notes the coach is asked for them."""

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
    reviews: Literal["each", "morning"] = "each"
    morning: TimeOfDay = time(7)
    nudges: tuple[NudgeName, ...] = ()
    ask_for_notes: Lead | None = None
    calendar: tuple[CalendarSettings, ...] = ()

    @field_validator("quiet")
    @classmethod
    def some_hours(cls, value: tuple[time, time] | None) -> tuple[time, time] | None:
        if value is not None and value[0] == value[1]:
            raise ValueError("write two different times, such as ['21:00', '07:00']")
        return value

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        if "morning" in self.model_fields_set and self.reviews != "morning":
            raise ValueError("`morning` is for reviews = 'morning': write that too, or leave it out")
        if len(set(self.nudges)) < len(self.nudges):
            raise ValueError("`nudges`: write each of them once")
        return self

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        if value not in known_zones():
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
        _one_secret(self)
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
    """Where the pages listen, and the address under which the world reaches them.

    `proxies`: who is believed when it says for whom it asks (X-Forwarded-For)."""

    host: str = "127.0.0.1"
    port: Port = 8080
    url: str
    proxies: tuple[Network, ...] = ("127.0.0.1/32", "::1/128")

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
    return_address: ReturnAddress | None = None
    accent: str = Field("#0f5c55", pattern=r"^#[0-9a-fA-F]{6}$")
    logo: Path | None = None
    templates: Path | None = None
    client_replies: Literal["mailflow", "coach"] = "mailflow"
    answers_per_hour: int = Field(60, ge=1)


MailboxSettings = Annotated[SmtpMailbox | FolderMailbox | ImapMailbox, Field(discriminator="kind")]
MailerSettings = Annotated[SmtpMailer | FolderMailer, Field(discriminator="kind")]


def _one_secret(account: ImapMailbox | CaldavCalendar) -> None:
    if sum(bool(getattr(account, name)) for name in SECRETS) != 1:
        raise ValueError(f"give one of {', '.join(f'`{name}`' for name in SECRETS)}")
