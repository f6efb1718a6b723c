"""A folder that something else drops .eml files into. What is stored moves to its subfolder `processed`."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

from mailflow.errors import TemporaryError
from mailflow.mailboxes import Deliveries

PROCESSED = "processed"


class FolderMailbox:
    def __init__(self, name: str, path: Path, every: timedelta) -> None:
        self.name = name
        self._path = path
        self._every = every

    def collect(self, deliveries: Deliveries) -> bool:
        """The key is the file's name and content: another mail under an old name is another mail."""
        try:
            processed = self._path / PROCESSED
            processed.mkdir(parents=True, exist_ok=True)
            files = [file for file in sorted(self._path.glob("*.eml")) if file.name[0] != "."]
        except OSError as error:
            raise self._explain(error) from error
        failed: list[OSError] = []
        for file in files:
            try:
                raw = file.read_bytes()
                deliveries.receive(self.name, f"{file.name}:{hashlib.sha256(raw).hexdigest()}", raw)
                file.replace(processed / file.name)
            except OSError as error:  # one that can't be read must not stand in the way of the others
                failed.append(error)
        if failed:
            raise self._explain(failed[0])
        return bool(files)

    def _explain(self, error: OSError) -> TemporaryError:
        where = error.filename or self._path
        return TemporaryError(f"{where} can't be used: {error.strerror}. Nothing in the folder is lost.")

    def wait(self, stop: threading.Event) -> None:
        stop.wait(self._every.total_seconds())

    def wake(self) -> None:
        """A file is settled as soon as it is stored."""

    def close(self) -> None:
        """Nothing is open."""
