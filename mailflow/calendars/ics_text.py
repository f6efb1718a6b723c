"""The text of an .ics file (RFC 5545), taken apart by UID, so that only what changed in it is read again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailflow.calendars import CalendarObject, Known, Window
from mailflow.calendars.expansion import read_object
from mailflow.errors import PermanentError

_BOM = b"\xef\xbb\xbf"
_FOLD = re.compile(rb"(?:\r?\n)+[ \t]")
_LINE_END = re.compile(rb"\r?\n")
_BEGIN, _END = re.compile(rb"(?i:BEGIN):[ \t]*([\w-]+)[ \t]*"), re.compile(rb"(?i:END):[ \t]*([\w-]+)[ \t]*")
_UID = re.compile(rb"(?i:UID)(?:;[^:]*)?:[ \t]*(.*?)[ \t]*")
_TZID = re.compile(rb"(?i:TZID)(?:;[^:]*)?:[ \t]*(.*?)[ \t]*")


def read_ics(
    ics: bytes, known: Known, window: Window, timezone: str
) -> tuple[tuple[CalendarObject, ...], frozenset[str]]:
    """(what is new, changed or stale, the keys of what is gone). `timezone` is the coach's.

    Raises PermanentError where the text as a whole is no iCalendar.
    """
    parts = _parts_by_uid(ics)
    versions = known.versions() if known.token else {}
    objects = []
    for key, part in parts.items():
        text = part.text()
        version = hashlib.sha256(timezone.encode() + b"\n" + text).hexdigest()
        if versions.get(key) != version or key in known.stale:
            objects.append(read_object(key, version, text, window, timezone))
    return tuple(objects), frozenset(versions.keys() - parts.keys())


@dataclass
class _Zones:
    """The VTIMEZONEs of one VCALENDAR, by TZID; they may stand below the events that use them."""

    texts: dict[bytes, bytes] = field(default_factory=dict)


@dataclass
class _Part:
    """The components with one UID, each with the time zones of its VCALENDAR."""

    components: list[tuple[bytes, _Zones]] = field(default_factory=list)

    def text(self) -> bytes:
        """A VCALENDAR of its own, with the time zones that it names."""
        zones = {
            tzid: text
            for component, known in self.components
            for tzid, text in known.texts.items()
            if tzid in component
        }
        lines = [*zones.values(), *(component for component, _ in self.components)]
        return b"\n".join((b"BEGIN:VCALENDAR", *lines, b"END:VCALENDAR", b""))


def _parts_by_uid(ics: bytes) -> dict[str, _Part]:
    parts: dict[str, _Part] = {}
    zones = _Zones()
    number = 0
    for name, component in _components(ics):
        if name == b"VCALENDAR":
            zones = _Zones()
        elif name == b"VTIMEZONE":
            zones.texts.setdefault(_value(_TZID, component), component)
        elif name == b"VEVENT":
            number += 1
            uid = _value(_UID, component).decode("utf-8", "replace")
            parts.setdefault(uid or f"(event {number})", _Part()).components.append((component, zones))
    return parts


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


def _value(pattern: re.Pattern[bytes], component: bytes) -> bytes:
    """The value of a property of the component itself, not of one inside it; b'' for none."""
    depth = 0
    for line in component.split(b"\n"):
        depth += bool(_BEGIN.fullmatch(line)) - bool(_END.fullmatch(line))
        if depth == 1 and (found := pattern.fullmatch(line)):
            return found[1]
    return b""
