"""Who wrote a mail, as far as its From headers tell."""

from __future__ import annotations

from mailflow.model import Address, Email, address_key


def single_sender(email: Email) -> Address | None:
    """The one From address, by its key; None where there are none or several, in one header or in two.

    RFC 7489 6.6.1: a mail with more than one From says something else to each program that reads it.
    """
    if sum(name == "from" for name, _ in email.headers) != 1 or len(email.from_) != 1:
        return None
    address = email.from_[0]
    return Address(address.name, address_key(address.email))
