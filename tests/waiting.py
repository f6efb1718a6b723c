"""Waiting for what nothing tells of: it has to be looked for."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds after which a test gives up; nothing waits for time to pass."""


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Raises TimeoutError."""
    give_up = time.monotonic() + patience
    while not holds():
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(0.005)
