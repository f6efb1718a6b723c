"""The client's own pages as a browser takes them: forms, cookies and redirects under the pages' own protection."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mailflow.web.serving import serving
from mailflow.web.site import create_site
from tests.looks import browser
from tests.scene import ANNA, FIRST, JANE, NOW, Scene, SentMail, note, open_scene

LATER = NOW + timedelta(hours=1)
PATIENCE_MS = 20_000

pytestmark = pytest.mark.needs("chromium", "libatomic")


@dataclass
class Visit:
    """A client with a phone that runs no scripts, and with the homework."""

    scene: Scene
    page: Page
    homework: SentMail

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def mailed(self) -> SentMail:
        (mail,) = self.scene.deliver_all(LATER)
        return mail


@pytest.fixture
def visit(tmp_path: Path, program: Callable[[str], str]) -> Iterator[Visit]:
    with socket.create_server(("127.0.0.1", 0)) as port:
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        with open_scene(tmp_path, url=url) as scene:
            homework = scene.send_homework(note())
            site = create_site(scene.app, now=lambda: LATER)
            with serving(site, port, patience_seconds=5), browser(program("chromium")) as chromium:
                page = chromium.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
                page.set_default_timeout(PATIENCE_MS)
                yield Visit(scene, page, homework)


def test_an_old_link_leads_to_all_actions_and_out_again(visit: Visit) -> None:
    visit.scene.run_sql("UPDATE links SET expires_at = 1")
    visit.page.goto(visit.homework.pages("a")[0])
    visit.press("Email me a fresh link")
    expect(visit.page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    mail = visit.mailed()
    assert mail.recipient == JANE

    visit.page.goto(mail.pages("f")[0])
    visit.press("Show them on this device")
    expect(visit.page.get_by_role("heading", name="All your actions")).to_be_visible()
    visit.page.get_by_role("link", name=FIRST, exact=False).first.click()
    visit.page.get_by_label("Partly").check()
    visit.page.get_by_label("3", exact=True).check()
    visit.page.get_by_label("What did you notice?").fill("It was easier than I thought.")
    visit.press("Save")
    expect(visit.page.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()

    visit.page.goto(visit.page.url.partition("/a/")[0] + "/my")
    expect(visit.page.get_by_text("It was easier than I thought.")).to_be_visible()
    expect(visit.page.get_by_text("Useful: 3 of 4")).to_be_visible()
    visit.press("Make an address to subscribe to")
    expect(visit.page.get_by_text(re.compile(r"http://\S+/c/\S+\.ics"))).to_be_visible()
    visit.press("End the subscription")
    visit.press("Sign out")
    expect(visit.page.get_by_role("heading", name="You are signed out on this device")).to_be_visible()


def test_somebody_else_says_so_and_the_link_is_closed(visit: Visit) -> None:
    link = visit.homework.pages("a")[0]
    visit.page.goto(link)
    visit.page.get_by_role("link", name="This was not meant for me").click()
    visit.page.get_by_role("link", name="It is for me: back to the page").click()
    expect(visit.page.get_by_role("heading", name=FIRST)).to_be_visible()
    visit.page.get_by_role("link", name="This was not meant for me").click()
    visit.press("It was not meant for me")
    expect(visit.page.get_by_role("heading", name="Thank you for saying so")).to_be_visible()
    assert visit.mailed().recipient == ANNA

    visit.page.goto(link)
    expect(visit.page.get_by_role("button", name="Email me a fresh link")).to_be_visible()


def test_words_that_were_sent_into_a_lost_connection_come_back_after_back(visit: Visit) -> None:
    visit.page.goto(visit.homework.pages("a")[0])
    visit.page.get_by_label("Partly").check()
    visit.page.get_by_label("What did you notice?").fill("Typed before the connection was lost.")
    visit.page.context.set_offline(True)
    with visit.page.expect_event("framenavigated"):  # to the browser's own page about it
        visit.page.get_by_role("button", name="Save").click(no_wait_after=True)
    visit.page.context.set_offline(False)
    visit.page.go_back()
    expect(visit.page.get_by_label("What did you notice?")).to_have_value("Typed before the connection was lost.")
    expect(visit.page.get_by_label("Partly")).to_be_checked()
    visit.press("Save")
    expect(visit.page.get_by_text("Typed before the connection was lost.")).to_be_visible()
