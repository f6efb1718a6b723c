"""One action by itself: the lines of a form's row -> NoteAction, and back.

The first line is the action, whatever its words look like: who typed it there wants it so. Below it are its steps, its
plan and its reason, as in a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mailflow.model import Action, Due, NoteAction
from mailflow.parsing.due import parse_due
from mailflow.parsing.items import is_plan
from mailflow.parsing.lines import Marker, is_rule, split_marker, tidy
from mailflow.parsing.words import PLAN_LABELS, WHY_LABELS, fold

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WHY = {"de": "Warum"}


def clean(text: str) -> str:
    """What was typed, as text: a form's line breaks are a line feed each, and there are no control characters.

    Half a surrogate pair goes, too, which no database and no mail takes.
    """
    text = text.encode("utf-8", "replace").decode()
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def read_summary(text: str) -> str:
    """As a note's: white space within a line is one space, what stands before it stays."""
    lines = [(len(line) - len(line.lstrip(" ")), tidy(line)) for line in clean(text).split("\n")]
    return "\n".join(" " * indent + line if line else "" for indent, line in lines).strip()


def read_row(text: str, *, today: date, date_order: str) -> NoteAction | None:
    """None where nothing was typed."""
    lines = [line for line in clean(text).split("\n") if _says_something(tidy(line))]
    if not lines:
        return None
    first = split_marker(lines[0])
    # '3 - 5 squats' and '10. Kapitel' keep their numbers: a row needs none.
    words = first.text if first.marker in (Marker.BULLET, Marker.CHECKBOX) else tidy(lines[0])
    below = [step for line in lines[1:] if _says_something(step := split_marker(line).text)]
    due = parse_due(words, today=today, date_order=date_order)
    return to_action(words, due, below, done=first.ticked) if _says_something(words) else None


def _says_something(text: str) -> bool:
    """More than a list marker, or a line drawn across."""
    return not is_rule(text) and bool(split_marker(text).text)


def to_action(text: str, due: Due, below: Sequence[str], *, done: bool) -> NoteAction:
    """With what stands below it told apart: its reason and its plan, once each, and steps."""
    steps: list[str] = []
    plan = why = ""
    for step in below:
        label, colon, rest = step.partition(":")
        name = fold(label.strip())
        if colon and rest.strip() and name in WHY_LABELS and not why:
            why = rest.strip()
        elif colon and rest.strip() and name in PLAN_LABELS and not plan:
            plan = rest.strip()
        elif not plan and is_plan(step):
            plan = step
        else:
            steps.append(step)
    return NoteAction(text, due, tuple(steps), plan, why, done)


def row_text(action: Action, language: str) -> str:
    """The action as it would be typed."""
    lines = [action.text]
    if action.why:
        lines.append(f"{_WHY.get(language[:2].lower(), 'Why')}: {action.why}")
    if action.plan:
        lines.append(action.plan if is_plan(action.plan) else f"Plan: {action.plan}")
    return "\n".join([*lines, *(f"- {step}" for step in action.steps)])
