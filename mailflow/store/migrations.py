"""The schema, as a list that only ever grows. Never edit a migration that was released; append one.

Applied inside one BEGIN IMMEDIATE: of three processes that start together without it, one succeeds.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database as SqliteUtils
from sqlite_utils import Migrations

MIGRATIONS = Migrations("mailflow")


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the database up to date."""
    database = SqliteUtils(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        MIGRATIONS.apply(database)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise


def run_all(database: SqliteUtils, *statements: str) -> None:
    for statement in statements:
        database.execute(statement)


@MIGRATIONS()
def m0001_people_and_calendars(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE coaches (
            id INTEGER PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            timezone TEXT NOT NULL,
            aliases TEXT NOT NULL,
            language TEXT NOT NULL,
            date_order TEXT NOT NULL,
            hold_seconds INTEGER NOT NULL,
            review_lead_seconds INTEGER NOT NULL,
            active INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE clients (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            email TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (coach_id, email)
        ) STRICT
        """,
        """
        CREATE TABLE calendars (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            name TEXT NOT NULL,
            active INTEGER NOT NULL,
            interval_seconds INTEGER NOT NULL,
            sync_token TEXT NOT NULL DEFAULT '',
            due_at INTEGER NOT NULL DEFAULT 0,
            synced_at INTEGER,
            problem TEXT NOT NULL DEFAULT '',
            UNIQUE (coach_id, name)
        ) STRICT
        """,
        "CREATE INDEX calendars_due ON calendars (due_at) WHERE active = 1",
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            calendar_id INTEGER NOT NULL REFERENCES calendars (id),
            client_id INTEGER NOT NULL REFERENCES clients (id),
            uid TEXT NOT NULL,
            recurrence_id TEXT NOT NULL,
            title TEXT NOT NULL,
            starts_at INTEGER NOT NULL,
            ends_at INTEGER NOT NULL,
            status TEXT NOT NULL,
            UNIQUE (calendar_id, uid, recurrence_id)
        ) STRICT
        """,
        "CREATE INDEX sessions_of_coach ON sessions (coach_id, starts_at)",
        "CREATE INDEX sessions_of_client ON sessions (client_id, starts_at)",
        # Of an event that is no session nothing is kept but its key, its time and the reason.
        """
        CREATE TABLE passed_over_events (
            calendar_id INTEGER NOT NULL REFERENCES calendars (id),
            uid TEXT NOT NULL,
            recurrence_id TEXT NOT NULL,
            starts_at INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (calendar_id, uid, recurrence_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE calendar_problems (
            calendar_id INTEGER NOT NULL REFERENCES calendars (id),
            uid TEXT NOT NULL,
            problem TEXT NOT NULL,
            PRIMARY KEY (calendar_id, uid)
        ) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def m0002_notes_and_actions(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE inbound_emails (
            id INTEGER PRIMARY KEY,
            mailbox TEXT NOT NULL,
            key TEXT NOT NULL,
            received_at INTEGER NOT NULL,
            due_at INTEGER,
            status TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            failures INTEGER NOT NULL DEFAULT 0,
            lease TEXT NOT NULL DEFAULT '',
            coach_id INTEGER REFERENCES coaches (id),
            message_id TEXT NOT NULL DEFAULT '',
            content_id TEXT NOT NULL DEFAULT '',
            sender TEXT NOT NULL DEFAULT '',
            subject TEXT NOT NULL DEFAULT '',
            UNIQUE (mailbox, key)
        ) STRICT
        """,
        # Beside the row and not in it: lists never walk the pages of large mails.
        """
        CREATE TABLE inbound_raw (
            inbound_id INTEGER PRIMARY KEY REFERENCES inbound_emails (id),
            raw BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX inbound_due ON inbound_emails (due_at) WHERE status = 'received'",
        # Compared with accepted mail only, so that a stranger can't claim an identity before its owner.
        """
        CREATE UNIQUE INDEX inbound_identity ON inbound_emails (coach_id, message_id, content_id)
        WHERE status = 'processed'
        """,
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            inbound_id INTEGER NOT NULL UNIQUE REFERENCES inbound_emails (id),
            client_id INTEGER REFERENCES clients (id),
            session_id INTEGER REFERENCES sessions (id),
            match_reason TEXT NOT NULL,
            written_at INTEGER NOT NULL,
            subject TEXT NOT NULL,
            text TEXT NOT NULL,
            summary TEXT NOT NULL,
            coach_actions TEXT NOT NULL,
            problems TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX notes_of_session ON notes (session_id)",
        "CREATE INDEX notes_of_client ON notes (client_id, written_at)",
        # AUTOINCREMENT: a correction deletes actions, and a link to one must never open another that got its id.
        """
        CREATE TABLE actions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            note_id INTEGER NOT NULL REFERENCES notes (id),
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            client_id INTEGER REFERENCES clients (id),
            position INTEGER NOT NULL,
            text TEXT NOT NULL,
            due_kind TEXT NOT NULL,
            due_on TEXT,
            due_phrase TEXT NOT NULL,
            due_ambiguous INTEGER NOT NULL,
            steps TEXT NOT NULL,
            plan TEXT NOT NULL,
            why TEXT NOT NULL,
            advice TEXT NOT NULL,
            answer TEXT,
            created_at INTEGER NOT NULL,
            dropped_at INTEGER,
            UNIQUE (note_id, position)
        ) STRICT
        """,
        "CREATE INDEX actions_of_client ON actions (client_id, created_at)",
        """
        CREATE TABLE reflections (
            id INTEGER PRIMARY KEY,
            action_id INTEGER NOT NULL REFERENCES actions (id),
            form_id TEXT NOT NULL,
            answer TEXT NOT NULL,
            text TEXT NOT NULL,
            obstacle TEXT NOT NULL,
            saved_at INTEGER NOT NULL,
            UNIQUE (action_id, form_id)
        ) STRICT
        """,
        # subject_id is the id of the row that purpose speaks of; client_id is 0 on the coach's own links.
        """
        CREATE TABLE links (
            id BLOB PRIMARY KEY,
            purpose TEXT NOT NULL,
            subject_id INTEGER NOT NULL,
            client_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            expires_at INTEGER,
            revoked_at INTEGER,
            UNIQUE (purpose, subject_id, client_id)
        ) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def m0003_outbox(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE outbound_emails (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            client_id INTEGER REFERENCES clients (id),
            note_id INTEGER REFERENCES notes (id),
            session_id INTEGER REFERENCES sessions (id),
            inbound_id INTEGER REFERENCES inbound_emails (id),
            recipient TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            planned_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            expires_at INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            lease TEXT NOT NULL DEFAULT '',
            sent_at INTEGER
        ) STRICT
        """,
        # The frozen bytes: written once by the first attempt, the same in every later one.
        """
        CREATE TABLE outbound_raw (
            outbound_id INTEGER PRIMARY KEY REFERENCES outbound_emails (id),
            message_id TEXT NOT NULL UNIQUE,
            raw BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX outbound_due ON outbound_emails (due_at) WHERE state = 'waiting'",
        "CREATE INDEX outbound_of_note ON outbound_emails (note_id)",
        "CREATE INDEX outbound_of_session ON outbound_emails (session_id)",
    )


@MIGRATIONS()
def m0004_unknown_outcomes(database: SqliteUtils) -> None:
    run_all(
        database,
        # An attempt ended without our hearing how. What has attempts so far may be such.
        "ALTER TABLE outbound_emails ADD COLUMN perhaps_sent INTEGER NOT NULL DEFAULT 0",
        "UPDATE outbound_emails SET perhaps_sent = 1 WHERE attempts > 0 AND state IN ('waiting', 'held', 'cancelled')",
    )


@MIGRATIONS()
def m0005_corrections(database: SqliteUtils) -> None:
    run_all(database, "ALTER TABLE notes ADD COLUMN corrected_at INTEGER")


@MIGRATIONS()
def m0006_notes_of_a_coach(database: SqliteUtils) -> None:
    # Looked through after each reading of a calendar that changed something.
    run_all(database, "CREATE INDEX notes_of_coach ON notes (coach_id, written_at)")


@MIGRATIONS()
def m0007_commands(database: SqliteUtils) -> None:
    run_all(
        database,
        "ALTER TABLE notes ADD COLUMN commands TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE notes ADD COLUMN numbered_by INTEGER REFERENCES outbound_emails (id)",
        # The note whose command dropped it: where that note becomes somebody else's, it is open again.
        "ALTER TABLE actions ADD COLUMN dropped_by INTEGER REFERENCES notes (id)",
        "CREATE INDEX actions_dropped_by ON actions (dropped_by) WHERE dropped_by IS NOT NULL",
        # The ids of the actions that the mail numbers, in that order.
        "ALTER TABLE outbound_raw ADD COLUMN actions TEXT NOT NULL DEFAULT '[]'",
        "CREATE INDEX outbound_of_client ON outbound_emails (client_id) WHERE client_id IS NOT NULL",
    )


@MIGRATIONS()
def m0008_action_headings(database: SqliteUtils) -> None:
    # JSON, as aliases are.
    run_all(database, "ALTER TABLE coaches ADD COLUMN action_headings TEXT NOT NULL DEFAULT '[]'")


@MIGRATIONS()
def m0009_numbered_candidates(database: SqliteUtils) -> None:
    run_all(database, "ALTER TABLE outbound_raw ADD COLUMN candidates TEXT NOT NULL DEFAULT '[]'")


@MIGRATIONS()
def m0010_updated_homework(database: SqliteUtils) -> None:
    run_all(database, "ALTER TABLE actions ADD COLUMN changed_at INTEGER")


@MIGRATIONS()
def m0011_unproven_senders(database: SqliteUtils) -> None:
    run_all(
        database,
        # The coach whose note it is, because the operator says so.
        "ALTER TABLE inbound_emails ADD COLUMN accepted_for INTEGER REFERENCES coaches (id)",
        # Why it is not certain that the coach wrote it; '' where it is, or nobody's name is on it.
        "ALTER TABLE inbound_emails ADD COLUMN unproven TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX inbound_unproven ON inbound_emails (coach_id) WHERE unproven <> ''",
    )


@MIGRATIONS()
def m0012_mailboxes(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE mailboxes (
            name TEXT PRIMARY KEY,
            is_asked INTEGER NOT NULL,
            active INTEGER NOT NULL,
            asked_at INTEGER,
            problem TEXT NOT NULL DEFAULT '',
            side_problem TEXT NOT NULL DEFAULT '',
            left_alone INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        # A place is an account's folder: under the same name the settings may put another one.
        """
        CREATE TABLE mailbox_starts (
            mailbox TEXT NOT NULL,
            place TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            mark TEXT NOT NULL,
            PRIMARY KEY (mailbox, place)
        ) STRICT, WITHOUT ROWID
        """,
    )


@MIGRATIONS()
def m0013_answers_to_a_coach(database: SqliteUtils) -> None:
    # Counted before each answer.
    run_all(database, "CREATE INDEX outbound_of_coach ON outbound_emails (coach_id, planned_at)")


@MIGRATIONS()
def m0014_sending(database: SqliteUtils) -> None:
    run_all(
        database,
        # One row while the mail server refuses the account, none otherwise.
        """
        CREATE TABLE mailer_problem (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            reason TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT
        """,
        # How many went in the last minute.
        "CREATE INDEX outbound_sent ON outbound_emails (sent_at) WHERE sent_at IS NOT NULL",
        # 'HH:MM-HH:MM', in the zone of the coach's clients; '' where there are none.
        "ALTER TABLE coaches ADD COLUMN quiet TEXT NOT NULL DEFAULT ''",
    )


@MIGRATIONS()
def m0015_opt_out(database: SqliteUtils) -> None:
    # Since when the client wants no homework by mail.
    run_all(database, "ALTER TABLE clients ADD COLUMN opted_out_at INTEGER")


@MIGRATIONS()
def m0016_bounces(database: SqliteUtils) -> None:
    # What was said when mail to the address came back.
    run_all(database, "ALTER TABLE clients ADD COLUMN undeliverable TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m0017_calendar_objects(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE calendar_objects (
            calendar_id INTEGER NOT NULL REFERENCES calendars (id),
            key TEXT NOT NULL,
            version TEXT NOT NULL,
            uid TEXT NOT NULL,
            again_at INTEGER,
            PRIMARY KEY (calendar_id, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX calendar_objects_uid ON calendar_objects (calendar_id, uid)",
        "CREATE INDEX calendar_objects_again ON calendar_objects (calendar_id, again_at) WHERE again_at IS NOT NULL",
        # Of the settings by which its events were judged: with others everything is read anew.
        "ALTER TABLE calendars ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''",
    )


@MIGRATIONS()
def m0018_aliases_of_clients(database: SqliteUtils) -> None:
    run_all(
        database,
        # JSON: other addresses, other names, and the names that make an event a session where they stand in its title.
        "ALTER TABLE clients ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE clients ADD COLUMN names TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE clients ADD COLUMN title_names TEXT NOT NULL DEFAULT '[]'",
        # A person gave the name: the calendar no longer changes it.
        "ALTER TABLE clients ADD COLUMN name_is_given INTEGER NOT NULL DEFAULT 0",
        # The row stays, because links that were sent name it.
        "ALTER TABLE clients ADD COLUMN merged_into INTEGER REFERENCES clients (id)",
    )


@MIGRATIONS()
def m0019_expiring_mail(database: SqliteUtils) -> None:
    # Asked before each mail: without it, all that is due is looked through.
    run_all(
        database,
        "CREATE INDEX outbound_expiring ON outbound_emails (expires_at)"
        " WHERE state = 'waiting' AND expires_at IS NOT NULL",
    )


@MIGRATIONS()
def m0020_invitations(database: SqliteUtils) -> None:
    run_all(
        database,
        """
        CREATE TABLE invitations (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            inbound_id INTEGER NOT NULL REFERENCES inbound_emails (id),
            ics BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX invitations_of_coach ON invitations (coach_id)",
    )


@MIGRATIONS()
def m0021_groups(database: SqliteUtils) -> None:
    run_all(
        database,
        "ALTER TABLE sessions ADD COLUMN group_key TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX sessions_of_group ON sessions (group_key) WHERE group_key <> ''",
        # Of a group's mail there is a note for each of them: UNIQUE (inbound_id) becomes UNIQUE (inbound_id, part), for
        # which SQLite wants a new table. What refers to it is counted when all is done.
        "PRAGMA defer_foreign_keys = ON",
        "CREATE TABLE notes_before AS SELECT * FROM notes",
        "DROP TABLE notes",
        """
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            coach_id INTEGER NOT NULL REFERENCES coaches (id),
            inbound_id INTEGER NOT NULL REFERENCES inbound_emails (id),
            client_id INTEGER REFERENCES clients (id),
            session_id INTEGER REFERENCES sessions (id),
            match_reason TEXT NOT NULL,
            written_at INTEGER NOT NULL,
            subject TEXT NOT NULL,
            text TEXT NOT NULL,
            summary TEXT NOT NULL,
            coach_actions TEXT NOT NULL,
            problems TEXT NOT NULL,
            corrected_at INTEGER,
            commands TEXT NOT NULL DEFAULT '[]',
            numbered_by INTEGER REFERENCES outbound_emails (id),
            part INTEGER NOT NULL DEFAULT 0,
            UNIQUE (inbound_id, part)
        ) STRICT
        """,
        """
        INSERT INTO notes (id, coach_id, inbound_id, client_id, session_id, match_reason, written_at, subject, text,
                           summary, coach_actions, problems, corrected_at, commands, numbered_by)
        SELECT id, coach_id, inbound_id, client_id, session_id, match_reason, written_at, subject, text,
            summary, coach_actions, problems, corrected_at, commands, numbered_by
        FROM notes_before
        """,
        "DROP TABLE notes_before",
        "CREATE INDEX notes_of_session ON notes (session_id)",
        "CREATE INDEX notes_of_client ON notes (client_id, written_at)",
        "CREATE INDEX notes_of_coach ON notes (coach_id, written_at)",
    )


@MIGRATIONS()
def m0022_reviewed(database: SqliteUtils) -> None:
    run_all(
        database,
        "ALTER TABLE coaches ADD COLUMN morning TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE coaches ADD COLUMN nudges TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE coaches ADD COLUMN ask_for_notes_seconds INTEGER",
        """
        CREATE TABLE reviewed (
            outbound_id INTEGER NOT NULL REFERENCES outbound_emails (id),
            session_id INTEGER NOT NULL REFERENCES sessions (id),
            client_id INTEGER NOT NULL REFERENCES clients (id),
            starts_at INTEGER NOT NULL,
            made_at INTEGER NOT NULL,
            PRIMARY KEY (outbound_id, session_id)
        ) STRICT
        """,
        "CREATE INDEX reviewed_of_session ON reviewed (session_id)",
        "CREATE INDEX reviewed_of_client ON reviewed (client_id)",
        """
        INSERT INTO reviewed (outbound_id, session_id, client_id, starts_at, made_at)
        SELECT e.id, g.id, CASE g.id WHEN s.id THEN e.client_id ELSE g.client_id END, e.expires_at,
            coalesce(e.sent_at, e.planned_at)
        FROM outbound_emails e JOIN sessions s ON s.id = e.session_id
            JOIN sessions g ON g.id = s.id
                OR (g.group_key = s.group_key AND g.group_key <> '' AND g.status = 'planned')
        WHERE e.kind = 'review' AND EXISTS (SELECT 1 FROM outbound_raw r WHERE r.outbound_id = e.id)
        """,
    )


@MIGRATIONS()
def m0023_usefulness(database: SqliteUtils) -> None:
    # How useful the client found it, from 0 to 4; NULL where they did not say.
    run_all(database, "ALTER TABLE reflections ADD COLUMN usefulness INTEGER CHECK (usefulness BETWEEN 0 AND 4)")


@MIGRATIONS()
def m0024_settled_and_edited(database: SqliteUtils) -> None:
    run_all(
        database,
        "ALTER TABLE actions ADD COLUMN together_at INTEGER",
        "ALTER TABLE actions ADD COLUMN settled_in INTEGER REFERENCES sessions (id)",
        "CREATE INDEX actions_settled_in ON actions (settled_in) WHERE settled_in IS NOT NULL",
        "ALTER TABLE notes ADD COLUMN edited_by TEXT NOT NULL DEFAULT ''",
    )
