"""A client's own device: a fresh link makes it show earlier sessions until it is signed out, by a signed cookie."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from mailflow.flows.open import open_link
from mailflow.flows.pages import Pages, Site
from mailflow.model import Link, LinkPurpose
from mailflow.store import actions, clients, links
from mailflow.store.database import Database, Transaction
from mailflow.tokens import cookie_of, is_genuine_cookie, read_cookie

log = structlog.get_logger()

STAYS = links.LIFETIME[LinkPurpose.DEVICE]


def remember_device(database: Database, site: Site, token: str, now: datetime) -> str | None:
    """The cookie for a device on which a fresh link was opened; None where the token opens nothing."""
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.HISTORY, site.key, now)
        if link is None:
            return None
        device = links.ensure(tx, now, LinkPurpose.DEVICE, link.client_id, link.client_id)
        pages = Pages(site, partial(links.ensure, tx, now))
        for action in actions.still_open(tx, link.client_id, before_note=None):
            pages.action(action)  # the link of the homework may have expired
    log.info("device.remembered", client=link.client_id)
    return cookie_of(device, now + STAYS, site.key)


def open_device(tx: Transaction, cookie: str, key: bytes, now: datetime) -> Link | None:
    """The link of the device with this cookie, which names the client; None where it opens nothing."""
    claimed = read_cookie(cookie)
    if claimed is None:
        return None
    link_id, expires_at = claimed
    link = links.find(tx, link_id)
    if link is None or not is_genuine_cookie(cookie, link, expires_at, key) or link.purpose is not LinkPurpose.DEVICE:
        return None
    if link.revoked_at is not None or expires_at <= now:
        return None
    return replace(link, client_id=clients.get(tx, link.client_id).id)


def forget_devices(database: Database, cookie: str, key: bytes, now: datetime) -> None:
    """Signs out every device of the client whose cookie this is; a fresh link signs one in again."""
    with database.write() as tx:
        link = open_device(tx, cookie, key, now)
        if link is None:
            return
        links.revoke_of_client(tx, link.client_id, [LinkPurpose.DEVICE, LinkPurpose.HISTORY], now)
    log.info("devices.forgotten", client=link.client_id)
