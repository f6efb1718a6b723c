"""Who sees what, and who can stop what: with a link of before, of another address, of a mail that was passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.flows.manage_clients import change_address, merge
from mailflow.model import Answer, OutboundKind, OutboundState
from mailflow.store import clients, outbox
from mailflow.web.limits import AT_ONCE
from tests.flows.test_edit import TEXT, open_form, save
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    TOM,
    Event,
    Scene,
    SentMail,
    candidate,
    hidden_fields,
    note,
)
from tests.web.test_feed import subscribe
from tests.web.test_history import fresh_link, signed_in

LATER = NOW + timedelta(hours=1)
WEEK = JANE_NEXT + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NEW = "jane@new.example"
SECRET = "I noticed that I am afraid of him."
DIVORCE = "Client: Jane Doe\n\nActions:\n- Tell Sam about the divorce\n"
WIFE = "Tell Tom's wife by Friday"


def id_of(scene: Scene, email: str) -> int:
    with scene.app.database.read() as tx:
        client = clients.with_address(tx, 1, email)
    assert client is not None
    return client.id


def with_update(scene: Scene, text: str) -> tuple[SentMail, SentMail]:
    """The homework has gone; the form adds an action an hour later: the receipt and the homework."""
    (receipt,) = scene.send_note(note(TEXT))
    (homework,) = scene.deliver_all(NOW + HOLD)
    form = open_form(scene, receipt, LATER)
    assert save(scene, receipt, form | {"text-4": text}, LATER)[0] == 303
    return receipt, homework


def test_reader_of_the_address_before_sees_nothing_more(scene: Scene) -> None:
    device = signed_in(scene, scene.send_homework(note()))
    change_address(scene.app.database, id_of(scene, JANE), NEW, LATER)
    again = scene.send_homework(note(DIVORCE, date=LATER), LATER)
    assert again.recipient == NEW
    assert "divorce" not in device.get("/my").text


def test_feed_and_fresh_link_of_the_address_before_close(scene: Scene) -> None:
    homework = scene.send_homework(note())
    device = signed_in(scene, homework)
    feed = subscribe(device)
    later = LATER + timedelta(hours=1)
    link = fresh_link(scene, homework, later)
    change_address(scene.app.database, id_of(scene, JANE), NEW, later)
    assert [scene.browser(later).get(feed).status_code, scene.browser(later).post(link).status_code] == [404, 404]


def test_reader_of_the_address_before_stops_no_mail_of_the_right_one(scene: Scene) -> None:
    homework = scene.send_homework(note())
    change_address(scene.app.database, id_of(scene, JANE), NEW, LATER)
    again = scene.send_homework(note(DIVORCE, date=LATER), LATER)
    later = LATER + timedelta(hours=1)
    scene.browser(later).post(homework.pages("a")[0], data={"do": "not-meant"})
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.SENT
    assert scene.browser(later).get(again.pages("h")[0]).status_code == 200


def test_wrong_reader_of_a_fresh_link_gets_no_homework(scene: Scene) -> None:
    homework = scene.send_homework(note())
    change_address(scene.app.database, id_of(scene, JANE), "jan@typo.example", LATER)
    scene.browser(LATER).post(fresh_link(scene, homework), data={"do": "not-meant"})
    scene.deliver_all(LATER)
    scene.send_note(note(DIVORCE, date=LATER), LATER)
    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == []


@pytest.mark.parametrize("where", ["h", "my", "feed", "next homework"])
def test_update_that_the_coach_holds_is_seen_nowhere(scene: Scene, where: str) -> None:
    receipt, homework = with_update(scene, WIFE)
    scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "hold"})
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.HELD
    if where == "h":
        seen = scene.browser(LATER).get(homework.pages("h")[0]).text
    elif where == "my":
        seen = signed_in(scene, homework).get("/my").text
    elif where == "feed":
        seen = scene.browser(LATER).get(subscribe(signed_in(scene, homework))).text
    else:
        scene.sync(WEEK)
        scene.send_note(note(DIVORCE, date=WEEK), WEEK)
        seen = next(mail for mail in scene.deliver_all(WEEK + HOLD) if mail.recipient == JANE).text
    assert "wife" not in seen


def test_what_was_taken_out_within_the_hold_is_not_in_the_history(scene: Scene) -> None:
    receipt, homework = with_update(scene, WIFE)
    form = open_form(scene, receipt, LATER + MINUTE)
    number = next(name for name, value in form.items() if value == WIFE).removeprefix("text-")
    save(scene, receipt, form | {f"remove-{number}": "1"}, LATER + MINUTE)
    scene.deliver_all(LATER + HOLD + MINUTE)
    assert "wife" not in signed_in(scene, homework, LATER + HOLD + MINUTE).get("/my").text


def test_link_of_a_carried_action_shows_no_words_of_an_earlier_session(scene: Scene) -> None:
    link = scene.send_homework(note()).pages("a")[0]
    scene.answer(link, LATER, answer="partly", reflection=SECRET)
    scene.plan(*PRACTICE, Event("jane-third", JANE_NEXT + timedelta(days=7), JANE), now=WEEK)
    assert SECRET not in scene.browser(WEEK).get(link).text
    second = scene.send_homework(note("Actions:\n- Write to Sam\n", date=WEEK), WEEK)
    assert link in second.pages("a")
    assert SECRET not in scene.browser(WEEK + HOLD).get(link).text


@pytest.mark.parametrize("query", ["", "?saved=1"])
def test_link_of_a_forwarded_mail_shows_nothing_of_a_later_one(scene: Scene, query: str) -> None:
    link = scene.send_homework(note()).pages("a")[0]
    scene.answer(link, LATER, answer="partly")
    scene.sync(WEEK)
    scene.send_homework(note(DIVORCE, date=WEEK), WEEK)
    assert "divorce" not in scene.browser(WEEK + HOLD).get(link + query).text


def test_form_sent_again_after_an_answer_doubles_nothing(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(TEXT))
    (homework,) = scene.deliver_all(NOW + HOLD)
    form = open_form(scene, receipt, LATER) | {"text-2": "Book the GP by Monday"}
    save(scene, receipt, form, LATER)
    scene.deliver_all(LATER + HOLD)
    scene.answer(homework.pages("a")[0], LATER + HOLD, answer="done")
    save(scene, receipt, form, LATER + HOLD + MINUTE)
    said = [action.text for action in scene.actions() if action.dropped_at is None]
    assert said.count("Call Sam by Friday") == 1, said


def test_update_that_was_not_meant_can_be_given_to_another(scene: Scene) -> None:
    with_update(scene, "Walk")
    (update,) = scene.deliver_all(LATER + HOLD)
    later = LATER + timedelta(hours=1)
    scene.browser(later).post(update.pages("a")[0], data={"do": "not-meant"})
    (told,) = scene.deliver_all(later)
    form = {"do": "choose", "candidate": candidate(scene, "tom-before")}
    scene.browser(later).post(told.pages("n")[0], data=form)
    assert [mail.recipient for mail in scene.deliver_all(later + HOLD)] == [TOM]


def test_a_stranger_keeps_nobody_from_signing_out(scene: Scene) -> None:
    device = signed_in(scene, scene.send_homework(note()))
    for _ in range(AT_ONCE):
        device.post("/my", data={"do": "x"}, headers={"cookie": ""})
    assert device.post("/my", data={"do": "sign-out-everywhere"}).status_code == 303


def test_link_of_a_bounced_homework_that_was_edited_is_no_failure(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(TEXT))
    (homework,) = scene.deliver_all(NOW + HOLD)
    with scene.app.database.write() as tx:
        outbox.come_back(tx, scene.planned(OutboundKind.HOMEWORK).id, "it came back: x")
    save(scene, receipt, open_form(scene, receipt, LATER) | {"text-1": "Sell the house"}, LATER)
    assert scene.browser(LATER).get(homework.pages("a")[0]).status_code == 404


def test_what_was_settled_stays_so_where_homework_that_waits_is_edited(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(TEXT))
    scene.browser(NOW).post(receipt.pages("n")[0], data={"do": "hold"})
    review = next(mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.pages("r"))
    at = JANE_NEXT - timedelta(hours=1)
    scene.browser(at).post(review.pages("r")[0], data={"do": "together", "action": "1"})
    save(scene, receipt, open_form(scene, receipt, at) | {"text-2": "Book the GP by Monday"}, at)
    assert scene.actions()[0].together_at == at


def test_pages_of_a_merged_client_work_and_show_the_feed(scene: Scene) -> None:
    homework = scene.send_homework(note())
    device = signed_in(scene, homework)
    subscribe(device)
    merge(scene.app.database, id_of(scene, JANE), id_of(scene, TOM), LATER)
    assert 'href=""' not in scene.browser(LATER).get(homework.pages("h")[0]).text
    assert 'value="no-calendar"' in device.get("/my").text


def test_same_form_sent_again_does_not_undo_done_together(scene: Scene) -> None:
    link = scene.send_homework(note()).pages("a")[0]
    review = next(mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.pages("r"))
    at = JANE_NEXT - timedelta(hours=1)
    browser = scene.browser(at)
    form = hidden_fields(browser.get(link).text) | {"answer": "not_done"}
    browser.post(link, data=form)
    scene.browser(at + MINUTE).post(review.pages("r")[0], data={"do": "together", "action": "1"})
    scene.browser(at + 2 * MINUTE).post(link, data=form)
    assert scene.actions()[0].answer is Answer.DONE


def test_fresh_link_comes_where_the_one_of_this_hour_was_called_off(scene: Scene) -> None:
    homework = scene.send_homework(note())
    scene.browser(LATER).post(homework.pages("h")[0], data={"do": "fresh"})
    change_address(scene.app.database, id_of(scene, JANE), NEW, LATER)
    assert scene.deliver_all(LATER) == []
    scene.browser(LATER).post(homework.pages("h")[0], data={"do": "fresh"})
    assert [mail.recipient for mail in scene.deliver_all(LATER)] == [NEW]


def test_coach_hears_of_a_fresh_link_that_was_not_meant_after_a_bounce(scene: Scene) -> None:
    link = fresh_link(scene, scene.send_homework(note()))
    with scene.app.database.write() as tx:
        outbox.come_back(tx, scene.planned(OutboundKind.HOMEWORK).id, "it came back: x")
    scene.browser(LATER).post(link, data={"do": "not-meant"})
    assert [mail.recipient for mail in scene.deliver_all(LATER)] == [ANNA]
