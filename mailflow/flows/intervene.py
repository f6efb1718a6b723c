"""What the operator changes on the command line: mail that arrived, and mail that leaves.

What is not possible raises PermanentError, and nothing is changed then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from mailflow.errors import PermanentError
from mailflow.flows.plan import OPTED_OUT
from mailflow.flows.release import release, retry
from mailflow.model import Coach, OutboundState, address_key
from mailflow.store import coaches, inbound, outbox
from mailflow.store.database import Database, Transaction

OutboundChange = Literal["hold", "release", "cancel", "retry"]


def retry_inbound(database: Database, inbound_id: int, now: datetime) -> None:
    """Looks at a quarantined or ignored mail again, as if it had just arrived."""
    with database.write() as tx:
        if not inbound.retry(tx, inbound_id, now):
            raise _inbound_refusal(tx, inbound_id, "quarantined and ignored mail is looked at again")


def accept_inbound(database: Database, inbound_id: int, coach_email: str | None, now: datetime) -> Coach:
    """Takes a quarantined mail for a note of this coach, or of the one whose name is on it; says whose it is now."""
    with database.write() as tx:
        mail = inbound.get(tx, inbound_id)
        known = coaches.active(tx)
        if coach_email is not None:
            found = next((coach for coach in known if address_key(coach_email) in coach.addresses), None)
        else:
            found = next((coach for coach in known if mail is not None and coach.id == mail.coach_id), None)
        if mail is not None and found is None:
            who = f"There is no coach with the address '{coach_email}'." if coach_email else "Say whose it is: --coach."
            raise PermanentError(f"{who} Nothing was changed.")
        if mail is not None and found is not None and mail.coach_id not in (None, found.id):
            raise PermanentError(f"Mail {inbound_id} has another coach's name on it. Nothing was changed.")
        if found is None or not inbound.accept(tx, inbound_id, found.id, now):
            raise _inbound_refusal(tx, inbound_id, "quarantined mail is accepted")
    return found


def dismiss_inbound(database: Database, inbound_id: int) -> None:
    """Sets a quarantined mail aside: it is kept, and waits for nobody any more."""
    with database.write() as tx:
        if not inbound.dismiss(tx, inbound_id):
            raise _inbound_refusal(tx, inbound_id, "quarantined mail is dismissed")


def change_outbound(database: Database, outbound_id: int, change: OutboundChange, now: datetime) -> None:
    """Holds, releases, cancels or tries again a mail that is neither on its way nor closed."""
    with database.write() as tx:
        if change == "hold":
            changed = outbox.hold(tx, outbound_id, now)
        elif change == "release":
            changed = release(tx, outbound_id, now)
        elif change == "retry":
            changed = retry(tx, outbound_id, now)
        else:
            changed = outbox.cancel(tx, outbound_id, "cancelled by the operator", now)
        if not changed:
            raise _outbound_refusal(tx, outbound_id)


def retry_outbox(database: Database, now: datetime) -> int:
    """Tries everything that was put off, as after a mended account; how many mails that are."""
    with database.write() as tx:
        return outbox.retry_all(tx, now)


def _inbound_refusal(tx: Transaction, inbound_id: int, only: str) -> PermanentError:
    mail = inbound.get(tx, inbound_id)
    if mail is None:
        return PermanentError(f"There is no mail {inbound_id} in the inbox.")
    return PermanentError(f"Mail {inbound_id} is {mail.status}; only {only}. Nothing was changed.")


def _outbound_refusal(tx: Transaction, outbound_id: int) -> PermanentError:
    mail = outbox.get(tx, outbound_id)
    if mail is None:
        return PermanentError(f"There is no mail {outbound_id} in the outbox.")
    if mail.reason == OPTED_OUT:
        return PermanentError(f"Mail {outbound_id} is for a client who wants no homework by mail: nothing was changed.")
    state = "on its way" if mail.state is OutboundState.WAITING else f"{mail.state} already"
    return PermanentError(f"Mail {outbound_id} is {state}: nothing was changed.")
