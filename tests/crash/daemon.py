"""A daemon that a test kills when it wants to, and whose log it reads afterwards."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

from tests.crash.launch import launch
from tests.waiting import PATIENCE

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.crash.launch"])


class Daemon:
    """`mailflow run` in a process of its own."""

    def __init__(self, config: Path, name: str, fault: str = "") -> None:
        self.name = name
        self._log = config.parent / f"{name}.log"
        self._stderr = config.parent / f"{name}.stderr"
        for file in (self._log, self._stderr):
            file.touch()
        self._process = FORKS.Process(target=launch, args=(config, self._log, self._stderr, fault))
        self._process.start()

    def events(self, name: str) -> list[dict[str, Any]]:
        """Those of this name that it has logged so far; what a kill cut off is left out."""
        lines = self._log.read_bytes().split(b"\n")[:-1]
        return [event for line in lines if (event := json.loads(line))["event"] == name]

    def has_logged(self, name: str) -> bool:
        return bool(self.events(name))

    def has_ended(self) -> bool:
        return self._process.exitcode is not None

    def signal(self, number: int) -> None:
        assert self._process.pid
        os.kill(self._process.pid, number)

    def end(self, number: int) -> int | None:
        """Its exit code after this signal."""
        if not self.has_ended():
            self.signal(number)
        self._process.join(PATIENCE)
        return self._process.exitcode

    def complaints(self) -> list[str]:
        """What should not be in its log, whenever it was killed."""
        wrong = ("worker.failed", "mail.failed", "mail.unmade", "mail.unsent", "mail.refused", "mailbox.failed")
        logged = [str(event) for name in wrong for event in self.events(name)]
        return [f"{self.name}: {line}" for line in (*logged, *self._stderr.read_text().splitlines()[-1:])]
