"""A real IMAP server for tests and benchmarks: Dovecot 2.3 on loopback, as an unprivileged user.

Every user name is a mailbox of its own, with the same password; so each test takes another name.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from tests.ports import free_port

HOST = "127.0.0.1"
PASSWORD = "a-secret"
UNPRIVILEGED = "nobody"
PATIENCE_SECONDS = 20

SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = {host}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:~/Maildir
mailbox_list_index = no
mail_max_userip_connections = 0
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = {ssl}
{certificate}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""

HIBERNATION = """
imap_hibernate_timeout = 1s
service imap {
  unix_listener imap-master {
    mode = 0666
  }
}
service imap-hibernate {
  chroot =
  unix_listener imap-hibernate {
    mode = 0666
  }
}
"""
"""A connection in IDLE moves to a process of its own, which hears of new mail at once. Others wait half a second after
the first sign of it (NOTIFY_DELAY_MSECS in Dovecot's mailbox-watch.c, which no setting changes)."""

QUOTA_OF_ONE = """
mail_plugins = quota
mailbox_list_index = yes
namespace archive {
  prefix = Mailflow/
  separator = /
  location = maildir:~/Archive
}
plugin {
  quota = count:Archive:ns=Mailflow/
  quota_rule = *:messages=1
  quota_vsizes = yes
}
"""
"""Room for one mail in the folders below 'Mailflow'. A namespace of their own, because Dovecot counts no mail anew that
moves within one quota."""
NO_MOVE = """
imap_capability = IMAP4rev1 IDLE UIDPLUS NAMESPACE
"""


@dataclass
class Dovecot:
    folder: Path
    port: int
    tls_port: int
    ca_file: Path | None
    process: subprocess.Popen[bytes] | None = None

    def open(self, user: str) -> IMAPClient:
        """Somebody's mail program."""
        client = IMAPClient(HOST, self.port, ssl=False, timeout=PATIENCE_SECONDS)
        client.login(user, PASSWORD)
        return client

    def append(
        self,
        user: str,
        *mails: bytes,
        folder: str = "INBOX",
        arrived_at: datetime | None = None,
        flags: Sequence[bytes] = (),
    ) -> None:
        """Mail arrives."""
        with self.open(user) as client:
            for raw in mails:
                client.append(folder, raw, flags, arrived_at)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What lies in a folder; nothing where it does not exist."""
        with self.open(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            uids = client.search()
            found = client.fetch(uids, ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in uids]

    def count(self, user: str, folder: str = "INBOX") -> int:
        """How many mails lie in a folder, without asking the server."""
        maildir = self.folder / "mail" / user / "Maildir"
        if folder != "INBOX":
            maildir /= "." + folder.replace("/", ".")
        return sum(1 for part in ("new", "cur") for file in (maildir / part).glob("*") if not file.name.endswith("T"))

    def start(self) -> None:
        settings = self.folder / "dovecot.conf"
        user = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        program = find_dovecot()
        assert program, "Dovecot is not installed: @pytest.mark.needs('dovecot')"
        command = [program, "-F", "-c", str(settings)]
        with (self.folder / "stderr").open("ab") as stderr:
            self.process = subprocess.Popen(
                command,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE_SECONDS
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Dovecot did not start: {(self.folder / 'stderr').read_text()} {self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """With all its processes: otherwise one that a client is connected to stays for a while."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    @property
    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""


def find_dovecot() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin")


@contextlib.contextmanager
def running_dovecot(
    prefix: str = "", separator: str = "/", *, tls: bool = False, more_settings: str = ""
) -> Iterator[Dovecot]:
    """The server, with a namespace of this kind. With `tls` it shows a certificate for `localhost`."""
    user = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))  # not the test's own: a socket's path must be short
    try:
        ca_file = _make_certificate(folder) if tls else None
        server = Dovecot(folder, free_port(), free_port() if tls else 0, ca_file)
        text = SETTINGS.format(
            folder=folder,
            host=HOST,
            user=user.pw_name,
            uid=user.pw_uid,
            gid=user.pw_gid,
            group=grp.getgrgid(user.pw_gid).gr_name,
            password=PASSWORD,
            prefix=prefix,
            separator=separator,
            port=server.port,
            tls_port=server.tls_port,
            ssl="yes" if tls else "no",
            certificate=f"ssl_cert = <{folder}/cert.pem\nssl_key = <{folder}/key.pem" if tls else "",
        )
        (folder / "dovecot.conf").write_text(text + more_settings)
        (folder / "mail").mkdir()
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                os.chown(path, user.pw_uid, user.pw_gid)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _make_certificate(folder: Path) -> Path:
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "cert.pem"


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex((HOST, port)) != 0:
            return False
        with contextlib.suppress(OSError):
            return probe.recv(4) == b"* OK"
        return False
