"""iCalendar text in, occurrences out: each trap that an .ics file can hold."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from mailflow.calendars import NOTHING_KNOWN, Attendee, Occurrence, Window
from mailflow.calendars.expansion import read_object
from mailflow.calendars.ics_text import read_ics
from mailflow.errors import PermanentError
from tests.builders import DAY, HOUR, NOW, ics, ics_event

HERE = Path(__file__).parent
BERLIN = "Europe/Berlin"
WINDOW = Window(NOW - 60 * DAY, NOW + 60 * DAY)


def read(text: bytes | str, window: Window = WINDOW, zone: str = BERLIN) -> tuple[list[Occurrence], dict[str, str]]:
    """The occurrences in order of time and the problems by UID, of a fixture where a name is given."""
    objects, _ = read_ics((HERE / text).read_bytes() if isinstance(text, str) else text, NOTHING_KNOWN, window, zone)
    occurrences = [occurrence for one in objects for occurrence in one.occurrences]
    return sorted(occurrences, key=lambda o: o.starts_at), {one.uid: one.problem for one in objects if one.problem}


def utc(*parts: int) -> datetime:
    year, month, day, hour = (*parts, 0)[:4]
    return datetime(year, month, day, hour, tzinfo=UTC)


def only(text: bytes | str, zone: str = BERLIN) -> Occurrence:
    occurrences, problems = read(text, zone=zone)
    assert problems == {}
    (occurrence,) = occurrences
    return occurrence


# --- Time zones ---------------------------------------------------------------------------------


def test_two_calendars_may_use_one_tzid_for_different_zones() -> None:
    """icalendar keeps custom zones for the whole process: the second calendar would get the first one's hours."""
    assert only("two-zones-a.ics").starts_at == utc(2026, 11, 24, 9)
    assert only("two-zones-b.ics").starts_at == utc(2026, 11, 24, 15)
    assert only("two-zones-a.ics").starts_at == utc(2026, 11, 24, 9)


def test_two_calendars_read_at_once_do_not_mix_their_zones(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(1e-6)  # the threads take turns as often as they can
    names = ["two-zones-a.ics", "two-zones-b.ics"] * 50
    with ThreadPoolExecutor(4) as pool:
        hours = [occurrence.starts_at.hour for occurrence in pool.map(only, names)]

    assert hours == [9, 15] * 50


def test_zone_may_be_defined_after_the_event() -> None:
    head, _, rest = (HERE / "two-zones-b.ics").read_bytes().partition(b"BEGIN:VTIMEZONE")
    zone, end_of_zone, rest = rest.partition(b"END:VTIMEZONE\r\n")
    event = rest.removesuffix(b"END:VCALENDAR\r\n")
    turned = head + event + b"BEGIN:VTIMEZONE" + zone + end_of_zone + b"END:VCALENDAR\r\n"

    assert only(turned).starts_at == utc(2026, 11, 24, 15)


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        ("W. Europe Standard Time", 9),
        ("GMT Standard Time", 10),
        ("FLE Standard Time", 8),
        ("Eastern Standard Time", 15),
        ("AUS Eastern Standard Time", -1),
        ("UTC", 10),
    ],
)
def test_zone_that_windows_names_its_own_way_is_known(name: str, hour: int) -> None:
    event = ics_event(start=f'DTSTART;TZID="{name}":20261124T100000')

    assert only(ics(event)).starts_at == utc(2026, 11, 24) + hour * HOUR


@pytest.mark.parametrize(
    "name",
    ["Nonsense Standard Time", "Mitteleuropäische Zeit", "Kamchatka Standard Time", "UTC+01:00", "GMT+0100", "MEZ"],
)
def test_zone_that_nobody_knows_is_a_problem_and_no_other_hour(name: str) -> None:
    _, problems = read(ics(ics_event(start=f'DTSTART;TZID="{name}":20261124T100000')))

    assert problems == {"jane-1": f"DTSTART is in the time zone '{name}', which the calendar doesn't define"}


