"""Who is who: a client's other names and addresses, and two clients that are one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from mailflow.calendars import Calendar, Known, Reading, Window
from mailflow.errors import PermanentError
from mailflow.flows import manage_clients
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.report import client_lines
from mailflow.flows.sync import CalendarSource, sync_next
from mailflow.model import Answer, Client, Coach, InboundStatus, OutboundKind, OutboundState, SessionStatus
from mailflow.store import attempts, calendars
from tests.bounces import bounce_of
from tests.builders import ics
from tests.scene import (
    ANNA,
    CARLA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    PRACTICE,
    TOM,
    Event,
    Scene,
    candidate,
    note,
    reply_to,
)

NEW = "jane@new.example"
LATER = NOW + timedelta(hours=1)
WEEK = timedelta(days=7)
MOVED = (PRACTICE[0], Event("jane-next", JANE_NEXT, NEW), *PRACTICE[2:])
"""Jane's next session invites her new address."""


def client(scene: Scene, email: str) -> Client:
    return next(line.client for line in client_lines(scene.app.database, None, NOW) if email in line.client.addresses)


def sync(scene: Scene) -> None:
    while sync_next(scene.app.database, scene.app.find_source, NOW):
        pass


def clients_now(scene: Scene) -> list[str]:
    return sorted(line.client.email for line in client_lines(scene.app.database, ANNA, NOW))


# --- Aliases ------------------------------------------------------------------------------------


def test_another_address_in_the_calendar_is_the_same_client(scene: Scene) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, JANE).id, NEW.upper())
    scene.plan(*MOVED)
    assert clients_now(scene) == [JANE, TOM]
    assert scene.session("jane-next").client_id == client(scene, JANE).id


def test_both_addresses_in_one_event_are_one_person(scene: Scene) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, JANE).id, NEW)
    both = (
        Event("both", NOW + timedelta(days=2), JANE)
        .text()
        .replace("END:VEVENT", f"ATTENDEE:mailto:{NEW}\r\nEND:VEVENT")
    )
    scene.write_calendar(ics(both).decode())
    scene.sync()
    assert scene.session("both").client_id == client(scene, JANE).id


def test_note_that_goes_to_another_address_is_the_clients(scene: Scene) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, JANE).id, NEW)
    sync(scene)
    scene.mail_in(note(to=f"notes@mailflow.example, {NEW}"))
    scene.process_all()
    assert scene.client_of() == JANE


@pytest.mark.parametrize("name", ["Janey", "Jane Miller"])
def test_another_name_names_the_client(scene: Scene, name: str) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, JANE).id, name)
    sync(scene)
    scene.mail_in(note(f"Client: {name}\n\nActions:\n- Call the GP\n"))
    scene.process_all()
    assert scene.client_of() == JANE


def test_name_that_two_clients_have_is_asked_about(scene: Scene) -> None:
    for email in (JANE, TOM):
        manage_clients.add_alias(scene.app.database, client(scene, email).id, "Sam")
    sync(scene)
    scene.mail_in(note("Client: Sam\n\nActions:\n- Call the GP\n"))
    scene.process_all()
    assert scene.client_of() == ""
    assert scene.planned(OutboundKind.QUESTION).state is OutboundState.WAITING


def test_answer_from_another_address_counts(scene: Scene) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, JANE).id, NEW)
    sync(scene)
    homework = scene.send_homework(note("Actions:\n- Call the GP\n"))
    scene.mail_in(reply_to(homework, "done", sender=NEW, date=LATER), LATER)
    scene.process_all(LATER)
    assert [action.answer for action in scene.actions()] == [Answer.DONE]


def test_alias_can_be_taken_away(scene: Scene) -> None:
    database, jane = scene.app.database, client(scene, JANE).id
    manage_clients.add_alias(database, jane, NEW)
    manage_clients.add_alias(database, jane, "Janey")
    assert manage_clients.remove_alias(database, jane, NEW.upper()).other_addresses == ()
    assert manage_clients.remove_alias(database, jane, "Janey").other_names == ()
    with pytest.raises(PermanentError, match="has no alias 'Janey'"):
        manage_clients.remove_alias(database, jane, "Janey")


