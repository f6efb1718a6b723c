"""A coach with so many clients that each note is about one of a few only: the settings, the calendar, the notes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.builders import another_client, ics, ics_event
from tests.dovecot import HOST, PASSWORD
from tests.ports import free_port
from tests.scene import ANNA, NOTES, SERVICE, note

CLIENTS = 40

SETTINGS = """
data = "{data}"

[service]
email = "{service}"
answers_per_hour = 100000

[web]
port = {web_port}
url = "http://127.0.0.1:{web_port}"

[[mailbox]]
kind = "smtp"
name = "smtp"
port = {smtp_port}
recipients = ["{notes}"]
trust = "none"

[[mailbox]]
kind = "folder"
name = "folder"
path = "dropped"
every = "1 second"
recipients = ["{notes}"]
trust = "none"

{imap}
[mailer]
kind = "smtp"
host = "127.0.0.1"
port = {sink_port}
security = "none"

[[coach]]
name = "Anna Berg"
email = "{anna}"
timezone = "Europe/Berlin"
hold = "0 seconds"

[[coach.calendar]]
kind = "ics"
path = "calendar.ics"
"""

IMAP = """
[[mailbox]]
kind = "imap"
name = "imap"
host = "{host}"
port = {port}
security = "none"
username = "{user}"
password_file = "imap-password"
recipients = ["{notes}"]
since = "2020-01-01"
trust = "none"
"""
IMAP_USER = "notes"


def write_practice(folder: Path, *, smtp_port: int, sink_port: int, imap_port: int | None = None) -> Path:
    """The settings file; the data folder is beside it. Every client had a session an hour ago."""
    data = folder / "data"
    (data / "dropped").mkdir(parents=True)
    began = datetime.now(UTC) - timedelta(hours=1)
    events = (
        ics_event(f"session-{number}", began, client=another_client(f"Client {number}", number=number))
        for number in range(CLIENTS)
    )
    (data / "calendar.ics").write_bytes(ics(*events))
    config = folder / "mailflow.toml"
    ports = {"web_port": free_port(), "smtp_port": smtp_port, "sink_port": sink_port}
    imap = "" if imap_port is None else IMAP.format(host=HOST, port=imap_port, user=IMAP_USER, notes=NOTES)
    (data / "imap-password").write_text(PASSWORD)
    config.write_text(
        SETTINGS.format(data=data, service=SERVICE, notes=NOTES, anna=ANNA, imap=imap, **ports), encoding="utf-8"
    )
    return config


def write_note(number: int) -> bytes:
    """The note of this number, about one client; its subject, its action and its Message-ID say the number."""
    return note(
        f"Actions:\n- Practise exercise {number:05}\n",
        to=f"{NOTES}, {recipient(number)}",
        subject=f"Note {number:05}",
        date=datetime.now(UTC),
        message_id=note_id(number),
    )


def recipient(number: int) -> str:
    """The client whom the note of this number is about."""
    return f"client{number % CLIENTS}@client.example"


def note_id(number: int) -> str:
    return f"<note-{number:05}@coach.example>"
