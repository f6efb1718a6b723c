"""A client's browser, as far as it is needed: requests to the real pages, without the cost of an HTTP library."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp, Message

from tests.scene import hidden_fields


@dataclass(frozen=True)
class Response:
    status: int
    text: str


class Browser:
    """Close it at the end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def answer(self, site: ASGIApp, url: str, **fields: str) -> int:
        """Opens the page, fills in its form, sends it; the status of what came back."""
        page = self._request(site, "GET", url, b"")
        if page.status != 200:
            return page.status
        return self._request(site, "POST", url, urlencode(hidden_fields(page.text) | fields).encode()).status

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _request(self, site: ASGIApp, method: str, url: str, body: bytes) -> Response:
        address = urlsplit(url)
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": address.scheme,
            "server": (address.hostname, 80),
            "path": address.path,
            "raw_path": address.path.encode(),
            "root_path": "",
            "query_string": address.query.encode(),
            "headers": [
                (b"host", address.netloc.encode()),
                (b"content-type", b"application/x-www-form-urlencoded"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
        status = 0
        parts: list[bytes] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        async def whole() -> None:
            await site(scope, receive, send)

        self._loop.run_until_complete(whole())
        return Response(status, b"".join(parts).decode())
