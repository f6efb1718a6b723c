"""Mail through a real SMTP server, and what each of its answers means for the mail and for the account."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.mailers import Envelope as MailEnvelope
from mailflow.mailers.smtp import SmtpMailer
from tests.mailers.contract import RAW, TO_JANE, TO_TOM, MailerContract
from tests.ports import free_port

PATIENCE = 20.0
PASSWORD = "correct horse"


class Server(Controller):
    """Says what it is told to say, and remembers what it took."""

    def __init__(self, port: int, **options: Any) -> None:
        super().__init__(
            self,
            hostname="127.0.0.1",
            port=port,
            server_hostname="mail.example",
            authenticator=self.authenticate,
            **options,
        )
        self.answers: dict[str, str] = {}
        self.answers_once: dict[str, str] = {}
        self.options: list[list[str]] = []
        self.tokens: list[str] = []
        self.hangs_up_after_the_dot = False
        self.mails: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.connections = 0
        self.logins: list[str] = []

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += session.host_name is None
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers_once:
            return self.answers_once.pop("MAIL")
        if "MAIL" not in self.answers:
            envelope.mail_from = address
        self.options.append(options)
        return self.answers.get("MAIL", "250 ok")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 ok")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" not in self.answers:
            assert isinstance(envelope.content, bytes)
            self.mails.append(envelope.content)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        if self.hangs_up_after_the_dot:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.answers.get("DATA", "250 taken")

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  # aiosmtpd's
        self.tokens.append(base64.b64decode(args[1]).decode())
        if PASSWORD in self.tokens[-1]:
            return AuthResult(success=True, auth_data=LoginPassword(b"", b""))
        reasons = base64.b64encode(b'{"status":"401"}').decode()
        await server.push(f"334 {reasons}")
        assert isinstance(server._reader, asyncio.StreamReader)
        assert await server._reader.readline() == b"\r\n"
        return AuthResult(success=False, handled=False)

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password.decode())
        return AuthResult(success=data == LoginPassword(b"mailflow", PASSWORD.encode()), handled=False)


def mailer_to(
    port: int,
    security: Literal["starttls", "tls", "none"] = "none",
    *,
    username: str = "",
    password: Callable[[], str] = lambda: PASSWORD,
    trusted: Path | None = None,
    timeout: float = PATIENCE,
) -> SmtpMailer:
    return SmtpMailer(
        host="localhost" if trusted else "127.0.0.1",
        port=port,
        security=security,
        username=username,
        password=password,
        timeout_seconds=timeout,
        tls=ssl.create_default_context(cafile=trusted),
    )


@dataclass
class SmtpBackend:
    """One server, and mailers that are closed in the end."""

    stack: ExitStack
    server: Server = field(init=False)
    mailer: SmtpMailer = field(init=False)

    def __post_init__(self) -> None:
        self.start()
        self.mailer = self.connect()

    def start(self, port: int = 0, **options: Any) -> None:
        self.server = Server(port or free_port(), **options)
        self.server.start()
        self.stack.callback(self.go_away, self.server)

    def connect(self, *arguments: Any, **options: Any) -> SmtpMailer:
        self.mailer = mailer_to(self.server.port, *arguments, **options)
        self.stack.callback(self.mailer.close)
        return self.mailer

    def arrived(self) -> list[bytes]:
        return self.server.mails

    def go_away(self, server: Server | None = None) -> None:
        server = server or self.server
        if server.server is not None:
            server.stop()


@pytest.fixture
def backend() -> Iterator[SmtpBackend]:
    with ExitStack() as stack:
        yield SmtpBackend(stack)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, with its key in one file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=localhost"
    files = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class TestSmtpMailer(MailerContract):
    pass


# --- What the server answers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("RCPT", "450 4.2.1 greylisted", TemporaryError),
        ("RCPT", "550 5.1.1 no such user", PermanentError),
        ("RCPT", "553 5.1.3 bad address", PermanentError),
        ("MAIL", "451 4.3.0 later", TemporaryError),
        ("MAIL", "550 5.7.1 this sender is not yours", AccountError),
        ("MAIL", "530 5.7.0 authentication required", AccountError),
        ("MAIL", "552 5.3.4 too large for us", PermanentError),
        ("DATA", "452 4.3.1 disk full", TemporaryError),
        ("DATA", "554 5.7.1 looks like spam", PermanentError),
        ("DATA", "535 5.7.8 password expired", AccountError),
        ("DATA", "421 4.3.2 shutting down", TemporaryError),
    ],
)
def test_answer_of_the_server_ends_in_the_error_that_says_what_to_do(
    backend: SmtpBackend, command: str, answer: str, error: type[MailflowError]
) -> None:
    backend.server.answers[command] = answer

    with pytest.raises(error, match=answer[:3]) as caught:
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert type(caught.value) is error
    assert backend.arrived() == []


def test_mail_that_the_server_took_and_never_answered_for_may_have_gone(backend: SmtpBackend) -> None:
    backend.server.hangs_up_after_the_dot = True

    with pytest.raises(UnknownOutcomeError):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert len(backend.arrived()) == 1


def test_mail_after_a_refused_one_goes(backend: SmtpBackend) -> None:
    backend.server.answers["RCPT"] = "550 5.1.1 no such user"
    with pytest.raises(PermanentError):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
    del backend.server.answers["RCPT"]

    backend.mailer.send(TO_TOM, "<2@mailflow.example>", RAW)

    assert backend.server.envelopes == [("homework@mailflow.example", ["tom@client.example"])]


def test_one_connection_carries_many_mails(backend: SmtpBackend) -> None:
    for _ in range(5):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert (len(backend.arrived()), backend.server.connections) == (5, 1)


def test_connection_that_the_server_closed_meanwhile_is_made_anew(backend: SmtpBackend) -> None:
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
    port = backend.server.port
    backend.go_away()
    backend.start(port)

    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert len(backend.arrived()) == 1


def test_connection_that_the_server_gave_up_costs_no_mail_its_turn(backend: SmtpBackend) -> None:
    """It says so with a 421 only when it is spoken to."""
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
    backend.server.answers_once["MAIL"] = "421 4.4.2 you were idle"

    backend.mailer.send(TO_TOM, "<2@mailflow.example>", RAW)

    assert (len(backend.arrived()), backend.server.connections) == (2, 2)


def test_a_new_connection_that_is_told_to_go_away_goes_away(backend: SmtpBackend) -> None:
    backend.server.answers["MAIL"] = "421 4.3.2 shutting down"

    with pytest.raises(TemporaryError, match="421"):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.server.connections == 1


def test_connection_carries_no_more_mails_than_it_may(backend: SmtpBackend) -> None:
    backend.mailer.max_mails = 2
    for _ in range(5):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert (len(backend.arrived()), backend.server.connections) == (5, 3)


def test_connection_that_was_idle_for_long_is_made_anew(backend: SmtpBackend) -> None:
    backend.mailer.max_idle_seconds = 0.01
    for _ in range(2):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
        time.sleep(0.02)

    assert backend.server.connections == 2


def test_server_is_told_how_large_the_mail_is_and_that_it_has_eight_bits(backend: SmtpBackend) -> None:
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW + "Grüße\r\n".encode())
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.server.options == [["BODY=8BITMIME", f"SIZE={len(RAW) + 9}"], [f"SIZE={len(RAW)}"]]


# --- TLS and passwords --------------------------------------------------------------------------


@pytest.mark.needs("openssl")
def test_mail_goes_encrypted_and_with_the_password(backend: SmtpBackend, certificate: Path) -> None:
    backend.start(tls_context=tls_of(certificate), require_starttls=True, auth_required=True)

    backend.connect("starttls", username="mailflow", trusted=certificate).send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.arrived() == [RAW]


@pytest.mark.needs("openssl")
def test_mail_goes_through_a_port_that_speaks_tls_from_the_start(backend: SmtpBackend, certificate: Path) -> None:
    backend.start(ssl_context=tls_of(certificate))

    backend.connect("tls", trusted=certificate).send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.arrived() == [RAW]


@pytest.mark.needs("openssl")
def test_wrong_password_is_the_accounts_problem(backend: SmtpBackend, certificate: Path) -> None:
    backend.start(tls_context=tls_of(certificate), require_starttls=True)
    mailer = backend.connect("starttls", username="mailflow", password=lambda: "wrong", trusted=certificate)

    with pytest.raises(AccountError, match="535") as caught:
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert "wrong" not in str(caught.value)


@pytest.mark.needs("openssl")
def test_changed_password_is_taken_up_without_a_restart(backend: SmtpBackend, certificate: Path) -> None:
    backend.start(tls_context=tls_of(certificate), require_starttls=True)
    passwords = ["old", PASSWORD]
    mailer = backend.connect("starttls", username="mailflow", password=lambda: passwords.pop(0), trusted=certificate)
    with pytest.raises(AccountError):
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.server.logins[-1] == PASSWORD
    assert backend.arrived() == [RAW]


@pytest.mark.needs("openssl")
def test_a_new_token_is_asked_for_at_each_connection_and_goes_as_providers_want_it(
    backend: SmtpBackend, certificate: Path
) -> None:
    backend.start(tls_context=tls_of(certificate), require_starttls=True, auth_required=True)
    tokens = ["stale", PASSWORD]
    mailer = backend.connect(
        "starttls", username="anna@coach.example", password=lambda: tokens.pop(0), trusted=certificate
    )
    mailer.with_token = True
    with pytest.raises(AccountError, match="535") as caught:
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
    assert "stale" not in str(caught.value)

    mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.server.tokens[-1] == f"user=anna@coach.example\1auth=Bearer {PASSWORD}\1\1"
    assert backend.arrived() == [RAW]


@pytest.mark.needs("openssl")
def test_password_that_smtp_cannot_say_is_the_accounts_problem(backend: SmtpBackend, certificate: Path) -> None:
    backend.start(tls_context=tls_of(certificate), require_starttls=True)
    mailer = backend.connect("starttls", username="mailflow", password=lambda: "pässword", trusted=certificate)

    with pytest.raises(AccountError, match="umlauts"):
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_that_nobody_vouches_for_is_not_trusted(
    backend: SmtpBackend, certificate: Path, security: str
) -> None:
    option = "tls_context" if security == "starttls" else "ssl_context"
    backend.start(free_port(), **{option: tls_of(certificate)})

    with pytest.raises(AccountError, match="can't be trusted"):
        backend.connect(security).send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.arrived() == []


def test_server_without_starttls_gets_no_mail_in_the_clear(backend: SmtpBackend) -> None:
    with pytest.raises(AccountError, match="doesn't offer"):
        backend.connect("starttls").send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.arrived() == []


# --- Addresses ----------------------------------------------------------------------------------


def test_address_with_an_umlaut_goes_where_the_server_takes_it(backend: SmtpBackend) -> None:
    backend.start(enable_SMTPUTF8=True)
    envelope = MailEnvelope("homework@mailflow.example", "jürgen@client.example")

    backend.connect().send(envelope, "<1@mailflow.example>", RAW)

    assert backend.server.envelopes == [("homework@mailflow.example", ["jürgen@client.example"])]


def test_address_with_an_umlaut_that_the_server_refuses_stops_that_mail_only(backend: SmtpBackend) -> None:
    backend.start(enable_SMTPUTF8=False)
    mailer = backend.connect()

    with pytest.raises(PermanentError, match="SMTPUTF8"):
        mailer.send(MailEnvelope("homework@mailflow.example", "jürgen@client.example"), "<1@mailflow.example>", RAW)
    mailer.send(TO_JANE, "<2@mailflow.example>", RAW)

    assert backend.arrived() == [RAW]


@pytest.mark.parametrize("recipient", ["", "x@y.example>\r\nDATA\r\n", "x@y.example, z@y.example", "X <x@y.example>"])
def test_what_is_no_address_is_not_taken_for_one(backend: SmtpBackend, recipient: str) -> None:
    with pytest.raises(PermanentError, match="is no address"):
        backend.mailer.send(MailEnvelope("a@mailflow.example", recipient), "<1@mailflow.example>", RAW)

    assert backend.arrived() == []


# --- Servers that do not answer -----------------------------------------------------------------


class Silent:
    """Accepts connections; says `greeting`, then nothing, or hangs up."""

    def __init__(self, greeting: bytes, *, hang_up: bool) -> None:
        self._greeting = greeting
        self._hang_up = hang_up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        connection, _ = self._socket.accept()
        connection.sendall(self._greeting)
        if self._hang_up:
            connection.close()
        else:
            self._held.append(connection)

    def close(self) -> None:
        self._thread.join()
        for held in (*self._held, self._socket):
            held.close()


@pytest.mark.parametrize(
    ("greeting", "hang_up"),
    [
        (b"", True),
        (b"220 mail.example\r\n", True),
        (b"", False),
        (b"220 mail.example\r\n", False),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True),
    ],
    ids=["drops at once", "drops after its greeting", "never greets", "stalls", "speaks HTTP"],
)
def test_server_that_drops_or_stalls_is_tried_again_later(greeting: bytes, hang_up: bool) -> None:
    server = Silent(greeting, hang_up=hang_up)
    mailer = mailer_to(server.port, timeout=0.2)
    try:
        with pytest.raises(TemporaryError, match=rf"127\.0\.0\.1:{server.port}") as caught:
            mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
        assert type(caught.value) is TemporaryError  # nothing was handed over
    finally:
        mailer.close()
        server.close()


def test_server_that_refuses_us_at_its_greeting_is_asked_for_no_other_mail() -> None:
    server = Silent(b"554 5.7.1 your address is on a list\r\n", hang_up=True)
    try:
        with pytest.raises(AccountError, match="on a list"):
            mailer_to(server.port).send(TO_JANE, "<1@mailflow.example>", RAW)
    finally:
        server.close()


def test_refused_connection_is_tried_again_later() -> None:
    with pytest.raises(TemporaryError, match="can't be reached"):
        mailer_to(free_port()).send(TO_JANE, "<1@mailflow.example>", RAW)


def test_host_that_does_not_exist_is_tried_again_later() -> None:
    mailer = mailer_to(25)
    mailer.host = "nowhere.invalid"

    with pytest.raises(TemporaryError, match=r"nowhere\.invalid"):
        mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
