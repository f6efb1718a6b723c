"""The form for a note's actions: a correction that came by the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from mailflow.errors import UnknownOutcomeError
from mailflow.mailers import Envelope
from mailflow.model import AdviceKind, Answer, DueKind, OutboundKind, OutboundState
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
    note,
    reply_to,
    words_of,
)

TEXT = "Summary: You want a small team.\n\nActions:\n- Call Sam by Friday\n- Book the GP\n- Read chapter 3\n"
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def receipt(scene: Scene) -> SentMail:
    (receipt,) = scene.send_note(note(TEXT))
    return receipt


def fields(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    tree = LexborHTMLParser(page)
    found = {str(n.attributes["name"]): n.attributes["value"] or "" for n in tree.css("form input[type=hidden]")}
    return found | {str(n.attributes["name"]): n.text() for n in tree.css("form textarea")}


def open_form(scene: Scene, receipt: SentMail, now: datetime = SOON) -> dict[str, str]:
    """By the link in the receipt."""
    (link,) = [link for link in receipt.links if link.endswith("?do=edit")]
    answer = scene.browser(now).get(link)
    assert answer.status_code == 200
    return fields(answer.text)


def save(scene: Scene, receipt: SentMail, form: dict[str, str], now: datetime = SOON) -> tuple[int, str]:
    """The status, and the page that the browser shows then."""
    browser, url = scene.browser(now), receipt.pages("n")[0]
    answer = browser.post(f"{url}?do=edit", data=form)
    page = browser.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text
    return answer.status_code, page


def texts(scene: Scene, note_id: int = 1) -> list[str]:
    return [action.text for action in scene.actions(note_id) if action.dropped_at is None]


# --- Before it goes ------------------------------------------------------------------------------


def test_form_has_a_row_for_each_action_and_empty_ones(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    rows = [form[f"text-{number}"] for number in range(1, 6)]
    assert rows == ["Call Sam by Friday", "Book the GP", "Read chapter 3", "", ""]
    assert form["summary"] == "You want a small team."


def test_edited_actions_go_and_the_hold_begins_anew(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    status, page = save(scene, receipt, form | {"text-2": "Book the GP by Monday", "remove-3": "1", "text-4": "Walk"})
    assert status == 303
    assert "Saved. This is what I understood." in words_of(page)
    assert "It goes on Monday 23 November at 17:15." in words_of(page)
    assert "By Monday 30 November" in words_of(page)
    assert scene.deliver_all(NOW + HOLD) == []
    (homework,) = scene.deliver_all(SOON + HOLD)
    assert homework.recipient == JANE
    assert "2. Book the GP by Monday" in homework.text
    assert "3. Walk" in homework.text
    assert "chapter 3" not in homework.text
    assert "You want a small team." in homework.text


def test_days_are_resolved_as_of_the_note_in_the_coachs_zone(scene: Scene) -> None:
    """Written at 23:30 on Monday in Berlin, when in UTC and a little later in Berlin it is another day."""
    written = NOW.replace(hour=22, minute=30)
    scene.sync(written)
    (receipt,) = scene.send_note(note("Client: Jane\n\nActions:\n- Call Sam\n", date=written), written)
    tuesday = written + timedelta(hours=1)
    form = open_form(scene, receipt, tuesday)
    save(scene, receipt, form | {"text-1": "Call Sam by tomorrow"}, tuesday)
    due = scene.actions()[0].due
    assert (due.kind, due.on) == (DueKind.DATE, date(2026, 11, 24))


def test_advice_is_given_anew(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    _, page = save(scene, receipt, form | {"text-1": "Think about the budget by Friday", "text-2": "Walk by Monday"})
    assert [advice.kind for advice in scene.actions()[0].advice] == [AdviceKind.VAGUE]
    assert "“Think about” leaves open what doing it looks like." in words_of(page)
    assert "This is a long list" in words_of(page)


def test_steps_plans_and_reasons_stay_where_nobody_touched_them(scene: Scene) -> None:
    text = "Actions:\n- Call Sam\n  - the numbers\n  - Why: he knows\n- 3 - 5 squats every day\n"
    (receipt,) = scene.send_note(note(text))
    before = scene.actions()
    form = open_form(scene, receipt)
    assert form["text-1"] == "Call Sam\nWhy: he knows\n- the numbers"
    save(scene, receipt, form | {"text-3": "Walk"})
    kept = scene.actions()[:2]
    assert [(a.text, a.due, a.steps, a.why) for a in kept] == [(a.text, a.due, a.steps, a.why) for a in before]


def test_summary_is_edited_and_the_private_note_stays(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(f"She seemed tired.\n\n{TEXT}\nMy actions:\n- Send the article\n"))
    before = scene.note()
    save(scene, receipt, open_form(scene, receipt) | {"summary": "Two\r\nlines"})
    after = scene.note()
    assert after.summary == "Two\nlines"
    assert (after.text, after.coach_actions) == (before.text, before.coach_actions)


def test_what_is_held_stays_held(scene: Scene, receipt: SentMail) -> None:
    scene.browser(SOON).post(receipt.pages("n")[0], data={"do": "hold"})
    form = open_form(scene, receipt)
    save(scene, receipt, form | {"text-1": "Call Tom"})
    assert scene.deliver_all(NOW + timedelta(days=1)) == []
    assert texts(scene)[0] == "Call Tom"


def test_note_whose_client_is_asked_for_can_be_edited_and_goes_to_nobody(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note(TEXT))
    url = question.pages("n")[0]
    browser = scene.browser(SOON)
    form = fields(browser.get(f"{url}?do=edit").text)
    assert browser.post(url, data=form | {"text-1": "Call Tom"}).status_code == 303
    assert scene.deliver_all(SOON + HOLD) == []
    browser.post(url, data={"do": "choose", "candidate": candidate(scene, "tom-today")})
    (homework,) = scene.deliver_all(SOON + HOLD)
    assert (homework.recipient, "Call Tom" in homework.text) == (TOM, True)


def test_correction_by_mail_that_is_older_than_the_edit_is_left_out(scene: Scene, receipt: SentMail) -> None:
    save(scene, receipt, open_form(scene, receipt) | {"text-1": "Call Tom"})
    overtaken = reply_to(receipt, "Actions:\n- Rest\n", date=SOON - timedelta(minutes=1))
    (told,) = scene.send_note(overtaken, SOON + timedelta(minutes=1))
    assert "An older correction of yours arrived after a newer one." in told.words
    assert texts(scene)[0] == "Call Tom"


# --- After it went -------------------------------------------------------------------------------


def test_after_the_homework_went_an_edit_is_an_update(scene: Scene, receipt: SentMail) -> None:
    (homework,) = scene.deliver_all(NOW + HOLD)
    form = open_form(scene, receipt, LATER)
    edit = {"text-1": "Call Sam by Monday", "remove-2": "1", "text-4": "Walk every day"}
    assert save(scene, receipt, form | edit, LATER)[0] == 303
    assert scene.deliver_all(LATER) == []
    (update,) = scene.deliver_all(LATER + HOLD)
    assert update.subject.startswith("Changed: your homework")
    assert "1. [Changed] Call Sam by Monday" in update.text
    assert "2. Read chapter 3" in update.text
    assert "3. [New] Walk every day" in update.text
    assert "No longer on the list: - Book the GP" in update.words
    sam, _, chapter = homework.pages("a")
    assert update.pages("a")[:2] == [sam, chapter]


def test_action_with_an_answer_is_no_field_and_can_not_be_edited_away(scene: Scene, receipt: SentMail) -> None:
    (homework,) = scene.deliver_all(NOW + HOLD)
    scene.answer(homework.pages("a")[0], NOW + HOLD, answer="partly", reflection="SAM WAS OUT")
    form = open_form(scene, receipt, LATER)
    assert form["keep-1"] == str(scene.actions()[0].id)
    assert "text-1" not in form
    del form["keep-1"]
    save(scene, receipt, form | {"remove-1": "1", "text-2": "Book the GP today"}, LATER)
    assert texts(scene) == ["Book the GP today", "Read chapter 3", "Call Sam by Friday"]
    assert scene.actions()[2].answer is Answer.PARTLY


def test_answer_while_the_form_was_open_is_shown_before_anything_is_saved(scene: Scene, receipt: SentMail) -> None:
    (homework,) = scene.deliver_all(NOW + HOLD)
    form = open_form(scene, receipt, LATER)
    scene.answer(homework.pages("a")[0], LATER, answer="partly", reflection="SAM WAS OUT")
    status, page = save(scene, receipt, form | {"text-1": "Call Tom by Monday"}, LATER)
    assert status == 409
    again = fields(page)
    assert "Call Tom by Monday" in again.values()
    assert again["keep-4"] == str(scene.actions()[0].id)
    assert save(scene, receipt, again, LATER)[0] == 303
    answers = {action.text: action.answer for action in scene.actions() if action.dropped_at is None}
    assert (answers["Call Sam by Friday"], answers["Call Tom by Monday"]) == (Answer.PARTLY, None)


def test_what_was_ticked_off_stays_so(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- [x] Call Sam\n- Book the GP\n"))
    save(scene, receipt, open_form(scene, receipt) | {"text-2": "Book the GP today"})
    assert [(a.text, a.answer) for a in scene.actions()] == [("Call Sam", Answer.DONE), ("Book the GP today", None)]


# --- Twice, and in two tabs ----------------------------------------------------------------------


def test_same_form_sent_twice_is_saved_once(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt) | {"text-1": "Call Tom by Friday"}
    assert save(scene, receipt, form)[0] == 303
    before = scene.app.database.fingerprint()
    assert save(scene, receipt, form, SOON + timedelta(minutes=1))[0] == 303
    assert scene.app.database.fingerprint() == before


def test_saving_what_nobody_touched_changes_nothing(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    before = scene.app.database.fingerprint()
    assert save(scene, receipt, form)[0] == 303
    assert scene.app.database.fingerprint() == before


def test_form_after_back_replaces_what_it_saved(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    save(scene, receipt, form | {"text-1": "Call Tom"})
    assert save(scene, receipt, form | {"text-1": "Call Zoe"})[0] == 303
    assert texts(scene)[0] == "Call Zoe"


@pytest.mark.parametrize("by_mail", [False, True])
def test_later_save_does_not_overwrite_what_it_has_not_seen(scene: Scene, receipt: SentMail, by_mail: bool) -> None:
    first, second = open_form(scene, receipt), open_form(scene, receipt)
    if by_mail:
        scene.send_note(reply_to(receipt, "Actions:\n- Call Tom\n", date=SOON), SOON)
    else:
        save(scene, receipt, first | {"text-1": "Call Tom"})
    before = scene.app.database.fingerprint()
    status, page = save(scene, receipt, second | {"text-1": "Call Zoe", "summary": "<b>Mine</b>"})
    assert status == 409
    assert scene.app.database.fingerprint() == before
    assert "Call Tom" in words_of(page).partition("What is saved now")[2]
    again = fields(page)
    assert (again["text-1"], again["summary"]) == ("Call Zoe", "<b>Mine</b>")
    assert save(scene, receipt, again)[0] == 303, "now it was seen"
    assert texts(scene)[0] == "Call Zoe"


def test_form_that_was_overtaken_does_not_come_back_by_a_second_click(scene: Scene, receipt: SentMail) -> None:
    """Saved here, then corrected by mail: the click that comes late is not the last word."""
    form = open_form(scene, receipt) | {"text-1": "Call Tom"}
    save(scene, receipt, form)
    scene.send_note(reply_to(receipt, "Actions:\n- Rest\n", date=SOON), SOON)
    assert save(scene, receipt, form)[0] == 409
    assert texts(scene) == ["Rest"]


def test_note_that_became_anothers_meanwhile_is_not_edited_unseen(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    save(scene, receipt, form | {"text-1": "Call Sam"})
    choose = {"do": "choose", "candidate": candidate(scene, "tom-before")}
    scene.browser(SOON).post(receipt.pages("n")[0], data=choose)
    assert scene.client_of() == TOM
    assert save(scene, receipt, form | {"text-1": "Call Zoe"})[0] == 409


def test_action_whose_answer_was_taken_back_meanwhile_is_not_lost(scene: Scene, receipt: SentMail) -> None:
    scene.deliver_all(NOW + HOLD)
    review = scene.deliver_all(JANE_NEXT - LEAD)[-1].pages("r")[0]
    early = JANE_NEXT - LEAD
    browser = scene.browser(early)
    browser.post(review, data={"do": "together", "action": "1"})
    form = open_form(scene, receipt, early)
    assert form["keep-1"] == "1"
    browser.post(review, data={"do": "carry", "action": "1"})
    status, page = save(scene, receipt, form | {"text-2": "Book the GP today"}, early)
    assert status == 409
    assert fields(page)["text-1"] == "Call Sam by Friday"


# --- What is not saved ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"text-1": "", "remove-2": "1", "text-3": " "}, "No action would be left."),
        ({"text-1": "x" * 5001}, "longer than I can take"),
        ({"summary": "x" * 10_001}, "longer than I can take"),
        ({f"text-{number}": "Walk" for number in range(1, 102)}, "longer than I can take"),
    ],
)
def test_what_can_not_be_saved_stays_in_the_form(
    scene: Scene, receipt: SentMail, typed: dict[str, str], says: str
) -> None:
    form = open_form(scene, receipt) | {"text-4": "A new one", "summary": "Typed & kept"} | typed
    if not any(form[f"text-{number}"].strip() for number in (1, 3)):
        form["text-4"] = ""
    before = scene.app.database.fingerprint()
    status, page = save(scene, receipt, form)
    assert status == 422
    assert says in words_of(page)
    assert scene.app.database.fingerprint() == before
    kept = fields(page)
    assert kept["summary"] == form["summary"]
    assert [kept[name] for name in kept if name.startswith("text-") and kept[name]] == [
        form[name] for name in form if name.startswith("text-") and form[name].strip()
    ]
    assert (kept["version"], kept["form_id"]) == (form["version"], form["form_id"])
    assert page.count(" checked") == sum(name.startswith("remove-") for name in form)


def test_long_action_of_a_mail_stays_where_nobody_touched_it(scene: Scene) -> None:
    (receipt,) = scene.send_note(note(f"Actions:\n- {'word ' * 1500}\n- Walk\n"))
    status, _ = save(scene, receipt, open_form(scene, receipt) | {"text-2": "Walk today"})
    assert status == 303
    assert len(texts(scene)[0]) > 5000


def test_nothing_is_edited_once_the_next_session_has_begun(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    scene.deliver_all(NOW + HOLD)
    before = scene.app.database.fingerprint()
    status, page = save(scene, receipt, form | {"text-1": "Call Tom"}, JANE_NEXT)
    assert status == 409
    assert "The actions can't be changed any more" in words_of(page)
    assert "Call Tom" in page
    assert "<button" not in page
    assert scene.app.database.fingerprint() == before
    browser = scene.browser(JANE_NEXT)
    assert "do=edit" not in browser.get(receipt.pages("n")[0]).text
    late = browser.get(f"{receipt.pages('n')[0]}?do=edit").text
    assert "<form" not in late
    assert "Call Sam by Friday" in words_of(late)


class Lost:
    """A mailer whose connection breaks when Jane's mail may be through."""

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        raise UnknownOutcomeError("the connection broke")

    def close(self) -> None:
        pass


