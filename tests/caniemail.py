"""What mail programs don't support, by caniemail.com's tests, and where an email uses it.

`tests/caniemail.json` is an extract of the npm package caniemail (MIT), which carries the data: each feature's title,
and the programs of PROGRAMS that don't support it. So the lint needs no network and no Node.js. Remade in an empty
folder by

    npm install caniemail && python -m tests.caniemail node_modules/caniemail
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

EXTRACT = Path(__file__).with_name("caniemail.json")
PROGRAMS = {
    "apple-mail": ("macos", "ios"),
    "gmail": ("desktop-webmail", "ios", "android", "mobile-webmail"),
    "outlook": ("windows", "macos", "outlook-com", "ios", "android"),
    "samsung-email": ("android",),
    "yahoo": ("desktop-webmail", "ios", "android"),
}
PROPERTY = re.compile(r"[a-z]+(?:-[a-z]+)*")
SELECTORS = {
    "Adjacent sibling combinator": r"\+",
    "Attribute selector": r"\[",
    "Chaining selectors": r"\.[\w-]+\.",
    "Child combinator": r">",
    "Class selector": r"\.",
    "Descendant combinator": r"\S\s+[\w.#*\[]",
    "General sibling combinator": r"~",
    "Grouping selectors": r",",
    "ID selector": r"#",
    "Type selector": r"(^|[\s,>+~])[a-z]",
    "Universal selector *": r"\*",
    "CSS Nesting": r"&",
}
OTHER_PROPERTIES = {
    "css column properties": ("column", "columns"),
    "border-radius logical properties": ("border-start-start-radius", "border-end-end-radius"),
    "grid-template-* properties": ("grid-template",),
}
OTHER_MARKUP = {
    "CSS comments": r"(?s)<style.*?/\*.*?</style",
    "HTML5 doctype": r"(?i)<!doctype html>",
    "HTML comments": r"<!--",
    "HTML5 semantics": r"<(article|aside|details|figure|figcaption|footer|header|main|mark|nav|section|time)\b",
    "Image maps": r"<map\b",
    "Local anchors": r'href="#',
    "address": r"<address\b",
    "color-scheme meta tag": r'<meta name="color-scheme"',
    "mailto: links": r'href="mailto:',
    "Base 64 image format": r"data:image/",
    "Video as Image Assets": r"<video\b|\.mp4\b",
}


@dataclass(frozen=True)
class Usage:
    """What an email is made of: its HTML, the selectors and at-rules of its style sheet, and all declarations."""

    html: str
    tags: frozenset[str]
    attributes: frozenset[str]
    selectors: tuple[str, ...]
    at_rules: tuple[str, ...]
    declarations: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, html: str) -> Usage:
        tree = LexborHTMLParser(html)
        nodes = tree.css("*")
        sheet = re.sub(r"(?s)/\*.*?\*/", "", "".join(style.text() for style in tree.css("style")))
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"@[^{}]*\{", "", sheet))
        bodies = [node.attributes.get("style") or "" for node in nodes] + [body for _, body in rules]
        pairs = (pair.partition(":") for body in bodies for pair in body.split(";") if ":" in pair)
        return cls(
            html=html,
            tags=frozenset(node.tag or "" for node in nodes),
            attributes=frozenset(name for node in nodes for name in node.attributes),
            selectors=tuple(selector.strip() for selector, _ in rules),
            at_rules=tuple(re.findall(r"@[^{};]+", sheet)),
            declarations=frozenset((name.strip(), value.strip()) for name, _, value in pairs),
        )


def unsupported(html: str) -> dict[str, tuple[str, ...]]:
    """Each feature that the email uses and somebody doesn't support, with the programs."""
    usage = Usage.of(html)
    return {title: programs for title, programs in known().items() if uses(usage, title)}


@cache
def known() -> dict[str, tuple[str, ...]]:
    return {title: tuple(programs) for title, programs in json.loads(EXTRACT.read_text("utf-8"))["unsupported"].items()}


def uses(usage: Usage, title: str) -> bool:
    """Whether an email uses what caniemail calls by this title. Raises ValueError for a title of no known kind."""
    if title in OTHER_MARKUP:
        return bool(re.search(OTHER_MARKUP[title], usage.html))
    if title in SELECTORS:
        return any(re.search(SELECTORS[title], selector) for selector in usage.selectors)
    if title.startswith("@"):
        return any(rule.startswith(wanted) for wanted in title.split(", ") for rule in at_rules(usage, wanted))
    if title.startswith(":") or title == "lang()":
        return any(title.removesuffix("()") in selector for selector in usage.selectors)
    if elements := re.findall(r"<(\w+)", title):
        typed = re.search(r'(\w+="\w+")', title)
        return bool(usage.tags & set(elements)) and (typed is None or typed[1] in usage.html)
    if title.endswith((" attribute", " attributes")):
        return bool(usage.attributes & set(re.split(r" and | attributes?$", title)))
    if title.endswith(" image format"):
        return bool(re.search(rf"(?i)\.{title.split()[-3]}\b", usage.html))
    return uses_css(usage, title)


def uses_css(usage: Usage, title: str) -> bool:
    values = [value for _, value in usage.declarations]
    if title == "CSS Variables (Custom Properties)":
        return any("var(" in value for value in values)
    if functions := re.findall(r"([a-z-]+)\(\)", title):
        return any(re.search(rf"\b{function}\(", value) for function in functions for value in values)
    if title.endswith(" unit"):
        return any(re.search(rf"(\d|\b){re.escape(title.split(maxsplit=1)[0])}", value) for value in values)
    if title.endswith(" keyword"):
        return any(title.split(maxsplit=1)[0] in value for value in values)
    if title.startswith(("fit-content", "system-ui")):
        return any(re.search(rf"(?<![\w-]){word}(?![\w-])", value) for word in title.split(", ") for value in values)
    if pair := re.fullmatch(r"([a-z-]+): ?([a-z-]+)", title):
        return (pair[1], pair[2]) in {(name, value.split("!")[0].strip()) for name, value in usage.declarations}
    plain = re.sub(r"( individual| longhand)? ?(logical )?(CSS )?(property|properties|shorthand)?$", "", title.strip())
    names = OTHER_PROPERTIES.get(title) or tuple(re.split(r", | & ", plain))
    if not all(PROPERTY.fullmatch(name) for name in names):
        raise ValueError(f"caniemail has a feature of a new kind: {title}")
    return any(used == name or used.startswith(f"{name}-") for used, _ in usage.declarations for name in names)


def at_rules(usage: Usage, wanted: str) -> list[str]:
    """As titles are written: '@media (prefers-color-scheme)' for '@media (prefers-color-scheme: dark)'."""
    return [re.sub(r":[^)]*", "", rule).strip() if "(" in wanted else rule for rule in usage.at_rules]


def main(package: Path) -> None:
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    data = json.loads((package / "data" / "caniemail.json").read_text("utf-8"))
    extract = {
        "source": f"npm caniemail {version} (MIT, Avi Goldman and Andrew Powell), data of caniemail.com",
        "tested": data["last_update_date"][:10],
        "unsupported": {
            feature["title"]: programs
            for feature in data["data"]
            if feature["category"] != "others" and (programs := without(feature["stats"]))
        },
    }
    EXTRACT.write_text(json.dumps(extract, indent=1, ensure_ascii=False) + "\n", "utf-8")


def without(stats: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """The programs whose newest tested version answers 'n'."""
    return [
        f"{family}.{where}"
        for family, places in PROGRAMS.items()
        for where in places
        if (tests := stats.get(family, {}).get(where)) and tests[max(tests)].startswith("n")
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
