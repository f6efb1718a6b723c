"""No email relies on what Outlook, Gmail, Apple Mail, Yahoo or Samsung's don't support, by caniemail.com's tests."""

from __future__ import annotations

import pytest

from mailflow.rendering import Renderer
from tests.caniemail import Usage, known, unsupported, uses
from tests.looks import EMAILS

RENDERER = Renderer()
SELECTORS = "styles for phones and dark mode, in programs that read style sheets; the rest stands in the elements"
FALLBACKS = {
    "<body> element": "its colours stand on table.page as well",
    "<style> element": "see Type selector",
    "@media": "the column shrinks to the screen without it; it only saves padding, and stacks buttons",
    "@media (prefers-color-scheme)": "the mail stays light, or the program makes it dark itself",
    "Class selector": SELECTORS,
    "Descendant combinator": SELECTORS,
    "Grouping selectors": SELECTORS,
    "HTML5 doctype": "all is laid out in tables with sizes, which quirks mode shows alike",
    "Type selector": SELECTORS,
    "aria-label attribute": "the buttons have words of their own: 'Done' below the action",
    "border-radius": "corners are square",
    "color-scheme CSS property": "the meta tag says the same; without both the mail stays light",
    "color-scheme meta tag": "the CSS property says the same; without both the mail stays light",
    "display:none": "the preheader is 1 px high, in the colour of the paper, and mso-hide hides it in Outlook",
    "height property": "the line height of the empty row says the same",
    "max-height property": "see display:none",
    "overflow": "see display:none",
    "overflow-wrap": "word-break says the same where it is known",
    "system-ui, ui-serif, ui-sans-serif, ui-rounded, ui-monospace": "Menlo, Consolas or monospace follow in the list",
    "white-space": "the pill breaks; <pre> keeps the example's lines, and they are short",
    "word-break": "overflow-wrap says the same where it is known; only a word longer than a phone is wide sticks out",
}


@pytest.mark.parametrize("name", EMAILS)
def test_whatever_a_mail_program_does_not_support_has_a_fallback(name: str) -> None:
    kind, view = EMAILS[name]
    found = unsupported(RENDERER.email(kind, view).html)
    assert {title: programs for title, programs in found.items() if title not in FALLBACKS} == {}


def test_every_fallback_is_needed() -> None:
    used = {title for kind, view in EMAILS.values() for title in unsupported(RENDERER.email(kind, view).html)}
    assert FALLBACKS.keys() - used == set()


def test_every_feature_of_the_data_is_of_a_kind_that_is_looked_for() -> None:
    nothing = Usage.of("")
    assert [title for title in known() if uses(nothing, title)] == ["<body> element"]  # which every parser adds


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ('<p style="display: flex">', "display:flex"),
        ('<p style="gap: 4px">', "gap, column-gap, row-gap"),
        ('<p style="width: calc(1px + 2px)">', "CSS calc() function"),
        ('<p style="color: var(--ink)">', "CSS Variables (Custom Properties)"),
        ('<p style="width: 2rem">', "rem unit"),
        ('<p style="background-image: linear-gradient(red, blue)">', "linear-gradient()"),
        ('<p style="position: sticky">', "position"),
        ("<style>a:hover { color: red }</style>", ":hover"),
        ("<style>.a.b { color: red }</style>", "Chaining selectors"),
        ("<style>@font-face { font-family: x }</style>", "@font-face"),
        ("<style>@media (prefers-color-scheme: dark) { a { color: red } }</style>", "@media (prefers-color-scheme)"),
        ("<svg></svg>", "Embedded <svg> image"),
        ('<img src="logo.svg">', "SVG image format"),
        ('<img src="data:image/png;base64,AA==">', "Base 64 image format"),
        ("<bdi>x</bdi>", "<bdi> element"),
        ("<button type='submit'>", '<button type="submit"> element'),
        ('<a href="#top">', "Local anchors"),
        ('<p hidden="">', "hidden attribute"),
    ],
)
def test_feature_is_seen_where_it_is_used(html: str, title: str) -> None:
    assert title in unsupported(html.replace("'", '"'))


def test_plain_mail_uses_nothing_that_is_not_supported() -> None:
    html = '<table><tr><td style="color: #000000; padding: 4px">Hello</td></tr></table>'
    assert unsupported(html).keys() == {"<body> element"}
