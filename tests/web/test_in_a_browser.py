"""A client answers, and the coach reads it: Chromium on the real daemon, from the click in the mail on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mailflow.store.database import Database, open_database
from tests.looks import browser
from tests.running import Running, running, todays_note
from tests.scene import JANE, Event, SentMail, calendar, read_mail

pytestmark = pytest.mark.needs("chromium", "libatomic")

GP, SAM = "Call the GP", "Write to Sam"
NOTE = f"She seemed tired.\n\nActions:\n- {GP}\n- {SAM}\n"
PATIENCE_MS = 20_000
WORDS = "It was easier than I thought."


@dataclass(frozen=True)
class Practice:
    """Anna's, with a daemon of its own, in which Jane has just got her homework."""

    service: Running
    folder: Path
    database: Database

    def mail_with(self, kind: str) -> SentMail:
        """The mail with links to this kind of page."""
        mails = [read_mail(file.read_bytes()) for file in (self.service.data / "sent").glob("*.eml")]
        (mail,) = [mail for mail in mails if mail.pages(kind)]
        return mail

    @property
    def links(self) -> list[str]:
        """Of the homework: Jane's two actions."""
        return self.mail_with("a").pages("a")

    def open_review(self, page: Page) -> None:
        """The next session is near, and the coach clicks in the mail that comes."""
        plan_next(self.folder, timedelta(minutes=90))
        self.service.wait_for("mail.sent", kind="review")
        self.open_mail(page, self.mail_with("r"))
        page.locator(f'a[href^="{self.service.url}/r/"]').first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jane Doe")

    def open_mail(self, page: Page, mail: SentMail) -> None:
        """As a mail program shows it."""
        file = self.folder / "mail.html"
        file.write_text(mail.html, encoding="utf-8")
        page.goto(file.as_uri())

    def saved(self) -> list[tuple[str, str, str]]:
        """(action, answer, words) of everything that was saved, in order."""
        with self.database.read() as tx:
            rows = tx.all(
                "SELECT a.text, r.answer, r.text FROM reflections r JOIN actions a ON a.id = r.action_id ORDER BY r.id"
            )
        return [(row[0], row[1], row[2]) for row in rows]


def plan_next(folder: Path, ahead: timedelta) -> None:
    """Jane's session ended just now, and her next one begins so much later."""
    now = datetime.now(UTC)
    sessions = Event("jane", now - timedelta(hours=1), JANE), Event("jane-next", now + ahead, JANE)
    draft = folder / "calendar.draft"
    draft.write_text(calendar(*sessions), encoding="utf-8", newline="")
    draft.replace(folder / "data" / "calendar.ics")


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    (tmp_path / "data").mkdir()
    plan_next(tmp_path, timedelta(days=7))
    with running(tmp_path, hold="0 seconds", rule='every = "1 second"') as service:
        service.wait_for("daemon.ready")
        with contextlib.closing(open_database(service.data / "mailflow.db")) as database:
            service.submit(todays_note(NOTE))
            service.wait_for("mail.sent", kind="homework")
            yield Practice(service, tmp_path, database)
        assert service.stop() == 0
    assert (tmp_path / "stderr").read_text() == ""


@pytest.fixture
def chromium(program: Callable[[str], str]) -> Iterator[Browser]:
    with browser(program("chromium")) as started:
        yield started


@pytest.fixture
def page(chromium: Browser) -> Page:
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def choose(page: Page, answer: str) -> None:
    page.get_by_role("radio", name=answer, exact=True).check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def noticed(page: Page) -> str:
    return page.get_by_label("What did you notice?").input_value()


def chosen(page: Page) -> list[str]:
    return [radio.get_attribute("value") or "" for radio in page.get_by_role("radio", checked=True).all()]


