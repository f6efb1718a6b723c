"""One mail of each mail program, as it arrives, and the actions in it. Every bug in parsing adds one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note

EMAILS = Path(__file__).parents[1] / "emails"
SAM = ("Call Sam by Friday", ())
GP = ("Book the GP", ())
GP_SLEEP = ("Book the GP", ("ask about sleep",))
NO = ("Write down two situations in which you said no to somebody whom you like, and what happened then", ())
EXPECTED: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    "apple-mail-dash-list": [SAM, GP],
    "gmail-reply": [SAM, GP_SLEEP],
    "outlook-web-german-plain": [("Sam bis Freitag anrufen", ()), ("Termin beim Hausarzt buchen", ())],
    "outlook-word-list": [SAM, GP_SLEEP],
    "phone-no-markers": [SAM, GP],
    "thunderbird-plain-flowed": [SAM, NO],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_mail_of_this_program_gives_its_actions_and_nothing_stale(name: str) -> None:
    email = read_email((EMAILS / f"{name}.eml").read_bytes())
    note = parse_note(email, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC), timezone="Europe/Berlin")
    assert [(action.text, action.steps) for action in note.actions] == EXPECTED[name]
    assert note.problems == ()
    assert "STALE" not in note.notes + note.summary


def test_every_mail_here_is_tested() -> None:
    assert {path.stem for path in EMAILS.glob("*.eml")} == set(EXPECTED)
