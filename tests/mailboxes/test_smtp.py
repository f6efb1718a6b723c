"""The embedded listener keeps the contract of mailboxes: a 250 means that the mail is stored."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Listener
from mailflow.mailboxes.smtp import SmtpListener
from tests.builders import ANNA, eml
from tests.mailboxes.contract import Backend, MailboxContract, Received
from tests.ports import free_port

NOTES = "notes@mailflow.example"
MAX_BYTES = 20_000


class SmtpBackend:
    def __init__(self) -> None:
        self.port = free_port()
        self.listener = SmtpListener("notes", "127.0.0.1", self.port, [NOTES, "Notes2@mailflow.example"], MAX_BYTES)
        self.received = Received()

    def connect(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=20)

    def put(self, raw: bytes, sender: str = ANNA.email, to: str = NOTES) -> None:
        with self.connect() as client:
            client.sendmail(sender, [to], raw)

    def fetch(self) -> None:
        """The mail is pushed."""

    def body_of(self, raw: bytes) -> bytes:
        first, _, rest = raw.partition(b"\r\n")
        assert first == b"Return-Path: <anna@coach.example>"
        return rest


@pytest.fixture
def backend() -> Iterator[SmtpBackend]:
    backend = SmtpBackend()
    backend.listener.open(backend.received)
    yield backend
    backend.listener.close()


class TestSmtpListener(MailboxContract):
    def deliver_again(self, backend: Backend, raw: bytes) -> None:
        """The sender keeps the mail after a 451 and sends it again."""
        backend.put(raw)


def test_it_is_a_listener(backend: SmtpBackend) -> None:
    assert isinstance(backend.listener, Listener)


def test_mail_is_stored_before_the_sender_hears_so(backend: SmtpBackend) -> None:
    """The answer is still to come while `receive` runs: the sender's socket has nothing to read."""
    client = backend.connect()
    heard: list[str] = []

    def receive(mailbox: str, key: str, raw: bytes) -> None:
        assert client.sock is not None
        client.sock.setblocking(False)
        try:
            heard.append(repr(client.sock.recv(1, socket.MSG_PEEK)))
        except BlockingIOError:
            heard.append("nothing yet")
        client.sock.settimeout(20)

    backend.listener.close()
    client.close()
    backend.listener.open(receive)
    client = backend.connect()
    client.ehlo()
    client.mail(ANNA.email)
    client.rcpt(NOTES)
    client.docmd("DATA")
    client.send(eml() + b".\r\n")
    answer = client.getreply()
    client.quit()

    assert (heard, answer[0]) == (["nothing yet"], 250)


def test_mail_that_cannot_be_stored_is_to_be_sent_again(backend: SmtpBackend) -> None:
    backend.received.disk_is_full = True

    with pytest.raises(smtplib.SMTPDataError) as caught:
        backend.put(eml())

    assert caught.value.smtp_code == 451
    assert b"send it again later" in caught.value.smtp_error if isinstance(caught.value.smtp_error, bytes) else True


def test_mistake_of_ours_is_no_reason_to_refuse_a_mail_for_good() -> None:
    def stumble(mailbox: str, key: str, raw: bytes) -> None:
        raise KeyError("a bug")

    backend = SmtpBackend()
    backend.listener.open(stumble)
    try:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            backend.put(eml())
    finally:
        backend.listener.close()

    assert caught.value.smtp_code == 451


@pytest.mark.parametrize("to", ["other@mailflow.example", "notes@elsewhere.example", "notes"])
def test_mail_for_somebody_else_is_refused(backend: SmtpBackend, to: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        backend.put(eml(), to=to)

    assert [code for code, _ in caught.value.recipients.values()] == [550]
    assert backend.received.calls == 0


@pytest.mark.parametrize("to", ["NOTES@Mailflow.Example", "notes2@mailflow.example"])
def test_letters_of_the_recipient_do_not_matter(backend: SmtpBackend, to: str) -> None:
    backend.put(eml(), to=to)

    assert len(backend.received.mails) == 1


def test_mail_that_is_too_large_is_refused_before_it_is_sent(backend: SmtpBackend) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as caught:
        backend.put(eml("x" * 70 + "\n" + ("y" * 70 + "\n") * 400))

    assert caught.value.smtp_code == 552
    assert backend.received.calls == 0


def test_mail_that_is_too_large_without_saying_so_is_refused_too(backend: SmtpBackend) -> None:
    with backend.connect() as client:
        client.ehlo()
        client.mail(ANNA.email)
        client.rcpt(NOTES)
        code, _ = client.data((b"y" * 70 + b"\r\n") * 400)

    assert code == 552
    assert backend.received.calls == 0


def test_two_mails_over_one_connection_are_two_deliveries(backend: SmtpBackend) -> None:
    with backend.connect() as client:
        for number in range(2):
            client.sendmail(ANNA.email, [NOTES], eml(message_id=f"<{number}@coach.example>"))

    assert len(backend.received.deliveries) == 2


def test_same_mail_sent_twice_is_two_deliveries_for_others_to_tell_apart(backend: SmtpBackend) -> None:
    for _ in range(2):
        backend.put(eml())

    assert len(backend.received.deliveries) == 2


def test_bounce_without_a_sender_has_an_empty_return_path(backend: SmtpBackend) -> None:
    backend.put(eml(), sender="")

    (raw,) = backend.received.mails
    assert raw.startswith(b"Return-Path: <>\r\n")


def test_port_in_use_is_said_in_a_sentence(backend: SmtpBackend) -> None:
    second = SmtpListener("second", "127.0.0.1", backend.port, [NOTES], MAX_BYTES)

    with pytest.raises(EnvironmentProblem, match=r"'second' can't listen on 127.*another program"):
        second.open(backend.received)

    second.close()
    backend.put(eml())
    assert len(backend.received.mails) == 1


def test_address_that_is_not_this_machines_is_said_in_a_sentence() -> None:
    listener = SmtpListener("notes", "192.0.2.1", free_port(), [NOTES], MAX_BYTES)

    with pytest.raises(EnvironmentProblem, match=r"can't listen on 192\.0\.2\.1"):
        listener.open(Received())


def test_closed_listener_can_be_opened_again(backend: SmtpBackend) -> None:
    backend.listener.close()
    backend.listener.close()
    backend.listener.open(backend.received)

    backend.put(eml())

    assert len(backend.received.mails) == 1
