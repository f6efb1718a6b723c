"""What the operator changes about clients on the command line: who they are, and which addresses are theirs.

What is not possible raises PermanentError, and nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mailflow.errors import PermanentError
from mailflow.flows.plan import why_undeliverable
from mailflow.model import OF_CLIENT, Client, Coach, OutboundState, address_key
from mailflow.store import calendars, client_mail, clients, coaches, links
from mailflow.store.database import Database, Transaction


def add_client(database: Database, coach_email: str | None, email: str, name: str) -> Client:
    """A client whom no calendar names by address. The name is listed: it finds them in titles."""
    with database.write() as tx:
        coach = _coach(tx, coach_email)
        _check_free(tx, coach.id, email)
        client = clients.learn(tx, coach.id, email, name)
        clients.set_name(tx, client.id, name)
        return _keep(tx, replace(client, title_names=(name,)))


def add_alias(database: Database, client_id: int, alias: str) -> Client:
    """Another address of the client's, or another name."""
    with database.write() as tx:
        client = _client(tx, client_id)
        if "@" not in alias:
            names, titles = (*client.other_names, alias), (*client.title_names, alias)
            return _keep(tx, replace(client, other_names=names, title_names=titles))
        _check_free(tx, client.coach_id, alias)
        return _keep(tx, replace(client, other_addresses=(*client.other_addresses, alias)))


def remove_alias(database: Database, client_id: int, alias: str) -> Client:
    with database.write() as tx:
        client = _client(tx, client_id)
        kept = replace(
            client,
            other_addresses=_without(client.other_addresses, address_key(alias)),
            other_names=_without(client.other_names, alias),
            title_names=_without(client.title_names, alias),
        )
        if kept == client:
            raise PermanentError(f"Client {client.id} has no alias '{alias}'. Nothing was changed.")
        return _keep(tx, kept)


def rename(database: Database, client_id: int, name: str) -> Client:
    """The calendar changes the name no more; the one before stays an alias."""
    with database.write() as tx:
        client = _client(tx, client_id)
        clients.set_name(tx, client.id, name)
        return _keep(tx, replace(client, other_names=_without((*client.other_names, client.name), name, "")))


def change_address(database: Database, client_id: int, email: str, now: datetime) -> Client:
    """Mail goes there from now on, also what waits or did not arrive; the address before stays an alias."""
    with database.write() as tx:
        client = _client(tx, client_id)
        if address_key(email) != client.email:
            if address_key(email) not in client.addresses:
                _check_free(tx, client.coach_id, email)
            _check_nothing_is_going(tx, client, now)
            clients.set_address(tx, client.id, email)
            client_mail.readdress(tx, client.id, address_key(email))
            links.revoke_of_client(tx, client.id, OF_CLIENT, now)  # whoever reads the address before has them
            if client.undeliverable:
                client_mail.revive(tx, client.id, OutboundState.HELD, why_undeliverable(client), now)
                clients.set_undeliverable(tx, client.id, "")
        others = _without((*client.other_addresses, client.email), address_key(email))
        return _keep(tx, replace(client, other_addresses=others))


def merge(database: Database, client_id: int, into_id: int, now: datetime) -> Client:
    """The one client was the other all along: everything is the other's, the addresses and names too."""
    with database.write() as tx:
        client, into = _client(tx, client_id), _client(tx, into_id)
        if client.id == into.id:
            raise PermanentError(f"Clients {client_id} and {into_id} are one already. Nothing was changed.")
        if client.coach_id != into.coach_id:
            raise PermanentError("They are clients of two coaches, who may not see each other's. Nothing was changed.")
        for one in (client, into):
            _check_nothing_is_going(tx, one, now)
        if client_mail.wait_for_one_mail(tx, client.id, into.id):
            raise PermanentError(
                "Homework of one mail waits for both, and would go to one address twice. Nothing was changed: cancel "
                "one of the two first, or let them go (`mailflow outbox`)."
            )
        client_mail.rekey(tx, client.id, into.id)
        clients.merge(tx, client.id, into.id)
        client_mail.readdress(tx, into.id, into.email)
        if client.undeliverable:
            client_mail.revive(tx, into.id, OutboundState.HELD, why_undeliverable(client), now)
        names = (*into.other_names, *client.other_names, client.name)
        return _keep(
            tx,
            replace(
                into,
                other_addresses=tuple((client.addresses | into.addresses) - {into.email}),
                other_names=_without(names, into.name or client.name, ""),
                title_names=(*into.title_names, *client.title_names),
            ),
        )


def _keep(tx: Transaction, client: Client) -> Client:
    """Keeps the aliases, by which every event is judged anew."""
    clients.set_aliases(tx, client)
    calendars.read_anew(tx, client.coach_id)
    return clients.get(tx, client.id)


def _without(values: Sequence[str], *unwanted: str) -> tuple[str, ...]:
    return tuple(value for value in values if value not in unwanted)


def _coach(tx: Transaction, email: str | None) -> Coach:
    known = coaches.active(tx)
    if email is None and len(known) == 1:
        return known[0]
    if email is None:
        raise PermanentError("There are several coaches. Say whose client it is: --coach. Nothing was changed.")
    found = next((coach for coach in known if address_key(email) in coach.addresses), None)
    if found is None:
        raise PermanentError(f"There is no coach with the address '{email}'. Nothing was changed.")
    return found


def _client(tx: Transaction, client_id: int) -> Client:
    client = clients.find(tx, client_id)
    if client is None:
        raise PermanentError(f"There is no client {client_id}. `mailflow client list` shows them.")
    return client


def _check_free(tx: Transaction, coach_id: int, email: str) -> None:
    other = clients.with_address(tx, coach_id, email)
    if other is not None:
        raise PermanentError(
            f"{email} is an address of client {other.id}, {other.name or other.email}. If they are one person, "
            "`mailflow client merge` makes them one client. Nothing was changed."
        )
    if any(address_key(email) in coach.addresses for coach in coaches.active(tx)):
        raise PermanentError(f"{email} is a coach's address. Nothing was changed.")


def _check_nothing_is_going(tx: Transaction, client: Client, now: datetime) -> None:
    if client_mail.is_going(tx, client.id, now):
        raise PermanentError(
            f"A mail about {client.name or client.email} is just going. Nothing was changed: try again in a minute."
        )
