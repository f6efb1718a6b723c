"""A Xandikos of a test's own, on loopback. It has one user, and takes any password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.servers.dav import HOST, DavServer, running

USER = "anna"


@contextlib.contextmanager
def running_xandikos(folder: Path) -> Iterator[DavServer]:
    options = {
        "directory": str(folder / "storage"),
        "state-dir": str(folder / "state"),
        "listen-address": HOST,
        "port": "{port}",
        "current-user-principal": f"/{USER}/",
    }
    (folder / "storage").mkdir()
    arguments = [f"--{name}={value}" for name, value in options.items()]
    command = ["xandikos", "serve", "--autocreate", "--no-detect-systemd", *arguments]
    with running(folder, "/{user}/calendars/", command) as server:
        yield server
