"""How well and how fast notes are understood, beside other libraries that take quotes off (`make bench-peers`)."""

from __future__ import annotations

import json
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.cases import EXPECTED, STALE, Actions, Case, made_cases, read_cases
from bench.figure import Figure
from bench.samples import html_note, plain_note
from mailflow.model import Email, ParsedNote
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
RUNS = 300
WARM_UP = 20
PEERS = Path(".venv-peers/bin/python")


def measure_parsing(folder: Path | None = None) -> list[Figure]:
    cases = read_cases(folder) if folder else made_cases()
    plain, html = plain_note(), html_note()
    return [
        _accuracy(cases, f"the cases in {folder.name}" if folder else "generated cases"),
        Figure(f"plain note of {len(plain) / 1000:.1f} kB, bytes to note", _milliseconds(plain), "under 1 ms"),
        Figure(f"HTML note of {len(html) / 1000:.0f} kB, bytes to note", _milliseconds(html), "under 3 ms"),
        *_beside_others([*cases, Case("plain", plain, EXPECTED), Case("html", html, EXPECTED)]),
    ]


def _accuracy(cases: list[Case], what: str) -> Figure:
    exact = leaked = failed = 0
    for case in cases:
        try:
            got = _actions(case.raw)
        except Exception as error:  # noqa: BLE001  # counted, and told
            failed += 1
            print(f"FAILED {case.name}: {type(error).__name__}: {error}")
            continue
        exact += got == case.expected
        leaked += STALE in str(got)
        if got != case.expected:
            print(f"MISS   {case.name}: {got}")
    measured = f"{exact} of {len(cases)} exact ({exact / len(cases):.1%}), {leaked} leaked, {failed} failed"
    return Figure(f"fresh and stale block, {what}", measured, "99% exact, none leaked")


def _actions(raw: bytes) -> Actions:
    return [(action.text, action.steps) for action in _understood(raw)[1].actions]


def _understood(raw: bytes) -> tuple[Email, ParsedNote]:
    email = read_email(raw)
    return email, parse_note(email, now=NOW, timezone="Europe/Berlin")


def _milliseconds(raw: bytes) -> str:
    samples = sorted([_seconds(raw) for _ in range(WARM_UP + RUNS)][WARM_UP:])
    slow = samples[int(len(samples) * 0.95)]
    return f"{median(samples) * 1000:.2f} ms (median of {len(samples)}, p95 {slow * 1000:.2f} ms)"


def _seconds(raw: bytes) -> float:
    start = time.perf_counter()
    _understood(raw)
    return time.perf_counter() - start


def _beside_others(cases: list[Case]) -> list[Figure]:
    """Each library gets the decoded body; mailflow's time holds the decoding and the reading of the actions as well.

    A library keeps a case when every expected action stands in what it leaves, and leaks when a stale one does.
    """
    if not PEERS.exists():
        return [Figure("other libraries", "not installed: make bench-peers", "")]
    emails = [read_email(case.raw) for case in cases]
    mails = [
        {"kind": "plain" if email.html is None else "html", "body": email.html or email.text or ""} for email in emails
    ]
    command = [PEERS, Path(__file__).with_name("peers.py")]
    ran = subprocess.run(command, input=json.dumps(mails), check=True, capture_output=True, text=True)
    peers: dict[str, Any] = json.loads(ran.stdout)
    ours = {
        "kept": [" ".join(" ".join([text, *steps]) for text, steps in _actions(case.raw)) for case in cases],
        "seconds": [median(_seconds(case.raw) for _ in range(5)) for case in cases],
    }
    return [
        Figure(
            f"{name} {found.get('version', '')}, {kind}".replace(" ,", ","), _compared(cases, mails, found, kind), ""
        )
        for kind in ("plain", "html")
        for name, found in {"mailflow": ours, **peers}.items()
    ]


def _compared(cases: list[Case], mails: list[dict[str, str]], found: dict[str, Any], kind: str) -> str:
    at = [index for index, mail in enumerate(mails) if mail["kind"] == kind and found["kept"][index] is not None]
    if not at:
        return "does not read it"
    *_, sample = at
    kept = sum(_keeps(found["kept"][index], cases[index].expected) for index in at)
    leaked = sum(STALE in found["kept"][index] for index in at)
    typical = median(found["seconds"][index] for index in at) * 1000
    note = f"{found['seconds'][sample] * 1000:.2f} ms for the note above"
    if STALE in found["kept"][sample]:
        note += ", which it leaks"
    return f"{kept} of {len(at)} kept, {leaked} leaked; {typical:.2f} ms a mail, {note}"


def _keeps(kept: str, expected: Actions) -> bool:
    words = " ".join(kept.split())
    return all(line in words for text, steps in expected for line in (text, *steps))
