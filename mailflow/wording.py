"""Enums and rules' verdicts as sentences for people: plain, kind, neutral on misses.

Every function takes a `translate` callable, gettext's; without one the words stay English.
N_ marks a sentence for `pybabel extract`; the look-up happens where the sentence is used.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from mailflow.model import (
    Advice,
    AdviceKind,
    Answer,
    Due,
    DueKind,
    OutboundState,
    PassedOver,
    Problem,
    ProblemKind,
)
from mailflow.rules.advice import ReviewAdvice
from mailflow.rules.matching import Reason
from mailflow.rules.rewriting import halves, thought_about, undated

Translate = Callable[[str], str]
DayWords = Callable[[date], str]


def untranslated(message: str) -> str:
    """The message itself: English, the language it was written in."""
    return message


N_ = untranslated


def english_day(day: date) -> str:
    """A day with its weekday, such as 'Friday 27 November'."""
    return f"{day:%A} {day.day} {day:%B}"


# --- For the coach ---------------------------------------------------------------------------

_PROBLEMS = {
    ProblemKind.EMPTY: N_("Your mail had no text."),
    ProblemKind.NO_ACTIONS: N_("I found no line that says “Actions:”."),
    ProblemKind.NO_ITEMS: N_("There is an “Actions:” line, but no list below it."),
    ProblemKind.ONLY_QUOTED: N_(
        "The only “Actions:” line is in the part you quoted, and I read only what you wrote new."
    ),
    ProblemKind.SEVERAL_BLOCKS: N_(
        "There is more than one list of actions, and I can't tell which counts. Please send one mail a client."
    ),
    ProblemKind.TOO_LARGE: N_("Your mail is too large for me to read whole."),
    ProblemKind.TOO_NESTED: N_("Your mail has too many parts inside each other for me to read it whole."),
    ProblemKind.UNREADABLE: N_("Part of your mail is damaged or in a form that I don't know, so I could not read it."),
    ProblemKind.ENCRYPTED: N_("Your mail is encrypted, and I can't open it."),
    ProblemKind.UNKNOWN_NUMBER: N_("No action has this number in the last mail about this client. Nothing was closed."),
    ProblemKind.CONTRADICTION: N_("These say the opposite of each other, so nothing was closed."),
    ProblemKind.SIGNED_OPAQUE: N_(
        "Your mail is signed in a form that hides its text from me. Please send it signed as clear text, or unsigned."
    ),
    ProblemKind.UNREAD_ATTACHMENT: N_("I don't read attachments of this kind."),
    ProblemKind.OLDER_CORRECTION: N_(
        "An older correction of yours arrived after a newer one. I left it out: the newer one counts."
    ),
}


def problem(problem: Problem, translate: Translate = untranslated) -> str:
    """One or two sentences about a mail; ends with the detail, for instance a file's name, where there is one."""
    sentence = translate(_PROBLEMS[problem.kind])
    return f"{sentence} ({problem.detail})" if problem.detail else sentence


_REASONS = {
    Reason.IN_TO: N_("Because %(name)s is in To."),
    Reason.IN_CC: N_("Because %(name)s is in Cc."),
    Reason.CLIENT_LINE: N_("Because a line of your note names %(name)s."),
    Reason.HEADING: N_("Because the heading above your actions names %(name)s."),
    Reason.IN_REPLY: N_("Because your note answers a mail about %(name)s."),
    Reason.IN_SUBJECT: N_("Because the subject of your mail names %(name)s."),
    Reason.ONLY_SESSION: N_("Because it is the only session without notes that fits."),
    Reason.GROUP_SESSION: N_("Because it is about your group session, and %(name)s was in it."),
    Reason.COACH_CHOSE: N_("Because you chose %(name)s yourself."),
    Reason.NO_SESSION: N_("Your calendar has no session that fits this note."),
    Reason.SEVERAL_SESSIONS: N_("More than one session in your calendar fits this note."),
    Reason.SEVERAL_CLIENTS: N_("Your note names more than one client."),
    Reason.UNKNOWN_CLIENT: N_("Your note names somebody I don't know from your calendar."),
    Reason.NAMED_WITHOUT_SESSION: N_("Your note names a client without a session that fits."),
    Reason.ANSWERS_ANOTHER: N_("It answers a mail about one client, and what else I see speaks for another."),
    Reason.SESSION_CHANGED: N_("Your calendar changed, so it is not certain any more which session it was."),
    Reason.MET_OTHERS: N_("Since your last session you met somebody else, and I can't tell from your calendar whom."),
    Reason.QUESTION_OPEN: N_(
        "Another note of yours still waits for you to say whose it is, and only one of the two can be about your "
        "last session."
    ),
    Reason.CALENDAR_STALE: N_("I could not read all of your calendar lately, so I may be missing a session."),
}


