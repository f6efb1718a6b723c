"""Logging: one event a line, for people or for machines. Never a token, a note or a name in it."""

from __future__ import annotations

import contextlib
import sys
from typing import Literal, TextIO, cast

import structlog


class Unbreakable:
    """Writes to a stream and never raises: a full disk or a reader that went away must not stop the work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def configure_logs(kind: Literal["text", "json"], stream: TextIO = sys.stdout) -> None:
    renderer: structlog.typing.Processor
    if kind == "json":
        renderer = structlog.processors.JSONRenderer()
        on_error: list[structlog.typing.Processor] = [structlog.processors.format_exc_info]
    else:
        # structlog's own choice would print every frame's variables: notes, addresses, links.
        renderer = structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), sort_keys=False, exception_formatter=structlog.dev.plain_traceback
        )
        on_error = []
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *on_error,
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Unbreakable(stream))),
        cache_logger_on_first_use=True,
    )
