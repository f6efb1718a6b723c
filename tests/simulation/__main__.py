"""`python -m tests.simulation --seed 7` replays a seed; with `--notes 1000000` seeds are run until so many notes were
processed, in `--processes` processes."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from datetime import UTC, datetime

from tests.simulation.seeds import Result, run_seed, run_until
from tests.simulation.world import START, Size


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first one, where there are several")
    parser.add_argument("--notes", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--coaches", type=int, default=Size.coaches)
    parser.add_argument("--clients", type=int, default=Size.clients, help="of each coach")
    parser.add_argument("--days", type=int, default=Size.days)
    parser.add_argument("--start", default=f"{START:%Y-%m-%d}", help="the first day")
    chosen = parser.parse_args()
    start = datetime.fromisoformat(chosen.start).replace(tzinfo=UTC)
    size = Size(chosen.coaches, chosen.clients, chosen.days, start)
    if not chosen.notes:
        result = run_seed(chosen.seed, size)
        print(result)
        return int(bool(result.complaints))
    results = []
    for result in run_until(chosen.notes, size, chosen.processes, chosen.seed):
        print(result, flush=True)
        results.append(result)
    print(_total(results, size))
    return int(any(result.complaints for result in results))


def _total(results: list[Result], size: Size) -> str:
    mails: Counter[str] = Counter()
    for result in results:
        mails.update(result.mails)
    notes, wrong = sum(result.notes for result in results), sum(len(result.complaints) for result in results)
    return (
        f"{len(results)} seeds, {len(results) * size.days} days, {notes} notes, "
        f"{sum(result.restarts for result in results)} restarts, "
        + ", ".join(f"{count} {kind}" for kind, count in mails.most_common())
        + f": {wrong} complaints"
    )


if __name__ == "__main__":
    sys.exit(main())
