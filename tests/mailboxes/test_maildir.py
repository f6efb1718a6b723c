"""A Maildir keeps the contract of mailboxes, beside whoever delivers into it and whoever else reads it."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.errors import TemporaryError
from mailflow.mailboxes.folder import FolderMailbox
from tests.builders import eml
from tests.mailboxes.contract import MailboxContract, Received

EVERY = timedelta(seconds=10)


class MaildirBackend:
    def __init__(self, path: Path, *, takes_unseen: bool = False) -> None:
        self.path = path
        for name in ("tmp", "new", "cur"):
            (path / name).mkdir(parents=True)
        self.mailbox = FolderMailbox("notes", path, EVERY, takes_unseen=takes_unseen)
        self.received = Received()
        self._number = 0

    def put(self, raw: bytes, name: str = "", folder: str = "new") -> None:
        """As a delivering program does: complete in `tmp`, then renamed."""
        self._number += 1
        name = name or f"1795424400.M{self._number}P7.mail.example"
        (self.path / "tmp" / name).write_bytes(raw)
        (self.path / "tmp" / name).rename(self.path / folder / name)

    def fetch(self) -> None:
        self.mailbox.collect(self.received)

    def body_of(self, raw: bytes) -> bytes:
        return raw

    def names(self, folder: str) -> list[str]:
        return sorted(file.name for file in (self.path / folder).iterdir())


@pytest.fixture
def backend(tmp_path: Path) -> MaildirBackend:
    return MaildirBackend(tmp_path / "Maildir")


class TestMaildir(MailboxContract):
    pass


def test_mail_that_pythons_own_maildir_delivered_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "Maildir"
    mailbox.Maildir(path, create=True).add(eml())
    received = Received()

    FolderMailbox("notes", path, EVERY).collect(received)

    assert received.mails == [eml()]
    (message,) = mailbox.Maildir(path, create=False)
    assert (message.get_subdir(), message.get_flags()) == ("cur", "S")


def test_stored_mail_is_marked_as_seen_under_its_unique_name(backend: MaildirBackend) -> None:
    backend.put(eml(), "1.a.example")
    backend.put(eml("two"), "2.a.example:2,FR")  # nobody should, some do
    backend.fetch()

    assert (backend.names("new"), backend.names("cur")) == ([], ["1.a.example:2,S", "2.a.example:2,FRS"])


def test_what_is_not_complete_is_left_alone(backend: MaildirBackend) -> None:
    (backend.path / "tmp" / "1.a.example").write_bytes(b"half a m")
    (backend.path / "new" / ".hidden").write_bytes(b"x")

    assert not backend.mailbox.collect(backend.received)
    assert backend.received.calls == 0
    assert backend.names("tmp") == ["1.a.example"]


def test_what_somebody_read_or_moved_is_left_alone(backend: MaildirBackend) -> None:
    for flags in ("", "S", "T", "D", "R"):
        backend.put(eml(flags), f"{len(flags)}{flags}.a.example:2,{flags}", "cur")
    backend.fetch()

    assert backend.received.calls == 0


def test_unseen_mail_that_another_program_moved_is_taken_where_the_settings_say_so(tmp_path: Path) -> None:
    backend = MaildirBackend(tmp_path / "Maildir", takes_unseen=True)
    for flags in ("", "S", "T", "D", "FR"):
        backend.put(eml(flags or "none"), f"is-{flags}.a.example:2,{flags}", "cur")
    backend.put(eml("bare"), "bare.a.example", "cur")
    backend.fetch()
    backend.fetch()

    assert sorted(backend.received.mails) == sorted([eml("none"), eml("FR"), eml("bare")])
    assert backend.received.calls == 3


@pytest.mark.parametrize("moved_to", ["new/1.a.example", "cur/1.a.example:2,", "cur/1.a.example:2,FS"])
def test_mail_that_is_put_back_is_the_same_delivery(backend: MaildirBackend, moved_to: str) -> None:
    backend.put(eml(), "1.a.example")
    backend.fetch()
    (backend.path / "cur" / "1.a.example:2,S").rename(backend.path / moved_to)
    FolderMailbox("notes", backend.path, EVERY, takes_unseen=True).collect(backend.received)

    assert len(backend.received.deliveries) == 1


def test_other_mail_under_a_name_that_was_there_keeps_both(backend: MaildirBackend) -> None:
    for text in ("one", "two", "three"):
        backend.put(eml(text), "1.a.example")
        backend.fetch()

    assert len(backend.received.deliveries) == 3
    kept = {file.read_bytes() for file in (backend.path / "cur").iterdir()}
    assert kept == {eml("one"), eml("two"), eml("three")}


class Meanwhile(Received):
    """Something happens while the first mail is being stored."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = happens

    def __call__(self, box: str, key: str, raw: bytes) -> None:
        super().__call__(box, key, raw)
        if self.calls == 1:
            self._happens()


def test_mail_that_somebody_takes_meanwhile_is_no_error(backend: MaildirBackend) -> None:
    for number in (1, 2, 3):
        backend.put(eml(f"{number}"), f"{number}.a.example")

    def take() -> None:
        (backend.path / "new" / "1.a.example").rename(backend.path / "cur" / "1.a.example:2,")
        (backend.path / "new" / "2.a.example").unlink()

    received = Meanwhile(take)
    backend.mailbox.collect(received)

    assert received.mails == [eml("1"), eml("3")]
    assert backend.names("cur") == ["1.a.example:2,", "3.a.example:2,S"]


def test_mail_that_arrives_meanwhile_is_taken_the_next_time(backend: MaildirBackend) -> None:
    backend.put(eml("one"))
    received = Meanwhile(lambda: backend.put(eml("two")))
    backend.mailbox.collect(received)
    backend.mailbox.collect(received)

    assert received.mails == [eml("one"), eml("two")]


def test_what_is_no_file_does_not_stand_in_the_way_of_the_others(backend: MaildirBackend) -> None:
    os.mkfifo(backend.path / "new" / "0.pipe")
    backend.put(eml())

    with pytest.raises(TemporaryError, match=r"0\.pipe can't be used: it is no file"):
        backend.fetch()
    assert backend.received.mails == [eml()]


def test_maildir_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    path = tmp_path / "Maildir"
    assert not FolderMailbox("notes", path, EVERY, layout="maildir").collect(Received())

    assert sorted(folder.name for folder in path.iterdir()) == ["cur", "new", "tmp"]


def test_eml_files_are_read_from_a_folder_that_looks_like_a_maildir_if_the_settings_say_so(
    backend: MaildirBackend,
) -> None:
    backend.put(eml("in new"))
    (backend.path / "note.eml").write_bytes(eml("beside"))
    FolderMailbox("notes", backend.path, EVERY, layout="eml").collect(backend.received)

    assert backend.received.mails == [eml("beside")]
