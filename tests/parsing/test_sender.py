"""Was it the coach? Who vouches for it, and every way that was tried to seem vouched for."""

from __future__ import annotations

import pytest

from mailflow.model import Address, Email
from mailflow.parsing.mime import read_email
from mailflow.parsing.sender import Policy, Trust, single_sender, why_unproven

FROM = "From: Anna Berg <anna@coach.example>"
PASS = "dmarc=pass header.from=coach.example"
RESULTS = Trust((Policy.AUTHENTICATION_RESULTS,), authserv_id="mx.example")


def said(results: str) -> str:
    return f"Authentication-Results: mx.example; {results}"


GOOD = said("dmarc=pass (p=reject) header.from=coach.example")


def mail(*head: str) -> Email:
    return read_email("\r\n".join([*head, "", "Actions:", "- Call", ""]).encode())


# --- Who wrote it ------------------------------------------------------------------------------


def test_one_from_address_is_the_sender_in_lower_case() -> None:
    email = read_email(b"From: Anna Berg <Anna@Coach.Example>\n\nHi")
    assert single_sender(email) == Address("Anna Berg", "anna@coach.example")


@pytest.mark.parametrize(
    "head",
    [
        "Subject: nobody",
        "From: ",
        "From: Anna Berg",
        "From: anna@coach.example, tom@client.example",
        "From: anna@coach.example\nFrom: tom@client.example",
        "From: anna@coach.example\nFrom: Nobody",
        "From: " + "(" * 2000,
    ],
)
def test_none_or_several_are_nobody(head: str) -> None:
    email = read_email(f"{head}\n\nHi".encode())
    assert single_sender(email) is None
    assert why_unproven(email, Trust((Policy.NONE,)), ()) == "it does not have exactly one sender"


def test_encoded_word_cannot_smuggle_in_an_address() -> None:
    email = read_email(b"From: =?utf-8?q?anna=40coach=2Eexample=2C_x?= <tom@client.example>\n\nHi")
    assert single_sender(email) == Address("anna@coach.example, x", "tom@client.example")


# --- Authentication-Results --------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        [GOOD, FROM],
        [FROM, GOOD],
        ["authentication-results: MX.EXAMPLE; DMARC=Pass header.from=Coach.Example", FROM],
        [
            said(f"\r\n\tspf=fail smtp.mailfrom=x.example;\r\n\t{PASS}"),
            FROM,
        ],
        [
            f"Authentication-Results: mx.example 1; dkim=pass header.d=coach.example; {PASS}",
            FROM,
        ],
        # Forms of other results that no grammar knows.
        [said(f"iprev=pass policy.iprev=2001:db8::1 (mx.example); x-ptr=pass smtp.helo=a policy=; {PASS};"), FROM],
        # One that another server of one's own put on top later says nothing against it.
        ["Authentication-Results: inner.example; none", GOOD, FROM],
        [GOOD, said("dmarc=fail header.from=coach.example"), FROM],
    ],
)
def test_dmarc_of_the_pinned_server_proves_the_sender(head: list[str]) -> None:
    assert why_unproven(mail(*head), RESULTS, ()) == ""


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ([FROM], "did not check its sender"),
        (
            ["Authentication-Results: evil.example; dmarc=pass header.from=coach.example", FROM],
            "did not check its sender",
        ),
        (["Authentication-Results: mx.example.evil; dmarc=pass header.from=coach.example", FROM], "did not check"),
        # A forged one below the real one, and a forged one whose name only looks like it.
        (
            [said("dmarc=fail header.from=coach.example"), GOOD, FROM],
            "DMARC does not hold",
        ),
        # The sender's own words make the real one unreadable.
        ([said("spf=none smtp.mailfrom=<>; dmarc=fail header.from=coach.example"), GOOD, FROM], "DMARC does not hold"),
        ([said(f"spf=pass (never closed; {PASS}"), FROM], "did not check its sender"),
        ([said(f'spf=fail smtp.mailfrom="never closed; {PASS}'), FROM], "did not check its sender"),
        ([said(f"spf=fail (\\); {PASS})"), FROM], "did not check DMARC"),
        ([said("spf=none (a)) smtp.mailfrom=a b; dmarc=fail header.from=coach.example"), GOOD, FROM], "did not check"),
        ([said(f"spf=none ({'x' * 5000}); dmarc=fail header.from=coach.example"), GOOD, FROM], "did not check"),
        (['Authentication-Results: (c) "mx.example" 7; dmarc=fail', GOOD, FROM], "did not check"),
        # Signed once, and one more put on top.
        ([GOOD, FROM, "Subject: Notes for Tom", "Subject: Notes"], "more than one Subject"),
        ([GOOD, FROM, "To: tom@client.example", "TO: notes@mailflow.example"], "more than one To"),
        ([said("dmarc=none header.from=coach.example"), FROM], "DMARC does not hold"),
        ([said("dmarc=pass header.from=evil.example"), FROM], "DMARC does not hold"),
        ([said("dmarc=pass"), FROM], "DMARC does not hold"),
        (
            [said("dmarc=pass header.from=coach.example header.from=evil.example"), FROM],
            "DMARC does not hold",
        ),
        (
            [
                said(f"dmarc=fail header.from=coach.example; {PASS}"),
                FROM,
            ],
            "DMARC does not hold",
        ),
        (
            [said("spf=pass smtp.mailfrom=anna@coach.example"), FROM],
            "did not check DMARC",
        ),
        ([said("dkim=pass header.d=coach.example"), FROM], "did not check DMARC"),
        # What a sender may write into a name that the server repeats stays a comment or a value.
        (
            [
                said(f"spf=fail (x; {PASS}) smtp.mailfrom=x"),
                FROM,
            ],
            "did not check DMARC",
        ),
        (
            [
                said(f'spf=fail smtp.mailfrom="x; {PASS}"'),
                FROM,
            ],
            "did not check DMARC",
        ),
        (
            ["Authentication-Results: =?utf-8?q?mx=2Eexample=3B_dmarc=3Dpass_header=2Efrom=3Dcoach=2Eexample?=", FROM],
            "did not check its sender",
        ),
        ([said("(" * 2000), FROM], "did not check its sender"),
        (
            [said(f"{PASS}; " * 500), FROM],
            "did not check",
        ),
        # The coach's address as a display name.
        ([GOOD, 'From: "anna@coach.example" <anna@evil.example>'], "DMARC does not hold for evil.example"),
    ],
)
def test_nothing_else_does(head: list[str], why: str) -> None:
    assert why in why_unproven(mail(*head), RESULTS, ())


