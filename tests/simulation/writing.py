"""What coaches and clients write: RFC 5322 bytes, made by hand because there are a million of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from random import Random
from typing import Literal

from tests.builders import eml
from tests.scene import NOTES, SERVICE
from tests.simulation.letters import Letter, Line
from tests.simulation.people import Client, Coach
from tests.simulation.words import Words

ACTIONS = (
    "Walk around lake {} every morning",
    "Call {} by Friday",
    "Write down two thoughts about {} by the end of the week",
    "Read chapter {} before our next session",
    "Send the first page of {} to your sister by Thursday",
    "Practise {} for ten minutes every day",
    "Book a table at {} by Sunday",
)
SUBJECTS = ("Notes from today", "Session notes", "Notes", "Coaching notes", "Today")
PRIVATE = (
    "She seemed tired when we spoke of {}.",
    "He was late again, because of {}.",
    "The matter of {} weighs on her.",
)
SAID = {"Done": "done", "Partly": "partly", "Not done": "not done"}

Naming = Literal["nobody", "line", "first name", "cc", "subject", "heading"]


@dataclass(frozen=True)
class Draft:
    """The words of a note: actions, what is shared, what the coach promised, and what is nobody's business. `drops`:
    whether it closes what is open of before."""

    actions: dict[str, str]
    summary: str
    promise: str
    private: tuple[str, ...]
    drops: bool = False


def new_draft(random: Random, words: Words, *, with_actions: bool = True) -> Draft:
    return Draft(
        actions=new_actions(random, words, random.choice((1, 1, 1, 2, 2, 3))) if with_actions else {},
        summary=words.new() if with_actions and random.random() < 0.3 else "",
        promise=words.new() if with_actions and random.random() < 0.15 else "",
        private=tuple(words.new() for _ in range(random.choice((1, 1, 2)))),
        drops=with_actions and random.random() < 0.3,
    )


def new_actions(random: Random, words: Words, count: int) -> dict[str, str]:
    return {(word := words.new()): template.format(word) for template in random.sample(ACTIONS, count)}


def note_text(random: Random, draft: Draft, client: Client, naming: Naming) -> str:
    parts = [random.choice(PRIVATE).format(draft.private[0])]
    if naming in ("line", "first name"):
        parts.append(f"Client: {client.name if naming == 'line' else client.first_name}")
    if draft.drops:
        parts.append("Drop: all")
    if draft.summary:
        parts.append(f"Summary: You know what you want from {draft.summary}.")
    if draft.actions:
        heading = f"Actions for {client.name}:" if naming == "heading" else "Actions:"
        parts.append("\n".join((heading, *(f"- {text}" for text in draft.actions.values()))))
    if draft.promise:
        parts.append(f"My actions:\n- Send the article on {draft.promise}")
    if len(draft.private) > 1:
        parts.append(f"P.S. {random.choice(PRIVATE).format(draft.private[1])}")
    return "\n\n".join(parts) + "\n"


def note_mail(
    random: Random, coach: Coach, client: Client, naming: Naming, text: str, message_id: str, now: datetime
) -> bytes:
    subject = f"Notes {client.name}" if naming == "subject" else random.choice(SUBJECTS)
    sender = formataddr((coach.name, coach.email))
    cc = client.email if naming == "cc" else ""
    if random.random() < 0.1:  # as a mail program makes it, with HTML
        return eml(text, subject=subject, from_=sender, cc=cc, sent_at=now, message_id=message_id)
    return _mail(sender, subject, text, message_id, now, cc=cc)


def reply(sender: tuple[str, str], answered: Letter, text: str, message_id: str, now: datetime) -> bytes:
    quoted = "\n".join(f"> {line}".rstrip() for line in answered.text.splitlines()[:8])
    wrote = f"On {answered.date:%a, %d %b %Y at %H:%M}, mailflow <{SERVICE}> wrote:"
    whole = f"{text}\n\n{wrote}\n\n{quoted}\n"
    return _mail(formataddr(sender), f"Re: {answered.subject}", whole, message_id, now, answers=answered.message_id)


def answers_text(said: list[tuple[Line, str, str]]) -> str:
    """(action, 'Done' or the like, a word or '') of each."""
    return "\n".join(
        f"{line.number}: {SAID[answer]}" + (f", {_why(answer, word)}" if word else "") for line, answer, word in said
    )


def _why(answer: str, word: str) -> str:
    return f"no time because of {word}" if answer == "Not done" else f"learnt something about {word}"


def _mail(
    sender: str, subject: str, text: str, message_id: str, now: datetime, *, cc: str = "", answers: str = ""
) -> bytes:
    lines = [
        f"From: {sender}",
        f"To: {NOTES}",
        *([f"Cc: {cc}"] if cc else []),
        f"Subject: {subject}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {message_id}",
        *([f"In-Reply-To: {answers}", f"References: {answers}"] if answers else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        *text.split("\n"),
    ]
    return "\r\n".join(lines).encode()
