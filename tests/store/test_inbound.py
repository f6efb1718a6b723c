"""InboundEmails: stored once, looked at by one worker at a time, told apart by what they say."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from mailflow.model import InboundEmail, InboundStatus
from mailflow.store import inbound
from mailflow.store.database import Database
from tests.builders import ANNA, DAY, HOUR, NOW, store_mail

LEASE = timedelta(minutes=5)


def claim(database: Database, now: datetime = NOW) -> tuple[InboundEmail, str] | None:
    with database.write() as tx:
        mails, lease = inbound.claim_due(tx, now, now + LEASE)
    return (mails[0], lease) if mails else None


def lease_of(database: Database, now: datetime = NOW) -> str:
    found = claim(database, now)
    assert found is not None
    return found[1]


def stored(database: Database, inbound_id: int) -> InboundEmail:
    with database.read() as tx:
        found = inbound.get(tx, inbound_id)
    assert found is not None
    return found


def accept(database: Database, *, key: str, coach_id: int, message_id: str, content_id: str) -> int:
    """A mail of a coach that was received and processed."""
    inbound_id = store_mail(database, key=key)
    with database.write() as tx:
        _, lease = inbound.claim_due(tx, NOW, NOW + LEASE)
        inbound.identify(
            tx, inbound_id, coach_id=coach_id, message_id=message_id, content_id=content_id, sender="", subject=""
        )
        assert inbound.finish(tx, inbound_id, lease, InboundStatus.PROCESSED, "")
    return inbound_id


def test_same_delivery_twice_is_stored_once(practice: Database) -> None:
    first = store_mail(practice, b"first", key="1")
    with practice.write() as tx:
        assert inbound.add(tx, "notes", "1", b"again", NOW + HOUR) is None

    assert practice.count("inbound_emails") == 1
    with practice.read() as tx:
        assert inbound.raw(tx, first) == b"first"


def test_same_key_in_another_mailbox_is_another_delivery(practice: Database) -> None:
    store_mail(practice, key="1")
    with practice.write() as tx:
        assert inbound.add(tx, "folder", "1", b"other", NOW) is not None

    assert practice.count("inbound_emails") == 2


def test_bytes_are_kept_as_they_came(practice: Database) -> None:
    raw = bytes(range(256)) + b"\r\n\n\r\0"
    inbound_id = store_mail(practice, raw, key="1")

    with practice.read() as tx:
        assert inbound.raw(tx, inbound_id) == raw


def test_oldest_mail_is_looked_at_first(practice: Database) -> None:
    newer = store_mail(practice, key="newer", now=NOW)
    older = store_mail(practice, key="older", now=NOW - HOUR)

    found = [claim(practice), claim(practice)]

    assert [mail.id for mail, _ in filter(None, found)] == [older, newer]
    assert claim(practice) is None


def test_four_threads_never_look_at_one_mail_twice(practice: Database) -> None:
    for number in range(40):
        store_mail(practice, key=str(number))

    def claim_all(_: int) -> list[int]:
        ids = []
        while (found := claim(practice)) is not None:
            ids.append(found[0].id)
        return ids

    with ThreadPoolExecutor(4) as pool:
        ids = [number for found in pool.map(claim_all, range(4)) for number in found]

    assert sorted(ids) == list(range(1, 41))


def test_mail_of_a_worker_that_died_is_looked_at_again(practice: Database) -> None:
    store_mail(practice, key="1")
    lease_of(practice)

    assert claim(practice, NOW + LEASE - timedelta(seconds=1)) is None
    assert claim(practice, NOW + LEASE) is not None


def test_worker_whose_lease_was_taken_over_records_nothing(practice: Database) -> None:
    inbound_id = store_mail(practice, key="1")
    late = lease_of(practice)
    current = lease_of(practice, NOW + LEASE)

    with practice.write() as tx:
        assert not inbound.finish(tx, inbound_id, late, InboundStatus.IGNORED, "late")
        assert inbound.postpone(tx, inbound_id, late, NOW + DAY, "late", failed=True) == 0
        assert inbound.finish(tx, inbound_id, current, InboundStatus.PROCESSED, "")
        assert not inbound.finish(tx, inbound_id, current, InboundStatus.IGNORED, "twice")

    after = stored(practice, inbound_id)
    assert (after.status, after.reason, after.failures, after.due_at) == (InboundStatus.PROCESSED, "", 0, None)


def test_postponed_mail_comes_back_and_counts_only_its_own_failures(practice: Database) -> None:
    inbound_id = store_mail(practice, key="1")
    lease = lease_of(practice)
    with practice.write() as tx:
        assert inbound.postpone(tx, inbound_id, lease, NOW + HOUR, "the disk is full", failed=False) == 0
    assert claim(practice, NOW + HOUR - timedelta(seconds=1)) is None

    for failures in (1, 2):
        lease = lease_of(practice, NOW + HOUR)
        with practice.write() as tx:
            assert inbound.postpone(tx, inbound_id, lease, NOW + HOUR, "it can't be read", failed=True) == failures


@pytest.mark.parametrize("status", [InboundStatus.QUARANTINED, InboundStatus.IGNORED])
def test_mail_that_was_not_understood_is_retried_as_if_it_had_just_come(
    practice: Database, status: InboundStatus
) -> None:
    inbound_id = store_mail(practice, key="1")
    lease = lease_of(practice)
    with practice.write() as tx:
        assert inbound.finish(tx, inbound_id, lease, status, "the reason")
    assert claim(practice, NOW + DAY) is None

    with practice.write() as tx:
        assert inbound.retry(tx, inbound_id, NOW + HOUR)

    after = stored(practice, inbound_id)
    assert (after.status, after.reason, after.failures) == (InboundStatus.RECEIVED, "", 0)
    assert claim(practice, NOW + HOUR) is not None


@pytest.mark.parametrize("status", [InboundStatus.PROCESSED, InboundStatus.DUPLICATE])
def test_what_was_understood_is_not_retried(practice: Database, status: InboundStatus) -> None:
    inbound_id = store_mail(practice, key="1")
    lease = lease_of(practice)
    with practice.write() as tx:
        inbound.finish(tx, inbound_id, lease, status, "")
        assert not inbound.retry(tx, inbound_id, NOW)

    assert stored(practice, inbound_id).status is status


def test_same_content_of_the_same_coach_under_the_same_message_id_is_the_same_mail(practice: Database) -> None:
    first = accept(practice, key="1", coach_id=ANNA.id, message_id="<1@coach.example>", content_id="abc")

    with practice.read() as tx:
        assert inbound.accepted_twin(tx, ANNA.id, "<1@coach.example>", "abc") == first


@pytest.mark.parametrize(
    ("coach_id", "message_id", "content_id"),
    [
        (2, "<1@coach.example>", "abc"),
        (ANNA.id, "<2@coach.example>", "abc"),
        (ANNA.id, "", "abc"),
        (ANNA.id, "<1@coach.example>", "another text"),
    ],
)
def test_mail_that_differs_in_coach_or_message_id_or_content_is_another(
    practice: Database, coach_id: int, message_id: str, content_id: str
) -> None:
    accept(practice, key="1", coach_id=ANNA.id, message_id="<1@coach.example>", content_id="abc")

    with practice.read() as tx:
        assert inbound.accepted_twin(tx, coach_id, message_id, content_id) is None


def test_same_mail_cannot_be_accepted_twice(practice: Database) -> None:
    accept(practice, key="1", coach_id=ANNA.id, message_id="<1@coach.example>", content_id="abc")

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        accept(practice, key="2", coach_id=ANNA.id, message_id="<1@coach.example>", content_id="abc")


def test_stranger_cannot_claim_an_identity_before_its_owner(practice: Database) -> None:
    inbound_id = store_mail(practice, key="forged")
    lease = lease_of(practice)
    with practice.write() as tx:
        inbound.identify(
            tx,
            inbound_id,
            coach_id=ANNA.id,
            message_id="<1@coach.example>",
            content_id="abc",
            sender="x@evil.example",
            subject="",
        )
        inbound.finish(tx, inbound_id, lease, InboundStatus.QUARANTINED, "from a stranger")
        assert inbound.accepted_twin(tx, ANNA.id, "<1@coach.example>", "abc") is None

    accept(practice, key="true", coach_id=ANNA.id, message_id="<1@coach.example>", content_id="abc")


def test_list_is_newest_first_and_can_be_narrowed(practice: Database) -> None:
    for key in ("1", "2", "3"):
        store_mail(practice, key=key)
    lease = lease_of(practice)
    with practice.write() as tx:
        inbound.finish(tx, 1, lease, InboundStatus.IGNORED, "bounce")

    with practice.read() as tx:
        assert [mail.key for mail in inbound.latest(tx, 2)] == ["3", "2"]
        assert [mail.key for mail in inbound.latest(tx, 10, InboundStatus.IGNORED)] == ["1"]
        assert inbound.counts(tx) == {InboundStatus.IGNORED: 1, InboundStatus.RECEIVED: 2}
        assert inbound.get(tx, 999) is None
