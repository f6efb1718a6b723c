"""Does an action leave open what doing it looks like? 'Think about …', 'try to …', 'be more …', in seven languages.

An amount, a product ('… and write it down') or a colon with more behind it makes the same words specific.
"""

from __future__ import annotations

import re

from mailflow.rules.moments import without_times
from mailflow.rules.patterns import alternatives
from mailflow.rules.vague_phrases import ANYWHERE, GREAT_WORDS, MEASURES, OPENERS, PRODUCTS, STARTS

_OPENER = re.compile(rf"(?:[\s,.:;–-]*(?:{alternatives(OPENERS)})(?:(?<=['’])|(?![\w'’])))*[\s,.:;–-]*", re.IGNORECASE)
_START = re.compile(rf"(?:{alternatives(*STARTS)})(?:(?<=['’])|(?![\w-]))", re.IGNORECASE)
_ANYWHERE = re.compile(rf"(?<![\w-])(?:{alternatives(*ANYWHERE)})(?![\w-])", re.IGNORECASE)
_MEASURE = re.compile(rf"(?<!\w)(?:{alternatives(MEASURES)})(?!\w)|\d", re.IGNORECASE)
_THEN = re.compile(
    rf"(?:,|;|:|&|\+| and| und| et| y| e| en| then| dann)(?: \w+)? (?:{alternatives(PRODUCTS)})(?!\w)", re.IGNORECASE
)
_MORE_BEHIND_COLON = re.compile(r":\s*\S+ \S")
_BEFORE = " ,.:;–-"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BARE = re.compile(rf"(?:\w+[ -])?{GREAT_WORDS}", re.IGNORECASE)
_HOW_OFTEN = re.compile(
    r"(?<!\w)(?:regularly|often|consistently|again|regelmäßig|oft|régulièrement|souvent|regularmente"
    r"|a menudo|regolarmente|spesso"
    r"|regelmatig|vaak|com frequência)(?!\w)",
    re.IGNORECASE,
)


def vague_words(text: str) -> str:
    """The words of the action that leave open when it is done, '' where it is specific."""
    timeless = " ".join(without_times(text).split())
    if _MEASURE.search(timeless) or _THEN.search(timeless) or _MORE_BEHIND_COLON.search(timeless):
        return ""
    opener = _OPENER.match(timeless)
    core = timeless[opener.end() :] if opener else timeless
    found = _START.match(core) or _START.match(timeless.lstrip(_BEFORE)) or _ANYWHERE.search(timeless)
    words = found[0] if found else _bare(core)
    return _as_written(words.strip(_BEFORE + "!"), text)


def _bare(core: str) -> str:
    """One word, or a great word with another before it: 'Relax', 'Time management'."""
    left = _HOW_OFTEN.sub("", core).strip(_BEFORE + "!?")
    return left if (_WORD.fullmatch(left) or _BARE.fullmatch(left)) else ""


def _as_written(words: str, text: str) -> str:
    """The words with the day that stands between them."""
    found = re.search(".*?".join(map(re.escape, words.split())), text) if words else None
    return found[0] if found else ""
