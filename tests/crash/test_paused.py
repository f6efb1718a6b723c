"""A worker that was really paused (SIGSTOP) while it sent a mail comes back when its lease is over and another worker
has sent the mail: whatever it hears from its server then, it changes nothing and sends nothing again."""

from __future__ import annotations

import fcntl
import signal
import smtplib
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from mailflow.app import App, open_app
from mailflow.flows.deliver import LEASE, Delivery, deliver_next
from mailflow.model import OutboundEmail
from mailflow.settings import load_settings
from mailflow.store import outbox
from tests.crash.daemon import Daemon
from tests.crash.practice import write_note, write_practice
from tests.crash.sink import HANG_UP, TAKEN, Sink
from tests.ports import free_port
from tests.scene import ANNA, NOTES
from tests.waiting import until


@pytest.mark.parametrize("answer", [TAKEN, "451 4.3.0 Later", "550 5.1.1 Never", "535 5.7.8 Who are you?", HANG_UP])
def test_worker_that_finishes_after_its_lease_is_refused_and_nothing_is_sent_again(tmp_path: Path, answer: str) -> None:
    with ExitStack() as stack:
        sink = Sink(Random(0))
        stack.enter_context(sink.running())
        smtp_port = free_port()
        config = write_practice(tmp_path, smtp_port=smtp_port, sink_port=sink.port)
        daemon = Daemon(config, "daemon")
        stack.callback(daemon.end, signal.SIGKILL)
        until(lambda: daemon.has_logged("daemon.ready"))
        sink.answering.clear()
        submit(smtp_port, 1)
        until(lambda: len(sink.copies) == 1 and daemon.has_logged("mail.processed"))
        pause(daemon, tmp_path / "data")
        sink.answer = answer
        sink.answering.set()
        until(lambda: sink.answers == 1)
        sink.answer = TAKEN

        app = open_app(load_settings(config), create=False)
        stack.callback(app.close)
        deliver_all(app, datetime.now(UTC) + LEASE + timedelta(seconds=5))
        before = rows(app)
        assert [row.state for row in before] == ["sent", "sent"]
        taken = list(sink.copies)
        assert [taken.count(copy) for copy in (taken[0], *set(taken) - {taken[0]})] == [2, 1]

        daemon.signal(signal.SIGCONT)
        until(lambda: daemon.has_logged("mail.changed-meanwhile"))
        assert rows(app) == before
        submit(smtp_port, 2)
        until(lambda: len(daemon.events("mail.sent")) == 2)
        assert daemon.end(signal.SIGTERM) == 0
        assert daemon.complaints() == []
        assert rows(app)[:2] == before
        assert sink.copies[:3] == taken
        assert len(sink.copies[3:]) == len(set(sink.copies[3:])) == 2, "the second note's, once each"


def submit(port: int, number: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as connection:
        connection.sendmail(ANNA, [NOTES], write_note(number))


def pause(daemon: Daemon, data: Path) -> None:
    """Stops the process at a moment in which none of its threads holds the lock of the database."""
    with (data / "mailflow.db.lock").open("w") as lock:
        while True:
            daemon.signal(signal.SIGSTOP)
            time.sleep(0.05)  # a signal is sent, not obeyed, when kill(2) returns
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                daemon.signal(signal.SIGCONT)
            else:
                return


def deliver_all(app: App, now: datetime) -> None:
    """Another worker, at this time."""
    mailer = app.mailer()
    try:
        while deliver_next(Delivery(app.database, app.composer, mailer, app.find_source), now):
            pass
    finally:
        mailer.close()


def rows(app: App) -> list[OutboundEmail]:
    with app.database.read() as tx:
        return sorted(outbox.latest(tx, 100), key=lambda row: row.id)
