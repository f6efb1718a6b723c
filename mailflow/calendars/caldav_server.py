"""One connection to a CalDAV server (RFC 4791), for one reading, and what its answers mean."""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from caldav.davclient import DAVClient
from caldav.elements import dav
from caldav.elements.base import BaseElement
from caldav.lib.error import parse_preconditions
from caldav.lib.http_sync import HTTPBasicAuth
from caldav.requests import HTTPBearerAuth

from mailflow.calendars.caldav_transport import Answer, RefusedAnswer, Session, is_same_provider
from mailflow.errors import MailflowError, PermanentError, TemporaryError

READING_TIMEOUTS = 5
"""A whole reading may take so many times as long as one silence of the server."""
OVERLOADED = {408, 425, 429, *range(500, 600)} - {501}

logging.getLogger("caldav.response").setLevel(logging.WARNING)  # it would make a text of each answer


@dataclass(frozen=True)
class Account:
    """Where the calendars are and who asks. `secret` is asked at each connection: a token is short-lived, a password
    may have changed."""

    url: str
    username: str
    secret: Callable[[], str]
    with_token: bool = False
    ca_file: Path | None = None
    timeout_seconds: float = 60.0


@dataclass(frozen=True)
class Resource:
    """What a server says of one address, which is absolute. `props` are the properties that it has, by their tag."""

    url: str
    status: int
    props: Mapping[str, Any]

    @property
    def key(self) -> str:
        return key_of(self.url)

    def text(self, tag: str | None) -> str:
        found = self.props.get(tag or "")
        return "" if found is None else str(found.text or "")

    def hrefs(self, tag: str | None) -> list[str]:
        """The addresses that stand in a property, absolute."""
        found = self.props.get(tag or "")
        texts = [] if found is None else [str(href.text or "").strip() for href in found.iterfind(dav.Href.tag)]
        return [urljoin(self.url, text) for text in texts if text]


@dataclass(frozen=True)
class MultiStatus:
    """RFC 4918 13, and the sync token of RFC 6578 6.4; '' for none."""

    resources: tuple[Resource, ...]
    token: str


class Refused(PermanentError):
    """The server said no, and would say so again."""

    def __init__(self, message: str, status: int, preconditions: Sequence[str]) -> None:
        super().__init__(message)
        self.status = status
        self.preconditions = preconditions


class NotDav(TemporaryError):
    """The answer is none of WebDAV's: a page to sign in, half an answer."""


