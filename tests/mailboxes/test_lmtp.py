"""LMTP (RFC 2033), over a port and over a Unix socket: one mail, and an answer for each of its recipients."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.errors import EnvironmentProblem
from tests.builders import eml
from tests.mailboxes.contract import Backend, MailboxContract
from tests.mailboxes.listening import NOTES, NOTES_TOO, SmtpBackend


@pytest.fixture
def lmtp() -> Iterator[SmtpBackend]:
    with SmtpBackend("lmtp").opened() as backend:
        yield backend


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lmtp.sock"


class TestLmtp(MailboxContract):
    @pytest.fixture
    def backend(self, lmtp: SmtpBackend) -> SmtpBackend:
        return lmtp

    def deliver_again(self, backend: Backend, raw: bytes) -> None:
        backend.put(raw)


class TestLmtpOverAUnixSocket(MailboxContract):
    @pytest.fixture
    def backend(self, path: Path) -> Iterator[SmtpBackend]:
        with SmtpBackend("lmtp", path=path).opened() as backend:
            yield backend

    def deliver_again(self, backend: Backend, raw: bytes) -> None:
        backend.put(raw)


def test_mail_to_two_of_our_addresses_is_stored_once_and_answered_for_each(lmtp: SmtpBackend) -> None:
    with lmtp.peer() as peer:
        peer.greet("LHLO")
        peer.send(f"MAIL FROM:<>\r\nRCPT TO:<{NOTES}>\r\nRCPT TO:<x@mailflow.example>\r\n".encode())
        peer.send(f"RCPT TO:<{NOTES_TOO}>\r\nRCPT TO:<{NOTES}>\r\nDATA\r\n".encode())
        assert [peer.hear()[:3] for _ in range(6)] == ["250", "250", "550", "250", "250", "354"]
        peer.send(eml() + b".\r\nNOOP\r\n")
        assert [peer.hear() for _ in range(4)] == [*["250 2.0.0 Stored"] * 3, "250 2.0.0 OK"]

    (raw,) = lmtp.received.mails
    assert raw.count(b"Delivered-To: ") == 2


def test_mail_that_cannot_be_stored_is_to_be_sent_again_for_each(lmtp: SmtpBackend) -> None:
    lmtp.received.disk_is_full = True
    with lmtp.peer() as peer:
        peer.greet("LHLO").begin(NOTES, NOTES_TOO)
        peer.send(eml() + b".\r\nNOOP\r\n")
        assert [peer.hear()[:3] for _ in range(3)] == ["451", "451", "250"]


def test_data_without_a_recipient_has_one_answer(lmtp: SmtpBackend) -> None:
    """RFC 2033 4.2."""
    with lmtp.peer() as peer:
        peer.greet("LHLO")
        peer.send(b"MAIL FROM:<>\r\nRCPT TO:<x@mailflow.example>\r\nDATA\r\nNOOP\r\n")
        assert [peer.hear()[:3] for _ in range(4)] == ["250", "550", "503", "250"]


@pytest.mark.parametrize("word", ["HELO", "EHLO"])
def test_greeting_of_smtp_is_refused(lmtp: SmtpBackend, word: str) -> None:
    with lmtp.peer() as peer:
        peer.hear()
        assert peer.say(f"{word} client.example").startswith("500 ")
        assert peer.say("MAIL FROM:<>").startswith("503 ")


def test_lmtp_is_refused_where_smtp_is_spoken() -> None:
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        peer.hear()
        assert peer.say("LHLO client.example").startswith("500 ")


# --- The socket ---------------------------------------------------------------------------------


def test_only_the_owner_and_the_group_may_use_the_socket(path: Path) -> None:
    with SmtpBackend("lmtp", path=path).opened():
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert not path.exists()


def test_socket_of_a_mailflow_that_was_killed_is_replaced(path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(os.fspath(path))
    left.close()

    with SmtpBackend("lmtp", path=path).opened() as backend:
        backend.put(eml())

    assert len(backend.received.mails) == 1


def test_socket_that_somebody_listens_on_is_left_alone(path: Path) -> None:
    with SmtpBackend("lmtp", path=path).opened() as first:
        second = SmtpBackend("lmtp", path=path)
        with pytest.raises(EnvironmentProblem, match=r"lmtp\.sock: another program listens there.*another `socket`"):
            second.listener.open(second.received)
        second.listener.close()
        first.put(eml())

    assert len(first.received.mails) == 1


def test_file_that_is_no_socket_is_left_alone(path: Path) -> None:
    path.write_text("precious")
    backend = SmtpBackend("lmtp", path=path)

    with pytest.raises(EnvironmentProblem, match="a file that is no socket"):
        backend.listener.open(backend.received)

    assert path.read_text() == "precious"


def test_socket_that_another_one_took_over_is_left_alone_at_the_end(path: Path) -> None:
    with SmtpBackend("lmtp", path=path).opened():
        path.unlink()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(os.fspath(path))
            # nothing to do: the first one ends now
    assert path.is_socket()


@pytest.mark.parametrize("name", ["no-such-folder/lmtp.sock", "x" * 200])
def test_place_where_no_socket_can_be_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    backend = SmtpBackend("lmtp", path=tmp_path / name)

    with pytest.raises(EnvironmentProblem, match=r"'notes' can't listen on .+: (No such|AF_UNIX path too long)"):
        backend.listener.open(backend.received)
