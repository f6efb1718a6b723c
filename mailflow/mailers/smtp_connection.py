"""smtplib's connection with an end to everything: each phase has a deadline, and no answer is endless."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable

MAX_ANSWER = 64 * 1024


class Connection(smtplib.SMTP):
    """A connection that is made by `connect`. Without an answer in time it raises TimeoutError.

    smtplib has a time limit for each packet only: a server that says a byte a minute would hold a worker beyond its
    lease.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        """With `tls` the connection is encrypted from the first byte."""
        super().__init__()
        self._tls = tls
        self._deadline = 0.0
        self._unread = b""

    def within(self, seconds: float) -> None:
        """What follows has to be done in so much time."""
        self._deadline = time.monotonic() + seconds
        self.timeout = max(seconds, 0.001)
        if self.sock is not None:
            self.sock.settimeout(self.timeout)

    def reach(self, host: str, port: int) -> tuple[int, bytes]:
        """The server's greeting."""
        self._host = host  # starttls checks the certificate against it
        return self.connect(host, port)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        if self._tls is None:
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """The answer, its lines joined; the code is -1 where it is none (RFC 5321 4.2)."""
        lines = []
        size = 0
        while True:
            line = self._read_line()
            size += len(line)
            if size > MAX_ANSWER or not re.match(rb"[2-5]\d\d(?:[ -]|\r?\n)", line):
                self.close()
                return -1, line[:100].strip()
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def _read_line(self) -> bytes:
        while b"\n" not in self._unread and len(self._unread) <= MAX_ANSWER:
            left = self._deadline - time.monotonic()
            if left <= 0 or self.sock is None:
                raise TimeoutError("it took too long to answer" if left <= 0 else "the connection is closed")
            self.sock.settimeout(left)
            received = self.sock.recv(4096)
            if not received:
                raise ConnectionError("it closed the connection")
            self._unread += received
        line, end, self._unread = self._unread.partition(b"\n")
        return line + end

    def encrypt(self, tls: ssl.SSLContext) -> tuple[int, bytes]:
        """STARTTLS; what was said before it, and came too early, counts for nothing (CVE-2011-0411)."""
        answer = self.starttls(context=tls)
        self._unread = b""
        return answer

    def log_in(self, username: str, password: str, *, with_token: bool) -> None:
        """AUTH with a password, or with a token as XOAUTH2 wants it. Raises SMTPAuthenticationError."""
        if with_token:
            first = f"user={username}\1auth=Bearer {password}\1\1"
            # A refusal comes as a challenge with the reasons; an empty answer to it brings the error code.
            say: Callable[..., str] = lambda challenge=None: first if challenge is None else ""  # noqa: E731
            self.auth("XOAUTH2", say)
        else:
            self.login(username, password)

    def hand_over(self, raw: bytes) -> None:
        """The message and the final dot, after 354."""
        lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
        dotted = (b"\n" + lines).replace(b"\n.", b"\n..").removeprefix(b"\n")
        self.send(dotted.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
