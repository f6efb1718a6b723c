"""A Postfix of a test's own, on loopback, beside one that the machine may have.

It takes mail from this machine at `port` for anybody and sends it where `transports` (transport(5)) says, and nowhere
else: no name is looked up. Its master only runs as root; its parts run as the user `postfix` of the Debian package.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.waiting import until

DAEMONS = Path("/usr/lib/postfix/sbin")
QUEUE = "/usr/sbin/postqueue"  # which is in root's path only
PATIENCE = 20.0
QUEUES = "active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace".split()
# service, type, process limit and command; '-' in the limit is Postfix's default
SERVICES = """
cleanup unix 0 cleanup
qmgr unix 1 qmgr
rewrite unix - trivial-rewrite
bounce unix 0 bounce
defer unix 0 bounce
trace unix 0 bounce
showq unix - showq
error unix - error
retry unix - error
smtp unix - smtp
lmtp unix - lmtp
relay unix - smtp
proxymap unix - proxymap
anvil unix 1 anvil
scache unix 1 scache
tlsmgr unix 1 tlsmgr
postlog unix-dgram 1 postlogd
"""
PUBLIC = {"cleanup", "qmgr", "showq", "postlog"}
SETTINGS = """
compatibility_level = 3.6
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
default_transport = error:nowhere to go in a test
alias_maps =
alias_database =
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""


@dataclass(frozen=True)
class Postfix:
    folder: Path
    port: int

    def connect(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE)

    def queued(self) -> list[dict[str, Any]]:
        """What waits, as `postqueue -j` says it."""
        command = [QUEUE, "-c", str(self.folder / "etc"), "-j"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wait_until_empty(self) -> None:
        until(lambda: not self.queued(), PATIENCE)


@contextlib.contextmanager
def running_postfix(transports: Mapping[str, str], settings: str = "") -> Iterator[Postfix]:
    """`transports`: for each address or domain a transport, such as 'lmtp:inet:127.0.0.1:8024'."""
    folder = Path(
        tempfile.mkdtemp(prefix="postfix-")
    )  # not the test's own folder, which the user `postfix` can't enter
    folder.chmod(0o755)
    postfix = Postfix(folder, free_port())
    _prepare(postfix, transports, settings)
    command = [str(DAEMONS / "master"), "-c", str(folder / "etc"), "-d"]
    with (folder / "master.log").open("wb") as log:
        master = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for_greeting(postfix, master)
        yield postfix
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(master.pid, signal.SIGTERM)
        master.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(postfix: Postfix, transports: Mapping[str, str], settings: str) -> None:
    etc, queue, data = (postfix.folder / name for name in ("etc", "queue", "data"))
    for folder in (etc, queue, data, queue / "pid", *(queue / name for name in QUEUES)):
        folder.mkdir()
    for name in QUEUES:
        shutil.chown(queue / name, "postfix", "root")
        (queue / name).chmod(0o700)
    shutil.chown(queue / "public", "postfix", "postdrop")
    (queue / "public").chmod(0o710)
    shutil.chown(data, "postfix", "root")
    table = " ".join(f"{{ {place} = {transport} }}" for place, transport in transports.items())
    own = f"queue_directory = {queue}\ndata_directory = {data}\nmaillog_file = {postfix.folder}/mail.log\n"
    own += f"maillog_file_prefixes = {postfix.folder}\ntransport_maps = inline:{{ {table} }}\n"
    (etc / "main.cf").write_text(SETTINGS + own + settings)
    lines = [f"127.0.0.1:{postfix.port} inet n - n - - smtpd"]
    for service in SERVICES.strip().splitlines():
        name, kind, limit, program = service.split()
        wake = "300" if name == "qmgr" else "-"
        lines.append(f"{name} {kind} {'n' if name in PUBLIC else '-'} - n {wake} {limit} {program}")
    (etc / "master.cf").write_text("\n".join(lines) + "\n")


def _wait_for_greeting(postfix: Postfix, master: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError, smtplib.SMTPException), postfix.connect():
            return
        log = (postfix.folder / "master.log").read_text(errors="replace")
        assert master.poll() is None, f"Postfix ended: {log}"
        assert time.monotonic() < until, f"Postfix does not answer: {log}"
        time.sleep(0.05)