def test_zone_that_is_not_defined_is_a_problem_of_its_event_alone() -> None:
    occurrences, problems = read("zones-undefined.ics")

    assert [(found.uid, found.starts_at) for found in occurrences] == [
        ("windows", utc(2026, 11, 24, 9)),
        ("iana", utc(2026, 11, 24, 11)),
    ]
    described = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
    assert problems == {
        uid: f"DTSTART is in the time zone '{name}', which the calendar doesn't define"
        for uid, name in (("microsofts-own", "tzone://Microsoft/Custom"), ("described", described))
    }


@pytest.mark.parametrize(
    ("defined", "used"),
    [
        ("Mitteleuropäische Zeit", "Mitteleuropäische Zeit"),
        ("tzone://Microsoft/Custom", '"tzone://Microsoft/Custom"'),
        (r"(UTC+01:00) Amsterdam\, Berlin\; Rome", '"(UTC+01:00) Amsterdam, Berlin; Rome"'),
        ("(UTC+01:00) Amsterdam, Berlin; Rome", '"(UTC+01:00) Amsterdam, Berlin; Rome"'),
        ("W. Europe Standard Time", '"W. Europe Standard Time"'),
    ],
)
def test_zone_of_any_name_counts_as_the_calendar_defines_it(defined: str, used: str) -> None:
    """A definition is a text, with its commas escaped; where it is used the name is a parameter, and they are not."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{defined}", "BEGIN:STANDARD", "DTSTART:16010101T000000"]
    zone = "\r\n".join([*lines, "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE"])

    assert only(ics(zone, ics_event(start=f"DTSTART;TZID={used}:20261124T100000"))).starts_at == utc(2026, 11, 24, 7)


def test_floating_time_is_read_in_the_coachs_zone() -> None:
    assert only("floating.ics").starts_at == utc(2026, 11, 24, 9)
    assert only("floating.ics", "America/New_York").starts_at == utc(2026, 11, 24, 15)


def test_whole_day_is_a_day_of_the_coachs_zone_also_where_the_clocks_change() -> None:
    occurrences, problems = read("whole-days.ics")

    assert problems == {}
    assert all(found.all_day for found in occurrences)
    assert [(found.uid, found.starts_at, found.ends_at) for found in occurrences] == [
        ("clocks-change", utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),
        ("one", utc(2026, 11, 23, 23), utc(2026, 11, 24, 23)),
        ("two", utc(2026, 11, 30, 23), utc(2026, 12, 2, 23)),
    ]


@pytest.mark.parametrize(
    ("start", "hour"),
    [
        ("20261025T023000", utc(2026, 10, 25, 0)),  # twice that night; RFC 5545 3.3.5: the first counts
        ("20261025T033000", utc(2026, 10, 25, 2)),
        ("20270328T023000", utc(2027, 3, 28, 1)),  # never that night; as if the clocks had not changed yet
    ],
)
@pytest.mark.parametrize("parameter", ["", ";TZID=Europe/Berlin"])
def test_hour_that_comes_twice_or_never(parameter: str, start: str, hour: datetime) -> None:
    window = Window(hour - 10 * DAY, hour + 10 * DAY)
    (found,), _ = read(ics(ics_event(start=f"DTSTART{parameter}:{start}")), window)

    assert found.starts_at == hour + timedelta(minutes=30)


def test_weekly_event_keeps_its_hour_when_the_clocks_change() -> None:
    occurrences, _ = read("series.ics")

    assert [o.starts_at for o in occurrences][:4] == [
        utc(2026, 10, 12, 8),
        utc(2026, 10, 19, 8),
        utc(2026, 10, 26, 9),
        utc(2026, 11, 2, 9),
    ]


# --- Series -------------------------------------------------------------------------------------


def test_excluded_date_is_left_out_a_moved_one_moves_and_a_cancelled_one_says_so() -> None:
    occurrences, problems = read("series.ics")
    november = [o for o in occurrences if utc(2026, 11, 3) < o.starts_at < utc(2026, 12, 1)]

    assert problems == {}
    assert [(o.starts_at, o.recurrence_id, o.cancelled, o.title) for o in november] == [
        (utc(2026, 11, 17, 14), "2026-11-16T09:00:00+00:00", False, "Moved to Tuesday"),
        (utc(2026, 11, 23, 9), "2026-11-23T09:00:00+00:00", True, "Weekly"),
        (utc(2026, 11, 30, 9), "2026-11-30T09:00:00+00:00", False, "Weekly"),
    ]


def test_event_that_does_not_recur_has_no_recurrence_id() -> None:
    assert only(ics(ics_event())).recurrence_id == ""


def test_moved_date_whose_series_is_not_in_the_file_keeps_its_key() -> None:
    moved = ics(ics_event(start=NOW + DAY, extra=["RECURRENCE-ID:20261123T090000Z"]))

    assert only(moved).recurrence_id == "2026-11-23T09:00:00+00:00"


def test_dates_after_a_change_of_this_and_the_future_have_keys_of_their_own() -> None:
    """The library gives all of them the RECURRENCE-ID of the change. The clocks change on 25 October."""
    occurrences, problems = read("this-and-future.ics")

    assert problems == {}
    assert [(o.starts_at, o.recurrence_id) for o in occurrences] == [
        (utc(2026, 10, 5, 8), "2026-10-05T08:00:00+00:00"),
        (utc(2026, 10, 12, 8), "2026-10-12T08:00:00+00:00"),
        (utc(2026, 10, 20, 12), "2026-10-19T08:00:00+00:00"),
        (utc(2026, 10, 27, 13), "2026-10-26T09:00:00+00:00"),
        (utc(2026, 11, 3, 13), "2026-11-02T09:00:00+00:00"),
        (utc(2026, 11, 10, 13), "2026-11-09T09:00:00+00:00"),
    ]


@pytest.mark.parametrize("ending", ["Z", ""])
def test_changed_date_of_a_series_may_be_named_in_another_form(ending: str) -> None:
    """In UTC, or floating, where the series has a zone."""
    name = "20261116T090000Z" if ending else "20261116T100000"
    series = ics_event(start="DTSTART;TZID=Europe/Berlin:20261109T100000", extra=["RRULE:FREQ=WEEKLY;COUNT=3"])
    moved = ics_event(start="DTSTART:20261117T140000Z", extra=[f"RECURRENCE-ID:{name}"])
    occurrences, _ = read(ics(series, moved))

    assert [(o.starts_at, o.recurrence_id) for o in occurrences] == [
        (utc(2026, 11, 9, 9), "2026-11-09T09:00:00+00:00"),
        (utc(2026, 11, 17, 14), "2026-11-16T09:00:00+00:00"),
        (utc(2026, 11, 23, 9), "2026-11-23T09:00:00+00:00"),
    ]


def test_changed_date_that_is_named_by_its_day_alone_is_a_problem() -> None:
    """The library would show both, the date and what it was changed to."""
    series = ics_event(start="DTSTART;TZID=Europe/Berlin:20261109T100000", extra=["RRULE:FREQ=WEEKLY;COUNT=3"])
    moved = ics_event(start="DTSTART:20261117T140000Z", extra=["RECURRENCE-ID;VALUE=DATE:20261116"])

    assert read(ics(series, moved)) == ([], {"jane-1": "a RECURRENCE-ID in it is a day, where the series has a time"})


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (2, 3)])
def test_of_two_that_change_one_date_the_higher_sequence_counts(one: int, other: int) -> None:
    """The series' own says nothing of its dates: with 2 it stands above a change with 1 that holds all the same."""
    series = ics_event(start=NOW - 7 * DAY, extra=["RRULE:FREQ=WEEKLY;COUNT=2", "SEQUENCE:2"])
    changes = [
        ics_event(start=NOW + number * HOUR, extra=["RECURRENCE-ID:20261123T090000Z", f"SEQUENCE:{number}"])
        for number in (other, one)
    ]
    for order in (changes, changes[::-1], changes[:1]):
        assert [o.starts_at for o in read(ics(series, *order))[0]] == [NOW - 7 * DAY, NOW + other * HOUR]


