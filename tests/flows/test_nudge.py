"""Reminders: off by default, in the homework's thread, and none after the client has answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.errors import PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.intervene import change_outbound
from mailflow.flows.manage_clients import change_address, merge
from mailflow.flows.opt_out import save_wish
from mailflow.flows.resume import resume
from mailflow.model import OutboundKind, OutboundState
from mailflow.store import clients, links
from mailflow.tokens import token_of
from tests.bounces import bounce_of
from tests.builders import DAY, HOUR
from tests.flows.test_deliver import Wire
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_BEFORE,
    JANE_NEXT,
    NOW,
    TOM,
    Event,
    Scene,
    SentMail,
    candidate,
    moved,
    note,
    open_scene,
    read_mail,
    reply_to,
)

BOTH = 'nudges = ["halfway", "day-before"]'
NEXT = Event("jane-next", JANE_NEXT, JANE)
WENT = NOW + HOLD
HALFWAY = WENT + (JANE_NEXT - WENT) / 2
DAY_BEFORE = JANE_NEXT - DAY
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOTE = note("Actions:\n- Call the GP\n- Walk before breakfast\n", message_id="<nudged@coach.example>")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path, coach=BOTH) as scene:
        yield scene


@pytest.fixture
def homework(scene: Scene) -> SentMail:
    return scene.send_homework(NOTE)


def to_jane(scene: Scene, now: datetime) -> list[SentMail]:
    return [mail for mail in scene.deliver_all(now) if mail.recipient == JANE]


def test_none_go_unless_the_coach_wants_them(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.send_homework(NOTE)
        assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_one_goes_in_the_middle_and_one_a_day_before_in_the_thread_of_the_homework(
    scene: Scene, homework: SentMail
) -> None:
    assert to_jane(scene, HALFWAY - 2 * SECOND) == []
    (first,) = to_jane(scene, HALFWAY)
    assert to_jane(scene, DAY_BEFORE - SECOND) == []
    (second,) = to_jane(scene, DAY_BEFORE)
    assert to_jane(scene, JANE_NEXT + DAY) == []
    for nudge in (first, second):
        assert nudge.headers["In-Reply-To"] == nudge.headers["References"] == homework.headers["Message-ID"]
        assert nudge.subject == f"Re: {homework.subject}"
        assert nudge.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert nudge.pages("a") == homework.pages("a")
        assert "She was" not in nudge.text
    assert "half-way" in first.text
    assert "half-way" not in second.text


def test_answer_on_the_page_stops_both(scene: Scene, homework: SentMail) -> None:
    scene.answer(homework.pages("a")[0], NOW + HOUR, answer="not_done", obstacle="No time.")
    assert {mail.state for mail in scene.outbox(OutboundKind.NUDGE)} == {OutboundState.CANCELLED}
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_answer_between_the_two_stops_the_second(scene: Scene, homework: SentMail) -> None:
    assert len(to_jane(scene, HALFWAY)) == 1
    scene.answer(homework.pages("a")[0], HALFWAY + HOUR, answer="done")
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_answer_by_mail_stops_them(scene: Scene, homework: SentMail) -> None:
    scene.send_note(reply_to(homework, "1: done", sender=JANE, date=NOW + HOUR), NOW + HOUR)
    assert scene.actions()[0].answer is not None
    assert {mail.state for mail in scene.outbox(OutboundKind.NUDGE)} == {OutboundState.CANCELLED}
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_words_that_only_the_coach_understands_are_an_answer_too(scene: Scene, homework: SentMail) -> None:
    scene.send_note(reply_to(homework, "Can we talk about it?", sender=JANE, date=NOW + HOUR), NOW + HOUR)
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_reply_to_the_reminder_is_an_answer_by_its_numbers(scene: Scene, homework: SentMail) -> None:
    (nudge,) = to_jane(scene, HALFWAY)
    scene.send_note(reply_to(nudge, "2: done", sender=JANE, date=HALFWAY + HOUR), HALFWAY + HOUR)
    assert [action.answer for action in scene.actions()] == [None, "done"]
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_they_follow_the_session(scene: Scene, homework: SentMail) -> None:
    later = JANE_NEXT + 2 * DAY
    scene.plan(JANE_BEFORE, moved(NEXT, later), now=NOW + DAY)
    assert to_jane(scene, HALFWAY) == []
    assert len(to_jane(scene, WENT + (later - WENT) / 2)) == 1
    assert to_jane(scene, DAY_BEFORE) == []
    assert len(to_jane(scene, later - DAY)) == 1


def test_session_that_comes_nearer_leaves_out_what_is_over(scene: Scene, homework: SentMail) -> None:
    now = HALFWAY - HOUR
    scene.plan(JANE_BEFORE, moved(NEXT, now + DAY / 2), now=now)
    assert to_jane(scene, now) == []
    assert to_jane(scene, JANE_NEXT) == []


def test_session_that_is_cancelled_has_none_and_one_that_comes_back_has_them(scene: Scene, homework: SentMail) -> None:
    scene.plan(JANE_BEFORE, now=NOW + DAY)
    assert {mail.state for mail in scene.outbox(OutboundKind.NUDGE)} == {OutboundState.CANCELLED}
    assert to_jane(scene, HALFWAY - HOUR) == []
    scene.plan(JANE_BEFORE, NEXT, now=HALFWAY - HOUR)
    assert len(to_jane(scene, HALFWAY)) == 1


def test_session_that_is_booked_after_the_homework_went_has_them(scene: Scene) -> None:
    scene.plan(JANE_BEFORE)
    scene.send_homework(NOTE)
    scene.plan(JANE_BEFORE, NEXT, now=NOW + HOUR)
    assert len(to_jane(scene, HALFWAY)) == 1


def test_sessions_close_together_have_none(scene: Scene) -> None:
    soon = NOW + 2 * DAY
    scene.plan(JANE_BEFORE, moved(NEXT, soon))
    scene.send_homework(NOTE)
    assert to_jane(scene, soon - SECOND) == []


def test_newer_homework_has_its_own_and_ends_those_of_the_older(scene: Scene, homework: SentMail) -> None:
    later = NOW + DAY
    newer = scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Sleep\n", date=later), later)
    (first,) = to_jane(scene, HALFWAY + DAY)
    assert first.headers["In-Reply-To"] == newer.headers["Message-ID"]
    assert "Sleep" in first.text


def test_none_goes_while_newer_homework_is_about_to(scene: Scene, homework: SentMail) -> None:
    now = HALFWAY - timedelta(minutes=5)
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Sleep\n", date=now), now)
    assert to_jane(scene, HALFWAY) == []


def test_correction_after_a_reminder_brings_no_second_of_its_kind(scene: Scene, homework: SentMail) -> None:
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Stretch\n", date=NOW + HOUR), NOW + HOUR)
    assert len([mail for mail in scene.outbox(OutboundKind.NUDGE) if mail.state is OutboundState.WAITING]) == 2
    scene.deliver_all(NOW + HOUR + HOLD)
    assert len(to_jane(scene, HALFWAY + HOUR)) == 1
    assert len(to_jane(scene, DAY_BEFORE)) == 1


def test_client_who_wants_no_mails_gets_none(scene: Scene, homework: SentMail) -> None:
    (page,) = homework.pages("u")
    assert save_wish(scene.app.database, page.rpartition("/")[2], "out", scene.app.site.key, NOW + HOUR)
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_address_that_mail_came_back_from_gets_none(scene: Scene, homework: SentMail) -> None:
    (nudge,) = to_jane(scene, HALFWAY)
    scene.mail_in(bounce_of(nudge), HALFWAY + HOUR)
    scene.process_all(HALFWAY + HOUR)
    with scene.app.database.read() as tx:
        assert clients.get(tx, 1).undeliverable
    assert to_jane(scene, JANE_NEXT - SECOND) == []


def test_reminder_of_the_night_waits_for_the_morning(tmp_path: Path) -> None:
    with open_scene(tmp_path, coach=BOTH + '\nquiet = ["16:00", "08:00"]') as scene:
        scene.send_note(NOTE)
        (planned,) = scene.outbox(OutboundKind.HOMEWORK)
        assert len(to_jane(scene, planned.planned_at)) == 1
        moments = [mail.planned_at for mail in scene.outbox(OutboundKind.NUDGE)]
        assert {moment.hour for moment in moments} <= set(range(7, 15))  # 08:00 to 16:00 in Berlin, in winter


def test_dropped_actions_are_in_none(scene: Scene, homework: SentMail) -> None:
    scene.send_note(note("Client: Jane Doe\n\nDrop: 1\n", date=NOW + HOUR), NOW + HOUR)
    (nudge,) = to_jane(scene, HALFWAY)
    assert "Call the GP" not in nudge.text
    assert "1. Walk before breakfast" in nudge.text


def test_coach_who_wants_them_no_more_stops_those_that_wait(scene: Scene, homework: SentMail) -> None:
    scene.run_sql("UPDATE coaches SET nudges = '[]'")
    assert to_jane(scene, JANE_NEXT - SECOND) == []


@pytest.mark.parametrize("planned_again", [False, True])
def test_reminder_goes_to_the_address_that_the_client_has_by_then(
    scene: Scene, homework: SentMail, planned_again: bool
) -> None:
    change_address(scene.app.database, 1, "jane.doe@new.example", NOW + HOUR)
    if planned_again:
        scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + timedelta(minutes=2)), now=NOW + HOUR)
        scene.plan(JANE_BEFORE, NEXT, now=NOW + HOUR)
    (nudge,) = scene.deliver_all(HALFWAY)
    assert nudge.recipient == "jane.doe@new.example"


def test_client_who_turns_out_to_be_another_has_each_reminder_once(scene: Scene, homework: SentMail) -> None:
    assert len(to_jane(scene, HALFWAY)) == 1
    merge(scene.app.database, 1, 2, HALFWAY + HOUR)
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + HOUR), now=HALFWAY + HOUR)
    sent = scene.deliver_all(JANE_NEXT - SECOND)
    assert [mail.headers["In-Reply-To"] for mail in sent if mail.recipient != ANNA] == [homework.headers["Message-ID"]]


# --- When something comes between ---------------------------------------------------------------

TOM_BEFORE, TOM_LATER = Event("tom-before", NOW - 4 * DAY, TOM), Event("tom-next", JANE_NEXT + DAY, TOM)


def note_of_jane_becomes_toms(scene: Scene) -> SentMail:
    """A note meant for Tom is given to Jane and refused; the next homework carries it over and reaches her; then the
    coach says whose it is. Tom's homework."""
    scene.plan(JANE_BEFORE, NEXT, TOM_BEFORE, TOM_LATER)
    folder = scene.mailer
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Tell your wife\n"))
    scene.mailer = Wire([PermanentError("no such mailbox")])
    scene.deliver_all(NOW + HOLD)
    scene.mailer = folder
    now = NOW + HOUR
    scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Walk\n", date=now), now)
    with scene.app.database.read() as tx:
        link = links.find(tx, tx.value("SELECT id FROM links WHERE purpose = 'note' AND subject_id = 1"))
    assert link is not None
    key = scene.app.site.key
    chosen = decide_note(
        scene.app.database, token_of(link, key), "choose", candidate(scene, "tom-before"), key, now + HOUR
    )
    assert chosen is Decided.DONE
    (toms,) = [mail for mail in scene.deliver_all(now + 2 * HOUR) if mail.recipient == TOM]
    return toms


