"""What every mailer must do, whatever it sends through: `class TestSmtp(MailerContract)`."""

from __future__ import annotations

from typing import Protocol

import pytest

from mailflow.errors import TemporaryError
from mailflow.mailers import Envelope, Mailer

TO_JANE = Envelope("homework@mailflow.example", "jane@client.example")
TO_TOM = Envelope("homework@mailflow.example", "tom@client.example")
RAW = b"Subject: Homework\r\nMessage-ID: <1@mailflow.example>\r\n\r\nHello\r\n.\r\n..dots\r\nend=\r\n"


class Backend(Protocol):
    """A mailer, and what arrived at its other end."""

    mailer: Mailer

    def arrived(self) -> list[bytes]: ...

    def go_away(self) -> None:
        """The other end can't be reached."""
        ...


class MailerContract:
    """Subclasses bring a fixture `backend`."""

    def test_mail_arrives_byte_for_byte(self, backend: Backend) -> None:
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

        assert backend.arrived() == [RAW]

    def test_one_message_to_two_people_arrives_twice(self, backend: Backend) -> None:
        for envelope in (TO_JANE, TO_TOM):
            backend.mailer.send(envelope, "<1@mailflow.example>", RAW)

        assert backend.arrived() == [RAW, RAW]

    def test_mailer_can_be_closed_and_used_again(self, backend: Backend) -> None:
        backend.mailer.close()
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
        backend.mailer.close()
        backend.mailer.close()
        backend.mailer.send(TO_TOM, "<2@mailflow.example>", RAW)

        assert len(backend.arrived()) == 2

    def test_other_end_out_of_reach_is_tried_again_later(self, backend: Backend) -> None:
        backend.go_away()

        with pytest.raises(TemporaryError):
            backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
