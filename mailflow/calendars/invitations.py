"""A calendar made of the invitations that a coach mailed to mailflow (RFC 5546), where nothing else can reach one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from mailflow.calendars import CalendarObject, Known, Reading, Window
from mailflow.calendars.expansion import read_object
from mailflow.calendars.ics_text import EventText, calendar_of, events_of
from mailflow.errors import PermanentError

_METHOD = re.compile(rb"^METHOD:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^STATUS(?:;[^:\n]*)?:.*$", re.IGNORECASE | re.MULTILINE)
_CANCELLED = b"STATUS:CANCELLED"

Event = dict[str, EventText]
"""By RECURRENCE-ID: what was said last of the event itself, '', and of each date that was changed."""


class Invitations:
    """`texts` are the VCALENDARs that came, the oldest first."""

    def __init__(self, texts: Callable[[], Sequence[bytes]], timezone: str) -> None:
        self._texts = texts
        self._timezone = timezone

    def read(self, known: Known, window: Window) -> Reading:
        """See Calendar.read. The token counts the invitations."""
        texts = self._texts()
        token = str(len(texts))
        if token == known.token and not known.stale:
            return Reading(token)
        events: dict[str, Event] = {}
        for text in texts:
            _take(events, text)
        versions = known.versions() if known.token else {}
        objects = [
            found
            for uid, event in events.items()
            if event and (found := self._changed(uid, event, versions.get(uid), known, window)) is not None
        ]
        return Reading(token, tuple(objects), frozenset(uid for uid in versions if not events.get(uid)))

    def _changed(
        self, uid: str, event: Event, version_before: str | None, known: Known, window: Window
    ) -> CalendarObject | None:
        text = calendar_of(event.values())
        version = hashlib.sha256(text).hexdigest()
        if version == version_before and uid not in known.stale:
            return None
        return read_object(uid, version, text, window, self._timezone)


def _take(events: dict[str, Event], text: bytes) -> None:
    """What one mail changes. An older one that comes late (by SEQUENCE) changes nothing."""
    try:
        components = events_of(text)
    except PermanentError:  # it was kept as mail
        return
    method = _METHOD.search(text)
    is_cancel = method is not None and method[1].upper() == b"CANCEL"
    for component in components:
        uid, original = component.value("UID"), component.value("RECURRENCE-ID")
        event = events.setdefault(uid, {})
        before = event.get(original)
        if not uid or (before is not None and _sequence(component) < _sequence(before)):
            continue
        if original:
            event[original] = _cancelled(component) if is_cancel else component
        elif is_cancel:
            events[uid] = {"": _cancelled(component)}  # its SEQUENCE keeps an older invitation out that comes late
        else:
            # Dates that were changed before the event was changed anew are no dates of it any more; one that was
            # cancelled is none for good.
            newer = {
                key: other
                for key, other in event.items()
                if _sequence(other) >= _sequence(component) or other.value("STATUS").upper() == "CANCELLED"
            }
            events[uid] = newer | {"": component}


def _sequence(component: EventText) -> int:
    said = component.value("SEQUENCE")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _cancelled(component: EventText) -> EventText:
    lines = _STATUS.sub(b"", component.text).strip().split(b"\n")
    return EventText(b"\n".join((*lines[:-1], _CANCELLED, lines[-1])), component.zones)
