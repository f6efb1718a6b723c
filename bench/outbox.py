"""Sending: homework mails a second beside the bare limit, what a claim costs, and what rendering costs.

The bare limit is smtplib over one connection with the same bytes, and one fsynced update each, against the same sink in
the same run.
"""

from __future__ import annotations

import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.practice import add_note
from mailflow.app import App, adopt_settings, open_app
from mailflow.demo.service import demo_settings_file
from mailflow.flows.deliver import LEASE, Delivery, deliver_next
from mailflow.flows.letters import homework
from mailflow.flows.pages import Pages
from mailflow.mailers.smtp import SmtpMailer
from mailflow.model import NoteAction, OutboundKind
from mailflow.settings import load_settings
from mailflow.store import attempts, coaches, links, outbox
from mailflow.store.database import Transaction
from mailflow.store.outbox import NewEmail

MAILS = 5_000
ROWS = (1_000, 1_000_000)
CLAIMS = 300
AGREED = [
    NoteAction(text) for text in ("Write down two situations in which you said no, by Friday", "Walk before breakfast")
]
RENDERINGS = 300
NOW = datetime.now(UTC).replace(microsecond=0)
ENVELOPE = ("homework@mailflow.example", ["jane@client.example"])
SINK = """
import socket, sys, threading
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def talk(connection):
    with connection, connection.makefile("rb") as lines:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"220 sink\\r\\n")
        for line in lines:
            verb = line[:4].upper()
            if verb == b"DATA":
                connection.sendall(b"354 go\\r\\n")
                while lines.readline() != b".\\r\\n":
                    pass
            connection.sendall(b"221 bye\\r\\n" if verb == b"QUIT" else b"250 ok\\r\\n")
while True:
    threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()
"""


def measure_outbox() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, _sink() as port, closing(_practice(Path(folder))) as app:
        rendering = _rendering(app)
        bare, ours = _rates(app, Path(folder), port)
    claims = {rows: _claim(rows) for rows in ROWS}
    few, many = (median(claims[rows]) * 1000 for rows in ROWS)
    return [
        Figure(
            f"{MAILS} homework mails to a local sink, of the bare limit",
            f"{ours / bare:.2f} ({ours:.0f}/s beside {bare:.0f}/s)",
            "at least 0.6",
        ),
        Figure("claim with 1,000 and with 1,000,000 rows", f"{few:.2f} ms, {many:.2f} ms (medians)", "flat"),
        Figure("rendering one homework, both bodies", f"{median(rendering) * 1000:.2f} ms (median)", "under 2 ms"),
    ]


def _practice(folder: Path) -> App:
    """One coach, one client, and a note with homework for each mail, all due."""
    settings = load_settings(demo_settings_file()).model_copy(update={"data": folder})
    app = open_app(settings, create=True)
    adopt_settings(app)
    with app.database.write() as tx:
        coach = coaches.active(tx)[0]
        for number in range(MAILS + RENDERINGS):
            client, note, _ = add_note(tx, coach.id, number, AGREED, NOW)
            _plan(tx, coach.id, number, client_id=client.id, note_id=note.id)
    return app


def _plan(tx: Transaction, coach_id: int, number: int, *, client_id: int | None, note_id: int | None) -> None:
    email = NewEmail(
        key=f"homework:{number}",
        kind=OutboundKind.HOMEWORK,
        coach_id=coach_id,
        recipient=f"client{number}@client.example",
        planned_at=NOW,
        client_id=client_id,
        note_id=note_id,
    )
    outbox.plan(tx, email)


def _rendering(app: App) -> list[float]:
    """Seconds for each; the first ones, which compile the templates, left out."""
    samples = []
    for _ in range(RENDERINGS):
        with app.database.write() as tx:
            email = attempts.claim_due(tx, NOW, NOW + LEASE)
            assert email is not None
            view = homework(tx, email, Pages(app.site, partial(links.ensure, tx, NOW)))
            start = time.perf_counter()
            app.renderer.email(OutboundKind.HOMEWORK, view)
            samples.append(time.perf_counter() - start)
            tx.run("UPDATE outbound_emails SET state = 'cancelled' WHERE id = :id", id=email.id)
    return samples[RENDERINGS // 10 :]


def _rates(app: App, folder: Path, port: int) -> tuple[float, float]:
    """(mails a second of the bare limit, of mailflow)."""
    mailer = SmtpMailer("127.0.0.1", port, "none", "", str, 20.0)
    delivery = Delivery(app.database, app.composer, mailer, app.find_source)
    start = time.perf_counter()
    sent = 0
    while deliver_next(delivery, NOW):
        sent += 1
    ours = sent / (time.perf_counter() - start)
    mailer.close()
    with app.database.read() as tx:
        assert tx.value("SELECT count(*) FROM outbound_emails WHERE state = 'sent'") == sent == MAILS
        mails = [row["raw"] for row in tx.all("SELECT raw FROM outbound_raw")]
    return _bare_rate(folder / "bare.db", port, mails), ours


def _bare_rate(path: Path, port: int, mails: list[bytes]) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as database, smtplib.SMTP("127.0.0.1", port) as smtp:
        database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE mails (id, sent)")
        database.executemany("INSERT INTO mails VALUES (?, -1)", ((number,) for number in range(100)))
        start = time.perf_counter()
        for number, raw in enumerate(mails):
            smtp.sendmail(*ENVELOPE, raw)
            # Another value each time: where nothing changes SQLite writes nothing, and there is nothing to sync.
            database.execute("UPDATE mails SET sent = ? WHERE id = ?", (number, number % 100))
        return len(mails) / (time.perf_counter() - start)


def _claim(rows: int) -> list[float]:
    """Seconds for each claim where so many rows are in the table: some hundreds are due, the others went or wait."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(demo_settings_file()).model_copy(update={"data": Path(folder)})
        with closing(open_app(settings, create=True)) as app:
            adopt_settings(app)
            with app.database.write() as tx:
                coach = coaches.active(tx)[0]
                _plan(tx, coach.id, 0, client_id=None, note_id=None)
                tx.run(
                    """
                    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :rows)
                    INSERT INTO outbound_emails (key, kind, coach_id, recipient, state, planned_at, due_at, sent_at)
                    SELECT 'bench:' || n, 'homework', :coach, 'x@client.example',
                        CASE n % 2 WHEN 0 THEN 'sent' ELSE 'waiting' END, :now,
                        CASE WHEN n <= :due THEN :now - 1 ELSE :now + 86400 + n END,
                        CASE n % 2 WHEN 0 THEN :now - n END
                    FROM counted
                    """,
                    rows=rows,
                    coach=coach.id,
                    now=int(NOW.timestamp()),
                    due=2 * CLAIMS,
                )
            samples = []
            for _ in range(CLAIMS):
                start = time.perf_counter()
                with app.database.write() as tx:
                    attempts.expire_due(tx, NOW)
                    claimed = attempts.claim_due(tx, NOW, NOW + timedelta(days=2))
                samples.append(time.perf_counter() - start)
                assert claimed is not None
            return samples


@contextmanager
def _sink() -> Iterator[int]:
    """The port of an SMTP server, in a process of its own, that takes everything and keeps nothing."""
    with subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
