"""`mailflow demo --once`: plays the client, and believes nothing that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape

import click

from mailflow.app import App
from mailflow.demo import cast
from mailflow.demo.client import get, hidden_fields, post
from mailflow.demo.mailbox import SentMail
from mailflow.model import OutboundKind


@dataclass
class Checks:
    """What was checked, and whether it was so."""

    results: list[tuple[str, bool]] = field(default_factory=list)

    def see(self, claim: str, holds: bool) -> None:
        self.results.append((claim, holds))
        click.echo(f"{'':10}{'ok' if holds else 'NO':<12}{claim}")

    @property
    def all_hold(self) -> bool:
        return bool(self.results) and all(holds for _, holds in self.results)


def check_receipt(checks: Checks, mail: SentMail) -> None:
    checks.see(
        "the receipt goes to the coach and names the client",
        mail.recipient == cast.COACH[1] and cast.JANE[0] in mail.text,
    )
    checks.see(
        "it lists both actions and the coach's own",
        all(words in squeezed(mail.text) for words in (*cast.ACTIONS, cast.COACH_ACTION)),
    )


def check_homework(checks: Checks, mail: SentMail) -> None:
    checks.see("the homework goes to Jane", mail.recipient == cast.JANE[1])
    checks.see(
        "it has both actions and the shared summary",
        all(words in squeezed(mail.text) for words in (*cast.ACTIONS, cast.SUMMARY)),
    )
    both = squeezed(mail.text + unescape(mail.html))
    private = cast.PRIVATE.split(";")[0]
    checks.see("nothing of the private notes is in it", private not in both and cast.COACH_ACTION not in both)


def play_client(checks: Checks, mail: SentMail, app: App) -> None:
    """Opens the first action's link, looks, answers 'partly' twice with the same form."""
    link = mail.links[0]
    before = app.database.fingerprint(without=("calendars",))
    page = get(link)
    get(link)
    get(link, "HEAD")
    checks.see("the link opens the action", page.status == 200 and cast.ACTIONS[0] in squeezed(unescape(page.html)))
    checks.see("looking changed nothing", app.database.fingerprint(without=("calendars",)) == before)
    fields = hidden_fields(page.html) | {"answer": "partly", "reflection": cast.REFLECTION, "obstacle": ""}
    saved = post(link.split("?")[0], fields)
    checks.see(
        "the answer is saved, and the page says so",
        saved.status == 200 and app.database.fingerprint(without=("calendars",)) != before,
    )
    post(link.split("?")[0], fields)
    checks.see("sent twice it is saved once", app.database.count("reflections") == 1)
    broken = link.split("?")[0][:-2] + "xx"
    checks.see("a link that was tampered with opens nothing", get(broken).status == 404)


def check_review(checks: Checks, mail: SentMail) -> None:
    checks.see("the review goes to the coach", mail.recipient == cast.COACH[1])
    checks.see(
        "it says what Jane wrote",
        cast.REFLECTION in squeezed(mail.text) and cast.REFLECTION in squeezed(unescape(mail.html)),
    )
    checks.see("it names what got no answer", cast.ACTIONS[1] in squeezed(mail.text))


def check_end(checks: Checks, told: dict[OutboundKind, list[SentMail]], left: list[SentMail]) -> None:
    """What the daemon told of, and what left."""
    kinds = {kind: len(found) for kind, found in told.items()}
    checks.see(
        "one receipt, one homework, one review, and nothing else",
        kinds == {OutboundKind.RECEIPT: 1, OutboundKind.HOMEWORK: 1, OutboundKind.REVIEW: 1} and len(left) == 3,
    )


def squeezed(text: str) -> str:
    """Wrapped lines and quote marks off: what a reader reads."""
    return " ".join(text.replace("\n> ", " ").split())
