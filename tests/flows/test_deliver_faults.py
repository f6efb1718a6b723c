"""Whatever goes wrong between us and an SMTP server, at whatever phase: where the mail stands in the outbox after it.

The table is tests/mailers/faults.py; here each line of it goes the whole way.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mailflow.errors import AccountError, MailflowError, PermanentError, TemporaryError, UnknownOutcomeError
from mailflow.flows.deliver import ACCOUNT_PAUSE
from mailflow.flows.report import PATIENCE, status
from mailflow.mailers.smtp import SmtpMailer
from mailflow.mailers.smtp_answers import Phase
from mailflow.model import OutboundKind, OutboundState
from mailflow.rules.timing import RETRY_FIRST
from tests.mailers.faults import EXPECTED, FAULTS
from tests.mailers.faulty import FaultyServer, faulty_server
from tests.scene import NOW, Scene, note, open_scene

TIMEOUT = 0.05
STATES = {
    TemporaryError: (OutboundState.WAITING, False, RETRY_FIRST),
    UnknownOutcomeError: (OutboundState.WAITING, True, RETRY_FIRST),
    PermanentError: (OutboundState.FAILED, False, None),
    AccountError: (OutboundState.WAITING, False, ACCOUNT_PAUSE + timedelta(seconds=1)),
}
"""For each error: the state, whether it may have gone, and how long at most until the next attempt."""


@pytest.mark.parametrize("phase", list(Phase))
def test_each_fault_leaves_the_mail_in_the_state_that_the_guide_says_and_nobody_waits_unknowingly(
    tmp_path: Path, phase: Phase
) -> None:
    with open_scene(tmp_path) as scene, faulty_server() as server:
        mailer = scene.mailer = SmtpMailer(
            host="127.0.0.1",
            port=server.port,
            security="starttls" if phase is Phase.STARTTLS else "none",
            username="mailflow",
            password=lambda: "secret",
            timeout_seconds=TIMEOUT,
            after_the_dot_seconds=TIMEOUT,
        )
        scene.mail_in(note("nothing agreed"))
        scene.process_all()
        for name, error in EXPECTED[phase].items():
            meet(scene, server, phase, name, error)
        mailer.close()
    copies = set(server.taken)
    assert len(copies) <= 1, "every copy has the same bytes"


def meet(scene: Scene, server: FaultyServer, phase: Phase, name: str, error: type[MailflowError]) -> None:
    scene.run_sql(
        "UPDATE outbound_emails SET state = 'waiting', due_at = planned_at, perhaps_sent = 0, attempts = 0 "
        "WHERE kind = 'no_actions'",
        "DELETE FROM mailer_problem",
    )
    server.phase, server.fault = phase, FAULTS[name]
    scene.deliver_all(NOW)

    state, perhaps_sent, pause = STATES[error]
    mail = scene.planned(OutboundKind.NO_ACTIONS)
    assert (mail.state, mail.perhaps_sent, mail.lease, mail.attempts) == (state, perhaps_sent, "", 1), name
    assert str(server.port) in mail.reason, name
    if pause is not None:
        assert NOW < mail.due_at <= NOW + pause, name
    found = status(scene.app.database, NOW)
    assert found.healthy == (state is OutboundState.WAITING and error is not AccountError), name
    assert not status(scene.app.database, NOW + PATIENCE + timedelta(seconds=1)).healthy, name
