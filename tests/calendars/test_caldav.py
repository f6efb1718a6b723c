"""A calendar on a CalDAV server keeps the contract of calendars, on two servers that do much in different ways."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mailflow.calendars import Reading
from mailflow.calendars.caldav import CaldavCalendar
from mailflow.errors import PermanentError
from tests.builders import DAY, HOUR, NOW, ics, ics_event
from tests.calendars.caldav_backend import SYNC, USER, CaldavBackend, with_sync_token
from tests.calendars.contract import CalendarContract, Reader, whole
from tests.http_proxy import answer, rewrite, running_http_proxy
from tests.servers.dav import DavServer
from tests.servers.radicale import fill

ETAG = re.compile(rb"<([\w:]*getetag)>[^<]*</[\w:]*getetag>")
MULTISTATUS = re.compile(rb"(<[\w:]*response[ >].*?</[\w:]*response>)", re.DOTALL)
TODO = "BEGIN:VTODO\r\nUID:todo\r\nDTSTAMP:20261101T080000Z\r\nSUMMARY:Call\r\nEND:VTODO"


@pytest.fixture
def backend(caldav_backend: CaldavBackend) -> CaldavBackend:
    return caldav_backend


class TestCaldav(CalendarContract):
    pass


class TestServerWithoutSync(CalendarContract):
    """ETags tell then what changed."""

    @pytest.fixture
    def backend(self, caldav_backend: CaldavBackend) -> CaldavBackend:
        caldav_backend.proxy.on("REPORT", answer(403), with_=SYNC)
        caldav_backend.proxy.on("PROPFIND", rewrite(lambda body: body.replace(SYNC, b"no-such-report")))
        return caldav_backend


class TestServerThatDoesNotSayWhatItHas(TestServerWithoutSync):
    @pytest.fixture
    def backend(self, caldav_backend: CaldavBackend) -> CaldavBackend:
        caldav_backend.proxy.on("REPORT", answer(501), with_=SYNC)
        caldav_backend.proxy.on(
            "PROPFIND", rewrite(lambda body: body.replace(b"supported-report-set", b"something-else"))
        )
        return caldav_backend


# --- What is fetched -----------------------------------------------------------------------------


def test_only_what_changed_is_fetched(backend: CaldavBackend) -> None:
    backend.put(*(ics_event(f"e{n}") for n in range(5)))
    reader = backend.reader()
    reader.read()
    backend.put(*(ics_event(f"e{n}", title="New" if n == 3 else "Coaching") for n in range(5)))
    reader.read()

    assert backend.fetched() == [5, 1]


def test_unchanged_calendar_costs_two_requests(backend: CaldavBackend) -> None:
    reader = backend.reader()
    backend.proxy.requests.clear()
    reader.read()

    assert backend.proxy.methods == ["PROPFIND", "REPORT"]


def test_first_reading_fetches_200_objects_at_once(radicale: DavServer) -> None:
    fill(radicale, USER, "many", {f"e{n}.ics": ics(ics_event(f"e{n}")) for n in range(450)})
    with running_http_proxy(radicale.port) as proxy:
        backend = CaldavBackend(radicale, proxy)
        reader = Reader(backend.reading("many"))
        reader.read()

    assert backend.fetched() == [200, 200, 50]
    assert len(reader.objects) == 450


def test_no_limit_is_asked_for(backend: CaldavBackend) -> None:
    backend.reader().read()

    assert not any(b"limit" in asked.body for asked in backend.proxy.requests)


def test_refused_token_reads_the_list_anew_and_fetches_what_is_new(backend: CaldavBackend) -> None:
    backend.put(ics_event("a"), ics_event("b"), ics_event("c"))
    reader = backend.reader()
    backend.put(ics_event("b"), ics_event("c", title="Changed"), ics_event("d"))
    reader.token = with_sync_token(reader.token, "http://radicale.org/ns/sync/" + "0" * 64)
    reading = reader.read()

    assert {changed.uid for changed in reading.objects} == {"c", "d"}
    assert [key.rpartition("/")[2] for key in reading.gone] == ["a.ics"]
    assert backend.fetched() == [3, 2]
    assert reader.read() == Reading(reader.token)


@pytest.mark.parametrize("status", [400, 403, 409, 410, 412])
def test_token_may_be_refused_in_any_way(backend: CaldavBackend, status: int) -> None:
    backend.put(ics_event("a"))
    reader = backend.reader()
    backend.put(ics_event("b"))
    backend.proxy.on("REPORT", answer(status), with_=SYNC, times=1)

    assert [changed.uid for changed in reader.read().objects] == ["b"]
    assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]


def test_list_that_the_server_cuts_short_is_read_to_its_end(backend: CaldavBackend) -> None:
    backend.put(*(ics_event(f"e{n}") for n in range(4)))
    cut = (
        f"<D:response xmlns:D='DAV:'><D:href>{backend.path}</D:href>"
        "<D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response>"
    ).encode()
    pages: list[bytes] = []

    def first(body: bytes) -> bytes:
        found = MULTISTATUS.findall(body)
        pages.append(body.replace(b"".join(found[:2]), b""))
        return body.replace(found[2], cut).replace(found[3], b"")

    backend.proxy.on("REPORT", rewrite(first), with_=SYNC, times=1)
    backend.proxy.on("REPORT", rewrite(lambda body: pages.pop()), with_=SYNC, times=1)
    reader = Reader(backend.adapter)
    reader.read()

    assert {found.uid for found in reader.objects.values()} == {"e0", "e1", "e2", "e3"}


# --- ETags and hrefs -----------------------------------------------------------------------------


@pytest.mark.parametrize("etag", [b"", b"<E/>"], ids=["no property", "empty"])
def test_change_without_an_etag_is_fetched(backend: CaldavBackend, etag: bytes) -> None:
    backend.put(ics_event("a"), ics_event("b"))
    backend.proxy.on("REPORT", rewrite(lambda body: ETAG.sub(etag.replace(b"E", rb"\1"), body)))
    reader = backend.reader()
    backend.put(ics_event("a", title="After"), ics_event("b"))

    assert [changed.uid for changed in reader.read().objects] == ["a"]
    assert reader.read() == Reading(reader.token)


def test_etag_may_be_weak_here_and_bare_there(backend: CaldavBackend) -> None:
    backend.put(ics_event("a"), ics_event("b"))
    backend.proxy.on("REPORT", rewrite(lambda body: ETAG.sub(rb"<\1>W/&quot;7&quot;</\1>", body)), times=2)
    reader = backend.reader()
    backend.proxy.on("REPORT", rewrite(lambda body: ETAG.sub(rb"<\1>7</\1>", body)))
    reader.token = with_sync_token(reader.token, "")

    assert reader.read().objects == ()
    assert backend.fetched() == [2]


@pytest.mark.parametrize("name", ["a b", "süß@home", "50%25 a", "a+b;c"])
def test_name_of_an_object_may_be_anything(backend: CaldavBackend, name: str) -> None:
    backend.server.say(USER, "PUT", f"{backend.path}{_quoted(name)}.ics", ics(ics_event("a")), "text/calendar")
    reader = backend.reader()
    assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]
    (key,) = reader.objects

    assert [found.uid for found in reader.read(stale=[key]).objects] == ["a"]
    backend.server.say(USER, "DELETE", f"{backend.path}{_quoted(name)}.ics")
    assert reader.read().gone == {key}


def _quoted(name: str) -> str:
    return "".join(c if c.isascii() and c != " " else "".join(f"%{b:02X}" for b in c.encode()) for c in name)


def test_address_may_be_written_in_several_ways(backend: CaldavBackend) -> None:
    """As a path in the list and whole in the answer, with other letters encoded."""
    backend.put(ics_event("a@home"), ics_event("b"))
    path = backend.path.encode()
    backend.proxy.on(
        "REPORT",
        rewrite(
            lambda body: body.replace(path + b"a@", path + b"a%40").replace(
                path, backend.proxy.url[:-1].encode() + path
            )
        ),
        with_=b"multiget",
    )
    reader = backend.reader()

    assert {occurrence.uid for occurrence in reader.occurrences} == {"a@home", "b"}
    backend.put(ics_event("b"))
    assert len(reader.read().gone) == 1


def test_task_among_events_is_kept_and_not_fetched_again(radicale: DavServer) -> None:
    fill(radicale, USER, "mixed", {"todo.ics": ics(TODO), "a.ics": ics(ics_event("a"))})
    with running_http_proxy(radicale.port) as proxy:
        backend = CaldavBackend(radicale, proxy)
        reader = Reader(backend.reading("mixed"))
        reader.read()
        reader.token = with_sync_token(reader.token, "")
        reader.read()

    assert not reader.problems
    assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]
    assert backend.fetched() == [2]


# --- Which calendar ------------------------------------------------------------------------------


def test_address_may_be_the_calendars_own(backend: CaldavBackend) -> None:
    backend.put(ics_event("a"))
    reader = Reader(backend.reading("", url=backend.proxy.url + backend.path[1:]))
    reader.read()
    reader.read()

    assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]


def test_unknown_name_is_told_with_those_that_there_are(backend: CaldavBackend) -> None:
    with pytest.raises(PermanentError, match=rf"no calendar 'Nowhere' at 127\.0\.0\.1.*'{backend.name}'") as caught:
        Reader(backend.reading("Nowhere")).read()

    assert str(caught.value).endswith("Its sessions stay as they were.")


def test_two_calendars_of_one_name_are_told(backend: CaldavBackend) -> None:
    backend.server.make_calendar(USER, f"{backend.name.replace(' ', '-')}-again", backend.name)

    with pytest.raises(PermanentError, match="several calendars"):
        Reader(backend.adapter).read()


def test_only_calendar_for_events_needs_no_name(radicale: DavServer) -> None:
    with running_http_proxy(radicale.port) as proxy:
        backend = CaldavBackend(radicale, proxy)
        unnamed = CaldavCalendar(replace(backend.account, username="bert"), "", "Europe/Berlin")
        with pytest.raises(PermanentError, match="no calendar for events"):
            Reader(unnamed).read()
        radicale.make_calendar("bert", "tasks", "Tasks", component="VTODO")
        path = radicale.make_calendar("bert", "only", "Only")
        radicale.put("bert", f"{path}a.ics", ics(ics_event("a")))
        reader = Reader(unnamed)
        reader.read()
        assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]
        radicale.make_calendar("bert", "more", "More")
        with pytest.raises(PermanentError, match=r"several calendars at .*'(Only|More)', '(Only|More)'"):
            Reader(unnamed).read()


def test_calendar_that_disappears_and_appears_again_works_again(backend: CaldavBackend) -> None:
    backend.put(ics_event("a"))
    reader = backend.reader()
    backend.server.delete(USER, backend.path)
    with pytest.raises(PermanentError, match=rf"no calendar '{backend.name}'"):
        reader.read()
    assert [occurrence.uid for occurrence in reader.occurrences] == ["a"]
    path = backend.server.make_calendar(USER, f"{backend.name.replace(' ', '-')}-elsewhere", backend.name)
    backend.server.put(USER, f"{path}b.ics", ics(ics_event("b")))
    reader.read()

    assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]


def test_calendar_that_took_over_the_name_is_read(backend: CaldavBackend) -> None:
    backend.put(ics_event("a"))
    reader = backend.reader()
    rename = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><D:displayname>Old</D:displayname></D:prop></D:set>"
    backend.server.say(USER, "PROPPATCH", backend.path, f"{rename}</D:propertyupdate>".encode())
    path = backend.server.make_calendar(USER, f"{backend.name.replace(' ', '-')}-new", backend.name)
    backend.server.put(USER, f"{path}b.ics", ics(ics_event("b")))
    reader.read()

    assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]


def test_coach_who_changes_zone_reads_everything_anew(backend: CaldavBackend) -> None:
    backend.put(ics_event("a", f"DTSTART:{NOW + DAY:%Y%m%dT%H%M%S}"), ics_event("b"))
    reader = backend.reader(timezone="America/New_York")
    (before,) = [occurrence.starts_at for occurrence in reader.occurrences if occurrence.uid == "a"]
    backend.put(ics_event("a", f"DTSTART:{NOW + DAY:%Y%m%dT%H%M%S}"))

    assert len(reader.read().gone) == 1
    assert [occurrence.starts_at for occurrence in reader.occurrences] == [before + 6 * HOUR]


# --- Series --------------------------------------------------------------------------------------


def test_change_of_all_later_dates_comes_through(backend: CaldavBackend) -> None:
    series = ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY;COUNT=4"])
    later = f"RECURRENCE-ID;RANGE=THISANDFUTURE:{NOW + 14 * DAY:%Y%m%dT%H%M%SZ}"
    backend.put(series)
    before = whole(backend)
    backend.put(series, ics_event("s", NOW + 14 * DAY + HOUR, extra=[later]))
    after = whole(backend)

    assert before.keys() == after.keys()
    assert sorted(found.starts_at - NOW for found in after.values()) == [
        0 * DAY,
        7 * DAY,
        14 * DAY + HOUR,
        21 * DAY + HOUR,
    ]


def test_date_taken_out_of_a_series_is_gone(backend: CaldavBackend) -> None:
    backend.put(ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY;COUNT=3"]))
    reader = backend.reader()
    backend.put(ics_event("s", NOW, extra=["RRULE:FREQ=WEEKLY;COUNT=3", f"EXDATE:{NOW + 7 * DAY:%Y%m%dT%H%M%SZ}"]))
    reader.read()

    assert [found.starts_at for found in reader.occurrences] == [NOW, NOW + 14 * DAY]
