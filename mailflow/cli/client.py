"""`mailflow client`: who the clients are, and which names and addresses are theirs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailflow.cli.shared import EXIT_NOT_POSSIBLE, ROW_ID, config_option, example, json_option, now, opened
from mailflow.terminal import fail, fields, moment, print_table, to_json

if TYPE_CHECKING:
    from mailflow.flows.report import ClientLine
    from mailflow.model import Client

SHOWN = ("id", "name", "email", "other_names", "other_addresses", "opted_out_at", "undeliverable")


def new_address(value: str) -> str:
    from mailflow.settings.values import read_email

    try:
        return str(read_email(value))
    except ValueError as error:
        raise click.BadParameter(f"{error} (it is '{value}').") from error


def new_name(value: str) -> str:
    words = " ".join(value.split())
    if not re.search(r"\w\w", words) or not words.isprintable() or "@" in words:
        raise click.BadParameter(f"'{value}' is no name.")
    return words


def new_alias(value: str) -> str:
    return new_address(value) if "@" in value else new_name(value)


client_id = click.argument("client_id", metavar="ID", type=ROW_ID)


@click.group(invoke_without_command=True, epilog=example("mailflow client list --coach anna@coach.example"))
@click.pass_context
def client(context: click.Context) -> None:
    """Clients: their names and addresses, and who is who."""
    if context.invoked_subcommand is None:
        context.invoke(list_clients)


@client.command("list", epilog=example("mailflow client list --json"))
@config_option
@click.option("--coach", help="Only this coach's, by address.")
@json_option
def list_clients(config: Path | None = None, coach: str | None = None, as_json: bool = False) -> None:
    """List clients by name."""
    from mailflow.flows.report import client_lines

    with opened(config) as app:
        lines = client_lines(app.database, coach, now())
    if as_json:
        click.echo(to_json([_values(line) for line in lines]))
        return
    print_table(
        "Clients",
        ("Id", "Name", "Address", "Also", "Next session (UTC)", "Coach", ""),
        [
            (
                str(line.client.id),
                line.client.name,
                line.client.email,
                ", ".join((*line.client.other_names, *line.client.other_addresses)),
                moment(line.next_session_at) if line.next_session_at else "",
                line.coach.name,
                _remark(line.client),
            )
            for line in lines
        ],
    )


@client.command("show", epilog=example("mailflow client show 3"))
@config_option
@client_id
@json_option
def show_client(config: Path | None, client_id: int, as_json: bool) -> None:
    """Show one client: what is known, and how much of what is open."""
    from mailflow.flows.report import client_line

    with opened(config) as app:
        line = client_line(app.database, client_id, now())
    if line is None:
        fail(f"There is no client {client_id}. `mailflow client list` shows them.", EXIT_NOT_POSSIBLE)
    values = _values(line)
    if as_json:
        click.echo(to_json(values))
        return
    for name, value in values.items():
        words = ", ".join(value) if isinstance(value, tuple) else value
        click.echo(f"{name.replace('_', ' ')}: {words if words is not None else ''}".rstrip())


@client.command("add", epilog=example("mailflow client add jane@client.example --name 'Jane Doe'"))
@config_option
@click.argument("email", metavar="ADDRESS", type=new_address)
@click.option("--name", required=True, type=new_name, help="As it stands in the titles of your events.")
@click.option("--coach", help="Whose client, by address, where there are several coaches.")
def add_client(config: Path | None, email: str, name: str, coach: str | None) -> None:
    """Add a client whom no event invites: the name is looked for in titles."""
    from mailflow.flows import manage_clients

    with opened(config) as app:
        _say(manage_clients.add_client(app.database, coach, email, name))


@client.command("alias", epilog=example("mailflow client alias 3 jane@work.example"))
@config_option
@client_id
@click.argument("alias", type=new_alias)
@click.option("--remove", is_flag=True, help="Take it away.")
def alias_client(config: Path | None, client_id: int, alias: str, remove: bool) -> None:
    """Give a client another address or another name."""
    from mailflow.flows import manage_clients

    change = manage_clients.remove_alias if remove else manage_clients.add_alias
    with opened(config) as app:
        _say(change(app.database, client_id, alias))


@client.command("rename", epilog=example("mailflow client rename 3 'Jane Miller'"))
@config_option
@client_id
@click.argument("name", type=new_name)
def rename_client(config: Path | None, client_id: int, name: str) -> None:
    """Give a client another name; the one before stays an alias."""
    from mailflow.flows import manage_clients

    with opened(config) as app:
        _say(manage_clients.rename(app.database, client_id, name))


@client.command("address", epilog=example("mailflow client address 3 jane@new.example"))
@config_option
@client_id
@click.argument("email", metavar="ADDRESS", type=new_address)
def address_client(config: Path | None, client_id: int, email: str) -> None:
    """Send a client's mail there from now on; the address before stays theirs."""
    from mailflow.flows import manage_clients

    with opened(config) as app:
        _say(manage_clients.change_address(app.database, client_id, email, now()))


@client.command("merge", epilog=example("mailflow client merge 3 7"))
@config_option
@client_id
@click.argument("into_id", metavar="INTO", type=ROW_ID)
@click.option("--yes", is_flag=True, help="Don't ask.")
def merge_client(config: Path | None, client_id: int, into_id: int, yes: bool) -> None:
    """Make two clients one: the first was the second all along. This can't be undone."""
    from mailflow.flows import manage_clients
    from mailflow.flows.report import client_line

    with opened(config) as app:
        for one in (client_id, into_id):
            line = client_line(app.database, one, now())
            if line is not None:
                click.echo(f"{_described(line.client)}: {line.notes} notes, {line.open_actions} open actions")
        if not yes:
            click.confirm("Are they one person? What the one was sent, the other will be sent", abort=True)
        _say(manage_clients.merge(app.database, client_id, into_id, now()))


def _values(line: ClientLine) -> dict[str, object]:
    return (
        {"coach": line.coach.email}
        | fields(line.client, *SHOWN)
        | {"notes": line.notes, "open_actions": line.open_actions, "next_session_at": line.next_session_at}
    )


def _remark(client: Client) -> str:
    if client.opted_out_at is not None:
        return "wants no mail"
    return f"mail came back: {client.undeliverable}" if client.undeliverable else ""


def _described(client: Client) -> str:
    others = ", ".join((*client.other_names, *client.other_addresses))
    return f"Client {client.id}: {client.name} <{client.email}>" + (f", also {others}" if others else "")


def _say(client: Client) -> None:
    click.echo(f"{_described(client)}.")
