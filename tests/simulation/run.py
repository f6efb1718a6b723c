"""The simulated clock: what happens in the world, and what mailflow does of itself, each at its moment."""

from __future__ import annotations

import heapq
import itertools
import json
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from mailflow.app import App, adopt_settings, open_app
from mailflow.flows.deliver import Delivery, deliver_next
from mailflow.flows.process import process_next
from mailflow.flows.receive import receive
from mailflow.flows.resume import resume
from mailflow.flows.sync import sync_next
from mailflow.mailers import Mailer
from mailflow.settings import load_settings
from mailflow.store import calendars
from mailflow.web.site import create_site
from tests.scene import COMPILED, NOTES, SERVICE, URL
from tests.simulation.browser import Browser
from tests.simulation.people import Coach
from tests.simulation.postbox import Ended

FRESH = timedelta(minutes=2)
"""How often the daemon reads a calendar. Here it is read when somebody would see the difference: after the file
changed, and before a note of its coach is looked at."""
SETTINGS = """
data = "{data}"

[service]
name = "mailflow"
email = "{service}"

[web]
port = 8080
url = "{url}"

[[mailbox]]
kind = "smtp"
recipients = ["{notes}"]
trust = "none"

[mailer]
kind = "folder"
path = "sent"
"""
COACH = """
[[coach]]
name = "{coach.name}"
email = "{coach.email}"
timezone = "{coach.zone}"
review_lead = "{lead} minutes"
hold = "{hold} minutes"
{wishes}

[[coach.calendar]]
kind = "ics"
path = "calendar-{coach.number}.ics"
"""


@dataclass(order=True)
class Event:
    at: datetime
    order: int
    happen: Callable[[], None] = field(compare=False)


