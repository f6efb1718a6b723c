"""A page is looked at: what it shows, and in which language. Looking writes nothing."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from mailflow.flows.answer import agreed_at, closing_session, is_editable
from mailflow.flows.correct import may_be_edited
from mailflow.flows.gather import (
    action_views,
    candidate_value,
    candidate_views,
    candidates_of,
    homework_view,
    listed_actions,
    name_of,
    perhaps_with,
    review_view,
    situation_of,
    why_stopped,
)
from mailflow.flows.open import open_link
from mailflow.flows.pages import Pages, Site
from mailflow.flows.settle import may_settle
from mailflow.model import Action, Answer, LinkPurpose
from mailflow.rules.clarity import on_the_list
from mailflow.store import actions, clients, coaches, links, notes, outbox, sessions
from mailflow.store.database import Transaction
from mailflow.views.emails import HomeworkView, ReviewView
from mailflow.views.pages import ActionPage, NotePage, OptOutPage, ReviewPage
from mailflow.views.parts import ActionView


def show_action(
    tx: Transaction, site: Site, token: str, now: datetime, *, chosen: Answer | None = None, saved: bool = False
) -> tuple[ActionPage, str] | None:
    """One action to complete and reflect on; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.ACTION, site.key, now)
    if link is None:
        return None
    action = actions.find(tx, link.subject_id)
    if action is None or action.client_id is None or action.client_id != link.client_id:
        return None
    coach, client = coaches.get(tx, action.coach_id), clients.get(tx, action.client_id)
    zone = ZoneInfo(coach.timezone)
    closing = closing_session(tx, action)
    pages = Pages(site, partial(links.of, tx))
    show = partial(action_views, tx, zone=zone, next_session=closing, url=pages.action)
    editable = is_editable(action, closing, now)
    shown = show([action])[0]
    written = actions.latest_reflections(tx, [action.id]).get(action.id)
    is_earlier = written is not None and written.saved_at < agreed_at(tx, action)
    if not editable or is_earlier:  # whoever was given the email by then may open the link, but not read the words
        shown = replace(shown, reflection="", obstacle="", usefulness=None)
    view = ActionPage(
        coach_name=coach.name,
        client_name=name_of(client),
        action=shown,
        chosen=chosen or action.answer,
        next_session_at=None if closing is None else closing.starts_at.astimezone(zone),
        editable=editable,
        saved=saved and editable and action.answer is not None,
        error=False,
        form_id=secrets.token_urlsafe(12),
        others=show(_unanswered_others(tx, action)),
        all_url=pages.homework(action.note_id, client.id),
    )
    return view, coach.language


def with_draft(
    page: ActionPage, reflection: str, obstacle: str, form_id: str, usefulness: int | None = None
) -> ActionPage:
    """The page after a form without an answer: nothing that was typed is lost."""
    action = replace(page.action, reflection=reflection, obstacle=obstacle, usefulness=usefulness)
    return replace(page, action=action, error=True, form_id=form_id)


def _unanswered_others(tx: Transaction, action: Action) -> list[Action]:
    assert action.client_id is not None
    still_open = actions.still_open(tx, action.client_id, before_note=None)
    # The email may have been forwarded: its links show what stands in it, and nothing of a later one.
    note = notes.get(tx, action.note_id)
    older = {other.id for other in actions.still_open(tx, action.client_id, before_note=note)}
    return [
        other
        for other in still_open
        if (other.id in older or other.note_id == note.id) and other.id != action.id and other.answer is None
    ]


def show_homework(tx: Transaction, site: Site, token: str, now: datetime) -> tuple[HomeworkView, str] | None:
    """All of a client's actions as of one homework; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.HOMEWORK, site.key, now)
    if link is None:
        return None
    note = notes.get(tx, link.subject_id)
    if note.client_id is None or note.client_id != link.client_id:
        return None
    view = homework_view(tx, note, note.client_id, Pages(site, partial(links.of, tx)))
    went = actions.mailed(tx, [action.id for action in view.actions])
    view = replace(view, actions=tuple(action for action in view.actions if action.id in went))
    return view, coaches.get(tx, note.coach_id).language


def show_opt_out(tx: Transaction, site: Site, token: str, now: datetime) -> tuple[OptOutPage, str] | None:
    """Whether the client gets homework by mail; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.OPT_OUT, site.key, now)
    if link is None:
        return None
    client = clients.get(tx, link.subject_id)
    coach = coaches.get(tx, client.coach_id)
    return OptOutPage(coach_name=coach.name, opted_out=client.opted_out_at is not None), coach.language


def show_note(
    tx: Transaction, site: Site, token: str, now: datetime, *, wanted: str = "", chosen: str = "", done: str = ""
) -> tuple[NotePage, str] | None:
    """The coach's page behind the receipt and the question; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.NOTE, site.key, now)
    if link is None:
        return None
    note = notes.get(tx, link.subject_id)
    situation = situation_of(tx, note)
    homework = None if note.client_id is None else outbox.latest_homework(tx, note.id, note.client_id)
    candidates = candidates_of(tx, note)
    listed = listed_actions(tx, note)
    pages = Pages(site, partial(links.of, tx))
    current = "" if note.client_id is None else candidate_value(note.client_id, note.session_id)
    view = NotePage(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        subject=note.subject,
        session_at=situation.session_at(situation.session),
        actions=action_views(tx, listed, situation.zone, next_session=situation.next_session),
        state=None if homework is None else homework.state,
        homework_at=None if homework is None else situation.local(homework.planned_at),
        undeliverable=why_stopped(situation.client, homework),
        perhaps_with=perhaps_with(tx, note),
        candidates=candidate_views(candidates, situation.zone, ""),
        wanted=wanted,
        chosen=chosen or current,
        done=done,
        edit_url=f"{pages.note(note.id)}?do=edit" if may_be_edited(tx, note, now) else "",
        summary=note.summary,
        too_many=on_the_list(listed),
    )
    return view, situation.coach.language


def show_review(
    tx: Transaction, site: Site, token: str, now: datetime, *, done: str = "", about: int = 0
) -> tuple[ReviewPage, str] | None:
    """The coach's page behind the review; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.REVIEW, site.key, now)
    if link is None:
        return None
    session = sessions.get(tx, link.subject_id)
    pages = Pages(site, partial(links.of, tx))
    review = review_view(tx, session, pages.review(session.id), on_page=True)
    if review is None:
        return None
    shown = [_with_buttons(tx, one, now) for one in review.everybody]
    view = ReviewPage(review=replace(shown[0], others=tuple(shown[1:])), done=done, about=about)
    return view, coaches.get(tx, session.coach_id).language


def _with_buttons(tx: Transaction, review: ReviewView, now: datetime) -> ReviewView:
    """What is open, or was closed on this page, can be settled."""
    session = sessions.get(tx, review.session_id)
    if not may_settle(tx, session, now):
        return review

    def marked(some: tuple[ActionView, ...]) -> tuple[ActionView, ...]:
        known = [(view, actions.get(tx, view.id)) for view in some]
        return tuple(replace(view, can_settle=one.open or one.settled_in == session.id) for view, one in known)

    return replace(review, agreed=marked(review.agreed), carried=marked(review.carried))
