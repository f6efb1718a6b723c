"""A style attribute -> what it says that matters for reading a note: is it seen, bold, indented, an item of Word's?"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEVEL = 4
"""Columns of indent for one level of nesting."""

_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_MSO_LEVEL = re.compile(r"mso-list\s*:\s*\S{1,40}\s+level(\d)")
_MSO_MARK = re.compile(r"mso-list\s*:\s*ignore")
_MARGIN = re.compile(r"(?:margin|padding)-left\s*:\s*(\d{0,4}\.?\d{1,9})\s*(px|pt|in|cm|em|ex)")
_COLUMNS = {"px": 1 / 10, "pt": 1 / 9, "in": 8.0, "cm": 3.2, "em": 1.5, "ex": 0.8}
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0(?!\.\d*[1-9])")
_NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0(?:px)?\s*(?:;|$))")
# Outlook for Windows draws this line above 'From: … Sent: …' in every language.
_OUTLOOK_HEADER = re.compile(r"border\s*:\s*none\s*;\s*border-top\s*:\s*solid[^;]*;\s*padding\s*:\s*3\.0pt")
# What senders of newsletters write to hide the line that a list of mails shows, and Word for hidden text.
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
)
_NO_HEIGHT = re.compile(r"(?<![-\w])(?:max-)?height\s*:\s*0(?:px|pt)?\s*(?:;|!|$)")
_OVERFLOW_HIDDEN = re.compile(r"overflow\s*:\s*hidden")
_SIZE = re.compile(r"font-size\s*:\s*(0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|!|$))?")


@dataclass(frozen=True, slots=True)
class Style:
    """`margin` is in columns; `level` is Word's level of a list, from 1; `tiny` is None where no size is set."""

    hidden: bool = False
    bold: bool = False
    pre: bool = False
    tiny: bool | None = None
    margin: int = 0
    no_margin: bool = False
    no_border: bool = False
    mso_level: int = 0
    mso_mark: bool = False
    outlook_header: bool = False


PLAIN = Style()


def read_style(style: str) -> Style:
    """Of the text of a style attribute, in any case."""
    style = style.lower()
    size = _SIZE.search(style)
    margin = _MARGIN.search(style)
    level = _MSO_LEVEL.search(style)
    return Style(
        hidden=bool(_HIDDEN.search(style) or (_NO_HEIGHT.search(style) and _OVERFLOW_HIDDEN.search(style))),
        bold=_BOLD.search(style) is not None,
        pre=_PRE.search(style) is not None,
        tiny=size[1] is not None if size else None,
        margin=min(int(float(margin[1]) * _COLUMNS[margin[2]]), 200) if margin else 0,
        no_margin=_NO_MARGIN.search(style) is not None,
        no_border=_NO_BORDER.search(style) is not None,
        mso_level=int(level[1]) if level else 0,
        mso_mark=_MSO_MARK.search(style) is not None,
        outlook_header=_OUTLOOK_HEADER.search(style) is not None,
    )
