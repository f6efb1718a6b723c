"""The container image, as far as it can be tried without an engine: what goes in, its variables, its HEALTHCHECK."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from mailflow.settings import load_settings
from tests.running import running

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
VARIABLES = dict(re.findall(r"\b(MAILFLOW_\w+)=(\S+)", DOCKERFILE))


def test_all_that_goes_into_the_image_exists() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    sources = {source for line in lines for source in line.split()}
    assert sources
    assert {source for source in sources if not (ROOT / source).exists()} == set()
    unignored = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert {source.rstrip("/") for source in sources} == unignored


def test_variables_of_the_image_win_over_the_settings_file(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(ROOT / "config" / "demo.toml")
    assert f"VOLUME {settings.data}\n" in DOCKERFILE
    assert ip_address(settings.web.host).is_unspecified
    assert f"EXPOSE {settings.web.port} " in DOCKERFILE
    assert settings.log == "json"


def test_healthcheck_passes_while_the_daemon_runs_and_fails_once_it_has_stopped(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.wait_for("daemon.ready")
        port = service.url.rpartition(":")[2]
        assert healthcheck(port) == 0
        assert service.stop() == 0
    assert healthcheck(port) == 1


def healthcheck(port: str) -> int:
    (line,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    python, *arguments = json.loads(line)
    assert python == "python"
    variables = {"MAILFLOW_WEB__PORT": port}
    return subprocess.run(
        [sys.executable, *arguments], env=variables, stderr=subprocess.DEVNULL, check=False
    ).returncode
