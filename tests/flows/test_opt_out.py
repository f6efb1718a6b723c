"""A client who wants no homework by mail gets none, and the coach knows; who wants it again gets it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.errors import PermanentError
from mailflow.flows.intervene import OutboundChange, change_outbound
from mailflow.flows.message import Headers, to_bytes
from mailflow.flows.plan import OPTED_OUT
from mailflow.model import OutboundKind, OutboundState
from mailflow.rendering import RenderedEmail
from tests.flows.test_deliver import Meanwhile
from tests.scene import ANNA, HOLD, JANE, NOW, Scene, SentMail, hidden_fields, note, open_scene, words_of

MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(hours=1)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
AGAIN = "Client: Jane Doe\n\nActions:\n- Book the GP\n"


def page_of(homework: SentMail) -> str:
    """The address in List-Unsubscribe."""
    found = re.fullmatch("<(.+)>", str(homework.headers["List-Unsubscribe"]))
    assert found
    return found[1]


def opt_out(scene: Scene, homework: SentMail) -> None:
    answer = scene.browser(LATER).post(page_of(homework), data=ONE_CLICK)
    assert answer.status_code == 200


def states(scene: Scene, kind: OutboundKind = OutboundKind.HOMEWORK) -> list[tuple[OutboundState, str]]:
    return [(mail.state, mail.reason) for mail in scene.outbox(kind)]


def test_homework_says_how_to_get_no_more_as_mail_programs_want_it(scene: Scene) -> None:
    """RFC 8058 3.1: an HTTPS address in List-Unsubscribe, and the other header as it is here."""
    homework = scene.send_homework(note())

    assert homework.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert page_of(homework) == homework.pages("u")[0]


def test_no_mail_to_the_coach_says_so(scene: Scene) -> None:
    (receipt,) = scene.send_note(note())

    assert "List-Unsubscribe" not in receipt.headers


def test_a_long_address_in_the_header_is_neither_folded_nor_encoded() -> None:
    """The modern email API makes an encoded word of what is longer than a line, which no program understands."""
    url = f"https://homework.practice.example/{'a,b;c' * 40}/u/{'x' * 43}"
    headers = Headers(("Anna", ANNA), JANE, ("Anna", ANNA), "auto-generated", unsubscribe=url)

    raw = to_bytes(RenderedEmail("s", "t", "h"), headers, "<1@a.example>", NOW)

    assert re.search(rb"^List-Unsubscribe: <" + re.escape(url.encode()) + rb">\r\n", raw, re.MULTILINE)


def test_looking_at_the_page_changes_nothing(scene: Scene) -> None:
    url = page_of(scene.send_homework(note()))
    before = scene.outbox()

    page = scene.browser(LATER).get(url)

    assert page.status_code == 200
    assert page.text.count("<button") == 1
    assert hidden_fields(page.text) == {"do": "out"}
    assert scene.outbox() == before


def test_one_click_of_a_mail_program_ends_the_homework(scene: Scene) -> None:
    homework = scene.send_homework(note())
    opt_out(scene, homework)

    scene.send_note(note(AGAIN, date=LATER), LATER)
    sent = scene.deliver_all(LATER + HOLD)

    assert not [mail for mail in sent if mail.recipient == JANE]
    assert states(scene) == [(OutboundState.SENT, ""), (OutboundState.CANCELLED, OPTED_OUT)]


def test_coach_is_told_once_and_every_receipt_says_so(scene: Scene) -> None:
    homework = scene.send_homework(note())
    for _ in range(3):
        opt_out(scene, homework)
    (told,) = scene.deliver_all(LATER)
    assert told.recipient == ANNA
    assert told.subject == "Jane Doe wants no homework by mail"
    assert "give the actions yourself" in told.words

    (receipt,) = scene.send_note(note(AGAIN, date=LATER), LATER)

    assert receipt.subject == "No homework goes to Jane Doe: no mails wanted"
    assert "Jane wants no homework by mail: give the actions yourself" in receipt.words
    assert "Send now" not in receipt.words
    opt_in(scene, homework)
    opt_out(scene, homework)
    assert [mail for mail in scene.deliver_all(LATER + HOLD) if "wants no homework" in mail.subject] == []


def opt_in(scene: Scene, homework: SentMail) -> None:
    url = page_of(homework)
    form = hidden_fields(scene.browser(LATER + MINUTE).get(url).text)
    assert form == {"do": "in"}
    answer = scene.browser(LATER + MINUTE).post(url, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, url)


def test_client_who_wants_homework_again_gets_it(scene: Scene) -> None:
    homework = scene.send_homework(note())
    opt_out(scene, homework)
    opt_in(scene, homework)
    scene.deliver_all(LATER + MINUTE)

    again = scene.send_homework(note(AGAIN, date=LATER + MINUTE), LATER + MINUTE)

    assert again.recipient == JANE


def test_a_slip_loses_nothing(scene: Scene) -> None:
    """What waited when the client opted out waits again; the coach hears nothing of what was taken back at once."""
    homework = scene.send_homework(note())
    scene.send_note(note(AGAIN, date=LATER), LATER)
    opt_out(scene, homework)
    assert states(scene)[-1] == (OutboundState.CANCELLED, OPTED_OUT)
    opt_in(scene, homework)

    (again,) = scene.deliver_all(LATER + HOLD)

    assert (again.recipient, "Book the GP" in again.words) == (JANE, True)


def test_what_is_older_than_a_day_does_not_come_back(scene: Scene) -> None:
    homework = scene.send_homework(note())
    opt_out(scene, homework)
    scene.send_note(note(AGAIN, date=LATER), LATER)
    late = LATER + timedelta(days=2)
    scene.browser(late).post(page_of(homework), data={"do": "in"})

    assert [mail for mail in scene.deliver_all(late) if mail.recipient == JANE] == []


def test_homework_that_is_on_its_way_while_the_client_opts_out_is_the_last(scene: Scene) -> None:
    homework = scene.send_homework(note())
    scene.send_note(note(AGAIN, date=LATER), LATER)
    scene.mailer = Meanwhile(lambda: opt_out(scene, homework))
    scene.deliver_all(LATER + HOLD)

    assert states(scene)[-1] == (OutboundState.SENT, "")


def test_homework_on_hold_is_not_sent_by_release_after_the_client_opted_out(scene: Scene) -> None:
    homework = scene.send_homework(note())
    (receipt,) = scene.send_note(note(AGAIN, date=LATER), LATER)
    scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "hold"})
    opt_out(scene, homework)

    answer = scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "send"})

    assert answer.headers["location"].endswith("too-late")
    assert [mail for mail in scene.deliver_all(LATER) if mail.recipient == JANE] == []


@pytest.mark.parametrize("change", ["release", "retry"])
def test_operator_hears_why_homework_does_not_go_after_the_client_opted_out(
    scene: Scene, change: OutboundChange
) -> None:
    homework = scene.send_homework(note())
    (receipt,) = scene.send_note(note(AGAIN, date=LATER), LATER)
    scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "hold"})
    held = scene.outbox(OutboundKind.HOMEWORK)[-1]
    opt_out(scene, homework)

    with pytest.raises(PermanentError, match="wants no homework"):
        change_outbound(scene.app.database, held.id, change, LATER)
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.HELD


def test_what_the_coach_held_stays_held_when_the_client_opts_in_again(scene: Scene) -> None:
    homework = scene.send_homework(note())
    (receipt,) = scene.send_note(note(AGAIN, date=LATER), LATER)
    scene.browser(LATER).post(receipt.pages("n")[0], data={"do": "hold"})
    opt_out(scene, homework)
    scene.browser(LATER).post(page_of(homework), data={"do": "in"})

    assert [mail for mail in scene.deliver_all(LATER + HOLD) if mail.recipient == JANE] == []
    assert scene.outbox(OutboundKind.HOMEWORK)[-1].state is OutboundState.HELD


def test_one_clients_wish_is_not_anothers(scene: Scene) -> None:
    opt_out(scene, scene.send_homework(note()))
    scene.deliver_all(LATER)

    homework = scene.send_homework(note("Client: Tom Okafor\n\nActions:\n- Rest\n", date=LATER), LATER)

    assert homework.recipient == "tom@client.example"


@pytest.mark.parametrize("form", [{}, {"do": "hold"}, {"List-Unsubscribe": "Two-Click"}])
def test_a_form_that_says_nothing_changes_nothing(scene: Scene, form: dict[str, str]) -> None:
    homework = scene.send_homework(note())

    assert scene.browser(LATER).post(page_of(homework), data=form).status_code == 404
    assert "wants no" not in words_of(scene.browser(LATER).get(page_of(homework)).text)
    assert scene.outbox(OutboundKind.OPTED_OUT) == []


def test_links_of_other_pages_do_not_opt_out(scene: Scene) -> None:
    homework = scene.send_homework(note())
    for other in (*homework.pages("a"), *homework.pages("h")):
        url = re.sub("/[ah]/", "/u/", other)
        assert scene.browser(LATER).post(url, data=ONE_CLICK).status_code == 404
        assert scene.browser(LATER).get(url).status_code == 404


def test_client_learnt_again_from_the_calendar_has_still_opted_out(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        opt_out(scene, scene.send_homework(note()))
        scene.sync(LATER)
        scene.send_note(note(AGAIN, date=LATER), LATER)

        assert states(scene)[-1] == (OutboundState.CANCELLED, OPTED_OUT)
