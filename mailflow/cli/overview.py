"""`mailflow sessions` and `mailflow status`: what is seen, and how things stand."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mailflow.cli.shared import EXIT_NOT_POSSIBLE, config_option, example, json_option, now, opened
from mailflow.terminal import counted, fields, moment, print_table, to_json


@click.command(epilog=example("mailflow sessions --coach anna@coach.example --days 7"))
@config_option
@click.option("--coach", help="Only this coach's, by address.")
@click.option("--days", type=click.IntRange(0, 10_000), default=14, show_default=True, help="How far back and ahead.")
@json_option
def sessions(config: Path | None, coach: str | None, days: int, as_json: bool) -> None:
    """List what is seen as a session, with which client, and why other events are none."""
    from zoneinfo import ZoneInfo

    from mailflow.flows.report import session_lines
    from mailflow.wording import passed_over

    with opened(config) as app:
        lines, others = session_lines(app.database, coach, days, now())
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


@click.command(epilog=example("mailflow status --json"))
@config_option
@json_option
def status(config: Path | None, as_json: bool) -> None:
    """Say how things stand. Exit code 1 where something waits for a person."""
    from mailflow.flows.report import status as read_status

    with opened(config) as app:
        found = read_status(app.database, now())
    if as_json:
        click.echo(
            to_json(
                {
                    "healthy": found.healthy,
                    "mailboxes": [
                        fields(box, "name", "is_asked", "asked_at", "problem", "side_problem", "left_alone")
                        for box in found.mailboxes
                    ],
                    "mailboxes_unasked_for_an_hour": found.unasked,
                    "calendars": [
                        {"coach": line.coach.email, "broken_events": dict(line.broken_events)}
                        | fields(line.calendar, "name", "synced_at", "problem")
                        for line in found.calendars
                    ],
                    "inbox": found.inbound,
                    "outbox": found.outbound,
                    "unread_for_an_hour": found.unread,
                    "account": found.account and fields(found.account, "reason", "since"),
                    "stuck": [
                        fields(mail, "id", "kind", "recipient", "state", "planned_at", "reason") for mail in found.stuck
                    ],
                    "database": found.problems,
                    "sqlite": found.sqlite,
                }
            )
        )
    else:
        for box in found.mailboxes:
            asked = f"asked {moment(box.asked_at)} UTC" if box.asked_at else "not asked yet"
            older = f", {box.left_alone} older mails left alone" if box.left_alone else ""
            click.echo(f"mailbox '{box.name}': {asked if box.is_asked else 'mail is pushed to it'}{older}")
            late = "nobody asked it for an hour. Does `mailflow run` run?" if box.name in found.unasked else ""
            for problem in filter(None, (box.problem, box.side_problem, late)):
                click.echo(f"  ! {problem}")
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
        if found.account:
            click.echo(
                f"  ! no mail goes since {moment(found.account.since)} UTC: {found.account.reason}. Mend the account, "
                "then `mailflow outbox retry --all`."
            )
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
