"""A mail that is made to hurt gives an answer or a named problem, and never an exception: tests/hostile.py has them.

How long each takes stands in no test, for a machine may be busy; `make bench ARGS=hostile` prints it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailflow.model import ProblemKind
from tests.hostile import MAILS, NO_ACTION_IS_LOST, ON_THE_WHOLE_WAY

ROOT = Path(__file__).parents[2]
MAX_MEGABYTES = 200


def measured(*arguments: str) -> dict[str, dict[str, Any]]:
    """What tests/hostile.py says of each mail, by its name."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.hostile", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["name"]: line for line in lines}


@pytest.fixture(scope="module")
def explained() -> dict[str, dict[str, Any]]:
    return measured("explain")


@pytest.mark.parametrize("name", MAILS)
def test_hostile_mail_is_answered_within_200_mb(name: str, explained: dict[str, dict[str, Any]]) -> None:
    answer = explained[name]
    assert "error" not in answer
    assert answer["actions"] or answer["problems"]
    assert answer["megabytes"] < MAX_MEGABYTES


@pytest.mark.parametrize("name", sorted(NO_ACTION_IS_LOST))
def test_what_stands_around_an_action_does_not_hide_it(name: str, explained: dict[str, dict[str, Any]]) -> None:
    assert explained[name]["actions"] == 1


def test_more_actions_than_a_note_may_have_are_told(explained: dict[str, dict[str, Any]]) -> None:
    for name in ("two million items", "headings with an item", "one item of ;"):
        assert explained[name]["actions"] == 100
        assert ProblemKind.TOO_LARGE in explained[name]["problems"], name


def test_hostile_mail_is_answered_on_its_whole_way_and_never_stops_the_daemon() -> None:
    for name, answer in measured("process", *ON_THE_WHOLE_WAY).items():
        assert "error" not in answer, name
        assert (answer["failures"], answer["status"] != "received") == (0, True), name
        assert answer["megabytes"] < MAX_MEGABYTES, name
