"""Mailboxes: where notes come from.

Terms
-----
key        names one delivery within its mailbox, for ever: the same key is the same delivery
receive    the callback that stores a delivery; when it returns, the bytes are durable
settle     telling the server (or the folder) that a delivery is stored; always after receive returned
listener   a mailbox that mail is pushed to; the others are asked
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

Receive = Callable[[str, str, bytes], None]
"""(mailbox, key, raw bytes) -> stored durably. Raises EnvironmentProblem where that is not possible now."""


class Mailbox(Protocol):
    """Asked for mail by one thread of its own."""

    name: str

    def collect(self, receive: Receive) -> bool:
        """Receives and settles everything new; whether there was anything. Raises TemporaryError, PermanentError."""
        ...

    def wait(self, stop: threading.Event) -> None:
        """Returns when it is worth asking again, or when `stop` is set."""
        ...


@runtime_checkable
class Listener(Protocol):
    """Mail is pushed to it, from `open` to `close`."""

    name: str

    def open(self, receive: Receive) -> None:
        """Raises EnvironmentProblem where the port is in use."""
        ...

    def close(self) -> None: ...
