"""A coach's practice in a folder: the real database, renderer, folder mailer and pages; time is an argument.

def test_note_becomes_homework(scene: Scene) -> None:
    scene.mail_in(note("Actions:\\n- Call the GP"))
    scene.process_all()
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [ANNA, JANE]

Anna coaches Jane, whose session ended 20 minutes before NOW and whose next is in a week, and Tom, whose sessions
were four days ago and are in three days.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from mailflow.app import App, adopt_settings, open_app
from mailflow.flows.arrival import Intake
from mailflow.flows.compose import Composer
from mailflow.flows.deliver import Delivery, deliver_next
from mailflow.flows.process import process_next
from mailflow.flows.receive import receive
from mailflow.flows.sync import sync_next
from mailflow.mailers import Mailer
from mailflow.model import (
    Action,
    Client,
    InboundEmail,
    InboundStatus,
    Note,
    OutboundEmail,
    OutboundKind,
    OutboundState,
    Session,
)
from mailflow.rendering import Renderer
from mailflow.settings import load_settings
from mailflow.store import actions, inbound, notes, outbox, sessions
from mailflow.web.site import create_site
from tests.builders import ics, ics_event

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
HOLD = timedelta(minutes=10)
LEAD = timedelta(hours=2)
ANNA, CARLA = "anna@coach.example", "carla@coach.example"
JANE, TOM, ZOE = "jane@client.example", "tom@client.example", "zoe@client.example"
NOTES = "notes@mailflow.example"
SERVICE = "homework@mailflow.example"
NAMES = {ANNA: "Anna Berg", CARLA: "Carla Stein", JANE: "Jane Doe", TOM: "Tom Okafor", ZOE: "Zoe Klein"}
URL = "http://testserver"
JANE_NEXT = NOW + timedelta(days=7)
TOM_NEXT = NOW + timedelta(days=3)

BLOCK = "She seemed tired.\n\nActions:\n- Write down two situations where you said no\n- Book the GP appointment\n"
FIRST, SECOND = "Write down two situations where you said no", "Book the GP appointment"

SETTINGS = """
data = "{data}"

[service]
name = "mailflow"
email = "{service}"
{templates}

[web]
port = {web_port}
url = "{url}"

[[mailbox]]
kind = "smtp"
port = {smtp_port}
recipients = ["{notes}"]
trust = "none"

[mailer]
kind = "folder"
path = "sent"

[[coach]]
name = "{name}"
email = "anna@coach.example"
aliases = ["anna.berg@private.example"]
action_headings = ["Experiments"]
timezone = "{timezone}"
hold = "{hold}"
{coach}

[[coach.calendar]]
kind = "ics"
path = "calendar.ics"
{rule}

[[coach]]
name = "Carla Stein"
email = "carla@coach.example"
timezone = "Europe/Berlin"
{more}
"""


def write_settings(folder: Path, **values: object) -> Path:
    """A settings file in `folder`; its data folder is `folder`/data."""
    file = folder / "mailflow.toml"
    defaults = {
        "data": folder / "data",
        "service": SERVICE,
        "templates": "",
        "web_port": 8080,
        "url": URL,
        "smtp_port": 8025,
        "notes": NOTES,
        "name": NAMES[ANNA],
        "timezone": "Europe/Berlin",
        "hold": "10 minutes",
        "coach": "",
        "rule": "",
        "more": "",
    }
    file.write_text(SETTINGS.format(**defaults | values), encoding="utf-8")
    return file


# --- What comes in -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A VEVENT that Anna organised."""

    uid: str
    start: datetime
    client: str
    organizer: str = ANNA
    lasts: timedelta = timedelta(minutes=50)
    cancelled: bool = False

    def text(self) -> str:
        name = NAMES.get(self.client, "")
        return ics_event(
            self.uid,
            self.start,
            lasts=self.lasts,
            client=Client(id=0, coach_id=0, email=self.client, name=name),
            organizer=self.organizer,
            title=f"Session with {name}",
            extra=["STATUS:CANCELLED"] if self.cancelled else [],
        )


JANE_BEFORE = Event("jane-before", NOW - timedelta(minutes=70), JANE)
PRACTICE = (
    JANE_BEFORE,
    Event("jane-next", JANE_NEXT, JANE),
    Event("tom-before", NOW - timedelta(days=4), TOM),
    Event("tom-next", TOM_NEXT, TOM),
)


def calendar(*events: Event) -> str:
    return ics(*(event.text() for event in events)).decode()


