"""What one peer may ask of the listener, so that none of them takes it from the others."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass

REMEMBERED_PEERS = 10_000


@dataclass(frozen=True)
class Limits:
    """`max_per_minute` mails from each peer, 0 for any number. `errors` in one connection, then it is cut off.

    A command and the whole of a mail have to be complete within `seconds`, and the next mail has to begin within twice
    as many. Postfix opens up to 20 connections at once.
    """

    max_bytes: int
    max_per_minute: int = 120
    recipients: int = 100
    connections: int = 40
    connections_per_peer: int = 20
    errors: int = 20
    seconds: float = 300.0


class Rate:
    """Lets a peer do something `per_minute` times: at once, or spread over the minute.

    It remembers the peers that were here last; one that was forgotten starts anew.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._peers: OrderedDict[str, tuple[float, float]] = OrderedDict()  # what is left, and when that was

    def take(self, peer: str, now: float) -> bool:
        """Whether it may once more. `now` counts seconds from any moment."""
        if self._per_minute == 0:
            return True
        left, since = self._peers.pop(peer, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - since) * self._per_minute / 60)
        may = left >= 1
        self._peers[peer] = (left - 1 if may else left, now)
        if len(self._peers) > REMEMBERED_PEERS:
            self._peers.popitem(last=False)
        return may

    def give_back(self, peer: str) -> None:
        """What it took came to nothing, and that was not its fault."""
        if peer in self._peers:
            left, since = self._peers[peer]
            self._peers[peer] = (left + 1, since)


class Connections:
    """How many are open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_peer: Counter[str] = Counter()

    def admit(self, peer: str) -> bool:
        """Whether one more may be opened; it counts then, until it is released."""
        if self._of_peer.total() >= self._limits.connections:
            return False
        if self._of_peer[peer] >= self._limits.connections_per_peer:
            return False
        self._of_peer[peer] += 1
        return True

    def release(self, peer: str) -> None:
        self._of_peer[peer] -= 1
        if self._of_peer[peer] <= 0:
            del self._of_peer[peer]
