"""Bytes and encoded words -> text, tolerant: a wrong or unknown charset never loses a mail."""

from __future__ import annotations

import binascii
import codecs
import re
from email.message import Message
from email.utils import getaddresses

from mailflow.model import Address
from mailflow.parsing.transfer import decode_transfer

MAX_HEADER_VALUE = 16 * 1024
MAX_ADDRESSES = 200
MAX_COMMENTS = 100
NO_CHARACTER = "\ufffd"

# What mail programs mean by a label is often a larger charset than the label's (https://encoding.spec.whatwg.org).
# The rest are codecs of Python that are no charset of a mail, and 'punycode' and 'idna' take quadratic time.
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-roman": "mac-roman",
}
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SINGLE_BYTE = re.compile(r"cp(?:125\d|8\d\d|437)|iso8859|koi8|mac|ptcp|kz1048")
# Letters of Europe, punctuation, Chinese, Japanese and Korean, emoji. One or two characters of another kind are rather
# two of windows-1252: 'ß' and an ellipsis make a letter of the N'Ko script.
_COMMON = re.compile(r"[\x00-\x7f\xa0-\u017f\u0400-\u045f\u2010-\uffff\U0001f000-\U0001faff]*")
_META_CHARSET = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ENCODED_WORD = re.compile(
    r"=\?(?P<charset>[^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?(?:(?P<q>[qQ])|[bB])\?"
    r"(?P<text>[^?]*(?:(?<!=)\?(?!=)[^?]*){0,5})\?="
)
_TOKEN = re.compile(r"[\w-]{1,40}")
_BETWEEN_ADDRESSES = re.compile(r"[,;]")


def decode_body(part: Message, body: bytes) -> tuple[str, bool]:
    """(the text of a part: its transfer encoding and its charset undone, whether something of it got lost)."""
    body, bytes_lost = decode_bytes(part, body)
    name = charset(part)
    if not name and (found := _META_CHARSET.search(body, 0, 1024)):
        name = found[1].decode()
    text, lost = decode_charset(body, name)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", ""), bytes_lost or lost


def decode_bytes(part: Message, body: bytes) -> tuple[bytes, bool]:
    said = _TOKEN.search(str(part.get("content-transfer-encoding", "")))
    return decode_transfer(body, said[0].lower() if said else "")


def charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (LookupError, ValueError):
        return ""


def decode_charset(body: bytes, name: str) -> tuple[str, bool]:
    """(the text, whether some of it is lost or guessed): in the charset that the bytes show, that is named, or UTF-8;
    a damaged place in it is marked; else in windows-1252."""
    codec = next((marked for mark, marked in _MARKS if body.startswith(mark)), "") or _codec(name)
    if codec.startswith("utf-16") and (codec := _order(body, codec)):
        return _replaced(body, codec)
    if codec.startswith("iso2022") and b"\x1b" in body:  # all of it is ASCII, and is none
        return _replaced(body, codec)
    if _SINGLE_BYTE.match(codec) and _looks_like_utf8(body):
        codec = "utf-8"
    candidates = [candidate for candidate in (codec, "utf-8") if candidate]
    for candidate in candidates:
        try:
            return _whole(body.decode(candidate)), False
        except (UnicodeError, ValueError):
            continue
    for candidate in candidates:
        text, _ = _replaced(body, candidate)
        if _SINGLE_BYTE.match(candidate) or _is_mostly_read(text):
            return text, True
    return body.decode("cp1252", "replace"), bool(name) and not codec


def _whole(text: str) -> str:
    """UTF-7 lets half a surrogate pair through, which no database and no mail takes."""
    return text.encode("utf-8", "replace").decode()


def _replaced(body: bytes, codec: str) -> tuple[str, bool]:
    text = _whole(body.decode(codec, "replace"))
    return text, NO_CHARACTER in text


def _codec(name: str) -> str:
    """The Python codec for a mail's charset, '' for none."""
    name = name.strip().strip("\"'").lower()
    try:
        known = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return ""
    # base64, rot13 and zip are codecs as well, but none for text.
    if not getattr(known, "_is_text_encoding", True) or known.name.replace("_", "-") in _NO_CHARSETS:
        return ""
    return _MEANT.get(known.name, known.name)


def _order(body: bytes, codec: str) -> str:
    """UTF-16 without a mark tells by its zeros which byte is the first; text without any is no UTF-16."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in body:
        return ""
    if codec != "utf-16":
        return codec
    return "utf-16-be" if body[:200:2].count(0) > body[1:200:2].count(0) else "utf-16-le"


def _looks_like_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        text = body.decode()
    except UnicodeError:
        return False
    return sum(character > "\x7f" for character in text[:100_000]) > 3 or _COMMON.fullmatch(text) is not None


def _is_mostly_read(text: str) -> bool:
    """Damage is a place or two among characters that are right; in a wrong charset most of them are none."""
    right = sum(character > "\x7f" for character in text) - text.count(NO_CHARACTER)
    return right > 0 and right >= text.count(NO_CHARACTER)


def header_values(header: Message, name: str) -> list[str]:
    """All values of a header in order, unfolded and capped, encoded words still encoded."""
    return [unfolded(value) for key, value in header.raw_items() if key.lower() == name]


def unfolded(value: object) -> str:
    """One line of text; bytes that are no ASCII are read as UTF-8, else windows-1252."""
    text = str(value)[: MAX_HEADER_VALUE * 2]
    if not text.isascii():
        text, _ = decode_charset(text.encode("utf-8", "surrogateescape"), "")
    return " ".join(text.split())[:MAX_HEADER_VALUE]


def decode_words(value: str) -> str:
    """RFC 2047 encoded words undone; what can't be decoded stays as it stands."""
    if "=?" not in value:
        return value
    text = ""
    pending, charset_, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        # White space between two words is none (6.2), and programs cut a character's bytes in two.
        if between.strip() or end == 0 or word["charset"].lower() != charset_:
            text += decode_charset(pending, charset_)[0] + (between if between.strip() or end == 0 else "")
            pending, charset_ = b"", word["charset"].lower()
        pending += _word(word)
        end = word.end()
    text += decode_charset(pending, charset_)[0] + value[end:]
    return " ".join(text.replace("\0", "").split())


def _word(word: re.Match[str]) -> bytes:
    data = word["text"].encode("utf-8", "surrogateescape")
    if word["q"]:
        return binascii.a2b_qp(data, header=True)
    return decode_transfer(data, "base64")[0]


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
