"""A calendar on the web keeps the contract of calendars; and whatever its server does, nobody waits or is let in."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mailflow.calendars import NOTHING_KNOWN, Calendar
from mailflow.calendars.ics_url import IcsUrl
from mailflow.calendars.web import Fetcher
from mailflow.errors import MailflowError, PermanentError, TemporaryError
from tests.builders import DAY, NOW, ics, ics_event
from tests.calendars.contract import WINDOW, CalendarContract, Reader
from tests.certificates import make_certificate

ZONE = "Europe/Berlin"
SECRET = "private-8f14e45f"


class Web:
    """An HTTP server of a test's own. `answer` is what it does instead of giving the calendar out."""

    def __init__(self) -> None:
        self.text = b""
        self.has_etag = True
        self.asked: list[tuple[str, int]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] | None = None
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server's
                web.serve(self)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        if self.answer is not None:
            self.answer(request)
            return
        etag = f'"{sha256(self.text).hexdigest()}"'
        unchanged = self.has_etag and request.headers.get("If-None-Match") == etag
        status = 304 if unchanged else 200
        self.asked.append((request.path, status))
        request.send_response(status)
        if self.has_etag:
            request.send_header("ETag", etag)
        if not unchanged:
            request.send_header("Content-Length", str(len(self.text)))
        request.end_headers()
        if not unchanged:
            request.wfile.write(self.text)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@dataclass
class WebBackend:
    web: Web = field(default_factory=Web)
    seconds: float = 20.0
    max_bytes: int = 100_000
    private_allowed: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web.port}/calendar/{SECRET}/basic.ics?x={SECRET}"

    @property
    def adapter(self) -> Calendar:
        return IcsUrl(self.url, ZONE, Fetcher(self.seconds, self.max_bytes, self.private_allowed))

    def put(self, *events: str) -> None:
        self.web.text = ics(*events)

    def go_away(self) -> None:
        self.web.close()

    def answer_garbage(self) -> None:
        self.web.text = b"<html>Sign in</html>"


@pytest.fixture
def backend() -> Iterator[WebBackend]:
    backend = WebBackend()
    yield backend
    backend.web.close()


class TestIcsUrl(CalendarContract):
    pass


class TestIcsUrlWithoutETag(CalendarContract):
    @pytest.fixture
    def backend(self, backend: WebBackend) -> WebBackend:
        backend.web.has_etag = False
        return backend


def failure(backend: WebBackend) -> MailflowError:
    """How a reading fails; the secret of the address is not in it."""
    with pytest.raises(MailflowError, match="stay as they were") as caught:
        backend.adapter.read(NOTHING_KNOWN, WINDOW)
    assert SECRET not in str(caught.value)
    return caught.value


def test_unchanged_calendar_is_not_sent_again(backend: WebBackend) -> None:
    backend.put(ics_event("a"))
    reader = Reader(backend.adapter)
    reader.read()
    reader.read()

    assert [status for _, status in backend.web.asked] == [200, 304]
    assert backend.web.asked[0][0] == f"/calendar/{SECRET}/basic.ics?x={SECRET}"


def test_last_modified_serves_where_there_is_no_etag(backend: WebBackend) -> None:
    stamp = "Mon, 23 Nov 2026 09:00:00 GMT"
    seen: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append(request.headers.get("If-Modified-Since"))
        text = ics(ics_event("a"))
        request.send_response(304 if seen[-1] == stamp else 200)
        request.send_header("Last-Modified", stamp)
        if seen[-1] != stamp:
            request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        if seen[-1] != stamp:
            request.wfile.write(text)

    backend.web.answer = answer
    reader = Reader(backend.adapter)
    reader.read()
    assert reader.read().objects == ()
    assert seen == [None, stamp]


def says(status: int, *, headers: dict[str, str] | None = None, body: bytes = b"") -> Callable[..., None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            request.send_header(name, value)
        request.end_headers()
        with contextlib.suppress(OSError):
            request.wfile.write(body)

    return answer


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, PermanentError),
        (403, PermanentError),
        (404, PermanentError),
        (410, PermanentError),
        (429, TemporaryError),
        (500, TemporaryError),
        (503, TemporaryError),
        (204, TemporaryError),
    ],
)
def test_refusals_are_told_apart(backend: WebBackend, status: int, error: type[MailflowError]) -> None:
    backend.web.answer = says(status)

    failed = failure(backend)

    assert type(failed) is error
    assert str(status) in str(failed)
    assert str(failed).startswith("The calendar at 127.0.0.1: ")


