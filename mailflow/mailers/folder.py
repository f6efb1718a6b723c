"""Mail into a folder of .eml files: for demos, tests, and hosts where something else picks it up."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from mailflow.errors import TemporaryError
from mailflow.mailers import Envelope

FOR_US_ALONE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


class FolderMailer:
    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, envelope: Envelope, message_id: str, raw: bytes) -> None:
        """One file a message, complete from the moment it is seen. Sent again it replaces itself."""
        name = hashlib.sha256(f"{message_id} {envelope.recipient}".encode()).hexdigest()[:32]
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._path / f".{name}.{os.getpid()}"
            with os.fdopen(os.open(draft, FOR_US_ALONE, 0o600), "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._path / f"{name}.eml")
            folder = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise TemporaryError(
                f"The mail can't be written to {self._path}: {error.strerror}. It is tried again."
            ) from error

    def close(self) -> None:
        pass
