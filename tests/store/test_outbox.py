"""The outbox: every effect once, one worker at a time, and whoever comes back late is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.errors import StaleLeaseError
from mailflow.model import FrozenEmail, OutboundEmail, OutboundKind, OutboundState
from mailflow.store import attempts, outbox, reviews
from mailflow.store.database import Database, Row, Transaction
from mailflow.store.outbox import NewEmail
from tests.builders import ANNA, DAY, HOUR, NOW, store_note

LEASE = timedelta(minutes=10)
BYTES = FrozenEmail("<1@mailflow.example>", b"Message-ID: <1@mailflow.example>\r\n\r\nHello")

REVIEW = NewEmail(
    key="review:1",
    kind=OutboundKind.REVIEW,
    coach_id=ANNA.id,
    recipient=ANNA.email,
    planned_at=NOW,
    expires_at=NOW + DAY,
)


def plan(database: Database, email: NewEmail = REVIEW, *, revive: bool = False) -> OutboundEmail:
    with database.write() as tx:
        outbox.plan(tx, email, revive=revive)
        return by_key(tx, email.key)


def by_key(tx: Transaction, key: str = REVIEW.key) -> OutboundEmail:
    (found,) = [email for email in outbox.latest(tx, 100) if email.key == key]
    return found


def stored(database: Database, key: str = REVIEW.key) -> OutboundEmail:
    with database.read() as tx:
        return by_key(tx, key)


def claim(database: Database, now: datetime = NOW) -> OutboundEmail | None:
    with database.write() as tx:
        return attempts.claim_due(tx, now, now + LEASE)


def claimed(database: Database, now: datetime = NOW) -> OutboundEmail:
    email = claim(database, now)
    assert email is not None
    return email


def close(database: Database, state: OutboundState) -> OutboundEmail:
    """The planned mail in this closed state."""
    plan(database)
    with database.write() as tx:
        if state is OutboundState.CANCELLED:
            outbox.cancel_key(tx, REVIEW.key, "the session is gone")
        else:
            email = attempts.claim_due(tx, NOW, NOW + LEASE)
            assert email is not None
            attempts.finish(tx, email, state, "", NOW)
    return stored(database)


# --- Planning -----------------------------------------------------------------------------------


def test_same_key_planned_twice_is_one_mail(practice: Database) -> None:
    first = plan(practice)

    assert plan(practice) == first
    assert practice.count("outbound_emails") == 1


def test_planning_again_at_another_time_moves_the_mail(practice: Database) -> None:
    first = plan(practice)

    moved = plan(practice, replace(REVIEW, planned_at=NOW + HOUR, expires_at=NOW + 2 * DAY))

    assert moved == replace(first, planned_at=NOW + HOUR, due_at=NOW + HOUR, expires_at=NOW + 2 * DAY)


def test_held_mail_that_is_moved_stays_held(practice: Database) -> None:
    plan(practice)
    with practice.write() as tx:
        assert outbox.hold(tx, by_key(tx).id, NOW)

    assert plan(practice, replace(REVIEW, planned_at=NOW + HOUR)).state is OutboundState.HELD
    assert claim(practice, NOW + DAY) is None


@pytest.mark.parametrize("state", [OutboundState.SENT, OutboundState.EXPIRED])
def test_closed_mail_stays_as_it_is_however_it_is_planned_again(practice: Database, state: OutboundState) -> None:
    before = close(practice, state)

    assert plan(practice, replace(REVIEW, planned_at=NOW + HOUR), revive=True) == before


def test_failed_mail_comes_back_only_where_it_is_wanted_again(practice: Database) -> None:
    before = close(practice, OutboundState.FAILED)
    assert plan(practice, replace(REVIEW, planned_at=NOW + HOUR)) == before

    after = plan(practice, replace(REVIEW, planned_at=NOW + HOUR), revive=True)
    assert (after.state, after.reason, after.due_at) == (OutboundState.WAITING, "", NOW + HOUR)


def test_cancelled_mail_stays_cancelled_when_nothing_changed(practice: Database) -> None:
    before = close(practice, OutboundState.CANCELLED)

    assert plan(practice) == before


def test_cancelled_mail_comes_back_at_another_time(practice: Database) -> None:
    close(practice, OutboundState.CANCELLED)

    back = plan(practice, replace(REVIEW, planned_at=NOW + HOUR))

    assert (back.state, back.due_at, back.reason) == (OutboundState.WAITING, NOW + HOUR, "")


def test_cancelled_mail_is_revived_at_the_same_time_when_its_reason_is_gone(practice: Database) -> None:
    close(practice, OutboundState.CANCELLED)

    back = plan(practice, revive=True)

    assert (back.state, back.due_at) == (OutboundState.WAITING, NOW)


# --- Claiming -----------------------------------------------------------------------------------


def test_mail_is_not_claimed_before_it_is_due(practice: Database) -> None:
    plan(practice)

    assert claim(practice, NOW - timedelta(seconds=1)) is None
    assert claim(practice, NOW) is not None


def test_claim_moves_the_due_time_so_that_nobody_else_gets_it(practice: Database) -> None:
    plan(practice)

    assert claimed(practice).due_at == NOW + LEASE
    assert claim(practice) is None
    assert claim(practice, NOW + LEASE - timedelta(seconds=1)) is None
    assert claim(practice, NOW + LEASE) is not None


def test_mail_that_is_due_longest_is_claimed_first(practice: Database) -> None:
    for minutes in (3, 1, 2):
        plan(practice, replace(REVIEW, key=f"review:{minutes}", planned_at=NOW - timedelta(minutes=minutes)))

    assert [claimed(practice).key for _ in range(3)] == ["review:3", "review:2", "review:1"]


def test_four_threads_never_claim_one_mail_twice(practice: Database) -> None:
    for number in range(60):
        plan(practice, replace(REVIEW, key=f"review:{number}"))

    def claim_all(_: int) -> list[int]:
        found = []
        while (email := claim(practice)) is not None:
            found.append(email.id)
        return found

    with ThreadPoolExecutor(4) as pool:
        ids = [number for found in pool.map(claim_all, range(4)) for number in found]

    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 60


# --- The fence ----------------------------------------------------------------------------------


def finish(tx: Transaction, email: OutboundEmail) -> None:
    attempts.finish(tx, email, OutboundState.SENT, "", NOW)


def postpone(tx: Transaction, email: OutboundEmail) -> None:
    attempts.postpone(tx, email, NOW + HOUR, "later")


WORK = pytest.mark.parametrize("work", [attempts.count_attempt, finish, postpone])
Work = Callable[[Transaction, OutboundEmail], None]


@WORK
def test_worker_whose_lease_was_taken_over_is_refused(practice: Database, work: Work) -> None:
    plan(practice)
    late = claimed(practice)
    current = claimed(practice, NOW + LEASE)

    with pytest.raises(StaleLeaseError), practice.write() as tx:
        work(tx, late)

    assert stored(practice) == current
    with practice.write() as tx:
        work(tx, current)


def moved(tx: Transaction) -> None:
    outbox.plan(tx, replace(REVIEW, planned_at=NOW + 2 * HOUR))


def cancelled(tx: Transaction) -> None:
    outbox.cancel_key(tx, REVIEW.key, "the session is gone")


def held_after_the_lease_ran_out(tx: Transaction) -> None:
    assert outbox.hold(tx, by_key(tx).id, NOW + LEASE)


def cancelled_after_the_lease_ran_out(tx: Transaction) -> None:
    assert outbox.cancel(tx, by_key(tx).id, "the coach said so", NOW + LEASE)


@pytest.mark.parametrize("change", [moved, cancelled, held_after_the_lease_ran_out, cancelled_after_the_lease_ran_out])
@WORK
def test_worker_is_refused_after_the_mail_was_changed(
    practice: Database, work: Work, change: Callable[[Transaction], None]
) -> None:
    plan(practice)
    late = claimed(practice)
    with practice.write() as tx:
        change(tx)
    before = stored(practice)

    with pytest.raises(StaleLeaseError), practice.write() as tx:
        work(tx, late)

    assert stored(practice) == before


@WORK
def test_worker_without_a_lease_is_refused(practice: Database, work: Work) -> None:
    plan(practice)
    finished = claimed(practice)
    with practice.write() as tx:
        finish(tx, finished)

    with pytest.raises(StaleLeaseError), practice.write() as tx:
        work(tx, finished)


def test_sent_mail_says_when_and_is_never_due_again(practice: Database) -> None:
    plan(practice)
    email = claimed(practice)
    with practice.write() as tx:
        attempts.count_attempt(tx, email)
        finish(tx, email)

    after = stored(practice)
    assert (after.state, after.sent_at, after.attempts, after.lease) == (OutboundState.SENT, NOW, 1, "")
    assert claim(practice, NOW + 100 * DAY) is None


def test_postponed_mail_is_due_again_at_its_new_time_with_the_reason(practice: Database) -> None:
    plan(practice)
    with practice.write() as tx:
        email = attempts.claim_due(tx, NOW, NOW + LEASE)
        assert email is not None
        attempts.postpone(tx, email, NOW + HOUR, "the server is busy")

    assert stored(practice).reason == "the server is busy"
    assert claim(practice, NOW + LEASE) is None
    assert claim(practice, NOW + HOUR) is not None


# --- Frozen bytes -------------------------------------------------------------------------------


def frozen(database: Database, outbound_id: int) -> FrozenEmail | None:
    with database.read() as tx:
        return attempts.frozen(tx, outbound_id)


def test_bytes_of_the_first_attempt_are_those_of_every_later_one(practice: Database) -> None:
    plan(practice)
    email = claimed(practice)
    assert frozen(practice, email.id) is None
    with practice.write() as tx:
        attempts.freeze(tx, email, BYTES, NOW)
        attempts.postpone(tx, email, NOW + HOUR, "later")

    claimed(practice, NOW + HOUR)
    plan(practice)

    assert frozen(practice, email.id) == BYTES


def test_frozen_bytes_cannot_be_replaced(practice: Database) -> None:
    email = plan(practice)
    with practice.write() as tx:
        attempts.freeze(tx, email, BYTES, NOW)

    with pytest.raises(Exception, match="UNIQUE"), practice.write() as tx:
        attempts.freeze(tx, email, replace(BYTES, raw=b"other", message_id="<2@mailflow.example>"), NOW)

    assert frozen(practice, email.id) == BYTES


def test_moved_mail_is_made_anew(practice: Database) -> None:
    email = plan(practice)
    with practice.write() as tx:
        attempts.freeze(tx, email, BYTES, NOW)

    plan(practice, replace(REVIEW, planned_at=NOW + HOUR))

    assert frozen(practice, email.id) is None


def test_bytes_of_a_sent_mail_stay(practice: Database) -> None:
    plan(practice)
    email = claimed(practice)
    with practice.write() as tx:
        attempts.freeze(tx, email, BYTES, NOW)
        finish(tx, email)

    plan(practice, replace(REVIEW, planned_at=NOW + HOUR), revive=True)

    assert frozen(practice, email.id) == BYTES
    with practice.read() as tx:
        assert outbox.by_message_id(tx, ["<x@client.example>", BYTES.message_id]) == stored(practice)
        assert outbox.by_message_id(tx, ["<x@client.example>"]) is None


# --- Too late -----------------------------------------------------------------------------------


def expire(database: Database, now: datetime) -> list[OutboundEmail]:
    with database.write() as tx:
        return attempts.expire_due(tx, now)


def test_mail_whose_time_is_over_expires_and_is_not_sent(practice: Database) -> None:
    plan(practice)

    assert expire(practice, NOW + DAY - timedelta(seconds=1)) == []
    (late,) = expire(practice, NOW + DAY)

    assert (late.state, late.reason) == (OutboundState.EXPIRED, "its time was over before it could go")
    assert claim(practice, NOW + DAY) is None


def test_mail_that_is_just_being_sent_does_not_expire(practice: Database) -> None:
    plan(practice)
    email = claimed(practice, NOW + DAY - timedelta(seconds=1))

    assert expire(practice, NOW + DAY) == []
    with practice.write() as tx:
        finish(tx, email)


def test_mail_without_an_end_never_expires(practice: Database) -> None:
    plan(practice, replace(REVIEW, expires_at=None))

    assert expire(practice, NOW + 1000 * DAY) == []


def test_expired_mail_keeps_the_reason_why_it_could_not_go(practice: Database) -> None:
    plan(practice)
    email = claimed(practice)
    with practice.write() as tx:
        attempts.postpone(tx, email, NOW + HOUR, "the server is down")

    assert [late.reason for late in expire(practice, NOW + DAY)] == ["the server is down"]


# --- Hold, release, cancel ----------------------------------------------------------------------


def test_held_mail_waits_until_it_is_released_and_then_goes_at_once(practice: Database) -> None:
    email = plan(practice)
    with practice.write() as tx:
        assert outbox.hold(tx, email.id, NOW)
        assert not outbox.hold(tx, email.id, NOW)
    assert claim(practice, NOW + HOUR) is None

    with practice.write() as tx:
        assert outbox.release(tx, email.id, NOW + HOUR)

    assert claim(practice, NOW + HOUR) is not None


def test_waiting_mail_can_be_released_before_its_time(practice: Database) -> None:
    email = plan(practice, replace(REVIEW, planned_at=NOW + HOUR))
    with practice.write() as tx:
        assert outbox.release(tx, email.id, NOW)

    assert claimed(practice).planned_at == NOW


@pytest.mark.parametrize("held", [False, True])
def test_waiting_and_held_mails_can_be_cancelled(practice: Database, held: bool) -> None:
    email = plan(practice)
    with practice.write() as tx:
        if held:
            outbox.hold(tx, email.id, NOW)
        assert outbox.cancel(tx, email.id, "the coach said so", NOW)

    after = stored(practice)
    assert (after.state, after.reason) == (OutboundState.CANCELLED, "the coach said so")
    assert claim(practice, NOW + HOUR) is None


def by_the_coach(tx: Transaction, outbound_id: int, now: datetime) -> bool:
    return outbox.cancel(tx, outbound_id, "the coach said so", now)


CHANGES = pytest.mark.parametrize("change", [outbox.hold, outbox.release, by_the_coach])
Change = Callable[[Transaction, int, datetime], bool]


@CHANGES
def test_mail_on_its_way_cannot_be_changed(practice: Database, change: Change) -> None:
    plan(practice)
    email = claimed(practice)

    with practice.write() as tx:
        assert not change(tx, email.id, NOW + LEASE - timedelta(seconds=1))
        finish(tx, email)


@CHANGES
def test_mail_whose_worker_died_can_be_changed_again(practice: Database, change: Change) -> None:
    plan(practice)
    email = claimed(practice)

    with practice.write() as tx:
        assert change(tx, email.id, NOW + LEASE)


@CHANGES
@pytest.mark.parametrize("state", [OutboundState.SENT, OutboundState.EXPIRED, OutboundState.CANCELLED])
def test_closed_mail_cannot_be_changed(practice: Database, change: Change, state: OutboundState) -> None:
    before = close(practice, state)

    with practice.write() as tx:
        assert not change(tx, before.id, NOW + DAY)

    assert stored(practice) == before


def test_cancelling_a_key_spares_what_was_sent(practice: Database) -> None:
    before = close(practice, OutboundState.SENT)
    with practice.write() as tx:
        outbox.cancel_key(tx, REVIEW.key, "the session is gone")

    assert stored(practice) == before


# --- All at once --------------------------------------------------------------------------------


def test_refused_account_postpones_everything_that_is_due_and_nothing_else(practice: Database) -> None:
    for number, planned_at in enumerate((NOW - HOUR, NOW, NOW + DAY)):
        plan(practice, replace(REVIEW, key=f"review:{number}", planned_at=planned_at))
    with practice.write() as tx:
        attempts.postpone_all(tx, NOW, NOW + HOUR, "the password is refused")

    assert claim(practice, NOW + HOUR - timedelta(seconds=1)) is None
    assert [stored(practice, f"review:{number}").due_at for number in range(3)] == [NOW + HOUR, NOW + HOUR, NOW + DAY]
    assert stored(practice, "review:2").reason == ""


def test_refused_account_postpones_what_a_dead_worker_left_behind_too(practice: Database) -> None:
    plan(practice, replace(REVIEW, planned_at=NOW - LEASE))
    late = claimed(practice, NOW - LEASE)
    with practice.write() as tx:
        attempts.postpone_all(tx, NOW, NOW + HOUR, "the password is refused")

    assert claim(practice, NOW) is None
    with pytest.raises(StaleLeaseError), practice.write() as tx:
        finish(tx, late)


def test_refused_account_leaves_a_mail_on_its_way_to_its_worker(practice: Database) -> None:
    plan(practice)
    email = claimed(practice)
    with practice.write() as tx:
        attempts.postpone_all(tx, NOW, NOW + HOUR, "the password is refused")
        finish(tx, email)


# --- Lists --------------------------------------------------------------------------------------


def test_list_shows_what_goes_next_first_and_then_what_is_closed_newest_first(practice: Database) -> None:
    for number, planned_at in enumerate((NOW - 3 * HOUR, NOW - 2 * HOUR, NOW + 2 * HOUR, NOW + HOUR)):
        plan(practice, replace(REVIEW, key=f"review:{number}", planned_at=planned_at))
    with practice.write() as tx:
        for key in ("review:0", "review:1"):
            outbox.cancel_key(tx, key, "gone")

    with practice.read() as tx:
        assert [email.key for email in outbox.latest(tx, 10)] == ["review:3", "review:2", "review:1", "review:0"]
        assert [email.key for email in outbox.latest(tx, 1)] == ["review:3"]
        assert len(outbox.latest(tx, 10, OutboundState.CANCELLED)) == 2
        assert outbox.counts(tx) == {OutboundState.CANCELLED: 2, OutboundState.WAITING: 2}
        assert outbox.get(tx, 999) is None


def test_homework_of_a_note_is_found_for_each_client_it_was_given_to(practice: Database) -> None:
    note = store_note(practice, ["Call the landlord"])
    for client_id in (1, 2):
        email = NewEmail(
            key=f"homework:{note.id}:{client_id}",
            kind=OutboundKind.HOMEWORK,
            coach_id=ANNA.id,
            recipient="x@client.example",
            planned_at=NOW,
            client_id=client_id,
            note_id=note.id,
        )
        plan(practice, email)
    plan(practice, replace(REVIEW, note_id=note.id))

    with practice.read() as tx:
        assert [email.client_id for email in outbox.homework_of_note(tx, note.id)] == [1, 2]


@pytest.mark.parametrize(
    "find",
    [
        lambda tx: outbox.last_about(tx, 1, NOW, but_note=1),
        lambda tx: reviews.of_client(tx, 1, NOW, but=1),
        lambda tx: reviews.last_of_session(tx, 1),
    ],
    ids=["last_about", "of_client", "last_of_session"],
)
def test_last_mail_about_a_client_is_found_without_reading_a_table_through(
    practice: Database, monkeypatch: pytest.MonkeyPatch, find: Callable[[Transaction], object]
) -> None:
    steps: list[str] = []
    look = Transaction.all

    def explain(tx: Transaction, sql: str, **parameters: object) -> list[Row]:
        steps.extend(row["detail"] for row in look(tx, f"EXPLAIN QUERY PLAN {sql}", **parameters))
        return []

    monkeypatch.setattr(Transaction, "all", explain)
    monkeypatch.setattr(Transaction, "one", lambda *arguments, **named: explain(*arguments, **named) or None)
    with practice.read() as tx:
        find(tx)
    assert steps
    assert [step for step in steps if step.startswith("SCAN ")] == []
