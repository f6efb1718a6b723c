"""'Email me a fresh link': to the address on file or to nobody, and whoever asks can't tell which."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest

from mailflow.model import OutboundKind, OutboundState
from mailflow.web.history import SAME_TIME_SECONDS
from tests.scene import ANNA, HOLD, JANE, NOW, URL, Scene, SentMail, hidden_fields, note, tampered, words_of

MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
LONG_AFTER = NOW + timedelta(days=400)
FRESH = {"do": "fresh"}


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(note())


def ask(scene: Scene, url: str, now: datetime = LATER) -> list[SentMail]:
    """What leaves after the button was pressed."""
    answer = scene.browser(now).post(url, data=FRESH)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/fresh")
    return scene.deliver_all(now)


def test_page_of_a_link_that_opens_nothing_offers_a_fresh_one(scene: Scene, homework: SentMail) -> None:
    page = scene.browser(LONG_AFTER).get(homework.pages("a")[0]).text

    assert hidden_fields(page) == FRESH
    assert "Email me a fresh link" in words_of(page)
    assert JANE not in page


@pytest.mark.parametrize("letter", ["a", "h", "u"])
def test_an_expired_link_brings_a_fresh_one_to_the_address_on_file(
    scene: Scene, homework: SentMail, letter: str
) -> None:
    scene.run_sql("UPDATE links SET expires_at = 1")
    (mail,) = ask(scene, homework.pages(letter)[0])

    assert (mail.recipient, mail.subject) == (JANE, "The link you asked for")
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert ANNA in str(mail.headers["Reply-To"])
    assert len(mail.pages("f")) == len(mail.links) == 1
    assert "Call" not in mail.text, "nothing of the homework is in it"


def test_a_revoked_link_and_one_of_an_earlier_version_bring_one_too(scene: Scene, homework: SentMail) -> None:
    scene.run_sql("UPDATE links SET revoked_at = 1, version = version + 2 WHERE purpose = 'action'")

    assert [mail.recipient for mail in ask(scene, homework.pages("a")[0])] == [JANE]


def test_a_wrong_link_sends_nothing_and_gets_the_very_same_answer(scene: Scene, homework: SentMail) -> None:
    browser = scene.browser(LATER)
    url = homework.pages("a")[0]
    answers = [browser.post(url, data=FRESH)]
    scene.deliver_all(LATER)
    before = scene.app.database.fingerprint()
    answers += [
        browser.post(wrong, data=FRESH)
        for wrong in (tampered(url), f"{URL}/a/{'A' * 43}", f"{URL}/h/x", f"{URL}/x/y", URL, f"{URL}/n/{'A' * 43}")
    ]

    assert len({(answer.status_code, answer.content, tuple(answer.headers.items())) for answer in answers}) == 1
    assert scene.app.database.fingerprint() == before
    page = browser.get(answers[0].headers["location"])
    assert page.status_code == 200
    assert "If that link was made for you" in words_of(page.text)


def test_a_coachs_link_sends_nobody_anything(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())

    ask(scene, receipt.pages("n")[0])
    assert scene.outbox(OutboundKind.FRESH_LINK) == []


def test_an_answer_takes_the_same_time_whether_a_mail_is_written_or_not(scene: Scene, homework: SentMail) -> None:
    browser = scene.browser(LATER)
    for url in (tampered(homework.pages("a")[0]), homework.pages("a")[0]):
        began = time.monotonic()
        browser.post(url, data=FRESH)
        assert time.monotonic() - began >= SAME_TIME_SECONDS


def test_one_comes_in_an_hour_however_often_it_is_asked_for(scene: Scene, homework: SentMail) -> None:
    first, second = homework.pages("a")
    assert len(ask(scene, first)) == 1
    assert [ask(scene, url, LATER + MINUTE) for url in (first, second, homework.pages("h")[0])] == [[], [], []]
    assert len(ask(scene, first, LATER + timedelta(hours=1))) == 1


def test_it_comes_too_late_or_not_at_all(scene: Scene, homework: SentMail) -> None:
    scene.browser(LATER).post(homework.pages("a")[0], data=FRESH)

    assert scene.deliver_all(LATER + 30 * MINUTE) == []
    assert scene.planned(OutboundKind.FRESH_LINK).state is OutboundState.EXPIRED


def test_quiet_hours_and_the_wish_for_no_homework_do_not_keep_back_what_the_client_asks_for(
    scene: Scene, homework: SentMail
) -> None:
    scene.run_sql("UPDATE coaches SET quiet = '00:00-23:59'")
    scene.browser(LATER).post(homework.pages("u")[0], data={"do": "out"})

    assert JANE in [mail.recipient for mail in ask(scene, homework.pages("a")[0])]


def test_none_goes_to_an_address_that_mail_came_back_from(scene: Scene, homework: SentMail) -> None:
    scene.run_sql("UPDATE clients SET undeliverable = '550 no such user'")
    assert ask(scene, homework.pages("a")[0]) == []
    scene.run_sql("UPDATE clients SET undeliverable = ''")
    scene.browser(LATER).post(homework.pages("a")[0], data=FRESH)
    scene.run_sql("UPDATE clients SET undeliverable = '550 no such user'")

    assert scene.deliver_all(LATER) == []
    assert scene.planned(OutboundKind.FRESH_LINK).reason == f"mail to {JANE} came back: 550 no such user"


def test_none_goes_to_an_address_that_is_no_longer_the_clients(scene: Scene, homework: SentMail) -> None:
    scene.browser(LATER).post(homework.pages("a")[0], data=FRESH)
    scene.run_sql(f"UPDATE clients SET email = 'jane@new.example' WHERE email = '{JANE}'")

    assert scene.deliver_all(LATER) == []


def test_none_goes_for_a_coach_who_has_left(scene: Scene, homework: SentMail) -> None:
    scene.run_sql("UPDATE coaches SET active = 0")

    assert ask(scene, homework.pages("a")[0]) == []
    assert scene.outbox(OutboundKind.FRESH_LINK) == []


def test_a_form_from_another_site_asks_for_nothing(scene: Scene, homework: SentMail) -> None:
    headers = {"Origin": "https://evil.example"}

    assert scene.browser(LATER).post(homework.pages("a")[0], data=FRESH, headers=headers).status_code == 403
    assert scene.outbox(OutboundKind.FRESH_LINK) == []


@pytest.mark.parametrize("path", ["/x/y", "/h/x", "/f/x"])
def test_a_malformed_form_asks_for_nothing(scene: Scene, path: str) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    assert scene.browser(LATER).post(path, content=b"--x\r\nno form", headers=headers).status_code == 404


def test_each_fresh_link_kills_the_one_before(scene: Scene, homework: SentMail) -> None:
    (first,) = ask(scene, homework.pages("a")[0])
    later = LATER + timedelta(minutes=20)
    next_hour = later.replace(minute=0) + timedelta(hours=1)
    (second,) = ask(scene, homework.pages("a")[0], next_hour)

    opened = [scene.browser(next_hour).get(mail.pages("f")[0]).status_code for mail in (first, second)]
    assert opened == [404, 200]
    assert scene.browser(next_hour + 31 * MINUTE).get(second.pages("f")[0]).status_code == 404


def test_page_of_all_open_actions_offers_earlier_sessions_by_email(scene: Scene, homework: SentMail) -> None:
    page = scene.browser(LATER).get(homework.pages("h")[0]).text
    assert hidden_fields(page) == FRESH
    assert re.search(r'<a href="/my"', page)

    assert [mail.recipient for mail in ask(scene, homework.pages("h")[0])] == [JANE]


def test_hold_of_homework_is_nothing_to_it(scene: Scene, homework: SentMail) -> None:
    (mail,) = ask(scene, homework.pages("h")[0], LATER + HOLD)

    assert mail.recipient == JANE
