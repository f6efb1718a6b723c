"""A client's own calendar shows when actions are due: an address that the client makes and revokes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from mailflow.calendars import DueDay, Feed
from mailflow.flows.device import open_device
from mailflow.flows.gather import action_views
from mailflow.flows.open import open_link
from mailflow.flows.pages import Site
from mailflow.model import LinkPurpose
from mailflow.store import actions, clients, coaches, links, sessions
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()

FeedWish = Literal["calendar", "no-calendar"]


def change_feed(database: Database, site: Site, cookie: str, wish: FeedWish, now: datetime) -> bool:
    """Makes the address, or kills it for good: the next one is another. False where the device is nobody's."""
    with database.write() as tx:
        device = open_device(tx, cookie, site.key, now)
        if device is None:
            return False
        if wish == "calendar":
            links.ensure(tx, now, LinkPurpose.CALENDAR, device.client_id, device.client_id)
        else:
            links.revoke_of_client(tx, device.client_id, [LinkPurpose.CALENDAR], now)
    log.info("feed.changed", client=device.client_id, wish=wish)
    return True


def show_feed(tx: Transaction, site: Site, token: str, now: datetime) -> Feed | None:
    """What is open and has a day, in the words of the action and no others; None where the token opens nothing."""
    link = open_link(tx, token, LinkPurpose.CALENDAR, site.key, now)
    if link is None:
        return None
    coach = coaches.get(tx, clients.get(tx, link.client_id).coach_id)
    still_open = actions.still_open(tx, link.client_id, before_note=None)
    next_session = sessions.next_of_client(tx, link.client_id, now)
    host = urlsplit(site.base_url).hostname
    views = action_views(tx, still_open, ZoneInfo(coach.timezone), next_session=next_session)
    return Feed(
        name=coach.name,
        days=tuple(DueDay(f"action-{view.id}@{host}", view.due_on, view.text) for view in views if view.due_on),
    )
