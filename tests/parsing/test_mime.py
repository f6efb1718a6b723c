"""Bytes of mail -> Email, also where the bytes are broken or hostile."""

from __future__ import annotations

import base64
import tracemalloc
from datetime import UTC, datetime

import pytest

from mailflow.model import Address, Problem, ProblemKind
from mailflow.parsing.decoding import MAX_ADDRESSES
from mailflow.parsing.mime import MAX_SIZE, MAX_TEXT, content_id, read_email
from mailflow.parsing.parts import MAX_DEPTH, MAX_HEADER, MAX_PARTS

HEAD = b"From: Anna Berg <anna@coach.example>\nMessage-ID: <1@coach.example>\nSubject: Notes\n"
NOTE = "Actions:\n- Grüße an Sam\n"


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    joined = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return HEAD + b"Content-Type: multipart/" + kind + b"; boundary=b\n\n" + joined + b"--b--\n"


def test_headers_are_decoded() -> None:
    email = read_email(
        b"From: =?utf-8?q?J=C3=BCrgen?= <j@coach.example>\n"
        b'To: notes@mailflow.example, "Doe, Jane" <jane@client.example>\n'
        b"Cc: tom@client.example\nSubject: =?iso-8859-1?q?Gr=FC=DFe?=\n =?utf-8?b?4pyT?=\n"
        b"Message-ID: <1@coach.example>\n"
        b"Date: Wed, 25 Nov 2026 10:00:00 +0100\nIn-Reply-To: <0@x.example>\n"
        b"References: <a@x.example>\n <b@x.example>\n\nHi"
    )
    assert email.from_ == (Address("Jürgen", "j@coach.example"),)
    assert email.to == (Address("", "notes@mailflow.example"), Address("Doe, Jane", "jane@client.example"))
    assert email.cc == (Address("", "tom@client.example"),)
    assert email.subject == "Grüße✓"
    assert email.date == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert (email.message_id, email.in_reply_to) == ("<1@coach.example>", "<0@x.example>")
    assert email.references == ("<a@x.example>", "<b@x.example>")
    assert (email.text, email.problems) == ("Hi", ())


def test_every_from_and_every_authentication_result_is_kept_in_order() -> None:
    email = read_email(
        b"Authentication-Results: mx.example; dmarc=pass\nFrom: a@b.example\n"
        b"Authentication-Results: forged; dmarc=pass\n"
        b"FROM: c@d.example\n\nHi"
    )
    assert email.headers == (
        ("authentication-results", "mx.example; dmarc=pass"),
        ("from", "a@b.example"),
        ("authentication-results", "forged; dmarc=pass"),
        ("from", "c@d.example"),
    )
    assert [address.email for address in email.from_] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Wed, 99 Nov 2026 10:00:00", "Wed, 25 Nov 99999 10:00:00 +0100", "0" * 5000]
)
def test_date_that_is_none_is_none(date: str) -> None:
    assert read_email(f"From: a@b.example\nDate: {date}\n\nHi".encode()).date is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Type: text/plain; charset=utf-8", NOTE.encode()),
        (b"Content-Type: text/plain; charset=iso-8859-1", NOTE.encode("latin-1")),
        (b"Content-Type: text/plain; charset=windows-1252", NOTE.encode("cp1252")),
        (b"Content-Type: text/plain; charset=utf-16", NOTE.encode("utf-16")),
        (b"Content-Type: text/plain; charset=us-ascii", NOTE.encode()),
        (b"Content-Type: text/plain; charset=x-unknown", NOTE.encode()),
        (b"Content-Type: text/plain; charset=utf-8", NOTE.encode("cp1252")),
        (b"Content-Type: text/plain; charset=base64", NOTE.encode()),
        (b"Content-Type: text/plain; charset=punycode", NOTE.encode()),
        (b"Content-Type: text/plain; charset=\xff\xfe", NOTE.encode()),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", base64.encodebytes(NOTE.encode())),
        (b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", base64.b64encode(NOTE.encode()).rstrip(b"=")),
        (
            b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable",
            b"Actions:\n- Gr=C3=BC=\n=C3=9Fe an Sam\n",
        ),
        (b"X: y", NOTE.encode()),
    ],
)
def test_text_is_read_in_whatever_charset_and_encoding(head: bytes, body: bytes) -> None:
    assert (read_email(HEAD + head + b"\n\n" + body).text or "").strip() == NOTE.strip()


def test_carriage_returns_do_not_matter() -> None:
    raw = mixed(b"Content-Type: text/plain\n\nHi", b"Content-Type: text/html\n\n<p>Hi</p>", kind=b"alternative")
    email = read_email(raw.replace(b"\n", b"\r\n"))
    assert (email.text, email.html) == ("Hi", "<p>Hi</p>")


def test_same_text_twice_is_read_once() -> None:
    one = b"Content-Type: text/plain; charset=utf-8\n\n" + NOTE.encode()
    other = b"Content-Type: text/plain; charset=iso-8859-1\n\n" + NOTE.encode("latin-1") + b" \n"
    assert read_email(mixed(one, other, kind=b"alternative")).text == NOTE


