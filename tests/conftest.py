"""Tests that need a program which is not here are skipped, or fail in CI, and the summary says what to install.

@pytest.mark.needs("chromium")
def test_page_fits_a_phone(program):
    browser = playwright.chromium.launch(executable_path=program("chromium"))
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob  # a pattern may be absolute, which Path.glob refuses before Python 3.13
from pathlib import Path

import pytest

from mailflow.store.database import Database, open_database
from tests.builders import store_people

SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])


@dataclass(frozen=True)
class Program:
    """A line of programs.txt."""

    name: str
    candidates: tuple[str, ...]
    packages: tuple[str, ...]

    def path(self) -> str | None:
        """Where the first candidate is that exists, None where none does."""
        found = (
            next(iter(glob(name)), None) if name.startswith("/") else shutil.which(name, path=SEARCH_PATH)  # noqa: PTH207
            for name in self.candidates
        )
        return next(filter(None, found), None)


def read_programs(table: Path) -> dict[str, Program]:
    lines = [line.split() for line in table.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
    return {name: Program(name, tuple(found_as.split(",")), tuple(packages)) for name, found_as, *packages in lines}


PROGRAMS = read_programs(Path(__file__).with_name("programs.txt"))
MISSING = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    names = [name for mark in item.iter_markers("needs") for name in mark.args]
    missing = [PROGRAMS[name] for name in names if PROGRAMS[name].path() is None]
    if not missing:
        return
    item.config.stash[MISSING].update(package for program in missing for package in program.packages)
    reason = f"needs {', '.join(program.name for program in missing)}, which is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; in CI nothing is skipped for that", pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def program() -> Callable[[str], str]:
    """Where a program is, by its name in programs.txt; for tests with the marker that names it."""

    def path(name: str) -> str:
        found = PROGRAMS[name].path()
        assert found, f"a test that uses {name} says so: @pytest.mark.needs({name!r})"
        return found

    return path


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database in a folder of the test's own."""
    opened = open_database(tmp_path / "data" / "mailflow.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def practice(database: Database) -> Database:
    """The database of Anna's practice: her calendar, Jane and Tom (tests/builders.py)."""
    store_people(database)
    return database


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    packages = config.stash[MISSING]
    if packages:
        terminalreporter.section("not everything was tested")
        terminalreporter.line("Some tests need programs that are not here. On Debian or Ubuntu, as root:")
        terminalreporter.line(f"    apt install {' '.join(sorted(packages))}")
