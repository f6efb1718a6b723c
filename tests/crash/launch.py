"""`mailflow run` in a process forked from one that has loaded it: a kill costs no half second of imports."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from multiprocessing.connection import wait
from pathlib import Path

import mailflow.daemon
import mailflow.mailers.smtp  # noqa: F401  # what `mailflow run` would load later
from mailflow.cli import main
from tests.crash.faults import FAULTS


def launch(config: Path, log: Path, stderr: Path, fault: str) -> None:
    """`fault` names a mistake of tests/crash/faults.py to run with, or is empty."""
    for path, number in ((log, 1), (stderr, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, number)
        os.close(file)
    threading.Thread(target=end_with_the_test, daemon=True).start()
    if fault:
        FAULTS[fault]()
    os.environ["MAILFLOW_LOG"] = "json"
    sys.argv = ["mailflow", "run", "--config", str(config)]
    main()


def end_with_the_test() -> None:
    test = multiprocessing.parent_process()
    assert test
    wait([test.sentinel])
    os._exit(1)
