"""The corpus to start from: the mails of tests/emails, and a reply of each kind that quoting.py makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fuzz.quoting import ENCODINGS, LINES, MARK, QUOTES

EMAILS = Path(__file__).parents[1] / "tests" / "emails"
FINDINGS = Path(__file__).parent / "findings"
"""Inputs that once broke an invariant, byte for byte."""


def seeds() -> Iterator[tuple[str, bytes]]:
    """(name, data), in a fixed order."""
    for path in (*sorted(EMAILS.rglob("*.eml")), *sorted(FINDINGS.glob("*"))):
        yield path.name, path.read_bytes()
    every_line = b"\n".join(bytes([0x80 + number]) for number in range(len(LINES)))
    note = b"She was tired.\n\x80\n\x86\n\x89\n\x88\n\x8c\n\x8d\n\x8e"
    for choice in range(len(QUOTES) * len(ENCODINGS)):
        for name, typed in (("all", every_line), ("note", note)):
            yield f"reply-{choice}-{name}", MARK + bytes([choice]) + typed


def write_seeds(folder: Path) -> int:
    """How many there are in the folder now."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data in seeds():
        (folder / name).write_bytes(data)
        count += 1
    return count