def test_keys_stay_when_a_change_of_this_and_the_future_is_changed_again() -> None:
    """Otherwise each edit would cancel the sessions and make them anew, without their notes."""
    series = ics_event(start="DTSTART;TZID=Europe/Berlin:20261005T100000", extra=["RRULE:FREQ=WEEKLY;COUNT=6"])
    keys = [o.recurrence_id for o in read(ics(series))[0]]
    assert len(set(keys)) == 6

    def change(day: str, start: str, ranged: str = ";RANGE=THISANDFUTURE") -> str:
        original = f"RECURRENCE-ID{ranged};TZID=Europe/Berlin:{day}T100000"
        return ics_event(start=f"DTSTART;TZID=Europe/Berlin:{start}", extra=[original])

    first, edited = change("20261019", "20261020T140000"), change("20261019", "20261021T163000")
    second, single = change("20261102", "20261104T090000"), change("20261102", "20261106T100000", "")
    for changes in ([first], [edited], [first, second], [second, edited], [first, single]):
        assert [o.recurrence_id for o in read(ics(series, *changes))[0]] == keys


@pytest.mark.parametrize("name", ["this-and-future.ics", "series.ics"])
def test_key_of_a_date_does_not_depend_on_the_days_that_are_looked_at(name: str) -> None:
    """Otherwise the moving window would cancel a session and make it anew, without its note."""
    whole, _ = read(name)
    keys = {occurrence.starts_at: occurrence.recurrence_id for occurrence in whole}

    for number in range(90):
        start = utc(2026, 9, 20) + number * DAY
        for occurrence in read(name, Window(start, start + 4 * DAY))[0]:
            assert occurrence.recurrence_id == keys[occurrence.starts_at]


