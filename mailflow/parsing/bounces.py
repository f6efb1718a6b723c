"""What a bounce says: which mail it is about, whether that failed for good, and in which words (RFC 3464).

Servers that don't write RFC 3464 return the mail's header somewhere in their text: its Message-ID is looked for there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from itertools import islice

from mailflow.model import Email
from mailflow.parsing.automatic import BOUNCE_SUBJECTS, DAEMONS
from mailflow.parsing.decoding import decode_bytes, header_values
from mailflow.parsing.parts import Part, header_of, split

MAX_STATUS = 64 * 1024
MAX_WORDS = 300
"""Characters of what the server said; more is no answer that a person reads."""
MAX_NAMED = 20
REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})
# The ids that a provider puts its own in place of.
MESSAGE_IDS = ("message-id", "x-google-original-message-id", "x-gmail-original-message-id")
FAILED = "failed"
_BLOCK = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")
_NAMED = re.compile(r"^[> \t]{0,10}Message-ID:\s{0,10}(<[^<>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)
_ANSWER = re.compile(
    r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b[^\n]{0,300}|(?:^|(?<=: ))[45]\d\d[ -][^\n]{3,300}", re.MULTILINE
)
_TYPE = re.compile(r"^\s*[\w-]{1,20}\s*;\s*")
_STILL_TRIED = re.compile(
    r"warning\b|delayed\b|delivery delayed|mail delivery (?:delayed|warning)|delivery status notification \(delay"
    r"|zustellung verzögert|verzögert",
    re.IGNORECASE,
)


class Fate(StrEnum):
    FAILED = "failed"
    ON_ITS_WAY = "still on its way, or delivered"


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a mail. `about` are the Message-IDs it may be, `said` are the server's words, '' for none."""

    fate: Fate
    about: tuple[str, ...]
    said: str


def read_report(email: Email, raw: bytes) -> DeliveryReport | None:
    """What an automatic mail (parsing/automatic.py), of which `raw` are the bytes, says of another mail's delivery.

    None where nothing shows that a mail server wrote it: a vacation reply comes back to the same address. Never raises.
    """
    parts = split(raw).parts
    recipients = [block for part in parts if part.header.get_content_type() in REPORTS for block in _blocks(part)]
    actions = [_value(block, "action").lower() for block in recipients]
    text = f"{email.text or ''}\n{email.html or ''}"
    if any(actions):
        fate = Fate.FAILED if FAILED in actions else Fate.ON_ITS_WAY
    elif not _is_from_a_server(email, parts):
        return None
    else:
        fate = Fate.ON_ITS_WAY if _STILL_TRIED.match(email.subject) else Fate.FAILED
    return DeliveryReport(fate, tuple(_about(email, parts, text)), _said(recipients, text))


def _is_from_a_server(email: Email, parts: tuple[Part, ...]) -> bool:
    sender = email.from_[0].email.partition("@")[0].casefold() if email.from_ else ""
    return (
        bool(email.header("x-failed-recipients"))
        or any(part.header.get_content_type() in REPORTS for part in parts)
        or BOUNCE_SUBJECTS.match(email.subject) is not None
        or _STILL_TRIED.match(email.subject) is not None
        or sender in DAEMONS
    )


def _blocks(part: Part) -> list[Message]:
    """The groups of fields: one about the mail, then one for each recipient (RFC 3464 2.1)."""
    content, _ = decode_bytes(part.header, bytes(part.body[:MAX_STATUS]))
    return [header_of(block) for block in _BLOCK.split(content.strip())[: MAX_NAMED + 1]]


def _about(email: Email, parts: tuple[Part, ...], text: str) -> list[str]:
    """What was returned first, then what the bounce replies to, then what its text quotes."""
    returned = [
        value
        for part in islice((part for part in parts if part.header.get_content_type() in RETURNED), MAX_NAMED)
        for name in MESSAGE_IDS
        for value in header_values(_returned_header(part), name)
    ]
    quoted = _NAMED.findall("\n".join((text, *email.attached_texts)))[:MAX_NAMED]
    return list(dict.fromkeys((*returned, *email.answers, *quoted)))


def _returned_header(part: Part) -> Message:
    content, _ = decode_bytes(part.header, bytes(part.body[:MAX_STATUS]))
    return header_of(content.lstrip())


def _said(recipients: list[Message], text: str) -> str:
    """The answer of the server that would not take it, of the recipient for whom it failed."""
    failed = next((block for block in recipients if _value(block, "action").lower() == FAILED), None)
    if failed is not None and (words := _value(failed, "diagnostic-code") or _value(failed, "status")):
        return _TYPE.sub("", words)[:MAX_WORDS]
    found = _ANSWER.search(text)
    return " ".join(found[0].split())[:MAX_WORDS] if found else ""


def _value(block: Message, name: str) -> str:
    return next(iter(header_values(block, name)), "")
