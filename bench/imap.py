"""Mail from an IMAP account (a Dovecot on this machine): how soon it is stored, and how much of it is taken a second.

`python -m bench.imap 20000` takes in so many notes and says what the daemon weighs on the way.
"""

from __future__ import annotations

import contextlib
import json
import queue
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.policy import SMTP
from pathlib import Path
from statistics import median
from typing import Any

from imapclient import IMAPClient

from bench.figure import Figure
from bench.process import resident_megabytes
from mailflow.demo import cast
from mailflow.demo.mailprogram import write_note
from mailflow.demo.service import Service, demo_environment, running_service
from mailflow.model import Client
from tests.builders import HOUR, another_client, ics, ics_event
from tests.dovecot import HIBERNATION, HOST, PASSWORD, Dovecot, find_dovecot, running_dovecot

USER = "notes"
NOTES = 2_000
NOTE_BYTES = 10_000
NOTES_OF_A_COACH = 50
CLIENTS_OF_A_COACH = 5
PUSHES = 15
BATCH = 100
PADDING = "She spoke about the week and about what she had tried, and what came of it.\n"


def measure_imap(notes: int = NOTES) -> list[Figure]:
    if find_dovecot() is None:
        return [Figure("mail from an IMAP account", "not measured: apt install dovecot-imapd", "")]
    pushed, bare = _measure_push()
    pushed_awake, bare_awake = _measure_push(HIBERNATION)
    mailflow, answered, limit, weights = _measure_intake(notes)
    return [
        Figure(
            "IMAP push: from the APPEND's OK until the note is stored",
            f"{pushed:.3f} s (median of {PUSHES}), of which Dovecot's own IDLE {bare:.3f} s; "
            f"with its imap_hibernate_timeout {pushed_awake:.3f} s, of which {bare_awake:.3f} s",
            "under 0.5 s",
        ),
        Figure(
            f"IMAP intake of {notes:,} notes of 10 kB, to actions and receipts committed",
            f"{mailflow:.0f} notes/s ({answered:.0f}/s until each receipt has left, too); "
            f"fetch and one fsynced insert alone {limit:.0f}/s",
            "half of that",
        ),
        Figure("resident memory on the way", ", ".join(f"{mb:.0f} MB" for mb in weights), "flat"),
    ]


# --- Push ----------------------------------------------------------------------------------------


def _measure_push(more_settings: str = "") -> tuple[float, float]:
    """(until it is stored by mailflow, until a bare client in IDLE hears of it)."""
    with running_dovecot(more_settings=more_settings) as server:
        bare = median(_bare_pushes(server))
        with _running(server, PUSHES) as service, server.open(USER) as client:
            _wait_for(service, "daemon.ready")
            samples = []
            for number in range(PUSHES):
                time.sleep(3 + number / PUSHES)  # until what came before is moved, and in no step with anything
                client.append("INBOX", _note(number))
                appended = time.perf_counter()
                _wait_for(service, "mail.received")
                samples.append(time.perf_counter() - appended)
    return median(samples), bare


def _bare_pushes(server: Dovecot) -> Iterator[float]:
    with server.open("bare") as idle, server.open("bare") as client:
        idle.select_folder("INBOX")
        for number in range(PUSHES):
            idle.idle()
            time.sleep(1.5)  # until the connection hibernates, where it does
            client.append("INBOX", _note(number))
            appended = time.perf_counter()
            assert idle.idle_check(timeout=10)
            yield time.perf_counter() - appended
            idle.idle_done()


# --- Intake --------------------------------------------------------------------------------------


