"""Whoever hands notes over: by SMTP until 250 is heard, as real servers do, as a file in a folder, or into the inbox of
an IMAP account."""

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

from tests.crash.practice import IMAP_USER
from tests.dovecot import Dovecot
from tests.scene import ANNA, NOTES

PAUSE_SECONDS = 0.02
RETRY_SECONDS = 0.01
DEAF = 0.05
"""How often the sender is gone before it hears the answer, and so sends again (RFC 1047)."""
DEAF_SECONDS = 0.05


@dataclass
class Senders:
    """Each sends one note after the other: two by SMTP and one into a folder or, where there is an IMAP account, two
    into that. `sent` is every note begun."""

    port: int
    folder: Path
    dovecot: Dovecot | None
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
        submit, drop, append = self._submit_until_taken, self._drop, self._append
        ways = [submit, submit, drop] if self.dovecot is None else [append, append]
        self._threads = [threading.Thread(target=self._send, args=(way, Random(self.random.random()))) for way in ways]
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

    def have_something_to_be_taken(self) -> bool:
        """Whether a note is just being handed over, or lies in the inbox of the account."""
        return self.in_flight > 0 or (self.dovecot is not None and self.dovecot.count(IMAP_USER) > 0)

    def _append(self, note: bytes, _: Random) -> None:
        assert self.dovecot is not None
        self.dovecot.append(IMAP_USER, note)

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
