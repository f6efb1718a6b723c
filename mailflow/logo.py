"""The operator's logo: its bytes, what kind of picture it is, and how large it is shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mailflow.errors import EnvironmentProblem

MAX_BYTES = 100_000  # it travels in every mail
MAX_WIDTH, MAX_HEIGHT = 220, 48
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_BARE = {0x01, *range(0xD0, 0xDA)}


@dataclass(frozen=True)
class Logo:
    """`kind` is the second half of its media type; `width` and `height` are those of the picture."""

    data: bytes
    kind: str
    width: int
    height: int

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as it is shown: never larger than it is, so that it stays sharp."""
        scale = min(1.0, MAX_WIDTH / self.width, MAX_HEIGHT / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    @property
    def content_id(self) -> str:
        """What an email's HTML calls it by; the same for the same picture, so that a retry has the same bytes."""
        return f"logo.{hashlib.sha256(self.data).hexdigest()[:16]}@mailflow"

    @property
    def media_type(self) -> str:
        return f"image/{self.kind}"

    @property
    def path(self) -> str:
        """Where the pages have it."""
        return f"/static/logo.{self.kind}"


def load_logo(file: Path) -> Logo:
    """Raises EnvironmentProblem with what to do where the file can't be a logo."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise EnvironmentProblem(
            f"The logo {file} can't be read ({error.strerror}): put it there, or take `service.logo` out of the "
            "settings."
        ) from error
    if len(data) > MAX_BYTES:
        raise EnvironmentProblem(
            f"The logo {file} is larger than {MAX_BYTES // 1000} kB, and it goes with every mail: make it smaller. "
            f"{MAX_WIDTH} by {MAX_HEIGHT} pixels are shown; twice as many look sharp everywhere."
        )
    kind, (width, height) = kind_and_size(data)
    if not kind:
        raise EnvironmentProblem(
            f"The logo {file} is no PNG, JPEG or GIF: mail programs show no other pictures, nor SVG. Save it as PNG."
        )
    if not width or not height:
        raise EnvironmentProblem(f"The logo {file} is damaged: its size can't be read. Save it once more as PNG.")
    return Logo(data, kind, width, height)


def kind_and_size(data: bytes) -> tuple[str, tuple[int, int]]:
    """'' for a picture of another kind, and 0 for a size that isn't there."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) if len(data) > 24 else (0, 0)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif", (int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little"))
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", _jpeg_size(data)
    return "", (0, 0)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Of the first frame header: segments, each with its length, lead to it."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in JPEG_SIZES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        bare = marker in JPEG_BARE or marker == 0xFF  # 0xFF: filled up before a marker
        at += (1 if marker == 0xFF else 2) if bare else 2 + int.from_bytes(data[at + 2 : at + 4])
    return 0, 0