def test_calendar_too_large_is_not_read_to_its_end(backend: WebBackend) -> None:
    backend.web.answer = says(200, body=b"x" * 10_000_000)

    assert "too large" in str(failure(backend))


def test_calendar_that_breaks_off_is_tried_again(backend: WebBackend) -> None:
    text = ics(ics_event("a"))
    backend.web.answer = says(200, headers={"Content-Length": str(len(text) + 10)}, body=text)

    assert isinstance(failure(backend), TemporaryError)


def test_redirect_is_followed(backend: WebBackend) -> None:
    backend.put(ics_event("a"))

    def answer(request: BaseHTTPRequestHandler) -> None:
        backend.web.answer = None
        says(302, headers={"Location": "/elsewhere.ics"})(request)

    backend.web.answer = answer
    reader = Reader(backend.adapter)
    reader.read()

    assert len(reader.occurrences) == 1
    assert backend.web.asked == [("/elsewhere.ics", 200)]


def test_redirects_without_end_are_not_followed_for_ever(backend: WebBackend) -> None:
    backend.web.answer = says(302, headers={"Location": f"/again?{SECRET}"})

    assert "on and on" in str(failure(backend))


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "https://", "//", "gopher://x", "http://["]
)
def test_redirect_to_what_is_no_web_is_refused(backend: WebBackend, target: str) -> None:
    backend.web.answer = says(302, headers={"Location": target})

    assert isinstance(failure(backend), MailflowError)


# --- Time ---------------------------------------------------------------------------------------


def drip(first: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte now and then, for longer than anybody waits."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            request.wfile.write(first)
            for _ in range(1_000):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.02)

    return answer


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
    ids=["status", "header", "body", "body without a length"],
)
def test_server_that_drips_holds_nobody(backend: WebBackend, first: bytes) -> None:
    backend.seconds = 0.5
    backend.web.answer = drip(first)

    assert isinstance(failure(backend), TemporaryError)


def test_server_that_is_silent_holds_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/{SECRET}"
        with pytest.raises(TemporaryError, match=r"127\.0\.0\.1 can't be reached") as caught:
            IcsUrl(url, ZONE, Fetcher(0.3, 1000, private_allowed=True)).read(NOTHING_KNOWN, WINDOW)
    assert SECRET not in str(caught.value)


def test_name_that_nobody_knows_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TemporaryError, match=r"no\.example can't be reached"):
        IcsUrl("https://no.example/a.ics", ZONE, Fetcher(1.0, 1000)).read(NOTHING_KNOWN, WINDOW)


# --- Private networks ---------------------------------------------------------------------------


def test_private_address_is_not_asked(backend: WebBackend) -> None:
    backend.private_allowed = False
    backend.put(ics_event("a"))

    assert "`private_allowed`" in str(failure(backend))
    assert backend.web.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.8",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1"),
    ],
)
def test_name_of_a_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 0, 0, "", (address, 443))])
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was asked"))
    with pytest.raises(PermanentError, match="private network"):
        IcsUrl("https://calendar.example/a.ics", ZONE, Fetcher(1.0, 1000)).read(NOTHING_KNOWN, WINDOW)


def test_address_that_was_looked_at_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may mean another address a moment later: nobody asks for it twice."""
    asked: list[object] = []

    def connect(address: object, timeout: float) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    addresses = [(socket.AF_INET, 0, 0, "", (address, 443)) for address in ("10.0.0.1", "93.184.216.34")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(TemporaryError):
        IcsUrl("https://calendar.example/a.ics", ZONE, Fetcher(1.0, 1000)).read(NOTHING_KNOWN, WINDOW)
    assert asked == [("93.184.216.34", 443)]


# --- Encrypted ----------------------------------------------------------------------------------


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("is_trusted", [True, False])
def test_certificate_is_checked(
    backend: WebBackend, tmp_path: Path, program: Callable[[str], str], is_trusted: bool
) -> None:
    certificate, key = make_certificate(program("openssl"), tmp_path, "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    backend.web.server.socket = server.wrap_socket(backend.web.server.socket, server_side=True)
    backend.put(ics_event("a", NOW + DAY))
    trusted = ssl.create_default_context(cafile=certificate) if is_trusted else None
    adapter = IcsUrl(
        f"https://localhost:{backend.web.port}/a.ics", ZONE, Fetcher(20.0, 100_000, private_allowed=True, tls=trusted)
    )
    if is_trusted:
        assert len(adapter.read(NOTHING_KNOWN, WINDOW).objects) == 1
    else:
        with pytest.raises(PermanentError, match="certificate that can't be trusted"):
            adapter.read(NOTHING_KNOWN, WINDOW)
