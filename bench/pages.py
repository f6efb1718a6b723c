"""The pages: the action's page and its answer beside a bare handler, what a page weighs, and when it shows.

Each server is a process of its own, the client keeps its connections, and both are asked in turns.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.figure import Figure
from bench.pages_practice import fill
from mailflow.rendering import Renderer
from tests.looks import PAGES, browser

CONNECTIONS = 4
ROUNDS = 5
REQUESTS = 400
"""Of each kind, to each server, in each round."""
WORDS = {"reflection": "It was easier than I thought. " * 5, "obstacle": "Their line was busy."}
PAINTS = 7
THREE_G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure_pages() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        data, bare_file = Path(folder) / "data", Path(folder) / "bare.db"
        paths = fill(data, bare_file)
        bare_paths = [f"/{number}" for number in range(len(paths))]
        with _server("ours", data) as ours, _server("bare", bare_file) as bare:
            both = Target(ours, paths), Target(bare, bare_paths)
            looking = _compare("the action's page, of a bare handler with one indexed read", *both, _get)
            answering = _compare("an answer, of a bare handler with one fsynced transaction", *both, _post)
            paint = _first_paint(f"http://127.0.0.1:{ours}{paths[0]}")
    return [looking, answering, _weight(), paint]


# --- Requests ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    port: int
    paths: Sequence[str]


def _compare(what: str, ours: Target, bare: Target, request: Callable[[str], tuple[bytes, bytes]]) -> Figure:
    shares, our_times, bare_times, our_rates, bare_rates = [], [], [], [], []
    for number in range(ROUNDS + 1):
        bare_rate, bare_round = _round(bare, request)
        our_rate, our_round = _round(ours, request)
        if number:  # the first compiles templates and fills caches
            shares.append(our_rate / bare_rate)
            our_rates.append(our_rate)
            bare_rates.append(bare_rate)
            our_times += our_round
            bare_times += bare_round
    return Figure(
        what,
        f"{median(shares):.2f} ({median(our_rates):.0f}/s, p99 {_p99(our_times):.1f} ms; "
        f"bare {median(bare_rates):.0f}/s, p99 {_p99(bare_times):.1f} ms)",
        "at least 0.7",
    )


def _round(target: Target, request: Callable[[str], tuple[bytes, bytes]]) -> tuple[float, list[float]]:
    """(requests a second, seconds of each), over several connections."""
    shares = [range(start, REQUESTS, CONNECTIONS) for start in range(CONNECTIONS)]
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        start = time.perf_counter()
        times = list(threads.map(lambda numbers: _ask(target, request, numbers), shares))
        return REQUESTS / (time.perf_counter() - start), [seconds for each in times for seconds in each]


def _ask(target: Target, request: Callable[[str], tuple[bytes, bytes]], numbers: range) -> list[float]:
    times = []
    with socket.create_connection(("127.0.0.1", target.port)) as connection, connection.makefile("rb") as answers:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in numbers:
            raw, status = request(target.paths[number % len(target.paths)])
            start = time.perf_counter()
            connection.sendall(raw)
            line = answers.readline()
            length = 0
            while (header := answers.readline()) != b"\r\n":
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            answers.read(length)
            times.append(time.perf_counter() - start)
            if status not in line:
                raise RuntimeError(f"answered {line!r}")
    return times


def _get(path: str) -> tuple[bytes, bytes]:
    """(the request, the status of its answer)."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(), b" 200 "


def _post(path: str) -> tuple[bytes, bytes]:
    body = urlencode({"answer": "partly", "form_id": secrets.token_urlsafe(12), **WORDS})
    head = "Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded"
    return f"POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode(), b" 303 "


def _p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1000


@contextmanager
def _server(kind: str, place: Path) -> Iterator[int]:
    """The port of the server."""
    command = [sys.executable, "-m", "bench.pages_server", kind, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


# --- What a reader waits for ---------------------------------------------------------------------


def _weight() -> Figure:
    """Of all the pages of tests/looks.py, in the language that needs the most."""
    renderer = Renderer()
    css = len(renderer.stylesheet().encode())
    weights = {
        name: css + len(renderer.page(template, view, language).encode())
        for name, (template, view) in PAGES.items()
        for language in ("en", "de")
    }
    heaviest = max(weights, key=weights.__getitem__)
    return Figure("HTML and CSS of the heaviest page", f"{weights[heaviest] / 1000:.1f} kB ({heaviest})", "under 30 kB")


def _first_paint(url: str) -> Figure:
    what = "first contentful paint of the action's page over 3G (1.6 Mbit/s, 150 ms)"
    chromium = shutil.which("chromium")
    if chromium is None:
        return Figure(what, "not measured: apt install chromium", "under 1.5 s")
    with browser(chromium) as started:
        times = []
        for _ in range(PAINTS):
            context = started.new_context(viewport={"width": 360, "height": 740})
            page = context.new_page()
            protocol = context.new_cdp_session(page)
            protocol.send("Network.enable")
            protocol.send("Network.emulateNetworkConditions", THREE_G)
            page.goto(url)
            while (painted := page.evaluate(PAINTED)) is None:
                page.wait_for_timeout(10)
            times.append(painted / 1000)
            context.close()
    return Figure(what, f"{median(times):.2f} s (median of {PAINTS}, up to {max(times):.2f})", "under 1.5 s")
