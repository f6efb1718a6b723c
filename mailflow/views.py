"""What templates get to see: one value for each email and each page, and nothing that its reader may not know.

Moments are aware datetimes in the reader's own time zone; addresses of pages are complete URLs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mailflow.model import Advice, Answer, Due, Nudge, OutboundState, Problem
from mailflow.rules.advice import ReviewAdvice
from mailflow.rules.matching import Reason


@dataclass(frozen=True)
class ActionView:
    """One action as its reader sees it.

    `due_on` is the resolved day, also for an action that is due at the next session.
    `url` is the page for it: the client's in homework and client pages, '' elsewhere.
    `agreed_on` is the day of the note; `carried` is true where the note is older than the one that this mail
    or page is about. `news` is 'new' or 'changed' in a mail that updates an earlier one, and 'new' where the answer is
    in a review that follows another. `undelivered`: no mail with it
    has reached the client. `together`: it is the coach who said 'done'; `said` is then what the client answered before.
    `can_settle`: it has the buttons of the review page.
    """

    id: int
    number: int
    text: str
    due: Due
    due_on: date | None
    steps: tuple[str, ...] = ()
    plan: str = ""
    why: str = ""
    url: str = ""
    advice: tuple[Advice, ...] = ()
    answer: Answer | None = None
    reflection: str = ""
    obstacle: str = ""
    usefulness: int | None = None
    agreed_on: date | None = None
    carried: bool = False
    dropped: bool = False
    news: str = ""
    undelivered: bool = False
    together: bool = False
    said: Answer | None = None
    can_settle: bool = False


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
class CandidateView:
    """One answer to 'whose session was it?'. `session_at` is None for a client without a recent session."""

    value: str
    client_name: str
    client_email: str
    session_at: datetime | None
    url: str


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


@dataclass(frozen=True)
class NotMeantPage:
    """Page 'not_meant': whoever reads it is asked once more whether the mail was not meant for them."""

    coach_name: str


@dataclass(frozen=True)
class FreshPage:
    """Page 'fresh': one button, with which this device shows all of the client's actions for so many `days`."""

    coach_name: str
    days: int


@dataclass(frozen=True)
class PastSession:
    """What was agreed after one session, and what became of it. `day` is the session's, or the note's."""

    day: date
    summary: str
    actions: tuple[ActionView, ...]


@dataclass(frozen=True)
class HistoryPage:
    """Page 'history': all of a client's actions. An action's `url` is '' where it can't be answered any more.

    `open` is what is open now. `newer` and `older` are the numbers of the pages beside this one, 0 where there is none.
    `calendar_url` is the address to subscribe to, '' where there is none.
    """

    coach_name: str
    client_name: str
    open: tuple[ActionView, ...]
    sessions: tuple[PastSession, ...]
    newer: int = 0
    older: int = 0
    calendar_url: str = ""


@dataclass(frozen=True)
class OptOutPage:
    """Page 'opt_out': the client wants no homework by mail, or wants it again."""

    coach_name: str
    opted_out: bool


@dataclass(frozen=True)
class ActionPage:
    """Page 'action': complete and reflect.

    `chosen` is the answer that the link preselects; `form_id` makes a double click one save; `saved` is true
    right after saving. `error` is true where no answer was chosen: the text the client typed is still in
    `action.reflection`. `editable` is false once the next session has begun.
    """

    coach_name: str
    client_name: str
    action: ActionView
    chosen: Answer | None
    next_session_at: datetime | None
    editable: bool
    saved: bool
    error: bool
    form_id: str
    others: tuple[ActionView, ...]
    all_url: str


@dataclass(frozen=True)
class NotePage:
    """Page 'note': the coach's own, behind the receipt's and the question's links.

    `state` is the homework's, None while no client is chosen. `wanted` is the button the link preselects:
    '', 'send', 'hold' or 'choose'; `chosen` is the value of the preselected candidate. `done` is the same word
    right after a button worked, 'too-late' where the homework had already gone. `undeliverable` and `too_many`: see
    ReceiptView; `perhaps_with`: see QuestionView. `edit_url` is '' where the actions can't be edited any more.
    """

    coach_name: str
    client_name: str
    subject: str
    session_at: datetime | None
    actions: tuple[ActionView, ...]
    state: OutboundState | None
    homework_at: datetime | None
    undeliverable: str
    perhaps_with: str
    candidates: tuple[CandidateView, ...]
    wanted: str
    chosen: str
    done: str
    edit_url: str = ""
    summary: str = ""
    too_many: Advice | None = None


@dataclass(frozen=True)
class ReviewPage:
    """Page 'review': the review with buttons for each open action.

    `done` is the choice right after a button was pressed, 'too-late' where it changed nothing any more; `about` is the
    action's id.
    """

    review: ReviewView
    done: str
    about: int = 0


@dataclass(frozen=True)
class EditRowView:
    """`kept` is an action that has an answer and stays as it is; else `text` is what stands in the field, and `action`
    what was understood of it, where it is stored like this."""

    number: int
    text: str = ""
    removed: bool = False
    kept: ActionView | None = None
    action: ActionView | None = None


@dataclass(frozen=True)
class EditPage:
    """Page 'edit': a note's actions as fields of a form, with empty ones at the end.

    `problem` says why nothing was saved: '' or one of flows/edit.py's words; with 'changed' and 'closed' `stored` and
    `stored_summary` are what the note says now. `state` is the homework's; `has_gone`: the client has it already.
    """

    client_name: str
    rows: tuple[EditRowView, ...]
    summary: str
    version: str
    form_id: str
    problem: str
    stored: tuple[ActionView, ...]
    stored_summary: str
    state: OutboundState | None
    has_gone: bool
    note_url: str


@dataclass(frozen=True)
class MessagePage:
    """Page 'message': one friendly page for what can't be shown.

    `kind` is one of 'gone', 'fresh', 'not-meant', 'signed-out', 'refused', 'too-large', 'too-many' and 'trouble'.
    'fresh' says that a fresh link is on its way, if the link with which it was asked for was anybody's.
    """

    kind: str
