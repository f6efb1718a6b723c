"""The README's pictures: what it shows is there, is small, has words for it, and can be remade."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mailflow.logo import kind_and_size
from tests.images import FOLDER, SCALE, WIDTH, make_images

ROOT = Path(__file__).parents[1]
NAMES = {"action.png", "homework.png", "receipt.png", "review.png"}
in_a_checkout = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="source archives carry no pictures")


@in_a_checkout
def test_readme_shows_each_picture_with_words_for_it() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(docs/images/([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert {name for _, name in shown} == NAMES == {file.name for file in FOLDER.iterdir()}
    assert all(len(words) > 40 for words, _ in shown)


@in_a_checkout
@pytest.mark.parametrize("name", sorted(NAMES))
def test_picture_is_sharp_and_small(name: str) -> None:
    looks_like_a_picture(FOLDER / name)


@pytest.mark.needs("chromium", "libatomic")
def test_pictures_can_be_remade_from_the_program(program: Callable[[str], str], tmp_path: Path) -> None:
    make_images(tmp_path / "images", program("chromium"))
    assert {file.name for file in (tmp_path / "images").iterdir()} == NAMES
    for file in (tmp_path / "images").iterdir():
        looks_like_a_picture(file)


def looks_like_a_picture(file: Path) -> None:
    kind, (width, height) = kind_and_size(file.read_bytes())
    assert (kind, width) == ("png", WIDTH * SCALE)
    assert height > 500
    assert file.stat().st_size < 150_000
