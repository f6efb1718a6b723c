"""A correction of what a client has already: which of its actions are which of the old ones?"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from mailflow.model import Action, NoteAction

ALIKE = 0.6
"""From this ratio on, two texts are one action in other words (difflib's measure, 0 to 1)."""

_LOOKED_AT = 200
"""Characters of an action that are compared."""


def revise(old: Sequence[Action], new: Sequence[NoteAction]) -> tuple[int | None, ...]:
    """For each new action the id of the old one that it is; None where there was none.

    The same words are the same action. Other words may be: but never where the client has answered, for the answer was
    to the words as they were.
    """
    left = {action.id: _key(action.text) for action in old}
    answered = {action.id for action in old if action.answer is not None}
    found: list[int | None] = []
    for action in new:
        same = next((action_id for action_id, text in left.items() if text == _key(action.text)), None)
        left.pop(same or 0, None)
        found.append(same)
    for index, action in enumerate(new):
        if found[index] is None and (alike := _most_alike(action, {i: left[i] for i in left if i not in answered})):
            found[index] = alike
            del left[alike]
    return tuple(found)


def _most_alike(action: NoteAction, left: dict[int, str]) -> int | None:
    ratios = {
        action_id: SequenceMatcher(None, text[:_LOOKED_AT], _key(action.text)[:_LOOKED_AT], autojunk=False).ratio()
        for action_id, text in left.items()
    }
    best = max(ratios, key=lambda action_id: ratios[action_id], default=None)
    return best if best is not None and ratios[best] >= ALIKE else None


def _key(text: str) -> str:
    return text.casefold().strip(" .!,;")
