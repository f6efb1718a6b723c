"""The settings of an IMAP mailbox, and what becomes of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mailflow import credentials
from mailflow.app import create_mailbox
from mailflow.errors import EnvironmentProblem, SettingsError
from mailflow.settings import Settings, load_settings
from mailflow.settings.sections import ImapMailbox
from tests.scene import write_settings

ROOT = Path(__file__).parents[1]
IMAP = """
[[mailbox]]
kind = "imap"
host = "imap.example"
username = "notes@practice.example"
password_file = "imap-password"
recipients = ["notes@practice.example"]
trust = "none"
"""


def load(folder: Path, text: str = IMAP) -> Settings:
    file = write_settings(folder)
    file.write_text(file.read_text() + text)
    return load_settings(file)


def mailbox(folder: Path, text: str = IMAP) -> ImapMailbox:
    found = load(folder, text).mailbox[1]
    assert isinstance(found, ImapMailbox)
    return found


def problem(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    (line,) = caught.value.problems
    return line


def test_what_is_left_out_is_safe(tmp_path: Path) -> None:
    found = mailbox(tmp_path)

    assert (found.security, found.port, found.folder, found.since) == ("tls", 993, "INBOX", "now")
    assert (found.move, found.processed) == (True, "Mailflow/Processed")
    assert found.since_moment is None


@pytest.mark.parametrize(("security", "port"), [("tls", 993), ("starttls", 143)])
def test_port_follows_the_security(tmp_path: Path, security: str, port: int) -> None:
    assert mailbox(tmp_path, f'{IMAP}security = "{security}"\n').port == port


@pytest.mark.parametrize("text", ["2026-11-01", '"2026-11-01"'])
def test_since_may_be_a_day(tmp_path: Path, text: str) -> None:
    found = mailbox(tmp_path, f"{IMAP}since = {text}\n")

    assert found.since == date(2026, 11, 1)
    assert found.since_moment == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('since = "yesterday"', "mailbox[2].since: write 'now' or a day, such as 2026-11-01"),
        ("since = 2026-11-01T10:00:00Z", "mailbox[2].since: write 'now' or a day"),
        ('security = "none"', "never sent in the clear"),
        ('every = "10 minutes"', "mailbox[2].every: write at most 9 minutes"),
        ('password_command = "pass imap"', "give one of `password_file`"),
        ('token_command = "\'"', "mailbox[2].token_command: this is no command"),
        ('processed = "INBOX"', "`folder` is also where mail is moved to"),
        ('folder = ""', "mailbox[2].folder: write at least 1 character(s)"),
    ],
)
def test_mistake_is_explained(tmp_path: Path, line: str, says: str) -> None:
    assert says in problem(tmp_path, f"{IMAP}{line}\n")


def test_one_of_the_ways_to_a_password_is_needed(tmp_path: Path) -> None:
    assert "give one of" in problem(tmp_path, IMAP.replace('password_file = "imap-password"\n', ""))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_what_never_leaves_the_machine_may_go_in_the_clear(tmp_path: Path, host: str) -> None:
    assert mailbox(tmp_path, IMAP.replace("imap.example", host) + 'security = "none"\n').port == 143


def test_every_option_is_explained_in_the_example(tmp_path: Path) -> None:
    text = (ROOT / "config" / "mailflow.example.toml").read_text("utf-8")
    section = text.partition('kind = "imap"')[2].partition("\n\n#")[0]

    # Who vouches for senders is explained once, at the first mailbox.
    assert {name for name in ImapMailbox.model_fields if f"{name} = " not in section} == {"kind", "secret_address"}


def test_example_of_an_imap_mailbox_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "config" / "mailflow.example.toml").read_text("utf-8")
    section = text.partition('kind = "imap"')[2].partition("\n\n#")[0]
    lines = [line.removeprefix("# ") for line in section.splitlines() if " = " in line]
    others = ("password_variable", "password_command", "token_command", "ca_file")
    kept = [line for line in lines if not line.startswith(others)]

    assert mailbox(tmp_path, '\n[[mailbox]]\nkind = "imap"\n' + "\n".join(kept) + "\n").every == timedelta(minutes=2)


def test_imapclient_is_not_loaded_where_no_mailbox_needs_it(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from mailflow.settings import load_settings; from mailflow.app import *;"
        "import mailflow.daemon; s = load_settings(Path(sys.argv[1]));"
        "[create_mailbox(mailbox, s) for mailbox in s.mailbox]; print('imapclient' in sys.modules)"
    )
    for text, loaded in (("", "False"), (IMAP, "True")):
        load(tmp_path, text)
        command = [sys.executable, "-c", script, str(tmp_path / "mailflow.toml")]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == loaded


def test_authority_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    settings = load(tmp_path, f'{IMAP}ca_file = "nowhere.pem"\n')

    with pytest.raises(EnvironmentProblem, match=r"nowhere\.pem of certificates can't be used"):
        create_mailbox(settings.mailbox[1], settings)


# --- Passwords and tokens ------------------------------------------------------------------------


def test_password_is_read_anew_at_each_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    for secret in ("one", "two"):
        file.write_text(f"{secret}\n")
        monkeypatch.setenv("IMAP_PASSWORD", secret)
        assert credentials.from_file(file) == secret
        assert credentials.from_variable("IMAP_PASSWORD") == secret
        assert credentials.from_command(f"cat '{file}'") == secret


def test_only_the_first_line_of_a_command_counts() -> None:
    assert credentials.from_command("printf 'secret\\nurl: imap.example\\n'") == "secret"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("sh -c 'echo hunter2; exit 3'", "sh for a password failed with 3"),
        ("true hunter2", "printed nothing"),
        ("/nowhere/pass hunter2", "can't be run: No such file"),
    ],
)
def test_command_that_fails_is_told_without_what_it_printed(command: str, says: str) -> None:
    with pytest.raises(EnvironmentProblem, match=says) as caught:
        credentials.from_command(command)

    assert "hunter2" not in str(caught.value)


def test_variable_and_file_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="NO_SUCH_VARIABLE"):
        credentials.from_variable("NO_SUCH_VARIABLE")
    with pytest.raises(EnvironmentProblem, match="nowhere can't be read"):
        credentials.from_file(tmp_path / "nowhere")
