"""A mail that left, as its reader has it: read from its bytes with the standard library alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from functools import cached_property

from tests.simulation.words import words_in

_REVIEWED = re.compile(r"(\d+)\. (Done|Partly|Not done|No answer yet|Not delivered): (.*)")
_AS_BEFORE = re.compile(r"(\d+)\. (.*) \((Done|Partly|Not done|No answer yet|Not delivered)\)$")
_NUMBERED = re.compile(r"(\d+)\. (?:\[\w+\] )?(.*)")
_PAGE = re.compile(r" +Done\? Tell .*: (https?://\S+/a/[\w-]+)")
_CANDIDATE = re.compile(r"^(\d+)\. .*?, (\S+@\S+): https?://\S+$", re.MULTILINE)
_KINDS = (
    (re.compile(r"Not delivered: homework for "), "undelivered"),
    (re.compile(r"(Changed h|H)omework for .* (goes on|went on|is) |No homework goes to "), "receipt"),
    (re.compile(r"Whose session was it\?"), "question"),
    (re.compile(r"Note kept, nothing sent"), "no-actions"),
    (re.compile(r".* replied to the homework$"), "client-reply"),
    (re.compile(r"No notes yet: "), "no-notes"),
)
_MORNING = re.compile(r"(.*): (one review|\d+ reviews)$")
_SECTION = re.compile(r"^(\d\d:\d\d) (.+)$", re.MULTILINE)
_SECTION_HTML = re.compile(r'<h2 class="session"')
_NO_NOTES = re.compile(r"No notes yet: (.*)\n\nThe session of (.*) ended at (\d\d:\d\d), and no notes have come\.")
ANSWERS = ("receipt", "question", "no-actions")
"""What the coach gets for a mail."""


@dataclass(frozen=True)
class Line:
    """A numbered action of a mail. `word` is '' where the world doesn't know it, `said` is a review's, and `page` the
    client's."""

    number: int
    text: str
    word: str
    said: str = ""
    page: str = ""


@dataclass(frozen=True)
class Section:
    """What a mail says of one session: with whom it is and when, in the mail's own words."""

    name: str
    moment: str
    actions: list[Line]
    words: dict[str, None]


class Letter:
    """`recipient` is the envelope's."""

    def __init__(self, recipient: str, raw: bytes) -> None:
        self.recipient = recipient
        self.raw = raw
        message = message_from_bytes(raw)
        self.to = str(message["To"])
        self.subject = str(make_header(decode_header(str(message["Subject"]))))
        self.message_id = str(message["Message-ID"])
        self.in_reply_to = str(message["In-Reply-To"] or "")
        self.date = parsedate_to_datetime(str(message["Date"]))
        self._can_be_stopped = "List-Unsubscribe" in message
        bodies: dict[str, str] = {}
        for part in message.walk():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                bodies.setdefault(part.get_content_type(), payload.decode("utf-8", "replace").replace("\r\n", "\n"))
        self.text, self.html = bodies["text/plain"], bodies["text/html"]

    @cached_property
    def kind(self) -> str:
        """'homework', 'nudge', 'review', 'morning', 'no-notes', one of ANSWERS, 'undelivered', 'client-reply', or
        'other'."""
        if self._can_be_stopped:
            return "nudge" if self.in_reply_to and self.subject.startswith("Re: ") else "homework"
        if "/r/" in self.text:
            return "morning" if _MORNING.match(self.subject) else "review"
        return next((kind for subject, kind in _KINDS if subject.match(self.subject)), "other")

    @cached_property
    def words(self) -> dict[str, None]:
        """Of the subject and both bodies."""
        return words_in(self.subject) | words_in(self.text) | words_in(self.html)

    @property
    def is_update(self) -> bool:
        """Of a homework that went before."""
        return self.kind == "homework" and bool(self.in_reply_to)

    @cached_property
    def sections(self) -> list[Section]:
        """Of a review the one, of a morning's mail those of its day."""
        if self.kind == "review":
            name, moment = self.text.split("\n", 2)[:2]
            return [Section(name, moment, self.actions, self.words)]
        day = self.text.partition("\n")[0]
        heads = list(_SECTION.finditer(self.text))
        ends = [*(head.start() for head in heads[1:]), len(self.text)]
        texts = [self.text[head.end() : end] for head, end in zip(heads, ends, strict=True)]
        htmls = _SECTION_HTML.split(self.html)[1:]
        return [
            Section(head[2], f"{day} at {head[1]}", list(_lines(text, is_review=True)), words_in(text) | words_in(html))
            for head, text, html in zip(heads, texts, htmls, strict=True)
        ]

    @property
    def is_halfway(self) -> bool:
        """Of a nudge, which of the two it is."""
        return "half-way to your session" in self.text

    @property
    def missed(self) -> tuple[str, str, str]:
        """With whom a session was to which no notes came, when it began and ended, in the question's own words."""
        found = _NO_NOTES.search(self.text)
        return (found[1], found[2], found[3]) if found else ("", "", "")

    @cached_property
    def actions(self) -> list[Line]:
        """In their order, with the page of each or what the review says of it."""
        return list(_lines(self.text, is_review=self.kind == "review"))

    @property
    def candidates(self) -> list[tuple[int, str]]:
        """(number, address) of each answer to a question."""
        return [(int(number), email) for number, email in _CANDIDATE.findall(self.text)]


def _lines(text: str, *, is_review: bool) -> Iterator[Line]:
    found: Line | None = None
    for line in text.split("\n"):
        if reviewed := _REVIEWED.match(line):
            yield Line(int(reviewed[1]), reviewed[3], _word(reviewed[3]), said=reviewed[2])
        elif is_review and (known := _AS_BEFORE.match(line)):
            yield Line(int(known[1]), known[2], _word(known[2]), said=known[3])
        elif numbered := _NUMBERED.match(line):
            found = Line(int(numbered[1]), numbered[2], _word(numbered[2]))
        elif found and (page := _PAGE.match(line)):
            yield Line(found.number, found.text, found.word, page=page[1])
            found = None


def _word(text: str) -> str:
    return next(iter(words_in(text)), "")