def test_only_the_days_that_are_looked_at_are_expanded() -> None:
    for_ever = ics(ics_event(start=NOW - 30 * DAY, extra=["RRULE:FREQ=DAILY"]))

    occurrences, _ = read(for_ever, Window(NOW, NOW + 7 * DAY))

    assert [o.starts_at for o in occurrences] == [NOW + number * DAY for number in range(7)]


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [
        (-HOUR, timedelta(0), False),
        (-HOUR, timedelta(minutes=1), True),
        (-HOUR, 2 * DAY, True),
        (timedelta(0), timedelta(0), True),
        (-HOUR, -HOUR, False),
        (HOUR, HOUR, True),
        (DAY - HOUR, DAY + HOUR, True),
        (DAY, DAY + HOUR, False),
        (DAY, DAY, False),
    ],
)
@pytest.mark.parametrize("way", ["EXDATE:20200101T090000Z", "X-NOTHING:"], ids=["by the library", "without it"])
def test_window_begins_with_its_first_moment_and_ends_before_its_last(
    way: str, start: timedelta, end: timedelta, touches: bool
) -> None:
    event = ics_event(start=NOW + start, lasts=end - start, extra=[way])

    assert [o.starts_at for o in read(ics(event), Window(NOW, NOW + DAY))[0]] == [NOW + start] * touches


# --- Broken events ------------------------------------------------------------------------------


def test_broken_event_is_named_and_hides_no_other() -> None:
    occurrences, problems = read("broken-among-good.ics")

    assert [(o.uid, o.starts_at) for o in occurrences] == [
        ("good-1", utc(2026, 11, 24, 10)),
        ("good-2", utc(2026, 11, 25, 10)),
    ]
    assert len(problems) == 13


@pytest.mark.parametrize(
    ("uid", "says"),
    [
        ("no-start", "it has no DTSTART"),
        ("bad-start", "DTSTART"),
        ("two-starts", "its dates can't be worked out (InvalidCalendar)"),
        ("bad-rule", "RRULE"),
        ("rule-without-frequency", "its RRULE has no FREQ"),
        ("every-second-for-ever", "more often than once an hour"),
        ("every-minute-of-the-day", "more often than once an hour"),
        ("ends-before-it-begins", "it ends before it begins"),
        ("undefined-zone", "DTSTART is in the time zone 'tzone://Microsoft/Custom', which the calendar doesn't define"),
        ("undefined-zone-of-a-named-offset", "'(UTC+01:00) Amsterdam, Berlin, Bern, Rome'"),
        ("undefined-zone-of-an-exception", "EXDATE is in the time zone 'Nowhere'"),
        ("line-without-a-colon", "a line of it can't be read"),
        ("(event 14)", "it has no UID"),
    ],
)
def test_problem_of_an_event_says_what_is_wrong(uid: str, says: str) -> None:
    _, problems = read("broken-among-good.ics")

    assert says in problems[uid]


