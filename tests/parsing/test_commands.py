"""'Drop: 2' and its like: what is a command, and that it is never an action."""

from __future__ import annotations

import pytest

from mailflow.model import Command, CommandKind, ParsedNote, ProblemKind
from mailflow.parsing.commands import read_command
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note
from tests.builders import NOW, eml

DROP, KEEP = CommandKind.DROP, CommandKind.KEEP


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("Drop: 2", DROP, (2,)),
        ("drop : 1, 3", DROP, (1, 3)),
        ("**Drop:** 2", DROP, (2,)),
        ("DROP: #2 and #4", DROP, (2, 4)),
        ("Drop: 2-4", DROP, (2, 3, 4)),
        ("Drop: all", DROP, ()),
        ("Drop: none", KEEP, ()),
        ("Keep: 1", KEEP, (1,)),
        ("Keep: 1 2", KEEP, (1, 2)),
        ("Keep: none", DROP, ()),
        ("Carry over: all", KEEP, ()),
        ("Carry over: 2.", KEEP, (2,)),
        ("Streichen: 2 und 3", DROP, (2, 3)),
        ("Übernehmen: alle", KEEP, ()),
        ("Abandonner : 2", DROP, (2,)),
        ("Mantener: todas", KEEP, ()),
        ("Riportare: tutte", KEEP, ()),
        ("Schrappen: 1 en 2", DROP, (1, 2)),
        ("Manter: 1", KEEP, (1,)),
    ],
)
def test_command_is_read(text: str, kind: CommandKind, numbers: tuple[int, ...]) -> None:
    assert read_command(text) == Command(kind, numbers, text)


@pytest.mark.parametrize(
    "text",
    ["Keep: a diary", "Drop: off the form at 2", "Keep: 1 hour free", "Drop 2", "Keep:", "Drop: 2nd", "Note: all", ":"],
)
def test_other_words_behind_the_colon_are_no_command(text: str) -> None:
    assert read_command(text) is None


def read(text: str) -> ParsedNote:
    return parse_note(read_email(eml(text)), now=NOW, timezone="UTC")


@pytest.mark.parametrize(
    "text",
    [
        "Drop: 2\n\nActions:\n- Call Sam\n- Book the GP\n",
        "Actions:\n- Call Sam\n- Book the GP\n\nDrop: 2\n",
        "Actions:\n- Call Sam\n- Book the GP\nDrop: 2\n\nShe cried.\n",
        "Actions:\nDrop: 2\n- Call Sam\n- Book the GP\n",
        "Actions:\n- Drop: 2\n- Call Sam\n- Book the GP\n",
        "Actions:\n- Call Sam\n- Drop: 2\n- Book the GP\n",
        "Actions:\n\nCall Sam\nBook the GP\nDrop: 2\nShe cried.\n",
    ],
)
def test_command_is_no_action_wherever_it_stands(text: str) -> None:
    note = read(text)
    assert [action.text for action in note.actions] == ["Call Sam", "Book the GP"]
    assert note.commands == (Command(DROP, (2,), "Drop: 2"),)
    assert "Drop" not in note.notes
    assert note.problems == ()


def test_action_that_looks_like_a_command_stays_an_action() -> None:
    note = read("Actions:\n- Keep: a diary\n")
    assert [action.text for action in note.actions] == ["Keep: a diary"]
    assert note.commands == ()


def test_note_of_commands_alone_lacks_no_actions() -> None:
    assert read("Drop: 1\nKeep: 2\n").problems == ()


def test_quoted_command_is_none() -> None:
    note = read("Thanks\n\n> Drop: 2\n")
    assert note.commands == ()
    assert [problem.kind for problem in note.problems] == [ProblemKind.NO_ACTIONS]
