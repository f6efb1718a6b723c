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

from tests.crash.storm import DELIVER, IMAP, RECEIVE, Part, Storm, storm

PARTS = pytest.mark.parametrize(
    "part", [RECEIVE, DELIVER, pytest.param(IMAP, marks=pytest.mark.needs("dovecot"))], ids=lambda part: part.name
)


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("KILL_SEED") or secrets.randbits(32))


@PARTS
def test_twenty_kills_lose_and_double_nothing(tmp_path: Path, part: Part, seed: int) -> None:
    done = storm(tmp_path, part, seed, kills=20, at_most_seconds=60)
    assert done.problems == [], summary(done)
    assert done.kills == 20, summary(done)
    assert done.hits >= 5, summary(done)


@pytest.mark.soak
@PARTS
def test_two_hundred_kills_lose_and_double_nothing(
    tmp_path: Path, part: Part, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done = storm(tmp_path, part, seed, hits=200, at_most_seconds=300, patience=240)
    with capsys.disabled():
        print(f"\n{summary(done)}")
    assert done.problems == [], summary(done)
    assert done.hits >= 200, summary(done)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("part", "fault", "is_found"),
    [
        (RECEIVE, "says_250_before_the_commit", "lost"),
        (RECEIVE, "knows_no_duplicates", "doubled"),
        (RECEIVE, "finishes_a_note_in_a_second_transaction", "is quarantined"),
        pytest.param(IMAP, "moves_a_mail_before_it_is_stored", "lost", marks=pytest.mark.needs("dovecot")),
        (DELIVER, "marks_a_mail_before_it_sends", "never arrived"),
        (DELIVER, "makes_a_mail_anew_for_each_attempt", "the outbox does not know it"),
        (DELIVER, "marks_each_mail_when_four_more_have_gone", "extra copies after a single kill"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_mistake_is_found(tmp_path: Path, part: Part, fault: str, is_found: str, seed: int) -> None:
    """With these mistakes in the daemon the storm must say so: otherwise it would prove nothing."""
    done = storm(tmp_path, part, seed, hits=30, at_most_seconds=90, fault=fault, patience=10)
    assert [problem for problem in done.problems if is_found in problem], summary(done)


def summary(done: Storm) -> str:
    return f"KILL_SEED={done.seed}: {replace(done, problems=done.problems[:5])}"
