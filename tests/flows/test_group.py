"""A group session: each client gets what is theirs and what is everybody's, and nobody sees another's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mailflow.errors import PermanentError
from mailflow.flows.decide import Decided, decide_note
from mailflow.flows.manage_clients import merge
from mailflow.flows.report import client_lines
from mailflow.flows.settle import settle_action
from mailflow.flows.sync import CalendarSource, sync_next
from mailflow.model import Coach, Note, OutboundEmail, OutboundKind, OutboundState, ReviewChoice, SessionStatus
from mailflow.rules.sessions import SessionRule
from mailflow.store import notes, sessions
from tests.builders import ics
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    LEAD,
    NAMES,
    NOTES,
    NOW,
    TOM,
    ZOE,
    Event,
    Scene,
    SentMail,
    hidden_fields,
    note,
    open_scene,
    reply_to,
    words_of,
)

RULE = """
[[coach.calendar]]
kind = "ics"
path = "groups.ics"
name = "groups"
"""
NEXT = NOW + timedelta(days=7)
LATER = NOW + timedelta(hours=1)
BOTH = """Common thread: saying no.

Actions:
- Read chapter 3

Actions for Jane:
- Call Sam

Actions for Tom:
- Book the GP
"""


def group(uid: str, start_minutes: int, *clients: str, title: str = "Group") -> str:
    """An event of Anna's with all of these."""
    event = Event(uid, NOW + timedelta(minutes=start_minutes), clients[0]).text().replace("Session with", title)
    more = "".join(f"ATTENDEE;CN={NAMES[email]}:mailto:{email}\r\n" for email in clients[1:])
    return event.replace("END:VEVENT", f"{more}END:VEVENT")


@dataclass
class Circle:
    """Anna's practice, in which 'Group' in a title makes a group session."""

    scene: Scene

    def plan(self, *events: str) -> None:
        self.scene.write_calendar(ics(*events).decode())
        self.sync(NOW)

    def sync(self, now: datetime) -> None:
        self.scene.run_sql("UPDATE calendars SET due_at = 0")
        while sync_next(self.scene.app.database, self.find_source, now):
            pass

    def find_source(self, coach: Coach, name: str) -> CalendarSource:
        source = self.scene.app.find_source(coach, name)
        return CalendarSource(source.adapter, (SessionRule(title="Group", group=True),))

    def take_in(self, text: str, *, to: str = NOTES) -> list[SentMail]:
        self.scene.mail_in(note(text, to=to))
        self.scene.process_all()
        return self.scene.deliver_all(NOW)

    def notes(self) -> list[Note]:
        with self.scene.app.database.read() as tx:
            found = [row["id"] for row in tx.all("SELECT id FROM notes ORDER BY id")]
            return [notes.get(tx, note_id) for note_id in found]

    def homework(self) -> dict[str, SentMail]:
        sent = self.scene.deliver_all(NOW + HOLD)
        return {mail.recipient: mail for mail in sent if mail.recipient != ANNA}

    def reviews(self) -> list[OutboundEmail]:
        return [mail for mail in self.scene.outbox(OutboundKind.REVIEW) if mail.state is OutboundState.WAITING]


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    with open_scene(tmp_path) as scene:
        circle = Circle(scene)
        circle.plan(group("g1", -60, JANE, TOM), group("g2", 7 * 24 * 60, JANE, TOM))
        yield circle


def test_each_client_gets_what_is_theirs_and_what_is_everybodys(circle: Circle) -> None:
    receipts = circle.take_in(BOTH)
    assert [mail.recipient for mail in receipts] == [ANNA, ANNA]
    assert "Because it is about your group session, and Jane was in it." in receipts[0].words
    homework = circle.homework()
    assert homework.keys() == {JANE, TOM}
    assert "Read chapter 3" in homework[JANE].text
    assert "Read chapter 3" in homework[TOM].text
    assert "Call Sam" in homework[JANE].text
    assert "Call Sam" not in homework[TOM].text
    assert "Book the GP" in homework[TOM].text
    assert "Book the GP" not in homework[JANE].text
    for email, other in ((JANE, "Tom"), (TOM, "Jane")):
        assert other not in homework[email].raw.decode()
        assert "saying no" not in homework[email].text


def test_common_block_alone_goes_to_everybody(circle: Circle) -> None:
    circle.take_in("Actions:\n- Read chapter 3\n")
    assert circle.homework().keys() == {JANE, TOM}


def test_name_alone_is_only_that_ones(circle: Circle) -> None:
    circle.take_in("Actions for Jane:\n- Call Sam\n")
    assert circle.homework().keys() == {JANE}
    assert [one.match_reason for one in circle.notes()] == ["heading"]


