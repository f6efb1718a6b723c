"""The settings of a CalDAV calendar, and what becomes of them."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.app import create_calendar
from mailflow.calendars import NOTHING_KNOWN
from mailflow.errors import SettingsError, TemporaryError
from mailflow.settings import Settings, load_settings
from mailflow.settings.sections import CaldavCalendar
from tests.builders import ANNA
from tests.calendars.contract import WINDOW
from tests.scene import write_settings

ROOT = Path(__file__).parents[1]
CALDAV = """
[[coach.calendar]]
kind = "caldav"
url = "https://dav.example"
username = "carla"
password_file = "calendar-password"
"""


def load(folder: Path, text: str = CALDAV) -> Settings:
    """The last coach of the settings has no calendar yet."""
    file = write_settings(folder)
    file.write_text(file.read_text() + text)
    return load_settings(file)


def calendar(folder: Path, text: str = CALDAV) -> CaldavCalendar:
    (found,) = load(folder, text).coach[1].calendar
    assert isinstance(found, CaldavCalendar)
    return found


def problem(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text)
    (line,) = caught.value.problems
    return line


def test_what_is_left_out_is_polite(tmp_path: Path) -> None:
    found = calendar(tmp_path)

    assert (found.every, found.timeout) == (timedelta(minutes=2), timedelta(minutes=1))
    assert (found.name, found.calendar, found.ca_file, found.only_rules) == ("calendar", "", None, False)


def test_rules_belong_to_any_calendar(tmp_path: Path) -> None:
    text = f'{CALDAV}only_rules = true\n[[coach.calendar.rule]]\ntitle = "^Coaching"\n'

    assert calendar(tmp_path, text).rule[0].title == "^Coaching"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('every = "20 seconds"', "coach[2].calendar[1].every: write at least 30 seconds"),
        ('timeout = "1 hour"', "coach[2].calendar[1].timeout: write at most 10 minutes"),
        ('password_command = "pass calendar"', "coach[2].calendar[1]: give one of `password_file`"),
        ('token_command = "\'"', "coach[2].calendar[1].token_command: this is no command"),
        ('path = "a.ics"', "coach[2].calendar[1].path: there is no such option"),
    ],
)
def test_mistake_is_explained(tmp_path: Path, line: str, says: str) -> None:
    assert says in problem(tmp_path, f"{CALDAV}{line}\n")


def test_one_of_the_ways_to_a_password_is_needed(tmp_path: Path) -> None:
    assert "give one of" in problem(tmp_path, CALDAV.replace('password_file = "calendar-password"\n', ""))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://dav.example", "a password is never sent in the clear: write 'https://'"),
        ("dav.example", "write the address of the server"),
        ("ftp://dav.example", "write the address of the server"),
        ("https://", "write the address of the server"),
        ("https://dav.example:port/", "write the address of the server"),
        ("https://dav.example/?x=1", "write the address of the server"),
        ("https://carla:hunter2@dav.example", "options of their own"),
    ],
)
def test_address_has_to_be_a_safe_one(tmp_path: Path, url: str, says: str) -> None:
    found = problem(tmp_path, CALDAV.replace("https://dav.example", url))

    assert found.startswith(f"coach[2].calendar[1].url: {says}") or says in found
    assert "hunter2" not in found


@pytest.mark.parametrize("url", ["http://127.0.0.1:5232", "http://localhost/dav/", "http://[::1]:5232"])
def test_what_never_leaves_the_machine_may_go_in_the_clear(tmp_path: Path, url: str) -> None:
    assert calendar(tmp_path, CALDAV.replace("https://dav.example", url)).url == url


def test_every_option_is_explained_in_the_example() -> None:
    assert {name for name in CaldavCalendar.model_fields if f"{name} = " not in example()} == {"kind", "rule"}


def test_example_is_valid(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in example().splitlines() if " = " in line]
    others = ("password_variable", "password_command", "token_command", "ca_file")
    kept = [line for line in lines if not line.startswith(others)]
    found = calendar(tmp_path, '\n[[coach.calendar]]\nkind = "caldav"\n' + "\n".join(kept) + "\n")

    assert found.calendar == "Sessions"
    assert found.timeout == CaldavCalendar.model_fields["timeout"].default


def example() -> str:
    text = (ROOT / "config" / "mailflow.example.toml").read_text("utf-8")
    return text.partition('kind = "caldav"')[2].partition("\n\n#")[0]


def test_authority_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    settings = load(tmp_path, f'{CALDAV}ca_file = "nowhere.pem"\n')
    calendar = create_calendar(settings.coach[1].calendar[0], ANNA, settings, list)

    with pytest.raises(TemporaryError, match=r"nowhere\.pem of certificates can't be used: No such file"):
        calendar.read(NOTHING_KNOWN, WINDOW)


def test_caldav_is_not_loaded_where_no_calendar_needs_it(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from mailflow.settings import load_settings; from mailflow.app import *;"
        "import mailflow.daemon; from tests.builders import ANNA; s = load_settings(Path(sys.argv[1]));"
        "[create_calendar(calendar, ANNA, s, list) for coach in s.coach for calendar in coach.calendar];"
        "print([name for name in ('caldav', 'niquests', 'urllib3', 'lxml') if name in sys.modules])"
    )
    for text, loaded in (("", "[]"), (CALDAV, "['caldav', 'niquests', 'urllib3', 'lxml']")):
        load(tmp_path, text)
        command = [sys.executable, "-c", script, str(tmp_path / "mailflow.toml")]
        assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == loaded
