"""The server that mails go to: it takes everything, slowly, and remembers it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

TAKEN = "250 2.0.0 Taken"
HANG_UP = ""


@dataclass(frozen=True)
class Copy:
    """A mail that the server took: from here on it is its own to deliver, whatever its client heard.

    `connection` is the number of the connection that it came by: each daemon has its own.
    """

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int = field(compare=False)


class Sink:
    """Takes up to `slow_seconds` before it takes a mail, and again before it says so."""

    def __init__(self, random: Random, slow_seconds: float = 0.0) -> None:
        self.port = free_port()
        self.copies: list[Copy] = []
        self.answering = threading.Event()
        """Cleared by a test: mails are taken, and nobody hears of it yet."""
        self.answering.set()
        self.answer = TAKEN
        self.answers = 0
        self._random = random
        self._sessions: list[Session] = []
        self._slow = slow_seconds

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self._random.uniform(0, self._slow))
        assert isinstance(envelope.content, bytes)
        if session not in self._sessions:
            self._sessions.append(session)
        connection = self._sessions.index(session)
        self.copies.append(Copy(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content, connection))
        await asyncio.sleep(self._random.uniform(0, self._slow))
        await asyncio.get_running_loop().run_in_executor(None, self.answering.wait)
        if self.answer == HANG_UP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        self.answers += 1
        return self.answer

    @contextmanager
    def running(self) -> Iterator[None]:
        controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="mail.example")
        controller.start()
        try:
            yield
        finally:
            self.answering.set()
            controller.stop()
