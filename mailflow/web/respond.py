"""What the pages' routes share: forms in; a page, a message, or the way to another page out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mailflow.app import App
from mailflow.views.pages import MessagePage

MAX_FORM_ID = 64
ROW_ID = re.compile(r"[0-9]{1,18}")
"""As large as SQLite's integers are for sure."""
Endpoint = Callable[[Request], Awaitable[Response]]
STATUS_OF_MESSAGE = {
    "gone": HTTPStatus.NOT_FOUND,
    "fresh": HTTPStatus.OK,
    "not-meant": HTTPStatus.OK,
    "signed-out": HTTPStatus.FORBIDDEN,
    "refused": HTTPStatus.FORBIDDEN,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "trouble": HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Routes:
    """Reading is done where the request is: it takes less time than handing it to a thread."""

    app: App
    now: Callable[[], datetime]

    async def gone(self, request: Request) -> Response:
        return self._message("gone")

    def _page(self, name: str, shown: tuple[object, str] | None, status: HTTPStatus = HTTPStatus.OK) -> Response:
        if shown is None:
            return self._message("gone")
        view, language = shown
        return HTMLResponse(self.app.renderer.page(name, view, language), status)

    def _message(self, kind: str) -> Response:
        language = self.app.settings.coach[0].language
        return HTMLResponse(self.app.renderer.page("message", MessagePage(kind), language), STATUS_OF_MESSAGE[kind])

    def _see(self, request: Request, query: str) -> Response:
        """Back to the page by GET, so that reloading it sends nothing again."""
        return self._go(f"{request.url.path}{query}")

    def _go(self, path: str) -> Response:
        """To another page. The address is the settings' own."""
        return RedirectResponse(f"{self.app.settings.web.url}{path}", HTTPStatus.SEE_OTHER)


async def read_form(request: Request) -> FormData:
    """Words only: no page of ours sends a file, and a file that nobody closes stays open."""
    return await request.form(max_files=0)


def text_of(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def to_row_id(value: str) -> int | None:
    return int(value) if ROW_ID.fullmatch(value) else None
