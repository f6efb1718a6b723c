"""Every email is what it was when somebody last looked at it."""

from __future__ import annotations

import pytest

from mailflow.rendering import Renderer
from tests.snapshots import FOLDER, bodies

MADE = dict(bodies(Renderer()))


@pytest.mark.parametrize("name", MADE)
def test_email_is_as_its_snapshot_says(name: str) -> None:
    kept = (FOLDER / name).read_bytes().decode() if (FOLDER / name).exists() else ""
    assert kept == MADE[name], "meant so? Look at it, then run `make snapshots`, and commit what changed"


def test_there_is_no_snapshot_of_an_email_that_is_gone() -> None:
    assert {file.name for file in FOLDER.iterdir()} == MADE.keys()
