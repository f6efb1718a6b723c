"""Bytes -> the leaf parts of a MIME mail, in bounded time: RFC 2046 without recursion.

The standard library's parser recurses into nested parts (1,500 of them end in RecursionError) and needs 12 s
for 100,000 parts. This one stops at its caps, says so, and never copies a part it does not need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser

MAX_DEPTH = 20
MAX_PARTS = 300
MAX_HEADER = 128 * 1024
MAX_PART_HEADERS = 512 * 1024
"""Bytes of the parts' headers together; the standard library takes a second for twice as many."""
MAX_STRANGE_LINES = 100_000
"""Lines that begin like a boundary and are none."""

_PARSER = BytesHeaderParser(policy=policy.compat32)
# Nothing else ends a header (RFC 5322 2.1). A server that checks a signature takes a line of blanks for a folded one, a
# bare CR for a character, 'X : y' for a field: ended the header there for us, then somebody's words would be text, or
# To and Date be gone, in a mail that was found to be genuine.
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_BARE_CR = re.compile(rb"\r(?!\n)")
_NO_FIELD = re.compile(rb"^(?![!-9;-~]+:|[ \t]).*(?:\n[ \t].*)*(?:\n|\Z)", re.MULTILINE)
_NO_HEADER = re.compile(rb"\r?\n")
_LINE_END = re.compile(rb"(?P<close>--)?[ \t]{0,100}(?:\r?\n|\r|\Z)")
_BREAKS = b"\r\n"


@dataclass(frozen=True)
class Part:
    """A leaf of the MIME tree: its header, and its body still in its transfer encoding."""

    header: Message
    body: memoryview


@dataclass(frozen=True)
class Tree:
    """The mail's own header and its leaf parts in order; the flags say where a cap cut it short."""

    header: Message
    parts: tuple[Part, ...]
    too_nested: bool = False
    too_long_header: bool = False


@dataclass
class _Room:
    """What is left of the caps that hold for the whole mail."""

    headers: int = MAX_PART_HEADERS
    strange_lines: int = MAX_STRANGE_LINES


def split(raw: bytes) -> Tree:
    """The leaf parts in the order of the mail. A message/rfc822 part is one: what is attached was not just written."""
    top, start, too_long = _header(raw, 0, len(raw), MAX_HEADER)
    parts: list[Part] = []
    too_nested = False
    waiting = [(top, start, len(raw), 0)]
    view = memoryview(raw)
    left = _Room()
    while waiting:
        header, start, end, depth = waiting.pop()
        boundary = _boundary(header)
        if boundary is None:
            parts.append(Part(header, view[start:end]))
        elif depth >= MAX_DEPTH:
            too_nested = True
        else:
            room = MAX_PARTS - len(parts) - len(waiting)
            spans, cut = _spans(raw, start, end, boundary, room, left)
            children = []
            for first, last in spans:
                child, body, over = _header(raw, first, last, left.headers)
                left.headers -= min(body - first, left.headers)
                cut = cut or over
                children.append((child, body, last, depth + 1))
            too_nested = too_nested or cut
            if not spans and raw[start:end].strip():  # it has another boundary than it says
                parts.append(Part(header, view[start:end]))
            waiting.extend(reversed(children))
    return Tree(top, tuple(parts), too_nested, too_long)


def without_body(raw: bytes) -> bytes:
    """The mail up to where its body begins."""
    found = _BLANK_LINE.search(raw, 0, MAX_HEADER)
    return raw[: found.end() if found else MAX_HEADER]


def header_of(raw: bytes) -> Message:
    """The mail's own header."""
    return _header(raw, 0, len(raw), MAX_HEADER)[0]


def header_within(body: memoryview) -> Message:
    """The header of the mail that a message/rfc822 part carries, or its beginning."""
    raw = bytes(body[: 4 * 1024])
    return _header(raw, 0, len(raw), MAX_HEADER)[0]


def _header(raw: bytes, start: int, end: int, room: int) -> tuple[Message, int, bool]:
    """(header, where the body starts, whether the header was cut because it is longer than `room`)."""
    if empty := _NO_HEADER.match(raw, start, end):
        return _PARSER.parsebytes(b""), empty.end(), False
    found = _BLANK_LINE.search(raw, start, min(end, start + room + 4))
    cut = end - start > room
    last, body = (found.start(), found.end()) if found else (min(end, start + room), end)
    return _PARSER.parsebytes(_NO_FIELD.sub(b"", _BARE_CR.sub(b" ", raw[start:last]))), body, cut and not found


def _boundary(header: Message) -> bytes | None:
    """The boundary of a multipart, None for everything else, a multipart without one included."""
    if header.get_content_maintype() != "multipart":
        return None
    try:
        boundary = header.get_boundary()
    except (MessageError, ValueError, LookupError):  # RFC 2231 parameters in a charset nobody knows
        return None
    return boundary.encode("utf-8", "surrogateescape")[:200] if boundary else None


def _spans(
    raw: bytes, start: int, end: int, boundary: bytes, room: int, left: _Room
) -> tuple[list[tuple[int, int]], bool]:
    """(start, end) of each part between the boundary's lines, at most `room` of them, and whether there were more."""
    mark = b"--" + boundary
    spans: list[tuple[int, int]] = []
    open_at: int | None = None
    # One character back, so that a boundary in the body's very first line has its line break before it.
    at = max(start - 1, 0)
    while (at := raw.find(mark, at, end)) >= 0:
        rest = _LINE_END.match(raw, at + len(mark), end) if at == 0 or raw[at - 1] in _BREAKS else None
        if rest is None:
            at += len(mark)
            left.strange_lines -= 1
            if left.strange_lines < 0:
                return spans, True
            continue
        if open_at is not None:
            spans.append((open_at, _before_break(raw, open_at, at)))
        if rest["close"] or len(spans) >= room:
            return spans, not rest["close"]
        open_at = at = rest.end()
    if open_at is not None:  # the closing boundary got lost: read on to the end
        spans.append((open_at, end))
    return spans, False


def _before_break(raw: bytes, start: int, end: int) -> int:
    """The line break before a boundary belongs to the boundary (RFC 2046 5.1.1)."""
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end
