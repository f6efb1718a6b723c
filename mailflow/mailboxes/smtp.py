"""The embedded listener: mail arrives here by SMTP (RFC 5321) and is durable before the 250 is said."""

from __future__ import annotations

import asyncio
import errno
import secrets
import socket
from collections.abc import Sequence

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Receive
from mailflow.model import address_key

log = structlog.get_logger()


class SmtpListener:
    """Takes mail for its `recipients` only, up to `max_bytes`."""

    def __init__(self, name: str, host: str, port: int, recipients: Sequence[str], max_bytes: int) -> None:
        self.name = name
        self._host = host
        self._port = port
        self._recipients = frozenset(address_key(recipient) for recipient in recipients)
        self._max_bytes = max_bytes
        self._controller: Controller | None = None

    def open(self, receive: Receive) -> None:
        controller: Controller | None = None
        try:
            self._try_port()
            controller = Controller(
                _Handler(self.name, self._recipients, receive),
                hostname=self._host,
                port=self._port,
                data_size_limit=self._max_bytes,
                ident="mailflow",
                enable_SMTPUTF8=True,
                server_hostname=socket.gethostname(),
            )
            controller.start()
        except OSError as error:
            if controller is not None:
                controller.stop(no_assert=True)
                controller.loop.close()  # which aiosmtpd leaves open where it could not listen
            why = "another program listens there" if error.errno == errno.EADDRINUSE else error.strerror
            raise EnvironmentProblem(
                f"The mailbox '{self.name}' can't listen on {self._host}:{self._port}: {why}. "
                "Stop that program, or give the mailbox another `port`."
            ) from error
        self._controller = controller

    def _try_port(self) -> None:
        """aiosmtpd would wait five seconds before it says that a port is in use."""
        found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in found:
            socket.create_server(address, family=family).close()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class _Handler:
    """The hooks that aiosmtpd calls; their names are its own."""

    def __init__(self, name: str, recipients: frozenset[str], receive: Receive) -> None:
        self._name = name
        self._recipients = recipients
        self._receive = receive

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address_key(address) not in self._recipients:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """RFC 5321 6.1: from the 250 on the mail is ours to keep, so it is said after the bytes are on disk."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd says '<>' where a bounce has none
        return_path = f"Return-Path: <{sender}>\r\n".encode("utf-8", "surrogateescape")
        try:
            await asyncio.get_running_loop().run_in_executor(
                None, self._receive, self._name, secrets.token_hex(16), return_path + raw
            )
        except EnvironmentProblem as problem:
            log.error("mail.refused", mailbox=self._name, problem=str(problem))
            return "451 4.3.0 The mail can't be stored now, please send it again later"
        return "250 2.0.0 Stored"

    async def handle_exception(self, error: Exception) -> str:
        """aiosmtpd would say 500, and the mail would be lost: a mistake of ours is never a reason to refuse it."""
        log.error("mail.refused", mailbox=self._name, exc_info=error)
        return "451 4.3.0 Something is wrong here, please send it again later"
