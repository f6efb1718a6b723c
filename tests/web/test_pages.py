"""The pages: looking changes nothing, a wrong link says nothing, and what people wrote is words and not code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
import structlog
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient
from starlette.types import Message

from mailflow.logs import configure_logs
from mailflow.model import Answer
from mailflow.store import actions
from mailflow.web.protection import HEADERS, MAX_BODY
from mailflow.web.site import create_site
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    TOM,
    URL,
    Event,
    Scene,
    SentMail,
    candidate,
    hidden_fields,
    note,
    tampered,
    words_of,
)

LATER = NOW + timedelta(hours=1)
HOSTILE = """<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %} &lt;b&gt; ' \" \\"""


@pytest.fixture
def links(scene: Scene) -> dict[str, str]:
    """One working link of each kind, by its letter."""
    (receipt,) = scene.send_note(note())
    (homework,) = scene.deliver_all(NOW + HOLD)
    review = scene.deliver_all(JANE_NEXT - LEAD)[-1]
    mails: dict[str, SentMail] = {"n": receipt, "a": homework, "h": homework, "r": review}
    return {letter: mail.pages(letter)[0] for letter, mail in mails.items()}


@pytest.fixture
def browser(scene: Scene) -> TestClient:
    return scene.browser(LATER)


# --- Looking changes nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "PROPFIND"])
def test_only_post_acts(scene: Scene, browser: TestClient, links: dict[str, str], method: str) -> None:
    before = scene.app.database.fingerprint()
    for link in links.values():
        form = {"answer": "done", "form_id": "1", "do": "send", "action": "1"}
        assert browser.request(method, link, data=form).status_code == 404
    assert scene.app.database.fingerprint() == before


def test_every_page_opens_with_its_link(browser: TestClient, links: dict[str, str]) -> None:
    for letter, link in links.items():
        assert browser.get(link).status_code == 200, letter
        head = browser.head(link)
        assert (head.status_code, head.content) == (200, b"")


