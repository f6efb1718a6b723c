"""The command line: one command per verb. Imports are inside the commands, so that `--help` answers at once.

Exit codes: 0 done, 1 not possible or something waits for a person, 2 wrong usage, 3 settings, 4 the machine.
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from mailflow import __version__
from mailflow.cli.client import client
from mailflow.cli.inbox import inbox
from mailflow.cli.outbox import outbox
from mailflow.cli.overview import sessions, status
from mailflow.cli.shared import (
    EXIT_ENVIRONMENT,
    EXIT_NOT_POSSIBLE,
    EXIT_SETTINGS,
    config_option,
    example,
    json_option,
    now,
)
from mailflow.errors import EnvironmentProblem, MailflowError, SettingsError
from mailflow.terminal import fail, to_json, whole_output

EXIT_CODES = f"Exit codes: 0 done, {EXIT_NOT_POSSIBLE} not possible or something waits for a person, 2 wrong usage, \
{EXIT_SETTINGS} settings, {EXIT_ENVIRONMENT} the machine."


def main() -> None:
    """The `mailflow` program."""
    try:
        with whole_output():
            mailflow(prog_name="mailflow")
    except SettingsError as error:
        fail(str(error), EXIT_SETTINGS)
    except EnvironmentProblem as error:
        fail(str(error), EXIT_ENVIRONMENT)
    except MailflowError as error:
        fail(str(error), EXIT_NOT_POSSIBLE)


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mailflow", message="%(prog)s %(version)s")
def mailflow() -> None:
    """Homework between coaching sessions, by email."""


for command in (sessions, status, client, inbox, outbox):
    mailflow.add_command(command)


@mailflow.command(epilog=example("mailflow run --config mailflow.toml"))
@config_option
def run(config: Path | None) -> None:
    """Run the service until SIGTERM or Ctrl-C."""
    from mailflow import daemon
    from mailflow.app import open_app
    from mailflow.logs import configure_logs
    from mailflow.settings import load_settings

    settings = load_settings(config)
    configure_logs(settings.log)
    with closing(open_app(settings, create=True)) as app:
        daemon.run(app)


@mailflow.command(epilog=example("mailflow demo --once"))
@click.option("--once", is_flag=True, help="Play coach and client too, check every step, and end.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo's data in this new folder."
)
def demo(once: bool, keep: Path | None) -> None:
    """Run a sample practice on this machine: no account is needed, no mail leaves it."""
    from mailflow.demo.practice import run_demo

    sys.exit(run_demo(once=once, keep=keep))


@mailflow.command(epilog=example("mailflow parse note.eml --timezone Europe/Berlin --json"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    help="The moment that 'by Friday' is seen from; else the mail's Date.",
)
@click.option("--timezone", default="UTC", show_default=True, help="The coach's IANA time zone.")
@click.option(
    "--date-order",
    type=click.Choice(["DMY", "MDY", "YMD"]),
    default="DMY",
    show_default=True,
    help="How the coach writes dates.",
)
@click.option(
    "--heading",
    "headings",
    multiple=True,
    metavar="WORD",
    help="A word of the coach's own that heads actions; may be given several times.",
)
@json_option
def parse(
    file: Path, at: datetime | None, timezone: str, date_order: str, headings: tuple[str, ...], as_json: bool
) -> None:
    """Show what is understood of a mail. Nothing is stored or sent."""
    from mailflow.flows.explain import explain

    try:
        explained = explain(
            file.read_bytes(), at=at, now=now(), timezone=timezone, date_order=date_order, heading_words=headings
        )
    except OSError as error:
        raise EnvironmentProblem(f"{file} can't be read: {error.strerror}.") from error
    click.echo(to_json(explained.as_json()) if as_json else explained.as_text())


@mailflow.command(epilog=example("mailflow completion bash >> ~/.bashrc"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes mailflow's commands in your shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(mailflow, {}, "mailflow", "_MAILFLOW_COMPLETE").source())
