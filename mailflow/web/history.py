"""The client's own pages: a fresh link is asked for, opened on a device, and shows earlier sessions there."""

from __future__ import annotations

import asyncio
import re
from http import HTTPStatus
from typing import Literal, TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from mailflow.flows.device import STAYS, forget_devices, remember_device
from mailflow.flows.feed import FeedWish, change_feed, show_feed
from mailflow.flows.fresh import ask_fresh_link
from mailflow.flows.history import show_fresh, show_history
from mailflow.web.respond import Endpoint, Routes, read_form, text_of

COOKIE = "mailflow"
HISTORY = "/my"
NO_ROUTE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
FEED_WISHES: dict[str, FeedWish] = {"calendar": "calendar", "no-calendar": "no-calendar"}
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
SAME_TIME_SECONDS = 0.2
"""As long as an answer to 'email me a fresh link' takes, whether or not one is written: several times that."""


class CookieRules(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax"]


class HistoryRoutes(Routes):
    # --- A fresh link ---------------------------------------------------------------------------

    def or_fresh(self, endpoint: Endpoint) -> Endpoint:
        """What takes a page's forms, and 'email me a fresh link', which stands on the page that a wrong link gives."""

        async def endpoint_or_fresh(request: Request) -> Response:
            form = await read_form(request)
            return await (self.send_fresh(request) if is_for_fresh_link(form) else endpoint(request))

        return endpoint_or_fresh

    async def no_such_page(self, request: Request, error: Exception) -> Response:
        """Also a form that is none. The page's own button works at whatever address it was shown."""
        if request.method == "POST" and isinstance(error, HTTPException) and error.status_code in NO_ROUTE:
            try:
                if is_for_fresh_link(await read_form(request)):
                    return await self.send_fresh(request)
            except HTTPException:
                pass
        return self._message("gone")

    async def send_fresh(self, request: Request) -> Response:
        """The same answer after the same time, whatever the link was: nobody learns from it whether it is anybody's."""
        clock = asyncio.get_running_loop().time
        until = clock() + SAME_TIME_SECONDS
        token = request.scope["path"].rpartition("/")[2]
        if await run_in_threadpool(ask_fresh_link, self.app.database, token, self.app.site.key, self.now()):
            self.app.wake()
        await asyncio.sleep(max(0, until - clock()))
        return self._go("/fresh")

    async def fresh_sent(self, request: Request) -> Response:
        return self._message("fresh")

    async def fresh(self, request: Request) -> Response:
        """One button: mail scanners open links, and must not sign themselves in."""
        with self.app.database.read() as tx:
            shown = show_fresh(tx, self.app.site, request.path_params["token"], self.now())
        return self._page("fresh", shown)

    async def remember(self, request: Request) -> Response:
        token = request.path_params["token"]
        cookie = await run_in_threadpool(remember_device, self.app.database, self.app.site, token, self.now())
        if cookie is None:
            return self._message("gone")
        answer = self._go(HISTORY)
        answer.set_cookie(COOKIE, cookie, int(STAYS.total_seconds()), **self._cookie_rules)
        return answer

    # --- Earlier sessions -----------------------------------------------------------------------

    async def history(self, request: Request) -> Response:
        page = request.query_params.get("page", "1")
        with self.app.database.read() as tx:
            shown = show_history(
                tx,
                self.app.site,
                request.cookies.get(COOKIE, ""),
                self.now(),
                page=int(page) if PAGE_NUMBER.fullmatch(page) else 1,
            )
        return self._message("signed-out") if shown is None else self._page("history", shown)

    async def change_history(self, request: Request) -> Response:
        """Signing out, here or everywhere, and the subscription."""
        wish = text_of(await read_form(request), "do")
        cookie = request.cookies.get(COOKIE, "")
        if wish in FEED_WISHES:
            feed_wish = FEED_WISHES[wish]
            await run_in_threadpool(change_feed, self.app.database, self.app.site, cookie, feed_wish, self.now())
            return self._go(f"{HISTORY}#calendar")
        if wish not in ("sign-out", "sign-out-everywhere"):
            return self._message("gone")
        if wish == "sign-out-everywhere":
            await run_in_threadpool(forget_devices, self.app.database, cookie, self.app.site.key, self.now())
        answer = self._go(HISTORY)
        answer.delete_cookie(COOKIE, **self._cookie_rules)
        return answer

    async def feed(self, request: Request) -> Response:
        """Asked for by calendar programs, every few hours and without the cookie."""
        now = self.now()
        with self.app.database.read() as tx:
            feed = show_feed(tx, self.app.site, request.path_params["token"], now)
        if feed is None:
            return self._message("gone")
        return Response(self.app.calendar_file(feed, now), media_type="text/calendar")

    @property
    def _cookie_rules(self) -> CookieRules:
        secure = self.app.settings.web.url.startswith("https:")
        return {"path": HISTORY, "secure": secure, "httponly": True, "samesite": "lax"}


def is_for_fresh_link(form: FormData) -> bool:
    return text_of(form, "do") == "fresh"