def test_star_stands_for_every_server_of_a_domain() -> None:
    trust = Trust((Policy.AUTHENTICATION_RESULTS,), authserv_id="*.provider.example")
    assert why_unproven(mail(f"Authentication-Results: mx7.Provider.example; {PASS}", FROM), trust, ()) == ""
    for name in ("provider.example", "mx.evilprovider.example", "mx.provider.example.evil"):
        assert why_unproven(mail(f"Authentication-Results: {name}; {PASS}", FROM), trust, ())


# --- The others ---------------------------------------------------------------------------------

EXCHANGE = (
    "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=coach.example; dkim=pass (signature was "
    "verified) header.d=coach.example;dmarc={} action=none header.from={};compauth=pass reason=100"
)


def test_exchange_names_no_server() -> None:
    trust = Trust((Policy.EXCHANGE,))
    assert why_unproven(mail(EXCHANGE.format("pass", "coach.example"), FROM), trust, ()) == ""
    assert why_unproven(mail("X-MS-Exchange-Organization-AuthAs: Internal", FROM), trust, ()) == ""
    assert why_unproven(mail(EXCHANGE.format("fail", "coach.example"), FROM), trust, ())
    assert why_unproven(mail(EXCHANGE.format("pass", "evil.example"), FROM), trust, ())
    assert why_unproven(mail("X-MS-Exchange-Organization-AuthAs: Anonymous", FROM), trust, ())
    assert why_unproven(mail(FROM), trust, ())


@pytest.mark.parametrize(
    ("signers", "holds"),
    [
        ({"coach.example"}, True),
        ({"example"}, False),
        ({"evil.example"}, False),
        ({"mail.coach.example"}, False),
        ({"ach.example"}, False),
        (set(), False),
    ],
)
def test_signature_has_to_be_the_senders_domains(signers: set[str], holds: bool) -> None:
    why = why_unproven(mail(FROM), Trust((Policy.DKIM,)), signers)
    assert (why == "") == holds


def test_domain_may_sign_for_its_subdomain() -> None:
    email = mail("From: anna@mail.coach.example")
    assert why_unproven(email, Trust((Policy.DKIM,)), {"coach.example"}) == ""


def test_secret_address_is_compared_without_case_and_is_one_of_several() -> None:
    trust = Trust((Policy.NONE, Policy.SECRET_ADDRESS), secret_address="notes+K3v9@practice.example")
    assert why_unproven(mail(FROM, "To: Notes+k3V9@Practice.example"), trust, ()) == ""
    assert why_unproven(mail(FROM, "Delivered-To: notes+k3v9@practice.example", "To: x@y.example"), trust, ()) == ""
    assert why_unproven(mail(FROM, "To: notes@practice.example"), trust, ()) == "it was not sent to the secret address"
    both = Trust((Policy.DKIM, Policy.SECRET_ADDRESS), secret_address="notes+K3v9@practice.example")
    assert "no DKIM signature" in why_unproven(mail(FROM, "To: notes+k3v9@practice.example"), both, ())


def test_trust_that_says_nothing_is_closed() -> None:
    assert "set `trust`" in why_unproven(mail(GOOD, FROM), Trust(), {"coach.example"})
    assert why_unproven(mail(FROM), Trust((Policy.NONE,)), ()) == ""
