"""The books that mailflow does not see: what the world knows of its notes, held against every byte that left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailflow.rules.timing import after_quiet
from tests.simulation.diary import Appointment
from tests.simulation.letters import ANSWERS, Letter
from tests.simulation.nudges import Nudges
from tests.simulation.people import Client, Coach
from tests.simulation.questions import Questions
from tests.simulation.reviews import Reviews
from tests.simulation.truth import Kind, Note, Truth, Version

if TYPE_CHECKING:
    from tests.simulation.postbox import Postbox

FOR_CLIENTS = (Kind.ACTION, Kind.SUMMARY)


class Ledger:
    """`postbox` is set before anything leaves."""

    postbox: Postbox

    def __init__(self, truth: Truth, coaches: tuple[Coach, ...]) -> None:
        self.kinds: Counter[str] = Counter()
        self._truth = truth
        self._coaches = {coach.email: coach for coach in coaches}
        self._clients = {client.email: client for coach in coaches for client in coach.clients}
        self._complaints: list[str] = []
        self._answers: dict[str, list[Letter]] = {}
        self._passed_on: Counter[str] = Counter()
        self.reviews = Reviews(truth, self._complaints)
        self.questions = Questions(truth, self._complaints)
        self._nudges = Nudges(truth)

    # --- While it runs ---------------------------------------------------------------------------

    def attempted(self, letter: Letter, now: datetime) -> None:
        is_copy = bool(self.postbox.unclear[letter.message_id])
        coach = self._coaches.get(letter.recipient)
        if coach and letter.kind in ("review", "morning"):
            self.reviews.attempted(coach, letter, now, is_copy=is_copy)
        elif coach and letter.kind == "no-notes":
            self._complain_of(letter, self.questions.attempted(coach, letter, now), now)
        elif letter.kind == "homework":
            self._nudges.homework_attempted(letter, now)
        elif letter.kind == "nudge" and (client := self._clients.get(letter.recipient)):
            coach = self._coach_of(client)
            self._complain_of(letter, self._nudges.attempted(coach, client, letter, now, is_copy=is_copy), now)

    def taken(self, letter: Letter, now: datetime) -> None:
        """A mail left for the first time."""
        self.kinds[letter.kind] += 1
        if letter.to != letter.recipient:
            self._complain(letter, f"it says that it is to {letter.to}", now)
        if client := self._clients.get(letter.recipient):
            self._taken_by_client(client, letter, now)
        elif coach := self._coaches.get(letter.recipient):
            self._taken_by_coach(coach, letter, now)
        else:
            self._complain(letter, "nobody has that address", now)

    def began(self, coach: Coach, appointment: Appointment) -> None:
        """By now its review and its reminders have gone, or never will."""
        self.reviews.began(coach, appointment, self.postbox)
        for what in self._nudges.began(coach, appointment, self.postbox):
            self._complaints.append(f"{what} before {appointment}")

    def _taken_by_client(self, client: Client, letter: Letter, now: datetime) -> None:
        if letter.kind == "nudge":
            self._complain_of(letter, self._nudges.taken(letter), now)
            return
        if letter.kind != "homework":
            self._complain(letter, "it is no homework", now)
        for word in letter.words:
            kind, version = self._truth.words.get(word, (None, None))
            if version is None or kind is None:
                continue
            if version.note.client is not client:
                self._complain(letter, f"the wrong client: {kind.value} {word} is from {version}", now)
            elif kind not in FOR_CLIENTS:
                self._complain(letter, f"{kind.value} {word} of {version} is not for clients", now)
        own = self._own_version(letter)
        if own is None:
            self._complain(letter, "it has no homework that anybody wrote", now)
        elif own.note.client is client:
            self._homework_went(own, letter, now)

    def _own_version(self, letter: Letter) -> Version | None:
        """The note that it is about: what else it has is carried over from older ones."""
        found = [self._truth.words[word] for word in letter.words if word in self._truth.words]
        versions = [version for kind, version in found if kind is Kind.ACTION]
        return max(versions, key=lambda version: version.written_at, default=None)

    def _homework_went(self, version: Version, letter: Letter, now: datetime) -> None:
        version.homework.append(letter.message_id)
        self._nudges.homework_went(version, letter, now)
        coach, received_at = version.note.coach, version.received_at
        if received_at is None:
            self._complain(letter, f"{version} was not even received", now)
            return
        self._look_for_old_words(letter, now)
        newer = [other.received_at for other in version.note.versions[version.number + 1 :] if other.received_at]
        if newer and letter.date > min(newer) and version.actions.keys().isdisjoint(self._truth.doubtful):
            self._complain(letter, f"it is out of date: {version} was corrected before", now)
        if version.sent_now_at and version.sent_now_at <= now:
            return
        if version.held and version.held[0] < now:
            self._complain(letter, f"the coach held {version} back", now)
        if now < received_at + coach.hold:
            self._complain(letter, f"the hold of {version} was not over", now)
        if after_quiet(now, coach.quiet, ZoneInfo(coach.zone)) > now:
            self._complain(letter, f"it went in quiet hours, and nobody wanted that of {version}", now)

    def _look_for_old_words(self, letter: Letter, now: datetime) -> None:
        """What a correction replaced before this mail was made is no action in it, unless it was answered."""
        for line in letter.actions:
            _, version = self._truth.words.get(line.word, (None, None))
            if version is None or line.word in self._truth.doubtful or line.word in self._truth.answers:
                continue
            newest = version.note.versions[-1]
            is_settled = newest.settled_at is not None and newest.settled_at < letter.date
            if is_settled and line.word not in newest.actions and not self._may_have_gone_unseen(version.note):
                self._complain(letter, f"out of date: {line.text!r} was corrected before", now)

    def _may_have_gone_unseen(self, note: Note) -> bool:
        """What the client may have although mailflow can't know is corrected by a note of its own."""
        return any(self.postbox.unclear[message_id] for version in note.versions for message_id in version.homework)

    def _taken_by_coach(self, coach: Coach, letter: Letter, now: datetime) -> None:
        mail = self._truth.mails.get(letter.in_reply_to)
        if letter.kind in ANSWERS:
            self._answers.setdefault(letter.in_reply_to, []).append(letter)
        if letter.kind in ("review", "morning"):
            self.reviews.taken(coach, letter, now)
        elif letter.kind == "no-notes":
            self._complain_of(letter, self.questions.taken(coach, letter, now), now)
        elif letter.kind == "question" and mail:
            self.questions.asked_whose(mail.version)
        elif letter.kind == "client-reply":
            self._passed_on_to(coach, letter, now)
        for word in letter.words:
            _, version = self._truth.words.get(word, (None, None))
            if version is None:
                continue
            if version.note.coach is not coach:
                self._complain(letter, f"{word} is another coach's: {version}", now)
            elif mail and version.note.client is not mail.version.note.client:
                self._complain(letter, f"{word} is of {version}, and it answers {mail.version}", now)

    def _passed_on_to(self, coach: Coach, letter: Letter, now: datetime) -> None:
        """What a client wrote for the coach to understand, once."""
        words = [word for word in letter.words if word in self._truth.free_words]
        if not words:
            self._complain(letter, "a client's answer was passed on, and could have been understood", now)
        for word in words:
            self._passed_on[word] += 1
            if self._truth.free_words[word] not in coach.clients:
                self._complain(letter, f"another coach's client wrote {word}", now)

    # --- At the end ------------------------------------------------------------------------------

    def close(self) -> list[str]:
        """Everything that is not as promised."""
        for mail in self._truth.mails.values():
            self._close_mail(mail.message_id, mail.what, mail.version)
        for notes in self._truth.notes.values():
            for note in notes:
                self._close_note(note)
        for word, client in self._truth.free_words.items():
            if self._passed_on[word] != 1:
                self._complaints.append(f"{word} of {client.name} was passed on {self._passed_on[word]} times")
        return [
            *self._complaints,
            *self.postbox.complaints,
            *self.postbox.too_many_copies(),
            *self._truth.unsaved,
        ]

    def _close_mail(self, message_id: str, what: str, version: Version) -> None:
        """Each has exactly one answer."""
        answers = self._answers.get(message_id, [])
        if len(answers) != 1:
            kinds = ", ".join(letter.kind for letter in answers)
            self._complaints.append(f"{len(answers)} answers ({kinds}) to a mail ({what}) about {version}")
        is_certain = what == "notes asked for"
        wanted = ("no-actions",) if not version.actions else ("receipt",) if is_certain else ("receipt", "question")
        self._complaints += [
            f"the answer to {version} is a {letter.kind}" for letter in answers if letter.kind not in wanted
        ]

    def _close_note(self, note: Note) -> None:
        """Each version has exactly one homework; one that was replaced, or closed by a later note, has one at most."""
        for version in note.versions:
            if version.received_at is None:
                continue
            went = len(version.homework)
            wanted = int(bool(version.actions))
            is_taken_back = version.superseded_at is not None or version.actions.keys() <= self._truth.dropped
            if went > wanted:
                self._complaints.append(f"doubled: {went} homework mails of {version}")
            elif went < wanted and not is_taken_back:
                self._complaints.append(f"lost: no homework of {version}")

    def _coach_of(self, client: Client) -> Coach:
        return next(coach for coach in self._coaches.values() if coach.number == client.coach)

    def _complain_of(self, letter: Letter, found: Iterable[str], now: datetime) -> None:
        for what in found:
            self._complain(letter, what, now)

    def _complain(self, letter: Letter, what: str, now: datetime) -> None:
        self._complaints.append(f"{letter.kind} to {letter.recipient} on {now:%d %b %Y %H:%M} UTC: {what}")
