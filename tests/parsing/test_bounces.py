"""What bounces say, as different servers write them."""

from __future__ import annotations

import base64

import pytest

from mailflow.model import Automatic
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.bounces import DeliveryReport, Fate, read_report
from mailflow.parsing.mime import read_email

OURS = "<8f14e45f@mailflow.example>"
REPORT = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: homework@mailflow.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Wed, 25 Nov 2026 10:00:00 +0100

{recipients}

--b
Content-Type: {returned_type}

{returned}
--b--
"""
RETURNED = f"""\
Received: from mailflow.example by mx.example; Wed, 25 Nov 2026 10:00:00 +0100
From: Anna Berg via mailflow <homework@mailflow.example>
Message-ID:
 {OURS}
Subject: Your homework

Hello Jane
"""
FAILED = """\
Final-Recipient: rfc822; jane@client.example
Original-Recipient: rfc822;jane@client.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <jane@client.example>: Recipient address
    rejected: User unknown"""
DELAYED = """\
Final-Recipient: rfc822; jane@client.example
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; 421 4.4.1 mx.client.example is busy
Will-Retry-Until: Mon, 30 Nov 2026 10:00:00 +0100"""
DELIVERED = """\
Final-Recipient: rfc822; jane@client.example
Action: relayed
Status: 2.0.0"""
WORDS = "550 5.1.1 <jane@client.example>: Recipient address rejected: User unknown"


def report(*recipients: str, returned: str = RETURNED, returned_type: str = "message/rfc822") -> str:
    return REPORT.format(recipients="\n\n".join(recipients), returned=returned, returned_type=returned_type)


def read(text: str) -> DeliveryReport:
    raw = text.encode()
    email = read_email(raw)
    assert automatic_kind(email) is Automatic.BOUNCE
    found = read_report(email, raw)
    assert found is not None
    return found


@pytest.mark.parametrize("returned_type", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_report_says_which_mail_failed_and_why(returned_type: str) -> None:
    found = read(report(FAILED, returned_type=returned_type))
    assert found == DeliveryReport(Fate.FAILED, (OURS,), WORDS)


def test_line_ends_do_not_matter() -> None:
    assert read(report(FAILED).replace("\n", "\r\n")) == read(report(FAILED))


@pytest.mark.parametrize("recipient", [DELAYED, DELIVERED])
def test_mail_that_is_still_tried_has_not_failed(recipient: str) -> None:
    assert read(report(recipient)).fate is Fate.ON_ITS_WAY


def test_one_failed_recipient_of_two_is_a_failure_in_its_words() -> None:
    found = read(report(DELIVERED, FAILED))
    assert (found.fate, found.said) == (Fate.FAILED, WORDS)


def test_status_stands_for_words_where_there_are_none() -> None:
    bare = "Final-Recipient: rfc822; jane@client.example\nAction: failed\nStatus: 5.2.2"
    assert read(report(bare)).said == "5.2.2"


def test_returned_mail_may_be_encoded() -> None:
    encoded = base64.encodebytes(RETURNED.encode()).decode()
    text = report(FAILED, returned=encoded, returned_type="message/rfc822\nContent-Transfer-Encoding: base64")
    assert read(text).about == (OURS,)


def test_message_id_behind_a_long_header_is_found() -> None:
    arc = "".join(f"ARC-Seal: i={n}; b={'x' * 400}\n" for n in range(40))
    assert read(report(FAILED, returned=arc + RETURNED)).about == (OURS,)


def test_gmail_leaves_the_status_empty_and_names_what_it_answers() -> None:
    text = report("").replace("Auto-Submitted", f"In-Reply-To: {OURS}\nReferences: {OURS}\nAuto-Submitted")
    text = text.replace("Reporting-MTA: dns; mx.example\nArrival-Date: Wed, 25 Nov 2026 10:00:00 +0100\n\n", "")
    found = read(text.replace(f"\n {OURS}", " <new@mail.gmail.example>\nX-Google-Original-Message-ID: " + OURS))
    assert found.fate is Fate.FAILED
    assert found.about == ("<new@mail.gmail.example>", OURS)


QMAIL = f"""\
From: MAILER-DAEMON@mx.example
To: homework@mailflow.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<jane@client.example>:
Remote host said: 550 sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

Return-Path: <homework@mailflow.example>
Message-Id: {OURS}
Subject: Your homework
"""
EXIM = f"""\
From: Mail Delivery System <Mailer-Daemon@mx.example>
To: homework@mailflow.example
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: jane@client.example

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jane@client.example
    host mx.client.example [192.0.2.7]: 550 5.7.1 <jane@client.example>... not today

------ This is a copy of the message, including all the headers. ------

Message-ID: {OURS}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [(QMAIL, "550 sorry, no mailbox here by that name."), (EXIM, "550 5.7.1 <jane@client.example>... not today")],
)
def test_text_alone_says_it_too(text: str, said: str) -> None:
    assert read(text) == DeliveryReport(Fate.FAILED, (OURS,), said)


def test_exims_warning_is_no_failure() -> None:
    text = EXIM.replace("Mail delivery failed: returning message to sender", "Warning: message 1abc delayed 24 hours")
    assert read(text.replace("X-Failed-Recipients: jane@client.example\n", "")).fate is Fate.ON_ITS_WAY


def test_homework_with_delayed_in_its_subject_failed_all_the_same() -> None:
    text = QMAIL.replace("failure notice", "Undeliverable: Delayed reply to Sam")
    assert read(text).fate is Fate.FAILED


@pytest.mark.parametrize(
    "body",
    [
        "\n\n" * 50_000,
        "Action: failed\n" * 20_000,
        "Diagnostic-Code: smtp; " + "5" * 500_000,
        "Message-ID: <" + "a" * 500_000,
        "550 5.1.1 " * 50_000,
    ],
)
def test_hostile_report_is_read_in_bounded_words(body: str) -> None:
    found = read(report(body, returned=body))
    assert len(found.said) <= 300
    assert len(found.about) <= 30
