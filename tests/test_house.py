"""Rules of the house that neither ruff nor import-linter can see. DESIGN: time is an argument, SQL lives in store/."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "mailflow").rglob("*.py"))

MAY_READ_THE_CLOCK = {"cli", "daemon", "demo", "web"}
CLOCKS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
SQL = re.compile(
    r"\s*(SELECT\s.*\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|ALTER|DROP)\s+(UNIQUE\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|PRAGMA\s|BEGIN\s+IMMEDIATE|VACUUM\b)",
    re.DOTALL,
)


def test_only_the_edges_read_the_clock() -> None:
    assert [
        f"{where(path, node)}: {name}"
        for path in SOURCES
        if room(path) not in MAY_READ_THE_CLOCK
        for node, name in clock_reads(ast.parse(path.read_text("utf-8")))
    ] == []


def test_sql_is_written_in_the_store_only() -> None:
    assert [
        f"{where(path, node)}: {text.split()[0]} …"
        for path in SOURCES
        if room(path) != "store"
        for node, text in strings(ast.parse(path.read_text("utf-8")))
        if SQL.match(text)
    ] == []


def test_words_and_errors_need_the_standard_library_only() -> None:
    assert [
        f"{where(path, node)}: {name}"
        for path in SOURCES
        if room(path) in {"model", "errors"}
        for node, name in imported_packages(ast.parse(path.read_text("utf-8")))
        if name not in sys.stdlib_module_names
    ] == []


def test_every_package_from_outside_has_a_contract_that_says_who_may_import_it() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    ruled = {name for contract in contracts for name in contract.get("protected_modules", [])}
    assert {
        name
        for path in SOURCES
        for _, name in imported_packages(ast.parse(path.read_text("utf-8")))
        if name not in sys.stdlib_module_names | ruled | {"mailflow"}
    } == set()


@pytest.mark.parametrize("lock", sorted((ROOT / "locks").glob("*.txt")), ids=lambda lock: lock.name)
def test_locks_pin_hashes_and_name_no_host(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert not re.search(r"://|^-|\bfile:", text, re.MULTILINE)
    assert all("--hash=sha256:" in pin for pin in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:])


def test_runtime_lock_pins_the_same_releases_as_the_one_for_development() -> None:
    assert pins("runtime.txt") <= pins("dev.txt")


def test_ci_tries_every_python_that_mailflow_is_declared_for() -> None:
    (matrix,) = re.findall(
        r"^ +python: (\[.*\])$", (ROOT / ".github/workflows/ci.yml").read_text("utf-8"), re.MULTILINE
    )
    declared = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert declared
    assert json.loads(matrix) == declared


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from datetime import datetime\nx = datetime.now(tz)", ["datetime.datetime.now"]),
        ("import datetime as dt\nx = dt.date.today()", ["datetime.date.today"]),
        ("from time import time as clock\nx = field(default_factory=clock)", ["time.time"]),
        ("import time\ntime.sleep(1)\ntime.monotonic()", []),
        ("from datetime import datetime\nx = datetime.fromtimestamp(0, tz)", []),
    ],
)
def test_a_clock_is_seen_under_any_name(code: str, found: list[str]) -> None:
    assert [name for _, name in clock_reads(ast.parse(code))] == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('rows = run("SELECT id FROM notes")', True),
        ('run(f"UPDATE notes SET text = {x}")', True),
        ('run("""\\n    INSERT OR IGNORE INTO notes VALUES (1)""")', True),
        ('print("Select a client from the list")', False),
        ('print("UPDATE your settings")', False),
    ],
)
def test_sql_is_seen_in_any_string(code: str, found: bool) -> None:
    assert any(SQL.match(text) for _, text in strings(ast.parse(code))) is found


def clock_reads(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Where a clock is named, called or not, and its full name, whatever the import calls it."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := full_name(node, names)) in CLOCKS:
            yield node, name


def full_name(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{full_name(node.value, names)}.{node.attr}"
    return names.get(node.id, "") if isinstance(node, ast.Name) else ""


def strings(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node, "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)


def imported_packages(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module.partition(".")[0]


def room(path: Path) -> str:
    return path.relative_to(ROOT / "mailflow").parts[0].removesuffix(".py")


def where(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][^\s=]*==\S+", (ROOT / "locks" / lock).read_text("utf-8"), re.MULTILINE))


def pyproject() -> dict[str, dict[str, dict[str, list[dict[str, list[str]]]]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
