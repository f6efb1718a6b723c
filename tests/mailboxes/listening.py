"""A listener of a test's own, and peers that speak to it: one that behaves, one that says what it is told to say."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from mailflow.mailboxes.smtp import SmtpListener, Tls
from mailflow.mailboxes.smtp_limits import Limits
from tests.builders import ANNA
from tests.mailboxes.contract import Received
from tests.ports import free_port

NOTES = "notes@mailflow.example"
NOTES_TOO = "Notes2@mailflow.example"
BOUNCES = "Bounces+*@mailflow.example"
MAX_BYTES = 20_000
LIMITS = Limits(MAX_BYTES)
PATIENCE = 20.0


class SmtpBackend:
    """A listener for NOTES, NOTES_TOO and BOUNCES; `place` is a port by default."""

    def __init__(
        self,
        protocol: Literal["smtp", "lmtp"] = "smtp",
        *,
        limits: Limits = LIMITS,
        tls: Tls | None = None,
        path: Path | None = None,
    ) -> None:
        self.protocol = protocol
        self.port = free_port()
        self.path = path
        self.listener = SmtpListener(
            "notes",
            ("127.0.0.1", self.port) if path is None else path,
            [NOTES, NOTES_TOO],
            limits,
            return_address=BOUNCES,
            protocol=protocol,
            tls=tls,
        )
        self.received = Received()

    @contextlib.contextmanager
    def opened(self) -> Iterator[SmtpBackend]:
        self.listener.open(self.received)
        try:
            yield self
        finally:
            self.listener.close()

    def connect(self) -> smtplib.SMTP:
        if self.protocol == "smtp":
            return smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE)
        if self.path is None:
            return smtplib.LMTP("127.0.0.1", self.port, timeout=PATIENCE)
        return smtplib.LMTP(str(self.path))

    def put(self, raw: bytes, sender: str = ANNA.email, to: str = NOTES) -> None:
        with self.connect() as client:
            client.sendmail(sender, [to], raw)

    def fetch(self) -> None:
        """The mail is pushed."""

    def body_of(self, raw: bytes) -> bytes:
        return_path, delivered_to, rest = raw.split(b"\r\n", 2)
        assert (return_path, delivered_to) == (b"Return-Path: <anna@coach.example>", b"Delivered-To: " + NOTES.encode())
        return rest

    def peer(self) -> Peer:
        return Peer(self.port)


class Peer:
    """Says lines, hears replies."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._heard = self.socket.makefile("rb")

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._heard.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hear(self) -> str:
        """The last line of the next reply; '' where the connection was closed."""
        while True:
            try:
                line = self._heard.readline()
            except ConnectionResetError:
                return ""
            if line[3:4] != b"-":
                return line.decode().rstrip()

    def say(self, line: str) -> str:
        self.send(line.encode("utf-8", "surrogateescape") + b"\r\n")
        return self.hear()

    def greet(self, word: str = "EHLO") -> Peer:
        assert self.hear()[:3] == "220"
        assert self.say(f"{word} client.example")[:3] == "250"
        return self

    def begin(self, *recipients: str) -> Peer:
        """Up to the 354."""
        assert self.say(f"MAIL FROM:<{ANNA.email}>")[:3] == "250"
        for recipient in recipients or (NOTES,):
            assert self.say(f"RCPT TO:<{recipient}>")[:3] == "250"
        assert self.say("DATA")[:3] == "354"
        return self

    def encrypt(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._heard.close()
        self.socket = context.wrap_socket(self.socket)
        self._heard = self.socket.makefile("rb")


def limits(**changes: float) -> Limits:
    return replace(LIMITS, **changes)  # type: ignore[arg-type]  # of several types
