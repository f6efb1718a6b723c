"""What the commands share: their options, how they end, and the way to what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mailflow.app import App

EXIT_NOT_POSSIBLE = 1
EXIT_SETTINGS = 3
EXIT_ENVIRONMENT = 4

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The settings; else $MAILFLOW_CONFIG, ./mailflow.toml or /etc/mailflow/mailflow.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="How many at most."
)
ROW_ID = click.IntRange(1, 2**63 - 1)
"""SQLite's own."""


def example(line: str) -> str:
    """What stands below a command's options in its --help."""
    return f"Example: {line}"


@contextmanager
def opened(config: Path | None) -> Iterator[App]:
    """What is stored, for a command that does not run the service."""
    from mailflow.app import open_app
    from mailflow.settings import load_settings

    with closing(open_app(load_settings(config), create=False)) as app:
        yield app


def now() -> datetime:
    return datetime.now(UTC)
