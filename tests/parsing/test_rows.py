"""A row of the form for actions is read as in a note, and comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailflow.model import Action, Due, DueKind, NoteAction
from mailflow.parsing.rows import clean, read_row, read_summary, row_text

MONDAY = date(2026, 11, 23)


def read(text: str, date_order: str = "DMY") -> NoteAction | None:
    return read_row(text, today=MONDAY, date_order=date_order)


def stored(action: NoteAction) -> Action:
    return Action(
        id=1,
        note_id=1,
        coach_id=1,
        client_id=1,
        position=1,
        text=action.text,
        due=action.due,
        steps=action.steps,
        plan=action.plan,
        why=action.why,
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_words_for_a_day_are_a_due_date() -> None:
    action = read("Call Sam by Friday")
    assert action == NoteAction("Call Sam by Friday", Due(DueKind.DATE, date(2026, 11, 27), "by Friday"))


def test_order_of_day_and_month_is_the_coachs() -> None:
    due = {order: action.due.on for order in ("DMY", "MDY") if (action := read("Call Sam by 3/12", order))}
    assert due == {"DMY": date(2026, 12, 3), "MDY": date(2027, 3, 12)}


def test_lines_below_are_steps_a_plan_and_a_reason() -> None:
    action = read("Call Sam\n- Have the numbers ready\n2) Ask about Tom\nWhy: he knows\nWhen I sit down, I will call")
    assert action is not None
    assert action.steps == ("Have the numbers ready", "Ask about Tom")
    assert action.why == "he knows"
    assert action.plan == "When I sit down, I will call"


@pytest.mark.parametrize(
    ("typed", "text", "done"),
    [
        ("- Call Sam", "Call Sam", False),
        ("[x] Call Sam", "Call Sam", True),
        ("  Call \t Sam  ", "Call Sam", False),
        ("\n\nCall Sam\n\n", "Call Sam", False),
        ("Call\x00 \x1b[31mSam\u202e", "Call [31mSam", False),
        ("Call \ud800 Sam", "Call ? Sam", False),
        ("3 - 5 squats", "3 - 5 squats", False),
        ("10. Kapitel lesen", "10. Kapitel lesen", False),
        ("Client: Tom", "Client: Tom", False),
        ("Private: she was tired", "Private: she was tired", False),
        ("Me: send the article", "Me: send the article", False),
        ("Drop: 2", "Drop: 2", False),
    ],
)
def test_row_is_an_action_whatever_its_words_look_like(typed: str, text: str, done: bool) -> None:
    action = read(typed)
    assert action is not None
    assert (action.text, action.done) == (text, done)


@pytest.mark.parametrize("typed", ["", " \n\t ", "-", "\u200b", "\x00", "-----"])
def test_row_without_words_is_none(typed: str) -> None:
    assert read(typed) is None


def test_action_is_typed_in_the_coachs_language() -> None:
    action = NoteAction("Sam anrufen", steps=("die Zahlen",), plan="morgens", why="er weiß es")
    assert row_text(stored(action), "de-AT") == "Sam anrufen\nWarum: er weiß es\nPlan: morgens\n- die Zahlen"


WORDS = st.text(st.sampled_from("ab1-*:. >|[x]"), min_size=1, max_size=12)


@example(text="1", steps=["--"], language="en")
@given(text=WORDS, steps=st.lists(WORDS, max_size=3), language=st.sampled_from(("en", "de")))
def test_what_was_read_comes_back_as_it_was(text: str, steps: list[str], language: str) -> None:
    """Whatever a step looks like: it is read once, and typed and read again it is the same."""
    action = read("\n".join([text, *(f"- {step}" for step in steps)]))
    if action is None:
        return
    again = read(row_text(stored(action), language))
    assert again is not None
    assert (again.steps, again.plan, again.why) == (action.steps, action.plan, action.why)


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    read(text)
    assert "\x00" not in read_summary(text)
    assert clean(clean(text)) == clean(text)


def test_summary_keeps_its_lines_and_the_indents_of_a_list() -> None:
    assert read_summary("  One  line \r\n\r\n- a\r\n  - b\x07\t c \n\n") == "One line\n\n- a\n  - b c"


def test_reason_that_stands_in_a_note_is_still_one_in_a_form() -> None:
    action = NoteAction("Call Sam", why="he knows", plan="When I sit down, I will call", steps=("a", "b"))
    assert read(row_text(stored(action), "en")) == replace(action)
