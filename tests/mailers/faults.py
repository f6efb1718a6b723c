"""One table: what goes wrong at which phase, and what it means for the mail."""

from __future__ import annotations

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.mailers.smtp_answers import Phase
from tests.mailers.faulty import Fault, drip, endless, half, hang_up, late, reset, say, stall

FAULTS: dict[str, Fault] = {
    "4xx": say(b"451 4.3.0 later\r\n"),
    "421": say(b"421 4.3.2 shutting down\r\n"),
    "5xx": say(b"550 5.1.1 no\r\n"),
    "5xx of the account": say(b"550 5.7.26 not authenticated\r\n"),
    "5xx of many lines": say(b"550-5.1.1 no\r\n550-5.1.1 and no\r\n550 5.1.1 again\r\n"),
    "garbage": say(b"\x00\xff what is this\r\n"),
    "speaks HTTP": say(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "another class": say(b"399 hm\r\n"),
    "too long": say(b"250 " + b"x" * 200_000 + b"\r\n"),
    "endless": endless,
    "drip": drip,
    "half": half,
    "late": late,
    "stall": stall,
    "hang up": hang_up,
    "reset": reset,
}
_T, _P, _A, _U = TemporaryError, PermanentError, AccountError, UnknownOutcomeError

ABOUT_THE_MAIL: dict[str, type[MailflowError]] = {"5xx": _P, "5xx of many lines": _P, "5xx of the account": _A}
ABOUT_THE_SERVER: dict[str, type[MailflowError]] = dict.fromkeys(ABOUT_THE_MAIL, _A)
ANSWERED_AT_THE_DOT: dict[str, type[MailflowError]] = {"4xx": _T, "421": _T, **ABOUT_THE_MAIL}

EXPECTED: dict[Phase, dict[str, type[MailflowError]]] = {
    Phase.GREETING: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_SERVER},
    Phase.EHLO: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_SERVER},
    Phase.STARTTLS: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_SERVER},
    Phase.AUTH: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_SERVER},
    Phase.MAIL: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_SERVER},
    Phase.RCPT: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_MAIL},
    Phase.DATA: {**dict.fromkeys(FAULTS, _T), **ABOUT_THE_MAIL},
    Phase.DOT: {**dict.fromkeys(FAULTS, _U), **ANSWERED_AT_THE_DOT},
}
CASES = [(phase, name, error) for phase, named in EXPECTED.items() for name, error in named.items()]
