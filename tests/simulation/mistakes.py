"""Mistakes in mailflow that the books must show: otherwise the simulation would prove nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mailflow.flows import (
    answer,
    ask_for_notes,
    deliver,
    gather,
    hear,
    letters,
    nudge,
    plan,
    process,
    sync,
    wanted,
)
from mailflow.model import Coach, Note, Nudge, OutboundEmail, Session
from mailflow.rules import timing
from mailflow.rules.matching import Ask, Evidence, Match, match_note
from mailflow.store import actions, attempts, inbound, notes, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.views import HomeworkView

HOUR = timedelta(hours=1)
Mistake = Callable[[pytest.MonkeyPatch], None]


def gives_a_note_to_another_client(patch: pytest.MonkeyPatch) -> None:
    """To whoever comes next in the list."""

    def match(evidence: Evidence) -> Match | Ask:
        found = match_note(evidence)
        if isinstance(found, Match) and found.client_id % 3 == 0:
            return replace(found, client_id=found.client_id - 1)
        return found

    patch.setattr(process, "match_note", match)


def shares_what_is_private(patch: pytest.MonkeyPatch) -> None:
    made = gather.homework_view

    def view(tx: Transaction, note: Note, *arguments: Any) -> HomeworkView:
        return replace(made(tx, note, *arguments), summary=note.text)

    patch.setattr(letters, "homework_view", view)


def forgets_homework(patch: pytest.MonkeyPatch) -> None:
    count = itertools.count()
    planned = plan.plan_homework
    patch.setattr(process, "plan_homework", lambda *arguments: planned(*arguments) if next(count) % 5 else None)


def forgets_to_answer_the_coach(patch: pytest.MonkeyPatch) -> None:
    count = itertools.count()
    planned = plan.plan_reply
    patch.setattr(process, "plan_reply", lambda *arguments: planned(*arguments) if next(count) % 5 else None)


def takes_a_mail_that_comes_twice_for_two(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(process, "ROUTES", tuple(route for route in process.ROUTES if route is not process.route_duplicate))
    identify = inbound.identify
    count = itertools.count()

    def differently(*arguments: Any, content_id: str, **parameters: Any) -> None:
        identify(*arguments, content_id=f"{content_id}{next(count)}", **parameters)

    patch.setattr(inbound, "identify", differently)


def plans_homework_twice(patch: pytest.MonkeyPatch) -> None:
    _plan_twice(patch, "homework")


def plans_reviews_twice(patch: pytest.MonkeyPatch) -> None:
    _plan_twice(patch, "review")
    for known in ("has_review", "had_its_review"):
        patch.setattr(wanted, known, lambda *_, **__: False)


def _plan_twice(patch: pytest.MonkeyPatch, kind: str) -> None:
    planned = outbox.plan

    def plan_twice(tx: Transaction, email: outbox.NewEmail, *, revive: bool = False) -> None:
        planned(tx, email, revive=revive)
        if email.kind == kind:
            planned(tx, replace(email, key=f"{email.key}:again"), revive=revive)

    patch.setattr(outbox, "plan", plan_twice)


def makes_a_mail_anew_for_each_attempt(patch: pytest.MonkeyPatch) -> None:
    freeze = attempts.freeze

    def freeze_again(tx: Transaction, email: OutboundEmail, content: Any, now: datetime) -> None:
        tx.run("DELETE FROM outbound_raw WHERE outbound_id = :id", id=email.id)
        freeze(tx, email, content, now)

    patch.setattr(attempts, "frozen", lambda *_: None)
    patch.setattr(attempts, "freeze", freeze_again)


def sends_what_is_too_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attempts, "expire_due", lambda *_: [])


def sends_reviews_too_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan, "review_at", lambda starts_at, lead: starts_at - lead - HOUR)


def reviews_what_was_cancelled(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync, "cancel_review", lambda *_: None)
    patch.setattr(wanted, "_why_no_review", lambda *_: "")


def reviews_no_session_that_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan, "moved_on", lambda *_: False)


def forgets_the_review_of_what_is_booked_late(patch: pytest.MonkeyPatch) -> None:
    planned = plan.plan_review

    def plan_some(tx: Transaction, coach: Coach, session: Session, now: datetime) -> None:
        if session.starts_at - now > 3 * HOUR:
            planned(tx, coach, session, now)

    patch.setattr(sync, "plan_review", plan_some)


def sends_what_was_corrected(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(actions, "remove_all", lambda *_: None)
    added = actions.add_all
    patch.setattr(actions, "add_all", lambda tx, note, found, now: _add_behind(added, tx, note, found, now))


def _add_behind(added: Any, tx: Transaction, note: Note, found: Any, now: datetime) -> Any:
    tx.run("UPDATE actions SET position = position + 100 WHERE note_id = :id", id=note.id)
    return added(tx, note, found, now)


def loses_answers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(actions, "save_reflection", lambda *_: None)


def forgets_the_hold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plan, "homework_at", lambda now, *_: now)


def reads_wall_clocks_as_winter_time(patch: pytest.MonkeyPatch) -> None:
    """As if every clock went an hour behind after it was changed."""
    saved = sessions.save

    def save_late(tx: Transaction, session: Session) -> Session:
        is_summer = 4 <= session.starts_at.month < 10
        return saved(tx, replace(session, starts_at=session.starts_at + HOUR) if is_summer else session)

    patch.setattr(sessions, "save", save_late)


def reminds_whoever_has_answered(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nudge, "_has_answered", lambda *_: False)
    for room in (hear, answer):
        patch.setattr(room, "stop_nudges", lambda *_: None)


def reminds_too_early(patch: pytest.MonkeyPatch) -> None:
    moment = timing.nudge_at

    def sooner(which: Nudge, homework_at: datetime, next_starts_at: datetime) -> datetime | None:
        at = moment(which, homework_at, next_starts_at)
        return at and max(at - 12 * HOUR, homework_at)

    patch.setattr(nudge, "nudge_at", sooner)


def forgets_to_remind(patch: pytest.MonkeyPatch) -> None:
    for room in (deliver, sync):
        patch.setattr(room, "plan_nudges", lambda *_: None)


def asks_for_notes_that_came(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(notes, "came_since", lambda *_: False)


def asks_for_notes_at_once(patch: pytest.MonkeyPatch) -> None:
    planned = ask_for_notes.plan_no_notes

    def plan_early(tx: Transaction, coach: Coach, session: Session, now: datetime) -> None:
        planned(tx, replace(coach, ask_for_notes=coach.ask_for_notes and timedelta(minutes=5)), session, now)

    patch.setattr(sync, "plan_no_notes", plan_early)


def forgets_to_ask_for_notes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sync, "plan_no_notes", lambda *_: None)


def lists_in_the_morning_what_was_cancelled(patch: pytest.MonkeyPatch) -> None:
    sought = plan.sessions_of_morning

    def with_cancelled(tx: Transaction, coach: Coach, at: datetime) -> list[Session]:
        of_the_day = sessions.of_coach(tx, coach.id, at + HOUR, at + 16 * HOUR)
        return sorted({*sought(tx, coach, at), *of_the_day}, key=lambda session: session.starts_at)

    patch.setattr(letters, "sessions_of_morning", with_cancelled)


def reviews_each_and_in_the_morning(patch: pytest.MonkeyPatch) -> None:
    planned = plan._plan_morning

    def plan_both(*arguments: Any) -> bool:
        planned(*arguments)
        return False

    patch.setattr(plan, "_plan_morning", plan_both)
    patch.setattr(letters, "LIVE", ())
    for known in ("has_review", "had_its_review"):
        patch.setattr(wanted, known, lambda *_, **__: False)
    patch.setattr(plan, "had_its_review", lambda *_, **__: False)


def forgets_what_the_morning_missed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deliver, "plan_rest_of_day", lambda *_: None)


def takes_every_morning_for_one_in_london(patch: pytest.MonkeyPatch) -> None:
    moment = timing.morning_of
    patch.setattr(plan, "morning_of", lambda starts_at, at, _: moment(starts_at, at, ZoneInfo("Europe/London")))
