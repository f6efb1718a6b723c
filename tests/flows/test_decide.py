"""The coach decides, with the links of the receipt and the question."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mailflow.errors import TemporaryError
from mailflow.flows.decide import Decided, decide_note
from mailflow.mailers import Envelope
from mailflow.model import OutboundKind, OutboundState
from mailflow.store.links import to_link
from tests.scene import HOLD, JANE, NOW, PRACTICE, TOM, Event, Scene, candidate, note, tampered

MINUTE = timedelta(minutes=1)


class Busy:
    """A mailer whose server has no time for anybody."""

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        raise TemporaryError("busy")

    def close(self) -> None:
        pass


@pytest.fixture
def url(scene: Scene) -> str:
    """Anna's link to the note that is Jane's."""
    (receipt,) = scene.send_note(note())
    return receipt.pages("n")[0]


def decide(scene: Scene, url: str, decision: str, candidate: str = "", now: datetime = NOW + MINUTE) -> Decided:
    token = url.rpartition("/")[2]
    return decide_note(scene.app.database, token, decision, candidate, scene.app.site.key, now)


def choose(scene: Scene, url: str, uid: str, now: datetime = NOW + MINUTE) -> Decided:
    return decide(scene, url, "choose", candidate(scene, uid), now)


# --- When it goes --------------------------------------------------------------------------------


def test_send_now_sends_now_and_only_once(scene: Scene, url: str) -> None:
    assert decide(scene, url, "send") is Decided.DONE
    (homework,) = scene.deliver_all(NOW + MINUTE)
    assert homework.recipient == JANE
    assert decide(scene, url, "send") is Decided.TOO_LATE
    assert scene.deliver_all(NOW + HOLD) == []


def test_hold_keeps_it_until_it_is_released(scene: Scene, url: str) -> None:
    assert decide(scene, url, "hold") is Decided.DONE
    assert scene.deliver_all(NOW + timedelta(days=3)) == []
    assert decide(scene, url, "release", now=NOW + timedelta(days=3)) is Decided.DONE
    (homework,) = scene.deliver_all(NOW + timedelta(days=3))
    assert homework.recipient == JANE


def test_what_has_gone_can_be_neither_held_nor_sent_again(scene: Scene, url: str) -> None:
    scene.deliver_all(NOW + HOLD)
    before = scene.app.database.fingerprint()
    for decision in ("send", "hold", "release"):
        assert decide(scene, url, decision, now=NOW + HOLD) is Decided.TOO_LATE
    assert scene.app.database.fingerprint() == before


@pytest.mark.parametrize("decision", ["", "delete", "SEND", "choose"])
def test_an_unknown_decision_changes_nothing(scene: Scene, url: str, decision: str) -> None:
    before = scene.app.database.fingerprint()
    assert decide(scene, url, decision, "client-999") is Decided.TOO_LATE
    assert scene.app.database.fingerprint() == before


def test_a_tampered_link_decides_nothing(scene: Scene, url: str) -> None:
    assert decide(scene, tampered(url), "send") is Decided.GONE
    assert scene.deliver_all(NOW + MINUTE) == []


# --- Whose it is ---------------------------------------------------------------------------------


def test_choosing_another_client_moves_the_homework(scene: Scene, url: str) -> None:
    assert choose(scene, url, "tom-before") is Decided.DONE
    sent = scene.deliver_all(NOW + timedelta(days=2))
    assert [mail.recipient for mail in sent] == [TOM]
    assert scene.client_of() == TOM
    jane, tom = scene.outbox(OutboundKind.HOMEWORK)
    assert (jane.recipient, jane.state) == (JANE, OutboundState.CANCELLED)
    assert (tom.recipient, tom.state) == (TOM, OutboundState.SENT)


def test_the_hold_begins_anew_for_the_chosen_client(scene: Scene, url: str) -> None:
    choose(scene, url, "tom-before", NOW + timedelta(minutes=9))
    assert scene.deliver_all(NOW + HOLD) == []
    assert len(scene.deliver_all(NOW + timedelta(minutes=9) + HOLD)) == 1


def test_choosing_another_client_revokes_the_links_of_the_first(scene: Scene, url: str) -> None:
    """The first attempt may have reached Jane's server although it said no: her links exist."""
    good, scene.mailer = scene.mailer, Busy()
    scene.deliver_all(NOW + HOLD)
    janes = [link for link in scene_links(scene) if "/a/" in link or "/h/" in link]
    assert len(janes) == 3
    browser = scene.browser(NOW + HOLD)
    assert {browser.get(link).status_code for link in janes} == {200}
    assert choose(scene, url, "tom-before", NOW + HOLD + MINUTE) is Decided.DONE
    assert {browser.get(link).status_code for link in janes} == {404}
    with scene.app.database.read() as tx:
        living = tx.all("SELECT DISTINCT purpose FROM links WHERE revoked_at IS NULL")
    # The page behind opt_out shows nothing of the homework.
    assert {row["purpose"] for row in living} == {"note", "opt_out"}
    scene.mailer = good
    (homework,) = scene.deliver_all(NOW + timedelta(days=1))
    assert homework.recipient == TOM
    assert not set(homework.links) & set(janes)
    assert {browser.get(link).status_code for link in homework.pages("a")} == {200}


