"""The buttons of the review page: an action is carried over, dropped or done together, and can be brought back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mailflow.flows.decide import Decided
from mailflow.flows.settle import settle_action
from mailflow.model import Answer, ReviewChoice
from tests.scene import (
    FIRST,
    HOLD,
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    SECOND,
    Event,
    Scene,
    SentMail,
    candidate,
    note,
    reply_to,
    tampered,
    words_of,
)

CARRY, DROP, TOGETHER = ReviewChoice.CARRY, ReviewChoice.DROP, ReviewChoice.TOGETHER
THIRD = JANE_NEXT + timedelta(days=7)
IN_SESSION = JANE_NEXT + timedelta(minutes=10)
AFTER = JANE_NEXT + timedelta(hours=1)


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    """What Jane has, and a session of hers after the next one."""
    scene.plan(*PRACTICE, Event("jane-third", THIRD, JANE))
    return scene.send_homework(note())


@pytest.fixture
def url(scene: Scene, homework: SentMail) -> str:
    """Anna's link to the review before Jane's next session."""
    scene.answer(homework.pages("a")[0], NOW + HOLD, answer="partly", reflection="ONE OF TWO")
    return scene.deliver_all(JANE_NEXT - LEAD)[-1].pages("r")[0]


def settle(scene: Scene, url: str, choice: ReviewChoice, action_id: int = 1, now: datetime = IN_SESSION) -> Decided:
    token = url.rpartition("/")[2]
    return settle_action(scene.app.database, token, action_id, choice, scene.app.site.key, now)


def agree_anew(scene: Scene, text: str = "Actions:\n- Rest\n") -> SentMail:
    """The homework after the session of the review."""
    scene.sync(AFTER)
    return scene.send_homework(note(text, date=AFTER), AFTER)


def review_of_third(scene: Scene) -> SentMail:
    scene.sync(THIRD - LEAD)
    return next(mail for mail in scene.deliver_all(THIRD - LEAD) if mail.pages("r"))


# --- The three choices ---------------------------------------------------------------------------


def test_done_together_is_the_coachs_word_and_keeps_the_clients(scene: Scene, url: str) -> None:
    assert settle(scene, url, TOGETHER) is Decided.DONE
    action = scene.actions()[0]
    assert (action.answer, action.open, action.together_at) == (Answer.DONE, False, IN_SESSION)
    page = words_of(scene.browser(IN_SESSION).get(url).text)
    assert f"Done together {FIRST} Answered before: Partly ONE OF TWO" in page
    assert scene.app.database.count("reflections") == 1


def test_what_was_done_together_is_not_carried_over(scene: Scene, url: str) -> None:
    settle(scene, url, TOGETHER)
    update = agree_anew(scene)
    assert FIRST not in update.text
    assert SECOND in update.text.partition("Still open")[2]


def test_next_review_says_that_it_was_done_together(scene: Scene, url: str) -> None:
    settle(scene, url, TOGETHER, 2)
    agree_anew(scene)
    review = review_of_third(scene)
    assert f"Done together: {SECOND}" in review.words
    assert "Answered before" not in review.words.partition(SECOND)[2]
    page = scene.browser(THIRD - LEAD).get(review.pages("r")[0]).text
    assert f"Done together {SECOND}" in words_of(page)
    assert settle(scene, review.pages("r")[0], CARRY, 2, THIRD - LEAD) is Decided.DONE
    assert scene.actions()[1].together_at == IN_SESSION, "only the page on which it was said can take it back"


def test_what_was_done_together_last_time_says_nothing_about_this_time(scene: Scene, url: str) -> None:
    settle(scene, url, TOGETHER, 1)
    settle(scene, url, TOGETHER, 2)
    agree_anew(scene)
    assert "No answer is not the same as not done: ask how it went." in review_of_third(scene).words


@pytest.mark.parametrize("choice", [DROP, TOGETHER])
def test_same_button_twice_changes_nothing(scene: Scene, url: str, choice: ReviewChoice) -> None:
    assert settle(scene, url, choice) is Decided.DONE
    assert not scene.actions()[0].open
    before = scene.app.database.fingerprint()
    assert settle(scene, url, choice, now=IN_SESSION + timedelta(minutes=1)) is Decided.DONE
    assert scene.app.database.fingerprint() == before


def test_carrying_over_what_is_open_changes_nothing(scene: Scene, url: str) -> None:
    before = scene.app.database.fingerprint()
    assert settle(scene, url, CARRY) is Decided.DONE
    assert scene.app.database.fingerprint() == before


def test_what_the_client_has_done_is_not_the_coachs_to_settle(scene: Scene, homework: SentMail) -> None:
    scene.answer(homework.pages("a")[0], NOW + HOLD, answer="done")
    url = scene.deliver_all(JANE_NEXT - LEAD)[-1].pages("r")[0]
    before = scene.app.database.fingerprint()
    for choice in ReviewChoice:
        settle(scene, url, choice)
    assert scene.app.database.fingerprint() == before
    page = scene.browser(IN_SESSION).get(url).text
    assert page.count('<form class="settle"') == 1


# --- Bringing back -------------------------------------------------------------------------------


@pytest.mark.parametrize(("action_id", "said"), [(1, Answer.PARTLY), (2, None)])
@pytest.mark.parametrize("choices", [(DROP,), (TOGETHER,), (DROP, TOGETHER), (TOGETHER, DROP)])
def test_what_was_closed_is_brought_back_as_it_was(
    scene: Scene, url: str, choices: tuple[ReviewChoice, ...], action_id: int, said: Answer | None
) -> None:
    before = scene.actions()
    for choice in choices:
        assert settle(scene, url, choice, action_id) is Decided.DONE
        assert not scene.actions()[action_id - 1].open
        assert before[action_id - 1].text in words_of(scene.browser(IN_SESSION).get(url).text)
    assert settle(scene, url, CARRY, action_id) is Decided.DONE
    assert scene.actions()[action_id - 1].answer is said
    assert scene.actions() == before


@pytest.mark.parametrize("choice", ReviewChoice)
def test_nothing_is_settled_once_the_next_session_has_begun(scene: Scene, url: str, choice: ReviewChoice) -> None:
    settle(scene, url, DROP)
    scene.sync(THIRD)
    before = scene.app.database.fingerprint()
    assert settle(scene, url, choice, now=THIRD) is Decided.TOO_LATE
    assert settle(scene, url, choice, 2, now=THIRD) is Decided.TOO_LATE
    assert scene.app.database.fingerprint() == before
    browser = scene.browser(THIRD)
    assert "<form" not in browser.get(url).text
    answer = browser.post(url, data={"do": choice, "action": "2"})
    assert "so nothing was changed" in words_of(browser.get(answer.headers["location"]).text)


def test_what_a_note_dropped_is_not_brought_back_by_the_page(scene: Scene, url: str) -> None:
    agree_anew(scene, "Drop: 2\n\nActions:\n- Rest\n")
    assert scene.actions()[1].dropped_at is not None
    before = scene.app.database.fingerprint()
    for choice in ReviewChoice:
        settle(scene, url, choice, 2, AFTER)
    assert scene.app.database.fingerprint() == before


def test_page_does_not_take_what_was_agreed_in_the_session_for_something_older(scene: Scene, url: str) -> None:
    agree_anew(scene)
    page = words_of(scene.browser(AFTER + HOLD).get(url).text)
    assert SECOND in page
    assert "Rest" not in page


def test_cards_keep_their_places_whatever_is_pressed(scene: Scene, url: str) -> None:
    agree_anew(scene)
    third = review_of_third(scene).pages("r")[0]
    for choice in (TOGETHER, DROP):
        settle(scene, third, choice, 2, THIRD)
        page = words_of(scene.browser(THIRD).get(third).text)
        assert page.index("Rest") < page.index(FIRST) < page.index(SECOND)


# --- With what else happens ----------------------------------------------------------------------


def test_answer_that_comes_after_it_counts_and_takes_the_coachs_word_away(
    scene: Scene, homework: SentMail, url: str
) -> None:
    before_session = JANE_NEXT - timedelta(hours=1)
    settle(scene, url, TOGETHER, now=before_session)
    scene.answer(homework.pages("a")[0], before_session + timedelta(minutes=5), answer="not_done")
    action = scene.actions()[0]
    assert (action.answer, action.together_at, action.settled_in) == (Answer.NOT_DONE, None, None)


def test_mail_that_was_written_before_it_keeps_its_words_and_not_the_state(
    scene: Scene, homework: SentMail, url: str
) -> None:
    before_session = JANE_NEXT - timedelta(minutes=30)
    settle(scene, url, TOGETHER, now=before_session)
    reply = reply_to(homework, "1: not done, no time", sender=JANE, date=JANE_NEXT - timedelta(hours=1))
    scene.send_note(reply, before_session + timedelta(minutes=5))
    action = scene.actions()[0]
    assert (action.answer, action.together_at) == (Answer.DONE, before_session)
    page = words_of(scene.browser(IN_SESSION).get(url).text)
    assert "Answered before: Not done" in page
    assert "no time" in page


def test_correction_that_lists_it_again_opens_what_the_page_dropped(scene: Scene) -> None:
    scene.plan(JANE_BEFORE, Event("jane-next", NOW + timedelta(hours=3), JANE))
    (receipt,) = scene.send_note(note())
    scene.deliver_all(NOW + HOLD)
    (review,) = [mail for mail in scene.deliver_all(NOW + timedelta(hours=1)) if mail.pages("r")]
    later = NOW + timedelta(hours=2)
    settle(scene, review.pages("r")[0], DROP, now=later)
    scene.send_note(reply_to(receipt, f"Actions:\n- {FIRST}\n- {SECOND}\n", date=later), later)
    action = scene.actions()[0]
    assert (action.dropped_at, action.settled_in) == (None, None)


def test_what_was_settled_with_one_client_is_open_with_another(scene: Scene) -> None:
    """The homework never went: it is held, and given to Tom after Jane's session."""
    (receipt,) = scene.send_note(note())
    browser = scene.browser(NOW)
    browser.post(receipt.pages("n")[0], data={"do": "hold"})
    review = next(mail for mail in scene.deliver_all(JANE_NEXT - LEAD) if mail.pages("r"))
    settle(scene, review.pages("r")[0], TOGETHER, 1)
    settle(scene, review.pages("r")[0], DROP, 2)
    browser.post(receipt.pages("n")[0], data={"do": "choose", "candidate": candidate(scene, "tom-before")})
    assert [action.open for action in scene.actions()] == [True, True]
    assert {action.settled_in for action in scene.actions()} == {None}


# --- Whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ReviewChoice)
def test_review_settles_no_action_of_another_client(scene: Scene, url: str, choice: ReviewChoice) -> None:
    later = JANE_NEXT - LEAD
    scene.send_note(note("Actions:\n- Write to Sam\n", subject="Tom Okafor", date=later), later)
    (toms,) = scene.actions(2)
    before = scene.app.database.fingerprint()
    assert settle(scene, url, choice, toms.id) is Decided.GONE
    assert settle(scene, url, choice, 999) is Decided.GONE
    assert settle(scene, tampered(url), choice) is Decided.GONE
    assert scene.app.database.fingerprint() == before


def test_note_link_settles_nothing(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    assert settle(scene, receipt.pages("n")[0], DROP) is Decided.GONE
