"""HTML -> lines that keep list structure, and know where the quoted part begins. One pass, no recursion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.parsing.crowded import uncrowded
from mailflow.parsing.lines import BLANK, MAX_LINE, MAX_LINES, Line, Marker, join_bare_markers, split_marker, tidy

LEVEL = 4
"""Columns of indent for one level of nesting."""

MAX_DEPTH = 1000

BLOCKS = frozenset(
    "address article aside center dd div dl dt fieldset figure footer form header hr li main menu nav ol p pre section "
    "table tbody tfoot thead tr ul blockquote h1 h2 h3 h4 h5 h6 body".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
SKIPPED = frozenset("script style head title template noscript select option textarea svg".split())
LISTS = frozenset({"ul", "ol", "menu"})
BOLD = frozenset({"b", "strong", "u"})
# Elements whose style or class means something; on all others looking it up would be a third of the time.
STYLED = BLOCKS | {"span", "a", "font", "td"}

# What mail programs call the quoted mail, or the line that introduces it. Its text alone is quoted.
QUOTE_CLASSES = frozenset(
    "yahoo_quoted protonmail_quote tutanota_quote moz-cite-prefix moz-email-headers-table gmail_attr zmail_extra "
    "gmail_quote_attribution bloop_original_html airmail_ext_on moz-forward-container freemail_quote".split()
)
# Here the quoted mail follows as siblings, not inside: all after it is quoted. Outlook, Outlook for the web, iOS and
# Mac; Hotmail; Spark; Zimbra.
TAIL_IDS = frozenset(
    "divRplyFwdMsg x_divRplyFwdMsg mail-editor-reference-message-container OLK_SRC_BODY_SECTION stopSpelling "
    "reply-intro".split()
)
TAIL_CLASSES = frozenset({"ms-outlook-mobile-reference-message", "OutlookMessageHeader"})
TAIL_MARKERS = frozenset({"__DIVIDER__", "__HEADERS__", "__QUOTED_TEXT__"})
TAIL_NAMES = frozenset({"messageReplySection"})

# Elements that nest; all others close themselves or the one before.
_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:p|br|li|td|th|tr|dd|dt|hr|img|input|meta|link|col|wbr|option|o:p)\b)[a-z][^<>]{0,2000}", re.IGNORECASE
)
_TELLING_STYLE = re.compile(r"font-weight|white-space|mso-list|(?:margin|padding)-left")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none")
_PRE_STYLE = re.compile(r"white-space\s*:\s*pre")
_INDENTING_STYLE = re.compile(r"border(?:-left)?\s*:\s*(?:none|0(?:px)?\s*(?:;|$))")
# Outlook for Windows draws this line above 'From: … Sent: …' in every language.
_OUTLOOK_HEADER = re.compile(r"border\s*:\s*none\s*;\s*border-top\s*:\s*solid[^;]*;\s*padding\s*:\s*3\.0pt")
_MSO_LEVEL = re.compile(r"mso-list\s*:\s*\S{1,40}\s+level(\d)")
_MARGIN = re.compile(r"(?:margin|padding)-left\s*:\s*(\d{0,4}\.?\d{1,9})\s*(px|pt|in|cm|em|ex)")
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?!\.\d*[1-9])")
_COLUMNS = {"px": 1 / 10, "pt": 1 / 9, "in": 8.0, "cm": 3.2, "em": 1.5, "ex": 0.8}
_SPACES = " \t\n\r\xa0"
_LEADING = re.compile(r"[ \t\n\r]*((?:\xa0[ \t\n\r]*)*)")
Attributes = dict[str, str | None]

_LOOKS_LIKE_URL = re.compile(r"(?:https?://)?[^\s/@]+\.[^\s@]{2,}$|\S+@\S+$")


def to_lines(html: str) -> list[Line]:
    """The lines that a reader sees, with list markers, nesting, headings, and `quoted` where a client marked it."""
    tree = LexborHTMLParser(_shallow(uncrowded(html)))
    root = tree.body or tree.root
    if root is None:
        return []
    page = _Page()
    skipped: int | None = None
    for entering, node in _walk(root):
        if len(page.lines) >= MAX_LINES:
            break
        if skipped is not None:
            if not entering and node.mem_id == skipped:
                skipped = None
        elif not entering:
            page.leave(node)
        elif not page.enter(node):
            skipped = node.mem_id
    page.flush()
    return join_bare_markers(page.lines)


def _shallow(html: str) -> str:
    """The HTML up to where it is nested deeper than any mail is: lexbor needs 7 s for 50,000 nested elements."""
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0
    for tag in _NESTING_TAG.finditer(html):
        depth = depth - (depth > 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: tag.start()]
    return html


def _walk(root: LexborNode) -> Iterator[tuple[bool, LexborNode]]:
    """(entering, node) in document order; 50,000 nested elements are no deeper than one."""
    node: LexborNode | None = root
    path: list[LexborNode] = []
    while node is not None:
        yield True, node
        child = node.child
        if child is not None:
            path.append(node)
            node = child
            continue
        yield False, node
        following = None if node is root else node.next
        while following is None and path:
            parent = path.pop()
            yield False, parent
            following = parent.next if path else None
        node = following


class _Page:
    """The state of a reader's eye going down the page."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.marker = Marker.NONE
        self.ticked = False
        self.lists: list[Marker] = []
        self.mso_indent: int | None = None
        self.margins = 0
        self.bold = 0
        self.heading = 0
        self.pre = 0
        self.quoted = 0
        self.all_quoted = False
        self.lead = False
        self.plain_seen = False
        self.mso_mark: list[str] | None = None
        # What leaving an element undoes: (its id, name of a counter, by how much).
        self.undo: list[tuple[int, str, int]] = []
        self.link: tuple[int, str, int] | None = None

    def enter(self, node: LexborNode) -> bool:
        """False where a reader sees nothing of what is inside."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return True
        if tag in SKIPPED or node.is_comment_node:
            return False
        if tag in BLOCKS:
            self.flush()
        if opening := self._openings.get(tag):
            opening(self, node)
        if tag not in STYLED:
            return True
        attributes = node.attributes
        style = (attributes.get("style") or "").lower() if attributes else ""
        if style and _HIDDEN_STYLE.search(style):
            return False
        self._attributes(node, tag, attributes, style)
        return True

    def _break(self, _node: LexborNode) -> None:
        self.flush(blank=True)

    def _embolden(self, node: LexborNode) -> None:
        self._count(node, "bold")

    def _head(self, node: LexborNode) -> None:
        self._gap()
        self._count(node, "heading")

    def _list(self, node: LexborNode) -> None:
        self.lists.append(Marker.NUMBER if node.tag == "ol" else Marker.BULLET)

    def _preformat(self, node: LexborNode) -> None:
        self._count(node, "pre")

    def _picture(self, node: LexborNode) -> None:
        """Gmail and Outlook send emoji as pictures."""
        alt = node.attributes.get("alt") or ""
        if 0 < len(alt) <= 3 and not alt.isalnum():
            self._text(alt)

    def _text(self, text: str) -> None:
        if self.mso_mark is not None:
            self.mso_mark.append(text)
        elif self.pre and "\n" in text:
            first, *rest = text.replace("\r\n", "\n").split("\n", MAX_LINES)
            self.words.append(first)
            for line in rest:
                self.flush(blank=True)
                self.words.append(line.replace(" ", "\xa0") if not line.strip() or line[0] == " " else line)
        else:
            self.words.append(text)
            if not self.bold and not self.heading and text.strip(" \t\r\n\xa0:*"):
                self.plain_seen = True

    def _list_item(self, node: LexborNode) -> None:
        self.marker = self.lists[-1] if self.lists else Marker.BULLET
        attributes = node.attributes
        checked = attributes.get("data-checked") or attributes.get("aria-checked")
        if checked is not None:
            self.marker, self.ticked = Marker.CHECKBOX, checked == "true"

    def _checkbox(self, node: LexborNode) -> None:
        attributes = node.attributes
        if (attributes.get("type") or "").lower() == "checkbox":
            self.marker, self.ticked = Marker.CHECKBOX, "checked" in attributes

    def _attributes(self, node: LexborNode, tag: str, attributes: Attributes, style: str) -> None:
        classes = (attributes.get("class") or "").split() if attributes else []
        if tag == "blockquote":
            self._blockquote(node, attributes, style, classes)
        if tag in BLOCKS and attributes and not self._is_quoted:
            self._quotes(node, attributes, style, classes)
        if style:
            self._style(node, tag, style)
        if tag == "p":
            self._paragraph(style, classes)
        elif tag == "a" and self.link is None and (attributes.get("href") or "").startswith(("http://", "https://")):
            self.link = (node.mem_id, attributes["href"] or "", len(self.words))

    def _blockquote(self, node: LexborNode, attributes: Attributes, style: str, classes: list[str]) -> None:
        """A quote, unless Gmail, Apple Mail or Outlook use the element to indent what is being written."""
        indents = "webkit-indent-blockquote" in classes or _INDENTING_STYLE.search(style)
        if indents and attributes.get("type") != "cite" and "gmail_quote" not in classes:
            self._count(node, "margins", LEVEL)
        else:
            self._count(node, "quoted")

    def _quotes(self, node: LexborNode, attributes: Attributes, style: str, classes: list[str]) -> None:
        if (
            attributes.get("id") in TAIL_IDS
            or attributes.get("name") in TAIL_NAMES
            or not TAIL_CLASSES.isdisjoint(classes)
            or attributes.get("data-marker") in TAIL_MARKERS
            or _OUTLOOK_HEADER.search(style)
        ):
            self.all_quoted = True
        elif not QUOTE_CLASSES.isdisjoint(classes) or attributes.get("name") == "quote":
            self._count(node, "quoted")
        elif "gmail_quote" in classes:
            # The attribution, the quote, and then perhaps an answer below it; a forward has no blockquote inside.
            self.lead = node.css_first("blockquote") is not None
            self._count(node, "quoted")

    def _style(self, node: LexborNode, tag: str, style: str) -> None:
        if not _TELLING_STYLE.search(style):
            return
        if _BOLD_STYLE.search(style):
            self._count(node, "bold")
        if _PRE_STYLE.search(style):
            self._count(node, "pre")
        if "mso-list:ignore" in style.replace(" ", "") and self.mso_mark is None:
            self.mso_mark = []
            self._count(node, "mso", 0)
        elif tag in ("p", "div") and (margin := _MARGIN.search(style)):
            self._count(node, "margins", min(int(float(margin[1]) * _COLUMNS[margin[2]]), 200))

    def _paragraph(self, style: str, classes: list[str]) -> None:
        level = _MSO_LEVEL.search(style)
        if level:
            self.marker = Marker.BULLET
            self.mso_indent = (int(level[1]) - 1) * LEVEL
        is_word = any(name.lower().startswith("mso") for name in classes) or "p1" in classes
        if not is_word and not _NO_MARGIN.search(style) and not self.lists:
            self._gap()

    def _count(self, node: LexborNode, counter: str, by: int = 1) -> None:
        if by:
            setattr(self, counter, getattr(self, counter) + by)
        self.undo.append((node.mem_id, counter, by))

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "-text":
            return
        if self.link and node.mem_id == self.link[0]:
            self._end_link()
        if tag in BLOCKS:
            self.flush()
        elif tag in ("td", "th"):
            self.words.append(" ")
        if tag == "li":
            self.marker = Marker.NONE
        elif tag in LISTS and self.lists:
            self.lists.pop()
            if not self.lists:
                self._gap()
        while self.undo and self.undo[-1][0] == node.mem_id:
            _, counter, by = self.undo.pop()
            if counter == "mso":
                self._end_mso_mark()
            elif by:
                setattr(self, counter, getattr(self, counter) - by)
        if tag == "blockquote" and self.lead and self.quoted == 1:
            self.lead = False
            self._end_lead()

    def _end_lead(self) -> None:
        """Below the blockquote of a gmail_quote: what stands there was typed below the quote."""
        at = max(index for index, (_, counter, _) in enumerate(self.undo) if counter == "quoted")
        self.undo[at] = (self.undo[at][0], "quoted", 0)
        self.quoted -= 1

    def _end_link(self) -> None:
        """Where a link leads is part of what was written, unless the text says it already."""
        assert self.link
        _, href, start = self.link
        self.link = None
        text = tidy("".join(self.words[start:]))
        if text and len(href) <= 500 and not self.quoted and not _LOOKS_LIKE_URL.match(text):
            self.words.append(f" ({href})")

    def _end_mso_mark(self) -> None:
        """Word writes the bullet or the number itself, in a span that says to ignore it."""
        mark = tidy("".join(self.mso_mark or []))
        self.mso_mark = None
        if self.marker is not Marker.NONE or self.mso_indent is not None:
            numbered = mark[-1:] in (".", ")") and mark[:-1].strip("(").isalnum()
            self.marker = Marker.NUMBER if numbered else Marker.BULLET

    def _gap(self) -> None:
        self.flush()
        if self.lines and not self.lines[-1].blank:
            self.lines.append(replace(BLANK, quoted=self.lines[-1].quoted and self._is_quoted))

    @property
    def _is_quoted(self) -> bool:
        return bool(self.quoted) or self.all_quoted

    def flush(self, *, blank: bool = False) -> None:
        """Ends the line. `blank` is a line break: it makes an empty line where nothing was written since the last."""
        raw = "".join(self.words)[:MAX_LINE] if self.words else ""
        self.words.clear()
        text = tidy(raw)
        if not text:
            if blank or "\xa0" in raw:
                self.lines.append(Line("", quoted=self._is_quoted))
            return
        heading = bool(self.heading) or not self.plain_seen
        self.lines.append(self._line(text, raw, heading))
        self.plain_seen = False
        self.marker, self.ticked, self.mso_indent = Marker.NONE, False, None
        self.link = None

    def _line(self, text: str, raw: str, heading: bool) -> Line:
        typed = split_marker(raw)
        indent = self.margins
        if raw[0] in _SPACES and (leading := _LEADING.match(raw)):
            indent += leading[1].count("\xa0")
        if self.lists:
            # Text of an item below its first line stands deeper than its marker.
            indent += (len(self.lists) - 1) * LEVEL + (0 if self.marker is not Marker.NONE else LEVEL // 2)
        elif self.mso_indent is not None:
            indent = self.mso_indent
        quoted = self._is_quoted
        if self.marker is Marker.NONE or typed.marker is Marker.CHECKBOX:
            return Line(
                typed.text, indent + typed.indent, typed.marker, typed.ticked, quoted or text[0] == ">", heading
            )
        return Line(text, indent, self.marker, self.ticked, quoted, heading)

    _openings: ClassVar[dict[str, Callable[[_Page, LexborNode], None]]] = {
        "br": _break,
        **dict.fromkeys(BOLD, _embolden),
        **dict.fromkeys(HEADINGS, _head),
        **dict.fromkeys(LISTS, _list),
        "li": _list_item,
        "pre": _preformat,
        "input": _checkbox,
        "img": _picture,
    }
