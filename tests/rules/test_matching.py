"""Whose note is it? Certain, or asked. A wrong guess is the worst bug there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.model import Client, ClientHint, HintPlace, Session
from mailflow.rules.matching import RECENT, REMEMBERED, UNWRITTEN, Ask, Evidence, Match, Reason, match_note
from tests.builders import DAY, HOUR, JANE, NOW, TOM, another_client, session

ANNA_S = another_client("Anna Schmidt", number=3)
ANNA_K = another_client("Anna Klein", number=4)
NAMELESS = another_client("", "ak75@client.example", number=5)
MAY = another_client("May Lee", number=6)
ZOE = another_client("Zoë O'Brien", number=7)
ANNA_LENA = another_client("Anna-Lena Vogt", number=8)
JUERGEN = another_client("Jürgen Müller", number=9)
JUST_ANNA = another_client("Anna", number=10)
WILL = another_client("Will Hunt", number=11)
ADDRESS_FOR_A_NAME = another_client("jane@work.example", "jane@work.example", number=12)
MARIA = another_client("Maria de Souza", number=13)

ALL = (JANE, TOM)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Case:
    """Sessions are (client, how long ago it began); `noted` are the positions of those that have their note."""

    name: str
    expected: tuple[Client, Reason] | Reason
    sessions: tuple[tuple[Client, timedelta], ...] = ((TOM, HOUR),)
    subject: str = "Notes"
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    line: str | None = None
    heading: str | None = None
    clients: tuple[Client, ...] = ALL
    noted: tuple[int, ...] = ()
    current: bool = True
    unsettled: tuple[timedelta, ...] = ()  # how long ago they were written
    session: int | None = None  # the position of the session that it must be


JANE_EARLIER = ((JANE, 3 * DAY), (TOM, HOUR))
BACK_TO_BACK = ((JANE, 3 * HOUR), (TOM, HOUR))
ANNAS = (ANNA_S, ANNA_K)
SECOND = timedelta(seconds=1)

CASES = [
    # the calendar alone
    Case("only session lately", (TOM, Reason.ONLY_SESSION)),
    Case("no session at all", Reason.NO_SESSION, sessions=()),
    Case("two sessions lately", Reason.SEVERAL_SESSIONS, sessions=BACK_TO_BACK),
    Case("two sessions lately with one client", Reason.SEVERAL_SESSIONS, sessions=((TOM, 5 * HOUR), (TOM, HOUR))),
    Case("back to back, the first has its note", (TOM, Reason.ONLY_SESSION), sessions=BACK_TO_BACK, noted=(0,)),
    Case(
        "note for the earlier one after the note for the later one",
        (JANE, Reason.ONLY_SESSION),
        sessions=BACK_TO_BACK,
        noted=(1,),
    ),
    Case("every session has its note", Reason.NO_SESSION, noted=(0,)),
    Case("began 18 hours ago to the second", (TOM, Reason.ONLY_SESSION), sessions=((TOM, RECENT),)),
    Case("began a second longer ago", Reason.NO_SESSION, sessions=((TOM, RECENT + timedelta(seconds=1)),)),
    Case("has not begun when the note was written", Reason.NO_SESSION, sessions=((TOM, -MINUTE),)),
    Case("calendar not read lately", Reason.CALENDAR_STALE, current=False),
    Case("calendar not read lately and no session", Reason.CALENDAR_STALE, sessions=(), current=False),
    Case("note that nobody has yet, written since", Reason.QUESTION_OPEN, unsettled=(MINUTE,)),
    Case("note that nobody has yet, written before", (TOM, Reason.ONLY_SESSION), unsettled=(HOUR + MINUTE,)),
    Case("note that nobody has yet, and a name", (TOM, Reason.CLIENT_LINE), line="Tom", unsettled=(MINUTE,)),
    # mailed during the session, or just before
    Case("during the session", (TOM, Reason.ONLY_SESSION), ((TOM, 20 * MINUTE),)),
    Case("in its first second", (TOM, Reason.ONLY_SESSION), ((TOM, timedelta(0)),)),
    Case(
        "during the session, the one before waits", Reason.SEVERAL_SESSIONS, ((JANE, 80 * MINUTE), (TOM, 20 * MINUTE))
    ),
    Case(
        "during the session, the one before has its note",
        (TOM, Reason.ONLY_SESSION),
        ((JANE, 80 * MINUTE), (TOM, 20 * MINUTE)),
        noted=(0,),
    ),
    Case(
        "during the session, naming the client before",
        (JANE, Reason.CLIENT_LINE),
        ((JANE, 80 * MINUTE), (TOM, 20 * MINUTE)),
        line="Jane",
        session=0,
    ),
    Case("five minutes before the only session", Reason.NO_SESSION, ((TOM, -5 * MINUTE),)),
    Case(
        "five minutes before a session, the one before waits",
        (JANE, Reason.ONLY_SESSION),
        ((JANE, 55 * MINUTE), (TOM, -5 * MINUTE)),
        session=0,
    ),
    Case(
        "five minutes before a session, the one before has its note",
        Reason.NO_SESSION,
        ((JANE, 55 * MINUTE), (TOM, -5 * MINUTE)),
        noted=(0,),
    ),
    # right after
    Case("right after", (TOM, Reason.ONLY_SESSION), ((TOM, 61 * MINUTE),)),
    Case(
        "right after, an earlier one of the day waits", Reason.SEVERAL_SESSIONS, ((JANE, 6 * HOUR), (TOM, 61 * MINUTE))
    ),
    Case(
        "right after, every other one of the day has its note",
        (TOM, Reason.ONLY_SESSION),
        ((JANE, 6 * HOUR), (ZOE, 3 * HOUR), (TOM, 61 * MINUTE)),
        clients=(*ALL, ZOE),
        noted=(0, 1),
    ),
    # next morning
    Case("next morning", (TOM, Reason.ONLY_SESSION), ((TOM, 15 * HOUR),)),
    Case("next morning, two of yesterday wait", Reason.SEVERAL_SESSIONS, ((JANE, 17 * HOUR), (TOM, 15 * HOUR))),
    Case(
        "next morning, another of yesterday waits that began too long ago to be it",
        Reason.SEVERAL_SESSIONS,
        ((JANE, 23 * HOUR), (TOM, 15 * HOUR)),
    ),
    Case(
        "next morning, every other one of yesterday has its note",
        (TOM, Reason.ONLY_SESSION),
        ((JANE, 23 * HOUR), (TOM, 15 * HOUR)),
        noted=(0,),
    ),
    Case("next morning, all of yesterday began too long ago", Reason.NO_SESSION, ((JANE, 23 * HOUR), (TOM, 19 * HOUR))),
    Case("next morning, today's has begun", Reason.SEVERAL_SESSIONS, ((JANE, 20 * HOUR), (TOM, 10 * MINUTE))),
    Case(
        "next morning, today's has begun, naming yesterday's",
        (JANE, Reason.IN_CC),
        ((JANE, 20 * HOUR), (TOM, 10 * MINUTE)),
        cc=(JANE.email,),
        session=0,
    ),
    Case(
        "next morning, today's has begun and yesterday's has its note",
        (TOM, Reason.ONLY_SESSION),
        ((JANE, 20 * HOUR), (TOM, 10 * MINUTE)),
        noted=(0,),
    ),
    Case(
        "yesterday's and today's with the same client",
        (TOM, Reason.ONLY_SESSION),
        ((TOM, 23 * HOUR), (TOM, HOUR)),
        session=1,
    ),
    Case("another began 36 hours ago to the second", Reason.SEVERAL_SESSIONS, ((JANE, UNWRITTEN), (TOM, HOUR))),
    Case("another began a second longer ago", (TOM, Reason.ONLY_SESSION), ((JANE, UNWRITTEN + SECOND), (TOM, HOUR))),
    # three days late
    Case("three days late, naming nobody", Reason.NO_SESSION, ((JANE, 3 * DAY),)),
    Case("three days late, naming nobody, and all have notes", Reason.NO_SESSION, JANE_EARLIER, noted=(0, 1)),
    Case("three days late, in To", (JANE, Reason.IN_TO), JANE_EARLIER, to=(JANE.email,), session=0),
    Case("three days late, in Cc", (JANE, Reason.IN_CC), JANE_EARLIER, cc=(JANE.email,), session=0),
    Case("three days late, in the heading", (JANE, Reason.HEADING), JANE_EARLIER, heading="Jane", session=0),
    Case("three days late, in the subject", (JANE, Reason.IN_SUBJECT), JANE_EARLIER, "Jane", session=0),
    # back to back, and the earlier one's after the later one's
    Case("at the minute between two sessions", Reason.SEVERAL_SESSIONS, ((JANE, HOUR), (TOM, timedelta(0)))),
    Case("a minute before the second", (JANE, Reason.ONLY_SESSION), ((JANE, 59 * MINUTE), (TOM, -MINUTE)), session=0),
    Case("three back to back, one has its note", Reason.SEVERAL_SESSIONS, (*BACK_TO_BACK, (TOM, MINUTE)), noted=(0,)),
    Case(
        "for the earlier one by name, after the note for the later one",
        (JANE, Reason.CLIENT_LINE),
        BACK_TO_BACK,
        line="Jane",
        noted=(1,),
        session=0,
    ),
    Case(
        "for the earlier one by name, before the note for the later one",
        (JANE, Reason.CLIENT_LINE),
        BACK_TO_BACK,
        line="Jane",
        session=0,
    ),
    Case("a third note, both have theirs", Reason.NO_SESSION, BACK_TO_BACK, noted=(0, 1)),
    # named, without a session
    Case("in Cc without a session", Reason.NAMED_WITHOUT_SESSION, cc=(JANE.email,)),
    Case("in the heading without a session", Reason.NAMED_WITHOUT_SESSION, heading="Jane"),
    Case("in the subject without a session, and nobody waits", Reason.NAMED_WITHOUT_SESSION, (), "Jane"),
    Case("in the subject without a session, and another waits", Reason.NAMED_WITHOUT_SESSION, subject="Jane"),
    # a session of last week, and a newer one
    Case(
        "both wait, naming the client",
        (JANE, Reason.CLIENT_LINE),
        ((JANE, 7 * DAY), (JANE, HOUR)),
        line="Jane",
        session=1,
    ),
    Case(
        "last week's waits, naming the client",
        (JANE, Reason.IN_CC),
        ((JANE, 7 * DAY), (JANE, HOUR)),
        cc=(JANE.email,),
        noted=(1,),
        session=0,
    ),
    Case("last week's waits, naming nobody", Reason.NO_SESSION, ((JANE, 7 * DAY), (JANE, HOUR)), noted=(1,)),
    Case("both wait, naming nobody", (JANE, Reason.ONLY_SESSION), ((JANE, 7 * DAY), (JANE, HOUR)), session=1),
    Case(
        "last week's by name, and the newer one is another's",
        (JANE, Reason.CLIENT_LINE),
        ((JANE, 7 * DAY), (TOM, HOUR)),
        line="Jane Doe",
        session=0,
    ),
    # two named Anna
    Case(
        "one Anna had the only session, naming nobody", (ANNA_S, Reason.ONLY_SESSION), ((ANNA_S, HOUR),), clients=ANNAS
    ),
    Case(
        "one Anna had the only session, 'Anna' in the heading",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, HOUR),),
        heading="Anna",
        clients=ANNAS,
    ),
    Case("both had one, naming nobody", Reason.SEVERAL_SESSIONS, ((ANNA_S, 3 * HOUR), (ANNA_K, HOUR)), clients=ANNAS),
    Case("an initial is no name", Reason.UNKNOWN_CLIENT, ((ANNA_S, HOUR),), line="Anna S.", clients=ANNAS),
    Case(
        "one Anna in Cc", (ANNA_K, Reason.IN_CC), ((ANNA_S, HOUR), (ANNA_K, 3 * DAY)), cc=(ANNA_K.email,), clients=ANNAS
    ),
    Case(
        "'Anna' in the subject, one Anna in Cc",
        (ANNA_K, Reason.IN_CC),
        ((ANNA_K, HOUR),),
        "Anna",
        cc=(ANNA_K.email,),
        clients=ANNAS,
    ),
    Case(
        "one Anna in Cc, the other in the heading",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_K, HOUR),),
        cc=(ANNA_K.email,),
        heading="Anna Schmidt",
        clients=ANNAS,
    ),
    # recipients
    Case("client in To and in Cc", (JANE, Reason.IN_TO), BACK_TO_BACK, to=(JANE.email,), cc=(JANE.email,)),
    Case("one client in To, another in Cc", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, to=(TOM.email,), cc=(JANE.email,)),
    Case("client in Cc and in the Client line", (JANE, Reason.IN_CC), BACK_TO_BACK, cc=(JANE.email,), line="Jane"),
    Case("client in Cc beside somebody unknown", Reason.UNKNOWN_CLIENT, cc=(TOM.email, "assistant@elsewhere.example")),
    Case("client in To", (JANE, Reason.IN_TO), sessions=BACK_TO_BACK, to=(JANE.email,), session=0),
    Case("client in To, in other letters", (JANE, Reason.IN_TO), BACK_TO_BACK, to=("JANE@Client.Example",)),
    Case("client twice in To and Cc", (JANE, Reason.IN_TO), BACK_TO_BACK, to=(JANE.email, "Jane@client.example")),
    Case("two clients in To", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, to=(JANE.email, TOM.email)),
    Case("somebody unknown in To", Reason.UNKNOWN_CLIENT, to=("peter@elsewhere.example",)),
    Case("client and somebody unknown in To", Reason.UNKNOWN_CLIENT, to=(TOM.email, "assistant@elsewhere.example")),
    Case("client in To, calendar stale", (TOM, Reason.IN_TO), to=(TOM.email,), current=False),
    Case("client in To without a session", Reason.NAMED_WITHOUT_SESSION, to=(JANE.email,)),
    Case(
        "client in To, another in the Client line", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, to=(TOM.email,), line="Jane"
    ),
    Case("two clients in To, one in the Client line", Reason.SEVERAL_CLIENTS, to=(TOM.email, JANE.email), line="Tom"),
    Case("client in To, another in the subject", Reason.SEVERAL_CLIENTS, to=(TOM.email,), subject="Notes for Jane"),
    Case(
        "one Anna in To, 'Anna' in the Client line",
        (ANNA_S, Reason.IN_TO),
        ((ANNA_S, HOUR), (ANNA_K, HOUR)),
        to=(ANNA_S.email,),
        line="Anna",
        subject="Anna",
        clients=(ANNA_S, ANNA_K),
    ),
    # Client line
    Case("first name", (JANE, Reason.CLIENT_LINE), BACK_TO_BACK, line="Jane"),
    Case("family name", (JANE, Reason.CLIENT_LINE), BACK_TO_BACK, line="doe"),
    Case("whole name in capitals", (JANE, Reason.CLIENT_LINE), BACK_TO_BACK, line="JANE  DOE"),
    Case("whole name turned round", (JANE, Reason.CLIENT_LINE), BACK_TO_BACK, line="Doe, Jane"),
    Case("address", (JANE, Reason.CLIENT_LINE), BACK_TO_BACK, line="Jane <JANE@client.example>"),
    Case("two addresses", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, line="jane@client.example, tom@client.example"),
    Case("address of nobody", Reason.UNKNOWN_CLIENT, line="jane@other.example"),
    Case("a client's address and one of nobody", Reason.UNKNOWN_CLIENT, line="tom@client.example jane@other.example"),
    Case("unknown first name", Reason.UNKNOWN_CLIENT, line="Peter"),
    Case("known first name with another family name", Reason.UNKNOWN_CLIENT, line="Tom Smith"),
    Case("two names", Reason.UNKNOWN_CLIENT, BACK_TO_BACK, line="Jane and Tom"),
    Case("nothing in it", Reason.UNKNOWN_CLIENT, line=" "),
    Case("punctuation", Reason.UNKNOWN_CLIENT, line="-"),
    Case("one letter", Reason.UNKNOWN_CLIENT, line="T"),
    Case("name without a session", Reason.NAMED_WITHOUT_SESSION, line="Jane"),
    Case("late note", (JANE, Reason.CLIENT_LINE), JANE_EARLIER, line="Jane", session=0),
    Case(
        "latest session that waits", (JANE, Reason.CLIENT_LINE), ((JANE, 8 * DAY), (JANE, DAY)), line="Jane", session=1
    ),
    Case(
        "second note of a session",
        (JANE, Reason.CLIENT_LINE),
        ((JANE, 8 * DAY), (JANE, DAY)),
        line="Jane",
        noted=(0, 1),
        session=1,
    ),
    Case(
        "earlier session still waits",
        (JANE, Reason.CLIENT_LINE),
        ((JANE, 8 * DAY), (JANE, DAY)),
        line="Jane",
        noted=(1,),
        session=0,
    ),
    Case("Client line and another client in the subject", Reason.SEVERAL_CLIENTS, line="Tom", subject="Jane's worries"),
    Case("Client line, calendar stale", (TOM, Reason.CLIENT_LINE), line="Tom Okafor", current=False),
    Case("first name alone, calendar stale", Reason.CALENDAR_STALE, line="Tom", current=False),
    # headings
    Case("heading", (JANE, Reason.HEADING), BACK_TO_BACK, heading="Jane"),
    Case("heading with a month that is also a client", Reason.SEVERAL_CLIENTS, heading="May", clients=(*ALL, MAY)),
    Case("heading with an unknown name", Reason.UNKNOWN_CLIENT, heading="Peter"),
    # subject
    Case("first name in the subject", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Notes for Jane"),
    Case("whole name in the subject", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Session with Jane Doe, 23 Nov"),
    Case("whole name in the subject of a late note", (JANE, Reason.IN_SUBJECT), JANE_EARLIER, "Jane Doe"),
    Case("whole name among other words", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Jane Doe plans her move"),
    Case("name in a possessive", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Jane's session"),
    Case("name in a German genitive", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Notizen zu Janes Sitzung"),
    Case("reply to a subject with a name", (JANE, Reason.IN_SUBJECT), BACK_TO_BACK, "Re: Fwd: Jane"),
    Case("both names in the subject", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, "Jane and Tom"),
    Case("both whole names in the subject", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, "Jane Doe, Tom Okafor"),
    Case(
        "first name of one, whole name of the other", Reason.SEVERAL_CLIENTS, BACK_TO_BACK, "Tom's fight with Jane Doe"
    ),
    Case("another client than the only session", Reason.SEVERAL_CLIENTS, subject="talked about jane a lot"),
    Case("another's possessive than the only session", Reason.SEVERAL_CLIENTS, subject="jane's idea again"),
    Case("another's family name than the only session", Reason.SEVERAL_CLIENTS, subject="the doe matter"),
    Case("another's whole name than the only session", Reason.SEVERAL_CLIENTS, JANE_EARLIER, "Conflict with Jane Doe"),
    Case("client of the only session, and another", Reason.SEVERAL_CLIENTS, subject="tom talked about jane"),
    Case("client of the only session among other words", (TOM, Reason.ONLY_SESSION), subject="Tom makes progress"),
    Case("unknown name alone", Reason.UNKNOWN_CLIENT, subject="Peter"),
    Case("unknown whole name", Reason.UNKNOWN_CLIENT, subject="Notes Peter Smith"),
    Case("unknown name after 'with'", Reason.UNKNOWN_CLIENT, subject="A long talk with Peter about his mother"),
    Case("known first name with another family name in the subject", Reason.UNKNOWN_CLIENT, subject="Tom Smith"),
    Case("ordinary subject", (TOM, Reason.ONLY_SESSION), subject="Worried about her"),
    Case("subject of a date", (TOM, Reason.ONLY_SESSION), subject="Session notes Monday, 23 November 2026"),
    Case("empty subject", (TOM, Reason.ONLY_SESSION), subject=""),
    # two with one name
    Case(
        "two named Anna",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, HOUR),),
        line="Anna",
        clients=(ANNA_S, ANNA_K),
    ),
    Case("two named Anna, in the subject", Reason.SEVERAL_CLIENTS, ((ANNA_S, HOUR),), "Anna", clients=(ANNA_S, ANNA_K)),
    Case(
        "two named Anna, the whole name of one",
        (ANNA_K, Reason.CLIENT_LINE),
        ((ANNA_S, HOUR), (ANNA_K, DAY)),
        line="Anna Klein",
        clients=(ANNA_S, ANNA_K),
    ),
    Case(
        "two named Anna, the whole name of one in the subject",
        (ANNA_K, Reason.IN_SUBJECT),
        ((ANNA_S, HOUR), (ANNA_K, DAY)),
        "Anna Klein",
        clients=(ANNA_S, ANNA_K),
    ),
    Case(
        "two with the same whole name",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, HOUR),),
        line="Anna Schmidt",
        clients=(ANNA_S, another_client("Anna Schmidt", number=20)),
    ),
    Case(
        "one is only known as Anna",
        Reason.SEVERAL_CLIENTS,
        ((JUST_ANNA, DAY), (ANNA_S, HOUR)),
        line="Anna",
        clients=(JUST_ANNA, ANNA_S),
    ),
    Case(
        "one Anna, and one whose name nobody knows",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, DAY), (NAMELESS, HOUR)),
        line="Anna",
        clients=(ANNA_S, NAMELESS),
    ),
    Case(
        "one Anna, and one whose name nobody knows, in the subject",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, DAY), (NAMELESS, HOUR)),
        "Notes Anna",
        clients=(ANNA_S, NAMELESS),
    ),
    Case(
        "whole name beside one whose name nobody knows",
        (ANNA_S, Reason.CLIENT_LINE),
        ((ANNA_S, DAY), (NAMELESS, HOUR)),
        line="Anna Schmidt",
        clients=(ANNA_S, NAMELESS),
    ),
    Case(
        "name that is only part of a nameless client's address",
        Reason.UNKNOWN_CLIENT,
        ((ADDRESS_FOR_A_NAME, DAY),),
        line="Jane",
        clients=(ADDRESS_FOR_A_NAME, TOM),
    ),
    Case(
        "subject with a name of a nameless client's address",
        Reason.SEVERAL_CLIENTS,
        ((ADDRESS_FOR_A_NAME, DAY), (TOM, HOUR)),
        "Notes for Jane",
        clients=(ADDRESS_FOR_A_NAME, TOM),
    ),
    Case(
        "Anna and Anna-Lena",
        Reason.SEVERAL_CLIENTS,
        ((ANNA_S, HOUR),),
        line="Anna",
        clients=(ANNA_S, ANNA_LENA),
    ),
    Case(
        "Anna and Anna-Lena, the hyphenated one",
        (ANNA_LENA, Reason.CLIENT_LINE),
        ((ANNA_S, HOUR), (ANNA_LENA, DAY)),
        line="Anna Lena",
        clients=(ANNA_S, ANNA_LENA),
    ),
    # names that are words, accents, apostrophes
    Case(
        "May the month",
        (TOM, Reason.ONLY_SESSION),
        ((MAY, 3 * DAY), (TOM, HOUR)),
        "Notes 12 April",
        clients=(*ALL, MAY),
    ),
    Case(
        "May the client or the month",
        Reason.SEVERAL_CLIENTS,
        ((MAY, 3 * DAY), (TOM, HOUR)),
        "Notes May 12",
        clients=(*ALL, MAY),
    ),
    Case(
        "Will the client or the verb",
        Reason.SEVERAL_CLIENTS,
        ((WILL, DAY), (TOM, HOUR)),
        "Homework, will",
        clients=(*ALL, WILL),
    ),
    Case("May, and it is her session", (MAY, Reason.ONLY_SESSION), ((MAY, HOUR),), "Notes May", clients=(*ALL, MAY)),
    Case(
        "May with her whole name",
        (MAY, Reason.IN_SUBJECT),
        ((MAY, DAY), (TOM, HOUR)),
        "Notes May Lee",
        clients=(*ALL, MAY),
    ),
    Case(
        "May in the Client line", (MAY, Reason.CLIENT_LINE), ((MAY, DAY), (TOM, HOUR)), line="May", clients=(*ALL, MAY)
    ),
    Case("accent left out", (ZOE, Reason.CLIENT_LINE), ((ZOE, DAY), (TOM, HOUR)), line="Zoe", clients=(*ALL, ZOE)),
    Case(
        "accent left out in the subject",
        (ZOE, Reason.IN_SUBJECT),
        ((ZOE, DAY), (TOM, HOUR)),
        "Zoe",
        clients=(*ALL, ZOE),
    ),
    Case(
        "accent as a sign of its own", (ZOE, Reason.CLIENT_LINE), ((ZOE, DAY),), line="Zoe\u0308", clients=(*ALL, ZOE)
    ),
    Case(
        "apostrophe left out", (ZOE, Reason.CLIENT_LINE), ((ZOE, DAY), (TOM, HOUR)), line="Obrien", clients=(*ALL, ZOE)
    ),
    Case("typographic apostrophe", (ZOE, Reason.CLIENT_LINE), ((ZOE, DAY),), line="Zoë O’Brien", clients=(*ALL, ZOE)),
    Case(
        "umlaut spelt out",
        (JUERGEN, Reason.CLIENT_LINE),
        ((JUERGEN, DAY),),
        line="Juergen Mueller",
        clients=(*ALL, JUERGEN),
    ),
    Case("umlaut left out", (JUERGEN, Reason.CLIENT_LINE), ((JUERGEN, DAY),), line="Jurgen", clients=(*ALL, JUERGEN)),
    Case("particle of a name", (TOM, Reason.ONLY_SESSION), subject="joie de vivre", clients=(*ALL, MARIA)),
]


def evidence_of(case: Case) -> Evidence:
    sessions = [session(client, NOW - ago, number=i) for i, (client, ago) in enumerate(case.sessions, start=1)]
    hint = None
    if case.line is not None:
        hint = ClientHint(case.line, HintPlace.CLIENT_LINE)
    elif case.heading is not None:
        hint = ClientHint(case.heading, HintPlace.HEADING)
    return Evidence(
        written_at=NOW,
        recipients=(*case.to, *case.cc),
        hint=hint,
        subject=case.subject,
        clients=case.clients,
        sessions=sessions,
        with_actions={position + 1 for position in case.noted},
        unsettled=[NOW - ago for ago in case.unsettled],
        calendar_current=case.current,
        in_cc=frozenset(case.cc) - frozenset(case.to),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_note_is_matched_when_it_is_certain_and_asked_about_when_not(case: Case) -> None:
    found = match_note(evidence_of(case))

    if isinstance(case.expected, Reason):
        assert isinstance(found, Ask), f"guessed: {found}"
        assert found.reason is case.expected
    else:
        client, reason = case.expected
        assert isinstance(found, Match), f"asked: {found.reason}"
        assert (found.client_id, found.reason) == (client.id, reason)
        if case.session is not None:
            assert found.session_id == case.session + 1


@pytest.mark.parametrize(
    "case", [case for case in CASES if isinstance(case.expected, tuple)], ids=lambda case: case.name
)
def test_match_is_a_session_of_that_very_client(case: Case) -> None:
    found = match_note(evidence_of(case))

    assert isinstance(found, Match)
    assert found.session_id is not None
    assert case.sessions[found.session_id - 1][0].id == found.client_id


def ask(case: Case) -> list[int]:
    found = match_note(evidence_of(case))
    assert isinstance(found, Ask)
    return [candidate.client_id for candidate in found.sessions]


def test_question_offers_the_likely_sessions_the_latest_first() -> None:
    assert ask(Case("", Reason.SEVERAL_SESSIONS, BACK_TO_BACK)) == [TOM.id, JANE.id]
    assert ask(Case("", Reason.SEVERAL_CLIENTS, (*BACK_TO_BACK, (MAY, DAY)), "Jane and Tom", clients=(*ALL, MAY))) == [
        TOM.id,
        JANE.id,
    ]


def test_question_offers_the_latest_session_of_a_client_once() -> None:
    case = Case("", Reason.UNKNOWN_CLIENT, ((TOM, 8 * DAY), (JANE, DAY), (TOM, HOUR)), line="Peter")
    found = match_note(evidence_of(case))

    assert isinstance(found, Ask)
    assert [candidate.id for candidate in found.sessions] == [3, 2]


NAMES = ["Anna", "Jane", "Will", "May", "Tom", "Zoë", "Doe", "O'Brien", "de", "Lee", "Anna-Lena", ""]
WORDS = [*NAMES, "Jane's", "notes", "for", "and", "session", "Peter", "12", "-", "’", "about", "mother"]


@st.composite
def situations(draw: st.DrawFn) -> Evidence:
    names = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=4))
    clients = [another_client(" ".join(name).strip(), number=i) for i, name in enumerate(names, start=1)]
    ages = draw(st.lists(st.integers(-60, int(REMEMBERED.total_seconds()) // 60), max_size=4))
    sessions: list[Session] = [
        session(draw(st.sampled_from(clients)), NOW - age * MINUTE, number=i)
        for i, age in enumerate(sorted(ages, reverse=True), start=1)
    ]
    hint = draw(st.none() | st.builds(ClientHint, st.sampled_from(WORDS), st.sampled_from(HintPlace)))
    addresses = [client.email for client in clients] + ["x@elsewhere.example"]
    return Evidence(
        written_at=NOW,
        recipients=tuple(draw(st.lists(st.sampled_from(addresses), max_size=2))),
        hint=hint,
        subject=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=5))),
        clients=clients,
        sessions=sessions,
        with_actions=draw(st.sets(st.sampled_from(range(1, 5)))),
        calendar_current=draw(st.booleans()),
        met_others=[NOW - age * MINUTE for age in draw(st.lists(st.integers(-60, 24 * 60), max_size=2))],
    )


@settings(deadline=None, max_examples=300)
@given(situations())
def test_whatever_the_note_says_it_never_goes_to_somebody_whom_it_does_not_name(evidence: Evidence) -> None:
    found = match_note(evidence)
    if isinstance(found, Ask):
        return
    by_id = {client.id: client for client in evidence.clients}
    (matched,) = [candidate for candidate in evidence.sessions if candidate.id == found.session_id]
    assert matched.client_id == found.client_id
    assert set(evidence.recipients) <= {by_id[found.client_id].email}
    if found.reason is Reason.ONLY_SESSION:
        assert evidence.hint is None or evidence.hint.where is HintPlace.HEADING
        assert evidence.calendar_current
        waiting = {  # one session may stand in two calendars
            (other.client_id, other.starts_at)
            for other in evidence.sessions
            if timedelta(0) <= NOW - other.starts_at <= RECENT and other.id not in evidence.with_actions
        }
        assert waiting == {(matched.client_id, matched.starts_at)}
        assert {
            other.client_id
            for other in evidence.sessions
            if timedelta(0) <= NOW - other.starts_at <= UNWRITTEN and other.id not in evidence.with_actions
        } == {matched.client_id}
        assert not any(matched.starts_at < began <= NOW for began in evidence.met_others)
