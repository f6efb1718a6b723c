"""Bytes and encoded words -> text, tolerant: a wrong or unknown charset never loses a mail."""

from __future__ import annotations

import binascii
import codecs
import re
import string
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from mailflow.model import Address

MAX_HEADER_VALUE = 16 * 1024
MAX_ADDRESSES = 200
MAX_COMMENTS = 100

# Mail says latin-1 and means windows-1252 (as browsers do); the rest are codecs of Python that are no charset of a
# mail, and 'punycode' and 'idna' take quadratic time.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"}
_NOT_BASE64 = bytes(set(range(256)) - set((string.ascii_letters + string.digits + "+/").encode()))
_BETWEEN_ADDRESSES = re.compile(r"[,;]")


def decode_body(part: Message, body: bytes) -> str:
    """The text of a part: its transfer encoding and its charset undone."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64":
        body = _base64(body)
    elif encoding == "quoted-printable":
        body = binascii.a2b_qp(body)
    return decode_charset(body, charset(part)).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _base64(body: bytes) -> bytes:
    """Tolerant of line breaks, of text appended by a list, of a lost last character."""
    clean = body.translate(None, delete=_NOT_BASE64)
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):
        return ""


def decode_charset(body: bytes, name: str) -> str:
    """In the charset named, else UTF-8, else windows-1252 with replacement characters."""
    for candidate in (_codec(name), "utf-8"):
        if candidate:
            try:
                # UTF-7 lets half a surrogate pair through, which no database and no mail takes.
                return body.decode(candidate).encode("utf-8", "replace").decode()
            except (UnicodeError, ValueError):
                continue
    return body.decode("cp1252", "replace")


def _codec(name: str) -> str:
    """The Python codec for a mail's charset, '' for none."""
    name = name.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return ""
    # base64, rot13 and zip are codecs as well, but none for text.
    is_text = getattr(known, "_is_text_encoding", True)
    return known.name if is_text and known.name.replace("_", "-") not in _NO_CHARSETS else ""


def header_values(header: Message, name: str) -> list[str]:
    """All values of a header in order, unfolded and capped, encoded words still encoded."""
    return [unfolded(value) for key, value in header.raw_items() if key.lower() == name]


def unfolded(value: object) -> str:
    """One line of text; bytes that are no ASCII are read as UTF-8, else windows-1252."""
    text = str(value)[: MAX_HEADER_VALUE * 2]
    if not text.isascii():
        text = decode_charset(text.encode("utf-8", "surrogateescape"), "")
    return " ".join(text.split())[:MAX_HEADER_VALUE]


def decode_words(value: str) -> str:
    """RFC 2047 encoded words undone; what can't be decoded stays as it stands."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    text = "".join(piece if isinstance(piece, str) else decode_charset(piece, name or "") for piece, name in pieces)
    return " ".join(text.replace("\0", "").split())


def addresses(values: list[str]) -> tuple[tuple[Address, ...], bool]:
    """(addresses, whether there were too many to read): parsed first, decoded after, so that no encoded word
    can smuggle in an address of its own."""
    text = ", ".join(values)
    if len(text) >= MAX_HEADER_VALUE or len(_BETWEEN_ADDRESSES.findall(text)) > MAX_ADDRESSES:
        return (), True
    # The standard library recurses into comments and groups: 'From: ((((', 'From: a:a:a:'
    if text.count("(") + text.count(":") > MAX_COMMENTS:
        return (), True
    try:
        found = getaddresses(values)
    except (ValueError, IndexError):
        return (), True
    return tuple(Address(decode_words(name), email.strip()) for name, email in found if "@" in email), False