def test_homework_that_may_have_arrived_is_not_edited(scene: Scene, receipt: SentMail) -> None:
    form = open_form(scene, receipt)
    scene.mailer = Lost()
    scene.deliver_all(NOW + HOLD)
    before = scene.outbox(OutboundKind.HOMEWORK)
    assert before[0].perhaps_sent
    assert save(scene, receipt, form | {"text-1": "Call Tom"}, LATER)[0] == 409
    assert scene.outbox(OutboundKind.HOMEWORK) == before
    assert texts(scene)[0] == "Call Sam by Friday"


def test_client_who_wants_no_mail_gets_none_by_an_edit(scene: Scene, receipt: SentMail) -> None:
    scene.run_sql(f"UPDATE clients SET opted_out_at = {int(NOW.timestamp())} WHERE email = '{JANE}'")
    assert save(scene, receipt, open_form(scene, receipt) | {"text-1": "Call Tom"})[0] == 303
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.CANCELLED
    assert [mail for mail in scene.deliver_all(LATER) if mail.recipient != ANNA] == []


# --- Hostile words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"do": "edit"},
        {"do": "edit", "text-1": "Walk"},
        {"do": "edit", "text-1": "Walk", "version": "x" * 5000, "form_id": "<script>"},
        {"do": "edit", "keep-1": "999", "keep-2": "-1", "keep-3": "x", "text-9999": "Walk", "text-٣": "Walk"},
    ],
)
def test_form_that_nobody_rendered_changes_nothing(scene: Scene, receipt: SentMail, data: dict[str, str]) -> None:
    before = scene.app.database.fingerprint()
    assert save(scene, receipt, data)[0] in (409, 422)
    assert scene.app.database.fingerprint() == before


