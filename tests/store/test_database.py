"""One SQLite file, whoever uses it: nothing is lost, nothing half done, and the machine's faults are said as such."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database as SqliteUtils

from mailflow.errors import EnvironmentProblem
from mailflow.store import clients
from mailflow.store.database import Database, Transaction, has_wal_reset_bug, open_database, sqlite_state
from mailflow.store.migrations import MIGRATIONS
from tests.builders import ANNA, JANE

ROOT = Path(__file__).parents[2]
NORMAL, FULL = 1, 2


def run_together(count: int, code: str, *arguments: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs the code in several processes at once."""
    command = [sys.executable, "-c", code, *arguments]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    outputs = [process.communicate(timeout=60) for process in processes]
    return [
        subprocess.CompletedProcess(command, process.returncode, *output)
        for process, output in zip(processes, outputs, strict=True)
    ]


def counter(database: Database) -> int:
    with database.read() as tx:
        return int(tx.value("SELECT hold_seconds FROM coaches"))


def test_migrations_are_applied_once_and_a_second_start_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mailflow.sqlite3"
    fingerprints = []
    for _ in range(2):
        database = open_database(path)
        with database.read() as tx:
            schema = [tuple(row) for row in tx.all("SELECT name, sql FROM sqlite_master ORDER BY name")]
        fingerprints.append((schema, database.fingerprint()))
        database.close()

    assert fingerprints[0] == fingerprints[1]
    assert "outbound_emails" in {name for name, _ in fingerprints[0][0]}


def test_notes_outlive_the_new_table_that_they_are_moved_to(tmp_path: Path) -> None:
    """Everything that refers to a note still does."""
    path = tmp_path / "mailflow.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        MIGRATIONS.apply(SqliteUtils(connection, execute_plugins=False), stop_before="m0021_groups")
    before = {}
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("""
            INSERT INTO coaches (id, email, name, timezone, aliases, language, date_order, hold_seconds,
                                 review_lead_seconds, active)
            VALUES (1, 'anna@coach.example', 'Anna', 'Europe/Berlin', '[]', 'en', 'DMY', 600, 7200, 1);
            INSERT INTO clients (id, coach_id, email, name) VALUES (1, 1, 'jane@client.example', 'Jane');
            INSERT INTO inbound_emails (id, mailbox, key, received_at, status) VALUES (5, 'notes', 'a', 1, 'processed');
            INSERT INTO notes (id, coach_id, inbound_id, client_id, match_reason, written_at, subject, text, summary,
                               coach_actions, problems, commands)
            VALUES (7, 1, 5, 1, 'only-session', 1, 'Notes', 'tired', 'short', '["a"]', '[]', '[]');
            INSERT INTO actions (id, note_id, coach_id, client_id, position, text, due_kind, due_phrase, due_ambiguous,
                                 steps, plan, why, advice, created_at, dropped_by)
            VALUES (3, 7, 1, 1, 1, 'Call', 'none', '', 0, '[]', '', '', '[]', 1, 7);
            INSERT INTO outbound_emails (id, key, kind, coach_id, client_id, note_id, inbound_id, recipient, state,
                                         planned_at, due_at)
            VALUES (9, 'homework:7:1', 'homework', 1, 1, 7, 5, 'jane@client.example', 'waiting', 1, 1);
        """)
        for table in ("notes", "actions", "outbound_emails"):
            before[table] = connection.execute(f"SELECT * FROM {table}").fetchall()

    with contextlib.closing(open_database(path)) as database, database.read() as tx:
        assert database.check() == []
        for table, rows in before.items():
            assert [tuple(row)[: len(rows[0])] for row in tx.all(f"SELECT * FROM {table}")] == rows
        with pytest.raises(sqlite3.IntegrityError), database.write() as writing:
            writing.run(
                "INSERT INTO actions (id, note_id, coach_id, client_id, position, text, due_kind, due_phrase, "
                "due_ambiguous, steps, plan, why, advice, created_at) SELECT 4, 99, coach_id, client_id, 2, text, "
                "due_kind, due_phrase, due_ambiguous, steps, plan, why, advice, created_at FROM actions"
            )


