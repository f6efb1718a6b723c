"""'Drop: 2', 'Keep: 1 and 3', 'Carry over: all': what becomes of actions that are still open.

Strict on purpose: 'Keep: a diary' is an action. What is no number, 'all' or 'none' behind the colon is no command.
"""

from __future__ import annotations

import re

from mailflow.model import Command, CommandKind
from mailflow.parsing.words import phrases

MAX_NUMBER = 999

_DROP = phrases(
    """
    drop|dropped|streichen|gestrichen|weglassen|abandonner|supprimer|quitar|descartar|togliere|eliminare
    schrappen|laten vallen|descartar|retirar
    """
)
_KEEP = phrases(
    """
    keep|carry over|carry forward|behalten|beibehalten|übernehmen|weiterführen|garder|reporter|mantener|conservar
    tenere|mantenere|riportare|houden|behouden|meenemen|manter|continuar
    """
)
_ALL = phrases("all|everything|all of them|alle|alles|tous|tout|toutes|todo|todos|todas|tutto|tutti|tutte|tudo")
_NONE = phrases(
    "none|nothing|keine|keins|nichts|aucun|aucune|rien|ninguno|ninguna|nada|nessuno|nessuna|niente|geen|nenhum|nenhuma"
)
_NUMBERS = re.compile(r"#?\d{1,3}(?:(?:\s*(?:[,;&+/–-]|and|und|et|y|e|en)\s*|\s+)#?\d{1,3})*")
_NUMBER = re.compile(r"(\d+)(?:\s*[–-]\s*#?(\d+))?")
_OPPOSITE = {CommandKind.DROP: CommandKind.KEEP, CommandKind.KEEP: CommandKind.DROP}


def read_command(text: str) -> Command | None:
    """The command that a line is, None for every other line."""
    if len(text) > 80 or (":" not in text and "：" not in text):
        return None
    name, colon, value = text.replace("：", ":", 1).partition(":")
    kind = _kind(name.strip("*_ ").lower())
    value = value.strip("*_ .").lower()
    if not colon or kind is None:
        return None
    if value in _ALL:
        return Command(kind, (), text)
    if value in _NONE:
        return Command(_OPPOSITE[kind], (), text)
    numbers = _numbers(value)
    return Command(kind, numbers, text) if numbers else None


def _kind(name: str) -> CommandKind | None:
    if name in _DROP:
        return CommandKind.DROP
    return CommandKind.KEEP if name in _KEEP else None


def _numbers(value: str) -> tuple[int, ...]:
    """'1, 3' and '2-4' as numbers; () where it is something else."""
    if not _NUMBERS.fullmatch(value):
        return ()
    numbers: list[int] = []
    for first, last in _NUMBER.findall(value):
        numbers += range(int(first), min(int(last or first), MAX_NUMBER) + 1)
    return tuple(dict.fromkeys(numbers))
