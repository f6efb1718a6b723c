"""What stands in the books, and on the disk, at each moment of sending: a kill, a loss of power or a mail that can't be
made must find nothing there that is not so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mailflow.errors import TemporaryError
from mailflow.flows.compose import Composer
from mailflow.flows.deliver import deliver_next
from mailflow.flows.intervene import OutboundChange, change_outbound
from mailflow.flows.resume import resume
from mailflow.flows.sync import CalendarSource
from mailflow.model import Coach, OutboundEmail, OutboundKind, OutboundState
from mailflow.store.database import Database
from tests.flows.test_deliver import MINUTE, REVIEW_AT, Meanwhile, Wire
from tests.scene import NOW, Scene, note, open_scene

MAILS = 5


@dataclass
class Disk:
    """What of the database is on the disk, by the statements of its one writer. `commits` are those that changed
    something; true where they were synced."""

    commits: list[bool] = field(default_factory=list)
    _synced: bool = True
    _changes: bool = False

    def watch(self, statement: str) -> None:
        if statement.startswith("PRAGMA synchronous"):
            self._synced = statement.endswith("FULL")
        if statement.startswith(("UPDATE", "INSERT", "DELETE")):
            self._changes = True
        if statement == "COMMIT" and self._changes:
            self.commits.append(self._synced)
            self._changes = False


@pytest.fixture
def disk(scene: Scene) -> Disk:
    """The disk of a scene in which some mails are due."""
    for number in range(MAILS):
        scene.mail_in(note("nothing agreed", subject=f"note {number}"))
    scene.process_all()
    disk = Disk()
    scene.app.database._writer.set_trace_callback(lambda statement: disk.watch(statement.strip()))
    return disk


def test_each_mail_of_a_run_costs_one_sync(scene: Scene, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    monkeypatch.setattr(Database, "sync", lambda _: syncs.append(len(disk.commits)))
    assert len(scene.deliver_all(NOW)) == MAILS
    assert disk.commits.count(True) == MAILS
    assert syncs == [len(disk.commits)], "once, when all is recorded"


def test_when_a_mail_goes_all_that_was_written_before_is_on_the_disk(scene: Scene, disk: Disk) -> None:
    """So a loss of power sends at most the last one again, and with the same bytes."""
    seen: list[tuple[bool, int, int]] = []

    def look() -> None:
        mails = scene.outbox(OutboundKind.NO_ACTIONS)
        sent = [mail for mail in mails if mail.state is OutboundState.SENT]
        seen.append((disk.commits[-1], len(sent), sum(mail.perhaps_sent for mail in mails)))

    scene.mailer = Meanwhile(look)
    scene.deliver_all(NOW)
    assert seen == [(True, number, 1) for number in range(MAILS)]


def test_between_two_mails_nothing_is_in_anybodys_hands(scene: Scene, disk: Disk) -> None:
    """The daemon stops there."""
    for number in range(1, MAILS):
        assert deliver_next(scene.delivery, NOW)
        mails = scene.outbox(OutboundKind.NO_ACTIONS)
        assert [mail.attempts for mail in mails] == [1] * number + [0] * (MAILS - number)
        assert [mail.lease for mail in mails] == [""] * MAILS


@pytest.mark.parametrize("change", ["hold", "cancel"])
def test_what_is_kept_back_while_the_mail_before_is_sent_does_not_go(
    scene: Scene, disk: Disk, change: OutboundChange
) -> None:
    last = scene.outbox(OutboundKind.NO_ACTIONS)[-1]
    scene.mailer = wire = Wire()
    for _ in range(MAILS - 2):
        deliver_next(scene.delivery, NOW)
    scene.mailer = Meanwhile(lambda: change_outbound(scene.app.database, last.id, change, NOW))
    deliver_next(scene.delivery, NOW)
    scene.mailer = wire
    scene.deliver_all(NOW)
    assert len(wire.handed) == MAILS - 2
    kept = scene.outbox(OutboundKind.NO_ACTIONS)[-1]
    assert (kept.attempts, kept.perhaps_sent) == (0, False)
    assert kept.state in (OutboundState.HELD, OutboundState.CANCELLED)


class Killed(BaseException):
    """The process ends here: nobody catches it, nothing more is written."""


def test_a_mail_that_ends_the_process_while_it_is_made_leaves_the_one_before_sent_and_is_known_by_its_claim(
    scene: Scene, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.mailer = Wire()
    assert deliver_next(scene.delivery, NOW)
    monkeypatch.setattr(Composer, "compose", end_the_process)
    with pytest.raises(Killed):
        deliver_next(scene.delivery, NOW)
    first, second, *others = scene.outbox(OutboundKind.NO_ACTIONS)
    assert (first.state, first.perhaps_sent) == (OutboundState.SENT, False)
    assert (second.attempts, second.perhaps_sent, bool(second.lease)) == (0, False, True)
    assert {(mail.attempts, mail.lease) for mail in others} == {(0, "")}
    resume(scene.app.database, NOW)
    first, second, *_ = scene.outbox(OutboundKind.NO_ACTIONS)
    assert first.state is OutboundState.SENT
    assert (second.state, second.attempts, second.perhaps_sent) == (OutboundState.WAITING, 1, False)


def test_a_mail_that_ends_the_process_while_it_is_sent_may_have_gone_and_no_other(scene: Scene, disk: Disk) -> None:
    scene.mailer = Wire()
    assert deliver_next(scene.delivery, NOW)
    scene.mailer = Meanwhile(end_the_process)
    with pytest.raises(Killed):
        deliver_next(scene.delivery, NOW)
    resume(scene.app.database, NOW)
    assert [mail.perhaps_sent for mail in scene.outbox(OutboundKind.NO_ACTIONS)] == [False, True] + [False] * (
        MAILS - 2
    )


def end_the_process(*_: object) -> None:
    raise Killed


def test_a_mail_that_can_not_be_made_leaves_the_one_before_sent_and_the_next_one_goes(tmp_path: Path) -> None:
    templates = tmp_path / "own" / "emails"
    templates.mkdir(parents=True)
    (templates / "receipt.html").write_text("{% if %}", encoding="utf-8")
    with open_scene(tmp_path, templates=f'templates = "{tmp_path}/own"') as scene:
        scene.mailer = wire = Wire()
        for text in ("nothing agreed", "Actions:\n- Call the GP\n", "nothing agreed either"):
            scene.mail_in(note(text, subject=text[:7]))
        scene.process_all()
        scene.deliver_all(NOW)
        assert len(wire.handed) == 2
        assert states(scene.outbox(OutboundKind.NO_ACTIONS)) == [(OutboundState.SENT, 1)] * 2
        (receipt,) = scene.outbox(OutboundKind.RECEIPT)
        assert (receipt.state, receipt.attempts, receipt.perhaps_sent) == (OutboundState.WAITING, 0, False)


def test_what_a_failed_attempt_leaves_is_on_the_disk_before_the_next_mail_goes(scene: Scene, disk: Disk) -> None:
    scene.mailer = Wire([TemporaryError("busy")] * MAILS)
    scene.deliver_all(NOW)
    assert states(scene.outbox(OutboundKind.NO_ACTIONS)) == [(OutboundState.WAITING, 1)] * MAILS
    assert disk.commits.count(True) == 2 * MAILS


def test_while_a_calendar_is_read_nothing_waits_for_the_disk(scene: Scene) -> None:
    scene.send_homework(note())
    scene.mail_in(note("nothing agreed", date=REVIEW_AT - MINUTE), REVIEW_AT - MINUTE)
    scene.process_all(REVIEW_AT - MINUTE)
    waited: list[bool] = []

    def look(coach: Coach, name: str) -> CalendarSource:
        assert scene.planned(OutboundKind.NO_ACTIONS).state is OutboundState.SENT
        waited.append(scene.app.database._unsynced)
        return scene.app.find_source(coach, name)

    while deliver_next(replace(scene.delivery, find_source=look), REVIEW_AT):
        pass
    assert waited
    assert not any(waited)


def states(mails: list[OutboundEmail]) -> list[tuple[OutboundState, int]]:
    return [(mail.state, mail.attempts) for mail in mails]
