"""What a CalDAV collection holds: what changed (RFC 6578), and the objects themselves (RFC 4791 7.9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from caldav.elements import cdav, dav

from mailflow.calendars.caldav_server import Connection, MultiStatus, Refused, is_same_place, props
from mailflow.calendars.caldav_transport import TooLarge
from mailflow.errors import TemporaryError

VALID_TOKEN = dav.ValidSyncToken.tag
REFUSED_TOKEN = {400, 403, 409, 410, 412}
NO_SUCH_REPORT = {400, 403, 405, 409, 415, 422, 501}
CUT_SHORT = 507
MAX_PAGES = 1_000
BATCH = 200
GONE = {404, 410}


@dataclass
class Changes:
    """`etags` are of what is new or changed, by key; '' where the server gives none. `hrefs` are as it writes them.

    `is_whole`: everything that there is stands in it. `token` is '' where the server gives none.
    """

    is_whole: bool
    token: str = ""
    etags: dict[str, str] = field(default_factory=dict)
    hrefs: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Text:
    """An object as the server hands it out; or why it doesn't, and then the version is ''."""

    version: str
    ics: bytes
    problem: str = ""


class TokenRefused(TemporaryError):
    """RFC 6578 3.2: the server remembers no more what there was then."""


class NoSync(TemporaryError):
    """The server has no sync-collection, or says so."""


def changes_since(connection: Connection, url: str, token: str) -> Changes:
    """What changed since this sync token; with '' all that there is. Raises TokenRefused, NoSync.

    A limit is never sent: there are servers that lose changes then. What the server itself cuts short (507) is asked
    for page by page.
    """
    changes = Changes(is_whole=not token)
    for _ in range(MAX_PAGES):
        page = _sync(connection, url, token)
        is_cut = _take_page(page, url, changes)
        if not is_cut:
            changes.token = page.token
            return changes
        if page.token == token:
            break
        token = page.token
    raise TemporaryError("The server cuts the list of changes short without end.")


def _sync(connection: Connection, url: str, token: str) -> MultiStatus:
    parts = [dav.SyncToken(value=token), dav.SyncLevel(value="1"), props(dav.GetEtag())]
    try:
        page = connection.ask("REPORT", url, dav.SyncCollection() + parts, depth="0")
    except Refused as refusal:
        if token and (VALID_TOKEN in refusal.preconditions or refusal.status in REFUSED_TOKEN):
            raise TokenRefused(str(refusal)) from refusal
        if not token and refusal.status in NO_SUCH_REPORT:
            raise NoSync(str(refusal)) from refusal
        raise
    if not page.token:
        raise NoSync("The server gives no sync token.")
    return page


def _take_page(page: MultiStatus, url: str, changes: Changes) -> bool:
    """Whether the answer is cut short (RFC 6578 3.6)."""
    is_cut = False
    for resource in page.resources:
        key = resource.key
        if is_same_place(resource.url, url):
            is_cut = is_cut or resource.status == CUT_SHORT
        elif resource.status in GONE:
            changes.gone.add(key)
            changes.etags.pop(key, None)
        elif not key.endswith("/"):
            changes.gone.discard(key)
            changes.etags[key] = bare(resource.text(dav.GetEtag.tag))
            changes.hrefs[key] = urlsplit(resource.url).path
    return is_cut


def everything(connection: Connection, url: str) -> Changes:
    """All that there is, with its ETags: where the server has no sync-collection."""
    changes = Changes(is_whole=True)
    for resource in connection.below(url, dav.GetEtag(), dav.ResourceType()):
        kind = resource.props.get(dav.ResourceType.tag)
        is_collection = kind is not None and kind.find(dav.Collection.tag) is not None
        if not is_collection and not resource.key.endswith("/") and resource.status not in GONE:
            changes.etags[resource.key] = bare(resource.text(dav.GetEtag.tag))
            changes.hrefs[resource.key] = urlsplit(resource.url).path
    return changes


def texts(
    connection: Connection, url: str, keys: Sequence[str], hrefs: Mapping[str, str]
) -> Iterator[tuple[str, Text]]:
    """The objects of these keys (calendar-multiget), a batch at a time. Those deleted meanwhile are left out."""
    for start in range(0, len(keys), BATCH):
        yield from _batch(connection, url, keys[start : start + BATCH], hrefs)


def _batch(
    connection: Connection, url: str, keys: Sequence[str], hrefs: Mapping[str, str]
) -> Iterator[tuple[str, Text]]:
    """What is too large an answer is asked for in halves."""
    wanted = [dav.Href(value=hrefs.get(key) or quote(key, "/%")) for key in keys]
    parts = [props(dav.GetEtag(), cdav.CalendarData()), *wanted]
    try:
        page = connection.ask("REPORT", url, cdav.CalendarMultiGet() + parts, depth=None)
    except TooLarge:
        if len(keys) == 1:
            yield keys[0], Text("", b"", "it is too large")
            return
        middle = len(keys) // 2
        yield from _batch(connection, url, keys[:middle], hrefs)
        yield from _batch(connection, url, keys[middle:], hrefs)
        return
    found = {resource.key: resource for resource in page.resources}
    for key in keys:
        resource = found.get(key)
        if resource is not None and resource.status in GONE:
            continue
        ics = b"" if resource is None else resource.text(cdav.CalendarData.tag).encode()
        if resource is None or not ics.strip():
            yield key, Text("", b"", "the server lists it and doesn't hand it out")
        else:
            yield key, Text(bare(resource.text(dav.GetEtag.tag)) or hashlib.sha256(ics).hexdigest(), ics)


def bare(etag: str) -> str:
    """Without the quotes and the W/ (RFC 9110 8.8.3), which one server writes here and leaves out there."""
    return etag.strip().removeprefix("W/").strip('"')
