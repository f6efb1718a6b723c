"""What one peer can take from the others: nothing. No test waits for longer than a second."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes.smtp_limits import REMEMBERED_PEERS, Connections, Rate
from tests.builders import eml
from tests.mailboxes.contract import Received
from tests.mailboxes.listening import MAX_BYTES, NOTES, NOTES_TOO, Peer, SmtpBackend, limits

# --- Mails in a minute --------------------------------------------------------------------------


def test_so_many_at_once_and_then_one_for_each_part_of_the_minute() -> None:
    rate = Rate(4)
    assert [rate.take("a", 100.0) for _ in range(5)] == [True] * 4 + [False]
    assert not rate.take("a", 114.9)
    assert rate.take("a", 115.0)
    assert not rate.take("a", 115.1)
    assert [rate.take("a", 1_000.0) for _ in range(5)] == [True] * 4 + [False]


def test_peers_have_a_minute_each() -> None:
    rate = Rate(1)
    assert [rate.take(peer, 0.0) for peer in ("a", "b", "a", "b")] == [True, True, False, False]


def test_what_is_given_back_can_be_taken_again() -> None:
    rate = Rate(1)
    rate.take("a", 0.0)
    rate.give_back("a")
    rate.give_back("unknown")
    assert rate.take("a", 0.0)


def test_zero_is_no_limit() -> None:
    rate = Rate(0)
    assert all(rate.take("a", 0.0) for _ in range(1_000))


def test_no_crowd_of_peers_fills_the_memory() -> None:
    rate = Rate(1)
    for number in range(REMEMBERED_PEERS + 50):
        rate.take(str(number), 0.0)

    assert len(rate._peers) == REMEMBERED_PEERS
    assert not rate.take(str(REMEMBERED_PEERS + 49), 0.0)


@given(st.lists(st.floats(0, 10), max_size=200))
def test_never_more_than_twice_the_limit_in_any_minute(pauses: list[float]) -> None:
    rate, now, taken = Rate(5), 0.0, []
    for pause in pauses:
        now += pause
        if rate.take("a", now):
            taken.append(now)
    assert all(sum(start <= moment < start + 60 for moment in taken) <= 10 for start in taken)


def test_too_many_mails_are_put_off_and_the_connection_stays() -> None:
    with SmtpBackend(limits=limits(max_per_minute=2)).opened() as backend, backend.peer() as peer:
        peer.greet()
        for _ in range(2):
            peer.begin()
            peer.send(eml() + b".\r\n")
            assert peer.hear()[:3] == "250"
        peer.say("MAIL FROM:<>")
        peer.say(f"RCPT TO:<{NOTES}>")
        assert peer.say("DATA").startswith("451 4.7.1 ")
        assert peer.say("QUIT")[:3] == "221"

    assert len(backend.received.mails) == 2


def stumble(mailbox: str, key: str, raw: bytes) -> None:
    raise KeyError("a bug")


def full(mailbox: str, key: str, raw: bytes) -> None:
    raise EnvironmentProblem("The disk is full.")


@pytest.mark.parametrize("receive", [full, stumble])
def test_what_could_not_be_stored_is_not_counted(receive: Callable[[str, str, bytes], None]) -> None:
    backend = SmtpBackend(limits=limits(max_per_minute=1))
    backend.listener.open(receive)
    try:
        with backend.peer() as peer:
            peer.greet()
            for _ in range(5):
                peer.begin()
                peer.send(eml() + b".\r\n")
                assert peer.hear().startswith("451 4.3.0 ")
    finally:
        backend.listener.close()


# --- Connections --------------------------------------------------------------------------------


def test_connections_are_counted_for_all_and_for_each() -> None:
    connections = Connections(limits(connections=3, connections_per_peer=2))
    assert [connections.admit(peer) for peer in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    connections.release("a")
    assert connections.admit("c")


def test_too_many_connections_are_told_to_come_again() -> None:
    with SmtpBackend(limits=limits(connections_per_peer=2)).opened() as backend:
        with backend.peer() as first, backend.peer() as second, backend.peer() as third:
            first.greet()
            second.greet()
            assert third.hear().startswith("421 4.3.2 ")
            assert third.hear() == ""
        until = time.monotonic() + 20
        while (peer := Peer(backend.port)).hear()[:3] == "421":  # until it has seen that they are gone
            peer.close()
            assert time.monotonic() < until
        peer.close()


def test_peer_that_talks_nonsense_is_cut_off() -> None:
    with SmtpBackend(limits=limits(errors=5)).opened() as backend, backend.peer() as peer:
        peer.greet()
        answers = [peer.say(word) for word in ("", "MAIL", "RCPT TO:<x@y.example>", "DATA", "GET / HTTP/1.1")]
        assert [answer[0] for answer in answers] == ["5"] * 5
        assert (peer.hear(), peer.hear()) == ("421 4.7.0 Too many errors", "")


def test_peer_that_tries_addresses_is_cut_off() -> None:
    with SmtpBackend(limits=limits(errors=5)).opened() as backend, backend.peer() as peer:
        peer.greet().say("MAIL FROM:<>")
        answers = [peer.say(f"RCPT TO:<guess{number}@mailflow.example>")[:3] for number in range(5)]
        assert (answers, peer.hear()[:3], peer.hear()) == (["550"] * 5, "421", "")


def test_mail_that_arrives_makes_up_for_errors() -> None:
    with SmtpBackend(limits=limits(errors=3)).opened() as backend, backend.peer() as peer:
        peer.greet()
        for _ in range(4):
            assert peer.say("RCPT TO:<x@mailflow.example>")[:3] == "503"
            peer.begin()
            peer.send(eml() + b".\r\n")
            assert peer.hear()[:3] == "250"


def test_recipient_too_many_is_for_the_next_mail() -> None:
    with SmtpBackend(limits=limits(recipients=2)).opened() as backend, backend.peer() as peer:
        peer.greet().say("MAIL FROM:<>")
        answers = [peer.say(f"RCPT TO:<{to}>")[:3] for to in (NOTES, NOTES_TOO, NOTES)]
        assert answers == ["250", "250", "452"]


@pytest.mark.parametrize(
    "start", ["", "EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<notes@mailflow.example>\r\nDATA\r\nx"]
)
def test_peer_that_does_not_go_on_is_cut_off(start: str) -> None:
    with SmtpBackend(limits=limits(seconds=0.2)).opened() as backend, backend.peer() as peer:
        peer.send(start.encode())
        while peer.hear():
            pass
    assert backend.received.calls == 0


def test_peer_that_is_busy_without_bringing_mail_is_cut_off() -> None:
    with SmtpBackend(limits=limits(seconds=0.2)).opened() as backend, backend.peer() as peer:
        peer.greet()
        answers = 0
        while peer.say("NOOP")[:3] == "250":
            answers += 1
            time.sleep(0.05)
            assert answers < 50
    assert answers > 4


def test_mail_that_comes_keeps_the_connection() -> None:
    with SmtpBackend(limits=limits(seconds=0.2)).opened() as backend, backend.peer() as peer:
        peer.greet()
        for _ in range(6):
            time.sleep(0.1)
            peer.begin()
            peer.send(eml() + b".\r\n")
            assert peer.hear()[:3] == "250"


def test_peer_that_sends_a_byte_now_and_then_is_cut_off() -> None:
    with SmtpBackend(limits=limits(seconds=0.3)).opened() as backend, backend.peer() as peer:
        peer.greet().begin()
        peer.socket.settimeout(0.05)
        assert any(is_cut_off(peer) for _ in range(100))


def is_cut_off(peer: Peer) -> bool:
    try:
        peer.send(b"x")
        return peer.socket.recv(100) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


# --- Size ---------------------------------------------------------------------------------------


def test_largest_mail_is_taken_and_a_byte_more_is_not() -> None:
    mail = eml() + b"x" * (MAX_BYTES - len(eml()) - 2) + b"\r\n"
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        peer.greet().begin()
        peer.send(mail + b".\r\n")
        assert peer.hear()[:3] == "250"
        peer.begin()
        peer.send(b"x" + mail + b".\r\n")
        assert peer.hear() == "552 5.3.4 The mail is too large"
        assert peer.say(f"MAIL FROM:<> SIZE={MAX_BYTES}")[:3] == "250"
        peer.say("RSET")
        assert peer.say(f"MAIL FROM:<> SIZE={MAX_BYTES + 1}")[:3] == "552"
        assert peer.say(f"MAIL FROM:<> SIZE={'9' * 1000}")[:3] == "552"


@pytest.mark.parametrize("line", [b"x" * 65_536, b"x" * 65_534 + b"\r\n"], ids=["one line", "many lines"])
def test_mail_without_an_end_takes_no_memory(line: bytes) -> None:
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        peer.greet().begin()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(1_000):
            peer.send(line)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000  # kB, of 64,000 that were sent
        peer.send(b"\r\n.\r\n")
        assert peer.hear()[:3] == "552"


def test_command_without_an_end_takes_no_memory() -> None:
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        peer.greet()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(1_000):
            peer.send(b"x" * 65_536)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000
        assert peer.say("")[:3] == "500"
        assert peer.say("NOOP " + "x" * 3_000)[:3] == "500"
        assert peer.say("NOOP")[:3] == "250"


def test_full_disk_is_over_for_the_same_connection() -> None:
    with SmtpBackend().opened() as backend, backend.peer() as peer:
        peer.greet()
        received: Received = backend.received
        for is_full, code in ((True, "451"), (False, "250")):
            received.disk_is_full = is_full
            peer.begin()
            peer.send(eml() + b".\r\n")
            assert peer.hear()[:3] == code
