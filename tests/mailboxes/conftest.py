"""One Dovecot for all tests of the IMAP mailbox; each test takes a user of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.dovecot import Dovecot, running_dovecot

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot(tls=True) as server:
        yield server


@pytest.fixture
def user() -> str:
    return f"user{next(_numbers)}"
