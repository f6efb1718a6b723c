"""Which session does this note belong to? Certain, or asked; never guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailflow.model import Client, ClientHint, HintPlace, Session

RECENT = timedelta(hours=18)
"""A note that names nobody belongs to a session that began no longer ago than this."""

REMEMBERED = timedelta(days=14)
"""A note that names its client belongs to a session that began no longer ago than this."""

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SUBJECT_FILLER = frozenset(
    "re aw fw fwd wg tr rv a about action actions and call coaching date for from homework items meeting my next note "
    "notes of on our session sessions steps summary the to today todo with yesterday "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)


class Reason(StrEnum):
    """Why a note is certain to be a client's, or why the coach is asked; wording.py has the sentence for each."""

    IN_RECIPIENTS = "in-recipients"
    CLIENT_LINE = "client-line"
    HEADING = "heading"
    IN_SUBJECT = "in-subject"
    ONLY_SESSION = "only-session"
    COACH_CHOSE = "coach-chose"
    # the coach is asked:
    NO_SESSION = "no-session"
    SEVERAL_SESSIONS = "several-sessions"
    SEVERAL_CLIENTS = "several-clients"
    UNKNOWN_CLIENT = "unknown-client"
    NAMED_WITHOUT_SESSION = "named-without-session"
    CALENDAR_STALE = "calendar-stale"


@dataclass(frozen=True)
class Evidence:
    """What a note says about whose it is, and what the calendar knows.

    `recipients` are the To and Cc addresses that are neither mailflow's nor the coach's own, casefolded.
    `sessions` are the coach's planned ones that began within REMEMBERED before the note was written, oldest first;
    `with_actions` the ids of those that a note with actions came for. `calendar_current` is false where the
    calendar could not be read lately: then what it doesn't show may exist all the same.
    """

    written_at: datetime
    recipients: tuple[str, ...]
    hint: ClientHint | None
    subject: str
    clients: Sequence[Client]
    sessions: Sequence[Session]
    with_actions: Collection[int]
    calendar_current: bool


@dataclass(frozen=True)
class Match:
    client_id: int
    session_id: int
    reason: Reason


@dataclass(frozen=True)
class Ask:
    """`sessions` are the likely answers, the latest first."""

    reason: Reason
    sessions: tuple[Session, ...]


def match_note(evidence: Evidence) -> Match | Ask:
    """The one client and session it must be, or the question to the coach."""
    addressed = {client.id for client in evidence.clients if client.email.casefold() in evidence.recipients}
    if len(addressed) < len(set(evidence.recipients)):
        return _ask(evidence, Reason.UNKNOWN_CLIENT, addressed)
    hinted = _named(evidence.hint.hint, evidence.clients) if evidence.hint else set()
    if evidence.hint and not hinted:
        return _ask(evidence, Reason.UNKNOWN_CLIENT, addressed)
    mentioned, subject_is_plain = _mentioned(evidence.subject, evidence.clients)
    named = addressed | hinted
    if not named and subject_is_plain:
        named = mentioned
    if len(named) > 1 or (named and mentioned - named):
        return _ask(evidence, Reason.SEVERAL_CLIENTS, named | mentioned)
    if named:
        reason = Reason.IN_SUBJECT
        if addressed:
            reason = Reason.IN_RECIPIENTS
        elif evidence.hint:
            reason = Reason.HEADING if evidence.hint.where is HintPlace.HEADING else Reason.CLIENT_LINE
        return _match_client(evidence, named.pop(), reason)
    return _match_time(evidence, mentioned)


def _match_client(evidence: Evidence, client_id: int, reason: Reason) -> Match | Ask:
    """The client is certain: the session is the latest that still waits for its actions, else the latest."""
    own = [session for session in evidence.sessions if session.client_id == client_id]
    waiting = [session for session in own if session.id not in evidence.with_actions]
    if not own:
        return _ask(evidence, Reason.NAMED_WITHOUT_SESSION, set())
    return Match(client_id, (waiting or own)[-1].id, reason)


def _match_time(evidence: Evidence, mentioned: set[int]) -> Match | Ask:
    """Nobody is named: it must be the only session lately that has no note yet."""
    if not evidence.calendar_current:
        return _ask(evidence, Reason.CALENDAR_STALE, mentioned)
    waiting = [
        session
        for session in evidence.sessions
        if evidence.written_at - session.starts_at <= RECENT and session.id not in evidence.with_actions
    ]
    if not waiting:
        return _ask(evidence, Reason.NO_SESSION, mentioned)
    if len(waiting) > 1:
        return Ask(Reason.SEVERAL_SESSIONS, tuple(reversed(waiting)))
    if mentioned and waiting[0].client_id not in mentioned:
        return _ask(evidence, Reason.SEVERAL_CLIENTS, mentioned | {waiting[0].client_id})
    return Match(waiting[0].client_id, waiting[0].id, Reason.ONLY_SESSION)


def _ask(evidence: Evidence, reason: Reason, likely: set[int]) -> Ask:
    """The latest session of each likely client; of every client where none is likelier than another."""
    latest = {session.client_id: session for session in evidence.sessions}
    sessions = [session for session in latest.values() if session.client_id in likely] or list(latest.values())
    return Ask(reason, tuple(sorted(sessions, key=lambda session: session.starts_at, reverse=True)))


def _named(hint: str, clients: Sequence[Client]) -> set[int]:
    """The clients that this name or address may mean."""
    if "@" in hint:
        return {client.id for client in clients if client.email.casefold() == hint.strip(" <>").casefold()}
    words = _words(hint)
    whole = {client.id for client in clients if words and words == _words(client.name)}
    return whole or {client.id for client in clients if words and words[0] in _words(client.name) and len(words) == 1}


def _mentioned(subject: str, clients: Sequence[Client]) -> tuple[set[int], bool]:
    """(the clients whose name stands in the subject, whether the subject says nothing but the name)."""
    words = _words(subject)
    whole = {client.id for client in clients if _contains(words, _words(client.name))}
    first = {client.id for client in clients if set(_words(client.name)[:1]) & set(words)}
    mentioned = whole or first
    known = {word for client in clients if client.id in mentioned for word in _words(client.name)}
    plain = all(word in known or word in SUBJECT_FILLER or word.isdigit() for word in words)
    return mentioned, bool(whole) or plain


def _contains(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a name of at least two words stands in the words."""
    return len(name) > 1 and any(words[i : i + len(name)] == name for i in range(len(words)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text.casefold()))