def test_choosing_the_first_client_again_gives_links_that_work(scene: Scene, url: str) -> None:
    good, scene.mailer = scene.mailer, Busy()
    scene.deliver_all(NOW + HOLD)
    choose(scene, url, "tom-before", NOW + HOLD + MINUTE)
    choose(scene, url, "jane-before", NOW + HOLD + 2 * MINUTE)
    scene.mailer = good
    (homework,) = scene.deliver_all(NOW + timedelta(days=1))
    assert homework.recipient == JANE
    assert {scene.browser().get(link).status_code for link in homework.pages("a")} == {200}


def test_choosing_the_first_client_again_before_anything_went_is_as_if_nothing_happened(scene: Scene, url: str) -> None:
    choose(scene, url, "tom-before")
    choose(scene, url, "jane-before", NOW + 2 * MINUTE)
    (homework,) = scene.deliver_all(NOW + timedelta(days=1))
    assert homework.recipient == JANE
    assert {scene.browser().get(link).status_code for link in homework.pages("a")} == {200}


def test_choosing_is_refused_when_the_homework_has_gone(scene: Scene, url: str) -> None:
    scene.deliver_all(NOW + HOLD)
    before = scene.app.database.fingerprint()
    assert choose(scene, url, "tom-before", NOW + HOLD) is Decided.TOO_LATE
    assert scene.app.database.fingerprint() == before


def test_a_held_homework_can_be_given_to_another_client(scene: Scene, url: str) -> None:
    decide(scene, url, "hold")
    assert choose(scene, url, "tom-before") is Decided.DONE
    assert [mail.recipient for mail in scene.deliver_all(NOW + timedelta(days=1))] == [TOM]


def test_the_answer_to_a_question_sends_the_homework_to_the_chosen_client(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    assert choose(scene, question.pages("n")[0], "tom-today") is Decided.DONE
    assert [mail.recipient for mail in scene.deliver_all(NOW + MINUTE + HOLD)] == [TOM]
    assert scene.note().session_id == scene.session("tom-today").id


def test_before_the_question_is_answered_there_is_nothing_to_send(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - timedelta(hours=3), TOM))
    (question,) = scene.send_note(note())
    assert decide(scene, question.pages("n")[0], "send") is Decided.TOO_LATE
    assert scene.deliver_all(NOW + timedelta(days=1)) == []


def test_a_client_of_another_coach_is_no_candidate(scene: Scene, url: str) -> None:
    with scene.app.database.write() as tx:
        other = tx.value(
            "INSERT INTO clients (coach_id, email, name) VALUES (2, 'paul@client.example', 'Paul') RETURNING id"
        )
    assert decide(scene, url, "choose", f"client-{other}") is Decided.TOO_LATE
    assert scene.client_of() == JANE


def scene_links(scene: Scene) -> list[str]:
    """Every link that was ever made, as it would stand in a mail."""
    with scene.app.database.read() as tx:
        return [scene.app.site.url_of(to_link(row)) for row in tx.all("SELECT * FROM links")]
