"""Return addresses: which mail a bounce is about, and no forgery."""

from __future__ import annotations

import pytest

from mailflow.return_path import MAX_FILLED, ReturnPath

KEY = b"k" * 32
ID = "<8f14e45f@mailflow.example>"
PATH = ReturnPath("Bounces+*@mailflow.example", KEY)


def test_address_says_which_mail_it_is_of() -> None:
    address = PATH.of(42, ID)
    assert address.startswith("Bounces+42-")
    assert address.endswith("@mailflow.example")
    assert PATH.outbound_id(address) == 42
    assert PATH.is_genuine(address, 42, ID)


def test_servers_may_change_the_case() -> None:
    for address in (PATH.of(42, ID).lower(), PATH.of(42, ID).upper()):
        assert PATH.outbound_id(address) == 42
        assert PATH.is_genuine(address, 42, ID)


def test_it_is_the_same_for_every_copy_and_another_for_other_bytes() -> None:
    assert PATH.of(42, ID) == PATH.of(42, ID)
    assert PATH.of(42, ID) != PATH.of(42, "<other@mailflow.example>")


def test_forged_address_is_not_genuine() -> None:
    forged = ReturnPath(PATH.pattern, b"x" * 32).of(42, ID)
    assert PATH.outbound_id(forged) == 42
    assert not PATH.is_genuine(forged, 42, ID)
    assert not PATH.is_genuine(PATH.of(41, ID), 42, ID)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@mailflow.example",
        "bounces+@mailflow.example",
        "bounces+42@mailflow.example",
        "bounces+42-short@mailflow.example",
        "bounces+42-aaaaaaaaaaaaaaaa@elsewhere.example",
        "other+42-aaaaaaaaaaaaaaaa@mailflow.example",
        "bounces+42-aaaaaaaaaaaaaaa1@mailflow.example",
        "bounces+99999999999999-aaaaaaaaaaaaaaaa@mailflow.example",
        "jane@client.example",
    ],
)
def test_other_addresses_are_none(address: str) -> None:
    assert PATH.outbound_id(address) is None


def test_without_a_star_every_mail_has_the_same() -> None:
    plain = ReturnPath("homework@mailflow.example", KEY)
    assert plain.of(42, ID) == plain.of(43, ID) == "homework@mailflow.example"
    assert plain.outbound_id("homework@mailflow.example") is None
    assert not plain.is_genuine("homework@mailflow.example", 42, ID)


def test_what_stands_for_the_star_is_bounded() -> None:
    longest = ReturnPath("*@mailflow.example", KEY).of(9_999_999_999_999, ID)
    assert len(longest.partition("@")[0]) == MAX_FILLED
    assert ReturnPath("*@mailflow.example", KEY).outbound_id(longest) == 9_999_999_999_999
