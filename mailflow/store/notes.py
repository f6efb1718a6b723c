"""Notes: what the coach emailed about one session."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from mailflow.model import Command, CommandKind, Note, Problem, ProblemKind
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def add(
    tx: Transaction,
    *,
    coach_id: int,
    inbound_id: int,
    client_id: int | None,
    session_id: int | None,
    match_reason: str,
    written_at: datetime,
    subject: str,
    text: str,
    summary: str,
    coach_actions: Sequence[str],
    problems: Sequence[Problem],
    commands: Sequence[Command] = (),
    numbered_by: int | None = None,
    part: int = 0,
) -> Note:
    """The new note. A second note of the same `part` of the same inbound mail violates the schema."""
    row = tx.one(
        """
        INSERT INTO notes (coach_id, inbound_id, client_id, session_id, match_reason, written_at, subject, text,
                           summary, coach_actions, problems, commands, numbered_by, part)
        VALUES (:coach_id, :inbound_id, :client_id, :session_id, :match_reason, :written_at, :subject, :text,
                :summary, :coach_actions, :problems, :commands, :numbered_by, :part)
        RETURNING *
        """,
        coach_id=coach_id,
        inbound_id=inbound_id,
        client_id=client_id,
        session_id=session_id,
        match_reason=match_reason,
        written_at=to_unix(written_at),
        subject=subject,
        text=text,
        summary=summary,
        coach_actions=json.dumps(list(coach_actions)),
        problems=_problems_to_json(problems),
        commands=_commands_to_json(commands),
        numbered_by=numbered_by,
        part=part,
    )
    assert row is not None
    return to_note(row)


def rewrite(
    tx: Transaction,
    note_id: int,
    *,
    text: str,
    summary: str,
    coach_actions: Sequence[str],
    problems: Sequence[Problem],
    corrected_at: datetime,
    edited_by: str = "",
) -> None:
    """What a correction says instead."""
    tx.run(
        """
        UPDATE notes SET text = :text, summary = :summary, coach_actions = :coach_actions, problems = :problems,
            corrected_at = :corrected_at, edited_by = :edited_by
        WHERE id = :id
        """,
        id=note_id,
        corrected_at=to_unix(corrected_at),
        edited_by=edited_by,
        text=text,
        summary=summary,
        coach_actions=json.dumps(list(coach_actions)),
        problems=_problems_to_json(problems),
    )


def set_problems(tx: Transaction, note_id: int, problems: Sequence[Problem]) -> None:
    """What the coach should know about the note, in this order; each is told once."""
    told = _problems_to_json(list(dict.fromkeys(problems)))
    tx.run("UPDATE notes SET problems = :problems WHERE id = :id", id=note_id, problems=told)


def command(tx: Transaction, note_id: int, commands: Sequence[Command], numbered_by: int | None) -> None:
    """What a correction wants to become of open actions, instead of what the note wanted before."""
    tx.run(
        "UPDATE notes SET commands = :commands, numbered_by = :numbered_by WHERE id = :id",
        id=note_id,
        commands=_commands_to_json(commands),
        numbered_by=numbered_by,
    )


def assign(tx: Transaction, note_id: int, client_id: int, session_id: int | None, match_reason: str) -> None:
    """Gives the note, with its actions, to the client."""
    tx.run(
        """
        UPDATE notes SET client_id = :client_id, session_id = :session_id, match_reason = :reason, edited_by = ''
        WHERE id = :id
        """,
        id=note_id,
        client_id=client_id,
        session_id=session_id,
        reason=match_reason,
    )
    tx.run("UPDATE actions SET client_id = :client_id WHERE note_id = :id", id=note_id, client_id=client_id)


def unassign(tx: Transaction, note_id: int, match_reason: str) -> None:
    """Takes the note, with its actions, away from its client: it waits for the coach to choose one."""
    tx.run(
        """
        UPDATE notes SET client_id = NULL, session_id = NULL, match_reason = :reason, edited_by = '' WHERE id = :id
        """,
        id=note_id,
        reason=match_reason,
    )
    tx.run("UPDATE actions SET client_id = NULL WHERE note_id = :id", id=note_id)


def get(tx: Transaction, note_id: int) -> Note:
    row = tx.one("SELECT * FROM notes WHERE id = :id", id=note_id)
    assert row is not None, f"no note {note_id}"
    return to_note(row)


def sessions_with_actions(
    tx: Transaction, session_ids: Sequence[int], written_at: datetime, *, but: int = 0
) -> set[int]:
    """Those of the sessions that a note with actions, `but` this one, came for, or whose client had one since they
    began, and before a moment. The note was written after they began: an event that moved on since is another meeting.

    The second, because an event that becomes a series, or moves to another calendar, is another session: it must
    not wait for a note again. Before a moment, because a note that arrives late may be older than those that came.
    """
    rows = tx.all(
        """
        SELECT s.id FROM sessions s WHERE s.id IN (SELECT value FROM json_each(:ids)) AND EXISTS (
            SELECT 1 FROM notes n JOIN actions a ON a.note_id = n.id
            WHERE n.id <> :but AND n.written_at >= s.starts_at
                AND (n.session_id = s.id OR (n.client_id = s.client_id AND n.written_at <= :written_at))
        )
        """,
        but=but,
        written_at=to_unix(written_at),
        ids=json.dumps(list(session_ids)),
    )
    return {row["id"] for row in rows}


def count_of_client(tx: Transaction, client_id: int) -> int:
    count: int = tx.value("SELECT count(*) FROM notes WHERE client_id = :id", id=client_id)
    return count


def unsettled(tx: Transaction, coach_id: int, match_reason: str, since: datetime) -> list[Note]:
    """The notes that have their client for this reason and could still have another, the oldest first.

    Their homework has not gone; those without any count where they were written since a moment.
    """
    rows = tx.all(
        """
        SELECT n.* FROM notes n LEFT JOIN outbound_emails h
            ON h.kind = 'homework' AND h.note_id = n.id AND h.client_id = n.client_id
        WHERE n.coach_id = :coach_id AND n.match_reason = :reason AND n.client_id IS NOT NULL
            AND (h.state IN ('waiting', 'held', 'failed') OR (h.id IS NULL AND n.written_at >= :since))
        ORDER BY n.id
        """,
        coach_id=coach_id,
        reason=match_reason,
        since=to_unix(since),
    )
    return [to_note(row) for row in rows]


def of_nobody(tx: Transaction, coach_id: int, since: datetime) -> list[datetime]:
    """When the coach's notes with actions were written, since a moment, that have no client yet."""
    rows = tx.all(
        """
        SELECT written_at FROM notes n WHERE coach_id = :coach_id AND client_id IS NULL AND written_at >= :since
            AND EXISTS (SELECT 1 FROM actions a WHERE a.note_id = n.id)
        """,
        coach_id=coach_id,
        since=to_unix(since),
    )
    return [from_unix(row["written_at"]) for row in rows]


