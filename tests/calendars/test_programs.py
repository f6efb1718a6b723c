"""What each program writes for a coaching practice, and what mailflow makes of it.

The times are worked out by hand from RFC 5545: Berlin is two hours ahead of UTC until 25 October 2026, then one.

Nothing here was recorded: the files are made up, in the forms that published samples and reports show. Known so are
the properties, parameters, time zones and UIDs of Google, Outlook, Exchange, Apple, Nextcloud, Cal.com (whose source
is public) and Zoom; that Microsoft publishes a calendar without its attendees; that Outlook doesn't list the organiser
among the attendees; that iCloud replaces addresses by its own (imip.me.com); the title, location and text of
Calendly's events; and the labels `Name:` and `Email:` of Acuity's. Assumed are that a program like Calendly may
organise an event itself, all else of Acuity's feed, UIDs of Zoom's that begin with ZM, and that a cancelled event stays
in a file and says STATUS:CANCELLED (many programs just take it out). Whether Google's secret address shows the guests
is reported both ways; here it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from mailflow.calendars import NOTHING_KNOWN, CalendarObject, Occurrence, Window
from mailflow.calendars.ics_text import read_ics
from mailflow.calendars.invitations import Invitations
from mailflow.flows.sync import event_of
from mailflow.model import PassedOver
from mailflow.rules.sessions import Person, SessionRule, clients_of
from tests.builders import ANNA, DAY, JANE, NOW, TOM

PROGRAMS = Path(__file__).parent / "programs"
WINDOW = Window(NOW - 60 * DAY, NOW + 60 * DAY)
OWN_ADDRESSES = frozenset({"notes@mailflow.example"})
NAMES = [
    (name, Person(client.email, client.name, accepted=False, declined=False))
    for client in (JANE, TOM)
    for name in (client.name, client.name.split()[0])
]
"""Said by a person: `mailflow client alias ID Jane`."""

Who = str | PassedOver


@dataclass(frozen=True)
class Seen:
    """One occurrence, its start in UTC, and whose session it is, or why it is none.

    `original`: the key of a date in a series. `helped`: with the rules and listed names that docs/guides/calendars.md
    recommends for the program, where they make a difference.
    """

    uid: str
    start: str
    who: Who
    original: str = ""
    helped: Who | None = None


MICROSOFT = ("040000008200E00074C5B7101A82E008" + 48 * "0" + "{:02}").format
APPLE = "AAAAAAAA-0000-4000-8000-00000000000{}".format
NEXTCLOUD = "bbbbbbbb-0000-4000-8000-00000000000{}".format
OF_GOOGLES_SERIES = "0series_R20261109T090000@google.com"  # the rest of a series that was changed from a date on

GOOGLE_RULES = (SessionRule(organizer="c_0a1b2c@group.calendar.google.com"),)
GOOGLE = [
    Seen("0series@google.com", "2026-10-12 08:00", TOM.email, original="2026-10-12 08:00"),
    Seen("0series@google.com", "2026-10-20 13:00", TOM.email, original="2026-10-19 08:00"),
    Seen("0series@google.com", "2026-10-26 09:00", TOM.email, original="2026-10-26 09:00"),
    Seen(OF_GOOGLES_SERIES, "2026-11-09 10:00", TOM.email, original="2026-11-09 10:00"),
    Seen(OF_GOOGLES_SERIES, "2026-11-16 10:00", PassedOver.CANCELLED, original="2026-11-16 10:00"),
    Seen(OF_GOOGLES_SERIES, "2026-11-23 10:00", TOM.email, original="2026-11-23 10:00"),
    Seen("0single@google.com", "2026-11-24 09:00", JANE.email),
    Seen("0second@google.com", "2026-11-25 09:00", PassedOver.NOT_ACCEPTED, helped=JANE.email),
    Seen("0room@google.com", "2026-11-26 13:00", JANE.email),
    Seen("0asked@google.com", "2026-11-27 09:00", TOM.email),
    Seen("0declined@google.com", "2026-11-27 13:00", PassedOver.CLIENT_DECLINED),
    Seen("0stranger@google.com", "2026-11-30 09:00", PassedOver.NOT_ACCEPTED),
    Seen("0cancelled@google.com", "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen("0dentist@google.com", "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
    Seen("0holiday@google.com", "2026-12-23 23:00", PassedOver.ALL_DAY),
]

# Outlook writes no PARTSTAT: what the coach has accepted can't be told from what they have not.
OUTLOOK_DESKTOP = [
    Seen(MICROSOFT(2), "2026-10-12 08:00", TOM.email, original="2026-10-12 08:00"),
    Seen(MICROSOFT(2), "2026-10-20 13:00", TOM.email, original="2026-10-19 08:00"),
    Seen(MICROSOFT(2), "2026-10-26 09:00", TOM.email, original="2026-10-26 09:00"),
    Seen(MICROSOFT(2), "2026-11-16 09:00", TOM.email, original="2026-11-16 09:00"),
    Seen(MICROSOFT(2), "2026-11-23 09:00", TOM.email, original="2026-11-23 09:00"),
    Seen(MICROSOFT(1), "2026-11-24 09:00", JANE.email),
    Seen(MICROSOFT(3), "2026-11-25 09:00", PassedOver.NO_ADDRESS, helped=JANE.email),
    Seen(MICROSOFT(4), "2026-11-26 13:00", JANE.email),
    Seen(MICROSOFT(5), "2026-11-27 09:00", PassedOver.NOT_ACCEPTED),
    Seen(MICROSOFT(6), "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen(MICROSOFT(7), "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
    Seen(MICROSOFT(8), "2026-12-23 23:00", PassedOver.ALL_DAY),
]

NOBODY = PassedOver.NO_ATTENDEE
EXCHANGE_PUBLISHED = [
    Seen(MICROSOFT(12), "2026-10-12 08:00", NOBODY, original="2026-10-12 08:00", helped=TOM.email),
    Seen(MICROSOFT(12), "2026-10-20 13:00", NOBODY, original="2026-10-19 08:00", helped=TOM.email),
    Seen(MICROSOFT(13), "2026-10-28 14:00", NOBODY, helped=JANE.email),  # 10:00 where New York's rules hold
    Seen(MICROSOFT(12), "2026-11-02 09:00", NOBODY, original="2026-11-02 09:00", helped=TOM.email),
    Seen(MICROSOFT(11), "2026-11-24 09:00", NOBODY, helped=JANE.email),
    Seen(MICROSOFT(15), "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen(MICROSOFT(16), "2026-12-02 15:00", NOBODY),
]

APPLE_CALENDAR = [
    Seen(APPLE(2), "2026-10-12 08:00", TOM.email, original="2026-10-12 08:00"),
    Seen(APPLE(2), "2026-10-20 13:00", TOM.email, original="2026-10-19 08:00"),
    Seen(APPLE(2), "2026-11-02 09:00", TOM.email, original="2026-11-02 09:00"),
    Seen(APPLE(8), "2026-11-23 23:00", PassedOver.ALL_DAY, original="2026-11-23 23:00"),  # a birthday since 1604
    Seen(APPLE(1), "2026-11-24 09:00", JANE.email),
    Seen(APPLE(3), "2026-11-25 09:00", JANE.email),  # by way of imip.me.com
    Seen(APPLE(4), "2026-11-26 13:00", PassedOver.NO_ADDRESS, helped=JANE.email),
    Seen(APPLE(5), "2026-11-27 09:00", PassedOver.NOT_ACCEPTED),
    Seen(APPLE(6), "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen(APPLE(7), "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
]

NEXTCLOUD_CALENDAR = [
    Seen(NEXTCLOUD(2), "2026-10-12 08:00", TOM.email, original="2026-10-12 08:00"),
    Seen(NEXTCLOUD(2), "2026-10-20 13:00", TOM.email, original="2026-10-19 08:00"),
    Seen(NEXTCLOUD(2), "2026-10-26 09:00", TOM.email, original="2026-10-26 09:00"),
    Seen(NEXTCLOUD(1), "2026-11-24 09:00", JANE.email),
    Seen(NEXTCLOUD(3), "2026-11-26 13:00", JANE.email),
    Seen(NEXTCLOUD(4), "2026-11-27 09:00", TOM.email),
    Seen(NEXTCLOUD(5), "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen(NEXTCLOUD(6), "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
    Seen(NEXTCLOUD(7), "2026-12-03 09:00", PassedOver.SEVERAL_ATTENDEES),
]

CALENDLY_RULES = (SessionRule(organizer="noreply@calendly.example", location=r"zoom\.us"),)
CALENDLY = [
    Seen("0booked@google.com", "2026-11-24 09:00", JANE.email),
    Seen("0byprogram@google.com", "2026-11-25 09:00", PassedOver.NOT_ACCEPTED, helped=JANE.email),
    Seen("0byprogram-accepted@google.com", "2026-11-26 09:00", PassedOver.SEVERAL_ATTENDEES, helped=JANE.email),
    Seen("0byprogram-unanswered@google.com", "2026-11-27 09:00", PassedOver.NOT_ACCEPTED),
    Seen("0group@google.com", "2026-11-30 09:00", PassedOver.SEVERAL_ATTENDEES),
    Seen("0cancelled@google.com", "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen("0yoga@google.com", "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
]

CAL_COM_RULES = (SessionRule(organizer="no-reply@cal.example"),)
CAL_COM = [
    Seen("0000series@Cal.com", "2026-10-12 08:00", TOM.email, original="2026-10-12 08:00"),
    Seen("0000series@Cal.com", "2026-10-19 08:00", TOM.email, original="2026-10-19 08:00"),
    Seen("0000series@Cal.com", "2026-10-26 08:00", TOM.email, original="2026-10-26 08:00"),  # it repeats in UTC
    Seen("0000booked@Cal.com", "2026-11-24 09:00", JANE.email),
    Seen("0000hidden@Cal.com", "2026-11-25 09:00", PassedOver.NOT_ACCEPTED, helped=JANE.email),
    Seen("0000hidden-team@Cal.com", "2026-11-26 09:00", PassedOver.SEVERAL_ATTENDEES, helped=JANE.email),
    Seen("0000group@Cal.com", "2026-11-30 09:00", PassedOver.SEVERAL_ATTENDEES),
    Seen("0000cancelled@Cal.com", "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen("0000busy", "2026-12-02 15:00", PassedOver.NO_ATTENDEE),
]

ACUITY = [
    Seen("acuity-02@practice.example", "2026-10-12 08:00", NOBODY, helped=TOM.email),
    Seen("acuity-03@practice.example", "2026-10-26 09:00", NOBODY, helped=TOM.email),
    Seen("acuity-01@practice.example", "2026-11-24 09:00", NOBODY, helped=JANE.email),
    Seen("acuity-04@practice.example", "2026-11-30 09:00", NOBODY, helped=PassedOver.SEVERAL_ATTENDEES),
    Seen("acuity-05@practice.example", "2026-12-01 09:00", PassedOver.CANCELLED),
    Seen("acuity-06@practice.example", "2026-12-02 15:00", NOBODY),
]

ZOOM = [
    Seen("ZM00000000002", "2026-10-12 08:00", NOBODY, original="2026-10-12 08:00", helped=TOM.email),
    Seen("ZM00000000002", "2026-10-19 08:00", NOBODY, original="2026-10-19 08:00", helped=TOM.email),
    Seen("ZM00000000002", "2026-10-26 09:00", NOBODY, original="2026-10-26 09:00", helped=TOM.email),
    Seen("20261101T090000Z-00000000001@fe80:0:0:0:0:aff:fe00:0ens5", "2026-11-24 09:00", NOBODY, helped=JANE.email),
    Seen("ZM00000000003", "2026-11-30 09:00", NOBODY),
    Seen("ZM00000000004", "2026-12-01 09:00", PassedOver.CANCELLED),
]


@pytest.mark.parametrize(
    ("program", "expected", "rules"),
    [
        ("google", GOOGLE, GOOGLE_RULES),
        ("outlook", OUTLOOK_DESKTOP, ()),
        ("exchange", EXCHANGE_PUBLISHED, ()),
        ("apple", APPLE_CALENDAR, ()),
        ("nextcloud", NEXTCLOUD_CALENDAR, ()),
        ("calendly", CALENDLY, CALENDLY_RULES),
        ("calcom", CAL_COM, CAL_COM_RULES),
        ("acuity", ACUITY, ()),
        ("zoom", ZOOM, ()),
    ],
)
def test_what_a_program_writes_is_understood(
    program: str, expected: Sequence[Seen], rules: Sequence[SessionRule]
) -> None:
    objects, _ = read_ics(written_by(program), NOTHING_KNOWN, WINDOW, ANNA.timezone)

    assert seen(objects) == [(one.uid, one.original, one.start, one.who) for one in expected]
    assert seen(objects, rules, NAMES) == [
        (one.uid, one.original, one.start, one.who if one.helped is None else one.helped) for one in expected
    ]


def test_only_the_zone_that_exchange_does_not_define_is_a_problem() -> None:
    """An old zone of Outlook's on the desktop: the hour is not in the file, so nobody may guess it."""
    zone = "tzone://Microsoft/Custom"
    problems = {
        (program.stem, one.uid): one.problem
        for program in sorted(PROGRAMS.glob("*.ics"))
        for one in read_ics(program.read_bytes(), NOTHING_KNOWN, WINDOW, ANNA.timezone)[0]
        if one.problem
    }

    assert problems == {
        ("exchange", MICROSOFT(14)): f"DTSTART is in the time zone '{zone}', which the calendar doesn't define"
    }


