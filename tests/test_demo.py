"""`mailflow demo --once`: it truly plays the main job, and it can fail."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from mailflow.demo.story import SENT_AS
from mailflow.model import OutboundKind

PATIENCE = 110
QUICK_COACH = {
    "name": "Anna Berg",
    "email": "anna@coach.example",
    "timezone": "Europe/Berlin",
    "hold": "0 seconds",
    "review_lead": "7213 seconds",
    "calendar": [{"kind": "ics", "path": "calendar.ics", "every": "2 seconds"}],
}
"""The demo's coach with her review due in 12 seconds instead of 25, and no hold instead of 15."""
IN_THE_BACKGROUND = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
"""As a script's `&` starts a command: with SIGINT ignored."""


def environment(**variables: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILFLOW_")}
    return clean | {"MAILFLOW_COACH": json.dumps([QUICK_COACH])} | variables


def demo(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mailflow", "demo", "--once"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=folder, env=environment(**variables)
    )


def test_demo_once_plays_every_step_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    done = demo(tmp_path, TMPDIR=str(tmp_path / "tmp"))
    assert done.returncode == 0, done.stdout + done.stderr
    told = [line[10:22].strip() for line in done.stdout.splitlines()]
    for step in ("mailed", "received", "understood", "sent", "answered"):
        assert step in told
    assert "NO" not in told
    assert told.count("ok") >= 12
    assert f"{told.count('ok')} of {told.count('ok')} checks hold." in done.stdout
    assert list(tmp_path.rglob("*")) == [tmp_path / "tmp"]


def test_demo_once_fails_where_a_step_does_not_truly_happen(tmp_path: Path) -> None:
    """Two templates of an operator break two promises; every other step is well."""
    emails = tmp_path / "own" / "emails"
    emails.mkdir(parents=True)
    (emails / "homework.html").write_text("{{ view.coach_name }}: She seemed tired", encoding="utf-8")
    (emails / "review.txt").write_text("{{ view.client_name }} comes soon. {{ view.url }}", encoding="utf-8")
    done = demo(tmp_path, MAILFLOW_SERVICE__TEMPLATES=str(tmp_path / "own"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert [line[22:] for line in done.stdout.splitlines() if line[10:22].strip() == "NO"] == [
        "nothing of the private notes is in it",
        "it says what Jane wrote",
        "it names what got no answer",
    ]


def test_demo_keeps_its_data_where_it_is_told_to_and_ends_with_ctrl_c_also_in_the_background(tmp_path: Path) -> None:
    command = [*IN_THE_BACKGROUND, sys.executable, "-u", "-m", "mailflow", "demo", "--keep", str(tmp_path / "kept")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()) as process:
        assert process.stdout
        told = ""
        for line in process.stdout:
            told += line
            if "homework to the client" in line:
                break
        process.send_signal(signal.SIGINT)
        try:
            told += process.communicate(timeout=PATIENCE)[0]
        finally:
            process.terminate()  # and with it the daemon that it started
    assert process.returncode == 0, told
    assert "The demo is over." in told
    assert len(list((tmp_path / "kept" / "sent").glob("*.eml"))) >= 2


def test_demo_overwrites_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mailflow", "demo", "--once", "--keep", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "name a new folder" in done.stderr


def test_the_story_has_words_for_every_kind_of_mail() -> None:
    assert set(SENT_AS) == set(OutboundKind)