def test_reminder_gives_nobody_the_page_of_another_client(scene: Scene) -> None:
    toms = note_of_jane_becomes_toms(scene)
    (nudge,) = [mail for mail in scene.deliver_all(HALFWAY + HOUR) if mail.recipient == JANE]
    scene.answer(toms.pages("a")[0], HALFWAY + 2 * HOUR, answer="partly", reflection="She cried.")
    assert "Tell your wife" not in nudge.text
    for page in nudge.pages("a"):
        assert "She cried." not in scene.browser(HALFWAY + 3 * HOUR).get(page).text


def test_answer_of_another_client_ends_no_reminder(scene: Scene) -> None:
    toms = note_of_jane_becomes_toms(scene)
    scene.answer(toms.pages("a")[0], NOW + 4 * HOUR, answer="done")
    assert len(to_jane(scene, HALFWAY + HOUR)) == 1


@pytest.mark.parametrize("by_mail", [False, True])
def test_answer_between_an_attempt_without_an_answer_and_the_next_one(scene: Scene, by_mail: bool) -> None:
    scene.send_note(NOTE)
    wire = Wire([UnknownOutcomeError("no answer")])
    folder, scene.mailer = scene.mailer, wire
    scene.deliver_all(NOW + HOLD)
    mail = read_mail(wire.handed[0][2])
    scene.mailer = folder
    now = NOW + HOLD + 10 * SECOND
    if by_mail:
        scene.mail_in(reply_to(mail, "Can we talk?", sender=JANE, date=now), now)
        scene.process_all(now)
    else:
        assert scene.answer(mail.pages("a")[0], now, answer="not_done", obstacle="No time.") == 303
    scene.deliver_all(NOW + HOLD + 5 * MINUTE)
    scene.sent()
    assert to_jane(scene, HALFWAY + HOUR) == []