def expect_saved(page: Page) -> None:
    expect(page.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()


# --- The whole way -------------------------------------------------------------------------------


def test_a_click_in_the_homework_ends_on_the_coachs_review_page(practice: Practice, page: Page) -> None:
    practice.open_mail(page, practice.mail_with("a"))
    page.get_by_role("link", name=f"Partly: {GP}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GP)
    assert chosen(page) == ["partly"]
    assert practice.saved() == [], "the click alone is no answer"
    page.get_by_label("What did you notice?").fill(WORDS)
    page.get_by_label("What got in the way?").fill("Their line was busy.")
    save(page)
    expect_saved(page)
    expect(page.get_by_text("Anna sees this before your next session on")).to_be_visible()
    page.get_by_role("link", name=SAM).click()
    choose(page, "Done")
    save(page)
    expect(page.get_by_text("That was everything. See you at the next session.")).to_be_visible()

    practice.open_review(page)
    card = page.get_by_role("listitem").filter(has_text=GP)
    expect(card.get_by_text("Partly")).to_be_visible()
    expect(card.get_by_text(WORDS)).to_be_visible()
    expect(card.get_by_text("Their line was busy.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=SAM).get_by_text("Done")).to_be_visible()


# --- How people fill in forms --------------------------------------------------------------------


def test_an_answer_needs_no_mouse(practice: Practice, page: Page) -> None:
    page.goto(practice.links[0])
    keys = page.keyboard
    keys.press("Tab")
    keys.press("Space")
    assert chosen(page) == ["done"]
    keys.press("ArrowRight")
    assert chosen(page) == ["partly"]
    keys.press("Tab")
    keys.type("By keyboard,")
    keys.press("Enter")
    keys.type("on two lines.")
    keys.press("Tab")
    keys.type("Nothing.")
    keys.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "one sees where one is"
    keys.press("Enter")
    expect_saved(page)
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(GP)
    assert practice.saved() == [(GP, "partly", "By keyboard,\r\non two lines.")]


def test_the_coach_needs_no_mouse_either(practice: Practice, page: Page) -> None:
    practice.open_review(page)
    drop_button = page.get_by_role("button", name=re.compile(f"^Drop ?: {SAM}"))
    for _ in range(5):  # each action has three buttons, and this is the second of the second
        page.keyboard.press("Tab")
    expect(drop_button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Dropped. It will not come up again.")
    expect(page.get_by_text(GP).first).to_be_visible()
    expect(drop_button).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("query", ["", "?answer=not_done"])
def test_forms_need_no_javascript(practice: Practice, chromium: Browser, query: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(practice.links[0] + query)
    if not query:
        choose(page, "Not done")
    page.get_by_label("What got in the way?").fill("The series.")
    save(page)
    expect_saved(page)
    assert practice.saved() == [(GP, "not_done", "")]


def test_an_answer_that_was_forgotten_is_asked_for_and_keeps_the_words(practice: Practice, page: Page) -> None:
    page.goto(practice.links[0])
    page.get_by_label("What did you notice?").fill(WORDS)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Please choose one of the three answers")
    assert noticed(page) == WORDS
    choose(page, "Done")
    save(page)
    expect_saved(page)
    assert practice.saved() == [(GP, "done", WORDS)]


# --- Back ----------------------------------------------------------------------------------------


def test_back_brings_the_words_back_to_be_changed(practice: Practice, page: Page) -> None:
    page.goto(practice.links[0])
    choose(page, "Partly")
    page.get_by_label("What did you notice?").fill(WORDS)
    save(page)
    expect_saved(page)
    page.go_back()
    assert (chosen(page), noticed(page)) == (["partly"], WORDS)
    page.get_by_label("What did you notice?").fill("Something else.")
    save(page)
    expect_saved(page)
    assert practice.saved()[-1] == (GP, "partly", "Something else.")


@pytest.mark.parametrize("query", ["", "?answer=partly"])
def test_words_survive_a_lost_connection(practice: Practice, page: Page, query: str) -> None:
    page.goto("about:blank")
    page.goto(practice.links[0] + query)
    choose(page, "Partly")
    page.get_by_label("What did you notice?").fill(WORDS)
    page.context.set_offline(True)
    save(page)
    page.wait_for_url("chrome-error:**")
    page.context.set_offline(False)
    page.go_back()
    assert (chosen(page), noticed(page)) == (["partly"], WORDS)
    save(page)
    expect_saved(page)
    assert practice.saved() == [(GP, "partly", WORDS)]


def test_words_of_a_page_that_was_left_are_there_again_after_back(practice: Practice, page: Page) -> None:
    page.goto(practice.links[0])
    page.get_by_label("What did you notice?").fill(WORDS)
    page.get_by_role("link", name=SAM).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SAM)
    page.go_back()
    assert noticed(page) == WORDS


# --- Twice ---------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_is_saved_once(practice: Practice, page: Page) -> None:
    """While the daemon can't write yet, whoever waits presses once more."""
    page.goto(practice.links[0])
    choose(page, "Done")
    page.get_by_label("What did you notice?").fill(WORDS)
    button = page.get_by_role("button", name="Save")
    button.scroll_into_view_if_needed()
    place = button.bounding_box()
    assert place
    with practice.database.write():
        for _ in range(3):
            with page.expect_request(lambda request: request.method == "POST"):
                page.mouse.click(place["x"] + 20, place["y"] + 20)
    expect_saved(page)
    assert practice.saved() == [(GP, "done", WORDS)]


def test_two_tabs_never_mix_and_what_was_saved_last_counts(practice: Practice, page: Page) -> None:
    gp, sam = practice.links
    one, other, third = page, page.context.new_page(), page.context.new_page()
    for tab, address in ((one, gp), (other, gp), (third, sam)):
        tab.goto(address)
        choose(tab, "Done")
    one.get_by_label("What did you notice?").fill("first")
    choose(other, "Partly")
    other.get_by_label("What did you notice?").fill("second")
    third.get_by_label("What did you notice?").fill("of Sam")
    for tab in (one, other, third):
        save(tab)
        expect_saved(tab)
    assert practice.saved() == [(GP, "done", "first"), (GP, "partly", "second"), (SAM, "done", "of Sam")]
    one.goto(gp)
    assert (chosen(one), noticed(one)) == (["partly"], "second")
