"""Look at every email and page: `python tests/looks.py OUTDIR [NAME ...]` writes HTML, text and screenshots there.

A NAME is a part of a file's name, such as de-email-review; without one everything is rendered. Needs playwright and a
chromium; CHROMIUM names one that is elsewhere than /usr/bin/chromium. The sample views are also what the tests of
rendering.py render.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, sync_playwright

from mailflow.model import (
    Advice,
    AdviceKind,
    Answer,
    Due,
    DueKind,
    Nudge,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemKind,
)
from mailflow.rendering import Renderer
from mailflow.rules.advice import ReviewAdvice
from mailflow.rules.matching import Reason
from mailflow.views.emails import (
    ClientReplyView,
    FreshLinkView,
    HomeworkView,
    MorningView,
    NoActionsView,
    NoNotesView,
    NotMeantView,
    NudgeView,
    OptedOutView,
    QuestionView,
    ReceiptView,
    ReviewView,
    UndeliveredView,
    UnprovenMail,
    UnprovenView,
    UnreadView,
)
from mailflow.views.pages import (
    ActionPage,
    EditPage,
    EditRowView,
    FreshPage,
    HistoryPage,
    MessagePage,
    NotePage,
    NotMeantPage,
    OptOutPage,
    PastSession,
    ReviewPage,
)
from mailflow.views.parts import ActionView, CandidateView
from mailflow.wording import NOT_MEANT

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
EMAIL_WIDTHS = (180, 320, 360, 768, 1280)  # the first is a phone at 200% zoom
PAGE_WIDTHS = (360, 768, 1280)
SCREENS = tuple(product(sorted({*EMAIL_WIDTHS, *PAGE_WIDTHS}), SCHEMES))
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BERLIN = ZoneInfo("Europe/Berlin")
SITE = "https://mailflow.example"
LAST = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
NEXT = datetime(2026, 12, 1, 10, 0, tzinfo=BERLIN)
FRIDAY = Due(DueKind.DATE, date(2026, 11, 27), "by Friday")

LETTERS = ActionView(
    id=1,
    number=1,
    text="Write to two people who have the job I want and ask each for twenty minutes",
    due=FRIDAY,
    due_on=date(2026, 11, 27),
    steps=("Pick the two from the list we made", "Three sentences are enough"),
    plan="When I have poured my coffee on Tuesday, I will write the first one.",
    why="I want to know what the days are like before I apply.",
    url=f"{SITE}/a/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
)
WALK = ActionView(
    id=2,
    number=2,
    text="Take a ten-minute walk without the phone",
    due=Due(DueKind.RECURRING, None, "every day after lunch"),
    due_on=None,
    url=f"{SITE}/a/BbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
)
BUDGET = ActionView(
    id=3,
    number=3,
    text="Put the three fixed costs into the sheet",
    due=Due(DueKind.NEXT_SESSION, None, "by next time"),
    due_on=NEXT.date(),
    url=f"{SITE}/a/CbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
    agreed_on=date(2026, 11, 9),
    carried=True,
)
HOMEWORK = HomeworkView(
    answers_by_mail=True,
    coach_name="Anna Berg",
    client_name="Jane Doe",
    session_at=LAST,
    next_session_at=NEXT,
    summary="You know what you want from the next job: a small team, and work that can be finished.\n"
    "The rest is finding out who has it.",
    actions=(LETTERS, WALK),
    carried=(BUDGET,),
    all_url=f"{SITE}/h/DbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
    opt_out_url=f"{SITE}/u/FbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
)
UPDATE = replace(
    HOMEWORK,
    actions=(replace(LETTERS, news="changed"), replace(WALK, news="new")),
    is_update=True,
    removed=("Ask the bank what the flat would cost",),
)
NOTE_URL = f"{SITE}/n/EbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd"
RECEIPT = ReceiptView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    client_email="jane@client.example",
    session_at=LAST,
    reason=Reason.ONLY_SESSION,
    today=LAST.date(),
    actions=(
        replace(
            LETTERS,
            url="",
            due=Due(DueKind.DATE, date(2026, 12, 1), "next Tuesday", ambiguous=True),
            due_on=date(2026, 12, 1),
        ),
        replace(
            WALK, url="", due=Due(), text="Think about the budget", advice=(Advice(AdviceKind.VAGUE, "Think about"),)
        ),
    ),
    carried=(replace(BUDGET, url=""),),
    dropped=("Ask the bank what the flat would cost",),
    coach_actions=("Send Jane the article on portfolio careers",),
    summary=HOMEWORK.summary,
    state=OutboundState.WAITING,
    is_update=False,
    homework_at=datetime(2026, 11, 23, 10, 32, tzinfo=BERLIN),
    too_many=None,
    problems=(Problem(ProblemKind.UNREAD_ATTACHMENT, "whiteboard.jpg"),),
    send_now_url=f"{NOTE_URL}?do=send",
    hold_url=f"{NOTE_URL}?do=hold",
    choose_url=f"{NOTE_URL}?do=choose",
    edit_url=f"{NOTE_URL}?do=edit",
)
CANDIDATES = (
    CandidateView("s11", "Jane Doe", "jane@client.example", LAST, f"{NOTE_URL}?do=choose&candidate=s11"),
    CandidateView(
        "s12", "Tom Okafor", "tom@client.example", LAST.replace(hour=10), f"{NOTE_URL}?do=choose&candidate=s12"
    ),
)
QUESTION = QuestionView(
    coach_name="Anna Berg",
    subject="Notes from this morning",
    reason=Reason.SEVERAL_SESSIONS,
    perhaps_with="",
    candidates=CANDIDATES,
    actions=RECEIPT.actions,
    choose_url=f"{NOTE_URL}?do=choose",
)
SAID = "550 5.1.1 <jane@client.example>: Recipient address rejected: User unknown in virtual mailbox table"
UNDELIVERED = UndeliveredView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    client_email="jane@client.example",
    session_at=LAST,
    reason="smtp.example:587 refuses the recipient: 550 5.1.1 <jane@client.example>: Recipient address rejected: "
    "User unknown in virtual mailbox table",
    came_back=False,
    perhaps_sent=False,
    actions=RECEIPT.actions,
    send_url=f"{NOTE_URL}?do=send",
    choose_url=f"{NOTE_URL}?do=choose",
)
OPTED_OUT = OptedOutView(
    "Anna Berg", "Jane Doe", "jane@client.example", (replace(LETTERS, url=""), replace(WALK, url=""))
)
UNREAD = UnreadView("Anna Berg", LAST, "Jane, session 4")
UNPROVEN = UnprovenView(
    coach_name="Anna Berg",
    mails=(
        UnprovenMail(LAST, "anna@coach.example", "Notes from today"),
        UnprovenMail(LAST.replace(hour=11), "anna@coach.example", ""),
    ),
)
CLIENT_REPLY = ClientReplyView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    sender="jane@client.example",
    is_known=True,
    unproven="",
    text="Hi Anna,\n\ncould we talk about the second one first? I was not sure what counts.\n\nJane",
    actions=RECEIPT.actions,
    attachments=("sheet.xlsx",),
    is_attached=True,
)
NO_ACTIONS = NoActionsView(
    "Anna Berg", "Jane, session 4", (Problem(ProblemKind.NO_ACTIONS),), "Jane Doe", (), only_commands=False
)
COMMANDS = replace(NO_ACTIONS, problems=(), dropped=("Ask the bank what the flat would cost",), only_commands=True)
REVIEW = ReviewView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    session_at=NEXT,
    agreed_on=LAST.date(),
    agreed=(
        replace(
            LETTERS,
            url="",
            answer=Answer.DONE,
            reflection="Both said yes! The second one talked for an hour. "
            "I had not expected how much she likes the quiet parts.",
            usefulness=4,
        ),
        replace(
            WALK,
            url="",
            answer=Answer.PARTLY,
            reflection="Three days out of five.",
            obstacle="On the days with a lunch meeting there is no after lunch.",
        ),
    ),
    carried=(),
    coach_actions=("Send Jane the article on portfolio careers",),
    no_note=False,
    advice=ReviewAdvice.EXPLORE_WHY,
    url=f"{SITE}/r/FbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd",
)
LONG_REVIEW = replace(
    REVIEW,
    agreed=(
        *REVIEW.agreed,
        replace(WALK, id=4, url="", text="Sleep before eleven", answer=Answer.NOT_DONE, obstacle="The series."),
        replace(WALK, id=5, url="", text="Ask Sam for the numbers"),
    ),
    carried=(replace(BUDGET, url=""),),
)
ACTION = ActionPage(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    action=LETTERS,
    chosen=Answer.PARTLY,
    next_session_at=NEXT,
    editable=True,
    saved=False,
    error=False,
    form_id="f0rm",
    others=(WALK, BUDGET),
    all_url=HOMEWORK.all_url,
)
ANSWERED = REVIEW.agreed[0]
NOTE = NotePage(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    subject="Notes from this morning",
    session_at=LAST,
    actions=RECEIPT.actions,
    state=OutboundState.WAITING,
    homework_at=RECEIPT.homework_at,
    undeliverable="",
    perhaps_with="",
    candidates=CANDIDATES,
    wanted="send",
    chosen="s11",
    done="",
    edit_url=f"{NOTE_URL}?do=edit",
    summary=HOMEWORK.summary,
)
EDIT = EditPage(
    client_name="Jane Doe",
    rows=(
        EditRowView(1, text="Call Sam by next Tuesday\n- Have the numbers ready", action=RECEIPT.actions[0]),
        EditRowView(2, kept=replace(WALK, url="", answer=Answer.PARTLY)),
        EditRowView(3, text="Think about the budget", action=RECEIPT.actions[1]),
        EditRowView(4),
        EditRowView(5),
    ),
    summary=HOMEWORK.summary,
    version="0123456789abcdef",
    form_id="f0rm",
    problem="",
    stored=RECEIPT.actions,
    stored_summary=HOMEWORK.summary,
    state=OutboundState.WAITING,
    has_gone=False,
    note_url=NOTE_URL,
)
HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror="alert(2)"> javascript:alert(3) {{ 7*7 }} %(name)s {0} '
    "\u202eesrever\u202c مرحبا بالعالم "
    + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    * 2
)

LONG_WORDS = (
    "Das Entscheidungsvorbereitungsgespräch mit der Personalentwicklungsabteilung vereinbaren und vorher die "
    "Stellenbeschreibungsänderungswünsche, die Arbeitszeitverkürzungsmöglichkeiten und die "
    "Verantwortungsbereichsabgrenzung auf einer halben Seite zusammenfassen, ohne dabei etwas zu begründen"
)
MARYAM, DANA = "مريم الخطيب", "דנה לוי"
GIVE_CALL = replace(
    LETTERS,
    text="اتصلي بأختك واسأليها عن موعد الزيارة 2",
    steps=("اكتبي 3 أسئلة قبل المكالمة",),
    plan="بعد القهوة، يوم الثلاثاء.",
    why="أريد أن أعرف.",
)
GROUP_REVIEW = replace(
    REVIEW,
    others=(
        replace(
            REVIEW,
            client_name="Tom Okafor",
            agreed=(replace(WALK, number=7, url=""),),
            carried=(),
            coach_actions=(),
            advice=ReviewAdvice.ASK,
        ),
    ),
)
MOVED_REVIEW = replace(
    LONG_REVIEW,
    agreed=tuple(replace(action, news="new" if action.id == 1 else "") for action in LONG_REVIEW.agreed),
    session_at=NEXT.replace(hour=16),
    moved_from=NEXT,
    reviewed_at=NEXT.replace(hour=8),
)
SETTLED_REVIEW = replace(
    REVIEW,
    agreed=(REVIEW.agreed[0], replace(REVIEW.agreed[1], answer=Answer.DONE, together=True, said=Answer.PARTLY)),
    carried=(replace(BUDGET, url="", dropped=True), replace(WALK, id=5, url="", text="Ask Sam for the numbers")),
)
HOSTILE_ACTION = replace(LETTERS, text=HOSTILE, reflection=HOSTILE, obstacle=HOSTILE, together=True)


def with_buttons(review: ReviewView) -> ReviewView:
    """As the page has it while it can still decide."""

    def marked(some: tuple[ActionView, ...]) -> tuple[ActionView, ...]:
        return tuple(replace(action, can_settle=action.answer is not Answer.DONE or action.together) for action in some)

    return replace(
        review,
        agreed=marked(review.agreed),
        carried=marked(review.carried),
        others=tuple(with_buttons(other) for other in review.others),
    )


MORNING = MorningView(
    coach_name="Anna Berg",
    day=NEXT.date(),
    reviews=(
        REVIEW,
        replace(
            REVIEW,
            client_name="Tom Okafor",
            session_at=NEXT.replace(hour=14),
            agreed=(replace(WALK, number=3, url=""),),
            coach_actions=(),
            advice=ReviewAdvice.FIRST_HOMEWORK,
        ),
        replace(MOVED_REVIEW, client_name="Zoe Klein"),
    ),
)
NUDGE = NudgeView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    nudge=Nudge.HALFWAY,
    subject="Your homework until Tuesday 1 December",
    next_session_at=NEXT,
    actions=(LETTERS, WALK),
    all_url=HOMEWORK.all_url,
    opt_out_url=HOMEWORK.opt_out_url,
    answers_by_mail=True,
)
NOT_MEANT_MAIL = NotMeantView(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    client_email="jane@client.example",
    session_at=LAST,
    answered=False,
    actions=RECEIPT.actions,
    send_url=f"{NOTE_URL}?do=send",
    choose_url=f"{NOTE_URL}?do=choose",
)
FRESH_LINK = FreshLinkView("Anna Berg", "Jane Doe", 30, f"{SITE}/f/GbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd")
HISTORY = HistoryPage(
    coach_name="Anna Berg",
    client_name="Jane Doe",
    open=(replace(WALK, answer=Answer.PARTLY), replace(BUDGET, carried=False, url="")),
    sessions=(
        PastSession(LAST.date(), HOMEWORK.summary, (REVIEW.agreed[0], replace(REVIEW.agreed[1], url=WALK.url))),
        PastSession(
            date(2026, 11, 9),
            "",
            (replace(BUDGET, carried=False), replace(WALK, text="Ask the bank about the flat", dropped=True, url="")),
        ),
    ),
    older=2,
)
NO_NOTES_YET = NoNotesView("Anna Berg", ("Jane Doe",), LAST, LAST.replace(hour=9, minute=50))
EMAILS: dict[str, tuple[OutboundKind, object]] = {
    "homework": (OutboundKind.HOMEWORK, HOMEWORK),
    "homework-small": (
        OutboundKind.HOMEWORK,
        replace(
            HOMEWORK,
            client_name="",
            summary="",
            actions=(replace(WALK, number=1),),
            carried=(),
            next_session_at=None,
            session_at=None,
        ),
    ),
    "homework-hostile": (
        OutboundKind.HOMEWORK,
        replace(
            HOMEWORK,
            actions=(replace(LETTERS, text=HOSTILE, plan=HOSTILE, steps=(HOSTILE,)),),
            carried=(),
            summary=HOSTILE,
        ),
    ),
    "homework-long-words": (
        OutboundKind.HOMEWORK,
        replace(HOMEWORK, actions=(replace(LETTERS, text=LONG_WORDS, plan=LONG_WORDS), WALK), carried=()),
    ),
    "homework-right-to-left": (
        OutboundKind.HOMEWORK,
        replace(HOMEWORK, client_name=MARYAM, coach_name=DANA, actions=(GIVE_CALL, WALK), carried=()),
    ),
    "receipt-right-to-left": (
        OutboundKind.RECEIPT,
        replace(RECEIPT, client_name=MARYAM, actions=(replace(GIVE_CALL, url=""), RECEIPT.actions[1])),
    ),
    "receipt-long-words": (
        OutboundKind.RECEIPT,
        replace(RECEIPT, client_name="Jane Doe", actions=(replace(RECEIPT.actions[0], text=LONG_WORDS),)),
    ),
    "receipt": (OutboundKind.RECEIPT, RECEIPT),
    "receipt-long": (
        OutboundKind.RECEIPT,
        replace(
            RECEIPT,
            actions=(
                *RECEIPT.actions,
                replace(
                    WALK, number=3, url="", text="Call Sam and write it down", advice=(Advice(AdviceKind.TWO_IN_ONE),)
                ),
            ),
            too_many=Advice(AdviceKind.TOO_MANY),
            carried=(),
            coach_actions=(),
            summary="",
            problems=(),
            session_at=None,
            reason=Reason.CLIENT_LINE,
        ),
    ),
    "receipt-held": (OutboundKind.RECEIPT, replace(RECEIPT, state=OutboundState.HELD)),
    "receipt-update": (OutboundKind.RECEIPT, replace(RECEIPT, is_update=True)),
    "receipt-sent": (OutboundKind.RECEIPT, replace(RECEIPT, state=OutboundState.SENT)),
    "homework-update": (OutboundKind.HOMEWORK, UPDATE),
    "receipt-undeliverable": (
        OutboundKind.RECEIPT,
        replace(RECEIPT, state=OutboundState.HELD, undeliverable=SAID),
    ),
    "undelivered": (OutboundKind.UNDELIVERED, UNDELIVERED),
    "undelivered-came-back": (
        OutboundKind.UNDELIVERED,
        replace(UNDELIVERED, came_back=True, reason=SAID),
    ),
    "question": (OutboundKind.QUESTION, QUESTION),
    "undelivered-perhaps": (OutboundKind.UNDELIVERED, replace(UNDELIVERED, perhaps_sent=True)),
    "question-perhaps": (
        OutboundKind.QUESTION,
        replace(QUESTION, perhaps_with="Jane Doe", reason=Reason.SESSION_CHANGED),
    ),
    "question-nobody": (OutboundKind.QUESTION, replace(QUESTION, candidates=(), reason=Reason.NO_SESSION)),
    "question-right-to-left": (
        OutboundKind.QUESTION,
        replace(QUESTION, candidates=(CANDIDATES[1], replace(CANDIDATES[0], client_name=MARYAM))),
    ),
    "client_reply-right-to-left": (
        OutboundKind.CLIENT_REPLY,
        replace(CLIENT_REPLY, client_name=MARYAM, text="مرحبا دنة،\n\nهل يمكننا الحديث عن رقم 2 أولا؟"),
    ),
    "client_reply": (OutboundKind.CLIENT_REPLY, CLIENT_REPLY),
    "client_reply-unknown": (
        OutboundKind.CLIENT_REPLY,
        replace(CLIENT_REPLY, sender="j.doe@elsewhere.example", is_known=False, attachments=(), is_attached=False),
    ),
    "opted_out": (OutboundKind.OPTED_OUT, OPTED_OUT),
    "receipt-opted-out": (
        OutboundKind.RECEIPT,
        replace(RECEIPT, state=OutboundState.CANCELLED, opted_out=True),
    ),
    "unread": (OutboundKind.UNREAD, UNREAD),
    "unproven": (OutboundKind.UNPROVEN, UNPROVEN),
    "no_actions": (OutboundKind.NO_ACTIONS, NO_ACTIONS),
    "no_actions-commands": (OutboundKind.NO_ACTIONS, COMMANDS),
    "review": (OutboundKind.REVIEW, REVIEW),
    "review-long": (OutboundKind.REVIEW, LONG_REVIEW),
    "review-right-to-left": (
        OutboundKind.REVIEW,
        replace(
            REVIEW,
            client_name=MARYAM,
            agreed=(
                replace(GIVE_CALL, url="", answer=Answer.PARTLY, reflection="تحدثنا 20 دقيقة.", obstacle="لا وقت."),
                REVIEW.agreed[1],
            ),
        ),
    ),
    "review-group": (OutboundKind.REVIEW, GROUP_REVIEW),
    "review-moved": (OutboundKind.REVIEW, MOVED_REVIEW),
    "review-moved-nothing-new": (
        OutboundKind.REVIEW,
        replace(MOVED_REVIEW, agreed=LONG_REVIEW.agreed, carried=()),
    ),
    "review-settled": (OutboundKind.REVIEW, SETTLED_REVIEW),
    "morning": (OutboundKind.MORNING, MORNING),
    "morning-one": (OutboundKind.MORNING, replace(MORNING, reviews=(REVIEW,))),
    "nudge": (OutboundKind.NUDGE, NUDGE),
    "nudge-day-before": (
        OutboundKind.NUDGE,
        replace(NUDGE, nudge=Nudge.DAY_BEFORE, client_name="", answers_by_mail=False, actions=(WALK,)),
    ),
    "not_meant": (OutboundKind.NOT_MEANT, NOT_MEANT_MAIL),
    "not_meant-answered": (OutboundKind.NOT_MEANT, replace(NOT_MEANT_MAIL, answered=True, session_at=None)),
    "receipt-not-meant": (
        OutboundKind.RECEIPT,
        replace(RECEIPT, state=OutboundState.HELD, undeliverable=NOT_MEANT),
    ),
    "fresh_link": (OutboundKind.FRESH_LINK, FRESH_LINK),
    "fresh_link-nameless": (OutboundKind.FRESH_LINK, replace(FRESH_LINK, client_name="jane@client.example")),
    "no_notes": (OutboundKind.NO_NOTES, NO_NOTES_YET),
    "no_notes-group": (
        OutboundKind.NO_NOTES,
        replace(NO_NOTES_YET, client_names=("Jane Doe", "Tom Okafor")),
    ),
    "review-undelivered": (
        OutboundKind.REVIEW,
        replace(
            REVIEW,
            agreed=(replace(WALK, undelivered=True),),
            carried=(),
            advice=ReviewAdvice.NOT_DELIVERED,
        ),
    ),
    "review-no-note": (
        OutboundKind.REVIEW,
        replace(
            REVIEW, agreed=(), agreed_on=None, no_note=True, carried=(replace(BUDGET, url=""),), advice=ReviewAdvice.ASK
        ),
    ),
}
MESSAGES = ("gone", "fresh", "not-meant", "signed-out", "refused", "too-large", "too-many", "trouble")
PAGES: dict[str, tuple[str, object]] = {
    "action": ("action", ACTION),
    "action-fresh": ("action", replace(ACTION, chosen=None, others=())),
    "action-done": ("action", replace(ACTION, chosen=Answer.DONE, action=WALK, others=(BUDGET,))),
    "action-error": (
        "action",
        replace(ACTION, chosen=None, error=True, action=replace(WALK, reflection="Both said yes!")),
    ),
    "action-useful": ("action", replace(ACTION, action=replace(LETTERS, usefulness=3), others=())),
    "action-saved": ("action", replace(ACTION, action=replace(ANSWERED, url=LETTERS.url), saved=True)),
    "action-saved-last": ("action", replace(ACTION, action=replace(ANSWERED, url=LETTERS.url), saved=True, others=())),
    "action-closed": ("action", replace(ACTION, action=ANSWERED, editable=False, others=())),
    "action-late": (
        "action",
        replace(
            ACTION,
            chosen=None,
            editable=False,
            error=True,
            others=(),
            action=replace(ANSWERED, reflection="Typed on the way to the session.", obstacle="The lunch meetings."),
        ),
    ),
    "action-dropped": ("action", replace(ACTION, editable=False, others=(), action=replace(WALK, dropped=True))),
    "action-hostile": ("action", replace(ACTION, action=replace(LETTERS, text=HOSTILE, reflection=HOSTILE))),
    "homework": ("homework", replace(HOMEWORK, actions=(LETTERS, replace(WALK, answer=Answer.PARTLY)))),
    "homework-nothing": ("homework", replace(HOMEWORK, actions=(), carried=(), summary="")),
    "not_meant": ("not_meant", NotMeantPage("Anna Berg")),
    "fresh": ("fresh", FreshPage("Anna Berg", 30)),
    "history": ("history", HISTORY),
    "history-older": ("history", replace(HISTORY, open=(), newer=1, older=3)),
    "history-calendar": (
        "history",
        replace(
            HISTORY,
            older=0,
            sessions=HISTORY.sessions[1:],
            calendar_url=f"{SITE}/c/HbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCd.ics",
        ),
    ),
    "history-nothing": ("history", replace(HISTORY, open=(), sessions=(), older=0)),
    "history-hostile": (
        "history",
        replace(HISTORY, sessions=(PastSession(LAST.date(), HOSTILE, (replace(ANSWERED, text=HOSTILE),)),)),
    ),
    "opt_out": ("opt_out", OptOutPage("Anna Berg", opted_out=False)),
    "opt_out-done": ("opt_out", OptOutPage("Anna Berg", opted_out=True)),
    "note": ("note", NOTE),
    "note-hold": ("note", replace(NOTE, wanted="hold")),
    "note-held": ("note", replace(NOTE, state=OutboundState.HELD, wanted="", done="hold")),
    "note-undeliverable": ("note", replace(NOTE, state=OutboundState.HELD, wanted="", undeliverable=SAID)),
    "note-not-meant": ("note", replace(NOTE, state=OutboundState.HELD, wanted="", undeliverable=NOT_MEANT)),
    "note-choose": ("note", replace(NOTE, wanted="choose")),
    "note-question": (
        "note",
        replace(NOTE, client_name="", session_at=None, state=None, homework_at=None, wanted="choose", chosen=""),
    ),
    "note-failed": ("note", replace(NOTE, state=OutboundState.FAILED, wanted="")),
    "note-cancelled": ("note", replace(NOTE, state=OutboundState.CANCELLED, wanted="", done="too-late")),
    "note-edited": (
        "note",
        replace(NOTE, wanted="", done="edit", too_many=Advice(AdviceKind.TOO_MANY)),
    ),
    "edit": ("edit", EDIT),
    "edit-update": ("edit", replace(EDIT, has_gone=True, state=OutboundState.SENT)),
    "edit-question": ("edit", replace(EDIT, client_name="", state=None)),
    "edit-changed": (
        "edit",
        replace(EDIT, problem="changed", rows=(EditRowView(1, text="Call Sam", removed=True), *EDIT.rows[1:])),
    ),
    "edit-nothing": (
        "edit",
        replace(EDIT, problem="nothing", rows=(EditRowView(1, text="Call Sam", removed=True), EditRowView(2))),
    ),
    "edit-too-long": ("edit", replace(EDIT, problem="too-long")),
    "edit-closed": ("edit", replace(EDIT, problem="closed", rows=(EditRowView(1, text="Call Sam today"),))),
    "edit-hostile": (
        "edit",
        replace(
            EDIT,
            client_name=HOSTILE,
            problem="changed",
            rows=(
                EditRowView(1, text=f"</textarea>{HOSTILE}"),
                EditRowView(2, kept=replace(LETTERS, text=HOSTILE, answer=Answer.DONE)),
            ),
            summary=f"</textarea>{HOSTILE}",
            version=f'">{HOSTILE}',
            form_id=f'">{HOSTILE}',
            stored=(replace(LETTERS, text=HOSTILE, steps=(HOSTILE,), due=Due(DueKind.NONE, None, HOSTILE)),),
            stored_summary=HOSTILE,
        ),
    ),
    "note-sent": ("note", replace(NOTE, state=OutboundState.SENT, wanted="", done="too-late")),
    "review": ("review", ReviewPage(with_buttons(LONG_REVIEW), "")),
    "review-group": ("review", ReviewPage(with_buttons(GROUP_REVIEW), "")),
    "review-settled": ("review", ReviewPage(with_buttons(SETTLED_REVIEW), "together", about=WALK.id)),
    "review-late": ("review", ReviewPage(SETTLED_REVIEW, "too-late")),
    "review-hostile": (
        "review",
        ReviewPage(with_buttons(replace(REVIEW, agreed=(HOSTILE_ACTION,), client_name=HOSTILE)), "carry", about=1),
    ),
    **{f"message-{kind}": ("message", MessagePage(kind)) for kind in MESSAGES},
}


def rendered(renderer: Renderer, language: str) -> Iterator[tuple[str, str, str]]:
    """(kind, name, HTML) of every sample: 'email' or 'page'."""
    for name, (kind, view) in EMAILS.items():
        yield "email", name, renderer.email(kind, view, language).html
    for name, (page, view) in PAGES.items():
        yield "page", name, renderer.page(page, view, language)


@contextmanager
def browser(chromium: str) -> Iterator[Browser]:
    """A headless chromium that speaks to nobody, closed at the end."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


