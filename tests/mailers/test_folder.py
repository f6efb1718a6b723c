"""Mail into a folder keeps the contract of mailers; a file is complete from the moment it is seen."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mailflow.errors import TemporaryError
from mailflow.mailers import Mailer
from mailflow.mailers.folder import FolderMailer
from tests.mailers.contract import RAW, TO_JANE, MailerContract


class FolderBackend:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.mailer: Mailer = FolderMailer(path)

    def arrived(self) -> list[bytes]:
        return [file.read_bytes() for file in self.path.glob("*.eml")]

    def go_away(self) -> None:
        self.path.write_text("a file where the folder should be")


@pytest.fixture
def backend(tmp_path: Path) -> FolderBackend:
    return FolderBackend(tmp_path / "sent")


class TestFolderMailer(MailerContract):
    pass


def test_mail_sent_again_replaces_itself(backend: FolderBackend) -> None:
    for _ in range(2):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert backend.arrived() == [RAW]


def test_folder_holds_nothing_but_the_mails(backend: FolderBackend) -> None:
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    assert [file.suffix for file in backend.path.iterdir()] == [".eml"]


def test_mails_are_for_nobody_elses_eyes(backend: FolderBackend) -> None:
    backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)

    (mail,) = backend.path.iterdir()
    assert stat.S_IMODE(mail.stat().st_mode) == 0o600
    assert stat.S_IMODE(backend.path.stat().st_mode) == 0o700


def test_message_id_cannot_lead_out_of_the_folder(backend: FolderBackend) -> None:
    backend.mailer.send(TO_JANE, "<../../../etc/passwd\0@x>", RAW)

    assert backend.arrived() == [RAW]


def test_problem_names_the_folder_and_says_that_it_is_tried_again(backend: FolderBackend) -> None:
    backend.go_away()

    with pytest.raises(TemporaryError, match=r"sent: .*It is tried again"):
        backend.mailer.send(TO_JANE, "<1@mailflow.example>", RAW)
