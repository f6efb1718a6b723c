"""One Radicale and one Xandikos for all tests of the CalDAV calendar; each test has a calendar of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calendars.caldav_backend import USER, CaldavBackend
from tests.http_proxy import running_http_proxy
from tests.servers.dav import DavServer
from tests.servers.radicale import running_radicale
from tests.servers.xandikos import running_xandikos

OTHERS = ("bert", "carla", "dora", "emil")
"""Users without calendars, each for one test."""


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with running_radicale(tmp_path_factory.mktemp("radicale"), [USER, *OTHERS]) as server:
        yield server


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    with running_xandikos(tmp_path_factory.mktemp("xandikos")) as server:
        yield server


@pytest.fixture(params=["radicale", "xandikos"])
def dav_server(request: pytest.FixtureRequest) -> DavServer:
    found: DavServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def caldav_backend(dav_server: DavServer) -> Iterator[CaldavBackend]:
    with running_http_proxy(dav_server.port) as proxy:
        yield CaldavBackend(dav_server, proxy)
