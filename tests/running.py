"""`mailflow run` as a program of its own, with mail in by SMTP and out into a folder."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import smtplib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.scene import ANNA, JANE, NOTES, Event, calendar, note, read_mail, write_settings
from tests.waiting import PATIENCE


@dataclass
class Running:
    """`mailflow run`, with its log lines as they come."""

    process: subprocess.Popen[str]
    smtp_port: int
    url: str
    data: Path
    _events: queue.Queue[dict[str, Any] | None] = field(default_factory=queue.Queue)

    def follow(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                self._events.put(json.loads(line))
        self._events.put(None)

    def wait_for(self, name: str, **values: object) -> dict[str, Any]:
        """The next event of this name with these values."""
        while True:
            event = self._events.get(timeout=PATIENCE)
            assert event is not None, f"the daemon ended before {name}"
            if event["event"] == name and values.items() <= event.items():
                return event

    def submit(self, raw: bytes) -> None:
        """Returns when the server has said 250."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as connection:
            connection.sendmail(ANNA, [NOTES], raw)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def sent(self) -> list[str]:
        return sorted(read_mail(file.read_bytes()).recipient for file in (self.data / "sent").glob("*.eml"))


@contextlib.contextmanager
def running(folder: Path, **settings: object) -> Iterator[Running]:
    web, smtp = free_port(), free_port()
    url = f"http://127.0.0.1:{web}"
    config = write_settings(folder, web_port=web, smtp_port=smtp, url=url, **settings)
    command = [sys.executable, "-m", "mailflow", "run", "--config", str(config)]
    with (
        (folder / "stderr").open("ab") as stderr,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=os.environ | {"MAILFLOW_LOG": "json"}
        ) as process,
    ):
        data = Path(str(settings.get("data", folder / "data")))
        service = Running(process, smtp, url, data)
        reader = threading.Thread(target=service.follow)
        reader.start()
        try:
            yield service
        finally:
            process.kill()
            reader.join()


def write_calendar(folder: Path) -> None:
    """Jane's session ended just now."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    sessions = Event("jane", now - timedelta(hours=1), JANE), Event("jane-next", now + timedelta(days=7), JANE)
    (data / "calendar.ics").write_text(calendar(*sessions), encoding="utf-8", newline="")


def todays_note(text: str = "Actions:\n- Call the GP\n", **values: Any) -> bytes:
    return note(text, date=datetime.now(UTC), **values)
