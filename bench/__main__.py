"""`python -m bench`: every figure of the README, measured here and now, as a table.

Timings are noisy: each is the median of several runs. Nothing is asserted; `goal` is what the project aims for.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bench.imap import measure_imap
from bench.intake import measure_intake
from bench.loop import measure_loop
from bench.start import measure_start


def main() -> None:
    table = Table("what", "measured", "goal", box=None, header_style="bold")
    for figure in (*measure_start(), *measure_intake(), *measure_loop(), *measure_imap()):
        table.add_row(figure.what, figure.measured, figure.goal)
    Console().print(table)


main()
