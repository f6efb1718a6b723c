"""A coach invites mailflow to a session: for one whose calendar cannot be reached, the invitations are the calendar."""

from __future__ import annotations

from mailflow.flows.arrival import Arrival, Outcome
from mailflow.model import InboundStatus
from mailflow.store import calendars, invitations
from mailflow.store.database import Database, Transaction


def is_invitation(arrival: Arrival) -> bool:
    """Whether it says that it is from a coach who has such a calendar, and invites to something or takes it back."""
    return arrival.coach is not None and arrival.coach.email in arrival.invited and bool(arrival.email.invitations)


def route_invitation(tx: Transaction, arrival: Arrival) -> Outcome | None:
    """None where it is none, or a note stands in it as well."""
    coach = arrival.coach
    if coach is None or not is_invitation(arrival):
        return None
    for text in arrival.email.invitations:
        invitations.add(tx, coach.id, arrival.inbound.id, text)
    calendars.make_due(tx, coach.id, arrival.invited[coach.email])
    if arrival.parsed is not None and arrival.parsed.says_what_to_do:
        return None
    return Outcome(InboundStatus.PROCESSED, "an invitation: what it says is in the coach's calendar of invitations")


def invitation_texts(database: Database, coach_id: int) -> list[bytes]:
    """What came of them, the oldest first."""
    with database.read() as tx:
        return invitations.of_coach(tx, coach_id)
