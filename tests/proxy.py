"""A TCP proxy that does what networks and servers do: it stands between mailflow and a server that speaks in lines.

    with running_proxy(server_port) as proxy:
        proxy.on("UID FETCH", truncate(2_000))
        …
    assert proxy.commands == ["CAPABILITY", "LOGIN", …]

It counts the commands of the client, and a fault waits for one. Without a fault it passes every byte on.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
TWO_WORDS = {"UID"}


@dataclass
class Link:
    """One connection of a client, and ours to the server."""

    client: socket.socket
    server: socket.socket
    filter: Callable[[bytes], Iterator[bytes]] | None = None
    is_stalled: bool = False

    def to_client(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.client.sendall(data)

    def to_server(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.server.sendall(data)

    def close(self) -> None:
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


Fault = Callable[[Link, bytes], None]
"""(link, the client's line): does instead whatever should happen."""


@dataclass
class Proxy:
    upstream: int
    listener: socket.socket
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    refuses: bool = False
    rewrite: Callable[[bytes], bytes] | None = None
    """What every connection's answers become, from now on."""
    _faults: list[tuple[str, Fault, int]] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def on(self, command: str, fault: Fault, times: int = 1) -> None:
        """The next commands of this name (or all, with "") meet the fault."""
        self._faults.append((command, fault, times))

    def heal(self) -> None:
        self._faults.clear()
        self.rewrite, self.refuses = None, False

    def counts(self) -> Counter[str]:
        return Counter(self.commands)

    def cut(self) -> None:
        """Every connection is reset."""
        for link in self._links:
            reset(link, b"")

    def close(self) -> None:
        self.listener.close()
        for link in self._links:
            link.close()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                if self.refuses:
                    raise ConnectionRefusedError
                server = socket.create_connection((HOST, self.upstream))
            except OSError:
                client.close()
                continue
            link = Link(client, server)
            self._links.append(link)
            threading.Thread(target=self._pass_commands, args=(link,), daemon=True).start()
            threading.Thread(target=self._pass_answers, args=(link,), daemon=True).start()

    def _pass_commands(self, link: Link) -> None:
        with contextlib.suppress(OSError, ValueError), link.client.makefile("rb") as lines:
            while line := lines.readline():
                if link.is_stalled:
                    continue
                name = command_name(line)
                self.commands.append(name)
                fault = self._fault_for(name)
                if fault is None:
                    link.to_server(line)
                else:
                    fault(link, line)
                while (literal := LITERAL.search(line)) and fault is None:
                    link.to_server(lines.read(int(literal[1])))
                    line = lines.readline()
                    link.to_server(line)
        link.close()

    def _pass_answers(self, link: Link) -> None:
        with contextlib.suppress(OSError):
            while data := link.server.recv(65536):
                if link.is_stalled:
                    continue
                if self.rewrite is not None:
                    data = self.rewrite(data)
                for part in [data] if link.filter is None else link.filter(data):
                    link.client.sendall(part)
        if not link.is_stalled:
            link.close()

    def _fault_for(self, name: str) -> Fault | None:
        for i, (command, fault, times) in enumerate(self._faults):
            if name.startswith(command):
                if times <= 1:
                    del self._faults[i]
                else:
                    self._faults[i] = (command, fault, times - 1)
                return fault
        return None


def command_name(line: bytes) -> str:
    """'UID FETCH' of 'A1 UID FETCH 4 (FLAGS)', 'DONE' of 'DONE'."""
    words = line.decode("ascii", "replace").upper().split()
    if len(words) == 1:
        return words[0]
    return " ".join(words[1:3]) if len(words) > 2 and words[1] in TWO_WORDS else (words or ["", ""])[1]


@contextlib.contextmanager
def running_proxy(upstream: int) -> Iterator[Proxy]:
    proxy = Proxy(upstream, socket.create_server((HOST, 0)))
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        with contextlib.suppress(OSError):
            proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.close()
        thread.join()


# --- Faults --------------------------------------------------------------------------------------


def reset(link: Link, line: bytes) -> None:
    """The connection is gone without a word."""
    with contextlib.suppress(OSError):
        link.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()


def stall(link: Link, line: bytes) -> None:
    """Nothing comes any more, and nothing says so."""
    link.is_stalled = True


def say(*answers: bytes) -> Fault:
    """The server's answer is this; {tag} is the command's. It never hears of the command."""

    def answer(link: Link, line: bytes) -> None:
        tag = line.split()[0]
        link.to_client(b"".join(text.replace(b"{tag}", tag) + b"\r\n" for text in answers))

    return answer


def goodbye(link: Link, line: bytes) -> None:
    link.to_client(b"* BYE Server is shutting down\r\n")
    link.close()


def truncate(length: int) -> Fault:
    """The answer breaks off after so many bytes."""

    def cut(link: Link, line: bytes) -> None:
        left = [length]

        def pass_some(data: bytes) -> Iterator[bytes]:
            yield data[: left[0]]
            left[0] -= len(data)
            if left[0] <= 0:
                link.close()

        link.filter = pass_some
        link.to_server(line)

    return cut


def slowly(size: int, pause_seconds: float) -> Fault:
    """The answers come in small pieces, from now on."""

    def slow(link: Link, line: bytes) -> None:
        def pieces(data: bytes) -> Iterator[bytes]:
            for start in range(0, len(data), size):
                time.sleep(pause_seconds)
                yield data[start : start + size]

        link.filter = pieces
        link.to_server(line)

    return slow


def meanwhile(event: Callable[[], object]) -> Fault:
    """Something happens on the server right before the command gets there."""

    def happen(link: Link, line: bytes) -> None:
        event()
        link.to_server(line)

    return happen
