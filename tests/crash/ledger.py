"""The books after a storm: what was handed over, what the database says of it, and what the next server took."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from email import message_from_bytes
from pathlib import Path

from mailflow.store.database import Database, Row, open_database
from tests.crash.practice import IMAP_USER, note_id, recipient
from tests.crash.sink import Copy
from tests.dovecot import Dovecot
from tests.scene import ANNA, SERVICE

_LEFT = ("INBOX", "Mailflow/Needs attention")


def audit(data: Path, numbers: Collection[int], copies: list[Copy], kills: int) -> list[str]:
    """Everything that is not as promised."""
    by_message: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_message[message_from_bytes(copy.raw)["Message-ID"]].append(copy)
    database = open_database(data / "mailflow.db")
    try:
        return [
            *database.check(),
            *_inbox(database),
            *_notes(database, numbers),
            *_outbox(database, by_message),
            *_copies(by_message, kills),
            *_answers(by_message, numbers),
            *(f"{file.name} was left in the folder" for file in (data / "dropped").glob("*.eml")),
        ]
    finally:
        database.close()


def audit_account(data: Path, dovecot: Dovecot, notes: Iterable[bytes]) -> list[str]:
    """The same of an IMAP account: each mail was taken once, and lies where it belongs."""
    database = open_database(data / "mailflow.db")
    try:
        taken_again = _rows(database, "SELECT id FROM inbound_emails WHERE status = 'duplicate'")
    finally:
        database.close()
    wanted, moved = Counter(notes), Counter(dovecot.mails(IMAP_USER, "Mailflow/Processed"))
    return [
        *(f"mail {row['id']} was taken twice" for row in taken_again),
        *(f"not moved: {raw[:80]!r}" for raw in (wanted - moved).elements()),
        *(f"moved twice: {raw[:80]!r}" for raw in (moved - wanted).elements()),
        *(
            f"{dovecot.count(IMAP_USER, folder)} mails are left in {folder}"
            for folder in _LEFT
            if dovecot.count(IMAP_USER, folder)
        ),
    ]


def _inbox(database: Database) -> Iterable[str]:
    wrong = _rows(database, "SELECT * FROM inbound_emails WHERE status NOT IN ('processed', 'duplicate')")
    return (f"mail {row['id']} is {row['status']}: {row['reason']}" for row in wrong)


def _notes(database: Database, numbers: Collection[int]) -> Iterable[str]:
    """Each note once, with its action, for its client, with one receipt and one homework."""
    found = _rows(
        database,
        """
        SELECT n.subject, c.email AS client,
            (SELECT group_concat(a.text) FROM actions a WHERE a.note_id = n.id) AS actions,
            (SELECT group_concat(o.kind || ' to ' || o.recipient, ', ') FROM (
                SELECT * FROM outbound_emails o WHERE o.inbound_id = n.inbound_id OR o.note_id = n.id ORDER BY o.id
            ) o) AS mails
        FROM notes n LEFT JOIN clients c ON c.id = n.client_id
        """,
    )
    expected = Counter(
        (
            f"Note {number:05}",
            recipient(number),
            f"Practise exercise {number:05}",
            f"receipt to {ANNA}, homework to {recipient(number)}",
        )
        for number in numbers
    )
    stored = Counter((row["subject"], row["client"], row["actions"], row["mails"]) for row in found)
    yield from (f"lost, or not as it should be: {note}" for note in (expected - stored).elements())
    yield from (f"doubled, or not as it should be: {note}" for note in (stored - expected).elements())


def _outbox(database: Database, by_message: dict[str, list[Copy]]) -> Iterable[str]:
    """What is marked as sent was taken, to its recipient alone; nothing waits."""
    rows = _rows(
        database, "SELECT e.*, r.message_id FROM outbound_emails e LEFT JOIN outbound_raw r ON r.outbound_id = e.id"
    )
    for row in rows:
        if row["state"] != "sent":
            yield f"{row['key']} is {row['state']}: {row['reason']}"
        if row["message_id"] not in by_message:
            yield f"{row['key']} never arrived"
        for copy in by_message.get(row["message_id"], []):
            if (copy.sender, copy.recipients) != (SERVICE, (row["recipient"],)):
                yield f"{row['key']} went from {copy.sender} to {copy.recipients}"
    ours = {row["message_id"] for row in rows}
    yield from (f"{message_id} arrived, and the outbox does not know it" for message_id in by_message.keys() - ours)


def _copies(by_message: dict[str, list[Copy]], kills: int) -> Iterable[str]:
    """What is sent again was sent before by a daemon that was killed over it, and over nothing else."""
    yield from (f"copies of {message_id} differ" for message_id, same in by_message.items() if len(set(same)) > 1)
    sent_again = Counter(copy.connection for same in by_message.values() for copy in same[:-1])
    yield from (f"{extra} extra copies after a single kill" for extra in sent_again.values() if extra > 1)
    if sent_again.total() > kills:
        yield f"{sent_again.total()} extra copies after {kills} kills"


def _answers(by_message: dict[str, list[Copy]], numbers: Collection[int]) -> Iterable[str]:
    """As the coach and the client see it, whatever the database says."""
    arrived = [message_from_bytes(same[0].raw) for same in by_message.values()]
    answered = Counter(mail["In-Reply-To"] for mail in arrived if mail["To"] == ANNA)
    yield from (
        f"{answered[note_id(number)]} answers to note {number}" for number in numbers if answered[note_id(number)] != 1
    )
    sent = Counter(mail["To"] for mail in arrived if mail["To"] != ANNA)
    wanted = Counter(recipient(number) for number in numbers)
    yield from (f"{client} got {sent[client]} of {wanted[client]} homework mails" for client in (wanted - sent))
    yield from (f"{client} got {sent[client]} of {wanted[client]} homework mails" for client in (sent - wanted))


def extra_copies(copies: Iterable[Copy]) -> int:
    counts = Counter(message_from_bytes(copy.raw)["Message-ID"] for copy in copies)
    return sum(counts.values()) - len(counts)


def _rows(database: Database, sql: str) -> list[Row]:
    with database.read() as tx:
        return tx.all(sql)
