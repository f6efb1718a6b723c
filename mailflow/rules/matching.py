"""Which session does this note belong to? Certain, or asked; never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from mailflow.model import Client, ClientHint, HintPlace, Session, address_key

RECENT = timedelta(hours=18)
"""A note that names nobody belongs to a session that began no longer ago than this."""

UNWRITTEN = timedelta(hours=36)
"""And to none while another client's that began no longer ago than this has no note: the morning after, a coach may
begin with any of yesterday's."""

REMEMBERED = timedelta(days=14)
"""A note that names its client belongs to a session that began no longer ago than this."""

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*['’ʼ]?")
ADDRESS = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
SUBJECT_FILLER = frozenset(
    "re aw fw fwd wg tr rv a about action actions after an and at brief call chat client coaching date first follow "
    "followup for from good great homework i in items long meeting my new next no note notes of on our quick recap s "
    "second session sessions short some st steps summary th the to today todo todos tough up weekly with write writeup "
    "yesterday monday tuesday wednesday thursday friday saturday sunday january february march july september october "
    "november december mon tue wed thu fri sat sun jan feb apr jun jul aug sep sept oct nov dec am pm "
    "aufgaben das der die gespräch gestern hausaufgaben heute heutige heutigen im mit notiz notizen protokoll sitzung "
    "termin und unsere unserer unserem vom von zu zum zur für "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober "
    "dezember".split()
)
"""Words of a subject that say nothing about whom a note is about."""

COMMON_WORDS = frozenset(
    "amber angel april art august autumn chance chase christian daisy dawn eve faith "
    "forest frank grace grant guy harmony heather holly hope iris ivy jade jewel "
    "joy june king lily mark mars mat may melody mercy miles olive page patience pearl "
    "penny pierce poppy price prudence ray reed rich rose ruby rusty sandy sky skip star stone sue summer "
    "trinity violet ward will win winter young mai juni rosa viola".split()
)
"""Names that are words as well: 'Notes May 12' and 'Will follow' name nobody for certain."""

PARTICLES = frozenset("al bin da de den der di dos du el ibn la le les st van von zu dr mr mrs ms prof mx".split())
BEFORE_A_NAME = frozenset("for with mit für".split())
SEPARATE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


class Reason(StrEnum):
    """Why a note is certain to be a client's, or why the coach is asked; wording.py has the sentence for each."""

    IN_TO = "in-recipients"  # as it is stored since before Cc was told apart
    IN_CC = "in-cc"
    CLIENT_LINE = "client-line"
    HEADING = "heading"
    IN_SUBJECT = "in-subject"
    IN_REPLY = "in-reply"
    ONLY_SESSION = "only-session"
    GROUP_SESSION = "group-session"
    COACH_CHOSE = "coach-chose"
    # the coach is asked:
    NO_SESSION = "no-session"
    SEVERAL_SESSIONS = "several-sessions"
    SEVERAL_CLIENTS = "several-clients"
    UNKNOWN_CLIENT = "unknown-client"
    NAMED_WITHOUT_SESSION = "named-without-session"
    CALENDAR_STALE = "calendar-stale"
    ANSWERS_ANOTHER = "answers-another"
    SESSION_CHANGED = "session-changed"
    MET_OTHERS = "met-others"
    QUESTION_OPEN = "question-open"


NAMED_IN_THE_NOTE = (Reason.IN_TO, Reason.IN_CC, Reason.CLIENT_LINE, Reason.HEADING)


@dataclass(frozen=True)
class Evidence:
    """What a note says about whose it is, and what the calendar knows.

    `recipients` are the To and Cc addresses that are neither mailflow's nor the coach's own, by their key; `in_cc`
    are those that stand in Cc alone.
    `sessions` are the coach's planned ones that began within REMEMBERED before the note was written, oldest first;
    `with_actions` the ids of those that a note with actions came for. `calendar_current` is false where the
    calendar, or an event in it, could not be read lately: then what it doesn't show may exist all the same.
    `met_others` is when events began that may have been sessions (rules/sessions.MAY_HAVE_BEEN_ONE). `unsettled` is
    when notes were written that wait for the coach to say whose they are. `answered` is the client of the note that the
    mail replies to: it decides nothing, but where the rest says another client, the coach is asked.
    """

    written_at: datetime
    recipients: tuple[str, ...]
    hint: ClientHint | None
    subject: str
    clients: Sequence[Client]
    sessions: Sequence[Session]
    with_actions: Collection[int]
    calendar_current: bool
    met_others: Sequence[datetime] = ()
    unsettled: Sequence[datetime] = ()
    answered: int | None = None
    in_cc: Collection[str] = ()


@dataclass(frozen=True)
class Match:
    """`session_id` is None where a note is about a client and no session."""

    client_id: int
    session_id: int | None
    reason: Reason


@dataclass(frozen=True)
class Ask:
    """`sessions` are the likely answers, the latest first. `named` is the client who is certain, and had no session."""

    reason: Reason
    sessions: tuple[Session, ...]
    named: int | None = None


def match_note(evidence: Evidence) -> Match | Ask:
    """The one client and session it must be, or the question to the coach."""
    recipients = {address_key(recipient) for recipient in evidence.recipients}
    known = {address_key(client.email): client.id for client in evidence.clients}
    addressed = {known[recipient] for recipient in recipients if recipient in known}
    if not recipients <= known.keys():
        return _ask(evidence, Reason.UNKNOWN_CLIENT, addressed)
    hinted = _hinted(evidence)
    if evidence.hint and not hinted:
        return _ask(evidence, Reason.UNKNOWN_CLIENT, addressed)
    subject = _read_subject(evidence)
    mentions = list(subject.mentions)
    if evidence.answered is not None:
        mentions.append(frozenset({evidence.answered}))
    if _is_common_heading(evidence.hint):
        mentions.append(frozenset(hinted))
        hinted = set()
    named = addressed if addressed and addressed <= hinted else addressed | hinted
    reason = _reason(evidence)
    if not named:
        if subject.names_a_stranger:
            return _ask(evidence, Reason.UNKNOWN_CLIENT, set().union(*mentions))
        named, reason = set(subject.decides), Reason.IN_SUBJECT
    if not named:
        return _match_time(evidence, mentions)
    if evidence.answered is not None and evidence.answered not in named:
        return _ask(evidence, Reason.ANSWERS_ANOTHER, named | {evidence.answered})
    if len(named) > 1 or any(named.isdisjoint(mention) for mention in mentions):
        return _ask(evidence, Reason.SEVERAL_CLIENTS, named.union(*mentions))
    if reason is Reason.IN_SUBJECT and not subject.plain and _others_wait(evidence, named):
        return _ask(evidence, Reason.SEVERAL_CLIENTS, named | {session.client_id for session in _waiting(evidence)})
    if not evidence.calendar_current and not addressed and not _is_whole_name(evidence, named):
        return _ask(evidence, Reason.CALENDAR_STALE, named)  # there may be another of this first name by now
    return _match_client(evidence, named.pop(), reason)


def faces(clients: Sequence[Client]) -> list[Client]:
    """The clients under each of their names and addresses: several of one id, where there are several."""
    return [
        replace(client, name=name, email=email)
        for client in clients
        for name in dict.fromkeys(filter(None, (client.name, *client.other_names))) or ("",)
        for email in (client.email, *client.other_addresses)
    ]


def clients_named(evidence: Evidence, hint: ClientHint) -> set[int]:
    """The clients that a name in a note may mean; empty where nobody has it."""
    return _hinted(replace(evidence, hint=hint))


def subject_mentions(evidence: Evidence) -> tuple[frozenset[int], ...]:
    """For each name in the subject the clients that it may mean."""
    return _read_subject(evidence).mentions


def names_nobody_else(evidence: Evidence, client_id: int) -> bool:
    """Whether nothing in a reply speaks against the client of the note that it answers; times are not looked at."""
    found = match_note(replace(evidence, sessions=(), calendar_current=True, answered=client_id))
    return isinstance(found, Ask) and found.reason in (Reason.NO_SESSION, Reason.NAMED_WITHOUT_SESSION)


def _reason(evidence: Evidence) -> Reason:
    """Which of the places counts where a client is named in several."""
    if evidence.recipients:
        return Reason.IN_CC if set(evidence.recipients) <= set(evidence.in_cc) else Reason.IN_TO
    if evidence.hint is not None and evidence.hint.where is HintPlace.HEADING:
        return Reason.HEADING
    return Reason.CLIENT_LINE


def _match_client(evidence: Evidence, client_id: int, reason: Reason) -> Match | Ask:
    """The client is certain: the session is the latest that still waits for its actions, else the latest."""
    own = [session for session in evidence.sessions if session.client_id == client_id]
    waiting = [session for session in own if session.id not in evidence.with_actions]
    if not own:
        return replace(_ask(evidence, Reason.NAMED_WITHOUT_SESSION, set()), named=client_id)
    return Match(client_id, (waiting or own)[-1].id, reason)


def _match_time(evidence: Evidence, mentions: Sequence[frozenset[int]]) -> Match | Ask:
    """Nobody is named: it must be the only session lately that has no note yet."""
    mentioned = set().union(*mentions)
    if evidence.answered is not None and any(evidence.answered not in mention for mention in mentions):
        return _ask(evidence, Reason.ANSWERS_ANOTHER, mentioned)
    if not evidence.calendar_current:
        return _ask(evidence, Reason.CALENDAR_STALE, mentioned)
    waiting = _waiting(evidence)
    if not waiting:
        return _ask(evidence, Reason.NO_SESSION, mentioned)
    if len({(session.client_id, session.starts_at) for session in waiting}) > 1:
        return Ask(Reason.SEVERAL_SESSIONS, tuple(reversed(waiting)))
    session = waiting[0]  # the others are the same one in other calendars
    if session.group and any(one.group == session.group and one.id != session.id for one in evidence.sessions):
        return _ask(evidence, Reason.SEVERAL_CLIENTS, mentioned | {session.client_id})  # the others have theirs
    if any(session.starts_at < began <= evidence.written_at for began in evidence.met_others):
        return _ask(evidence, Reason.MET_OTHERS, mentioned | {session.client_id})
    if any(session.starts_at <= written_at for written_at in evidence.unsettled):
        return _ask(evidence, Reason.QUESTION_OPEN, set())  # that one may be about this session, then this one is not
    if evidence.answered not in (None, session.client_id):
        return _ask(evidence, Reason.ANSWERS_ANOTHER, mentioned | {session.client_id})
    if any(session.client_id not in mention for mention in mentions):
        return _ask(evidence, Reason.SEVERAL_CLIENTS, mentioned | {session.client_id})
    unwritten = _waiting(evidence, UNWRITTEN)
    if any(other.client_id != session.client_id for other in unwritten):
        return Ask(Reason.SEVERAL_SESSIONS, tuple(reversed(unwritten)))
    return Match(session.client_id, session.id, Reason.ONLY_SESSION)


def _waiting(evidence: Evidence, lately: timedelta = RECENT) -> list[Session]:
    """The sessions that began lately and have no note yet."""
    return [
        session
        for session in evidence.sessions
        if timedelta(0) <= evidence.written_at - session.starts_at <= lately and session.id not in evidence.with_actions
    ]


def _others_wait(evidence: Evidence, named: Collection[int]) -> bool:
    """Whether the calendar speaks for others, and not at all for these."""
    waiting = {session.client_id for session in _waiting(evidence)}
    return bool(waiting) and waiting.isdisjoint(named)


def _ask(evidence: Evidence, reason: Reason, likely: Collection[int]) -> Ask:
    """The latest session of each likely client; of every client where none is likelier than another."""
    latest = {session.client_id: session for session in evidence.sessions}
    sessions = [session for session in latest.values() if session.client_id in likely] or list(latest.values())
    return Ask(reason, tuple(sorted(sessions, key=lambda session: session.starts_at, reverse=True)))


# --- Names ------------------------------------------------------------------------------------


def _hinted(evidence: Evidence) -> set[int]:
    """The clients that the hint's name or addresses may mean; empty where somebody in it is unknown."""
    if evidence.hint is None:
        return set()
    addresses = {address_key(address.strip(".'")) for address in ADDRESS.findall(evidence.hint.hint)}
    if addresses:
        known = {address_key(client.email): client.id for client in evidence.clients}
        return {known[address] for address in addresses} if addresses <= known.keys() else set()
    words = [_forms(word) for word in _words(evidence.hint.hint)]
    if not words or max(len(form) for word in words for form in word) < 2:
        return set()
    found = {
        client.id
        for client in evidence.clients
        if _has_name(client) and all(any(word & own for own in _name(client)) for word in words)
    }
    return found | _nameless(evidence) if found and len(words) == 1 else found


def _is_whole_name(evidence: Evidence, named: Collection[int]) -> bool:
    """Whether the hint gives an address, or all of the client's name."""
    if evidence.hint is None:
        return False
    hint = {word.casefold() for word in _words(evidence.hint.hint)}
    names = [{word.casefold() for word in _words(c.name)} for c in evidence.clients if c.id in named]
    return "@" in evidence.hint.hint or any(len(name) > 1 and name <= hint for name in names)


def _is_common_heading(hint: ClientHint | None) -> bool:
    """'Actions for May' may mean the month."""
    if hint is None or hint.where is not HintPlace.HEADING:
        return False
    words = _words(hint.hint)
    return len(words) == 1 and words[0].casefold() in COMMON_WORDS


@dataclass(frozen=True)
class _Subject:
    """`mentions`: for each name in the subject the clients it may mean. `decides`: whom it names, if it does.

    `plain`: it says nothing else. `names_a_stranger`: it seems to name somebody whom the calendar doesn't know.
    """

    mentions: tuple[frozenset[int], ...]
    decides: frozenset[int]
    plain: bool
    names_a_stranger: bool


def _read_subject(evidence: Evidence) -> _Subject:
    words = _words(evidence.subject)
    forms = [_forms(word, genitive=True) for word in words]
    mentions: list[frozenset[int]] = []
    certain = whole = False
    rest: list[int] = []  # what is no name of a client
    position = 0
    while position < len(words):
        length = _longest_name(forms[position:], evidence.clients)
        if length > 1:
            span = forms[position : position + length]
            mentions.append(_bearers(span, evidence.clients))
            certain = whole = True
        elif _says_nothing(words[position]) and words[position].casefold() not in COMMON_WORDS:
            pass
        elif bearers := _bearers([forms[position]], evidence.clients):
            mentions.append(bearers)
            named = any(client.id in bearers and _has_name(client) for client in evidence.clients)
            certain = certain or (named and not forms[position] & COMMON_WORDS)
        elif not _says_nothing(words[position]) and words[position].casefold() not in COMMON_WORDS:
            rest.append(position)
        position += max(length, 1)
    decides: frozenset[int] = frozenset()
    if certain and (whole or not rest):
        decides = frozenset.intersection(*mentions) or frozenset().union(*mentions)
        if not whole:
            decides |= _nameless(evidence)
    return _Subject(tuple(mentions), decides, not rest, _names_a_stranger(words, rest, whole=whole))


def _names_a_stranger(words: Sequence[str], rest: Sequence[int], *, whole: bool) -> bool:
    """'Peter', 'Notes Peter Smith', 'for Peter': capitals, and nothing else that would explain them."""
    like_names = [i for i in rest if not words[i][0].islower()]
    if any(i > 0 and words[i - 1].casefold() in BEFORE_A_NAME for i in like_names):
        return True
    return not whole and 0 < len(rest) == len(like_names) <= 2


def _longest_name(forms: Sequence[frozenset[str]], clients: Sequence[Client]) -> int:
    """How many of the first words are the whole name of a client, of at least two words; 0 where they are not."""
    lengths = [0]
    for client in clients:
        name = _name(client) if _has_name(client) else ()
        if 1 < len(name) <= len(forms) and all(own & word for own, word in zip(name, forms, strict=False)):
            lengths.append(len(name))
    return max(lengths)


def _bearers(words: Sequence[frozenset[str]], clients: Sequence[Client]) -> frozenset[int]:
    """The clients who have all of these words in their name, or in their address where no name is known."""
    return frozenset(
        client.id
        for client in clients
        if all(any(word & own and not own & PARTICLES for own in _name(client)) for word in words)
        or (len(words) > 1 and all(any(word & own for own in _name(client)) for word in words))
    )


def _nameless(evidence: Evidence) -> set[int]:
    """Clients whose name nobody knows and who had a session lately: any first name may be theirs."""
    lately = {session.client_id for session in evidence.sessions}
    return {client.id for client in evidence.clients if client.id in lately and not _has_name(client)}


@lru_cache(maxsize=10_000)  # every mail is held against every client of its coach
def _has_name(client: Client) -> bool:
    """Some calendars give the address for a name."""
    return bool(_words(client.name)) and "@" not in client.name


@lru_cache(maxsize=10_000)
def _name(client: Client) -> tuple[frozenset[str], ...]:
    text = client.name if _has_name(client) else re.sub(r"[\d_]", " ", client.email.partition("@")[0])
    return tuple(_forms(word) for word in _words(text))


def _says_nothing(word: str) -> bool:
    return word[0].isdigit() or word.casefold() in SUBJECT_FILLER


def _words(text: str) -> tuple[str, ...]:
    """The words as they are written; a hyphen separates, an apostrophe does not."""
    return tuple(WORD.findall(unicodedata.normalize("NFC", text)))


def _forms(word: str, *, genitive: bool = False) -> frozenset[str]:
    """How the word may be spelt: without accents, with umlauts spelt out; 'Jane's' and Anna in 'Annas'."""
    word = re.sub(r"['’ʼ](s?$)?", "", word.casefold())
    forms = {word, *([word[:-1]] if genitive and word.endswith("s") and len(word) > 3 else [])}
    return frozenset(
        spelling
        for form in forms
        for spelling in (
            "".join(c for c in unicodedata.normalize("NFKD", form.translate(SEPARATE)) if not unicodedata.combining(c)),
            form.translate(SPELT_OUT),
        )
    )
