"""How commands speak: tables for people, JSON for programs, and a way out with a message."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from mailflow.errors import EnvironmentProblem

PIPE_WIDTH = 200
"""Columns where nobody sees the width: lines are not broken for grep."""


def fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@contextmanager
def whole_output() -> Iterator[None]:
    """Raises EnvironmentProblem where what was printed could not be written, such as to a full disk."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        with Path(os.devnull).open("wb") as nowhere:  # else Python tries again when it ends
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise EnvironmentProblem(f"The output can't be written: {error.strerror}.") from error


def moment(value: datetime) -> str:
    return f"{value:%a %Y-%m-%d %H:%M}"


def counted(counts: dict[Any, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "empty"


def fields(value: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def to_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=json_default)


def json_default(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def show_mail(values: dict[str, Any], content: bytes | None, *, raw: bool, as_json: bool) -> None:
    """Its row of the table and its source; with `raw` the source alone, byte for byte."""
    if as_json:
        click.echo(to_json(values))
        return
    if raw:
        sys.stdout.buffer.write(content or b"")
        return
    for name, value in values.items():
        if value not in (None, ""):
            click.echo(f"{name.replace('_', ' ')}: {moment(value) + ' UTC' if isinstance(value, datetime) else value}")
    click.echo("")
    click.echo("(its bytes are made by the first attempt)" if content is None else content.decode("utf-8", "replace"))


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo(f"{title}: none")
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in head:
        table.add_column(name)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)
