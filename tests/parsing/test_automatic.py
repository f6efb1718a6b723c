"""Which mails no person wrote just now."""

from __future__ import annotations

import pytest

from mailflow.model import Automatic
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.mime import read_email

HEAD = "To: notes@mailflow.example\nDate: Wed, 25 Nov 2026 10:00:00 +0100\n"


def kind(
    head: str, body: str = "Actions:\n- Call Sam\n", sender: str = "Anna Berg <anna@coach.example>"
) -> Automatic | None:
    return automatic_kind(read_email(f"From: {sender}\n{HEAD}{head}\n\n{body}".encode()))


@pytest.mark.parametrize(
    "head",
    [
        "Subject: Jane, session 4",
        "X-Auto-Response-Suppress: All",
        "Auto-Submitted: no",
        "Auto-Submitted: No (she wrote it)",
        "Subject: Re: Undeliverable promises",
        "Subject: Out of office politics",
        "Return-Path: <anna@coach.example>",
        "Precedence: first-class",
    ],
)
def test_mail_of_a_person_is_not_automatic(head: str) -> None:
    assert kind(head) is None


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "Return-Path: <>",
        "Subject: Undelivered Mail Returned to Sender",
        "Subject: Delivery Status Notification (Failure)",
        "Subject: Undeliverable: Your homework",
        "Subject: =?utf-8?q?Unzustellbar=3A_Homework?=",
        "X-Failed-Recipients: jane@client.example",
    ],
)
def test_bounce_is_one(head: str) -> None:
    assert kind(head) is Automatic.BOUNCE


def test_daemons_mail_is_a_bounce() -> None:
    assert kind("Subject: hello", sender="MAILER-DAEMON@mail.example") is Automatic.BOUNCE


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)\nReturn-Path: <>",
        "Auto-Submitted: auto-generated",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Subject: Automatic reply: Homework",
        "Subject: Out of Office: until Monday",
        "Subject: Abwesenheitsnotiz: Ihre Nachricht",
        "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_absence?=",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_auto_reply_is_one(head: str) -> None:
    assert kind(head) is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "head",
    ["List-Id: <news.example>", "Precedence: bulk", "Precedence: LIST", "List-Unsubscribe: <mailto:a@b.example>"],
)
def test_mail_of_a_list_is_one(head: str) -> None:
    assert kind(head) is Automatic.LIST


def test_bare_invitation_is_one() -> None:
    assert kind("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR") is Automatic.INVITATION


def test_invitation_with_a_note_beside_it_is_read() -> None:
    body = (
        "--b\nContent-Type: text/plain\n\nActions:\n- Call Sam\n"
        "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    assert kind("Content-Type: multipart/alternative; boundary=b", body) is None


@pytest.mark.parametrize(
    "head",
    [
        "Subject: Auto: Jane and the car",
        "Subject: Returned mail: what Jane did with the letter",
        "Subject: Automatic reply: no more, says Jane",
        "Subject: Undeliverable promises",
    ],
)
def test_subject_alone_decides_nothing_about_a_coach(head: str) -> None:
    email = read_email(f"From: Anna Berg <anna@coach.example>\n{HEAD}{head}\n\nActions:\n- Call Sam\n".encode())
    assert automatic_kind(email) is not None
    assert automatic_kind(email, from_coach=True) is None


def test_coach_may_write_from_the_address_of_a_daemon() -> None:
    email = read_email(f"From: postmaster@coach.example\n{HEAD}Subject: Jane\n\nActions:\n- Call Sam\n".encode())
    assert automatic_kind(email, from_coach=True) is None


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied", "Return-Path: <>", "Precedence: bulk"])
def test_header_decides_about_a_coach_too(head: str) -> None:
    email = read_email(f"From: Anna Berg <anna@coach.example>\n{HEAD}{head}\n\nActions:\n- Call Sam\n".encode())
    assert automatic_kind(email, from_coach=True) is not None


def test_notes_address_may_be_a_mailing_lists() -> None:
    head = f"{HEAD}Subject: Jane\nList-Id: <notes.example>\nPrecedence: list"
    email = read_email(f"From: Anna Berg <anna@coach.example>\n{head}\n\nActions:\n- Call Sam\n".encode())
    assert automatic_kind(email) is Automatic.LIST
    assert automatic_kind(email, from_coach=True) is None
