"""The command line: one command per verb. Imports are inside the commands, so that `--help` answers at once.

Exit codes: 0 done, 1 not possible or something waits for a person, 2 wrong usage, 3 settings, 4 the machine.
"""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailflow import __version__
from mailflow.errors import EnvironmentProblem, MailflowError, SettingsError
from mailflow.terminal import counted, fail, fields, moment, print_table, show_mail, to_json

if TYPE_CHECKING:
    from mailflow.app import App

EXIT_NOT_POSSIBLE = 1
EXIT_SETTINGS = 3
EXIT_ENVIRONMENT = 4
EXIT_CODES = f"Exit codes: 0 done, {EXIT_NOT_POSSIBLE} not possible or something waits for a person, 2 wrong usage, \
{EXIT_SETTINGS} settings, {EXIT_ENVIRONMENT} the machine."


def main() -> None:
    """The `mailflow` program."""
    try:
        mailflow(prog_name="mailflow")
    except SettingsError as error:
        fail(str(error), EXIT_SETTINGS)
    except EnvironmentProblem as error:
        fail(str(error), EXIT_ENVIRONMENT)
    except MailflowError as error:
        fail(str(error), EXIT_NOT_POSSIBLE)


def example(line: str) -> dict[str, str]:
    """What stands below a command's options in its --help."""
    return {"epilog": f"Example: {line}"}


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


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mailflow", message="%(prog)s %(version)s")
def mailflow() -> None:
    """Homework between coaching sessions, by email."""


@mailflow.command(**example("mailflow run --config mailflow.toml"))
@config_option
def run(config: Path | None) -> None:
    """Run the service until SIGTERM or Ctrl-C."""
    from mailflow import daemon
    from mailflow.app import open_app
    from mailflow.logs import configure_logs
    from mailflow.settings import load_settings

    settings = load_settings(config)
    configure_logs(settings.log)
    app = open_app(settings, create=True)
    try:
        daemon.run(app)
    finally:
        app.close()


@mailflow.command(**example("mailflow demo --once"))
@click.option("--once", is_flag=True, help="Play coach and client too, check every step, and end.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the demo's data in this new folder."
)
def demo(once: bool, keep: Path | None) -> None:
    """Run a sample practice on this machine: no account is needed, no mail leaves it."""
    from mailflow.demo.practice import run_demo

    sys.exit(run_demo(once=once, keep=keep))


@mailflow.command(**example("mailflow parse note.eml --timezone Europe/Berlin --json"))
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
@json_option
def parse(file: Path, at: datetime | None, timezone: str, date_order: str, as_json: bool) -> None:
    """Show what is understood of a mail. Nothing is stored or sent."""
    from mailflow.flows.explain import explain

    try:
        explained = explain(file.read_bytes(), at=at, now=now(), timezone=timezone, date_order=date_order)
    except OSError as error:
        raise EnvironmentProblem(f"{file} can't be read: {error.strerror}.") from error
    click.echo(to_json(explained.as_json()) if as_json else explained.as_text())


@mailflow.command(**example("mailflow sessions --coach anna@coach.example --days 7"))
@config_option
@click.option("--coach", help="Only this coach's, by address.")
@click.option("--days", type=click.IntRange(0, 10_000), default=14, show_default=True, help="How far back and ahead.")
@json_option
def sessions(config: Path | None, coach: str | None, days: int, as_json: bool) -> None:
    """List what is seen as a session, with which client, and why other events are none."""
    from zoneinfo import ZoneInfo

    from mailflow.flows.report import session_lines
    from mailflow.wording import passed_over

    app = open_existing(config)
    lines, others = session_lines(app.database, coach, days, now())
    app.close()
    if as_json:
        click.echo(
            to_json(
                {
                    "sessions": [
                        {"coach": line.coach.email, "client": line.client.email, "client_name": line.client.name}
                        | fields(line.session, "id", "title", "starts_at", "ends_at", "status")
                        for line in lines
                    ],
                    "passed_over": [
                        {"coach": coach.email} | fields(event, "uid", "starts_at", "reason") for coach, event in others
                    ],
                }
            )
        )
        return
    print_table(
        "Sessions",
        ("When", "Client", "Title", "Coach", ""),
        [
            (
                moment(line.session.starts_at.astimezone(ZoneInfo(line.coach.timezone))),
                f"{line.client.name} <{line.client.email}>".strip(),
                line.session.title,
                line.coach.name,
                "" if line.session.status == "planned" else line.session.status,
            )
            for line in lines
        ],
    )
    print_table(
        "Events that are no sessions",
        ("When", "Why not", "Coach"),
        [
            (moment(event.starts_at.astimezone(ZoneInfo(coach.timezone))), passed_over(event.reason), coach.name)
            for coach, event in others
        ],
    )


