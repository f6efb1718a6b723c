"""Earlier sessions: on the client's own device after a fresh link, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mailflow.flows.manage_clients import merge
from mailflow.model import OutboundKind
from mailflow.store import clients
from mailflow.web.history import COOKIE
from tests.scene import (
    FIRST,
    HOLD,
    JANE,
    JANE_NEXT,
    NOW,
    PRACTICE,
    SECOND,
    TOM,
    URL,
    Event,
    Scene,
    SentMail,
    note,
    open_scene,
    words_of,
)

LATER = NOW + timedelta(hours=1)
FRESH = {"do": "fresh"}
SECRET = "I noticed that I am afraid of him."


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(note("Summary: You know what you want.\n\n" + "Actions:\n- " + f"{FIRST}\n- {SECOND}\n"))


def fresh_link(scene: Scene, homework: SentMail, now: datetime = LATER) -> str:
    scene.browser(now).post(homework.pages("h")[0], data=FRESH)
    return scene.deliver_all(now)[-1].pages("f")[0]


def signed_in(scene: Scene, homework: SentMail, now: datetime = LATER) -> TestClient:
    """A device on which a fresh link was opened."""
    browser = scene.browser(now)
    answer = browser.post(fresh_link(scene, homework, now))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/my")
    return browser


def test_a_fresh_link_shows_one_button_and_signs_nobody_in_by_being_looked_at(scene: Scene, homework: SentMail) -> None:
    link = fresh_link(scene, homework)
    browser = scene.browser(LATER)
    before = scene.app.database.fingerprint()

    for method in ("GET", "HEAD", "OPTIONS"):
        assert "set-cookie" not in browser.request(method, link).headers
    page = browser.get(link).text

    assert page.count("<button") == 1
    assert FIRST not in page
    assert scene.app.database.fingerprint() == before
    assert browser.get("/my").status_code == 403


def test_the_button_makes_this_device_show_earlier_sessions(scene: Scene, homework: SentMail) -> None:
    scene.answer(homework.pages("a")[0], LATER, answer="partly", reflection=SECRET, obstacle="Fear.", usefulness="3")
    browser = signed_in(scene, homework)
    before = scene.app.database.fingerprint()
    page = words_of(browser.get("/my").text)

    for words in (FIRST, SECOND, "Partly", SECRET, "Fear.", "Useful: 3 of 4", "You know what you want.", "23 November"):
        assert words in page
    assert scene.app.database.fingerprint() == before


def test_earlier_words_are_there_after_the_next_session_when_the_actions_page_hides_them(scene: Scene) -> None:
    first = scene.send_homework(note())
    scene.answer(first.pages("a")[0], LATER, answer="done", reflection=SECRET)
    week = JANE_NEXT + timedelta(hours=1)
    scene.plan(*PRACTICE, Event("jane-third", JANE_NEXT + timedelta(days=7), JANE), now=week)
    second = scene.send_homework(note("Actions:\n- Write to Sam\n", date=week), week)
    browser = signed_in(scene, second, week + HOLD)
    html = browser.get("/my").text
    page = words_of(html)

    assert SECRET not in browser.get(first.pages("a")[0]).text
    assert page.index("Write to Sam") < page.index(SECRET)
    assert "Monday 23 November" in page
    assert html.count(second.pages("a")[0]) == 2, "once in what is open, once with its session"
    assert first.pages("a")[0] not in html, "it can't be answered any more"


def test_cookie_is_for_this_page_only_and_no_script_reads_it(scene: Scene, homework: SentMail) -> None:
    answer = scene.browser(LATER).post(fresh_link(scene, homework))

    rules = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "Path=/my", "SameSite=lax", "Max-Age=2592000"} <= set(rules)
    assert "Secure" not in rules, "this site is not https"
    assert answer.headers["cache-control"] == "no-store"


def test_cookie_travels_by_https_only_where_the_site_does(tmp_path: Path) -> None:
    with open_scene(tmp_path, url="https://homework.example") as scene:
        homework = scene.send_homework(note())
        browser = scene.browser(LATER)
        browser.post(homework.pages("h")[0].replace("https://homework.example", ""), data=FRESH)
        link = scene.deliver_all(LATER)[-1].pages("f")[0]
        answer = browser.post(link.replace("https://homework.example", ""))

    assert "Secure" in answer.headers["set-cookie"].split("; ")


@pytest.mark.parametrize("position", [0, 5, 31, 33, 40, 44, -1, -20])
def test_a_cookie_with_another_character_shows_nothing(scene: Scene, homework: SentMail, position: int) -> None:
    cookie = signed_in(scene, homework).cookies[COOKIE]
    index = position % len(cookie)
    forged = cookie[:index] + ("1" if cookie[index] != "1" else "2") + cookie[index + 1 :]

    for value, status in ((cookie, 200), (forged, 403), ("", 403), (cookie + "0", 403), ("é", 403), ("x" * 4000, 403)):
        header = f"{COOKIE}={value}".encode("latin-1")
        assert scene.browser(LATER).get("/my", headers=[(b"cookie", header)]).status_code == status


def test_device_is_signed_out_after_thirty_days(scene: Scene, homework: SentMail) -> None:
    cookie = signed_in(scene, homework).cookies[COOKIE]
    header = {"Cookie": f"{COOKIE}={cookie}"}

    assert scene.browser(LATER + timedelta(days=30, seconds=-1)).get("/my", headers=header).status_code == 200
    assert scene.browser(LATER + timedelta(days=30)).get("/my", headers=header).status_code == 403


def test_signing_out_ends_it_on_this_device_only(scene: Scene, homework: SentMail) -> None:
    link = fresh_link(scene, homework)
    phone, laptop = scene.browser(LATER), scene.browser(LATER)
    for browser in (phone, laptop):
        browser.post(link)
    answer = phone.post("/my", data={"do": "sign-out"})

    assert answer.headers["location"] == f"{URL}/my"
    assert "You are signed out on this device" in words_of(phone.get("/my").text)
    assert laptop.get("/my").status_code == 200


def test_signing_out_everywhere_ends_every_cookie_and_the_fresh_link(scene: Scene, homework: SentMail) -> None:
    link = fresh_link(scene, homework)
    phone, laptop = scene.browser(LATER), scene.browser(LATER)
    for browser in (phone, laptop):
        browser.post(link)
    phone.post("/my", data={"do": "sign-out-everywhere"})

    assert [browser.get("/my").status_code for browser in (phone, laptop)] == [403, 403]
    assert scene.browser(LATER).post(link).status_code == 404
    again = signed_in(scene, homework, LATER + timedelta(hours=1))
    assert again.get("/my").status_code == 200
    assert laptop.get("/my").status_code == 403, "a cookie of before stays dead"


def test_nobody_signs_others_out(scene: Scene, homework: SentMail) -> None:
    device = signed_in(scene, homework)
    before = scene.app.database.fingerprint()
    stranger = scene.browser(LATER)
    stranger.post("/my", data={"do": "sign-out-everywhere"})
    device.post("/my", data={"do": "sign-out-everywhere"}, headers={"Origin": "https://evil.example"})
    device.post("/my", data={"do": "nonsense"})

    assert scene.app.database.fingerprint() == before
    assert device.get("/my").status_code == 200


def test_neither_the_private_note_nor_another_client_is_in_it(scene: Scene) -> None:
    tom = scene.send_homework(note("Actions:\n- Write to Sam\n", subject="Tom Okafor"))
    scene.answer(tom.pages("a")[0], LATER, answer="done", reflection="Tom's own words.")
    jane = scene.send_homework(note())
    page = signed_in(scene, jane).get("/my").text

    for private in ("tired", "Write to Sam", "Tom's own", "Okafor", TOM):
        assert private not in page


def test_what_the_coach_holds_back_is_not_in_it(scene: Scene, homework: SentMail) -> None:
    (receipt,) = scene.send_note(note("Client: Jane Doe\n\nActions:\n- Write to Sam\n", date=LATER), LATER)
    scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "hold"})

    assert "Write to Sam" not in signed_in(scene, homework).get("/my").text


def test_many_sessions_are_shown_ten_at_once(scene: Scene) -> None:
    homework = scene.send_homework(note("Actions:\n- Step 0\n"))
    for number in range(1, 12):
        at = NOW + number * timedelta(days=1)
        text = f"Client: Jane Doe\n\nActions:\n- Step {number}\n"
        homework = scene.send_homework(note(text, date=at), at)
    browser = signed_in(scene, homework, NOW + timedelta(days=12))
    first, second = (browser.get(f"/my?page={page}").text for page in (1, 2))

    assert [first.count("<h2>"), second.count("<h2>")] == [11, 2]
    assert "?page=2" in first
    assert "?page=1" in second
    assert "Step 0" in words_of(second)
    for page in ("0", "x", "-1", "99999", "²", "٣"):
        assert browser.get(f"/my?page={page}").status_code == 200


def test_what_can_not_be_answered_now_is_listed_without_a_link(scene: Scene, homework: SentMail) -> None:
    """The next session has begun, and its homework has not come yet."""
    page = signed_in(scene, homework, JANE_NEXT + HOLD).get("/my").text

    assert words_of(page).count(FIRST) == 2
    assert 'href=""' not in page
    assert homework.pages("a")[0] not in page


def test_actions_whose_links_expired_can_be_answered_again_from_there(scene: Scene, homework: SentMail) -> None:
    scene.plan(PRACTICE[0], *PRACTICE[2:])
    long_after = NOW + timedelta(days=200)
    url = homework.pages("a")[0]
    assert scene.browser(long_after).get(url).status_code == 404

    browser = signed_in(scene, homework, long_after)

    assert url in browser.get("/my").text
    assert browser.get(url).status_code == 200


def test_client_who_was_made_one_with_another_stays_signed_in_and_sees_both(scene: Scene, homework: SentMail) -> None:
    device = signed_in(scene, homework)
    scene.send_homework(note("Actions:\n- Write to Sam\n", subject="Tom Okafor"), LATER)
    with scene.app.database.read() as tx:
        jane, tom = (clients.with_address(tx, 1, email) for email in (JANE, TOM))
    assert jane is not None
    assert tom is not None
    merge(scene.app.database, jane.id, tom.id, LATER + HOLD)

    page = device.get("/my").text
    assert FIRST in page
    assert "Write to Sam" in page
    device.post("/my", data={"do": "sign-out-everywhere"})
    assert device.get("/my").status_code == 403


def test_fresh_link_is_not_a_reminder_nor_homework(scene: Scene, homework: SentMail) -> None:
    fresh_link(scene, homework)

    assert [mail.kind for mail in scene.outbox() if mail.client_id is not None][-1] is OutboundKind.FRESH_LINK
    assert scene.app.database.count("reflections") == 0
