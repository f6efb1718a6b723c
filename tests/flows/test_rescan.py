"""A server that numbers its folder anew hands over every mail again, under another key: nobody is answered twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailflow.flows.report import inbox
from mailflow.model import InboundStatus
from tests.scene import HOLD, JANE_BEFORE, NOW, Scene, note

LATER = NOW + timedelta(days=2)
ASKED = "Client: Peter\n\nActions:\n- Call the GP\n"


@pytest.mark.parametrize(
    ("raw", "status", "again"),
    [
        (note(), InboundStatus.PROCESSED, InboundStatus.DUPLICATE),
        (note(ASKED), InboundStatus.PROCESSED, InboundStatus.DUPLICATE),
        (note("She was tired."), InboundStatus.PROCESSED, InboundStatus.DUPLICATE),
        (note(headers={"Auto-Submitted": "auto-replied"}), InboundStatus.IGNORED, InboundStatus.IGNORED),
        (note(sender="stranger@elsewhere.example"), InboundStatus.QUARANTINED, InboundStatus.QUARANTINED),
    ],
    ids=["a note", "one that was asked about", "one without actions", "automatic", "a stranger's"],
)
def test_mail_that_comes_again_is_answered_once(
    scene: Scene, raw: bytes, status: InboundStatus, again: InboundStatus
) -> None:
    scene.plan(JANE_BEFORE)
    scene.send_note(raw)
    scene.deliver_all(NOW + HOLD)

    assert scene.send_note(raw, LATER) == []
    assert [mail.status for mail in reversed(inbox(scene.app.database, 9))] == [status, again]


def test_correction_that_comes_again_changes_nothing(scene: Scene) -> None:
    scene.plan(JANE_BEFORE)
    (receipt,) = scene.send_note(note())
    correction = note(
        "Actions:\n- Call the dentist\n", headers={"In-Reply-To": str(receipt.headers["Message-ID"])}, date=NOW
    )
    assert len(scene.send_note(correction)) == 1
    before = scene.app.database.fingerprint(without=("inbound_emails", "inbound_raw"))

    assert scene.send_note(correction) == []
    assert scene.app.database.fingerprint(without=("inbound_emails", "inbound_raw")) == before
