"""From the SMTP 250 to receipt and homework committed in the outbox, and what the daemon weighs after it."""

from __future__ import annotations

import json
import smtplib
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.figure import Figure
from bench.process import resident_megabytes
from bench.start import prepare, wait_until_ready
from mailflow.demo import cast
from mailflow.demo.mailprogram import write_note
from mailflow.demo.service import Service, running_service

NOTES = 200
WARM_UP = 10


def measure_intake() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = without_limits(prepare(Path(folder)))
        with running_service(environment, Path(folder) / "daemon.log") as service:
            wait_until_ready(service)
            before = resident_megabytes(service.pid)
            latencies = sorted(_latencies(service))
            after = resident_megabytes(service.pid)
    slow = latencies[int(len(latencies) * 0.95)]
    return [
        Figure(
            "SMTP 250 until receipt and homework are committed",
            f"{median(latencies) * 1000:.1f} ms (median of {len(latencies)}, p95 {slow * 1000:.1f} ms)",
            "under 50 ms",
        ),
        Figure(
            f"resident memory when ready, and after {NOTES} notes", f"{before:.0f} MB, {after:.0f} MB", "under 110 MB"
        ),
    ]


def without_limits(environment: dict[str, str]) -> dict[str, str]:
    """No coach, and no server of a practice, sends so many notes in a row."""
    mailboxes = json.loads(environment["MAILFLOW_MAILBOX"])
    return environment | {
        "MAILFLOW_MAILBOX": json.dumps([mailbox | {"max_per_minute": 0} for mailbox in mailboxes]),
        "MAILFLOW_SERVICE__ANSWERS_PER_HOUR": "100000",
    }


def _latencies(service: Service) -> list[float]:
    """The daemon logs 'mail.processed' after its commit, so a sample holds the way through the log as well."""
    mailbox = service.settings.mailbox[0]
    assert mailbox.kind == "smtp"
    samples = []
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=20) as connection:
        for number in range(NOTES):
            note = write_note(
                f"{cast.SUBJECT} {number}", f"Client: {cast.JANE[0]}\n\n{cast.note_text()}", datetime.now(UTC)
            )
            connection.send_message(note)
            accepted = time.perf_counter()
            _wait_for(service, "mail.processed")
            samples.append(time.perf_counter() - accepted)
    return samples[WARM_UP:]


def _wait_for(service: Service, name: str) -> None:
    while (event := service.events.get(timeout=60)) is not None:
        if event["event"] == name:
            return
    raise RuntimeError("the daemon ended")
