"""The IMAP mailbox against a real Dovecot: what it takes, what it leaves alone, and where it moves it."""

from __future__ import annotations

import base64
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from mailflow.errors import AccountError, PermanentError, TemporaryError
from mailflow.mailboxes import Fate, FirstStart
from mailflow.mailboxes.imap import Folders, ImapMailbox
from mailflow.mailboxes.imap_server import Account
from tests.builders import eml
from tests.dovecot import HOST, PASSWORD, Dovecot, running_dovecot
from tests.mailboxes.contract import MailboxContract, Received
from tests.proxy import Fault, Link, Proxy, meanwhile, running_proxy, say

pytestmark = pytest.mark.needs("dovecot", "openssl")

DONE, ATTENTION = "Mailflow/Processed", "Mailflow/Needs attention"
MOVE_TO = Folders(DONE, ATTENTION)
DAY = timedelta(days=1)


@dataclass
class Told(Received):
    """Deliveries that started an hour ago, and remember what was told."""

    def __post_init__(self) -> None:
        super().__init__()
        self.started = FirstStart(datetime.now(UTC) - timedelta(hours=1), "0:0")
        self.left_alone = 0
        self.problem = ""
        self.reasons: list[str] = []

    def set_aside(self, mailbox: str, key: str, head: bytes, reason: str) -> None:
        self.reasons.append(reason)
        super().set_aside(mailbox, key, head, reason)

    def tell(self, mailbox: str, *, left_alone: int, problem: str) -> None:
        self.left_alone, self.problem = left_alone, problem


@dataclass
class ImapBackend:
    server: Dovecot
    user: str
    port: int = 0
    host: str = HOST
    password: str = PASSWORD
    security: Literal["tls", "starttls", "none"] = "none"
    tls: ssl.SSLContext | None = None
    folder: str = "INBOX"
    since: datetime | None = None
    move_to: Folders | None = MOVE_TO
    max_bytes: int = 1_000_000
    with_token: bool = False
    received: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        account = Account(
            host=self.host,
            port=self.port or self.server.port,
            security=self.security,
            username=self.user,
            secret=lambda: self.password,
            with_token=self.with_token,
            tls=self.tls,
            timeout_seconds=5,
        )
        self.mailbox = ImapMailbox(
            "notes",
            account,
            self.folder,
            since=self.since,
            every=timedelta(minutes=1),
            max_bytes=self.max_bytes,
            move_to=self.move_to,
        )

    def put(self, raw: bytes) -> None:
        self.server.append(self.user, raw)

    def fetch(self) -> bool:
        return self.mailbox.collect(self.received)

    def body_of(self, raw: bytes) -> bytes:
        """IMAP can't carry a NUL (RFC 3501 4.3.1); Dovecot says 0x80 instead."""
        return raw.replace(b"\x80", b"\0")

    def inbox(self) -> list[bytes]:
        return self.server.mails(self.user)


@pytest.fixture
def backend(dovecot: Dovecot, user: str) -> Iterator[ImapBackend]:
    backend = ImapBackend(dovecot, user)
    yield backend
    backend.mailbox.close()


@pytest.fixture
def proxied(dovecot: Dovecot, user: str) -> Iterator[tuple[ImapBackend, Proxy]]:
    with running_proxy(dovecot.port) as proxy:
        backend = ImapBackend(dovecot, user, port=proxy.port)
        yield backend, proxy
        backend.mailbox.close()


class TestImapMailbox(MailboxContract):
    pass


def mail(number: int = 1, text: str = "Actions:\n- Call Sam\n") -> bytes:
    return eml(text, message_id=f"<{number}@coach.example>")


# --- Moving --------------------------------------------------------------------------------------


def test_mail_stays_in_the_inbox_until_it_was_looked_at(backend: ImapBackend) -> None:
    backend.put(mail())
    backend.fetch()
    backend.fetch()

    assert backend.inbox() == [mail()]
    assert backend.received.calls == 1


@pytest.mark.parametrize(("fate", "folder"), [(Fate.DONE, DONE), (Fate.NEEDS_ATTENTION, ATTENTION)])
def test_what_was_looked_at_moves_to_a_folder_that_is_made_and_subscribed(
    backend: ImapBackend, fate: Fate, folder: str
) -> None:
    backend.put(mail())
    backend.fetch()
    backend.received.fate_of_each = fate
    assert backend.fetch()

    assert (backend.inbox(), backend.server.mails(backend.user, folder)) == ([], [mail()])
    with backend.server.open(backend.user) as client:
        assert folder in [name for _, _, name in client.list_sub_folders()]
    assert not backend.fetch()


