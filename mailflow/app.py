"""Composition root: settings in, everything put together out. The only place that chooses adapters."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from mailflow import __version__, credentials
from mailflow.calendars import Calendar, Feed
from mailflow.errors import EnvironmentProblem
from mailflow.flows.arrival import Intake
from mailflow.flows.compose import Composer
from mailflow.flows.invite import invitation_texts
from mailflow.flows.pages import Site
from mailflow.flows.plan import COACH_LEFT, keep_quiet_hours
from mailflow.flows.sync import CalendarSource
from mailflow.logo import load_logo
from mailflow.mailboxes import Listener, Mailbox
from mailflow.mailers import Mailer
from mailflow.model import Coach, Nudge, address_key
from mailflow.parsing.sender import Policy, Trust
from mailflow.rendering import Renderer
from mailflow.return_path import ReturnPath
from mailflow.rules.sessions import SessionRule
from mailflow.settings import Settings
from mailflow.settings.sections import (
    CaldavCalendar,
    CalendarSettings,
    FolderMailbox,
    FolderMailer,
    IcsCalendar,
    ImapMailbox,
    InvitationsCalendar,
    MailboxSettings,
    MailerSettings,
    SmtpMailbox,
    SmtpMailer,
)
from mailflow.store import calendars, coaches, mailboxes, outbox
from mailflow.store.database import Database, open_database
from mailflow.tokens import load_key

DATABASE_FILE = "mailflow.db"
KEY_FILE = "links.key"


@dataclass(frozen=True)
class App:
    """Everything that the commands, the daemon and the pages work with."""

    settings: Settings
    database: Database
    renderer: Renderer
    site: Site
    work: threading.Event = field(default_factory=threading.Event)

    def wake(self) -> None:
        """There may be something to process or to deliver."""
        self.work.set()

    def close(self) -> None:
        self.database.close()

    @property
    def notes_addresses(self) -> tuple[str, ...]:
        """Where notes are sent to; the first is the one that replies go to."""
        return tuple(address for mailbox in self.settings.mailbox for address in mailbox.recipients)

    @property
    def own_addresses(self) -> frozenset[str]:
        """The addresses of mailflow itself: none of them is a client's."""
        own = (*self.notes_addresses, *self._secret_addresses, self.settings.service.email)
        return frozenset(address_key(address) for address in own)

    @property
    def _secret_addresses(self) -> tuple[str, ...]:
        """What only the coaches know: they reply there, and no client is ever told."""
        return tuple(mailbox.secret_address for mailbox in self.settings.mailbox if mailbox.secret_address)

    @property
    def intake(self) -> Intake:
        return Intake(
            own_addresses=self.own_addresses,
            trusts={mailbox.name: create_trust(mailbox) for mailbox in self.settings.mailbox},
            signers=verify_signatures,
            answers_per_hour=self.settings.service.answers_per_hour,
            return_path=self.return_path,
            invited={
                address_key(coach.email): calendar.name
                for coach in self.settings.coach
                for calendar in coach.calendar
                if isinstance(calendar, InvitationsCalendar)
            },
        )

    @property
    def return_path(self) -> ReturnPath:
        """Where bounces go: to the address that mails come from, unless the settings have one for them."""
        return ReturnPath(return_address(self.settings), self.site.key)

    @property
    def composer(self) -> Composer:
        secret = {address_key(address) for address in self._secret_addresses}
        public = next((address for address in self.notes_addresses if address_key(address) not in secret), "")
        return Composer(
            renderer=self.renderer,
            site=self.site,
            service_name=self.settings.service.name,
            address=self.settings.service.email,
            return_path=self.return_path,
            notes_address=next(iter(self._secret_addresses), self.notes_addresses[0]),
            client_address=public,
            answers_by_mail=bool(public) and self.settings.service.client_replies == "mailflow",
            sign=create_signer(self.settings),
        )

    def calendar_file(self, feed: Feed, now: datetime) -> bytes:
        from mailflow.calendars.feed import to_ics

        return to_ics(feed, now)

    def mailer(self) -> Mailer:
        return create_mailer(self.settings.mailer, self.settings)

    def mailboxes(self) -> list[Mailbox | Listener]:
        return [create_mailbox(mailbox, self.settings) for mailbox in self.settings.mailbox]

    def find_source(self, coach: Coach, name: str) -> CalendarSource:
        """The calendar of this name that the settings give the coach."""
        for coach_settings in self.settings.coach:
            if address_key(coach_settings.email) != coach.email:
                continue
            for calendar in coach_settings.calendar:
                if calendar.name == name:
                    invitations = partial(invitation_texts, self.database, coach.id)
                    adapter = create_calendar(calendar, coach, self.settings, invitations)
                    rules = tuple(
                        SessionRule(rule.title, rule.category, rule.organizer or "", rule.location, rule.group)
                        for rule in calendar.rule
                    )
                    return CalendarSource(
                        adapter, rules, calendar.only_rules, self.own_addresses, calendar.past, calendar.ahead
                    )
        raise LookupError(f"no calendar '{name}' of coach {coach.id} in the settings")


