"""Who tries too much is put off; whoever has a link that opens never is, however much others have tried."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient
from starlette.types import Scope

from mailflow.web.limits import AT_ONCE, MAX_KEYS, SECONDS_EACH, Allowance, address_of
from mailflow.web.serving import serving
from mailflow.web.site import create_site
from tests.scene import HOLD, NOW, URL, Scene, hidden_fields, note, tampered, words_of

OFFICE = "203.0.113.7"


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Visitors:
    """Browsers at several addresses, all of one site."""

    scene: Scene
    clock: Clock

    def __post_init__(self) -> None:
        self._site = create_site(self.scene.app, lambda: NOW + HOLD, self.clock)

    def at(self, address: str) -> TestClient:
        return TestClient(self._site, base_url=URL, follow_redirects=False, client=(address, 50000))


@pytest.fixture
def visitors(scene: Scene) -> Visitors:
    return Visitors(scene, Clock())


@pytest.fixture
def link(scene: Scene) -> str:
    return scene.send_homework(note()).pages("a")[0]


def unknown(number: int) -> str:
    return f"{URL}/a/{number:043}"


def try_too_much(browser: TestClient) -> None:
    for number in range(AT_ONCE):
        assert browser.get(unknown(number)).status_code == 404


# --- By address ----------------------------------------------------------------------------------


def test_address_that_tries_too_many_unknown_links_is_put_off(visitors: Visitors) -> None:
    browser = visitors.at(OFFICE)
    try_too_much(browser)
    answer = browser.get(unknown(AT_ONCE))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "That was a lot at once" in words_of(answer.text)
    assert visitors.at("203.0.113.8").get(unknown(AT_ONCE)).status_code == 404


@pytest.mark.parametrize("path", ["/a/x", "/x/y/z", "/wp-login.php", "/u/" + "A" * 43])
def test_whatever_opens_nothing_counts(visitors: Visitors, path: str) -> None:
    browser = visitors.at(OFFICE)
    try_too_much(browser)
    assert browser.get(path).status_code == 429
    head = browser.head(path)
    assert (head.status_code, head.content) == (429, b"")
    assert browser.post(path, data={"answer": "done", "form_id": "1"}).status_code == 429


def test_link_that_opens_is_shown_and_saved_where_another_at_the_same_address_tries_too_much(
    visitors: Visitors, link: str
) -> None:
    """A practice has one address: whoever plays there locks nobody out."""
    browser = visitors.at(OFFICE)
    try_too_much(browser)
    assert browser.get(tampered(link)).status_code == 429
    page = browser.get(link)
    assert page.status_code == 200
    form = hidden_fields(page.text) | {"answer": "done"}
    assert browser.post(link, data=form).status_code == 303


def test_who_waits_as_long_as_the_answer_says_may_try_again(visitors: Visitors) -> None:
    browser = visitors.at(OFFICE)
    try_too_much(browser)
    wait = int(browser.get(unknown(1)).headers["Retry-After"])
    visitors.clock.now += wait
    assert browser.get(unknown(1)).status_code == 404
    assert browser.get(unknown(1)).status_code == 429
    visitors.clock.now += AT_ONCE * SECONDS_EACH
    try_too_much(browser)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("no address", "no address", True),
    ],
)
def test_ipv6_network_is_one_address(one: str, other: str, same: bool) -> None:
    scopes: list[Scope] = [{"client": (host, 1)} for host in (one, other)]
    assert (address_of(scopes[0]) == address_of(scopes[1])) is same


def test_unknown_address_is_one_of_its_own() -> None:
    assert address_of({"client": None}) == address_of({}) == ""


# --- Who says for whom it asks -------------------------------------------------------------------


@pytest.mark.parametrize(("proxies", "believed"), [(["127.0.0.1"], True), (["192.0.2.0/24"], False), ([], False)])
def test_only_the_proxy_of_the_settings_says_who_asks(visitors: Visitors, proxies: list[str], believed: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/nothing"
        site = create_site(visitors.scene.app, lambda: NOW, visitors.clock)
        with serving(site, server, patience_seconds=1, proxies=proxies):
            said = [status(f"{url}/{n}", f"203.0.113.{n}") for n in range(AT_ONCE + 1)]
            # What the client wrote itself stands before what the proxy adds.
            forged = [status(f"{url}/{n}", f"198.51.100.{n}, {OFFICE}") for n in range(AT_ONCE + 1)]
    assert said[-1] == (404 if believed else 429)
    assert forged[-1] == 429


def status(url: str, forwarded_for: str) -> int:
    request = urllib.request.Request(url, headers={"X-Forwarded-For": forwarded_for})
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request)
    answer.value.close()
    return answer.value.code


# --- By link -------------------------------------------------------------------------------------


def test_link_that_opens_nothing_is_put_off_from_wherever_it_is_tried(visitors: Visitors, link: str) -> None:
    for number in range(AT_ONCE):
        assert visitors.at(f"203.0.113.{number}").get(tampered(link)).status_code == 404
    assert visitors.at("203.0.113.200").get(tampered(link)).status_code == 429
    assert visitors.at("203.0.113.200").get(link).status_code == 200


def test_form_that_is_sent_too_often_to_one_link_is_put_off_and_saves_nothing(
    scene: Scene, visitors: Visitors, link: str
) -> None:
    for number in range(AT_ONCE):
        form = {"answer": "done", "form_id": str(number)}
        assert visitors.at(f"203.0.113.{number}").post(link, data=form).status_code == 303
    before = scene.app.database.fingerprint()
    browser = visitors.at("203.0.113.200")
    answer = browser.post(link, data={"answer": "partly", "form_id": "one more"})
    assert answer.status_code == 429
    assert "Nothing was saved this time." in words_of(answer.text)
    assert scene.app.database.fingerprint() == before
    assert browser.get(link).status_code == 200, "looking is always possible"
    visitors.clock.now += int(answer.headers["Retry-After"])
    assert browser.post(link, data={"answer": "partly", "form_id": "one more"}).status_code == 303


def test_one_link_keeps_no_other_from_being_saved(scene: Scene, visitors: Visitors) -> None:
    one, other = scene.send_homework(note()).pages("a")
    browser = visitors.at(OFFICE)
    for _ in range(AT_ONCE + 1):
        browser.post(one, data={"answer": "done", "form_id": "1"})
    assert browser.post(other, data={"answer": "done", "form_id": "1"}).status_code == 303


# --- The counts ----------------------------------------------------------------------------------


@pytest.fixture
def allowance() -> Allowance:
    return Allowance()


def test_counts_take_no_more_memory_for_more_who_try(allowance: Allowance) -> None:
    for number in range(MAX_KEYS * 2):
        allowance.take(str(number), 0.0)
    assert len(allowance) == MAX_KEYS


def test_counts_keep_no_token_and_no_more_of_a_long_address(allowance: Allowance) -> None:
    for path in ("/a/x", "/a/" + "x" * 60_000):
        allowance.take(path, 0.0)
    assert {len(kept) for kept in allowance._paid_at} == {16}


def test_who_keeps_trying_is_not_forgotten_for_those_who_tried_once(allowance: Allowance) -> None:
    for _ in range(AT_ONCE):
        allowance.take("busy", 0.0)
    for number in range(MAX_KEYS + 10):
        allowance.take(str(number), 0.0)
        assert allowance.take("busy", 0.0) > 0


def test_who_is_put_off_waits_no_longer_for_having_tried_meanwhile(allowance: Allowance) -> None:
    waits = [allowance.take("x", 0.0) for _ in range(AT_ONCE * 3)]
    assert set(waits[:AT_ONCE]) == {0.0}
    assert set(waits[AT_ONCE:]) == {SECONDS_EACH}


def test_path_that_is_no_text_is_counted_too(allowance: Allowance) -> None:
    assert allowance.take("/a/\udcff", 0.0) == 0.0
