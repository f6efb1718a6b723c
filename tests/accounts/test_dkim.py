"""DKIM signatures: what holds, and what somebody could send once more with words of their own."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest

from mailflow.accounts.dkim import MAX_SIGNATURES, FindText, signers
from mailflow.errors import EnvironmentProblem

pytestmark = pytest.mark.needs("openssl")

HEADERS = [b"from", b"to", b"subject", b"date", b"message-id", b"cc"]
MAIL = (
    b"From: Anna Berg <anna@coach.example>\r\nTo: notes@mailflow.example\r\nSubject: Notes\r\n"
    b"Date: Wed, 25 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@coach.example>\r\n\r\nActions:\r\n- Call Sam\r\n"
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, FindText]:
    """The private key, and the DNS that has the public one."""
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", str(file), "2048"], check=True, capture_output=True)
    public = ["openssl", "rsa", "-in", str(file), "-pubout", "-outform", "der"]
    der = subprocess.run(public, check=True, capture_output=True).stdout
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return Path(file).read_bytes(), lambda name: record if name.startswith("s1._domainkey.coach.example") else None


def signed(private: bytes, mail: bytes = MAIL, **options: object) -> bytes:
    signature: bytes = dkim.sign(mail, b"s1", b"coach.example", private, include_headers=HEADERS, **options)
    return signature + mail


def test_signature_that_holds_names_its_domain(key: tuple[bytes, FindText]) -> None:
    private, dns = key
    assert signers(signed(private), dns) == {"coach.example"}


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "text below": lambda mail: mail + b"- Call Tom\r\n",
    "other text": lambda mail: mail.replace(b"Call Sam", b"Call Tom"),
    "other subject": lambda mail: mail.replace(b"Subject: Notes", b"Subject: Tom"),
    "Cc on top": lambda mail: b"Cc: tom@client.example\r\n" + mail,
    "Cc inside": lambda mail: mail.replace(b"To: notes", b"Cc: tom@client.example\r\nTo: notes"),
    "second From": lambda mail: b"From: tom@client.example\r\n" + mail,
    "second To on top": lambda mail: b"To: tom@client.example\r\n" + mail,
    "second To inside": lambda mail: mail.replace(b"To: notes", b"To: tom@client.example\r\nTo: notes"),
    "second Subject": lambda mail: b"Subject: Notes for Tom\r\n" + mail,
    "second Date": lambda mail: b"Date: Wed, 18 Nov 2026 10:00:00 +0100\r\n" + mail,
    "References": lambda mail: b"References: <2@mailflow.example>\r\n" + mail,
    "other selector": lambda mail: mail.replace(b"s=s1;", b"s=s2;"),
    "other domain": lambda mail: mail.replace(b"d=coach.example", b"d=evil.example"),
    "other version": lambda mail: mail.replace(b"v=1;", b"v=2;"),
    "no signature": lambda mail: mail.replace(b"b=", b"x="),
    "garbage": lambda mail: b"DKIM-Signature: \xff\xfe\r\n" + mail.partition(b"\r\n\r\n")[2],
}


SAME: dict[str, Callable[[bytes], bytes]] = {
    "LF alone": lambda mail: mail.replace(b"\r\n", b"\n"),
    "a trace on top": lambda mail: b"Received: from a by b\r\n\tfor c\r\n" + mail,
    "line breaks below": lambda mail: mail + b"\r\n\r\n",
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_servers_do_on_the_way_breaks_no_signature(
    key: tuple[bytes, FindText], change: Callable[[bytes], bytes]
) -> None:
    private, dns = key
    assert signers(change(signed(private)), dns) == {"coach.example"}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_mail_is_signed_by_nobody(key: tuple[bytes, FindText], change: Callable[[bytes], bytes]) -> None:
    private, dns = key
    assert signers(change(signed(private)), dns) == frozenset()


def test_signature_with_a_length_is_refused_with_and_without_text_below(key: tuple[bytes, FindText]) -> None:
    private, dns = key
    mail = signed(private, length=True)
    assert dkim.verify(mail + b"- Call Tom\r\n", dnsfunc=lambda name, timeout=5: dns(name.decode()))  # the trap
    assert signers(mail, dns) == frozenset()
    assert signers(mail + b"- Call Tom\r\n", dns) == frozenset()


def test_unsigned_mail_asks_nobody() -> None:
    def nobody(_: str) -> bytes | None:
        raise AssertionError

    assert signers(MAIL, nobody) == frozenset()


def test_silent_dns_is_not_the_mails_fault(key: tuple[bytes, FindText]) -> None:
    private, _ = key

    def silent(name: str) -> bytes | None:
        raise EnvironmentProblem(name)

    with pytest.raises(EnvironmentProblem):
        signers(signed(private), silent)


def test_one_signature_that_holds_is_enough_and_many_cost_little(key: tuple[bytes, FindText]) -> None:
    private, dns = key
    asked: list[str] = []

    def counting(name: str) -> bytes | None:
        asked.append(name)
        return dns(name)

    mail = signed(private)
    bad = mail.partition(b"From:")[0].replace(b"d=coach.example", b"d=other.example")
    assert signers(bad + mail, counting) == {"coach.example"}
    asked.clear()
    signers(bad * 50 + mail, counting)
    assert len(asked) <= MAX_SIGNATURES
