"""The coach's pages in a real browser, on a phone and without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect

from mailflow.model import Answer
from mailflow.web.site import create_site
from tests.looks import browser
from tests.ports import free_port
from tests.scene import FIRST, JANE_NEXT, LEAD, SECOND, Scene, note, open_scene

IN_SESSION = JANE_NEXT + timedelta(minutes=10)
THUMB = 44
"""Pixels that a thumb hits (WCAG 2.2, 2.5.5)."""

pytestmark = pytest.mark.needs("chromium", "libatomic")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Scene]:
    """Its pages are served at the address that its mails name; it is the middle of Jane's next session."""
    port = free_port()
    with open_scene(tmp_path, url=f"http://127.0.0.1:{port}") as scene:
        site = create_site(scene.app, now=lambda: IN_SESSION)
        server = uvicorn.Server(uvicorn.Config(site, port=port, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.01)
        yield scene
        server.should_exit = True
        thread.join()


@pytest.fixture
def phone(program: Callable[[str], str]) -> Iterator[BrowserContext]:
    with browser(program("chromium")) as chromium:
        yield chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)


def card(page: Page, text: str) -> tuple[Callable[[str], None], Callable[[str], None]]:
    """What presses one of the action's buttons, and what sees to it that one holds."""
    item = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=text, exact=True))

    def press(label: str) -> None:
        button = item.get_by_role("button", name=label)
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= THUMB
        button.click()

    def see(label: str) -> None:
        expect(item.get_by_role("button", pressed=True)).to_contain_text(label)
        expect(item).to_be_in_viewport()

    return press, see


def test_action_is_settled_with_a_thumb_and_back_shows_what_holds(practice: Scene, phone: BrowserContext) -> None:
    practice.send_homework(note())
    review = practice.deliver_all(JANE_NEXT - LEAD)[-1]
    page = phone.new_page()
    page.goto(review.pages("r")[0])
    press, see = card(page, SECOND)
    press_first, see_first = card(page, FIRST)
    see("Carry over")
    press("Drop")
    see("Drop")
    press("Done together")
    see("Done together")
    press_first("Done together")
    see_first("Done together")
    page.go_back()
    expect(page.get_by_role("button", pressed=True)).to_have_count(2)
    see("Done together")
    press("Carry over")
    see("Carry over")
    see_first("Done together")
    assert [action.answer for action in practice.actions()] == [Answer.DONE, None]


def test_action_is_settled_with_the_keyboard_alone(practice: Scene, phone: BrowserContext) -> None:
    practice.send_homework(note())
    review = practice.deliver_all(JANE_NEXT - LEAD)[-1]
    page = phone.new_page()
    page.goto(review.pages("r")[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    card(page, FIRST)[1]("Drop")


def test_actions_are_edited_from_the_receipt_and_again_after_back(practice: Scene, phone: BrowserContext) -> None:
    practice.sync(IN_SESSION)
    (receipt,) = practice.send_note(note(date=IN_SESSION), IN_SESSION)
    page = phone.new_page()
    page.goto(receipt.pages("n")[0])
    page.get_by_role("link", name="Edit the actions").click()
    page.get_by_label("Action 1").fill("Call Sam by Friday")
    page.get_by_label("Remove: " + SECOND).check()
    page.get_by_label("Action 3").fill("Walk ten minutes every day\nFrom the door")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. This is what I understood.")).to_be_visible()
    expect(page.get_by_text("By Friday 4 December")).to_be_visible()
    page.go_back()
    page.get_by_label("Action 1").fill("Call Tom by Friday")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. This is what I understood.")).to_be_visible()
    assert practice.actions()[0].text == "Call Tom by Friday"
    assert practice.actions()[-1].steps == ("From the door",)


def test_second_tab_sees_what_the_first_saved_and_keeps_what_was_typed(practice: Scene, phone: BrowserContext) -> None:
    practice.sync(IN_SESSION)
    (receipt,) = practice.send_note(note(date=IN_SESSION), IN_SESSION)
    first, second = phone.new_page(), phone.new_page()
    for page in (first, second):
        page.goto(f"{receipt.pages('n')[0]}?do=edit")
    first.get_by_label("Action 1").fill("Call Sam")
    first.get_by_role("button", name="Save").click()
    second.get_by_label("Action 1").fill("Call Tom")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Something else was saved")
    expect(second.get_by_role("heading", name="Call Sam")).to_be_visible()
    expect(second.get_by_label("Action 1")).to_have_value("Call Tom")
    assert practice.actions()[0].text == "Call Sam"
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Saved. This is what I understood.")).to_be_visible()
    assert practice.actions()[0].text == "Call Tom"