def test_the_same_after_a_kill(scene: Scene) -> None:
    class Killed(BaseException):
        pass

    class Killer:
        def send(self, envelope: object, message_id: str, raw: bytes) -> None:
            self.raw = raw
            raise Killed

        def close(self) -> None:
            pass

    scene.send_note(NOTE)
    folder, scene.mailer = scene.mailer, (killer := Killer())
    with pytest.raises(Killed):
        scene.deliver_all(NOW + HOLD)
    scene.answer(read_mail(killer.raw).pages("a")[0], NOW + HOLD + SECOND, answer="done")
    scene.mailer = folder
    resume(scene.app.database, NOW + HOLD + MINUTE)
    scene.deliver_all(NOW + HOLD + MINUTE)
    scene.sent()
    assert to_jane(scene, HALFWAY + HOUR) == []


def test_answer_about_older_homework_counts_after_the_session_moved_too(scene: Scene) -> None:
    one = scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Call the GP\n"))
    scene.answer(one.pages("a")[0], NOW + 30 * MINUTE, answer="done")
    later = NOW + HOUR
    scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Walk\n", date=later), later)
    assert scene.answer(one.pages("a")[0], later + HOUR, answer="done", reflection="It was good.") == 303
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + HOUR), now=later + 2 * HOUR)
    assert to_jane(scene, HALFWAY + 3 * HOUR) == []


