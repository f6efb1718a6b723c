"""A document from the web, by somebody else's address: no private hosts, no endless answers, no waiting for ever."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, urljoin, urlsplit

from mailflow.errors import PermanentError, TemporaryError

MAX_REDIRECTS = 5
PIECE = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
NEEDS_LOGIN = frozenset({401, 403})
_UNICAST = ipaddress.IPv6Network("2000::/3")


@dataclass(frozen=True)
class Fetcher:
    """`seconds` is for everything together. Private addresses (RFC 1918, loopback and the like) are refused, unless the
    operator wants them: a link that a coach was given could make mailflow ask the inside of its own network."""

    seconds: float
    max_bytes: int
    private_allowed: bool = False
    tls: ssl.SSLContext | None = None

    def fetch(self, url: str, headers: Mapping[str, str]) -> tuple[int, Message, bytes]:
        """(200 or 304, headers, body). Raises TemporaryError or PermanentError, which never quote more of the address
        than its host: the rest is a secret."""
        until = time.monotonic() + self.seconds
        first = urlsplit(url)
        for _ in range(MAX_REDIRECTS + 1):
            where = urlsplit(url)
            status, found, body = self._ask(where, headers, until)
            if status not in REDIRECTS:
                return status, found, body
            try:
                url = urljoin(url, found.get("Location", ""))
                target = urlsplit(url)
            except ValueError:
                target = urlsplit("")
            if target.scheme not in ("https", where.scheme) or not target.hostname:
                raise PermanentError(f"{first.hostname} sends us to an address that is not safe")
        raise PermanentError(f"{first.hostname} sends us on and on to other addresses")

    def _ask(self, where: SplitResult, headers: Mapping[str, str], until: float) -> tuple[int, Message, bytes]:
        try:
            with self._connected(where, until) as connection:
                path = (where.path or "/") + (f"?{where.query}" if where.query else "")
                connection.request("GET", path, headers={"Accept": "text/calendar", **headers})
                with connection.getresponse() as answer:
                    body = self._read(answer) if answer.status == 200 else b""
                _left(until)  # what was shut looks like an end
        except ssl.SSLCertVerificationError as error:
            raise PermanentError(
                f"{where.hostname} shows a certificate that can't be trusted: {error.verify_message}"
            ) from error
        except (OSError, ValueError, http.client.HTTPException) as error:  # ValueError: a length that is no number
            raise TemporaryError(f"{where.hostname} can't be reached, or went away: {_reason(error)}") from error
        if answer.status in GONE:
            raise PermanentError(f"{where.hostname} says that there is no such calendar ({answer.status})")
        if answer.status in NEEDS_LOGIN:
            raise PermanentError(f"{where.hostname} lets nobody in with this address ({answer.status})")
        if answer.status not in (200, 304, *REDIRECTS):
            raise TemporaryError(f"{where.hostname} answers {answer.status}")
        return answer.status, answer.headers, body

    @contextmanager
    def _connected(self, where: SplitResult, until: float) -> Iterator[http.client.HTTPConnection]:
        """To an address that was looked at, not to what the name means a moment later; it is shut when time is up."""
        is_tls = where.scheme == "https"
        host, port = where.hostname or "", where.port or (443 if is_tls else 80)
        address = (self._address_of(host, port), port)
        with socket.create_connection(address, timeout=_left(until)) as plain, _shut_at(until, plain):
            connection = http.client.HTTPConnection(host, port)
            connection.sock = plain
            if is_tls:
                context = self.tls or ssl.create_default_context()
                connection.sock = context.wrap_socket(plain, server_hostname=host)
            with closing(connection):
                yield connection

    def _address_of(self, host: str, port: int) -> str:
        found = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        allowed = [address for address in found if self.private_allowed or _is_public(address)]
        if not allowed:
            raise PermanentError(
                f"{host} is inside a private network. If you trust it, set `private_allowed` for this calendar"
            )
        return allowed[0]

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while piece := answer.read1(PIECE):
            body += piece
            if len(body) > self.max_bytes:
                raise PermanentError(f"it is larger than {self.max_bytes // 1_000_000} MB, too large")
        if answer.length:
            raise ConnectionError("it broke off in the middle")
        return bytes(body)


@contextmanager
def _shut_at(until: float, connected: socket.socket) -> Iterator[None]:
    """A socket's timeout is for each read: a server that sends a byte now and then would never meet it."""
    # SSLSocket's own shutdown would take the encryption off first.
    with connected.dup() as same:
        timer = threading.Timer(_left(until), _shut, [same])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (found not in _UNICAST or found.sixtofour or found.teredo):
        return False  # what holds an IPv4 address in it may mean a private one
    return found.is_global and not found.is_multicast


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
