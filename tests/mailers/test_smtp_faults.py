"""Whatever goes wrong between us and an SMTP server, at whatever phase: the error says what to do about the mail."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from mailflow.errors import MailflowError
from mailflow.mailers.smtp import SmtpMailer
from mailflow.mailers.smtp_answers import Phase
from tests.mailers.contract import RAW, TO_JANE
from tests.mailers.faults import CASES, FAULTS
from tests.mailers.faulty import FaultyServer, faulty_server, stall

TIMEOUT = 0.1


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as server:
        yield server


def mailer_to(server: FaultyServer, *, encrypted: bool = False) -> SmtpMailer:
    return SmtpMailer(
        host="127.0.0.1",
        port=server.port,
        security="starttls" if encrypted else "none",
        username="mailflow",
        password=lambda: "secret",
        timeout_seconds=TIMEOUT,
        after_the_dot_seconds=TIMEOUT,
    )


@pytest.mark.parametrize(("phase", "name", "error"), CASES, ids=[f"{phase}: {name}" for phase, name, _ in CASES])
def test_fault_ends_in_the_error_that_says_what_to_do(
    server: FaultyServer, phase: Phase, name: str, error: type[MailflowError]
) -> None:
    server.phase, server.fault = phase, FAULTS[name]
    mailer = mailer_to(server, encrypted=phase is Phase.STARTTLS)
    begun = time.monotonic()

    with pytest.raises(MailflowError) as caught:
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    mailer.close()
    assert type(caught.value) is error
    assert str(server.port) in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 300
    assert time.monotonic() - begun < 20 * TIMEOUT
    assert (len(server.taken) == 1) == (phase is Phase.DOT)


def test_server_without_a_fault_gets_the_mail(server: FaultyServer) -> None:
    mailer = mailer_to(server)
    mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
    mailer.close()
    assert len(server.taken) == 1


def test_server_has_longer_for_its_last_word_than_for_any_other(server: FaultyServer) -> None:
    """A late answer there would be a second copy."""
    server.phase, server.fault = Phase.DOT, stall
    mailer = mailer_to(server)
    mailer.after_the_dot_seconds = 4 * TIMEOUT
    begun = time.monotonic()

    with pytest.raises(MailflowError):
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert time.monotonic() - begun >= 4 * TIMEOUT
