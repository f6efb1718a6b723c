"""A calendar in an .ics file, which something else keeps up to date."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mailflow.calendars import UNTOUCHED, Known, Reading, Window
from mailflow.calendars.ics_text import read_ics
from mailflow.errors import PermanentError, TemporaryError

MAX_BYTES = 50_000_000


class IcsFile:
    def __init__(self, path: Path, timezone: str) -> None:
        self._path = path
        self._timezone = timezone

    def read(self, known: Known, window: Window) -> Reading:
        """See Calendar.read. The token is a hash of the whole file."""
        ics = self._read_bytes()
        token = hashlib.sha256(ics).hexdigest()
        if token == known.token and not known.stale:
            return Reading(token)
        try:
            objects, gone = read_ics(ics, known, window, self._timezone)
        except PermanentError as error:
            raise PermanentError(f"The calendar {self._path} can't be understood: {error}. {UNTOUCHED}") from error
        return Reading(token, objects, gone)

    def _read_bytes(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                ics = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise TemporaryError(f"The calendar {self._path} can't be read: {error.strerror}. {UNTOUCHED}") from error
        if len(ics) > MAX_BYTES:
            raise PermanentError(
                f"The calendar {self._path} is larger than {MAX_BYTES // 1_000_000} MB, too large. {UNTOUCHED}"
            )
        return ics
