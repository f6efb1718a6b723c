"""The SQLite engine: one writer at a time, readers that never wait.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when one connection writes while another checkpoints
(https://sqlite.org/wal.html#walresetbug). Debian 12 ships 3.40. So every write and every checkpoint, of every
process, happens under one lock on a file beside the database, and only the writer connection checkpoints.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import queue
import sqlite3
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mailflow.errors import EnvironmentProblem
from mailflow.store.migrations import migrate

Row = sqlite3.Row

BUSY_TIMEOUT_SECONDS = 30
CHECKPOINT_PAGES = 1000
DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
ENVIRONMENT_CODES = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
}


def has_wal_reset_bug(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite needs the lock that this file is about."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return not fixed


def sqlite_state() -> str:
    """The version of SQLite, and what that means."""
    if has_wal_reset_bug():
        return f"{sqlite3.sqlite_version} (has the WAL-reset bug; mailflow's write lock keeps it from happening)"
    return sqlite3.sqlite_version


class Transaction:
    """Runs SQL with `:name` parameters inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def all(self, sql: str, **parameters: object) -> list[Row]:
        """Every row."""
        rows: list[Row] = self._connection.execute(sql, parameters).fetchall()
        return rows

    def one(self, sql: str, **parameters: object) -> Row | None:
        """The first row, None where there is none. Fit for `… RETURNING`, too."""
        rows = self.all(sql, **parameters)
        return rows[0] if rows else None

    def value(self, sql: str, **parameters: object) -> Any:
        """The first column of the first row, None where there is none."""
        row = self.one(sql, **parameters)
        return None if row is None else row[0]

    def run(self, sql: str, **parameters: object) -> int:
        """How many rows were written."""
        return self._connection.execute(sql, parameters).rowcount

    @contextmanager
    def part(self) -> Iterator[None]:
        """All or nothing, inside of what is all or nothing: an error in it leaves what was written before.

        Raises EnvironmentProblem where the whole transaction has to be given up.
        """
        with sqlite_errors(self._path):
            self.run("SAVEPOINT part")
            try:
                yield
            except BaseException as error:
                if not self._connection.in_transaction:  # SQLite itself ends it, for instance when memory runs out
                    raise EnvironmentProblem(f"The database {self._path} gave a transaction up: {error}.") from error
                self.run("ROLLBACK TO part")
                self.run("RELEASE part")
                raise
            self.run("RELEASE part")


class Database:
    """One SQLite file. Safe to share between threads; close it once, at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._unsynced = False
        self._idle_readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        with environment_errors(path):
            self._lock_file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                with self._exclusive():
                    self._writer = self._connect(read_only=False)
                    with closed_on_failure(self._writer):
                        migrate(self._writer)
            except BaseException:
                os.close(self._lock_file)
                raise

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Transaction]:
        """All or nothing, durable on return. What is not `durable` outlives the process, however that ends; a loss of
        power it outlives from the next durable change, or `sync`, on.

        Raises EnvironmentProblem where the disk is full or the file can't be written: nothing was changed then.
        """
        with sqlite_errors(self.path), self._exclusive():
            self._writer.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            changes = self._writer.total_changes
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._writer, self.path)
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            if not durable and self._writer.total_changes > changes:
                self._unsynced = True

    def sync(self) -> None:
        """Makes every write durable that wasn't. (They follow each other in one file, the WAL.)"""
        if self._unsynced:
            self._unsynced = False
            with environment_errors(self.path):
                wal = os.open(self.path.with_name(self.path.name + "-wal"), os.O_RDONLY | os.O_CLOEXEC)
                try:
                    os.fsync(wal)
                finally:
                    os.close(wal)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One consistent snapshot; writing in it is an error."""
        with sqlite_errors(self.path):
            reader = self._idle_reader()
            reader.execute("BEGIN")
            try:
                yield Transaction(reader, self.path)
            finally:
                if reader.in_transaction:
                    reader.execute("ROLLBACK")
                self._idle_readers.put(reader)

    def check(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty where nothing is."""
        with self.read() as tx:
            found = [str(row[0]) for row in tx.all("PRAGMA integrity_check")]
            found += [f"foreign key: {tuple(row)}" for row in tx.all("PRAGMA foreign_key_check")]
        return [line for line in found if line != "ok"]

    def fingerprint(self, without: Collection[str] = ()) -> str:
        """The same as long as no table but these has changed."""
        digest = hashlib.sha256()
        with self.read() as tx:
            for table in self._tables(tx):
                if table not in without:
                    rows = tx.all(f'SELECT * FROM "{table}"')  # noqa: S608  # its name comes from sqlite_master
                    digest.update(repr([table, *map(tuple, rows)]).encode())
        return digest.hexdigest()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.read() as tx:
            if table not in self._tables(tx):
                raise ValueError(f"there is no table {table}")
            return int(tx.value(f'SELECT count(*) FROM "{table}"'))  # noqa: S608  # one of ours

    def _tables(self, tx: Transaction) -> list[str]:
        return [row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]

    def close(self) -> None:
        """The last connection to close checkpoints, so it does that under the lock as well."""
        with self._exclusive():
            while not self._idle_readers.empty():
                self._idle_readers.get().close()
            self._writer.close()
        os.close(self._lock_file)

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._writing:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def _idle_reader(self) -> sqlite3.Connection:
        try:
            return self._idle_readers.get_nowait()
        except queue.Empty:
            return self._connect(read_only=True)

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        with closed_on_failure(connection):
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",  # NORMAL can lose a committed reflection when the power goes; see `write`
                f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
                "foreign_keys = ON",
                "secure_delete = ON",  # its default differs by build
                f"wal_autocheckpoint = {0 if read_only else CHECKPOINT_PAGES}",
                f"query_only = {'ON' if read_only else 'OFF'}",
            ):
                connection.execute(f"PRAGMA {pragma}")
        return connection


@contextmanager
def closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    """Closes at once: Python would do it some day, outside the lock, and the last one to close checkpoints."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turns what the machine is to blame for into EnvironmentProblem; a mistake in our SQL stays what it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in ENVIRONMENT_CODES:
            raise
        raise EnvironmentProblem(
            f"The database {path} can't be used now: {error}. Nothing was changed. "
            "Make sure that its folder is writable and the disk has room."
        ) from error
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in DAMAGE_CODES:
            raise
        raise EnvironmentProblem(
            f"The database {path} is damaged: {error}. Nothing was changed. "
            "Keep the file, and put back a copy from your backup (docs/operations.md)."
        ) from error


@contextmanager
def environment_errors(path: Path) -> Iterator[None]:
    """The same while the files are opened, where the folder itself may be the problem."""
    try:
        with sqlite_errors(path):
            yield
    except OSError as error:
        raise EnvironmentProblem(
            f"The data folder {path.parent} can't be used: {error.strerror or error}. "
            "Nothing was changed. Make it writable for the user that runs mailflow, or set `data` to another folder."
        ) from error


def open_database(path: Path) -> Database:
    """The database in this file, created and brought up to date where needed. Raises EnvironmentProblem."""
    with environment_errors(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    return Database(path)
