"""Whose session a note is about, from its bytes to the words of the answer: when it is mailed, and what moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailflow.model import OutboundKind, OutboundState
from tests.builders import DAY, HOUR
from tests.scene import (
    HOLD,
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    LEAD,
    NOTES,
    NOW,
    PRACTICE,
    TOM,
    ZOE,
    Event,
    Scene,
    SentMail,
    note,
    reply_to,
    words_of,
)

BLOCK = "Actions:\n- Call the GP\n"
MINUTE = timedelta(minutes=1)
TODAY = "Why: Because it is your only session today without notes."
SEVERAL = "More than one session in your calendar fits this note."
BEGAN = JANE_BEFORE.start


def tell(scene: Scene, raw: bytes, now: datetime = NOW) -> SentMail:
    """The receipt or the question that a note leads to; the calendar was just read."""
    scene.sync(now)
    return next(mail for mail in scene.send_note(raw, now) if mail.headers["Auto-Submitted"] == "auto-replied")


def homework(scene: Scene, now: datetime = NOW) -> list[str]:
    """Whom homework went to by the end of the hold."""
    went = scene.deliver_all(now + HOLD)
    return [mail.recipient for mail in went if mail.recipient in (JANE, TOM, ZOE)]


# --- The reason, in words ------------------------------------------------------------------------

REASONS = [
    ("nobody named", {}, TODAY),
    ("Cc", {"headers": {"Cc": f"Jane Doe <{JANE}>"}}, "Why: Because Jane is in Cc."),
    ("To", {"to": f"{NOTES}, {JANE}"}, "Why: Because Jane is in To."),
    ("both", {"to": f"{NOTES}, {JANE}", "headers": {"Cc": JANE}}, "Why: Because Jane is in To."),
    ("Client line", {"text": f"Client: Jane Doe\n\n{BLOCK}"}, "Why: Because a line of your note names Jane."),
    (
        "heading",
        {"text": "Actions for Jane:\n- Call\n"},
        "Why: Because the heading above your actions names Jane.",
    ),
    ("subject", {"subject": "Notes Jane"}, "Why: Because the subject of your mail names Jane."),
]


@pytest.mark.parametrize(
    ("mail", "why"), [(mail, why) for _, mail, why in REASONS], ids=[name for name, _, _ in REASONS]
)
def test_receipt_says_why_it_is_this_client(scene: Scene, mail: dict[str, str], why: str) -> None:
    receipt = tell(scene, note(**({"text": BLOCK} | mail)))  # type: ignore[arg-type]
    assert why in receipt.words
    assert why.replace("Why: ", "Why ") in words_of(receipt.html)
    assert homework(scene) == [JANE]


def test_receipt_says_why_in_german(scene: Scene) -> None:
    scene.run_sql("UPDATE coaches SET language = 'de'")
    assert "Weil es heute deine einzige Sitzung ohne Notizen ist." in tell(scene, note(BLOCK)).words
    assert "Weil Jane in Cc steht." in tell(scene, note(BLOCK, headers={"Cc": JANE})).words


def test_receipt_after_a_choice_says_that_the_coach_made_it(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-today", NOW - 3 * HOUR, TOM))
    question = tell(scene, note(BLOCK))
    assert SEVERAL in question.words
    receipt = tell(scene, reply_to(question, "2"))
    assert "Why: Because you chose Tom yourself." in receipt.words


# --- When it is mailed ---------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, 1, 25, 50, 51])
def test_note_of_during_the_session_or_right_after_is_its_clients(scene: Scene, minutes: int) -> None:
    at = BEGAN + minutes * MINUTE
    assert TODAY in tell(scene, note(BLOCK, date=at), at).words
    assert homework(scene, at) == [JANE]


def test_note_of_a_few_minutes_before_the_session_is_asked_about(scene: Scene) -> None:
    at = BEGAN - 5 * MINUTE
    assert "Your calendar has no session that fits this note." in tell(scene, note(BLOCK, date=at), at).words
    assert homework(scene, at) == []


def test_note_of_next_morning_is_the_only_session_of_yesterday(scene: Scene) -> None:
    at = BEGAN + 16 * HOUR
    why = "Why: Because it is your only session yesterday without notes."
    assert why in tell(scene, note(BLOCK, date=at), at).words
    assert homework(scene, at) == [JANE]


@pytest.mark.parametrize(
    "other",
    [Event("tom-yesterday", BEGAN - 5 * HOUR, TOM), Event("tom-today", BEGAN + 16 * HOUR - 10 * MINUTE, TOM)],
    ids=["the morning before", "just now"],
)
def test_note_of_next_morning_is_asked_about_where_another_session_has_none(scene: Scene, other: Event) -> None:
    """Whoever writes up yesterday in the morning may begin with any: also with one of 21 hours ago."""
    scene.plan(*PRACTICE, other)
    at = BEGAN + 16 * HOUR
    question = tell(scene, note(BLOCK, date=at), at)
    assert SEVERAL in question.words
    assert {JANE, TOM} <= set(question.words.replace(":", " ").split())
    assert homework(scene, at) == []


def test_notes_of_next_morning_are_certain_one_after_the_other_where_they_name_the_first(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("tom-yesterday", BEGAN - 5 * HOUR, TOM))
    at = BEGAN + 16 * HOUR
    tell(scene, note(f"Client: Tom Okafor\n\n{BLOCK}", date=at), at)
    assert "only session yesterday" in tell(scene, note(BLOCK, date=at), at).words
    assert sorted(homework(scene, at)) == [JANE, TOM]


def test_note_of_three_days_late_is_asked_about_unless_it_names_its_client(scene: Scene) -> None:
    at = BEGAN + 3 * DAY - 2 * HOUR  # Tom's next one is in three hours
    assert "no session that fits" in tell(scene, note(BLOCK, date=at), at).words
    receipt = tell(scene, note(BLOCK, date=at, headers={"Cc": JANE}), at)
    assert "Session: Monday 23 November at 15:50" in receipt.words
    assert "Why: Because Jane is in Cc." in receipt.words
    assert homework(scene, at) == [JANE]


def test_note_that_arrives_days_later_says_of_which_day_the_session_was(scene: Scene) -> None:
    """'Today' would be the day on which the receipt is read."""
    receipt = tell(scene, note(BLOCK, date=NOW), NOW + 2 * DAY)
    assert "Why: Because it is your only session on Monday 23 November without notes." in receipt.words


TOM_BEHIND = Event("tom-behind", BEGAN + HOUR, TOM)


def test_note_between_two_sessions_that_is_sent_later_is_the_first_ones(scene: Scene) -> None:
    """The mail program was offline: Date says when it was written."""
    scene.plan(*PRACTICE, TOM_BEHIND)
    at = TOM_BEHIND.start + 2 * HOUR
    assert TODAY in tell(scene, note(BLOCK, date=TOM_BEHIND.start - MINUTE), at).words
    assert homework(scene, at) == [JANE]


def test_note_for_the_earlier_of_two_sessions_comes_after_the_note_for_the_later_one(scene: Scene) -> None:
    scene.plan(*PRACTICE, TOM_BEHIND)
    at = TOM_BEHIND.start + 2 * HOUR
    tell(scene, note(f"Client: Tom Okafor\n\n{BLOCK}", date=at), at)
    receipt = tell(scene, note(BLOCK, date=at + MINUTE), at + MINUTE)
    assert TODAY in receipt.words
    assert "Homework for Jane Doe" in receipt.subject
    assert sorted(homework(scene, at + MINUTE)) == [JANE, TOM]


def test_note_that_was_delayed_is_not_anothers_because_a_newer_note_came_first(scene: Scene) -> None:
    """Jane's note of Monday comes after her note of Tuesday: her session of Monday had none when it was written."""
    tuesday = NOW + DAY
    scene.plan(
        *PRACTICE,
        Event("tom-monday", BEGAN - HOUR, TOM),
        Event("jane-tuesday", tuesday - HOUR, JANE),
        now=tuesday,
    )
    tell(scene, note(f"Client: Jane Doe\n\n{BLOCK}", date=tuesday), tuesday)
    assert SEVERAL in tell(scene, note(BLOCK, date=NOW), tuesday).words
    assert homework(scene, tuesday) == [JANE]


