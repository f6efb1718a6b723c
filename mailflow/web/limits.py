"""How often links that open nothing may be tried, by address and by link, and how often one link may be posted to.

Whether a link opens is looked up before anything is refused for an address: a practice behind one address is never
locked out by what somebody else there tries. Posting is limited link by link, before it costs a transaction.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE = 60
SECONDS_EACH = 1.0
MAX_KEYS = 10_000


class Limits:
    """ASGI middleware. `clock` counts seconds and is never set back."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        self.app = app
        self._clock = clock
        self._unknown = Allowance()
        self._posts = Allowance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        # All clients post to one address for their devices: there the cookie says whose page it is.
        page = path + Headers(scope=scope).get("cookie", "") if path == "/my" else path
        if scope["method"] == "POST" and (wait := self._posts.take(page, self._clock())):
            await self._refuse(scope, receive, send, wait)
            return
        wait = 0.0

        async def counting_send(message: Message) -> None:
            nonlocal wait
            if message["type"] == "http.response.start" and message["status"] == 404:
                now = self._clock()
                wait = max(self._unknown.take(address_of(scope), now), self._unknown.take(path, now))
            if not wait:
                await send(message)

        await self.app(scope, receive, counting_send)
        if wait:
            await self._refuse(scope, receive, send, wait)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, wait: float) -> None:
        method = "HEAD" if scope["method"] == "HEAD" else "GET"

        async def send_with_time(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Retry-After"] = str(math.ceil(wait))
            await send(message)

        await self.app({**scope, "path": "/too-many", "method": method}, receive, send_with_time)


class Allowance:
    """For each key AT_ONCE, then one each SECONDS_EACH. Of more than MAX_KEYS the one used longest ago is forgotten."""

    def __init__(self) -> None:
        self._paid_at: OrderedDict[bytes, float] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """0 where one more is allowed, which is counted; else the seconds until it is."""
        # Keys are tokens, which belong nowhere else, and as long as anybody likes.
        digest = hashlib.blake2b(key.encode(errors="replace"), digest_size=16).digest()
        paid_at = max(now, self._paid_at.get(digest, now))
        wait = paid_at - now - (AT_ONCE - 1) * SECONDS_EACH
        self._paid_at[digest] = paid_at if wait > 0 else paid_at + SECONDS_EACH
        self._paid_at.move_to_end(digest)
        if len(self._paid_at) > MAX_KEYS:
            self._paid_at.popitem(last=False)
        return max(wait, 0.0)

    def __len__(self) -> int:
        return len(self._paid_at)


def address_of(scope: Scope) -> str:
    """The client's address; of IPv6 the /64, for that is what one household or server has."""
    host: str = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
