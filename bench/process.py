"""What the system says of a process."""

from __future__ import annotations

from pathlib import Path


def resident_megabytes(pid: int) -> float:
    """VmRSS (proc(5)), in MB of 2**20 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")
