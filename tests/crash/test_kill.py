"""kill -9 at random moments: no note is lost or doubled, every mail is sent, a kill costs at most one extra copy.

A failure says its seed; KILL_SEED=… runs with it again. (The operating system keeps its own dice: the same seed gives
the same moments, not the same instruction.)
"""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.faults import FAULTS
from tests.crash.storm import DELIVER, RECEIVE, Part, Storm, storm

PARTS = pytest.mark.parametrize("part", [RECEIVE, DELIVER], ids=["receive", "deliver"])


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("KILL_SEED") or secrets.randbits(32))


@PARTS
def test_twenty_kills_lose_and_double_nothing(tmp_path: Path, part: Part, seed: int) -> None:
    done = storm(tmp_path, part, seed, 20, at_most_seconds=60)
    assert done.problems == [], summary(done)
    assert done.hits >= 20, summary(done)


@pytest.mark.soak
@PARTS
def test_two_hundred_kills_lose_and_double_nothing(
    tmp_path: Path, part: Part, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done = storm(tmp_path, part, seed, 200, at_most_seconds=300, patience=240)
    with capsys.disabled():
        print(f"\n{summary(done)}")
    assert done.problems == [], summary(done)
    assert done.hits >= 200, summary(done)


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
def test_a_mistake_is_found(tmp_path: Path, fault: str, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    part = DELIVER if "mail" in fault else RECEIVE
    done = storm(tmp_path, part, seed, 20, at_most_seconds=60, fault=fault, patience=10)
    with capsys.disabled():
        print(f"\n{fault}: {len(done.problems)} problems, such as {done.problems[:2]}")
    assert done.problems != [], summary(done)


def summary(done: Storm) -> str:
    return f"KILL_SEED={done.seed}: {replace(done, problems=done.problems[:5])}"
