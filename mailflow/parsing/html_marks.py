"""Which elements the mail programs mark as the quoted mail, by class, id or name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

Attributes = dict[str, str | None]

# What mail programs call the quoted mail, or the line that introduces it. Its text alone is quoted.
QUOTE_CLASSES = frozenset(
    "yahoo_quoted protonmail_quote tutanota_quote moz-cite-prefix moz-email-headers-table gmail_attr zmail_extra "
    "gmail_quote_attribution bloop_original_html airmail_on airmail_ext_on moz-forward-container freemail_quote "
    "skiff_quote missive_quote blue_quote ntes-mailmaster-quote".split()
)
# GMX and web.de; Fastmail; NetEase; Roundcube, whose blockquote follows.
QUOTE_IDS = frozenset({"ui-quoted", "qt", "isReplyContent", "reply-intro"})
QUOTE_NAMES = frozenset({"quote"})
# Here the quoted mail follows as siblings, not inside: all after it is quoted. Outlook, Outlook for the web, iOS and
# Mac; Hotmail; Zimbra; Roundcube; 139.com; NetEase; Help Scout and Zendesk.
TAIL_IDS = frozenset(
    "divRplyFwdMsg mail-editor-reference-message-container OLK_SRC_BODY_SECTION stopSpelling zwchr "
    "forwardbody1 reply139content isForwardContent origbody replySplit".split()
)
TAIL_CLASSES = frozenset({"ms-outlook-mobile-reference-message", "OutlookMessageHeader", "replyMailHeader"})
TAIL_MARKERS = frozenset({"__DIVIDER__", "__HEADERS__", "__QUOTED_TEXT__"})
TAIL_NAMES = frozenset({"messageReplySection"})
_QUOTED_AGAIN = re.compile(r"(?:x_)+")


class Mark(StrEnum):
    """`quote` is quoted itself, `tail` with all that follows, `gmail` up to the end of the blockquote inside."""

    NONE = "none"
    QUOTE = "quote"
    TAIL = "tail"
    GMAIL = "gmail"


def mark_of(attributes: Attributes, classes: Sequence[str]) -> Mark:
    """`classes` come from class_names."""
    identity, name = attributes.get("id"), attributes.get("name")
    if identity:
        identity = _own(identity)
    if (
        identity in TAIL_IDS
        or name in TAIL_NAMES
        or (classes and not TAIL_CLASSES.isdisjoint(classes))
        or attributes.get("data-marker") in TAIL_MARKERS
    ):
        return Mark.TAIL
    if identity in QUOTE_IDS or name in QUOTE_NAMES or (classes and not QUOTE_CLASSES.isdisjoint(classes)):
        return Mark.QUOTE
    return Mark.GMAIL if "gmail_quote" in classes else Mark.NONE


def class_names(written: str) -> list[str]:
    return [_own(name) for name in written.split()]


def _own(name: str) -> str:
    """As the mail program wrote it: Outlook for the web puts 'x_' before the names in a mail it quotes, Yahoo a word of
    its own before 'yahoo_quoted'."""
    if name.startswith("x_") and (found := _QUOTED_AGAIN.match(name)):
        name = name[found.end() :]
    return "yahoo_quoted" if name.endswith("yahoo_quoted") else name
