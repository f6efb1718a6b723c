"""The return address of each mail (VERP): a bounce that comes to it says which mail it is about, and is no forgery.

In the address of the settings, 'bounces+*@mailflow.example', the star stands for `<id of the mail>-<tag>`. The tag is
an HMAC of the mail's Message-ID, in base32, because servers change upper case into lower.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from mailflow.model import address_key

STAR = "*"
TAG_BYTES = 10
MAX_FILLED = 30
"""Characters in place of the star, at most: 13 digits, a hyphen, 16 letters."""
_FILLED = re.compile(r"(\d{1,13})-[a-z2-7]{16}")


@dataclass(frozen=True)
class ReturnPath:
    """Without a star in the `pattern` every mail has the same return address, and a bounce is found by Message-ID."""

    pattern: str
    key: bytes

    def of(self, outbound_id: int, message_id: str) -> str:
        """The sender in the envelope of a mail; the same for every copy of it."""
        return self.pattern.replace(STAR, f"{outbound_id}-{self._tag(message_id)}")

    def outbound_id(self, address: str) -> int | None:
        """Which mail this return address claims to be of; None where it is none of ours."""
        before, star, after = address_key(self.pattern).partition(STAR)
        given = address_key(address)
        found = _FILLED.fullmatch(given.removeprefix(before).removesuffix(after))
        is_ours = star and given.startswith(before) and given.endswith(after)
        return int(found[1]) if is_ours and found else None

    def is_genuine(self, address: str, outbound_id: int, message_id: str) -> bool:
        """Whether this very address was made for this mail."""
        made = self.of(outbound_id, message_id)
        return STAR in self.pattern and hmac.compare_digest(address_key(made).encode(), address_key(address).encode())

    def _tag(self, message_id: str) -> str:
        digest = hmac.digest(self.key, b"return-path\0" + message_id.encode(), hashlib.sha256)
        return base64.b32encode(digest[:TAG_BYTES]).decode().lower()
