"""Coaches, as the settings name them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import time, timedelta

from mailflow.model import Coach, Nudge, address_key
from mailflow.store.database import Row, Transaction


def save_all(tx: Transaction, coaches: Sequence[Coach]) -> None:
    """Makes these, and no others, the active coaches. Nothing of a coach who left is deleted.

    One whose address changed stays the same coach where the old address is an alias now, and the name is the same.
    """
    tx.run("UPDATE coaches SET active = 0")
    emails = {address_key(coach.email) for coach in coaches}
    for coach in coaches:
        _take_over_address(tx, coach, {address_key(alias) for alias in coach.aliases} - emails)
        tx.run(
            """
            INSERT INTO coaches (email, name, timezone, aliases, language, date_order, hold_seconds,
                                 review_lead_seconds, action_headings, quiet, morning, nudges, ask_for_notes_seconds,
                                 active)
            VALUES (:email, :name, :timezone, :aliases, :language, :date_order, :hold, :lead, :action_headings,
                    :quiet, :morning, :nudges, :ask_for_notes, 1)
            ON CONFLICT (email) DO UPDATE SET name = :name, timezone = :timezone, aliases = :aliases,
                language = :language, date_order = :date_order, hold_seconds = :hold, review_lead_seconds = :lead,
                action_headings = :action_headings, quiet = :quiet, morning = :morning, nudges = :nudges,
                ask_for_notes_seconds = :ask_for_notes, active = 1
            """,
            email=address_key(coach.email),
            name=coach.name,
            timezone=coach.timezone,
            aliases=json.dumps(coach.aliases),
            language=coach.language,
            date_order=coach.date_order,
            hold=int(coach.hold.total_seconds()),
            lead=int(coach.review_lead.total_seconds()),
            action_headings=json.dumps(coach.action_headings),
            quiet="" if coach.quiet is None else "-".join(f"{moment:%H:%M}" for moment in coach.quiet),
            morning="" if coach.morning is None else f"{coach.morning:%H:%M}",
            nudges=json.dumps(coach.nudges),
            ask_for_notes=None if coach.ask_for_notes is None else int(coach.ask_for_notes.total_seconds()),
        )


def _take_over_address(tx: Transaction, coach: Coach, aliases: Collection[str]) -> None:
    """The name, because a successor may get the mail of the coach before. No alias of an earlier coach will do: such an
    address may be an office's, and be given to somebody else."""
    earlier = [get_by_email(tx, alias) for alias in aliases]
    known = [found for found in earlier if found is not None and found.name == coach.name]
    if get_by_email(tx, address_key(coach.email)) is None and len(known) == 1:
        tx.run("UPDATE coaches SET email = :email WHERE id = :id", email=address_key(coach.email), id=known[0].id)


def active(tx: Transaction) -> list[Coach]:
    """Every active coach, in the order in which they were first named."""
    return [to_coach(row) for row in tx.all("SELECT * FROM coaches WHERE active = 1 ORDER BY id")]


def is_active(tx: Transaction, coach_id: int) -> bool:
    """Whether the settings still name the coach."""
    return bool(tx.value("SELECT active FROM coaches WHERE id = :id", id=coach_id))


def get(tx: Transaction, coach_id: int) -> Coach:
    """The coach, active or not."""
    row = tx.one("SELECT * FROM coaches WHERE id = :id", id=coach_id)
    assert row is not None, f"no coach {coach_id}"
    return to_coach(row)


def get_by_email(tx: Transaction, email: str) -> Coach | None:
    """The coach, active or not, whose address has this key; no alias counts."""
    row = tx.one("SELECT * FROM coaches WHERE email = :email", email=email)
    return None if row is None else to_coach(row)


def to_coach(row: Row) -> Coach:
    return Coach(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        timezone=row["timezone"],
        aliases=tuple(json.loads(row["aliases"])),
        language=row["language"],
        date_order=row["date_order"],
        hold=timedelta(seconds=row["hold_seconds"]),
        review_lead=timedelta(seconds=row["review_lead_seconds"]),
        action_headings=tuple(json.loads(row["action_headings"])),
        quiet=_to_quiet(row["quiet"]),
        morning=time.fromisoformat(row["morning"]) if row["morning"] else None,
        nudges=tuple(Nudge(nudge) for nudge in json.loads(row["nudges"])),
        ask_for_notes=_to_delay(row["ask_for_notes_seconds"]),
    )


def _to_delay(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _to_quiet(text: str) -> tuple[time, time] | None:
    start, _, end = text.partition("-")
    return (time.fromisoformat(start), time.fromisoformat(end)) if text else None
