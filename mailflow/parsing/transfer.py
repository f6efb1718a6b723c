"""The transfer encodings of RFC 2045 undone: where bytes got lost on the way, what stands around them is kept."""

from __future__ import annotations

import binascii
import re
import string

MAX_LINES = 50_000
"""Lines of damaged base64 that are looked at."""
LOST = b"[...]"
"""Stands where something could not be read."""

_FOREIGN = bytes(set(range(256)) - set((string.ascii_letters + string.digits + "+/").encode()))
_SOUND_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
_SOUND_START = re.compile(rb"={0,2}[A-Za-z0-9+/]*")
_TEXT = re.compile(
    rb"(?:[\t\r\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)
# White space behind a soft line break was added on the way (RFC 2045 6.7, rule 3).
_PADDED_BREAK = re.compile(rb"=[ \t]{1,100}(?=\r?\n)")


def decode_transfer(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """(the bytes, whether some of them got lost)."""
    if encoding == "base64":
        return _base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(_PADDED_BREAK.sub(b"=", body)), False
    return body, False


def _base64(body: bytes) -> tuple[bytes, bool]:
    whole = b"".join(body.split())
    try:
        return binascii.a2b_base64(whole, strict_mode=True), False
    except binascii.Error:
        pass
    first = body.split(b"\n", MAX_LINES)
    lines = [line for line in map(bytes.strip, first[:MAX_LINES]) if line]
    sound = sum(map(_is_sound, lines))
    if not sound and len(whole.translate(None, delete=_FOREIGN)) < len(body) * 9 // 10:
        return body, False  # a gateway undid the encoding and left its name
    if sound < len(lines) // 2:  # its lines end anywhere
        lines = [whole]
    decoded, lost = _base64_lines(lines)
    return decoded, lost or len(first) > MAX_LINES


def _base64_lines(lines: list[bytes]) -> tuple[bytes, bool]:
    """Line by line, each a whole number of bytes, so that damage in one does not reach the next.

    Below the end of the data stands perhaps a text that a mailing list added: it is kept as it is.
    """
    width = max((len(line) for line in lines if _is_sound(line)), default=0)
    pieces: list[bytes] = []
    lost = ended = False
    for index, line in enumerate(lines):
        if _is_sound(line) and (not ended or len(line) == width or line.endswith(b"=")):
            pieces.append(binascii.a2b_base64(line))
            ended = len(line) < width or line.endswith(b"=")
        elif ended or (b" " in line and not any(map(_is_sound, lines[index + 1 : index + 3]))):
            pieces.append(b"\n" + b"\n".join(lines[index:]))
            break
        else:
            piece, damaged = _damaged_line(line, width, is_last=index == len(lines) - 1)
            pieces.append(piece)
            lost = lost or damaged
    return b"".join(pieces), lost


def _is_sound(line: bytes) -> bool:
    return len(line) % 4 == 0 and _SOUND_LINE.fullmatch(line) is not None


def _damaged_line(line: bytes, width: int, *, is_last: bool) -> tuple[bytes, bool]:
    """A line with foreign characters in it, or with too few of its own."""
    clean = line.translate(None, delete=_FOREIGN)
    if len(clean) == width or (is_last and len(clean) % 4 != 1):  # only something foreign in between: RFC 2045 6.8
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)), False
    if len(line) == width:  # written over: what stands around it is still in its place
        head = _sound_start(line)
        tail = min(_sound_start(line[::-1]), width - head)
        return binascii.a2b_base64(line[:head]) + LOST + binascii.a2b_base64(line[width - tail :]), True
    return _shortened(clean), True


def _sound_start(line: bytes) -> int:
    found = _SOUND_START.match(line)
    return found.end() // 4 * 4 if found else 0


def _shortened(clean: bytes) -> bytes:
    """A line that lost characters somewhere: read from its start and from its end, as far as either is text."""
    size = len(clean) // 4 * 4
    forward = binascii.a2b_base64(clean[:size])
    start = _TEXT.match(forward)
    head = start[0] if start else b""
    backward = binascii.a2b_base64(clean[len(clean) - size :])[len(head) :][-MAX_LINES:]
    end = next((found for found in _TEXT.finditer(backward) if found.end() == len(backward)), None)
    return head + LOST + (end[0] if end else b"")
