"""'This was not meant for me', on the client's pages: asked once more, and said."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mailflow.flows.not_meant import say_not_meant, show_not_meant
from mailflow.model import LinkPurpose
from mailflow.web.respond import Endpoint, Routes, read_form, text_of

WISH = "not-meant"


class NotMeantRoutes(Routes):
    def or_not_meant(self, purpose: LinkPurpose, endpoint: Endpoint) -> Endpoint:
        """What shows a page of the client's or takes its form; with `do=not-meant` it is about that."""

        async def endpoint_or_not_meant(request: Request) -> Response:
            if request.method == "POST" and text_of(await read_form(request), "do") == WISH:
                return await self._say_not_meant(request, purpose)
            if request.method != "POST" and request.query_params.get("do") == WISH:
                return self._ask_whether_not_meant(request, purpose)
            return await endpoint(request)

        return endpoint_or_not_meant

    def _ask_whether_not_meant(self, request: Request, purpose: LinkPurpose) -> Response:
        with self.app.database.read() as tx:
            shown = show_not_meant(tx, self.app.site, request.path_params["token"], purpose, self.now())
        return self._page("not_meant", shown)

    async def _say_not_meant(self, request: Request, purpose: LinkPurpose) -> Response:
        token, key = request.path_params["token"], self.app.site.key
        if not await run_in_threadpool(say_not_meant, self.app.database, token, purpose, key, self.now()):
            return self._message("gone")
        self.app.wake()
        return self._go("/not-meant")

    async def not_meant(self, request: Request) -> Response:
        return self._message("not-meant")