@pytest.mark.parametrize(("address", "says"), [(TOM, "an address of client 2, Tom Okafor"), (CARLA, "a coach's")])
def test_address_of_somebody_else_is_no_alias(scene: Scene, address: str, says: str) -> None:
    jane = client(scene, JANE).id
    with pytest.raises(PermanentError, match=says):
        manage_clients.add_alias(scene.app.database, jane, address)
    with pytest.raises(PermanentError, match=says):
        manage_clients.change_address(scene.app.database, jane, address, NOW)
    with pytest.raises(PermanentError, match=says):
        manage_clients.add_client(scene.app.database, ANNA, address, "Somebody")
    assert client(scene, JANE).addresses == {JANE}


def test_unknown_client_is_said(scene: Scene) -> None:
    with pytest.raises(PermanentError, match="There is no client 99"):
        manage_clients.rename(scene.app.database, 99, "Nobody")


# --- Names --------------------------------------------------------------------------------------


def test_given_name_is_not_changed_by_the_calendar_and_the_one_before_still_names_her(scene: Scene) -> None:
    manage_clients.rename(scene.app.database, client(scene, JANE).id, "Jane Miller")
    sync(scene)
    assert client(scene, JANE).name == "Jane Miller"
    assert client(scene, JANE).other_names == ("Jane Doe",)
    (receipt,) = scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the GP\n"))
    assert "Homework for Jane" in receipt.text
    assert "Jane Miller" in receipt.text


def test_rename_back_leaves_no_alias_of_its_own(scene: Scene) -> None:
    jane = client(scene, JANE).id
    manage_clients.rename(scene.app.database, jane, "Jane Miller")
    assert manage_clients.rename(scene.app.database, jane, "Jane Doe").other_names == ("Jane Miller",)


# --- Titles -------------------------------------------------------------------------------------


def alone(uid: str, title: str, *, extra: tuple[str, ...] = ()) -> str:
    """An event that invites nobody."""
    start = NOW - timedelta(minutes=40)
    lines = [f"UID:{uid}", "DTSTAMP:20261101T080000Z", f"SUMMARY:{title}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", *extra]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "DURATION:PT50M", "END:VEVENT"])


@pytest.mark.parametrize("title", ["Zoe Klein", "session with ZOE KLEIN, 3", "Coaching: Zoe Klein."])
def test_listed_client_is_found_in_a_title(scene: Scene, title: str) -> None:
    manage_clients.add_client(scene.app.database, ANNA, "zoe@client.example", "Zoe Klein")
    scene.write_calendar(ics(alone("zoe", title)).decode())
    scene.sync()
    assert scene.session("zoe").client_id == client(scene, "zoe@client.example").id
    (receipt,) = scene.send_note(note())
    assert "zoe@client.example" in receipt.text


def test_events_that_were_read_before_are_judged_anew(scene: Scene) -> None:
    scene.write_calendar(ics(alone("zoe", "Zoe Klein")).decode())
    scene.sync()
    manage_clients.add_client(scene.app.database, ANNA, "zoe@client.example", "Zoe Klein")
    sync(scene)
    assert scene.session("zoe").client_id == client(scene, "zoe@client.example").id


@pytest.mark.parametrize("title", ["Lunch", "Zoey Klein", "Zoe", "Jane Doe", "Klein"])
def test_title_without_a_listed_name_makes_no_session(scene: Scene, title: str) -> None:
    """Jane's name was learnt from the calendar: nobody said that 'Lunch with Jane Doe' is a session."""
    manage_clients.add_client(scene.app.database, ANNA, "zoe@client.example", "Zoe Klein")
    scene.write_calendar(ics(alone("zoe", title)).decode())
    scene.sync()
    with scene.app.database.read() as tx:
        assert [e.reason for e in calendars.passed_over(tx, 1, NOW - WEEK, NOW + WEEK)] == ["no-attendee"]


