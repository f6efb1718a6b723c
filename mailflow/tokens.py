"""Tokens of links: rebuilt for every retry, stored nowhere.

A token is base64url(link id, 16 bytes ‖ first 16 bytes of HMAC-SHA256(key, id ‖ purpose ‖ version)). A stolen
database opens nothing without the key; a link is revoked by its row; all links die with the key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from mailflow.errors import EnvironmentProblem
from mailflow.model import Link

ID_BYTES = 16
TAG_BYTES = 16
KEY_BYTES = 32
COOKIE = re.compile(r"([0-9a-f]{32})\.([1-9][0-9]{0,10})\.[0-9a-f]{64}")


def token_of(link: Link, key: bytes) -> str:
    """43 characters that are safe in a URL."""
    return base64.urlsafe_b64encode(link.id + _tag(link, key)).rstrip(b"=").decode()


def link_id_of(token: str) -> bytes | None:
    """The id that the token claims, for looking up its link; None where it can't be one of ours."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw[:ID_BYTES] if len(raw) == ID_BYTES + TAG_BYTES else None


def is_genuine(token: str, link: Link, key: bytes) -> bool:
    """Whether this very token was made for this link."""
    return hmac.compare_digest(token.encode(), token_of(link, key).encode())


def cookie_of(link: Link, expires_at: datetime, key: bytes) -> str:
    """What a device keeps to show this link's page until a moment: 'id.moment.HMAC'."""
    until = int(expires_at.timestamp())
    message = b"\0".join((b"cookie", link.id, link.purpose.encode(), str(link.version).encode(), str(until).encode()))
    return f"{link.id.hex()}.{until}.{hmac.digest(key, message, hashlib.sha256).hex()}"


def read_cookie(cookie: str) -> tuple[bytes, datetime] | None:
    """The id of the link and the moment that the cookie claims; None where it can't be one of ours."""
    claimed = COOKIE.fullmatch(cookie)
    return None if claimed is None else (bytes.fromhex(claimed[1]), datetime.fromtimestamp(int(claimed[2]), UTC))


def is_genuine_cookie(cookie: str, link: Link, expires_at: datetime, key: bytes) -> bool:
    """Whether this very cookie was made for this link and this moment."""
    return hmac.compare_digest(cookie.encode(), cookie_of(link, expires_at, key).encode())


def _tag(link: Link, key: bytes) -> bytes:
    message = b"\0".join((link.id, link.purpose.encode(), str(link.version).encode()))
    return hmac.digest(key, message, hashlib.sha256)[:TAG_BYTES]


def load_key(path: Path) -> bytes:
    """The key in this file; made, durably, where there is none. Raises EnvironmentProblem."""
    try:
        if not path.exists():
            _create_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(f"The key of the links, {path}, can't be used: {error.strerror}.") from error
    if len(key) < KEY_BYTES:
        raise EnvironmentProblem(
            f"The key of the links, {path}, is cut short. Restore it from a backup: "
            "with another key every link in mails already sent stops working."
        )
    return key


def _create_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)  # of two processes that start together, one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # the name has to last as well: mails with tokens of this key may go right away
    finally:
        os.close(folder)
