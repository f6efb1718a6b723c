"""What the coach was told of before there was a table of it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from sqlite_utils import Database as SqliteUtils

from mailflow.store.database import open_database
from mailflow.store.migrations import MIGRATIONS


def migrated(path: Path, sql: str) -> list[tuple[int, int, int]]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        MIGRATIONS.apply(SqliteUtils(connection, execute_plugins=False), stop_before="m0022_reviewed")
        connection.executescript(f"""
            INSERT INTO coaches (id, email, name, timezone, aliases, language, date_order, hold_seconds,
                                 review_lead_seconds, active)
            VALUES (1, 'anna@coach.example', 'Anna', 'Europe/Berlin', '[]', 'en', 'DMY', 600, 7200, 1);
            INSERT INTO clients (id, coach_id, email, name)
            VALUES (1, 1, 'jane@client.example', 'Jane'), (2, 1, 'tom@client.example', 'Tom'),
                (3, 1, 'zoe@client.example', 'Zoe');
            INSERT INTO calendars (id, coach_id, name, active, interval_seconds) VALUES (1, 1, 'ics', 1, 60);
            {sql}
            INSERT INTO outbound_emails (id, key, kind, coach_id, client_id, session_id, recipient, state, planned_at,
                                         due_at, expires_at, sent_at)
            VALUES (9, 'review:1', 'review', 1, 1, 1, 'anna@coach.example', 'sent', 2800, 2800, 10000, 2800);
            INSERT INTO outbound_raw (outbound_id, message_id, raw) VALUES (9, '<a@b>', x'00');
        """)
    with contextlib.closing(open_database(path)) as database, database.read() as tx:
        return [
            tuple(row) for row in tx.all("SELECT outbound_id, session_id, client_id FROM reviewed ORDER BY session_id")
        ]


COLUMNS = """
    INSERT INTO sessions (id, coach_id, calendar_id, client_id, uid, recurrence_id, title, starts_at, ends_at, status,
                          group_key)
    VALUES
"""


def test_review_stays_about_the_client_whose_session_it_was(tmp_path: Path) -> None:
    """Jane's review went, then the session became Tom's: his own must not count as had."""
    rows = migrated(tmp_path / "m.sqlite3", f"{COLUMNS} (1, 1, 1, 2, 'a', '', 't', 10000, 13000, 'planned', '');")
    assert rows == [(9, 1, 1)]


def test_review_of_a_group_was_not_about_who_had_left_it(tmp_path: Path) -> None:
    rows = migrated(
        tmp_path / "m.sqlite3",
        f"""{COLUMNS} (1, 1, 1, 1, 'a', ' j', 't', 10000, 13000, 'planned', '1 a '),
                      (2, 1, 1, 2, 'a', ' t', 't', 10000, 13000, 'planned', '1 a '),
                      (3, 1, 1, 3, 'a', ' z', 't', 9000, 12000, 'cancelled', '1 a ');""",
    )
    assert rows == [(9, 1, 1), (9, 2, 2)]