@pytest.mark.parametrize("extra", [[], ["RRULE:FREQ=WEEKLY;COUNT=2"]])
def test_event_that_lasts_less_than_nothing_is_a_problem(extra: list[str]) -> None:
    """The library would begin it earlier."""
    event = ics_event(start="DTSTART:20261124T090000Z", extra=["DURATION:-PT5M", *extra])

    assert read(ics(event)) == ([], {"jane-1": "it ends before it begins"})


@pytest.mark.parametrize(
    "line",
    [
        'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Practice "Berg":geo:52.0,13.0',
        "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Room 3; yard:geo:52.0,13.0",
        "X-MICROSOFT-CDO-ALLDAYEVENT;FALSE",
        "CREATED:00001231T000000Z",
        "LAST-MODIFIED:",
        'DESCRIPTION;X=a"b:folded\r\n DTSTART:20261130T090000Z\r\n\tUID:another',
    ],
)
def test_line_that_decides_nothing_may_be_broken(line: str) -> None:
    assert only(ics(ics_event(extra=[line]))).starts_at == NOW + DAY


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_folded_line_that_decides_nothing_leaves_no_rest_on_the_line_above(end: str) -> None:
    """A CalDAV server's objects come folded."""
    folded = ics(ics_event(extra=["LOCATION:Ring", " \t5", "DESCRIPTION:Bring", " \tit", "\t:all", "CATEGORIES:Paid"]))
    (found,) = read_object("key", "1", folded.replace(b"\r\n", end.encode()), WINDOW, BERLIN).occurrences

    assert (found.location, found.categories) == ("Ring\t5", ("Paid",))


def test_no_word_of_an_event_that_cannot_be_read_leaves_the_calendar() -> None:
    """It may be a private appointment: `status` and the log say what is wrong with it, not what stands in it."""
    secret = "oncologist"
    events = [
        ics_event("no-colon", NOW, extra=[f"see the {secret}"]),
        ics_event("bad-rule", NOW, extra=[f"RRULE:{secret}"]),
        ics_event("bad-exception", NOW, extra=["RRULE:FREQ=WEEKLY", f"EXDATE:{secret}"]),
        f"BEGIN:VEVENT\r\nUID:bad-start\r\nDTSTART:{secret}\r\nEND:VEVENT\r\n",
    ]
    _, problems = read(ics(*events))

    assert sorted(problems) == ["bad-exception", "bad-rule", "bad-start", "no-colon"]
    assert secret not in str(problems)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL below 1"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "falls on no day"),
        ("FREQ=DAILY;BYSETPOS=2;COUNT=3", "falls on no day"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2;UNTIL=20301231T000000Z", "falls on no day"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "falls on no day"),
        ("oncologist", "no FREQ"),
    ],
)
def test_rule_that_the_library_would_count_by_for_ever_is_named(rule: str, says: str) -> None:
    """Anybody may invite a coach to such an event."""
    _, problems = read(ics(ics_event("endless", NOW, extra=[f"RRULE:{rule}"])))

    assert says in problems["endless"]


def test_rule_that_comes_seldom_is_no_problem() -> None:
    """The next 29 February that is a Sunday is in 2032, and after 2088 the next is in 2128."""
    rule = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU"
    for year in (1904, 2026, 2099, 2399):
        found, problems = read(ics(ics_event("seldom", NOW.replace(year=year), extra=[rule])))
        assert problems == {}
        assert len(found) == (1 if year == NOW.year else 0)  # RFC 5545: DTSTART itself counts


def test_birthday_without_a_year_is_no_problem_and_a_day_counted_since_then_is_one() -> None:
    """Apple's contacts write 1604 where the year is not known."""
    birthday, daily = (
        ics_event(uid, NOW.replace(year=1604), extra=[f"RRULE:FREQ={frequency}"])
        for uid, frequency in (("birthday", "YEARLY"), ("daily", "DAILY"))
    )
    found, problems = read(ics(birthday, daily))
    assert [occurrence.uid for occurrence in found] == ["birthday"]
    assert problems == {"daily": "it repeats every day or week since before 1900"}


