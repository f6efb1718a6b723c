"""Actions and the reflections on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from mailflow.model import Action, Advice, AdviceKind, Answer, Due, DueKind, Note, NoteAction, Reflection
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def add_all(tx: Transaction, note: Note, actions: Sequence[NoteAction], now: datetime) -> list[Action]:
    """The note's actions, numbered from 1 in the order of the note."""
    return [_add(tx, note, position, action, now) for position, action in enumerate(actions, start=1)]


def revise(tx: Transaction, note: Note, new: Sequence[NoteAction], ids: Sequence[int | None], now: datetime) -> bool:
    """Brings the note's actions in line with a correction, where the client has them; whether anything changed.

    `ids` says for each new action which of the old ones it is. An old one that is none of them is closed, unless the
    client has answered it.
    """
    old = {action.id: action for action in of_note(tx, note.id)}
    tx.run("UPDATE actions SET position = position + 1000 WHERE note_id = :id", id=note.id)
    changed = False
    for position, (action, action_id) in enumerate(zip(new, ids, strict=True), start=1):
        if action_id is None:
            _add(tx, note, position, action, now)
        else:
            changed = _rewrite(tx, old[action_id], position, action, now) or changed
    gone = [known.id for known in old.values() if known.id not in ids and known.answer is None]
    for action_id in gone:
        changed = drop(tx, action_id, now) or changed
    return changed or None in ids


def _rewrite(tx: Transaction, old: Action, position: int, action: NoteAction, now: datetime) -> bool:
    """Whether it says something else now, or is open again."""
    said = (old.text, old.due, old.steps, old.plan, old.why)
    is_ticked = action.done and old.answer is None
    is_changed = is_ticked or said != (action.text, action.due, action.steps, action.plan, action.why)
    tx.run(
        """
        UPDATE actions SET position = :position, text = :text, due_kind = :due_kind, due_on = :due_on,
            due_phrase = :due_phrase, due_ambiguous = :due_ambiguous, steps = :steps, plan = :plan, why = :why,
            advice = :advice, answer = CASE WHEN :is_ticked THEN :done ELSE answer END,
            dropped_at = NULL, dropped_by = NULL,
            settled_in = CASE WHEN together_at IS NULL THEN NULL ELSE settled_in END,
            changed_at = CASE WHEN :is_changed THEN :now ELSE changed_at END
        WHERE id = :id
        """,
        id=old.id,
        position=position,
        is_changed=int(is_changed),
        is_ticked=int(is_ticked),
        done=Answer.DONE,
        now=to_unix(now),
        **_words(action),
    )
    return is_changed or old.dropped_at is not None


def _words(action: NoteAction) -> dict[str, object]:
    """What the coach wrote, as columns."""
    return {
        "text": action.text,
        "due_kind": action.due.kind,
        "due_on": None if action.due.on is None else action.due.on.isoformat(),
        "due_phrase": action.due.phrase,
        "due_ambiguous": int(action.due.ambiguous),
        "steps": json.dumps(action.steps),
        "plan": action.plan,
        "why": action.why,
        "advice": json.dumps([[advice.kind, advice.words] for advice in action.advice]),
    }


def _add(tx: Transaction, note: Note, position: int, action: NoteAction, now: datetime) -> Action:
    row = tx.one(
        """
        INSERT INTO actions (note_id, coach_id, client_id, position, text, due_kind, due_on, due_phrase,
                             due_ambiguous, steps, plan, why, advice, answer, created_at)
        VALUES (:note_id, :coach_id, :client_id, :position, :text, :due_kind, :due_on, :due_phrase,
                :due_ambiguous, :steps, :plan, :why, :advice, :answer, :now)
        RETURNING *
        """,
        note_id=note.id,
        coach_id=note.coach_id,
        client_id=note.client_id,
        position=position,
        **_words(action),
        answer=Answer.DONE if action.done else None,
        now=to_unix(now),
    )
    assert row is not None
    return to_action(row)


def get(tx: Transaction, action_id: int) -> Action:
    row = tx.one("SELECT * FROM actions WHERE id = :id", id=action_id)
    assert row is not None, f"no action {action_id}"
    return to_action(row)


def find(tx: Transaction, action_id: int) -> Action | None:
    row = tx.one("SELECT * FROM actions WHERE id = :id", id=action_id)
    return None if row is None else to_action(row)


