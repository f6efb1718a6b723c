"""A calendar in an .ics file, which something else keeps up to date."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mailflow.calendars import Reading, Window
from mailflow.calendars.expansion import expand
from mailflow.errors import PermanentError, TemporaryError

MAX_BYTES = 50_000_000


class IcsFile:
    def __init__(self, path: Path, timezone: str) -> None:
        self._path = path
        self._timezone = timezone

    def read(self, token: str, window: Window) -> Reading:
        """The file's occurrences in the window; unchanged while neither its bytes nor the day have changed.

        Raises TemporaryError where the file can't be read now, PermanentError where it is no iCalendar.
        """
        ics = self._read_bytes()
        new_token = f"{hashlib.sha256(ics).hexdigest()}:{window.start.date()}:{self._timezone}"
        if new_token == token:
            return Reading(token=token, unchanged=True)
        try:
            occurrences, problems = expand(ics, window, self._timezone)
        except PermanentError as error:
            raise PermanentError(
                f"The calendar {self._path} can't be understood: {error}. Its sessions stay as they were."
            ) from error
        return Reading(token=new_token, occurrences=occurrences, problems=problems)

    def _read_bytes(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                ics = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise TemporaryError(
                f"The calendar {self._path} can't be read: {error.strerror}. Its sessions stay as they were."
            ) from error
        if len(ics) > MAX_BYTES:
            raise PermanentError(
                f"The calendar {self._path} is larger than {MAX_BYTES // 1_000_000} MB, too large to be read."
            )
        return ics