def note(
    text: str = BLOCK,
    *,
    sender: str = ANNA,
    to: str = NOTES,
    subject: str = "Notes from today",
    date: datetime | None = NOW,
    message_id: str = "",
    headers: Mapping[str, str] | None = None,
    cte: str = "quoted-printable",
) -> bytes:
    """What Anna's mail program hands over; every call is another mail unless `message_id` says so."""
    mail = EmailMessage()
    mail["From"] = f"{NAMES.get(sender, '')} <{sender}>"
    mail["To"] = to
    mail["Subject"] = subject
    if date is not None:
        mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id or f"<{secrets.token_hex(8)}@coach.example>"
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text, cte=cte)
    return mail.as_bytes(policy=SMTP)


def reply_to(mail: SentMail, text: str, *, sender: str = ANNA, date: datetime = NOW) -> bytes:
    """What the coach's mail program makes of 'Reply'."""
    answered = str(mail.headers["Message-ID"])
    return note(
        text,
        sender=sender,
        subject=f"Re: {mail.subject}",
        date=date,
        headers={"In-Reply-To": answered, "References": answered},
    )


# --- What goes out -------------------------------------------------------------------------------


@dataclass(frozen=True)
class SentMail:
    """A mail as its reader has it."""

    raw: bytes
    headers: EmailMessage
    text: str
    html: str

    @property
    def recipient(self) -> str:
        return str(self.headers["To"])

    @property
    def subject(self) -> str:
        return str(self.headers["Subject"])

    @property
    def words(self) -> str:
        """The text with its lines joined, as it is read."""
        return " ".join(self.text.split())

    @property
    def links(self) -> list[str]:
        """Every address in the text, in order."""
        return re.findall(r"https?://\S+", self.text)

    def pages(self, kind: str) -> list[str]:
        """The addresses of this kind of page ('a', 'h', 'n', 'r'), each once, without the query."""
        found = [link.partition("?")[0] for link in self.links]
        return list(dict.fromkeys(link for link in found if f"/{kind}/" in link))


def read_mail(raw: bytes) -> SentMail:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return SentMail(raw, message, str(plain.get_content()), str(html.get_content()))


