"""Whatever people write is words: in every template it becomes no element, attribute or address.

tests/flows/test_hostile_words.py takes the same words the whole way, from a mail that comes in.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mailflow.rendering import Renderer
from tests.looks import EMAILS, PAGES, SITE

Shape = tuple[str, frozenset[str]]
"""An element's name, and those of its attributes."""

TRICKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)",
    "</textarea></title></style><svg/onload=alert(4)>",
    "<!--",
    "]]>",
    "{{ 7*7 }} {% raw %} {# #}",
    "%(name)s %s {0} ${x}",
    "&lt;b&gt; &#60;i&#62;",
    "javascript:alert(5)",
    "\r\nBcc: evil@evil.example\r\n",
    "\nX-Evil: 1\n\n<b>body</b>",
    "=?utf-8?q?=0d=0aBcc:_evil@evil.example?=",
    "evil@evil.example, <evil@evil.example>",
    "\u202eesrever\u202c \u2066x \u200f",
    "\x00\x07\x1b[31m\x7f\x85\u2028\u2029",
    "مرحبا 日本語 e\u0301 🧑‍🚀",
)
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(TRICKS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.text("<>\"'&{}%=\r\n\t\0\u202e /", max_size=12),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
BREAKS = r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"
"""What ends a line, or turns round what follows."""
bounded = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shapes(html: str) -> set[Shape]:
    return {(str(node.tag), frozenset(node.attributes)) for node in LexborHTMLParser(html).css("*") if node.tag != "br"}


def addresses(html: str) -> set[str]:
    nodes = LexborHTMLParser(html).css("[href], [src], [action]")
    return {node.attributes.get(name) or "" for node in nodes for name in ("href", "src", "action")} - {""}


# --- Every template ------------------------------------------------------------------------------

RENDERER = Renderer()
OURS = {"kind", "wanted", "done", "news", "form_id"}
"""Fields whose words the program itself chooses; and addresses end in 'url'."""


def filled(view: Any, words: str) -> Any:
    """The view with these words in the place of all that people wrote."""
    if isinstance(view, tuple):
        return tuple(filled(item, words) for item in view)
    if type(view) is str:
        return words
    if not is_dataclass(view) or isinstance(view, type):
        return view
    kept = (f.name for f in fields(view) if f.init and f.name not in OURS and not f.name.endswith("url"))
    return replace(view, **{name: filled(getattr(view, name), words) for name in kept if getattr(view, name) != ""})


@cache
def in_samples(kind: str) -> set[Shape]:
    """Of all the samples, of emails or of pages."""
    if kind == "email":
        return {shape for mail, view in EMAILS.values() for shape in shapes(RENDERER.email(mail, view).html)}
    return {shape for page, view in PAGES.values() for shape in shapes(RENDERER.page(page, view))}


@settings(bounded, max_examples=20)
@given(HOSTILE)
@example(" ".join(TRICKS))
def test_every_email_keeps_its_form_whatever_words_are_in_it(words: str) -> None:
    for kind, view in EMAILS.values():
        email = RENDERER.email(kind, filled(view, words))
        assert shapes(email.html) <= in_samples("email"), kind
        assert {address.startswith(SITE) for address in addresses(email.html)} <= {True}, kind
        assert not re.search(BREAKS, email.subject), kind


@settings(bounded, max_examples=30)
@given(HOSTILE)
@example(" ".join(TRICKS))
def test_every_page_keeps_its_form_whatever_words_are_on_it(words: str) -> None:
    for page, view in PAGES.values():
        html = RENDERER.page(page, filled(view, words))
        assert shapes(html) <= in_samples("page"), page
        own = (SITE, SITE.replace("https", "webcal"), "/static/", "/my", "?")
        assert {address.startswith(own) for address in addresses(html)} <= {True}, page