@mailflow.command(**example("mailflow status --json"))
@config_option
@json_option
def status(config: Path | None, as_json: bool) -> None:
    """Say how things stand. Exit code 1 where something waits for a person."""
    from mailflow.flows.report import status as read_status

    app = open_existing(config)
    found = read_status(app.database, now())
    app.close()
    if as_json:
        click.echo(
            to_json(
                {
                    "healthy": found.healthy,
                    "calendars": [
                        {"coach": line.coach.email, "broken_events": dict(line.broken_events)}
                        | fields(line.calendar, "name", "synced_at", "problem")
                        for line in found.calendars
                    ],
                    "inbox": found.inbound,
                    "outbox": found.outbound,
                    "unread_for_an_hour": found.unread,
                    "stuck": [
                        fields(mail, "id", "kind", "recipient", "state", "planned_at", "reason") for mail in found.stuck
                    ],
                    "database": found.problems,
                    "sqlite": found.sqlite,
                }
            )
        )
    else:
        for line in found.calendars:
            read = f"read {moment(line.calendar.synced_at)} UTC" if line.calendar.synced_at else "not read yet"
            click.echo(f"calendar '{line.calendar.name}' of {line.coach.name}: {read}")
            for problem in filter(
                None, (line.calendar.problem, *(f"event {uid}: {p}" for uid, p in line.broken_events))
            ):
                click.echo(f"  ! {problem}")
        click.echo(f"inbox: {counted(found.inbound)}")
        if found.unread:
            click.echo(f"  ! waiting for more than an hour: {found.unread}. Does `mailflow run` run?")
        click.echo(f"outbox: {counted(found.outbound)}")
        for mail in found.stuck:
            why = mail.reason or "its time is over. Does `mailflow run` run?"
            click.echo(f"  ! {mail.kind} {mail.id} of {moment(mail.planned_at)} UTC is {mail.state}: {why}")
        click.echo(f"database: {'; '.join(found.problems) or 'sound'}, SQLite {found.sqlite}")
        if not found.healthy:
            click.echo(
                "Something waits for you: see `mailflow inbox list --status quarantined` and "
                "`mailflow outbox list --state failed`, and what is marked with ! above."
            )
    sys.exit(0 if found.healthy else EXIT_NOT_POSSIBLE)


# --- The inbox ----------------------------------------------------------------------------------


@mailflow.group(invoke_without_command=True, **example("mailflow inbox list --status quarantined"))
@click.pass_context
def inbox(context: click.Context) -> None:
    """Mail that arrived: what became of each, and why."""
    if context.invoked_subcommand is None:
        context.invoke(list_inbox)


@inbox.command("list", **example("mailflow inbox list --status quarantined --json"))
@config_option
@click.option(
    "--status",
    "wanted",
    type=click.Choice(["received", "processed", "duplicate", "ignored", "quarantined"]),
    help="Only these.",
)
@limit_option
@json_option
def list_inbox(config: Path | None = None, wanted: str | None = None, limit: int = 50, as_json: bool = False) -> None:
    """List mails, the newest first."""
    from mailflow.flows.report import inbox as read_inbox
    from mailflow.model import InboundStatus

    app = open_existing(config)
    mails = read_inbox(app.database, limit, InboundStatus(wanted) if wanted else None)
    app.close()
    if as_json:
        click.echo(to_json([dataclasses.asdict(mail) for mail in mails]))
        return
    print_table(
        "Inbox",
        ("Id", "Received (UTC)", "From", "Subject", "Status", "Why"),
        [(str(m.id), moment(m.received_at), m.sender, m.subject, m.status, m.reason) for m in mails],
    )


