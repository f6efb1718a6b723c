"""The subscription: due dates in the client's own calendar, by an address that the client makes and ends."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from tests.scene import JANE_NEXT, NOW, URL, Scene, SentMail, note, tampered
from tests.web.test_history import signed_in

LATER = NOW + timedelta(hours=1)
DUE = """She seemed tired.

Summary: You know what you want.

Actions:
- Call the GP by Friday
  Why: I want to know.
- Put the costs into the sheet by our next session
- Walk every day
"""


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(note(DUE))


@pytest.fixture
def device(scene: Scene, homework: SentMail) -> TestClient:
    return signed_in(scene, homework)


def subscribe(device: TestClient) -> str:
    """The address that the page shows then."""
    answer = device.post("/my", data={"do": "calendar"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/my#calendar")
    (address,) = re.findall(r'<p class="address">(.+)</p>', device.get("/my").text)
    return str(address)


def due_days(scene: Scene, address: str) -> dict[str, date]:
    """What a calendar program reads, which has no cookie."""
    answer = scene.browser(LATER).get(address)
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events}


def test_open_actions_with_a_day_stand_in_the_clients_calendar(scene: Scene, device: TestClient) -> None:
    address = subscribe(device)

    assert due_days(scene, address) == {
        "Call the GP by Friday": date(2026, 11, 27),
        "Put the costs into the sheet by our next session": JANE_NEXT.date(),
    }
    answer = scene.browser(LATER).get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    for private in ("tired", "You know", "Why", "I want", "http", "Jane", "client.example"):
        assert private not in answer.text


def test_an_action_that_is_done_leaves_the_calendar(scene: Scene, homework: SentMail, device: TestClient) -> None:
    address = subscribe(device)
    scene.answer(homework.pages("a")[0], LATER, answer="done")

    assert list(due_days(scene, address)) == ["Put the costs into the sheet by our next session"]


def test_an_event_keeps_its_uid_while_its_day_moves(scene: Scene, device: TestClient) -> None:
    address = subscribe(device)
    before = re.findall(r"UID:(\S+)", scene.browser(LATER).get(address).text)
    scene.run_sql("UPDATE actions SET due_on = '2026-11-30', text = 'Call the doctor' WHERE id = 1")
    after = re.findall(r"UID:(\S+)", scene.browser(LATER).get(address).text)

    assert before == after == ["action-1@testserver", "action-2@testserver"]
    assert due_days(scene, address)["Call the doctor"] == date(2026, 11, 30)


def test_reading_it_writes_nothing(scene: Scene, device: TestClient) -> None:
    address = subscribe(device)
    before = scene.app.database.fingerprint()
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PROPFIND"):
        assert "set-cookie" not in scene.browser(LATER).request(method, address).headers

    assert scene.app.database.fingerprint() == before


def test_its_address_opens_nothing_else_and_no_other_address_opens_it(
    scene: Scene, homework: SentMail, device: TestClient
) -> None:
    token = subscribe(device).rpartition("/")[2].removesuffix(".ics")
    browser = scene.browser(LATER)

    for letter in "ahnruf":
        assert browser.get(f"/{letter}/{token}").status_code == 404
    others = [homework.pages(letter)[0].rpartition("/")[2] for letter in "ahu"]
    for other in (*others, tampered(token), "x", token + ".ics"):
        assert browser.get(f"/c/{other}.ics").status_code == 404
    assert browser.get(f"/c/{token}").status_code == 404


def test_a_subscription_that_was_ended_is_dead_and_the_next_has_another_address(
    scene: Scene, device: TestClient
) -> None:
    first = subscribe(device)
    device.post("/my", data={"do": "no-calendar"})
    assert scene.browser(LATER).get(first).status_code == 404
    assert first not in device.get("/my").text

    second = subscribe(device)

    assert second != first
    assert scene.browser(LATER).get(first).status_code == 404
    assert due_days(scene, second)


def test_signing_out_does_not_end_it(scene: Scene, device: TestClient) -> None:
    address = subscribe(device)
    device.post("/my", data={"do": "sign-out-everywhere"})

    assert due_days(scene, address)


def test_nobody_makes_or_ends_it_without_the_cookie(scene: Scene, device: TestClient) -> None:
    address = subscribe(device)
    before = scene.app.database.fingerprint()
    for wish in ("calendar", "no-calendar"):
        scene.browser(LATER).post("/my", data={"do": wish})
        device.post("/my", data={"do": wish}, headers={"Origin": "https://evil.example"})

    assert scene.app.database.fingerprint() == before
    assert due_days(scene, address)
