"""Which notes are about a group, and who in it gets what: one table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailflow.model import Client, ClientHint, HintPlace, NoteAction, NoteBlock, Session
from mailflow.rules.grouping import match_group
from mailflow.rules.matching import Evidence
from tests.builders import HOUR, NOW

JANE, TOM, ZOE, ROE = (
    Client(id=number, coach_id=1, email=f"{name.split()[0].lower()}{number}@client.example", name=name)
    for number, name in enumerate(("Jane Doe", "Tom Okafor", "Zoe Klein", "Jane Roe"), start=1)
)
READ, CALL, BOOK = NoteAction("Read chapter 3"), NoteAction("Call Sam"), NoteAction("Book the GP")
COMMON = NoteBlock((), (READ,))
FOR_JANE, FOR_TOM, FOR_ZOE, FOR_PETER = (
    NoteBlock((name,), (action,)) for name, action in (("Jane", CALL), ("Tom", BOOK), ("Zoe", BOOK), ("Peter", BOOK))
)


def in_group(group: str, hours_ago: float, *clients: Client, first_id: int = 10) -> list[Session]:
    starts_at = NOW - timedelta(hours=hours_ago)
    return [
        Session(
            id=first_id + n,
            coach_id=1,
            calendar_id=1,
            client_id=client.id,
            uid=group,
            recurrence_id=f" {client.email}",
            title="Group",
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            group=group,
        )
        for n, client in enumerate(clients)
    ]


def alone(hours_ago: float, client: Client) -> Session:
    (one,) = in_group("alone", hours_ago, client, first_id=50)
    return replace(one, group="")


GROUP = in_group("g", 1, JANE, TOM)
EVIDENCE = Evidence(
    written_at=NOW,
    recipients=(),
    hint=None,
    subject="Notes",
    clients=(JANE, TOM, ZOE),
    sessions=GROUP,
    with_actions=(),
    calendar_current=True,
)
EACH = {1: ["Call Sam"], 2: ["Book the GP"]}


def shared(evidence: Evidence, *blocks: NoteBlock) -> dict[int, list[str]]:
    """The texts of the actions by client."""
    return {
        share.session.client_id: [action.text for action in share.actions] for share in match_group(evidence, blocks)
    }


@pytest.mark.parametrize(
    ("evidence", "blocks", "expected"),
    [
        (EVIDENCE, (FOR_JANE, FOR_TOM), EACH),
        (EVIDENCE, (COMMON,), {1: ["Read chapter 3"], 2: ["Read chapter 3"]}),
        (
            EVIDENCE,
            (COMMON, FOR_JANE, FOR_TOM),
            {1: ["Read chapter 3", "Call Sam"], 2: ["Read chapter 3", "Book the GP"]},
        ),
        (EVIDENCE, (FOR_JANE, COMMON), {1: ["Call Sam", "Read chapter 3"], 2: ["Read chapter 3"]}),
        (replace(EVIDENCE, sessions=in_group("g", 1, JANE, TOM, ZOE)), (FOR_JANE, FOR_TOM), EACH),
        (replace(EVIDENCE, recipients=(TOM.email,)), (FOR_JANE, FOR_TOM), EACH),
        (replace(EVIDENCE, subject="Jane and Tom"), (FOR_JANE, FOR_TOM), EACH),
        (replace(EVIDENCE, answered=TOM.id), (FOR_JANE, FOR_TOM), EACH),
        (replace(EVIDENCE, sessions=in_group("g", 200, JANE, TOM)), (FOR_JANE, FOR_TOM), EACH),
    ],
    ids=[
        "a block for each",
        "a common block",
        "both",
        "one and a common one",
        "who has nothing gets nothing",
        "one of them is a recipient",
        "the subject names them",
        "it answers a mail about one of them",
        "days ago, and named",
    ],
)
def test_everybody_gets_what_is_theirs(
    evidence: Evidence, blocks: tuple[NoteBlock, ...], expected: dict[int, list[str]]
) -> None:
    assert shared(evidence, *blocks) == expected


@pytest.mark.parametrize(
    ("evidence", "blocks"),
    [
        (replace(EVIDENCE, hint=ClientHint("Jane", HintPlace.CLIENT_LINE)), (COMMON,)),
        (EVIDENCE, (FOR_JANE, replace(FOR_JANE, actions=(BOOK,)))),
        (EVIDENCE, (FOR_JANE, FOR_TOM, FOR_PETER)),
        (EVIDENCE, (FOR_JANE, FOR_ZOE)),
        (EVIDENCE, (COMMON, FOR_ZOE)),
        (
            replace(EVIDENCE, clients=(JANE, TOM, ROE), sessions=in_group("g", 1, JANE, TOM, ROE)),
            (FOR_JANE, FOR_TOM),
        ),
        (replace(EVIDENCE, recipients=(ZOE.email,)), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, recipients=("who@knows.example",)), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, subject="Zoe"), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, answered=ZOE.id), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, answered=ZOE.id), (COMMON,)),
        (replace(EVIDENCE, subject="Tom"), (COMMON,)),
        (replace(EVIDENCE, sessions=in_group("g", 200, JANE, TOM)), (COMMON,)),
        (replace(EVIDENCE, calendar_current=False), (COMMON,)),
        (replace(EVIDENCE, calendar_current=False), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, met_others=(NOW - timedelta(minutes=30),)), (COMMON,)),
        (replace(EVIDENCE, sessions=[*GROUP, alone(2, ZOE)]), (COMMON,)),
        (replace(EVIDENCE, with_actions=(10,)), (COMMON,)),
        (replace(EVIDENCE, with_actions=(11,)), (COMMON,)),
        (replace(EVIDENCE, with_actions=(10, 11)), (COMMON,)),
        (replace(EVIDENCE, sessions=[*in_group("h", 3, JANE, ZOE, first_id=30), *GROUP]), (COMMON,)),
        (replace(EVIDENCE, sessions=[alone(1, JANE), alone(2, TOM)]), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, sessions=[]), (FOR_JANE, FOR_TOM)),
        (replace(EVIDENCE, sessions=[*in_group("g", 2, JANE, TOM), alone(1, JANE)]), (COMMON, FOR_JANE)),
        (replace(EVIDENCE, sessions=in_group("g", 200, JANE, TOM)), (COMMON, FOR_JANE)),
    ],
    ids=[
        "a line names one client",
        "two blocks for the same",
        "somebody whom nobody knows",
        "somebody who was not there",
        "somebody who was not there, and a common block",
        "two of that name were there",
        "a recipient who was not there",
        "a recipient whom nobody knows",
        "the subject names somebody else",
        "it answers a mail about somebody else",
        "the same of a common block",
        "the subject names one of them",
        "days ago, and nobody named",
        "an unread calendar, and nobody named",
        "an unread calendar, and first names",
        "an event since then that may have been a session",
        "another session lately",
        "the first has a note already",
        "another has a note already",
        "all have one already",
        "two groups lately",
        "no group, but sessions with both",
        "no session at all",
        "one was alone since, and a common block",
        "days ago, one name and a common block",
    ],
)
def test_what_is_not_certain_is_nobodys(evidence: Evidence, blocks: tuple[NoteBlock, ...]) -> None:
    assert shared(evidence, *blocks) == {}


def test_of_two_groups_with_the_same_people_it_is_the_one_that_waits() -> None:
    before, last = in_group("before", 24 * 7, JANE, TOM, first_id=30), GROUP
    evidence = replace(EVIDENCE, sessions=[*before, *last])

    assert [share.session.group for share in match_group(evidence, (FOR_JANE, FOR_TOM))] == ["g", "g"]
    noted = replace(evidence, with_actions=(10, 11))
    assert [share.session.group for share in match_group(noted, (FOR_JANE, FOR_TOM))] == ["before", "before"]
