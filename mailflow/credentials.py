"""Passwords and tokens: read anew at each use, for they may be changed while mailflow runs.

Each function raises EnvironmentProblem, in which the secret never stands.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from mailflow.errors import EnvironmentProblem

COMMAND_SECONDS = 60


def from_file(path: Path) -> str:
    """What stands in the file, without the white space around it."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise EnvironmentProblem(f"The password file {path} can't be read: {error.strerror}.") from error


def from_variable(name: str) -> str:
    if not (value := os.environ.get(name)):
        raise EnvironmentProblem(f"The variable {name}, which should hold a password, is not set.")
    return value


def from_command(command: str) -> str:
    """The first line that the command prints. It is run without a shell."""
    words = shlex.split(command)
    try:
        done = subprocess.run(  # noqa: S603  # the operator's own
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        raise EnvironmentProblem(f"The command {words[0]} for a password failed with {error.returncode}.") from None
    except subprocess.TimeoutExpired:
        raise EnvironmentProblem(f"The command {words[0]} for a password took longer than a minute.") from None
    except OSError as error:
        raise EnvironmentProblem(f"The command {words[0]} for a password can't be run: {error.strerror}.") from error
    if not (secret := done.stdout.partition("\n")[0].strip()):
        raise EnvironmentProblem(f"The command {words[0]} for a password printed nothing.")
    return secret
