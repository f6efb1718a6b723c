"""What networks and servers do to the IMAP mailbox: nothing is lost or doubled, and it never asks in a busy loop.

Each test runs the loop of the daemon (with short pauses) against a real Dovecot behind a proxy, and counts commands.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from mailflow.daemon import Asking
from mailflow.flows.collect import StoredDeliveries
from mailflow.mailboxes.imap import Folders, ImapMailbox
from mailflow.mailboxes.imap_server import Account
from mailflow.store import inbound, mailboxes
from mailflow.store.database import Database
from mailflow.store.mailboxes import MailboxRow
from tests.builders import eml
from tests.dovecot import HOST, NO_MOVE, PASSWORD, QUOTA_OF_ONE, Dovecot, running_dovecot
from tests.proxy import Fault, Link, Proxy, goodbye, meanwhile, reset, running_proxy, say, slowly, stall, truncate
from tests.waiting import until

pytestmark = pytest.mark.needs("dovecot", "openssl")

DONE = "Mailflow/Processed"
PATIENCE_SECONDS = 15
TIMEOUT_SECONDS = 0.3
MAILS = 5


@dataclass
class Running:
    """The mailbox, asked in a loop. The pauses after a failure are a hundredth of the daemon's."""

    server: Dovecot
    user: str
    proxy: Proxy
    database: Database
    password: str = PASSWORD
    folder: str = "INBOX"
    pauses: tuple[float, ...] = (0.05, 0.15, 0.6)
    timeout_seconds: float = TIMEOUT_SECONDS

    @contextmanager
    def asking(self, every: timedelta = timedelta(seconds=1)) -> Iterator[None]:
        with self.database.write() as tx:
            mailboxes.save_all(tx, [("notes", True)])
            mailboxes.start(tx, "notes", f"{self.user}@{HOST}/{self.folder}", "0:0", datetime(2026, 1, 1, tzinfo=UTC))
        mailbox = ImapMailbox(
            "notes",
            self.account,
            self.folder,
            since=None,
            every=every,
            max_bytes=1_000_000,
            move_to=Folders(DONE, "Mailflow/Needs attention"),
        )
        stop = threading.Event()
        deliveries = StoredDeliveries(self.database, lambda: datetime.now(UTC), self.process)
        loop = Asking(mailbox, deliveries, stop, pauses=self.pauses, account_pauses=(0.3, 1.5))
        self.mailbox = mailbox
        thread = threading.Thread(target=loop.run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            started = time.monotonic()
            mailbox.close()
            thread.join(PATIENCE_SECONDS)
            assert time.monotonic() - started < 2, "it did not stop"

    @property
    def account(self) -> Account:
        return Account(
            HOST, self.proxy.port, "none", self.user, lambda: self.password, timeout_seconds=self.timeout_seconds
        )

    def process(self) -> None:
        """Somebody looks at what arrived, at once."""
        with self.database.write() as tx:
            tx.run("UPDATE inbound_emails SET status = 'processed'")
        self.mailbox.wake()

    def put(self, *numbers: int) -> None:
        self.server.append(self.user, *(mail(number) for number in numbers), folder=self.folder)

    def stored(self) -> list[bytes]:
        with self.database.read() as tx:
            return sorted(inbound.raw(tx, row.id) for row in inbound.latest(tx, 1000))

    def status(self) -> MailboxRow:
        with self.database.read() as tx:
            return mailboxes.get(tx, "notes")

    def is_settled(self, *numbers: int) -> bool:
        """Stored once each, and moved once each."""
        wanted = sorted(mail(number) for number in numbers)
        if self.server.count(self.user, DONE) < len(wanted) or self.server.count(self.user, self.folder):
            return False
        return self.stored() == wanted and sorted(self.server.mails(self.user, DONE)) == wanted

    def counts_in(self, seconds: float) -> tuple[int, int]:
        """(connections, commands) in so many seconds."""
        before = self.proxy.connections, len(self.proxy.commands)
        time.sleep(seconds)
        return self.proxy.connections - before[0], len(self.proxy.commands) - before[1]


def mail(number: int) -> bytes:
    return eml(message_id=f"<{number}@coach.example>")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the second that a sweep keeps its distance from the one before."""
    monkeypatch.setattr("mailflow.mailboxes.imap.PAUSE_SECONDS", 0.1)
    monkeypatch.setattr("mailflow.mailboxes.imap_server.SLICE_SECONDS", 0.1)


@pytest.fixture
def running(dovecot: Dovecot, user: str, database: Database) -> Iterator[Running]:
    with running_proxy(dovecot.port) as proxy:
        yield Running(dovecot, user, proxy, database)


FAULTS: dict[str, Fault] = {
    "reset": reset,
    "stall": stall,
    "truncate": truncate(300),
    "bye": goodbye,
    "garbage": say(b"* 1 FETCH (UID 1 BODY[] {99999}", b"{tag} OK"),
    "no": say(b"{tag} NO [SERVERBUG] Internal error"),
    "bad": say(b"{tag} BAD Command Error. 10"),
}
COMMANDS = ["LOGIN", "NAMESPACE", "SELECT", "UID SEARCH", "UID FETCH", "LIST", "CREATE", "UID MOVE", "IDLE", "DONE"]


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_at_any_command_loses_and_doubles_nothing(running: Running, fault: str) -> None:
    """One fault after another, each at another command of the way."""
    running.pauses = (0.02, 0.04)
    for command in COMMANDS:
        running.proxy.on(command, FAULTS[fault])
    numbers = list(range(MAILS))
    running.put(*numbers)
    with running.asking(timedelta(seconds=0.5)):
        until(lambda: running.is_settled(*numbers))
        running.proxy.heal()
        running.put(99)
        until(lambda: running.is_settled(*numbers, 99))
        until(lambda: not running.status().problem)

    assert running.proxy.connections <= len(COMMANDS) + 4
    assert len(running.proxy.commands) < 40 * len(COMMANDS)


def test_slow_server_is_waited_for(running: Running) -> None:
    running.proxy.on("UID FETCH", slowly(400, 0.005))
    running.put(*range(MAILS))
    with running.asking():
        until(lambda: running.is_settled(*range(MAILS)))

    assert running.proxy.connections == 1


def test_server_that_sends_a_byte_now_and_then_is_given_up(running: Running) -> None:
    """Each byte comes within the timeout of a read, the answer never does."""
    drip = slowly(1, TIMEOUT_SECONDS / 2)
    running.proxy.on("UID FETCH", meanwhile(lambda: running.proxy.on("UID FETCH", drip)))  # the sizes, then the mail
    running.put(1)
    with running.asking():
        until(lambda: running.is_settled(1))

    assert running.proxy.connections == 2


def test_mail_that_the_server_breaks_off_at_keeps_no_other_away(running: Running) -> None:
    def stumble(link: Link, line: bytes) -> None:
        if re.search(rb"FETCH 1[, ].*BODY", line):
            reset(link, line)
        else:
            link.to_server(line)

    running.proxy.on("UID FETCH", stumble, times=1000)
    running.put(1, 2, 3)
    with running.asking():
        until(lambda: running.stored() == [mail(2), mail(3)])
        until(lambda: "127.0.0.1" in running.status().problem)
        running.proxy.heal()
        until(lambda: running.is_settled(1, 2, 3))


def test_uidvalidity_change_means_looking_at_everything_again(running: Running) -> None:
    """The keys are new, so all is received again; that it is the same mail is for flows/process to tell."""
    running.put(1)
    with running.asking():
        until(lambda: running.is_settled(1))
        with running.server.open(running.user) as client:
            client.select_folder(DONE)
            client.copy(client.search(), "INBOX")
        running.proxy.rewrite = lambda data: data.replace(b"[UIDVALIDITY ", b"[UIDVALIDITY 9")
        running.proxy.cut()
        until(lambda: len(running.server.mails(running.user, DONE)) == 2)
    with running.database.read() as tx:
        first, second = (row.key.rsplit(":", 2)[1:] for row in reversed(inbound.latest(tx, 9)))

    assert running.stored() == [mail(1), mail(1)]
    assert second[0] == f"9{first[0]}"


def test_uid_that_is_listed_and_answered_twice_is_one_mail(running: Running) -> None:
    def doubled(data: bytes) -> bytes:
        return data.replace(b"* SEARCH 1\r\n", b"* SEARCH 1 1\r\n")

    running.proxy.rewrite = doubled
    running.put(1)
    with running.asking():
        until(lambda: running.is_settled(1))


def test_mail_deleted_by_someone_else_meanwhile_is_no_error(running: Running) -> None:
    def delete_the_second() -> None:
        with running.server.open(running.user) as client:
            client.select_folder("INBOX")
            client.delete_messages([2])
            client.uid_expunge([2])

    running.proxy.on("UID FETCH", meanwhile(lambda: running.proxy.on("UID FETCH", meanwhile(delete_the_second))))
    running.put(1, 2, 3)
    with running.asking():
        until(lambda: running.is_settled(1, 3))
        assert running.status().problem == running.status().side_problem == ""

    assert running.proxy.connections == 1


def test_missing_folder_is_told_and_asked_for_more_and_more_rarely(running: Running) -> None:
    running.folder = "Notes"
    with running.asking():
        until(lambda: "has no folder 'Notes'" in running.status().problem)
        time.sleep(0.8)  # the short pauses at the start go by
        connections, commands = running.counts_in(1.0)
        assert 1 <= connections <= 3
        assert commands <= 8 * connections
        with running.server.open(running.user) as client:
            client.create_folder("Notes")
        running.put(1)
        until(lambda: running.is_settled(1))
        until(lambda: running.status().problem == "")


def test_folder_removed_under_its_feet_is_told(running: Running) -> None:
    running.folder = "Notes"
    with running.server.open(running.user) as client:
        client.create_folder("Notes")
    with running.asking():
        until(lambda: "IDLE" in running.proxy.commands)
        with running.server.open(running.user) as client:
            client.delete_folder("Notes")
        until(lambda: "Notes" in running.status().problem)
        connections, _ = running.counts_in(1.0)
        assert connections <= 4


def test_full_quota_is_told_and_mail_goes_on_coming(running: Running) -> None:
    running.proxy.on("UID MOVE", say(b"{tag} NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"), times=1000)
    running.put(1)
    with running.asking(timedelta(seconds=0.5)):
        until(lambda: "Quota exceeded" in running.status().side_problem)
        running.put(2)
        until(lambda: len(running.stored()) == 2)
        assert running.status().problem == ""
        connections, commands = running.counts_in(1.0)
        assert connections == 0
        assert commands <= 30
        running.proxy.heal()
        until(lambda: running.is_settled(1, 2))
        until(lambda: running.status().side_problem == "")


@pytest.mark.parametrize("without", ["", NO_MOVE], ids=["by MOVE", "by COPY"])
def test_mail_for_which_a_real_quota_has_no_room_stays_and_goes_when_there_is(
    user: str, database: Database, without: str
) -> None:
    with running_dovecot(more_settings=QUOTA_OF_ONE + without) as server, running_proxy(server.port) as proxy:
        running = Running(server, user, proxy, database)
        running.put(1)
        with running.asking(timedelta(seconds=0.5)):
            until(lambda: server.mails(user, DONE) == [mail(1)])
            running.put(2)
            until(lambda: "OVERQUOTA" in running.status().side_problem)
            running.put(3)
            until(lambda: len(running.stored()) == 3)
            assert (server.mails(user), server.mails(user, DONE)) == ([mail(2), mail(3)], [mail(1)])
            assert running.status().problem == ""
            connections, commands = running.counts_in(1.0)
            assert connections == 0
            assert commands <= 30
            with server.open(user) as client:  # a person deletes what is no longer needed
                for folder, uid in (("INBOX", 3), (DONE, 1)):
                    client.select_folder(folder)
                    client.delete_messages([uid])
                    client.uid_expunge([uid])
            until(lambda: server.mails(user, DONE) == [mail(2)])
            until(lambda: running.status().side_problem == "")
        assert running.stored() == [mail(1), mail(2), mail(3)]
        assert (server.mails(user), proxy.connections) == ([], 1)
        assert ("UID COPY" if without else "UID MOVE") in proxy.commands


def test_wrong_password_is_tried_rarely_and_told(running: Running) -> None:
    running.password = "wrong"
    running.put(1)
    with running.asking():
        until(lambda: "refuses the password" in running.status().problem)
        connections, _ = running.counts_in(1.0)
        assert connections <= 1
        running.password = PASSWORD
        until(lambda: running.is_settled(1))


def test_server_restarted_during_idle_is_found_again(user: str, database: Database) -> None:
    with running_dovecot() as server, running_proxy(server.port) as proxy:
        running = Running(server, user, proxy, database)
        running.put(1)
        with running.asking(timedelta(minutes=5)):
            until(lambda: running.is_settled(1))
            until(lambda: proxy.commands[-1] == "IDLE")
            server.stop()
            until(lambda: running.status().problem)
            connections, _ = running.counts_in(1.0)
            assert connections <= 4
            server.start()
            running.put(2)
            until(lambda: running.is_settled(1, 2))
            until(lambda: not running.status().problem)


def test_connection_that_is_gone_during_idle_is_noticed(running: Running) -> None:
    """imapclient's idle_check() then says [] at once, for ever."""
    with running.asking(timedelta(minutes=5)):
        for number in range(3):
            until(lambda: running.proxy.commands[-1:] == ["IDLE"])
            running.proxy.cut()
            running.put(number)
            until(partial(running.is_settled, *range(number + 1)))

    assert running.proxy.connections <= 5
    assert len(running.proxy.commands) < 150


def test_quiet_mailbox_is_quiet(running: Running) -> None:
    with running.asking(timedelta(minutes=5)):
        until(lambda: running.proxy.commands[-1:] == ["IDLE"])
        assert running.counts_in(1.5) == (0, 0)


def test_server_that_reports_something_at_once_each_time_keeps_nobody_busy(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def report(link: Link, line: bytes) -> None:
        link.to_server(line)
        time.sleep(0.02)
        link.to_client(b"* 0 EXISTS\r\n")

    monkeypatch.setattr("mailflow.mailboxes.imap.PAUSE_SECONDS", 1.0)
    running.proxy.on("IDLE", report, times=1000)
    with running.asking(timedelta(minutes=5)):
        until(lambda: running.proxy.counts()["IDLE"] >= 4)
        connections, commands = running.counts_in(2.0)

    assert connections == 0
    assert commands <= 4 * 3  # IDLE, DONE, NOOP and SEARCH, once a second


def test_it_stops_while_the_server_is_silent_in_the_middle_of_a_command(running: Running) -> None:
    running.timeout_seconds = 60
    running.proxy.on("UID FETCH", stall)
    running.put(1)
    with running.asking():
        until(lambda: "UID FETCH" in running.proxy.commands)
