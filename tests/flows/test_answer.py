"""The client answers: once a form, editable until the next session, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.flows.answer import AnswerForm, Saved, save_answer
from mailflow.model import Answer
from mailflow.store import actions
from tests.scene import HOLD, JANE, JANE_NEXT, NOW, PRACTICE, Event, Scene, moved, note, tampered

LATER = NOW + timedelta(hours=1)
FORM = AnswerForm(Answer.PARTLY, "I got as far as the number.", "The queue.", "form-1")


def save(scene: Scene, url: str, form: AnswerForm = FORM, now: datetime = LATER) -> Saved:
    return save_answer(scene.app.database, url.rpartition("/")[2], form, scene.app.site.key, now)


@pytest.fixture
def url(scene: Scene) -> str:
    """Jane's link to her first action."""
    return scene.send_homework(note()).pages("a")[0]


def test_an_answer_is_a_reflection_and_the_actions_status(scene: Scene, url: str) -> None:
    assert save(scene, url) is Saved.SAVED
    action = scene.actions()[0]
    assert action.answer is Answer.PARTLY
    with scene.app.database.read() as tx:
        reflection = actions.latest_reflections(tx, [action.id])[action.id]
    assert (reflection.text, reflection.obstacle, reflection.saved_at) == (FORM.reflection, FORM.obstacle, LATER)
    assert scene.actions()[1].answer is None


def test_the_same_form_twice_is_saved_once(scene: Scene, url: str) -> None:
    save(scene, url)
    before = scene.app.database.fingerprint()
    assert save(scene, url) is Saved.SAVED
    assert scene.app.database.fingerprint() == before


def test_the_same_form_edited_replaces_what_it_saved(scene: Scene, url: str) -> None:
    save(scene, url)
    save(scene, url, replace(FORM, answer=Answer.DONE, reflection="Now I called."), LATER + timedelta(minutes=1))
    assert scene.app.database.count("reflections") == 1
    assert scene.actions()[0].answer is Answer.DONE


def test_another_form_is_another_reflection_and_the_last_one_counts(scene: Scene, url: str) -> None:
    save(scene, url)
    second = replace(FORM, answer=Answer.DONE, reflection="Now I called.", form_id="form-2")
    save(scene, url, second, LATER + timedelta(days=1))
    assert scene.app.database.count("reflections") == 2
    assert scene.actions()[0].answer is Answer.DONE


def test_a_failure_between_the_two_writes_leaves_neither(scene: Scene, url: str) -> None:
    scene.run_sql("CREATE TRIGGER broken BEFORE UPDATE ON actions BEGIN SELECT RAISE(ABORT, 'broken'); END")
    with pytest.raises(Exception, match="broken"):
        save(scene, url)
    assert scene.app.database.count("reflections") == 0


def test_an_answer_can_be_changed_until_the_next_session_begins(scene: Scene, url: str) -> None:
    assert save(scene, url, now=JANE_NEXT - timedelta(seconds=1)) is Saved.SAVED
    before = scene.app.database.fingerprint()
    assert save(scene, url, replace(FORM, form_id="form-2"), JANE_NEXT) is Saved.TOO_LATE
    assert scene.app.database.fingerprint() == before


def test_a_session_that_moves_away_opens_the_page_again(scene: Scene, url: str) -> None:
    assert save(scene, url, now=JANE_NEXT) is Saved.TOO_LATE
    later = JANE_NEXT + timedelta(days=1)
    scene.plan(PRACTICE[0], moved(PRACTICE[1], later), *PRACTICE[2:])
    assert save(scene, url, now=JANE_NEXT) is Saved.SAVED
    assert save(scene, url, now=later) is Saved.TOO_LATE


def test_without_a_next_session_an_answer_stays_open(scene: Scene, url: str) -> None:
    scene.plan(PRACTICE[0], *PRACTICE[2:])
    assert save(scene, url, now=JANE_NEXT + timedelta(days=30)) is Saved.SAVED


def test_a_carried_action_can_be_answered_again(scene: Scene, url: str) -> None:
    """The next homework carries it over, with the same link."""
    week = JANE_NEXT + timedelta(hours=1)
    assert save(scene, url, now=week) is Saved.TOO_LATE
    scene.plan(*PRACTICE, Event("jane-third", JANE_NEXT + timedelta(days=7), JANE), now=week)
    homework = scene.send_homework(note("Actions:\n- Write to Sam\n", date=week), week)
    assert url in homework.pages("a")
    assert save(scene, url, now=week + timedelta(days=1)) is Saved.SAVED


def test_a_done_action_is_not_opened_again_by_the_next_homework(scene: Scene, url: str) -> None:
    save(scene, url, replace(FORM, answer=Answer.DONE))
    week = JANE_NEXT + timedelta(hours=1)
    scene.plan(*PRACTICE, Event("jane-third", JANE_NEXT + timedelta(days=7), JANE), now=week)
    scene.send_homework(note("Actions:\n- Write to Sam\n", date=week), week)
    assert save(scene, url, replace(FORM, form_id="form-2"), week + timedelta(days=1)) is Saved.TOO_LATE


def test_a_dropped_action_can_not_be_answered(scene: Scene, url: str) -> None:
    with scene.app.database.write() as tx:
        actions.drop(tx, scene.actions()[0].id, LATER)
    assert save(scene, url) is Saved.TOO_LATE


def test_the_link_of_another_client_can_not_answer(scene: Scene, url: str) -> None:
    """The note has moved to Tom since; even if Jane's link had not been revoked, the action is no longer hers."""
    with scene.app.database.write() as tx:
        tx.run("UPDATE actions SET client_id = :tom", tom=scene.session("tom-before").client_id)
    before = scene.app.database.fingerprint()
    assert save(scene, url) is Saved.GONE
    assert scene.browser(LATER).get(url).status_code == 404
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize("days", [181, 1000])
def test_an_expired_link_can_not_answer(scene: Scene, url: str, days: int) -> None:
    scene.plan(PRACTICE[0], *PRACTICE[2:])
    assert save(scene, url, now=NOW + timedelta(days=days)) is Saved.GONE


def test_a_link_of_another_purpose_can_not_answer(scene: Scene) -> None:
    receipt = scene.send_note(note())[0]
    homework = scene.deliver_all(NOW + HOLD)[0]
    for url in (*homework.pages("h"), *receipt.pages("n")):
        assert save(scene, url) is Saved.GONE


def test_a_tampered_link_can_not_answer(scene: Scene, url: str) -> None:
    assert save(scene, tampered(url)) is Saved.GONE


def test_a_very_long_reflection_is_kept_whole(scene: Scene, url: str) -> None:
    assert save(scene, url, replace(FORM, reflection="x" * 50_000)) is Saved.SAVED
    with scene.app.database.read() as tx:
        action = scene.actions()[0]
        assert len(actions.latest_reflections(tx, [action.id])[action.id].text) == 50_000
