"""Fuzz data -> a well-formed reply that quotes a canary, and the claim that the canary stays in the quote.

The first byte of the data is MARK, which no mail begins with, so that both kinds of input live in one corpus. Of the
rest, each line is a line of the reply: one of LINES where its first byte says so, else what it is.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from html import escape

from fuzz.invariants import DATE_ORDERS, check_mail
from mailflow.model import NoteAction

MARK = b"\x01"
CANARY = "CANARY"
LINES = (
    "Actions:",
    "Actions for Jane:",
    "My actions:",
    "Summary:",
    "Notes:",
    "Client: Jane",
    "- Call Sam by Friday",
    "- ",
    "  - ask about sleep",
    "1. Book the GP",
    "[ ] Read chapter 3 before our next session",
    "Call Sam",
    "",
    "Best,",
    "Anna",
    "--",
    "-- ",
    "-----",
    "> ",
    "On Tue, 24 Nov 2026 at 10:12,",
    "Jane Doe <jane@client.example> wrote:",
    "From: Jane Doe",
    "Sent: Tuesday",
    "When I wake, I will",
    "Drop: 2",
    "a line as long as a mail program makes it before it breaks it at its",
    "soft ",
)
STALE = (
    "Actions:",
    f"- {CANARY} phone your sister by Friday",
    "My actions:",
    f"- {CANARY} send the article",
    "Summary:",
    f"{CANARY} was here",
)
ATTRIBUTION = "On Tue, 24 Nov 2026 at 10:12, Jane Doe <jane@client.example> wrote:"
HEADERS = ("From: Jane <jane@client.example>", "Sent: Tuesday, 24 November 2026", "To: Anna", "Subject: Re: session")


def check(data: bytes) -> None:
    """Raises where the data breaks something, be it a mail or what a reply is made of."""
    if data.startswith(MARK):
        check_quoting(data)
    else:
        check_mail(data, DATE_ORDERS[len(data) % len(DATE_ORDERS)])


def check_quoting(data: bytes) -> None:
    """Raises AssertionError where the quote leaks, or where the mail's encoding changes what is understood."""
    choice, lines = _choices(data)
    kind, body = QUOTES[choice % len(QUOTES)](lines)
    flowed = "; format=flowed" if choice & 0x40 and kind == "plain" else ""
    head = f"From: Anna Berg <anna@coach.example>\nContent-Type: text/{kind}; charset=utf-8{flowed}\n"
    order = DATE_ORDERS[len(data) % len(DATE_ORDERS)]
    note = check_mail(f"{head}\n{body}".encode(), order).note
    for action in (*note.actions, *note.coach_actions):
        assert CANARY not in _words(action), f"leaked into the action {action}"
    assert CANARY not in note.summary, "leaked into the summary"
    name, encode = ENCODINGS[choice // len(QUOTES) % len(ENCODINGS)]
    encoded = f"{head}Content-Transfer-Encoding: {name}\n\n".encode() + encode(body.encode())
    assert check_mail(encoded, order).note == note, f"{name} changes what is understood"
    breaks = f"{head}\n{body}".replace("\n", "\r\n").encode()
    assert check_mail(breaks, order).note == note, "CRLF changes what is understood"


def _choices(data: bytes) -> tuple[int, list[str]]:
    choice = data[1] if len(data) > 1 else 0
    return choice, [_line(line) for line in data[2:].split(b"\n")[:200]]


def _line(data: bytes) -> str:
    if data and 0x80 <= data[0] < 0x80 + len(LINES):
        return LINES[data[0] - 0x80] + _typed(data[1:])
    return _typed(data)


def _typed(data: bytes) -> str:
    """Text that a keyboard and every mail program pass on: no carriage return, no null, no canary."""
    return data.decode(errors="replace").replace("\r", "").replace("\0", "").replace(CANARY, "")


def _words(action: NoteAction) -> str:
    return " ".join((action.text, *action.steps, action.plan, action.why))


def _marked(lines: list[str]) -> tuple[str, str]:
    return "plain", "\n".join([*lines, *(f"> {line}" for line in STALE), ""])


def _attributed(lines: list[str]) -> tuple[str, str]:
    return "plain", "\n".join([*lines, "", ATTRIBUTION, "", *(f"> {line}" for line in STALE), ""])


def _original(lines: list[str]) -> tuple[str, str]:
    return "plain", "\n".join([*lines, "", "-----Original Message-----", *HEADERS, "", *STALE, ""])


def _div(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in lines)


def _cited(lines: list[str]) -> tuple[str, str]:
    return "html", f'<html><body>{_div(lines)}<blockquote type="cite">{_div(STALE)}</blockquote></body></html>\n'


def _gmail(lines: list[str]) -> tuple[str, str]:
    quote = f'<blockquote class="gmail_quote">{_div(STALE)}</blockquote>'
    lead = f'<div dir="ltr" class="gmail_attr">{escape(ATTRIBUTION)}<br></div>'
    return "html", f'<div dir="ltr">{_div(lines)}</div><br><div class="gmail_quote">{lead}{quote}</div>\n'


def _outlook(lines: list[str]) -> tuple[str, str]:
    typed = "".join(f'<p class="MsoNormal">{escape(line) or "&nbsp;"}</p>' for line in lines)
    line = '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    head = "<br>".join(f"<b>{escape(header)}</b>" for header in HEADERS)
    return "html", f'{typed}<div>{line}<p class="MsoNormal">{head}</p></div></div>{_div(STALE)}\n'


QUOTES: tuple[Callable[[list[str]], tuple[str, str]], ...] = (
    _marked,
    _attributed,
    _original,
    _cited,
    _gmail,
    _outlook,
)
ENCODINGS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("base64", base64.encodebytes),
    ("quoted-printable", binascii.b2a_qp),
)