def test_every_program_has_a_fixture_that_is_folded_as_it_must_be() -> None:
    """RFC 5545 3.1: lines end in CRLF and have at most 75 octets."""
    names = {program.stem for program in PROGRAMS.glob("*.ics")}
    assert names == {"google", "outlook", "exchange", "apple", "nextcloud", "calendly", "calcom", "acuity", "zoom"} | {
        "exchange-invitation",
        "exchange-cancellation",
    }
    for name in names:
        *lines, end = written_by(name).split(b"\r\n")
        assert end == b""
        assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_invitations_that_exchange_mails_make_a_calendar() -> None:
    """The notes address is invited as well; one date is cancelled by a mail of its own, METHOD:CANCEL."""
    mails = [written_by("exchange-invitation")]
    calendar = Invitations(lambda: mails, ANNA.timezone)
    uid = MICROSOFT(21)

    assert seen(calendar.read(NOTHING_KNOWN, WINDOW).objects) == [
        (uid, "2026-10-12 08:00", "2026-10-12 08:00", TOM.email),
        (uid, "2026-10-19 08:00", "2026-10-19 08:00", TOM.email),
        (uid, "2026-10-26 09:00", "2026-10-26 09:00", TOM.email),
    ]
    mails.append(written_by("exchange-cancellation"))
    assert seen(calendar.read(NOTHING_KNOWN, WINDOW).objects) == [
        (uid, "2026-10-12 08:00", "2026-10-12 08:00", TOM.email),
        (uid, "2026-10-19 08:00", "2026-10-19 08:00", PassedOver.CANCELLED),
        (uid, "2026-10-26 09:00", "2026-10-26 09:00", TOM.email),
    ]


def written_by(program: str) -> bytes:
    return (PROGRAMS / f"{program}.ics").read_bytes()


def seen(
    objects: Sequence[CalendarObject],
    rules: Sequence[SessionRule] = (),
    names: Sequence[tuple[str, Person]] = (),
) -> list[tuple[str, str, str, Who]]:
    """(UID, original date, start, whose session or why none) in order of time."""
    occurrences = sorted((o for one in objects for o in one.occurrences), key=lambda o: o.starts_at)
    return [(o.uid, minute(o.recurrence_id), minute(o.starts_at), who(o, rules, names)) for o in occurrences]


def minute(moment: datetime | str) -> str:
    return str(moment).replace("T", " ").removesuffix(":00+00:00")


def who(occurrence: Occurrence, rules: Sequence[SessionRule], names: Sequence[tuple[str, Person]]) -> Who:
    there = clients_of(event_of(occurrence, OWN_ADDRESSES, {}), ANNA.addresses, rules, listed=names)
    if isinstance(there, PassedOver):
        return there
    (client,) = there.people
    return client.email
