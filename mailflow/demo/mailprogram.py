"""A mail program as people have it: writes a note with two bodies and hands it over by SMTP."""

from __future__ import annotations

import html
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from mailflow.demo.cast import COACH, NOTES_ADDRESS


def write_note(subject: str, text: str, now: datetime) -> EmailMessage:
    """multipart/alternative in quoted-printable; the HTML has a list wherever the text has one."""
    mail = EmailMessage()
    mail["From"] = formataddr(COACH)
    mail["To"] = NOTES_ADDRESS
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain="coach.example")
    mail["User-Agent"] = "the demo's mail program"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(as_html(text), subtype="html", cte="quoted-printable")
    return mail


def as_html(text: str) -> str:
    """As mail programs do it: a <div> a line, nested <ul> for lists."""
    out, depth = [], 0
    for line in text.splitlines():
        words = line.strip()
        level = 0
        if words.startswith("- "):
            level = 2 if line.startswith("  ") else 1
        while depth < level:
            out.append("<ul>")
            depth += 1
        while depth > level:
            out.append("</ul>")
            depth -= 1
        if level:
            out.append(f"<li>{html.escape(words[2:])}</li>")
        else:
            out.append(f"<div>{html.escape(words) or '<br>'}</div>")
    return "<html><body>" + "".join(out) + "</ul>" * depth + "</body></html>"


def send(mail: EmailMessage, host: str, port: int) -> None:
    """Returns when the server has said 250. Raises OSError and smtplib.SMTPException."""
    with smtplib.SMTP(host, port, timeout=20) as connection:
        connection.send_message(mail)
