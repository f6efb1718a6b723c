"""What commands close, and what they leave open."""

from __future__ import annotations

import pytest

from mailflow.model import ProblemKind
from mailflow.parsing.commands import read_command
from mailflow.rules.carrying import carry_over

NUMBERED = (11, 12, 13)
OPEN = frozenset(NUMBERED)


def decide(*texts: str, numbered: tuple[int, ...] = NUMBERED, open_actions: frozenset[int] = OPEN) -> set[int]:
    commands = [command for text in texts if (command := read_command(text))]
    assert len(commands) == len(texts)
    decided = carry_over(commands, numbered, open_actions)
    assert not decided.problems
    return set(decided.dropped)


@pytest.mark.parametrize(
    ("texts", "dropped"),
    [
        (["Drop: 2"], {12}),
        (["Drop: 1", "Drop: 3"], {11, 13}),
        (["Drop: all"], {11, 12, 13}),
        (["Keep: 1"], {12, 13}),
        (["Keep: 1", "Keep: 2"], {13}),
        (["Keep: none"], {11, 12, 13}),
        (["Carry over: all"], set()),
        (["Carry over: all", "Keep: 1"], set()),
        (["Drop: 2", "Keep: 1"], {12}),
        ([], set()),
    ],
)
def test_what_is_closed(texts: list[str], dropped: set[int]) -> None:
    assert decide(*texts) == dropped


def test_what_is_closed_already_stays_out_of_it() -> None:
    assert decide("Drop: 1, 2", open_actions=frozenset({12})) == {12}
    assert decide("Keep: 1", open_actions=frozenset({12})) == {12}


def test_all_without_a_mail_that_numbers_means_what_is_open() -> None:
    assert decide("Drop: all", numbered=(), open_actions=frozenset({7})) == {7}


@pytest.mark.parametrize("texts", [["Drop: 4"], ["Drop: 1, 9"], ["Keep: 9"], ["Drop: 0"]])
def test_unknown_number_closes_nothing_and_is_told(texts: list[str]) -> None:
    commands = [command for text in texts if (command := read_command(text))]
    decided = carry_over(commands, NUMBERED, OPEN)
    assert not decided.dropped
    assert [(p.kind, p.detail) for p in decided.problems] == [(ProblemKind.UNKNOWN_NUMBER, texts[0])]


def test_other_commands_count_beside_one_with_an_unknown_number() -> None:
    commands = [command for text in ("Drop: 2", "Drop: 9") if (command := read_command(text))]
    assert carry_over(commands, NUMBERED, OPEN).dropped == {12}


def test_unclear_keep_beside_a_clear_one_closes_nothing() -> None:
    """'Keep: 1' alone would close what the other, unclear one, wants to keep."""
    commands = [command for text in ("Keep: 1", "Keep: 9") if (command := read_command(text))]
    assert not carry_over(commands, NUMBERED, OPEN).dropped


@pytest.mark.parametrize("texts", [("Drop: 2", "Keep: 2"), ("Drop: all", "Keep: 1"), ("Drop: 1", "Carry over: all")])
def test_contradiction_closes_nothing_and_is_told(texts: tuple[str, str]) -> None:
    commands = [command for text in texts if (command := read_command(text))]
    decided = carry_over(commands, NUMBERED, OPEN)
    assert not decided.dropped
    assert [problem.kind for problem in decided.problems] == [ProblemKind.CONTRADICTION]
