"""'This was not meant for me': somebody else has the client's mail. Its links close, and the coach hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from mailflow.flows.gather import action_views, listed_actions, name_of, situation_of
from mailflow.flows.open import open_link
from mailflow.flows.pages import Pages, Site
from mailflow.flows.plan import to_coach, why_undeliverable
from mailflow.model import (
    OF_CLIENT,
    Client,
    Link,
    LinkPurpose,
    Note,
    OutboundEmail,
    OutboundKind,
    OutboundState,
    address_key,
)
from mailflow.store import actions, attempts, client_mail, clients, coaches, links, notes, outbox
from mailflow.store.database import Database, Transaction
from mailflow.views.emails import NotMeantView
from mailflow.views.pages import NotMeantPage
from mailflow.wording import NOT_MEANT

log = structlog.get_logger()


def show_not_meant(
    tx: Transaction, site: Site, token: str, purpose: LinkPurpose, now: datetime
) -> tuple[NotMeantPage, str] | None:
    """Asks once more; None where the token opens nothing."""
    link = open_link(tx, token, purpose, site.key, now)
    if link is None:
        return None
    coach = coaches.get(tx, clients.get(tx, link.client_id).coach_id)
    return NotMeantPage(coach_name=coach.name), coach.language


def say_not_meant(database: Database, token: str, purpose: LinkPurpose, key: bytes, now: datetime) -> bool:
    """Closes the client's links, holds what waits, and tells the coach. False where the token opens nothing."""
    with database.write() as tx:
        link = open_link(tx, token, purpose, key, now)
        if link is None:
            return False
        client = clients.get(tx, link.client_id)
        links.revoke_of_client(tx, client.id, OF_CLIENT, now)
        note = _note_of(tx, link)
        homework = None if note is None else outbox.last_sent_homework(tx, note.id, client.id)
        if link.purpose is LinkPurpose.HISTORY and homework and address_key(homework.recipient) != client.email:
            homework = None  # a fresh link goes to the address on file, wherever the homework went before
        _hold(tx, client, homework, now)
        if note is not None:
            _tell(tx, client, note, homework, now)
    log.info("client.not-meant", client=client.id)
    return True


def _note_of(tx: Transaction, link: Link) -> Note | None:
    """What the last mail with this link was about; of a fresh link, which is about none, the client's last homework."""
    if link.purpose is LinkPurpose.HOMEWORK:
        return notes.get(tx, link.subject_id)
    last = client_mail.last_homework(tx, link.client_id)
    frozen = None if last is None else attempts.frozen(tx, last.id)
    if link.purpose is LinkPurpose.ACTION and (frozen is None or link.subject_id not in frozen.actions):
        action = actions.find(tx, link.subject_id)
        return None if action is None else notes.get(tx, action.note_id)
    if last is None or last.note_id is None:
        return notes.latest_with_actions(tx, link.client_id)
    return notes.get(tx, last.note_id)


def _hold(tx: Transaction, client: Client, homework: OutboundEmail | None, now: datetime) -> None:
    """Nothing goes to the address by itself, as after a bounce. One that was corrected since has done nothing wrong."""
    if client.undeliverable or (homework is not None and address_key(homework.recipient) != client.email):
        return
    clients.set_undeliverable(tx, client.id, NOT_MEANT)
    client_mail.stop(tx, client.id, OutboundState.HELD, why_undeliverable(clients.get(tx, client.id)), now)


def _tell(tx: Transaction, client: Client, note: Note, homework: OutboundEmail | None, now: datetime) -> None:
    """Once for each homework. One that nobody has answered was not delivered: it can be sent again, or to another."""
    if homework is not None and not actions.have_reflections(tx, note.id):
        for went in outbox.homework_of_note(tx, note.id):  # an update follows what went to the same reader
            if (went.client_id, went.recipient) == (client.id, homework.recipient):
                outbox.come_back(tx, went.id, NOT_MEANT)
    key = f"not-meant:{client.id}:{note.id}" + (f":{homework.id}:{homework.attempts}" if homework else "")
    email = replace(
        to_coach(coaches.get(tx, client.coach_id), OutboundKind.NOT_MEANT, key, now),
        client_id=client.id,
        note_id=note.id,
    )
    outbox.plan(tx, email)


def not_meant_view(tx: Transaction, email: OutboundEmail, pages: Pages) -> NotMeantView:
    """To the coach: somebody else has the client's homework."""
    assert email.client_id is not None
    assert email.note_id is not None
    note = notes.get(tx, email.note_id)
    client = clients.get(tx, email.client_id)
    situation = situation_of(tx, note)
    failed = outbox.failed_homework(tx, note.id, client.id)
    sent = failed or outbox.last_sent_homework(tx, note.id, client.id)
    return NotMeantView(
        coach_name=situation.coach.name,
        client_name=name_of(client),
        client_email=client.email if sent is None else sent.recipient,
        session_at=situation.session_at(situation.session),
        answered=failed is None,
        actions=action_views(
            tx, listed_actions(tx, note), ZoneInfo(situation.coach.timezone), next_session=situation.next_session
        ),
        send_url=f"{pages.note(note.id)}?do=send",
        choose_url=f"{pages.note(note.id)}?do=choose",
    )
