"""What the world knows of its notes: who wrote which words about whom, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from tests.simulation.diary import Appointment, Diary
from tests.simulation.people import Client, Coach

READ_WITHIN = timedelta(minutes=3)
"""Of a change a calendar is read."""


class Kind(Enum):
    """Who may see a word: the client and the coach, the coach alone, or nobody but who wrote it."""

    ACTION = "action"
    SUMMARY = "summary"
    PROMISE = "promise"
    PRIVATE = "private"
    REFLECTION = "reflection"


@dataclass(eq=False)
class Version:
    """A note as one mail of the coach's says it: the first, or a correction. `actions` are their texts by their word.

    `settled_at` is when the coach was told that it is this client's. `homework` are the Message-IDs of what left about
    it. `held` are the moments between which the coach wanted it back.
    """

    note: Note
    number: int
    message_id: str
    written_at: datetime
    actions: dict[str, str]
    received_at: datetime | None = None
    settled_at: datetime | None = None
    superseded_at: datetime | None = None
    homework: list[str] = field(default_factory=list)
    held: list[datetime] = field(default_factory=list)
    sent_now_at: datetime | None = None

    def __repr__(self) -> str:
        what = f"correction {self.number} of " if self.number else ""
        return f"{what}the note of {self.note.written_at:%d %b %Y %H:%M} UTC about {self.note.client.name}"


@dataclass(eq=False)
class Note:
    coach: Coach
    client: Client
    appointment: Appointment
    written_at: datetime
    has_promise: bool = False
    drops: bool = False
    versions: list[Version] = field(default_factory=list)


@dataclass(frozen=True)
class Mail:
    """A mail of the coach's, to which there must be one answer. `what`: note, notes asked for, correction, choice or
    command."""

    message_id: str
    coach: Coach
    version: Version
    what: str


@dataclass(frozen=True)
class Answer:
    """What a client said of an action; `reflection` is a word, or ''."""

    said: str
    reflection: str
    at: datetime


@dataclass
class Truth:
    """`words`: whose each word is, and of which version it was first. `unsaved`: answers that a page refused.
    `dropped`: actions that a note closed, or will when it arrives. `doubtful`: actions that the client may have twice,
    because a correction came too late to be one."""

    diaries: dict[int, Diary]
    words: dict[str, tuple[Kind, Version]] = field(default_factory=dict)
    notes: dict[int, list[Note]] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    answers_by_mail: set[str] = field(default_factory=set)
    unsaved: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    stuck: list[tuple[datetime, datetime]] = field(default_factory=list)
    """From when to when mailflow sent nothing."""
    calendar_away_until: dict[int, datetime] = field(default_factory=dict)
    """When each coach's calendar can be read again."""
    said: dict[int, list[datetime]] = field(default_factory=dict)
    """When each client answered anything."""
    free_words: dict[str, Client] = field(default_factory=dict)
    """Who wrote what is for their coach to understand: each such word."""

    def may_differ(self, diary: Diary, client: Client, now: datetime) -> bool:
        """Whether mailflow may not know yet what stands in the calendar of this client."""
        return self.is_away(diary.coach, now) or any(
            now - one.changed_at < READ_WITHIN for one in diary.of_client[client.number]
        )

    def is_away(self, coach: Coach, now: datetime) -> bool:
        """Whether the calendar can't be read, or could not a moment ago."""
        away_until = self.calendar_away_until.get(coach.number)
        return away_until is not None and now < away_until + READ_WITHIN

    def says(self, client: Client, now: datetime) -> None:
        self.said.setdefault(client.number, []).append(now)

    def notes_of(self, client: Client) -> list[Note]:
        return self.notes.setdefault(client.number, [])

    def has_note_since(self, client: Client, moment: datetime) -> bool:
        """Whether mailflow was told since the client's session began what was agreed. What is still on its way counts
        for nothing: a coach who believes that it has arrived, and writes about an older session without a name, is
        misunderstood."""
        return any(
            version.actions and version.received_at and version.written_at >= moment
            for note in self.notes_of(client)
            for version in note.versions
        )

    def waiting(self, coach: Coach, written_at: datetime, recent: timedelta) -> list[Appointment]:
        """The sessions that began lately and have no note with actions yet."""
        return [
            one
            for one in self.diaries[coach.number].began_between(written_at - recent, written_at)
            if not self.has_note_since(one.client, one.starts_at)
        ]
