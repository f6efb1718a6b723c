"""A token is presented: the link it opens, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mailflow.model import Link, LinkPurpose
from mailflow.store import clients, links
from mailflow.store.database import Transaction
from mailflow.tokens import is_genuine, link_id_of


def open_link(tx: Transaction, token: str, purpose: LinkPurpose, key: bytes, now: datetime) -> Link | None:
    """The link for this token. None for one that is wrong, of another purpose, expired or revoked: all alike."""
    link_id = link_id_of(token)
    link = None if link_id is None else links.find(tx, link_id)
    if link is None or not is_genuine(token, link, key) or link.purpose is not purpose:
        return None
    if link.revoked_at is not None or (link.expires_at is not None and link.expires_at <= now):
        return None
    # Of a client who was merged into another since, it is the other's; the token still names the one before.
    return replace(link, client_id=clients.get(tx, link.client_id).id) if link.client_id else link
