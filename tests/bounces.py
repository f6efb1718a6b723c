"""A bounce as Postfix writes it, of a mail that left."""

from __future__ import annotations

from tests.scene import SERVICE, SentMail

WORDS = "550 5.1.1 <jane@client.example>: Recipient address rejected: User unknown"
BOUNCE = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 17:20:00 +0100
Message-ID: <{queue_id}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mx.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {said}

--b
Content-Type: {returned_type}

{returned}
--b--
"""


def bounce_of(
    mail: SentMail, *, to: str = SERVICE, action: str = "failed", with_header: bool = True, queue_id: str = "4Z1"
) -> bytes:
    """`with_header`: it returns the mail's header, by which it can be told."""
    header, _, _ = mail.raw.partition(b"\r\n\r\n")
    text = BOUNCE.format(
        to=to,
        queue_id=queue_id,
        recipient=mail.recipient,
        action=action,
        said=WORDS,
        returned_type="text/rfc822-headers" if with_header else "text/plain",
        returned=header.decode().replace("\r\n", "\n") if with_header else "The message is not returned.",
    )
    return text.replace("\n", "\r\n").encode()
