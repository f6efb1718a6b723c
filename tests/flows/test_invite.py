"""A coach whose calendar nobody can reach invites mailflow: sessions come of it, and homework goes to who was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest

from mailflow.model import Client, InboundStatus, OutboundKind, SessionStatus
from mailflow.store import sessions
from tests.builders import ics, ics_event
from tests.scene import ANNA, CARLA, HOLD, NOTES, NOW, Scene, note, open_scene

ZOE = Client(id=0, coach_id=0, email="zoe@client.example", name="Zoe Klein")
CALENDAR = '[[coach.calendar]]\nkind = "invitations"\nname = "invited"\n'
HALF_AN_HOUR_AGO = NOW - timedelta(minutes=30)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Carla, the last coach of the settings, has such a calendar."""
    with open_scene(tmp_path, more=CALENDAR) as scene:
        yield scene


def invitation(
    start: datetime = HALF_AN_HOUR_AGO,
    *,
    method: str = "REQUEST",
    sender: str = CARLA,
    text: str = "",
    sequence: int = 0,
    headers: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """As Google and Outlook send it to everybody who is invited."""
    event = ics_event(
        "zoe-1", start, client=ZOE, organizer=CARLA, extra=[f"SEQUENCE:{sequence}", f"ATTENDEE:mailto:{NOTES}"]
    )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, NOTES, "Invitation: Coaching"
    mail["Date"], mail["Message-ID"] = format_datetime(NOW), f"<{start:%d%H%M}-{method}-{sequence}@coach.example>"
    for name, value in headers:
        mail[name] = value
    mail.set_content(text or "\n")
    mail.add_alternative(
        ics(event, method=method).decode(), subtype="calendar", params={"method": method}, cte="base64"
    )
    return mail.as_bytes(policy=SMTP)


def take_in(scene: Scene, raw: bytes) -> None:
    scene.mail_in(raw)
    scene.process_all()
    scene.sync()


def planned(scene: Scene) -> list[datetime]:
    with scene.app.database.read() as tx:
        found = sessions.of_coach(tx, 2, NOW - timedelta(days=60), NOW + timedelta(days=60))
    return [session.starts_at for session in found if session.status is SessionStatus.PLANNED]


def test_invitation_is_a_session_and_its_note_finds_it(scene: Scene) -> None:
    take_in(scene, invitation())
    assert planned(scene) == [HALF_AN_HOUR_AGO]
    assert scene.inbox()[-1].status is InboundStatus.PROCESSED
    assert scene.deliver_all() == [], "nobody is answered"

    scene.mail_in(note(sender=CARLA))
    scene.process_all()
    assert [mail.recipient for mail in scene.deliver_all(NOW)] == [CARLA]
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [ZOE.email]


def test_invitation_makes_its_calendar_due_at_once(scene: Scene) -> None:
    scene.mail_in(invitation())
    scene.process_all()
    with scene.app.database.read() as tx:
        assert tx.value("SELECT due_at FROM calendars WHERE name = 'invited'") == 0


def test_moved_and_cancelled(scene: Scene) -> None:
    take_in(scene, invitation())
    later = NOW + timedelta(days=2)
    take_in(scene, invitation(later, sequence=1))
    assert planned(scene) == [later]
    assert later in [mail.expires_at for mail in scene.outbox(OutboundKind.REVIEW)]
    take_in(scene, invitation(later, method="CANCEL", sequence=2))
    assert planned(scene) == []


@pytest.mark.parametrize(
    "headers",
    [
        (("Auto-Submitted", "auto-generated"),),
        (("Sender", "Google Calendar <calendar-notification@google.com>"),),
        (("Precedence", "bulk"),),
    ],
)
def test_invitation_that_a_program_sent_for_the_coach_counts(
    scene: Scene, headers: tuple[tuple[str, str], ...]
) -> None:
    take_in(scene, invitation(headers=headers))
    assert planned(scene) == [HALF_AN_HOUR_AGO]


def test_words_beside_it_are_no_note_unless_there_are_actions(scene: Scene) -> None:
    take_in(scene, invitation(text="Join with Zoom: https://zoom.example/1\n"))
    assert scene.app.database.count("notes") == 0
    take_in(scene, invitation(sequence=1, text="Actions:\n- Call the GP\n"))
    assert scene.app.database.count("notes") == 1
    assert planned(scene) == [HALF_AN_HOUR_AGO]


def test_invitation_to_a_coach_without_such_a_calendar_is_only_kept(scene: Scene) -> None:
    take_in(scene, invitation(sender=ANNA))
    assert scene.inbox()[-1].status is InboundStatus.IGNORED
    assert scene.app.database.count("invitations") == 0


def test_invitation_from_a_stranger_is_no_session(scene: Scene) -> None:
    take_in(scene, invitation(sender="eve@evil.example"))
    assert planned(scene) == []
    assert scene.app.database.count("invitations") == 0


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH"])
def test_answers_to_invitations_are_none(scene: Scene, method: str) -> None:
    take_in(scene, invitation(method=method))
    assert planned(scene) == []
    assert scene.inbox()[-1].status is InboundStatus.IGNORED


def test_invitation_that_is_not_proven_waits_and_its_coach_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "MAILFLOW_MAILBOX",
        f'[{{"kind": "smtp", "recipients": ["{NOTES}"], "trust": "authentication-results", "authserv_id": "mx"}}]',
    )
    with open_scene(tmp_path, more=CALENDAR) as scene:
        take_in(scene, invitation())
        assert planned(scene) == []
        assert scene.inbox()[-1].status is InboundStatus.QUARANTINED
        assert scene.planned(OutboundKind.UNPROVEN).recipient == CARLA
