"""Whatever a mail program does to a note on its way, the actions stay the same."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.model import NoteAction
from mailflow.parsing.mime import content_id, read_email
from mailflow.parsing.notes import parse_note

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WORDS = st.sampled_from("the letter Sam about work and his new job with Müller at noon for a week then again".split())
ITEM = st.tuples(st.sampled_from("Call Write Book Read Ask".split()), st.lists(WORDS, min_size=2, max_size=14)).map(
    lambda drawn: " ".join([drawn[0], *drawn[1]])
)
ITEMS = st.lists(ITEM, min_size=1, max_size=5)
MARKERS = st.sampled_from(["- ", "* ", "• ", "– ", "[ ] ", "1. "])
SIGNATURE = st.sampled_from(["", "\nBest,\nAnna\n", "\n-- \nAnna Berg\n+44 1234 567\n", "\nSent from my phone\n"])
QUOTE = st.sampled_from(
    [
        "",
        "\nOn Tue, 24 Nov 2026 at 10:12, Jane Doe <jane@client.example> wrote:\n> Actions:\n> - STALE\n",
        "\n-----Original Message-----\nFrom: Jane\n\nActions:\n- STALE\n",
        "\n________________________________\nFrom: Jane\nSent: Tuesday\nTo: Anna\nSubject: x\n\nActions:\n- STALE\n",
    ]
)
HEAD = "From: Anna Berg <anna@coach.example>\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nMessage-ID: <1@coach.example>\n"
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "8bit": lambda body: body.encode(),
    "base64": lambda body: base64.encodebytes(body.encode()),
    "quoted-printable": lambda body: binascii.b2a_qp(body.encode()),
}
bounded = settings(max_examples=60, deadline=None, derandomize=True)


def mail(body: str, encoding: str = "8bit", kind: str = "text/plain") -> bytes:
    head = f"{HEAD}Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + ENCODINGS[encoding](body)


def actions(raw: bytes) -> tuple[NoteAction, ...]:
    return parse_note(read_email(raw), now=NOW, timezone="Europe/Berlin").actions


def wrapped(text: str, width: int, indent: str) -> str:
    """As a mail program breaks lines: at the last space before `width`."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(indent + word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


@bounded
@given(ITEMS, MARKERS, SIGNATURE, QUOTE, st.sampled_from(sorted(ENCODINGS)))
def test_signature_quote_and_encoding_never_change_the_actions(
    items: list[str], marker: str, signature: str, quote: str, encoding: str
) -> None:
    body = "She was tired.\n\nActions:\n" + "".join(f"{marker}{item}\n" for item in items)
    assert [action.text for action in actions(mail(body))] == items
    assert actions(mail(body + signature + quote, encoding)) == actions(mail(body))


@bounded
@given(ITEMS, MARKERS, st.integers(66, 78), st.booleans())
def test_line_breaks_of_the_mail_program_never_change_the_actions(
    items: list[str], marker: str, width: int, indented: bool
) -> None:
    # A line as wide as the mail program allows tells where it breaks; every mail of some length has one.
    filler = "x" * width
    indent = " " * len(marker) if indented else ""
    body = f"{filler}\n\nActions:\n" + "".join(wrapped(marker + item, width, indent) + "\n" for item in items)
    assert [action.text for action in actions(mail(body))] == items


@bounded
@given(ITEMS, SIGNATURE, QUOTE)
def test_html_says_the_same_as_text(items: list[str], signature: str, quote: str) -> None:
    html = "<div>Actions:</div><ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    tail = "".join(f"<div>{line or '<br>'}</div>" for line in (signature + quote).replace("<", "&lt;").split("\n"))
    text = "Actions:\n" + "".join(f"- {item}\n" for item in items)
    assert actions(mail(html + tail, kind="text/html")) == actions(mail(text))


@bounded
@given(ITEMS, st.sampled_from(sorted(ENCODINGS)))
def test_content_id_does_not_depend_on_the_encoding(items: list[str], encoding: str) -> None:
    body = "\n".join(items) + "\n"
    assert content_id(read_email(mail(body, encoding))) == content_id(read_email(mail(body)))


@bounded
@given(st.binary(max_size=400))
def test_any_bytes_are_an_email_and_a_note(raw: bytes) -> None:
    parse_note(read_email(b"Content-Type: text/html\n\nActions:\n" + raw), now=NOW, timezone="Europe/Berlin")
    parse_note(read_email(raw), now=NOW, timezone="Europe/Berlin")
