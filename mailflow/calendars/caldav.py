"""A calendar on a CalDAV server (RFC 4791). Only what changed is fetched, and each series is expanded here."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from mailflow.calendars import UNTOUCHED, CalendarObject, Known, Reading, Window
from mailflow.calendars.caldav_collection import Changes, NoSync, TokenRefused, changes_since, everything, texts
from mailflow.calendars.caldav_discovery import Place, find_place
from mailflow.calendars.caldav_server import Account, Connection
from mailflow.calendars.expansion import read_object
from mailflow.errors import EnvironmentProblem, MailflowError, PermanentError, TemporaryError


@dataclass(frozen=True)
class _Memory:
    """What a token holds: where the calendar was, and where the server's own sync token left off."""

    url: str = ""
    sync: str = ""


class CaldavCalendar:
    """`calendar` is its display name; '' where the account's address is the calendar's own, or there is only one."""

    def __init__(self, account: Account, calendar: str, timezone: str) -> None:
        self._account = account
        self._calendar = calendar
        self._timezone = timezone
        asked = json.dumps([account.url, account.username, calendar, timezone])
        self._asked = hashlib.sha256(asked.encode()).hexdigest()[:16]

    def read(self, known: Known, window: Window) -> Reading:
        """See Calendar.read. Ends within five times the account's timeout.

        With a token of other settings everything is read anew.
        """
        try:
            with Connection(self._account) as connection:
                return self._read(connection, known, window)
        except PermanentError as error:
            raise PermanentError(self._sentence(error)) from error
        except (TemporaryError, EnvironmentProblem) as error:
            raise TemporaryError(self._sentence(error)) from error

    def _sentence(self, error: MailflowError) -> str:
        name = f"The calendar '{self._calendar}'" if self._calendar else "The calendar"
        return f"{name} can't be read: {error} {UNTOUCHED}"

    def _read(self, connection: Connection, known: Known, window: Window) -> Reading:
        memory = self._recall(known.token)
        place = find_place(connection, self._account.url, self._calendar, memory.url if memory else "")
        sync = memory.sync if memory and memory.url == place.url else ""
        changes = _changes(connection, place, sync)
        if not (changes.etags or changes.gone or changes.is_whole or known.stale):
            return Reading(self._token(_Memory(place.url, changes.token)))
        versions = known.versions() if known.token else {}
        gone = changes.gone & versions.keys()
        if changes.is_whole:
            gone |= versions.keys() - changes.etags.keys()
        stale = (known.stale & versions.keys()) - gone if memory else versions.keys() - gone
        wanted = [key for key, etag in changes.etags.items() if not etag or versions.get(key) != etag or key in stale]
        wanted += sorted(stale - changes.etags.keys())
        objects = [
            found
            for found in self._objects(connection, place, wanted, changes, window)
            if found.key in stale or not found.version or versions.get(found.key) != found.version
        ]
        if any(not found.version for found in objects):  # the server says again then that these have changed
            changes.token = sync
        return Reading(self._token(_Memory(place.url, changes.token)), tuple(objects), frozenset(gone))

    def _objects(
        self, connection: Connection, place: Place, keys: list[str], changes: Changes, window: Window
    ) -> Iterator[CalendarObject]:
        for key, text in texts(connection, place.url, keys, changes.hrefs):
            if text.problem:
                yield CalendarObject(key, text.version, key, problem=text.problem)
            else:
                yield read_object(key, text.version, text.ics, window, self._timezone)

    def _recall(self, token: str) -> _Memory | None:
        """None where nothing was read before, or with other settings."""
        try:
            asked, url, sync = json.loads(token)
        except ValueError:
            return None
        return _Memory(url, sync) if asked == self._asked else None

    def _token(self, memory: _Memory) -> str:
        return json.dumps([self._asked, memory.url, memory.sync])


def _changes(connection: Connection, place: Place, sync: str) -> Changes:
    try:
        if place.has_sync and sync:
            with contextlib.suppress(TokenRefused):
                return changes_since(connection, place.url, sync)
        if place.has_sync:
            return changes_since(connection, place.url, "")
    except NoSync:
        pass
    return everything(connection, place.url)
