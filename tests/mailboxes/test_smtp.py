"""The embedded listener keeps the contract of mailboxes: a 250 means that the mail is stored."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Listener
from mailflow.mailboxes.smtp import SmtpListener
from tests.builders import ANNA, eml
from tests.mailboxes.contract import Backend, MailboxContract, Received
from tests.mailboxes.listening import BOUNCES, LIMITS, NOTES, NOTES_TOO, SmtpBackend
from tests.ports import free_port

FAMILIES = [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET, "127.0.0.1")]  # the first is not this machine's


@pytest.fixture
def backend() -> Iterator[SmtpBackend]:
    with SmtpBackend().opened() as backend:
        yield backend


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
    looked = threading.Event()

    def receive(mailbox: str, key: str, raw: bytes) -> None:
        assert client.sock is not None
        client.sock.setblocking(False)
        try:
            heard.append(repr(client.sock.recv(1, socket.MSG_PEEK)))
        except BlockingIOError:
            heard.append("nothing yet")
        client.sock.settimeout(20)
        looked.set()

    backend.listener.close()
    client.close()
    backend.listener.open(receive)
    client = backend.connect()
    client.ehlo()
    client.mail(ANNA.email)
    client.rcpt(NOTES)
    client.docmd("DATA")
    client.send(eml() + b".\r\n")
    assert looked.wait(20)
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


@pytest.mark.parametrize(
    "to",
    [
        "other@mailflow.example",
        "notes@elsewhere.example",
        "notes",
        "notes+tag@mailflow.example",
        "@relay.example:notes@mailflow.example",
        "jane%client.example@mailflow.example",
        '"jane@client.example"@mailflow.example',
        '"notes"@mailflow.example',
        "notes@mailflow.example@client.example",
        "client.example!jane",
    ],
)
def test_mail_for_somebody_else_is_refused_in_whatever_form_it_is_asked_for(backend: SmtpBackend, to: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        backend.put(eml(), to=to)

    assert [code for code, _ in caught.value.recipients.values()] == [550]
    assert backend.received.calls == 0


@pytest.mark.parametrize("filled", ["42-abcdefghijklmnop", "A-1", "x" * 64])
def test_bounces_come_to_an_address_of_each_mail(backend: SmtpBackend, filled: str) -> None:
    with backend.connect() as client:
        client.sendmail("", [BOUNCES.replace("*", filled).upper()], eml())

    assert len(backend.received.mails) == 1


@pytest.mark.parametrize(
    "address",
    [BOUNCES.replace("*", filled) for filled in ("", "*", "a.b", "a+b", "a_b", "x" * 65)]
    + ["bounces@mailflow.example", "my." + BOUNCES.replace("*", "a"), BOUNCES.replace("*", "a") + ".evil.example"],
)
def test_no_other_address_is_opened_by_that(backend: SmtpBackend, address: str) -> None:
    with backend.connect() as client, pytest.raises(smtplib.SMTPException):
        client.sendmail("", [address], eml())

    assert backend.received.mails == []


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
    second = SmtpListener("second", ("127.0.0.1", backend.port), [NOTES], LIMITS, return_address=BOUNCES)

    with pytest.raises(EnvironmentProblem, match=r"'second' can't listen on 127.*another program"):
        second.open(backend.received)

    second.close()
    backend.put(eml())
    assert len(backend.received.mails) == 1


def test_address_that_is_not_this_machines_is_said_in_a_sentence() -> None:
    listener = SmtpListener("notes", ("192.0.2.1", free_port()), [NOTES], LIMITS, return_address=BOUNCES)

    with pytest.raises(EnvironmentProblem, match=r"can't listen on 192\.0\.2\.1"):
        listener.open(Received())


@pytest.mark.parametrize("host", ["localhost", ""])
def test_it_listens_on_every_address_of_a_host(host: str) -> None:
    port = free_port()
    listener = SmtpListener("notes", (host, port), [NOTES], LIMITS, return_address=BOUNCES)
    received = Received()
    listener.open(received)
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.sendmail(ANNA.email, [NOTES], eml())
    finally:
        listener.close()

    assert len(received.mails) == 1


def test_address_of_a_kind_that_the_machine_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    addresses = [(family, socket.SOCK_STREAM, 0, "", (host, port)) for family, host in FAMILIES]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: addresses)
    listener = SmtpListener("notes", ("both.example", port), [NOTES], LIMITS, return_address=BOUNCES)
    listener.open(Received())
    listener.close()


def test_closed_listener_can_be_opened_again(backend: SmtpBackend) -> None:
    backend.listener.close()
    backend.listener.close()
    backend.listener.open(backend.received)

    backend.put(eml())

    assert len(backend.received.mails) == 1


def test_mail_to_two_of_our_addresses_is_one_delivery_that_names_both(backend: SmtpBackend) -> None:
    with backend.connect() as client:
        client.sendmail(ANNA.email, [NOTES, NOTES_TOO, NOTES], eml())

    (raw,) = backend.received.mails
    assert raw.startswith(
        b"Return-Path: <anna@coach.example>\r\n"
        b"Delivered-To: notes@mailflow.example\r\nDelivered-To: Notes2@mailflow.example\r\n"
    )
    assert raw.endswith(eml())


def test_envelope_stands_above_what_a_mail_says_of_itself(backend: SmtpBackend) -> None:
    forged = b"Return-Path: <>\r\nDelivered-To: secret@mailflow.example\r\n" + eml()
    backend.put(forged)

    (raw,) = backend.received.mails
    assert backend.body_of(raw) == forged


@pytest.mark.parametrize("start", [b" secret@mailflow.example\r\n", b"\tsecret@mailflow.example\r\n"])
def test_mail_that_would_continue_the_header_above_it_is_refused(backend: SmtpBackend, start: bytes) -> None:
    with pytest.raises(smtplib.SMTPDataError) as caught:
        backend.put(start + eml())

    assert (caught.value.smtp_code, backend.received.calls) == (554, 0)


@pytest.mark.parametrize(("hops", "code"), [(50, 250), (51, 554)])
def test_mail_that_goes_in_circles_is_refused(backend: SmtpBackend, hops: int, code: int) -> None:
    received = b"Received: from a.example by b.example;\r\n\tMon, 23 Nov 2026 09:00:00 +0000\r\n"
    with backend.peer() as peer:
        peer.greet().begin()
        peer.send(received * hops + eml("Received: in the text\n" * 60) + b".\r\n")

        assert peer.hear().startswith(f"{code} ")


@pytest.mark.parametrize("command", ["VRFY notes", "VRFY \udcff", "VRFY", "EXPN notes"])
def test_nobody_hears_which_addresses_there_are(backend: SmtpBackend, command: str) -> None:
    with backend.peer() as peer:
        assert peer.greet().say(command).startswith("252 ")


def test_only_what_is_there_is_offered(backend: SmtpBackend) -> None:
    with backend.connect() as client:
        client.ehlo()

        assert set(client.esmtp_features) == {"pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes"}
        assert client.docmd("AUTH", "PLAIN AGFubmEAc2VjcmV0")[0] == 500


def test_every_answer_to_a_command_has_an_enhanced_code(backend: SmtpBackend) -> None:
    with backend.peer() as peer:
        peer.greet()
        for command in (
            "NOOP",
            "DATA",
            "RCPT TO:<x@y.example>",
            "MAIL FROM:x y z",
            "BLAH",
            "",
            "RSET",
            "RSET x",
            "QUIT",
        ):
            answer = peer.say(command)
            assert answer[4:6] == f"{answer[0]}.", (command, answer)


def test_commands_may_come_all_at_once(backend: SmtpBackend) -> None:
    """RFC 2920."""
    with backend.peer() as peer:
        peer.greet()
        peer.send(b"MAIL FROM:<>\r\nRCPT TO:<notes@mailflow.example>\r\nRCPT TO:<other@mailflow.example>\r\nDATA\r\n")
        assert [peer.hear()[:3] for _ in range(4)] == ["250", "250", "550", "354"]
        peer.send(eml() + b".\r\nMAIL FROM:<>\r\nQUIT\r\n")
        assert [peer.hear()[:3] for _ in range(3)] == ["250", "250", "221"]

    assert len(backend.received.mails) == 1


def test_two_dots_and_lines_of_any_length_arrive_as_they_were_sent(backend: SmtpBackend) -> None:
    long = b"Subject: x\r\n\r\n" + b"z" * 15_000 + b"\r\n.\r\n..\r\nbare\n.\nline feeds\r\n"
    backend.put(long)
    with backend.peer() as peer:
        peer.greet().begin()
        peer.send(long.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert peer.hear()[:3] == "250"

    assert backend.body_of(backend.received.mails[1]) == long


def test_line_feed_and_dot_do_not_end_a_mail(backend: SmtpBackend) -> None:
    """What one server takes for the end of a mail and another does not smuggles a second mail in."""
    smuggled = b"Subject: x\r\n\r\ntext\n.\nMAIL FROM:<jane@client.example>\r\n\n.\r\nmore\r\n"
    with backend.peer() as peer:
        peer.greet().begin()
        peer.send(smuggled + b".\r\n")
        assert peer.hear()[:3] == "250"

    assert [backend.body_of(raw) for raw in backend.received.mails] == [smuggled]


@pytest.mark.parametrize(
    "sender", ["a\x00b@coach.example", "a\rX-Forged: yes@coach.example", "<anna@coach.example", "a b"]
)
def test_sender_that_would_spoil_the_header_is_refused(backend: SmtpBackend, sender: str) -> None:
    with backend.peer() as peer:
        assert peer.greet().say(f"MAIL FROM:<{sender}>" if sender != "a b" else "MAIL FROM:a b=")[0] == "5"


def test_closing_waits_for_the_mail_that_is_being_stored() -> None:
    backend = SmtpBackend()
    begun, go_on = threading.Event(), threading.Event()
    stored: list[bytes] = []

    def slow(mailbox: str, key: str, raw: bytes) -> None:
        begun.set()
        assert go_on.wait(20)
        stored.append(raw)

    backend.listener.open(slow)
    with backend.peer() as peer, backend.peer() as idle:
        idle.greet()
        peer.greet().begin()
        peer.send(eml() + b".\r\n")
        assert begun.wait(20)
        closing = threading.Thread(target=backend.listener.close)
        closing.start()
        assert idle.hear().startswith("421 4.3.2 mailflow is stopping")
        go_on.set()

        assert peer.hear() == "250 2.0.0 Stored"
        assert peer.hear().startswith("421 ")
        closing.join(20)

    assert len(stored) == 1
