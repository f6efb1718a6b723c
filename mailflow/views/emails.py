"""One value for each email."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mailflow.model import Advice, Nudge, OutboundState, Problem
from mailflow.rules.advice import ReviewAdvice
from mailflow.rules.matching import Reason
from mailflow.views.parts import ActionView, CandidateView


@dataclass(frozen=True)
class HomeworkView:
    """Email 'homework', and page 'homework' (all of one client's open actions).

    `is_update`: the mail follows one that was sent; `removed` are the actions of that one that no longer count.
    `answers_by_mail`: a reply such as 'done 1' is read.
    """

    coach_name: str
    client_name: str
    session_at: datetime | None
    next_session_at: datetime | None
    summary: str
    actions: tuple[ActionView, ...]
    carried: tuple[ActionView, ...]
    all_url: str
    is_update: bool = False
    removed: tuple[str, ...] = ()
    answers_by_mail: bool = False
    opt_out_url: str = ""


@dataclass(frozen=True)
class ReceiptView:
    """Email 'receipt': this is what I understood, this is when the homework goes.

    `reason` says why it is this client, and `today` is the day on which it says so; `homework_at` is when the homework
    goes or went, as its `state` says; `is_update` where it follows one that was sent; `too_many` is advice on the list
    as a whole. `dropped` are the open actions that the note's commands closed. With `opted_out` no homework goes: the
    client wants no mails. `undeliverable` are the words with which mail to the client came back; it is held then.
    """

    coach_name: str
    client_name: str
    client_email: str
    session_at: datetime | None
    reason: Reason
    today: date
    actions: tuple[ActionView, ...]
    carried: tuple[ActionView, ...]
    dropped: tuple[str, ...]
    coach_actions: tuple[str, ...]
    summary: str
    state: OutboundState | None
    is_update: bool
    homework_at: datetime | None
    too_many: Advice | None
    problems: tuple[Problem, ...]
    send_now_url: str
    hold_url: str
    choose_url: str
    edit_url: str
    opted_out: bool = False
    undeliverable: str = ""


@dataclass(frozen=True)
class OptedOutView:
    """Email 'opted_out': the client wants no homework by mail. `actions` are what is open.

    Only the client can want it again.
    """

    coach_name: str
    client_name: str
    client_email: str
    actions: tuple[ActionView, ...]


@dataclass(frozen=True)
class QuestionView:
    """Email 'question': mailflow is not certain whose session it was; nothing goes until the coach says so.

    `perhaps_with` is the name of a client whom the homework may have reached before, '' where nobody has it.
    """

    coach_name: str
    subject: str
    reason: Reason
    perhaps_with: str
    candidates: tuple[CandidateView, ...]
    actions: tuple[ActionView, ...]
    choose_url: str


@dataclass(frozen=True)
class UndeliveredView:
    """Email 'undelivered': the homework was refused, or `came_back` later, and the client does not have it.

    `reason` are the server's words; with `perhaps_sent` an earlier attempt may have arrived all the same.
    """

    coach_name: str
    client_name: str
    client_email: str
    session_at: datetime | None
    reason: str
    came_back: bool
    perhaps_sent: bool
    actions: tuple[ActionView, ...]
    send_url: str
    choose_url: str


@dataclass(frozen=True)
class ClientReplyView:
    """Email 'client_reply': what a client wrote in reply to the homework, where mailflow could not take it as answers.

    `is_known`: it came from the client's own address; `unproven`: why that is not certain. `is_attached`: the whole
    mail is in this one.
    """

    coach_name: str
    client_name: str
    sender: str
    is_known: bool
    unproven: str
    text: str
    actions: tuple[ActionView, ...]
    attachments: tuple[str, ...]
    is_attached: bool


@dataclass(frozen=True)
class UnprovenMail:
    received_at: datetime
    sender: str
    subject: str


@dataclass(frozen=True)
class UnprovenView:
    """Email 'unproven': mail with the coach's name on it that may be somebody else's. It is kept, and nothing more."""

    coach_name: str
    mails: tuple[UnprovenMail, ...]


@dataclass(frozen=True)
class UnreadView:
    """Email 'unread': mailflow itself failed on the coach's mail. It is kept, and nothing was done with it."""

    coach_name: str
    received_at: datetime
    subject: str


@dataclass(frozen=True)
class NoActionsView:
    """Email 'no_actions': the note was kept, nothing goes to anybody, and this is how to write actions.

    Where the note had `only_commands` it says what they closed instead: `dropped`.
    """

    coach_name: str
    subject: str
    problems: tuple[Problem, ...]
    client_name: str
    dropped: tuple[str, ...]
    only_commands: bool


@dataclass(frozen=True)
class ReviewView:
    """Email 'review' and page 'review': what was agreed, what was answered in which words, what got no answer.

    `agreed` are the actions of the notes since the last session, `carried` the older open ones. `agreed_on` is the day
    of the last note, None where no note came after the last session (`no_note` is then true). `others` are the reviews
    of the others of a group, with the numbers going on. `moved_from` is when the session was to begin as the coach had
    its review, at `reviewed_at`: then the email says what is new since, and the rest in a line each.
    """

    coach_name: str
    client_name: str
    session_at: datetime
    agreed_on: date | None
    agreed: tuple[ActionView, ...]
    carried: tuple[ActionView, ...]
    coach_actions: tuple[str, ...]
    no_note: bool
    advice: ReviewAdvice
    url: str
    session_id: int = 0
    others: tuple[ReviewView, ...] = ()
    moved_from: datetime | None = None
    reviewed_at: datetime | None = None

    @property
    def everybody(self) -> tuple[ReviewView, ...]:
        return (self, *self.others)

    @property
    def names(self) -> str:
        return ", ".join(one.client_name for one in self.everybody)

    @property
    def agreed_by_all(self) -> tuple[ActionView, ...]:
        return tuple(action for one in self.everybody for action in one.agreed)

    @property
    def has_news(self) -> bool:
        return any(action.news for one in self.everybody for action in (*one.agreed, *one.carried))

    @property
    def leaves_silence_open(self) -> bool:
        """Whether an action has no answer yet, and the advice does not say that this is not the same as not done."""
        return any(
            action.answer is None and not action.undelivered and not action.dropped
            for one in self.everybody
            if one.advice is not ReviewAdvice.ASK
            for action in (*one.agreed, *one.carried)
        )


@dataclass(frozen=True)
class MorningView:
    """Email 'morning': the reviews of a day in one mail, in order of time, with the numbers going on."""

    coach_name: str
    day: date
    reviews: tuple[ReviewView, ...]

    @property
    def leaves_silence_open(self) -> bool:
        return any(review.leaves_silence_open for review in self.reviews)


@dataclass(frozen=True)
class NudgeView:
    """Email 'nudge': a client who has not answered yet is reminded of the homework, whose `subject` it repeats.

    `actions` are those without an answer. `answers_by_mail`: a reply such as 'done 1' is read.
    """

    coach_name: str
    client_name: str
    nudge: Nudge
    subject: str
    next_session_at: datetime
    actions: tuple[ActionView, ...]
    all_url: str
    opt_out_url: str
    answers_by_mail: bool = False


@dataclass(frozen=True)
class NoNotesView:
    """Email 'no_notes': a session ended and no notes came. A reply with notes is about that session."""

    coach_name: str
    client_names: tuple[str, ...]
    session_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class FreshLinkView:
    """Email 'fresh_link': the link to all of a client's actions that they asked for. It works for so many `minutes`."""

    coach_name: str
    client_name: str
    minutes: int
    url: str


@dataclass(frozen=True)
class NotMeantView:
    """Email 'not_meant': whoever reads the client's mail says that it was not meant for them.

    `answered`: somebody has answered that homework, so the client may well have it. Otherwise it counts as not
    delivered.
    """

    coach_name: str
    client_name: str
    client_email: str
    session_at: datetime | None
    answered: bool
    actions: tuple[ActionView, ...]
    send_url: str
    choose_url: str
