"""A practice whose coach has one mail each morning: Jane and Tom have homework, and a session on one day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mailflow.model import Client, OutboundEmail, OutboundKind
from tests.scene import ANNA, JANE, JANE_BEFORE, JANE_NEXT, NOW, TOM, Event, Scene, SentMail, note, open_scene

BERLIN = ZoneInfo("Europe/Berlin")
DAY_OF = JANE_NEXT.astimezone(BERLIN).date()
MINUTE = timedelta(minutes=1)
EACH = 'reviews = "morning"'


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A moment of the day in Berlin on which both have a session."""
    return datetime.combine(DAY_OF + timedelta(days=days), time(hour, minute), BERLIN).astimezone(UTC)


A_CLIENT = Client(id=0, coach_id=0, email=JANE, name="Jane Doe")
JANE_AT_TEN, TOM_AT_THREE = Event("jane-next", at(10), JANE), Event("tom-next", at(15), TOM)
TOM_BEFORE = Event("tom-before", NOW - timedelta(days=4), TOM)
BEFORE = (JANE_BEFORE, TOM_BEFORE)
SEVEN = at(7)


@contextmanager
def open_morning(folder: Path) -> Iterator[Scene]:
    with open_scene(folder, coach=EACH) as scene:
        scene.plan(*BEFORE, JANE_AT_TEN, TOM_AT_THREE)
        scene.send_homework(note("Client: Jane Doe\n\nActions:\n- Call the GP\n"))
        scene.send_homework(note("Client: Tom Okafor\n\nActions:\n- Walk\n"))
        yield scene


def to_anna(scene: Scene, now: datetime) -> list[SentMail]:
    return [mail for mail in scene.deliver_all(now) if mail.recipient == ANNA]


def of_the_day(scene: Scene) -> OutboundEmail:
    return next(mail for mail in scene.outbox(OutboundKind.MORNING) if mail.planned_at == SEVEN)
