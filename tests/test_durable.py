"""The promise behind the 250: the bytes are on disk before it is said. Seen from outside, in the system calls."""

from __future__ import annotations

import queue
import re
import smtplib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailflow.demo.mailprogram import write_note
from mailflow.demo.service import demo_environment, running_service

TRACED = "fsync,fdatasync,sendto,write,pwrite64"


@pytest.mark.needs("strace")
def test_250_is_said_after_the_mail_was_synced_to_disk(tmp_path: Path, program: Callable[[str], str]) -> None:
    with running_service(demo_environment(tmp_path, free_ports=True), tmp_path / "daemon.log") as service:
        wait_for(service.events, "daemon.ready")
        trace = tmp_path / "trace.txt"
        trace = tmp_path / "trace.txt"
        mailbox = service.settings.mailbox[0]
        assert mailbox.kind == "smtp"
        command = [program("strace"), "-f", "-y", "-s", "64", "-e", f"trace={TRACED}", "-o", str(trace)]
        with subprocess.Popen([*command, "-p", str(service.pid)], stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            with smtplib.SMTP(mailbox.host, mailbox.port, timeout=60) as connection:
                connection.send_message(write_note("Notes", "Actions:\n- Call Sam by Friday", datetime.now(UTC)))
            tracer.terminate()
    calls = trace.read_text(errors="replace").splitlines()
    asked = index_of(calls, r'"354 ')
    stored = index_of(calls, r'"250 2\.0\.0 Stored')
    synced = [i for i, call in enumerate(calls) if re.search(r"f(data)?sync\(.*mailflow\.db-wal>", call)]
    assert any(asked < i < stored for i in synced), "no fsync of the database between the 354 and the 250"


def wait_for(events: queue.Queue[dict[str, Any] | None], name: str) -> None:
    while (event := events.get(timeout=60)) is not None:
        if event["event"] == name:
            return
    pytest.fail("the daemon ended")


def index_of(calls: list[str], pattern: str) -> int:
    return next(i for i, call in enumerate(calls) if re.search(pattern, call))