def test_action_of_another_note_can_not_be_kept(scene: Scene, receipt: SentMail) -> None:
    scene.send_note(note("Actions:\n- [x] Write to Sam\n", subject="Tom Okafor"))
    (toms,) = scene.actions(2)
    save(scene, receipt, open_form(scene, receipt) | {"keep-9": str(toms.id)})
    assert "Write to Sam" not in texts(scene)


def test_markup_and_control_characters_are_text(scene: Scene, receipt: SentMail) -> None:
    hostile = "</textarea><script>alert(1)</script>\x00\x1b[31m {{ 7*7 }} \u202eesrever"
    form = open_form(scene, receipt) | {"text-1": hostile, "summary": hostile}
    status, page = save(scene, receipt, form)
    assert status == 303
    pages = [page, scene.browser(SOON).get(f"{receipt.pages('n')[0]}?do=edit").text]
    pages += [mail.html for mail in scene.deliver_all(SOON + HOLD)]
    for html in pages:
        assert not LexborHTMLParser(html).css("script:not([src])")
        assert "&lt;script&gt;alert(1)" in html
        assert not {"\x00", "\x1b", "\u202e"} & set(html)


def test_log_has_no_word_of_what_was_typed(scene: Scene, receipt: SentMail, capsys: pytest.CaptureFixture[str]) -> None:
    save(scene, receipt, open_form(scene, receipt) | {"text-1": "A secret"})
    logged = capsys.readouterr().out
    assert "note.edited" in logged
    assert "secret" not in logged
