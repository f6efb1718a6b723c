"""Who is in the world: coaches in many zones, each with their own habits, and their clients in many more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from random import Random

CLIENT_ZONES = (
    "Africa/Johannesburg America/Argentina/Buenos_Aires America/Chicago America/Denver America/Los_Angeles "
    "America/New_York America/Sao_Paulo America/St_Johns Asia/Dubai Asia/Kathmandu Asia/Kolkata Asia/Singapore "
    "Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide Australia/Lord_Howe Australia/Sydney Europe/Berlin "
    "Europe/Lisbon Europe/London Pacific/Auckland Pacific/Chatham Pacific/Honolulu"
).split()
COACH_ZONES = (
    "Europe/Berlin America/New_York Europe/London Australia/Sydney Asia/Kolkata America/Los_Angeles "
    "Pacific/Auckland America/St_Johns America/Santiago"
).split()
FIRST_NAMES = (
    "Aïcha Alma Ben Björn Carla Chloé Dana David Elif Emma Fatima Femke Goran Hannah Ines Jane Jonas Jürgen Karim Lea "
    "Łukasz Maria Mehmet Nadia Niamh Olga Oskar Paula Priya Quentin Renée Rosalie Samir Sofia Tariq Tom Uma Vera Zoë"
).split()
FAMILY_NAMES = (
    "Abara Becker Castillo Dlamini Eriksen Fontaine Gruber Haddad Ivanova Jansen Kowalski Lindqvist Moreau Nakamura "
    "Okafor Petrov Quiroga Rahman Santoro Takahashi Ueda Vasquez Weber Xenakis Yilmaz Zimmermann"
).split()
LEADS = (timedelta(hours=2), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=12), timedelta(hours=24))
HOLDS = (timedelta(minutes=10), timedelta(0), timedelta(minutes=30), timedelta(hours=2))
NIGHTS = (None, (time(21), time(7)), (time(22, 30), time(6, 30)), None)
MORNINGS = (None, None, time(7), time(7), time(9, 30))
NUDGES: tuple[tuple[str, ...], ...] = ((), ("halfway",), ("day-before",), ("halfway", "day-before"))
QUESTIONS = (None, timedelta(hours=2))


@dataclass(frozen=True)
class Client:
    """`number` is the world's own."""

    number: int
    coach: int
    name: str
    email: str
    zone: str

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]


@dataclass(frozen=True)
class Coach:
    """`own_zones`: their calendar program calls zones by names that nobody else knows, and defines them. `morning`: the
    hour of one mail with all reviews of the day. `asks_after`: how long after a session without notes mailflow asks."""

    number: int
    name: str
    email: str
    zone: str
    lead: timedelta
    hold: timedelta
    quiet: tuple[time, time] | None
    own_zones: bool
    morning: time | None
    nudges: tuple[str, ...]
    asks_after: timedelta | None
    clients: tuple[Client, ...]

    def client_of(self, email: str) -> Client | None:
        return next((client for client in self.clients if client.email == email), None)


def cast(random: Random, coaches: int, clients: int) -> tuple[Coach, ...]:
    """So many coaches, with so many clients each."""
    return tuple(_coach(random, number, clients) for number in range(coaches))


def _coach(random: Random, number: int, clients: int) -> Coach:
    return Coach(
        number=number,
        name=f"Anna Berg{number}",
        email=f"anna{number}@coach.example",
        zone=COACH_ZONES[number % len(COACH_ZONES)] if number < len(COACH_ZONES) else random.choice(COACH_ZONES),
        lead=random.choice(LEADS),
        hold=random.choice(HOLDS),
        quiet=random.choice(NIGHTS),
        own_zones=random.random() < 0.3,
        morning=random.choice(MORNINGS),
        nudges=random.choice(NUDGES),
        asks_after=random.choice(QUESTIONS),
        clients=tuple(
            Client(
                number=number * clients + index,
                coach=number,
                name=name,
                email=f"client{number * clients + index}@client.example",
                zone=random.choice(CLIENT_ZONES),
            )
            for index, name in enumerate(_names(random, clients))
        ),
    )


def _names(random: Random, count: int) -> list[str]:
    """Different names, of which the second shares its first name with the first."""
    first = [random.choice(FIRST_NAMES) for _ in range(count)]
    if count > 1:
        first[1] = first[0]
    family = random.sample(FAMILY_NAMES, min(count, len(FAMILY_NAMES)))
    family += [f"{random.choice(FAMILY_NAMES)}{number}" for number in range(count - len(family))]
    return [f"{one} {other}" for one, other in zip(first, family, strict=True)]
