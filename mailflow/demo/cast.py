"""The sample practice: who is in it, what stands in the calendar, what the coach writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COACH = ("Anna Berg", "anna@coach.example")
JANE = ("Jane Doe", "jane@client.example")
TOM = ("Tom Okafor", "tom@client.example")
NOTES_ADDRESS = "notes@mailflow.example"

SUBJECT = "Notes from today"
PRIVATE = "She seemed tired; sleep came up again. Ask about her sister next time."
SUMMARY = "You noticed how fast you say yes when you are tired. This week is about catching that moment."
ACTIONS = (
    "Write down two situations where you said no, by Friday",
    "Book the GP appointment before our next session",
)
STEP = "ask about sleep"
COACH_ACTION = "send Jane the article on boundaries"

REFLECTION = "Saying no to the Sunday shift was easier than I thought."


@dataclass(frozen=True)
class Schedule:
    """When things happen in the demo, seen from its start."""

    now: datetime
    review_lead: timedelta
    review_in: timedelta

    @property
    def next_session(self) -> datetime:
        """So close that the review is due within the minute."""
        return self.now + self.review_lead + self.review_in


def note_text() -> str:
    """The note as plain text, as a mail program writes it beside the HTML."""
    return "\n".join(
        [
            PRIVATE,
            "",
            f"Summary: {SUMMARY}",
            "",
            "Actions:",
            f"- {ACTIONS[0]}",
            f"- {ACTIONS[1]}",
            f"  - {STEP}",
            "",
            "My actions:",
            f"- {COACH_ACTION}",
            "",
            "Best,",
            "Anna",
        ]
    )


def calendar(schedule: Schedule) -> str:
    """The coach's calendar as iCalendar text: two clients, a cancelled occurrence, and a dentist."""
    now = schedule.now
    jane_before = now - timedelta(minutes=70)
    tom_before = now - timedelta(days=4)
    events = [
        event("jane-before", jane_before, timedelta(minutes=50), "Session with Jane", client=JANE),
        event("jane-next", schedule.next_session, timedelta(minutes=50), "Session with Jane", client=JANE),
        event("tom", tom_before, timedelta(minutes=50), "Session with Tom", client=TOM, rule="FREQ=WEEKLY;COUNT=4"),
        event(
            "tom",
            tom_before + timedelta(weeks=1),
            timedelta(minutes=50),
            "Session with Tom",
            client=TOM,
            replaces=tom_before + timedelta(weeks=1),
            cancelled=True,
        ),
        event("dentist", now + timedelta(days=1), timedelta(minutes=30), "Dentist"),
    ]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mailflow//demo//EN", *events, "END:VCALENDAR", ""])


def event(
    uid: str,
    start: datetime,
    lasts: timedelta,
    title: str,
    *,
    client: tuple[str, str] | None = None,
    rule: str = "",
    replaces: datetime | None = None,
    cancelled: bool = False,
) -> str:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@demo.mailflow.example",
        f"DTSTAMP:{stamp(start)}",
        f"DTSTART:{stamp(start)}",
        f"DTEND:{stamp(start + lasts)}",
        f"SUMMARY:{title}",
    ]
    if client is not None:
        lines += [
            f"ORGANIZER;CN={COACH[0]}:mailto:{COACH[1]}",
            f"ATTENDEE;CN={client[0]};PARTSTAT=ACCEPTED:mailto:{client[1]}",
        ]
    if rule:
        lines.append(f"RRULE:{rule}")
    if replaces is not None:
        lines.append(f"RECURRENCE-ID:{stamp(replaces)}")
    if cancelled:
        lines.append("STATUS:CANCELLED")
    return "\r\n".join([*lines, "END:VEVENT"])


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
