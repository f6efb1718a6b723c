"""`mailflow outbox`: mail that leaves."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailflow.cli.shared import (
    EXIT_NOT_POSSIBLE,
    ROW_ID,
    config_option,
    example,
    json_option,
    limit_option,
    now,
    opened,
)
from mailflow.terminal import fail, moment, print_table, show_mail, to_json

if TYPE_CHECKING:
    from mailflow.flows.intervene import OutboundChange


@click.group(invoke_without_command=True, epilog=example("mailflow outbox list --state waiting"))
@click.pass_context
def outbox(context: click.Context) -> None:
    """Mail that leaves: when each goes, or why not."""
    if context.invoked_subcommand is None:
        context.invoke(list_outbox)


@outbox.command("list", epilog=example("mailflow outbox list --state failed --json"))
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

    with opened(config) as app:
        mails = outbox_lines(app.database, limit, OutboundState(wanted) if wanted else None)
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


@outbox.command("show", epilog=example("mailflow outbox show 7"))
@config_option
@click.argument("outbound_id", metavar="ID", type=ROW_ID)
@click.option("--raw", is_flag=True, help="Print the bytes as they go, nothing else.")
@json_option
def show_outbox(config: Path | None, outbound_id: int, raw: bool, as_json: bool) -> None:
    """Show one mail. Its bytes are made by the first attempt to send it."""
    from mailflow.flows.report import outbound_email

    with opened(config) as app:
        found = outbound_email(app.database, outbound_id)
    if found is None:
        fail(f"There is no mail {outbound_id} in the outbox.", EXIT_NOT_POSSIBLE)
    email, content = found
    values = dataclasses.asdict(email)
    if email.state != "waiting":
        del values["due_at"]  # there is no next attempt
    show_mail(values, content, raw=raw, as_json=as_json)


def add_outbox_change(change: OutboundChange, help_text: str, done: str) -> None:
    """`mailflow outbox hold|release|cancel ID`."""

    def command(config: Path | None, outbound_id: int) -> None:
        from mailflow.flows.intervene import change_outbound

        with opened(config) as app:
            change_outbound(app.database, outbound_id, change, now())
        click.echo(f"Mail {outbound_id} {done}.")

    argument = click.argument("outbound_id", metavar="ID", type=ROW_ID)
    outbox.command(change, help=help_text, epilog=example(f"mailflow outbox {change} 7"))(
        config_option(argument(command))
    )


add_outbox_change("hold", "Keep a waiting mail back until it is released.", "is held back until it is released")
add_outbox_change("release", "Let a held or waiting mail go now.", "goes as soon as mailflow runs")
add_outbox_change("cancel", "Close a mail that has not gone.", "is cancelled")


@outbox.command("retry", epilog=example("mailflow outbox retry --all"))
@config_option
@click.argument("outbound_id", metavar="[ID]", type=ROW_ID, required=False)
@click.option("--all", "everything", is_flag=True, help="Everything that was put off, as after a mended account.")
def retry_outbox(config: Path | None, outbound_id: int | None, everything: bool) -> None:
    """Try a mail now that was put off, or that failed."""
    from mailflow.flows import intervene

    if (outbound_id is None) != everything:
        raise click.UsageError("Give the ID of a mail, or --all.")
    with opened(config) as app:
        if outbound_id is None:
            click.echo(f"What goes as soon as mailflow runs: {intervene.retry_outbox(app.database, now())}.")
        else:
            intervene.change_outbound(app.database, outbound_id, "retry", now())
            click.echo(f"Mail {outbound_id} goes as soon as mailflow runs.")
