"""What is understood of a mail, without a store: for `mailflow parse`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mailflow.errors import PermanentError
from mailflow.model import Advice, Automatic, DueKind, Email, NoteAction, ParsedNote
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.headings import may_head_actions
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note
from mailflow.rules.clarity import advise_all, on_itself, on_the_list
from mailflow.wording import advice, advice_example, due, problem, ready_example


@dataclass(frozen=True)
class Explained:
    """`ignored_from_coach` says that it counts as automatic whoever sent it; else a known coach's actions are read."""

    email: Email
    automatic: Automatic | None
    ignored_from_coach: bool
    note: ParsedNote

    def as_json(self) -> dict[str, Any]:
        """The contract of `mailflow parse --json`."""
        hint = self.note.client
        return {
            "from": [address.email for address in self.email.from_],
            "subject": self.email.subject,
            "date": self.email.date,
            "automatic": self.automatic,
            "client": None if hint is None else {"hint": hint.hint, "where": hint.where},
            "summary": self.note.summary,
            "notes": self.note.notes,
            "actions": [_action(action) for action in self.note.actions],
            "coach_actions": [_action(action) for action in self.note.coach_actions],
            "problems": [{"kind": p.kind, "text": problem(p)} for p in self.note.problems],
            "commands": [{"kind": c.kind, "numbers": list(c.numbers) or None} for c in self.note.commands],
        }

    def as_text(self) -> str:
        lines = [
            f"From:    {', '.join(address.email for address in self.email.from_)}",
            f"Subject: {self.email.subject}",
        ]
        if self.automatic is not None:
            unless = "" if self.ignored_from_coach else ", unless a coach sent it with actions"
            lines.append(f"This is an automatic mail ({self.automatic.value}): it would not be answered{unless}.")
        if self.note.client is not None:
            lines.append(f"Client:  {self.note.client.hint}")
        if self.note.summary:
            lines += ["", "Summary for the client:", self.note.summary]
        for title, listed in (("Actions:", self.note.actions), ("The coach's own:", self.note.coach_actions)):
            if listed:
                lines += ["", title]
            for number, action in enumerate(listed, start=1):
                lines.append(f"{number}. {action.text}{_due_words(action)}")
                lines += [f"   - {step}" for step in action.steps]
                lines += [f"   ({_advice_words(hint, action)})" for hint in on_itself(action)]
            if too_many := on_the_list(listed):
                lines.append(f"({advice(too_many)} “{_on_one_line(ready_example(too_many.kind))}”)")
        if self.note.commands:
            lines += ["", "Open actions:", *(f"- {command.words}" for command in self.note.commands)]
        lines += ["", *(problem(p) for p in self.note.problems)]
        return "\n".join(lines).rstrip()


def explain(
    raw: bytes,
    *,
    at: datetime | None,
    now: datetime,
    timezone: str,
    date_order: str,
    heading_words: Sequence[str] = (),
) -> Explained:
    """Parses as the daemon would. `at` is wall-clock time in `timezone`, `heading_words` are a coach's own.

    Raises PermanentError for an unknown zone, and for a heading that means something else already.
    """
    for word in heading_words:
        if not may_head_actions(word):
            raise PermanentError(f"'{word}' can't head actions: it has another meaning in a note.")
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PermanentError(
            f"There is no time zone '{timezone}': write an IANA name, such as 'Europe/Berlin'."
        ) from error
    email = read_email(raw)
    seen_from = (at.replace(tzinfo=zone).astimezone(UTC) if at else None) or email.date or now
    note = parse_note(email, now=seen_from, timezone=timezone, date_order=date_order, heading_words=heading_words)
    return Explained(
        email,
        automatic=automatic_kind(email),
        ignored_from_coach=automatic_kind(email, from_coach=True) is not None,
        note=replace(note, actions=advise_all(note.actions)),
    )


def _action(action: NoteAction) -> dict[str, Any]:
    return {
        "text": action.text,
        "due": {
            "kind": action.due.kind,
            "on": action.due.on,
            "phrase": action.due.phrase,
            "ambiguous": action.due.ambiguous,
        },
        "steps": list(action.steps),
        "plan": action.plan,
        "why": action.why,
        "done": action.done,
        "advice": [
            {"kind": hint.kind, "words": hint.words, "example": advice_example(hint, action.text, action.due)}
            for hint in action.advice
        ],
    }


def _advice_words(hint: Advice, action: NoteAction) -> str:
    return f"{advice(hint)} “{_on_one_line(advice_example(hint, action.text, action.due))}”"


def _on_one_line(example: str) -> str:
    return example.replace("\n", " / ")


def _due_words(action: NoteAction) -> str:
    return "" if action.due.kind is DueKind.NONE else f"  [{due(action.due, action.due.on)}]"
