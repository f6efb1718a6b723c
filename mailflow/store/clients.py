"""Clients, learnt from the calendar, and what a person added to what it says."""

from __future__ import annotations

import json
from datetime import datetime

from mailflow.model import Client, address_key
from mailflow.store.database import Row, Transaction
from mailflow.store.moments import from_unix, to_unix


def learn(tx: Transaction, coach_id: int, email: str, name: str) -> Client:
    """The coach's client with this address, created when new; a name is learnt, never forgotten.

    An address that is another one of a client's says nothing of the name.
    """
    known = with_address(tx, coach_id, email)
    if known is None:
        row = tx.one(
            "INSERT INTO clients (coach_id, email, name) VALUES (:coach_id, :email, :name) RETURNING *",
            coach_id=coach_id,
            email=address_key(email),
            name=name,
        )
        assert row is not None
        return to_client(row)
    if name in ("", known.name) or known.email != address_key(email):
        return known
    tx.run("UPDATE clients SET name = :name WHERE id = :id AND NOT name_is_given", id=known.id, name=name)
    return get(tx, known.id)


def with_address(tx: Transaction, coach_id: int, email: str) -> Client | None:
    """The coach's client whose address this is, or one of whose it is."""
    found: int | None = tx.value(
        """
        SELECT id FROM clients WHERE coach_id = :coach_id AND email = :email
        UNION ALL
        SELECT id FROM clients
        WHERE coach_id = :coach_id AND addresses <> '[]' AND merged_into IS NULL
            AND :email IN (SELECT value FROM json_each(addresses))
        LIMIT 1
        """,
        coach_id=coach_id,
        email=address_key(email),
    )
    return None if found is None else get(tx, found)


def get(tx: Transaction, client_id: int) -> Client:
    """The client, where this one was merged into another that one."""
    client = find(tx, client_id)
    assert client is not None, f"no client {client_id}"
    return client


def find(tx: Transaction, client_id: int) -> Client | None:
    """The same; None where there is none."""
    row = tx.one("SELECT * FROM clients WHERE id = :id", id=client_id)
    while row is not None and row["merged_into"] is not None:
        row = tx.one("SELECT * FROM clients WHERE id = :id", id=row["merged_into"])
    return None if row is None else to_client(row)


def set_opt_out(tx: Transaction, client_id: int, since: datetime | None) -> None:
    """Since when the client wants no homework by mail; None where they want it."""
    tx.run("UPDATE clients SET opted_out_at = :since WHERE id = :id", id=client_id, since=to_unix(since))


def set_undeliverable(tx: Transaction, client_id: int, why: str) -> None:
    """What was said when mail to the client came back; '' where it may go again."""
    tx.run("UPDATE clients SET undeliverable = :why WHERE id = :id", id=client_id, why=why)


def set_name(tx: Transaction, client_id: int, name: str) -> None:
    """A person gives the client this name; the calendar's changes nothing any more."""
    tx.run("UPDATE clients SET name = :name, name_is_given = 1 WHERE id = :id", id=client_id, name=name)


def set_aliases(tx: Transaction, client: Client) -> None:
    """Keeps the client's other addresses and names."""
    tx.run(
        "UPDATE clients SET addresses = :addresses, names = :names, title_names = :title_names WHERE id = :id",
        id=client.id,
        addresses=json.dumps(sorted({address_key(address) for address in client.other_addresses})),
        names=json.dumps(list(dict.fromkeys(client.other_names)), ensure_ascii=False),
        title_names=json.dumps(list(dict.fromkeys(client.title_names)), ensure_ascii=False),
    )


def set_address(tx: Transaction, client_id: int, email: str) -> None:
    """Where mail to the client goes from now on."""
    tx.run("UPDATE clients SET email = :email WHERE id = :id", id=client_id, email=address_key(email))


def merge(tx: Transaction, client_id: int, into: int) -> None:
    """Everything of the one client is the other's now: sessions, notes, actions and mail.

    What was sent for the one stays to be found under its key; the row stays for the links in it.
    """
    for table in ("sessions", "notes", "actions", "outbound_emails", "reviewed"):
        tx.run(
            f"UPDATE {table} SET client_id = :into WHERE client_id = :id",  # noqa: S608  # one of these four
            id=client_id,
            into=into,
        )
    tx.run(
        """
        UPDATE clients SET name = iif(clients.name = '', one.name, clients.name),
            opted_out_at = coalesce(clients.opted_out_at, one.opted_out_at)
        FROM clients one WHERE clients.id = :into AND one.id = :id
        """,
        id=client_id,
        into=into,
    )
    tx.run("UPDATE clients SET merged_into = :into WHERE :id IN (id, merged_into)", id=client_id, into=into)
    tx.run(
        "UPDATE clients SET email = 'merged-' || id WHERE id = :id", id=client_id
    )  # the address is another's to have


def of_coach(tx: Transaction, coach_id: int) -> list[Client]:
    """All of a coach's clients, by name."""
    rows = tx.all(
        "SELECT * FROM clients WHERE coach_id = :coach_id AND merged_into IS NULL ORDER BY name, email",
        coach_id=coach_id,
    )
    return [to_client(row) for row in rows]


def to_client(row: Row) -> Client:
    return Client(
        id=row["id"],
        coach_id=row["coach_id"],
        email=row["email"],
        name=row["name"],
        opted_out_at=from_unix(row["opted_out_at"]),
        undeliverable=row["undeliverable"],
        other_addresses=tuple(json.loads(row["addresses"])),
        other_names=tuple(json.loads(row["names"])),
        title_names=tuple(json.loads(row["title_names"])),
    )
