"""The buttons of the review page: an open action is carried over, dropped, or done together, until the next session."""

from __future__ import annotations

from datetime import datetime

import structlog

from mailflow.flows.decide import Decided
from mailflow.flows.open import open_link
from mailflow.model import LinkPurpose, ReviewChoice, Session
from mailflow.store import actions, sessions, settling
from mailflow.store.database import Database, Transaction

log = structlog.get_logger()


def settle_action(
    database: Database, token: str, action_id: int, choice: ReviewChoice, key: bytes, now: datetime
) -> Decided:
    """Of the clients whose review it is; the same button twice changes nothing."""
    with database.write() as tx:
        link = open_link(tx, token, LinkPurpose.REVIEW, key, now)
        if link is None:
            return Decided.GONE
        action = actions.find(tx, action_id)
        there = sessions.together(tx, sessions.get(tx, link.subject_id))
        session = next((one for one in there if action is not None and one.client_id == action.client_id), None)
        if session is None:
            return Decided.GONE
        if not may_settle(tx, session, now):
            return Decided.TOO_LATE
        settled = settling.settle(tx, action_id, choice, session.id, now)
    log.info("action.settled", action=action_id, choice=choice, worked=settled)
    return Decided.DONE


def may_settle(tx: Transaction, session: Session, now: datetime) -> bool:
    """Until the client's next session begins: what is open then stands in the review of that one."""
    following = sessions.next_of_client(tx, session.client_id, session.starts_at)
    return following is None or now < following.starts_at
