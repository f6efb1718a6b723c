"""The wheel is whole: it carries templates, translations and the demo's settings, and works from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_demo import PATIENCE

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the locked hatchling: no index is asked."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh venv with the locked packages, as the Dockerfile installs them, and the wheel."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    python = venv / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input", "--quiet"]
    run(*pip, "install", "--require-hashes", "-r", str(ROOT / "locks" / "runtime.txt"))
    run(*pip, "install", "--no-deps", "--no-index", str(wheel))
    return python


def run(*command: str, cwd: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=cwd, env=clean)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_all_that_is_read_at_run_time(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = [*ROOT.glob("templates/**/*"), *ROOT.glob("config/*.toml")]
    wanted = {f"mailflow/{file.relative_to(ROOT)}" for file in shipped if file.is_file()}
    wanted |= {str(file.relative_to(ROOT)) for file in ROOT.glob("mailflow/**/*.po")} | {"mailflow/py.typed"}
    assert wanted - names == set()
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/")) or name.endswith(".pyc")]


def test_mailflow_comes_from_the_fresh_venv(python: Path, tmp_path: Path) -> None:
    where = run(str(python), "-c", "import mailflow; print(mailflow.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(python.parents[1])
    assert str(ROOT) not in run(str(python), "-c", "import sys; print(sys.path)", cwd=tmp_path)


def test_the_installed_demo_plays_every_step_from_an_empty_folder(python: Path, tmp_path: Path) -> None:
    """With the demo's own timing, as shipped."""
    clean = {n: value for n, value in os.environ.items() if n != "PYTHONPATH" and not n.startswith("MAILFLOW_")}
    done = subprocess.run(
        [str(python.with_name("mailflow")), "demo", "--once"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        cwd=tmp_path,
        env=clean,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "checks hold." in done.stdout
    assert list(tmp_path.iterdir()) == []
