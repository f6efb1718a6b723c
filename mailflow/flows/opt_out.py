"""A client says on the page behind List-Unsubscribe that they want no more homework mails, or that they want them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import structlog

from mailflow.flows.open import open_link
from mailflow.flows.plan import OPTED_OUT, plan_opted_out
from mailflow.model import LinkPurpose, OutboundState
from mailflow.rules.timing import UNDO
from mailflow.store import client_mail, clients, coaches
from mailflow.store.database import Database

log = structlog.get_logger()

Wish = Literal["out", "in"]


def save_wish(database: Database, token: str, wish: Wish, key: bytes, now: datetime) -> bool:
    """Keeps it, whatever was kept before; False where the token opens nothing.

    What waits for the client is cancelled with the wish and comes back with it, so that a slip loses nothing.
    """
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.OPT_OUT, key, now)
        if link is None:
            return False
        client = clients.get(tx, link.subject_id)
        if (client.opted_out_at is None) == (wish == "in"):
            return True
        clients.set_opt_out(tx, client.id, now if wish == "out" else None)
        if wish == "out":
            client_mail.stop(tx, client.id, OutboundState.CANCELLED, OPTED_OUT, now)
            plan_opted_out(tx, coaches.get(tx, client.coach_id), client, now)
        else:
            client_mail.revive(tx, client.id, OutboundState.CANCELLED, OPTED_OUT, now, since=now - UNDO)
    log.info("client.wish", client=client.id, wish=wish)
    return True
