"""Mail through an SMTP server (RFC 5321, 6409), over one connection for as long as it lasts."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.mailers import Envelope

AUTHENTICATION_CODES = {530, 534, 535, 538}
NO_ADDRESS = re.compile(r"[\s<>,\x00-\x1f]|^$")
TOO_LARGE = 552
"""Said to MAIL FROM because of its SIZE (RFC 1870 6.1): it is about this mail, not about the sender."""


@dataclass
class SmtpMailer:
    """`password` is asked at each connection, so that a changed secret is taken up."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str
    password: Callable[[], str]
    timeout_seconds: float
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _connection: smtplib.SMTP | None = None

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        """See Mailer.send. After any error the connection is dropped: its state is unknown."""
        if NO_ADDRESS.search(envelope.recipient):  # smtplib would send to what stands before it
            raise PermanentError(f"{envelope.recipient!r} is no address")
        explain = self._explain
        try:
            connection = self._connected()
            options = _options(connection, envelope)
            explain = self._explain_sending
            connection.sendmail(envelope.sender, [envelope.recipient], raw, options)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise explain(error) from error
        except MailflowError:
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if self._connection.noop()[0] == 250:
                    return self._connection
            self.close()
        if self.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=self.tls
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        self._connection = connection
        if self.security == "starttls":
            connection.starttls(context=self.tls)
        if self.username:
            self._log_in(connection)
        connection.ehlo_or_helo_if_needed()
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        password = self.password()
        if not (self.username + password).isascii():
            raise AccountError("SMTP AUTH takes no accents or umlauts: the username or the password has some")
        connection.login(self.username, password)

    def _explain_sending(self, error: smtplib.SMTPException | OSError) -> MailflowError:
        """An answer says what became of the mail. Without one it may have arrived (RFC 5321 4.5.3.2, RFC 1047)."""
        explained = self._explain(error)
        answered = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
        is_open = type(explained) is TemporaryError and not answered
        return UnknownOutcomeError(str(explained)) if is_open else explained

    def _explain(self, error: smtplib.SMTPException | OSError) -> MailflowError:
        server = f"{self.host}:{self.port}"
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(error.recipients.values()))
            return _by_code(code, f"{server} refuses the recipient: {code} {_decoded(text)}")
        if isinstance(error, smtplib.SMTPSenderRefused):
            said = f"{server} refuses the sender {error.sender}: {error.smtp_code} {_decoded(error.smtp_error)}"
            if error.smtp_code == TOO_LARGE:
                return PermanentError(said)
            return AccountError(said) if error.smtp_code >= 500 else TemporaryError(said)
        if isinstance(error, smtplib.SMTPResponseException):
            said = f"{server} answers: {error.smtp_code} {_decoded(error.smtp_error)}"
            if error.smtp_code in AUTHENTICATION_CODES or isinstance(error, smtplib.SMTPAuthenticationError):
                return AccountError(said)
            return _by_code(error.smtp_code, said) if isinstance(error, smtplib.SMTPDataError) else TemporaryError(said)
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return AccountError(f"{server} doesn't offer what the settings ask for: {error}")
        if isinstance(error, ssl.SSLCertVerificationError):
            return AccountError(f"{server} shows a certificate that can't be trusted: {error.verify_message}")
        return TemporaryError(f"{server} can't be reached: {error}")


def _options(connection: smtplib.SMTP, envelope: Envelope) -> list[str]:
    """SMTPUTF8 (RFC 6531) where an address needs it."""
    if (envelope.sender + envelope.recipient).isascii():
        return []
    if not connection.has_extn("smtputf8"):
        raise PermanentError(f"The server takes no address like {envelope.recipient!r}: it doesn't know SMTPUTF8")
    return ["SMTPUTF8"]


def _by_code(code: int, said: str) -> MailflowError:
    return PermanentError(said) if 500 <= code < 600 else TemporaryError(said)


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
