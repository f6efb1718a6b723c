"""Actions and the reflections on them: an answer saved twice is one answer, what is open stays open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from mailflow.model import (
    Action,
    Advice,
    AdviceKind,
    Answer,
    Due,
    DueKind,
    Note,
    NoteAction,
    OutboundKind,
    OutboundState,
    Reflection,
)
from mailflow.store import actions, outbox
from mailflow.store.database import Database
from mailflow.store.outbox import NewEmail
from tests.builders import DAY, HOUR, JANE, NOW, TOM, note, store_note


def answer(
    database: Database,
    action_id: int,
    given: Answer = Answer.PARTLY,
    text: str = "",
    *,
    form: str = "form-1",
    at: datetime = NOW,
) -> None:
    with database.write() as tx:
        actions.save_reflection(
            tx,
            Reflection(id=0, action_id=action_id, answer=given, text=text, obstacle="", form_id=form, saved_at=at),
        )


def latest(database: Database, *ids: int) -> dict[int, str]:
    with database.read() as tx:
        return {key: found.text for key, found in actions.latest_reflections(tx, ids).items()}


def of_note(database: Database, note_id: int = 1) -> list[Action]:
    with database.read() as tx:
        return actions.of_note(tx, note_id)


def open_texts(database: Database, before: int | None = None) -> list[str]:
    with database.read() as tx:
        older_than = None if before is None else replace(note(session_id=None), id=before)
        return [action.text for action in actions.still_open(tx, JANE.id, older_than)]


def test_action_is_stored_with_everything_that_was_understood(practice: Database) -> None:
    stored = store_note(practice, [])
    written = NoteAction(
        "Call the landlord by Friday",
        due=Due(DueKind.DATE, date(2026, 11, 27), "by Friday", ambiguous=True),
        steps=("find the number", "write down the question"),
        plan="When I have had lunch, I will call",
        why="the lease ends",
        advice=(Advice(AdviceKind.VAGUE, "think about"), Advice(AdviceKind.NO_WHEN)),
        done=True,
    )
    with practice.write() as tx:
        (action,) = actions.add_all(tx, stored, [written], NOW)

    assert of_note(practice) == [action]
    assert (action.text, action.due, action.steps, action.plan, action.why, action.advice) == (
        written.text,
        written.due,
        written.steps,
        written.plan,
        written.why,
        written.advice,
    )
    assert (action.position, action.client_id, action.answer, action.open) == (1, JANE.id, Answer.DONE, False)


def test_actions_keep_the_order_of_the_note(practice: Database) -> None:
    store_note(practice, ["zebra", "apple", "mango"])

    assert [(action.position, action.text) for action in of_note(practice)] == [
        (1, "zebra"),
        (2, "apple"),
        (3, "mango"),
    ]


def test_same_form_sent_twice_is_one_reflection(practice: Database) -> None:
    store_note(practice, ["Call"])

    answer(practice, 1, text="I called")
    answer(practice, 1, text="I called")

    assert practice.count("reflections") == 1


def test_same_form_edited_replaces_what_it_said(practice: Database) -> None:
    store_note(practice, ["Call"])

    answer(practice, 1, Answer.NOT_DONE, "No time")
    answer(practice, 1, Answer.DONE, "I called after all", at=NOW + HOUR)

    assert practice.count("reflections") == 1
    assert latest(practice, 1) == {1: "I called after all"}
    assert of_note(practice)[0].answer is Answer.DONE


def test_another_form_adds_and_the_latest_counts(practice: Database) -> None:
    store_note(practice, ["Call", "Write"])

    answer(practice, 1, text="first")
    answer(practice, 1, text="second", form="form-2", at=NOW + HOUR)
    answer(practice, 2, text="other")

    assert practice.count("reflections") == 3
    assert latest(practice, 1, 2) == {1: "second", 2: "other"}
    assert latest(practice, 2) == {2: "other"}
    assert latest(practice) == {}


def test_of_two_answers_in_one_second_the_later_one_counts(practice: Database) -> None:
    store_note(practice, ["Call"])

    answer(practice, 1, text="first")
    answer(practice, 1, text="second", form="form-2")

    assert latest(practice, 1) == {1: "second"}


def store_sent_note(
    database: Database, texts: list[str], wanted: Note | None = None, state: OutboundState = OutboundState.SENT
) -> Note:
    """A note whose homework stands in this state."""
    stored = store_note(database, texts, wanted)
    if stored.client_id is None:
        return stored
    with database.write() as tx:
        key = f"homework:{stored.id}:{stored.client_id}"
        homework = NewEmail(
            key=key,
            kind=OutboundKind.HOMEWORK,
            coach_id=stored.coach_id,
            recipient=JANE.email,
            planned_at=NOW,
            client_id=stored.client_id,
            note_id=stored.id,
        )
        outbox.plan(tx, homework)
        tx.run("UPDATE outbound_emails SET state = :state WHERE key = :key", state=state, key=key)
    return stored


@pytest.mark.parametrize(
    ("given", "is_open"), [(None, True), (Answer.PARTLY, True), (Answer.NOT_DONE, True), (Answer.DONE, False)]
)
def test_action_is_open_until_it_is_done(practice: Database, given: Answer | None, is_open: bool) -> None:
    store_sent_note(practice, ["Call"])
    if given is not None:
        answer(practice, 1, given)

    assert open_texts(practice) == (["Call"] if is_open else [])
    assert of_note(practice)[0].open is is_open


@pytest.mark.parametrize("state", [OutboundState.WAITING, OutboundState.HELD, OutboundState.CANCELLED])
def test_action_that_never_reached_the_client_is_carried_nowhere(practice: Database, state: OutboundState) -> None:
    store_sent_note(practice, ["Call"], state=state)

    assert open_texts(practice) == []


def test_action_that_the_coach_drops_is_closed_once(practice: Database) -> None:
    store_sent_note(practice, ["Call", "Write"])
    with practice.write() as tx:
        assert actions.drop(tx, 1, NOW)
        assert not actions.drop(tx, 1, NOW + HOUR)

    assert open_texts(practice) == ["Write"]
    assert of_note(practice)[0].dropped_at == NOW


def test_open_actions_come_oldest_note_first_in_the_order_of_each_note(practice: Database) -> None:
    store_sent_note(practice, ["new 1", "new 2"], note(session_id=None))
    store_sent_note(practice, ["old 1", "old 2"], note(written_at=NOW - 7 * DAY, session_id=None))
    store_sent_note(practice, ["of Tom"], note(TOM, session_id=None))
    store_sent_note(practice, ["of nobody yet"], note(None, session_id=None))

    assert open_texts(practice) == ["old 1", "old 2", "new 1", "new 2"]


def test_what_never_went_to_the_client_is_not_carried_over(practice: Database) -> None:
    store_note(practice, ["held back by the coach"])
    store_sent_note(practice, ["sent"])

    assert open_texts(practice) == ["sent"]


def test_only_older_notes_are_carried_over_beside_a_note(practice: Database) -> None:
    """Notes 1 to 3 were written in one second: the id decides, and a note is never older than itself."""
    for text in ("first", "second", "third"):
        store_sent_note(practice, [text])
    store_sent_note(practice, ["written earlier, received later"], note(written_at=NOW - DAY, session_id=None))

    assert open_texts(practice, before=2) == ["written earlier, received later", "first"]
    assert open_texts(practice, before=1) == ["written earlier, received later"]


def test_action_that_is_not_there_is_not_found(practice: Database) -> None:
    with practice.read() as tx:
        assert actions.find(tx, 999) is None
