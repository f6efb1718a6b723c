"""The words of mailflow: frozen values that travel between its rooms.

Every moment is an aware datetime in UTC; wall-clock intentions keep their IANA zone.
Ids are the database's integers; 0 stands for 'not stored yet'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

# --- People ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One mailbox of RFC 5322 3.4: a display name, perhaps empty, and `local@domain`."""

    name: str
    email: str


class Nudge(StrEnum):
    """When a client who has not answered is reminded of the homework."""

    HALFWAY = "halfway"
    DAY_BEFORE = "day-before"


@dataclass(frozen=True)
class Coach:
    """Runs sessions. Comes from the settings; `aliases` are the coach's other addresses, `action_headings` words that
    head actions beside those that everybody may use, `quiet` from when to when, on the clock, no homework goes.

    `morning` is when, on the clock, one mail has all reviews of the day; None where each session has its own.
    `ask_for_notes` is how long after a session without notes the coach is asked for them; None: never.
    """

    id: int
    email: str
    name: str
    timezone: str
    aliases: tuple[str, ...] = ()
    language: str = "en"
    date_order: str = "DMY"
    hold: timedelta = timedelta(minutes=10)
    review_lead: timedelta = timedelta(hours=2)
    action_headings: tuple[str, ...] = ()
    quiet: tuple[time, time] | None = None
    morning: time | None = None
    nudges: tuple[Nudge, ...] = ()
    ask_for_notes: timedelta | None = None

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(address_key(address) for address in (self.email, *self.aliases))


@dataclass(frozen=True)
class Client:
    """Meets one coach; known by email address; learnt from the calendar's attendees."""

    id: int
    coach_id: int
    email: str
    name: str
    opted_out_at: datetime | None = None
    """Since when the client wants no homework by mail."""
    undeliverable: str = ""
    """What was said when mail to the address came back, or that its reader is somebody else (wording.NOT_MEANT); ''
    where it arrives, as far as is known."""
    other_addresses: tuple[str, ...] = ()
    """Mail from them is the client's, too; mail goes to `email`."""
    other_names: tuple[str, ...] = ()
    """Nicknames, a maiden name."""
    title_names: tuple[str, ...] = ()
    """What a person listed, so that an event without an invitation is a session where one stands in its title."""

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(address_key(address) for address in (self.email, *self.other_addresses))


_ASCII_LOWER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def address_key(email: str) -> str:
    """The address for comparing and keeping: ASCII letters in lower case and nothing else.

    `casefold` makes another domain of weiß.example.
    """
    return email.translate(_ASCII_LOWER)


# --- Calendar -------------------------------------------------------------------------------


class SessionStatus(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Session:
    """One occurrence in the coach's calendar with its client."""

    id: int
    coach_id: int
    calendar_id: int
    client_id: int
    uid: str
    recurrence_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: SessionStatus = SessionStatus.PLANNED
    group: str = ""
    """The same in the sessions of all who were in one event together; '' where there was one client."""


class PassedOver(StrEnum):
    """Why an event in the calendar is no session."""

    NO_ATTENDEE = "no-attendee"
    SEVERAL_ATTENDEES = "several-attendees"
    DECLINED = "declined"
    CLIENT_DECLINED = "client-declined"
    NOT_ACCEPTED = "not-accepted"
    ANOTHER_COACH = "another-coach"
    NO_ADDRESS = "no-address"
    ALL_DAY = "all-day"
    CANCELLED = "cancelled"
    NO_RULE = "no-rule"


# --- What the coach wrote --------------------------------------------------------------------


class Automatic(StrEnum):
    """A mail that no person wrote to mailflow just now."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto-reply"
    LIST = "list"
    INVITATION = "invitation"


class DueKind(StrEnum):
    DATE = "date"
    NEXT_SESSION = "next_session"
    RECURRING = "recurring"
    NONE = "none"


@dataclass(frozen=True)
class Due:
    """When an action is due. `on` is set for DATE only; `phrase` are the coach's words for it."""

    kind: DueKind = DueKind.NONE
    on: date | None = None
    phrase: str = ""
    ambiguous: bool = False


class AdviceKind(StrEnum):
    """What would make an action likelier to be done (rules/clarity.py)."""

    VAGUE = "vague"
    TWO_IN_ONE = "two-in-one"
    NO_WHEN = "no-when"
    TOO_MANY = "too-many"


@dataclass(frozen=True)
class Advice:
    """A kind hint for the coach; `words` are the coach's own that gave rise to it."""

    kind: AdviceKind
    words: str = ""


class HintPlace(StrEnum):
    """Where a note says whose session it is about."""

    CLIENT_LINE = "client-line"
    HEADING = "heading"


@dataclass(frozen=True)
class ClientHint:
    """A name or an address that the note gives for its client."""

    hint: str
    where: HintPlace


class ProblemKind(StrEnum):
    """What keeps a note from being understood; wording.py has the sentence for each."""

    EMPTY = "empty"
    NO_ACTIONS = "no-actions"
    NO_ITEMS = "no-items"
    ONLY_QUOTED = "only-quoted"
    SEVERAL_BLOCKS = "several-blocks"
    TOO_LARGE = "too-large"
    TOO_NESTED = "too-nested"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    SIGNED_OPAQUE = "signed-opaque"
    UNREAD_ATTACHMENT = "unread-attachment"
    OLDER_CORRECTION = "older-correction"
    UNKNOWN_NUMBER = "unknown-number"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True)
