"""Sessions: one for each key, found by when they begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mailflow.model import SessionStatus
from mailflow.store import sessions
from mailflow.store.database import Database
from tests.builders import DAY, HOUR, JANE, NOW, TOM, session, store_session

SECOND = timedelta(seconds=1)


def test_session_saved_again_is_moved_and_not_doubled(practice: Database) -> None:
    first = store_session(practice, session())

    again = store_session(practice, replace(session(TOM, NOW + DAY), id=0, title="Moved"))

    assert again == replace(session(TOM, NOW + DAY), id=first.id, title="Moved")
    assert practice.count("sessions") == 1


def test_other_dates_of_a_series_are_other_sessions(practice: Database) -> None:
    for recurrence_id in ("2026-11-23T09:00:00+00:00", "2026-11-30T09:00:00+00:00"):
        store_session(practice, replace(session(), recurrence_id=recurrence_id))

    with practice.read() as tx:
        assert sessions.find(tx, 1, "session-1", "2026-11-30T09:00:00+00:00") is not None
        assert sessions.find(tx, 1, "session-1", "") is None
    assert practice.count("sessions") == 2


def test_cancelled_session_is_planned_again_when_it_is_saved(practice: Database) -> None:
    first = store_session(practice, session())
    with practice.write() as tx:
        sessions.cancel(tx, first.id)
        assert sessions.get(tx, first.id).status is SessionStatus.CANCELLED

    assert store_session(practice, session()).status is SessionStatus.PLANNED


def test_sessions_are_found_from_the_first_to_the_last_moment_of_a_time(practice: Database) -> None:
    moments = [NOW - HOUR - SECOND, NOW - HOUR, NOW, NOW + SECOND]
    for number, starts_at in enumerate(moments, start=1):
        store_session(practice, session(starts_at=starts_at, number=number))

    with practice.read() as tx:
        assert [s.id for s in sessions.began_between(tx, 1, NOW - HOUR, NOW)] == [2, 3]
        assert [s.id for s in sessions.of_event(tx, 1, "session-2", NOW - HOUR)] == [2]
        assert sessions.of_event(tx, 1, "session-1", NOW - HOUR) == []
        assert [s.id for s in sessions.of_coach(tx, 1, NOW - HOUR, NOW)] == [2]


def test_cancelled_sessions_are_listed_for_people_and_nowhere_else(practice: Database) -> None:
    first = store_session(practice, session())
    with practice.write() as tx:
        sessions.cancel(tx, first.id)

    with practice.read() as tx:
        assert [s.id for s in sessions.of_coach(tx, 1, NOW - DAY, NOW)] == [first.id]
        assert sessions.of_event(tx, 1, first.uid, NOW - DAY) == []
        assert sessions.began_between(tx, 1, NOW - DAY, NOW) == []
        assert sessions.previous_of_client(tx, JANE.id, NOW) is None


def test_next_and_previous_session_of_a_client_leave_out_the_moment_itself_and_other_clients(
    practice: Database,
) -> None:
    for number, (client, starts_at) in enumerate(
        [(JANE, NOW - DAY), (JANE, NOW), (TOM, NOW + HOUR), (JANE, NOW + DAY), (JANE, NOW + 2 * DAY)], start=1
    ):
        store_session(practice, session(client, starts_at, number=number))

    with practice.read() as tx:
        after, before = sessions.next_of_client(tx, JANE.id, NOW), sessions.previous_of_client(tx, JANE.id, NOW)
        assert (after and after.id, before and before.id) == (4, 1)
        assert sessions.next_of_client(tx, JANE.id, NOW + 2 * DAY) is None