def latest_of_client(tx: Transaction, client_id: int, before: datetime) -> Note | None:
    """The client's last note, written before a moment, that agreed something or holds a promise of the coach's.

    A 'Thanks!' in reply to a receipt is a note as well, and must not hide the one that it thanks for.
    """
    row = tx.one(
        """
        SELECT * FROM notes n WHERE client_id = :id AND written_at < :before
            AND (coach_actions <> '[]' OR EXISTS (SELECT 1 FROM actions a WHERE a.note_id = n.id))
        ORDER BY written_at DESC, id DESC LIMIT 1
        """,
        id=client_id,
        before=to_unix(before),
    )
    return None if row is None else to_note(row)


def of_client_between(tx: Transaction, client_id: int, start: datetime, end: datetime) -> list[Note]:
    """The client's notes of [start, end), without actions too, the oldest first."""
    rows = tx.all(
        """
        SELECT * FROM notes WHERE client_id = :id AND written_at >= :start AND written_at < :end
        ORDER BY written_at, id
        """,
        id=client_id,
        start=to_unix(start),
        end=to_unix(end),
    )
    return [to_note(row) for row in rows]


def sent_to(tx: Transaction, client_id: int, limit: int, *, skipped: int = 0) -> list[Note]:
    """The client's notes whose homework has gone to them, the latest first."""
    rows = tx.all(
        """
        SELECT * FROM notes n WHERE client_id = :id AND EXISTS (
            SELECT 1 FROM outbound_emails e
            WHERE e.note_id = n.id AND e.client_id = n.client_id AND e.kind = 'homework'
                AND e.state IN ('sent', 'failed'))
        ORDER BY written_at DESC, id DESC LIMIT :limit OFFSET :skipped
        """,
        id=client_id,
        limit=limit,
        skipped=skipped,
    )
    return [to_note(row) for row in rows]


def latest_with_actions(tx: Transaction, client_id: int) -> Note | None:
    """The client's last note that agreed something."""
    row = tx.one(
        """
        SELECT * FROM notes n WHERE client_id = :id AND EXISTS (SELECT 1 FROM actions a WHERE a.note_id = n.id)
        ORDER BY written_at DESC, id DESC LIMIT 1
        """,
        id=client_id,
    )
    return None if row is None else to_note(row)


def had_actions_before(tx: Transaction, client_id: int, moment: datetime) -> bool:
    """Whether a note agreed something with the client earlier."""
    row = tx.one(
        """
        SELECT 1 FROM notes n WHERE client_id = :id AND written_at < :moment
            AND EXISTS (SELECT 1 FROM actions a WHERE a.note_id = n.id)
        """,
        id=client_id,
        moment=to_unix(moment),
    )
    return row is not None


def came_since(tx: Transaction, coach_id: int, client_ids: Sequence[int], moment: datetime) -> bool:
    """Whether a note of one of the clients was written since, or one that nobody has yet."""
    row = tx.one(
        """
        SELECT 1 FROM notes WHERE coach_id = :coach_id AND written_at >= :moment
            AND (client_id IS NULL OR client_id IN (SELECT value FROM json_each(:ids)))
        """,
        coach_id=coach_id,
        ids=json.dumps(list(client_ids)),
        moment=to_unix(moment),
    )
    return row is not None


def to_note(row: Row) -> Note:
    return Note(
        id=row["id"],
        coach_id=row["coach_id"],
        inbound_id=row["inbound_id"],
        client_id=row["client_id"],
        session_id=row["session_id"],
        match_reason=row["match_reason"],
        written_at=from_unix(row["written_at"]),
        subject=row["subject"],
        text=row["text"],
        summary=row["summary"],
        coach_actions=tuple(json.loads(row["coach_actions"])),
        problems=tuple(Problem(ProblemKind(kind), detail) for kind, detail in json.loads(row["problems"])),
        commands=tuple(
            Command(CommandKind(kind), tuple(numbers), words) for kind, numbers, words in json.loads(row["commands"])
        ),
        corrected_at=from_unix(row["corrected_at"]),
        edited_by=row["edited_by"],
        numbered_by=row["numbered_by"],
        part=row["part"],
    )


def _commands_to_json(commands: Sequence[Command]) -> str:
    return json.dumps([[command.kind, command.numbers, command.words] for command in commands])


def _problems_to_json(problems: Sequence[Problem]) -> str:
    return json.dumps([[problem.kind, problem.detail] for problem in problems])
