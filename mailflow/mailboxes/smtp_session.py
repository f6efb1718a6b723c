"""One connection to the listener: SMTP (RFC 5321) or LMTP (RFC 2033).

aiosmtpd brings the commands. What it leaves open is here: what a peer may ask for, mails with long lines in bounded
memory, one answer for each recipient, and that a mistake of ours is never a reason to refuse a mail for good.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, TLSSetupException
from aiosmtpd.smtp import Session as Peer

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Receive
from mailflow.mailboxes.certificate import Certificate
from mailflow.mailboxes.smtp_limits import Connections, Limits, Rate

log = structlog.get_logger()
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's: addresses stand in it

COMMAND_BYTES = 2_000
PIECE_BYTES = 65_536
MAX_HOPS = 50
"""RFC 5321 6.3 asks for at least 100 where nothing else ends a loop; a note has three to ten."""
PATH = re.compile(
    r"""
    (?: < (?P<path> (?: "(?:[^"\\\x00-\x1f\x7f] | \\[^\x00-\x1f\x7f])*" | [^<>"\x00-\x1f\x7f] )* ) >
      | (?P<bare> [^\s<>"\x00-\x1f\x7f]+ ) )
    (?: [ ]+ (?P<options> [\x20-\x7e]* ) )?
    """,
    re.VERBOSE,
)
HOP = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)
REPLY = re.compile(r"(?P<code>[245]\d\d) (?P<text>(?!\d\.\d+\.\d+ ).*)", re.DOTALL)
ENHANCED = {"500": "5.5.2", "501": "5.5.4", "502": "5.5.1", "503": "5.5.1", "552": "5.3.4", "553": "5.1.3"}
VERIFIED = "252 2.5.0 Send some mail, it will be looked at"
OURS = "451 4.3.0 Something is wrong here, please send it again later"


class OneSize(dict[str, int]):
    """aiosmtpd would keep an entry for whatever a peer calls a command."""

    def __missing__(self, command: str) -> int:
        return COMMAND_BYTES


@dataclass(frozen=True)
class Door:
    """What all connections of a listener share. `is_ours` says whether mail to an address is taken."""

    name: str
    hostname: str
    is_lmtp: bool
    is_ours: Callable[[str], bool]
    limits: Limits
    certificate: Certificate | None
    require_tls: bool
    receive: Receive
    rate: Rate
    connections: Connections
    sessions: set[SmtpSession] = field(default_factory=set)

    def new_session(self) -> SmtpSession:
        return LmtpSession(self) if self.is_lmtp else SmtpSession(self)


class Hooks:
    """What aiosmtpd asks during its commands; the names are its own."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def handle_MAIL(
        self, server: SmtpSession, peer: Peer, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._door.require_tls and not server.is_encrypted:
            return "530 5.7.0 Must issue a STARTTLS command first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender ok"

    async def handle_RCPT(
        self, server: SmtpSession, peer: Peer, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Nothing is read into an address: routes, percent signs and quotes make it somebody else's."""
        if not self._door.is_ours(address):
            return "550 5.1.1 There is no such mailbox here"
        if len(envelope.rcpt_tos) >= self._door.limits.recipients:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail.refused", mailbox=self._door.name, exc_info=error)
        return OURS


class SmtpSession(SMTP):
    line_length_limit = PIECE_BYTES
    command_size_limit = COMMAND_BYTES
    command_size_limits = OneSize()

    def __init__(self, door: Door) -> None:
        self._door = door
        self._peer: str | None = None
        self._errors = 0
        self._brings_mail_until = 0.0
        self._is_storing = False
        self._is_ending = False
        super().__init__(
            Hooks(door),
            data_size_limit=door.limits.max_bytes,
            enable_SMTPUTF8=True,
            hostname=door.hostname,
            ident="mailflow",
            tls_context=None if door.certificate is None else door.certificate.context(),
            timeout=door.limits.seconds,
        )
        for command in ("AUTH", "HELP"):
            del self._smtp_methods[command]

    @property
    def is_encrypted(self) -> bool:
        return self._tls_protocol is not None

    def end(self) -> None:
        """Closes the connection; where a mail is just being stored, after its answer."""
        self._is_ending = True
        transport = cast("asyncio.Transport | None", self.transport)
        if transport is not None and not transport.is_closing() and not self._is_storing:
            transport.write(b"421 4.3.2 mailflow is stopping, please come again later\r\n")
            transport.close()

    def abort(self) -> None:
        """Closes it now, whatever is still to be said."""
        transport = self._original_transport or self.transport  # TLS would wait for the peer
        if transport is not None:
            cast("asyncio.Transport", transport).abort()

    # --- The connection -------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None:  # else it is TLS over a connection that was let in
            name = transport.get_extra_info("peername")
            peer = str(name[0]) if isinstance(name, tuple) else "unix"
            if not self._door.connections.admit(peer):
                log.warning("listener.crowded", mailbox=self._door.name)
                refused = cast("asyncio.Transport", transport)
                refused.write(b"421 4.3.2 Too many connections, please come again later\r\n")
                refused.set_protocol(asyncio.Protocol())
                refused.close()
                return
            self._peer = peer
            self._door.sessions.add(self)
            self._expect_mail()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """May be called twice: a TLS handshake that failed is no end of the connection for asyncio."""
        if self._peer is not None:
            self._door.connections.release(self._peer)
            self._door.sessions.discard(self)
            self._peer = None
        super().connection_lost(error)

    def _expect_mail(self) -> None:
        """Whoever keeps a connection open without bringing mail keeps it from others."""
        self._brings_mail_until = self.loop.time() + 2 * self._door.limits.seconds

    def _reset_timeout(self, duration: float | None = None) -> None:
        left = self._brings_mail_until - self.loop.time()
        super()._reset_timeout(max(0.001, min(duration or self._door.limits.seconds, left)))

    async def _handle_client(self) -> None:
        with contextlib.suppress(ConnectionError):  # the peer went away, which is nothing to tell anybody
            await super()._handle_client()

    async def push(self, status: Any) -> None:
        """Puts an enhanced code (RFC 2034) where aiosmtpd has none; a peer with too many errors is cut off."""
        text = status.decode("ascii", "replace") if isinstance(status, bytes) else status
        if found := REPLY.fullmatch(text):
            code = found["code"]
            text = f"{code} {ENHANCED.get(code, f'{code[0]}.0.0')} {found['text']}"
        await super().push(text)
        self._errors += text.startswith("5")
        if self._errors >= self._door.limits.errors and self.transport is not None:
            self._errors = 0
            await super().push("421 4.7.0 Too many errors")
            self.transport.close()

    # --- The commands ---------------------------------------------------------------------------

    async def smtp_HELO(self, hostname: str) -> None:
        if not hostname:
            await self.push("501 Syntax: HELO hostname")
            return
        await self._greet(hostname, [])

    async def smtp_EHLO(self, hostname: str) -> None:
        if not hostname:
            await self.push("501 Syntax: EHLO hostname")
            return
        offers = ["PIPELINING", f"SIZE {self._door.limits.max_bytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self.tls_context is not None and not self.is_encrypted:
            offers.append("STARTTLS")
        await self._greet(hostname, offers)

    async def _greet(self, hostname: str, offers: list[str]) -> None:
        assert self.session is not None
        self.envelope = self._create_envelope()
        self.session.extended_smtp = bool(offers)
        self.session.host_name = hostname
        *lines, last = [self.hostname, *offers]
        for line in lines:
            await super().push(f"250-{line}")
        await super().push(f"250 {last}")

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.is_encrypted:
            await self.push("503 Already encrypted")
            return
        try:
            await super().smtp_STARTTLS(arg)
        except TLSSetupException as error:
            log.info("listener.no-tls", mailbox=self._door.name, reason=repr(error.__cause__))
            self.abort()
            self.connection_lost(None)
            raise ConnectionResetError from error

    async def smtp_VRFY(self, arg: str) -> None:
        await self.push(VERIFIED)

    async def smtp_EXPN(self, arg: str) -> None:
        await self.push(VERIFIED)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """aiosmtpd's reads an address as one of a header, with routes, comments and display names."""
        found = PATH.fullmatch(arg)
        if found is None:
            return None, None
        return found["path"] or found["bare"] or "<>", found["options"] or ""

    async def smtp_DATA(self, arg: str) -> None:
        assert self.envelope is not None
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        peer = self._peer or ""
        if not self._door.rate.take(peer, self.loop.time()):
            log.warning("mail.too-many", mailbox=self._door.name)
            self.envelope = self._create_envelope()
            await self.push("451 4.7.1 Too many mails at once, please send it again later")
            return
        self._expect_mail()
        self._reset_timeout()
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._read_content()
        envelope, self.envelope = self.envelope, self._create_envelope()
        self._is_storing = True
        answer = await self._keep(envelope, content)
        if answer[0] == "4":
            self._door.rate.give_back(peer)
        await self.push(answer)
        for _ in range(self._answers(envelope) - 1):
            await super().push(answer)
        self._is_storing = False
        if self._is_ending:
            self.end()

    def _answers(self, envelope: Envelope) -> int:
        return 1

    async def _read_content(self) -> bytes | None:
        """None where it is too large: it was read to its end, but not kept."""
        content: bytearray | None = bytearray()
        at_line_start = True
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as overrun:
                piece = await self._reader.readexactly(overrun.consumed)
            if at_line_start and piece == b".\r\n":
                return None if content is None else bytes(content)
            if content is not None:
                content += piece[1:] if at_line_start and piece[:1] == b"." else piece
                if len(content) > self._door.limits.max_bytes:
                    content = None
            at_line_start = piece.endswith(b"\r\n")

    async def _keep(self, envelope: Envelope, content: bytes | None) -> str:
        """RFC 5321 6.1: from the 250 on the mail is ours to keep, so it is said after the bytes are on disk."""
        if content is None:
            return "552 5.3.4 The mail is too large"
        if content[:1] in (b" ", b"\t"):
            return "554 5.6.0 The mail begins with white space"  # which would continue the header put in front of it
        if len(HOP.findall(content.partition(b"\r\n\r\n")[0])) > MAX_HOPS:
            return "554 5.4.6 The mail goes in circles"
        raw = trace(envelope) + content
        try:
            await self.loop.run_in_executor(None, self._door.receive, self._door.name, secrets.token_hex(16), raw)
        except EnvironmentProblem as problem:
            log.error("mail.refused", mailbox=self._door.name, problem=str(problem))
            return "451 4.3.0 The mail can't be stored now, please send it again later"
        except Exception as error:
            log.error("mail.refused", mailbox=self._door.name, exc_info=error)
            return OURS
        self._errors = 0
        return "250 2.0.0 Stored"


class LmtpSession(LMTP, SmtpSession):
    """LHLO in place of EHLO. A mail is stored once, however many of our recipients it has."""

    async def check_helo_needed(self, helo: str = "LHLO") -> bool:
        return await super().check_helo_needed(helo)

    def _answers(self, envelope: Envelope) -> int:
        """RFC 2033 4.2: one for each recipient that was accepted, also for one that was named twice."""
        return len(envelope.rcpt_tos)


def trace(envelope: Envelope) -> bytes:
    """What final delivery puts on top (RFC 5321 4.4; RFC 9228): the envelope, which the mail itself may not tell.

    Whatever the mail has of these headers stands below.
    """
    sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd says '<>' where a bounce has none
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {address}" for address in dict.fromkeys(envelope.rcpt_tos))]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