@pytest.mark.parametrize("boundary", [b"", b"; boundary=other", b'; boundary="b', b" boundary=b"])
def test_parts_that_nobody_can_find_are_told(boundary: bytes) -> None:
    raw = HEAD + b"Content-Type: multipart/mixed" + boundary + b"\n\n--b\nContent-Type: text/plain\n\nHi\n--b--\n"
    assert read_email(raw).problems == (Problem(ProblemKind.UNREADABLE),)


@pytest.mark.parametrize(
    "disposition",
    [
        'filename="Sitzung mit Müller.docx"'.encode(),
        'filename="Sitzung mit Müller.docx"'.encode("latin-1"),
        b"filename=Sitzung mit M\xc3\xbcller.docx",
        b'filename="=?utf-8?q?Sitzung_mit_M=C3=BCl?=\n =?utf-8?q?ler=2Edocx?="',
        b"filename*=utf-8''Sitzung%20mit%20M%C3%BCller.docx",
        b"filename*=iso-8859-1'de'Sitzung%20mit%20M%FCller.docx",
        b"filename*=Sitzung%20mit%20M%C3%BCller.docx",
        b"filename*=x-unknown''Sitzung%20mit%20M%C3%BCller.docx",
        b"filename*0*=utf-8''Sitzung%20mit;\n filename*1*=%20M%C3%BCller;\n filename*2=.docx",
    ],
)
def test_attachment_is_named_however_its_name_is_written(disposition: bytes) -> None:
    part = b"Content-Type: application/octet-stream\nContent-Disposition: attachment; " + disposition + b"\n\nx"
    assert read_email(mixed(part)).attachments == ("Sitzung mit Müller.docx",)


@pytest.mark.parametrize("encoding", [b"base64", b"BASE64 ", b'"base64"', b"base64 (of text)", b"base64;"])
def test_transfer_encoding_is_known_however_it_is_written(encoding: bytes) -> None:
    body = b"Content-Transfer-Encoding: " + encoding + b"\n\n" + base64.encodebytes(NOTE.encode())
    assert read_email(HEAD + body).text == NOTE


@pytest.mark.parametrize("hashes", ["", "Hash: SHA256\n", "Hash: SHA256\nComment: x\n"])
def test_cleartext_signature_below_a_banner_is_taken_off(hashes: str) -> None:
    signed = f"Banner\n-----BEGIN PGP SIGNED MESSAGE-----\n{hashes}\nTired.\n\nActions:\n- - Call\n- ----\n"
    signed += "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\nFooter"
    text = read_email(HEAD + b"\n" + signed.replace("\n", "\r\n").encode()).text
    assert text == "Banner\nTired.\n\nActions:\n- Call\n----\nFooter"


def test_cleartext_signature_without_an_end_hides_nothing() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nActions:\n- - Call\n"
    assert read_email(HEAD + b"\n" + text.encode()).text == text


def test_text_beside_an_invitation_is_read() -> None:
    email = read_email(
        mixed(b"Content-Type: text/plain\n\nHi", b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR")
    )
    assert (email.text, email.attachments) == ("Hi", ())


@pytest.mark.parametrize(
    "head",
    [
        b'Content-Type: text/markdown; name="note.md"\nContent-Disposition: attachment; filename="note.md"',
        b'Content-Type: application/octet-stream\nContent-Disposition: attachment; filename="NOTE.TXT"',
        b"Content-Type: text/plain\nContent-Disposition: attachment",
        b"Content-Type: text/markdown",
    ],
)
def test_text_file_is_kept_apart_from_what_was_typed(head: bytes) -> None:
    email = read_email(mixed(b"Content-Type: text/plain\n\nHi", head + b"\n\nActions:"))
    assert (email.text, email.attached_texts) == ("Hi", ("Actions:",))


def test_attached_mail_is_not_what_was_written() -> None:
    email = read_email(mixed(b"Content-Type: text/plain\n\nHi", b"Content-Type: message/rfc822\n\nSubject: x\n\nSTALE"))
    assert (email.text, email.html) == ("Hi", None)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (b"Content-Type: application/ms-tnef; name=winmail.dat\n\nx", Problem(ProblemKind.UNREADABLE, "winmail.dat")),
        (
            b"Content-Type: application/octet-stream; name=winmail.dat\n\nx",
            Problem(ProblemKind.UNREADABLE, "winmail.dat"),
        ),
        (b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nx", Problem(ProblemKind.ENCRYPTED, "smime.p7m")),
        (b"Content-Type: application/pgp-encrypted\n\nVersion: 1", Problem(ProblemKind.ENCRYPTED)),
        (b"Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\nx", Problem(ProblemKind.ENCRYPTED)),
        (
            b'Content-Disposition: attachment; filename="note.docx"\nContent-Type: application/octet-stream\n\nx',
            Problem(ProblemKind.UNREAD_ATTACHMENT, "note.docx"),
        ),
    ],
)
def test_what_cannot_be_read_is_told(part: bytes, problem: Problem) -> None:
    assert read_email(mixed(part)).problems == (problem,)


