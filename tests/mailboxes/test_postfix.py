"""Handed over by a real Postfix, as docs/operations.md says how."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from mailflow.mailboxes.smtp import Tls
from tests.builders import ANNA, eml
from tests.certificates import make_certificate
from tests.mailboxes.listening import NOTES, NOTES_TOO, SmtpBackend, limits
from tests.servers.postfix import Postfix, running_postfix
from tests.waiting import until

pytestmark = [
    pytest.mark.needs("postfix"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix only starts as root"),
]


@contextlib.contextmanager
def handing_over(backend: SmtpBackend, transport: str, settings: str = "") -> Iterator[Postfix]:
    with backend.opened(), running_postfix({NOTES: transport, NOTES_TOO.lower(): transport}, settings) as postfix:
        yield postfix


def send(postfix: Postfix, raw: bytes, *to: str) -> None:
    with postfix.connect() as client:
        client.sendmail(ANNA.email, to or [NOTES], raw)


def body_of(raw: bytes) -> bytes:
    """Below what the two servers put on top."""
    start = raw.index(b"From: ")
    assert raw.startswith(b"Return-Path: <anna@coach.example>\r\nDelivered-To: notes@mailflow.example\r\n")
    assert raw[:start].count(b"Received: ") == 1
    return raw[start:]


def test_mail_comes_over_smtp() -> None:
    backend = SmtpBackend()
    with handing_over(backend, f"smtp:[127.0.0.1]:{backend.port}") as postfix:
        send(postfix, eml())
        postfix.wait_until_empty()

    assert [body_of(raw) for raw in backend.received.mails] == [eml()]


def test_mail_comes_over_lmtp_once_for_two_addresses() -> None:
    backend = SmtpBackend("lmtp")
    with handing_over(backend, f"lmtp:inet:127.0.0.1:{backend.port}") as postfix:
        send(postfix, eml(), NOTES, NOTES_TOO)
        postfix.wait_until_empty()

    (raw,) = backend.received.mails
    assert raw.count(b"\r\nDelivered-To: ") == 2


def test_mail_comes_through_a_unix_socket_in_a_folder_of_postfix_group() -> None:
    folder = Path(tempfile.mkdtemp(prefix="lmtp-"))
    try:
        shutil.chown(folder, "root", "postfix")
        folder.chmod(0o2750)
        path = folder / "lmtp.sock"
        backend = SmtpBackend("lmtp", path=path)
        with handing_over(backend, f"lmtp:unix:{path}") as postfix:
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            send(postfix, eml())
            postfix.wait_until_empty()
    finally:
        shutil.rmtree(folder)

    assert [body_of(raw) for raw in backend.received.mails] == [eml()]


@pytest.mark.needs("openssl")
def test_mail_comes_encrypted(tmp_path: Path, program: Callable[[str], str]) -> None:
    tls = Tls(*make_certificate(program("openssl"), tmp_path, "mail.example"), required=True)
    backend = SmtpBackend("lmtp", tls=tls)
    with handing_over(backend, f"lmtp:inet:127.0.0.1:{backend.port}", "lmtp_tls_security_level = encrypt\n") as postfix:
        send(postfix, eml())
        postfix.wait_until_empty()

    assert len(backend.received.mails) == 1


def test_mail_waits_with_postfix_while_the_disk_is_full() -> None:
    backend = SmtpBackend("lmtp")
    backend.received.disk_is_full = True
    with handing_over(backend, f"lmtp:inet:127.0.0.1:{backend.port}") as postfix:
        send(postfix, eml())
        until(lambda: backend.received.calls)
        (waiting,) = postfix.queued()
        backend.received.disk_is_full = False
        postfix.wait_until_empty()

    assert waiting["recipients"][0]["address"] == NOTES
    assert len(backend.received.mails) == 1


def test_mails_too_many_in_a_minute_wait_and_none_is_lost() -> None:
    backend = SmtpBackend(limits=limits(max_per_minute=120))
    with (
        structlog.testing.capture_logs() as events,
        handing_over(backend, f"smtp:[127.0.0.1]:{backend.port}") as postfix,
    ):
        with postfix.connect() as client:
            for number in range(124):
                client.sendmail(ANNA.email, [NOTES], eml(message_id=f"<{number}@coach.example>"))
        postfix.wait_until_empty()

    assert len(backend.received.mails) == 124
    assert "mail.too-many" in {event["event"] for event in events}
