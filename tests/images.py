"""Remakes the pictures of the README: `make images`.

The demo's note goes through the whole program at a fixed time: what is photographed are the mails that left, and the
page as it is served, in Chromium. The client's answer is typed into that page, and stands in the review.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from mailflow.demo import cast
from mailflow.demo.mailprogram import write_note
from mailflow.web.serving import serving
from mailflow.web.site import create_site
from tests.conftest import PROGRAMS
from tests.looks import browser
from tests.scene import HOLD, LEAD, Scene, SentMail, open_scene

FOLDER = Path(__file__).parents[1] / "docs" / "images"
WIDTH, MAX_HEIGHT = 600, 860
SCALE = 1.5
MONDAY = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
"""Ten minutes after the session: the demo's began 70 minutes before the note."""
SCHEDULE = cast.Schedule(MONDAY, LEAD, timedelta(days=6, hours=20, minutes=50))
ANSWERED = MONDAY + timedelta(days=4)


def make_images(folder: Path, chromium: str) -> None:
    """Writes receipt.png, homework.png, action.png and review.png."""
    folder.mkdir(parents=True, exist_ok=True)
    server = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with (
        tempfile.TemporaryDirectory() as data,
        open_scene(Path(data), url=url, web_port=server.getsockname()[1]) as scene,
        browser(chromium) as started,
    ):
        scene.write_calendar(cast.calendar(SCHEDULE))
        scene.sync(MONDAY)
        (receipt,) = scene.send_note(write_note(cast.SUBJECT, cast.note_text(), MONDAY).as_bytes(), MONDAY)
        (homework,) = scene.deliver_all(MONDAY + HOLD)
        photograph_mail(started, receipt, folder / "receipt.png")
        photograph_mail(started, homework, folder / "homework.png")
        with serving(create_site(scene.app, now=lambda: ANSWERED), server, patience_seconds=1):
            answer(started, homework, folder / "action.png")
        photograph_mail(started, review_of(scene), folder / "review.png")


def photograph_mail(started: Browser, mail: SentMail, file: Path) -> None:
    screen = new_screen(started)
    screen.set_content(mail.html)
    photograph(screen, file)


def answer(started: Browser, homework: SentMail, file: Path) -> None:
    """By the link for 'partly', as the client."""
    screen = new_screen(started)
    screen.goto(next(link for link in homework.links if link.endswith("?answer=partly")))
    noticed = screen.get_by_label("What did you notice?")
    noticed.fill(cast.REFLECTION)
    noticed.blur()
    photograph(screen, file)
    screen.get_by_role("button", name="Save").click()
    screen.get_by_text("Anna sees this").wait_for()
    screen.close()


def review_of(scene: Scene) -> SentMail:
    before = SCHEDULE.next_session - LEAD
    scene.sync(before)
    (review,) = scene.deliver_all(before)
    return review


def new_screen(started: Browser) -> Page:
    return started.new_page(viewport={"width": WIDTH, "height": 400}, device_scale_factor=SCALE, color_scheme="light")


def photograph(screen: Page, file: Path) -> None:
    height = min(MAX_HEIGHT, int(screen.evaluate("document.documentElement.scrollHeight")))
    screen.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})


if __name__ == "__main__":
    program = PROGRAMS["chromium"].path()
    if program is None:
        sys.exit(f"This needs Chromium. On Debian or Ubuntu: apt install {' '.join(PROGRAMS['chromium'].packages)}")
    make_images(FOLDER, program)