@inbox.command("show", **example("mailflow inbox show 12 --raw > note.eml"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
@click.option("--raw", is_flag=True, help="Print the bytes as they came, nothing else.")
@json_option
def show_inbox(config: Path | None, inbound_id: int, raw: bool, as_json: bool) -> None:
    """Show one mail."""
    from mailflow.flows.report import inbound_email

    app = open_existing(config)
    found = inbound_email(app.database, inbound_id)
    app.close()
    if found is None:
        fail(f"There is no mail {inbound_id} in the inbox.", EXIT_NOT_POSSIBLE)
    show_mail(dataclasses.asdict(found[0]), found[1], raw=raw, as_json=as_json)


@inbox.command("retry", **example("mailflow inbox retry 12"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
def retry_inbox(config: Path | None, inbound_id: int) -> None:
    """Look at a quarantined or ignored mail again, as if it had just arrived."""
    from mailflow.flows.report import retry_inbound

    app = open_existing(config)
    worked = retry_inbound(app.database, inbound_id, now())
    app.close()
    if not worked:
        fail(f"Mail {inbound_id} is neither quarantined nor ignored: nothing was changed.", EXIT_NOT_POSSIBLE)
    click.echo(f"Mail {inbound_id} is looked at again as soon as mailflow runs.")


# --- The outbox ---------------------------------------------------------------------------------


@mailflow.group(invoke_without_command=True, **example("mailflow outbox list --state waiting"))
@click.pass_context
def outbox(context: click.Context) -> None:
    """Mail that leaves: when each goes, or why not."""
    if context.invoked_subcommand is None:
        context.invoke(list_outbox)


@outbox.command("list", **example("mailflow outbox list --state failed --json"))
@config_option
@click.option(
    "--state",
    "wanted",
    type=click.Choice(["waiting", "held", "sent", "failed", "cancelled", "expired"]),
    help="Only these.",
)
@limit_option
@json_option
def list_outbox(config: Path | None = None, wanted: str | None = None, limit: int = 50, as_json: bool = False) -> None:
    """List mails: what goes next comes first."""
    from mailflow.flows.report import outbox_lines
    from mailflow.model import OutboundState

    app = open_existing(config)
    mails = outbox_lines(app.database, limit, OutboundState(wanted) if wanted else None)
    app.close()
    if as_json:
        click.echo(to_json([dataclasses.asdict(mail) for mail in mails]))
        return
    print_table(
        "Outbox",
        ("Id", "Kind", "To", "State", "Planned (UTC)", "Next attempt (UTC)", "Why"),
        [
            (
                str(m.id),
                m.kind,
                m.recipient,
                m.state,
                moment(m.planned_at),
                moment(m.due_at) if m.state == "waiting" else "",
                m.reason,
            )
            for m in mails
        ],
    )


@outbox.command("show", **example("mailflow outbox show 7"))
@config_option
@click.argument("outbound_id", metavar="ID", type=ROW_ID)
@click.option("--raw", is_flag=True, help="Print the bytes as they go, nothing else.")
@json_option
def show_outbox(config: Path | None, outbound_id: int, raw: bool, as_json: bool) -> None:
    """Show one mail. Its bytes are made by the first attempt to send it."""
    from mailflow.flows.report import outbound_email

    app = open_existing(config)
    found = outbound_email(app.database, outbound_id)
    app.close()
    if found is None:
        fail(f"There is no mail {outbound_id} in the outbox.", EXIT_NOT_POSSIBLE)
    email, content = found
    values = dataclasses.asdict(email)
    if email.state != "waiting":
        del values["due_at"]  # there is no next attempt
    show_mail(values, content, raw=raw, as_json=as_json)


def add_outbox_change(name: str, help_text: str, done: str) -> None:
    """`mailflow outbox hold|release|cancel ID`."""

    def change(config: Path | None, outbound_id: int) -> None:
        from mailflow.flows.report import change_outbound

        app = open_existing(config)
        worked = change_outbound(app.database, outbound_id, name, now())
        app.close()
        if not worked:
            fail(
                f"Mail {outbound_id} does not wait any more, or is just going: nothing was changed.", EXIT_NOT_POSSIBLE
            )
        click.echo(f"Mail {outbound_id} {done}.")

    argument = click.argument("outbound_id", metavar="ID", type=ROW_ID)
    outbox.command(name, help=help_text, **example(f"mailflow outbox {name} 7"))(config_option(argument(change)))


add_outbox_change("hold", "Keep a waiting mail back until it is released.", "is held back until it is released")
add_outbox_change("release", "Let a held or waiting mail go now.", "goes as soon as mailflow runs")
add_outbox_change("cancel", "Close a mail that has not gone.", "is cancelled")


@mailflow.command(**example("mailflow completion bash >> ~/.bashrc"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes mailflow's commands in your shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(mailflow, {}, "mailflow", "_MAILFLOW_COMPLETE").source())


# --- What the commands share --------------------------------------------------------------------


def open_existing(config: Path | None) -> App:
    from mailflow.app import open_app
    from mailflow.settings import load_settings

    return open_app(load_settings(config), create=False)


def now() -> datetime:
    return datetime.now(UTC)