def open_app(settings: Settings, *, create: bool) -> App:
    """Opens the data folder. Raises EnvironmentProblem where it can't be used, or is missing and not to be made."""
    if not create and not (settings.data / DATABASE_FILE).exists():
        raise EnvironmentProblem(
            f"There is nothing in {settings.data} yet: start `mailflow run` with these settings first."
        )
    service = settings.service
    overrides = None if service.templates is None else settings.in_data(service.templates)
    if overrides is not None and not overrides.is_dir():
        raise EnvironmentProblem(
            f"There is no folder {overrides}: make it, or take `service.templates` out of the settings."
        )
    logo = None if service.logo is None else load_logo(settings.in_data(service.logo))
    database = open_database(settings.data / DATABASE_FILE)
    try:
        key = load_key(settings.data / KEY_FILE)
    except BaseException:
        database.close()
        raise
    return App(
        settings=settings,
        database=database,
        renderer=Renderer(overrides=overrides, service_name=service.name, accent=service.accent, logo=logo),
        site=Site(settings.web.url, key),
    )


def adopt_settings(app: App) -> None:
    """Brings the stored coaches and calendars in line with the settings; every calendar is due at once."""
    settings = app.settings
    with app.database.write() as tx:
        before = {coach.id: coach for coach in coaches.active(tx)}
        coaches.save_all(
            tx,
            [
                Coach(
                    id=0,
                    email=coach.email,
                    name=coach.name,
                    timezone=coach.timezone,
                    aliases=coach.aliases,
                    language=coach.language,
                    date_order=coach.date_order,
                    hold=coach.hold,
                    review_lead=coach.review_lead,
                    action_headings=coach.action_headings,
                    quiet=coach.quiet,
                    morning=coach.morning if coach.reviews == "morning" else None,
                    nudges=tuple(Nudge(nudge) for nudge in coach.nudges),
                    ask_for_notes=coach.ask_for_notes,
                )
                for coach in settings.coach
            ],
        )
        for adopted in coaches.active(tx):
            outbox.release_reviews(tx, adopted.id, COACH_LEFT)
            keep_quiet_hours(tx, before.get(adopted.id, adopted), adopted)
        calendars.save_all(
            tx,
            {coach.email: [(calendar.name, calendar.every) for calendar in coach.calendar] for coach in settings.coach},
            fingerprint=hashlib.sha256(f"{__version__}\n{settings.model_dump_json()}".encode()).hexdigest(),
        )
        mailboxes.save_all(tx, [(mailbox.name, not isinstance(mailbox, SmtpMailbox)) for mailbox in settings.mailbox])


# --- The adapters: each is imported when it is chosen --------------------------------------------


def create_mailbox(mailbox: MailboxSettings, settings: Settings) -> Mailbox | Listener:
    match mailbox:
        case SmtpMailbox():
            return _create_listener(mailbox, settings)
        case FolderMailbox():
            from mailflow.mailboxes import folder

            return folder.FolderMailbox(
                mailbox.name,
                settings.in_data(mailbox.path),
                mailbox.every,
                layout=mailbox.format,
                takes_unseen=mailbox.unseen,
            )
        case ImapMailbox():
            return _create_imap(mailbox, settings)


def _create_imap(mailbox: ImapMailbox, settings: Settings) -> Mailbox:
    import ssl

    from mailflow.mailboxes import imap, imap_server

    tls = None
    if mailbox.security != "none":
        ca_file = None if mailbox.ca_file is None else settings.in_data(mailbox.ca_file)
        try:
            tls = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise EnvironmentProblem(f"The file {ca_file} of certificates can't be used: {error}.") from error
    return imap.ImapMailbox(
        mailbox.name,
        imap_server.Account(
            host=mailbox.host,
            port=mailbox.port,
            security=mailbox.security,
            username=mailbox.username,
            secret=_secret(mailbox, settings),
            with_token=bool(mailbox.token_command),
            tls=tls,
            timeout_seconds=mailbox.timeout.total_seconds(),
        ),
        mailbox.folder,
        since=mailbox.since_moment,
        every=mailbox.every,
        max_bytes=mailbox.max_bytes,
        move_to=imap.Folders(mailbox.processed, mailbox.needs_attention) if mailbox.move else None,
    )


