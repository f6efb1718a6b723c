"""`python -m bench [NAME …] [--cases FOLDER]`: every figure of the README, measured here and now, as a table.

Timings are noisy: each is the median of several runs. Nothing is asserted; `goal` is what the project aims for.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from bench.advice import measure_advice
from bench.calendars import measure_calendars
from bench.expansion import measure_expansion
from bench.figure import Figure
from bench.hostile import measure_hostile
from bench.imap import measure_imap
from bench.intake import measure_intake
from bench.loop import measure_loop
from bench.outbox import measure_outbox
from bench.pages import measure_pages
from bench.parsing import measure_parsing
from bench.planning import measure_planning
from bench.simulation import measure_simulation
from bench.start import measure_start

FIGURES: dict[str, Callable[[], Sequence[Figure]]] = {
    "start": measure_start,
    "intake": measure_intake,
    "loop": measure_loop,
    "imap": measure_imap,
    "calendars": measure_calendars,
    "outbox": measure_outbox,
    "pages": measure_pages,
    "planning": measure_planning,
    "expansion": measure_expansion,
    "advice": measure_advice,
    "parsing": measure_parsing,
    "hostile": measure_hostile,
    "simulation": measure_simulation,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and print a table of figures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which figures: {', '.join(FIGURES)}; else all")
    parser.add_argument(
        "--cases", type=Path, metavar="FOLDER", help="mails and their expected.json, for 'parsing'; else generated ones"
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(FIGURES):
        parser.error(f"there are no figures {', '.join(sorted(unknown))}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # the table alone
    table = Table("what", "measured", "goal", box=None, header_style="bold")
    for name, measure in FIGURES.items():
        if not chosen.names or name in chosen.names:
            figures = measure_parsing(chosen.cases) if name == "parsing" else measure()
            for figure in figures:
                table.add_row(figure.what, figure.measured, figure.goal)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


main()
