"""A folder of an IMAP account (RFC 3501). Mail is stored first, then looked at by others, and moved last.

`\\Seen` is no state, for people read mail: the UIDs in the folder are compared with what is stored.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Deliveries, Fate, FirstStart
from mailflow.mailboxes.imap_server import Account, Connection, Refused

log = structlog.get_logger()

UIDS_A_COMMAND = 100
"""Exchange refuses long lines; RFC 2683 3.2.1.5 asks for less than 1,000 characters."""
BYTES_A_FETCH = 2_000_000
DAY = timedelta(days=1)
PAUSE_SECONDS = 1.0
FEW = 3
CLOSE_SECONDS = 2.0


@dataclass(frozen=True)
class Folders:
    """Where mail is moved to once it was looked at."""

    done: str
    needs_attention: str


class ImapMailbox:
    """`since`: older mail is left alone; None stands for the first start. Without `move_to` nothing is moved."""

    def __init__(
        self,
        name: str,
        account: Account,
        folder: str,
        *,
        since: datetime | None,
        every: timedelta,
        max_bytes: int,
        move_to: Folders | None,
    ) -> None:
        self.name = name
        self._account = account
        self._folder = folder
        self._place = f"{account.username}@{account.host}/{folder}"
        self._since = since
        self._every = every
        self._max_bytes = max_bytes
        self._move_to = move_to
        self._asking = threading.Lock()
        self._woken = threading.Event()
        self._connection: Connection | None = None
        self._left_alone: set[int] = set()
        self._count_before = 0
        self._withheld: set[int] = set()
        self._suspects: Counter[int] = Counter()
        self._anything_waits = False
        self._has_taken = self._has_moved = False
        self._early_ends = 0

    def collect(self, deliveries: Deliveries) -> bool:
        """One sweep over the folder. After any error the connection is dropped: its state is unknown."""
        self._woken.clear()
        with self._asking, self._dropping():
            if self._connection is None:
                self._connect(deliveries)
            assert self._connection is not None
            return self._sweep(self._connection, deliveries)

    def wait(self, stop: threading.Event) -> None:
        """IDLE where the server has it. It is a hint only: there is a sweep before, after, and after `every`.

        Dovecot doesn't report in IDLE what came before it, so the last sweep before it must be one that found nothing.
        """
        started = time.monotonic()
        with self._asking, self._dropping():
            if self._connection is None or self._has_taken:
                return
            if self._has_moved:
                stop.wait(PAUSE_SECONDS)
            elif self._connection.has_idle:
                self._connection.idle(self._every.total_seconds(), lambda: self._is_enough(stop))
                too_early = PAUSE_SECONDS - (time.monotonic() - started)
                self._early_ends = self._early_ends + 1 if too_early > 0 else 0
                if self._early_ends > FEW:  # a server that reports something at once, each time
                    stop.wait(too_early)
            else:
                end = started + self._every.total_seconds()
                while not self._is_enough(stop) and (left := end - time.monotonic()) > 0:
                    stop.wait(min(PAUSE_SECONDS, left))

    def _is_enough(self, stop: threading.Event) -> bool:
        return stop.is_set() or (self._anything_waits and self._woken.is_set())

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        if (connection := self._connection) is not None:
            connection.interrupt()
        if self._asking.acquire(timeout=CLOSE_SECONDS):
            try:
                self._drop()
            finally:
                self._asking.release()

    # --- The connection --------------------------------------------------------------------------

    def _connect(self, deliveries: Deliveries) -> None:
        self._connection = connection = Connection(self._account, self._folder, read_only=self._move_to is None)
        since = self._since or self._first_start(connection, deliveries).at
        self._count_before = connection.count_before((since - DAY).date())
        self._left_alone.clear()
        self._withheld.clear()

    def _first_start(self, connection: Connection, deliveries: Deliveries) -> FirstStart:
        return deliveries.first_start(self.name, self._place, f"{connection.uidvalidity}:{connection.uidnext}")

    @contextlib.contextmanager
    def _dropping(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._drop()
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.drop()

    # --- A sweep ---------------------------------------------------------------------------------

    def _sweep(self, connection: Connection, deliveries: Deliveries) -> bool:
        start = self._first_start(connection, deliveries)
        oldest = ((self._since or start.at) - DAY).date()  # SINCE disregards time and zone
        keys = {uid: f"{self._place}:{connection.uidvalidity}:{uid}" for uid in connection.uids(oldest)}
        fates = deliveries.fates(self.name, list(keys.values()))
        new = [uid for uid, key in keys.items() if key not in fates and uid not in self._left_alone]
        problems: list[str] = []
        taken = self._take(connection, deliveries, {uid: keys[uid] for uid in new}, start, problems)
        moved = self._move(connection, {uid: fates[key] for uid, key in keys.items() if key in fates}, problems)
        self._anything_waits = taken > 0 or Fate.WAITING in fates.values()
        self._has_taken, self._has_moved = taken > 0, moved > 0
        if taken:
            self._early_ends = 0
        deliveries.tell(
            self.name, left_alone=self._count_before + len(self._left_alone), problem=" ".join(dict.fromkeys(problems))
        )
        return bool(taken or moved)

    def _take(
        self,
        connection: Connection,
        deliveries: Deliveries,
        keys: Mapping[int, str],
        start: FirstStart,
        problems: list[str],
    ) -> int:
        """How many were stored. Those that a connection broke off at before come last and one by one, so that a mail
        that the server stumbles over keeps no other away."""
        taken = 0
        for batch in self._batches(connection, keys, start):
            with self._suspecting(batch):
                found = self._fetch(connection, batch, problems)
            given = {uid: raw for uid, raw in found.items() if raw is not None}
            sizes = {uid: max(len(raw), batch[uid]) for uid, raw in given.items()}
            fitting = {keys[uid]: raw for uid, raw in given.items() if sizes[uid] <= self._max_bytes}
            if fitting:
                deliveries.receive_all(self.name, fitting)
            for uid in (uid for uid in given if sizes[uid] > self._max_bytes):
                deliveries.set_aside(self.name, keys[uid], _head(given[uid]), _too_large(sizes[uid], self._max_bytes))
            taken += len(given)
            self._notice_withheld([uid for uid in batch if uid not in given], problems)
        return taken

    def _batches(self, connection: Connection, keys: Mapping[int, str], start: FirstStart) -> Iterator[dict[int, int]]:
        """Wanted mails with their sizes, as many at once as may lie in memory; what is too large comes alone."""
        for uids in _chunks(sorted(keys, key=lambda uid: (self._suspects[uid], uid)), UIDS_A_COMMAND):
            with self._suspecting(uids):
                about = connection.about(uids)
            batch: dict[int, int] = {}
            for uid in (uid for uid in uids if uid in about):
                if not self._is_wanted(uid, about[uid].arrived_at, connection.uidvalidity, start):
                    self._left_alone.add(uid)
                    continue
                size = about[uid].size
                alone = self._suspects[uid] or size > self._max_bytes
                if batch and (alone or sum(batch.values()) + size > BYTES_A_FETCH):
                    yield batch
                    batch = {}
                batch[uid] = size
                if alone:
                    yield batch
                    batch = {}
            if batch:
                yield batch

    def _is_wanted(self, uid: int, arrived_at: datetime, uidvalidity: int, start: FirstStart) -> bool:
        """What arrived since. The server's clock may be slow: what came into the folder after the first start is newer
        than it, unless it is clearly an old mail that somebody moved there."""
        if self._since is not None:
            return arrived_at >= self._since
        first_uidvalidity, _, first_uid = start.mark.partition(":")
        came_later = first_uidvalidity == str(uidvalidity) and uid >= int(first_uid) > 0
        return arrived_at >= (start.at - DAY if came_later else start.at)

    def _fetch(self, connection: Connection, batch: Mapping[int, int], problems: list[str]) -> dict[int, bytes | None]:
        """The mails, of one that is too large the headers; None for what the server doesn't hand out."""
        if any(size > self._max_bytes for size in batch.values()):
            return {uid: connection.head(uid) for uid in batch}
        try:
            return {**connection.whole(list(batch), sum(batch.values()))}
        except Refused as refusal:
            if len(batch) == 1:
                problems.append(f"A mail can't be fetched: {refusal}. The others are.")
                return {}
        found: dict[int, bytes | None] = {}
        for uid, size in batch.items():
            found |= self._fetch(connection, {uid: size}, problems)
        return found

    def _notice_withheld(self, uids: Sequence[int], problems: list[str]) -> None:
        """Once may be a mail that was deleted just now; twice is a mail that the server lists and doesn't give."""
        again = self._withheld.intersection(uids)
        if again:
            count = "1 mail" if len(again) == 1 else f"{len(again)} mails"
            problems.append(f"The server lists {count} that it doesn't hand out. The others are taken.")
        self._withheld.update(uids)

    @contextlib.contextmanager
    def _suspecting(self, uids: Iterable[int]) -> Iterator[None]:
        try:
            yield
        except EnvironmentProblem:
            raise
        except Exception:
            self._suspects.update(uids)
            raise

    # --- Moving ----------------------------------------------------------------------------------

    def _move(self, connection: Connection, fates: Mapping[int, Fate], problems: list[str]) -> int:
        """How many were moved: those whose fate is final. What can't be moved stays where it is, and is no new mail."""
        if self._move_to is None:
            return 0
        moved = 0
        for fate, folder in ((Fate.DONE, self._move_to.done), (Fate.NEEDS_ATTENTION, self._move_to.needs_attention)):
            for uids in _chunks([uid for uid in fates if fates[uid] is fate], UIDS_A_COMMAND):
                try:
                    if not connection.move(uids, connection.ensure_folder(folder)):
                        problems.append(
                            "The server can't take out single mails (it has neither MOVE nor UIDPLUS): what was looked "
                            f"at is copied to '{folder}' and marked as deleted; your mail program removes it."
                        )
                except Refused as refusal:
                    if "EXPUNGEISSUED" in str(refusal):  # RFC 5530: one of them is gone; the others go next time
                        continue
                    connection.forget_folders()
                    problems.append(f"Mail can't be moved to '{folder}', and stays where it is: {refusal}.")
                    break
                moved += len(uids)
        if moved:
            log.info("mailbox.moved", mailbox=self.name, mails=moved)
        return moved


def _too_large(size: int, most: int) -> str:
    return f"it is too large: {size:,} bytes, and `max_bytes` is {most:,}. Only its headers were fetched"


def _head(raw: bytes) -> bytes:
    """The headers alone, also where the whole mail came because the server had said a smaller size (Exchange does)."""
    head, separator, _ = raw.partition(b"\r\n\r\n")
    return head + separator


def _chunks(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    left = iter(uids)
    while chunk := list(islice(left, size)):
        yield chunk
