"""What every answer carries and every request must pass, as ASGI middleware."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # no-referrer would make browsers send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
HEADERS_WITH_LOGO = HEADERS | {"Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; img-src 'self'"}


async def _read(receive: Receive) -> bytes | None:
    """The whole body, whether or not its length was said before; None where it is too large, or breaks off."""
    body = b""
    more = True
    while more and len(body) <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body if len(body) <= MAX_BODY else None


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


@dataclass(frozen=True)
class Protection:
    """`base_url` is the service's own address: a form posted from anywhere else is refused. `shows_logo`: the pages
    have one picture, from here as well."""

    app: ASGIApp
    base_url: str
    shows_logo: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def protected_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in (HEADERS_WITH_LOGO if self.shows_logo else HEADERS).items():
                    out.setdefault(name, value)
            await send(message)

        if scope["method"] not in SAFE_METHODS:
            if self._is_foreign(headers):
                scope["path"], scope["method"] = "/refused", "GET"
            elif (body := await _read(receive)) is None:
                scope["path"], scope["method"] = "/too-large", "GET"
            else:
                receive = _again(body)
        await self.app(scope, receive, protected_send)

    def _is_foreign(self, headers: Headers) -> bool:
        """Browsers say where a form comes from; a program that says nothing carries nobody's rights but the token's."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        origin = headers.get("origin")
        own = urlsplit(self.base_url)
        return origin is not None and origin != f"{own.scheme}://{own.netloc}"
