"""Words in, RFC 5322 bytes out."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.policy import compat32
from email.utils import format_datetime, formataddr

from mailflow.rendering import RenderedEmail

# The modern policy folds what has no space, such as Outlook's Message-IDs, into encoded words, which no program
# understands in References. The old one folds at spaces only, and Header encodes words as RFC 2047 wants them. At 78 it
# would leave the first line of List-Unsubscribe empty; 998 is what a line may have (RFC 5322 2.1.1).
MAX_LINE = 998
POLICY = compat32.clone(linesep="\r\n", mangle_from_=False, max_line_length=MAX_LINE)

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Headers:
    """`automatic` is the value of Auto-Submitted (RFC 3834): 'auto-replied' where a mail is answered."""

    sender: tuple[str, str]
    recipient: str
    reply_to: tuple[str, str]
    automatic: str
    in_reply_to: str = ""
    unsubscribe: str = ""
    """The page of RFC 8058: one POST to it, and the recipient gets no more of these."""


def to_bytes(
    rendered: RenderedEmail, headers: Headers, message_id: str, now: datetime, *, attached: bytes | None = None
) -> bytes:
    """The message as it goes over the wire, CRLF at each line's end, 7-bit; `attached` is another mail in it."""
    fields = _fields(rendered.subject, headers, message_id, now)
    bodies = [_text("plain", rendered.text), _text("html", rendered.html)]
    if attached is None:
        return _multipart("alternative", message_id, bodies, fields)
    return _multipart("mixed", message_id, [_multipart("alternative", message_id, bodies), _file(attached)], fields)


def _fields(subject: str, headers: Headers, message_id: str, now: datetime) -> Fields:
    charset = "us-ascii" if subject.isascii() else "utf-8"
    fields = [
        ("From", formataddr(headers.sender)),
        ("To", headers.recipient),
        ("Reply-To", formataddr(headers.reply_to)),
        ("Subject", Header(subject, charset, header_name="Subject").encode()),
        ("Date", format_datetime(now)),
        ("Message-ID", message_id),
    ]
    if headers.in_reply_to:
        fields += [("In-Reply-To", headers.in_reply_to), ("References", headers.in_reply_to)]
    fields += [
        ("Auto-Submitted", headers.automatic),
        ("X-Auto-Response-Suppress", "All"),  # Exchange and Outlook know this one only
    ]
    if headers.unsubscribe:
        fields += [
            ("List-Unsubscribe", f"<{headers.unsubscribe}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return fields


def _multipart(subtype: str, message_id: str, parts: Sequence[bytes], fields: Fields = ()) -> bytes:
    boundary = f"=_{subtype}_{binascii.crc32(message_id.encode()):08x}"  # '=_' is in no encoded part: RFC 2045 6.7
    line = f"--{boundary}".encode()
    content = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return _entity(f'multipart/{subtype}; boundary="{boundary}"', fields, content + line + b"--\r\n")


def _text(subtype: str, body: str) -> bytes:
    # Blanks at the end of a line would be encoded, and binascii then makes it longer than RFC 2045 allows.
    lines = [line.rstrip(b" \t") for line in body.encode().splitlines()]
    return _entity(
        f'text/{subtype}; charset="utf-8"',
        [("Content-Transfer-Encoding", "quoted-printable")],
        binascii.b2a_qp(b"\r\n".join((*lines, b""))),
    )


def _file(mail: bytes) -> bytes:
    """As a file: message/rfc822 may not be encoded (RFC 2046 5.2.1), and not every server takes 8 bits."""
    return _entity(
        "application/octet-stream",
        [("Content-Transfer-Encoding", "base64"), ("Content-Disposition", 'attachment; filename="reply.eml"')],
        base64.encodebytes(mail).replace(b"\n", b"\r\n"),
    )


def _entity(kind: str, fields: Fields, content: bytes) -> bytes:
    lines = [_line(name, value) for name, value in (("Content-Type", kind), ("MIME-Version", "1.0"), *fields)]
    return "".join(lines).encode("ascii") + b"\r\n" + content


def _line(name: str, value: str) -> str:
    """Folded where it has to be. The library takes twenty times as long to see that it hasn't."""
    line = f"{name}: {value}"
    is_plain = line.isascii() and line.isprintable() and len(line) <= MAX_LINE
    return f"{line}\r\n" if is_plain else POLICY.fold(name, value)