def of_note(tx: Transaction, note_id: int) -> list[Action]:
    """In the order of the note."""
    return [to_action(row) for row in tx.all("SELECT * FROM actions WHERE note_id = :id ORDER BY position", id=note_id)]


def still_open(tx: Transaction, client_id: int, before_note: Note | None) -> list[Action]:
    """The actions the client was sent that are neither done nor dropped, oldest first.

    With `before_note` only those of older notes: what is carried over beside that note's own. What the coach held
    back or cancelled never reached the client, and must not reach them with a later homework.
    """
    rows = tx.all(
        """
        SELECT a.* FROM actions a JOIN notes n ON n.id = a.note_id
        WHERE a.client_id = :client_id AND a.dropped_at IS NULL AND (a.answer IS NULL OR a.answer <> 'done')
            AND (:note_id IS NULL OR (n.written_at, n.id) < (:written_at, :note_id))
        ORDER BY n.written_at, n.id, a.position
        """,
        client_id=client_id,
        note_id=None if before_note is None else before_note.id,
        written_at=None if before_note is None else to_unix(before_note.written_at),
    )
    went = mailed(tx, [row["id"] for row in rows])
    return [to_action(row) for row in rows if row["id"] in went]


def mailed(tx: Transaction, action_ids: Sequence[int]) -> set[int]:
    """Those of the actions that went to their client: an update that waits, or is held, has others."""
    rows = tx.all(
        """
        SELECT a.id FROM actions a WHERE a.id IN (SELECT value FROM json_each(:ids)) AND EXISTS (
            SELECT 1 FROM outbound_emails e LEFT JOIN outbound_raw r ON r.outbound_id = e.id
            WHERE e.note_id = a.note_id AND e.client_id = a.client_id AND e.kind = 'homework'
                AND e.state IN ('sent', 'failed')
                AND (r.outbound_id IS NULL OR a.id IN (SELECT value FROM json_each(r.actions))))
        """,
        ids=json.dumps(list(action_ids)),
    )
    return {row["id"] for row in rows}


def answered_since(tx: Transaction, client_id: int, since: datetime) -> list[Action]:
    """The client's done actions that something was written about since, or that the coach said were done together,
    oldest first.

    Those that are open are in `still_open`; without these, what a client did about an older action is never seen.
    """
    rows = tx.all(
        """
        SELECT a.* FROM actions a JOIN notes n ON n.id = a.note_id
        WHERE a.client_id = :client_id AND a.dropped_at IS NULL AND a.answer = 'done'
            AND (a.together_at >= :since
                OR EXISTS (SELECT 1 FROM reflections r WHERE r.action_id = a.id AND r.saved_at >= :since))
        ORDER BY n.written_at, n.id, a.position
        """,
        client_id=client_id,
        since=to_unix(since),
    )
    return [to_action(row) for row in rows]


def drop(tx: Transaction, action_id: int, now: datetime, *, by_note: int | None = None) -> bool:
    """Closes an open action at the coach's wish, perhaps in a note. False where it was closed before."""
    dropped = tx.run(
        "UPDATE actions SET dropped_at = :now, dropped_by = :by_note WHERE id = :id AND dropped_at IS NULL",
        id=action_id,
        now=to_unix(now),
        by_note=by_note,
    )
    return dropped == 1


def remove_all(tx: Transaction, note_id: int) -> None:
    """Before others take their place: only where the client has none of them."""
    tx.run("DELETE FROM actions WHERE note_id = :id", id=note_id)


def reopen(tx: Transaction, note_id: int) -> None:
    """What the note dropped is open again."""
    tx.run("UPDATE actions SET dropped_at = NULL, dropped_by = NULL WHERE dropped_by = :id", id=note_id)


def dropped_by(tx: Transaction, note_id: int) -> list[Action]:
    """What the note's commands closed, oldest first."""
    return [to_action(row) for row in tx.all("SELECT * FROM actions WHERE dropped_by = :id ORDER BY id", id=note_id)]


def have_reflections(tx: Transaction, note_id: int, since: datetime | None = None) -> bool:
    """Whether the client has written anything about the note's actions, ever or since a moment."""
    found = tx.one(
        """
        SELECT 1 FROM reflections r JOIN actions a ON a.id = r.action_id
        WHERE a.note_id = :id AND r.saved_at >= coalesce(:since, r.saved_at) LIMIT 1
        """,
        id=note_id,
        since=to_unix(since),
    )
    return found is not None


