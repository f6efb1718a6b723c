"""A folder of .eml files keeps the contract of mailboxes."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.errors import TemporaryError
from mailflow.mailboxes.folder import FolderMailbox
from tests.builders import eml
from tests.mailboxes.contract import MailboxContract, Received


class FolderBackend:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.mailbox = FolderMailbox("notes", path, timedelta(seconds=10))
        self.received = Received()
        self._number = 0

    def put(self, raw: bytes, name: str = "") -> None:
        self._number += 1
        self.path.mkdir(exist_ok=True)
        (self.path / (name or f"{self._number}.eml")).write_bytes(raw)

    def fetch(self) -> None:
        self.mailbox.collect(self.received)

    def body_of(self, raw: bytes) -> bytes:
        return raw


@pytest.fixture
def backend(tmp_path: Path) -> FolderBackend:
    return FolderBackend(tmp_path / "in")


class TestFolderMailbox(MailboxContract):
    pass


def test_same_file_twice_is_one_delivery(backend: FolderBackend) -> None:
    for _ in range(2):
        backend.put(eml(), "note.eml")
        backend.fetch()

    assert backend.received.calls == 2
    assert len(backend.received.deliveries) == 1


def test_another_mail_under_an_old_name_is_another_delivery(backend: FolderBackend) -> None:
    for text in ("one", "two"):
        backend.put(eml(text), "note.eml")
        backend.fetch()

    assert len(backend.received.deliveries) == 2


def test_stored_file_moves_aside_and_is_kept(backend: FolderBackend) -> None:
    backend.put(eml(), "note.eml")
    backend.fetch()

    assert not (backend.path / "note.eml").exists()
    assert (backend.path / "processed" / "note.eml").read_bytes() == eml()


def test_file_stays_where_it_is_until_it_is_stored(backend: FolderBackend) -> None:
    backend.put(eml(), "note.eml")
    seen: list[bool] = []

    class Watching(Received):
        def receive(self, mailbox: str, key: str, raw: bytes) -> None:
            seen.append((backend.path / "note.eml").exists())

    backend.mailbox.collect(Watching())

    assert seen == [True]


def test_it_says_whether_there_was_anything(backend: FolderBackend) -> None:
    assert not backend.mailbox.collect(backend.received)
    backend.put(eml())
    assert backend.mailbox.collect(backend.received)
    assert not backend.mailbox.collect(backend.received)


def test_files_of_other_kinds_and_hidden_drafts_are_left_alone(backend: FolderBackend) -> None:
    for name in ("readme.txt", ".draft.eml", "note.eml.part"):
        backend.put(b"x", name)

    assert not backend.mailbox.collect(backend.received)
    assert backend.received.calls == 0


def test_what_cannot_be_read_does_not_stand_in_the_way_of_the_others(backend: FolderBackend) -> None:
    backend.put(eml(), "b.eml")
    (backend.path / "a.eml").mkdir()

    with pytest.raises(TemporaryError, match=r"a\.eml can't be used.*Nothing in the folder is lost"):
        backend.fetch()

    assert backend.received.mails == [eml()]


def test_file_that_is_still_empty_waits(backend: FolderBackend) -> None:
    """`cp` makes a file before it writes into it."""
    backend.put(b"", "note.eml")
    assert not backend.mailbox.collect(backend.received)
    backend.put(eml(), "note.eml")
    assert backend.mailbox.collect(backend.received)

    assert backend.received.mails == [eml()]


def test_file_that_grows_while_it_is_read_waits(backend: FolderBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    backend.put(eml()[:50], "note.eml")
    read_bytes = Path.read_bytes

    def read_and_write(file: Path) -> bytes:
        raw = read_bytes(file)
        file.write_bytes(eml())
        return raw

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", read_and_write)
        backend.fetch()
    assert backend.received.calls == 0
    backend.fetch()

    assert backend.received.mails == [eml()]


def test_folder_that_is_none_is_tried_again_later(backend: FolderBackend) -> None:
    backend.path.write_text("a file where the folder should be")

    with pytest.raises(TemporaryError, match="can't be used"):
        backend.fetch()


def test_waiting_ends_when_it_is_told_to(backend: FolderBackend) -> None:
    stop = threading.Event()
    stop.set()

    backend.mailbox.wait(stop)
