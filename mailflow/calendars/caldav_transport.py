"""HTTP for caldav's client, within limits: only to the server that was meant, never for ever, never endless."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import niquests

# By this name whether or not the fork has taken urllib3's place (docs/architecture.md). niquests makes the name
# when it is imported, where mypy can't see it.
from niquests.packages.urllib3.contrib.resolver.system import SystemResolver  # type: ignore[import-not-found]

from mailflow.errors import PermanentError, TemporaryError

MAX_BYTES = 50_000_000
"""Of one answer, unpacked."""
CHUNK_BYTES = 65_536
MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}
SHORT = 3


@dataclass(frozen=True)
class Answer:
    """What a server said, read to its end; with the names that caldav looks for in a response."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    reason: str = ""
    text: str = ""


class RefusedAnswer(Exception):
    """The server understood, or did not, and said no: 4xx and 5xx."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


class TooLarge(TemporaryError):
    pass


class Session(niquests.Session):
    """For one reading: after `seconds` whatever is under way fails, and so does all that comes later."""

    def __init__(self, seconds: float) -> None:
        # Nobody but the server is asked: no HTTP/3 over UDP, no revocation service, no proxy or netrc of the machine.
        super().__init__(
            resolver=_Resolver(self._keep), disable_http2=True, disable_http3=True, revocation_configuration=None
        )
        self.trust_env = False
        self.has_expired = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def request(self, *args: Any, **options: Any) -> Any:
        """An Answer. Redirects are followed on the same server only, with the same method and body.

        Raises RefusedAnswer, PermanentError for a redirect elsewhere, TooLarge, and whatever the network raises.
        """
        method, url = args
        for _ in range(MAX_REDIRECTS + 1):
            response = super().request(method, url, **options, allow_redirects=False, stream=True)
            with contextlib.closing(response):
                status = response.status_code or 0
                target = response.headers.get("Location")
                if status not in REDIRECTS or not target:
                    answer = Answer(status, _headers(response), self._read(response), response.reason or "")
                    if status >= 400:
                        raise RefusedAnswer(answer)
                    return answer
                url = _redirected(url, str(target))
        raise PermanentError(f"{urlsplit(url).hostname} sends mailflow in circles. Correct `url`.")

    def _read(self, response: niquests.Response) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(CHUNK_BYTES):
            content += chunk
            if len(content) > MAX_BYTES:
                raise TooLarge(
                    f"{urlsplit(response.url or '').hostname} answers with more than {MAX_BYTES // 1_000_000} MB."
                )
        if self.has_expired:  # the end may be ours
            raise TimeoutError
        return bytes(content)

    # --- Time ------------------------------------------------------------------------------------

    def _keep(self, sock: socket.socket) -> None:
        """Its own timeout is for each read: a server that sends a byte now and then meets none."""
        self._sockets.append(sock.dup())  # TLS takes the other one apart
        if self.has_expired:
            self._expire()

    def _expire(self) -> None:
        self.has_expired = True
        for sock in tuple(self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        super().close()
        for sock in self._sockets:
            sock.close()


def _headers(response: niquests.Response) -> dict[str, str]:
    """caldav writes an answer down that should be XML and isn't; the events in it may be private."""
    return {**response.headers, "Content-Type": "text/plain"}


class _Resolver(SystemResolver):  # type: ignore[misc]  # the system's own; the sockets are what it is for
    def __init__(self, keep: Callable[[socket.socket], None]) -> None:
        super().__init__()
        self._keep = keep

    def create_connection(self, *args: Any, **options: Any) -> socket.socket:
        sock: socket.socket = super().create_connection(*args, **options)
        self._keep(sock)
        return sock


# --- Where credentials may go --------------------------------------------------------------------


def _redirected(url: str, target: str) -> str:
    there = urljoin(url, target)
    if not is_same_server(url, there):
        raise PermanentError(
            f"{urlsplit(url).hostname} sends mailflow on to {shown(there)}, and a password never goes to another "
            "server that way. Where that is the right one, write it into `url`."
        )
    return there


def is_same_server(url: str, other: str) -> bool:
    """Same scheme, host and port; or the same host, now with TLS."""
    here, there = urlsplit(url), urlsplit(other)
    if here.hostname != there.hostname:
        return False
    if (here.scheme, there.scheme) == ("http", "https"):
        return True
    return (here.scheme, _port(url)) == (there.scheme, _port(other))


def is_same_provider(url: str, other: str) -> bool:
    """Whether credentials for one address may go to another that its server names as the home of the calendars.

    iCloud names pXX-caldav.icloud.com at caldav.icloud.com. It must have TLS and share the last two labels of the host;
    the last three where two may be anybody's (co.uk). Nobody but the server itself, which has the password already,
    can say so.
    """
    if is_same_server(url, other):
        return True
    here, there = ((urlsplit(given).hostname or "").split(".") for given in (url, other))
    count = 3 if len(there[-1]) == 2 and len(there[-2:][0]) <= SHORT else 2
    is_named = not there[-1].isdigit() and ":" not in there[-1]
    return is_named and urlsplit(other).scheme == "https" and len(there) >= count and here[-count:] == there[-count:]


def shown(url: str) -> str:
    """Scheme, host and path: a sentence holds nothing else of an address."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def _port(url: str) -> int | None:
    parts = urlsplit(url)
    return parts.port or PORTS.get(parts.scheme)