def have_answers(tx: Transaction, client_id: int, since: datetime) -> bool:
    """Whether the client has written anything about any action since a moment."""
    found = tx.one(
        """
        SELECT 1 FROM actions a JOIN reflections r ON r.action_id = a.id
        WHERE a.client_id = :client_id AND r.saved_at >= :since LIMIT 1
        """,
        client_id=client_id,
        since=to_unix(since),
    )
    return found is not None


def undelivered(tx: Transaction, action_ids: Sequence[int]) -> set[int]:
    """Those of the actions whose homework was not delivered, and that stand in no other that went."""
    rows = tx.all(
        """
        SELECT a.id FROM actions a
        WHERE a.id IN (SELECT value FROM json_each(:ids))
            AND EXISTS (SELECT 1 FROM outbound_emails e WHERE e.kind = 'homework' AND e.state = 'failed'
                        AND e.note_id = a.note_id AND e.client_id = a.client_id)
            AND NOT EXISTS (SELECT 1 FROM outbound_emails e JOIN outbound_raw r ON r.outbound_id = e.id
                            WHERE e.kind = 'homework' AND e.state = 'sent' AND e.client_id = a.client_id
                                AND a.id IN (SELECT value FROM json_each(r.actions)))
        """,
        ids=json.dumps(list(action_ids)),
    )
    return {row["id"] for row in rows}


def save_reflection(tx: Transaction, reflection: Reflection) -> None:
    """Saves the reflection and sets the action's answer. The same form saved again replaces what it saved before.

    Of what the client says and 'done together' the later counts.
    """
    tx.run(
        """
        INSERT INTO reflections (action_id, form_id, answer, text, obstacle, usefulness, saved_at)
        VALUES (:action_id, :form_id, :answer, :text, :obstacle, :usefulness, :saved_at)
        ON CONFLICT (action_id, form_id) DO UPDATE SET answer = :answer, text = :text, obstacle = :obstacle,
            usefulness = :usefulness, saved_at = :saved_at
        """,
        action_id=reflection.action_id,
        form_id=reflection.form_id,
        answer=reflection.answer,
        text=reflection.text,
        obstacle=reflection.obstacle,
        usefulness=reflection.usefulness,
        saved_at=to_unix(reflection.saved_at),
    )
    tx.run(
        """
        UPDATE actions SET answer = :answer, settled_in = CASE WHEN together_at IS NULL THEN settled_in END,
            together_at = NULL
        WHERE id = :id AND (together_at IS NULL OR together_at <= :saved_at)
        """,
        id=reflection.action_id,
        answer=reflection.answer,
        saved_at=to_unix(reflection.saved_at),
    )


def latest_reflections(tx: Transaction, action_ids: Sequence[int]) -> dict[int, Reflection]:
    """The last saved reflection of each action that has one, by the action's id."""
    rows = tx.all(
        """
        SELECT * FROM reflections WHERE action_id IN (SELECT value FROM json_each(:ids)) ORDER BY saved_at, id
        """,
        ids=json.dumps(list(action_ids)),
    )
    return {row["action_id"]: to_reflection(row) for row in rows}


def to_action(row: Row) -> Action:
    return Action(
        id=row["id"],
        note_id=row["note_id"],
        coach_id=row["coach_id"],
        client_id=row["client_id"],
        position=row["position"],
        text=row["text"],
        due=Due(
            kind=DueKind(row["due_kind"]),
            on=None if row["due_on"] is None else date.fromisoformat(row["due_on"]),
            phrase=row["due_phrase"],
            ambiguous=bool(row["due_ambiguous"]),
        ),
        steps=tuple(json.loads(row["steps"])),
        plan=row["plan"],
        why=row["why"],
        advice=tuple(Advice(AdviceKind(kind), words) for kind, words in json.loads(row["advice"])),
        answer=None if row["answer"] is None else Answer(row["answer"]),
        created_at=from_unix(row["created_at"]),
        dropped_at=from_unix(row["dropped_at"]),
        changed_at=from_unix(row["changed_at"]),
        together_at=from_unix(row["together_at"]),
        settled_in=row["settled_in"],
    )


def to_reflection(row: Row) -> Reflection:
    return Reflection(
        id=row["id"],
        action_id=row["action_id"],
        answer=Answer(row["answer"]),
        text=row["text"],
        obstacle=row["obstacle"],
        form_id=row["form_id"],
        saved_at=from_unix(row["saved_at"]),
        usefulness=row["usefulness"],
    )
