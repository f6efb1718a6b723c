"""The one sender, or nobody."""

from __future__ import annotations

import pytest

from mailflow.model import Address
from mailflow.parsing.mime import read_email
from mailflow.parsing.sender import single_sender


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
    assert single_sender(read_email(f"{head}\n\nHi".encode())) is None


def test_encoded_word_cannot_smuggle_in_an_address() -> None:
    email = read_email(b"From: =?utf-8?q?anna=40coach=2Eexample=2C_x?= <tom@client.example>\n\nHi")
    assert single_sender(email) == Address("anna@coach.example, x", "tom@client.example")