def reason(reason: Reason, name: str = "", translate: Translate = untranslated) -> str:
    """One sentence: why a note is certain to be the client's of this name, or why the coach is asked."""
    return translate(_REASONS[reason]) % {"name": name or translate(N_("the client"))}


def only_session(began: date, today: date, translate: Translate = untranslated, day: DayWords = english_day) -> str:
    """The sentence for Reason.ONLY_SESSION, where it is known when the session began."""
    if began == today:
        return translate(N_("Because it is your only session today without notes."))
    if began == today - timedelta(days=1):
        return translate(N_("Because it is your only session yesterday without notes."))
    return translate(N_("Because it is your only session on %(day)s without notes.")) % {"day": day(began)}


_ADVICE = {
    AdviceKind.VAGUE: N_("This leaves open what doing it looks like. More specific, for example:"),
    AdviceKind.TWO_IN_ONE: N_(
        "This looks like two actions, and there is only one answer to it. On a line each, for example:"
    ),
    AdviceKind.NO_WHEN: N_("It has no day yet. With one, for example:"),
    AdviceKind.TOO_MANY: N_(
        "This is a long list: one or two actions get done more easily than three or more. It goes as it is. "
        "A short one, for example:"
    ),
}
_QUOTING_ADVICE = {
    AdviceKind.VAGUE: N_("“%(words)s” leaves open what doing it looks like. More specific, for example:"),
    AdviceKind.TWO_IN_ONE: N_(
        "“%(words)s” looks like two actions, and there is only one answer to it. On a line each, for example:"
    ),
}
_EXAMPLES = {
    AdviceKind.VAGUE: N_("Write down three questions for Sam by Thursday"),
    AdviceKind.TWO_IN_ONE: N_("Call Sam by Thursday\nBook the GP by Friday"),
    AdviceKind.NO_WHEN: N_("When I sit down at my desk on Thursday, I will write to Sam"),
    AdviceKind.TOO_MANY: N_("Write to Sam by Thursday\nWalk for ten minutes after lunch, every day"),
}


def advice(advice: Advice, translate: Translate = untranslated) -> str:
    """One or two sentences on what would make an action likelier to be done; an example is to follow."""
    if advice.words and advice.kind in _QUOTING_ADVICE:
        return translate(_QUOTING_ADVICE[advice.kind]) % {"words": advice.words}
    return translate(_ADVICE[advice.kind])


def advice_example(
    advice: Advice, text: str, due: Due, translate: Translate = untranslated, language: str = "en"
) -> str:
    """The action as it could be written, in the coach's own words where they are sure to fit; a line for each action.

    `language` is that of `translate`.
    """
    return _rewritten(advice.kind, text, due, translate, language) or ready_example(advice.kind, translate)


def ready_example(kind: AdviceKind, translate: Translate = untranslated) -> str:
    """An example about something else."""
    return translate(_EXAMPLES[kind])


def _rewritten(kind: AdviceKind, text: str, due: Due, translate: Translate, language: str) -> str:
    match kind:
        case AdviceKind.VAGUE if thing := thought_about(text, due, language):
            return translate(N_("Write down three thoughts about %(thing)s by Thursday")) % {"thing": thing}
        case AdviceKind.TWO_IN_ONE if parts := halves(text):
            return "\n".join(parts)
        case AdviceKind.NO_WHEN if action := undated(text, language):
            return translate(N_("%(action)s, by Thursday")) % {"action": action}
    return ""


