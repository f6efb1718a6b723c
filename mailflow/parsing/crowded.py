"""HTML -> the same without tags that have more attributes than any mail's: lexbor compares each attribute of a tag with
all before it, and needs 20 s for 100,000."""

from __future__ import annotations

import re

HARMLESS = 50_000
"""Characters in which no tag can be crowded enough to cost time."""

# Attributes as a browser takes them apart: a value in quotes may hold a '>', a name even a quote or a '<'.
_CROWDED_TAG = re.compile(
    r"<[a-zA-Z][^\s/>]*+"
    r"(?:[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+){50}"
)


def uncrowded(html: str) -> str:
    """What stands in such a tag behind its fiftieth attribute becomes text; nothing that follows it is lost."""
    return _CROWDED_TAG.sub("", html) if len(html) > HARMLESS else html
