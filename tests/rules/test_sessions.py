"""Which event is a session? Nobody makes themselves a client by sending an invitation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailflow.model import PassedOver
from mailflow.rules.sessions import Clients, Event, Person, SessionRule, clients_of
from tests.builders import ANNA, JANE, TOM

COACH = frozenset({ANNA.email, "anna@private.example"})


def person(email: str = JANE.email, *, accepted: bool = False, declined: bool = False) -> Person:
    return Person(email=email, name="", accepted=accepted, declined=declined)


def event(
    *people: Person,
    organizer: str = ANNA.email,
    title: str = "Coaching",
    categories: tuple[str, ...] = (),
    all_day: bool = False,
    cancelled: bool = False,
) -> Event:
    return Event(
        title=title,
        categories=categories,
        organizer=organizer,
        organizer_name="",
        people=people or (person(),),
        all_day=all_day,
        cancelled=cancelled,
    )


STRANGER = "stranger@evil.example"
JUST_JANE = person()
COACH_ACCEPTED = person(ANNA.email, accepted=True)
COACH_SILENT = person(ANNA.email)


@pytest.mark.parametrize(
    "found",
    [
        event(JUST_JANE),
        event(COACH_ACCEPTED, JUST_JANE),
        event(COACH_SILENT, JUST_JANE),
        event(JUST_JANE, organizer=""),
        event(JUST_JANE, organizer="ANNA@Coach.Example"),
        event(JUST_JANE, organizer="anna@private.example"),
        event(person("ANNA@private.EXAMPLE"), JUST_JANE),
        event(COACH_ACCEPTED, JUST_JANE, organizer=JANE.email),
        event(COACH_ACCEPTED, JUST_JANE, organizer="4f2a@group.calendar.google.com"),
        event(JUST_JANE, JUST_JANE),
        event(JUST_JANE, person("JANE@client.example")),
    ],
    ids=[
        "organised by the coach",
        "the coach is an attendee too",
        "the organiser need not accept",
        "no organiser: nobody else made it",
        "organiser in other letters",
        "organised from an alias",
        "alias among the attendees",
        "organised by the client and accepted",
        "of a second calendar and accepted",
        "client twice",
        "client twice in other letters",
    ],
)
def test_event_with_one_other_person_that_the_coach_wants_is_a_session(found: Event) -> None:
    there = clients_of(found, COACH)

    assert isinstance(there, Clients)
    (client,) = there.people
    assert client.email.casefold() == JANE.email
    assert not there.is_group


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (event(COACH_SILENT, person(STRANGER), organizer=STRANGER), PassedOver.NOT_ACCEPTED),
        (event(person(STRANGER, accepted=True), organizer=STRANGER), PassedOver.NOT_ACCEPTED),
        (event(person(STRANGER, accepted=True), COACH_SILENT, organizer=STRANGER), PassedOver.NOT_ACCEPTED),
        (event(person(ANNA.email, declined=True), JUST_JANE, organizer=JANE.email), PassedOver.DECLINED),
        (event(person(ANNA.email, declined=True), JUST_JANE), PassedOver.DECLINED),
        (event(COACH_ACCEPTED, person(declined=True)), PassedOver.CLIENT_DECLINED),
        (event(COACH_ACCEPTED), PassedOver.NO_ATTENDEE),
        (event(JUST_JANE, person(TOM.email)), PassedOver.SEVERAL_ATTENDEES),
        (event(COACH_ACCEPTED, person(TOM.email), organizer=JANE.email), PassedOver.SEVERAL_ATTENDEES),
        (event(JUST_JANE, all_day=True), PassedOver.ALL_DAY),
        (event(JUST_JANE, cancelled=True), PassedOver.CANCELLED),
        (replace(event(), people=()), PassedOver.NO_ATTENDEE),
    ],
)
def test_event_is_passed_over_for_a_reason(found: Event, reason: PassedOver) -> None:
    assert clients_of(found, COACH) is reason


RULES = (
    SessionRule(title=r"^Coaching\b"),
    SessionRule(title="1:1", category="Client"),
    SessionRule(location=r"zoom\.us/"),
)


@pytest.mark.parametrize(
    ("found", "is_session"),
    [
        (event(title="coaching with Jane"), True),
        (event(title="Dinner"), False),
        (event(title="1:1", categories=("client",)), True),
        (event(title="1:1"), False),
        (event(title="Dinner", categories=("Client",)), False),
        (event(title="Coaching", all_day=True), True),
        (replace(event(title="Dinner"), location="https://ZOOM.us/j/1"), True),
        (replace(event(title="Dinner"), location="Zoom"), False),
    ],
)
def test_with_only_rules_nothing_else_is_a_session(found: Event, is_session: bool) -> None:
    client = clients_of(found, COACH, RULES, only_rules=True)

    assert isinstance(client, Clients) if is_session else client is PassedOver.NO_RULE


ZOE, ZOE_TOO = (Person(f"{name}@client.example", "Zoe", accepted=False, declined=False) for name in ("zoe", "zoe2"))


@pytest.mark.parametrize(
    ("found", "listed", "expected"),
    [
        (event(COACH_ACCEPTED, title="Zoe, 3rd"), [("Zoe", ZOE)], ZOE),
        (event(COACH_ACCEPTED, title="with zoe"), [("Zoe", ZOE), ("Zoe Klein", ZOE)], ZOE),
        (event(COACH_ACCEPTED, title="Zoey"), [("Zoe", ZOE)], PassedOver.NO_ATTENDEE),
        (event(COACH_ACCEPTED, title="Zoe"), [("Zoe", ZOE), ("Zoe", ZOE_TOO)], PassedOver.SEVERAL_ATTENDEES),
        (event(COACH_ACCEPTED, title="(.*)"), [("(.*)", ZOE)], ZOE),
        (event(COACH_ACCEPTED, title="Dinner"), [("(.*)", ZOE)], PassedOver.NO_ATTENDEE),
        (event(JUST_JANE, title="Zoe"), [("Zoe", ZOE)], JUST_JANE),
        (event(COACH_ACCEPTED, title="Zoe", cancelled=True), [("Zoe", ZOE)], PassedOver.CANCELLED),
        (event(COACH_SILENT, title="Zoe", organizer=STRANGER), [("Zoe", ZOE)], PassedOver.NOT_ACCEPTED),
        (event(replace(JUST_JANE, email="", name="Zoe")), [("Zoe", ZOE)], ZOE),
        (event(replace(JUST_JANE, email="", name="Ida")), [("Zoe", ZOE)], PassedOver.NO_ADDRESS),
    ],
)
def test_listed_name_in_the_title_decides_only_where_nobody_is_invited(
    found: Event, listed: list[tuple[str, Person]], expected: Person | PassedOver
) -> None:
    there = clients_of(found, COACH, listed=listed)
    assert there == (Clients((expected,)) if isinstance(expected, Person) else expected)


def test_rule_does_not_take_away_what_is_a_session_without_it() -> None:
    assert isinstance(clients_of(event(title="Dinner"), COACH, RULES), Clients)


def test_rule_does_not_let_a_stranger_in() -> None:
    invitation = event(COACH_SILENT, person(STRANGER), organizer=STRANGER, title="Coaching")

    assert clients_of(invitation, COACH, RULES, only_rules=True) is PassedOver.NOT_ACCEPTED


BOOKINGS = "bookings@practice.example"
BOOKING_RULES = (SessionRule(organizer="Bookings@practice.example"),)


@pytest.mark.parametrize("people", [(JUST_JANE,), (JUST_JANE, person(BOOKINGS))])
def test_rule_lets_the_events_of_a_booking_program_in(people: tuple[Person, ...]) -> None:
    booking = event(*people, organizer=BOOKINGS)
    assert clients_of(booking, COACH, BOOKING_RULES) == Clients((JUST_JANE,))
    assert clients_of(booking, COACH) is PassedOver.NOT_ACCEPTED


def test_client_who_organised_it_is_the_client_also_where_no_attendee_says_so() -> None:
    """Outlook lists those who were invited, and no organiser."""
    organised = replace(event(COACH_ACCEPTED, organizer=JANE.email), organizer_name="Jane Doe")
    assert clients_of(organised, COACH) == Clients((Person(JANE.email, "Jane Doe", accepted=True, declined=False),))


def test_assistant_who_makes_the_appointments_is_named_by_a_rule() -> None:
    made = event(COACH_ACCEPTED, JUST_JANE, organizer="assistant@coach.example")
    assert clients_of(made, COACH) is PassedOver.SEVERAL_ATTENDEES
    assert clients_of(made, COACH, (SessionRule(organizer="assistant@coach.example"),)) == Clients((JUST_JANE,))


def test_title_of_a_rule_does_not_let_a_strangers_event_in() -> None:
    """Some calendars add by themselves what comes by mail."""
    stranger = event(person(STRANGER), organizer=STRANGER)
    assert clients_of(stranger, COACH, (*RULES, *BOOKING_RULES)) is PassedOver.NOT_ACCEPTED


def test_booking_program_that_invites_the_coach_waits_for_the_coach_to_accept() -> None:
    booking = event(COACH_SILENT, JUST_JANE, organizer=BOOKINGS)
    assert clients_of(booking, COACH, BOOKING_RULES) is PassedOver.NOT_ACCEPTED


def test_rule_does_not_bring_a_cancelled_event_back() -> None:
    assert clients_of(event(title="Coaching", cancelled=True), COACH, RULES) is PassedOver.CANCELLED


GROUP = (SessionRule(title="^Group", group=True),)
JUST_TOM = person(TOM.email)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (event(JUST_JANE, JUST_TOM, title="Group 1"), Clients((JUST_JANE, JUST_TOM), is_group=True)),
        (event(JUST_JANE, title="Group 1"), Clients((JUST_JANE,), is_group=True)),
        (
            event(JUST_JANE, person(TOM.email, declined=True), title="Group 1"),
            Clients((JUST_JANE,), is_group=True),
        ),
        (event(person(declined=True), person(TOM.email, declined=True), title="Group 1"), PassedOver.CLIENT_DECLINED),
        (event(JUST_JANE, replace(JUST_TOM, email=""), title="Group 1"), PassedOver.NO_ADDRESS),
        (event(COACH_ACCEPTED, title="Group 1"), PassedOver.NO_ATTENDEE),
        (event(COACH_SILENT, JUST_JANE, JUST_TOM, title="Group 1", organizer=STRANGER), PassedOver.NOT_ACCEPTED),
        (event(JUST_JANE, JUST_TOM, title="Dinner"), PassedOver.SEVERAL_ATTENDEES),
    ],
)
def test_group_is_one_only_where_a_rule_says_so(found: Event, expected: Clients | PassedOver) -> None:
    assert clients_of(found, COACH, GROUP) == expected