def test_name_that_was_learnt_makes_no_title_a_session_after_a_rename_either(scene: Scene) -> None:
    manage_clients.rename(scene.app.database, client(scene, JANE).id, "Jane Miller")
    scene.write_calendar(ics(alone("lunch", "Lunch with Jane Doe")).decode())
    scene.sync()
    with scene.app.database.read() as tx:
        assert [e.reason for e in calendars.passed_over(tx, 1, NOW - WEEK, NOW + WEEK)] == ["no-attendee"]


def test_title_with_two_listed_names_is_no_session_with_either(scene: Scene) -> None:
    for name in ("Zoe Klein", "Ida Gross"):
        manage_clients.add_client(scene.app.database, ANNA, f"{name[:3]}@client.example", name)
    scene.write_calendar(ics(alone("both", "Zoe Klein and Ida Gross")).decode())
    scene.sync()
    with scene.app.database.read() as tx:
        assert [e.reason for e in calendars.passed_over(tx, 1, NOW - WEEK, NOW + WEEK)] == ["several-attendees"]


def test_attendee_without_an_address_is_found_by_a_listed_name(scene: Scene) -> None:
    manage_clients.add_alias(scene.app.database, client(scene, TOM).id, "Tommy")
    attendee = ("ATTENDEE;CN=Tommy:invalid:nomail", f"ORGANIZER:mailto:{ANNA}")
    scene.write_calendar(ics(alone("tommy", "Coaching", extra=attendee)).decode())
    scene.sync()
    assert scene.session("tommy").client_id == client(scene, TOM).id


def test_coach_has_to_be_said_where_there_are_several(scene: Scene) -> None:
    with pytest.raises(PermanentError, match="several coaches"):
        manage_clients.add_client(scene.app.database, None, "zoe@client.example", "Zoe Klein")
    with pytest.raises(PermanentError, match="no coach with the address"):
        manage_clients.add_client(scene.app.database, "nobody@coach.example", "zoe@client.example", "Zoe Klein")


# --- Another address ----------------------------------------------------------------------------


def test_homework_that_waits_goes_to_the_new_address(scene: Scene) -> None:
    scene.send_note(note())
    manage_clients.change_address(scene.app.database, client(scene, JANE).id, NEW, NOW)
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [NEW]
    assert client(scene, NEW).other_addresses == (JANE,)


def test_homework_that_came_back_can_be_sent_to_the_new_address(scene: Scene) -> None:
    homework = scene.send_homework(note())
    scene.send_note(bounce_of(homework), LATER)
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    manage_clients.change_address(scene.app.database, client(scene, JANE).id, NEW, LATER)
    assert client(scene, NEW).undeliverable == ""
    sent = scene.deliver_all(LATER + HOLD)
    assert [mail.recipient for mail in sent] == [NEW], "what was held"
    scene.run_sql("UPDATE outbound_emails SET state = 'waiting', due_at = 0 WHERE state = 'failed'")
    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == [NEW]


def test_same_address_again_changes_nothing(scene: Scene) -> None:
    before = client(scene, JANE)
    assert manage_clients.change_address(scene.app.database, before.id, JANE.upper(), NOW) == before


def test_address_does_not_change_under_a_mail_that_is_going(scene: Scene) -> None:
    scene.send_note(note())
    with scene.app.database.write() as tx:
        assert attempts.claim_due(tx, NOW + HOLD, NOW + 2 * HOLD)
    jane, tom = client(scene, JANE).id, client(scene, TOM).id
    with pytest.raises(PermanentError, match="just going"):
        manage_clients.change_address(scene.app.database, jane, NEW, NOW + HOLD)
    with pytest.raises(PermanentError, match="just going"):
        manage_clients.merge(scene.app.database, jane, tom, NOW + HOLD)
    assert client(scene, JANE).addresses == {JANE}


def test_event_that_she_made_herself_from_another_address_is_still_hers(scene: Scene) -> None:
    own = alone(
        "own",
        "Coaching",
        extra=(
            f"ORGANIZER;CN=Jane Doe:mailto:{NEW}",
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{NEW}",
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANNA}",
        ),
    )
    scene.write_calendar(ics(own, PRACTICE[0].text()).decode())
    scene.sync()
    assert scene.session("own").status is SessionStatus.PLANNED
    manage_clients.merge(scene.app.database, client(scene, NEW).id, client(scene, JANE).id, NOW)
    sync(scene)
    assert scene.session("own").status is SessionStatus.PLANNED


