"""Every email as mail programs show it: sizes, buttons, narrow screens, 200% zoom, names from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.rendering import Renderer, html_isolated
from tests.looks import EMAILS, LONG_WORDS, MARYAM, SCHEMES, Scheme, browser

RENDERER = Renderer()
LANGUAGES = ("en", "de")
BUTTONS = "td.primary, td.secondary, td.answer, td.candidate"
every_email = pytest.mark.parametrize("name", EMAILS)
in_chromium = pytest.mark.needs("chromium", "libatomic")

# Of every piece of text that is seen: its size, and the small print apart.
SMALL_TEXT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    const least = parent.closest("td.footer") ? 14 : 16;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (text && parent.checkVisibility() && size < least) found.push([text, size]);
  }
  return found;
}"""
LOW_CONTRAST = """() => {
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const paper = parts(getComputedStyle(at).backgroundColor);
      if (paper.length === 3 || paper[3] > 0) return paper;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement;
    if (!text || !parent.checkVisibility()) continue;
    const two = [light(parts(getComputedStyle(parent).color)), light(behind(parent))].sort((a, b) => b - a);
    const ratio = (two[0] + 0.05) / (two[1] + 0.05);
    if (ratio < 4.5) found.push([text, ratio]);
  }
  return found;
}"""
LOW_BUTTONS = f"""() => [...document.querySelectorAll("{BUTTONS}")]
  .filter((button) => button.getBoundingClientRect().height < 44).map((button) => button.textContent)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[str], Browser]]:
    """Starts the program once for all tests of this file."""
    with ExitStack() as stack:
        yield cache(lambda path: stack.enter_context(browser(path)))


def each_email(screen: Page) -> Iterator[tuple[str, str]]:
    """Shows one after the other."""
    for language in LANGUAGES:
        for name, (kind, view) in EMAILS.items():
            screen.set_content(RENDERER.email(kind, view, language).html)
            yield language, name


# --- What stands in the HTML -----------------------------------------------------------------


@every_email
def test_a_button_is_a_link_in_a_cell_that_has_its_shape_in_outlook_too(name: str) -> None:
    kind, view = EMAILS[name]
    for cell in LexborHTMLParser(RENDERER.email(kind, view).html).css(BUTTONS):
        (link,) = cell.css("a")
        around, inside = declarations(cell), declarations(link)
        assert inside["display"] == "block"
        assert around["mso-padding-alt"] == inside["padding"]
        assert "background-color" in around or "border" in around


@every_email
def test_outlook_gets_a_column_of_a_fixed_width(name: str) -> None:
    kind, view = EMAILS[name]
    html = RENDERER.email(kind, view).html
    opening, closing = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html)
    assert 'width="600"' in opening
    assert closing == "</td></tr></table>"


@every_email
def test_what_the_style_sheet_says_stands_in_the_elements_too(name: str) -> None:
    """Gmail drops style sheets for addresses of others: then sizes, colours and the preheader still are right."""
    kind, view = EMAILS[name]
    tree = LexborHTMLParser(RENDERER.email(kind, view).html)
    assert [style.text().startswith("@media") for style in tree.css("style")] == [True]
    (preheader,) = tree.css("div.preheader")
    assert declarations(preheader)["display"] == "none"
    assert preheader.text().strip()
    assert all("font-size" in declarations(cell) for cell in tree.css("td"))


def declarations(node: LexborNode) -> dict[str, str]:
    pairs = (pair.partition(":") for pair in (node.attributes.get("style") or "").split(";") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


# --- From right to left ----------------------------------------------------------------------


def test_what_somebody_wrote_turns_no_sentence_round() -> None:
    assert html_isolated("<b>مريم") == '<span dir="auto">&lt;b&gt;مريم</span>'
    assert html_isolated("") == ""


@pytest.mark.parametrize("name", [name for name in EMAILS if name.endswith("right-to-left")])
def test_name_from_right_to_left_is_isolated_wherever_it_stands(name: str) -> None:
    kind, view = EMAILS[name]
    tree = LexborHTMLParser(RENDERER.email(kind, view).html)
    for hidden in tree.css(".preheader, title"):
        hidden.decompose()
    around = re.sub(r'<span dir="auto"[^>]*>[^<]*</span>', "", tree.html or "")
    assert not set(re.split(r"\W+", around)) & set(MARYAM.split())


@in_chromium
def test_number_before_an_arabic_action_stays_before_it(
    chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    kind, view = EMAILS["review-right-to-left"]
    screen = chromium(program("chromium")).new_page(viewport={"width": 768, "height": 900})
    screen.set_content(RENDERER.email(kind, view).html)
    heading = screen.locator("h3").first
    assert heading.evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert heading.locator("span").evaluate("e => getComputedStyle(e).direction") == "rtl"
    screen.close()


# --- In a browser ----------------------------------------------------------------------------


@in_chromium
@pytest.mark.parametrize("width", [320, 768])
def test_text_is_16_px_or_larger_but_for_the_small_print(
    width: int, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    screen = chromium(program("chromium")).new_page(viewport={"width": width, "height": 900})
    assert [(where, small) for where in each_email(screen) if (small := screen.evaluate(SMALL_TEXT))] == []
    screen.close()


@in_chromium
@pytest.mark.parametrize("width", [320, 768])
def test_buttons_are_as_high_as_a_finger_needs(
    width: int, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    screen = chromium(program("chromium")).new_page(viewport={"width": width, "height": 900})
    assert [(where, low) for where in each_email(screen) if (low := screen.evaluate(LOW_BUTTONS))] == []
    screen.close()


@in_chromium
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_stands_out_from_what_is_behind_it(
    scheme: Scheme, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    screen = chromium(program("chromium")).new_page(color_scheme=scheme)
    assert [(where, low) for where in each_email(screen) if (low := screen.evaluate(LOW_CONTRAST))] == []
    screen.close()


@in_chromium
@pytest.mark.parametrize("accent", ["#ffcc00", "#ffffff", "#000000", "#b3123d", "#777777"])
def test_words_stand_out_in_any_accent(
    accent: str, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    renderer = Renderer(accent=accent)
    for scheme in SCHEMES:
        screen = chromium(program("chromium")).new_page(color_scheme=scheme)
        for name in ("homework", "receipt", "question-nobody", "review-long"):
            screen.set_content(renderer.email(*EMAILS[name]).html)
            assert screen.evaluate(LOW_CONTRAST) == [], (scheme, name)
        screen.close()


@in_chromium
@pytest.mark.parametrize("width", [180, 320, 360, 384, 768, 1280])
def test_nobody_has_to_scroll_sideways(
    width: int, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    """180 and 384 are a phone and a tablet at 200% zoom."""
    screen = chromium(program("chromium")).new_page(viewport={"width": width, "height": 900})
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert [where for where in each_email(screen) if screen.evaluate(wide)] == []
    screen.close()


@in_chromium
@pytest.mark.parametrize("width", [320, 360])
def test_no_answer_is_broken_within_a_word(
    width: int, chromium: Callable[[str], Browser], program: Callable[[str], str]
) -> None:
    assert any(LONG_WORDS in str(view) for _, view in EMAILS.values())
    screen = chromium(program("chromium")).new_page(viewport={"width": width, "height": 900})
    broken = """() => [...document.querySelectorAll("td.answer a")]
      .filter((link) => link.getBoundingClientRect().height > 22 * link.textContent.trim().split(" ").length + 22)
      .map((link) => link.textContent)"""
    assert [where for where in each_email(screen) if screen.evaluate(broken)] == []
    screen.close()