class Simulation:
    """mailflow on a clock of its own. `mailer` is set before it runs."""

    mailer: Mailer

    def __init__(self, folder: Path, coaches: tuple[Coach, ...], start: datetime, dice: Random) -> None:
        self.now = start
        self.processed = 0
        self.restarts = 0
        self.ended = 0
        self.stuck_until = start
        self._coaches = coaches
        self._events: list[Event] = []
        self._order = itertools.count()
        self._dice = dice
        self._read_at: dict[int, datetime] = {}
        self._config = _write_settings(folder, coaches)
        self._settings = load_settings(self._config)
        self._browser = Browser()
        self._app: App | None = None

    # --- What the world does ---------------------------------------------------------------------

    def at(self, moment: datetime, happen: Callable[[], None]) -> None:
        """Not before now, whatever the moment says."""
        heapq.heappush(self._events, Event(max(moment, self.now).replace(microsecond=0), next(self._order), happen))

    def mail_in(self, raw: bytes, sender: Coach | None) -> None:
        """As the SMTP listener does. The calendar of a coach who wrote was read within the last two minutes."""
        if sender is not None and self.now - self._read_at[sender.number] >= FRESH:
            self.read_calendar(sender)
        receive(self.app.database, "notes", secrets.token_hex(8), raw, self.now)
        self._process()

    def write_calendar(self, coach: Coach, text: str | None) -> None:
        """None takes the file away. It is read within two minutes."""
        path = self._settings.data / f"calendar-{coach.number}.ics"
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, encoding="utf-8", newline="")
        self.at(self.now + FRESH * self._dice.random(), lambda: self.read_calendar(coach))

    def read_calendar(self, coach: Coach) -> None:
        with self.app.database.write(durable=False) as tx:
            calendars.make_due(tx, coach.number + 1, "calendar")
        sync_next(self.app.database, self.app.find_source, self.now)
        self._read_at[coach.number] = self.now

    def answer_page(self, url: str, **fields: str) -> int:
        """What a client's browser hears for the form that it sent."""
        return self._browser.answer(create_site(self.app, now=lambda: self.now), url, **fields)

    # --- What mailflow does ----------------------------------------------------------------------

    def run(self, until: datetime) -> None:
        """From one moment at which something is due to the next."""
        self._start()
        try:
            while (moment := self._next_moment()) <= until:
                self.now = moment
                while self._events and self._events[0].at <= moment:
                    heapq.heappop(self._events).happen()
                self._process()
                self._deliver()
            self.now = until
        finally:
            self.app.close()
            self._browser.close()

    def get_stuck(self, until: datetime) -> None:
        """Mail is taken and pages are shown, and nothing is looked at or sent: what came is looked at together then."""
        self.stuck_until = max(until.replace(microsecond=0), self.stuck_until)
        self.at(self.stuck_until, lambda: None)

    def restart(self) -> None:
        self.restarts += 1
        self.app.close()
        self._start()

    @property
    def app(self) -> App:
        assert self._app is not None, "it runs"
        return self._app

    def _start(self) -> None:
        """As the daemon does: every calendar is read before the first note is looked at."""
        app = open_app(self._settings, create=True)
        self._app = replace(app, renderer=COMPILED.setdefault("shipped", app.renderer))
        adopt_settings(self._app)
        resume(self._app.database, self.now)
        while sync_next(self._app.database, self._app.find_source, self.now):
            pass
        self._read_at = dict.fromkeys((coach.number for coach in self._coaches), self.now)
        self._intake = self._app.intake
        self._delivery = Delivery(self._app.database, self._app.composer, self.mailer, self._app.find_source)

    def _process(self) -> None:
        while self._is_due("SELECT min(due_at) FROM inbound_emails WHERE status = 'received'"):
            self.processed += process_next(self.app.database, self._intake, self.now)

    def _deliver(self) -> None:
        while self._is_due("SELECT min(due_at) FROM outbound_emails WHERE state = 'waiting'"):
            try:
                deliver_next(self._delivery, self.now)
            except Ended:
                self.ended += 1
                self.restart()

    def _is_due(self, sql: str) -> bool:
        due = self._first(sql) if self.now >= self.stuck_until else None
        return due is not None and due <= self.now

    def _next_moment(self) -> datetime:
        """Of what happens in the world, and of what waits in the outbox or inbox."""
        waiting = [self._events[0].at if self._events else None]
        if self.now >= self.stuck_until:
            waiting.append(self._first("SELECT min(due_at) FROM outbound_emails WHERE state = 'waiting'"))
            waiting.append(self._first("SELECT min(due_at) FROM inbound_emails WHERE status = 'received'"))
        return max(self.now, min((moment for moment in waiting if moment), default=datetime.max.replace(tzinfo=UTC)))

    def _first(self, sql: str) -> datetime | None:
        with self.app.database.read() as tx:
            seconds = tx.value(sql)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def seed_everything(seed: int) -> Random:
    """mailflow's own dice, too: the pauses between its attempts."""
    random.seed(seed)
    return Random(seed)


def _write_settings(folder: Path, coaches: tuple[Coach, ...]) -> Path:
    data, config = folder / "data", folder / "mailflow.toml"
    data.mkdir()
    text = SETTINGS.format(data=data, service=SERVICE, url=URL, notes=NOTES)
    for coach in coaches:
        text += COACH.format(
            coach=coach,
            lead=int(coach.lead.total_seconds()) // 60,
            hold=int(coach.hold.total_seconds()) // 60,
            wishes="\n".join(_wishes(coach)),
        )
    config.write_text(text, encoding="utf-8")
    return config


def _wishes(coach: Coach) -> Iterator[str]:
    """What not every coach has."""
    if coach.quiet:
        yield f'quiet = ["{coach.quiet[0]:%H:%M}", "{coach.quiet[1]:%H:%M}"]'
    if coach.morning:
        yield f'reviews = "morning"\nmorning = "{coach.morning:%H:%M}"'
    if coach.nudges:
        yield f"nudges = {json.dumps(coach.nudges)}"
    if coach.asks_after:
        yield f'ask_for_notes = "{coach.asks_after // timedelta(hours=1)} hours"'
