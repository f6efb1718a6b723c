"""RFC 5322 bytes -> Email. Never raises for a broken or hostile mail: what can't be read is a Problem."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message
from email.utils import parsedate_to_datetime

from mailflow.model import Email, Problem, ProblemKind
from mailflow.parsing.decoding import addresses, decode_body, decode_words, header_values
from mailflow.parsing.parts import Part, split

MAX_SIZE = 25 * 1024 * 1024
MAX_TEXT = 1_000_000
"""Characters of a body that are read; a coach's longest note has a hundredth of it."""

KEPT_HEADERS = frozenset(
    "from sender return-path auto-submitted precedence list-id list-post list-help list-unsubscribe "
    "x-autoreply x-autorespond x-autoresponder x-failed-recipients x-loop authentication-results content-type "
    "delivered-to x-original-to".split()
)
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_READABLE = (".txt", ".md", ".markdown", ".text")
_DOCUMENTS = (
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".pdf",
    ".pages",
    ".key",
    ".ppt",
    ".pptx",
    ".xls",
    ".xlsx",
    ".html",
    ".htm",
)
_PGP = "-----BEGIN PGP MESSAGE-----"
_TAG = re.compile(r"<[^<>]*>")


def read_email(raw: bytes) -> Email:
    """The parsed form of a mail, within a second and 200 MB whatever it holds.

    Over a cap the headers are still read, so that its sender can be told.
    """
    too_large = len(raw) > MAX_SIZE
    tree = split(raw[:MAX_SIZE])
    header = tree.header
    problems: list[Problem] = []
    if too_large or tree.too_long_header:
        problems.append(Problem(ProblemKind.TOO_LARGE, "" if too_large else "header"))
    if tree.too_nested:
        problems.append(Problem(ProblemKind.TOO_NESTED))
    people = {}
    for name in ("from", "to", "cc"):
        people[name], too_many = addresses(header_values(header, name))
        if too_many:
            problems.append(Problem(ProblemKind.TOO_LARGE, name.capitalize()))
    bodies = _Bodies()
    for part in () if too_large else tree.parts:
        bodies.add(part)
    return Email(
        message_id=_first(header, "message-id"),
        from_=people["from"],
        to=people["to"],
        cc=people["cc"],
        subject=decode_words(_first(header, "subject")),
        date=_date(_first(header, "date")),
        in_reply_to=_first(header, "in-reply-to"),
        references=tuple(_first(header, "references").split()[-100:]),
        headers=(*_kept(header), *bodies.calendars),
        content_type=header.get_content_type(),
        text=bodies.joined_text(),
        html=bodies.joined_html(),
        format_flowed=bodies.flowed,
        attachments=tuple(bodies.attachments),
        problems=(*problems, *bodies.problems()),
    )


class _Bodies:
    """Collects the text of the parts: what the writer typed, and what else came along."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.attached_texts: list[str] = []
        self.unread: list[str] = []
        self.attachments: list[str] = []
        self.calendars: list[tuple[str, str]] = []
        self.flowed = False
        self.room = MAX_TEXT
        self.found: list[Problem] = []

    def add(self, part: Part) -> None:
        kind = part.header.get_content_type()
        name = _filename(part.header)
        attached = part.header.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/calendar":
            self.calendars.append(("content-type", " ".join(header_values(part.header, "content-type"))))
        elif kind in _OPAQUE or name.lower().endswith(".p7m"):
            self.found.append(Problem(ProblemKind.ENCRYPTED, name))
        elif kind in _TNEF or name.lower() == "winmail.dat":
            self.found.append(Problem(ProblemKind.UNREADABLE, name or "winmail.dat"))
        elif attached:
            self._attach(part, name)
        elif kind == "text/plain":
            text = self._read(part)
            # One flowed part among others that are not: its soft breaks are mere spaces at line ends.
            self.flowed = str(part.header.get_param("format", "")).lower() == "flowed"
            self.texts.append(text)
            if _PGP in text:
                self.found.append(Problem(ProblemKind.ENCRYPTED))
        elif kind == "text/html":
            self.htmls.append(self._read(part))

    def _attach(self, part: Part, name: str) -> None:
        self.attachments.append(name)
        lower = name.lower()
        if lower.endswith(_READABLE) or (not name and part.header.get_content_type() == "text/plain"):
            self.attached_texts.append(self._read(part))
        elif lower.endswith(_DOCUMENTS):
            self.unread.append(name)

    def _read(self, part: Part) -> str:
        # Base64 and quoted-printable need up to three bytes for one, UTF-8 up to four for a character.
        text = decode_body(part.header, bytes(part.body[: self.room * 8]))
        if len(text) > self.room or len(part.body) > self.room * 8:
            self.found.append(Problem(ProblemKind.TOO_LARGE, "text"))
        text = text[: self.room]
        self.room -= len(text)
        return text

    def joined_text(self) -> str | None:
        """The typed text; where nothing was typed, the text files that came with it."""
        typed = "\n".join(self.texts)
        if not typed.strip() and not any(_TAG.sub("", html).strip() for html in self.htmls) and self.attached_texts:
            return "\n".join(self.attached_texts)
        return typed if self.texts else None

    def joined_html(self) -> str | None:
        return "\n".join(self.htmls) if self.htmls else None

    def problems(self) -> list[Problem]:
        return [*dict.fromkeys(self.found), *(Problem(ProblemKind.UNREAD_ATTACHMENT, name) for name in self.unread)]


def _filename(header: Message) -> str:
    try:
        name = header.get_filename("")
    except (MessageError, LookupError, ValueError):
        return "attachment"
    name = str(name).encode("utf-8", "replace").decode()  # RFC 2231 brings halves of surrogate pairs
    return decode_words(" ".join(name.split()))[:200]


def _first(header: Message, name: str) -> str:
    return next(iter(header_values(header, name)), "")


def _kept(header: Message) -> tuple[tuple[str, str], ...]:
    names = [key.lower() for key, _ in header.raw_items()]
    values = {name: iter(header_values(header, name)) for name in set(names) & KEPT_HEADERS}
    return tuple((name, decode_words(next(values[name]))) for name in names if name in values)


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def content_id(email: Email) -> str:
    """What a mail says, as a SHA-256 in hex: a redelivery with other Received headers or another transfer encoding
    has the same one."""
    digest = hashlib.sha256()
    fields = (
        *sorted(address.email.casefold() for address in email.from_),
        email.date.isoformat() if email.date else "",
        email.subject,
        email.message_id,
        _canonical(email.text),
        _canonical(email.html),
    )
    for field in fields:
        data = field.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%s;" % (len(data), data))  # a length before each, so that no two mails join to the same
    return digest.hexdigest()


def _canonical(body: str | None) -> str:
    """Gateways add and strip white space at line ends and the end of a body."""
    return "\n".join(line.rstrip() for line in (body or "").rstrip().split("\n"))