def test_mail_is_not_marked_as_read(backend: ImapBackend) -> None:
    backend.put(mail())
    backend.fetch()

    with backend.server.open(backend.user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == [1]


def test_mail_that_somebody_read_is_taken_all_the_same(backend: ImapBackend) -> None:
    backend.server.append(backend.user, mail(), flags=[b"\\Seen"])
    backend.fetch()

    assert backend.received.mails == [mail()]


def test_without_move_the_folder_stays_as_it_is(dovecot: Dovecot, user: str) -> None:
    backend = ImapBackend(dovecot, user, move_to=None)
    backend.put(mail())
    backend.fetch()
    backend.received.fate_of_each = Fate.DONE
    backend.fetch()
    backend.mailbox.close()

    assert backend.inbox() == [mail()]
    assert backend.received.calls == 1
    with dovecot.open(user) as client:
        assert [name for _, _, name in client.list_folders()] == ["INBOX"]


def without(*capabilities: bytes) -> Callable[[bytes], bytes]:
    """The server does not say that it can do this."""

    def rewrite(data: bytes) -> bytes:
        for capability in capabilities:
            data = data.replace(b" " + capability, b"")
        return data

    return rewrite


def test_where_move_is_missing_the_mail_is_copied_and_no_other_is_removed(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.rewrite = without(b"MOVE")
    backend.put(mail(1))
    backend.fetch()
    backend.server.append(backend.user, mail(2), flags=[b"\\Deleted"])
    backend.received.fate_of_each = Fate.DONE
    backend.fetch()

    assert (backend.inbox(), backend.server.mails(backend.user, DONE)) == ([mail(2)], [mail(1)])
    assert "UID MOVE" not in proxy.commands
    assert backend.received.problem == ""


def test_without_uidplus_the_mail_is_only_marked_and_that_is_said(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.rewrite = without(b"MOVE", b"UIDPLUS")
    backend.put(mail(1))
    backend.fetch()
    backend.server.append(backend.user, mail(2), flags=[b"\\Deleted"])
    backend.received.fate_of_each = Fate.DONE
    backend.fetch()
    assert "can't take out single mails" in backend.received.problem
    backend.fetch()

    assert (backend.inbox(), backend.server.mails(backend.user, DONE)) == ([mail(1), mail(2)], [mail(1)])
    assert "EXPUNGE" not in " ".join(proxy.commands)


def test_folders_of_a_server_with_a_prefix_get_it(user: str) -> None:
    with running_dovecot("INBOX.", ".") as dovecot:
        backend = ImapBackend(dovecot, user, folder="Coaching/Notes")
        with dovecot.open(user) as client:
            client.create_folder("INBOX.Coaching.Notes")
        dovecot.append(user, mail(), folder="INBOX.Coaching.Notes")
        backend.fetch()
        backend.received.fate_of_each = Fate.NEEDS_ATTENTION
        backend.fetch()
        backend.mailbox.close()

        assert dovecot.mails(user, "INBOX.Mailflow.Needs attention") == [mail()]


def test_folder_with_an_umlaut_is_found(dovecot: Dovecot, user: str) -> None:
    """Modified UTF-7, RFC 3501 5.1.3."""
    backend = ImapBackend(dovecot, user, folder="Übungen & mehr", move_to=Folders("Erledigt ✓", ATTENTION))
    with dovecot.open(user) as client:
        client.create_folder("Übungen & mehr")
    dovecot.append(user, mail(), folder="Übungen & mehr")
    backend.fetch()
    backend.received.fate_of_each = Fate.DONE
    backend.fetch()
    backend.mailbox.close()

    assert dovecot.mails(user, "Erledigt ✓") == [mail()]


def test_folder_for_what_was_looked_at_is_made_again_where_somebody_removed_it(backend: ImapBackend) -> None:
    backend.received.fate_of_each = Fate.DONE
    for number in (1, 2):
        backend.put(mail(number))
        for _ in range(3):
            backend.fetch()
        with backend.server.open(backend.user) as client:
            if number == 1:
                client.delete_folder(DONE)

    assert backend.server.mails(backend.user, DONE) == [mail(2)]
    assert backend.received.problem == ""


def test_full_quota_keeps_mail_where_it_is_and_other_mail_is_taken(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.on("UID MOVE", say(b"{tag} NO [OVERQUOTA] Quota exceeded"))
    backend.put(mail(1))
    backend.fetch()
    backend.received.fate_of_each = Fate.DONE
    backend.put(mail(2))
    backend.fetch()

    assert "Quota exceeded" in backend.received.problem
    assert (len(backend.inbox()), backend.received.calls, proxy.connections) == (2, 2, 1)
    backend.fetch()
    assert (backend.inbox(), backend.received.problem) == ([], "")


def test_mail_that_somebody_moved_meanwhile_is_no_error(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    backend.put(mail())
    backend.fetch()
    backend.received.fate_of_each = Fate.DONE
    proxy.on("UID MOVE", meanwhile(lambda: remove_all(backend)))
    backend.fetch()

    assert (backend.inbox(), backend.received.problem, proxy.connections) == ([], "", 1)


def test_mail_that_somebody_deleted_before_it_was_fetched_is_no_error(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    backend.put(mail())
    proxy.on("UID FETCH", meanwhile(lambda: remove_all(backend)))
    backend.fetch()
    backend.fetch()

    assert (backend.received.calls, backend.received.problem, proxy.connections) == (0, "", 1)


def remove_all(backend: ImapBackend) -> None:
    with backend.server.open(backend.user) as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search())
        client.expunge()


# --- What is taken -------------------------------------------------------------------------------


def test_what_was_there_before_the_first_start_is_left_alone_and_counted(backend: ImapBackend) -> None:
    now = datetime.now(UTC)
    for age in (400 * DAY, 3 * DAY, timedelta(hours=2)):
        backend.server.append(backend.user, mail(9), arrived_at=now - age)
    backend.put(mail(1))
    backend.fetch()
    backend.received.fate_of_each = Fate.DONE
    backend.fetch()

    assert backend.received.mails == [mail(1)]
    assert backend.received.left_alone == 3
    assert len(backend.inbox()) == 3


def test_since_a_day_takes_what_arrived_from_then_on(dovecot: Dovecot, user: str) -> None:
    backend = ImapBackend(dovecot, user, since=datetime(2026, 3, 2, tzinfo=UTC))
    for day, hour in ((1, 23), (2, 0), (3, 9)):
        dovecot.append(user, mail(day), arrived_at=datetime(2026, 3, day, hour, 30, tzinfo=UTC))
    backend.fetch()
    backend.mailbox.close()

    assert backend.received.mails == [mail(2), mail(3)]
    assert backend.received.left_alone == 1


def test_mail_of_a_server_whose_clock_is_slow_is_taken(backend: ImapBackend) -> None:
    """It came into the folder after the first start, whatever the server's clock says."""
    backend.put(mail(1))
    with backend.server.open(backend.user) as client:
        opened = client.select_folder("INBOX")
    started = datetime.now(UTC) + timedelta(minutes=1)
    backend.received.started = FirstStart(started, f"{opened[b'UIDVALIDITY']}:{opened[b'UIDNEXT']}")
    backend.put(mail(2))
    backend.server.append(backend.user, mail(3), arrived_at=started - 30 * DAY)
    backend.fetch()

    assert backend.received.mails == [mail(2)]
    assert backend.received.left_alone == 2


def test_mail_that_is_marked_as_deleted_is_not_taken(backend: ImapBackend) -> None:
    backend.server.append(backend.user, mail(), flags=[b"\\Deleted"])
    backend.fetch()

    assert backend.received.calls == 0


def test_of_a_mail_that_is_too_large_only_the_headers_are_fetched(dovecot: Dovecot, user: str) -> None:
    with running_proxy(dovecot.port) as proxy:
        backend = ImapBackend(dovecot, user, port=proxy.port, max_bytes=5_000)
        backend.put(mail(1, "x" * 70 + "\n" + ("y" * 70 + "\n") * 400))
        backend.put(mail(2))
        backend.fetch()
        backend.mailbox.close()

    large, small = backend.received.mails
    assert small == mail(2)
    assert large.endswith(b"\r\n\r\n")
    assert b"Subject: Notes" in large
    assert b"yyy" not in large
    assert backend.received.reasons[0].startswith("it is too large: ")


def test_size_that_the_server_understates_is_noticed_after_the_fetch(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    backend.mailbox._max_bytes = 1_000
    proxy.rewrite = lambda data: data.replace(b"RFC822.SIZE 2", b"RFC822.SIZE ")
    backend.put(mail(1, "y" * 60 + "\n" * 900))
    backend.fetch()

    assert len(backend.received.reasons) == 1
    assert backend.received.mails[0].endswith(b"\r\n\r\n")


def test_many_mails_come_in_fetches_of_bounded_size(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    mails = [mail(number, "z" * 60 + "\n" + ("y" * 70 + "\n") * 3_000) for number in range(12)]
    backend.server.append(backend.user, *mails)
    backend.fetch()

    assert backend.received.mails == mails
    assert proxy.counts()["UID FETCH"] == 1 + 3  # the sizes; then 12 times 430 kB, at most 2 MB each


def test_same_place_has_the_same_keys_and_another_folder_has_others(dovecot: Dovecot, user: str) -> None:
    received = Told()
    with dovecot.open(user) as client:
        client.create_folder("Other")
    for folder in ("INBOX", "Other"):
        dovecot.append(user, mail(), folder=folder)
        for _ in range(2):
            backend = ImapBackend(dovecot, user, folder=folder, received=received)
            backend.fetch()
            backend.mailbox.close()

    assert len(received.deliveries) == received.calls == 2


def test_mail_that_the_server_refuses_to_hand_out_keeps_no_other_away(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    for number in range(3):
        backend.put(mail(number))
    no = say(b"{tag} NO [SERVERBUG] Internal error occurred")
    proxy.on("UID FETCH", meanwhile(lambda: proxy.on("UID FETCH", no, times=2)))  # the batch, and then the first alone
    backend.fetch()

    assert backend.received.mails == [mail(1), mail(2)]
    assert "Internal error occurred" in backend.received.problem
    backend.fetch()
    assert (len(backend.received.mails), backend.received.problem) == (3, "")


def test_mail_that_is_listed_and_never_handed_out_is_told(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    backend.put(mail(1))
    backend.put(mail(2))
    proxy.rewrite = lambda data: data.replace(b"* 1 FETCH (UID 1 BODY[]", b"* 1 FETCH (UID 1 BODY[TEXT]")
    backend.fetch()
    assert backend.received.problem == ""
    backend.fetch()

    assert backend.received.mails == [mail(2)]
    assert "lists 1 mail that it doesn't hand out" in backend.received.problem


# --- The account ---------------------------------------------------------------------------------


def test_wrong_password_is_the_accounts_fault(dovecot: Dovecot, user: str) -> None:
    backend = ImapBackend(dovecot, user, password="wrong")

    with pytest.raises(AccountError, match=rf"refuses the password of {user}.*more and more rarely"):
        backend.fetch()


@pytest.mark.parametrize("answer", [b"[UNAVAILABLE] Try later", b"[ALERT] Too many simultaneous connections."])
def test_server_that_lets_nobody_in_is_not_the_accounts_fault(
    proxied: tuple[ImapBackend, Proxy], answer: bytes
) -> None:
    backend, proxy = proxied
    proxy.on("LOGIN", say(b"{tag} NO " + answer))

    with pytest.raises(TemporaryError, match="lets nobody in now"):
        backend.fetch()


def test_connection_that_breaks_off_at_login_is_not_the_accounts_fault(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.on("LOGIN", lambda link, _: link.close())

    with pytest.raises(TemporaryError, match=r"broke off|can't be reached"):
        backend.fetch()


def test_password_is_asked_at_each_connection(backend: ImapBackend) -> None:
    backend.password = "old"
    with pytest.raises(AccountError):
        backend.fetch()
    backend.password = PASSWORD

    backend.put(mail())
    backend.fetch()

    assert backend.received.mails == [mail()]


def test_token_is_asked_at_each_connection_and_sent_as_xoauth2(proxied: tuple[ImapBackend, Proxy]) -> None:
    """The proxy stands in for a server that wants tokens."""
    plain, proxy = proxied
    backend = ImapBackend(plain.server, plain.user, port=proxy.port, password="old", with_token=True)
    seen: list[bytes] = []
    proxy.on("AUTHENTICATE", xoauth2(proxy, backend.user, b"new", seen), times=2)
    with pytest.raises(AccountError, match=r"refuses the token.*Invalid credentials"):
        backend.fetch()
    backend.password = "new"
    backend.put(mail())
    backend.fetch()
    backend.mailbox.close()

    assert seen == [f"user={backend.user}\1auth=Bearer {token}\1\1".encode() for token in ("old", "new")]
    assert backend.received.mails == [mail()]


def xoauth2(proxy: Proxy, user: str, token: bytes, seen: list[bytes]) -> Fault:
    """https://developers.google.com/workspace/gmail/imap/xoauth2-protocol"""

    def ask(link: Link, line: bytes) -> None:
        tag = line.split()[0]

        def check(link: Link, answer: bytes) -> None:
            seen.append(base64.b64decode(answer))
            if b"Bearer " + token + b"\1" in seen[-1]:
                link.to_server(tag + f" LOGIN {user} {PASSWORD}\r\n".encode())
                return
            link.to_client(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
            no = tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n"
            proxy.on("", lambda link, _: link.to_client(no))

        link.to_client(b"+ \r\n")
        proxy.on("", check)

    return ask


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificate_is_checked_against_the_given_authority(
    dovecot: Dovecot, user: str, security: Literal["tls", "starttls"]
) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    trusted = ssl.create_default_context(cafile=dovecot.ca_file)
    dovecot.append(user, mail())
    for host, context, works in (
        ("localhost", trusted, True),
        (HOST, trusted, False),  # another name than the certificate's
        ("localhost", ssl.create_default_context(), False),
    ):
        backend = ImapBackend(dovecot, user, port=port, host=host, security=security, tls=context)
        if works:
            backend.fetch()
            backend.mailbox.close()
            assert backend.received.mails == [mail()]
        else:
            with pytest.raises(AccountError, match="certificate that can't be trusted"):
                backend.fetch()


def test_server_without_starttls_gets_no_password(dovecot: Dovecot, user: str) -> None:
    with running_proxy(dovecot.port) as proxy:
        proxy.rewrite = without(b"STARTTLS")
        context = ssl.create_default_context(cafile=dovecot.ca_file)
        backend = ImapBackend(dovecot, user, port=proxy.port, host="localhost", security="starttls", tls=context)
        with pytest.raises(TemporaryError):
            backend.fetch()

    assert "LOGIN" not in proxy.commands


def test_folder_that_is_missing_is_said_in_a_sentence(dovecot: Dovecot, user: str) -> None:
    backend = ImapBackend(dovecot, user, folder="Notes")
    with pytest.raises(TemporaryError, match="has no folder 'Notes'"):
        backend.fetch()
    with dovecot.open(user) as client:
        client.create_folder("Notes")
    backend.fetch()
    backend.mailbox.close()


def test_folder_that_may_only_be_read_is_said_in_a_sentence(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.rewrite = lambda data: data.replace(b"[READ-WRITE] Select", b"[READ-ONLY] Select")
    with pytest.raises(PermanentError, match="only read the folder"):
        backend.fetch()


# --- Waiting -------------------------------------------------------------------------------------


def test_waiting_ends_when_mail_arrives(backend: ImapBackend) -> None:
    backend.fetch()
    stop = threading.Event()
    arrival = threading.Timer(0.2, lambda: backend.put(mail()))
    arrival.start()
    started = time.monotonic()
    backend.mailbox.wait(stop)
    took = time.monotonic() - started
    arrival.join()
    backend.fetch()

    assert backend.received.mails == [mail()]
    assert took < 5


def test_without_idle_it_waits_and_asks(proxied: tuple[ImapBackend, Proxy]) -> None:
    backend, proxy = proxied
    proxy.rewrite = without(b"IDLE")
    backend.mailbox._every = timedelta(seconds=0.2)
    backend.fetch()
    backend.put(mail())
    backend.mailbox.wait(threading.Event())
    backend.fetch()

    assert backend.received.mails == [mail()]
    assert "IDLE" not in proxy.commands


@pytest.mark.parametrize("has_idle", [True, False])
def test_waiting_ends_within_two_seconds_when_it_is_to_stop(proxied: tuple[ImapBackend, Proxy], has_idle: bool) -> None:
    backend, proxy = proxied
    proxy.rewrite = None if has_idle else without(b"IDLE")
    backend.fetch()
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    started = time.monotonic()
    backend.mailbox.wait(stop)

    assert time.monotonic() - started < 2


def test_sweep_that_took_mail_is_followed_by_another(proxied: tuple[ImapBackend, Proxy]) -> None:
    """Dovecot doesn't report in IDLE what came before it, for instance while the mail was fetched."""
    backend, proxy = proxied
    proxy.on("UID FETCH", meanwhile(lambda: backend.put(mail(2))))
    backend.put(mail(1))
    for _ in range(2):
        backend.fetch()
        backend.mailbox.wait(threading.Event())

    assert backend.received.mails == [mail(1), mail(2)]
    assert "IDLE" not in proxy.commands


@pytest.mark.parametrize("waits", [True, False])
def test_it_wakes_for_its_own_mail_only(backend: ImapBackend, waits: bool) -> None:
    if waits:
        backend.put(mail())
        backend.fetch()
    backend.fetch()
    backend.mailbox._every = timedelta(seconds=2)
    backend.mailbox.wake()
    started = time.monotonic()
    backend.mailbox.wait(threading.Event())

    assert (time.monotonic() - started < 1.8) is waits
