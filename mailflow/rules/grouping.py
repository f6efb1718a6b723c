"""Is a note about a group session, and who in it gets which actions? Certain, or left to rules/matching.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailflow.model import ClientHint, HintPlace, NoteAction, NoteBlock, Session, address_key
from mailflow.rules.matching import RECENT, Evidence, Match, Reason, clients_named, match_note, subject_mentions


@dataclass(frozen=True)
class Share:
    """What one client of the group agreed to: what stands under no name, and under theirs; in the note's order."""

    session: Session
    actions: tuple[NoteAction, ...]


def match_group(
    evidence: Evidence, blocks: Sequence[NoteBlock], asked_about: Sequence[Session] = ()
) -> tuple[Share, ...]:
    """Each client's share; empty where the note is about one client, or where anything speaks against a group.

    `asked_about` are the sessions of the group for whose notes the coach was asked by the mail that this one answers.
    """
    whose = [_whose(evidence, block) for block in blocks]
    if any(len(named) > 1 for named in whose if named is not None):
        return ()
    if any(named is not None and not named for named in whose):
        return ()  # somebody whom nobody knows
    named = {client_id for one in whose if one for client_id in one}
    if not named:
        group = _asked(evidence, asked_about) or _by_time(evidence)
    elif len(named) > 1 or None in whose:
        group = _by_names(evidence, named)
        if len(named) == 1 and group and evidence.written_at - group[0].starts_at > RECENT:
            return ()  # what stands under no name may be the one's as well
    else:
        return ()
    shares = [
        Share(
            session,
            tuple(action for block, ids in zip(blocks, whose, strict=True) for action in _due(block, ids, session)),
        )
        for session in group
    ]
    return tuple(share for share in shares if share.actions)


def _whose(evidence: Evidence, block: NoteBlock) -> set[int] | None:
    """The clients that the names of a block may mean; None where it has none, and is everybody's."""
    if not block.names:
        return None
    found = [clients_named(evidence, ClientHint(name, HintPlace.HEADING)) for name in block.names]
    return set().union(*found) if all(found) else set()


def _due(block: NoteBlock, named: set[int] | None, session: Session) -> tuple[NoteAction, ...]:
    return block.actions if named is None or session.client_id in named else ()


def _by_names(evidence: Evidence, named: set[int]) -> list[Session]:
    """The latest group session that all who are named were in and that still waits, else the latest."""
    if not evidence.calendar_current:  # there may be another of this first name by now
        return []
    fitting = [
        group
        for group in _groups(evidence)
        if named <= (members := {session.client_id for session in group})
        and _nobody_else(evidence, members)
        and not _met_since(evidence, named, group)
    ]
    waiting = [group for group in fitting if any(one.id not in evidence.with_actions for one in group)]
    return (waiting or fitting or [[]])[-1]


def _met_since(evidence: Evidence, named: set[int], group: list[Session]) -> bool:
    """Whether one of them had another session since: the note may be about that one, and not everybody's."""
    return any(
        one.client_id in named and not one.group and one.starts_at > group[0].starts_at for one in evidence.sessions
    )


def _asked(evidence: Evidence, asked_about: Sequence[Session]) -> list[Session]:
    """Nobody is named, and the mail that is answered says which group it was."""
    if evidence.hint is not None:
        return []
    members = {session.client_id for session in asked_about}
    is_new = not any(session.id in evidence.with_actions for session in asked_about)
    return list(asked_about) if is_new and _nobody_else(evidence, members) else []


def _by_time(evidence: Evidence) -> list[Session]:
    """The only session lately, where that was a group's and none of them has a note of it yet."""
    groups = _groups(evidence)
    first = {group[0].id: group for group in groups}
    alone = [session for session in evidence.sessions if not session.group or session.id in first]
    found = match_note(replace(evidence, sessions=alone))
    if not isinstance(found, Match) or found.reason is not Reason.ONLY_SESSION or found.session_id is None:
        return []
    group = first.get(found.session_id, [])
    return [] if any(session.id in evidence.with_actions for session in group) else group


def _groups(evidence: Evidence) -> list[list[Session]]:
    """The sessions of each group, in the order in which they began."""
    groups: dict[str, list[Session]] = {}
    for session in evidence.sessions:
        if session.group:
            groups.setdefault(session.group, []).append(session)
    return list(groups.values())


def _nobody_else(evidence: Evidence, members: set[int]) -> bool:
    """Whether neither the recipients, nor the subject, nor the mail that is answered speak of somebody else."""
    known = {address_key(client.email): client.id for client in evidence.clients}
    if not all(known.get(address_key(recipient)) in members for recipient in evidence.recipients):
        return False
    if evidence.answered is not None and evidence.answered not in members:
        return False
    return all(mention & members for mention in subject_mentions(evidence))
