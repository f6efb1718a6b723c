"""A calendar in a file keeps the contract of calendars."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailflow.calendars import NOTHING_KNOWN, Calendar
from mailflow.calendars.ics import MAX_BYTES, IcsFile
from mailflow.errors import PermanentError, TemporaryError
from tests.builders import DAY, NOW, ics, ics_event
from tests.calendars.contract import WINDOW, CalendarContract, Reader


class IcsBackend:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.adapter: Calendar = IcsFile(path, "Europe/Berlin")

    def put(self, *events: str) -> None:
        self.path.write_bytes(ics(*events))

    def go_away(self) -> None:
        self.path.unlink()

    def answer_garbage(self) -> None:
        self.path.write_text("<html>Sign in</html>")


@pytest.fixture
def backend(tmp_path: Path) -> IcsBackend:
    return IcsBackend(tmp_path / "calendar.ics")


class TestIcsFile(CalendarContract):
    pass


def test_problem_names_the_file(backend: IcsBackend) -> None:
    with pytest.raises(TemporaryError, match=r"calendar\.ics can't be read: No such file"):
        backend.adapter.read(NOTHING_KNOWN, WINDOW)
    backend.answer_garbage()
    with pytest.raises(PermanentError, match=r"calendar\.ics can't be understood"):
        backend.adapter.read(NOTHING_KNOWN, WINDOW)


def test_folder_in_place_of_the_file_is_tried_again(backend: IcsBackend) -> None:
    backend.path.mkdir()

    with pytest.raises(TemporaryError, match="directory"):
        backend.adapter.read(NOTHING_KNOWN, WINDOW)


def test_file_that_is_being_written_is_not_taken_for_the_whole(backend: IcsBackend) -> None:
    complete = ics(ics_event("a"), ics_event("b"))
    for length in range(complete.index(b"END:VCALENDAR")):
        backend.path.write_bytes(complete[:length])
        with pytest.raises(PermanentError):
            backend.adapter.read(NOTHING_KNOWN, WINDOW)


def test_file_too_large_is_not_read(backend: IcsBackend) -> None:
    with backend.path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    with pytest.raises(PermanentError, match="larger than 50 MB"):
        backend.adapter.read(NOTHING_KNOWN, WINDOW)


def test_coach_who_changes_zone_reads_floating_times_anew(backend: IcsBackend) -> None:
    backend.put(ics_event("a", f"DTSTART:{NOW + DAY:%Y%m%dT%H%M%S}"))
    reader = Reader(backend.adapter)
    reader.read()
    (first,) = reader.occurrences
    reader.adapter = IcsFile(backend.path, "America/New_York")
    reader.read(stale=list(reader.objects))

    assert [occurrence.starts_at for occurrence in reader.occurrences] != [first.starts_at]
