"""STARTTLS (RFC 3207): with which certificate, and what does not survive the handshake."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes.smtp import Tls
from tests.builders import eml
from tests.certificates import make_certificate
from tests.mailboxes.contract import Backend, MailboxContract
from tests.mailboxes.listening import NOTES, SmtpBackend, limits

pytestmark = pytest.mark.needs("openssl")
Program = Callable[[str], str]


@pytest.fixture
def files(tmp_path: Path, program: Program) -> tuple[Path, Path]:
    return make_certificate(program("openssl"), tmp_path, "mail.example")


@pytest.fixture
def tls(files: tuple[Path, Path]) -> Tls:
    return Tls(*files)


@pytest.fixture
def encrypting(tls: Tls) -> Iterator[SmtpBackend]:
    with SmtpBackend(tls=tls, limits=limits(connections_per_peer=2)).opened() as backend:
        yield backend


class EncryptedBackend(SmtpBackend):
    def connect(self) -> smtplib.SMTP:
        client = super().connect()
        client.starttls()
        client.ehlo_or_helo_if_needed()
        return client


class TestEncryptedSmtp(MailboxContract):
    @pytest.fixture
    def backend(self, tls: Tls) -> Iterator[SmtpBackend]:
        with EncryptedBackend(tls=Tls(tls.certificate, tls.key, required=True)).opened() as backend:
            yield backend

    def deliver_again(self, backend: Backend, raw: bytes) -> None:
        backend.put(raw)


def test_peer_can_check_who_it_speaks_to(encrypting: SmtpBackend, files: tuple[Path, Path]) -> None:
    with encrypting.connect() as client:
        client._host = "mail.example"  # type: ignore[attr-defined]
        client.starttls(context=ssl.create_default_context(cafile=files[0]))
        client.sendmail("", [NOTES], eml())
        assert "starttls" not in client.esmtp_features

    assert len(encrypting.received.mails) == 1


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_mail_that_must_be_encrypted_is_taken_in_no_other_way(tls: Tls, protocol: str) -> None:
    word = "EHLO" if protocol == "smtp" else "LHLO"
    backend = SmtpBackend("lmtp" if protocol == "lmtp" else "smtp", tls=Tls(tls.certificate, tls.key, required=True))
    with backend.opened(), backend.peer() as peer:
        peer.greet(word)
        assert peer.say("MAIL FROM:<>").startswith("530 5.7.0 ")
        assert peer.say(f"RCPT TO:<{NOTES}>").startswith("503 ")
        assert peer.say("STARTTLS").startswith("220 ")
        peer.encrypt()
        assert peer.say(f"{word} client.example").startswith("250 ")
        peer.begin()
        peer.send(eml() + b".\r\n")
        assert peer.hear() == "250 2.0.0 Stored"


def test_what_was_said_before_the_handshake_is_forgotten(encrypting: SmtpBackend) -> None:
    """RFC 3207 4.2."""
    with encrypting.peer() as peer:
        peer.greet()
        peer.say("MAIL FROM:<>")
        peer.say(f"RCPT TO:<{NOTES}>")
        peer.say("STARTTLS")
        peer.encrypt()
        assert peer.say("DATA").startswith("503 ")
        assert peer.say("MAIL FROM:<>").startswith("503 ")
        assert peer.say("STARTTLS").startswith("503 ")


def test_commands_smuggled_in_before_the_handshake_are_never_carried_out(encrypting: SmtpBackend) -> None:
    """Somebody in between sends them behind the STARTTLS; CVE-2011-0411 is the name of what would follow."""
    with encrypting.peer() as peer:
        peer.greet()
        peer.send(b"STARTTLS\r\nEHLO thief.example\r\nMAIL FROM:<thief@client.example>\r\n")
        assert peer.hear().startswith("220 ")
        try:
            peer.encrypt()
        except OSError:  # what came too early was taken for the handshake
            return
        assert peer.say("NOOP").startswith("250 ")
        assert peer.say(f"RCPT TO:<{NOTES}>").startswith("503 ")


def test_handshake_that_fails_ends_its_connection_alone(encrypting: SmtpBackend) -> None:
    with structlog.testing.capture_logs() as events:
        for _ in range(4):  # twice as many as may be open
            with encrypting.peer() as peer:
                peer.greet().say("STARTTLS")
                peer.send(b"this is no handshake\r\n")
                while peer.socket.recv(100):
                    pass
        with encrypting.connect() as client:
            client.starttls()
            client.sendmail("", [NOTES], eml())

    assert len(encrypting.received.mails) == 1
    assert {event["log_level"] for event in events} <= {"info"}


def test_without_a_certificate_there_is_no_starttls() -> None:
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        assert peer.greet().say("STARTTLS").startswith("454 ")
        assert peer.say("NOOP").startswith("250 ")


# --- The files ----------------------------------------------------------------------------------


def test_renewed_certificate_is_used_without_a_restart(
    encrypting: SmtpBackend, files: tuple[Path, Path], program: Program, tmp_path: Path
) -> None:
    renewed = make_certificate(program("openssl"), tmp_path / "new", "renewed.example")
    before = seen_certificate(encrypting)

    renewed[0].replace(files[0])
    assert seen_certificate(encrypting) == before, "the key is still the old one"
    renewed[1].replace(files[1])

    assert seen_certificate(encrypting) != before


def seen_certificate(backend: SmtpBackend) -> bytes | None:
    with backend.connect() as client:
        client.starttls()
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True)


def refuses(certificate: Path, key: Path) -> str:
    backend = SmtpBackend(tls=Tls(certificate, key))
    with pytest.raises(EnvironmentProblem) as caught:
        backend.listener.open(backend.received)
    return str(caught.value)


def test_file_that_cannot_be_read_is_said_in_a_sentence(files: tuple[Path, Path], tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    assert refuses(missing, files[1]) == f"The certificate file {missing} can't be read: No such file or directory."
    assert refuses(files[0], missing) == f"The certificate file {missing} can't be read: No such file or directory."
    assert refuses(tmp_path, files[1]) == f"The certificate file {tmp_path} can't be read: Is a directory."


def test_key_of_another_certificate_is_said_in_a_sentence(
    files: tuple[Path, Path], program: Program, tmp_path: Path
) -> None:
    other = make_certificate(program("openssl"), tmp_path / "other", "mail.example")

    assert "does not belong to the certificate" in refuses(files[0], other[1])


def test_key_with_a_password_is_said_in_a_sentence_and_asked_nobody(tmp_path: Path, program: Program) -> None:
    certificate, key = make_certificate(program("openssl"), tmp_path / "locked", "mail.example", password="12345")

    assert "is protected by a password" in refuses(certificate, key)


def test_file_that_holds_no_certificate_is_said_in_a_sentence(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no certificate")

    assert "both have to be in PEM form" in refuses(tmp_path / "text", files[1])
    assert "both have to be in PEM form" in refuses(files[0], tmp_path / "text")
