"""A folder that something else puts mail into: .eml files, or a Maildir. What is stored stays there, marked as such."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal, Protocol

from mailflow.errors import TemporaryError
from mailflow.mailboxes import Deliveries

PROCESSED = "processed"
Format = Literal["auto", "eml", "maildir"]


class Layout(Protocol):
    def prepare(self) -> None:
        """Makes the subfolders that are missing."""
        ...

    def files(self) -> Iterator[Path]:
        """What is new and complete."""
        ...

    def name_of(self, file: Path) -> str:
        """What it is called, whatever was done with it since it was delivered."""
        ...

    def settle(self, file: Path) -> None:
        """Marks it as stored."""
        ...


class FolderMailbox:
    """`takes_unseen`: of a Maildir also what another program moved to `cur` without marking it as seen."""

    def __init__(
        self, name: str, path: Path, every: timedelta, *, layout: Format = "auto", takes_unseen: bool = False
    ) -> None:
        self.name = name
        self._path = path
        self._every = every
        self._layout = layout
        self._takes_unseen = takes_unseen

    def collect(self, deliveries: Deliveries) -> bool:
        """The key is the file's name and content: another mail under an old name is another mail."""
        layout = self._find_layout()
        try:
            layout.prepare()
            files = sorted(layout.files())
        except OSError as error:
            raise self._explain(error) from error
        taken = 0
        failed: list[OSError] = []
        for file in files:
            try:
                if raw := _read(file):
                    deliveries.receive(self.name, f"{layout.name_of(file)}:{hashlib.sha256(raw).hexdigest()}", raw)
                    taken += 1
                    layout.settle(file)
            except FileNotFoundError:  # somebody else took it, or moved it, and may have been sooner
                continue
            except OSError as error:  # one that can't be read must not stand in the way of the others
                failed.append(error)
        if failed:
            raise self._explain(failed[0])
        return taken > 0

    def _find_layout(self) -> Layout:
        is_maildir = self._layout == "maildir" or (
            self._layout == "auto" and all((self._path / name).is_dir() for name in ("cur", "new", "tmp"))
        )
        return Maildir(self._path, self._takes_unseen) if is_maildir else EmlFiles(self._path)

    def _explain(self, error: OSError) -> TemporaryError:
        where = error.filename or self._path
        return TemporaryError(f"{where} can't be used: {error.strerror}. Nothing in the folder is lost.")

    def wait(self, stop: threading.Event) -> None:
        stop.wait(self._every.total_seconds())

    def wake(self) -> None:
        """A file is settled as soon as it is stored."""

    def close(self) -> None:
        """Nothing is open."""


class EmlFiles:
    """What is stored moves to the subfolder `processed`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self) -> None:
        (self._path / PROCESSED).mkdir(parents=True, exist_ok=True)

    def files(self) -> Iterator[Path]:
        return (file for file in self._path.glob("*.eml") if file.name[0] != ".")

    def name_of(self, file: Path) -> str:
        return file.name

    def settle(self, file: Path) -> None:
        file.replace(self._path / PROCESSED / file.name)


class Maildir:
    """https://cr.yp.to/proto/maildir.html: what is complete stands in `new`; a reader moves it to `cur`, where its
    name gets `:2,` and flags. What is stored has the flag S ('seen')."""

    def __init__(self, path: Path, takes_unseen: bool) -> None:
        self._path = path
        self._takes_unseen = takes_unseen

    def prepare(self) -> None:
        for name in ("tmp", "new", "cur"):
            (self._path / name).mkdir(parents=True, exist_ok=True)

    def files(self) -> Iterator[Path]:
        for file in (self._path / "new").iterdir():
            if file.name[0] != ".":
                yield file
        if self._takes_unseen:
            for file in (self._path / "cur").iterdir():
                if file.name[0] != "." and not set(_flags(file)) & set("DST"):  # a draft, seen, trashed
                    yield file

    def name_of(self, file: Path) -> str:
        return file.name.partition(":")[0]

    def settle(self, file: Path) -> None:
        unique, flags = self.name_of(file), "".join(sorted({*_flags(file), "S"}))
        target = self._path / "cur" / f"{unique}:2,{flags}"
        while target.exists():  # a mail put back for a replay: the one that is there stays
            unique += "_"
            target = target.with_name(f"{unique}:2,{flags}")
        file.rename(target)


def _flags(file: Path) -> str:
    return file.name.partition(":2,")[2]


def _read(file: Path) -> bytes:
    """Nothing as long as it is being written, as far as that can be seen. Opening a pipe would wait for its writer."""
    before = file.stat()
    if not stat.S_ISREG(before.st_mode):
        raise OSError(errno.EINVAL, "it is no file", os.fspath(file))
    raw = file.read_bytes()
    after = file.stat()
    return raw if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) else b""
