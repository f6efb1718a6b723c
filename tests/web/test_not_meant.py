"""'This was not meant for me': the links close, nothing more goes there by itself, and the coach hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mailflow.flows.manage_clients import change_address
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import clients
from mailflow.wording import NOT_MEANT
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    TOM,
    URL,
    Scene,
    SentMail,
    candidate,
    hidden_fields,
    note,
    tampered,
    words_of,
)
from tests.web.test_feed import subscribe
from tests.web.test_history import signed_in

LATER = NOW + timedelta(hours=1)
NOT_MEANT_FORM = {"do": "not-meant"}
AGAIN = "Client: Jane Doe\n\nActions:\n- Write to Sam\n"


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(note())


def say(scene: Scene, url: str, now: datetime = LATER) -> list[SentMail]:
    """What leaves after the page's link and the button behind it."""
    browser = scene.browser(now)
    assert '<a href="?do=not-meant">' in browser.get(url).text
    form = hidden_fields(browser.get(f"{url}?do=not-meant").text)
    assert form == NOT_MEANT_FORM
    answer = browser.post(f"{url}?do=not-meant", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/not-meant")
    assert "Thank you for saying so" in words_of(browser.get("/not-meant").text)
    return scene.deliver_all(now)


def statuses(scene: Scene, urls: list[str], now: datetime = LATER) -> set[int]:
    return {scene.browser(now).get(url).status_code for url in urls}


@pytest.mark.parametrize("letter", ["a", "h"])
def test_looking_at_the_question_changes_nothing(scene: Scene, homework: SentMail, letter: str) -> None:
    before = scene.app.database.fingerprint()
    page = scene.browser(LATER).get(f"{homework.pages(letter)[0]}?do=not-meant").text

    assert page.count("<button") == 1
    assert "Write down" not in page
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize("letter", ["a", "h"])
def test_every_link_of_the_clients_closes_and_the_coach_is_told(scene: Scene, homework: SentMail, letter: str) -> None:
    (told,) = say(scene, homework.pages(letter)[0])

    assert (told.recipient, told.subject) == (ANNA, "Somebody else has mail for Jane Doe")
    assert JANE in told.text
    assert "counts as not delivered" in told.words
    assert statuses(scene, [*homework.pages("a"), *homework.pages("h")]) == {404}
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.FAILED
    assert scene.planned(OutboundKind.HOMEWORK).reason == NOT_MEANT


def test_it_is_said_once(scene: Scene, homework: SentMail) -> None:
    say(scene, homework.pages("a")[0])
    browser = scene.browser(LATER)
    before = scene.app.database.fingerprint()
    for url in (*homework.pages("a"), *homework.pages("h")):
        assert browser.post(url, data=NOT_MEANT_FORM).status_code == 404

    assert scene.app.database.fingerprint() == before
    assert len(scene.outbox(OutboundKind.NOT_MEANT)) == 1


def test_signed_in_devices_and_subscriptions_close_too(scene: Scene, homework: SentMail) -> None:
    device = signed_in(scene, homework)
    address = subscribe(device)
    say(scene, homework.pages("a")[0])

    assert device.get("/my").status_code == 403
    assert statuses(scene, [address]) == {404}


def test_a_fresh_link_that_nobody_asked_for_says_it_too(scene: Scene, homework: SentMail) -> None:
    scene.browser(LATER).post(homework.pages("h")[0], data={"do": "fresh"})
    link = scene.deliver_all(LATER)[-1].pages("f")[0]

    assert [mail.recipient for mail in say(scene, link)] == [ANNA]
    assert statuses(scene, [link, *homework.pages("a")]) == {404}


def test_what_waits_for_the_client_is_held_and_the_receipt_says_why(scene: Scene, homework: SentMail) -> None:
    (receipt,) = scene.send_note(note(AGAIN, date=LATER), LATER)
    say(scene, homework.pages("a")[0])

    assert scene.deliver_all(LATER + HOLD) == []
    waiting = scene.outbox(OutboundKind.HOMEWORK)[-1]
    assert (waiting.state, waiting.reason) == (OutboundState.HELD, f"mail to {JANE}: {NOT_MEANT}")
    page = words_of(scene.browser(LATER).get(receipt.pages("n")[0]).text)
    assert "whoever reads mail to this address says that it was not meant for them" in page
    assert "Mail server" not in page
    (later,) = scene.send_note(note(AGAIN.replace("Sam", "Kim"), date=LATER + HOLD), LATER + HOLD)
    assert f"whoever reads mail to {JANE} says that it was not meant for them" in later.words


def test_no_fresh_link_goes_to_that_address(scene: Scene, homework: SentMail) -> None:
    say(scene, homework.pages("a")[0])
    answer = scene.browser(LATER).post(homework.pages("a")[0], data={"do": "fresh"})

    assert answer.headers["location"] == f"{URL}/fresh"
    assert scene.deliver_all(LATER) == []


def test_coach_who_knows_better_sends_it_again_with_links_that_work(scene: Scene, homework: SentMail) -> None:
    (told,) = say(scene, homework.pages("a")[0])
    url = next(link for link in told.links if link.endswith("?do=send"))
    scene.browser(LATER).post(url, data={"do": "send"})
    (again,) = scene.deliver_all(LATER)

    assert again.recipient == JANE
    assert statuses(scene, [*again.pages("a"), *again.pages("h")]) == {200}
    assert statuses(scene, homework.pages("a")) == {404}
    assert len(say(scene, again.pages("a")[0], LATER + HOLD)) == 1, "said anew, the coach hears it anew"


def test_coach_gives_it_to_the_right_client(scene: Scene, homework: SentMail) -> None:
    (told,) = say(scene, homework.pages("a")[0])
    form = {"do": "choose", "candidate": candidate(scene, "tom-before")}
    scene.browser(LATER).post(told.pages("n")[0], data=form)

    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == [TOM]


def test_review_says_that_it_was_not_delivered(scene: Scene, homework: SentMail) -> None:
    say(scene, homework.pages("a")[0])

    review = scene.deliver_all(JANE_NEXT - LEAD)[-1]

    assert "Not delivered" in review.text


def test_homework_that_was_answered_stays_delivered_and_the_coach_hears_that(scene: Scene, homework: SentMail) -> None:
    scene.answer(homework.pages("a")[0], LATER, answer="done", reflection="It was hard.")
    (told,) = say(scene, homework.pages("a")[1])

    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.SENT
    assert "Somebody answered this homework before" in told.words
    assert "It was hard." not in told.text
    assert scene.actions()[0].answer is not None


def test_link_of_an_action_that_was_carried_over_is_about_the_homework_that_came_last(
    scene: Scene, homework: SentMail
) -> None:
    scene.answer(homework.pages("a")[1], LATER, answer="done")
    second = scene.send_homework(note(AGAIN, date=LATER), LATER)
    carried = homework.pages("a")[0]
    assert carried in second.pages("a")
    say(scene, carried, LATER + HOLD)

    states = [mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)]
    assert states == [OutboundState.SENT, OutboundState.FAILED]


