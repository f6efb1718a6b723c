"""The commands as people and programs call them."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from mailflow import __version__
from mailflow.cli import mailflow, main
from mailflow.daemon import only_daemon
from mailflow.errors import AccountError, PermanentError
from mailflow.model import InboundStatus, OutboundKind, OutboundState
from mailflow.store import attempts
from tests.flows.test_deliver import Wire
from tests.scene import JANE, NOW, Event, Scene, note, open_scene, write_settings

ROOT = Path(__file__).parents[1]
KEYS_OF_AN_ACTION = {"text", "due", "steps", "plan", "why", "done", "advice"}


def commands(group: click.Group = mailflow, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group, as the words that call it."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


def command_of(path: tuple[str, ...]) -> click.Command:
    command: click.Command = mailflow
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    return command


EVERY = [path for path in commands() if path]
WITH_JSON = [path for path in EVERY if any("--json" in option.opts for option in command_of(path).params)]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    raw: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        return self.raw.decode()


def run(*arguments: str, config: Path | None = None, **environment: str) -> Done:
    """`mailflow …` in this process, which is quicker; the settings come as the operator's variable."""
    stdout, stderr = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MAILFLOW_")]:
            patch.delenv(name)
        if config is not None:
            patch.setenv("MAILFLOW_CONFIG", str(config))
        for name, value in ({"COLUMNS": "200"} | environment).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["mailflow", *arguments])
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        with pytest.raises(SystemExit) as ended:
            main()
    stdout.flush()
    assert isinstance(stdout.buffer, io.BytesIO)
    return Done(int(ended.value.code or 0), stdout.buffer.getvalue(), stderr.getvalue())


def output(*arguments: str, config: Path | None = None) -> str:
    done = run(*arguments, config=config)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as scene:
        yield scene


# --- Every command -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    command = command_of(path)
    with click.Context(command, info_name="mailflow " + " ".join(path)) as context:
        shown = command.get_help(context)
    assert f"Example: mailflow {' '.join(path)}" in " ".join(shown.split())
    assert command.get_short_help_str(limit=200), "the list of commands says what it does"


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_example_is_a_command_that_can_be_typed(path: tuple[str, ...]) -> None:
    """It names options that exist: click would refuse it otherwise."""
    line = (command_of(path).epilog or "").removeprefix("Example: ").split(" > ")[0].split(" >> ")[0].split()
    assert tuple(line[1 : 1 + len(path)]) == path
    command = command_of(path)
    known = {option for parameter in command.params for option in parameter.opts}
    known |= {
        option
        for name in getattr(command, "commands", {})
        for p in command_of((*path, name)).params
        for option in p.opts
    }
    assert {word for word in line if word.startswith("--")} <= known


