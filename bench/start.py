"""How fast the program answers and starts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Figure, seconds
from mailflow.demo import cast
from mailflow.demo.service import Service, demo_environment, running_service

RUNS = 7


def measure_start() -> list[Figure]:
    return [
        Figure("mailflow --help", seconds([_help() for _ in range(RUNS)]), "under 0.25 s"),
        Figure("mailflow run, until mail and pages are taken", seconds([_ready() for _ in range(RUNS)]), "under 1.5 s"),
    ]


def _help() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "mailflow", "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _ready() -> float:
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(Path(folder))
        start = time.perf_counter()
        with running_service(environment, Path(folder) / "daemon.log") as service:
            wait_until_ready(service)
            return time.perf_counter() - start


def prepare(folder: Path) -> dict[str, str]:
    """The demo's practice in this folder; the environment to start it with."""
    schedule = cast.Schedule(datetime.now(UTC), timedelta(hours=2), timedelta(hours=1))
    (folder / "calendar.ics").write_text(cast.calendar(schedule), encoding="utf-8", newline="")
    return demo_environment(folder, free_ports=True)


def wait_until_ready(service: Service) -> None:
    while (event := service.events.get(timeout=60)) is not None:
        if event["event"] == "daemon.ready":
            return
    raise RuntimeError("the daemon ended before it was ready")