class Connection:
    """Used by one thread. What it raises is PermanentError or TemporaryError, with a sentence."""

    def __init__(self, account: Account) -> None:
        if account.ca_file is not None:
            _check_authorities(account.ca_file)
        self._account = account
        self._secret = ""
        self._session = Session(READING_TIMEOUTS * account.timeout_seconds)
        self._client = DAVClient(
            account.url,
            timeout=account.timeout_seconds,  # type: ignore[arg-type]  # fractions are fine
            ssl_verify_cert=True if account.ca_file is None else str(account.ca_file),
            headers={"User-Agent": "mailflow", "Accept-Encoding": "gzip"},
            huge_tree=True,  # Session refuses what is too large
            enable_rfc6764=False,
        )
        self._client.session.close()
        self._client.session = self._session

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def about(self, url: str, *wanted: BaseElement) -> Resource:
        """The properties of one address (PROPFIND)."""
        found = self.ask("PROPFIND", url, dav.Propfind() + props(*wanted), depth="0").resources
        if len(found) != 1:
            raise NotDav(f"{_host(url)} answers about something else than it was asked about.")
        return found[0]

    def below(self, url: str, *wanted: BaseElement) -> list[Resource]:
        """The properties of all that lies right in a collection."""
        found = self.ask("PROPFIND", url, dav.Propfind() + props(*wanted), depth="1").resources
        return [resource for resource in found if not is_same_place(resource.url, url)]

    def ask(self, method: str, url: str, body: BaseElement, *, depth: str | None) -> MultiStatus:
        """Raises Refused and NotDav, too."""
        if not is_same_provider(self._account.url, url):
            raise PermanentError(
                f"{_host(self._account.url)} names {_host(url)} as the place of the calendars, and a password never "
                "goes to another provider that way. Where that is the right one, write it into `url`."
            )
        with self._explained(url):
            response = self._request(method, url, str(body), {} if depth is None else {"Depth": depth})
            tree: Any = response.tree
            if response.status != 207 or tree is None or tree.tag != dav.MultiStatus.tag:
                raise NotDav(
                    f"{_host(url)} answers with something else than calendars; a page to sign in, perhaps. "
                    "It is tried again; see whether `url` is right."
                )
            resources = tuple(_resource(url, element) for element in tree.iterfind(dav.Response.tag))
            return MultiStatus(resources, str(tree.findtext("{DAV:}sync-token") or "").strip())

    def _request(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> Any:
        if self._client.auth is None:
            self._authenticate(self._account.secret())
        try:
            return self._client.request(url, method, body, headers)
        except RefusedAnswer as refusal:
            if refusal.answer.status_code != 401 or not self._renew():
                raise
        return self._client.request(url, method, body, headers)

    def _renew(self) -> bool:
        """A token may have expired just now, a password may be new. The same again would only lock the account."""
        refused = self._secret
        self._authenticate(self._account.secret())
        return self._secret != refused

    def _authenticate(self, secret: str) -> None:
        self._secret = secret
        if self._account.with_token:
            self._client.auth = HTTPBearerAuth(secret)
        else:
            self._client.auth = HTTPBasicAuth(self._account.username, secret)

    # --- What went wrong -------------------------------------------------------------------------

    @contextlib.contextmanager
    def _explained(self, url: str) -> Iterator[None]:
        host = _host(url)
        try:
            yield
        except MailflowError:
            raise
        except RefusedAnswer as refusal:
            raise self._refusal(host, refusal.answer) from None
        except Exception as error:  # the libraries raise whatever a broken answer makes them stumble over
            if self._session.has_expired:
                minutes = READING_TIMEOUTS * self._account.timeout_seconds / 60
                raise TemporaryError(f"{host} did not give all of it within {minutes:.2g} minutes.") from error
            causes = list(_causes(error))
            for cause in causes:
                if isinstance(cause, ssl.SSLCertVerificationError):
                    raise PermanentError(
                        f"{host} shows a certificate that can't be trusted: {cause.verify_message}. "
                        "Give its authority in `ca_file` if it is your own server."
                    ) from error
            if any(isinstance(cause, OSError) for cause in causes):
                raise TemporaryError(f"{host} can't be reached, or broke off{_reason(causes)}.") from error
            raise NotDav(f"{host} answers what can't be understood ({type(error).__name__}).") from error

    def _refusal(self, host: str, answer: Answer) -> MailflowError:
        status, who = answer.status_code, self._account.username
        what = "token" if self._account.with_token else "password"
        if status in OVERLOADED:
            wait = str(answer.headers.get("Retry-After", ""))
            later = f", and asks to wait {wait} seconds" if wait.isdigit() else ""
            return TemporaryError(f"{host} can't answer now ({status}){later}. It is tried again.")
        sentence = {
            401: f"{host} refuses the {what} of {who}. Correct the {what}; many providers want an app password.",
            403: f"{host} doesn't let {who} read this: see whether the {what} is one for calendars.",
            404: f"{host} has nothing at this address.",
        }.get(status, f"{host} says no ({status}).")
        return Refused(sentence, status, parse_preconditions(answer.content))


def props(*wanted: BaseElement) -> BaseElement:
    return dav.Prop() + wanted


def _check_authorities(ca_file: Path) -> None:
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise TemporaryError(
            f"The file {ca_file} of certificates can't be used: {error.strerror or 'it holds none'}."
        ) from error


def is_same_place(url: str, other: str) -> bool:
    return key_of(url).rstrip("/") == key_of(other).rstrip("/")


def key_of(url: str) -> str:
    """The decoded path, in which a '/' or '%' inside a name stays encoded: servers write one path in several ways."""
    names = (unquote(name) for name in urlsplit(url).path.split("/"))
    return "/".join(name.replace("%", "%25").replace("/", "%2F") for name in names)


def _resource(base: str, element: Any) -> Resource:
    """A property counts where its own status is a good one."""
    found = {
        prop.tag: prop
        for propstat in element.iterfind(dav.PropStat.tag)
        if _code(propstat) < 300
        for container in propstat.iterfind(dav.Prop.tag)
        for prop in container
    }
    return Resource(urljoin(base, str(element.findtext(dav.Href.tag)).strip()), _code(element), found)


def _code(element: Any) -> int:
    """404 of 'HTTP/1.1 404 Not Found'; 200 where there is no status."""
    words = str(element.findtext(dav.Status.tag) or "").split()
    return int(words[1]) if len(words) > 1 else 200


def _host(url: str) -> str:
    """With its port, without what may stand before an @."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it; the libraries wrap one into another in several ways."""
    seen: set[int] = set()
    left: list[object] = [error]
    while left:
        cause = left.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            left += [getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args]


def _reason(causes: Sequence[BaseException]) -> str:
    """What the system says, where it says something; the libraries' words quote the whole address."""
    if any("timeout" in type(cause).__name__.lower() for cause in causes):
        return ": it takes too long"
    said = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return f": {said[-1]}" if said else ""
