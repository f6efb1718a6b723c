"""One connection to an IMAP server (RFC 3501), and what its answers mean. After any error it is of no use any more."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError

NOT_THE_ACCOUNTS_FAULT = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many", re.IGNORECASE)
"""RFC 5530 3, and what Gmail says: to a right password, too."""
BYTES_A_SECOND = 10_000
SLICE_SECONDS = 1.0


@dataclass(frozen=True)
class Account:
    """Where the mailbox is and who asks. `secret` is asked at each connection: a token is short-lived, a password
    may have changed."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    secret: Callable[[], str]
    with_token: bool = False
    tls: ssl.SSLContext | None = None
    timeout_seconds: float = 30.0


@dataclass(frozen=True)
class About:
    """A mail on the server. `arrived_at` is its INTERNALDATE."""

    size: int
    arrived_at: datetime


class Refused(TemporaryError):
    """The server understood the command and said no; the connection is sound."""


class Connection:
    """Logged in, with one folder open. Used by one thread; `interrupt` is for others."""

    def __init__(self, account: Account, folder: str, *, read_only: bool) -> None:
        """Raises AccountError, TemporaryError, PermanentError."""
        self._account = account
        self._existing: set[str] = set()
        with self._explained():
            self._client = self._connect()
        try:
            with self._explained(), self._time_limit():
                if account.security == "starttls":
                    self._client.starttls(account.tls)
                self._log_in()
                self._client.normalise_times = False
                self._prefix, self._delimiter = self._namespace()
                self._open(folder, read_only=read_only)
        except BaseException:
            self.drop()
            raise

    def _connect(self) -> IMAPClient:
        account = self._account
        is_tls = account.security == "tls"
        return IMAPClient(
            account.host,
            account.port,
            ssl=is_tls,
            ssl_context=account.tls if is_tls else None,
            timeout=account.timeout_seconds,
        )

    def _log_in(self) -> None:
        account, secret = self._account, self._account.secret()
        try:
            if account.with_token:
                self._client.oauth2_login(account.username, secret)
            elif (account.username + secret).isascii():
                self._client.login(account.username, secret)
            else:  # LOGIN takes ASCII only
                self._client.plain_login(account.username, secret)
        except LoginError as error:
            if isinstance(error.__context__, imaplib.IMAP4.abort):  # imapclient says so of a lost connection, too
                raise error.__context__ from None
            if NOT_THE_ACCOUNTS_FAULT.search(str(error)):
                raise TemporaryError(f"{self._server} lets nobody in now: {error}") from error
            what = "token" if account.with_token else "password"
            raise AccountError(
                f"{self._server} refuses the {what} of {account.username}: {error}. It is tried more and more rarely, "
                f"so that the account isn't locked. Correct the {what} and start mailflow again."
            ) from error

    def _namespace(self) -> tuple[str, str]:
        """(prefix, delimiter) of the account's own folders (RFC 2342)."""
        if self._client.has_capability("NAMESPACE"):
            personal = self._client.namespace().personal
            if personal:
                prefix, delimiter = personal[0]
                return prefix, delimiter or "/"
        listed = self._client.list_folders("", "")
        delimiter = listed[0][1] if listed else None
        return "", delimiter.decode("ascii") if delimiter else "/"

    def _open(self, folder: str, *, read_only: bool) -> None:
        name = self._find(folder)
        if name is None:
            raise TemporaryError(f"{self._server} has no folder '{folder}'. Make it, or correct `folder`.")
        try:
            opened = self._client.select_folder(name, readonly=read_only)
        except imaplib.IMAP4.readonly as error:
            raise PermanentError(
                f"{self._server} lets {self._account.username} only read the folder '{folder}'. "
                "Set `move = false`, or allow moving mail."
            ) from error
        if b"UIDVALIDITY" not in opened:  # RFC 3501 2.3.1.1: this server can't keep UIDs
            raise PermanentError(f"{self._server} gives the mails of the folder '{folder}' no lasting numbers.")
        self.uidvalidity: int = opened[b"UIDVALIDITY"]
        self.uidnext: int = opened.get(b"UIDNEXT", 0)
        self._exists_count: int = opened.get(b"EXISTS", 0)

    # --- Folders: '/' in the settings, whatever the server has ------------------------------------

    def ensure_folder(self, folder: str) -> str:
        """The server's name of a folder, which is made and subscribed where it is missing."""
        with self._explained(), self._time_limit():
            name = self._find(folder)
            if name is None:
                name = self._own_name(folder)
                with contextlib.suppress(Refused), self._explained():  # somebody may have made it just now
                    self._client.create_folder(name)
                with contextlib.suppress(Refused), self._explained():  # not every server has subscriptions
                    self._client.subscribe_folder(name)
                if not self._exists(name):
                    raise Refused(f"{self._server} doesn't let mailflow make the folder '{folder}'")
            return name

    def _find(self, folder: str) -> str | None:
        """The folder as it is written or, where there is none, among the account's own."""
        return next((name for name in (folder, self._own_name(folder)) if self._exists(name)), None)

    def _own_name(self, folder: str) -> str:
        """'Mailflow/Processed' is 'INBOX.Mailflow.Processed' on a server with this prefix and delimiter."""
        name = folder.replace("/", self._delimiter)
        return name if name.startswith(self._prefix) else self._prefix + name

    def forget_folders(self) -> None:
        """Somebody else may have removed one: they are looked for again."""
        self._existing.clear()

    def _exists(self, name: str) -> bool:
        if name.upper() == "INBOX" or name in self._existing:
            return True
        if "*" in name or "%" in name:  # wildcards of LIST
            found = name in [found for _, _, found in self._client.list_folders("", name)]
        else:
            found = self._client.folder_exists(name)
        if found:
            self._existing.add(name)
        return found

    # --- Mails -----------------------------------------------------------------------------------

    def uids(self, since: date | None) -> list[int]:
        """The mails that nobody marked as deleted, the oldest first; those that arrived from a day on."""
        criteria: list[object] = ["UNDELETED"]
        if since is not None:
            criteria += ["SINCE", since]
        with self._explained(), self._time_limit():
            self._client.noop()  # some servers notice new mail only then
            return sorted(set(self._client.search(criteria)))

    def count_before(self, day: date) -> int:
        """How many mails arrived before a day. They are not listed: a line of an old folder would be too long."""
        with self._explained(), self._time_limit():
            return max(0, self._exists_count - len(self._client.search(["SINCE", day])))

    def about(self, uids: Sequence[int]) -> dict[int, About]:
        """What is gone meanwhile is not in it."""
        with self._explained(), self._time_limit():
            found = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return {
            uid: About(int(data[b"RFC822.SIZE"]), data[b"INTERNALDATE"].astimezone(UTC))
            for uid, data in found.items()
            if data.get(b"RFC822.SIZE") is not None and data.get(b"INTERNALDATE")
        }

    def whole(self, uids: Sequence[int], size: int) -> dict[int, bytes]:
        """The bytes of mails of about this size together, without marking them as read."""
        return self._fetch(uids, "BODY.PEEK[]", b"BODY[]", size)

    def head(self, uid: int) -> bytes | None:
        """The headers alone."""
        return self._fetch([uid], "BODY.PEEK[HEADER]", b"BODY[HEADER]", 0).get(uid)

    def _fetch(self, uids: Sequence[int], what: str, answered: bytes, size: int) -> dict[int, bytes]:
        with self._explained(), self._time_limit(size):
            found = self._client.fetch(uids, [what])
        return {uid: data[answered] for uid, data in found.items() if isinstance(data.get(answered), bytes)}

    def move(self, uids: Sequence[int], folder: str) -> bool:
        """Moves mails; False where the server can't take single mails out: they are copied and marked as deleted.

        Those that are gone meanwhile are no error (RFC 6851 3.3). Raises Refused where the server won't.
        """
        with self._explained(), self._time_limit():
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
                return True
            self._client.copy(uids, folder)
            self._client.add_flags(uids, [b"\\Deleted"], silent=True)
            if not self._client.has_capability("UIDPLUS"):
                return False  # a plain EXPUNGE would remove what somebody else marked
            self._client.uid_expunge(uids)
            return True

    # --- Waiting ---------------------------------------------------------------------------------

    @property
    def has_idle(self) -> bool:
        with self._explained():
            return bool(self._client.has_capability("IDLE"))

    def idle(self, seconds: float, is_enough: Callable[[], bool]) -> None:
        """Returns when something happened in the folder, after a time, or soon after it is enough (RFC 2177)."""
        end = time.monotonic() + seconds
        with self._explained():
            with self._time_limit():
                self._client.idle()
            while (left := end - time.monotonic()) > 0:
                if self._something_happened(min(SLICE_SECONDS, left)) or is_enough():
                    break
            with self._time_limit():
                self._client.idle_done()  # raises where the connection is gone

    def _something_happened(self, seconds: float) -> bool:
        """imapclient says [] at once for ever when the server is gone; so, an early [] is something, too."""
        started = time.monotonic()
        answers = self._client.idle_check(timeout=seconds)
        if not answers:
            return time.monotonic() - started < seconds * 0.9
        if any(answer[0] == b"BYE" for answer in answers):
            raise imaplib.IMAP4.abort("the server said goodbye")
        return any(answer[0] != b"OK" for answer in answers)  # '* OK Still here'

    # --- The end ---------------------------------------------------------------------------------

    def drop(self) -> None:
        """Without LOGOUT: a server that is gone would not answer, and none minds."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError, ValueError):
            self._client.shutdown()

    def interrupt(self) -> None:
        """Makes whatever another thread reads from the server fail at once."""
        with contextlib.suppress(OSError, ValueError):
            # Not SSLSocket's: that takes the encryption off first, and the other thread would read what is encrypted.
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    @contextlib.contextmanager
    def _time_limit(self, size: int = 0) -> Iterator[None]:
        """The socket's timeout is for each read: a server that sends a byte now and then would never meet it."""
        timer = threading.Timer(4 * self._account.timeout_seconds + size / BYTES_A_SECOND, self.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors as sentences: Refused where the connection is sound, another MailflowError where it is not."""
        try:
            yield
        except MailflowError:
            raise
        except ssl.SSLCertVerificationError as error:
            raise AccountError(
                f"{self._server} shows a certificate that can't be trusted: {error.verify_message}"
            ) from error
        except imaplib.IMAP4.abort as error:
            raise TemporaryError(f"{self._server} broke off: {error}") from error
        except imaplib.IMAP4.error as error:
            raise Refused(f"{self._server} says no: {error}") from error
        except OSError as error:
            raise TemporaryError(f"{self._server} can't be reached: {error}") from error
        except ValueError as error:  # imapclient's, for an answer that it can't read
            raise TemporaryError(f"{self._server} answers what can't be understood: {error}") from error

    @property
    def _server(self) -> str:
        return f"{self._account.host}:{self._account.port}"
