"""Settings: one TOML file, overridden by MAILFLOW_… variables; every mistake is listed at once.

A relative path in the file is relative to the data folder. Nested options are reached with two underscores:
MAILFLOW_WEB__PORT=8081. A secret is given as a file (`password_file`) or as a variable.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as VariableError

from mailflow.errors import SettingsError
from mailflow.settings.mistakes import clashes, sentences
from mailflow.settings.sections import CoachSettings, MailboxSettings, MailerSettings, ServiceSettings, WebSettings

DEFAULT_FILES = (Path("mailflow.toml"), Path("/etc/mailflow/mailflow.toml"))


class Settings(BaseSettings):
    """Everything an operator decides."""

    model_config = SettingsConfigDict(env_prefix="MAILFLOW_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data: Path
    log: Literal["text", "json"] = "text"
    service: ServiceSettings
    web: WebSettings
    mailbox: tuple[MailboxSettings, ...] = Field(min_length=1)
    mailer: MailerSettings
    coach: tuple[CoachSettings, ...] = Field(min_length=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    def in_data(self, path: Path) -> Path:
        """A path of the settings, relative ones under the data folder."""
        return self.data / path.expanduser()


def load_settings(file: Path | None = None) -> Settings:
    """The settings of this file, else of $MAILFLOW_CONFIG, else of the first of DEFAULT_FILES that exists.

    Raises SettingsError with every problem at once.
    """
    path = _find(file)
    try:
        options = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(str(path), [f"the file can't be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), [f"this is no valid TOML: {error}"]) from error
    try:
        settings = Settings(**options)
    except VariableError as error:
        raise SettingsError(str(path), [f"a MAILFLOW_ variable can't be read: {error}"]) from error
    except ValidationError as error:
        raise SettingsError(str(path), sentences(error.errors()) + clashes(options)) from error
    if found := clashes(settings.model_dump()):
        raise SettingsError(str(path), found)
    return settings


def _find(file: Path | None) -> Path:
    if file is not None:
        return file
    if named := os.environ.get("MAILFLOW_CONFIG"):
        return Path(named)
    for path in DEFAULT_FILES:
        if path.exists():
            return path
    tried = " and ".join(str(path) for path in DEFAULT_FILES)
    raise SettingsError("no settings", [f"looked for {tried}: write one, or name yours with --config FILE"])
