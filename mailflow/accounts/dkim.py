"""DKIM signatures (RFC 6376) checked on arrival, for mailboxes without a server in front that vouches for senders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import dkim
import dns.exception
import dns.resolver

from mailflow.errors import EnvironmentProblem
from mailflow.parsing.parts import header_of

MAX_SIGNATURES = 5
READ_HEADERS = frozenset("from to cc subject date message-id in-reply-to references reply-to".split())
"""What decides whose note it is: each of these that the mail has must be signed, or anybody who has an old mail of the
coach's could send it once more with a client of their own in Cc."""

TIMEOUT_SECONDS = 5.0

FindText = Callable[[str], bytes | None]
"""The TXT record of a name, None where it has none. Raises EnvironmentProblem where nobody can be asked now."""


def signers(raw: bytes, find_text: FindText) -> frozenset[str]:
    """The domains whose signatures hold for the whole body and for every header that mailflow reads.

    A signature with `l=` is refused: text could be appended to what it covers. Raises EnvironmentProblem where DNS
    doesn't answer: that says nothing about the mail.
    """
    head = header_of(raw)
    present = Counter(name.lower() for name in head if name.lower() in READ_HEADERS)
    found: set[str] = set()
    for index in range(min(len(head.get_all("DKIM-Signature", [])), MAX_SIGNATURES)):
        problem: list[EnvironmentProblem] = []
        signature = _verified(raw, index, find_text, problem)
        if signature is not None and _covers(signature, present):
            found.add(signature.signature_fields[b"d"].decode("ascii", "replace").lower())
        if problem and not found:
            raise problem[0]
    return frozenset(found)


def _verified(raw: bytes, index: int, find_text: FindText, problem: list[EnvironmentProblem]) -> dkim.DKIM | None:
    """The signature of this number where it holds. What kept us from finding out is appended to `problem`."""

    def look_up(name: bytes | str, timeout: float = TIMEOUT_SECONDS) -> bytes | None:  # noqa: ARG001  # dkimpy's
        try:
            return find_text(name.decode("ascii", "replace") if isinstance(name, bytes) else name)
        except EnvironmentProblem as error:  # dkimpy would take it for a missing key
            problem.append(error)
            return None

    try:
        signature = dkim.DKIM(raw, timeout=TIMEOUT_SECONDS)
        return signature if signature.verify(idx=index, dnsfunc=look_up) else None
    except (dkim.DKIMException, ValueError, LookupError, TypeError, UnicodeError):
        return None


def _covers(signature: dkim.DKIM, present: Counter[str]) -> bool:
    """A header that `h=` names once is signed once, from below (RFC 6376 5.4.2): another one on top is anybody's."""
    fields = signature.signature_fields
    signed = Counter(name.strip().lower() for name in fields.get(b"h", b"").decode("ascii", "replace").split(":"))
    return b"l" not in fields and present <= signed


def find_text(name: str) -> bytes | None:
    """As the resolver of this machine says."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=TIMEOUT_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError) as error:
        raise EnvironmentProblem(
            f"DNS can't be asked for {name}, so no sender can be checked now: {error}. The mail is kept and looked at "
            "again."
        ) from error
    return next((b"".join(record.strings) for record in answer), None)
