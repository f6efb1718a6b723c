"""A practice with many clients who have just got their homework, and the same pages in a table for a bare handler."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.practice import add_note
from mailflow.app import App, adopt_settings, open_app
from mailflow.demo.service import demo_settings_file
from mailflow.flows.pages import Pages
from mailflow.model import Due, DueKind, NoteAction, OutboundKind, Session
from mailflow.settings import load_settings
from mailflow.store import coaches, links, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.store.outbox import NewEmail

CLIENTS = 500
AGREED = (
    NoteAction("Write down two situations in which you said no", Due(DueKind.DATE, date(2026, 11, 27), "by Friday")),
    NoteAction("Walk before breakfast", steps=("Shoes by the door", "Ten minutes are enough")),
    NoteAction("Book the GP appointment", Due(DueKind.NEXT_SESSION, None, "before our next session")),
)
NOW = datetime.now(UTC).replace(microsecond=0)


def fill(folder: Path, bare: Path) -> list[str]:
    """The path of each action's page; `bare` has as many rows, each as large as such a page."""
    settings = load_settings(demo_settings_file()).model_copy(update={"data": folder})
    with closing(open_app(settings, create=True)) as app:
        adopt_settings(app)
        with app.database.write() as tx:
            paths = [path for number in range(CLIENTS) for path in _add_client(app, tx, number)]
    with closing(sqlite3.connect(bare, isolation_level=None)) as database:
        database.executescript(
            "CREATE TABLE pages (id INTEGER PRIMARY KEY, page TEXT); CREATE TABLE answers (id, answer, reflection)"
        )
        rows = ((number, "x" * 3_000) for number in range(len(paths)))
        database.executemany("INSERT INTO pages VALUES (?, ?)", rows)
    return paths


def _add_client(app: App, tx: Transaction, number: int) -> list[str]:
    (coach,) = coaches.active(tx)
    client, note, agreed = add_note(tx, coach.id, number, AGREED, NOW)
    for days in (0, 7):
        sessions.save(tx, _session(coach.id, client.id, f"{number}-{days}", NOW + timedelta(days=days, hours=-1)))
    key = f"homework:{note.id}:{client.id}"
    outbox.plan(
        tx,
        NewEmail(
            key=key,
            kind=OutboundKind.HOMEWORK,
            coach_id=coach.id,
            recipient=client.email,
            planned_at=NOW,
            client_id=client.id,
            note_id=note.id,
        ),
    )
    tx.run("UPDATE outbound_emails SET state = 'sent', sent_at = planned_at WHERE key = :key", key=key)
    pages = Pages(app.site, partial(links.ensure, tx, NOW))
    pages.homework(note.id, client.id)
    return [pages.action(action).removeprefix(app.site.base_url) for action in agreed]


def _session(coach_id: int, client_id: int, uid: str, starts_at: datetime) -> Session:
    return Session(
        id=0,
        coach_id=coach_id,
        calendar_id=1,
        client_id=client_id,
        uid=uid,
        recurrence_id="",
        title="Session",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
    )
