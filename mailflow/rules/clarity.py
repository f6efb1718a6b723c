"""Is this action specific? Is the list short? Kind hints for the coach; they never block anything."""

from __future__ import annotations

import re

from mailflow.model import Advice, AdviceKind, Due, DueKind

LONG_LIST = 3
"""From this many actions on the receipt says that one or two get done more often."""

# An action that starts like this has no moment at which it is done.
VAGUE_STARTS = (
    "think about",
    "think of",
    "think on",
    "reflect on",
    "consider",
    "try to",
    "try and",
    "try",
    "be more",
    "be less",
    "be better",
    "feel more",
    "feel better",
    "work on",
    "focus on",
    "keep in mind",
    "remember to",
    "be mindful",
    "be aware",
    "pay attention to",
    "look into",
    "explore",
    "improve",
    "do better",
    "do more",
    "get better",
    "nachdenken über",
    "denk über",
    "denke über",
    "über",
    "versuche",
    "versuchen",
    "mehr auf",
    "achte auf",
    "sei mehr",
    "arbeite an",
    "réfléchir à",
    "essayer de",
    "être plus",
    "travailler sur",
    "pensar en",
    "intentar",
    "ser más",
    "trabajar en",
    "pensare a",
    "cercare di",
    "provare a",
    "essere più",
    "lavorare su",
    "nadenken over",
    "proberen",
    "probeer",
    "werken aan",
    "pensar em",
    "tentar",
    "ser mais",
    "trabalhar em",
)
# Verbs that begin an action: 'call Sam and book the GP' is two of them, 'read and answer the letter' is one thing.
VERBS = frozenset(
    """
    add ask arrange attend bake begin block book bring build buy call cancel check choose clean collect complete contact
    cook create decide delete describe discuss do draft draw eat email exercise fill find finish follow get give go
    invite join keep learn leave list listen look make meditate meet message move note offer open order organise
    organize pack park pay phone pick plan post practice practise prepare print put read record register rehearse remove
    reply report research reserve review revise ring run save schedule search sell send set share show sign sleep speak
    spend start stop submit take talk tell test text tidy track try turn update use visit walk watch wear write
    """.split()
)
_AND = re.compile(r"(?:,? and(?: then| also)?|,? then|;|,? as well as|\s&|\s\+) (\w+)", re.IGNORECASE)
_PRONOUN = re.compile(r"\s(?:it|them|that|this|him|her|one)\b", re.IGNORECASE)


def advise(text: str, due: Due) -> tuple[Advice, ...]:
    """What would make an action likelier to be done, in the order in which it matters."""
    advice: list[Advice] = []
    if vague := _vague(text, due):
        advice.append(Advice(AdviceKind.VAGUE, vague))
    if two := _two_in_one(text):
        advice.append(Advice(AdviceKind.TWO_IN_ONE, two))
    if due.kind is DueKind.NONE:
        advice.append(Advice(AdviceKind.NO_WHEN))
    return tuple(advice)


def is_long(count: int) -> bool:
    return count >= LONG_LIST


def _vague(text: str, due: Due) -> str:
    """The words that leave open when the action is done: its beginning, or all of it where it is one word."""
    lower = text.casefold()
    for start in sorted(VAGUE_STARTS, key=len, reverse=True):
        if lower.startswith(start) and not lower[len(start) : len(start) + 1].isalnum():
            return text[: len(start)]
    bare = text.removesuffix(due.phrase).strip(" ,.!") if due.phrase else text.strip(" ,.!")
    return bare if len(bare.split()) == 1 else ""


def _two_in_one(text: str) -> str:
    """'and book': the place where a second action begins. 'Read it and send it back' is one thing in two moves."""
    first = text.split(maxsplit=1)[0].casefold() if text.split() else ""
    for joint in _AND.finditer(text):
        if joint[1].casefold() not in VERBS or first not in VERBS:
            continue
        before, after = text[: joint.start()], text[joint.end() :]
        if len(before.split()) > 1 and after.strip() and not _PRONOUN.match(after):
            return joint[0].lstrip(" ,;&+") or joint[1]
    return ""
