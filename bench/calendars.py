"""Calendars on a CalDAV server (a Radicale here): the first sync, and a later one beside its bare requests.

`python -m bench.calendars 10000` takes a calendar of so many objects.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bench.figure import Figure
from mailflow.calendars import Known, Reading, Window
from mailflow.calendars.caldav import CaldavCalendar
from mailflow.calendars.caldav_server import Account
from tests.builders import DAY, HOUR, NOW, ics, ics_event
from tests.servers.dav import HOST, PASSWORD, DavServer
from tests.servers.radicale import fill, running_radicale

OBJECTS = 10_000
SERIES = 5
"""One object in so many is a weekly series."""
CHANGES = 12
SAMPLES = 5
USER, SLUG = "anna", "sessions"
ZONE = "Europe/Berlin"
WINDOW = Window(NOW - 60 * DAY, NOW + 60 * DAY)


def measure_calendars(count: int = OBJECTS) -> list[Figure]:
    objects = {f"event-{n}.ics": _object(n) for n in range(count)}
    figures = []
    with tempfile.TemporaryDirectory() as name, running_radicale(Path(name), [USER]) as server:
        fill(server, USER, SLUG, objects)
        took, megabytes = _first_sync(server)
        again, _ = _first_sync(server)
        figures.append(
            Figure(
                f"first sync of {count:,} objects from Radicale, in a process of its own",
                f"{took:.1f} s, {again:.1f} s with Radicale's cache; {megabytes:.0f} MB at most",
                "under 300 MB",
            )
        )
        figures += [_sync_figure(server, "no change", 0), _sync_figure(server, f"{CHANGES} changes", CHANGES)]
    return figures


def _object(number: int, title: str = "Coaching") -> bytes:
    start = NOW + (number % 100 - 50) * DAY + number % 8 * HOUR
    extra = ["RRULE:FREQ=WEEKLY"] if number % SERIES == 0 else []
    return ics(ics_event(f"event-{number}", start, title=title, extra=extra))


# --- A first sync --------------------------------------------------------------------------------


def _first_sync(server: DavServer) -> tuple[float, float]:
    """(seconds, megabytes at most) of a process that does nothing else."""
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    process = context.Process(target=_read_all, args=(server.url, results))
    process.start()
    process.join()
    seconds, megabytes = results.get()
    return float(seconds), float(megabytes)


def _read_all(url: str, results: multiprocessing.queues.SimpleQueue[tuple[float, float]]) -> None:
    started = time.perf_counter()
    _adapter(url).read(Known("", dict), WINDOW)
    results.put((time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _adapter(url: str) -> CaldavCalendar:
    return CaldavCalendar(Account(url, USER, lambda: PASSWORD, timeout_seconds=600), SLUG, ZONE)


# --- A sync --------------------------------------------------------------------------------------


def _sync_figure(server: DavServer, what: str, changes: int) -> Figure:
    adapter = _adapter(server.url)
    first = adapter.read(Known("", dict), WINDOW)
    versions = {found.key: found.version for found in first.objects}
    known = Known(first.token, lambda: versions)
    token = json.loads(first.token)[2]
    for number in range(changes):
        server.put(USER, f"/{USER}/{SLUG}/event-{number}.ics", _object(number, title=first.token[-8:-2]))
    _check(adapter.read(known, WINDOW), changes)
    ours, bare = [], []
    for _ in range(SAMPLES):
        ours.append(_seconds(lambda: adapter.read(known, WINDOW)))
        bare.append(_seconds(lambda: _bare_sync(server, token)))
    ratio = median(ours) / median(bare)
    return Figure(
        f"sync of the same calendar, {what}",
        f"{median(ours):.3f} s; the bare requests {median(bare):.3f} s; {ratio:.2f} times",
        "under 1.3 times",
    )


def _check(reading: Reading, changes: int) -> None:
    if len(reading.objects) != changes or reading.gone:
        raise RuntimeError(f"not what was to be measured: {len(reading.objects)} changes")


def _bare_sync(server: DavServer, token: str) -> None:
    """A REPORT, and one for what it names; the answers are not even parsed."""
    with _connected(server) as ask:
        found = ask(
            f'<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><sync-level>1</sync-level>'
            "<prop><getetag/></prop></sync-collection>"
        )
        if hrefs := re.findall(rb"<href>[^<]*\.ics</href>", found):
            ask(
                '<C:calendar-multiget xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/>'
                f"<C:calendar-data/></prop>{b''.join(hrefs).decode()}</C:calendar-multiget>"
            )


@contextlib.contextmanager
def _connected(server: DavServer) -> Iterator[Callable[[str], bytes]]:
    login = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    with contextlib.closing(http.client.HTTPConnection(HOST, server.port)) as connection:

        def ask(body: str) -> bytes:
            headers = {"Authorization": f"Basic {login}", "Content-Type": "text/xml", "Depth": "0"}
            connection.request("REPORT", f"/{USER}/{SLUG}/", body, headers)
            return connection.getresponse().read()

        yield ask


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    for figure in measure_calendars(int(sys.argv[1]) if len(sys.argv) > 1 else OBJECTS):
        print(f"{figure.what}: {figure.measured} (goal: {figure.goal})")
