"""The cast and small builders that every test uses: a coach, two clients, one Monday morning.

Anna Berg coaches in Berlin; Jane Doe and Tom Okafor are her clients; NOW is Monday, 23 November 2026, 10:00 there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from mailflow.model import Client, Coach, Note, NoteAction, Session
from mailflow.store import actions, calendars, clients, coaches, inbound, notes, sessions
from mailflow.store.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

ANNA = Coach(id=1, email="anna@coach.example", name="Anna Berg", timezone="Europe/Berlin")
JANE = Client(id=1, coach_id=1, email="jane@client.example", name="Jane Doe")
TOM = Client(id=2, coach_id=1, email="tom@client.example", name="Tom Okafor")


def session(
    client: Client = JANE,
    starts_at: datetime = NOW - HOUR,
    *,
    number: int = 1,
    lasts: timedelta = HOUR,
    uid: str = "",
) -> Session:
    """A planned session; by default it is Jane's and ended just now."""
    return Session(
        id=number,
        coach_id=client.coach_id,
        calendar_id=1,
        client_id=client.id,
        uid=uid or f"session-{number}",
        recurrence_id="",
        title=f"Session with {client.name}",
        starts_at=starts_at,
        ends_at=starts_at + lasts,
    )


def note(
    client: Client | None = JANE, written_at: datetime = NOW, *, number: int = 1, session_id: int | None = 1
) -> Note:
    """A note that was understood; by default it is about Jane's session 1."""
    return Note(
        id=number,
        coach_id=ANNA.id,
        inbound_id=number,
        client_id=None if client is None else client.id,
        session_id=session_id,
        match_reason="only-session",
        written_at=written_at,
        subject="Notes",
        text="She was nervous about the meeting.",
        summary="",
    )


# --- In the database --------------------------------------------------------------------------


def store_people(database: Database) -> None:
    """Anna, her calendar (id 1), Jane and Tom, with the ids that the constants have."""
    with database.write() as tx:
        coaches.save_all(tx, [ANNA])
        calendars.save_all(tx, {ANNA.email: [("calendar", timedelta(minutes=2))]})
        for client in (JANE, TOM):
            assert clients.learn(tx, client.coach_id, client.email, client.name) == client


def store_session(database: Database, wanted: Session) -> Session:
    with database.write() as tx:
        return sessions.save(tx, wanted)


def store_mail(database: Database, raw: bytes = b"Subject: Notes\r\n\r\n", *, key: str, now: datetime = NOW) -> int:
    """The id of a mail that the mailbox `notes` received."""
    with database.write() as tx:
        inbound_id = inbound.add(tx, "notes", key, raw, now)
    assert inbound_id is not None, "this key was received before"
    return inbound_id


def store_note(database: Database, texts: Sequence[str], wanted: Note | None = None) -> Note:
    """A note with one action for each text, and the mail that it came in; ids are the database's."""
    wanted = wanted or note(session_id=None)
    with database.read() as tx:
        number = len(inbound.latest(tx, 1000)) + 1
    inbound_id = store_mail(database, key=f"note-{number}", now=wanted.written_at)
    with database.write() as tx:
        stored = notes.add(
            tx,
            coach_id=wanted.coach_id,
            inbound_id=inbound_id,
            client_id=wanted.client_id,
            session_id=wanted.session_id,
            match_reason=wanted.match_reason,
            written_at=wanted.written_at,
            subject=wanted.subject,
            text=wanted.text,
            summary=wanted.summary,
            coach_actions=wanted.coach_actions,
            problems=wanted.problems,
        )
        actions.add_all(tx, stored, [NoteAction(text) for text in texts], wanted.written_at)
    return stored


def another_client(name: str, email: str = "", *, number: int) -> Client:
    return replace(JANE, id=number, name=name, email=email or f"client{number}@client.example")


# --- Text --------------------------------------------------------------------------------------


def ics(*components: str, method: str = "") -> bytes:
    """A VCALENDAR of these components, as a calendar program writes it."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar//EN"]
    lines = [*head, *([f"METHOD:{method}"] if method else []), *components, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def ics_event(
    uid: str = "jane-1",
    start: datetime | date | str = NOW + DAY,
    *,
    lasts: timedelta = HOUR,
    client: Client | None = JANE,
    organizer: str = ANNA.email,
    title: str = "Coaching",
    extra: Sequence[str] = (),
) -> str:
    """A VEVENT. `start` is a moment, a day, or the whole property as text (`DTSTART;TZID=…:…`; then it has no end)."""
    lines = [f"UID:{uid}", "DTSTAMP:20261101T080000Z", f"SUMMARY:{title}"]
    if isinstance(start, str):
        lines.append(start)
    elif isinstance(start, datetime):
        lines += [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + lasts:%Y%m%dT%H%M%SZ}"]
    else:
        lines.append(f"DTSTART;VALUE=DATE:{start:%Y%m%d}")
    if organizer:
        lines.append(f"ORGANIZER;CN=Organizer:mailto:{organizer}")
    if client is not None:
        lines.append(f"ATTENDEE;CN={client.name};PARTSTAT=ACCEPTED:mailto:{client.email}")
    return "\r\n".join(["BEGIN:VEVENT", *lines, *extra, "END:VEVENT"])


def eml(
    text: str = "Actions:\n- Call the landlord by Friday\n",
    *,
    html: str | None = None,
    subject: str = "Notes",
    from_: str = f"{ANNA.name} <{ANNA.email}>",
    to: str = "notes@mailflow.example",
    cc: str = "",
    sent_at: datetime = NOW,
    message_id: str = "<note-1@coach.example>",
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """A coach's note as a mail program sends it: multipart/alternative, quoted-printable.

    Without `html` the HTML body says the same as the text, a line a paragraph, `- ` lines as a list.
    """
    mail = EmailMessage(policy=policy.SMTP)
    for name, value in (("From", from_), ("To", to), ("Cc", cc), ("Subject", subject), ("Message-ID", message_id)):
        if value:
            mail[name] = value
    mail["Date"] = format_datetime(sent_at)
    for name, value in headers:
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html or _as_html(text), subtype="html", cte="quoted-printable")
    mail.set_boundary("=-a-boundary-that-is-the-same-each-time")
    return mail.as_bytes()


def _as_html(text: str) -> str:
    parts: list[str] = []
    for line in text.splitlines():
        if not line.startswith("- "):
            parts.append(f"<p>{escape(line)}</p>")
        elif parts and parts[-1].endswith("</ul>"):
            parts[-1] = f"{parts[-1].removesuffix('</ul>')}<li>{escape(line[2:])}</li></ul>"
        else:
            parts.append(f"<ul><li>{escape(line[2:])}</li></ul>")
    return f"<html><body>{''.join(parts)}</body></html>"
