"""Tables of regular expressions: an alternative or more a line; an indented line continues the one above it."""

from __future__ import annotations


def alternatives(*tables: str) -> str:
    """The lines of the tables as one regular expression, without a group around them."""
    return "|".join(line for table in tables for line in table.replace("\n  ", "").strip().splitlines())
