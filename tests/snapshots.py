"""Both bodies of every sample email as files, so that a change of an email is seen as such: `make snapshots`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailflow.rendering import Renderer
from tests.looks import EMAILS

FOLDER = Path(__file__).with_name("snapshots") / "emails"
LANGUAGES = ("en", "de")


def bodies(renderer: Renderer) -> Iterator[tuple[str, str]]:
    """(file name, what belongs into it)."""
    for language in LANGUAGES:
        for name, (kind, view) in EMAILS.items():
            email = renderer.email(kind, view, language)
            yield f"{name}.{language}.txt", f"Subject: {email.subject}\n\n{email.text}"
            yield f"{name}.{language}.html", email.html


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in bodies(Renderer()):
        (FOLDER / name).write_text(text, "utf-8", newline="")


if __name__ == "__main__":
    main()
