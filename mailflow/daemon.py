"""The long-running process: threads, the timetable, SIGTERM. It holds no state: what is due stands in the database."""

from __future__ import annotations

import contextlib
import fcntl
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import schedule
import structlog

from mailflow.app import App, adopt_settings
from mailflow.errors import AccountError, EnvironmentProblem, MailflowError
from mailflow.flows.collect import StoredDeliveries, asked, not_asked
from mailflow.flows.deliver import Delivery, deliver_next
from mailflow.flows.process import process_next
from mailflow.flows.resume import resume
from mailflow.flows.sync import sync_next
from mailflow.mailboxes import Listener, Mailbox
from mailflow.web.serving import serving
from mailflow.web.site import create_site

log = structlog.get_logger()

TICK_SECONDS = 1
TROUBLE_SECONDS = 5.0
MAILBOX_RETRY_SECONDS = (5.0, 15.0, 60.0, 300.0)
ACCOUNT_RETRY_SECONDS = (60.0, 300.0, 900.0, 3600.0)
"""Providers lock an account that is tried with a wrong password too often."""
MAILBOX_JOIN_SECONDS = 5.0
SYNCS = 4
SYNC_JOIN_SECONDS = 5.0
START_SECONDS = 20.0


def now() -> datetime:
    return datetime.now(UTC)


def run(app: App) -> None:
    """Runs until SIGTERM or SIGINT. Raises EnvironmentProblem where a port is in use."""
    Daemon(app).run()


