"""Moments as the database keeps them: whole seconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def to_unix(moment: datetime) -> int: ...
@overload
def to_unix(moment: None) -> None: ...
def to_unix(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


@overload
def from_unix(seconds: int) -> datetime: ...
@overload
def from_unix(seconds: None) -> None: ...
def from_unix(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
