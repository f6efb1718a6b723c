"""Mailboxes: where notes come from.

Terms
-----
key        names one delivery within its mailbox, for ever: the same key is the same delivery
receive    the call that stores a delivery; when it returns, the bytes are durable
fate       what became of a delivery that was received
settle     telling the server (or the folder) that a delivery is stored; always after receive returned
listener   a mailbox that mail is pushed to; the others are asked
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

Receive = Callable[[str, str, bytes], None]
"""(mailbox, key, raw bytes) -> stored durably. Raises EnvironmentProblem where that is not possible now."""


class Fate(StrEnum):
    """`WAITING`: stored, and not looked at yet. The other two are final."""

    WAITING = "waiting"
    DONE = "done"
    NEEDS_ATTENTION = "needs-attention"


@dataclass(frozen=True)
class FirstStart:
    """When a place was asked for mail for the first time, and where it stood then, in words of the adapter's own."""

    at: datetime
    mark: str


class Deliveries(Protocol):
    """All that a mailbox may ask about deliveries, and tell of them. Each raises EnvironmentProblem."""

    def receive(self, mailbox: str, key: str, raw: bytes) -> None:
        """See Receive."""
        ...

    def receive_all(self, mailbox: str, mails: Mapping[str, bytes]) -> None:
        """The same for several mails by their keys: all of them are stored, or none."""
        ...

    def set_aside(self, mailbox: str, key: str, head: bytes, reason: str) -> None:
        """The same for a mail of which only the headers are stored: a person has to see it, for this reason."""
        ...

    def fates(self, mailbox: str, keys: Sequence[str]) -> Mapping[str, Fate]:
        """What became of these; a key that was never received is not in it."""
        ...

    def first_start(self, mailbox: str, place: str, mark: str) -> FirstStart:
        """The first one that was ever told for this place of the mailbox: now and `mark` where this is it."""
        ...

    def tell(self, mailbox: str, *, left_alone: int, problem: str) -> None:
        """For `mailflow status`: how many mails are not taken for their age, and what did not work beside taking."""
        ...


class Mailbox(Protocol):
    """Asked for mail by one thread of its own. `wake` and `close` are called by others."""

    name: str

    def collect(self, deliveries: Deliveries) -> bool:
        """Receives and settles everything new; whether there was anything.

        Raises TemporaryError, PermanentError, AccountError.
        """
        ...

    def wait(self, stop: threading.Event) -> None:
        """Returns when it is worth asking again, or when `stop` is set. Raises as `collect` does."""
        ...

    def wake(self) -> None:
        """Mail was looked at, perhaps this mailbox's: what is final can be settled soon."""
        ...

    def close(self) -> None:
        """Ends what `collect` and `wait` do on the network: after `stop` is set, and when all is over."""
        ...


@runtime_checkable
class Listener(Protocol):
    """Mail is pushed to it, from `open` to `close`."""

    name: str

    def open(self, receive: Receive) -> None:
        """Raises EnvironmentProblem where the port is in use."""
        ...

    def close(self) -> None: ...
