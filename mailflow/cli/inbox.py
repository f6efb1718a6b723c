"""`mailflow inbox`: mail that arrived."""

from __future__ import annotations

import dataclasses
from pathlib import Path

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


@click.group(invoke_without_command=True, epilog=example("mailflow inbox list --status quarantined"))
@click.pass_context
def inbox(context: click.Context) -> None:
    """Mail that arrived: what became of each, and why."""
    if context.invoked_subcommand is None:
        context.invoke(list_inbox)


@inbox.command("list", epilog=example("mailflow inbox list --status quarantined --json"))
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

    with opened(config) as app:
        mails = read_inbox(app.database, limit, InboundStatus(wanted) if wanted else None)
    if as_json:
        click.echo(to_json([dataclasses.asdict(mail) for mail in mails]))
        return
    print_table(
        "Inbox",
        ("Id", "Received (UTC)", "From", "Subject", "Status", "Why"),
        [(str(m.id), moment(m.received_at), m.sender, m.subject, m.status, m.reason) for m in mails],
    )


@inbox.command("show", epilog=example("mailflow inbox show 12 --raw > note.eml"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
@click.option("--raw", is_flag=True, help="Print the bytes as they came, nothing else.")
@json_option
def show_inbox(config: Path | None, inbound_id: int, raw: bool, as_json: bool) -> None:
    """Show one mail."""
    from mailflow.flows.report import inbound_email

    with opened(config) as app:
        found = inbound_email(app.database, inbound_id)
    if found is None:
        fail(f"There is no mail {inbound_id} in the inbox.", EXIT_NOT_POSSIBLE)
    show_mail(dataclasses.asdict(found[0]), found[1], raw=raw, as_json=as_json)


@inbox.command("retry", epilog=example("mailflow inbox retry 12"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
def retry_inbox(config: Path | None, inbound_id: int) -> None:
    """Look at a quarantined or ignored mail again, as if it had just arrived."""
    from mailflow.flows.intervene import retry_inbound

    with opened(config) as app:
        retry_inbound(app.database, inbound_id, now())
    click.echo(f"Mail {inbound_id} is looked at again as soon as mailflow runs.")


@inbox.command("dismiss", epilog=example("mailflow inbox dismiss 12"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
def dismiss_inbox(config: Path | None, inbound_id: int) -> None:
    """Set a quarantined mail aside. It is kept, and `mailflow status` tells of it no more."""
    from mailflow.flows.intervene import dismiss_inbound

    with opened(config) as app:
        dismiss_inbound(app.database, inbound_id)
    click.echo(f"Mail {inbound_id} is dismissed. It is kept; `mailflow inbox retry {inbound_id}` looks at it again.")


@inbox.command("accept", epilog=example("mailflow inbox accept 12 --coach anna@practice.example"))
@config_option
@click.argument("inbound_id", metavar="ID", type=ROW_ID)
@click.option("--coach", help="The coach who wrote it; else the one whose name is on it.")
def accept_inbox(config: Path | None, inbound_id: int, coach: str | None) -> None:
    """Take a quarantined mail for a coach's note, for instance from an address that the settings don't know."""
    from mailflow.flows.intervene import accept_inbound

    with opened(config) as app:
        whose = accept_inbound(app.database, inbound_id, coach, now())
    click.echo(f"Mail {inbound_id} is a note of {whose.email}, and looked at as soon as mailflow runs.")