def main(out: Path, only: list[str]) -> None:
    """Writes <language>-<kind>-<name>.html, a .png for each width and colour scheme, and the text bodies."""
    out.mkdir(parents=True, exist_ok=True)
    renderer = Renderer()
    (out / "style.css").write_text(renderer.stylesheet(), "utf-8")
    with browser(os.environ.get("CHROMIUM", "/usr/bin/chromium")) as chromium:
        for width, scheme in SCREENS:
            screen = chromium.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)
            for language, (kind, name, html) in samples(renderer):
                label = f"{language}-{kind}-{name}"
                widths = EMAIL_WIDTHS if kind == "email" else PAGE_WIDTHS
                if width in widths and (not only or any(part in label for part in only)):
                    source = out / f"{label}.html"
                    source.write_text(html.replace("/static/style.css", "style.css"), "utf-8")
                    screen.goto(source.resolve().as_uri())
                    screen.screenshot(path=out / f"{label}-{width}-{scheme}.png", full_page=True)
            screen.close()
    for name, (mail, view) in EMAILS.items():
        email = renderer.email(mail, view)
        (out / f"en-email-{name}.txt").write_text(f"Subject: {email.subject}\n\n{email.text}", "utf-8")


def samples(renderer: Renderer) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for language in ("en", "de"):
        for sample in rendered(renderer, language):
            yield language, sample


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
