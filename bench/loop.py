"""What the daemon weighs after the demo's loop: a note, its homework, an answer, a review."""

from __future__ import annotations

import contextlib
import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Figure
from bench.process import resident_megabytes
from mailflow.demo import cast
from mailflow.demo.practice import Practice
from mailflow.demo.service import demo_environment, running_service


def measure_loop() -> list[Figure]:
    schedule = cast.Schedule(datetime.now(UTC), timedelta(hours=2), timedelta(seconds=25))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "calendar.ics").write_text(cast.calendar(schedule), encoding="utf-8", newline="")
        with running_service(demo_environment(data, free_ports=True), data / "daemon.log") as service:
            practice = Practice.of(service)
            practice.wait_for(lambda: False, until_event="daemon.ready")
            with contextlib.redirect_stdout(io.StringIO()):
                code = practice.play_once()
            weight = resident_megabytes(service.pid)
    if code != 0:
        raise RuntimeError("the demo's loop did not hold what it promises")
    return [Figure("resident memory after the demo's loop", f"{weight:.0f} MB", "under 110 MB")]
