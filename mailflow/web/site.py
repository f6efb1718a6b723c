"""The routes: one page for each purpose of a link, and what keeps the service running."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mailflow.app import App
from mailflow.flows.answer import AnswerForm, Saved, save_answer
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.edit import Edited, EditForm, save_edit
from mailflow.flows.opt_out import Wish, save_wish
from mailflow.flows.settle import settle_action
from mailflow.flows.show import show_action, show_homework, show_note, show_opt_out, show_review, with_draft
from mailflow.flows.show_edit import show_edit
from mailflow.model import Answer, LinkPurpose, ReviewChoice
from mailflow.web.edit_form import read_edit_form
from mailflow.web.history import HistoryRoutes
from mailflow.web.limits import Limits
from mailflow.web.not_meant import NotMeantRoutes
from mailflow.web.protection import Protection
from mailflow.web.respond import MAX_FORM_ID, read_form, text_of, to_row_id

log = structlog.get_logger()

WISHES: dict[str, Wish] = {"out": "out", "in": "in"}
USEFULNESS = ("0", "1", "2", "3", "4")


def create_site(
    app: App, now: Callable[[], datetime] = lambda: datetime.now(UTC), clock: Callable[[], float] = time.monotonic
) -> ASGIApp:
    """The ASGI application. The protection is outermost: an answer to a failure carries it, too."""
    site = Site(app, now)
    routes = Starlette(
        routes=[
            Route("/a/{token}", site.or_not_meant(LinkPurpose.ACTION, site.action), methods=["GET"]),
            Route(
                "/a/{token}", site.or_fresh(site.or_not_meant(LinkPurpose.ACTION, site.save_action)), methods=["POST"]
            ),
            Route("/h/{token}", site.or_not_meant(LinkPurpose.HOMEWORK, site.homework), methods=["GET"]),
            Route("/h/{token}", site.or_fresh(site.or_not_meant(LinkPurpose.HOMEWORK, site.gone)), methods=["POST"]),
            Route("/f/{token}", site.or_not_meant(LinkPurpose.HISTORY, site.fresh), methods=["GET"]),
            Route("/f/{token}", site.or_fresh(site.or_not_meant(LinkPurpose.HISTORY, site.remember)), methods=["POST"]),
            Route("/my", site.history, methods=["GET"]),
            Route("/my", site.change_history, methods=["POST"]),
            Route("/c/{token}.ics", site.feed, methods=["GET"]),
            Route("/not-meant", site.not_meant, methods=["GET"]),
            Route("/fresh", site.fresh_sent, methods=["GET"]),
            Route("/u/{token}", site.opt_out, methods=["GET"]),
            Route("/u/{token}", site.or_fresh(site.save_opt_out), methods=["POST"]),
            Route("/n/{token}", site.note, methods=["GET"]),
            Route("/n/{token}", site.or_fresh(site.decide_note), methods=["POST"]),
            Route("/r/{token}", site.review, methods=["GET"]),
            Route("/r/{token}", site.or_fresh(site.decide_review), methods=["POST"]),
            Route("/static/style.css", site.stylesheet, methods=["GET"]),
            *([Route(app.renderer.logo.path, site.logo, methods=["GET"])] if app.renderer.logo else []),
            Route("/robots.txt", site.robots, methods=["GET"]),
            Route("/healthz", site.health, methods=["GET"]),
            Route("/refused", site.refused, methods=["GET"]),
            Route("/too-large", site.too_large, methods=["GET"]),
            Route("/too-many", site.too_many, methods=["GET"]),
        ],
        exception_handlers={HTTPException: site.no_such_page, Exception: site.trouble},
    )
    return Protection(Limits(routes, clock), app.settings.web.url, shows_logo=app.renderer.logo is not None)


class Site(HistoryRoutes, NotMeantRoutes):
    # --- The client's ---------------------------------------------------------------------------

    async def action(self, request: Request) -> Response:
        with self.app.database.read() as tx:
            shown = show_action(
                tx,
                self.app.site,
                request.path_params["token"],
                self.now(),
                chosen=to_answer(request.query_params.get("answer")),
                saved=request.query_params.get("saved") == "1",
            )
        return self._page("action", shown)

    async def save_action(self, request: Request) -> Response:
        token, form = request.path_params["token"], await read_form(request)
        answer = to_answer(text_of(form, "answer"))
        reflection, obstacle = text_of(form, "reflection"), text_of(form, "obstacle")
        form_id = text_of(form, "form_id")[:MAX_FORM_ID]
        usefulness = to_usefulness(text_of(form, "usefulness"))
        if answer is None or not form_id:
            with self.app.database.read() as tx:
                shown = show_action(tx, self.app.site, token, self.now())
            if shown is None:
                return self._message("gone")
            page, language = shown
            if form_id and page.editable:
                page = with_draft(page, reflection, obstacle, form_id, usefulness)
            return self._page("action", (page, language), HTTPStatus.UNPROCESSABLE_ENTITY)
        saved = await run_in_threadpool(
            save_answer,
            self.app.database,
            token,
            AnswerForm(answer, reflection, obstacle, form_id, usefulness),
            self.app.site.key,
            self.now(),
        )
        if saved is Saved.TOO_LATE:
            with self.app.database.read() as tx:
                shown = show_action(tx, self.app.site, token, self.now())
            if shown is not None:
                page, language = shown
                late = with_draft(page, reflection, obstacle, form_id, usefulness)
                return self._page("action", (late, language), HTTPStatus.CONFLICT)
        return self._see(request, "?saved=1") if saved is Saved.SAVED else self._message("gone")

    async def homework(self, request: Request) -> Response:
        with self.app.database.read() as tx:
            shown = show_homework(tx, self.app.site, request.path_params["token"], self.now())
        return self._page("homework", shown)

    async def opt_out(self, request: Request) -> Response:
        with self.app.database.read() as tx:
            shown = show_opt_out(tx, self.app.site, request.path_params["token"], self.now())
        return self._page("opt_out", shown)

    async def save_opt_out(self, request: Request) -> Response:
        """The page's button, or the mail program's own (RFC 8058 3.1), which wants no redirect."""
        token, form = request.path_params["token"], await read_form(request)
        is_one_click = text_of(form, "List-Unsubscribe") == "One-Click"
        wish = WISHES.get("out" if is_one_click else text_of(form, "do"))
        if wish is None:
            return self._message("gone")
        known = await run_in_threadpool(save_wish, self.app.database, token, wish, self.app.site.key, self.now())
        if not known:
            return self._message("gone")
        self.app.wake()
        return await self.opt_out(request) if is_one_click else self._see(request, "")

    # --- The coach's ----------------------------------------------------------------------------

    async def note(self, request: Request) -> Response:
        query, token = request.query_params, request.path_params["token"]
        with self.app.database.read() as tx:
            if query.get("do") == "edit":
                return self._page("edit", show_edit(tx, self.app.site, token, self.now()))
            shown = show_note(
                tx,
                self.app.site,
                token,
                self.now(),
                wanted=query.get("do", ""),
                chosen=query.get("candidate", ""),
                done=query.get("done", ""),
            )
        return self._page("note", shown)

    async def decide_note(self, request: Request) -> Response:
        token, form = request.path_params["token"], await read_form(request)
        decision = text_of(form, "do")
        if decision == "edit":
            return await self._save_edit(request, token, read_edit_form(form))
        decided = await run_in_threadpool(
            decide_note,
            self.app.database,
            token,
            decision,
            text_of(form, "candidate"),
            self.app.site.key,
            self.now(),
        )
        if decided is Decided.GONE:
            return self._message("gone")
        self.app.wake()
        return self._see(request, f"?done={decision if decided is Decided.DONE else 'too-late'}")

    async def _save_edit(self, request: Request, token: str, form: EditForm) -> Response:
        edited = await run_in_threadpool(save_edit, self.app.database, token, form, self.app.site.key, self.now())
        if edited is Edited.SAVED:
            self.app.wake()
            return self._see(request, "?done=edit")
        with self.app.database.read() as tx:
            shown = show_edit(tx, self.app.site, token, self.now(), typed=form, edited=edited)
        is_late = edited in (Edited.CHANGED, Edited.CLOSED)
        return self._page("edit", shown, HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY)

    async def review(self, request: Request) -> Response:
        query = request.query_params
        with self.app.database.read() as tx:
            shown = show_review(
                tx,
                self.app.site,
                request.path_params["token"],
                self.now(),
                done=query.get("done", ""),
                about=to_row_id(query.get("action", "")) or 0,
            )
        return self._page("review", shown)

    async def decide_review(self, request: Request) -> Response:
        token, form = request.path_params["token"], await read_form(request)
        action, choice = to_row_id(text_of(form, "action")), text_of(form, "do")
        if action is None or choice not in set(ReviewChoice):
            return self._message("gone")
        decided = await run_in_threadpool(
            settle_action,
            self.app.database,
            token,
            action,
            ReviewChoice(choice),
            self.app.site.key,
            self.now(),
        )
        if decided is Decided.GONE:
            return self._message("gone")
        if decided is Decided.TOO_LATE:
            return self._see(request, "?done=too-late")
        return self._see(request, f"?done={choice}&action={action}#action-{action}")

    # --- Everybody's ----------------------------------------------------------------------------

    async def stylesheet(self, request: Request) -> Response:
        return Response(
            self.app.renderer.stylesheet(), media_type="text/css", headers={"Cache-Control": "max-age=3600"}
        )

    async def logo(self, request: Request) -> Response:
        logo = self.app.renderer.logo
        assert logo is not None, "there is a route only where there is a logo"
        return Response(logo.data, media_type=logo.media_type, headers={"Cache-Control": "max-age=3600"})

    async def robots(self, request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    async def health(self, request: Request) -> Response:
        """200 while the database can be read."""
        with self.app.database.read() as tx:
            tx.value("SELECT 1")
        return PlainTextResponse("ok\n")

    async def refused(self, request: Request) -> Response:
        return self._message("refused")

    async def too_large(self, request: Request) -> Response:
        return self._message("too-large")

    async def too_many(self, request: Request) -> Response:
        return self._message("too-many")

    async def trouble(self, request: Request, error: Exception) -> Response:
        """The route's name, never the path: there is a token in it."""
        log.error("page.failed", route=request.scope["path"].split("/")[1][:10], exc_info=error)
        return self._message("trouble")


def to_answer(value: str | None) -> Answer | None:
    return Answer(value) if value in set(Answer) else None


def to_usefulness(value: str) -> int | None:
    """Nobody has to say it: what is no such number says nothing."""
    return int(value) if value in USEFULNESS else None
