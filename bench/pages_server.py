"""`python -m bench.pages_server ours FOLDER` or `… bare FILE`: pages in a process of their own; prints the port.

The bare ones are what the action's page and its answer can't do without: one indexed read, and one fsynced transaction.
"""

from __future__ import annotations

import logging
import signal
import socket
import sqlite3
import sys
import threading
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mailflow.app import open_app
from mailflow.demo.service import demo_settings_file
from mailflow.settings import load_settings
from mailflow.web.serving import serving
from mailflow.web.site import create_site


def main() -> None:
    kind, place = sys.argv[1], Path(sys.argv[2])
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    site = _bare(place) if kind == "bare" else _ours(place)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with socket.create_server(("127.0.0.1", 0)) as server_socket, serving(site, server_socket, patience_seconds=5):
        print(server_socket.getsockname()[1], flush=True)
        stop.wait()


def _ours(folder: Path) -> ASGIApp:
    settings = load_settings(demo_settings_file()).model_copy(update={"data": folder})
    return create_site(open_app(settings, create=False))


def _bare(path: Path) -> ASGIApp:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    writing = threading.Lock()

    async def read(request: Request) -> Response:
        row = database.execute("SELECT page FROM pages WHERE id = ?", (request.path_params["id"],)).fetchone()
        return HTMLResponse(row[0])

    def insert(*values: object) -> None:
        with writing:
            database.execute("INSERT INTO answers VALUES (?, ?, ?)", values)

    async def save(request: Request) -> Response:
        form = await request.form()
        await run_in_threadpool(insert, request.path_params["id"], form["answer"], form["reflection"])
        return RedirectResponse(f"/{request.path_params['id']}?saved=1", 303)

    return Starlette(
        routes=[
            Route("/{id:int}", read, methods=["GET"]),
            Route("/{id:int}", save, methods=["POST"]),
        ]
    )


main()
