"""Which calendar of an account is meant: from a server's address to a collection (RFC 6764, RFC 5397, RFC 4791 6.2.1).

Credentials go to the server of the settings, and where its answers name another as the home of the calendars, to that
one if it is the same provider's (see caldav_transport.is_same_provider).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from caldav.elements import cdav, dav

from mailflow.calendars.caldav_server import Connection, NotDav, Refused, Resource
from mailflow.errors import PermanentError

WELL_KNOWN = "/.well-known/caldav"
PROPS = (
    dav.ResourceType(),
    dav.DisplayName(),
    cdav.SupportedCalendarComponentSet(),
    dav.SupportedReportSet(),
)
WHERE = (dav.CurrentUserPrincipal(), cdav.CalendarHomeSet())
MISSING = {404, 405, 410}


@dataclass(frozen=True)
class Place:
    """A calendar. `has_sync`: it has sync-collection, or doesn't say which reports it has."""

    url: str
    name: str
    has_sync: bool
    holds_events: bool


def find_place(connection: Connection, url: str, name: str, before: str) -> Place:
    """The calendar at the address itself, or the one of this name; with no name, the only one for events.

    `before` is where it was the last time. Raises PermanentError that names the calendars that there are.
    """
    if before and (place := _place_at(connection, before)) and (not name or place.name == name or before == url):
        return place
    start = _start(connection, url)
    if is_calendar(start):
        return _place(start)
    places = [place for home in _homes(connection, start) for place in _places(connection, home)]
    return _choose([place for place in places if place.holds_events], name, url)


def _choose(places: list[Place], name: str, url: str) -> Place:
    chosen = [place for place in places if not name or place.name == name]
    if len(chosen) == 1:
        return chosen[0]
    host, names = urlsplit(url).hostname, ", ".join(f"'{place.name}'" for place in places)
    if not places:
        raise PermanentError(f"There is no calendar for events at {host}.")
    if not name:
        raise PermanentError(f"There are several calendars at {host}: {names}. Write one of them into `calendar`.")
    if chosen:
        raise PermanentError(f"There are several calendars '{name}' at {host}. Write the address of one into `url`.")
    raise PermanentError(f"There is no calendar '{name}' at {host}, there is {names}. Correct `calendar`.")


def _start(connection: Connection, url: str) -> Resource:
    """The first address that knows something of calendars. A bare host is asked for its well-known address first."""
    bare = urlsplit(url).path in ("", "/")
    addresses = [urljoin(url, WELL_KNOWN), url] if bare else [url, urljoin(url, WELL_KNOWN)]
    problem: Exception | None = None
    for address in addresses:
        try:
            found = connection.about(address, *PROPS, *WHERE)
        except Refused as refusal:
            if refusal.status == 401:
                raise
            problem = problem or refusal
        except NotDav as answer:
            problem = answer
        else:
            if is_calendar(found) or any(found.hrefs(prop.tag) for prop in WHERE):
                return found
    if isinstance(problem, NotDav) or (isinstance(problem, Refused) and problem.status not in MISSING):
        raise problem
    raise PermanentError(f"There is no calendar at {urlsplit(url).netloc}{urlsplit(url).path}. Correct `url`.")


def _homes(connection: Connection, start: Resource) -> Iterator[str]:
    if homes := start.hrefs(cdav.CalendarHomeSet.tag):
        yield from homes
        return
    for principal in start.hrefs(dav.CurrentUserPrincipal.tag):
        yield from connection.about(principal, cdav.CalendarHomeSet()).hrefs(cdav.CalendarHomeSet.tag)


def _places(connection: Connection, home: str) -> Iterator[Place]:
    for resource in connection.below(home, *PROPS):
        if is_calendar(resource):
            yield _place(resource)


def _place_at(connection: Connection, url: str) -> Place | None:
    """None where there is no calendar any more."""
    try:
        found = connection.about(url, *PROPS)
    except Refused as refusal:
        if refusal.status in MISSING:
            return None
        raise
    return _place(found) if is_calendar(found) else None


def is_calendar(resource: Resource) -> bool:
    kind = resource.props.get(dav.ResourceType.tag)
    return kind is not None and kind.find(cdav.Calendar.tag) is not None


def _place(resource: Resource) -> Place:
    """A calendar without a name is called like the last part of its address. Without a list of components it may hold
    any (RFC 4791 5.2.3)."""
    components = resource.props.get(cdav.SupportedCalendarComponentSet.tag)
    reports = resource.props.get(dav.SupportedReportSet.tag)
    return Place(
        url=resource.url,
        name=resource.text(dav.DisplayName.tag).strip() or unquote(resource.url.rstrip("/").rpartition("/")[2]),
        has_sync=reports is None or next(reports.iter(dav.SyncCollection.tag), None) is not None,
        holds_events=components is None or any(comp.get("name") == "VEVENT" for comp in components),
    )