def test_a_link_with_an_answer_only_preselects_it(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    page = browser.get(links["a"] + "?answer=partly").text
    assert re.findall(r'value="(\w+)" checked', page) == ["partly"]
    assert scene.actions()[0].answer is None


# --- Wrong links ---------------------------------------------------------------------------------


def test_every_wrong_link_gives_the_same_friendly_page(
    scene: Scene, browser: TestClient, links: dict[str, str]
) -> None:
    """Byte for byte: nobody learns from it which links exist."""
    tokens = {letter: link.rpartition("/")[2] for letter, link in links.items()}
    wrong = [f"/{letter}/{token}" for letter in "ahnr" for other, token in tokens.items() if other != letter]
    wrong += [tampered(link) for link in links.values()]
    wrong += ["/", "/a/", "/a/x", "/x/y", "/a/" + "A" * 43, "/a/" + "A" * 5000, "/a/%00", "/a/..%2Fhealthz", "/a/é"]
    with_other_key = dict.fromkeys([browser.get(path).content for path in wrong])
    with scene.app.database.write() as tx:
        tx.run("UPDATE links SET revoked_at = 1 WHERE purpose IN ('action', 'note')")
    pages = {browser.get(links[letter]).content for letter in "an"}
    much_later = scene.browser(NOW + timedelta(days=400))
    pages |= {much_later.get(links[letter]).content for letter in "hr"} | set(with_other_key)
    assert len(pages) == 1
    answer = browser.get(wrong[0])
    assert answer.status_code == 404
    assert "This link doesn't open anything any more" in words_of(answer.text)


def test_a_wrong_link_can_not_act_either(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    tokens = {letter: link.rpartition("/")[2] for letter, link in links.items()}
    form = {"answer": "done", "form_id": "1", "do": "send", "action": "1"}
    before = scene.app.database.fingerprint()
    edit = {"do": "edit", "text-1": "Walk", "form_id": "1", "version": "1"}
    for letter in "anr":
        for token in (*(token for other, token in tokens.items() if other != letter), tampered(tokens[letter])):
            assert browser.post(f"/{letter}/{token}", data=form).status_code == 404
            assert browser.post(f"/{letter}/{token}", data=edit).status_code == 404
    assert scene.app.database.fingerprint() == before


def test_all_links_die_with_the_key(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    scene.app = replace(scene.app, site=replace(scene.app.site, key=b"another key of thirty-two bytes."))
    assert {scene.browser(LATER).get(link).status_code for link in links.values()} == {404}


# --- What every answer carries -------------------------------------------------------------------


def test_every_answer_carries_the_protection(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    answers = [browser.get(path) for path in (*links.values(), "/healthz", "/robots.txt", "/nothing")]
    answers.append(browser.post(links["a"], data={"answer": "done"}, headers={"Origin": "https://evil.example"}))
    answers.append(browser.post(links["a"], data={"answer": "done", "form_id": "1"}))
    scene.run_sql("ALTER TABLE actions RENAME TO actions_gone")
    answers.append(browser.get(links["a"]))
    assert [answer.status_code for answer in answers[-4:]] == [404, 403, 303, 503]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_pages_need_no_script_and_nothing_from_elsewhere(browser: TestClient, links: dict[str, str]) -> None:
    for link in links.values():
        page = browser.get(link).text
        assert not re.search(r"<script|<iframe|<img|\son\w+=|\sstyle=|<style", page)
        addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page)
        assert [one for one in addresses if one and not one.startswith(("/", "?", f"{URL}/"))] == []


def test_trouble_is_a_friendly_page(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    scene.run_sql("ALTER TABLE actions RENAME TO actions_gone")
    answer = browser.get(links["a"])
    assert answer.status_code == 503
    assert "Something is wrong on our side" in words_of(answer.text)


def test_healthz_says_whether_the_database_can_be_read(scene: Scene, browser: TestClient) -> None:
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_no_robot_is_invited(browser: TestClient) -> None:
    assert "Disallow: /" in browser.get("/robots.txt").text


# --- Forms from elsewhere ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused(
    scene: Scene, browser: TestClient, links: dict[str, str], headers: dict[str, str]
) -> None:
    before = scene.app.database.fingerprint()
    for link in links.values():
        form = {"answer": "done", "form_id": "1", "do": "send", "action": "1"}
        assert browser.post(link, data=form, headers=headers).status_code == 403
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize("headers", [{}, {"Origin": URL}, {"Origin": URL, "Sec-Fetch-Site": "same-origin"}], ids=str)
def test_our_own_form_is_taken(browser: TestClient, links: dict[str, str], headers: dict[str, str]) -> None:
    form = {"answer": "done", "form_id": "1"}
    assert browser.post(links["a"], data=form, headers=headers).status_code == 303


def test_a_form_that_is_too_large_is_refused(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    before = scene.app.database.fingerprint()
    answer = browser.post(links["a"], data={"answer": "done", "form_id": "1", "reflection": "x" * MAX_BODY})
    assert answer.status_code == 413
    assert "too long" in words_of(answer.text)
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize(("length", "status"), [(10, 303), (MAX_BODY, 413)])
def test_a_form_that_comes_in_pieces_is_taken_up_to_the_same_length(
    browser: TestClient, links: dict[str, str], length: int, status: int
) -> None:
    """A proxy may pass a form on without saying how long it is."""

    def pieces() -> Iterator[bytes]:
        yield b"answer=done&form_id=1"
        yield b"&reflection=" + b"x" * length

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post(links["a"], content=pieces(), headers=form).status_code == status


def test_a_form_that_breaks_off_is_not_saved(scene: Scene, links: dict[str, str]) -> None:
    """The connection was lost in the middle of the client's words."""
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"1000")]
    scope = {"type": "http", "method": "POST", "path": links["a"].removeprefix(URL), "headers": headers}
    arriving: list[Message] = [
        {"type": "http.request", "body": b"answer=done&form_id=1&reflection=I sa", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(_: Message) -> None:
        pass

    async def visit() -> None:
        await create_site(scene.app, now=lambda: LATER)(scope, receive, send)

    asyncio.run(visit())
    assert scene.app.database.count("reflections") == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nno form at all"),
        ("multipart/form-data", b"no boundary"),
        ("application/json", b'{"answer": "done", "form_id": "1"}'),
        ("application/x-www-form-urlencoded", b"answer=done&form_id=1&reflection=%ff%00%zz"),
        ("text/plain", b"\x00" * 100),
    ],
)
def test_a_malformed_form_is_never_our_trouble(
    browser: TestClient, links: dict[str, str], kind: str, body: bytes
) -> None:
    answer = browser.post(links["a"], content=body, headers={"Content-Type": kind})
    assert answer.status_code < 500


def test_a_file_in_the_place_of_words_is_no_answer(scene: Scene, browser: TestClient, links: dict[str, str]) -> None:
    answer = browser.post(links["a"], data={"form_id": "1"}, files={"answer": ("done", b"done")})
    assert answer.status_code == 404
    assert scene.actions()[0].answer is None


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_is_saved_and_reloading_the_page_sends_nothing_again(
    scene: Scene, browser: TestClient, links: dict[str, str]
) -> None:
    form = hidden_fields(browser.get(links["a"]).text) | {
        "answer": "partly",
        "reflection": "The number.",
        "obstacle": "",
    }
    answer = browser.post(links["a"], data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{links['a']}?saved=1")
    before = scene.app.database.fingerprint()
    page = browser.get(answer.headers["location"]).text
    assert "Saved. Thank you." in words_of(page)
    assert "The number." in words_of(page)
    browser.post(links["a"], data=form)
    assert scene.app.database.fingerprint() == before


def test_a_form_without_an_answer_keeps_what_was_typed(
    scene: Scene, browser: TestClient, links: dict[str, str]
) -> None:
    form = hidden_fields(browser.get(links["a"]).text) | {
        "reflection": "\nA long & thoughtful text.",
        "obstacle": "<b>",
        "usefulness": "3",
    }
    answer = browser.post(links["a"], data=form)
    assert answer.status_code == 422
    assert "Please choose one of the three answers" in words_of(answer.text)
    assert "A long &amp; thoughtful text.</textarea>" in answer.text
    assert "&lt;b&gt;</textarea>" in answer.text
    assert 'name="usefulness" value="3" checked' in answer.text
    assert hidden_fields(answer.text) == {"form_id": form["form_id"]}
    assert scene.app.database.count("reflections") == 0


@pytest.mark.parametrize(
    ("said", "kept"), [("0", 0), ("4", 4), ("", None), ("5", None), ("-1", None), ("²", None), ("x" * 5000, None)]
)
def test_how_useful_it_was_is_kept_and_what_is_no_such_number_loses_no_answer(
    scene: Scene, links: dict[str, str], said: str, kept: int | None
) -> None:
    assert scene.answer(links["a"], LATER, answer="done", usefulness=said) == 303
    action = scene.actions()[0]
    with scene.app.database.read() as tx:
        assert actions.latest_reflections(tx, [action.id])[action.id].usefulness == kept


def test_how_useful_it_was_can_be_said_and_changed_until_the_coach_reads_it(scene: Scene) -> None:
    link = scene.send_homework(note()).pages("a")[0]
    scene.answer(link, LATER, answer="done", usefulness="1")
    assert 'value="1" checked' in scene.browser(LATER).get(link).text
    scene.answer(link, LATER + timedelta(minutes=1), answer="done", usefulness="4")
    review = scene.deliver_all(JANE_NEXT - LEAD)[-1]
    assert "Useful: 4 of 4" in review.words
    assert "Useful" not in words_of(scene.browser(JANE_NEXT).get(link).text), "it is the client's own"


def test_back_and_edit_with_the_same_form_saves_the_edit(
    scene: Scene, browser: TestClient, links: dict[str, str]
) -> None:
    form = hidden_fields(browser.get(links["a"]).text)
    browser.post(links["a"], data=form | {"answer": "partly", "reflection": "first"})
    browser.post(links["a"], data=form | {"answer": "done", "reflection": "second"})
    action = scene.actions()[0]
    assert action.answer is Answer.DONE
    assert scene.app.database.count("reflections") == 1
    with scene.app.database.read() as tx:
        assert actions.latest_reflections(tx, [action.id])[action.id].text == "second"


def test_every_page_that_is_opened_has_a_form_of_its_own(browser: TestClient, links: dict[str, str]) -> None:
    forms = {hidden_fields(browser.get(links["a"]).text)["form_id"] for _ in range(3)}
    assert len(forms) == 3


def test_after_the_next_session_the_page_shows_the_answer_and_not_the_words(
    scene: Scene, links: dict[str, str]
) -> None:
    scene.answer(links["a"], LATER, answer="partly", reflection="The number.")
    closed = scene.browser(JANE_NEXT)
    page = closed.get(links["a"]).text
    assert "<form" not in page
    assert "Partly" in words_of(page)
    assert "The number." not in page, "the email may have been forwarded by then"
    before = scene.app.database.fingerprint()
    answer = closed.post(links["a"], data={"answer": "done", "form_id": "late"})
    assert answer.status_code == 409
    assert scene.app.database.fingerprint() == before


def test_a_clients_page_shows_nothing_of_the_private_note_nor_of_other_clients(scene: Scene) -> None:
    scene.send_homework(note("Tom struggles.\n\nActions:\n- Write to Sam\n", subject="Tom Okafor"))
    text = "She seemed tired.\n\nActions:\n- Call the GP\n\nMy actions:\n- Send the article\n"
    homework = scene.send_homework(note(text))
    browser = scene.browser(LATER)
    for link in (*homework.pages("a"), *homework.pages("h")):
        page = browser.get(link).text
        for private in ("tired", "Send the article", "Okafor", "Write to Sam", TOM, ANNA):
            assert private not in page


def test_the_next_mail_is_the_only_thing_that_tells_tom_from_jane(scene: Scene) -> None:
    """Both clients' links work, each for its own action only."""
    jane = scene.send_homework(note())
    tom = scene.send_homework(note("Actions:\n- Write to Sam\n", subject="Tom Okafor"))
    assert (jane.recipient, tom.recipient) == (JANE, TOM)
    scene.answer(tom.pages("a")[0], LATER, answer="done")
    assert [action.answer for action in scene.actions(1)] == [None, None]
    assert [action.answer for action in scene.actions(2)] == [Answer.DONE]


# --- Deciding ------------------------------------------------------------------------------------


def test_the_coach_sends_now_with_the_page_behind_the_receipt(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    url = receipt.pages("n")[0]
    browser = scene.browser()
    assert not scene.app.work.is_set()
    answer = browser.post(url, data={"do": "send"})
    assert answer.headers["location"] == f"{url}?done=send"
    assert scene.app.work.is_set(), "the daemon is woken, so that it goes right now"
    assert "It goes right now." in words_of(browser.get(answer.headers["location"]).text)
    assert [mail.recipient for mail in scene.deliver_all(NOW)] == [JANE]


def test_the_link_of_a_candidate_preselects_it(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    wanted = candidate(scene, "tom-today")
    link = next(link for link in question.links if link.endswith(f"candidate={wanted}"))
    page = scene.browser().get(link).text
    assert re.findall(r'value="([\w-]+)" required checked', page) == [wanted]


def test_the_coach_settles_an_action_on_the_review_page_and_comes_back_to_it(
    scene: Scene, links: dict[str, str]
) -> None:
    browser = scene.browser(JANE_NEXT - LEAD)
    action = scene.actions()[0]
    for choice, said in (
        ("drop", "It will not come up again"),
        ("together", "Done together."),
        ("carry", "stays open"),
    ):
        answer = browser.post(links["r"], data={"do": choice, "action": str(action.id)})
        page, _, place = answer.headers["location"].partition("#")
        assert page == f"{links['r']}?done={choice}&action={action.id}"
        card = LexborHTMLParser(browser.get(page).text).css_first(f"#{place}")
        assert card is not None
        assert action.text in card.text()
        assert said in card.text()
        pressed = card.css_first("[aria-pressed=true]")
        assert pressed is not None
        assert pressed.attributes["value"] == choice


@pytest.mark.parametrize("choice", ["", "done", "DROP", "carry "])
def test_an_unknown_choice_settles_nothing(scene: Scene, links: dict[str, str], choice: str) -> None:
    before = scene.app.database.fingerprint()
    answer = scene.browser(LATER).post(links["r"], data={"do": choice, "action": "1"})
    assert answer.status_code == 404
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize("action", ["", "x", "-1", "²", "٣", "9" * 30, "1 OR 1=1", "0" * 5000])
def test_a_malformed_number_settles_nothing(scene: Scene, links: dict[str, str], action: str) -> None:
    answer = scene.browser(LATER).post(links["r"], data={"do": "drop", "action": action})
    assert answer.status_code == 404
    assert all(action.open for action in scene.actions())


# --- Hostile words -------------------------------------------------------------------------------


def test_hostile_words_are_shown_and_never_run(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(f"Summary: {HOSTILE}\n\nActions:\n- {HOSTILE}\n", subject=HOSTILE))
    (homework,) = scene.deliver_all(NOW + HOLD)
    link = homework.pages("a")[0]
    scene.answer(link, LATER, answer="partly", reflection=HOSTILE, obstacle=HOSTILE)
    review = scene.deliver_all(JANE_NEXT - LEAD)[-1]
    browser = scene.browser(LATER)
    pages = [browser.get(url).text for url in (link, f"{link}?saved=1", *homework.pages("h"))]
    pages += [browser.get(url).text for url in (*receipt.pages("n"), *review.pages("r"))]
    for page in (*pages, receipt.html, homework.html, review.html):
        tree = LexborHTMLParser(page)
        assert not tree.css("script, img, [onerror]")
        assert "<script>alert(1)</script>" in words_of(page)
        assert "{{ 7*7 }} {% raw %} &lt;b&gt;" in page.replace("&amp;", "&")


def test_hostile_queries_are_not_repeated_on_the_page(browser: TestClient, links: dict[str, str]) -> None:
    for link in links.values():
        page = browser.get(link, params=dict.fromkeys(("answer", "do", "done", "candidate", "saved"), HOSTILE)).text
        assert "alert(1)" not in page


# --- The log -------------------------------------------------------------------------------------


@contextlib.contextmanager
def log_of(kind: Literal["text", "json"]) -> Iterator[io.StringIO]:
    before = structlog.get_config()
    stream = io.StringIO()
    try:
        configure_logs(kind, stream)
        structlog.configure(cache_logger_on_first_use=False)
        yield stream
    finally:
        structlog.reset_defaults()
        structlog.configure(**before)


@pytest.mark.parametrize(
    "kind",
    [
        "text",
        "json",
    ],
)
def test_no_token_note_or_name_is_in_the_log_even_in_trouble(scene: Scene, kind: Literal["text", "json"]) -> None:
    with log_of(kind) as log:
        (receipt,) = scene.send_note(note())
        (homework,) = scene.deliver_all(NOW + HOLD)
        links = [*receipt.pages("n"), *homework.pages("a"), *homework.pages("h")]
        scene.answer(links[1], LATER, answer="done", reflection="My secret reflection.")
        browser = scene.browser(LATER)
        for link in links:
            browser.get(link)
            browser.get(tampered(link))
        scene.run_sql("ALTER TABLE actions RENAME TO actions_gone")
        scene.mail_in(note(subject="Notes for Jane Doe"))
        scene.process_all()
        for link in links:
            browser.get(link)
            browser.post(link, data={"answer": "done", "form_id": "2", "reflection": "My secret reflection."})
    written = log.getvalue()
    assert "page.failed" in written
    assert "mail.failed" in written
    for link in links:
        assert link.rpartition("/")[2] not in written
    for private in ("tired", "secret", "Jane", "Anna", JANE, ANNA):
        assert private not in written
