"""Which event is a session? One that the coach organised or accepted, with exactly one other person, or with a group
where a rule says so.

An invitation from a stranger that the coach has not accepted is never a session: otherwise anyone could make
themselves the recipient of somebody's homework.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.model import PassedOver, address_key

GOOGLE_CALENDARS = "calendar.google.com"
"""What stands for the organiser of an event in a second calendar; it is nobody."""


MAY_HAVE_BEEN_ONE = frozenset({PassedOver.SEVERAL_ATTENDEES, PassedOver.NO_ADDRESS, PassedOver.CLIENT_DECLINED})
"""The coach met somebody there. A note that names nobody may be about them."""


@dataclass(frozen=True)
class Person:
    """Somebody in an event: the organiser or an attendee."""

    email: str
    name: str
    accepted: bool
    declined: bool


@dataclass(frozen=True)
class Event:
    """What the decision looks at."""

    title: str
    categories: tuple[str, ...]
    organizer: str
    organizer_name: str
    people: tuple[Person, ...]
    all_day: bool
    cancelled: bool
    location: str = ""


@dataclass(frozen=True)
class SessionRule:
    """Names events by patterns of title and location, a category and an organiser: those given must all fit."""

    title: str = ""
    category: str = ""
    organizer: str = ""
    location: str = ""
    group: bool = False
    """An event that it names may be with several clients."""

    def names(self, event: Event) -> bool:
        title_fits = not self.title or re.search(self.title, event.title, re.IGNORECASE) is not None
        category_fits = not self.category or self.category.casefold() in (c.casefold() for c in event.categories)
        organizer_fits = not self.organizer or address_key(self.organizer) == address_key(event.organizer)
        location_fits = not self.location or re.search(self.location, event.location, re.IGNORECASE) is not None
        return title_fits and category_fits and organizer_fits and location_fits


@dataclass(frozen=True)
class Clients:
    """Who is in a session: one client, or any number where a rule says that it `is_group`."""

    people: tuple[Person, ...]
    is_group: bool = False


def clients_of(
    event: Event,
    coach: frozenset[str],
    rules: Sequence[SessionRule] = (),
    *,
    only_rules: bool = False,
    other_coaches: frozenset[str] = frozenset(),
    listed: Sequence[tuple[str, Person]] = (),
) -> Clients | PassedOver:
    """Whose session it is, or why it is none.

    `coach` and `other_coaches` are addresses by their key (model.address_key): in a session that another coach
    organised, this one is the client. An event that a rule names counts also where it lasts all day; with `only_rules`
    no other counts. Where a rule gives the organiser, an event of theirs counts that the coach is not invited to:
    booking programs make such events. An invitation that the coach has not accepted never counts. Whoever else
    organised it is in it, also where no attendee says so (Outlook lists the attendees only), unless a rule gives the
    organiser: an assistant of the coach's. Where nobody else is invited, or somebody without an address, a name that a
    person listed for a client decides, if the title or the attendee's line has it.
    """
    naming = [rule for rule in rules if rule.names(event)]
    named = bool(naming)
    if event.cancelled:
        return PassedOver.CANCELLED
    if only_rules and not named:
        return PassedOver.NO_RULE
    if event.all_day and not named:
        return PassedOver.ALL_DAY
    own = [person for person in event.people if address_key(person.email) in coach]
    if any(person.declined for person in own):
        return PassedOver.DECLINED
    if address_key(event.organizer) in other_coaches:
        return PassedOver.ANOTHER_COACH
    accepted = any(person.accepted for person in own)
    organised = address_key(event.organizer) in coach or (not event.organizer and not own)
    booked = not own and any(rule.organizer for rule in naming)
    if not (organised or accepted or booked):
        return PassedOver.NOT_ACCEPTED
    is_group = any(rule.group for rule in naming)
    others = _others(event, coach, named_organizer=any(rule.organizer for rule in naming))
    if not others or list(others) == [""]:
        named_there = _named_in((event.title, *(person.name for person in others.values())), listed)
        if len(named_there) == 1:
            return Clients((named_there.pop(),), is_group=is_group)
        if named_there:
            return PassedOver.SEVERAL_ATTENDEES
        return PassedOver.NO_ADDRESS if others else PassedOver.NO_ATTENDEE
    if len(others) > 1 and not is_group:
        return PassedOver.SEVERAL_ATTENDEES
    if "" in others:
        return PassedOver.NO_ADDRESS
    there = tuple(person for person in others.values() if not person.declined)
    return Clients(there, is_group=is_group) if there else PassedOver.CLIENT_DECLINED


def _named_in(texts: Sequence[str], listed: Sequence[tuple[str, Person]]) -> set[Person]:
    """The clients whose listed name stands in one of the texts, as words of its own."""
    return {
        person
        for name, person in listed
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for text in texts)
    }


def _others(event: Event, coach: frozenset[str], *, named_organizer: bool) -> dict[str, Person]:
    """Who is in it but the coach, by the key of the address."""
    known, people = coach, list(event.people)
    if named_organizer:
        known = coach | {address_key(event.organizer)}
    elif "@" in event.organizer and not event.organizer.endswith(GOOGLE_CALENDARS):
        people.append(Person(event.organizer, event.organizer_name, accepted=True, declined=False))
    others: dict[str, Person] = {}
    for person in people:  # what an attendee's line says of a person comes first
        if address_key(person.email) not in known:
            others.setdefault(address_key(person.email), person)
    return others