def test_three_processes_that_start_at_once_all_find_a_complete_database(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from mailflow.store.database import open_database
database = open_database(Path(sys.argv[1]))
print(database.count("outbound_emails"))
database.close()
"""
    done = run_together(3, code, str(tmp_path / "data" / "mailflow.sqlite3"))

    assert [(run.returncode, run.stdout, run.stderr) for run in done] == [(0, "0\n", "")] * 3


def test_write_that_fails_half_way_leaves_nothing(practice: Database) -> None:
    before = practice.fingerprint()

    def write_and_stumble() -> None:
        with practice.write() as tx:
            clients.learn(tx, ANNA.id, "new@client.example", "New")
            raise KeyError

    with pytest.raises(KeyError):
        write_and_stumble()

    assert practice.fingerprint() == before


def test_part_that_fails_leaves_nothing_of_itself_and_the_rest_is_kept(practice: Database) -> None:
    def stumble(tx: Transaction) -> None:
        with tx.part():
            clients.learn(tx, ANNA.id, "inside@client.example", "Inside")
            raise KeyError

    with practice.write() as tx:
        clients.learn(tx, ANNA.id, "before@client.example", "Before")
        with pytest.raises(KeyError):
            stumble(tx)
        with tx.part():
            clients.learn(tx, ANNA.id, "after@client.example", "After")

    with practice.read() as tx:
        names = {client.name for client in clients.of_coach(tx, ANNA.id)}
    assert names & {"Before", "Inside", "After"} == {"Before", "After"}


def test_part_in_which_the_disk_gets_full_takes_everything_along(practice: Database) -> None:
    with practice.write() as tx:
        tx.run(f"PRAGMA max_page_count = {tx.value('PRAGMA page_count')}")
    before = practice.fingerprint()

    def go_on_all_the_same() -> None:
        with practice.write() as tx:
            clients.learn(tx, ANNA.id, "new@client.example", "New")
            with tx.part():
                tx.run("UPDATE clients SET name = :name", name="x" * 100_000)

    with pytest.raises(EnvironmentProblem, match="disk has room"):
        go_on_all_the_same()

    assert practice.fingerprint() == before


def test_part_whose_transaction_sqlite_gave_up_is_nobody_elses_fault(practice: Database) -> None:
    """As when memory runs out, which Python says with an error that could be anybody's."""
    before = practice.fingerprint()

    def run_out_of_memory() -> None:
        with practice.write() as tx:
            clients.learn(tx, ANNA.id, "new@client.example", "New")
            with tx.part():
                tx.run("ROLLBACK")
                raise MemoryError

    with pytest.raises(EnvironmentProblem, match="gave a transaction up"):
        run_out_of_memory()

    assert practice.fingerprint() == before


def test_write_works_again_after_one_that_failed(practice: Database) -> None:
    with pytest.raises(KeyError), practice.write():
        raise KeyError

    with practice.write() as tx:
        clients.learn(tx, ANNA.id, "new@client.example", "New")

    assert practice.count("clients") == 3


def test_four_threads_that_read_and_then_write_lose_nothing(practice: Database) -> None:
    start = counter(practice)

    def add_one(_: int) -> None:
        with practice.write() as tx:
            seen = tx.value("SELECT hold_seconds FROM coaches")
            tx.run("UPDATE coaches SET hold_seconds = :new", new=seen + 1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(100)))

    assert counter(practice) == start + 100


def test_two_processes_that_read_and_then_write_lose_nothing(practice: Database) -> None:
    start = counter(practice)
    code = """
import sys
from pathlib import Path
from mailflow.store.database import open_database
database = open_database(Path(sys.argv[1]))
for _ in range(50):
    with database.write() as tx:
        seen = tx.value("SELECT hold_seconds FROM coaches")
        tx.run("UPDATE coaches SET hold_seconds = :new", new=seen + 1)
database.close()
"""
    done = run_together(2, code, str(practice.path))

    assert [(run.returncode, run.stderr) for run in done] == [(0, "")] * 2
    assert counter(practice) == start + 100
    assert practice.check() == []


