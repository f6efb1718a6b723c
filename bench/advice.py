"""How often the hints in the receipt are right: against actions that were labelled by hand.

labelled_actions/tune.tsv is what the rules were written with; held_out.tsv nobody looked at meanwhile.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.figure import Figure
from mailflow.model import AdviceKind, NoteAction
from mailflow.parsing.due import parse_due
from mailflow.rules.clarity import advise

LABELLED = Path(__file__).parent / "labelled_actions"
TUNE, HELD_OUT = LABELLED / "tune.tsv", LABELLED / "held_out.tsv"
COLUMNS = {AdviceKind.VAGUE: "vague", AdviceKind.TWO_IN_ONE: "two_in_one", AdviceKind.NO_WHEN: "no_when"}
WRITTEN_ON = date(2026, 11, 23)


@dataclass(frozen=True)
class Labelled:
    """An action, the kinds of advice that it deserves, and those that it gets."""

    text: str
    language: str
    deserved: frozenset[AdviceKind]
    given: frozenset[AdviceKind]


@dataclass(frozen=True)
class Score:
    right: int
    given: int
    deserved: int

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.deserved if self.deserved else 1.0

    def __str__(self) -> str:
        return (
            f"{self.precision:.2f} / {self.recall:.2f} ({self.right} of {self.given} given, {self.deserved} deserved)"
        )


def measure_advice() -> list[Figure]:
    figures = []
    for name, path in (("tuned on", TUNE), ("held out", HELD_OUT)):
        labelled = read(path)
        for kind in COLUMNS:
            what = f"advice '{kind}', precision / recall, {name}"
            figures.append(Figure(what, str(score(labelled, kind)), "0.90 / 0.70"))
        alarmed, specific = false_alarms(labelled)
        figures.append(Figure(f"advice on a specific action, {name}", f"{alarmed} of {specific}", "none"))
    return figures


def read(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as source:
        return [
            Labelled(
                row["text"],
                row["lang"],
                deserved=frozenset(kind for kind, column in COLUMNS.items() if row[column] == "1"),
                given=_given(row["text"]),
            )
            for row in csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def _given(text: str) -> frozenset[AdviceKind]:
    due = parse_due(text, today=WRITTEN_ON, date_order="DMY")
    return frozenset(advice.kind for advice in advise(NoteAction(text, due)))


def score(labelled: Iterable[Labelled], kind: AdviceKind) -> Score:
    actions = list(labelled)
    return Score(
        right=sum(kind in action.given & action.deserved for action in actions),
        given=sum(kind in action.given for action in actions),
        deserved=sum(kind in action.deserved for action in actions),
    )


def false_alarms(labelled: Iterable[Labelled]) -> tuple[int, int]:
    """(how many got advice, how many there are) of the actions that deserve none."""
    specific = [action for action in labelled if not action.deserved]
    return sum(bool(action.given) for action in specific), len(specific)


def main() -> None:
    """`python -m bench.advice`: the same by language."""
    for path in (TUNE, HELD_OUT):
        labelled = read(path)
        languages = sorted({action.language for action in labelled}, key=lambda each: (each != "en", each))
        for language in ("all", *languages):
            of_it = [action for action in labelled if language in ("all", action.language)]
            alarmed, specific = false_alarms(of_it)
            scores = "   ".join(f"{column} {score(of_it, kind)}" for kind, column in COLUMNS.items())
            print(
                f"{path.stem:9} {language:4} {len(of_it):4} actions   {scores}   false alarms {alarmed} of {specific}"
            )


if __name__ == "__main__":
    main()
