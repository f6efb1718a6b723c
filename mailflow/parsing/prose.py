"""Is a line said about somebody, to nobody, or in farewell? What tells the coach's own thoughts from actions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailflow.parsing.lines import Line
from mailflow.parsing.prose_words import (
    AUXILIARIES,
    CLIENTS,
    FAREWELL_STARTS,
    FEELINGS,
    IRREGULAR_VERBS,
    MODALS,
    OPENING_VERBS,
    PAST_VERBS,
    PERHAPS_YOU,
    POSSESSIVES,
    PRONOUNS,
    PROSE_STARTS,
    SENT_FROM,
    SIGN_OFFS,
    STATEMENT_SUBJECTS,
    STATEMENT_VERBS,
    THINGS,
    THIRD_PERSON,
    THOUGHT_LABELS,
    THOUGHTS,
    TO,
    WISHED,
    YOU,
)
from mailflow.parsing.words import BELOW, MY, NOT_FOR, OTHER_HEADINGS, PRIVATE_WORDS, STATUS, WITHHELD, fold

_SENTENCES = re.compile(r"[.!?]\s+\w")
_LONG_PROSE = 160
_SHORTEST = 2
"""Words of a statement: somebody, and what they do."""


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PRIVATE = re.compile(
    rf"[\W_]*(?:(?:{_either(PRIVATE_WORDS)})(?: (?:{_either(OTHER_HEADINGS)}))?\s*(?:$|[^\w\s'])"
    rf"|(?:{_either(PRIVATE_WORDS)}) (?:[\w']+ )?(?:{_either(BELOW)})\b"
    rf"|(?:{_either(WITHHELD)})\b"
    rf"|(?:[\w']+ ){{0,4}}(?:{_either(BELOW)}) (?:\w+ )?(?:{_either(PRIVATE_WORDS)})\W*$"
    r"|(?:p\.? ?s|n\.? ?b)(?:$|[\s.:,–-])|nota bene\b)"
)

# 'Not for Jane', 'Nicht für die Klientin': a name or who the client is, in the end or before a colon or a bracket.
_NOT_FOR = re.compile(
    rf"\W*(?i:{'|'.join(NOT_FOR | {'nicht für', 'não para'})}) (?:(?i:the|die|den|la|le|el|il|de|o|a) )?"
    r"(?:[A-Z]\w*(?: [A-Z]\w*)?|(?i:client|her|him|klient\w*|cliente?|clienta|klant|cliënt|sharing))\s*(?:$|[:\])–-])"
)
_FIRST_WORD = re.compile(r"[^\W_]+")
_PRIVATE_STARTS = {"p", "ps", "n", "nb", "nota"} | {
    re.split(r"\W", phrase)[0] for phrase in PRIVATE_WORDS | WITHHELD | NOT_FOR
}
_LONGEST_TURN = 60
"""Characters of 'All below the line is private'."""


def is_private(text: str) -> bool:
    """'PRIVATE', '[private] she cried', 'Private notes - not for Jane', 'P.S. …': from here on nothing is shared."""
    word = _FIRST_WORD.search(text)
    if word is None:
        return False
    starts = fold(word[0]) in _PRIVATE_STARTS
    if not starts and (len(text) > _LONGEST_TURN or BELOW.isdisjoint(fold(text).split())):
        return False
    return _PRIVATE.match(fold(text)) is not None or _NOT_FOR.match(text) is not None


def is_statement(text: str) -> bool:
    """'She cried', 'Jane is afraid', 'Hypothesis: he drinks', 'I think …': not what somebody is asked to do."""
    text = text.lstrip("([*_ ")
    label, colon, said = text.partition(": ")
    if colon and len(label.split()) <= 3 and said and is_statement(said):
        return True
    if _thinks(text, (*THOUGHTS, *FEELINGS)):
        return True
    told = _subject(text) in STATEMENT_SUBJECTS or _tells_of_the_past(text)
    return told or _is_said_of_somebody(text, STATEMENT_VERBS)


def is_observation(text: str) -> bool:
    """'She seemed sad', '(low mood)': in a list with markers only what can't be an action counts."""
    if text.startswith("(") and text.endswith(")"):
        return True
    words = text.split()
    subject = _subject(text)
    if subject in STATEMENT_SUBJECTS and len(words) >= _SHORTEST:
        verb = 2 if subject in POSSESSIVES and len(words) > _SHORTEST else 1
        known = _plain(words[verb]) in STATEMENT_VERBS | AUXILIARIES and not _leads_to_an_action(words, verb)
        return _is_contracted(text) or known
    return _thinks(text, THOUGHTS) or _tells_of_the_past(text) or _is_said_of_somebody(text, PAST_VERBS)


