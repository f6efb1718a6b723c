"""A client's browser, as far as the demo needs one: opens a link, reads the form, sends it."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True)
class Page:
    status: int
    html: str


def get(url: str, method: str = "GET") -> Page:
    return _open(urllib.request.Request(url, method=method))  # noqa: S310  # our own daemon's


def post(url: str, fields: dict[str, str]) -> Page:
    """Follows the redirect to the page that says what happened."""
    return _open(urllib.request.Request(url, urllib.parse.urlencode(fields).encode()))  # noqa: S310


def _open(request: urllib.request.Request) -> Page:
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            return Page(response.status, response.read().decode())
    except urllib.error.HTTPError as error:
        return Page(error.code, error.read().decode())


def hidden_fields(html: str) -> dict[str, str]:
    """The hidden inputs of a page."""
    reader = _FormReader()
    reader.feed(html)
    return reader.fields


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name")
        if tag == "input" and values.get("type") == "hidden" and name:
            self.fields[name] = values.get("value") or ""
