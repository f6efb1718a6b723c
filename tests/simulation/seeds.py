"""Seeds that are run: one, or as many as give a number of notes."""

from __future__ import annotations

import itertools
import logging
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from tests.simulation.world import Size, create_world

SHOWN = 12
MEMORY = Path("/dev/shm")  # nothing here has to outlive the machine, and an fsync costs nothing there


@dataclass(frozen=True)
class Result:
    """What happened with a seed; `complaints` is everything that is not as promised."""

    seed: int
    size: Size
    notes: int
    mails: dict[str, int]
    answers: int
    restarts: int
    seconds: float
    complaints: list[str]

    @property
    def command(self) -> str:
        size = self.size
        return (
            f"python -m tests.simulation --seed {self.seed} --coaches {size.coaches} --clients {size.clients} "
            f"--days {size.days} --start {size.start:%Y-%m-%d}"
        )

    def __str__(self) -> str:
        mails = ", ".join(f"{count} {kind}" for kind, count in self.mails.items())
        what = f"{self.notes} notes, {self.answers} answers, {self.restarts} restarts, {mails}"
        return "\n".join(
            (
                f"seed {self.seed}: {what}; {self.seconds:.0f} s, {self.notes / self.seconds:.0f} notes a second",
                *(["  replay it with: " + self.command] if self.complaints else []),
                *(f"  {complaint}" for complaint in self.complaints[:SHOWN]),
                *([f"  … and {len(self.complaints) - SHOWN} more"] if len(self.complaints) > SHOWN else []),
            )
        )


def run_seed(seed: int, size: Size, folder: Path | None = None) -> Result:
    began = time.monotonic()
    with _quiet(), tempfile.TemporaryDirectory(dir=folder or (MEMORY if MEMORY.is_dir() else None)) as data:
        world = create_world(Path(data), seed, size)
        complaints = world.run()
    return Result(
        seed=seed,
        size=size,
        notes=world.practice.mails,
        mails=dict(world.ledger.kinds.most_common()),
        answers=world.practice.answers,
        restarts=world.simulation.restarts,
        seconds=time.monotonic() - began,
        complaints=complaints,
    )


def run_until(notes: int, size: Size, processes: int, first_seed: int = 1) -> Iterator[Result]:
    """Seed after seed, in so many processes, until there were so many notes."""
    seeds = itertools.count(first_seed)
    with ProcessPoolExecutor(processes) as pool:
        running: set[Future[Result]] = set()
        while notes > 0 or running:
            while notes > 0 and len(running) < processes:
                running.add(pool.submit(run_seed, next(seeds), size))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                notes -= future.result().notes
                yield future.result()


@contextmanager
def _quiet() -> Iterator[None]:
    """A million notes make a great deal of log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.reset_defaults()
