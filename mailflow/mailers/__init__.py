"""Mailers: how mail leaves.

Terms
-----
envelope   the sender and the recipient that the servers talk about (RFC 5321), beside what the headers say
sent       the next server has taken responsibility; not that anybody read it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Envelope:
    sender: str
    recipient: str


class Mailer(Protocol):
    """Used by one thread at a time. Sending the same bytes again is allowed: it may give a second copy."""

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        """Hands the bytes over.

        Raises TemporaryError (try again later; UnknownOutcomeError where it may have gone), PermanentError (this mail
        will never go) or AccountError (no mail goes until somebody mends the account).
        """
        ...

    def close(self) -> None:
        """Lets go of connections; the next `send` makes a new one."""
        ...
