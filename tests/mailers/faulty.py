"""An SMTP server that does, at one phase of the conversation, what servers and networks do; else it takes mail."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from mailflow.mailers.smtp_answers import Phase

HOST = "127.0.0.1"
PATIENCE = 3.0
VERBS = {b"EHLO": Phase.EHLO, b"STAR": Phase.STARTTLS, b"AUTH": Phase.AUTH, b"MAIL": Phase.MAIL, b"RCPT": Phase.RCPT}
OFFERS = b"250-mail.example\r\n250-STARTTLS\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n"
GOOD = {Phase.GREETING: b"220 hello\r\n", Phase.EHLO: OFFERS, Phase.AUTH: b"235 welcome\r\n", Phase.DATA: b"354 go\r\n"}

Fault = Callable[["FaultyServer", socket.socket, bytes], None]
"""(server, connection, the good answer): does instead whatever should happen."""


@dataclass
class FaultyServer:
    """`taken` are the mails whose final dot it saw, whatever it said to that."""

    listener: socket.socket
    phase: Phase | None = None
    fault: Fault | None = None
    taken: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                connection.settimeout(PATIENCE)
                with connection, contextlib.suppress(OSError, ValueError), connection.makefile("rb") as lines:
                    self._talk(connection, lines.readline)

    def _talk(self, connection: socket.socket, read_line: Callable[[], bytes]) -> None:
        self._answer(connection, Phase.GREETING)
        while line := read_line():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._answer(connection, Phase.DATA)
                mail = b""
                while (text := read_line()) not in (b".\r\n", b""):
                    mail += text
                if text:
                    self.taken.append(mail)
                self._answer(connection, Phase.DOT)
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            elif verb in VERBS:
                self._answer(connection, VERBS[verb])
            else:
                connection.sendall(b"250 ok\r\n")

    def _answer(self, connection: socket.socket, phase: Phase) -> None:
        good = GOOD.get(phase, b"250 ok\r\n")
        if phase is self.phase and self.fault is not None:
            self.fault(self, connection, good)
        else:
            connection.sendall(good)


@contextlib.contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    server = FaultyServer(socket.create_server((HOST, 0)))
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        with contextlib.suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join()


# --- Faults --------------------------------------------------------------------------------------


def say(answer: bytes) -> Fault:
    def fault(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
        connection.sendall(answer)

    return fault


def reset(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def stall(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    """Until the client has hung up."""
    while connection.recv(4096):
        pass


def late(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    """The good answer, when nobody waits for it any more."""
    stall(server, connection, good)
    connection.sendall(good)


def drip(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    """A byte at a time, each in time; the line never ends."""
    for _ in range(500):
        connection.sendall(b"2")
        time.sleep(0.01)


def endless(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    """An answer of many lines that has no last one."""
    while True:
        connection.sendall(b"250-and another thing\r\n" * 100)


def half(server: FaultyServer, connection: socket.socket, good: bytes) -> None:
    connection.sendall(good[:2])
    hang_up(server, connection, good)
