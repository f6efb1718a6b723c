"""Each way that something was once lost without anybody hearing of it."""

from __future__ import annotations

from datetime import timedelta

from tests.scene import (
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    Event,
    Scene,
    hidden_fields,
    note,
    reply_to,
    words_of,
)

LATER = NOW + timedelta(hours=1)
THIRD = JANE_NEXT + timedelta(days=7)


def second_homework(scene: Scene) -> str:
    """The link to an action of the first homework, after the second homework carried it over."""
    scene.plan(*PRACTICE, Event("jane-third", THIRD, JANE))
    (link,) = scene.send_homework(note("Actions:\n- First thing\n")).pages("a")
    after = JANE_NEXT + timedelta(hours=1)
    scene.sync(after)
    homework = scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Second thing\n", date=after), after)
    assert link in homework.pages("a")
    return link


def test_review_has_the_answer_to_a_carried_action_that_is_done_by_now(scene: Scene) -> None:
    link = second_homework(scene)
    assert scene.answer(link, THIRD - timedelta(days=1), answer="done", reflection="I SAID NO TWICE") == 303
    scene.sync(THIRD - LEAD)
    (review,) = [m for m in scene.deliver_all(THIRD - LEAD) if m.subject.startswith("Jane Doe")]
    assert "First thing" in review.words
    assert "I SAID NO TWICE" in review.words


def test_carried_action_can_be_reflected_on_after_it_was_marked_done(scene: Scene) -> None:
    link = second_homework(scene)
    day = THIRD - timedelta(days=1)
    assert scene.answer(link, day, answer="done") == 303
    assert scene.answer(link, day, answer="done", reflection="and this is what I noticed") == 303
    assert "and this is what I noticed" in scene.browser(day).get(link).text


def test_thanks_in_reply_to_the_receipt_does_not_hide_the_answers(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    (homework,) = scene.deliver_all(NOW + HOLD)
    for link in homework.pages("a"):
        assert scene.answer(link, LATER, answer="done", reflection="I SAID NO TWICE") == 303
    scene.mail_in(reply_to(receipt, "Thanks, great!", date=LATER), LATER)
    scene.process_all(LATER)
    scene.deliver_all(LATER)
    (review,) = [m for m in scene.deliver_all(JANE_NEXT - LEAD) if m.subject.startswith("Jane Doe")]
    assert "I SAID NO TWICE" in review.words


def test_what_was_typed_too_late_is_shown_again(scene: Scene) -> None:
    (link,) = scene.send_homework(note("Actions:\n- First thing\n")).pages("a")
    form = hidden_fields(scene.browser(JANE_NEXT - timedelta(minutes=1)).get(link).text)
    late = scene.browser(JANE_NEXT + timedelta(minutes=1))
    answer = late.post(link, data=form | {"answer": "done", "reflection": "LONG TEXT"})
    assert answer.status_code == 409
    assert "LONG TEXT" in answer.text
    assert "was not saved" in words_of(answer.text)
    assert scene.app.database.count("reflections") == 0


def test_page_of_a_dropped_action_says_so_and_not_that_the_session_began(scene: Scene) -> None:
    (link,) = scene.send_homework(note("Actions:\n- First thing\n")).pages("a")
    scene.run_sql(f"UPDATE actions SET dropped_at = {int(NOW.timestamp())}")
    words = words_of(scene.browser(NOW + timedelta(days=1)).get(link).text)
    assert "took this off your list" in words
    assert "has begun" not in words


def test_page_thanks_for_nothing_that_was_not_saved(scene: Scene) -> None:
    (link,) = scene.send_homework(note("Actions:\n- First thing\n")).pages("a")
    assert "Thank you" not in words_of(scene.browser(LATER).get(f"{link}?saved=1").text)


def test_second_note_after_a_session_hides_nothing_of_the_first(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- First thing\n\nMy actions:\n- Send the article\n"))
    scene.send_homework(note("Client: Jane Doe\n\nActions:\n- One more thing\n", date=LATER), LATER)
    (review,) = [m for m in scene.deliver_all(JANE_NEXT - LEAD) if m.subject.startswith("Jane Doe")]
    assert "Send the article" in review.words
    assert "Agreed earlier" not in review.words
    assert review.words.index("First thing") < review.words.index("One more thing")
