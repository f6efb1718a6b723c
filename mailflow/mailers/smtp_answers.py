"""What an SMTP server's answer means for the mail and for the account: one table, first line that fits.

The reply code says whether it is for good (RFC 5321 4.2.1), the enhanced status code (RFC 3463, the registry of RFC
5248) what it is about. docs/operations.md has the same table in words, with examples; a test compares them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError


class Phase(StrEnum):
    """Where in the conversation an answer comes."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "final dot"


@dataclass(frozen=True)
class Rule:
    """`answer` is searched in 'code enhanced-code words'; the enhanced code is '-' where there is none."""

    phases: frozenset[Phase]
    answer: re.Pattern[str]
    error: type[MailflowError]


def rule(phases: frozenset[Phase], answer: str, error: type[MailflowError]) -> Rule:
    return Rule(phases, re.compile(answer, re.IGNORECASE), error)


ANY = frozenset(Phase)
MAIL = frozenset({Phase.MAIL})
ABOUT_THE_SERVER = frozenset({Phase.GREETING, Phase.EHLO, Phase.STARTTLS, Phase.AUTH})
ABOUT_THE_MAIL = frozenset({Phase.RCPT, Phase.DATA, Phase.DOT})
THE_ACCOUNTS = (  # RFC 3463, 4954, 7372, and Exchange Online's own; 5.7.0 and 5.7.1 may be about this mail alone
    r"5\.1\.[78]|5\.4\.5|5\.7\.(?:[89]|1[0-4]|2[0-7]|54|57|60|64|139|50[1-3]|7\d\d)"
)

RULES = (
    rule(ANY, r"^421", TemporaryError),
    rule(frozenset({Phase.AUTH}), r"^432", AccountError),  # a password transition is needed: RFC 4954 4.7.1
    rule(ANY, r"^4", TemporaryError),
    rule(ABOUT_THE_SERVER, r"^5", AccountError),
    rule(MAIL, r"^552|^5\d\d (?:5\.2\.3|5\.3\.4|5\.6\.\d+) ", PermanentError),  # RFC 1870 6.1: because of its SIZE
    rule(MAIL, r"^5", AccountError),
    rule(ABOUT_THE_MAIL, r"^503", TemporaryError),  # a bad sequence of commands: this connection is confused
    rule(ABOUT_THE_MAIL, r"^53[0458]", AccountError),
    rule(ABOUT_THE_MAIL, rf"^5\d\d (?:{THE_ACCOUNTS}) ", AccountError),
    rule(frozenset({Phase.RCPT}), r"^5\d\d (?:-|5\.7\.1) .*\brelay", AccountError),  # RFC 5321 3.6.2: log in first
    rule(ABOUT_THE_MAIL, r"^5", PermanentError),
)
ENHANCED = re.compile(r"\s*#?([245]\.\d{1,3}\.\d{1,3})\b")


def error_for(phase: Phase, code: int, text: str) -> type[MailflowError]:
    """What to do about an answer that is no success; one that SMTP doesn't know says nothing."""
    enhanced = ENHANCED.match(text)
    said = f"{code} {enhanced[1] if enhanced else '-'} {' '.join(text.split())}"
    return next((rule.error for rule in RULES if phase in rule.phases and rule.answer.search(said)), silence(phase))


def silence(phase: Phase) -> type[MailflowError]:
    """What no answer means: only after the final dot may the server have the mail (RFC 1047)."""
    return UnknownOutcomeError if phase is Phase.DOT else TemporaryError