# --- Two that are one ---------------------------------------------------------------------------


def merged(scene: Scene) -> Client:
    """Jane changed her address in the calendar; the two clients that came of it are made one."""
    scene.plan(*MOVED)
    assert clients_now(scene) == [JANE, NEW, TOM]
    kept = manage_clients.merge(scene.app.database, client(scene, JANE).id, client(scene, NEW).id, NOW)
    sync(scene)
    assert clients_now(scene) == [NEW, TOM]
    return kept


def test_merged_client_has_both_addresses_and_mail_goes_to_the_one_that_was_kept(scene: Scene) -> None:
    scene.send_note(note())
    kept = merged(scene)
    assert (kept.name, kept.email, kept.other_addresses) == ("Jane Doe", NEW, (JANE,))
    assert [mail.recipient for mail in scene.deliver_all(NOW + HOLD)] == [NEW]
    assert scene.session("jane-before").client_id == scene.session("jane-next").client_id == kept.id


def test_review_before_the_next_session_tells_what_was_agreed_before_the_merge(scene: Scene) -> None:
    homework = scene.send_homework(note())
    merged(scene)
    assert scene.answer(homework.pages("a")[0], NOW + HOLD, answer="done") == 303, "links that were sent still open"
    (review,) = scene.deliver_all(JANE_NEXT - LEAD)
    assert "1. Done: Write down two situations" in review.text


def test_page_of_all_actions_and_the_way_out_still_open(scene: Scene) -> None:
    homework = scene.send_homework(note())
    kept = merged(scene)
    browser = scene.browser(NOW + HOLD)
    assert browser.get(homework.pages("h")[0]).status_code == 200
    out = str(homework.headers["List-Unsubscribe"]).strip("<>")
    assert browser.get(out).status_code == 200
    assert browser.post(out, data={"List-Unsubscribe": "One-Click"}).status_code in (200, 303)
    assert client(scene, NEW).id == kept.id
    assert client(scene, NEW).opted_out_at is not None


def test_homework_that_was_held_for_the_address_before_goes_to_the_one_that_was_kept(scene: Scene) -> None:
    homework = scene.send_homework(note())
    scene.send_note(bounce_of(homework), LATER)
    scene.send_note(note("Client: Jane Doe\n\nActions:\n- Call the dentist\n", date=LATER), LATER)
    kept = merged(scene)
    assert kept.undeliverable == ""
    assert [mail.recipient for mail in scene.deliver_all(LATER + HOLD)] == [NEW]


def test_address_before_can_be_taken_up_again(scene: Scene) -> None:
    kept = merged(scene)
    back = manage_clients.change_address(scene.app.database, kept.id, JANE, NOW)
    assert (back.id, back.email, back.other_addresses) == (kept.id, JANE, (NEW,))
    sync(scene)
    assert clients_now(scene) == [JANE, TOM]


def test_wish_for_no_mail_outlives_a_merge(scene: Scene) -> None:
    scene.plan(*MOVED)
    scene.run_sql(f"UPDATE clients SET opted_out_at = 1 WHERE email = '{JANE}'")
    kept = manage_clients.merge(scene.app.database, client(scene, JANE).id, client(scene, NEW).id, NOW)
    assert kept.opted_out_at is not None


def test_correction_after_a_merge_makes_no_second_homework(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())
    merged(scene)
    scene.mail_in(reply_to(receipt, "Actions:\n- Call the dentist\n", date=NOW), NOW)
    scene.process_all()
    scene.deliver_all(NOW)
    assert len(scene.outbox(OutboundKind.HOMEWORK)) == 1
    (homework,) = scene.deliver_all(NOW + HOLD)
    assert homework.recipient == NEW
    assert "dentist" in homework.text


