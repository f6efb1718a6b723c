"""The words of an action, and the tokens of the due grammar that they may stand for (due_words.py)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from mailflow.parsing.due_words import (
    ADDS_NOTHING,
    CLOCK_WORDS,
    DAY_SUFFIXES,
    LATEST,
    LINKS,
    NO_DAY_AFTER,
    SHORT_WEEKDAYS,
    TABLE,
    TIMES_OF_DAY,
)

MAX_READINGS = 16
"""Words that may stand for several tokens each multiply; what people write is found among the first six."""

WEEKDAYS = {f"d{number}": number for number in range(7)}
CUES = frozenset("BY BEFORE ON ONDATE IN AFTER WITHIN DUE FOR AT DURING".split())
_ONLY_RECURRING = frozenset("LEAST EVERY EVERYFEW OTHER TIMES PER PART PARTS MINUTE RECUR AND TO".split())
_ALSO_RECURRING = frozenset("DAY JOUR HOUR WEEK MONTH YEAR WEEKEND TOMORROW ON AT IN THE FROM THIS".split())
_WITHIN_A_DAY = frozenset("ON IN AFTER".split())

# A date in figures; a French or Italian article with its apostrophe; or a word, up to a hyphen.
_WORD = re.compile(r"\d+(?:[/.:-]\d+)+\.?|(?:dell|jusqu|qu|d|l)['’](?=\w)|[^\s,;()\[\]–—/-]+", re.IGNORECASE)
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.|er|e|de|ste|º|°|ª)?$")
_TIMES = re.compile(r"(\d{1,2})x$")

Tokens = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Word:
    """A word of an action as it is compared, and where it stands."""

    folded: str
    start: int
    end: int


def split_words(text: str, start: int, end: int) -> list[Word]:
    words = (Word(_fold(found[0]), found.start(), found.end()) for found in _WORD.finditer(text, start, end))
    return [word for word in words if word.folded]


def _fold(word: str) -> str:
    """In lower case and without accents, so that 'Février' and 'fevrier' are one word.

    A letter alone keeps its accent: French 'à' is a cue, English 'a' is not. A short weekday gets a full stop, as in
    the table: 'bis Do' is Thursday, 'bis do' is nothing.
    """
    word = word.replace("’", "'").rstrip(":'!?\"")
    short_weekday = word.istitle() and word.lower() in SHORT_WEEKDAYS
    word = word.lower()
    word = word.removesuffix("'s") or word
    if not word.isascii() and len(word := unicodedata.normalize("NFC", word)) > 1:
        word = unicodedata.normalize("NFD", word).translate(_ACCENTS).replace("ß", "ss")
    return f"{word}." if short_weekday else word


def phrases(table: str) -> list[str]:
    """The phrases of a table of due_words.py, each in all its spellings."""
    listed = (phrase.strip() for line in table.strip().splitlines() for phrase in line.split("|"))
    return [spelling for phrase in listed for spelling in _spellings(phrase)]


def _spellings(phrase: str) -> list[str]:
    """As it is compared; also with ae for ä and, since a letter alone keeps its accent, with a for à."""
    written = {phrase: None, phrase.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"): None}
    if len(phrase) > 1:
        written[phrase.replace("à", "a")] = None
    return [" ".join(word.folded for word in split_words(one, 0, len(one))) for one in written]


def _tokens() -> Tokens:
    tokens: Tokens = {}
    for line in TABLE.strip().splitlines():
        token, _, listed = line.partition(": ")
        for phrase in phrases(listed):
            known = tokens.get(phrase, ())
            tokens[phrase] = known if token in known else (*known, token)
    return tokens


TOKENS = _tokens()
LONGEST_PHRASE = max(len(phrase.split()) for phrase in TOKENS)


def _only(recurring: bool | None) -> Tokens:
    """What one grammar needs of the table, so that there are fewer ways to read the same words; None for the cues."""

    def needed(token: str) -> bool:
        kind = token.rsplit(maxsplit=1)[-1]
        if recurring is None:
            return kind in CUES
        if recurring:
            return kind in _ONLY_RECURRING or kind in _ALSO_RECURRING or kind[0] in "#nd"
        return kind not in _ONLY_RECURRING and (kind not in CUES or kind in _WITHIN_A_DAY)

    chosen = {phrase: tuple(filter(needed, tokens)) for phrase, tokens in TOKENS.items()}
    return {phrase: tokens for phrase, tokens in chosen.items() if tokens}


CUE_TOKENS = _only(recurring=None)
_DAY_TOKENS = _only(recurring=False)
_RECURRING_TOKENS = _only(recurring=True)
_VOCABULARY = CLOCK_WORDS.union(
    *(phrase.split() for phrase in (*TOKENS, *phrases(ADDS_NOTHING), *phrases(LATEST), *phrases(TIMES_OF_DAY)))
)
_RECURRING_STARTS = {phrase.split()[0] for phrase in _RECURRING_TOKENS}
_LINKS = {phrase.split()[0] for phrase in phrases(LINKS)}
_NO_DAY_AFTER = {
    *phrases(NO_DAY_AFTER),
    *(phrase for phrase, tokens in TOKENS.items() if {"THE", "OUR", "THIS", "NEXT", "EVERY"}.intersection(tokens)),
}


def may_be_of_a_day(word: str) -> bool:
    """Whether any phrase of a day has such a word: a quick look before the slow one."""
    return word in _VOCABULARY or word.rstrip(".") in _VOCABULARY or word[0].isdigit() or word.endswith(DAY_SUFFIXES)


def may_begin_what_recurs(word: str) -> bool:
    return word in _RECURRING_STARTS or word[0].isdigit()


def may_follow_what_recurs(word: str) -> bool:
    """'every morning before work', 'every morning 10 minutes'."""
    return word in _LINKS or word[0].isdigit()


def hides_a_day(word: str) -> bool:
    """A day without a cue is none behind it: 'talk about tomorrow', 'the next week'."""
    return word in _NO_DAY_AFTER


def is_every(word: str) -> bool:
    return "EVERY" in TOKENS.get(word, ())


def begins_a_range(word: str) -> bool:
    """'Monday' and '1' in front of 'to': 'von Montag bis Freitag', '1 bis 10'."""
    return word[0].isdigit() or any(token[0] in "d#" for token in TOKENS.get(word, ()))


def read_as_days(words: list[str]) -> Iterator[list[str]]:
    """Every way to read the words as tokens of a day, the longest phrases first."""
    return islice(_readings(words, _DAY_TOKENS), MAX_READINGS)


def read_as_recurring(words: list[str]) -> Iterator[list[str]]:
    """Every way to read the words as tokens of what recurs."""
    return islice(_readings(words, _RECURRING_TOKENS), MAX_READINGS)


def _readings(words: list[str], table: Tokens) -> Iterator[list[str]]:
    """Looks from the end which words can be read at all: a word that can't would else be tried behind every reading."""
    choices: list[list[tuple[str, int]]] = [[] for _ in words]
    for start in reversed(range(len(words))):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            end = start + length
            if end == len(words) or choices[end]:
                choices[start] += ((token, end) for token in _tokens_of(words[start:end], table))
    return _paths(choices, 0)


