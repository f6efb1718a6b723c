"""A calendar on a CalDAV server that a test can change and disturb: a proxy stands between it and the adapter."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

from mailflow.calendars import Calendar
from mailflow.calendars.caldav import CaldavCalendar
from mailflow.calendars.caldav_server import Account
from tests.builders import ics
from tests.calendars.contract import Reader
from tests.http_proxy import Proxy, answer, hang_up
from tests.servers.dav import PASSWORD, DavServer

USER = "anna"
PATIENT_SECONDS = 20.0
HTML = b"<html><body>Sign in</body></html>"
SYNC, MULTIGET = b"sync-collection", b"calendar-multiget"
_numbers = itertools.count(1)


class CaldavBackend:
    def __init__(self, server: DavServer, proxy: Proxy) -> None:
        self.server, self.proxy = server, proxy
        self.name = f"Sessions {next(_numbers)}"
        self.path = server.make_calendar(USER, self.name.replace(" ", "-"), self.name)
        self.account = Account(proxy.url, USER, lambda: PASSWORD, timeout_seconds=PATIENT_SECONDS)
        self.adapter: Calendar = self.reading()
        self.texts: dict[str, bytes] = {}

    def reading(self, calendar: str | None = None, timezone: str = "Europe/Berlin", **changes: object) -> Calendar:
        """An adapter for this or another calendar, with another account."""
        account = replace(self.account, **changes)  # type: ignore[arg-type]  # of several types
        return CaldavCalendar(account, self.name if calendar is None else calendar, timezone)

    def reader(self, **changes: object) -> Reader:
        """Somebody who has read the calendar once with `adapter`, and reads on with the one that these changes give."""
        reader = Reader(self.adapter)
        reader.read()
        if changes:
            reader.adapter = self.reading(**changes)  # type: ignore[arg-type]  # of several types
        return reader

    def put(self, *events: str) -> None:
        """Events of one UID are one object."""
        texts = dict.fromkeys(map(_file, events), b"")
        for name in texts:
            texts[name] = ics(*(event for event in events if _file(event) == name))
        for name in self.texts.keys() - texts.keys():
            self.server.delete(USER, self.path + name)
        for name, text in texts.items():
            if self.texts.get(name) != text:
                self.server.put(USER, self.path + name, text)
        self.texts = texts

    def go_away(self) -> None:
        self.proxy.heal()
        self.proxy.on("", hang_up)

    def answer_garbage(self) -> None:
        self.proxy.heal()
        self.proxy.on("", answer(200, HTML, Content_Type="text/html"))

    def fetched(self) -> list[int]:
        """How many objects were asked for, in each request so far."""
        return [asked.body.count(b":href>") // 2 for asked in self.proxy.requests if MULTIGET in asked.body]


def with_sync_token(token: str, sync: str) -> str:
    """A token of the adapter's, with another one of the server's in it."""
    asked, url, _ = json.loads(token)
    return json.dumps([asked, url, sync])


def _file(event: str) -> str:
    found = re.search(r"^UID:(.+?)\r?$", event, re.MULTILINE)
    assert found
    return f"{found[1]}.ics"
