"""The folder that mail leaves into, read as a mailbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

LINK = re.compile(r"https?://[^\s<>\")]+")


@dataclass(frozen=True)
class SentMail:
    """A mail as its reader has it."""

    name: str
    message_id: str
    subject: str
    sender: str
    recipient: str
    date: datetime
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        """Every address in the text, in order."""
        return LINK.findall(self.text)


def read_mails(folder: Path, zone: ZoneInfo) -> list[SentMail]:
    """The oldest first, with dates as a reader in that zone sees them."""
    mails = [read_mail(file, zone) for file in folder.glob("*.eml")]
    return sorted(mails, key=lambda mail: mail.date)


def read_mail(file: Path, zone: ZoneInfo) -> SentMail:
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return SentMail(
        name=file.stem,
        message_id=str(message["Message-ID"]),
        subject=str(message["Subject"]),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        date=message["Date"].datetime.astimezone(zone),
        text=body(message, "plain"),
        html=body(message, "html"),
    )


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content())
