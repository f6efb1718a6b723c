"""One line of the table."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    what: str
    measured: str
    goal: str


def seconds(samples: list[float]) -> str:
    """'0.091 s (median of 7, 0.088 to 0.110)'."""
    return f"{median(samples):.3f} s (median of {len(samples)}, {min(samples):.3f} to {max(samples):.3f})"
