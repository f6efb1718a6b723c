"""`python -m fuzz [SECONDS] [CORPUS]`: libFuzzer through atheris, from the seeds, for so many seconds.

CORPUS (.cache/fuzz/corpus) keeps what reached new code, so that the next run goes on from there. What breaks an
invariant is written beside it, as crash-…, and the exit code is not 0: name it for what it shows, and put it into
fuzz/findings.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["mailflow", "email"], enable_loader_override=False):
    from fuzz.quoting import check
    from fuzz.seeds import write_seeds

DICTIONARY = Path(__file__).parent / "dictionary.txt"
MAX_LENGTH = 8192
SLOW = 5
"""Seconds that no input of this length may take."""
MAX_MEGABYTES = 1024


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    corpus = Path(sys.argv[2] if len(sys.argv) > 2 else ".cache/fuzz/corpus").resolve()
    write_seeds(corpus)
    options = {
        "max_total_time": seconds,
        "max_len": MAX_LENGTH,
        "timeout": SLOW,
        "rss_limit_mb": MAX_MEGABYTES,
        "dict": DICTIONARY,
        "artifact_prefix": f"{corpus.parent}/",
        "print_final_stats": 1,
    }
    atheris.Setup([sys.argv[0], *(f"-{name}={value}" for name, value in options.items()), str(corpus)], check)
    atheris.Fuzz()


main()
