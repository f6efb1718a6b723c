"""axe-core finds nothing on any page, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from mailflow.rendering import Renderer
from tests.looks import PAGES, SCHEMES, Scheme, browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
OPEN = 'document.querySelectorAll("details").forEach((details) => { details.open = true })'
RUN = "async () => (await axe.run(document)).violations.map((found) => `${found.id}: ${found.nodes[0].html}`)"

pytestmark = pytest.mark.needs("chromium", "libatomic")


def findings(page: Page, html: str) -> list[str]:
    page.set_content(html)
    page.evaluate(OPEN)
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_is_found_on_any_page(scheme: Scheme, program: Callable[[str], str]) -> None:
    renderer = Renderer()
    style = f"<style>{renderer.stylesheet()}</style>"
    with browser(program("chromium")) as chromium:
        page = chromium.new_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
        found = {
            name: findings(page, renderer.page(template, view).replace("</head>", f"{style}</head>"))
            for name, (template, view) in PAGES.items()
        }
    assert {name: what for name, what in found.items() if what} == {}


def test_what_keeps_people_out_is_found(program: Callable[[str], str]) -> None:
    """axe-core is really asked."""
    bad = (
        '<html lang="en"><title>x</title><main><h1>x</h1><input name="a"><p style="color: #eee">pale</p></main></html>'
    )
    with browser(program("chromium")) as chromium:
        found = findings(chromium.new_page(), bad)
    assert [what.partition(":")[0] for what in found] == ["color-contrast", "label"]
