"""A client asks for a fresh link: it goes to the address on file, whatever the link that they have opens by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from mailflow.flows.gather import name_of
from mailflow.flows.pages import Pages
from mailflow.flows.plan import why_undeliverable
from mailflow.model import Link, LinkPurpose, OutboundEmail, OutboundKind, OutboundState
from mailflow.store import clients, coaches, links, outbox
from mailflow.store.database import Database, Transaction
from mailflow.store.outbox import NewEmail
from mailflow.tokens import is_genuine, link_id_of
from mailflow.views.emails import FreshLinkView

log = structlog.get_logger()

OTHER_ADDRESS = "the client has another address by now"
HOUR = 3600


def ask_fresh_link(database: Database, token: str, key: bytes, now: datetime) -> bool:
    """Plans the mail, one an hour for a client at most. False where none is: nobody may be told which it was.

    Also for a client who wants no homework by mail, because they ask for it themselves.
    """
    with database.read() as tx:
        link = _link_once_given(tx, token, key)
    if link is None or not link.client_id:
        return False
    with database.write() as tx:
        client = clients.get(tx, link.client_id)
        coach = coaches.get(tx, client.coach_id)
        fresh_key = f"fresh-link:{client.id}:{int(now.timestamp()) // HOUR}"
        earlier = outbox.by_key(tx, fresh_key)
        is_there = earlier is not None and earlier.state is not OutboundState.CANCELLED
        if client.undeliverable or not coaches.is_active(tx, coach.id) or is_there:
            return False
        email = NewEmail(
            key=fresh_key,
            kind=OutboundKind.FRESH_LINK,
            coach_id=coach.id,
            recipient=client.email,
            planned_at=now,
            expires_at=now + links.LIFETIME[LinkPurpose.HISTORY],
            client_id=client.id,
        )
        outbox.plan(tx, email, revive=True)
    log.info("fresh-link.asked", client=client.id)
    return True


def _link_once_given(tx: Transaction, token: str, key: bytes) -> Link | None:
    """The link that this token opened once: expired, revoked, or given again under a later version since."""
    link_id = link_id_of(token)
    link = None if link_id is None else links.find(tx, link_id)
    if link is None:
        return None
    versions = (replace(link, version=version) for version in range(link.version, 0, -1))
    return link if any(is_genuine(token, one, key) for one in versions) else None


def why_no_fresh_link(tx: Transaction, email: OutboundEmail) -> str:
    """Why it should not go, in words for the outbox; '' where it should."""
    assert email.client_id is not None
    client = clients.get(tx, email.client_id)
    if client.undeliverable:
        return why_undeliverable(client)
    return "" if email.recipient == client.email else OTHER_ADDRESS


def fresh_link_view(tx: Transaction, email: OutboundEmail, pages: Pages) -> FreshLinkView:
    """To the client: the link and nothing else."""
    assert email.client_id is not None
    client = clients.get(tx, email.client_id)
    return FreshLinkView(
        coach_name=coaches.get(tx, email.coach_id).name,
        client_name=name_of(client),
        minutes=int(links.LIFETIME[LinkPurpose.HISTORY].total_seconds()) // 60,
        url=pages.history(client.id),
    )
