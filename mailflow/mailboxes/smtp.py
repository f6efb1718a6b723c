"""The embedded listener: mail arrives here by SMTP or LMTP and is durable before the 250 is said."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import socket
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from mailflow.errors import EnvironmentProblem
from mailflow.mailboxes import Receive
from mailflow.mailboxes.certificate import Certificate
from mailflow.mailboxes.smtp_limits import Connections, Limits, Rate
from mailflow.mailboxes.smtp_session import Door, SmtpSession
from mailflow.model import address_key

log = structlog.get_logger()

END_SECONDS = 5.0
SOCKET_MODE = 0o660


@dataclass(frozen=True)
class Tls:
    """STARTTLS is offered; with `required`, no mail is taken without it."""

    certificate: Path
    key: Path
    required: bool = False


@dataclass(frozen=True)
class Running:
    """A listener between `open` and `close`."""

    loop: asyncio.AbstractEventLoop
    servers: Sequence[asyncio.Server]
    sessions: set[SmtpSession]
    thread: threading.Thread
    socket_inode: int


class SmtpListener:
    """Takes mail for its `recipients` only, and bounces to `return_address`, in which a star stands for letters, digits
    and hyphens. `place` is a host and port, or the path of a Unix socket."""

    def __init__(
        self,
        name: str,
        place: tuple[str, int] | Path,
        recipients: Sequence[str],
        limits: Limits,
        *,
        return_address: str,
        protocol: Literal["smtp", "lmtp"] = "smtp",
        tls: Tls | None = None,
    ) -> None:
        self.name = name
        self._place = place
        self._recipients = frozenset(address_key(recipient) for recipient in recipients)
        self._returns = re.compile(re.escape(address_key(return_address)).replace(r"\*", "[a-z0-9-]{1,64}"))
        self._limits = limits
        self._protocol = protocol
        self._tls = tls
        self._running: Running | None = None

    def open(self, receive: Receive) -> None:
        tls = self._tls
        door = Door(
            name=self.name,
            hostname=socket.gethostname(),
            is_lmtp=self._protocol == "lmtp",
            is_ours=self._is_ours,
            limits=self._limits,
            certificate=None if tls is None else Certificate(tls.certificate, tls.key),
            require_tls=tls is not None and tls.required,
            receive=receive,
            rate=Rate(self._limits.max_per_minute),
            connections=Connections(self._limits),
        )
        sockets = self._bind()
        loop = asyncio.new_event_loop()
        loop.set_exception_handler(self._log_trouble)
        servers = [loop.run_until_complete(loop.create_server(door.new_session, sock=one)) for one in sockets]
        thread = threading.Thread(target=loop.run_forever, name=f"mailbox {self.name}")
        thread.start()
        inode = self._place.stat().st_ino if isinstance(self._place, Path) else 0
        self._running = Running(loop, servers, door.sessions, thread, inode)

    def close(self) -> None:
        """Mail that is just being stored is stored, and its sender hears so."""
        if self._running is None:
            return
        running, self._running = self._running, None
        asyncio.run_coroutine_threadsafe(_end(running), running.loop).result()
        running.loop.call_soon_threadsafe(running.loop.stop)
        running.thread.join()
        running.loop.close()
        if isinstance(self._place, Path):
            with contextlib.suppress(OSError):
                if self._place.stat().st_ino == running.socket_inode:
                    self._place.unlink()

    def _is_ours(self, address: str) -> bool:
        key = address_key(address)
        return key in self._recipients or self._returns.fullmatch(key) is not None

    # --- Where it listens -----------------------------------------------------------------------

    def _bind(self) -> list[socket.socket]:
        try:
            return [_bind_path(self._place)] if isinstance(self._place, Path) else _bind_port(*self._place)
        except OSError as error:
            where = self._place if isinstance(self._place, Path) else f"{self._place[0]}:{self._place[1]}"
            why = "another program listens there" if error.errno == errno.EADDRINUSE else error.strerror or error
            option = "`socket`" if isinstance(self._place, Path) else "`port`"
            raise EnvironmentProblem(
                f"The mailbox '{self.name}' can't listen on {where}: {why}. "
                f"Stop that program, or give the mailbox another {option}."
            ) from error

    def _log_trouble(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """asyncio's own way would print addresses."""
        error = context.get("exception")
        if not isinstance(error, ConnectionError | TimeoutError):  # a peer went away
            log.error("listener.failed", mailbox=self.name, reason=context.get("message"), exc_info=error)


def _bind_port(host: str, port: int) -> list[socket.socket]:
    """On every address that the host has; one of a kind that this machine lacks, mostly IPv6, counts only alone."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    missing: OSError | None = None
    with contextlib.ExitStack() as opened:
        sockets = []
        for family, address in dict.fromkeys((family, address) for family, _, _, _, address in found):
            try:
                sockets.append(opened.enter_context(socket.create_server(address, family=family)))
            except OSError as error:
                if error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                    raise
                missing = error
        if missing is not None and not sockets:
            raise missing
        opened.pop_all()
    return sockets


def _bind_path(path: Path) -> socket.socket:
    """What an ended mailflow left there is removed; a socket that somebody listens on, or another file, is not."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError(errno.EEXIST, "there is a file that is no socket")
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(os.fspath(path))
            except ConnectionRefusedError:
                path.unlink()
            else:
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    with contextlib.ExitStack() as opened:
        bound = opened.enter_context(socket.socket(socket.AF_UNIX))
        bound.bind(os.fspath(path))
        path.chmod(SOCKET_MODE)  # nobody can connect before it listens
        bound.listen()
        opened.pop_all()
    return bound


async def _end(running: Running) -> None:
    loop = running.loop
    for server in running.servers:
        server.close()
    for session in list(running.sessions):
        session.end()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    if rest:
        await asyncio.wait(rest, timeout=END_SECONDS)
    for session in list(running.sessions):
        session.abort()
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await loop.shutdown_default_executor()
