"""A mail over which the process ended: it stops nobody, and a machine that kills mailflow loses no note."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import Message
from typing import NoReturn

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.flows.process import LEASE, MAX_FAILURES
from mailflow.flows.resume import MAX_DEATHS, resume
from mailflow.model import Email, InboundEmail, InboundStatus, OutboundKind
from mailflow.store import inbound
from tests.scene import ANNA, NOW, Scene, note

READ_HEADER = "mailflow.flows.process.read_header"


class Killed(BaseException):
    """Nobody catches it, and nothing is tidied up."""


def kill(*_: object) -> NoReturn:
    raise Killed


def crash(scene: Scene, now: datetime) -> InboundEmail:
    """The process is killed while it looks at the mail that waits longest, and is started again."""
    with scene.app.database.write() as tx:
        (mail,), _ = inbound.claim_due(tx, now, now + LEASE)
    resume(scene.app.database, now)
    return mail


def test_mail_that_ends_the_process_does_not_stand_before_the_others(scene: Scene) -> None:
    for text in ("deadly", "harmless"):
        scene.mail_in(note(text), NOW)
    later = NOW + timedelta(minutes=1)
    assert [crash(scene, later).id, crash(scene, later).id] == [1, 2]


def test_mail_that_ends_the_process_each_time_is_quarantined(scene: Scene) -> None:
    scene.mail_in(note())
    looked_at = crash_until(scene, MAX_DEATHS)
    (mail,) = scene.inbox()
    assert mail.status is InboundStatus.QUARANTINED
    assert "ended while it looked at this mail" in mail.reason
    assert scene.process_all(NOW + timedelta(days=1)) == 0
    assert looked_at[-1] - looked_at[0] >= timedelta(minutes=7), "kills in a row, from outside, are not its fault"


def test_note_that_was_just_looked_at_in_four_kills_from_outside_is_processed(scene: Scene) -> None:
    scene.mail_in(note())
    crash_until(scene, MAX_DEATHS - 1)
    assert scene.process_all(NOW + timedelta(minutes=10)) == 1
    assert scene.statuses() == [InboundStatus.PROCESSED]
    assert len(scene.outbox(OutboundKind.RECEIPT)) == 1


def crash_until(scene: Scene, deaths: int) -> list[datetime]:
    """The moments at which the only mail was looked at, each as soon as it is due."""
    moments = [NOW]
    for _ in range(deaths):
        crash(scene, moments[-1])
        moments.append(scene.inbox()[0].due_at or moments[-1])
    return moments[:deaths]


def test_trouble_of_the_machine_does_not_count_as_the_mails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, and a restart after each try."""

    def full(*_: object, **__: object) -> None:
        raise EnvironmentProblem("the disk is full")

    scene.mail_in(note())
    with monkeypatch.context() as patch:
        patch.setattr("mailflow.flows.process.read_email", full)
        for hour in range(MAX_FAILURES + 1):
            with pytest.raises(EnvironmentProblem):
                scene.process_all(NOW + timedelta(hours=hour))
            resume(scene.app.database, NOW + timedelta(hours=hour))
    assert scene.process_all(NOW + timedelta(days=1)) == 1
    assert scene.statuses() == [InboundStatus.PROCESSED]


# --- Its coach is told -----------------------------------------------------------------------------


def test_coach_hears_of_a_mail_that_ended_the_process_each_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is read but its header: whatever kills may be in the body."""

    def decode(_: Message, body: bytes) -> tuple[str, bool]:
        return kill() if body else ("", False)

    monkeypatch.setattr("mailflow.parsing.mime.decode_body", decode)
    scene.mail_in(note(subject="Jane, session 4"))
    crash_until(scene, MAX_DEATHS)
    monkeypatch.undo()
    (told,) = scene.deliver_all(NOW + timedelta(hours=1))
    assert (told.recipient, told.subject) == (ANNA, "I could not read your mail: “Jane, session 4”")
    (mail,) = scene.inbox()
    assert (mail.sender, mail.subject) == (ANNA, "Jane, session 4")
    assert scene.deliver_all(NOW + timedelta(days=2)) == []


def test_nobody_hears_of_a_strangers_mail_that_ended_the_process(scene: Scene) -> None:
    scene.mail_in(note(sender="stranger@elsewhere.example"))
    crash_until(scene, MAX_DEATHS)
    assert scene.statuses() == [InboundStatus.QUARANTINED]
    assert scene.outbox(OutboundKind.UNREAD) == []


def test_header_that_ends_the_process_is_read_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.mail_in(note())
    with monkeypatch.context() as patch:
        patch.setattr(READ_HEADER, kill)
        with pytest.raises(Killed):
            crash_until(scene, MAX_DEATHS)
        assert scene.statuses() == [InboundStatus.QUARANTINED]
        resume(scene.app.database, NOW + timedelta(days=1))
    assert scene.outbox(OutboundKind.UNREAD) == []


def test_header_that_cannot_be_read_keeps_mailflow_from_nothing(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> Email:
        raise RecursionError

    scene.mail_in(note())
    scene.mail_in(note("Actions:\n- Walk\n"))
    scene.run_sql("UPDATE inbound_emails SET due_at = due_at + 86400 WHERE id = 2")
    with monkeypatch.context() as patch:
        patch.setattr(READ_HEADER, fail)
        crash_until(scene, MAX_DEATHS)
    assert scene.process_all(NOW + timedelta(days=1)) == 1
    assert scene.statuses() == [InboundStatus.QUARANTINED, InboundStatus.PROCESSED]