def test_common_block_beside_one_name_goes_to_everybody(circle: Circle) -> None:
    circle.take_in("Actions:\n- Read chapter 3\n\nActions for Jane:\n- Call Sam\n")
    homework = circle.homework()
    assert "Call Sam" in homework[JANE].text
    assert "Call Sam" not in homework[TOM].text
    assert "Read chapter 3" in homework[TOM].text


def test_who_has_no_actions_gets_nothing(circle: Circle) -> None:
    circle.plan(group("g1", -60, JANE, TOM, ZOE))
    circle.take_in("Actions for Jane:\n- Call Sam\n\nActions for Tom:\n- Book the GP\n")
    assert circle.homework().keys() == {JANE, TOM}
    assert len(circle.notes()) == 2
    assert len(circle.scene.outbox(OutboundKind.RECEIPT)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Actions for Jane:\n- Call Sam\n\nActions for Zoe:\n- Book the GP\n",
        "Actions for Jane:\n- Call Sam\n\nActions for Peter:\n- Book the GP\n",
        "Client: Jane\nActions:\n- Call Sam\n\nClient: Tom\nActions:\n- Book the GP\n",
        "Actions for Jane:\n- Call Sam\n\nActions for Tom:\n- Book the GP\n\nDrop: 1\n",
        "Actions:\n- Read chapter 3\n\nDrop: 1\n",
    ],
    ids=["somebody who was not there", "nobody knows him", "lines that name clients", "a command", "one for all"],
)
def test_what_is_not_certain_goes_to_nobody(circle: Circle, text: str) -> None:
    circle.plan(group("g1", -60, JANE, TOM), Event("zoe", NOW - timedelta(days=2), ZOE).text())
    circle.take_in(text)
    assert circle.homework() == {}


def test_two_of_one_first_name_are_not_guessed_between(circle: Circle) -> None:
    other = "jane.roe@client.example"
    roe = (
        Event("roe", NOW - timedelta(days=2), other).text().replace(":mailto:jane.roe", ";CN=Jane Roe:mailto:jane.roe")
    )
    circle.plan(group("g1", -60, JANE, TOM), roe)
    circle.take_in(BOTH)
    assert circle.homework() == {}


def test_recipient_who_was_not_there_speaks_against_it(circle: Circle) -> None:
    circle.plan(group("g1", -60, JANE, TOM), Event("zoe", NOW - timedelta(days=2), ZOE).text())
    circle.take_in(BOTH, to=f"{NOTES}, {ZOE}")
    assert circle.homework() == {}


def test_another_session_lately_makes_a_nameless_note_a_question(circle: Circle) -> None:
    circle.plan(group("g1", -60, JANE, TOM), Event("zoe", NOW - timedelta(minutes=120), ZOE).text())
    (asked,) = circle.take_in("Actions:\n- Read chapter 3\n")
    assert "Whose session was it?" in asked.text
    assert circle.homework() == {}


def test_nameless_note_after_one_for_some_of_the_group_is_asked_about(circle: Circle) -> None:
    circle.take_in("Actions for Jane:\n- Call Sam\n")
    (asked,) = circle.take_in("Actions:\n- Read chapter 3\n")
    assert "Whose session was it?" in asked.text
    assert circle.homework().keys() == {JANE}


def test_without_a_rule_it_is_no_session(circle: Circle) -> None:
    circle.scene.plan()
    circle.scene.write_calendar(ics(group("g1", -60, JANE, TOM)).decode())
    circle.scene.sync()
    with circle.scene.app.database.read() as tx:
        planned = [s for s in sessions.of_coach(tx, 1, NOW - LEAD, NOW) if s.status is SessionStatus.PLANNED]
    assert planned == []


# --- What follows --------------------------------------------------------------------------------


