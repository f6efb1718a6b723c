"""What docs/operations.md says about an SMTP server's answers is what happens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.mailers.smtp_answers import ENHANCED, RULES, Phase, error_for

GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"
OUTCOMES = {
    "is put off": TemporaryError,
    "is put off: it may have gone, and goes again with the same bytes": UnknownOutcomeError,
    "waits: it is the account's": AccountError,
    "fails": PermanentError,
    "fails; the coach is told of a homework": PermanentError,
}


class Line(NamedTuple):
    phases: list[Phase]
    examples: list[str]
    error: type[MailflowError]


def lines_of_the_guide() -> list[Line]:
    table = GUIDE.read_text("utf-8").partition("| answer | at |")[2].partition("\n\n")[0].splitlines()[2:]
    lines = []
    for row in table:
        _, at, examples, outcome = (cell.strip() for cell in row.strip("|").split("|"))
        lines.append(Line(phases_of(at), re.findall("`(.+?)`", examples), OUTCOMES[outcome]))
    return lines


def phases_of(at: str) -> list[Phase]:
    if at == "any":
        return list(Phase)
    if at == "before the final dot":
        return [phase for phase in Phase if phase is not Phase.DOT]
    return [Phase(name) for name in at.split(", ")]


def code_and_text(example: str) -> tuple[int, str]:
    """As mailers/smtp_connection.py gives them: -1 for what is no code."""
    code, _, text = example.partition(" ")
    return (int(code), text) if code.isdigit() else (-1, example)


CASES = [
    pytest.param(phase, example, line.error, id=f"{phase}: {example}")
    for line in lines_of_the_guide()
    for example in line.examples
    for phase in line.phases
]


@pytest.mark.parametrize(("phase", "example", "error"), CASES)
def test_answer_means_what_the_guide_says(phase: Phase, example: str, error: type[MailflowError]) -> None:
    assert error_for(phase, *code_and_text(example)) is error


def test_guide_leaves_no_rule_out() -> None:
    """The first rule that fits decides: each has an example in the guide that no rule before it takes."""
    met = set()
    for line in lines_of_the_guide():
        for phase in line.phases:
            for example in line.examples:
                code, text = code_and_text(example)
                enhanced = ENHANCED.match(text)
                said = f"{code} {enhanced[1] if enhanced else '-'} {text}"
                met.add(next((r for r in RULES if phase in r.phases and r.answer.search(said)), None))
    assert met == {*RULES, None}


@pytest.mark.parametrize("text", ["5.7.26 x", "#5.7.26 x", " 5.7.26\n5.7.26 y", "5.7.26"])
def test_enhanced_code_is_found_as_servers_write_it(text: str) -> None:
    assert error_for(Phase.DOT, 550, text) is AccountError


def test_number_in_the_words_is_no_enhanced_code() -> None:
    assert error_for(Phase.DOT, 550, "see 5.7.26") is PermanentError
