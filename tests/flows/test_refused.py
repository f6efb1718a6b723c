"""A homework that was refused, or may be: the coach hears of it, and it can be mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailflow.app import adopt_settings
from mailflow.errors import EnvironmentProblem, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.deliver import deliver_next
from mailflow.model import OutboundKind, OutboundState
from mailflow.settings import load_settings
from tests.flows.test_deliver import Wire
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    TOM,
    Event,
    Scene,
    SentMail,
    candidate,
    note,
    reply_to,
    words_of,
)

GONE = "550 5.1.1 no such user"
MINUTE = timedelta(minutes=1)
LATER = NOW + HOLD + MINUTE


@pytest.fixture
def refused(scene: Scene) -> SentMail:
    """What the coach hears after the server refused Jane's homework."""
    scene.send_note(note("Actions:\n- Call the GP\n"))
    homework, folder = scene.planned(OutboundKind.HOMEWORK), scene.mailer
    scene.mailer = Wire([PermanentError(GONE)])
    assert deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    (told,) = scene.deliver_all(NOW + HOLD)
    assert scene.planned(OutboundKind.HOMEWORK).id == homework.id
    return told


def decide(scene: Scene, mail: SentMail, decision: str, candidate: str = "") -> Decided:
    token = mail.pages("n")[0].rpartition("/")[2]
    return decide_note(scene.app.database, token, decision, candidate, scene.app.site.key, LATER)


def test_coach_hears_that_the_client_does_not_have_it(scene: Scene, refused: SentMail) -> None:
    assert refused.recipient == ANNA
    assert refused.subject == "Not delivered: homework for Jane Doe"
    assert GONE in refused.words
    assert "Call the GP" in refused.text
    assert "does not have the homework" in refused.words
    assert scene.deliver_all(LATER) == []


def test_refused_homework_can_be_sent_again_from_its_page(scene: Scene, refused: SentMail) -> None:
    page = scene.browser(LATER).get(refused.pages("n")[0])
    assert "Send again" in words_of(page.text)
    assert decide(scene, refused, "send") is Decided.DONE
    (homework,) = scene.deliver_all(LATER)
    assert homework.recipient == JANE
    assert decide(scene, refused, "send") is Decided.TOO_LATE


def test_refused_again_is_told_again(scene: Scene, refused: SentMail) -> None:
    decide(scene, refused, "send")
    scene.mailer = Wire([PermanentError(GONE)])
    scene.deliver_all(LATER)
    assert len(scene.outbox(OutboundKind.UNDELIVERED)) == 2


@pytest.mark.parametrize("first_to_tom", [True, False])
def test_client_of_a_refused_homework_can_be_chosen_again(scene: Scene, refused: SentMail, first_to_tom: bool) -> None:
    jane = candidate(scene, "jane-before")
    if first_to_tom:
        assert decide(scene, refused, "choose", candidate(scene, "tom-before")) is Decided.DONE
    assert decide(scene, refused, "choose", jane) is Decided.DONE
    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == [JANE]


def test_address_that_is_corrected_in_the_calendar_is_asked_about(scene: Scene, refused: SentMail) -> None:
    right = "jane.doe@client.example"
    scene.plan(Event("jane-before", NOW - timedelta(minutes=70), right), *PRACTICE[1:], now=LATER)
    (question,) = scene.deliver_all(LATER)
    assert right in question.text
    assert decide(scene, question, "choose", candidate(scene, "jane-before")) is Decided.DONE
    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == [right]


def test_reply_with_other_actions_corrects_a_refused_homework(scene: Scene, refused: SentMail) -> None:
    scene.mail_in(reply_to(refused, "Actions:\n- Call the dentist\n", date=LATER), LATER)
    scene.process_all(LATER)
    sent = scene.deliver_all(LATER + HOLD)
    assert sorted(mail.recipient for mail in sent) == [ANNA, JANE]
    assert len(scene.outbox(OutboundKind.HOMEWORK)) == 1
    assert "Call the GP" not in "".join(mail.text for mail in sent)


