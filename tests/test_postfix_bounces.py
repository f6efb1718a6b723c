"""A homework goes through a real Postfix, which can't deliver it; what Postfix sends back is matched with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailflow.flows.collect import StoredDeliveries
from mailflow.mailboxes import Listener
from mailflow.mailers.smtp import SmtpMailer
from mailflow.mailers.smtp_answers import Phase
from mailflow.model import InboundStatus, OutboundKind, OutboundState
from tests.mailers.faulty import FaultyServer, faulty_server, say
from tests.ports import free_port
from tests.scene import ANNA, HOLD, NOW, SERVICE, Scene, note, open_scene
from tests.servers.postfix import PATIENCE, Postfix, running_postfix
from tests.waiting import until

pytestmark = [
    pytest.mark.needs("postfix"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix only starts as root"),
]

REFUSAL = "550 5.1.1 <jane@client.example>: Recipient address rejected: User unknown"


@dataclass
class Relayed:
    """mailflow sends through Postfix and gets its bounces from there; `clients` is the server that has Jane's mail."""

    scene: Scene
    postfix: Postfix
    clients: FaultyServer
    coaches: FaultyServer

    def send_homework(self) -> None:
        self.scene.mail_in(note())
        self.scene.process_all()
        for now in (NOW, NOW + HOLD):
            self.scene.deliver_all(now)

    def wait_for_mail(self) -> None:
        """Until there is another than the note."""
        until(lambda: len(self.scene.inbox()) > 1, PATIENCE)


@contextmanager
def relayed(folder: Path, settings: str = "") -> Iterator[Relayed]:
    with ExitStack() as opened:
        clients, coaches = (opened.enter_context(faulty_server()) for _ in range(2))
        port = free_port()
        transports = {
            "client.example": f"smtp:[127.0.0.1]:{clients.port}",
            "coach.example": f"smtp:[127.0.0.1]:{coaches.port}",
            "mailflow.example": f"smtp:[127.0.0.1]:{port}",
        }
        postfix = opened.enter_context(running_postfix(transports, settings))
        scene = opened.enter_context(open_scene(folder, smtp_port=port))
        mailer = SmtpMailer("127.0.0.1", postfix.port, "none", "", str, PATIENCE)
        opened.callback(mailer.close)
        scene.mailer = mailer
        (listener,) = scene.app.mailboxes()
        assert isinstance(listener, Listener)
        deliveries = StoredDeliveries(scene.app.database, lambda: NOW + HOLD, scene.app.wake)
        listener.open(deliveries.receive)
        opened.callback(listener.close)
        yield Relayed(scene, postfix, clients, coaches)


def came_back(relay: Relayed, *, at: Phase, answer: bytes) -> None:
    relay.clients.phase, relay.clients.fault = at, say(answer)
    relay.send_homework()
    relay.wait_for_mail()
    relay.scene.process_all(NOW + HOLD)
    relay.scene.deliver_all(NOW + HOLD)
    relay.postfix.wait_until_empty()

    homework = relay.scene.planned(OutboundKind.HOMEWORK)
    bounce = relay.scene.inbox()[-1]
    assert (bounce.status, bounce.reason) == (
        InboundStatus.PROCESSED,
        f"a bounce: mail {homework.id} was not delivered",
    )
    assert homework.state is OutboundState.FAILED
    told = relay.coaches.taken[-1].decode()
    assert f"To: {ANNA}" in told
    assert "Subject: Not delivered: homework for Jane Doe" in told
    assert len(relay.scene.outbox(OutboundKind.UNDELIVERED)) == 1


def test_bounce_is_matched_by_the_message_id(tmp_path: Path) -> None:
    with relayed(tmp_path) as relay:
        came_back(relay, at=Phase.RCPT, answer=f"{REFUSAL}\r\n".encode())
        assert relay.scene.planned(OutboundKind.HOMEWORK).reason == f"it came back: {REFUSAL}"


def test_bounce_is_matched_by_its_signed_address_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_SERVICE__RETURN_ADDRESS", "bounces+*@mailflow.example")
    monkeypatch.setattr("mailflow.parsing.bounces.MESSAGE_IDS", ())  # as where a server gave the mail another
    with relayed(tmp_path) as relay:
        came_back(relay, at=Phase.DOT, answer=b"554 5.7.1 we take no such mail\r\n")


def test_no_other_address_than_those_of_bounces_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_SERVICE__RETURN_ADDRESS", "bounces+*@mailflow.example")
    with relayed(tmp_path) as relay, relay.postfix.connect() as client:
        for address in (
            "bounces@mailflow.example",
            "bounces+a.b@mailflow.example",
            "my.bounces+1-a@mailflow.example",
            SERVICE,
        ):
            client.sendmail("", [address], b"Subject: hello\r\n\r\nhello\r\n")
        client.sendmail("", ["Bounces+1-abc@mailflow.example"], b"Subject: hello\r\n\r\nhello\r\n")
        relay.postfix.wait_until_empty()
        assert relay.scene.app.database.count("inbound_emails") == 1


def test_warning_that_it_is_late_is_no_bounce(tmp_path: Path) -> None:
    """Postfix keeps what a server puts off, says so after a while, and delivers it in the end."""
    with relayed(tmp_path, "delay_warning_time = 1s\n") as relay:
        relay.clients.phase, relay.clients.fault = Phase.RCPT, say(b"451 4.3.0 later\r\n")
        relay.send_homework()
        relay.wait_for_mail()
        relay.scene.process_all(NOW + HOLD)
        homework = relay.scene.planned(OutboundKind.HOMEWORK)
        warning = relay.scene.inbox()[-1]
        assert warning.status is InboundStatus.IGNORED
        assert warning.reason == f"a bounce: mail {homework.id} is still on its way, or delivered"
        relay.clients.fault = None
        relay.postfix.wait_until_empty()
        assert len(relay.clients.taken) == 1
        assert homework.state is OutboundState.SENT
