"""Mail through an SMTP server (RFC 5321, 6409), over one connection for as long as it lasts.

A late answer before the final dot costs a retry; one after it costs the client a second copy. So the server has ten
minutes for the last (RFC 5321 4.5.3.2.6), and all before it together at most four: that fits into the lease.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from mailflow.errors import AccountError, MailflowError, PermanentError
from mailflow.mailers import Envelope
from mailflow.mailers.smtp_answers import Phase, error_for, silence
from mailflow.mailers.smtp_connection import Connection

NO_ADDRESS = re.compile(r"[\s<>,\x00-\x1f]|^$")
OK = range(200, 300)
GO_ON = range(354, 355)
BEFORE_THE_DOT_SECONDS = 240.0
AFTER_THE_DOT_SECONDS = 600.0
GOODBYE_SECONDS = 2.0
MAX_MAILS = 100
MAX_IDLE_SECONDS = 60.0


class _LostError(Exception):
    """A connection that was kept turned out to be gone before anything was handed over."""


@dataclass
class SmtpMailer:
    """`password` is asked at each connection, so that a changed secret, or a new token, is taken up.

    `timeout_seconds` is for each phase before the final dot.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str
    password: Callable[[], str]
    timeout_seconds: float
    with_token: bool = False
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    after_the_dot_seconds: float = AFTER_THE_DOT_SECONDS
    max_mails: int = MAX_MAILS
    max_idle_seconds: float = MAX_IDLE_SECONDS
    _connection: Connection | None = None
    _begun_at: float = 0.0
    _sent: int = 0
    _used_at: float = 0.0

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        """See Mailer.send. After any error the connection is dropped: its state is unknown."""
        if NO_ADDRESS.search(envelope.recipient):  # smtplib would send to what stands before it
            raise PermanentError(f"{envelope.recipient!r} is no address")
        self._begun_at = time.monotonic()
        try:
            try:
                self._send(self._connected(), envelope, raw)
            except _LostError:
                self._drop()
                self._send(self._connected(), envelope, raw)
        except BaseException:
            self._drop()
            raise
        self._sent += 1
        self._used_at = time.monotonic()

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.within(GOODBYE_SECONDS)
                self._connection.quit()
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> Connection:
        """The connection that is there, or a new one."""
        is_old = time.monotonic() - self._used_at > self.max_idle_seconds or self._sent >= self.max_mails
        if self._connection is not None and is_old:
            self.close()
        if self._connection is not None:
            return self._connection
        connection = self._connection = Connection(self.tls if self.security == "tls" else None)
        self._sent = 0
        with self._doing(Phase.GREETING, connection):
            self._expect(OK, connection.reach(self.host, self.port))
        self._greet(connection)
        if self.security == "starttls":
            with self._doing(Phase.STARTTLS, connection):
                self._expect(OK, connection.encrypt(self.tls))
            self._greet(connection)
        if self.username:
            password = self.password()
            if not (self.username + password).isascii():
                raise AccountError("SMTP AUTH takes no accents or umlauts: the username or the password has some")
            with self._doing(Phase.AUTH, connection):
                connection.log_in(self.username, password, with_token=self.with_token)
        return connection

    def _greet(self, connection: Connection) -> None:
        with self._doing(Phase.EHLO, connection):
            answer = connection.ehlo()
            if answer[0] in range(500, 505):  # RFC 5321 4.2.4: it knows no EHLO
                answer = connection.helo()
            self._expect(OK, answer)

    def _send(self, connection: Connection, envelope: Envelope, raw: bytes) -> None:
        options = _options(connection, envelope, raw)
        with self._doing(Phase.MAIL, connection, may_be_lost=self._sent > 0):
            self._expect(OK, connection.mail(envelope.sender, options))
        with self._doing(Phase.RCPT, connection):
            self._expect(OK, connection.rcpt(envelope.recipient))
        with self._doing(Phase.DATA, connection):
            self._expect(GO_ON, connection.docmd("DATA"))
        with self._doing(Phase.DOT, connection):
            connection.hand_over(raw)
            self._expect(OK, connection.getreply())

    @contextmanager
    def _doing(self, phase: Phase, connection: Connection, *, may_be_lost: bool = False) -> Iterator[None]:
        """Its time limit, and what its errors mean. `may_be_lost`: the server may have hung up meanwhile, or be about
        to (421)."""
        left = self._begun_at + BEFORE_THE_DOT_SECONDS - time.monotonic()
        connection.within(self.after_the_dot_seconds if phase is Phase.DOT else min(self.timeout_seconds, left))
        try:
            yield
        except smtplib.SMTPResponseException as error:
            if may_be_lost and error.smtp_code == 421:
                raise _LostError from error
            raise self._refused(phase, error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise AccountError(f"{self._server} doesn't offer what the settings ask for: {error}") from error
        except ssl.SSLCertVerificationError as error:
            raise AccountError(
                f"{self._server} shows a certificate that can't be trusted: {error.verify_message}"
            ) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: a challenge that is no base64
            if may_be_lost:
                raise _LostError from error
            raise silence(phase)(f"{self._server} can't be reached, or went away ({phase}): {error}") from error

    def _expect(self, wanted: range, answer: tuple[int, bytes]) -> None:
        if answer[0] not in wanted:
            raise smtplib.SMTPResponseException(*answer)

    def _refused(self, phase: Phase, code: int, text: bytes | str) -> MailflowError:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        about = {Phase.MAIL: "the sender", Phase.RCPT: "the recipient", Phase.DOT: "the mail"}.get(phase, phase)
        answer = f"{code} {said}" if code > 0 else f"with what is no SMTP: {said[:60]!r}"
        return error_for(phase, code, said)(f"{self._server} answers to {about}: {answer}")

    @property
    def _server(self) -> str:
        return f"{self.host}:{self.port}"


def _options(connection: Connection, envelope: Envelope, raw: bytes) -> list[str]:
    """SMTPUTF8 (RFC 6531) where an address needs it, 8BITMIME (RFC 6152) where the bytes do; SIZE (RFC 1870)."""
    options = []
    if not (envelope.sender + envelope.recipient).isascii():
        if not connection.has_extn("smtputf8"):
            raise PermanentError(f"The server takes no address like {envelope.recipient!r}: it doesn't know SMTPUTF8")
        options.append("SMTPUTF8")
    if not raw.isascii() and connection.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if connection.has_extn("size"):
        options.append(f"SIZE={len(raw)}")
    return options
