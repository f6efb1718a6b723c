"""Whatever bytes come: no trouble of ours in the log, nothing half of it stored, and the next mail works."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
import structlog

from mailflow.mailboxes.smtp import Tls
from tests.builders import eml
from tests.certificates import make_certificate
from tests.mailboxes.listening import NOTES, SmtpBackend, limits

SESSIONS = 1_000  # for each protocol
WORDS = [
    *(b"EHLO x", b"LHLO x", b"HELO x", b"EHLO", b"MAIL FROM:<>", b"MAIL FROM:<anna@coach.example> SIZE=\xc2\xb2"),
    *(b"MAIL FROM:<a@b.example> SIZE=-1 BODY=8BITMIME SMTPUTF8", b"MAIL FROM:<\xff@x> X=Y", b"MAIL", b"RCPT"),
    *(
        f"RCPT TO:<{NOTES}>".encode(),
        b"RCPT TO:<x@y>",
        b'RCPT TO:<"a b"@c> NOTIFY=NEVER',
        b"RCPT TO:\xe4",
        b"RCPT TO:<",
    ),
    *(b"DATA", b"DATA x", b".", b"..", b"RSET", b"RSET x", b"NOOP \x00", b"QUIT x", b"QUIT", b"VRFY \xff", b"EXPN"),
    *(b"STARTTLS", b"STARTTLS x", b"AUTH PLAIN AAAA", b"AUTH", b"HELP", b"BDAT 10 LAST", b"XCLIENT ADDR=1.2.3.4", b""),
    *(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"Subject: x", b"\x00" * 50, b"x" * 3_000, b"\xff\xfe"),
]


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_listener_survives_noise(
    protocol: Literal["smtp", "lmtp"], tmp_path: Path, program: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    tls = Tls(*make_certificate(program("openssl"), tmp_path, "mail.example"))
    luck = random.Random(f"noise of {protocol}")
    with (
        structlog.testing.capture_logs() as events,
        SmtpBackend(protocol, limits=limits(max_per_minute=0, connections_per_peer=40), tls=tls).opened() as backend,
    ):
        for _ in range(SESSIONS):
            make_noise(backend.port, luck)
        before = backend.received.calls
        backend.put(eml())
        assert backend.received.calls == before + 1

    assert before > SESSIONS / 50, "some of the noise was mail"
    assert [event for event in events if event["event"] not in {"listener.no-tls", "listener.crowded"}] == []
    assert caplog.records == []


def make_noise(port: int, luck: random.Random) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as peer:
        peer.settimeout(0.05)
        try:
            for _ in range(luck.randrange(1, 4)):
                peer.sendall(noise(luck))
            if luck.random() < 0.5:  # it hears the listener out; the others hang up on it
                peer.sendall(b"\r\n.\r\nQUIT\r\n")
                while peer.recv(4_096):
                    pass
            elif luck.random() < 0.5:
                peer.shutdown(luck.choice([socket.SHUT_WR, socket.SHUT_RDWR]))
        except OSError:  # it was cut off, or is in the middle of a TLS handshake
            pass


def noise(luck: random.Random) -> bytes:
    if luck.random() < 0.3:
        return luck.randbytes(luck.randrange(1, 2_000))
    if luck.random() < 0.3:
        greeting = luck.choice([b"EHLO x", b"LHLO x"])
        start = [greeting, b"MAIL FROM:<>", f"RCPT TO:<{NOTES}>".encode(), b"DATA"]
        return b"\r\n".join([*start, luck.randbytes(luck.randrange(300)), b".", b""])
    words = luck.choices(WORDS, k=luck.randrange(1, 15))
    return luck.choice([b"\r\n", b"\r\n", b"\n", b"\r"]).join(words) + luck.choice([b"", b"\r\n"])