_REVIEW_ADVICE = {
    ReviewAdvice.NOT_DELIVERED: N_("The homework did not arrive. Go through it together."),
    ReviewAdvice.GO_DEEPER: N_("All done. Go deeper: what did it change, and what comes next?"),
    ReviewAdvice.THIRD_TIME: N_("One action is open for the third time: make it smaller together, or drop it."),
    ReviewAdvice.FIRST_HOMEWORK: N_("It is the first homework: ask first how it fitted into the week."),
    ReviewAdvice.ASK: N_("No answer is not the same as not done: ask how it went."),
    ReviewAdvice.EXPLORE_WHY: N_("Explore what got in the way before you agree on anything new."),
    ReviewAdvice.SOME_DONE: N_("Start with what worked, then ask about the rest."),
}


def review_advice(advice: ReviewAdvice, translate: Translate = untranslated) -> str:
    """One or two short sentences for the coach's next session."""
    return translate(_REVIEW_ADVICE[advice])


_OUTBOUND_STATES = {
    OutboundState.WAITING: N_("waiting to be sent"),
    OutboundState.HELD: N_("on hold"),
    OutboundState.SENT: N_("sent"),
    OutboundState.FAILED: N_("not delivered: a mail server refused it"),
    OutboundState.CANCELLED: N_("cancelled"),
    OutboundState.EXPIRED: N_("not sent, because it would have come too late"),
}


def outbound_state(state: OutboundState, translate: Translate = untranslated) -> str:
    """A few words that go with 'is': where a mail stands on its way out."""
    return translate(_OUTBOUND_STATES[state])


NOT_MEANT = "whoever reads it says that it was not meant for them"
"""Kept where else the words of a mail server are: why homework did not reach the client. Templates say it their way."""


# --- For whoever runs mailflow ---------------------------------------------------------------

_PASSED_OVER = {
    PassedOver.NO_ATTENDEE: N_("nobody else is invited"),
    PassedOver.SEVERAL_ATTENDEES: N_("more than one person is invited"),
    PassedOver.DECLINED: N_("you declined it"),
    PassedOver.CLIENT_DECLINED: N_("the client declined it"),
    PassedOver.NOT_ACCEPTED: N_("somebody else organised it, and you have not accepted it"),
    PassedOver.ANOTHER_COACH: N_("another coach here organised it"),
    PassedOver.NO_ADDRESS: N_("the other person has no email address in it"),
    PassedOver.ALL_DAY: N_("it lasts all day"),
    PassedOver.CANCELLED: N_("it was cancelled"),
    PassedOver.NO_RULE: N_("no rule in the settings makes it a session"),
}


def passed_over(why: PassedOver, translate: Translate = untranslated) -> str:
    """A clause that goes with 'because': why an event in the calendar is no session."""
    return translate(_PASSED_OVER[why])


# --- For everybody ---------------------------------------------------------------------------

_ANSWERS = {
    Answer.DONE: N_("Done"),
    Answer.PARTLY: N_("Partly"),
    Answer.NOT_DONE: N_("Not done"),
}


def answer(answer: Answer | None, translate: Translate = untranslated) -> str:
    """One or two words; 'No answer yet' for None, which is not the same as not done."""
    return translate(N_("No answer yet")) if answer is None else translate(_ANSWERS[answer])


def due(due: Due, on: date | None, translate: Translate = untranslated, day: DayWords = english_day) -> str:
    """When an action is due: 'Friday 27 November', 'before your next session', the coach's words, or ''.

    `on` is the resolved day, also of an action that is due at the next session; `day` puts a date into words.
    """
    if due.kind is DueKind.DATE:
        on = on or due.on
        return day(on) if on else due.phrase
    if due.kind is DueKind.NEXT_SESSION:
        return translate(N_("before your next session"))
    return due.phrase if due.kind is DueKind.RECURRING else ""


def due_line(due_: Due, on: date | None, translate: Translate = untranslated, day: DayWords = english_day) -> str:
    """The same as a line of its own: 'By Friday 27 November', 'Before your next session', 'Every morning', or ''."""
    words = due(due_, on, translate, day)
    if due_.kind is DueKind.DATE and (on or due_.on):
        return translate(N_("By %(day)s")) % {"day": words}
    return words[:1].upper() + words[1:]
