"""What holds for every mail, whatever bytes it is made of; tests/test_fuzz.py runs the same on the seeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from mailflow.flows.explain import Explained, explain
from mailflow.model import DueKind, NoteAction
from mailflow.parsing.mime import content_id
from mailflow.parsing.sender import single_sender

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DATE_ORDERS = ("DMY", "MDY", "YMD")


def check_mail(raw: bytes, date_order: str) -> Explained:
    """What is understood of it. Raises AssertionError, or what the parser raised."""
    explained = explain(raw, at=None, now=NOW, timezone="Europe/Berlin", date_order=date_order)
    single_sender(explained.email)
    assert len(content_id(explained.email)) == 64
    # Both go out as UTF-8, so neither may hold half of a surrogate pair.
    json.dumps(explained.as_json(), ensure_ascii=False, default=str).encode()
    explained.as_text().encode()
    for action in (*explained.note.actions, *explained.note.coach_actions):
        _check_action(action)
    for advised in explained.note.actions:
        for hint in advised.advice:
            assert hint.words in advised.text
    return explained


def _check_action(action: NoteAction) -> None:
    assert action.text
    for text in (action.text, action.plan, action.why, *action.steps):
        assert text == " ".join(text.split()), f"white space: {text!r}"
        assert "\0" not in text
    assert all(action.steps)
    assert action.due.phrase in action.text
    assert bool(action.due.phrase) == (action.due.kind is not DueKind.NONE)
    assert (action.due.on is not None) == (action.due.kind is DueKind.DATE)
