"""A storm of kills: notes come in all the time, and the daemon is killed at random moments and started again."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from mailflow.store.database import open_database
from tests.crash.daemon import Daemon
from tests.crash.ledger import audit, audit_account, extra_copies
from tests.crash.practice import write_note, write_practice
from tests.crash.senders import Senders
from tests.crash.sink import Sink
from tests.dovecot import running_dovecot
from tests.ports import free_port
from tests.waiting import PATIENCE, until

START_SECONDS = 0.2


@dataclass(frozen=True)
class Part:
    """What a storm is about: how many notes each daemon gets to do, how soon it is killed, how slow the sink is.

    Of ten kills one falls into the start, where what the last one left is taken up; `starting` is that share.
    """

    name: Literal["receive", "deliver", "imap"]
    notes: int
    busy_seconds: float
    slow_seconds: float
    starting: float = 0.1


RECEIVE = Part("receive", notes=4, busy_seconds=0.15, slow_seconds=0.0)
DELIVER = Part("deliver", notes=2, busy_seconds=0.25, slow_seconds=0.03)
IMAP = Part("imap", notes=4, busy_seconds=0.2, slow_seconds=0.0, starting=0.3)


@dataclass
class Storm:
    """What happened. `hits` counts the kills that cut off what the part is about: a note just being handed over or
    looked at, or a mail just being sent."""

    part: Part
    seed: int
    kills: int = 0
    hits: int = 0
    submitting: int = 0
    processing: int = 0
    sending: int = 0
    notes: int = 0
    unheard: int = 0
    extra: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    _submitting: bool = False

    def count(self, submitting: bool, daemon: Daemon) -> None:
        """One more kill. What the one before it cut off stands in the log of the daemon that took it up."""
        resumed = daemon.events("daemon.resumed")
        processing, sending = any(event["inbound"] for event in resumed), any(event["outbound"] for event in resumed)
        self.hits += sending if self.part is DELIVER else self._submitting or processing
        self.processing += processing
        self.sending += sending
        self.submitting += submitting
        self._submitting = submitting
        self.kills += 1


def storm(
    folder: Path,
    part: Part,
    seed: int,
    *,
    kills: int = 0,
    hits: int = 0,
    at_most_seconds: float,
    fault: str = "",
    patience: float = PATIENCE,
) -> Storm:
    """Kills until there were so many `kills` and `hits`, lets the daemon come to rest, and does the books."""
    began, random, done = time.monotonic(), Random(seed), Storm(part, seed)
    sink = Sink(Random(random.random()), part.slow_seconds)
    smtp_port = free_port()
    data = folder / "data"
    with ExitStack() as stack:
        dovecot = stack.enter_context(running_dovecot()) if part is IMAP else None
        imap_port = dovecot.port if dovecot else None
        config = write_practice(folder, smtp_port=smtp_port, sink_port=sink.port, imap_port=imap_port)
        senders = Senders(smtp_port, data / "dropped", dovecot, write_note, Random(random.random()))

        def start() -> Daemon:
            daemon = Daemon(config, f"life-{done.kills:04}", fault)
            stack.callback(daemon.end, signal.SIGKILL)
            senders.allow(part.notes)
            return daemon

        stack.enter_context(sink.running())
        daemon = start()
        until(lambda: daemon.has_logged("daemon.ready"))  # the calendar is read
        stack.enter_context(senders.running())
        while (done.kills < kills or done.hits < hits) and time.monotonic() - began < at_most_seconds:
            _kill(daemon, random, senders, done)
            daemon = start()
        if not _rests(daemon, senders, data, patience):
            done.problems.append("it did not come to rest")
        if dovecot:
            done.problems += audit_account(data, dovecot, senders.sent.values())
    done.notes, done.unheard, done.extra = len(senders.sent), senders.unheard, extra_copies(sink.copies)
    done.problems += [f"refused: {answer}" for answer in senders.refused]
    done.problems += audit(data, senders.sent, sink.copies, done.kills)
    done.seconds = round(time.monotonic() - began, 1)
    return done


def _kill(daemon: Daemon, random: Random, senders: Senders, done: Storm) -> None:
    """At a moment of the start or, mostly, of the time in which it has most to do."""
    if random.random() < done.part.starting:
        time.sleep(random.uniform(0, START_SECONDS))
    else:
        until(lambda: daemon.has_logged("daemon.ready") or daemon.has_ended())
        time.sleep(random.uniform(0, done.part.busy_seconds))
    submitting = senders.have_something_to_be_taken()
    code = daemon.end(signal.SIGKILL)
    if code != -signal.SIGKILL:
        done.problems.append(f"{daemon.name} ended by itself with {code}")
    done.problems += daemon.complaints()
    done.count(submitting, daemon)


def _rests(daemon: Daemon, senders: Senders, data: Path, patience: float) -> bool:
    """Whether it ends in order once every note is taken, looked at and answered; no pause is waited for."""
    senders.finish(patience)
    database = open_database(data / "mailflow.db")

    def nothing_waits() -> bool:
        with database.write() as tx:
            tx.run("UPDATE inbound_emails SET due_at = 1 WHERE status = 'received' AND lease = ''")
            tx.run("UPDATE outbound_emails SET due_at = 1 WHERE state = 'waiting' AND lease = ''")
            waiting: int = tx.value(
                "SELECT (SELECT count(*) FROM inbound_emails WHERE status = 'received')"
                " + (SELECT count(*) FROM outbound_emails WHERE state = 'waiting')"
            )
        time.sleep(0.1)
        return waiting == 0 and not list((data / "dropped").glob("*.eml")) and not senders.have_something_to_be_taken()

    try:
        until(nothing_waits, patience)
    except TimeoutError:
        return False
    finally:
        database.close()
    return daemon.end(signal.SIGTERM) == 0 and not daemon.complaints()
