"""A site answers on a socket, in a thread of its own, while a block runs."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp

from mailflow.errors import EnvironmentProblem

JOIN_SECONDS = 20.0


@contextlib.contextmanager
def serving(
    site: ASGIApp, server_socket: socket.socket, *, patience_seconds: int, proxies: Sequence[str] = ()
) -> Iterator[None]:
    """Answers from the first line of the block on; at its end, requests that run have so many seconds to finish.

    `proxies` are addresses and networks whose X-Forwarded-For is believed: anybody can write one.

    Raises EnvironmentProblem where the server did not start.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            site,
            log_config=None,
            access_log=False,  # the path holds the token
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=patience_seconds,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
        )
    )
    # asyncio sets it for sockets that were made as TCP's by name only. Without it each page waits for the client to
    # acknowledge its headers, 40 ms on a connection that is kept.
    server_socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [server_socket]}, name="web")
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)  # uvicorn gives no event to wait for
    if not server.started:
        raise EnvironmentProblem("The pages could not be started; the log says why.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(JOIN_SECONDS)
