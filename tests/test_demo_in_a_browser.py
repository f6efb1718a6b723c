"""The demo as a newcomer sees it: the mailbox in a browser, a click in an email, an answer, a note of one's own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE_MS = 60_000


@pytest.fixture
def mailbox_url(tmp_path: Path) -> Iterator[str]:
    """`mailflow demo`, started in an empty folder and ended as by Ctrl-C."""
    command = [sys.executable, "-m", "mailflow", "demo"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if found := re.search(r"write a note as the coach:\s+(\S+)", line):
                break
        else:
            pytest.fail("the demo ended before it named its mailbox")
        yield found[1]
        demo.send_signal(signal.SIGINT)
        demo.stdout.read()
        assert demo.wait(30) == 0


@pytest.fixture
def page(program: Callable[[str], str]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page
        browser.close()


@pytest.mark.needs("chromium", "libatomic")
def test_a_click_in_the_homework_leads_to_a_saved_answer(mailbox_url: str, page: Page) -> None:
    open_mail(page, mailbox_url, "Your homework")
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name=re.compile("^Partly: Write down")).click()
    action = opened.value
    expect(action.get_by_role("radio", name="Partly")).to_be_checked()
    action.get_by_label("What did you notice?").fill("It was easier than I thought.")
    action.get_by_role("button", name="Save").click()
    expect(action.get_by_text("Anna sees this before your next session")).to_be_visible()


@pytest.mark.needs("chromium", "libatomic")
def test_a_note_written_on_the_page_takes_the_same_way(mailbox_url: str, page: Page) -> None:
    page.goto(mailbox_url)
    page.get_by_label("Subject").fill("Tom Okafor")
    page.get_by_label("Notes").fill("Actions:\n- Call the landlord by Friday")
    page.get_by_role("button", name="Send").click()
    open_mail(page, mailbox_url, "Homework for Tom Okafor goes")
    expect(page.frame_locator("iframe").get_by_role("heading", name="Call the landlord by Friday")).to_be_visible()


def open_mail(page: Page, mailbox_url: str, subject: str) -> None:
    """Waits for the mail as a person would: by looking again."""
    page.goto(mailbox_url)
    mail = page.get_by_role("link", name=re.compile(f"^{subject}"))
    for _ in range(PATIENCE_MS // 500):
        if mail.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    mail.first.click()