class Daemon:
    """One worker for each kind of work; a ticker wakes them, and so does work that arrives."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stop = threading.Event()
        self._process = Worker("process", partial(self._process_one), self._stop)
        self._deliver = Worker("deliver", partial(self._deliver_one), self._stop)
        self._syncs = [
            Worker(f"sync {number}", partial(self._sync_one, number), self._stop, patience_seconds=SYNC_JOIN_SECONDS)
            for number in range(SYNCS)
        ]
        self._mailboxes = app.mailboxes()
        self._deliveries = StoredDeliveries(app.database, now, self._process.wake)
        self._mailer = app.mailer()
        self._delivery = Delivery(
            app.database, app.composer, self._mailer, app.find_source, app.settings.mailer.rate_per_minute
        )

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        with contextlib.ExitStack() as opened:
            opened.enter_context(only_daemon(self._app.settings.data))
            adopt_settings(self._app)  # not before: another daemon works by what it adopted
            resume(self._app.database, now())
            opened.callback(self._mailer.close)
            server_socket = opened.enter_context(self._bind_web())
            for worker in self._syncs:
                opened.enter_context(worker.running())
            # Before the first note is looked at: an unread calendar would make mailflow ask whose it is.
            self._wait_for_calendars()
            for mailbox in self._mailboxes:
                opened.enter_context(self._mailbox(mailbox))
            for worker in (self._process, self._deliver):
                opened.enter_context(worker.running())
            opened.enter_context(
                serving(
                    create_site(self._app),
                    server_socket,
                    patience_seconds=5,
                    proxies=self._app.settings.web.proxies,
                )
            )
            log.info("daemon.ready", url=self._app.settings.web.url)
            self._tick_until_stopped()
            log.info("daemon.stopping")
        if any(worker.died for worker in (self._process, self._deliver, *self._syncs)):
            raise MailflowError("A worker ended unexpectedly: nothing is lost, start mailflow again. The log says why.")

    def _tick_until_stopped(self) -> None:
        ticker = Ticker([worker.wake for worker in (self._process, self._deliver, self._syncs[0])])
        while not self._stop.is_set():
            ticker.tick()
            if self._app.work.wait(TICK_SECONDS / 4):
                self._app.work.clear()
                self._deliver.wake()

    def _wait_for_calendars(self) -> None:
        """Not for ever: one that is slow must not keep mail out."""
        until = time.monotonic() + START_SECONDS
        for worker in self._syncs:
            while not (self._stop.is_set() or worker.is_idle(0.05) or time.monotonic() > until):
                pass

    # --- The work: each step returns whether there was any --------------------------------------

    def _process_one(self) -> bool:
        worked = process_next(self._app.database, self._app.intake, now())
        if worked:
            self._deliver.wake()
            for mailbox in self._mailboxes:
                if not isinstance(mailbox, Listener):
                    mailbox.wake()
        return worked > 0

    def _deliver_one(self) -> bool:
        return deliver_next(self._delivery, now())

    def _sync_one(self, number: int) -> bool:
        """A slow calendar delays no other: whoever has one wakes the next worker, which looks for another."""
        wake_next = self._syncs[(number + 1) % SYNCS].wake
        return sync_next(self._app.database, self._app.find_source, now(), wake_next)

    # --- What is open while it runs -------------------------------------------------------------

    @contextlib.contextmanager
    def _mailbox(self, mailbox: Mailbox | Listener) -> Iterator[None]:
        if isinstance(mailbox, Listener):
            mailbox.open(self._deliveries.receive)
            try:
                yield
            finally:
                mailbox.close()
        else:
            asking = Asking(mailbox, self._deliveries, self._stop)
            thread = threading.Thread(target=asking.run, name=f"mailbox {mailbox.name}", daemon=True)
            thread.start()
            try:
                yield
            finally:
                self._stop.set()
                mailbox.close()
                thread.join(MAILBOX_JOIN_SECONDS)  # it may still wait for a server to take the connection

    def _bind_web(self) -> socket.socket:
        web = self._app.settings.web
        family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
        server_socket = socket.socket(family, socket.SOCK_STREAM)
        server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server_socket.bind((web.host, web.port))
        except OSError as error:
            server_socket.close()
            raise EnvironmentProblem(
                f"The pages can't listen on {web.host}:{web.port}: {error.strerror}. "
                "Stop the program that listens there, or set `web.port` to another port."
            ) from error
        return server_socket


@contextlib.contextmanager
def only_daemon(data: Path) -> Iterator[None]:
    """One daemon for one data folder. The lock goes with the process, however that ends."""
    with (data / "daemon.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EnvironmentProblem(
                f"Another mailflow runs with the data folder {data}: stop it first, or set `data` to another folder."
            ) from error
        yield


class Ticker:
    """`schedule` gives the rhythm and nothing else: what is due, and since when, the database knows."""

    def __init__(self, jobs: Sequence[Callable[[], None]]) -> None:
        self._jobs = jobs
        self._timetable = self._new_timetable()

    def tick(self) -> None:
        """Runs what is due. `schedule` reckons in local time: after the clock was set back, for instance at the end
        of summer time, it would wait for an hour; so a timetable that waits too long is made anew."""
        if self.waits_seconds > TICK_SECONDS:
            self._timetable = self._new_timetable()
        self._timetable.run_pending()

    @property
    def waits_seconds(self) -> float:
        return self._timetable.idle_seconds or 0.0

    def _new_timetable(self) -> schedule.Scheduler:
        timetable = schedule.Scheduler()
        for job in self._jobs:
            timetable.every(TICK_SECONDS).seconds.do(job)
        return timetable


class Asking:
    """Asks one mailbox again and again, in a thread of its own: one that fails never disturbs another."""

    def __init__(
        self,
        mailbox: Mailbox,
        deliveries: StoredDeliveries,
        stop: threading.Event,
        pauses: Sequence[float] = MAILBOX_RETRY_SECONDS,
        account_pauses: Sequence[float] = ACCOUNT_RETRY_SECONDS,
    ) -> None:
        self._mailbox = mailbox
        self._deliveries = deliveries
        self._stop = stop
        self._pauses = pauses
        self._account_pauses = account_pauses

    def run(self) -> None:
        """Until `stop`. After a failure it asks more and more rarely, and not at the same time as others."""
        failures = 0
        while not self._stop.is_set():
            try:
                self._mailbox.collect(self._deliveries)
                asked(self._deliveries.database, self._mailbox.name, now())
                failures = 0
                self._mailbox.wait(self._stop)
            except Exception as error:
                if self._stop.is_set():
                    return
                log.warning(
                    "mailbox.failed",
                    mailbox=self._mailbox.name,
                    reason=str(error),
                    exc_info=not isinstance(error, MailflowError),
                )
                with contextlib.suppress(EnvironmentProblem):  # the log has it
                    not_asked(self._deliveries.database, self._mailbox.name, str(error))
                pauses = self._account_pauses if isinstance(error, AccountError) else self._pauses
                pause = pauses[min(failures, len(pauses) - 1)]
                self._stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311  # nothing secret
                failures += 1


class Worker:
    """Repeats a step while there is work; sleeps only when there is none.

    At the end it is waited for, or as long as `patience_seconds` where what it does may be left.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        stop: threading.Event,
        *,
        patience_seconds: float | None = None,
    ) -> None:
        self._name = name
        self._step = step
        self._stop = stop
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._patience_seconds = patience_seconds
        self.died = False

    def wake(self) -> None:
        self._wake.set()

    def is_idle(self, wait_seconds: float) -> bool:
        """Whether it has found nothing to do, by then at the latest."""
        return self._idle.wait(wait_seconds)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run, name=self._name, daemon=self._patience_seconds is not None)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self.wake()
            # What is just being sent must still be recorded; whoever can't wait for that kills.
            thread.join(self._patience_seconds)

    def _run(self) -> None:
        """A daemon with a worker less would look alive: it ends instead, and whoever supervises it starts it again."""
        try:
            self._repeat()
        except BaseException:
            self.died = True
            self._stop.set()
            raise

    def _repeat(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                while not self._stop.is_set() and self._step():
                    pass
            except Exception as error:  # a failing step must not end the worker: it is tried again after a pause
                log.error(
                    "worker.failed", worker=self._name, reason=str(error), exc_info=not isinstance(error, MailflowError)
                )
                self._stop.wait(TROUBLE_SECONDS)
            if not self._stop.is_set():  # the last wake may have been cleared above
                self._idle.set()
                self._wake.wait()
                self._idle.clear()
