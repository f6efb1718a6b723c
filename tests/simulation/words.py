"""Words that stand nowhere else: whoever finds one in a mail knows whose it is."""

from __future__ import annotations

import re

_CONSONANTS, _VOWELS = "bdfgklmnprstvx", "aeiou"
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS]
_FOUND = re.compile(r"\bzq[a-z]{8}\b")
_LINK = re.compile(r"https?://[^\s\"'<>]+")


class Words:
    """Gives out each word once; spread out, so that no two of one mail look alike."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        number = self._count * 7_654_321 % len(_SYLLABLES) ** 4  # the two have no common factor
        syllables = []
        for _ in range(4):
            number, last = divmod(number, len(_SYLLABLES))
            syllables.append(_SYLLABLES[last])
        return "zq" + "".join(syllables)


def words_in(text: str) -> dict[str, None]:
    """The words of a mail in their order, each once. What stands in a link is noise."""
    return dict.fromkeys(_FOUND.findall(_LINK.sub("", text)))