def test_links_of_the_address_before_a_correction_blame_nobody(scene: Scene, homework: SentMail) -> None:
    """Whoever reads that address could otherwise stop the mail of the right one."""
    with scene.app.database.read() as tx:
        jane = clients.with_address(tx, 1, JANE)
    assert jane is not None
    change_address(scene.app.database, jane.id, "jane@new.example", LATER)
    assert statuses(scene, [*homework.pages("a"), *homework.pages("h")], LATER) == {404}

    again = scene.send_homework(note(AGAIN, date=LATER), LATER)

    assert again.recipient == "jane@new.example"
    assert statuses(scene, again.pages("a"), LATER + HOLD) == {200}


def test_another_clients_links_stay_open(scene: Scene, homework: SentMail) -> None:
    tom = scene.send_homework(note("Actions:\n- Write to Sam\n", subject="Tom Okafor"))
    say(scene, homework.pages("a")[0])

    assert statuses(scene, [*tom.pages("a"), *tom.pages("h")]) == {200}


def test_the_way_to_get_no_more_mail_stays_open(scene: Scene, homework: SentMail) -> None:
    say(scene, homework.pages("a")[0])

    assert statuses(scene, homework.pages("u")) == {200}


def test_a_wrong_link_and_a_form_from_elsewhere_close_nothing(scene: Scene, homework: SentMail) -> None:
    url = homework.pages("a")[0]
    (receipt,) = (mail for mail in scene.send_note(note(AGAIN, date=LATER), LATER) if mail.recipient == ANNA)
    before = scene.app.database.fingerprint()
    browser = scene.browser(LATER)
    for wrong in (tampered(url), url.replace("/a/", "/h/"), *receipt.pages("n"), *homework.pages("u")):
        browser.post(wrong, data=NOT_MEANT_FORM)
    browser.post(url, data=NOT_MEANT_FORM, headers={"Origin": "https://evil.example"})

    assert scene.app.database.fingerprint() == before
