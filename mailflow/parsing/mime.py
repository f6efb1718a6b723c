"""RFC 5322 bytes -> Email. Never raises for a broken or hostile mail: what can't be read is a Problem."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message
from email.utils import parsedate_to_datetime

from mailflow.model import Email, Problem, ProblemKind
from mailflow.parsing.decoding import (
    addresses,
    decode_body,
    decode_bytes,
    decode_charset,
    decode_words,
    header_values,
)
from mailflow.parsing.parts import Part, header_within, split, without_body

MAX_SIZE = 25 * 1024 * 1024
BELIEVED_YEARS = range(1980, 2200)
"""Of a mail's Date; no other was ever true, and a time zone takes the end of 9999 out of the calendar."""
MAX_TEXT = 1_000_000
"""Characters of a body that are read; a coach's longest note has a hundredth of it."""

MAX_INVITATION = 1_000_000
MAX_PICTURE = 150_000
"""As it is encoded: what a logo may have (logo.py), and a third."""
KEPT_HEADERS = frozenset(
    "from sender return-path auto-submitted precedence list-id list-post list-help list-unsubscribe "
    "x-autoreply x-autorespond x-autoresponder x-failed-recipients x-loop authentication-results content-type "
    "delivered-to x-original-to x-ms-exchange-organization-authas".split()
)
_ONCE = ("To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References")
# Microsoft 365 seals what is sent with its 'Encrypt' button in a message.rpmsg.
_ENCRYPTED = frozenset({"application/pgp-encrypted", "application/x-microsoft-rpmsg-message"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier 1.2.840.113549.1.7.2 in DER, which opens a CMS message that is signed and not encrypted."""
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_READABLE = (".txt", ".md", ".markdown", ".text")
_READABLE_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
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
    ".eml",
    ".msg",
)
_DOCUMENT_TYPES = re.compile(
    r"application/(?:msword|pdf|rtf|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument)"
    r"|text/(?:rtf|html)|message/rfc822"
)
_TYPE = re.compile(r"\s*([\w.+-]{1,100}/[\w.+-]{1,100})")
_PGP_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_PGP_SIGNED = "\n-----BEGIN PGP SIGNED MESSAGE-----\n"
_PGP_HEADERS = re.compile(r"(?:[A-Za-z-]{1,40}: [^\n]*\n)*[ \t]*\n")
_PGP_SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----"
_PGP_END = "-----END PGP SIGNATURE-----"
# A word broken in two by RFC 3676 DelSp: of a break between words one space is left when this one has gone.
_DELSP_BREAK = re.compile(r"(?<!^--)(?<![\s>]) \n(?![ >\n])", re.MULTILINE)


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
        text="\n".join(bodies.texts) if bodies.texts else None,
        html="\n".join(bodies.htmls) if bodies.htmls else None,
        format_flowed=bodies.flowed,
        attachments=tuple(bodies.attachments),
        pictures=tuple(bodies.pictures),
        attached_texts=tuple(bodies.attached_texts),
        problems=(*problems, *bodies.problems()),
        invitations=tuple(bodies.invitations),
        repeated=tuple(name for name in _ONCE if len(header.get_all(name, ())) > 1),
    )


def read_header(raw: bytes) -> Email:
    """What the header of a mail says; its body is not looked at."""
    return read_email(without_body(raw))


class _Bodies:
    """Collects the text of the parts: what the writer typed, and what else came along."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.seen: set[str] = set()
        self.attached_texts: list[str] = []
        self.unread: list[str] = []
        self.attachments: list[str] = []
        self.pictures: list[str] = []
        self.calendars: list[tuple[str, str]] = []
        self.invitations: list[bytes] = []
        self.flowed = False
        self.room = MAX_TEXT
        self.found: list[Problem] = []

    def add(self, part: Part) -> None:
        kind = _kind(part.header)
        name = _filename(part.header)
        attached = part.header.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/calendar":
            self.calendars.append(("content-type", " ".join(header_values(part.header, "content-type"))))
            if _param(part.header, "method") in ("request", "cancel") and len(part.body) <= MAX_INVITATION:
                self.invitations.append(decode_bytes(part.header, bytes(part.body))[0])
        elif kind in _ENCRYPTED or name.lower().endswith(".rpmsg"):
            self.found.append(Problem(ProblemKind.ENCRYPTED, name))
        elif kind in _SMIME or name.lower().endswith(".p7m"):
            self.found.append(Problem(_seal(part), name))
        elif kind in _TNEF or name.lower() == "winmail.dat":
            self.found.append(Problem(ProblemKind.UNREADABLE, name or "winmail.dat"))
        elif kind.startswith("multipart/"):  # nobody knows where its parts are
            self.found.append(Problem(ProblemKind.UNREADABLE))
        elif attached or kind not in ("text/plain", "text/html"):
            self._attach(part, name, kind)
        elif kind == "text/plain":
            self._add_text(part)
        else:
            self._add(self.htmls, self._read(part))

    def _add_text(self, part: Part) -> None:
        text = self._read(part)
        # One flowed part among others that are not: its soft breaks are mere spaces at line ends.
        self.flowed = _param(part.header, "format") == "flowed"
        if self.flowed and _param(part.header, "delsp") == "yes":
            text = _DELSP_BREAK.sub("", text)
        self._add(self.texts, _clear_signed(text))
        if _PGP_MESSAGE.search(text):
            self.found.append(Problem(ProblemKind.ENCRYPTED))

    def _add(self, bodies: list[str], text: str) -> None:
        """A gateway that rewrites a mail leaves the same text in it twice, in two charsets for instance."""
        canonical = _canonical(text)
        if canonical not in self.seen:
            bodies.append(text)
        self.seen.add(canonical)

    def _attach(self, part: Part, name: str, kind: str) -> None:
        lower = name.lower()
        is_document = lower.endswith(_DOCUMENTS) or _DOCUMENT_TYPES.match(kind) is not None
        if name or is_document or part.header.get_content_disposition() == "attachment":
            self.attachments.append(name)
            if kind.startswith("image/") and len(part.body) <= MAX_PICTURE:
                picture, _ = decode_bytes(part.header, bytes(part.body))
                self.pictures.append(hashlib.sha256(picture).hexdigest())
        if lower.endswith(_READABLE) or (kind in _READABLE_TYPES and "." not in name):
            self.attached_texts.append(self._read(part))
        elif is_document:
            # Outlook gives an attached mail no name.
            subject = _first(header_within(part.body), "subject") if kind == "message/rfc822" else ""
            self.unread.append(name or decode_words(subject)[:200] or kind)

    def _read(self, part: Part) -> str:
        # Base64 and quoted-printable need up to three bytes for one, UTF-8 up to four for a character.
        text, lost = decode_body(part.header, bytes(part.body[: self.room * 8]))
        if lost and len(part.body) <= self.room * 8:
            self.found.append(Problem(ProblemKind.UNREADABLE, _filename(part.header)))
        if len(text) > self.room or len(part.body) > self.room * 8:
            self.found.append(Problem(ProblemKind.TOO_LARGE, "text"))
        text = text[: self.room]
        self.room -= len(text)
        return text

    def problems(self) -> list[Problem]:
        return [*dict.fromkeys(self.found), *(Problem(ProblemKind.UNREAD_ATTACHMENT, name) for name in self.unread)]


def _kind(header: Message) -> str:
    """The media type, also where the semicolon behind it is missing; a part that does not say is plain text."""
    said = _TYPE.match(_first(header, "content-type"))
    return said[1].lower() if said else header.get_content_type()


def _seal(part: Part) -> ProblemKind:
    """S/MIME keeps the text in a CMS message whether it is encrypted or only signed (RFC 8551 3.2)."""
    said = _param(part.header, "smime-type")
    content, _ = decode_bytes(part.header, bytes(part.body[:200]))
    signed = said == "signed-data" or (not said and _SIGNED_DATA in content[:40])
    return ProblemKind.SIGNED_OPAQUE if signed else ProblemKind.ENCRYPTED


def _param(header: Message, name: str) -> str:
    try:
        return str(header.get_param(name, "")).strip().lower()
    except (MessageError, LookupError, ValueError):
        return ""


def _clear_signed(text: str) -> str:
    """The text inside a cleartext signature, without the escapes that hide the dashes of its lists (RFC 9580 7)."""
    before, signed, armored = f"\n{text}".partition(_PGP_SIGNED)
    inside, closed, rest = armored.partition(_PGP_SIGNATURE)
    headers = _PGP_HEADERS.match(inside)
    if not signed or not closed or headers is None:
        return text
    written = re.sub("^- ", "", inside[headers.end() :], flags=re.MULTILINE)
    return f"{before[1:]}\n{written}{rest.partition(_PGP_END)[2]}"


def _filename(header: Message) -> str:
    said = Message()
    for field in ("content-disposition", "content-type"):
        for value in header_values(header, field):  # with bytes that are no ASCII decoded: the library would drop them
            said[field] = value
    try:
        name = said.get_param("filename", None, "content-disposition") or said.get_param("name", "")
    except (MessageError, LookupError, ValueError):
        return "attachment"
    if isinstance(name, tuple):  # RFC 2231: (charset, language, bytes as characters)
        name, _ = decode_charset(name[2].encode("latin-1", "replace"), name[0] or "")
    name = str(name).encode("utf-8", "replace").decode()  # halves of surrogate pairs
    return decode_words(" ".join(name.split()))[:200]


def _first(header: Message, name: str) -> str:
    return next(iter(header_values(header, name)), "")


def _kept(header: Message) -> tuple[tuple[str, str], ...]:
    names = [key.lower() for key, _ in header.raw_items()]
    values = {name: iter(header_values(header, name)) for name in set(names) & KEPT_HEADERS}
    # Not decoded: an encoded word in Authentication-Results must not become a result.
    return tuple((name, next(values[name])) for name in names if name in values)


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.year in BELIEVED_YEARS else None


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
        *map(_canonical, email.attached_texts),
    )
    for field in fields:
        data = field.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%s;" % (len(data), data))  # a length before each, so that no two mails join to the same
    return digest.hexdigest()


def _canonical(body: str | None) -> str:
    """Gateways add and strip white space at line ends and the end of a body."""
    return "\n".join(line.rstrip() for line in (body or "").rstrip().split("\n"))