def may_be_observation(text: str) -> bool:
    """'She hates her boss', 'Hunch: affair': an action only where it says when, as in 'She calls Sam by Friday'."""
    label, colon, said = text.partition(":")
    if colon and said.strip() and _is_of_a_thought(label):
        return True
    words = text.split()
    subject = _subject(text)
    if len(words) < _SHORTEST or _leads_to_an_action(words, 1):
        return False
    if _owns(words[0]) and len(words) > _SHORTEST:
        verb = _plain(words[2])
        return verb.endswith("ed") or verb in IRREGULAR_VERBS
    return subject in PRONOUNS and _plain(words[1]).partition("'")[0] not in MODALS


def is_about_somebody(text: str) -> bool:
    """A paragraph that speaks of a third person, where the one above speaks to the reader."""
    words = {_plain(word) for word in text.split()}
    if _subject(text) in THINGS:
        return False
    return is_statement(text) or not words.isdisjoint({"she", "he", "him", "she's", "he's"})


def speaks_of_somebody(text: str) -> bool:
    """A summary that is written about the client rather than to the client."""
    return is_about_somebody(text) or not THIRD_PERSON.isdisjoint(_plain(word) for word in text.split())


def is_labelled(text: str) -> bool:
    """'Careful: divorce'."""
    label, colon, said = text.partition(": ")
    return bool(colon and said.strip()) and len(label.split()) <= 3


def is_report(text: str) -> bool:
    """Behind 'Homework:' these look back: 'not done', 'she forgot it'."""
    bare = fold(text).strip(" .!-–()")
    return is_statement(text) or bare in STATUS or bare.partition(",")[0] in STATUS


def is_prose(text: str) -> bool:
    lower = text.lower()
    return lower.startswith(PROSE_STARTS) or len(text) > _LONG_PROSE or _SENTENCES.search(text) is not None


def is_farewell(line: Line, names: Iterable[str] = ()) -> bool:
    """'Best,', 'Sent from my phone', '-- ', or the writer's own name, which some set behind a dash."""
    lower = line.text.lower().rstrip(" ,.!")
    if lower in names or lower == "--":
        return True
    if line.marked:
        return False
    first = lower.partition(",")[0]
    wish = lower.startswith("have a ") and lower.split()[-1] in WISHED
    return wish or first in SIGN_OFFS or lower in SIGN_OFFS or lower.startswith((*SENT_FROM, *FAREWELL_STARTS))


def _tells_of_the_past(text: str) -> bool:
    """'Seemed low', 'Client resisted'; 'Refused letter: send it again' is none."""
    words = text.split()
    if _subject(text) in CLIENTS and len(words) >= _SHORTEST:
        return _plain(words[1]).endswith("ed")
    return _subject(text) in OPENING_VERBS and ":" not in text


def _is_of_a_thought(label: str) -> bool:
    """'Observation', 'My hunch'."""
    words = fold(label.strip("*_ ")).split()
    return " ".join(words[1:] if words and words[0] in MY else words) in THOUGHT_LABELS


def _thinks(text: str, starts: tuple[str, ...]) -> bool:
    return text.lower().replace("’", "'").startswith(starts)


def _subject(text: str) -> str:
    """The first word, without what is contracted with it: 'She's' is 'she'."""
    words = text.split(None, 1)
    first = _plain(words[0]) if words else ""
    return first.partition("'")[0] if _is_contracted(text) else first


def _is_contracted(text: str) -> bool:
    first = _plain(text.split(None, 1)[0]) if text else ""
    before, mark, after = first.partition("'")
    return bool(mark) and before in ("she", "he", "they") and after in ("s", "d", "re", "ve")


def _is_said_of_somebody(text: str, verbs: frozenset[str]) -> bool:
    """'Jane is …', 'Jane Doe was …', 'Sie hat …', 'Her mother died': a name, or who may also be 'you', and a verb."""
    words = text.split()[:4]
    if not words or _plain(words[0]) in YOU or not (words[0][0].isupper() or _plain(words[0]) in PERHAPS_YOU):
        return False
    owned = _plain(words[0]) in ("ihre", "ihr") or _owns(words[0])
    at = 2 if len(words) > 2 and (words[1][0].isupper() or owned) else 1
    return any(
        _plain(words[index]) in verbs and not _leads_to_an_action(words, index)
        for index in range(1, min(at + 1, len(words)))
    )


def _owns(word: str) -> bool:
    return word.replace("’", "'").endswith("'s")


def _leads_to_an_action(words: list[str], verb: int) -> bool:
    return verb + 1 < len(words) and _plain(words[verb + 1]) in TO


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").strip('.,;:!?()[]"“”*_')
