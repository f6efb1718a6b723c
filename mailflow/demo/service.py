"""The real daemon, started as a program of its own with the demo's settings."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailflow.errors import EnvironmentProblem
from mailflow.settings import Settings, load_settings

PACKAGE = Path(__file__).parent.parent
STOP_SECONDS = 30


@dataclass(frozen=True)
class Service:
    """A running daemon. `events` are its log lines, as they come; None when it has ended."""

    settings: Settings
    process: subprocess.Popen[str]
    events: queue.Queue[dict[str, Any] | None]

    @property
    def pid(self) -> int:
        return self.process.pid


def demo_settings_file() -> Path:
    """config/demo.toml: inside an installed package, beside it in a checkout."""
    packaged = PACKAGE / "config" / "demo.toml"
    return packaged if packaged.exists() else PACKAGE.parent / "config" / "demo.toml"


def demo_environment(data: Path, *, free_ports: bool) -> dict[str, str]:
    """The MAILFLOW_ variables that move the demo to its folder, and off ports that are taken."""
    environment = {"MAILFLOW_DATA": str(data)}
    with override(environment):
        settings = load_settings(demo_settings_file())
    web, mailbox = settings.web, settings.mailbox[0]
    assert mailbox.kind == "smtp", "the demo's notes arrive by SMTP"
    web_port = choose_port(web.host, web.port, free=free_ports)
    smtp_port = choose_port(web.host, mailbox.port, free=free_ports, taken=web_port)
    moved = mailbox.model_dump(mode="json") | {"port": smtp_port}
    return environment | {
        "MAILFLOW_WEB__PORT": str(web_port),
        "MAILFLOW_WEB__URL": f"http://{web.host}:{web_port}",
        "MAILFLOW_MAILBOX": json.dumps([moved]),
    }


def choose_port(host: str, wanted: int, *, free: bool, taken: int = 0) -> int:
    """The wanted port where nobody listens on it, else a free one."""
    for port in (0,) if free else (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((host, port))
            if probe.getsockname()[1] != taken:
                return int(probe.getsockname()[1])
    raise EnvironmentProblem(f"No port is free on {host}.")


@contextlib.contextmanager
def override(variables: dict[str, str]) -> Iterator[None]:
    """The settings of this process are those of the daemon: both read the same variables."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def running_service(environment: dict[str, str], log_file: Path) -> Iterator[Service]:
    """Starts `mailflow run` and ends it with SIGTERM, as an init system does."""
    command = [sys.executable, "-m", "mailflow", "run", "--config", str(demo_settings_file())]
    with override(environment):
        settings = load_settings(demo_settings_file())
    with log_file.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603  # our own program
            command,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C is for the demo, which then ends the daemon in order
        )
        events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        reader = threading.Thread(target=follow, args=(process, events), daemon=True)
        reader.start()
        try:
            yield Service(settings, process, events)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
            reader.join(STOP_SECONDS)
            assert process.stdout is not None
            process.stdout.close()


def follow(process: subprocess.Popen[str], events: queue.Queue[dict[str, Any] | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        with contextlib.suppress(ValueError):
            events.put(json.loads(line))
    events.put(None)
