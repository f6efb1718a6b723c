"""What becomes of open actions when a note says 'Drop: 2' or 'Keep: 1': certain, or nothing is closed and the coach
hears why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mailflow.model import Command, CommandKind, Problem, ProblemKind


@dataclass(frozen=True)
class Carried:
    """`dropped` are ids of actions; all others stay open."""

    dropped: frozenset[int]
    problems: tuple[Problem, ...]


def carry_over(commands: Sequence[Command], numbered: Sequence[int], open_actions: Collection[int]) -> Carried:
    """Which of the open actions the commands close.

    `numbered` are the actions of the mail that the coach had before them, in the order of its numbers. 'Keep: 1' alone
    closes all others; beside a 'Drop', or an unclear command, it only confirms. A command with a number that stands
    nowhere closes nothing, and neither do commands that contradict each other.
    """
    problems = [
        Problem(ProblemKind.UNKNOWN_NUMBER, command.words)
        for command in commands
        if any(not 1 <= number <= len(numbered) for number in command.numbers)
    ]
    strange = {problem.detail for problem in problems}
    clear = [command for command in commands if command.words not in strange]
    meant = {kind: [_meant(c, numbered, open_actions) for c in clear if c.kind is kind] for kind in CommandKind}
    drop = frozenset().union(*meant[CommandKind.DROP])
    keep = frozenset().union(*meant[CommandKind.KEEP])
    if drop & keep:
        words = "; ".join(command.words for command in clear)
        return Carried(frozenset(), (*problems, Problem(ProblemKind.CONTRADICTION, words)))
    if keep and not meant[CommandKind.DROP] and not problems:
        drop = frozenset(open_actions) - keep
    return Carried(drop & frozenset(open_actions), tuple(problems))


def _meant(command: Command, numbered: Sequence[int], open_actions: Collection[int]) -> frozenset[int]:
    """Of a mail with numbers 'all' means those; without one, all that is open."""
    if command.numbers:
        return frozenset(numbered[number - 1] for number in command.numbers)
    return frozenset(open_actions)