def test_news_of_a_refusal_that_was_mended_meanwhile_is_no_news(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call the GP\n"))
    folder, scene.mailer = scene.mailer, Wire([PermanentError(GONE)])
    deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    homework = scene.planned(OutboundKind.HOMEWORK)
    scene.run_sql(f"UPDATE outbound_emails SET state = 'waiting', due_at = 0 WHERE id = {homework.id}")
    assert [mail.recipient for mail in scene.deliver_all(LATER)] == [JANE]
    assert scene.planned(OutboundKind.UNDELIVERED).state is OutboundState.CANCELLED


# --- Attempts whose outcome is known, and others --------------------------------------------------


@pytest.mark.parametrize(
    ("error", "is_correction"),
    [
        (TemporaryError("451 try again"), True),
        (EnvironmentProblem("the disk is full"), True),
        (UnknownOutcomeError("the connection broke"), False),
    ],
)
def test_reply_corrects_what_can_not_have_reached_the_client(
    scene: Scene, error: MailflowError, is_correction: bool
) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    folder, scene.mailer = scene.mailer, Wire([error])
    assert deliver_next(scene.delivery, NOW + HOLD)
    scene.mailer = folder
    assert scene.planned(OutboundKind.HOMEWORK).perhaps_sent is not is_correction
    scene.mail_in(reply_to(receipt, "Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    scene.process_all(LATER)
    assert len(scene.outbox(OutboundKind.HOMEWORK)) == (1 if is_correction else 2)


def test_unknown_outcome_stays_unknown_after_a_later_refusal(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call the GP\n"))
    wire = scene.mailer = Wire([UnknownOutcomeError("broken"), TemporaryError("451 try again")])
    scene.deliver_all(NOW + HOLD)
    scene.deliver_all(NOW + HOLD + timedelta(minutes=5))
    assert len(wire.handed) == 2
    assert scene.planned(OutboundKind.HOMEWORK).perhaps_sent


# --- What the coach reads about it ---------------------------------------------------------------


def test_receipt_of_a_correction_says_that_it_is_still_on_hold(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    assert decide(scene, receipt, "hold") is Decided.DONE
    scene.mail_in(reply_to(receipt, "Actions:\n- Call the dentist\n", date=LATER), LATER)
    scene.process_all(LATER)
    (corrected,) = scene.deliver_all(LATER + HOLD)
    assert corrected.recipient == ANNA
    assert corrected.subject == "Homework for Jane Doe is on hold"
    assert "It is on hold. Nothing goes until you say so." in corrected.words
    assert "It goes on" not in corrected.words


def test_sent_as_planned_means_the_planned_time(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    token = receipt.pages("n")[0].rpartition("/")[2]
    for decision in ("hold", "release"):
        decide_note(scene.app.database, token, decision, "", scene.app.site.key, NOW + MINUTE)
    assert scene.deliver_all(NOW + HOLD - MINUTE) == []
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [JANE]


def test_page_of_a_cancelled_homework_does_not_say_that_it_has_gone(scene: Scene) -> None:
    (receipt,) = scene.send_note(note("Actions:\n- Call the GP\n"))
    scene.run_sql("UPDATE outbound_emails SET state = 'cancelled' WHERE kind = 'homework'")
    browser = scene.browser(NOW + MINUTE)
    answer = browser.post(receipt.pages("n")[0], data={"do": "send"})
    words = words_of(browser.get(answer.headers["location"]).text)
    assert "had already gone" not in words
    assert "nothing was changed" in words


# --- A coach whose address changes, or who leaves ------------------------------------------------


def restart(scene: Scene, *changes: tuple[str, str]) -> None:
    """The daemon starts again, with other settings."""
    text = scene.config.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    scene.config.write_text(text, "utf-8")
    scene.app = replace(scene.app, settings=load_settings(scene.config))
    adopt_settings(scene.app)


NEW = "anna@new.example"


def test_coach_whose_address_changes_stays_the_same_coach(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call the GP\n"))
    restart(scene, ('email = "anna@coach.example"\naliases = [', f'email = "{NEW}"\naliases = ["anna@coach.example", '))
    scene.sync(NOW + MINUTE)
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [JANE]
    assert {mail.recipient for mail in scene.outbox(OutboundKind.REVIEW)} == {NEW}
    (receipt,) = scene.send_note(note("Client: Tom Okafor\n\nActions:\n- Walk\n", sender=NEW), NOW + HOLD)
    assert receipt.recipient == NEW
    assert TOM in receipt.text


def test_office_address_that_another_coach_gets_takes_no_history_with_it(scene: Scene) -> None:
    """It was Anna's alias, and she left: her clients are not Carla's."""
    before = scene.config.read_text("utf-8")
    anna = before[before.index("[[coach]]") : before.rindex("[[coach]]")]
    restart(scene, (anna, ""), ("carla@coach.example", "anna.berg@private.example"))
    assert scene.app.database.count("coaches") == 3


def test_successor_who_gets_the_mail_of_the_coach_before_is_another_coach(scene: Scene) -> None:
    changes = (('email = "anna@coach.example"\naliases = [', f'email = "{NEW}"\naliases = ["anna@coach.example", '),)
    restart(scene, *changes, ('name = "Anna Berg"', 'name = "Bea Neu"'))
    assert scene.app.database.count("coaches") == 3


def test_review_held_for_a_coach_who_was_away_from_the_settings_goes_when_the_coach_is_back(scene: Scene) -> None:
    scene.send_homework(note("Actions:\n- Call the GP\n"))
    before = scene.config.read_text("utf-8")
    anna = before[before.index("[[coach]]") : before.rindex("[[coach]]")]
    restart(scene, (anna, ""))
    scene.deliver_all(JANE_NEXT - LEAD)
    restart(scene, ("[[coach]]", f"{anna}[[coach]]"))
    scene.sync(JANE_NEXT - LEAD)
    assert [mail.recipient for mail in scene.deliver_all(JANE_NEXT - LEAD + MINUTE)] == [ANNA]


def test_mail_of_a_coach_who_left_is_kept_and_says_so(scene: Scene) -> None:
    scene.send_note(note("Actions:\n- Call the GP\n"))
    before = scene.config.read_text("utf-8")
    anna = before[before.index("[[coach]]") : before.rindex("[[coach]]")]
    restart(scene, (anna, ""))
    scene.sync(NOW + MINUTE)  # her calendar is nobody's
    assert scene.deliver_all(NOW + HOLD) == []
    homework = scene.planned(OutboundKind.HOMEWORK)
    assert homework.state is OutboundState.HELD
    assert "no longer in the settings" in homework.reason


# --- What may have arrived all the same ----------------------------------------------------------


def lose_the_answer(scene: Scene, *then: MailflowError) -> None:
    """The homework is handed over, and the connection breaks before the server says so; then these errors."""
    scene.send_note(note("Actions:\n- Call the GP\n"))
    folder, scene.mailer = scene.mailer, Wire([UnknownOutcomeError("broken"), *then])
    for attempt in range(1 + len(then)):
        assert deliver_next(scene.delivery, NOW + HOLD + 5 * attempt * MINUTE)
    scene.mailer = folder


def test_refusal_after_an_attempt_that_may_have_arrived_says_so(scene: Scene) -> None:
    lose_the_answer(scene, PermanentError(GONE))
    (told,) = scene.deliver_all(NOW + HOLD + 5 * MINUTE)
    assert "Jane may not have the homework" in told.words
    assert "an earlier attempt may have arrived" in told.words
    assert "does not have" not in told.words


def test_question_about_a_homework_that_may_have_arrived_does_not_say_that_nothing_was_sent(scene: Scene) -> None:
    lose_the_answer(scene)
    scene.plan(replace(PRACTICE[0], client=TOM), *PRACTICE[1:], now=LATER)
    (question,) = scene.deliver_all(LATER)
    page = words_of(scene.browser(LATER).get(question.pages("n")[0]).text)
    for words in (question.words, page):
        assert "The homework may have reached Jane Doe already" in words
        assert "to anybody" not in words


@pytest.mark.parametrize("is_made", [False, True], ids=["not made yet", "made, and its attempt failed"])
def test_receipt_that_still_waits_when_its_note_is_taken_back_does_not_go(scene: Scene, is_made: bool) -> None:
    scene.mail_in(note("Actions:\n- Call the GP\n"))
    scene.process_all()
    if is_made:
        folder, scene.mailer = scene.mailer, Wire([TemporaryError("451 later")])
        assert deliver_next(scene.delivery, NOW)
        scene.mailer = folder
    scene.plan(replace(PRACTICE[0], client=TOM), *PRACTICE[1:], now=NOW + MINUTE)
    (question,) = scene.deliver_all(NOW + HOLD)
    assert "Whose session was it?" in question.text


def test_question_to_a_note_that_names_a_client_does_not_advise_to_name_one(scene: Scene) -> None:
    (asked,) = scene.send_note(note("Client: Zoe\n\nActions:\n- Call\n"))
    assert "is never in doubt" not in asked.words
    scene.plan(*PRACTICE, Event("tom-now", NOW - timedelta(minutes=60), TOM))
    (asked,) = scene.send_note(note("Actions:\n- Call\n"))
    assert "is never in doubt" in asked.words
