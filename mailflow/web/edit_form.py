"""The fields of the form for a note's actions."""

from __future__ import annotations

import re

from starlette.datastructures import FormData

from mailflow.flows.edit import EditForm, EditRow
from mailflow.parsing.rows import clean
from mailflow.web.respond import MAX_FORM_ID, text_of, to_row_id

_ROW = re.compile(r"(?:text|keep)-([0-9]{1,3})")


def read_edit_form(form: FormData) -> EditForm:
    """In the order of their numbers, whatever else stands there; what was typed comes as text."""
    numbers = sorted({int(found[1]) for name in form if (found := _ROW.fullmatch(name))})
    return EditForm(
        rows=tuple(_row(form, number) for number in numbers),
        summary=clean(text_of(form, "summary")),
        version=text_of(form, "version")[:MAX_FORM_ID],
        form_id=text_of(form, "form_id")[:MAX_FORM_ID],
    )


def _row(form: FormData, number: int) -> EditRow:
    return EditRow(
        text=clean(text_of(form, f"text-{number}")),
        keeps=to_row_id(text_of(form, f"keep-{number}")),
        removed=bool(text_of(form, f"remove-{number}")),
    )
