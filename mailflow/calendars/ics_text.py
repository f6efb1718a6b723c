"""The text of an .ics file (RFC 5545), taken apart by UID, so that only what changed in it is read again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mailflow.calendars import CalendarObject, Known, Window
from mailflow.calendars.expansion import read_object
from mailflow.errors import PermanentError

MAX_BYTES = 50_000_000
_BOM = b"\xef\xbb\xbf"
_FOLD = re.compile(rb"(?:\r?\n)+[ \t]")
_ESCAPED = re.compile(r"\\([\\;,])")
_LINE_END = re.compile(rb"\r?\n")
_BEGIN, _END = re.compile(rb"(?i:BEGIN):[ \t]*([\w-]+)[ \t]*"), re.compile(rb"(?i:END):[ \t]*([\w-]+)[ \t]*")
_NAMED_ZONE = re.compile(rb'(?i:TZID)=(?:"([^"\n]*)"|([^";:\n]*))')
_PROPERTY = re.compile(rb"([\w-]+)(?:;(?:[^\":]|\"[^\"]*\")*)?:(.*)")


def read_ics(
    ics: bytes, known: Known, window: Window, timezone: str
) -> tuple[tuple[CalendarObject, ...], frozenset[str]]:
    """(what is new, changed or stale, the keys of what is gone). `timezone` is the coach's.

    Raises PermanentError where the text as a whole is no iCalendar.
    """
    parts: dict[str, list[EventText]] = {}
    for number, event in enumerate(events_of(ics), start=1):
        parts.setdefault(event.value("UID") or f"(event {number})", []).append(event)
    versions = known.versions() if known.token else {}
    objects = []
    for key, events in parts.items():
        text = calendar_of(events)
        version = hashlib.sha256(timezone.encode() + b"\n" + text).hexdigest()
        if versions.get(key) != version or key in known.stale:
            objects.append(read_object(key, version, text, window, timezone))
    return tuple(objects), frozenset(versions.keys() - parts.keys())


@dataclass
class Zones:
    """The VTIMEZONEs of one VCALENDAR, by TZID; they may stand below the events that use them."""

    texts: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class EventText:
    """A VEVENT as it stands in its VCALENDAR."""

    text: bytes
    zones: Zones

    def value(self, name: str) -> str:
        """What its property of this name says, '' for none; properties of what is inside it don't count."""
        depth = 0
        for line in self.text.split(b"\n"):
            depth += bool(_BEGIN.fullmatch(line)) - bool(_END.fullmatch(line))
            if depth == 1 and (found := _PROPERTY.fullmatch(line)) and found[1].upper() == name.encode():
                return found[2].decode("utf-8", "replace").strip()
        return ""


def calendar_of(events: Iterable[EventText]) -> bytes:
    """A VCALENDAR of these, with the time zones that they name."""
    events = list(events)
    zones = {
        tzid: text
        for event in events
        for quoted, plain in dict.fromkeys(_NAMED_ZONE.findall(event.text))
        if (text := event.zones.texts.get(tzid := quoted or plain)) is not None
    }
    lines = [*zones.values(), *(event.text for event in events)]
    return b"\n".join((b"BEGIN:VCALENDAR", *lines, b"END:VCALENDAR", b""))


def events_of(ics: bytes) -> list[EventText]:
    """In the order of the text. Raises PermanentError where it is no iCalendar."""
    found = []
    zones = Zones()
    for name, component in _components(ics):
        if name == b"VCALENDAR":
            zones = Zones()
        elif name == b"VTIMEZONE":
            tzid = EventText(component, zones).value("TZID")  # a text (3.3.11) here, a parameter where it is used
            zones.texts.setdefault(_ESCAPED.sub(r"\1", tzid).encode(), component)
        elif name == b"VEVENT":
            found.append(EventText(component, zones))
    return found


def _components(ics: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(VCALENDAR, b'') where one begins, and (name, text) of each component right in it."""
    opened: list[bytes] = []
    begun: list[bytes] = []
    found = False
    for line in _LINE_END.split(_FOLD.sub(b"", ics.removeprefix(_BOM))):
        if not line.strip():
            continue
        if begin := _BEGIN.fullmatch(line):
            opened.append(begin[1].upper())
            if opened == [b"VCALENDAR"]:
                yield b"VCALENDAR", b""
            if len(opened) == 2:
                begun = []
        if not opened or opened[0] != b"VCALENDAR":
            raise PermanentError("this is no iCalendar file: something else stands in it than a VCALENDAR")
        begun.append(line)
        if end := _END.fullmatch(line):
            if end[1].upper() != opened[-1]:
                raise PermanentError("this is no iCalendar file: a component in it ends before what is inside it")
            name = opened.pop()
            found = found or not opened
            if len(opened) == 1:
                yield name, b"\n".join(begun)
    if opened or not found:
        raise PermanentError("this is no iCalendar file: there is no complete VCALENDAR in it")
