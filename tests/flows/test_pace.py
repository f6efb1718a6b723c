"""How fast and when mail goes: so many a minute, homework not in quiet hours, nothing through a refused account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.errors import AccountError, EnvironmentProblem, PermanentError, TemporaryError
from mailflow.flows.deliver import ACCOUNT_PAUSE
from mailflow.flows.intervene import change_outbound, retry_outbox
from mailflow.flows.report import status
from mailflow.model import OutboundKind, OutboundState
from tests.flows.test_deliver import Wire
from tests.scene import HOLD, NOW, Scene, note, open_scene

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
EVENING = NOW.replace(hour=20, minute=30)
"""21:30 in Berlin."""
MORNING = (NOW + timedelta(days=1)).replace(hour=6)
"""07:00 there."""


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as scene:
        scene.run_sql("UPDATE coaches SET quiet = '21:00-07:00'")
        yield scene


def homework_of(scene: Scene) -> tuple[OutboundState, datetime, str]:
    mail = scene.planned(OutboundKind.HOMEWORK)
    return mail.state, mail.due_at, mail.reason


# --- The rate ------------------------------------------------------------------------------------


def test_no_more_mails_go_in_any_minute_than_the_settings_say_and_all_go_in_the_end(scene: Scene) -> None:
    scene.rate_per_minute = 2
    for number in range(5):
        scene.mail_in(note("nothing agreed", subject=f"note {number}"))
    scene.process_all()
    went = []
    for seconds in range(0, 181, 10):
        now = NOW + timedelta(seconds=seconds)
        went += [(seconds, mail) for mail in scene.deliver_all(now)]
        waiting = [mail for mail in scene.outbox(OutboundKind.NO_ACTIONS) if mail.state is OutboundState.WAITING]
        assert {mail.reason for mail in waiting} <= {"no more than 2 mails go in a minute"}
        assert all(mail.due_at > now for mail in waiting)
    assert [seconds for seconds, _ in went] == [0, 0, 60, 60, 120]


def test_a_restart_does_not_begin_a_new_minute(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.rate_per_minute = 1
        for number in range(2):
            scene.mail_in(note("nothing agreed", subject=f"note {number}"))
        scene.process_all()
        assert len(scene.deliver_all()) == 1
    with open_scene(tmp_path) as scene:
        scene.rate_per_minute = 1
        scene.sent()
        assert scene.deliver_all(NOW + 59 * SECOND) == []
        assert len(scene.deliver_all(NOW + 60 * SECOND)) == 1


# --- Quiet hours ---------------------------------------------------------------------------------


def test_homework_of_an_evening_goes_in_the_morning_and_the_receipt_says_when(night: Scene) -> None:
    (receipt,) = night.send_note(note("Client: Jane Doe\n\nActions:\n- Call Sam\n", date=EVENING), EVENING)

    assert "07:00" in receipt.words
    assert night.deliver_all(MORNING - SECOND) == []
    assert len(night.deliver_all(MORNING)) == 1


def test_coach_who_says_send_now_is_asked_no_more(night: Scene) -> None:
    (receipt,) = night.send_note(note("Client: Jane Doe\n\nActions:\n- Call Sam\n", date=EVENING), EVENING)
    night.browser(EVENING + MINUTE).post(receipt.pages("n")[0], data={"do": "send"})

    assert len(night.deliver_all(EVENING + MINUTE)) == 1


def test_homework_that_comes_late_into_quiet_hours_waits_and_says_so(night: Scene) -> None:
    """The server was away in the evening."""
    late_afternoon = NOW.replace(hour=19, minute=45)
    night.send_note(note("Client: Jane Doe\n\nActions:\n- Call Sam\n", date=late_afternoon), late_afternoon)
    night.mailer = wire = Wire([TemporaryError("busy")])
    night.deliver_all(late_afternoon + HOLD)
    assert len(wire.handed) == 1

    night.deliver_all(EVENING)

    assert len(wire.handed) == 1
    assert homework_of(night) == (OutboundState.WAITING, MORNING, "quiet hours")
    night.deliver_all(MORNING)
    assert homework_of(night)[0] is OutboundState.SENT


def test_receipts_and_reviews_know_no_quiet_hours(night: Scene) -> None:
    assert len(night.send_note(note("nothing agreed", date=EVENING), EVENING)) == 1


# --- A refused account ---------------------------------------------------------------------------


def test_a_mail_that_is_taken_for_the_accounts_problem_does_not_keep_the_others_back_for_ever(scene: Scene) -> None:
    for number in range(3):
        scene.mail_in(note("nothing agreed", subject=f"note {number}"))
    scene.process_all()
    scene.mailer = wire = Wire([AccountError("550 5.7.26 not authenticated")])
    scene.deliver_all(NOW)
    assert len(wire.handed) == 1

    scene.deliver_all(NOW + ACCOUNT_PAUSE)

    assert [mail.state for mail in scene.outbox(OutboundKind.NO_ACTIONS)] == ["waiting", "sent", "sent"]
    scene.deliver_all(NOW + ACCOUNT_PAUSE + SECOND)
    assert {mail.state for mail in scene.outbox(OutboundKind.NO_ACTIONS)} == {OutboundState.SENT}


def test_status_says_that_the_account_is_refused_until_a_mail_goes(scene: Scene) -> None:
    scene.mailer = Wire([AccountError("535 wrong"), AccountError("535 still wrong")])
    scene.mail_in(note("nothing agreed"))
    scene.process_all()
    scene.deliver_all(NOW)
    later = NOW + ACCOUNT_PAUSE + SECOND
    scene.deliver_all(later)
    found = status(scene.app.database, later)
    assert found.account is not None
    assert (found.account.reason, found.account.since, found.healthy) == ("535 still wrong", NOW, False)

    assert retry_outbox(scene.app.database, later + SECOND) == 1
    scene.deliver_all(later + SECOND)

    found = status(scene.app.database, later + SECOND)
    assert (found.account, found.healthy) == (None, True)


def test_password_that_cannot_be_read_is_asked_for_once_and_not_for_every_mail(scene: Scene) -> None:
    scene.mailer = wire = Wire([EnvironmentProblem("The command token failed with 1.")] * 3)
    for number in range(3):
        scene.mail_in(note("nothing agreed", subject=f"note {number}"))
    scene.process_all()
    scene.deliver_all(NOW)

    assert len(wire.handed) == 1
    found = status(scene.app.database, NOW).account
    assert found is not None
    assert found.reason == "The command token failed with 1."


# --- Once more -----------------------------------------------------------------------------------


def test_retry_tries_at_once_and_sends_the_same_bytes(scene: Scene) -> None:
    scene.mailer = wire = Wire([TemporaryError("busy")])
    scene.mail_in(note("nothing agreed"))
    scene.process_all()
    scene.deliver_all(NOW)
    change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "retry", NOW + SECOND)
    scene.deliver_all(NOW + SECOND)

    assert wire.handed[0] == wire.handed[1]
    assert scene.planned(OutboundKind.NO_ACTIONS).state is OutboundState.SENT


def test_retry_tries_what_failed_and_leaves_alone_what_is_held_or_went(scene: Scene) -> None:
    scene.mailer = Wire([PermanentError("550 no")])
    scene.mail_in(note("nothing agreed"))
    scene.process_all()
    scene.deliver_all(NOW)
    change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "retry", NOW)
    change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "hold", NOW)
    with pytest.raises(PermanentError, match="held already"):
        change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "retry", NOW)
    change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "release", NOW)
    scene.deliver_all(NOW)
    with pytest.raises(PermanentError, match="sent already"):
        change_outbound(scene.app.database, scene.planned(OutboundKind.NO_ACTIONS).id, "retry", NOW)


def test_retry_of_everything_leaves_alone_what_is_not_due_yet(scene: Scene) -> None:
    scene.send_note(note())

    assert retry_outbox(scene.app.database, NOW + SECOND) == 0
    assert scene.deliver_all(NOW + SECOND) == []