@dataclass
class Scene:
    """`mailer` may be replaced by one that a test writes: it is the seam to the world outside."""

    app: App
    config: Path
    mailer: Mailer
    composer: Composer | None = None
    intake: Intake | None = None
    rate_per_minute: int | None = None
    _seen: set[str] = field(default_factory=set)

    # --- The calendar

    def plan(self, *events: Event, now: datetime = NOW) -> None:
        """Writes the calendar and reads it."""
        self.write_calendar(calendar(*events))
        self.sync(now)

    def write_calendar(self, text: str) -> None:
        (self.app.settings.data / "calendar.ics").write_text(text, encoding="utf-8", newline="")

    def sync(self, now: datetime = NOW) -> None:
        with self.app.database.write() as tx:
            tx.run("UPDATE calendars SET due_at = 0")
        while sync_next(self.app.database, self.app.find_source, now):
            pass

    def adopt(self, **settings: object) -> None:
        """As a start of the daemon does after these settings were changed."""
        self.app = replace(self.app, settings=load_settings(write_settings(self.config.parent, **settings)))
        adopt_settings(self.app)

    # --- The chain

    def mail_in(self, raw: bytes, now: datetime = NOW) -> None:
        """As a mailbox does: every delivery has a key of its own."""
        receive(self.app.database, "notes", secrets.token_hex(8), raw, now)

    def process_all(self, now: datetime = NOW) -> int:
        """How many mails were looked at."""
        count = 0
        while looked_at := process_next(self.app.database, self.intake or self.app.intake, now):
            count += looked_at
        return count

    def deliver_all(self, now: datetime = NOW) -> list[SentMail]:
        """The mails that left, in the order in which they did."""
        while deliver_next(self.delivery, now):
            pass
        return self.sent()

    def sent(self) -> list[SentMail]:
        """What left since the last look."""
        files = (self.app.settings.data / "sent").glob("*.eml")
        new = [file for file in sorted(files, key=lambda file: file.stat().st_mtime_ns) if file.name not in self._seen]
        self._seen |= {file.name for file in new}
        return [read_mail(file.read_bytes()) for file in new]

    def send_note(self, raw: bytes, now: datetime = NOW) -> list[SentMail]:
        """A note on its whole way to the receipt: what left at once."""
        self.mail_in(raw, now)
        self.process_all(now)
        return self.deliver_all(now)

    def send_homework(self, raw: bytes, now: datetime = NOW) -> SentMail:
        """A note on its whole way to the client."""
        self.send_note(raw, now)
        (homework,) = self.deliver_all(now + HOLD)
        return homework

    @property
    def delivery(self) -> Delivery:
        return Delivery(
            self.app.database,
            self.composer or self.app.composer,
            self.mailer,
            self.app.find_source,
            self.rate_per_minute,
        )

    # --- The pages

    def browser(self, now: datetime = NOW) -> TestClient:
        """What a client's browser does with cookies off; a failing page is an answer, no exception."""
        return TestClient(
            create_site(self.app, now=lambda: now),
            base_url=URL,
            raise_server_exceptions=False,
            follow_redirects=False,
        )

    def answer(self, url: str, now: datetime = NOW, **fields: str) -> int:
        """Opens the action's page, fills in its form, sends it; the status of what came back."""
        browser = self.browser(now)
        form = hidden_fields(browser.get(url).text) | fields
        return browser.post(url, data=form).status_code

    # --- What is stored

    def inbox(self) -> list[InboundEmail]:
        """The oldest first."""
        with self.app.database.read() as tx:
            return list(reversed(inbound.latest(tx, 100)))

    def statuses(self) -> list[InboundStatus]:
        return [mail.status for mail in self.inbox()]

    def outbox(self, *kinds: OutboundKind) -> list[OutboundEmail]:
        """In the order in which they were planned; all kinds, or these."""
        with self.app.database.read() as tx:
            listed = outbox.latest(tx, 100)
        return sorted((mail for mail in listed if not kinds or mail.kind in kinds), key=lambda mail: mail.id)

    def planned(self, kind: OutboundKind) -> OutboundEmail:
        """The only one of this kind."""
        (mail,) = self.outbox(kind)
        return mail

    def waiting(self, now: datetime) -> list[OutboundKind]:
        return [mail.kind for mail in self.outbox() if mail.state is OutboundState.WAITING and mail.due_at <= now]

    def note(self, note_id: int = 1) -> Note:
        with self.app.database.read() as tx:
            return notes.get(tx, note_id)

    def actions(self, note_id: int = 1) -> list[Action]:
        with self.app.database.read() as tx:
            return actions.of_note(tx, note_id)

    def session(self, uid: str) -> Session:
        with self.app.database.read() as tx:
            found = sessions.find(tx, 1, uid, "")
        assert found, uid
        return found

    def client_of(self, note_id: int = 1) -> str:
        """The address of the client that a note was given to, '' while it has none."""
        with self.app.database.read() as tx:
            found: str | None = tx.value(
                "SELECT c.email FROM notes n JOIN clients c ON c.id = n.client_id WHERE n.id = :id", id=note_id
            )
        return found or ""

    def run_sql(self, *statements: str) -> None:
        """What happens to the database from outside: a trigger that fails, a disk that is full."""
        with self.app.database.write() as tx:
            for statement in statements:
                tx.run(statement)

    def counts(self) -> dict[str, int]:
        return {table: self.app.database.count(table) for table in ("notes", "actions", "outbound_emails", "links")}


COMPILED: dict[str, Renderer] = {}
"""Compiling the templates is half the time of a test: the first practice's renderer serves the others, too."""


@contextmanager
def open_scene(folder: Path, **settings: object) -> Iterator[Scene]:
    """A practice in this folder, its calendar read; `settings` are those of SETTINGS."""
    config = write_settings(folder, **settings)
    app = open_app(load_settings(config), create=True)
    if "templates" not in settings:
        app = replace(app, renderer=COMPILED.setdefault("shipped", app.renderer))
    try:
        adopt_settings(app)
        scene = Scene(app, config, app.mailer())
        scene.plan(*PRACTICE)
        yield scene
    finally:
        app.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as scene:
        yield scene


# --- Reading pages -------------------------------------------------------------------------------


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden inputs of a page, as its form would send them."""
    return {
        node.attributes["name"] or "": node.attributes["value"] or ""
        for node in LexborHTMLParser(page).css("input[type=hidden]")
    }


def words_of(page: str) -> str:
    """What a reader of the page reads."""
    body = LexborHTMLParser(page).body
    assert body
    return html.unescape(" ".join(body.text(separator=" ").split()))


def candidate(scene: Scene, uid: str) -> str:
    """The value that chooses this session with its client."""
    session = scene.session(uid)
    return f"session-{session.id}-{session.client_id}"


def moved(event: Event, start: datetime) -> Event:
    return replace(event, start=start)


def tampered(url: str) -> str:
    """Another last character, as when a link was not copied whole or somebody tries."""
    return url[:-1] + ("A" if url[-1] != "A" else "B")
