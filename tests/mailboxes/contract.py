"""What every mailbox must do, whatever mail comes through: `class TestFolder(MailboxContract)`."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Fate, FirstStart
from tests.builders import NOW, eml

NASTY = b"Subject: =?x?\r\nX-Empty:\r\n\r\n.\r\n..two dots\r\n\xff\xfe \x00 bytes \xe4\r\ntabs\t\r\n\r\nlast line\r\n"


class Received:
    """`Deliveries` that remember; they can be told that the disk is full, and what became of the mails."""

    def __init__(self) -> None:
        self.deliveries: dict[tuple[str, str], bytes] = {}
        self.fate_of_each = Fate.WAITING
        self.started = FirstStart(NOW, "0:0")
        self.calls = 0
        self.disk_is_full = False
        self._lock = threading.Lock()

    def __call__(self, mailbox: str, key: str, raw: bytes) -> None:
        with self._lock:
            self.calls += 1
            if self.disk_is_full:
                raise EnvironmentProblem("The disk is full.")
            self.deliveries.setdefault((mailbox, key), raw)

    def receive(self, mailbox: str, key: str, raw: bytes) -> None:
        self(mailbox, key, raw)

    def receive_all(self, mailbox: str, mails: Mapping[str, bytes]) -> None:
        for key, raw in mails.items():
            self(mailbox, key, raw)

    def set_aside(self, mailbox: str, key: str, head: bytes, reason: str) -> None:
        self(mailbox, key, head)

    def fates(self, mailbox: str, keys: Sequence[str]) -> Mapping[str, Fate]:
        return {key: self.fate_of_each for key in keys if (mailbox, key) in self.deliveries}

    def first_start(self, mailbox: str, place: str, mark: str) -> FirstStart:
        return self.started

    def tell(self, mailbox: str, *, left_alone: int, problem: str) -> None:
        """Not of interest here."""

    @property
    def mails(self) -> list[bytes]:
        return list(self.deliveries.values())


class Backend(Protocol):
    """A mailbox named `notes`, and somebody who can put mail into it."""

    received: Received

    def put(self, raw: bytes) -> None:
        """Somebody delivers a mail."""
        ...

    def fetch(self) -> None:
        """The mailbox hands on what is new; what it can't hand on stays for the next time."""
        ...

    def body_of(self, raw: bytes) -> bytes:
        """What was received, without what this kind of mailbox puts in front."""
        ...


class MailboxContract:
    """Subclasses bring a fixture `backend`."""

    def test_mail_arrives_byte_for_byte(self, backend: Backend) -> None:
        backend.put(NASTY)
        backend.fetch()

        assert [backend.body_of(raw) for raw in backend.received.mails] == [NASTY]

    def test_every_mail_has_a_key_of_its_own_in_the_mailbox(self, backend: Backend) -> None:
        mails = [eml(message_id=f"<{number}@coach.example>") for number in range(3)]
        for raw in mails:
            backend.put(raw)
        backend.fetch()

        assert sorted(backend.body_of(raw) for raw in backend.received.mails) == sorted(mails)
        assert {mailbox for mailbox, _ in backend.received.deliveries} == {"notes"}

    def test_mail_that_was_handed_on_is_not_handed_on_again(self, backend: Backend) -> None:
        backend.put(eml())
        backend.fetch()
        backend.fetch()

        assert backend.received.calls == 1

    def test_mail_that_could_not_be_stored_comes_again(self, backend: Backend) -> None:
        backend.received.disk_is_full = True
        with pytest.raises(Exception, match=r"disk is full|451"):
            self.deliver(backend, eml())
        assert backend.received.mails == []

        backend.received.disk_is_full = False
        self.deliver_again(backend, eml())

        assert [backend.body_of(raw) for raw in backend.received.mails] == [eml()]

    def deliver(self, backend: Backend, raw: bytes) -> None:
        backend.put(raw)
        backend.fetch()

    def deliver_again(self, backend: Backend, raw: bytes) -> None:
        """What happens after a failure: by default the mail is still there."""
        backend.fetch()