class Problem:
    """Something about a mail that a person should know; `detail` names the thing, for instance a file."""

    kind: ProblemKind
    detail: str = ""


@dataclass(frozen=True)
class NoteAction:
    """An action as the coach wrote it: the list marker removed, white space normalised, the due phrase left in."""

    text: str
    due: Due = Due()
    steps: tuple[str, ...] = ()
    plan: str = ""
    why: str = ""
    done: bool = False
    advice: tuple[Advice, ...] = ()


class CommandKind(StrEnum):
    DROP = "drop"
    KEEP = "keep"


@dataclass(frozen=True)
class Command:
    """What becomes of open actions: 'Drop: 2', 'Keep: 1, 3', 'Carry over: all'.

    `numbers` are those of the mail that the coach had before them, empty where all are meant; `words` are the coach's.
    """

    kind: CommandKind
    numbers: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class NoteBlock:
    """The actions under one heading, and the names that it gives for whose they are."""

    names: tuple[str, ...]
    actions: tuple[NoteAction, ...]


@dataclass(frozen=True)
class ParsedNote:
    """What a note says. `notes` is private; `summary` is what the client may read.

    `blocks` are what stands under its headings, where no line names the client and none is a command: there are such
    also where they name several clients, and there are no `actions` for that reason.
    """

    client: ClientHint | None = None
    summary: str = ""
    notes: str = ""
    actions: tuple[NoteAction, ...] = ()
    coach_actions: tuple[NoteAction, ...] = ()
    commands: tuple[Command, ...] = ()
    problems: tuple[Problem, ...] = ()
    blocks: tuple[NoteBlock, ...] = ()

    @property
    def says_what_to_do(self) -> bool:
        """Whether there are actions of anybody's, or commands for open ones."""
        return bool(self.actions or self.blocks or self.coach_actions or self.commands)


