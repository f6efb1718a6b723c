"""The addresses of pages: built from the settings, never from a request's Host header."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mailflow.model import Action, Link, LinkPurpose
from mailflow.tokens import token_of

PATHS = {
    LinkPurpose.ACTION: "a",
    LinkPurpose.HOMEWORK: "h",
    LinkPurpose.NOTE: "n",
    LinkPurpose.REVIEW: "r",
    LinkPurpose.OPT_OUT: "u",
    LinkPurpose.HISTORY: "f",
    LinkPurpose.CALENDAR: "c",
}

FindLink = Callable[[LinkPurpose, int, int], Link | None]
"""(purpose, subject, client or 0) -> the link. Emails make it where there is none; pages only look."""


@dataclass(frozen=True)
class Site:
    """`base_url` is the address of the service as the world sees it, without a slash at its end."""

    base_url: str
    key: bytes

    def url_of(self, link: Link | None) -> str:
        return "" if link is None else f"{self.base_url}/{PATHS[link.purpose]}/{token_of(link, self.key)}"


@dataclass(frozen=True)
class Pages:
    """Addresses of the pages for things; '' where nobody was given a link to one."""

    site: Site
    find_link: FindLink

    def action(self, action: Action) -> str:
        if action.client_id is None:
            return ""
        return self.site.url_of(self.find_link(LinkPurpose.ACTION, action.id, action.client_id))

    def homework(self, note_id: int, client_id: int) -> str:
        return self.site.url_of(self.find_link(LinkPurpose.HOMEWORK, note_id, client_id))

    def opt_out(self, client_id: int) -> str:
        return self.site.url_of(self.find_link(LinkPurpose.OPT_OUT, client_id, client_id))

    def history(self, client_id: int) -> str:
        return self.site.url_of(self.find_link(LinkPurpose.HISTORY, client_id, client_id))

    def calendar(self, client_id: int) -> str:
        """'' also where it was revoked."""
        link = self.find_link(LinkPurpose.CALENDAR, client_id, client_id)
        return "" if link is None or link.revoked_at is not None else f"{self.site.url_of(link)}.ics"

    def note(self, note_id: int) -> str:
        return self.site.url_of(self.find_link(LinkPurpose.NOTE, note_id, 0))

    def review(self, session_id: int) -> str:
        return self.site.url_of(self.find_link(LinkPurpose.REVIEW, session_id, 0))