def test_no_process_checkpoints_while_another_writes(practice: Database) -> None:
    """The WAL-reset bug needs a writer and a checkpointer at once: the second of them waits for the file lock."""
    code = """
import fcntl, os, sys
lock = os.open(sys.argv[1] + ".lock", os.O_RDWR)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("locked")
else:
    print("free")
"""
    with practice.write() as tx:
        tx.run("UPDATE coaches SET hold_seconds = 1")
        (while_writing,) = run_together(1, code, str(practice.path))
    (afterwards,) = run_together(1, code, str(practice.path))

    assert (while_writing.stdout, afterwards.stdout) == ("locked\n", "free\n")


def test_commit_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "mailflow.sqlite3"
    code = """
import os, signal, sys
from pathlib import Path
from mailflow.store.database import open_database
database = open_database(Path(sys.argv[1]))
with database.write() as tx:
    tx.run("INSERT INTO inbound_emails (mailbox, key, received_at, status) VALUES ('notes', 'a', 0, 'received')")
with database.write() as tx:
    tx.run("INSERT INTO inbound_emails (mailbox, key, received_at, status) VALUES ('notes', 'b', 0, 'received')")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    run_together(1, code, str(path))

    database = open_database(path)
    with database.read() as tx:
        assert [row["key"] for row in tx.all("SELECT key FROM inbound_emails")] == ["a"]
    database.close()


@pytest.mark.parametrize(
    ("pragma", "writer", "reader"),
    [
        ("journal_mode", "wal", "wal"),
        ("synchronous", FULL, FULL),
        ("foreign_keys", 1, 1),
        ("secure_delete", 1, 1),
        ("busy_timeout", 30000, 30000),
        ("query_only", 0, 1),
        ("wal_autocheckpoint", 1000, 0),
    ],
)
def test_pragma_is_in_force(database: Database, pragma: str, writer: object, reader: object) -> None:
    with database.write() as tx:
        assert tx.value(f"PRAGMA {pragma}") == writer
    with database.read() as tx:
        assert tx.value(f"PRAGMA {pragma}") == reader


def test_write_that_need_not_be_durable_is_in_the_file_for_whoever_opens_it_after_a_kill(
    practice: Database, tmp_path: Path
) -> None:
    with practice.write(durable=False) as tx:
        assert tx.value("PRAGMA synchronous") == NORMAL
        clients.learn(tx, ANNA.id, "new@client.example", "New")
    for file in practice.path.parent.glob(f"{practice.path.name}*"):
        shutil.copy(file, tmp_path / file.name.replace(practice.path.name, "copy.db"))
    copy = open_database(tmp_path / "copy.db")
    assert copy.count("clients") == practice.count("clients")
    copy.close()
    with practice.write() as tx:
        assert tx.value("PRAGMA synchronous") == FULL


def test_sync_makes_durable_what_was_not_and_does_nothing_else(
    practice: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr("os.fsync", lambda file: synced.append(Path(f"/proc/self/fd/{file}").readlink().name))
    with practice.write(durable=False):
        pass
    practice.sync()
    with practice.write() as tx:
        clients.learn(tx, ANNA.id, "new@client.example", "New")
    practice.sync()
    assert synced == []
    with practice.write(durable=False) as tx:
        clients.learn(tx, ANNA.id, "another@client.example", "Another")
    practice.sync()
    practice.sync()
    assert synced == [f"{practice.path.name}-wal"]


def test_writing_in_a_reading_transaction_is_refused(practice: Database) -> None:
    with pytest.raises((sqlite3.OperationalError, EnvironmentProblem)), practice.read() as tx:
        tx.run("UPDATE coaches SET name = 'Somebody else'")

    with practice.read() as tx:
        assert tx.value("SELECT name FROM coaches") == ANNA.name


def test_reading_sees_one_snapshot_while_somebody_writes(practice: Database) -> None:
    with practice.read() as tx:
        before = tx.value("SELECT count(*) FROM clients")
        with practice.write() as other:
            clients.learn(other, ANNA.id, "new@client.example", "New")
        assert tx.value("SELECT count(*) FROM clients") == before

    assert practice.count("clients") == before + 1


def test_full_disk_is_an_environment_problem_and_changes_nothing(practice: Database) -> None:
    with practice.write() as tx:
        tx.run(f"PRAGMA max_page_count = {tx.value('PRAGMA page_count')}")
    before = practice.fingerprint()

    def write_too_much() -> None:
        with practice.write() as tx:
            clients.learn(tx, ANNA.id, "new@client.example", "New")
            tx.run("UPDATE clients SET name = :name", name="x" * 100_000)

    with pytest.raises(EnvironmentProblem, match="disk has room"):
        write_too_much()

    assert practice.fingerprint() == before
    with practice.write() as tx:
        clients.learn(tx, ANNA.id, JANE.email, "Jane D.")


def test_first_start_on_a_disk_that_gets_full_says_so_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "mailflow.sqlite3"
    code = """
