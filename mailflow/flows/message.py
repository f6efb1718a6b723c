"""Words in, RFC 5322 bytes out."""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr

from mailflow.logo import Logo
from mailflow.rendering import RenderedEmail

# The modern policy folds what has no space, such as Outlook's Message-IDs, into encoded words, which no program
# understands in References. The old one folds at spaces only, and Header encodes words as RFC 2047 wants them. At 78 it
# would leave the first line of List-Unsubscribe empty; 998 is what a line may have (RFC 5322 2.1.1).
POLICY = compat32.clone(linesep="\r\n", mangle_from_=False, max_line_length=998)


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
    bodies = MIMEMultipart("alternative", policy=POLICY)
    bodies.attach(_text("plain", rendered.text))
    html = _text("html", rendered.html)
    bodies.attach(html if rendered.logo is None else _with_logo(html, rendered.logo))
    message = bodies if attached is None else _with_attachment(bodies, attached)
    message["From"] = formataddr(headers.sender)
    message["To"] = headers.recipient
    message["Reply-To"] = formataddr(headers.reply_to)
    # What looks like an encoded word is encoded itself: else the reader's program would decode it.
    charset = "us-ascii" if rendered.subject.isascii() and "=?" not in rendered.subject else "utf-8"
    message["Subject"] = Header(rendered.subject, charset, header_name="Subject").encode()
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    if headers.in_reply_to:
        message["In-Reply-To"] = headers.in_reply_to
        message["References"] = headers.in_reply_to
    message["Auto-Submitted"] = headers.automatic
    message["X-Auto-Response-Suppress"] = "All"  # Exchange and Outlook know this one only
    if headers.unsubscribe:
        message["List-Unsubscribe"] = f"<{headers.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message.as_bytes(policy=POLICY)


def _text(subtype: str, body: str) -> MIMENonMultipart:
    """In quoted-printable by binascii: the library's own, in Python, takes longer than all the rest of a mail."""
    # Blanks at the end of a line would be encoded, and binascii then makes it longer than RFC 2045 allows.
    lines = [line.rstrip(b" \t") for line in body.encode().splitlines()]
    text = MIMENonMultipart("text", subtype, charset="utf-8", policy=POLICY)
    text["Content-Transfer-Encoding"] = "quoted-printable"
    text.set_payload(binascii.b2a_qp(b"\n".join((*lines, b""))).decode("ascii"))
    return text


def _with_logo(html: MIMENonMultipart, logo: Logo) -> MIMEMultipart:
    """In the mail itself: a picture from elsewhere would tell its server who reads when, and programs ask before."""
    message = MIMEMultipart("related", type="text/html", policy=POLICY)
    message.attach(html)
    picture = MIMENonMultipart("image", logo.kind, policy=POLICY)
    picture.set_payload(logo.data)
    encode_base64(picture)
    picture["Content-ID"] = f"<{logo.content_id}>"
    picture.add_header("Content-Disposition", "inline", filename=f"logo.{logo.kind}")
    message.attach(picture)
    return message


def _with_attachment(bodies: MIMEMultipart, attached: bytes) -> MIMEMultipart:
    """As a file: message/rfc822 may not be encoded (RFC 2046 5.2.1), and not every server takes 8 bits."""
    message = MIMEMultipart("mixed", policy=POLICY)
    message.attach(bodies)
    file = MIMEApplication(attached, policy=POLICY)
    file.add_header("Content-Disposition", "attachment", filename="reply.eml")
    message.attach(file)
    return message
