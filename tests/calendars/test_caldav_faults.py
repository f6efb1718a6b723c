"""What goes wrong with CalDAV servers, and with what stands before them: nothing is lost, nothing waits for ever."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.calendars import Reading, caldav_transport
from mailflow.calendars.caldav_server import key_of
from mailflow.calendars.caldav_transport import is_same_provider
from mailflow.errors import EnvironmentProblem, PermanentError, TemporaryError
from tests.builders import ics_event
from tests.calendars.caldav_backend import HTML, MULTIGET, SYNC, USER, CaldavBackend
from tests.calendars.contract import Reader
from tests.certificates import make_certificate
from tests.http_proxy import (
    Exchange,
    Fault,
    Proxy,
    answer,
    drip,
    endless,
    hang_up,
    meanwhile,
    pass_on,
    rewrite,
    running_http_proxy,
    silence,
)
from tests.servers.dav import PASSWORD, DavServer

IMPATIENT = 0.2
TOO_SLOW = "did not give all of it within|it takes too long"
"""The second also where this machine was too busy to answer a request without a fault in time."""
HALF = b'<multistatus xmlns="DAV:"><resp'
XML = b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\n"


@pytest.fixture
def backend(caldav_backend: CaldavBackend) -> CaldavBackend:
    """With two events."""
    caldav_backend.put(ics_event("a"), ics_event("b"))
    return caldav_backend


@pytest.fixture
def alone(radicale: DavServer) -> Iterator[CaldavBackend]:
    """On one server, where that never gets to answer."""
    with running_http_proxy(radicale.port) as proxy:
        found = CaldavBackend(radicale, proxy)
        found.put(ics_event("a"), ics_event("b"))
        yield found


@pytest.fixture
def elsewhere(radicale: DavServer) -> Iterator[Proxy]:
    """Another server, which should never hear anything."""
    with running_http_proxy(radicale.port) as proxy:
        yield proxy
        assert proxy.requests == []


def fails(reader: Reader, kind: type[Exception], says: str) -> None:
    """What was read before stays, and the sentence holds no secret."""
    before = dict(reader.objects)
    with pytest.raises(kind, match=says) as caught:
        reader.read()
    assert str(caught.value).endswith(". Its sessions stay as they were.")
    assert PASSWORD not in str(caught.value)
    assert reader.objects == before


# --- Answers -------------------------------------------------------------------------------------


SENTENCES: dict[str, tuple[Fault, type[Exception], str]] = {
    "401": (answer(401), PermanentError, "refuses the password of anna"),
    "403": (answer(403), PermanentError, "doesn't let anna read this: see whether the password"),
    "418": (answer(418), PermanentError, r"says no \(418\)"),
    "429 with a time": (
        answer(429, Retry_After="120"),
        TemporaryError,
        r"can't answer now \(429\), and asks to wait 120 seconds",
    ),
    "429": (answer(429, Retry_After="<b>"), TemporaryError, r"can't answer now \(429\)\."),
    "500": (answer(500), TemporaryError, r"can't answer now \(500\)"),
    "503 with a page": (answer(503, HTML), TemporaryError, r"can't answer now \(503\)"),
    "page": (answer(200, HTML, Content_Type="text/html"), TemporaryError, "something else than calendars"),
    "page as 207": (answer(207, HTML, Content_Type="text/html"), TemporaryError, "something else than calendars"),
    "page as XML": (answer(207, HTML, Content_Type="text/xml"), TemporaryError, "something else than calendars"),
    "nothing": (answer(207, b"", Content_Type="text/xml"), TemporaryError, "something else than calendars"),
    "204": (answer(204), TemporaryError, "something else than calendars"),
    "half of XML": (
        answer(207, HALF, Content_Type="text/xml"),
        TemporaryError,
        "something else",
    ),
    "half of something": (
        answer(207, HALF, Content_Type="x/y"),
        TemporaryError,
        "something else",
    ),
    "half of the answer": (rewrite(lambda body: body[: len(body) // 2]), TemporaryError, "something else"),
    "no status": (rewrite(lambda body: body.replace(b"HTTP/1.1 ", b"HTTP/1.1 OK ")), TemporaryError, "be understood"),
    "hang up": (hang_up, TemporaryError, "can't be reached, or broke off"),
    "no HTTP": (drip(b"nonsense\r\n\r\n"), TemporaryError, "127.0.0.1"),
    "negative length": (drip(XML + b"Content-Length: -5\r\n\r\n"), TemporaryError, "127.0.0.1"),
    "no gzip": (drip(XML + b"Content-Encoding: gzip\r\n\r\nno gzip at all"), TemporaryError, "127.0.0.1"),
}


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
@pytest.mark.parametrize("case", SENTENCES)
def test_answer_becomes_a_sentence(alone: CaldavBackend, method: str, case: str) -> None:
    fault, kind, says = SENTENCES[case]
    reader = alone.reader(timeout_seconds=10 * IMPATIENT)
    alone.put(ics_event("a"), ics_event("b"), ics_event("c"))
    alone.proxy.on(method, fault)

    fails(reader, kind, says)

    alone.proxy.heal()
    assert [changed.uid for changed in reader.read().objects] == ["c"]


def test_first_reading_may_fail_at_each_request(backend: CaldavBackend) -> None:
    Reader(backend.adapter).read()
    count = len(backend.proxy.requests)
    for number in range(count):
        for fault in (answer(503), hang_up):
            backend.proxy.on("", pass_on, times=number)
            if not number:
                backend.proxy.heal()
            backend.proxy.on("", fault)
            fails(Reader(backend.adapter), TemporaryError, "can't")
            backend.proxy.heal()


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_address_that_knows_nothing_of_calendars_is_told(alone: CaldavBackend, status: int) -> None:
    alone.proxy.on("PROPFIND", answer(status))

    fails(Reader(alone.adapter), PermanentError, r"127\.0\.0\.1")


def test_well_known_address_may_be_missing(backend: CaldavBackend) -> None:
    backend.proxy.on("PROPFIND", answer(404), times=1)
    reader = Reader(backend.adapter)
    reader.read()

    assert len(reader.occurrences) == 2


def test_server_that_is_not_there_is_tried_again(alone: CaldavBackend) -> None:
    with running_http_proxy(0) as gone:
        url = gone.url
    fails(alone.reader(url=url), TemporaryError, "can't be reached, or broke off: Connection refused")


def test_host_that_has_no_address_is_tried_again(alone: CaldavBackend) -> None:
    fails(alone.reader(url="https://no-such-host.invalid/"), TemporaryError, r"no-such-host\.invalid can't be reached")


def test_logs_hold_neither_secrets_nor_answers(alone: CaldavBackend, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for fault in (answer(401), answer(207, b"<private", Content_Type="text/xml"), answer(207, b"<private")):
        alone.proxy.on("REPORT", fault, times=1)
        with pytest.raises((PermanentError, TemporaryError)):
            Reader(alone.adapter).read()

    assert "private" not in caplog.text
    assert PASSWORD not in caplog.text


# --- Time and size -------------------------------------------------------------------------------


SLOW: dict[str, Fault] = {
    "silence": silence,
    "byte by byte": drip(b""),
    "a header": drip(b"HTTP/1.1 207 Multi-Status\r\nX-Pad: "),
    "a body with a length": drip(XML + b"Content-Length: 1000000\r\n\r\n<a>"),
    "a body without one": drip(XML + b"\r\n<a>"),
    "a refusal": drip(b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
}


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
@pytest.mark.parametrize("case", SLOW)
def test_slow_answer_ends(alone: CaldavBackend, method: str, case: str) -> None:
    reader = alone.reader(timeout_seconds=IMPATIENT)
    alone.proxy.on(method, SLOW[case])

    fails(reader, TemporaryError, TOO_SLOW)


def test_many_answers_have_one_limit_together(alone: CaldavBackend) -> None:
    """Each is in time, and there is always another."""

    def cut() -> bytes:
        number = len(alone.proxy.requests)
        page = f"<D:response><D:href>{alone.path}</D:href><D:status>HTTP/1.1 507 Full</D:status></D:response>"
        token = f"<D:sync-token>urn:{number}</D:sync-token>"
        return f"<D:multistatus xmlns:D='DAV:'>{page}{token}</D:multistatus>".encode()

    def slow(exchange: Exchange) -> None:
        exchange.proxy.closing.wait(IMPATIENT / 4)
        answer(207, cut(), Content_Type="text/xml")(exchange)

    reader = alone.reader(timeout_seconds=IMPATIENT)
    alone.proxy.on("REPORT", slow, with_=SYNC)
    fails(reader, TemporaryError, TOO_SLOW)


def test_endless_answer_ends(alone: CaldavBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_transport, "MAX_BYTES", 1_000_000)
    for method in ("PROPFIND", "REPORT"):
        alone.proxy.on(method, endless)
        fails(Reader(alone.adapter), TemporaryError, "answers with more than 1 MB")
        alone.proxy.heal()


def test_answer_that_is_too_large_is_asked_for_in_halves(
    backend: CaldavBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    filler = "DESCRIPTION:" + "x" * 3_000
    backend.put(
        *(ics_event(f"e{n}", extra=[filler]) for n in range(4)), ics_event("large", extra=["COMMENT:" + "x" * 20_000])
    )
    backend.proxy.on("PROPFIND", meanwhile(lambda: monkeypatch.setattr(caldav_transport, "MAX_BYTES", 10_000_000)))
    backend.proxy.on("REPORT", meanwhile(lambda: monkeypatch.setattr(caldav_transport, "MAX_BYTES", 10_000)))
    reader = Reader(backend.adapter)
    reader.read()

    assert {occurrence.uid for occurrence in reader.occurrences} == {"e0", "e1", "e2", "e3"}
    assert list(reader.problems.values()) == ["it is too large"]


# --- Where credentials go ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_server_is_refused(
    alone: CaldavBackend, elsewhere: Proxy, method: str, status: int
) -> None:
    reader = Reader(alone.adapter)
    for target in (elsewhere.url, elsewhere.url.replace("127.0.0.1", "localhost")):
        alone.proxy.on(method, answer(status, Location=target))
        fails(reader, PermanentError, "a password never goes to another server that way")
        alone.proxy.heal()


def test_redirect_on_the_same_server_is_followed(backend: CaldavBackend) -> None:
    backend.proxy.on("PROPFIND", answer(301, Location="/"), times=1)
    backend.proxy.on("REPORT", answer(308, Location=backend.proxy.url[:-1] + backend.path), times=2)
    reader = Reader(backend.adapter)
    reader.read()

    assert len(reader.occurrences) == 2


def test_redirect_in_circles_ends(alone: CaldavBackend) -> None:
    alone.proxy.on("PROPFIND", answer(302, Location="/"))

    fails(Reader(alone.adapter), PermanentError, "in circles")


def test_home_on_another_host_is_refused(backend: CaldavBackend, elsewhere: Proxy) -> None:
    for target in (elsewhere.url, "https://calendars.example/"):
        moved = f"<D:href>{target}</D:href>".encode()

        def move(body: bytes, moved: bytes = moved) -> bytes:
            head, tag, rest = body.partition(b"calendar-home-set")
            start, end = rest.index(b"<"), rest.index(b"href>", rest.index(b"href>") + 1) + len(b"href>")
            return head + tag + b" xmlns:D='DAV:'>" + moved + rest[end:] if start else body

        backend.proxy.on("PROPFIND", rewrite(lambda body: move(body) if b"calendar-home-set>" in body else body))
        fails(Reader(backend.adapter), PermanentError, "a password never goes to another provider that way")
        backend.proxy.heal()


@pytest.mark.parametrize(
    ("url", "other", "may_go"),
    [
        ("https://caldav.icloud.com/", "https://p07-caldav.icloud.com:443/x", True),
        ("https://caldav.icloud.com/", "http://p07-caldav.icloud.com/x", False),
        ("https://caldav.icloud.com/", "https://icloud.com.evil.example/", False),
        ("https://caldav.icloud.com/", "https://evilicloud.com/", False),
        ("https://dav.firm.co.uk/", "https://cal.firm.co.uk/", True),
        ("https://dav.firm.co.uk/", "https://cal.other.co.uk/", False),
        ("https://dav.firm.co.uk/", "https://co.uk/", False),
        ("https://dav.example:8443/", "https://dav.example:8443/x", True),
        ("https://dav.example/", "https://example/", False),
        ("https://192.0.2.7/", "https://198.51.2.7/", False),
        ("https://[2001:db8::1]/", "https://[2001:db8::2]/", False),
        ("http://127.0.0.1:5232/", "http://127.0.0.1:5233/", False),
        ("http://localhost:5232/", "https://localhost/", True),
    ],
)
def test_home_may_be_with_the_same_provider(url: str, other: str, may_go: bool) -> None:
    assert is_same_provider(url, other) is may_go


def test_no_proxy_and_no_netrc_of_the_machine_is_used(
    alone: CaldavBackend, elsewhere: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.setenv("no_proxy", "")

    Reader(alone.adapter).read()


# --- TLS -----------------------------------------------------------------------------------------


@pytest.mark.needs("openssl")
def test_certificate_is_checked(
    dav_server: DavServer, program: Callable[[str], str], tmp_path: Path, backend: CaldavBackend
) -> None:
    certificate, key = make_certificate(program("openssl"), tmp_path, "localhost")
    with running_http_proxy(dav_server.port, (certificate, key)) as proxy:
        url = proxy.url.replace("127.0.0.1", "localhost")
        fails(Reader(backend.reading(url=url)), PermanentError, "a certificate that can't be trusted.*`ca_file`")
        fails(Reader(backend.reading(url=proxy.url, ca_file=certificate)), PermanentError, "can't be trusted")
        assert proxy.requests == []
        reader = Reader(backend.reading(url=url, ca_file=certificate))
        reader.read()
        assert len(reader.occurrences) == 2
        with running_http_proxy(dav_server.port) as clear:
            clear.on("", lambda exchange: answer(301, Location=url[:-1] + exchange.asked.path)(exchange))
            Reader(backend.reading(url=clear.url.replace("127.0.0.1", "localhost"), ca_file=certificate)).read()
            proxy.on("", answer(301, Location=clear.url.replace("127.0.0.1", "localhost")))
            clear.requests.clear()
            fails(Reader(backend.reading(url=url, ca_file=certificate)), PermanentError, "another server")
            assert clear.requests == []


@pytest.mark.needs("openssl")
def test_handshake_that_drips_ends(alone: CaldavBackend) -> None:
    alone.proxy.on("", drip(b""))
    reader = alone.reading(url=alone.proxy.url.replace("http:", "https:"), timeout_seconds=IMPATIENT)

    fails(Reader(reader), TemporaryError, "127.0.0.1")


# --- Passwords and tokens ------------------------------------------------------------------------


def wants(authorization: str) -> Fault:
    """401 without it; the server behind gets its own password."""

    def check(exchange: Exchange) -> None:
        if exchange.asked.headers.get("authorization") != authorization:
            answer(401, WWW_Authenticate='Bearer realm="calendars"')(exchange)
            return
        basic = {"authorization": "Basic YW5uYTphLXNlY3JldA=="}
        exchange.asked = replace(exchange.asked, headers={**exchange.asked.headers, **basic})
        pass_on(exchange)

    return check


def test_token_that_expired_is_renewed_once(backend: CaldavBackend) -> None:
    tokens = iter(["expired", "fresh", "not asked for"])
    backend.proxy.on("", wants("Bearer fresh"))
    reader = Reader(backend.reading(secret=lambda: next(tokens), with_token=True))
    reader.read()

    assert len(reader.occurrences) == 2
    assert next(tokens) == "not asked for"


def test_refused_token_is_told(alone: CaldavBackend) -> None:
    tokens = iter(["expired", "expired, too", "not asked for"])
    alone.proxy.on("", wants("Bearer fresh"))

    fails(Reader(alone.reading(secret=lambda: next(tokens), with_token=True)), PermanentError, "refuses the token")
    assert next(tokens) == "not asked for"


def test_refused_password_is_not_sent_again(alone: CaldavBackend) -> None:
    alone.proxy.on("", answer(401))

    fails(Reader(alone.adapter), PermanentError, "refuses the password")
    assert len(alone.proxy.requests) == 1


def test_changed_password_is_taken_up(backend: CaldavBackend) -> None:
    passwords = ["schlüssel ✓"]
    reader = Reader(backend.reading(secret=lambda: passwords[0]))
    backend.proxy.on("", wants("Basic YW5uYTpzY2hsw7xzc2VsIOKckw=="))
    reader.read()
    passwords[0] = PASSWORD
    fails(reader, PermanentError, "refuses the password")
    backend.proxy.heal()

    assert reader.read() == Reading(reader.token)


def test_secret_that_cannot_be_read_is_told(alone: CaldavBackend) -> None:
    def secret() -> str:
        raise EnvironmentProblem("The password file x can't be read: No such file.")

    fails(Reader(alone.reading(secret=secret)), TemporaryError, r"The password file x can't be read: No such file\.")
    assert alone.proxy.requests == []


# --- What changes meanwhile ----------------------------------------------------------------------


def test_object_that_disappears_before_it_is_fetched_is_gone_the_next_time(backend: CaldavBackend) -> None:
    reader = backend.reader()
    backend.put(ics_event("a", title="Changed"), ics_event("b", title="Changed"))
    backend.proxy.on("REPORT", meanwhile(lambda: backend.put(ics_event("b", title="Changed"))), with_=MULTIGET, times=1)

    assert [changed.uid for changed in reader.read().objects] == ["b"]
    assert len(reader.read().gone) == 1
    assert reader.read() == Reading(reader.token)


def test_new_object_that_disappears_before_it_is_fetched_was_never_there(backend: CaldavBackend) -> None:
    backend.proxy.on("REPORT", meanwhile(lambda: backend.put(ics_event("b"))), with_=MULTIGET, times=1)
    reader = backend.reader()

    assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]
    assert reader.read().objects == ()


def test_object_that_changes_before_it_is_fetched_is_fetched_once(backend: CaldavBackend) -> None:
    later = [ics_event("a", title="Later"), ics_event("b")]
    backend.proxy.on("REPORT", meanwhile(lambda: backend.put(*later)), with_=MULTIGET, times=1)
    reader = backend.reader()
    reader.read()

    assert sorted(occurrence.title for occurrence in reader.occurrences) == ["Coaching", "Later"]
    assert backend.fetched() == [2]


def test_object_that_the_server_keeps_back_is_named_and_asked_for_again(backend: CaldavBackend) -> None:
    def keep_back(body: bytes) -> bytes:
        return body.replace(b"a.ics", b"another.ics")

    backend.proxy.on("REPORT", rewrite(keep_back), with_=MULTIGET, times=2)
    reader = backend.reader()
    for _ in range(2):
        assert [occurrence.uid for occurrence in reader.occurrences] == ["b"]
        assert list(reader.problems.values()) == ["the server lists it and doesn't hand it out"]
        reader.read()

    assert {occurrence.uid for occurrence in reader.occurrences} == {"a", "b"}
    assert not reader.problems


def test_calendar_that_goes_away_in_the_middle_is_no_empty_one(backend: CaldavBackend) -> None:
    reader = backend.reader()
    backend.put(ics_event("a", title="Changed"))
    gone = meanwhile(lambda: backend.server.delete(USER, backend.path))
    backend.proxy.on("REPORT", gone, with_=MULTIGET, times=1)
    before = dict(reader.objects)
    try:
        reading = reader.read()
    except (PermanentError, TemporaryError) as problem:
        assert str(problem).endswith("Its sessions stay as they were.")  # noqa: PT017
        assert reader.objects == before
    else:
        assert not reading.objects
    fails(reader, PermanentError, "no calendar")


def test_path_is_one_key_however_it_is_written() -> None:
    assert key_of("https://dav.example/a%40b/%E2%9C%93.ics") == key_of("/a@b/✓.ics") == "/a@b/✓.ics"
    assert key_of("/a%2Fb") != key_of("/a/b")
    assert key_of("/50%2525") != key_of("/50%25") == "/50%25"