def test_one_review_covers_everybody(circle: Circle) -> None:
    circle.take_in(BOTH)
    homework = circle.homework()
    assert circle.scene.answer(homework[TOM].pages("a")[0], NOW + HOLD, answer="done") == 303
    assert len(circle.reviews()) == 1
    (review,) = circle.scene.deliver_all(NEXT - LEAD)
    assert review.subject.startswith("Jane Doe, Tom Okafor, ")
    assert "1 of 4 done" in review.subject
    numbers = [line.split(".")[0] for line in review.text.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")]
    assert numbers == ["1", "2", "3", "4"]
    assert review.text.index("Call Sam") < review.text.index("Book the GP")
    page = words_of(circle.scene.browser(NEXT - LEAD).get(review.pages("r")[0]).text)
    assert "Jane Doe, Tom Okafor" in page
    assert "Book the GP" in page


@pytest.mark.parametrize("choice", ReviewChoice)
def test_action_of_each_can_be_settled_on_the_page_and_of_nobody_else(circle: Circle, choice: ReviewChoice) -> None:
    circle.plan(
        group("g1", -60, JANE, TOM),
        group("g2", 7 * 24 * 60, JANE, TOM),
        Event("zoe", NOW - timedelta(minutes=130), ZOE).text(),
    )
    circle.take_in(BOTH)
    circle.take_in("Client: Zoe\n\nActions:\n- Sleep\n")
    circle.scene.deliver_all(NOW + HOLD)
    review = next(mail for mail in circle.scene.deliver_all(NEXT - LEAD) if "Tom" in mail.subject)
    token, key = review.pages("r")[0].rpartition("/")[2], circle.scene.app.site.key
    by_text = {action.text: action.id for one in circle.notes() for action in circle.scene.actions(one.id)}
    database = circle.scene.app.database
    assert settle_action(database, token, by_text["Book the GP"], choice, key, NEXT - LEAD) is Decided.DONE
    assert settle_action(database, token, by_text["Sleep"], choice, key, NEXT - LEAD) is Decided.GONE
    toms = {action.text: action for one in circle.notes() for action in circle.scene.actions(one.id)}["Book the GP"]
    assert toms.open is (choice is ReviewChoice.CARRY)
    with database.read() as tx:
        assert toms.settled_in is None or sessions.get(tx, toms.settled_in).client_id == toms.client_id


def test_review_stays_one_where_the_first_leaves_the_group(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.homework()
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 7 * 24 * 60, TOM, ZOE))
    assert len(circle.reviews()) == 1
    (review,) = circle.scene.deliver_all(NEXT - LEAD)
    assert "Book the GP" in review.text
    assert "Call Sam" not in review.text


def test_no_second_review_where_the_first_leaves_after_it_went(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.homework()
    circle.scene.deliver_all(NEXT - LEAD)
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 7 * 24 * 60, TOM, ZOE))
    assert circle.reviews() == []
    assert circle.scene.deliver_all(NEXT - LEAD + timedelta(minutes=5)) == []


def test_moved_group_moves_its_one_review(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 8 * 24 * 60, JANE, TOM))
    (review,) = circle.reviews()
    assert review.expires_at == NOW + timedelta(days=8)


def test_client_who_declines_is_in_it_no_more(circle: Circle) -> None:
    declined = group("g1", -60, JANE, TOM).replace("ATTENDEE;CN=Tom", "ATTENDEE;PARTSTAT=DECLINED;CN=Tom")
    circle.plan(declined)
    circle.take_in("Actions:\n- Read chapter 3\n")
    assert circle.homework().keys() == {JANE}


def test_reply_to_one_receipt_changes_that_clients_part_only(circle: Circle) -> None:
    receipts = circle.take_in(BOTH)
    toms = next(mail for mail in receipts if TOM in mail.text)
    circle.scene.mail_in(reply_to(toms, "Actions:\n- Sleep\n", date=NOW))
    circle.scene.process_all()
    circle.scene.deliver_all(NOW)
    homework = circle.homework()
    assert "Sleep" in homework[TOM].text
    assert "Book the GP" not in homework[TOM].text
    assert "Call Sam" in homework[JANE].text


def test_form_edits_one_clients_part_only(circle: Circle) -> None:
    (receipt,) = [mail for mail in circle.take_in(BOTH) if "Jane" in mail.subject]
    janes, toms = (circle.scene.actions(one.id) for one in circle.notes())
    browser, url = circle.scene.browser(NOW), receipt.pages("n")[0]
    form = hidden_fields(browser.get(f"{url}?do=edit").text) | {"text-1": "Rest"}
    assert browser.post(url, data=form).status_code == 303
    assert [action.text for action in circle.scene.actions(janes[0].note_id)] == ["Rest"]
    assert circle.scene.actions(toms[0].note_id) == toms


def test_one_part_can_be_held_and_the_other_goes(circle: Circle) -> None:
    receipts = circle.take_in(BOTH)
    toms = next(mail for mail in receipts if TOM in mail.text)
    token = toms.pages("n")[0].rpartition("/")[2]
    assert decide_note(circle.scene.app.database, token, "hold", "", circle.scene.app.site.key, NOW) is Decided.DONE
    assert circle.homework().keys() == {JANE}


def test_same_mail_again_is_one_note_for_each(circle: Circle) -> None:
    raw = note(BOTH, message_id="<once@coach.example>")
    for _ in range(2):
        circle.scene.mail_in(raw)
        circle.scene.process_all()
    assert len(circle.notes()) == 2
    assert circle.homework().keys() == {JANE, TOM}


DAY = 24 * 60


def test_common_block_with_one_name_is_not_an_old_groups_where_that_one_was_alone_since(circle: Circle) -> None:
    circle.plan(group("g1", -6 * DAY, JANE, TOM), Event("solo", NOW - timedelta(hours=1), JANE).text())
    circle.take_in("Actions:\n- Look at the contract of your divorce\n\nActions for Jane:\n- Call Sam\n")
    assert TOM not in circle.homework()


