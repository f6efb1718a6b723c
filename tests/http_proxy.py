"""A proxy that does what CalDAV servers and what stands before them do: it speaks HTTP on both sides.

    with running_http_proxy(server.port) as proxy:
        proxy.on("REPORT", answer(503))
        …
    assert proxy.methods == ["PROPFIND", "REPORT"]

Without a fault it passes everything on, unchanged.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 30.0
HOP = {"accept-encoding", "connection", "content-length", "keep-alive", "transfer-encoding"}
"""What is between two neighbours only; and no answer is packed, so that a fault can change it."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Exchange(BaseHTTPRequestHandler):
    """One request of the client's; `ask` passes it on, `send` answers it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    proxy: Proxy
    asked: Asked

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        self.proxy.requests.append(self.asked)
        try:
            self.proxy.fault_for(self.asked)(self)
        except OSError:  # the client is gone: it may have had enough
            self.close_connection = True
        except Exception as error:
            self.proxy.broken.append(error)
            raise

    do_GET = do_PROPFIND = do_REPORT = do_PUT = do_OPTIONS = handle_any  # noqa: N815

    def ask(self) -> Answer:
        headers = {name: value for name, value in self.asked.headers.items() if name not in HOP}
        with contextlib.closing(http.client.HTTPConnection(HOST, self.proxy.upstream, timeout=PATIENCE)) as server:
            server.request(self.asked.method, self.asked.path, self.asked.body, headers)
            answer = server.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
            return Answer(answer.status, kept, answer.read())

    def send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        pass


Fault = Callable[[Exchange], None]
"""Does instead whatever should happen."""


@dataclass
class Proxy:
    """`closing` is set at its end: a fault that goes on for ever ends then."""

    upstream: int
    port: int = 0
    scheme: str = "http"
    requests: list[Asked] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    _faults: list[tuple[str, bytes, Fault, int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{HOST}:{self.port}/"

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.requests]

    def on(self, method: str, fault: Fault, *, with_: bytes = b"", times: int = 1_000) -> None:
        """The next requests of this method (or all, with "") whose body holds these bytes meet the fault."""
        self._faults.append((method, with_, fault, times))

    def heal(self) -> None:
        self._faults.clear()

    def fault_for(self, asked: Asked) -> Fault:
        for i, (method, with_, fault, times) in enumerate(self._faults):
            if method in ("", asked.method) and with_ in asked.body:
                if times <= 1:
                    del self._faults[i]
                else:
                    self._faults[i] = (method, with_, fault, times - 1)
                return fault
        return pass_on


@contextlib.contextmanager
def running_http_proxy(upstream: int, certificate: tuple[Path, Path] | None = None) -> Iterator[Proxy]:
    proxy = Proxy(upstream)
    server = ThreadingHTTPServer((HOST, 0), type("Handler", (Exchange,), {"proxy": proxy}))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        proxy.scheme = "https"
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that refuses our certificate
    proxy.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield proxy
    finally:
        proxy.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
    if proxy.broken:
        raise proxy.broken[0]


# --- Faults --------------------------------------------------------------------------------------


def pass_on(exchange: Exchange) -> None:
    exchange.send(exchange.ask())


def answer(status: int, body: bytes = b"", **headers: str) -> Fault:
    """The server says this, and never hears of the request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.send(Answer(status, dict(named), body))


def rewrite(change: Callable[[bytes], bytes]) -> Fault:
    """The server's answer with another body."""

    def changed(exchange: Exchange) -> None:
        found = exchange.ask()
        exchange.send(Answer(found.status, found.headers, change(found.body)))

    return changed


def meanwhile(event: Callable[[], object]) -> Fault:
    """Something happens on the server right before the request gets there."""

    def happen(exchange: Exchange) -> None:
        event()
        pass_on(exchange)

    return happen


def hang_up(exchange: Exchange) -> None:
    exchange.close_connection = True


def silence(exchange: Exchange) -> None:
    exchange.proxy.closing.wait(PATIENCE)
    exchange.close_connection = True


def drip(start: bytes) -> Fault:
    """This, and then a byte now and then."""

    def dripping(exchange: Exchange) -> None:
        exchange.close_connection = True
        exchange.wfile.write(start)
        while not exchange.proxy.closing.wait(0.05):
            exchange.wfile.write(b"x")

    return dripping


def endless(exchange: Exchange) -> None:
    """An answer that never ends, as fast as it goes."""
    exchange.close_connection = True
    exchange.wfile.write(b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\n\r\n<a>")
    while not exchange.proxy.closing.is_set():
        exchange.wfile.write(b"x" * 65_536)
