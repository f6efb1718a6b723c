"""The next mail server: it takes mail, or doesn't, or does and can't say so; and mailflow may end over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from mailflow.errors import AccountError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.mailers import Envelope
from tests.simulation.letters import Letter


class Ended(BaseException):
    """The process ended: nobody in it can catch that."""


@dataclass(frozen=True)
class Odds:
    """How often of all attempts each goes wrong."""

    temporary: float = 0.01
    refused: float = 0.003
    unknown: float = 0.006
    ended: float = 0.006


@dataclass
class Postbox:
    """`attempted` hears of each attempt, `taken` of each mail that was taken for the first time."""

    random: Random
    odds: Odds
    now: Callable[[], datetime]
    attempted: Callable[[Letter, datetime], None]
    taken: Callable[[Letter, datetime], None]
    down_until: datetime | None = None
    refusing_account_until: datetime | None = None
    copies: Counter[str] = field(default_factory=Counter)
    unclear: Counter[str] = field(default_factory=Counter)
    """Of each Message-ID how many attempts ended without an answer that mailflow could read."""
    failed: dict[str, list[datetime]] = field(default_factory=dict)
    """When an attempt for a recipient went wrong."""
    account_refused: list[datetime] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _hashes: dict[str, int] = field(default_factory=dict)

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        now = self.now()
        letter = Letter(envelope.recipient, raw)
        if letter.message_id != message_id:
            self.complaints.append(f"{message_id} was announced, and {letter.message_id} came")
        self.attempted(letter, now)
        if self.refusing_account_until and now < self.refusing_account_until:
            self.account_refused.append(now)
            raise AccountError("535 5.7.8 Authentication credentials invalid")
        if self.down_until and now < self.down_until:
            self._fail(letter, now)
            raise TemporaryError("421 4.3.2 Service not available")
        self._meet_fate(letter, now)

    def _meet_fate(self, letter: Letter, now: datetime) -> None:
        match self._fate():
            case "temporary":
                self._fail(letter, now)
                raise TemporaryError("451 4.7.1 Greylisted, try again later")
            case "refused" if letter.kind == "homework":
                self._fail(letter, now)
                raise PermanentError("550 5.1.1 User unknown")
            case "unknown":
                self._end_unclear(letter, now)
                raise UnknownOutcomeError("The connection was lost after the final dot")
            case "ended":
                self._end_unclear(letter, now)
                raise Ended
        self._take(letter, now)

    def _fate(self) -> str:
        odds = self.odds
        chances = {"temporary": odds.temporary, "refused": odds.refused, "unknown": odds.unknown, "ended": odds.ended}
        return self.random.choices((*chances, "taken"), (*chances.values(), 1 - sum(chances.values())))[0]

    def _end_unclear(self, letter: Letter, now: datetime) -> None:
        self.unclear[letter.message_id] += 1
        if self.random.random() < 0.5:
            self._take(letter, now)
        self._fail(letter, now)

    def _fail(self, letter: Letter, now: datetime) -> None:
        self.failed.setdefault(letter.recipient, []).append(now)

    def _take(self, letter: Letter, now: datetime) -> None:
        self.copies[letter.message_id] += 1
        if self._hashes.setdefault(letter.message_id, hash(letter.raw)) != hash(letter.raw):
            self.complaints.append(f"the copies of {letter.message_id} differ")
        if self.copies[letter.message_id] == 1:
            self.taken(letter, now)

    def close(self) -> None:
        pass

    def too_many_copies(self) -> list[str]:
        """What was sent again although nothing was unclear about it."""
        return [
            f"{message_id} came {count} times, and {self.unclear[message_id]} attempts ended without an answer"
            for message_id, count in self.copies.items()
            if count > 1 + self.unclear[message_id]
        ]
