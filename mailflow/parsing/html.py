"""HTML -> lines that keep list structure, and know where the quoted part begins. One pass, no recursion."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.parsing.crowded import uncrowded
from mailflow.parsing.html_marks import Attributes, Mark, class_names, mark_of
from mailflow.parsing.html_style import LEVEL, PLAIN, Style, read_style
from mailflow.parsing.lines import BLANK, MAX_LINE, MAX_LINES, Line, Marker, join_bare_markers, split_marker, tidy

MAX_DEPTH = 1000
HARMLESS = 3000
"""Openings that cannot be nested deep enough to cost lexbor more than some milliseconds."""
MAX_ROWS = 100

CELL_END = "\x1f"
"""The unit separator of ASCII, which is white space to everything but tables.py."""

BLOCKS = frozenset(
    "address article aside center dd div dl dt fieldset figure footer form header hr li main menu nav ol p pre section "
    "table tbody tfoot thead tr ul blockquote h1 h2 h3 h4 h5 h6 body".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
STRUCK_OUT = frozenset("s strike del".split())
SKIPPED = STRUCK_OUT | frozenset(
    "-comment script style head title template noscript select option textarea svg".split()
)
LISTS = frozenset({"ul", "ol", "menu"})
BOLD = frozenset({"b", "strong", "u"})
# Elements whose style or class means something; on all others looking it up would be a third of the time.
STYLED = BLOCKS | {"span", "a", "font", "td"}
# Elements that may carry a mail program's mark of a quote.
MARKED = BLOCKS | {"span"}
CLOSED = BLOCKS | {"td", "th"}

# Elements that nest; all others close themselves or the one before.
_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:p|br|li|td|th|tr|dd|dt|hr|img|input|meta|link|col|wbr|option|o:p)\b)[a-z][^<>]{0,2000}", re.IGNORECASE
)
_SPACES = " \t\n\r\xa0"
# A space counts beside one that does not break: Gmail writes two columns as '&nbsp; '.
_LEADING = re.compile(r"[ \t\n\r]*((?:\xa0[ \t\n\r]*)*)")
_GAP = re.compile(r"\xa0|[ \t\n\r]+")
_NO_ATTRIBUTES: Attributes = {}
_BLANK_QUOTED = replace(BLANK, quoted=True)

_QUILL_INDENT = re.compile(r"\bql-indent-(\d)")
_LOOKS_LIKE_URL = re.compile(r"(?:https?://)?[^\s/@]+\.[^\s@]{2,}$|\S+@\S+$")


def to_lines(html: str) -> list[Line]:
    """The lines that a reader sees, with list markers, nesting, headings, and `quoted` where a client marked it."""
    tree = LexborHTMLParser(_shallow(uncrowded(html)))
    root = tree.body or tree.root
    page = _Page()
    if root is not None:
        page.read(root)
    page.flush()
    return join_bare_markers(page.lines)


def _shallow(html: str) -> str:
    """The HTML up to where it is nested deeper than any mail is: lexbor needs 7 s for 50,000 nested elements."""
    if html.count("<") - html.count("</") <= HARMLESS:
        return html
    depth = 0
    for tag in _NESTING_TAG.finditer(html):
        depth = depth - (depth > 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: tag.start()]
    return html


def _is_grid(table: LexborNode) -> bool:
    """A table of data: rows of as many short cells, without tables inside. Most tables in mail are layout."""
    if len(table.css("table")) > 1 or table.css_first("img, blockquote, pre, input") is not None:
        return False
    rows = table.css("tr")[: MAX_ROWS + 1]
    widths = {len(row.css("td, th")) for row in rows}
    return (
        2 <= len(rows) <= MAX_ROWS
        and len(widths) == 1
        and 2 <= min(widths) <= 8
        and all(len(cell.text()) <= 500 and len(cell.css("li")) <= 1 for cell in table.css("td, th"))
    )


class _Page:
    """The state of a reader's eye going down the page."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.marker = Marker.NONE
        self.ticked = False
        self.lists: list[Marker] = []
        self.item_level = 0
        self.mso_indent: int | None = None
        self.margins = 0
        self.bold = 0
        self.heading = 0
        self.pre = 0
        self.grid = 0
        self.quoted = 0
        self.all_quoted = False
        self.lead = False
        self.plain_seen = False
        self.mso_mark: list[str] | None = None
        self.tiny = 0
        self.depth = 0
        self.styles: dict[str, Style] = {}
        # What leaving an element undoes: (its depth, name of a counter, by how much).
        self.undo: list[tuple[int, str, int]] = []
        self.link: tuple[int, str, int] | None = None

    def read(self, root: LexborNode) -> None:
        """Enters and leaves each node in document order; the path takes the place of recursion."""
        node: LexborNode | None = root
        path: list[tuple[LexborNode, str]] = []
        lines, text, enter, leave = self.lines, self._text, self._enter, self._leave
        while node is not None and len(lines) < MAX_LINES:
            tag = node.tag or ""
            if tag == "-text":
                text(node.text_content or "")
            elif tag not in SKIPPED and enter(node, tag):
                child = node.child
                if child is not None:
                    path.append((node, tag))
                    node = child
                    continue
                leave(tag)
            following = node.next if path else None
            while following is None and path:
                parent, tag = path.pop()
                leave(tag)
                following = parent.next if path else None
            node = following

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """False where a reader sees nothing of what is inside."""
        style, attributes = PLAIN, _NO_ATTRIBUTES
        if tag in STYLED:
            attributes = node.attributes
            if attributes and (written := attributes.get("style")):
                style = self.styles.get(written) or self.styles.setdefault(written, read_style(written))
                if style.hidden:
                    return False
        self.depth += 1
        if self.words and tag in BLOCKS and (not self.grid or tag == "tr"):
            self.flush()
        if opening := _OPENINGS.get(tag):
            opening(self, node)
        if attributes:
            self._attributes(node, tag, attributes, style)
        elif tag == "blockquote":
            self._count("quoted")
        elif tag == "p" and not self.lists:
            self._gap()
        return True

    def line_break(self, _node: LexborNode) -> None:
        if self.grid:
            self.words.append(" ")
        else:
            self.flush(blank=True)

    def open_table(self, node: LexborNode) -> None:
        if _is_grid(node):
            self._count("grid")

    def embolden(self, _node: LexborNode) -> None:
        self._count("bold")

    def head(self, _node: LexborNode) -> None:
        self._gap()
        self._count("heading")

    def open_list(self, node: LexborNode) -> None:
        self.lists.append(Marker.NUMBER if node.tag == "ol" else Marker.BULLET)

    def preformat(self, _node: LexborNode) -> None:
        self._count("pre")

    def picture(self, node: LexborNode) -> None:
        """Gmail and Outlook send emoji as pictures."""
        alt = node.attributes.get("alt") or ""
        if 0 < len(alt) <= 3 and not alt.isalnum():
            self._text(alt)

    def _text(self, text: str) -> None:
        if self.mso_mark is not None:
            self.mso_mark.append(text)
        elif self.pre and "\n" in text:
            first, *rest = text.replace("\r\n", "\n").expandtabs(4).split("\n", MAX_LINES)
            self.words.append(first)
            for line in rest:
                self.flush(blank=True)
                self.words.append(line.replace(" ", "\xa0") if not line.strip() or line[0] == " " else line)
        elif (self.words or self.pre or text.strip(" \t\r\n")) and not self.tiny:
            self.words.append(text)
            if not (self.plain_seen or self.bold or self.heading) and text.strip(" \t\r\n\xa0:*"):
                self.plain_seen = True

    def open_item(self, node: LexborNode) -> None:
        self.marker = self.lists[-1] if self.lists else Marker.BULLET
        attributes = node.attributes
        if not attributes:
            return
        self.item_level = _item_level(attributes)
        checked = attributes.get("data-checked") or attributes.get("aria-checked")
        if checked is not None:
            self.marker, self.ticked = Marker.CHECKBOX, checked == "true"

    def checkbox(self, node: LexborNode) -> None:
        attributes = node.attributes
        if (attributes.get("type") or "").lower() == "checkbox":
            self.marker, self.ticked = Marker.CHECKBOX, "checked" in attributes

    def _attributes(self, node: LexborNode, tag: str, attributes: Attributes, style: Style) -> None:
        named = attributes.get("class")
        classes = class_names(named) if named else []
        if tag == "blockquote":
            self._blockquote(attributes, style, classes)
        if tag in MARKED and not self._is_quoted:
            self._quotes(node, attributes, style, classes)
        if style is not PLAIN:
            self._style(tag, style)
        if tag == "p":
            self._paragraph(style, classes)
        elif tag == "a" and self.link is None and (attributes.get("href") or "").startswith(("http://", "https://")):
            self.link = (self.depth, attributes["href"] or "", len(self.words))

    def _blockquote(self, attributes: Attributes, style: Style, classes: list[str]) -> None:
        """A quote, unless Gmail, Apple Mail or Outlook use the element to indent what is being written."""
        indents = "webkit-indent-blockquote" in classes or style.no_border
        if indents and attributes.get("type") != "cite" and "gmail_quote" not in classes:
            self._count("margins", LEVEL)
        else:
            self._count("quoted")

    def _quotes(self, node: LexborNode, attributes: Attributes, style: Style, classes: list[str]) -> None:
        mark = Mark.TAIL if style.outlook_header else mark_of(attributes, classes)
        if mark is Mark.TAIL:
            self.all_quoted = True
        elif mark is Mark.GMAIL:
            # The attribution, the quote, and then perhaps an answer below it; a forward has no blockquote inside.
            self.lead = node.css_first("blockquote") is not None
            self._count("quoted")
        elif mark is Mark.QUOTE:
            self._count("quoted")

    def _style(self, tag: str, style: Style) -> None:
        if style.bold:
            self._count("bold")
        if style.pre:
            self._count("pre")
        if style.tiny is not None and style.tiny != bool(self.tiny):
            # Layouts set the size of a whole table to 0 and give it back to each text inside.
            self._count("tiny", 1 if style.tiny else -1)
        if style.mso_mark and self.mso_mark is None:
            self.mso_mark = []
            self._count("mso", 0)
        elif style.margin and tag in ("p", "div"):
            self._count("margins", style.margin)

    def _paragraph(self, style: Style, classes: list[str]) -> None:
        if style.mso_level:
            self.marker = Marker.BULLET
            self.mso_indent = (style.mso_level - 1) * LEVEL
        is_word = any(name[:3] in ("Mso", "mso") for name in classes) or "p1" in classes
        if not is_word and not style.no_margin and not self.lists:
            self._gap()

    def _count(self, counter: str, by: int = 1) -> None:
        if by:
            setattr(self, counter, getattr(self, counter) + by)
        self.undo.append((self.depth, counter, by))

    def _leave(self, tag: str) -> None:
        if self.link and self.depth == self.link[0]:
            self._end_link()
        if tag in CLOSED:
            self._close(tag)
        while self.undo and self.undo[-1][0] == self.depth:
            _, counter, by = self.undo.pop()
            if counter == "mso":
                self._end_mso_mark()
            elif by:
                setattr(self, counter, getattr(self, counter) - by)
        self.depth -= 1
        if self.lead and tag == "blockquote" and self.quoted == 1:
            self.lead = False
            self._end_lead()

    def _close(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.words.append(CELL_END if self.grid else " ")
        elif self.words:
            self._end_block(tag)
        if tag == "li":
            self.marker = Marker.NONE
            self.item_level = 0
        elif tag in LISTS and self.lists:
            self.lists.pop()
            if not self.lists:
                self._gap()

    def _end_block(self, tag: str) -> None:
        if self.grid and tag not in ("tr", "table"):
            self.words.append(" ")
        else:
            self.flush()

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
        if self.grid:
            return
        self.flush()
        if self.lines and not self.lines[-1].blank:
            self.lines.append(replace(BLANK, quoted=self.lines[-1].quoted and self._is_quoted))

    @property
    def _is_quoted(self) -> bool:
        return bool(self.quoted) or self.all_quoted

    def flush(self, *, blank: bool = False) -> None:
        """Ends the line. `blank` is a line break: it makes an empty line where nothing was written since the last."""
        if not self.words:
            if blank:
                self.lines.append(_BLANK_QUOTED if self._is_quoted else BLANK)
            return
        raw = "".join(self.words)[:MAX_LINE]
        self.words.clear()
        text = tidy(raw)
        if not text:
            if blank or "\xa0" in raw:
                self.lines.append(_BLANK_QUOTED if self._is_quoted else BLANK)
            return
        line = self._line(text, raw)
        if self.grid:
            line = replace(line, cells=tuple(tidy(cell) for cell in raw.split(CELL_END))[:-1])
        self.lines.append(line)
        self.plain_seen = False
        self.marker, self.ticked, self.mso_indent = Marker.NONE, False, None
        self.link = None

    def _line(self, text: str, raw: str) -> Line:
        heading = bool(self.heading) or not self.plain_seen
        indent = self.margins
        if raw[0] in _SPACES and (leading := _LEADING.match(raw)):
            indent += len(_GAP.findall(leading[1]))
        if self.lists:
            # Text of an item below its first line stands deeper than its marker.
            indent += max(len(self.lists) - 1, self.item_level) * LEVEL + (
                0 if self.marker is not Marker.NONE else LEVEL // 2
            )
        elif self.mso_indent is not None:
            indent = self.mso_indent
        quoted = self._is_quoted
        typed = split_marker(raw)
        if self.marker is Marker.NONE or typed.marker is Marker.CHECKBOX:
            if not (indent or heading or quoted or text[0] == ">"):
                return typed
            return Line(
                typed.text,
                indent + typed.indent,
                typed.marker,
                typed.ticked,
                quoted or text[0] == ">",
                heading,
                sign=typed.sign,
                typed=typed.typed,
            )
        return Line(text, indent, self.marker, self.ticked, quoted, heading)


_OPENINGS: dict[str, Callable[[_Page, LexborNode], None]] = {
    "br": _Page.line_break,
    **dict.fromkeys(BOLD, _Page.embolden),
    **dict.fromkeys(HEADINGS, _Page.head),
    **dict.fromkeys(LISTS, _Page.open_list),
    "li": _Page.open_item,
    "pre": _Page.preformat,
    "table": _Page.open_table,
    "input": _Page.checkbox,
    "img": _Page.picture,
}


def _item_level(attributes: Attributes) -> int:
    """From 0: Word and Google Docs write nested items into lists of their own, Quill into the same one."""
    level = attributes.get("data-aria-level") or attributes.get("aria-level") or ""
    if level.isdecimal() and len(level) < 3:
        return int(level) - 1
    indented = _QUILL_INDENT.search(attributes.get("class") or "")
    return int(indented[1]) if indented else 0
