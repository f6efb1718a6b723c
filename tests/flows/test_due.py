"""What is due at the next session moves with it; what has a day of its own stays.

The client reads 'before your next session' and, once, when that is: a mail that named the day at every action would be
wrong about each of them when the session moves. The receipt names it at the action.
"""

from __future__ import annotations

import re
from datetime import timedelta

from mailflow.model import DueKind
from tests.builders import DAY
from tests.scene import HOLD, JANE_NEXT, LEAD, NOW, PRACTICE, Scene, moved, note, reply_to

NOTE = "Actions:\n- Read chapter 3 before our next session\n- Book the GP by Monday\n"
PLANNED, LATER = "Monday 30 November", "Wednesday 2 December"


def move_session(scene: Scene) -> None:
    before, following, *others = PRACTICE
    scene.plan(before, moved(following, JANE_NEXT + 2 * DAY), *others, now=NOW + HOLD / 2)


def page_text(scene: Scene, url: str) -> str:
    page = re.sub(r"<[^>]+>", " ", scene.browser(NOW + HOLD).get(url).text)
    return " ".join(page.split())


def test_session_that_moved_before_the_homework_left_is_in_it_with_its_new_day(scene: Scene) -> None:
    scene.send_note(note(NOTE))
    move_session(scene)
    (homework,) = scene.deliver_all(NOW + HOLD)
    assert "1. Read chapter 3 before our next session Before your next session" in homework.words
    assert f"before your next session on {LATER} at 17:00." in homework.words
    assert f"2. Book the GP by Monday By {PLANNED}" in homework.words


def test_session_that_moved_after_the_homework_left_is_on_its_page_with_its_new_day(scene: Scene) -> None:
    homework = scene.send_homework(note(NOTE))
    assert f"before your next session on {PLANNED} at 17:00." in homework.words
    (url,) = homework.pages("h")
    move_session(scene)
    page = page_text(scene, url)
    assert f"before your next session on {LATER} at 17:00." in page
    assert f"Book the GP by Monday By {PLANNED}" in page


def test_receipt_names_the_day_that_the_session_has_by_then(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(NOTE))
    assert f"Before your next session: {PLANNED}" in receipt.words
    move_session(scene)
    (corrected,) = scene.send_note(reply_to(receipt, NOTE), NOW + HOLD / 2)
    assert f"Before your next session: {LATER}" in corrected.words
    assert f"By {PLANNED}" in corrected.words


def test_review_goes_before_the_new_day_and_names_it(scene: Scene) -> None:
    scene.send_homework(note(NOTE))
    move_session(scene)
    assert not [mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if "Jane" in mail.text]
    (review,) = [mail for mail in scene.deliver_all(JANE_NEXT + 2 * DAY - LEAD) if "Jane" in mail.text]
    assert f"{LATER} at 17:00" in review.words
    assert "Read chapter 3 before our next session" in review.words


def test_day_counts_from_the_mails_date_however_late_it_comes(scene: Scene) -> None:
    # 23 November, 23:59 in Berlin, where the coach is.
    written = NOW.replace(hour=22, minute=59)
    scene.send_note(note("Actions:\n- Book the GP by tomorrow\n", date=written), written + timedelta(hours=3))
    (action,) = scene.actions()
    assert (action.due.kind, action.due.on) == (DueKind.DATE, written.date() + DAY)