def test_reminder_that_may_have_gone_does_not_go_anew(scene: Scene, homework: SentMail) -> None:
    scene.mailer = wire = Wire([UnknownOutcomeError("no answer")])
    scene.deliver_all(HALFWAY)
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT + HOUR), now=HALFWAY + SECOND)
    scene.deliver_all(HALFWAY + HOUR)
    assert len({message_id for envelope, message_id, _ in wire.handed if envelope.recipient == JANE}) == 1


def test_reminder_that_a_person_holds_outlives_a_calendar_that_was_empty_for_a_moment(
    scene: Scene, homework: SentMail
) -> None:
    for mail in scene.outbox(OutboundKind.NUDGE):
        change_outbound(scene.app.database, mail.id, "hold", NOW + HOUR)
    scene.plan(JANE_BEFORE, now=NOW + DAY)
    scene.plan(JANE_BEFORE, NEXT, now=NOW + DAY)
    assert to_jane(scene, HALFWAY) == []


def test_session_that_becomes_anothers_takes_the_reminders_to_the_one_after(scene: Scene) -> None:
    after = Event("jane-after", JANE_NEXT + 7 * DAY, JANE)
    scene.plan(JANE_BEFORE, NEXT, after, TOM_BEFORE)
    scene.send_homework(NOTE)
    scene.plan(JANE_BEFORE, replace(NEXT, client=TOM), after, TOM_BEFORE, now=NOW + DAY)
    assert [mail for now in (HALFWAY, DAY_BEFORE) for mail in to_jane(scene, now)] == []
    assert len(to_jane(scene, JANE_NEXT + 6 * DAY)) == 1


def test_reminder_that_waits_for_a_retry_has_nothing_that_was_dropped(scene: Scene, homework: SentMail) -> None:
    scene.mailer = Wire([TemporaryError("busy")])
    scene.deliver_all(HALFWAY)
    scene.send_note(note("Client: Jane Doe\n\nDrop: 1, 2\n", date=HALFWAY + SECOND), HALFWAY + SECOND)
    scene.mailer = wire = Wire()
    scene.deliver_all(HALFWAY + HOUR)
    assert [envelope for envelope, _, _ in wire.handed if envelope.recipient == JANE] == []


def test_homework_that_is_cancelled_in_its_hold_costs_no_reminder(scene: Scene, homework: SentMail) -> None:
    now = HALFWAY - 5 * MINUTE
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Wrong\n", date=now), now)
    scene.deliver_all(HALFWAY)
    change_outbound(scene.app.database, scene.outbox(OutboundKind.HOMEWORK)[-1].id, "cancel", HALFWAY + MINUTE)
    assert len(to_jane(scene, HALFWAY + HOUR)) == 1


def test_reminder_whose_moment_was_over_does_not_come_late_when_the_session_moves_back(
    scene: Scene, homework: SentMail
) -> None:
    before = HALFWAY - HOUR
    scene.plan(JANE_BEFORE, moved(NEXT, JANE_NEXT - DAY), now=before)
    scene.plan(JANE_BEFORE, NEXT, now=HALFWAY + HOUR)
    assert to_jane(scene, HALFWAY + 2 * HOUR) == []
    assert len(to_jane(scene, DAY_BEFORE)) == 1
