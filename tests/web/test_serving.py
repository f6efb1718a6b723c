"""The socket that the pages are served on."""

from __future__ import annotations

import socket

from starlette.applications import Starlette

from mailflow.web.serving import serving


def test_no_page_waits_until_its_headers_are_acknowledged() -> None:
    """The listening socket has the option, and so has what is accepted on it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:  # as the daemon makes it
        server.bind(("127.0.0.1", 0))
        with serving(Starlette(), server, patience_seconds=1):
            assert server.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_accepted_socket_has_the_options_of_the_one_that_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
