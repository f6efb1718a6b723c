"""A calendar in a file keeps the contract of calendars."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailflow.calendars import NOTHING_KNOWN, Calendar
from mailflow.calendars.ics import IcsFile
from mailflow.calendars.ics_text import MAX_BYTES
from mailflow.errors import PermanentError, TemporaryError
from tests.builders import DAY, NOW, ics, ics_event
from tests.calendars.contract import WINDOW, CalendarContract, Reader, whole

HERE = Path(__file__).parent
TZID = "Customized Time Zone"


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


def test_two_calendars_in_one_file_keep_their_own_zones(backend: IcsBackend) -> None:
    first, second = ((HERE / f"two-zones-{name}.ics").read_bytes() for name in "ab")
    backend.path.write_bytes(first + second)
    reader = Reader(backend.adapter)
    reader.read()

    assert sorted(occurrence.starts_at.hour for occurrence in reader.occurrences) == [9, 15]


def test_zone_that_another_event_brings_changes_no_event(backend: IcsBackend) -> None:
    zoned = (HERE / "two-zones-a.ics").read_bytes()
    zone = zoned[zoned.index(b"BEGIN:VTIMEZONE") : zoned.index(b"BEGIN:VEVENT")].decode()
    backend.put(ics_event("a"))
    reader = Reader(backend.adapter)
    reader.read()
    backend.put(ics_event("a"), zone.strip(), ics_event("b", f"DTSTART;TZID={TZID}:20261124T100000"))

    assert [changed.uid for changed in reader.read().objects] == ["b"]


WAYS = {
    "line feeds alone": (b"\r\n", b"\n"),
    "a byte order mark": (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
    "a folded line": (b"SUMMARY:Coaching", b"SUMMARY:Coa\r\n ching"),
    "a UID with a parameter": (b"UID:a", b"uid;X-WHAT=1:a"),
    "small letters": (b":VEVENT", b":vevent"),
    "an alarm with a UID": (b"END:VEVENT", b"BEGIN:VALARM\r\nUID:alarm\r\nEND:VALARM\r\nEND:VEVENT"),
    "a task": (b"END:VCALENDAR", b"BEGIN:VTODO\r\nUID:todo\r\nEND:VTODO\r\nEND:VCALENDAR"),
    "blank lines": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\n \r\n\r\n"),
}


@pytest.mark.parametrize("way", WAYS)
def test_file_may_be_written_in_many_ways(backend: IcsBackend, way: str) -> None:
    text = ics(ics_event("a"))
    assert WAYS[way][0] in text
    backend.path.write_bytes(text.replace(*WAYS[way]))

    assert [(occurrence.uid, occurrence.title) for occurrence in whole(backend).values()] == [("a", "Coaching")]
