"""Planning reviews: what it costs that one session is written, with few and with many in the table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.figure import Figure
from mailflow.calendars import Occurrence
from mailflow.flows.plan import cancel_review, plan_next_review, plan_review
from mailflow.flows.sync import _save_session
from mailflow.model import OutboundState, Session
from mailflow.rules.sessions import Person
from mailflow.store import calendars, clients, coaches, outbox, sessions
from mailflow.store.database import Database, Transaction, open_database

SESSIONS = (10_000, 100_000, 1_000_000)
OF_A_CLIENT = 40
CLIENTS = 50
"""Of a coach."""
SAMPLES = 300
NOW = datetime.now(UTC).replace(microsecond=0)
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


def measure_planning() -> list[Figure]:
    costs = {count: _costs(count) for count in SESSIONS}
    return [
        Figure(
            f"{what}, with {', '.join(f'{count:,}' for count in SESSIONS[:-1])} and {SESSIONS[-1]:,} sessions",
            f"{', '.join(f'{costs[count][what]:.2f}' for count in SESSIONS)} ms (medians of {SAMPLES})",
            "flat",
        )
        for what in costs[SESSIONS[0]]
    ]


def _costs(count: int) -> dict[str, float]:
    """Milliseconds for each change with its review, the commit included, without waiting for the disk."""
    with tempfile.TemporaryDirectory() as folder, closing(open_database(Path(folder) / "mailflow.db")) as database:
        with database.write() as tx:
            _fill(tx, count)
        written: dict[int, Session] = {}

        def save(tx: Transaction, number: int, starts_at: datetime) -> None:
            coach = coaches.get(tx, 1 + number % (count // OF_A_CLIENT // CLIENTS))
            session = _save_session(
                tx,
                coach,
                calendars.get(tx, coach.id),
                Occurrence(f"new-{number}", "", starts_at, starts_at + HOUR, "Coaching", coach.email, "", ()),
                Person(
                    f"client{_client_of(coach.id, number)}@client.example", "Jane Doe", accepted=True, declined=False
                ),
                is_group=False,
            )
            plan_review(tx, coach, session, NOW)
            written[number] = session

        def cancel(tx: Transaction, number: int) -> None:
            sessions.cancel(tx, written[number].id)
            cancel_review(tx, written[number])

        def note_came(tx: Transaction, number: int) -> None:
            coach = coaches.get(tx, 1 + number % (count // OF_A_CLIENT // CLIENTS))
            plan_next_review(tx, coach, clients.get(tx, _client_of(coach.id, number)), NOW)

        costs = {
            "a new session": _median(database, lambda tx, number: save(tx, number, NOW + WEEK / 2)),
            "a moved one": _median(database, lambda tx, number: save(tx, number, NOW + WEEK / 2 + HOUR)),
            "a cancelled one": _median(database, cancel),
            "a client's next review, after a note": _median(database, note_came),
        }
        with database.read() as tx:
            assert all(
                outbox.reviews_of_session(tx, session.id)[-1].state is OutboundState.CANCELLED
                for session in written.values()
            )
        return costs


def _client_of(coach_id: int, number: int) -> int:
    return 1 + (coach_id - 1) * CLIENTS + number % CLIENTS


def _median(database: Database, change: Callable[[Transaction, int], None]) -> float:
    samples = []
    for number in range(SAMPLES):
        start = time.perf_counter()
        with database.write(durable=False) as tx:
            change(tx, number)
        samples.append(time.perf_counter() - start)
    return median(samples) * 1000


def _fill(tx: Transaction, count: int) -> None:
    """Practices of a few years: each coach has clients, each of them weekly sessions up to next week, and each of those
    a review that went or waits."""
    people = count // OF_A_CLIENT
    _insert(
        tx,
        people // CLIENTS,
        """
        INSERT INTO coaches (id, email, name, timezone, aliases, language, date_order, hold_seconds,
                             review_lead_seconds, active)
        SELECT n, 'coach' || n || '@coach.example', 'Anna Berg', 'Europe/Berlin', '[]', 'en', 'dmy', 600, 7200, 1
        """,
    )
    _insert(
        tx,
        people // CLIENTS,
        "INSERT INTO calendars (id, coach_id, name, active, interval_seconds) SELECT n, n, 'calendar', 1, 120",
    )
    _insert(
        tx,
        people,
        """
        INSERT INTO clients (id, coach_id, email, name)
        SELECT n, 1 + (n - 1) / :clients, 'client' || n || '@client.example', 'Jane Doe'
        """,
    )
    _insert(
        tx,
        count,
        """
        INSERT INTO sessions (id, coach_id, calendar_id, client_id, uid, recurrence_id, title, starts_at, ends_at,
                              status)
        SELECT n, 1 + (n - 1) / (:of_a_client * :clients), 1 + (n - 1) / (:of_a_client * :clients),
            1 + (n - 1) / :of_a_client, 'event-' || n, '', 'Coaching',
            :now + (n % :of_a_client - :of_a_client + 2) * :week,
            :now + (n % :of_a_client - :of_a_client + 2) * :week + 3600, 'planned'
        """,
    )
    tx.run(
        """
        INSERT INTO outbound_emails (key, kind, coach_id, client_id, session_id, recipient, state, planned_at, due_at,
                                     expires_at, sent_at)
        SELECT 'review:' || id, 'review', coach_id, client_id, id, 'x@coach.example',
            CASE WHEN starts_at < :now THEN 'sent' ELSE 'waiting' END, starts_at - 7200, starts_at - 7200, starts_at,
            CASE WHEN starts_at < :now THEN starts_at - 7200 END
        FROM sessions
        """,
        now=_seconds(NOW),
    )


def _insert(tx: Transaction, rows: int, insert: str) -> None:
    """`insert` for each n from 1 on."""
    tx.run(
        f"""
        {insert}
        FROM (WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :rows)
              SELECT n FROM counted)
        """,
        rows=rows,
        clients=CLIENTS,
        of_a_client=OF_A_CLIENT,
        now=_seconds(NOW),
        week=int(WEEK.total_seconds()),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
