"""How the account that mail leaves through is: refused since when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailflow.store.database import Transaction
from mailflow.store.moments import from_unix, to_unix


@dataclass(frozen=True)
class AccountProblem:
    reason: str
    since: datetime


def refuse(tx: Transaction, reason: str, now: datetime) -> None:
    """The server refuses the account; since when stays as it was."""
    tx.run(
        """
        INSERT INTO mailer_problem (id, reason, since) VALUES (1, :reason, :now)
        ON CONFLICT (id) DO UPDATE SET reason = :reason
        """,
        reason=reason,
        now=to_unix(now),
    )


def accept(tx: Transaction) -> None:
    """A mail went."""
    tx.run("DELETE FROM mailer_problem WHERE id = 1")  # without WHERE it would write a page each time


def problem(tx: Transaction) -> AccountProblem | None:
    row = tx.one("SELECT * FROM mailer_problem")
    return None if row is None else AccountProblem(row["reason"], from_unix(row["since"]))
