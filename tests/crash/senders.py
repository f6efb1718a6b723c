"""Whoever hands notes over: by SMTP until 250 is heard, as real servers do, or as a file in a folder."""

from __future__ import annotations

import itertools
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.scene import ANNA, NOTES

PAUSE_SECONDS = 0.02
RETRY_SECONDS = 0.01
DEAF = 0.05
"""How often the sender is gone before it hears the answer, and so sends again (RFC 1047)."""
DEAF_SECONDS = 0.05


@dataclass
class Senders:
    """Two senders by SMTP and one into a folder, each with one note after the other. `sent` is every note begun."""

    port: int
    folder: Path
    write: Callable[[int], bytes]
    random: Random
    sent: dict[int, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    unheard: int = 0
    in_flight: int = 0
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _allowed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _enough: threading.Event = field(default_factory=threading.Event)
    _gone: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def running(self) -> Iterator[None]:
        """On leaving, what is not taken yet never will be."""
        senders = [Random(self.random.random()) for _ in range(3)]
        self._threads = [
            threading.Thread(target=self._send, args=(self._submit_until_taken, senders[0])),
            threading.Thread(target=self._send, args=(self._submit_until_taken, senders[1])),
            threading.Thread(target=self._send, args=(self._drop, senders[2])),
        ]
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._enough.set()
            self._gone.set()
            for thread in self._threads:
                thread.join()

    def allow(self, notes: int) -> None:
        """So many more may be begun."""
        self._allowed.release(notes)

    def finish(self, patience: float) -> None:
        """Returns when every note that was begun is taken, or patience is at its end."""
        self._enough.set()
        for thread in self._threads:
            thread.join(patience)

    def _send(self, hand_over: Callable[[bytes, Random], None], random: Random) -> None:
        while not self._enough.wait(random.uniform(0, 2 * PAUSE_SECONDS)):
            if not self._allowed.acquire(timeout=PAUSE_SECONDS):
                continue
            with self._lock:
                number = next(self._numbers)
                self.sent[number] = self.write(number)
            hand_over(self.sent[number], random)

    def _drop(self, note: bytes, random: Random) -> None:
        name = f"{random.getrandbits(64):016x}"
        (self.folder / f".{name}").write_bytes(note)
        (self.folder / f".{name}").rename(self.folder / f"{name}.eml")

    def _submit_until_taken(self, note: bytes, random: Random) -> None:
        while not self._gone.is_set():
            try:
                if self._submit(note, hears=random.random() >= DEAF):
                    return
            except smtplib.SMTPResponseException as error:
                self.refused.append(str(error))
            except OSError:  # smtplib's errors are such, too
                pass
            time.sleep(RETRY_SECONDS)

    def _submit(self, note: bytes, *, hears: bool) -> bool:
        """Whether 250 was heard."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as connection, self._flying():
            if hears:
                connection.sendmail(ANNA, [NOTES], note)
                return True
            connection.ehlo()
            for command in (f"MAIL FROM:<{ANNA}>", f"RCPT TO:<{NOTES}>", "DATA"):
                connection.docmd(command)
            connection.send(note + b".\r\n")
            time.sleep(DEAF_SECONDS)
            connection.close()
        return False

    @contextmanager
    def _flying(self) -> Iterator[None]:
        with self._lock:
            self.in_flight += 1
        try:
            yield
        except smtplib.SMTPServerDisconnected:
            with self._lock:
                self.unheard += 1
            raise
        finally:
            with self._lock:
                self.in_flight -= 1
