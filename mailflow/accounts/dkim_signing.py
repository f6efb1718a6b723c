"""DKIM signatures (RFC 6376) for those whose mail server doesn't sign what it relays."""

from __future__ import annotations

from collections.abc import Callable
from email.parser import BytesHeaderParser
from pathlib import Path

import dkim

from mailflow.errors import EnvironmentProblem

SIGNED = (
    "from to reply-to subject date message-id in-reply-to references mime-version content-type auto-submitted "
    "list-unsubscribe list-unsubscribe-post"  # RFC 8058 4: one click counts only where both are signed
).split()
PROBE = b"From: a@b.example\r\n\r\n\r\n"


def signer(domain: str, selector: str, key_file: Path) -> Callable[[bytes], bytes]:
    """What puts a signature on top of a message. The key is read now; raises EnvironmentProblem where it is none."""
    try:
        key = key_file.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(f"The DKIM key {key_file} can't be read: {error.strerror}.") from error

    def sign(raw: bytes) -> bytes:
        head = BytesHeaderParser().parsebytes(raw)
        # From is named twice: a second one, added on the way, would break the signature (RFC 6376 8.15).
        names = ["from", *(name for name in SIGNED if name in head)]
        signature: bytes = dkim.sign(
            raw,
            selector.encode(),
            domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in names],
        )
        return signature + raw

    try:
        sign(PROBE)
    except (dkim.DKIMException, ValueError) as error:
        raise EnvironmentProblem(f"The DKIM key {key_file} is no RSA key in PEM form.") from error
    return sign
