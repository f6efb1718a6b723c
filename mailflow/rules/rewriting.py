"""What of an action's own words can go into an example of how to write it better: only what reads well there."""

from __future__ import annotations

import re

from mailflow.model import Due
from mailflow.rules.joined import second_action
from mailflow.rules.moments import names_moment
from mailflow.rules.vagueness import vague_words

LONGEST = 90
"""Characters that an example may quote."""

_FUNCTION_WORDS = {
    "en": "the a an and to of for with my your on in at by about from i it is that this out up down",
    "de": "der die das den dem des und zu mit für ein eine einen einem mein meine meinen dein deine im am an "
    "auf nicht"
    " über ich bei vom zum zur mich mir sich nach von",
    "fr": "le la les un une des du et à au aux pour avec mon ma mes de je en sur dans chez moi son sa ses",
    "es": "el la los las un una y de del a al para con mi mis en por que me su lo",
    "it": "il lo la i gli le un una e di del della a al alla per con mio mia da in che mi",
    "nl": "de het een en van voor met mijn je op aan naar ik te om mij over",
    "pt": "o a os as um uma e de do da dos das ao à para com meu minha em no na que me",
}
_BY_LANGUAGE = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_OBJECTS = {
    "en": re.compile(r"(?:think (?:hard )?(?:about|over)|reflect on|ponder|consider) (?P<object>.+)", re.IGNORECASE),
    "de": re.compile(
        r"(?:über (?P<object>.+) (?:nachdenken|reflektieren)|denke? (?:mal )?über (?P<thing>.+) nach)", re.IGNORECASE
    ),
}
_STOPS = re.compile(r"[.;:!?()\[\]\"“”„\n]|, ")


def halves(text: str) -> tuple[str, str] | None:
    """'Call Sam and book the GP' -> 'Call Sam', 'Book the GP'; None where the text is one action or would not part."""
    joined = second_action(text)
    if joined is None or len(text) > 2 * LONGEST or vague_words(text):
        return None
    second = joined.second.rstrip(" .,;")
    return joined.first.rstrip(" .,;"), second[:1].upper() + second[1:] if text[:1].isupper() else second


def undated(text: str, language: str) -> str:
    """The action, ready for a day to follow in that language; '' where it needs more than a day."""
    bare = text.rstrip(" .,;!")
    if len(bare) > LONGEST or not _may_be(bare, language) or vague_words(text) or second_action(text):
        return ""
    return bare


def thought_about(text: str, due: Due, language: str) -> str:
    """'the budget' of 'Think about the budget by Friday'; '' where it is no such action in that language."""
    bare = text.strip(" .,;!").removesuffix(due.phrase).removeprefix(due.phrase).strip(" .,;:!")
    found = _OBJECTS[language].fullmatch(bare) if language in _OBJECTS else None
    thing = (found["object"] or found.groupdict().get("thing") or "") if found else ""
    if len(thing) > LONGEST or _STOPS.search(thing) or names_moment(thing) or second_action(text):
        return ""
    return thing


def _may_be(text: str, language: str) -> bool:
    """Whether no other language has more of its small words in the text."""
    words = [word.casefold() for word in _WORD.findall(text)]
    counts = {each: sum(word in small for word in words) for each, small in _BY_LANGUAGE.items()}
    return counts.get(language, 0) == max(counts.values())
