"""A calendar that is published as an .ics file on the web, often at a secret address."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import urlsplit

from mailflow.calendars import UNTOUCHED, Known, Reading, Window
from mailflow.calendars.ics_text import read_ics
from mailflow.calendars.web import Fetcher
from mailflow.errors import PermanentError, TemporaryError


class IcsUrl:
    """Asks whether it changed since (RFC 9110 13.1). A provider may publish changes hours late."""

    def __init__(self, url: str, timezone: str, fetcher: Fetcher) -> None:
        self._url = url
        self._timezone = timezone
        self._fetcher = fetcher

    def read(self, known: Known, window: Window) -> Reading:
        """See Calendar.read. The token holds what the server said of this state, and a hash of it."""
        before: dict[str, str] = json.loads(known.token or "{}")
        try:
            status, headers, body = self._fetcher.fetch(self._url, {} if known.stale else _conditions(before))
            if status == 304:
                return Reading(known.token)
            token = {
                "etag": headers.get("ETag", ""),
                "modified": headers.get("Last-Modified", ""),
                "hash": hashlib.sha256(body).hexdigest(),
            }
            if token["hash"] == before.get("hash") and not known.stale:
                return Reading(json.dumps(token))
            objects, gone = read_ics(body, known, window, self._timezone)
        except (PermanentError, TemporaryError) as error:
            raise type(error)(f"The calendar at {urlsplit(self._url).hostname}: {error}. {UNTOUCHED}") from error
        return Reading(json.dumps(token), objects, gone)


def _conditions(before: dict[str, str]) -> dict[str, str]:
    conditions = {"If-None-Match": before.get("etag", ""), "If-Modified-Since": before.get("modified", "")}
    return {name: value for name, value in conditions.items() if value}
