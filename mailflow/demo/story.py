"""What happens, told line by line on the terminal while it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from mailflow.demo.mailbox import SentMail, read_mails
from mailflow.model import OutboundKind

SENT_AS = {
    OutboundKind.RECEIPT: "receipt to the coach",
    OutboundKind.QUESTION: "question to the coach: whose session was it?",
    OutboundKind.NO_ACTIONS: "answer to the coach: no actions found",
    OutboundKind.HOMEWORK: "homework to the client",
    OutboundKind.CLIENT_REPLY: "to the coach: what the client replied",
    OutboundKind.UNPROVEN: "to the coach: mail in your name was kept back",
    OutboundKind.OPTED_OUT: "to the coach: a client wants no mails",
    OutboundKind.UNREAD: "to the coach: mailflow failed on a mail",
    OutboundKind.UNDELIVERED: "to the coach: the homework was refused",
    OutboundKind.REVIEW: "review to the coach",
    OutboundKind.MORNING: "reviews of the day to the coach",
    OutboundKind.NUDGE: "reminder to the client",
    OutboundKind.NOT_MEANT: "to the coach: the mail was not meant for its reader",
    OutboundKind.FRESH_LINK: "fresh link to the client",
    OutboundKind.NO_NOTES: "question to the coach: no notes came",
}
TROUBLE = {
    "mail.postponed",
    "mail.failed",
    "mail.refused",
    "mail.unmade",
    "mail.expired",
    "account.refused",
    "worker.failed",
}


@dataclass
class Story:
    """Turns the daemon's events into lines. `mails` are those that left so far, by kind."""

    sent: Path
    zone: ZoneInfo
    mails: dict[OutboundKind, list[SentMail]] = field(default_factory=dict)

    def tell(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "mail.received":
                self.say("received", f"a mail of {event['bytes']} bytes, stored before the 250 was said")
            case "mail.processed" if event["status"] == "processed":
                self.say("understood", event["reason"])
            case "mail.processed":
                self.say(event["status"], event["reason"])
            case "mail.sent":
                self._tell_sent(OutboundKind(event["kind"]), event["message_id"])
            case "answer.saved":
                self.say("answered", f"the client says: {event['answer'].replace('_', ' ')}")
            case "note.decided":
                self.say("decided", f"the coach pressed '{event['decision']}'")
            case "note.edited" if event["edited"] == "saved":
                self.say("edited", "the coach edited the actions in the form")
            case "action.settled":
                self.say("settled", f"the coach pressed '{event['choice']}' in the review")
            case name if name in TROUBLE:
                self.say("trouble", str(event.get("reason", name)))
            case _:
                pass

    def _tell_sent(self, kind: OutboundKind, message_id: str) -> None:
        (mail,) = (mail for mail in read_mails(self.sent, self.zone) if mail.message_id == message_id)
        self.mails.setdefault(kind, []).append(mail)
        self.say("sent", f"{SENT_AS[kind]}: '{mail.subject}' to {mail.recipient}")
        if kind is OutboundKind.RECEIPT:
            for line in understood(mail.text):
                click.echo(f"{'':22}{line}")
        elif mail.links:
            click.echo(f"{'':22}a link in it: {mail.links[0]}")

    def say(self, what: str, words: str) -> None:
        click.echo(f"{datetime.now(self.zone):%H:%M:%S}  {what:<12}{words}")


def understood(text: str) -> list[str]:
    """The receipt's lines about actions: the numbered ones, with what is indented below them."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip()[:1].isdigit() or (lines and line.startswith("   ") and line.strip()):
            lines.append(line.strip())
        elif lines and line.strip():
            break
    return lines