def _secret(account: ImapMailbox | CaldavCalendar, settings: Settings) -> Callable[[], str]:
    if command := account.token_command or account.password_command:
        return partial(credentials.from_command, command)
    if account.password_file is not None:
        return partial(credentials.from_file, settings.in_data(account.password_file))
    return partial(credentials.from_variable, account.password_variable)


def return_address(settings: Settings) -> str:
    """As ReturnPath wants it."""
    return settings.service.return_address or settings.service.email


def create_trust(mailbox: MailboxSettings) -> Trust:
    return Trust(
        policies=tuple(Policy(name) for name in mailbox.trust),
        authserv_id=mailbox.authserv_id,
        secret_address=mailbox.secret_address or "",
    )


def verify_signatures(raw: bytes) -> frozenset[str]:
    from mailflow.accounts.dkim import find_text, signers

    return signers(raw, find_text)


def _create_listener(mailbox: SmtpMailbox, settings: Settings) -> Listener:
    from mailflow.mailboxes import smtp, smtp_limits

    tls = None
    if mailbox.certificate is not None and mailbox.key is not None:
        tls = smtp.Tls(settings.in_data(mailbox.certificate), settings.in_data(mailbox.key), mailbox.require_tls)
    return smtp.SmtpListener(
        mailbox.name,
        (mailbox.host, mailbox.port) if mailbox.socket is None else settings.in_data(mailbox.socket),
        mailbox.recipients,
        smtp_limits.Limits(mailbox.max_bytes, max_per_minute=mailbox.max_per_minute),
        return_address=return_address(settings),
        protocol=mailbox.protocol,
        tls=tls,
    )


def create_calendar(
    calendar: CalendarSettings, coach: Coach, settings: Settings, invitations: Callable[[], Sequence[bytes]]
) -> Calendar:
    """`invitations` are those that the coach sent, for a calendar that is made of them."""
    match calendar:
        case InvitationsCalendar():
            from mailflow.calendars.invitations import Invitations

            return Invitations(invitations, coach.timezone)
        case IcsCalendar(path=Path() as path):
            from mailflow.calendars.ics import IcsFile

            return IcsFile(settings.in_data(path), coach.timezone)
        case IcsCalendar(url=str() as url):
            from mailflow.calendars.ics_text import MAX_BYTES
            from mailflow.calendars.ics_url import IcsUrl
            from mailflow.calendars.web import Fetcher

            fetcher = Fetcher(calendar.timeout.total_seconds(), MAX_BYTES, private_allowed=calendar.private_allowed)
            return IcsUrl(url, coach.timezone, fetcher)
        case CaldavCalendar():
            from mailflow.calendars import caldav, caldav_server

            account = caldav_server.Account(
                url=calendar.url,
                username=calendar.username,
                secret=_secret(calendar, settings),
                with_token=bool(calendar.token_command),
                ca_file=None if calendar.ca_file is None else settings.in_data(calendar.ca_file),
                timeout_seconds=calendar.timeout.total_seconds(),
            )
            return caldav.CaldavCalendar(account, calendar.calendar, coach.timezone)
    raise AssertionError(calendar)


def create_mailer(mailer: MailerSettings, settings: Settings) -> Mailer:
    match mailer:
        case FolderMailer():
            from mailflow.mailers import folder

            return folder.FolderMailer(settings.in_data(mailer.path))
        case SmtpMailer():
            from mailflow.mailers import smtp

            return smtp.SmtpMailer(
                host=mailer.host,
                port=mailer.port,
                security=mailer.security,
                username=mailer.username,
                password=_smtp_secret(mailer, settings),
                with_token=bool(mailer.token_command),
                timeout_seconds=mailer.timeout.total_seconds(),
            )


def create_signer(settings: Settings) -> Callable[[bytes], bytes]:
    dkim = settings.mailer.dkim if isinstance(settings.mailer, SmtpMailer) else None
    if dkim is None:
        return bytes
    from mailflow.accounts.dkim_signing import signer

    return signer(dkim.domain, dkim.selector, settings.in_data(dkim.key_file))


def _smtp_secret(mailer: SmtpMailer, settings: Settings) -> Callable[[], str]:
    if command := mailer.token_command or mailer.password_command:
        return partial(credentials.from_command, command)
    if mailer.password_file is None:
        return mailer.password.get_secret_value
    return partial(credentials.from_file, settings.in_data(mailer.password_file))
