"""The demo's own page: the mails that left, as a mailbox, and a form to write a note as the coach."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mailflow.demo import cast
from mailflow.demo.mailbox import SentMail, read_mails
from mailflow.rendering import Renderer
from mailflow.web.serving import serving

HOST = "127.0.0.1"
PORT = 8081
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True)
class MailboxPage:
    """`refresh` is how often the browser asks again, in seconds; 0 while somebody reads or writes."""

    mails: list[SentMail]
    opened: SentMail | None
    subject: str
    text: str
    sent: bool
    trouble: str
    refresh: int


@contextlib.contextmanager
def serve_mailbox(folder: Path, zone: ZoneInfo, send_note: Callable[[str, str], None]) -> Iterator[str]:
    """Serves the page; gives its address."""
    server_socket = socket.socket()
    server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server_socket.bind((HOST, PORT))
    except OSError:
        server_socket.bind((HOST, 0))
    with serving(create_mailbox_site(folder, zone, send_note), server_socket, patience_seconds=1):
        yield f"http://{HOST}:{server_socket.getsockname()[1]}/"


def create_mailbox_site(folder: Path, zone: ZoneInfo, send_note: Callable[[str, str], None]) -> Starlette:
    renderer = Renderer()

    def page(
        opened: SentMail | None = None, *, sent: bool = False, trouble: str = "", subject: str = "", text: str = ""
    ) -> Response:
        view = MailboxPage(
            mails=read_mails(folder, zone)[::-1],
            opened=opened,
            subject=subject or cast.SUBJECT,
            text=text or cast.note_text(),
            sent=sent,
            trouble=trouble,
            refresh=5 if sent else 0,
        )
        return HTMLResponse(renderer.page("demo/mailbox", view), headers={"Content-Security-Policy": PAGE_POLICY})

    def find(request: Request) -> SentMail | None:
        return next((mail for mail in read_mails(folder, zone) if mail.name == request.path_params["name"]), None)

    async def index(request: Request) -> Response:
        return page(sent=request.query_params.get("sent") == "1")

    async def opened(request: Request) -> Response:
        mail = find(request)
        return RedirectResponse("/") if mail is None else page(mail)

    async def html_body(request: Request) -> Response:
        """The mail's own HTML, in a frame where it can do nothing but be read and have its links followed."""
        mail = find(request)
        content = "" if mail is None else mail.html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(content, headers={"Content-Security-Policy": MAIL_POLICY})

    async def write(request: Request) -> Response:
        form = await request.form()
        subject, text = str(form.get("subject", "")), str(form.get("text", ""))
        try:
            await run_in_threadpool(send_note, subject, text)
        except (OSError, smtplib.SMTPException) as error:
            return page(trouble=str(error), subject=subject, text=text)
        return RedirectResponse("/?sent=1", HTTPStatus.SEE_OTHER)

    async def stylesheet(_: Request) -> Response:
        css = renderer.stylesheet() + (Path(__file__).parent / "mailbox.css").read_text(encoding="utf-8")
        return Response(css, media_type="text/css")

    return Starlette(
        routes=[
            Route("/", index),
            Route("/", write, methods=["POST"]),
            Route("/mail/{name}", opened),
            Route("/mail/{name}/html", html_body),
            Route("/static/style.css", stylesheet),
        ]
    )