def test_correction_of_the_whole_group_in_one_reply_makes_no_second_set(circle: Circle) -> None:
    receipts = circle.take_in(BOTH)
    circle.scene.mail_in(reply_to(receipts[0], BOTH.replace("chapter 3", "chapter 4"), date=NOW))
    circle.scene.process_all()
    circle.scene.deliver_all(NOW)
    sent = [mail.recipient for mail in circle.scene.deliver_all(NOW + 3 * HOLD) if mail.recipient != ANNA]
    assert sorted(sent) == [JANE, TOM]


@pytest.mark.parametrize("how", ["Tom is taken out", "another session in its place", "Tom declines"])
def test_nameless_note_goes_to_nobody_who_left_the_group_before_it_went(circle: Circle, how: str) -> None:
    circle.take_in("Actions:\n- Read chapter 3\n")
    if how == "Tom is taken out":
        circle.plan(group("g1", -60, JANE, ZOE))
    elif how == "another session in its place":
        circle.plan(Event("other", NOW - timedelta(hours=1), ZOE).text())
    else:
        circle.plan(group("g1", -60, JANE, TOM).replace("ATTENDEE;CN=Tom", "ATTENDEE;PARTSTAT=DECLINED;CN=Tom"))
    assert TOM not in circle.homework()


def test_summary_below_one_clients_block_is_not_everybodys(circle: Circle) -> None:
    circle.take_in(
        "Actions for Jane:\n- Call Sam\n\nSummary:\nYou told me about your divorce.\n\n"
        "Actions for Tom:\n- Book the GP\n"
    )
    assert not any("divorce" in mail.text for mail in circle.homework().values())


def test_review_that_had_nothing_to_say_comes_when_a_note_is_about_the_second_client(circle: Circle) -> None:
    circle.plan(group("g1", -5 * DAY, JANE, TOM), group("g2", 60, JANE, TOM))
    circle.scene.deliver_all(NOW)
    circle.take_in("Client: Tom\n\nActions:\n- Call Sam\n")
    circle.scene.deliver_all(NOW)
    assert [mail.state for mail in circle.scene.outbox(OutboundKind.REVIEW)].count(OutboundState.SENT) == 1


def test_review_comes_again_where_the_one_who_had_it_left_and_the_group_moved(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.homework()
    assert len(circle.scene.deliver_all(NEXT - LEAD)) == 1
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 21 * DAY, TOM, ZOE))
    assert len(circle.reviews()) == 1


def test_review_of_the_group_comes_also_where_one_had_a_review_of_their_own(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.homework()
    own = Event("own", NEXT - timedelta(hours=1), JANE).text()
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 7 * DAY, JANE, TOM), own)
    circle.scene.deliver_all(NEXT - LEAD - timedelta(hours=1))
    assert any("Tom" in mail.subject for mail in circle.scene.deliver_all(NEXT - LEAD))


def test_groups_review_is_also_the_second_clients_where_the_calendar_says_it_twice(circle: Circle) -> None:
    circle.take_in(BOTH)
    circle.homework()
    again = Event("again", NEXT + timedelta(minutes=5), TOM).text()
    circle.plan(group("g1", -60, JANE, TOM), group("g2", 7 * DAY, JANE, TOM), again)
    assert len(circle.scene.deliver_all(NEXT - LEAD)) == 1
    assert circle.scene.deliver_all(NEXT - LEAD + timedelta(minutes=5)) == []


def test_number_of_the_groups_review_means_the_action_that_had_it(circle: Circle) -> None:
    circle.take_in("Actions for Jane:\n- Call Sam\n\nActions for Tom:\n- Book the GP\n- Run\n- Swim\n- Read\n")
    circle.homework()
    circle.scene.deliver_all(NEXT - LEAD)
    after = NEXT + timedelta(hours=1)
    circle.sync(after)
    circle.scene.mail_in(note("Client: Tom\n\nActions:\n- Dance\n\nDrop: 2\n", date=after), after)
    circle.scene.process_all(after)
    dropped = [action.text for one in circle.notes() for action in circle.scene.actions(one.id) if action.dropped_at]
    assert dropped == ["Book the GP"]


def test_two_of_a_group_are_not_made_one_while_homework_waits_for_both(circle: Circle) -> None:
    circle.take_in("Actions:\n- Read chapter 3\n")
    lines = client_lines(circle.scene.app.database, None, NOW)
    ids = {line.client.email: line.client.id for line in lines}
    with pytest.raises(PermanentError, match="waits for both"):
        merge(circle.scene.app.database, ids[TOM], ids[JANE], NOW)
    assert sorted(circle.homework()) == [JANE, TOM]
    merge(circle.scene.app.database, ids[TOM], ids[JANE], NOW + HOLD)
