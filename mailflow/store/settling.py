"""What the coach says of actions in the review of a session: dropped, done together, or open again.

The client's own answers stay in `reflections`; the last of them counts again where the coach takes it back.
"""

from __future__ import annotations

from datetime import datetime

from mailflow.model import Action, ReviewChoice
from mailflow.store.actions import to_action
from mailflow.store.database import Transaction
from mailflow.store.moments import to_unix


def settle(tx: Transaction, action_id: int, choice: ReviewChoice, session_id: int, now: datetime) -> bool:
    """Whether anything changed. What is closed can be settled anew only where this session's review closed it."""
    settled = tx.run(
        """
        UPDATE actions SET
            dropped_at = CASE WHEN :choice = 'drop' THEN :now END,
            together_at = CASE WHEN :choice = 'together' THEN :now END,
            settled_in = CASE WHEN :choice <> 'carry' THEN :session_id END,
            answer = CASE WHEN :choice = 'together' THEN 'done' WHEN together_at IS NULL THEN answer
                ELSE (SELECT r.answer FROM reflections r WHERE r.action_id = actions.id
                      ORDER BY r.saved_at DESC, r.id DESC LIMIT 1) END
        WHERE id = :id AND (settled_in = :session_id OR (dropped_at IS NULL AND answer IS NOT 'done'))
            AND :choice <> CASE WHEN dropped_at IS NOT NULL THEN 'drop' WHEN together_at IS NOT NULL THEN 'together'
                ELSE 'carry' END
        """,
        id=action_id,
        choice=choice,
        session_id=session_id,
        now=to_unix(now),
    )
    return settled == 1


def forget(tx: Transaction, note_id: int) -> None:
    """Before the note's actions become another client's, where this one answered none: with that one nothing was done
    together, and nothing dropped."""
    tx.run(
        """
        UPDATE actions SET answer = CASE WHEN together_at IS NULL THEN answer END,
            dropped_at = NULL, together_at = NULL, settled_in = NULL
        WHERE note_id = :id AND settled_in IS NOT NULL
        """,
        id=note_id,
    )


def dropped_in(tx: Transaction, session_id: int) -> list[Action]:
    """What was dropped in the session's review, oldest first."""
    rows = tx.all("SELECT * FROM actions WHERE settled_in = :id AND dropped_at IS NOT NULL ORDER BY id", id=session_id)
    return [to_action(row) for row in rows]
