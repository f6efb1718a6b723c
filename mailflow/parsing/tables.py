"""Tables pasted from a document: which column is the action, which says when, which says who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.parsing.words import ACTION_COLUMNS, DUE_COLUMNS, WHO_COLUMNS, fold


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns; None where a table has none such. `cue` makes a due phrase: 'Friday' is 'by Friday'."""

    action: int
    due: int | None = None
    who: int | None = None
    cue: str = ""

    @property
    def tells(self) -> bool:
        """Whether the row can be nothing but the head of a table of actions."""
        return self.due is not None or self.who is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `rest` is what stands in no column that we know, and stays with the coach."""

    action: str
    due: str = ""
    who: str = ""
    rest: str = ""


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns that the first row of a table names, None where it is no head of actions."""
    words = [fold(cell.strip(" *_#:")) for cell in cells]
    action = next((at for at, word in enumerate(words) if word in ACTION_COLUMNS), None)
    if action is None:
        return None
    due = next((at for at, word in enumerate(words) if word in DUE_COLUMNS and at != action), None)
    who = next((at for at, word in enumerate(words) if word in WHO_COLUMNS and at not in (action, due)), None)
    return Columns(action, due, who, DUE_COLUMNS[words[due]] if due is not None else "")


def row_of(cells: Sequence[str], columns: Columns | None) -> Row:
    """A row under these columns. Without a head the first text is the action, and the one behind it says when."""
    if columns is None:
        texts = [cell for cell in cells if any(letter.isalpha() for letter in cell)] or [""]
        return Row(texts[0], due=texts[1] if len(texts) > 1 else "", rest="; ".join(texts[2:]))
    told = {columns.action, columns.due, columns.who}
    rest = "; ".join(cell for at, cell in enumerate(cells) if at not in told and cell and not cell.isdigit())
    return Row(_cell(cells, columns.action), _cell(cells, columns.due), _cell(cells, columns.who), rest)


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""
