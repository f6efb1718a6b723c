"""Is this action specific? Is the list short? Kind hints for the coach; they never block anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mailflow.model import Action, Advice, AdviceKind, DueKind, NoteAction
from mailflow.rules.joined import second_action
from mailflow.rules.moments import names_moment
from mailflow.rules.vagueness import vague_words

LONG_LIST = 3
"""From this many actions on the receipt says that one or two get done more often."""
LONGEST = 300
"""Characters of an action that are looked at; a longer one is a paragraph, and no table of words judges that."""


def advise_all(actions: Iterable[NoteAction]) -> tuple[NoteAction, ...]:
    """The actions with advice on each; from the third on that there are too many. What is done gets none."""
    advised: list[NoteAction] = []
    to_do = 0
    for action in actions:
        to_do += not action.done
        advice = () if action.done else advise(action)
        if not action.done and to_do >= LONG_LIST:
            advice += (Advice(AdviceKind.TOO_MANY),)
        advised.append(replace(action, advice=advice))
    return tuple(advised)


def on_the_list(actions: Iterable[NoteAction | Action]) -> Advice | None:
    """The advice that is about all of them: where it is shown, it is shown once."""
    return next((advice for action in actions for advice in action.advice if advice.kind is AdviceKind.TOO_MANY), None)


def on_itself(action: NoteAction | Action) -> tuple[Advice, ...]:
    return tuple(advice for advice in action.advice if advice.kind is not AdviceKind.TOO_MANY)


def advise(action: NoteAction) -> tuple[Advice, ...]:
    """What would make one action likelier to be done, in the order in which it matters."""
    if len(action.text) > LONGEST:
        return ()
    advice: list[Advice] = []
    # Steps say what doing it looks like, and 'When X, I will Y' says when.
    if not action.steps and (vague := vague_words(action.text)):
        advice.append(Advice(AdviceKind.VAGUE, vague))
    if two := second_action(action.text):
        advice.append(Advice(AdviceKind.TWO_IN_ONE, two.words))
    if action.due.kind is DueKind.NONE and not action.plan and not names_moment(action.text):
        advice.append(Advice(AdviceKind.NO_WHEN))
    return tuple(advice)