@dataclass(frozen=True)
class Email:
    """An InboundEmail in its parsed form: the headers that decide, and the two bodies as text.

    `headers` holds the few others that parsing/automatic.py and parsing/sender.py look at, as (lower-case
    name, value) in the order of the mail. `text` and `html` are None where the mail has no such part.
    `attached_texts` is what stands in the text files that came along, each for itself. `repeated` are those of the
    headers read that a mail may have once (RFC 5322 3.6), and this one has more often. `invitations` are the
    text/calendar parts that invite to something, or take it back (RFC 6047). `pictures` are hashes of the small ones
    among the attachments: a program that replies sends those of the answered mail back, under other names.
    """

    message_id: str
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    in_reply_to: str
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    content_type: str
    text: str | None
    html: str | None
    format_flowed: bool = False
    attachments: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    attached_texts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    repeated: tuple[str, ...] = ()
    invitations: tuple[bytes, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The Message-IDs of what it replies to, then of what that replied to, and so on (RFC 5322 3.6.4)."""
        return (*self.in_reply_to.split(), *reversed(self.references))

    def header(self, name: str) -> str:
        """The first value of a header, '' where there is none."""
        return next((value for key, value in self.headers if key == name), "")


# --- What is stored --------------------------------------------------------------------------


class InboundStatus(StrEnum):
    RECEIVED = "received"
    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class InboundEmail:
    """Raw bytes received, with a status and the reason for it. `key` is unique within its mailbox."""

    id: int
    mailbox: str
    key: str
    received_at: datetime
    status: InboundStatus
    reason: str = ""
    coach_id: int | None = None
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    failures: int = 0
    due_at: datetime | None = None
    accepted_for: int | None = None
    """The coach whose mail it is because the operator says so."""
    unproven: str = ""
    """Why it is not certain that the coach wrote it."""


@dataclass(frozen=True)
class Note:
    """What the coach emailed about one session. Without a client it waits for the coach to choose one."""

    id: int
    coach_id: int
    inbound_id: int
    client_id: int | None
    session_id: int | None
    match_reason: str
    written_at: datetime
    subject: str
    text: str
    summary: str
    coach_actions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    commands: tuple[Command, ...] = ()
    corrected_at: datetime | None = None
    """When the correction that counts was written."""
    edited_by: str = ""
    """The rendering of the form that made that correction; '' where it came by mail."""
    numbered_by: int | None = None
    """The mail of ours that it replies to, whose numbers its commands mean."""
    part: int = 0
    """Of a group's mail there is a note for each client."""


class Answer(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"


class ReviewChoice(StrEnum):
    """What the coach says of an open action in the review of a session."""

    CARRY = "carry"
    DROP = "drop"
    TOGETHER = "together"


@dataclass(frozen=True)
class Action:
    """One thing the client agreed to do. It stays open until it is done or the coach drops it."""

    id: int
    note_id: int
    coach_id: int
    client_id: int | None
    position: int
    text: str
    due: Due
    steps: tuple[str, ...]
    plan: str
    why: str
    created_at: datetime
    advice: tuple[Advice, ...] = ()
    answer: Answer | None = None
    dropped_at: datetime | None = None
    changed_at: datetime | None = None
    """When a correction gave it other words than the client has."""
    together_at: datetime | None = None
    """When the coach said that it was done together: the answer is the coach's, then."""
    settled_in: int | None = None
    """The session in whose review the coach dropped it, or said so."""

    @property
    def open(self) -> bool:
        return self.answer is not Answer.DONE and self.dropped_at is None


@dataclass(frozen=True)
class Reflection:
    """What the client wrote about one action, with a status. `form_id` makes saving it twice one save.

    `usefulness` is how useful the action was, from 0 to 4; None where the client did not say.
    """

    id: int
    action_id: int
    answer: Answer
    text: str
    obstacle: str
    form_id: str
    saved_at: datetime
    usefulness: int | None = None


class LinkPurpose(StrEnum):
    """What a link opens: always exactly one thing, for one person."""

    ACTION = "action"
    HOMEWORK = "homework"
    NOTE = "note"
    REVIEW = "review"
    OPT_OUT = "opt_out"
    CALENDAR = "calendar"
    HISTORY = "history"
    """What a fresh link opens, by email only and for minutes."""
    DEVICE = "device"
    """What the cookie of a device stands on: no address opens it."""


OF_CLIENT = (
    LinkPurpose.ACTION,
    LinkPurpose.HOMEWORK,
    LinkPurpose.HISTORY,
    LinkPurpose.DEVICE,
    LinkPurpose.CALENDAR,
)
"""What a client was given: whoever has one may have had others. The one to no more mail stays open."""


@dataclass(frozen=True)
class Link:
    """A token that opens exactly one thing: the `subject_id` is the row that `purpose` speaks of.

    `client_id` is 0 on the coach's own links.
    """

    id: bytes
    purpose: LinkPurpose
    subject_id: int
    client_id: int
    version: int
    expires_at: datetime | None
    revoked_at: datetime | None


class OutboundKind(StrEnum):
    """One kind of outgoing mail; its three templates carry its name."""

    RECEIPT = "receipt"
    QUESTION = "question"
    NO_ACTIONS = "no_actions"
    HOMEWORK = "homework"
    UNDELIVERED = "undelivered"
    OPTED_OUT = "opted_out"
    CLIENT_REPLY = "client_reply"
    UNPROVEN = "unproven"
    UNREAD = "unread"
    REVIEW = "review"
    MORNING = "morning"
    NUDGE = "nudge"
    NO_NOTES = "no_notes"
    FRESH_LINK = "fresh_link"
    NOT_MEANT = "not_meant"


TO_CLIENT = (OutboundKind.HOMEWORK, OutboundKind.NUDGE)


class OutboundState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True)
class OutboundEmail:
    """A mail to be sent: a row of the outbox.

    `planned_at` is when it should go; `due_at` is the next attempt, which a lease moves forward.
    `reason` says in words why it stands as it does. `perhaps_sent`: an attempt ended without our hearing how.
    """

    id: int
    key: str
    kind: OutboundKind
    coach_id: int
    recipient: str
    state: OutboundState
    planned_at: datetime
    due_at: datetime
    expires_at: datetime | None
    client_id: int | None = None
    note_id: int | None = None
    session_id: int | None = None
    inbound_id: int | None = None
    attempts: int = 0
    lease: str = ""
    reason: str = ""
    sent_at: datetime | None = None
    perhaps_sent: bool = False


@dataclass(frozen=True)
class FrozenEmail:
    """The bytes of an OutboundEmail: made by the first attempt, the same in every later one.

    `actions` are the ids of those that it numbers, in that order; a question numbers `candidates` instead, by their
    values (flows/gather.py). `reviewed` are the ids of the sessions that it is the review of.
    """

    message_id: str
    raw: bytes
    actions: tuple[int, ...] = ()
    candidates: tuple[str, ...] = ()
    reviewed: tuple[int, ...] = ()
