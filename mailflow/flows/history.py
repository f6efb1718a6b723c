"""What only the client may see: all their actions, earlier sessions, and what they wrote. Looking writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from mailflow.flows.answer import closing_session, is_editable
from mailflow.flows.device import STAYS, open_device
from mailflow.flows.gather import action_views, name_of
from mailflow.flows.open import open_link
from mailflow.flows.pages import Pages, Site
from mailflow.model import Action, LinkPurpose, Note, Session
from mailflow.store import actions, clients, coaches, links, notes, sessions
from mailflow.store.database import Transaction
from mailflow.views.pages import FreshPage, HistoryPage, PastSession
from mailflow.views.parts import ActionView

PAGE = 10
"""How many sessions are shown at once."""


def show_fresh(tx: Transaction, site: Site, token: str, now: datetime) -> tuple[FreshPage, str] | None:
    """What the fresh link opens: one button. None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.HISTORY, site.key, now)
    if link is None:
        return None
    coach = coaches.get(tx, clients.get(tx, link.client_id).coach_id)
    return FreshPage(coach_name=coach.name, days=STAYS.days), coach.language


def show_history(
    tx: Transaction, site: Site, cookie: str, now: datetime, *, page: int = 1
) -> tuple[HistoryPage, str] | None:
    """All of a client's actions, the latest session first; None where the device is not the client's."""
    device = open_device(tx, cookie, site.key, now)
    if device is None:
        return None
    client = clients.get(tx, device.client_id)
    coach = coaches.get(tx, client.coach_id)
    zone = ZoneInfo(coach.timezone)
    listed = notes.sent_to(tx, client.id, PAGE + 1, skipped=(page - 1) * PAGE)
    pages = Pages(site, partial(links.of, tx))
    next_session = sessions.next_of_client(tx, client.id, now)
    still_open = actions.still_open(tx, client.id, before_note=None)
    view = HistoryPage(
        coach_name=coach.name,
        client_name=name_of(client),
        open=_shown(tx, still_open, zone, next_session, pages, now) if page == 1 else (),
        sessions=tuple(_past(tx, note, zone, pages, now) for note in listed[:PAGE]),
        newer=page - 1,
        older=page + 1 if len(listed) > PAGE else 0,
        calendar_url=pages.calendar(client.id),
    )
    return view, coach.language


def _past(tx: Transaction, note: Note, zone: ZoneInfo, pages: Pages, now: datetime) -> PastSession:
    session = None if note.session_id is None else sessions.get(tx, note.session_id)
    assert note.client_id is not None
    following = sessions.next_of_client(tx, note.client_id, note.written_at)
    noted = actions.of_note(tx, note.id)
    went = actions.mailed(tx, [action.id for action in noted])
    listed = [action for action in noted if action.id in went]
    return PastSession(
        day=(note.written_at if session is None else session.starts_at).astimezone(zone).date(),
        summary=note.summary,
        actions=_shown(tx, listed, zone, following, pages, now),
    )


def _shown(
    tx: Transaction, listed: list[Action], zone: ZoneInfo, next_session: Session | None, pages: Pages, now: datetime
) -> tuple[ActionView, ...]:
    """With the page of each action that can still be answered."""
    editable = {action.id for action in listed if is_editable(action, closing_session(tx, action), now)}
    views = action_views(tx, listed, zone, next_session=next_session, url=pages.action)
    return tuple(view if view.id in editable else replace(view, url="") for view in views)
