"""The guide for coaches, docs/notes.md, says what happens: its examples and its table of due phrases are run."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailflow.model import DueKind, ParsedNote
from mailflow.parsing.due import parse_due
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note

GUIDE = (Path(__file__).parents[2] / "docs" / "notes.md").read_text("utf-8")
UNDERSTOOD = re.findall(r"^```note\n(.*?)^```\n\n^```understood\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
EXAMPLES = re.findall(r"^```note\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
WEDNESDAY = date(2026, 11, 25)


def parsed(text: str) -> ParsedNote:
    email = read_email(f"From: Anna Berg <anna@coach.example>\n\n{text}".encode())
    return parse_note(email, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC), timezone="Europe/Berlin")


def rows(title: str) -> list[tuple[str, str]]:
    """(language, words) of a table of the guide, by the head of its second column."""
    _, found, table = GUIDE.partition(f"| language | {title} |\n|---|---|\n")
    assert found, title
    lines = re.findall(r"^\| (\w+) \| (.+) \|$", table.partition("\n\n")[0], re.MULTILINE)
    return [(language, words) for language, words in lines]


def shown(note: ParsedNote) -> list[str]:
    """A note as the blocks 'understood' write it."""
    lines = [f"client: {note.client.hint}"] if note.client else []
    lines += [f"summary: {note.summary.replace(chr(10), ' / ')}"] if note.summary else []
    for action in note.actions:
        lines.append(f"action: {action.text}")
        lines += ["  done"] if action.done else []
        lines += [f"  step: {step}" for step in action.steps]
        lines += [f"  plan: {action.plan}"] if action.plan else []
        lines += [f"  why: {action.why}"] if action.why else []
    lines += [f"yours: {action.text}" for action in note.coach_actions]
    lines += [f"command: {command.words}" for command in note.commands]
    private = " / ".join(line for line in note.notes.splitlines() if line)
    return [*lines, f"private: {private}"] if private else lines


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_is_understood_without_a_problem_and_every_action_has_a_when(example: str) -> None:
    note = parsed(example)
    assert note.problems == ()
    assert note.actions
    assert all(action.due.kind is not DueKind.NONE for action in note.actions)


@pytest.mark.parametrize(("example", "understood"), UNDERSTOOD)
def test_example_is_understood_as_the_guide_says(example: str, understood: str) -> None:
    assert shown(parsed(example)) == understood.splitlines()


def test_every_example_says_what_is_understood() -> None:
    assert [example for example, _ in UNDERSTOOD] == EXAMPLES


@pytest.mark.parametrize(("language", "words"), rows("such as"))
@pytest.mark.parametrize("form", ["{}:", "{}", "**{}**", "## 3. {}", "{} (this week)", "📝 {} –"])
def test_every_heading_of_the_guide_opens_the_actions(language: str, words: str, form: str) -> None:
    for word in words.split(", "):
        for heading in (word, word.upper(), unicodedata.normalize("NFD", word)):
            note = parsed(f"Private.\n\n{form.format(heading)}\n- Call Sam\n")
            assert shown(note) == ["action: Call Sam", "private: Private."], heading


@pytest.mark.parametrize(("language", "words"), rows("yours"))
def test_every_heading_of_the_coachs_own_keeps_what_is_below_from_the_client(language: str, words: str) -> None:
    for word in words.split(", "):
        assert shown(parsed(f"Actions:\n- Call Sam\n\n{word}:\n- Send it\n")) == [
            "action: Call Sam",
            "yours: Send it",
        ], word


@pytest.mark.parametrize(("language", "words"), rows("the heading names Jane"))
def test_every_heading_that_names_the_client_names_her(language: str, words: str) -> None:
    for word in re.split(r", (?!Jane$)", words):
        assert shown(parsed(f"{word}:\n- Call Sam\n")) == ["client: Jane", "action: Call Sam"], word


@pytest.mark.parametrize(("language", "words"), rows("shared"))
def test_every_heading_of_the_summary_shares_what_is_below_and_no_more(language: str, words: str) -> None:
    for word in words.split(", "):
        note = parsed(f"She cried.\n\n{word}:\nGood hour.\n\nNotes:\nlow\n\nActions:\n- Call Sam\n")
        assert shown(note) == ["summary: Good hour.", "action: Call Sam", "private: She cried. / Notes: / low"], word


def test_every_language_has_its_row_in_every_table() -> None:
    tables = [rows(title) for title in ("such as", "yours", "the heading names Jane", "shared")]
    assert {tuple(language for language, _ in table) for table in tables} == {
        ("English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese")
    }


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