# --- Who is named --------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [NOW - 15 * DAY, NOW + 7 * DAY], ids=["too long ago", "next week"])
def test_client_who_is_named_and_had_no_session_is_asked_about(scene: Scene, start: datetime) -> None:
    scene.plan(*PRACTICE, Event("zoe", start, ZOE))
    question = tell(scene, note(f"Client: Zoe Klein\n\n{BLOCK}"))
    assert "Your note names a client without a session that fits." in question.words
    assert homework(scene) == []


def test_client_without_a_session_has_the_note_when_the_answer_names_them_again(scene: Scene) -> None:
    """They may have met by chance: the coach was asked, so it is no slip of the pen."""
    scene.plan(*PRACTICE, Event("zoe", NOW + 7 * DAY, ZOE))
    question = tell(scene, note(f"Client: Zoe Klein\n\n{BLOCK}"))
    receipt = tell(scene, reply_to(question, "Client: Zoe Klein"))
    assert "Why: Because you chose Zoe yourself." in receipt.words
    assert homework(scene) == [ZOE]


def test_first_name_of_two_clients_is_asked_about_though_one_alone_had_a_session(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("other", NOW + 3 * DAY, ZOE))
    scene.run_sql(f"UPDATE clients SET name = 'Jane Klein' WHERE email = '{ZOE}'")
    for raw in (
        note(f"Client: Jane\n\n{BLOCK}"),
        note("Actions for Jane:\n- Call\n"),
        note(BLOCK, subject="Notes Jane"),
    ):
        scene.mail_in(raw)
    scene.process_all()
    asked = scene.deliver_all()
    assert ["Your note names more than one client." in mail.words for mail in asked] == [True] * 3
    assert homework(scene) == []


def test_note_that_names_its_client_is_for_the_newer_session_where_that_of_last_week_has_none_either(
    scene: Scene,
) -> None:
    scene.plan(*PRACTICE, Event("jane-last-week", BEGAN - 7 * DAY, JANE))
    receipt = tell(scene, note(f"Client: Jane Doe\n\n{BLOCK}"))
    assert "Session: Monday 23 November at 15:50" in receipt.words
    assert homework(scene) == [JANE]