def test_note_that_was_given_to_both_has_one_homework_after_the_merge(scene: Scene) -> None:
    """It went from Jane to Tom, and they turn out to be one."""
    (receipt,) = scene.send_note(note())
    scene.mail_in(reply_to(receipt, "Client: Tom Okafor", date=NOW), NOW)
    scene.process_all()
    states = {mail.recipient: mail.state for mail in scene.outbox(OutboundKind.HOMEWORK)}
    assert states == {JANE: OutboundState.CANCELLED, TOM: OutboundState.WAITING}
    manage_clients.merge(scene.app.database, client(scene, TOM).id, client(scene, JANE).id, NOW)
    homework = [mail for mail in scene.outbox(OutboundKind.HOMEWORK) if mail.state is OutboundState.WAITING]
    assert [mail.key for mail in homework] == ["homework:1:1"]
    sent = [mail for mail in scene.deliver_all(NOW + HOLD) if mail.recipient != ANNA]
    assert [mail.recipient for mail in sent] == [JANE]


def test_note_that_came_back_to_one_of_them_can_be_held_after_the_merge(scene: Scene) -> None:
    """It went from Jane's other address to Jane and back, and the two turn out to be one."""
    scene.plan(Event("before", NOW - timedelta(days=3), JANE), Event("other", NOW - timedelta(minutes=70), NEW))
    (receipt,) = scene.send_note(note())
    token = receipt.pages("n")[0].rpartition("/")[2]
    for choice in ("before", "other"):
        decided = decide_note(scene.app.database, token, "choose", candidate(scene, choice), scene.app.site.key, NOW)
        assert decided is Decided.DONE
    manage_clients.merge(scene.app.database, client(scene, NEW).id, client(scene, JANE).id, NOW)

    assert decide_note(scene.app.database, token, "hold", "", scene.app.site.key, NOW) is Decided.DONE
    assert [mail for mail in scene.deliver_all(NOW + HOLD) if mail.recipient != ANNA] == []


def test_who_is_who_changes_while_the_calendar_is_read_and_its_events_are_judged_anew(scene: Scene) -> None:
    scene.write_calendar(ics(PRACTICE[0].text(), Event("own", NOW + WEEK, NEW).text()).decode())
    scene.run_sql("UPDATE calendars SET due_at = 0, sync_token = ''")

    def find(coach: Coach, name: str) -> CalendarSource:
        source = scene.app.find_source(coach, name)
        return replace(source, adapter=Renaming(scene, source.adapter))

    assert sync_next(scene.app.database, find, NOW)
    with scene.app.database.read() as tx:
        assert calendars.get(tx, 1).sync_token == "", "the next reading judges everything"
    sync(scene)
    assert scene.session("own").client_id == client(scene, JANE).id


@dataclass
class Renaming:
    """After it has been read Jane gets another address."""

    scene: Scene
    adapter: Calendar

    def read(self, known: Known, window: Window) -> Reading:
        reading = self.adapter.read(known, window)
        manage_clients.add_alias(self.scene.app.database, client(self.scene, JANE).id, NEW)
        return reading


def test_clients_of_two_coaches_are_never_one(scene: Scene) -> None:
    other = manage_clients.add_client(scene.app.database, CARLA, "zoe@client.example", "Zoe Klein")
    with pytest.raises(PermanentError, match="two coaches"):
        manage_clients.merge(scene.app.database, other.id, client(scene, JANE).id, NOW)
    with pytest.raises(PermanentError, match="one already"):
        manage_clients.merge(scene.app.database, other.id, other.id, NOW)


def test_merge_of_a_merged_client_reaches_the_last(scene: Scene) -> None:
    kept = merged(scene)
    last = manage_clients.merge(scene.app.database, kept.id, client(scene, TOM).id, NOW)
    assert last.addresses == {JANE, NEW, TOM}
    assert clients_now(scene) == [TOM]
    sync(scene)
    assert clients_now(scene) == [TOM]


def test_reply_from_the_address_before_is_the_merged_clients(scene: Scene) -> None:
    homework = scene.send_homework(note("Actions:\n- Call the GP\n"))
    merged(scene)
    scene.mail_in(reply_to(homework, "done", sender=JANE, date=LATER), LATER)
    scene.process_all(LATER)
    assert scene.inbox()[-1].status is InboundStatus.PROCESSED
    assert [action.answer for action in scene.actions()] == [Answer.DONE]