def _measure_intake(notes: int) -> tuple[float, float, float, list[float]]:
    """(notes a second, the same until all receipts have left, and for the bare limit, megabytes of the daemon on the
    way)."""
    with running_dovecot() as server:
        with server.open(USER) as client:
            for start in range(0, notes, BATCH):
                client.multiappend("INBOX", [_note(number) for number in range(start, min(start + BATCH, notes))])
            limit = notes / _bare_intake(client)
        with _running(server, notes, since="2020-01-01") as service:
            weights: list[float] = []
            _wait_for(service, "daemon.ready")
            started = time.perf_counter()
            processed = sent = 0
            took = 0.0
            while min(processed, sent) < notes:
                event = _wait_for(service, "mail.processed", "mail.sent")
                if event["event"] == "mail.sent":
                    sent += 1
                    continue
                assert event["status"] == "processed", event
                processed += 1
                took = time.perf_counter() - started
                if processed % max(1, notes // 10) == 0:
                    weights.append(resident_megabytes(service.pid))
            answered = time.perf_counter() - started
    return notes / took, notes / answered, limit, weights


def _bare_intake(client: IMAPClient) -> float:
    """Seconds to fetch everything in the same batches and to store each mail durably; nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE mails (key TEXT PRIMARY KEY, raw BLOB)")
        client.select_folder("INBOX", readonly=True)
        started = time.perf_counter()
        uids = client.search()
        for start in range(0, len(uids), BATCH):
            for uid, data in client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).items():
                database.execute("INSERT INTO mails VALUES (?, ?)", (str(uid), data[b"BODY[]"]))
        took = time.perf_counter() - started
        client.unselect_folder()
        database.close()
    return took


# --- Both ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def _running(server: Dovecot, notes: int, **options: str) -> Iterator[Service]:
    """The daemon with this mailbox, for as many coaches as so many notes need: none writes more than 50 an hour."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "imap-password").write_text(PASSWORD)
        mailbox = {
            "kind": "imap",
            "host": HOST,
            "port": server.port,
            "security": "none",
            "username": USER,
            "password_file": "imap-password",
            "recipients": [cast.NOTES_ADDRESS],
            "trust": "none",
        }
        coaches = []
        for coach in range(1 + notes // NOTES_OF_A_COACH):
            (folder / f"{coach}.ics").write_bytes(_calendar(coach))
            calendar = {"kind": "ics", "path": f"{coach}.ics"}
            coaches.append(
                {"name": f"Coach {coach}", "email": _coach(coach), "timezone": "Europe/Berlin", "calendar": [calendar]}
            )
        environment = demo_environment(folder, free_ports=True)
        environment["MAILFLOW_MAILBOX"] = json.dumps([mailbox | options])
        environment["MAILFLOW_COACH"] = json.dumps(coaches)
        with running_service(environment, folder / "daemon.log") as service:
            yield service


def _coach(number: int) -> str:
    return f"coach{number}@coach.example"


def _client(number: int) -> Client:
    return another_client(f"Client{number} Example", number=number)


def _calendar(coach: int) -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    return ics(
        *(
            ics_event(f"event-{n}", now - timedelta(days=1) - n * HOUR, client=_client(n), organizer=_coach(coach))
            for n in range(CLIENTS_OF_A_COACH)
        )
    )


def _note(number: int) -> bytes:
    """About 10 kB in two bodies, as a mail program writes them."""
    text = f"Client: {_client(number % CLIENTS_OF_A_COACH).name}\n\n{PADDING * 55}\n{cast.note_text()}\n"
    mail = write_note(f"{cast.SUBJECT} {number}", text, datetime.now(UTC))
    mail.replace_header("From", _coach(number // NOTES_OF_A_COACH))
    raw = bytes(mail.as_bytes(policy=SMTP))
    assert abs(len(raw) - NOTE_BYTES) < NOTE_BYTES / 10, len(raw)
    return raw


def _wait_for(service: Service, *names: str) -> dict[str, Any]:
    """The first event of one of these names."""
    while (event := _next_event(service)) is not None:
        if event["event"] in names:
            return event
    raise RuntimeError("the daemon ended")


def _next_event(service: Service) -> dict[str, Any] | None:
    try:
        return service.events.get(timeout=60)
    except queue.Empty as error:
        raise RuntimeError("nothing happened for a minute") from error


if __name__ == "__main__":
    for figure in measure_imap(int(sys.argv[1]) if len(sys.argv) > 1 else NOTES):
        print(f"{figure.what}: {figure.measured} (goal: {figure.goal})")
