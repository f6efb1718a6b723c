"""Notes: one for each mail, given to a client with everything in them."""

from __future__ import annotations

import sqlite3

import pytest

from mailflow.model import NoteAction, Problem, ProblemKind
from mailflow.store import actions, notes
from mailflow.store.database import Database
from tests.builders import DAY, JANE, NOW, TOM, note, session, store_note, store_session


def test_note_comes_back_as_it_was_stored(practice: Database) -> None:
    stored = store_note(practice, ["Call"])

    with practice.read() as tx:
        assert notes.get(tx, stored.id) == stored == note(session_id=None)


def test_problems_and_the_coachs_own_actions_are_kept(practice: Database) -> None:
    mail = store_note(practice, []).inbound_id
    problem = Problem(ProblemKind.UNREAD_ATTACHMENT, "winmail.dat")
    with practice.write() as tx:
        tx.run("DELETE FROM notes")
        stored = notes.add(
            tx,
            coach_id=1,
            inbound_id=mail,
            client_id=None,
            session_id=None,
            match_reason="no-session",
            written_at=NOW,
            subject="Notes",
            text="",
            summary="",
            coach_actions=["send the article"],
            problems=[problem],
        )

    assert (stored.coach_actions, stored.problems) == (("send the article",), (problem,))


def test_one_mail_gives_one_note(practice: Database) -> None:
    stored = store_note(practice, [])

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), practice.write() as tx:
        notes.add(
            tx,
            coach_id=1,
            inbound_id=stored.inbound_id,
            client_id=None,
            session_id=None,
            match_reason="",
            written_at=NOW,
            subject="",
            text="",
            summary="",
            coach_actions=[],
            problems=[],
        )


def test_note_that_is_given_to_a_client_takes_its_actions_along(practice: Database) -> None:
    stored = store_note(practice, ["Call", "Write"], note(None, session_id=None))
    of_tom = store_session(practice, session(TOM))
    with practice.write() as tx:
        notes.assign(tx, stored.id, TOM.id, of_tom.id, "coach-chose")

    with practice.read() as tx:
        after = notes.get(tx, stored.id)
        assert (after.client_id, after.session_id, after.match_reason) == (TOM.id, of_tom.id, "coach-chose")
        assert {action.client_id for action in actions.of_note(tx, stored.id)} == {TOM.id}


def test_correction_replaces_the_words_and_the_actions(practice: Database) -> None:
    stored = store_note(practice, ["Call", "Write"])
    with practice.write() as tx:
        old = {action.id for action in actions.of_note(tx, stored.id)}
        notes.rewrite(
            tx, stored.id, text="new", summary="shared", coach_actions=["mine"], problems=[], corrected_at=NOW
        )
        actions.remove_all(tx, stored.id)
        actions.add_all(tx, stored, [NoteAction("Sleep")], NOW)

    with practice.read() as tx:
        after = notes.get(tx, stored.id)
        assert (after.text, after.summary, after.coach_actions) == ("new", "shared", ("mine",))
        (action,) = actions.of_note(tx, stored.id)
        assert action.text == "Sleep"
        assert action.id not in old, "a link to an action that is gone must never open another"


def test_session_has_its_note_when_a_note_with_actions_came_for_it(practice: Database) -> None:
    store_session(practice, session(JANE, number=1))
    store_session(practice, session(TOM, number=2))
    store_session(practice, session(JANE, NOW + DAY, number=3))
    store_note(practice, ["Call"], note(session_id=1))
    store_note(practice, [], note(TOM, session_id=2))

    with practice.read() as tx:
        assert notes.sessions_with_actions(tx, [1, 2, 3], NOW) == {1}
        assert notes.sessions_with_actions(tx, [2, 3], NOW) == set()


def test_session_has_its_note_when_its_client_had_one_since_it_began(practice: Database) -> None:
    """The event became a series, or moved to another calendar: under its new key no note is attached to it."""
    store_session(practice, session(JANE, number=1))
    store_session(practice, session(JANE, number=2, uid="the same under another key"))
    store_note(practice, ["Call"], note(session_id=1))

    with practice.read() as tx:
        assert notes.sessions_with_actions(tx, [2], NOW) == {2}


def test_session_that_moved_on_after_its_note_waits_for_one_again(practice: Database) -> None:
    store_session(practice, session(JANE, number=1))
    store_note(practice, ["Call"], note(session_id=1))
    store_session(practice, session(JANE, NOW + DAY, number=1))

    with practice.read() as tx:
        assert notes.sessions_with_actions(tx, [1], NOW + 2 * DAY) == set()


def test_session_has_no_note_yet_by_one_that_was_written_after_the_note_at_hand(practice: Database) -> None:
    store_session(practice, session(JANE, number=1))
    store_session(practice, session(JANE, NOW + DAY, number=2))
    store_note(practice, ["Call"], note(written_at=NOW + 2 * DAY, session_id=2))

    with practice.read() as tx:
        assert notes.sessions_with_actions(tx, [1, 2], NOW) == {2}
        assert notes.sessions_with_actions(tx, [1, 2], NOW + 3 * DAY) == {1, 2}


def test_latest_notes_of_a_client_are_found(practice: Database) -> None:
    old = store_note(practice, ["Call"], note(written_at=NOW - 7 * DAY, session_id=None))
    store_note(practice, [], note(session_id=None))
    store_note(practice, ["Write"], note(TOM, session_id=None))

    with practice.read() as tx:
        assert notes.latest_of_client(tx, JANE.id, NOW) == old
        assert notes.latest_of_client(tx, JANE.id, NOW + DAY) == old, "one without actions hides nothing"
        assert notes.of_client_between(tx, JANE.id, NOW, NOW + DAY)
        assert notes.of_client_between(tx, JANE.id, NOW - DAY, NOW) == []
        assert notes.latest_of_client(tx, JANE.id, NOW - 30 * DAY) is None
        assert notes.latest_with_actions(tx, JANE.id) == old
