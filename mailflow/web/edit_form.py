"""The fields of the form for a note's actions."""

from __future__ import annotations

import re

from starlette.datastructures import FormData

from mailflow.flows.edit import EditForm, EditRow
from mailflow.parsing.rows import clean

MAX_FORM_ID = 64
_ROW = re.compile(r"(?:text|keep)-([0-9]{1,3})")
_ID = re.compile(r"[0-9]{1,18}")


def read_edit_form(form: FormData) -> EditForm:
    """In the order of their numbers, whatever else stands there; what was typed comes as text."""
    numbers = sorted({int(found[1]) for name in form if (found := _ROW.fullmatch(name))})
    return EditForm(
        rows=tuple(_row(form, number) for number in numbers),
        summary=clean(_text(form, "summary")),
        version=_text(form, "version")[:MAX_FORM_ID],
        form_id=_text(form, "form_id")[:MAX_FORM_ID],
    )


def _row(form: FormData, number: int) -> EditRow:
    kept = _text(form, f"keep-{number}")
    return EditRow(
        text=clean(_text(form, f"text-{number}")),
        keeps=int(kept) if _ID.fullmatch(kept) else None,
        removed=bool(_text(form, f"remove-{number}")),
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
