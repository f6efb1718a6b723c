"""A Radicale of a test's own, on loopback. Each user has calendars of their own, all with the same password."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.servers.dav import HOST, PASSWORD, DavServer, running


@contextlib.contextmanager
def running_radicale(folder: Path, users: Sequence[str]) -> Iterator[DavServer]:
    (folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in users))
    options = {
        "server-hosts": f"{HOST}:{{port}}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "storage-filesystem-folder": str(folder / "storage"),
        "logging-level": "warning",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    with running(folder, "/{user}/", ["radicale", "--config=", *arguments]) as server:
        yield server


def fill(server: DavServer, user: str, slug: str, objects: Mapping[str, bytes]) -> None:
    """Objects by their file's name, right into the storage: by PUT 10,000 of them take two minutes."""
    folder = server.folder / "storage" / "collection-root" / user / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".Radicale.props").write_text(json.dumps({"tag": "VCALENDAR", "D:displayname": slug}))
    for name, ics in objects.items():
        (folder / name).write_bytes(ics)