def test_the_readme_has_a_row_for_every_command_and_for_no_other() -> None:
    """A row is | `mailflow inbox list`, `show`, `retry` | what it is for |; a group goes without saying."""
    rows = re.findall(r"^\| (`mailflow .+?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    named = set()
    for row in rows:
        first, *others = (span.split() for span in re.findall(r"`([^`]+)`", row))
        path = tuple(word for word in first[1:] if word.islower() and word.isalpha())
        named |= {path} | {(*path[:-1], other[0]) for other in others if not other[0].startswith("-")}
    assert named == {path for path in EVERY if not isinstance(command_of(path), click.Group)}


def test_the_program_itself_answers_and_says_by_its_exit_code_what_was_wrong(tmp_path: Path) -> None:
    def program(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mailflow", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert program("--version").stdout == f"mailflow {__version__}\n"
    refused = program("status", "--config", str(tmp_path / "nothing.toml"))
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "nothing.toml" in refused.stderr


def test_help_names_the_exit_codes_and_version_the_version() -> None:
    assert "Exit codes: 0 done" in output("--help")
    assert output("--version") == f"mailflow {__version__}\n"


def test_an_unknown_option_is_wrong_usage() -> None:
    assert run("status", "--nonsense").returncode == 2
    assert run("nonsense").returncode == 2


@pytest.mark.parametrize("arguments", [("inbox", "show"), ("outbox", "hold"), ("inbox", "retry"), ("outbox", "show")])
def test_an_impossible_number_is_wrong_usage(scene: Scene, arguments: tuple[str, ...]) -> None:
    for number in ("9" * 30, "0", "x"):
        done = run(*arguments, number, config=scene.config)
        assert done.returncode == 2, done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    script = output("completion", shell)
    assert "_MAILFLOW_COMPLETE" in script
    assert "mailflow" in script


# --- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WITH_JSON, ids=" ".join)
def test_every_json_is_json(scene: Scene, tmp_path: Path, path: tuple[str, ...]) -> None:
    scene.send_note(note())
    file = tmp_path / "note.eml"
    file.write_bytes(note())
    arguments = [str(file)] if path == ("parse",) else ["1"] if path[-1] == "show" else []
    json.loads(run(*path, *arguments, "--json", config=scene.config).stdout)


def test_the_lists_are_among_the_commands_with_json() -> None:
    assert set(WITH_JSON) >= {
        ("parse",),
        ("sessions",),
        ("status",),
        ("client", "list"),
        ("inbox", "list"),
        ("outbox", "list"),
    }


# --- parse ---------------------------------------------------------------------------------------

PARSED = """Summary: You caught it.

She seemed tired.

Actions:
- Call the GP by Friday
  - ask about sleep
- [x] Write to Sam

My actions:
- Send the article
"""


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    file = tmp_path / "note.eml"
    file.write_bytes(note(PARSED))
    return file


def parse_json(mail: Path, *options: str) -> Any:
    return json.loads(output("parse", str(mail), "--json", *options))


def test_parse_prints_what_was_understood_as_json(mail: Path) -> None:
    found = parse_json(mail, "--timezone", "Europe/Berlin")
    assert list(found) == [
        "from", "subject", "date", "automatic", "client", "summary", "notes", "actions", "coach_actions", "problems",
        "commands",
    ]  # fmt: skip
    assert found["from"] == ["anna@coach.example"]
    assert found["subject"] == "Notes from today"
    assert found["date"] == "2026-11-23T16:00:00+00:00"
    assert (found["automatic"], found["client"], found["summary"]) == (None, None, "You caught it.")
    assert "She seemed tired." in found["notes"]
    first, second = found["actions"]
    assert first.keys() == second.keys() == KEYS_OF_AN_ACTION
    assert first["text"] == "Call the GP by Friday"
    assert first["due"] == {"kind": "date", "on": "2026-11-27", "phrase": "by Friday", "ambiguous": False}
    assert first["steps"] == ["ask about sleep"]
    assert (first["done"], second["done"]) == (False, True)
    assert [action["text"] for action in found["coach_actions"]] == ["Send the article"]


def test_parse_prints_advice_with_an_example_and_too_many_from_the_third_action_on(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(note("Actions:\n- Be more patient today\n- Pay Jo today\n- Call Sam\n- Pay Kim today\n"))
    vague, none, third, fourth = (action["advice"] for action in parse_json(file)["actions"])
    assert none == []
    assert [(hint["kind"], hint["words"]) for hint in vague] == [("vague", "Be more")]
    assert third[0] == {"kind": "no-when", "words": "", "example": "Call Sam, by Thursday"}
    assert [hint["kind"] for hint in (*third[1:], *fourth)] == ["too-many", "too-many"]
    assert all(hint["example"] for hint in (*vague, *third, *fourth))
    assert output("parse", str(file)).count("long list") == 1


def test_parse_sees_due_dates_from_another_moment(mail: Path) -> None:
    (first, _) = parse_json(mail, "--at", "2027-02-01")["actions"]
    assert first["due"]["on"] == "2027-02-05"


def test_parse_takes_headings_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(note("Experiments:\n- Call Sam\n\nVersuche:\n- Book the GP\n"))
    assert parse_json(file)["actions"] == []
    found = parse_json(file, "--heading", "experiments", "--heading", "Versuche")
    assert [action["text"] for action in found["actions"]] == ["Call Sam", "Book the GP"]
    assert "another meaning" in run("parse", str(file), "--heading", "Notes").stderr


def test_parse_reads_dates_in_the_order_that_is_given(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(note("Actions:\n- Call Sam by 3/12\n"))
    days = [parse_json(file, "--date-order", order)["actions"][0]["due"]["on"] for order in ("DMY", "MDY")]
    assert days == ["2026-12-03", "2027-03-12"]


def test_parse_prints_what_was_understood_for_people(mail: Path) -> None:
    shown = output("parse", str(mail), "--timezone", "Europe/Berlin")
    for line in (
        "From:    anna@coach.example",
        "Subject: Notes from today",
        "You caught it.",
        "1. Call the GP by Friday",
        "Friday 27 November",
        "   - ask about sleep",
        "2. Write to Sam",
        "1. Send the article",
    ):
        assert line in shown


def test_parse_says_what_is_the_matter_with_a_mail(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(note("", headers={"Auto-Submitted": "auto-replied"}))
    found = parse_json(file)
    assert found["automatic"] == "auto-reply"
    assert found["actions"] == []
    assert found["problems"]
    assert all(problem.keys() == {"kind", "text"} for problem in found["problems"])
    shown = output("parse", str(file))
    assert found["problems"][0]["text"] in shown
    assert "automatic mail (auto-reply): it would not be answered.\n" in shown


def test_parse_says_where_only_the_subject_looks_automatic(tmp_path: Path) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(note(subject="Automatic response patterns"))
    assert "(auto-reply): it would not be answered, unless a coach sent it with actions.\n" in output(
        "parse", str(file)
    )


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 1000, b"From: ((((\r\n\r\n", b"no header at all"])
def test_parse_never_fails_on_what_a_file_holds(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "note.eml"
    file.write_bytes(raw)
    assert parse_json(file)["actions"] == []


def test_parse_needs_no_settings_and_touches_nothing(tmp_path: Path, mail: Path) -> None:
    before = sorted(tmp_path.iterdir())
    output("parse", str(mail))
    assert sorted(tmp_path.iterdir()) == before


def test_parse_with_a_zone_that_does_not_exist_is_exit_code_1_and_a_sentence(mail: Path) -> None:
    done = run("parse", str(mail), "--timezone", "Mars/Olympus")
    assert done.returncode == 1
    assert "Europe/Berlin" in done.stderr
    assert "Traceback" not in done.stderr


def test_parse_of_a_file_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    assert run("parse", str(tmp_path / "nothing.eml")).returncode == 2


def test_second_daemon_with_other_settings_is_refused_before_it_changes_anything(scene: Scene) -> None:
    """The first one works by the coaches that it adopted."""
    other = scene.config.read_text("utf-8")
    (scene.config.parent / "other.toml").write_text(
        other[: other.index("[[coach]]")] + other[other.rindex("[[coach]]") :], "utf-8"
    )
    before = scene.app.database.fingerprint()
    command = [sys.executable, "-m", "mailflow", "run", "--config", str(scene.config.parent / "other.toml")]
    with only_daemon(scene.app.settings.data):
        refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 4
    assert "Another mailflow runs" in refused.stderr
    assert scene.app.database.fingerprint() == before


# --- sessions and status -------------------------------------------------------------------------


def test_sessions_lists_sessions_and_why_other_events_are_none(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    with open_scene(tmp_path) as scene:
        stranger = Event("stranger", now + timedelta(days=2), JANE, organizer="mallory@evil.example")
        scene.plan(Event("jane", now + timedelta(days=1), JANE), stranger, now=now)
        found = json.loads(output("sessions", "--json", config=scene.config))
        shown = output("sessions", config=scene.config)
        none = output("sessions", "--coach", "carla@coach.example", config=scene.config)
    (session,) = [session for session in found["sessions"] if session["status"] == "planned"]
    assert (session["client"], session["starts_at"]) == (JANE, (now + timedelta(days=1)).isoformat())
    assert [event["reason"] for event in found["passed_over"]] == ["not-accepted"]
    assert "Jane Doe <jane@client.example>" in shown
    assert "Sessions: none" in none


def test_status_is_exit_code_0_where_nothing_waits_and_1_where_something_does(scene: Scene) -> None:
    assert "inbox: empty" in output("status", config=scene.config)
    scene.mail_in(note(sender="mallory@evil.example"))
    scene.process_all()
    done = run("status", "--json", config=scene.config)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["healthy"], found["inbox"]) == (False, {"quarantined": 1})
    assert "mailflow inbox list --status quarantined" in run("status", config=scene.config).stdout
    assert "mallory" in output("inbox", "list", "--status", "quarantined", config=scene.config)
    output("outbox", "list", "--state", "failed", config=scene.config)


def test_status_tells_of_mail_that_should_have_gone(scene: Scene) -> None:
    """A wrong password or a broken template lets nothing leave: the operator must see that."""
    now = datetime.now(UTC)
    scene.mailer = Wire([AccountError("535 wrong password")])
    scene.mail_in(note(date=now), now)
    scene.process_all(now)
    scene.deliver_all(now)
    found = json.loads(run("status", "--json", config=scene.config).stdout)
    assert (found["account"]["reason"], found["stuck"]) == ("535 wrong password", [])
    assert "no mail goes since" in run("status", config=scene.config).stdout
    scene.run_sql("UPDATE outbound_emails SET planned_at = planned_at - 3700 WHERE kind = 'question'")

    done = run("status", config=scene.config)
    assert done.returncode == 1
    assert "question" in done.stdout
    assert "535 wrong password" in done.stdout
    (stuck,) = json.loads(run("status", "--json", config=scene.config).stdout)["stuck"]
    assert (stuck["kind"], stuck["reason"]) == ("question", "535 wrong password")

    assert "What goes as soon as mailflow runs: 1" in output("outbox", "retry", "--all", config=scene.config)
    scene.mailer = Wire()
    scene.deliver_all(datetime.now(UTC))
    assert json.loads(output("status", "--json", config=scene.config))["healthy"]


def test_retry_wants_one_mail_or_all(scene: Scene) -> None:
    for arguments in ([], ["1", "--all"]):
        done = run("outbox", "retry", *arguments, config=scene.config)
        assert done.returncode == 2
        assert "ID of a mail, or --all" in done.stderr


def test_status_tells_of_mail_that_nobody_looks_at(scene: Scene) -> None:
    scene.mail_in(note(), datetime.now(UTC) - timedelta(minutes=61))
    done = run("status", config=scene.config)
    assert done.returncode == 1
    assert "waiting for more than an hour: 1" in done.stdout


def test_mail_that_the_coach_holds_waits_for_nobody_else(scene: Scene) -> None:
    now = datetime.now(UTC)
    (receipt,) = scene.send_note(note(date=now), now)
    scene.browser(now).post(receipt.pages("n")[0], data={"do": "hold"})
    assert json.loads(output("status", "--json", config=scene.config))["healthy"]


@pytest.mark.parametrize(
    ("minutes", "values", "says"),
    [
        (1, "left_alone = 3", ", 3 older mails left alone"),
        (1, "problem = 'imap.example:993 refuses the password'", "  ! imap.example:993 refuses the password"),
        (1, "side_problem = 'Mail can''t be moved'", "  ! Mail can't be moved"),
        (61, "problem = ''", "  ! nobody asked it for an hour"),
    ],
)
def test_status_says_how_a_mailbox_is(scene: Scene, minutes: int, values: str, says: str) -> None:
    asked_at = int((datetime.now(UTC) - timedelta(minutes=minutes)).timestamp())
    scene.run_sql(f"UPDATE mailboxes SET is_asked = 1, asked_at = {asked_at}, {values}")
    done = run("status", config=scene.config)

    assert done.returncode == (0 if "left_alone" in values else 1)
    assert says in done.stdout
    (box,) = json.loads(run("status", "--json", config=scene.config).stdout)["mailboxes"]
    assert box["name"] == "notes"


def test_status_says_which_mailbox_is_pushed_to(scene: Scene) -> None:
    assert "mailbox 'notes': mail is pushed to it" in output("status", config=scene.config)


def test_status_names_an_event_that_cannot_be_read(scene: Scene) -> None:
    scene.write_calendar("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:broken\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    scene.sync()
    done = run("status", config=scene.config)
    assert done.returncode == 1
    assert "event broken" in done.stdout


# --- inbox and outbox ----------------------------------------------------------------------------


def test_inbox_lists_shows_and_retries(scene: Scene) -> None:
    raw = note(sender="mallory@evil.example")
    scene.mail_in(raw)
    scene.process_all()
    (row,) = json.loads(output("inbox", "list", "--json", config=scene.config))
    assert (row["id"], row["status"], row["sender"]) == (1, "quarantined", "mallory@evil.example")
    assert "mallory@evil.example" in output("inbox", config=scene.config)
    assert "Inbox: none" in output("inbox", "list", "--status", "processed", config=scene.config)
    shown = output("inbox", "show", "1", config=scene.config)
    assert "reason: its sender is no coach" in shown
    assert "Book the GP appointment" in shown
    assert run("inbox", "show", "1", "--raw", config=scene.config).raw == raw
    assert "looked at again" in output("inbox", "retry", "1", config=scene.config)
    assert scene.statuses() == [InboundStatus.RECEIVED]


def test_a_dismissed_mail_is_kept_with_its_reason_and_waits_for_nobody(scene: Scene) -> None:
    scene.mail_in(note(sender="mallory@evil.example"))
    scene.process_all()
    assert run("status", config=scene.config).returncode == 1
    assert "is dismissed" in output("inbox", "dismiss", "1", config=scene.config)
    assert "inbox: 1 ignored" in output("status", config=scene.config)
    shown = output("inbox", "show", "1", config=scene.config)
    assert "reason: dismissed by the operator: its sender is no coach" in shown
    assert "Book the GP appointment" in shown
    again = run("inbox", "dismiss", "1", config=scene.config)
    assert (again.returncode, again.stderr) == (
        1,
        "Mail 1 is ignored; only quarantined mail is dismissed. Nothing was changed.\n",
    )
    output("inbox", "retry", "1", config=scene.config)
    assert scene.statuses() == [InboundStatus.RECEIVED]


def test_outbox_lists_shows_holds_releases_and_cancels(scene: Scene) -> None:
    scene.send_note(note())
    homework = scene.planned(OutboundKind.HOMEWORK)
    number = str(homework.id)
    (row,) = json.loads(output("outbox", "list", "--state", "sent", "--json", config=scene.config))
    assert row["kind"] == "receipt"
    assert JANE in output("outbox", config=scene.config)
    assert "made by the first attempt" in output("outbox", "show", number, config=scene.config)
    assert f"To: {JANE}" not in output("outbox", "show", number, "--raw", config=scene.config)
    assert "is held back" in output("outbox", "hold", number, config=scene.config)
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.HELD
    assert "goes as soon as" in output("outbox", "release", number, config=scene.config)
    assert scene.planned(OutboundKind.HOMEWORK).state is OutboundState.WAITING
    assert "is cancelled" in output("outbox", "cancel", number, config=scene.config)
    assert scene.deliver_all(NOW + timedelta(days=1)) == []


def test_outbox_shows_the_bytes_that_went(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    number = str(scene.planned(OutboundKind.RECEIPT).id)
    assert run("outbox", "show", number, "--raw", config=scene.config).raw == receipt.raw


def test_outbox_says_why_a_mail_failed(scene: Scene) -> None:
    scene.mailer = Wire([PermanentError("550 no such user")])
    scene.send_note(note("nothing agreed"))
    assert "550 no such user" in output("outbox", "list", "--state", "failed", config=scene.config)
    assert run("status", config=scene.config).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("inbox", "show", "99"),
        ("inbox", "retry", "1"),
        ("inbox", "retry", "99"),
        ("inbox", "dismiss", "1"),
        ("inbox", "dismiss", "99"),
        ("sessions", "--coach", "nobody@coach.example"),
        ("outbox", "show", "99"),
        ("outbox", "hold", "99"),
        ("outbox", "release", "99"),
        ("outbox", "cancel", "99"),
    ],
    ids=" ".join,
)
def test_what_is_not_possible_is_exit_code_1_and_changes_nothing(scene: Scene, arguments: tuple[str, ...]) -> None:
    scene.send_note(note())
    before = scene.app.database.fingerprint()
    done = run(*arguments, config=scene.config)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    if "99" in arguments:
        assert f"There is no mail 99 in the {arguments[0]}." in done.stderr
    assert scene.app.database.fingerprint() == before


def test_what_has_gone_can_not_be_held(scene: Scene) -> None:
    scene.send_homework(note())
    done = run("outbox", "hold", str(scene.planned(OutboundKind.HOMEWORK).id), config=scene.config)
    assert done.returncode == 1
    assert "is sent already: nothing was changed" in done.stderr


def test_what_just_goes_can_not_be_held(scene: Scene) -> None:
    scene.send_note(note())
    homework = scene.planned(OutboundKind.HOMEWORK)
    with scene.app.database.write() as tx:
        attempts.claim_due(tx, homework.due_at, datetime.now(UTC) + timedelta(days=1))
    done = run("outbox", "hold", str(homework.id), config=scene.config)
    assert (done.returncode, done.stderr) == (1, f"Mail {homework.id} is on its way: nothing was changed.\n")


def test_output_that_can_not_be_written_is_told(scene: Scene) -> None:
    """Also where the little there is was still in Python's hands when the command ended."""
    for arguments in (["inbox", "list"], ["inbox", "list", "--help"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "mailflow", *arguments],
                env=os.environ | {"MAILFLOW_CONFIG": str(scene.config)},
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        assert (done.returncode, done.stderr) == (4, "The output can't be written: No space left on device.\n")


def test_looking_with_the_commands_changes_nothing(scene: Scene) -> None:
    scene.send_note(note())
    before = scene.app.database.fingerprint()
    for arguments in (["status"], ["sessions"], ["inbox"], ["outbox"], ["inbox", "show", "1"], ["outbox", "show", "1"]):
        run(*arguments, config=scene.config)
    assert scene.app.database.fingerprint() == before


# --- Settings and the machine --------------------------------------------------------------------


def test_settings_with_several_mistakes_are_exit_code_3_and_all_are_listed(tmp_path: Path) -> None:
    config = write_settings(tmp_path, hold="10", service="nobody", url="homework.example")
    config.write_text(config.read_text().replace("Europe/Berlin", "Europe/Atlantis", 1) + '\ncolour = "red"\n')
    done = run("run", config=config)
    assert done.returncode == 3
    for place in ("service.email", "web.url", "coach[1].hold", "coach[1].timezone", "colour"):
        assert place in done.stderr
    assert "Traceback" not in done.stderr


def test_without_settings_it_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("status")
    assert done.returncode == 3
    assert "mailflow.toml" in done.stderr


def test_without_data_it_says_what_to_start_first(tmp_path: Path) -> None:
    done = run("status", config=write_settings(tmp_path))
    assert done.returncode == 4
    assert "mailflow run" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_variable_goes_before_the_file(scene: Scene, tmp_path: Path) -> None:
    done = run("status", config=scene.config, MAILFLOW_DATA=str(tmp_path / "elsewhere"))
    assert done.returncode == 4
    assert "elsewhere" in done.stderr