def _paths(choices: list[list[tuple[str, int]]], start: int) -> Iterator[list[str]]:
    if start == len(choices):
        yield []
        return
    for token, end in choices[start]:
        for rest in _paths(choices, end):
            yield [*token.split(" "), *rest]


def _tokens_of(words: list[str], table: Tokens) -> list[str]:
    phrase = " ".join(words)
    tokens = list(table.get(phrase) or table.get(phrase.rstrip("."), ()))
    return tokens if len(words) > 1 else tokens + (_number_tokens(phrase) or _day_of(phrase))


def _number_tokens(word: str) -> list[str]:
    """'15' is a day and a count, n15 and #15; '15th' is the ordinal n15!; '3x' is #3 TIMES; '3/12' stays as it is."""
    if word.isascii() and word.isdecimal() and len(word) == 4:
        return [f"n{word}"]
    if ordinal := _ORDINAL.match(word):
        number = int(ordinal[1])
        return [f"n{number}", f"#{number}"] if word.isdecimal() else [f"n{number}!"]
    if times := _TIMES.match(word):
        return [f"#{int(times[1])} TIMES"]
    return [word] if word[:1].isdigit() else []


def _day_of(word: str) -> list[str]:
    """'freitagabend' -> the tokens of 'freitag'."""
    suffix = next((suffix for suffix in DAY_SUFFIXES if word.endswith(suffix)), None)
    tokens = TOKENS.get(word.removesuffix(suffix), ()) if suffix else ()
    return [token for token in tokens if token in WEEKDAYS]
