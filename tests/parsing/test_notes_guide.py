"""The guide for coaches, docs/notes.md, says what happens: its examples and its table of due phrases are run."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailflow.model import DueKind, ParsedNote
from mailflow.parsing.due import parse_due
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note

GUIDE = (Path(__file__).parents[2] / "docs" / "notes.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```note\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
WEDNESDAY = date(2026, 11, 25)


def parsed(text: str) -> ParsedNote:
    email = read_email(f"From: Anna Berg <anna@coach.example>\n\n{text}".encode())
    return parse_note(email, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC), timezone="Europe/Berlin")


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_understood_without_a_problem_and_every_action_has_a_when(example: str) -> None:
    note = parsed(example)
    assert note.problems == ()
    assert note.actions
    assert all(action.due.kind is not DueKind.NONE for action in note.actions)


def test_first_example_keeps_apart_what_is_shared_and_what_is_not() -> None:
    note = parsed(EXAMPLES[0])
    assert [action.text for action in note.actions] == [
        "Write to two people who have the job you want, by Friday",
        "Walk ten minutes every morning",
        "Book the GP before our next session",
    ]
    assert note.actions[2].steps == ("ask about sleep",)
    assert note.summary == "You know what you want from the next job."
    assert [action.text for action in note.coach_actions] == ["Send Jane the article"]
    assert "tired" in note.notes


def test_private_text_of_the_guide_is_never_shared() -> None:
    (example,) = [text for text in EXAMPLES if "She cried" in text]
    note = parsed(example)
    assert note.summary == "It was a good hour."
    assert "She cried." in note.notes


def due_rows() -> list[str]:
    _, _, table = GUIDE.partition("| you write | it means |")
    rows = re.findall(r"^\| ([^|]+) \|", table.partition("\n\n")[0], re.MULTILINE)
    return [phrase for row in rows for phrase in row.split(", ") if not phrase.startswith("---")]


@pytest.mark.parametrize("phrase", due_rows())
def test_every_due_phrase_of_the_guide_is_understood(phrase: str) -> None:
    assert parse_due(f"Call Sam {phrase}", today=WEDNESDAY, date_order="DMY").kind is not DueKind.NONE


def test_table_says_the_days_that_are_taken() -> None:
    days = {
        phrase: parse_due(f"Call Sam {phrase}", today=WEDNESDAY, date_order="DMY").on
        for phrase in ("by Friday", "this Friday", "next Tuesday", "by 3/12", "by the 15th", "before Monday")
    }
    assert days == {
        "by Friday": date(2026, 11, 27),
        "this Friday": date(2026, 11, 27),
        "next Tuesday": date(2026, 12, 1),
        "by 3/12": date(2026, 12, 3),
        "by the 15th": date(2026, 12, 15),
        "before Monday": date(2026, 11, 30),
    }
    assert parse_due("Call Sam by Friday", today=date(2026, 11, 27), date_order="DMY").on == date(2026, 12, 4)
