"""What the CalDAV servers of the tests have in common: how one is started, and a calendar program that writes to it."""

from __future__ import annotations

import base64
import contextlib
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.ports import free_port

HOST = "127.0.0.1"
PASSWORD = "a-secret"
PATIENCE = 30.0

MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>{name}</D:displayname>
<C:supported-calendar-component-set><C:comp name="{component}"/></C:supported-calendar-component-set>
</D:prop></D:set></C:mkcalendar>"""


@dataclass(frozen=True)
class DavServer:
    """`homes` is where a user's calendars are, with the name in place of {user}."""

    port: int
    folder: Path
    homes: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def home(self, user: str) -> str:
        return self.homes.format(user=user)

    def make_calendar(self, user: str, slug: str, name: str, component: str = "VEVENT") -> str:
        """The path of a new calendar with this display name."""
        path = f"{self.home(user)}{slug}/"
        self.say(user, "MKCALENDAR", path, MKCALENDAR.format(name=name, component=component).encode())
        return path

    def put(self, user: str, path: str, ics: bytes) -> None:
        self.say(user, "PUT", quote(path), ics, "text/calendar; charset=utf-8")

    def delete(self, user: str, path: str) -> None:
        self.say(user, "DELETE", quote(path))

    def say(self, user: str, method: str, path: str, body: bytes = b"", kind: str = "application/xml") -> bytes:
        """The answer to a request of this user's; fails where it is no good one."""
        authorization = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {authorization}", "Content-Type": kind}
        with contextlib.closing(http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content!r}")
        return content


@contextlib.contextmanager
def running(folder: Path, homes: str, arguments: Sequence[str]) -> Iterator[DavServer]:
    """`python -m` these arguments, in which {port} stands for the port."""
    server = DavServer(free_port(), folder, homes)
    command = [sys.executable, "-m", *(argument.format(port=server.port) for argument in arguments)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(server: DavServer, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection(HOST, server.port)) as probe:
            probe.request("GET", "/")
            probe.getresponse()
            return
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the server did not start: {(server.folder / 'log').read_text()}")
        time.sleep(0.05)