def test_note_of_before_the_newer_session_that_names_its_client_is_for_last_weeks(scene: Scene) -> None:
    scene.plan(*PRACTICE, Event("jane-last-week", BEGAN - 7 * DAY, JANE))
    at = BEGAN - 10 * MINUTE
    receipt = tell(scene, note(f"Client: Jane Doe\n\n{BLOCK}", date=at), at)
    assert "Session: Monday 16 November at 15:50" in receipt.words
    assert TODAY in tell(scene, note(BLOCK)).words, "and today's still waits for its own"


# --- A session that moves after its note ---------------------------------------------------------

TOMORROW = BEGAN + DAY
MOVED = (replace(JANE_BEFORE, start=TOMORROW), *PRACTICE[1:])


def test_session_that_moves_to_tomorrow_before_its_homework_goes_makes_a_nameless_note_uncertain(
    scene: Scene,
) -> None:
    tell(scene, note(BLOCK))
    scene.plan(*MOVED)
    (question,) = scene.deliver_all(NOW + HOLD)
    assert "Your calendar changed, so it is not certain any more which session it was." in question.words
    assert [mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)] == [OutboundState.CANCELLED]


def test_session_of_yesterday_that_turns_up_before_the_homework_goes_makes_a_nameless_note_uncertain(
    scene: Scene,
) -> None:
    at = BEGAN + 16 * HOUR
    tell(scene, note(BLOCK, date=at), at)
    scene.plan(*PRACTICE, Event("tom-yesterday", BEGAN - 5 * HOUR, TOM), now=at)
    (question,) = scene.deliver_all(at + HOLD)
    assert "Your calendar changed" in question.words


def test_session_that_moves_to_tomorrow_before_its_homework_goes_keeps_the_client_that_was_named(
    scene: Scene,
) -> None:
    tell(scene, note(BLOCK, headers={"Cc": JANE}))
    scene.plan(*MOVED)
    assert homework(scene) == [JANE]


@pytest.fixture
def moved_on(scene: Scene) -> Scene:
    """Jane has her homework; then the coach drags the event to tomorrow, for the next meeting."""
    tell(scene, note(BLOCK))
    assert homework(scene) == [JANE]
    scene.plan(*MOVED, now=NOW + HOUR)
    return scene


def test_session_that_moves_to_tomorrow_after_its_homework_went_has_a_review_of_it(moved_on: Scene) -> None:
    assert moved_on.client_of() == JANE
    (review,) = [mail for mail in moved_on.deliver_all(TOMORROW - LEAD) if mail.pages("r")]
    assert "Call the GP" in review.text
    assert homework(moved_on, TOMORROW) == []


def test_session_that_moved_on_after_its_note_waits_for_the_note_of_tomorrow(moved_on: Scene) -> None:
    at = TOMORROW + HOUR
    receipt = tell(moved_on, note(BLOCK, date=at), at)
    assert TODAY in receipt.words
    assert homework(moved_on, at) == [JANE]


def test_note_after_a_session_that_moved_on_is_not_another_clients(moved_on: Scene) -> None:
    """As if its note of yesterday were that of today, Tom would be the only one without."""
    at = TOMORROW + HOUR
    moved_on.plan(*MOVED, Event("tom-tomorrow", TOMORROW - HOUR, TOM), now=at)
    assert SEVERAL in tell(moved_on, note(BLOCK, date=at), at).words
    assert homework(moved_on, at) == []


def test_next_session_that_moved_before_the_note_was_read_is_not_taken_for_todays(scene: Scene) -> None:
    """Jane's next one is moved into today, after a note about Tom's of this morning was mailed and before it came."""
    scene.plan(
        replace(JANE_BEFORE, start=NOW - 3 * DAY),
        Event("jane-next", NOW + HOUR, JANE),
        Event("tom-today", NOW - 2 * HOUR, TOM),
        now=NOW + 2 * HOUR,
    )
    assert JANE_NEXT > NOW + DAY
    receipt = tell(scene, note(BLOCK, date=NOW), NOW + 2 * HOUR)
    assert "Homework for Tom Okafor" in receipt.subject


def test_reply_to_a_receipt_that_is_too_late_to_correct_is_not_that_clients_because_of_our_own_subject(
    scene: Scene,
) -> None:
    """Tom's session began since the homework for Jane went, and has its notes: these may be his all the same."""
    scene.plan(*PRACTICE, Event("tom-since", NOW + HOUR, TOM))
    (receipt,) = scene.send_note(note(BLOCK))
    scene.deliver_all(NOW + HOLD)
    later = NOW + 2 * HOUR
    scene.sync(later)
    scene.send_note(note(f"Client: Tom Okafor\n\n{BLOCK}", date=later), later)
    (answer,) = scene.send_note(reply_to(receipt, "Actions:\n- Walk\n", date=later + MINUTE), later + MINUTE)
    assert answer.subject.startswith("Whose session was it?")
    assert scene.client_of(3) == ""
