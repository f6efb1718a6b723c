"""A seeded world: who meets whom and when, what moves and what is cancelled, and what breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from tests.simulation.calendar_files import BROKEN, calendar_file
from tests.simulation.diary import Appointment, Diary, Series
from tests.simulation.ledger import Ledger
from tests.simulation.letters import Letter
from tests.simulation.people import Client, Coach, cast
from tests.simulation.postbox import Odds, Postbox
from tests.simulation.practice import Practice
from tests.simulation.questions import ANSWERED
from tests.simulation.run import Simulation, seed_everything
from tests.simulation.truth import Truth

START = datetime(2026, 1, 5, tzinfo=UTC)
REST = timedelta(days=3)
"""After the last day nobody does anything new, and everything that waits comes to its end."""
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MOVES = (15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 5 * HOUR, DAY, 2 * DAY, -30 * MINUTE, -2 * HOUR, -DAY)
LENGTHS = (50 * MINUTE, 60 * MINUTE, 90 * MINUTE)


@dataclass(frozen=True)
class Size:
    coaches: int = 10
    clients: int = 20
    days: int = 365
    start: datetime = START
    restart_hours: tuple[float, float] = (3, 12)
    days_between_downtimes: float = 12
    odds: Odds = field(default_factory=Odds)


@dataclass
class World:
    """Everything of one seed."""

    seed: int
    size: Size
    simulation: Simulation
    truth: Truth
    practice: Practice
    postbox: Postbox
    ledger: Ledger
    random: Random

    def run(self) -> list[str]:
        """Everything that is not as promised."""
        for coach in self.practice.coaches:
            self._fill(coach)
        self._break_things()
        self.simulation.run(self.end + REST)
        return self.ledger.close()

    @property
    def end(self) -> datetime:
        return self.size.start + self.size.days * DAY

    # --- The calendar ----------------------------------------------------------------------------

    def _fill(self, coach: Coach) -> None:
        """Each client comes for some weeks, and mostly stays; now and then there is a session between."""
        for client in coach.clients:
            moment = self.size.start - self.random.uniform(3, 30) * DAY
            while moment < self.end:
                series = self._series(coach, client, moment)
                self._book(coach, series, moment)
                moment = series.appointments[-1].starts_at + self.random.uniform(2, 21) * DAY
        for _ in range(self.size.days * len(coach.clients) // 60):
            booked_at = self.size.start + self.random.uniform(1, self.size.days) * DAY
            self._book(coach, self._single(coach, self.random.choice(coach.clients), booked_at), booked_at)
        self.simulation.write_calendar(coach, calendar_file(self.truth.diaries[coach.number]))

    def _series(self, coach: Coach, client: Client, after: datetime) -> Series:
        """On working days of whoever's clock it is on."""
        random = self.random
        zone = coach.zone if random.random() < 0.7 else client.zone
        day = after.astimezone(ZoneInfo(zone)).date() + timedelta(days=random.randint(2, 9))
        day -= timedelta(days=max(0, day.weekday() - 4))
        hour = time(random.randint(8, 18), random.choice((0, 0, 0, 30)))
        return Series(
            uid=self.practice.new_id("event"),
            client=client,
            zone=zone,
            first=datetime.combine(day, hour),
            every=random.choice((WEEK, WEEK, WEEK, 2 * WEEK)),
            count=random.randint(4, 16),
            lasts=random.choice(LENGTHS),
            booked_at=self.size.start,
        )

    def _single(self, coach: Coach, client: Client, booked_at: datetime) -> Series:
        """Within the hour, or within days."""
        random = self.random
        ahead = random.choice(
            (random.uniform(12, 90) * MINUTE, random.uniform(2, 30) * HOUR, random.uniform(2, 9) * DAY)
        )
        zone = random.choice((coach.zone, client.zone))
        local = (booked_at + ahead).astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
        return Series(
            uid=self.practice.new_id("event"),
            client=client,
            zone=zone,
            first=local,
            every=WEEK,
            count=1,
            lasts=random.choice(LENGTHS),
            booked_at=booked_at,
        )

    def _book(self, coach: Coach, series: Series, booked_at: datetime) -> None:
        diary = self.truth.diaries[coach.number]
        if any(_is_odd(one) for one in series.appointments):
            return

        def book() -> None:
            for one in series.appointments:
                one.changed_at = self.simulation.now
                self._plan(coach, one)
            diary.book(series)
            self._rewrite(coach)

        if booked_at <= self.size.start:
            diary.book(series)
            for one in series.appointments:
                self._plan(coach, one)
        else:
            self._edit(coach, booked_at, book)

    def _plan(self, coach: Coach, appointment: Appointment) -> None:
        """What becomes of it: most take place as they stand in the calendar. What is over nobody writes about."""
        if appointment.starts_at <= self.simulation.now:
            return
        self._expect(coach, appointment)
        chance = self.random.random()
        if chance < 0.10:
            self._edit(coach, self._some_time_before(coach, appointment), lambda: self._move(coach, appointment))
        elif chance < 0.16:
            self._edit(coach, self._some_time_before(coach, appointment), lambda: self._cancel(coach, appointment))

    def _some_time_before(self, coach: Coach, appointment: Appointment) -> datetime:
        if self.random.random() < 0.5:
            return appointment.starts_at - self.random.uniform(0.05, 1) * coach.lead
        return appointment.starts_at - self.random.uniform(0.2, 6) * DAY

    def _expect(self, coach: Coach, appointment: Appointment) -> None:
        """It begins and ends at its hour, unless that is another one by then."""
        start = appointment.starts_at

        def begin() -> None:
            if not appointment.cancelled and appointment.starts_at == start:
                self.ledger.began(coach, appointment)

        def end() -> None:
            if not appointment.cancelled and appointment.starts_at == start:
                self.practice.is_over(coach, appointment)

        def asked() -> None:
            if not appointment.cancelled and appointment.starts_at == start:
                self.ledger.questions.look_for(coach, appointment, self.postbox)

        self.simulation.at(start, begin)
        if start < self.end:
            self.simulation.at(appointment.ends_at, end)
            if coach.asks_after:
                self.simulation.at(appointment.ends_at + coach.asks_after + ANSWERED, asked)

    def _move(self, coach: Coach, appointment: Appointment) -> None:
        now = self.simulation.now
        local = appointment.local + self.random.choice(MOVES)
        before = appointment.local
        if appointment.cancelled or appointment.starts_at <= now:
            return
        changed_at = appointment.changed_at
        appointment.move(local, now)
        if appointment.starts_at < now + 12 * MINUTE or _is_odd(appointment):
            appointment.move(before, changed_at)
            return
        self._expect(coach, appointment)
        appointment.series.text = ""
        self._rewrite(coach)

    def _cancel(self, coach: Coach, appointment: Appointment) -> None:
        if appointment.cancelled or appointment.starts_at <= self.simulation.now:
            return
        appointment.cancelled = self.random.choice(("left out", "said so"))
        appointment.changed_at = self.simulation.now
        appointment.series.text = ""
        self._rewrite(coach)

    def _edit(self, coach: Coach, moment: datetime, change: Callable[[], None]) -> None:
        """What the coach does with the calendar: not while its server is away."""

        def happen() -> None:
            away_until = self.truth.calendar_away_until.get(coach.number)
            if away_until and self.simulation.now < away_until:
                self._edit(coach, away_until + MINUTE, change)
            else:
                change()

        if moment < self.end:
            self.simulation.at(moment, happen)

    def _rewrite(self, coach: Coach) -> None:
        diary = self.truth.diaries[coach.number]
        diary.forget_what_is_over(self.simulation.now)
        self.simulation.write_calendar(coach, calendar_file(diary))

    # --- What breaks -----------------------------------------------------------------------------

    def _break_things(self) -> None:
        self._restart_again(self.size.start)
        for _ in range(int(self.size.days / self.size.days_between_downtimes)):
            self.simulation.at(self._some_moment(), self._take_server_down)
        for _ in range(self.size.days // 10):
            self.simulation.at(self._some_moment(), self._get_stuck)
        for _ in range(self.size.days // 60):
            self.simulation.at(self._some_moment(), self._refuse_account)
        for coach in self.practice.coaches:
            for _ in range(self.size.days // 40):
                self._lose_calendar(coach, self._some_moment(), self.random.uniform(0.3, 9) * HOUR)

    def _some_moment(self) -> datetime:
        return self.size.start + self.random.uniform(0, self.size.days) * DAY

    def _restart_again(self, moment: datetime) -> None:
        def restart() -> None:
            self.simulation.restart()
            self._restart_again(self.simulation.now)

        if moment < self.end:
            self.simulation.at(moment + self.random.uniform(*self.size.restart_hours) * HOUR, restart)

    def _take_server_down(self) -> None:
        self.postbox.down_until = self.simulation.now + self.random.choice((10 * MINUTE, HOUR, 5 * HOUR))

    def _get_stuck(self) -> None:
        until = self.simulation.now + self.random.uniform(0.2, 6) * HOUR
        self.truth.stuck.append((self.simulation.now, until))
        self.simulation.get_stuck(until)

    def _refuse_account(self) -> None:
        self.postbox.refusing_account_until = self.simulation.now + 40 * MINUTE

    def _lose_calendar(self, coach: Coach, moment: datetime, lasts: timedelta) -> None:
        away = self.truth.calendar_away_until

        def lose() -> None:
            away[coach.number] = self.simulation.now + lasts
            self.simulation.write_calendar(coach, self.random.choice((None, BROKEN)))
            self.simulation.at(away[coach.number], come_back)

        def come_back() -> None:
            if away[coach.number] <= self.simulation.now:
                self.simulation.write_calendar(coach, calendar_file(self.truth.diaries[coach.number]))

        self.simulation.at(moment, lose)


def create_world(folder: Path, seed: int, size: Size) -> World:
    random = seed_everything(seed)
    coaches = cast(random, size.coaches, size.clients)
    truth = Truth({coach.number: Diary(coach) for coach in coaches})
    simulation = Simulation(folder, coaches, size.start, Random(random.random()))
    practice = Practice(simulation, truth, coaches, Random(random.random()), size.start + size.days * DAY)
    ledger = Ledger(truth, coaches)

    def taken(letter: Letter, now: datetime) -> None:
        ledger.taken(letter, now)
        practice.got(letter)

    postbox = Postbox(
        Random(random.random()),
        size.odds,
        now=lambda: simulation.now,
        attempted=ledger.attempted,
        taken=taken,
    )
    ledger.postbox = postbox
    simulation.mailer = postbox
    return World(seed, size, simulation, truth, practice, postbox, ledger, random)


def _is_odd(appointment: Appointment) -> bool:
    """At an hour that the clock shows twice or leaves out: two programs may read it differently."""
    zone = ZoneInfo(appointment.series.zone)
    local = appointment.local
    return (
        any(
            local.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local
            for fold in (0, 1)
        )
        or len({local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}) > 1
    )