import resource, sys
from pathlib import Path
from mailflow.errors import EnvironmentProblem
from mailflow.store.database import open_database
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
try:
    open_database(Path(sys.argv[1]))
except EnvironmentProblem as problem:
    print(problem)
"""
    (done,) = run_together(1, code, str(path))

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing was changed" in done.stdout
    open_database(path).close()


def test_folder_that_cannot_be_made_is_an_environment_problem_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(EnvironmentProblem, match=r"data folder .* can't be used.*Make it writable"):
        open_database(tmp_path / "data" / "mailflow.sqlite3")


def test_folder_where_the_database_should_be_is_an_environment_problem(tmp_path: Path) -> None:
    (tmp_path / "mailflow.sqlite3").mkdir()

    with pytest.raises(EnvironmentProblem, match="can't be used"):
        open_database(tmp_path / "mailflow.sqlite3")


def test_damaged_database_points_to_the_backup(tmp_path: Path) -> None:
    (tmp_path / "mailflow.sqlite3").write_bytes(b"no database at all" * 1000)

    with pytest.raises(EnvironmentProblem, match=r"is damaged.*backup"):
        open_database(tmp_path / "mailflow.sqlite3")


def test_database_that_cannot_be_used_is_not_left_open(tmp_path: Path) -> None:
    """Python would close it some day, outside the write lock; from 3.13 on it warns of that."""
    damaged, foreign = tmp_path / "damaged.sqlite3", tmp_path / "foreign.sqlite3"
    damaged.write_bytes(b"no database at all" * 1000)
    with contextlib.closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE coaches (name TEXT)")

    # named, because an error that is dropped takes its connection along
    with pytest.raises(EnvironmentProblem) as _not_read:
        open_database(damaged)
    with pytest.raises(sqlite3.OperationalError, match="already exists") as _not_migrated:
        open_database(foreign)

    opened = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert [path for path in opened if path.is_relative_to(tmp_path)] == []


def test_mistake_in_sql_is_not_blamed_on_the_machine(practice: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), practice.write() as tx:
        tx.run("UPDATE nowhere SET name = ''")
    with pytest.raises(sqlite3.OperationalError, match="no such column"), practice.read() as tx:
        tx.one("SELECT nowhere FROM coaches")


def test_row_that_points_nowhere_is_refused(practice: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), practice.write() as tx:
        clients.learn(tx, 999, "x@client.example", "X")


def test_only_its_owner_may_read_the_database(tmp_path: Path) -> None:
    open_database(tmp_path / "data" / "mailflow.sqlite3").close()

    modes = {path.name: path.stat().st_mode & 0o077 for path in [tmp_path / "data", *(tmp_path / "data").iterdir()]}
    assert set(modes.values()) == {0}, modes


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_with_the_wal_reset_bug_are_known(version: tuple[int, int, int], affected: bool) -> None:
    assert has_wal_reset_bug(version) is affected


def test_state_of_sqlite_names_its_version() -> None:
    assert sqlite3.sqlite_version in sqlite_state()