def test_a_file_that_is_no_calendar_is_not_quoted() -> None:
    with pytest.raises(PermanentError) as refused:
        read(b"Dear oncologist,\r\n")
    assert "oncologist" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\x00\x01",
        b"<html>Sign in</html>",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        b"BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n",
        b"BEGIN:VCARD\r\nFN:Jane\r\nEND:VCARD\r\n",
        ics(ics_event())[:-20],
        b"\0" * 100,
    ],
    ids=["empty", "binary", "a sign-in page", "cut short", "no calendar", "a card", "cut in an event", "zeros"],
)
def test_what_is_no_calendar_is_refused_as_a_whole(text: bytes) -> None:
    with pytest.raises(PermanentError, match="no iCalendar file"):
        read(text)


def test_calendar_without_events_is_one() -> None:
    assert read(ics()) == ([], {})


def test_several_calendars_in_one_file_all_count() -> None:
    occurrences, _ = read(ics(ics_event("a")) + ics(ics_event("b", NOW + 2 * DAY)))

    assert [o.uid for o in occurrences] == ["a", "b"]


# --- Who and what -------------------------------------------------------------------------------


def test_attendees_are_read_however_the_server_writes_them() -> None:
    assert only("attendees.ics").attendees == (
        Attendee("jane@client.example", "Jane Doe", accepted=True),
        Attendee("tom@client.example", "Tom", declined=True),
        Attendee("room@coach.example", "Room 1", accepted=True, is_person=False),
        Attendee("projector@coach.example", "", is_person=False),
        Attendee("late@client.example", ""),
    )


@pytest.mark.parametrize(
    ("line", "email"),
    [
        ("ORGANIZER;EMAIL=anna@coach.example:mailto:2_GEYDAMZQ@imip.me.com", "anna@coach.example"),
        ("ORGANIZER;EMAIL=anna@coach.example:MAILTO:2_GEYDAMZQ@IMIP.ME.COM", "anna@coach.example"),
        ("ORGANIZER:mailto:2_GEYDAMZQ@imip.me.com", "2_GEYDAMZQ@imip.me.com"),
        ("ORGANIZER;EMAIL=anna@coach.example:mailto:stranger@not-imip.me.com", "stranger@not-imip.me.com"),
        ("ORGANIZER;EMAIL=anna@coach.example:mailto:stranger@evil.example", "stranger@evil.example"),
        (
            "ORGANIZER;EMAIL=anna@coach.example:mailto:stranger@imip.me.com.evil.example",
            "stranger@imip.me.com.evil.example",
        ),
    ],
)
def test_address_that_icloud_puts_in_place_of_a_persons_is_not_theirs(line: str, email: str) -> None:
    """Nobody else's parameter EMAIL goes before the address itself."""
    assert only(ics(ics_event(organizer="", extra=[line]))).organizer == email


def test_organiser_and_categories_are_read() -> None:
    found = only("attendees.ics")

    assert (found.organizer, found.categories) == ("anna@coach.example", ("Client", "Paid", "Blue"))


def test_event_of_nobody_has_no_organiser_and_no_attendees() -> None:
    found = only(ics(ics_event(client=None, organizer="")))

    assert (found.organizer, found.attendees, found.categories) == ("", (), ())


def test_cancelled_event_says_so() -> None:
    assert only(ics(ics_event(extra=["STATUS:cancelled"]))).cancelled


@pytest.mark.parametrize(
    ("extra", "lasts"),
    [([], timedelta(0)), (["DURATION:PT50M"], timedelta(minutes=50)), (["DTEND:20261124T100000Z"], HOUR)],
)
def test_end_is_given_or_follows_from_the_duration(extra: list[str], lasts: timedelta) -> None:
    found = only(ics(ics_event(start="DTSTART:20261124T090000Z", extra=extra)))

    assert found.ends_at - found.starts_at == lasts
