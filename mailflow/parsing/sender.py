"""Was it really the coach? What a mailbox's trust policy makes of a mail's headers; closed where it says nothing.

Sources: RFC 8601 (Authentication-Results), RFC 7489 3.1 and 6.6.1 (alignment, several From headers), RFC 6376 (DKIM),
and for Exchange https://learn.microsoft.com/en-us/defender-office-365/message-headers-eop-mdo
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import authres

from mailflow.model import Address, Email, address_key

LONGEST = 4000
"""Characters of an Authentication-Results header; longer ones are nobody's."""
_AUTHSERV_ID = re.compile(r"\s*(?:\([^()]*\)\s*){0,9}\"?([^\s;\"()]+)")
INTERNAL = "x-ms-exchange-organization-authas"


class Policy(StrEnum):
    """Who vouches for the sender of what comes into a mailbox."""

    CLOSED = "closed"
    NONE = "none"
    AUTHENTICATION_RESULTS = "authentication-results"
    EXCHANGE = "exchange"
    DKIM = "dkim"
    SECRET_ADDRESS = "secret-address"  # noqa: S105  # a policy's name


@dataclass(frozen=True)
class Trust:
    """Every policy must agree. `authserv_id` is the name that the server in front writes into its
    Authentication-Results; `secret_address` is the address that only the coaches know."""

    policies: tuple[Policy, ...] = (Policy.CLOSED,)
    authserv_id: str = ""
    secret_address: str = ""


def single_sender(email: Email) -> Address | None:
    """The one From address, by its key; None where there are none or several, in one header or in two.

    RFC 7489 6.6.1: a mail with more than one From says something else to each program that reads it.
    """
    if sum(name == "from" for name, _ in email.headers) != 1 or len(email.from_) != 1:
        return None
    address = email.from_[0]
    return Address(address.name, address_key(address.email))


def why_unproven(email: Email, trust: Trust, signed_by: Collection[str]) -> str:
    """Why it is not certain that its one sender wrote the mail; '' where it is.

    `signed_by` are the domains whose DKIM signatures hold and cover what mailflow reads (accounts/dkim.py).
    """
    sender = single_sender(email)
    if sender is None:
        return "it does not have exactly one sender"
    if email.repeated and trust.policies != (Policy.NONE,):
        return f"it has more than one {email.repeated[0]}, and nobody vouches for each"
    domain = sender.email.rpartition("@")[2]
    return next((why for policy in trust.policies if (why := _why(policy, email, domain, trust, signed_by))), "")


def _why(policy: Policy, email: Email, domain: str, trust: Trust, signed_by: Collection[str]) -> str:
    match policy:
        case Policy.NONE:
            return ""
        case Policy.AUTHENTICATION_RESULTS:
            return _why_no_result(_topmost(email, trust.authserv_id), domain, f"'{trust.authserv_id}'")
        case Policy.EXCHANGE:
            if email.header(INTERNAL).lower() == "internal":
                return ""
            return _why_no_result(_of_exchange(email), domain, "Exchange")
        case Policy.DKIM:
            aligned = any(domain == signer or domain.endswith(f".{signer}") for signer in signed_by if "." in signer)
            return "" if aligned else f"no DKIM signature of {domain} vouches for it"
        case Policy.SECRET_ADDRESS:
            return "" if _is_addressed_to(email, trust.secret_address) else "it was not sent to the secret address"
        case Policy.CLOSED:
            return "the settings say nobody who vouches for senders: set `trust` of the mailbox"


def _topmost(email: Email, authserv_id: str) -> authres.AuthenticationResultsHeader | None:
    """The first header with this name, as the server in front puts its own on top of whatever came with the mail.

    None where that one can't be read: a sender's words stand in it (`smtp.mailfrom=<>`), and what comes below it may
    be the sender's alone.
    """
    for name, value in email.headers:
        if name == "authentication-results" and _is_named(_names(value), authserv_id.lower()):
            return _parse(value)
    return None


def _is_named(name: str, wanted: str) -> bool:
    """'*.messagingengine.com' is each of the servers of a provider that has many."""
    return name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted


def _names(value: str) -> str:
    """The authserv-id of an Authentication-Results header, also of one that can't be read further."""
    found = _AUTHSERV_ID.match(value)
    return found[1].lower() if found else ""


def _of_exchange(email: Email) -> authres.AuthenticationResultsHeader | None:
    """Exchange Online names no server in its header, and puts it on top."""
    return _parse(f"exchange; {email.header('authentication-results')}")


def _parse(value: str) -> authres.AuthenticationResultsHeader | None:
    """What is said of DMARC. Other results are left out: servers write some in forms that no grammar knows."""
    pieces = _split_results(value[: LONGEST + 1])
    if not pieces or len(value) > LONGEST:
        return None
    results = [piece for piece in pieces[1:] if piece.strip().lower().startswith("dmarc")]
    try:
        return authres.AuthenticationResultsHeader.parse(
            f"Authentication-Results: {'; '.join([pieces[0], *(results or ['none'])])}"
        )
    except (authres.AuthResError, RecursionError, ValueError):
        return None


def _split_results(value: str) -> list[str]:
    """At the semicolons outside of comments and quoted strings; nothing where one of these is never closed."""
    pieces, start, depth, quoted, escaped = [], 0, 0, False, False
    for at, character in enumerate(value):
        if escaped or character == "\\":
            escaped = not escaped
        elif character == '"' and not depth:
            quoted = not quoted
        elif character in "()" and not quoted:
            depth += 1 if character == "(" else -1
        elif character == ";" and not quoted and not depth:
            pieces.append(value[start:at])
            start = at + 1
        if depth < 0:
            return []
    return [] if quoted or depth or escaped else [*pieces, value[start:]]


def _why_no_result(header: authres.AuthenticationResultsHeader | None, domain: str, who: str) -> str:
    if header is None:
        return f"{who} did not check its sender"
    results = [result for result in header.results if result.method.lower() == "dmarc"]
    if not results:
        return f"{who} did not check DMARC"
    passed = all(result.result.lower() == "pass" and _header_from(result) == domain for result in results)
    return "" if passed else f"{who} found that DMARC does not hold for {domain}"


def _header_from(result: authres.core.AuthenticationResult) -> str:
    found = [p.value for p in result.properties if (p.type.lower(), p.name.lower()) == ("header", "from")]
    return address_key(str(found[0])).rpartition("@")[2] if len(found) == 1 else ""


def _is_addressed_to(email: Email, secret: str) -> bool:
    """Where it was sent to, also in Bcc: the server in front says that in Delivered-To or X-Original-To."""
    named = [address.email for address in (*email.to, *email.cc)]
    named += [value.strip(" <>") for name, value in email.headers if name in ("delivered-to", "x-original-to")]
    return address_key(secret) in {address_key(address) for address in named}
