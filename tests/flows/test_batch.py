"""Several mails that wait are looked at together: each succeeds or fails as if it were alone."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.flows import process
from mailflow.flows.arrival import parse
from mailflow.flows.process import AT_ONCE, BYTES_AT_ONCE, LEASE, process_next
from mailflow.flows.receive import receive_all
from mailflow.flows.resume import MAX_DEATHS, resume
from mailflow.model import Coach, Email, InboundEmail, InboundStatus, OutboundKind, ParsedNote
from mailflow.parsing.sender import Policy, Trust
from mailflow.store import inbound
from tests.scene import BLOCK, NOW, Scene, note


class Killed(BaseException):
    """Nobody catches it, and nothing is tidied up."""


PROCESSED, DUPLICATE, WAITING = InboundStatus.PROCESSED, InboundStatus.DUPLICATE, InboundStatus.RECEIVED


def bring(scene: Scene, *subjects: str) -> None:
    """Notes about Jane."""
    for number, subject in enumerate(subjects, scene.app.database.count("inbound_emails")):
        text = f"Client: Jane Doe\n\n{BLOCK}"
        scene.mail_in(note(text, subject=subject, message_id=f"<{number}@coach.example>"))


def claim(scene: Scene, now: datetime = NOW) -> list[InboundEmail]:
    with scene.app.database.write() as tx:
        mails, _ = inbound.claim_due(tx, now, now + LEASE, most=AT_ONCE, most_bytes=BYTES_AT_ONCE)
    return mails


def step(scene: Scene, now: datetime = NOW) -> int:
    return process_next(scene.app.database, scene.intake or scene.app.intake, now)


def failures(scene: Scene) -> list[int]:
    return [mail.failures for mail in scene.inbox()]


def test_mails_that_wait_are_processed_together_in_the_order_in_which_they_came(scene: Scene) -> None:
    bring(scene, *map(str, range(AT_ONCE + 1)))
    assert [step(scene), step(scene), step(scene)] == [AT_ONCE, 1, 0]
    with scene.app.database.read() as tx:
        assert [row["inbound_id"] for row in tx.all("SELECT inbound_id FROM notes ORDER BY id")] == [
            *range(1, AT_ONCE + 2)
        ]
    assert len(scene.outbox(OutboundKind.RECEIPT)) == AT_ONCE + 1


def test_mails_that_come_together_are_stored_together_or_not_at_all(scene: Scene) -> None:
    database = scene.app.database
    receive_all(database, "notes", {"1": b"one"}, NOW)
    scene.run_sql(
        "CREATE TRIGGER full AFTER INSERT ON inbound_raw WHEN new.inbound_id > 2 BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        receive_all(database, "notes", {"2": b"two", "3": b"three"}, NOW)
    assert database.count("inbound_emails") == 1
    scene.run_sql("DROP TRIGGER full")
    receive_all(database, "notes", {"1": b"again", "2": b"two", "3": b"three"}, NOW)
    with database.read() as tx:
        assert [inbound.raw(tx, mail.id) for mail in scene.inbox()] == [b"one", b"two", b"three"]


def test_the_same_mail_twice_at_once_is_one_note(scene: Scene) -> None:
    for _ in range(2):
        scene.mail_in(note(message_id="<1@coach.example>"))
    assert step(scene) == 2
    assert scene.statuses() == [PROCESSED, DUPLICATE]
    assert scene.app.database.count("notes") == 1


def test_a_mail_that_fails_while_it_is_read_fails_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(email: Email, coach: Coach, written_at: datetime) -> ParsedNote:
        if "poison" in email.subject:
            raise RecursionError
        return parse(email, coach, written_at)

    monkeypatch.setattr(process, "parse", poisoned)
    bring(scene, "one", "poison", "two")
    assert step(scene) == 3
    assert scene.statuses() == [PROCESSED, WAITING, PROCESSED]
    assert failures(scene) == [0, 1, 0]


@pytest.mark.parametrize("table", ["notes", "actions", "outbound_emails"])
def test_a_mail_that_fails_while_it_is_written_leaves_nothing_and_takes_nothing_along(scene: Scene, table: str) -> None:
    """It fails at the second row of the table that is its own: the first is there by then."""
    poisoned = {"notes": "new.subject LIKE '%poison%'"}.get(
        table, "(SELECT subject FROM notes WHERE id = new.note_id) LIKE '%poison%'"
    )
    scene.run_sql(f"CREATE TRIGGER p AFTER INSERT ON {table} WHEN {poisoned} BEGIN SELECT RAISE(ABORT, 'x'); END")
    bring(scene, "one", "poison", "two")
    assert step(scene) == 3
    assert scene.statuses() == [PROCESSED, WAITING, PROCESSED]
    assert failures(scene) == [0, 1, 0]
    assert scene.app.database.count("notes") == 2
    assert {mail.inbound_id for mail in scene.outbox(OutboundKind.RECEIPT)} == {1, 3}
    scene.run_sql("DROP TRIGGER p")
    assert step(scene, NOW + timedelta(minutes=1)) == 1
    assert scene.statuses() == [PROCESSED] * 3


def test_a_mail_that_somebody_else_has_by_now_is_left_to_them(scene: Scene) -> None:
    bring(scene, "one", "two", "three")
    mails = claim(scene)
    scene.run_sql("UPDATE inbound_emails SET lease = 'another''s' WHERE id = 2")
    with scene.app.database.read() as tx:
        lease = tx.value("SELECT lease FROM inbound_emails WHERE id = 1")
    process._process(scene.app.database, mails, lease, scene.app.intake, NOW)
    assert scene.statuses() == [PROCESSED, WAITING, PROCESSED]
    assert (failures(scene), scene.app.database.count("notes")) == ([0, 0, 0], 2)


def test_trouble_of_the_machine_undoes_all_and_is_no_mails_fault(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = count(1)

    def full_at_the_second(*_: object) -> None:
        if next(numbers) == 2:
            raise EnvironmentProblem("the disk is full")

    bring(scene, "one", "two", "three")
    with monkeypatch.context() as patch:
        patch.setattr(process, "ROUTES", (full_at_the_second, *process.ROUTES))
        with pytest.raises(EnvironmentProblem):
            step(scene)
    assert (scene.statuses(), failures(scene)) == ([WAITING] * 3, [0] * 3)
    assert scene.app.database.count("notes") == 0
    resume(scene.app.database, NOW)
    assert failures(scene) == [0] * 3, "nothing is claimed any more"
    assert step(scene, NOW + LEASE) == 3


def test_after_a_kill_each_of_them_is_looked_at_alone(scene: Scene) -> None:
    bring(scene, "one", "two", "three")
    assert len(claim(scene)) == 3
    resume(scene.app.database, NOW)
    assert [[mail.id for mail in claim(scene)] for _ in range(3)] == [[1], [2], [3]]


def test_mail_that_ends_the_process_costs_the_others_one_failure_at_most(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(email: Email, coach: Coach, written_at: datetime) -> ParsedNote:
        if "poison" in email.subject:
            raise Killed
        return parse(email, coach, written_at)

    monkeypatch.setattr(process, "parse", deadly)
    bring(scene, "one", "poison", "two")
    for life in range(MAX_DEATHS + 1):
        now = NOW + life * timedelta(minutes=10)
        with contextlib.suppress(Killed):
            scene.process_all(now)
        resume(scene.app.database, now)
        bring(scene, f"later {life}")
    scene.process_all(NOW + timedelta(days=1))
    assert [mail.id for mail in scene.inbox() if mail.status is not PROCESSED] == [2]
    assert failures(scene) == [1, MAX_DEATHS, 1] + [0] * (MAX_DEATHS + 1)


def test_what_failed_before_never_shares_its_fate(scene: Scene) -> None:
    bring(scene, "one", "two", "three")
    scene.run_sql("UPDATE inbound_emails SET failures = 1 WHERE id = 2")
    assert [[mail.id for mail in claim(scene)] for _ in range(4)] == [[1], [2], [3], []]


def test_large_mails_are_looked_at_one_by_one(scene: Scene) -> None:
    for _ in range(3):
        scene.mail_in(note(BLOCK + "\nand much more of it" * (BYTES_AT_ONCE // 30)))
    assert [len(claim(scene)) for _ in range(4)] == [1, 1, 1, 0]


def test_where_dns_is_asked_no_mail_waits_for_another(scene: Scene) -> None:
    trusts = {"notes": Trust((Policy.DKIM,))}
    scene.intake = replace(scene.app.intake, trusts=trusts, signers=lambda _: frozenset({"coach.example"}))
    bring(scene, "one", "two")
    assert [step(scene), step(scene), step(scene)] == [1, 1, 0]
    assert scene.statuses() == [PROCESSED] * 2
