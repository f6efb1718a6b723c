"""Coaches and clients live for weeks or a year, on a simulated clock, with the real mailflow between them.

A failure says how to replay its seed.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.simulation.seeds import run_seed
from tests.simulation.world import Size


@pytest.mark.parametrize("seed", [1, 2])
def test_six_weeks_in_which_clocks_change_end_with_clean_books(seed: int) -> None:
    """In Europe on the 25th of October, in America a week later, in Chile, Australia and New Zealand before."""
    result = run_seed(seed, Size(coaches=4, clients=8, days=42, start=datetime(2026, 9, 21, tzinfo=UTC)))
    assert not result.complaints, str(result)
    assert result.notes > 80, str(result)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(11, 15))
def test_a_year_ends_with_clean_books(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_seed(seed, Size())
    with capsys.disabled():
        print(f"\n{result}")
    assert not result.complaints, str(result)
