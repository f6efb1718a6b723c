"""The simulation of tests/simulation: how many days of a large practice it lives through in a second."""

from __future__ import annotations

from bench.figure import Figure
from tests.simulation.postbox import Odds
from tests.simulation.seeds import run_seed
from tests.simulation.world import Size

LARGE = Size(coaches=1_000, clients=4, days=2, restart_hours=(24, 48), odds=Odds(ended=0))
SMALL = Size(days=14)


def measure_simulation() -> list[Figure]:
    large, small = run_seed(1, LARGE), run_seed(1, SMALL)
    if large.complaints or small.complaints:
        raise RuntimeError(f"the books are not clean\n{large}\n{small}")
    return [
        Figure(
            f"simulated days of {LARGE.coaches:,} coaches with {LARGE.clients} clients each",
            f"{LARGE.days / large.seconds:.2f} a second, {large.notes / large.seconds:.0f} notes a second",
            "",
        ),
        Figure(
            f"simulated days of {SMALL.coaches} coaches with {SMALL.clients} clients each",
            f"{SMALL.days / small.seconds:.1f} a second, {small.notes / small.seconds:.0f} notes a second",
            "",
        ),
    ]
