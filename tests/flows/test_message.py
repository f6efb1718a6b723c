"""The bytes of a mail, read by the standard library as any mail program would."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from mailflow.flows.message import Headers, to_bytes
from mailflow.rendering import RenderedEmail
from tests.scene import NOW

HEADERS = Headers(
    sender=("Anna Berg", "homework@mailflow.example"),
    recipient="jane@client.example",
    reply_to=("Anna Berg", "notes@mailflow.example"),
    automatic="auto-generated",
)
BODIES = {
    "dots": "one\n.\n..\n.two\n",
    "long": "a" * 200 + " " + "ü" * 100 + "\n" + "=" * 76 + "\n",
    "exactly 76": "b" * 75 + "\n" + "b" * 76 + "\n" + "b" * 73 + "—\n",
    "separators": "one\u2028two\x0bthree\x1cfour\n",
    "a boundary": "--=_alternative_00000000\n",
    "nothing": "",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_both_bodies_arrive_as_they_were_written(body: str) -> None:
    raw = to_bytes(RenderedEmail("Hello", body, f"<p>{body}</p>\n"), HEADERS, "<1@mailflow.example>", NOW)
    plain, html = parts(raw)
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert content(plain) == body
    assert content(html) == f"<p>{body}</p>\n"
    assert raw.isascii()
    assert longest_line(raw) <= 76


@pytest.mark.parametrize("before", range(65, 77))
def test_blanks_at_the_end_of_a_line_make_no_line_longer_than_76(before: int) -> None:
    """binascii encodes them without looking at the length."""
    raw = to_bytes(RenderedEmail("Hello", "x" * before + " \t\nend\n", ""), HEADERS, "<1@mailflow.example>", NOW)
    assert longest_line(raw) <= 76
    assert content(parts(raw)[0]) == "x" * before + "\nend\n"


@pytest.mark.parametrize("subject", ["plain", "für Jane", "=?utf-8?q?=0d=0aBcc:_evil@evil.example?=", "a =?x?= b"])
def test_subject_arrives_as_it_was_written(subject: str) -> None:
    raw = to_bytes(RenderedEmail(subject, "", ""), HEADERS, "<1@mailflow.example>", NOW)
    assert message_from_bytes(raw, policy=default)["Subject"] == subject


def test_a_mail_in_a_mail_arrives_byte_by_byte() -> None:
    attached = b"From: jane@client.example\r\n\r\n" + bytes(range(256)) + b"\r\n--=_mixed_00000000--\r\n"
    raw = to_bytes(RenderedEmail("Hello", "text\n", ""), HEADERS, "<1@mailflow.example>", NOW, attached=attached)
    bodies, file = parts(raw)
    assert content(cast("EmailMessage", bodies.get_payload(0))) == "text\n"
    assert file.get_filename() == "reply.eml"
    assert file.get_payload(decode=True) == attached
    assert raw.isascii()


def parts(raw: bytes) -> list[EmailMessage]:
    return cast("list[EmailMessage]", message_from_bytes(raw, policy=default).get_payload())


def content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def longest_line(raw: bytes) -> int:
    return max(len(line) for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))
