"""What the mails cost that are made to hurt (tests/hostile.py), each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.figure import Figure
from tests.hostile import MAILS, ON_THE_WHOLE_WAY

ROOT = Path(__file__).parents[1]


def measure_hostile() -> list[Figure]:
    return [
        *_figures(f"{len(MAILS)} hostile mails, understood (processor time)", _measured("explain")),
        *_figures(f"{len(ON_THE_WHOLE_WAY)} hostile mails, up to the answer sent", _measured("process")),
    ]


def _measured(way: str) -> list[dict[str, Any]]:
    names = ON_THE_WHOLE_WAY if way == "process" else ()
    command = [sys.executable, "-m", "tests.hostile", way, *names]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _figures(what: str, answers: list[dict[str, Any]]) -> list[Figure]:
    answered = [answer for answer in answers if "error" not in answer]
    for answer in answers:
        if "error" in answer:
            print(f"FAILED {answer['name']}: {answer['error']}")
    slowest = max(answered, key=lambda answer: float(answer["seconds"]))
    largest = max(answered, key=lambda answer: float(answer["megabytes"]))
    return [
        Figure(f"{what}: answered", f"{len(answered)} of {len(answers)}", "all"),
        Figure(f"{what}: longest", f"{slowest['seconds']:.2f} s ({slowest['name']})", "under 1 s"),
        Figure(f"{what}: most memory", f"{largest['megabytes']:.0f} MB ({largest['name']})", "under 200 MB"),
    ]
