"""Looking changes nothing: scanners and browsers look at every page there is, and not a byte is written.

The routes are the application's own and the links are of every purpose, so that no new page can be forgotten.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Never

import pytest
from httpx2 import Response
from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from mailflow.model import LinkPurpose
from mailflow.store import links
from mailflow.store.database import Database
from mailflow.tokens import token_of
from mailflow.web.history import COOKIE, HISTORY
from mailflow.web.serving import serving
from mailflow.web.site import create_site
from tests.looks import browser
from tests.scene import JANE_NEXT, LEAD, Scene, note, open_scene, tampered

LATER = JANE_NEXT - LEAD
STAY_SECONDS = 10
METHODS = ("GET", "HEAD", "OPTIONS")
REFUSALS = {"/refused", "/too-large", "/too-many"}
LOOKERS: tuple[dict[str, str], ...] = (
    {},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"User-Agent": "Mozilla/5.0 (compatible; Mail scanner)"},
)
QUERIES = (
    "",
    "?answer=done",
    "?saved=1",
    "?do=send",
    "?do=hold",
    "?do=choose&candidate=client-1",
    "?done=send",
    "?do=drop&action=1",
    "?done=together&action=1",
    "?do=edit",
    "?do=not-meant",
    "?do=fresh",
    "?done=edit",
    "?do=out&List-Unsubscribe=One-Click",
    "?answer=done&form_id=1&reflection=x&_method=POST",
)
THE_COACHS = (LinkPurpose.NOTE, LinkPurpose.REVIEW)
FOCUS = """document.querySelectorAll("a, button, input, textarea, summary").forEach((element) => {
    element.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
    element.focus();
})"""


@dataclass(frozen=True)
class Crawl:
    """A practice in which there is something to decide behind every link, and its site."""

    scene: Scene
    site: ASGIApp
    valid: list[str]
    invalid: list[str]
    server: socket.socket

    @property
    def routes(self) -> list[Route]:
        return [route for route in application(self.site).routes if isinstance(route, Route)]

    def paths(self, tokens: list[str]) -> Iterator[tuple[str, str]]:
        """(the route, an address of it) for each route, and each of these tokens where it takes one."""
        for template in dict.fromkeys(route.path for route in self.routes if "GET" in (route.methods or ())):
            assert set(template.split("{")[1:]) <= {"token}", "token}.ics"}, f"how is {template} filled in?"
            for token in tokens if "{" in template else tokens[:1]:
                yield template, template.replace("{token}", token)

    def visitor(self) -> TestClient:
        """Somebody whose device the client's own pages know."""
        visitor = TestClient(self.site, base_url=self.scene.app.settings.web.url, follow_redirects=False)
        signed_in = [visitor.post(f"/f/{token}").is_redirect for token in self.valid]
        assert any(signed_in)
        return visitor

    def stored(self) -> dict[str, bytes]:
        """Every byte that mailflow keeps: the database, its WAL, and what was sent. (-shm is shared memory: it says
        which readers there are.)"""
        files = (file for file in self.scene.app.settings.data.rglob("*") if file.is_file())
        return {str(file): file.read_bytes() for file in files if not file.name.endswith("-shm")}

    @contextmanager
    def nothing_written(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """What is written and undone in one transaction leaves no byte, so none may begin."""
        begun: list[Any] = []

        def refuse(*_: object, **values: object) -> Never:
            begun.append(values)
            raise AssertionError("looking began to write")

        before = self.stored()
        with monkeypatch.context() as patched:
            patched.setattr(Database, "write", refuse)
            yield
        assert begun == []
        assert self.stored() == before


def application(site: ASGIApp) -> Starlette:
    """What stands behind the protection."""
    while not isinstance(site, Starlette):
        site = site.app  # type: ignore[attr-defined]
    return site


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with open_scene(tmp_path, url=url) as scene:
            scene.send_homework(note())
            scene.deliver_all(LATER)
            scene.send_note(note("Actions:\n- Write to Sam\n", subject="Tom Okafor", date=LATER), LATER)
            valid, invalid = make_tokens(scene)
            yield Crawl(scene, create_site(scene.app, lambda: LATER), valid, invalid, server)


def make_tokens(scene: Scene) -> tuple[list[str], list[str]]:
    """Links of every purpose that open something, and some that open nothing."""
    key = scene.app.site.key
    with scene.app.database.write() as tx:
        for purpose in LinkPurpose:
            links.ensure(tx, LATER, purpose, 1, 0 if purpose in THE_COACHS else 1)
        found = [links.to_link(row) for row in tx.all("SELECT * FROM links")]
        dead = [links.ensure(tx, LATER, purpose, 2, 2) for purpose in LinkPurpose]
        tx.run("UPDATE links SET revoked_at = 1 WHERE subject_id = 2 AND client_id = 2 AND purpose < 'n'")
        tx.run("UPDATE links SET expires_at = 1 WHERE subject_id = 2 AND client_id = 2 AND purpose >= 'n'")
    valid = [token_of(link, key) for link in found]
    invalid = [token_of(link, key) for link in dead] + [tampered(token) for token in valid[:3]]
    return valid, [*invalid, "x", "A" * 43, "A" * 5000, "%00", "..%2Fhealthz", "é", "<script>"]


# --- Programs ------------------------------------------------------------------------------------


def test_not_a_byte_is_written_when_every_page_is_looked_at(crawl: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = crawl.visitor()
    opened = set()
    with crawl.nothing_written(monkeypatch):
        for template, path in crawl.paths(crawl.valid):
            for method, headers in product(METHODS, LOOKERS):
                answer = visitor.request(method, path, headers=headers)
                assert answer.status_code in {200, 404, 429} or template in REFUSALS
                if answer.status_code == 200:
                    opened.add((method, template))
            for query in QUERIES:
                visitor.get(path + query)
        for (_, path), method in product(crawl.paths(crawl.invalid), METHODS):
            visitor.request(method, path)
    pages = {route.path for route in crawl.routes if "GET" in (route.methods or ())} - REFUSALS
    assert opened == {(method, page) for method in ("GET", "HEAD") for page in pages}, "each was really looked at"


def test_pages_are_looked_at_or_posted_to_and_there_is_nothing_else(crawl: Crawl) -> None:
    assert {method for route in crawl.routes for method in route.methods or ()} == {"GET", "HEAD", "POST"}


def test_a_single_write_is_noticed(crawl: Crawl) -> None:
    """The proof proves something: one pressed button is other bytes, and so is a change that is taken back."""
    visitor = crawl.visitor()
    before = crawl.stored()
    answers = [visitor.post(f"/u/{token}", data={"do": wish}) for token in crawl.valid for wish in ("out", "in")]
    assert {answer.status_code for answer in answers} == {303, 404}
    after = crawl.stored()
    assert after != before
    crawl.scene.run_sql("UPDATE clients SET name = name || 'x'", "UPDATE clients SET name = rtrim(name, 'x')")
    assert crawl.stored() != after


# --- A browser -----------------------------------------------------------------------------------


@pytest.mark.needs("chromium", "libatomic")
def test_not_a_byte_is_written_while_a_browser_that_runs_javascript_stays_on_every_page(
    crawl: Crawl, program: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the scanner of a mail provider does: it opens each link, waits for what scripts do, and points at things."""
    visitor, url = crawl.visitor(), crawl.scene.app.settings.web.url
    addresses = [f"{url}{path}" for _, path in crawl.paths(crawl.valid) if is_page(visitor.get(path))]
    with (
        serving(crawl.site, crawl.server, patience_seconds=1),
        browser(program("chromium")) as chromium,
        crawl.nothing_written(monkeypatch),
    ):
        context = chromium.new_context(java_script_enabled=True)
        context.add_cookies([{"name": COOKIE, "value": visitor.cookies[COOKIE], "url": f"{url}{HISTORY}"}])
        since = time.monotonic()
        pages = [look_at(context.new_page(), address) for address in addresses]
        opened = {page.locator("h1").inner_text() for page in pages if page.locator("h1").count()}
        pages[-1].wait_for_timeout(max(0.0, since + STAY_SECONDS - time.monotonic()) * 1000)
        context.close()
    assert len(opened) >= len(LinkPurpose)


def is_page(answer: Response) -> bool:
    """A calendar's file would be saved, and not shown."""
    return answer.status_code == 200 and not answer.headers["Content-Type"].startswith("text/calendar")


def look_at(page: Page, address: str) -> Page:
    page.goto(address)
    page.evaluate(FOCUS)
    return page
