"""What coaches and clients do: they meet, write notes, and react to mail. None of them sees the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from tests.simulation.diary import Appointment, find_appointment
from tests.simulation.letters import Letter, Line
from tests.simulation.people import Client, Coach
from tests.simulation.run import Simulation
from tests.simulation.truth import Answer, Kind, Mail, Note, Truth, Version
from tests.simulation.words import Words
from tests.simulation.writing import (
    Draft,
    Naming,
    answers_text,
    new_actions,
    new_draft,
    note_mail,
    note_text,
    reply,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RECENT = timedelta(hours=18)
"""docs/architecture.md: a note that names nobody belongs to a session that began within that time."""
FORM_VALUES = {"Done": "done", "Partly": "partly", "Not done": "not_done"}
NOTES = ("note", "notes asked for", "correction")
SAVED = 303


@dataclass
class Practice:
    simulation: Simulation
    truth: Truth
    coaches: tuple[Coach, ...]
    random: Random
    writes_until: datetime
    words: Words = field(default_factory=Words)
    mails: int = 0
    answers: int = 0
    _by_email: dict[str, Coach | Client] = field(default_factory=dict)
    _ids: int = 0

    def __post_init__(self) -> None:
        for coach in self.coaches:
            self._by_email |= {coach.email: coach} | {client.email: client for client in coach.clients}

    def new_id(self, what: str) -> str:
        self._ids += 1
        return f"{what}-{self._ids}@world.example"

    # --- A session is over: there may be a note --------------------------------------------------

    def is_over(self, coach: Coach, appointment: Appointment) -> None:
        random = self.random
        chance = random.random()
        if chance < 0.05:
            return  # the coach never writes
        delays = (
            0 * MINUTE,
            random.uniform(2, 45) * MINUTE,
            random.uniform(2, 45) * MINUTE,
            random.uniform(2, 45) * MINUTE,
            random.uniform(1, 9) * HOUR,
            random.uniform(10, 72) * HOUR,
        )
        self.simulation.at(
            self.simulation.now + random.choice(delays),
            partial(self._write, coach, appointment, with_actions=chance > 0.12),
        )

    def _write(
        self, coach: Coach, appointment: Appointment, *, with_actions: bool, asked: Letter | None = None
    ) -> None:
        """Of their own accord, or in reply to the question for it; once for a session."""
        now, client = self.simulation.now, appointment.client
        if any(note.appointment is appointment for note in self.truth.notes_of(client)):
            return
        draft = new_draft(self.random, self.words, with_actions=with_actions)
        naming = self._naming(coach, appointment) if asked is None else "nobody"
        note = Note(coach, client, appointment, now, bool(draft.promise), draft.drops)
        version = Version(note, 0, f"<{self.new_id('note')}>", now, draft.actions)
        note.versions.append(version)
        self.truth.notes_of(client).append(note)
        self._remember(version, draft)
        if draft.drops:
            self.truth.dropped |= {
                word for other in self.truth.notes_of(client) for one in other.versions for word in one.actions
            } - draft.actions.keys()
        text = note_text(self.random, draft, client, naming)
        if asked is None:
            raw = note_mail(self.random, coach, client, naming, text, version.message_id, now)
            self._send(Mail(version.message_id, coach, version, "note"), raw)
        else:
            raw = reply((coach.name, coach.email), asked, text, version.message_id, now)
            self._send(Mail(version.message_id, coach, version, "notes asked for"), raw)

    def _naming(self, coach: Coach, appointment: Appointment) -> Naming:
        """Most name nobody where the calendar can tell, or where mailflow has to ask."""
        now = self.simulation.now
        waiting = self.truth.waiting(coach, now, RECENT)
        may_be_silent = appointment in waiting or not waiting
        if may_be_silent and self.random.random() < (0.85 if waiting == [appointment] else 0.5):
            return "nobody"
        return self.random.choice(("line", "line", "first name", "cc", "subject", "heading"))

    def _remember(self, version: Version, draft: Draft) -> None:
        for kind, words in (
            (Kind.ACTION, draft.actions),
            (Kind.SUMMARY, (draft.summary,)),
            (Kind.PROMISE, (draft.promise,)),
            (Kind.PRIVATE, draft.private),
        ):
            for word in filter(None, words):
                self.truth.words.setdefault(word, (kind, version))

    def _send(self, mail: Mail, raw: bytes) -> None:
        """Most mail arrives at once, some takes its time, and some comes twice."""
        random, version = self.random, mail.version
        delay = random.uniform(0, 1) * MINUTE if random.random() < 0.9 else random.uniform(1, 240) * MINUTE

        def arrive() -> None:
            if mail.what in NOTES:
                version.received_at = version.received_at or self.simulation.now
                self.mails += mail.message_id not in self.truth.mails
            self.truth.mails[mail.message_id] = mail
            self.simulation.mail_in(raw, mail.coach)

        self.simulation.at(self.simulation.now + delay, arrive)
        if random.random() < 0.02:
            self.simulation.at(self.simulation.now + delay + random.uniform(0, 3) * HOUR, arrive)

    # --- Mail for somebody -----------------------------------------------------------------------

    def got(self, letter: Letter) -> None:
        somebody = self._by_email.get(letter.recipient)
        if isinstance(somebody, Coach):
            self._coach_got(somebody, letter)
        elif isinstance(somebody, Client) and letter.kind in ("homework", "nudge"):
            self._client_got(somebody, letter)

    def _coach_got(self, coach: Coach, letter: Letter) -> None:
        if letter.kind == "no-notes":
            self._was_asked_for_notes(coach, letter)
        mail = self.truth.mails.get(letter.in_reply_to)
        if mail is None:
            return
        version = mail.version
        if letter.kind == "question":
            version.settled_at = None
            if mail.what == "correction":
                self._doubt(version.note)
            self._soon(2, 120, lambda: self._choose(coach, letter, version))
        elif letter.kind == "undelivered":
            latest = version.note.versions[-1]
            self._soon(5, 200, lambda: self._command(coach, letter, latest, "Send now"))
        elif letter.kind == "receipt":
            version.settled_at = version.settled_at or self.simulation.now
            if mail.what in NOTES:
                self._think_again(coach, letter, version)

    def _was_asked_for_notes(self, coach: Coach, letter: Letter) -> None:
        """Some write at once what they would have written later, or never."""
        name, moment, _ = letter.missed
        appointment = find_appointment(self.truth.diaries[coach.number], name, moment, self.simulation.now)
        chance = self.random.random()
        if appointment is not None and chance < 0.5 and self.simulation.now < self.writes_until:
            write = partial(self._write, coach, appointment, with_actions=chance > 0.05, asked=letter)
            self._soon(1, 300, write)

    def _soon(self, least: float, most: float, act: Callable[[], None]) -> None:
        self.simulation.at(self.simulation.now + self.random.uniform(least, most) * MINUTE, act)

    def _choose(self, coach: Coach, letter: Letter, version: Version) -> None:
        """By the number of the right answer in the question, or by name."""
        client = version.note.client
        numbers = [number for number, email in letter.candidates if email == client.email]
        by_number = numbers and self.random.random() < 0.6
        self._reply(coach, letter, version, str(numbers[0]) if by_number else f"Client: {client.name}", "choice")

    def _think_again(self, coach: Coach, letter: Letter, version: Version) -> None:
        chance = self.random.random()
        hold = max(coach.hold / MINUTE, 1)
        if chance < 0.06 and version.number < 2 and version.actions:
            sooner = self.random.random() < 0.5
            delay = self.random.uniform(0.2, hold) if sooner else self.random.uniform(hold, 12 * 60)
            self.simulation.at(self.simulation.now + delay * MINUTE, lambda: self._correct(coach, letter, version))
        elif chance < 0.08:
            self._soon(0.2, hold, lambda: self._command(coach, letter, version, "stop"))
            self._soon(hold, 600, lambda: self._command(coach, letter, version, "Send now"))
        elif chance < 0.09:
            self._soon(0.2, hold, lambda: self._command(coach, letter, version, "Send now"))

    def _command(self, coach: Coach, letter: Letter, version: Version, text: str) -> None:
        if version.superseded_at is None:
            self._reply(coach, letter, version, text, text)

    def _correct(self, coach: Coach, letter: Letter, old: Version) -> None:
        """Within the hours in which a correction is one, and before they meet again."""
        now, note = self.simulation.now, old.note
        met = self.truth.diaries[coach.number].of_client_between(note.client, note.written_at, now + 5 * MINUTE)
        if old.superseded_at or now - note.written_at > 16 * HOUR or met:
            return
        version = Version(note, old.number + 1, f"<{self.new_id('note')}>", now, self._revised(old.actions))
        old.superseded_at = now
        note.versions.append(version)
        if self.truth.diaries[coach.number].began_between(note.written_at, now):
            self._doubt(note)
        draft = Draft(version.actions, "", "", (self.words.new(),))
        self._remember(version, draft)
        text = note_text(self.random, draft, note.client, "nobody")
        raw = reply((coach.name, coach.email), letter, text, version.message_id, now)
        self._send(Mail(version.message_id, coach, version, "correction"), raw)

    def _doubt(self, note: Note) -> None:
        """A correction that comes when somebody else's session began may become a note of its own, beside the other."""
        self.truth.doubtful |= {word for version in note.versions for word in version.actions}

    def _revised(self, actions: dict[str, str]) -> dict[str, str]:
        """One says something else; now and then one is new, or gone."""
        revised = list(actions.items())
        position = self.random.randrange(len(revised))
        word, text = revised[position]
        if self.random.random() < 0.5:
            revised[position] = (new := self.words.new(), text.replace(word, new))  # like words
        else:
            revised[position : position + 1] = new_actions(
                self.random, self.words, self.random.choice((1, 1, 2))
            ).items()
        return dict(revised)

    def _reply(self, coach: Coach, letter: Letter, version: Version, text: str, what: str) -> None:
        message_id = f"<{self.new_id('reply')}>"
        raw = reply((coach.name, coach.email), letter, text, message_id, self.simulation.now)
        mail = Mail(message_id, coach, version, what)
        self.truth.mails[message_id] = mail
        self.simulation.mail_in(raw, coach)
        if what == "stop":
            version.held.append(self.simulation.now)
        elif what == "Send now":
            version.sent_now_at = version.sent_now_at or self.simulation.now

    # --- The client answers ----------------------------------------------------------------------

    def _client_got(self, client: Client, letter: Letter) -> None:
        """Some answer all of it at once, some bit by bit, some not at all."""
        random = self.random
        found = [self.truth.words[line.word][1] for line in letter.actions if line.word]
        chance = random.random()
        if chance < 0.05:
            self._soon(1, 5 * 24 * 60, lambda: self._write_freely(client, letter))
        if not found or chance < 0.4:
            return
        own = max(found, key=lambda version: version.written_at) if letter.kind == "nudge" else found[0]
        answered = [line for line in letter.actions if line.word and random.random() < 0.8]
        by_mail = random.random() < 0.5
        groups = [answered] if by_mail else [[line] for line in answered]
        for lines in filter(None, groups):
            delay = random.uniform(0.02, 7) * DAY
            answer = partial(self._answer, client, letter, own, lines, by_mail=by_mail)
            self.simulation.at(self.simulation.now + delay, answer)

    def _answer(self, client: Client, letter: Letter, own: Version, lines: list[Line], *, by_mail: bool) -> None:
        """Only while it counts for sure: they have not met since, and nothing was corrected meanwhile."""
        now = self.simulation.now
        written_at = own.note.written_at
        read_at = max(now, self.simulation.stuck_until) if by_mail else now
        met = self.truth.diaries[client.coach].of_client_between(client, written_at, read_at + 10 * MINUTE)
        stale = any(line.word in self.truth.dropped or self.truth.words[line.word][1].superseded_at for line in lines)
        if met or stale or own.superseded_at:
            return
        said = [
            (line, self.random.choice(("Done", "Done", "Done", "Done", "Partly", "Not done")), self._reflection(own))
            for line in lines
        ]
        if by_mail:
            message_id = f"<{self.new_id('answer')}>"
            raw = reply((client.name, client.email), letter, answers_text(said), message_id, now)
            self.truth.answers_by_mail.add(message_id)
            self.simulation.mail_in(raw, None)
            self.truth.answers |= {line.word: Answer(answer, word, now) for line, answer, word in said}
            self.answers += len(said)
            self.truth.says(client, now)
            return
        for line, answer, word in said:
            fields = {"answer": FORM_VALUES[answer], "reflection": f"I saw {word}" if word else "", "obstacle": ""}
            if self.simulation.answer_page(line.page, **fields) == SAVED:
                self.truth.answers[line.word] = Answer(answer, word, now)
                self.truth.says(client, now)
                self.answers += 1
            else:
                self.truth.unsaved.append(f"{client.name} could not answer {line.text!r} on {now:%d %b %Y %H:%M} UTC")

    def _write_freely(self, client: Client, letter: Letter) -> None:
        """What only the coach understands."""
        word = self.words.new()
        self.truth.free_words[word] = client
        self.truth.says(client, self.simulation.now)
        text = f"Can we talk about {word} when we meet?"
        message_id = f"<{self.new_id('words')}>"
        raw = reply((client.name, client.email), letter, text, message_id, self.simulation.now)
        self.simulation.mail_in(raw, None)

    def _reflection(self, version: Version) -> str:
        if self.random.random() < 0.5:
            return ""
        word = self.words.new()
        self.truth.words[word] = (Kind.REFLECTION, version)
        return word
