"""What the fuzzer starts from, and what it found: every one of them holds what fuzz/ asserts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fuzz.quoting import MARK, QUOTES, check
from fuzz.seeds import seeds
from mailflow.parsing import notes
from mailflow.parsing.lines import Line

SEEDS = dict(seeds())
NOTE = b"\x80\n\x86\n"


@pytest.mark.parametrize("name", SEEDS)
def test_seed_holds_every_invariant(name: str) -> None:
    check(SEEDS[name])


@pytest.mark.parametrize("kind", range(len(QUOTES)))
def test_quote_that_leaks_is_found(kind: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything_is_fresh(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
        return list(lines), []

    monkeypatch.setattr(notes, "fresh_lines", everything_is_fresh)
    with pytest.raises(AssertionError, match="leaked"):
        check(MARK + bytes([kind]) + NOTE)
