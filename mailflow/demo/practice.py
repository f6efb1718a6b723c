"""`mailflow demo`: sets the practice up, starts the real daemon, mails the note, and tells what happens."""

from __future__ import annotations

import contextlib
import queue
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import click

from mailflow.app import open_app
from mailflow.demo import cast
from mailflow.demo.check import Checks, check_end, check_homework, check_receipt, check_review, play_client
from mailflow.demo.mailbox import read_mails
from mailflow.demo.mailprogram import send, write_note
from mailflow.demo.page import serve_mailbox
from mailflow.demo.service import Service, demo_environment, override, running_service
from mailflow.demo.story import Story
from mailflow.errors import MailflowError
from mailflow.model import OutboundKind

REVIEW_IN = timedelta(seconds=50)
REVIEW_IN_ONCE = timedelta(seconds=25)
PATIENCE_SECONDS = 90


def run_demo(*, once: bool, keep: Path | None) -> int:
    """The exit code: 0 where every step truly happened, or after Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGINT):  # a script's `&` starts it with SIGINT ignored
        signal.signal(number, _interrupt)
    with _data_folder(keep) as data:
        environment = demo_environment(data, free_ports=once)
        schedule = cast.Schedule(datetime.now(UTC), timedelta(hours=2), REVIEW_IN_ONCE if once else REVIEW_IN)
        data.mkdir(parents=True, exist_ok=True)
        (data / "calendar.ics").write_text(cast.calendar(schedule), encoding="utf-8", newline="")
        try:
            with running_service(environment, data / "daemon.log") as service:
                practice = Practice.of(service)
                practice.wait_for(lambda: False, until_event="daemon.ready")
                return practice.play_once() if once else practice.play_on()
        except KeyboardInterrupt:
            click.echo("\nThe demo is over." + (f" Its data is in {keep}." if keep else ""))
            return 0


@dataclass
class Practice:
    """The coach, her client, and whoever watches."""

    service: Service
    story: Story

    @classmethod
    def of(cls, service: Service) -> Practice:
        settings = service.settings
        mailer = settings.mailer
        assert mailer.kind == "folder", "the demo's mail leaves into a folder"
        return cls(service, Story(settings.in_data(mailer.path), ZoneInfo(settings.coach[0].timezone)))

    def play_on(self) -> int:
        """Tells what happens until Ctrl-C."""
        settings = self.service.settings
        with serve_mailbox(self.story.sent, self.story.zone, self.send_note) as mailbox_url:
            click.echo("\nA coach's practice on this machine. Nothing leaves it. Ctrl-C ends it.\n")
            click.echo(f"  Every mail, and a form to write a note as the coach:  {mailbox_url}")
            click.echo(f"  The daemon's pages:                                   {settings.web.url}\n")
            self.send_note(cast.SUBJECT, cast.note_text())
            while True:
                self.tell_next(timeout=3600)

    def play_once(self) -> int:
        """Plays the client, too, and checks each step."""
        checks = Checks()
        self.send_note(cast.SUBJECT, cast.note_text())
        self.wait_for(lambda: OutboundKind.RECEIPT in self.story.mails)
        check_receipt(checks, self.story.mails[OutboundKind.RECEIPT][0])
        self.wait_for(lambda: OutboundKind.HOMEWORK in self.story.mails)
        homework = self.story.mails[OutboundKind.HOMEWORK][0]
        check_homework(checks, homework)
        with override({"MAILFLOW_DATA": str(self.service.settings.data)}):
            app = open_app(self.service.settings, create=False)
        try:
            play_client(checks, homework, app)
        finally:
            app.close()
        self.wait_for(lambda: OutboundKind.REVIEW in self.story.mails)
        check_review(checks, self.story.mails[OutboundKind.REVIEW][0])
        check_end(checks, self.story.mails, read_mails(self.story.sent, self.story.zone))
        held = sum(holds for _, holds in checks.results)
        click.echo(f"\n{held} of {len(checks.results)} checks hold.")
        return 0 if checks.all_hold else 1

    def send_note(self, subject: str, text: str) -> None:
        """As the coach's mail program would: by SMTP."""
        mailbox = self.service.settings.mailbox[0]
        assert mailbox.kind == "smtp", "the demo's notes arrive by SMTP"
        send(write_note(subject, text, datetime.now(UTC)), mailbox.host, mailbox.port)
        self.story.say("mailed", f"{cast.COACH[0]} sends her notes to {cast.NOTES_ADDRESS}; the server said 250")

    def wait_for(self, happened: Callable[[], bool], *, until_event: str = "") -> None:
        """Tells what happens until it has. Raises MailflowError where it does not within PATIENCE_SECONDS."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            left = end - time.monotonic()
            if left <= 0:
                raise MailflowError("The demo waited too long for the next step.")
            if self.tell_next(timeout=left) == until_event != "":
                return

    def tell_next(self, timeout: float) -> str:
        """The name of the next event, '' when there was none in time."""
        try:
            event = self.service.events.get(timeout=timeout)
        except queue.Empty:
            return ""
        if event is None:
            raise MailflowError(f"The daemon ended; see its log:\n{self._log()}")
        self.story.tell(event)
        return str(event["event"])

    def _log(self) -> str:
        return (self.service.settings.data / "daemon.log").read_text(encoding="utf-8", errors="replace")[-2000:]


@contextlib.contextmanager
def _data_folder(keep: Path | None) -> Iterator[Path]:
    """A new folder: the one to keep, else one that is gone afterwards."""
    if keep is not None:
        if keep.exists():
            raise MailflowError(f"{keep} exists already: name a new folder.")
        yield keep.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="mailflow-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
