"""What people write goes the whole way, as hostile as it can be, and stays words.

Nothing of it becomes an element, an attribute, an address or a header that harmless words would not have made.
"""

from __future__ import annotations

import base64
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailflow.errors import PermanentError
from mailflow.flows.deliver import deliver_next
from mailflow.model import OutboundKind
from mailflow.parsing.sender import Policy, Trust
from tests.flows.test_deliver import Wire
from tests.scene import (
    ANNA,
    HOLD,
    JANE,
    JANE_NEXT,
    LEAD,
    NOW,
    TOM,
    URL,
    Scene,
    SentMail,
    note,
    open_scene,
    reply_to,
)
from tests.test_hostile_words import BREAKS, HOSTILE, TRICKS, Shape, addresses, bounded, in_samples, shapes

HEADERS = set(
    "From To Reply-To Subject Date Message-ID In-Reply-To References Auto-Submitted MIME-Version Content-Type "
    "Content-Transfer-Encoding Content-Language List-Unsubscribe List-Unsubscribe-Post X-Auto-Response-Suppress "
    "Precedence".split()
)


@dataclass
class Played:
    """What left and what was shown when everything that people can write was written."""

    scene: Scene
    words: str
    mails: list[SentMail] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Each step goes on whether or not the one before led anywhere: words may mean something to the parser."""
        self._rename()
        self._note_and_its_homework()
        self._what_is_asked_and_told()
        self._refused_homework()
        self._what_comes_later()

    def _rename(self) -> None:
        with self.scene.app.database.write() as tx:
            tx.run("UPDATE clients SET name = :name", name=self.words)

    def _note_and_its_homework(self) -> None:
        words, line = self.words, " ".join(self.words.split())
        text = (
            f"{words}\n\nSummary: {line}\n\nActions:\n- Call Sam {line}\n  - {line}\n  - Plan: {line}\n- Book it\n\n"
            f"My actions:\n- {line}\n"
        )
        self._send(written(text, words, client=JANE))
        for homework in self._deliver(HOLD):
            for link in homework.pages("a"):
                form = {"answer": "partly", "form_id": words[:60], "reflection": words, "obstacle": words}
                self.scene.browser(NOW + HOLD).post(link, data=form)
                self._look(f"{link}?saved=1")
            self._send(reply_to(homework, f"Hello,\n\n{words}", sender=JANE), HOLD)

    def _what_is_asked_and_told(self) -> None:
        self._send(written("Actions:\n- Call Sam\n", self.words), HOLD)
        self._send(written(self.words, self.words), HOLD)
        trusting = self.scene.app.intake
        guard = Trust((Policy.AUTHENTICATION_RESULTS,), authserv_id="mx.example")
        self.scene.intake = replace(trusting, trusts={"notes": guard})
        self._send(written("Actions:\n- Call Sam\n", self.words), HOLD)
        self.scene.intake = None
        self._deliver(HOLD + timedelta(minutes=10))

    def _refused_homework(self) -> None:
        self._send(written("Actions:\n- Write to Sam\n", self.words, client=TOM), 2 * HOLD)
        folder, self.scene.mailer = self.scene.mailer, Wire([PermanentError(self.words)])
        deliver_next(self.scene.delivery, NOW + 3 * HOLD)
        self.scene.mailer = folder
        self._deliver(3 * HOLD)

    def _what_comes_later(self) -> None:
        ahead = JANE_NEXT - NOW
        self._send(written("Actions:\n- Read\n", self.words, client=JANE), 4 * HOLD)
        self._deliver(5 * HOLD)
        for later in (ahead / 2 + 5 * HOLD, ahead - LEAD, ahead + timedelta(hours=4)):
            self.scene.sync(NOW + later)
            self._deliver(later)
        for wish in ("fresh", "not-meant"):
            for link in sorted({link for mail in self.mails for link in mail.pages("h")}):
                self.scene.browser(NOW + ahead + timedelta(hours=4)).post(link, data={"do": wish})
                self._look(f"{link}?do={wish}")
            self._deliver(ahead + timedelta(hours=4, minutes=1))
        for link in {link for mail in self.mails for link in mail.pages("u")}:
            self.scene.browser(NOW + ahead).post(link, data={"do": "out"})
            self._look(link)
        self._deliver(ahead + timedelta(hours=5))

    def _send(self, raw: bytes, later: timedelta = timedelta()) -> None:
        self.scene.mail_in(raw, NOW + later)
        self.scene.process_all(NOW + later)
        self._deliver(later)

    def _deliver(self, later: timedelta) -> list[SentMail]:
        """The homework among what left."""
        new = self.scene.deliver_all(NOW + later)
        self.mails += new
        for link in [link for mail in new for kind in "afhnr" for link in mail.pages(kind)]:
            self._look(link)
            self._look(f"{link}?do=choose")
        return [mail for mail in new if mail.pages("a")]

    def _look(self, link: str) -> None:
        answer = self.scene.browser(NOW + HOLD).get(link)
        assert answer.status_code in {200, 404}, "a correction may have closed it"
        self.pages.append(answer.text)


def written(text: str, words: str, *, client: str = "") -> bytes:
    """A note with these words where a header can hide them: in encoded words, of subject, sender and recipient."""
    encoded = "=?utf-8?b?" + base64.b64encode(words.encode()).decode() + "?="
    raw = note(f"Client: {client}\n\n{text}" if client else text, subject="SUBJECT", cte="base64")
    head, empty, body = raw.partition(b"\r\n\r\n")
    head = head.replace(b"Anna Berg <", f"{encoded} <".encode()).replace(b"SUBJECT", encoded.encode())
    return head + empty + body


@contextmanager
def played(words: str, reviews: str) -> Iterator[Played]:
    coach = f'reviews = "{reviews}"\nnudges = ["halfway"]\nask_for_notes = "2 hours"'
    with tempfile.TemporaryDirectory() as folder, open_scene(Path(folder), coach=coach) as scene:
        run = Played(scene, words)
        run.play()
        yield run


@cache
def harmless() -> tuple[frozenset[Shape], frozenset[Shape]]:
    """(of emails, of pages) when nobody writes anything but words."""
    emails, pages = set[Shape](), set[Shape]()
    for reviews in ("each", "morning"):
        with played("plain words", reviews) as run:
            emails |= {shape for mail in run.mails for shape in shapes(mail.html)}
            pages |= {shape for page in run.pages for shape in shapes(page)}
    return frozenset(emails) | in_samples("email"), frozenset(pages) | in_samples("page")


def test_every_kind_of_mail_is_played() -> None:
    """But for the one about a mail that ends the process: tests/test_hostile_words.py has its templates."""
    kinds = set()
    for reviews in ("each", "morning"):
        with played("plain words", reviews) as run:
            kinds |= {mail.kind for mail in run.scene.outbox() if mail.state == "sent"}
    assert set(OutboundKind) - kinds == {OutboundKind.UNREAD}


@settings(bounded, max_examples=12)
@given(HOSTILE, st.sampled_from(["each", "morning"]))
@example(" ".join(TRICKS), "each")
@example(" ".join(TRICKS), "morning")
@example("\r\nBcc: evil@evil.example", "each")
@example("=?utf-8?q?=0d=0aBcc:_evil@evil.example?=", "each")
def test_nothing_that_comes_in_becomes_markup_an_address_or_a_header(words: str, reviews: str) -> None:
    emails, pages = harmless()
    with played(words, reviews) as run:
        for mail in run.mails:
            assert shapes(mail.html) <= emails
            assert all(address.startswith(URL) for address in addresses(mail.html))
            assert_sound(mail)
        for page in run.pages:
            assert shapes(page) <= pages
            assert all(address.startswith((f"{URL}/", "/static/", "/my", "?")) for address in addresses(page))


def assert_sound(mail: SentMail) -> None:
    """Each header once, and none but those that mailflow writes."""
    head = re.split(rb"\r?\n\r?\n", mail.raw, maxsplit=1)[0].decode("ascii")
    lines = re.split(r"\r?\n", head)
    assert all(line.isprintable() and len(line) <= 998 for line in (line.replace("\t", " ") for line in lines))
    names = [line.partition(":")[0] for line in lines if line[0] not in " \t"]
    assert set(names) <= HEADERS
    assert len(set(names)) == len(names)
    assert mail.recipient in {ANNA, JANE, TOM}
    assert mail.headers.get_all("Subject") == [mail.subject]
    assert not re.search(BREAKS, mail.subject)