def test_format_flowed_is_told() -> None:
    assert read_email(HEAD + b"Content-Type: text/plain; format=flowed\n\nHi").format_flowed


def test_same_mail_by_another_way_has_the_same_content_id() -> None:
    one = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + NOTE.encode()
    other = (
        b"Received: from x\n"
        + HEAD.replace(b"Notes", b"=?utf-8?q?Notes?=")
        + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(NOTE.replace("\n", "\r\n").encode())
    )
    assert content_id(read_email(one)) == content_id(read_email(other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"anna@", b"tom@"),
        (b"Notes", b"Other"),
        (b"<1@", b"<2@"),
        (b"Call Sam", b"Call Tom"),
        (b"\n\n", b"\nDate: Wed, 25 Nov 2026 10:00:00 +0100\n\n"),
    ],
)
def test_another_mail_has_another_content_id(old: bytes, new: bytes) -> None:
    raw = HEAD + b"\nActions:\n- Call Sam\n"
    assert content_id(read_email(raw)) != content_id(read_email(raw.replace(old, new, 1)))


def nested(depth: int) -> bytes:
    return HEAD + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (nested(MAX_DEPTH + 1), Problem(ProblemKind.TOO_NESTED)),
        (nested(20_000), Problem(ProblemKind.TOO_NESTED)),
        (mixed(*[b"\nx"] * (MAX_PARTS + 1)), Problem(ProblemKind.TOO_NESTED)),
        (mixed(*[b"\nx"] * 100_000), Problem(ProblemKind.TOO_NESTED)),
        (HEAD + b"\n" + b"x" * MAX_SIZE, Problem(ProblemKind.TOO_LARGE)),
        (HEAD + b"\n" + b"x " * MAX_TEXT, Problem(ProblemKind.TOO_LARGE, "text")),
        (HEAD + b"X: y\n" * MAX_HEADER + b"\nHi", Problem(ProblemKind.TOO_LARGE, "header")),
        (b"From: " + b"(" * 5000 + b"\n\nHi", Problem(ProblemKind.TOO_LARGE, "From")),
        (HEAD + b"To: " + b"a@b.example," * (MAX_ADDRESSES + 2) + b"\n\nHi", Problem(ProblemKind.TOO_LARGE, "To")),
    ],
    ids=["nested", "very-nested", "parts", "many-parts", "size", "text", "header", "comments", "addresses"],
)
def test_hostile_mail_is_a_problem_and_its_reading_is_capped(raw: bytes, problem: Problem) -> None:
    tracemalloc.start()
    email = read_email(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert email.problems == (problem,)
    assert peak < 100_000_000


def test_mail_over_a_cap_still_tells_who_sent_it() -> None:
    assert [address.email for address in read_email(nested(5000)).from_] == ["anna@coach.example"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        bytes(range(256)) * 50,
        b"From",
        b"Content-Type: multipart/mixed\n\nHi",
        b'Content-Type: multipart/mixed; boundary=""\n\n--\n--',
        b"Content-Type: multipart/mixed; boundary*=foo''%ff\n\n--x",
        b"Content-Type: text/plain; charset*=foo''%ff\n\nx",
        b"Content-Disposition: attachment; filename*=foo''%ff\n\nx",
        b"Subject: =?utf-8?b?!!!?= =?foo?q?x?= =?utf-8?q?=zz?=\n\nx",
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n=",
        b"Content-Type: text/html\n\n\x00<",
    ],
)
def test_broken_mail_is_read_as_far_as_it_goes(raw: bytes) -> None:
    assert len(content_id(read_email(raw))) == 64


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 +0000", "Thu, 1 Jan 1903 00:00:00 +0000"])
def test_date_that_no_mail_ever_had_is_none(date: str) -> None:
    assert read_email(f"Date: {date}\n\nHi".encode()).date is None


@pytest.mark.parametrize("end", [b"\r\n \r\n ", b"\n\t\n ", b"\r\r", b"\rno header\r\n ", b"\r\nX : y\r\n "])
def test_words_in_a_header_that_nobody_reads_are_no_text_and_hide_no_header(end: bytes) -> None:
    """Whoever has a signed mail can put such a header into it, and every server still finds the signature good."""
    raw = b"From: anna@coach.example\r\nX-Any: a" + end + b"Actions:\r\n - Pay Eva\r\nTo: n@x.example\r\n\r\nHi\r\n"
    email = read_email(raw)
    assert (email.text or "").strip() == "Hi"
    assert [address.email for address in email.to] == ["n@x.example"]


def test_carriage_return_in_a_header_begins_no_other() -> None:
    assert read_email(b"From: anna@coach.example\r\nX-Any: a\rCc: tom@client.example\r\n\r\nHi").cc == ()
