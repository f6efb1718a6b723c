"""Notes with a fresh 'Actions:' block above a stale one in the quoted part, and the actions that are right.

A folder of cases holds mails (*.eml) and expected.json, which says for each the list of [text, [steps]]. Without one
they are made here: the mail programs' ways to quote, each below several ways to write a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape
from pathlib import Path

STALE = "STALE"
"""In every line of the quoted block; a parser that returns it has leaked."""
Actions = list[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    expected: Actions


def read_cases(folder: Path) -> list[Case]:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [
        Case(name, (folder / name).read_bytes(), [(text, tuple(steps)) for text, steps in actions])
        for name, actions in expected.items()
    ]


EXPECTED: Actions = [
    ("Write down two situations in which you said no, by Friday", ()),
    ("Book the GP", ("ask about sleep",)),
    ("Read chapter 3 before our next session", ()),
]
BEFORE = "She was tired; the move scares her more than she says."
AFTER = ("", "Best,", "Anna")
QUOTED = ("It was a good hour.", "", "Actions:", f"- {STALE} phone your sister", f"- {STALE} log your sleep")
HEADERS = ("From: Jane Doe <jane@client.example>", "Sent: Tuesday, 24 November 2026 10:12", "To: Anna", "Subject: x")
MARKERS = ("- ", "* ", "• ", "{}. ", "[ ] ")

MARKED = (
    "On Tue, 24 Nov 2026 at 10:12, Jane Doe <jane@client.example> wrote:",
    "On Tue, 24 Nov 2026 at 10:12, Jane Doe\n<jane@client.example> wrote:",
    "Am Di., 24. Nov. 2026 um 10:12 Uhr schrieb Jane Doe <jane@client.example>:",
    "Le mar. 24 nov. 2026 à 10:12, Jane Doe <jane@client.example> a écrit :",
    "El mar, 24 nov 2026 a las 10:12, Jane Doe (<jane@client.example>) escribió:",
    "Il giorno mar 24 nov 2026 alle ore 10:12 Jane Doe <jane@client.example> ha scritto:",
    "Op di 24 nov 2026 om 10:12 schreef Jane Doe <jane@client.example>:",
    "Em ter., 24 de nov. de 2026 às 10:12, Jane Doe <jane@client.example> escreveu:",
    "2026-11-24 10:12 GMT+01:00 Jane Doe <jane@client.example>:",
    "",
)
UNMARKED = (
    "\n".join(("-----Original Message-----", *HEADERS, "")),
    "\n".join(("________________________________", *HEADERS, "")),
    "-----Ursprüngliche Nachricht-----\nVon: Jane\nGesendet: Dienstag\nAn: Anna\nBetreff: x\n",
    "De : Jane\nEnvoyé : mardi\nÀ : Anna\nObjet : x\n",
    "\n".join(("---------- Forwarded message ---------", *HEADERS, "")),
)
_WROTE = escape(MARKED[0])
_HEAD = "<br>".join(f"<b>{escape(line)}</b>" for line in HEADERS)
_RULE = '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
HTML = {
    "gmail": f'<div class="gmail_quote"><div class="gmail_attr">{_WROTE}</div>'
    '<blockquote class="gmail_quote">{}</blockquote></div>',
    "apple": f'<div><blockquote type="cite"><div>{_WROTE}</div></blockquote></div>'
    '<blockquote type="cite">{}</blockquote>',
    "thunderbird": f'<div class="moz-cite-prefix">{_WROTE}</div><blockquote type="cite">{{}}</blockquote>',
    "yahoo": f'<div class="yahoo_quoted"><div>{_WROTE}</div><div>{{}}</div></div>',
    "outlook": f'<div>{_RULE}<p class="MsoNormal">{_HEAD}</p></div></div>{{}}',
    "outlook-web": f'<hr><div id="divRplyFwdMsg" dir="ltr">{_HEAD}</div><div>{{}}</div>',
    "proton": f'<div class="protonmail_quote">{_WROTE}<blockquote>{{}}</blockquote></div>',
}


def made_cases() -> list[Case]:
    return [Case(name, _mail(body, kind), EXPECTED) for name, body, kind in (*_plain(), *_html())]


def _plain() -> Iterator[tuple[str, str, str]]:
    for number, marker in enumerate(MARKERS):
        fresh = [BEFORE, "", "Actions:", *_items(marker), *AFTER, ""]
        for kind, introductions in (("marked", MARKED), ("unmarked", UNMARKED)):
            for at, introduction in enumerate(introductions):
                quoted = [f"> {line}" for line in QUOTED] if kind == "marked" else QUOTED
                yield f"{kind}-{at}-list-{number}", "\n".join([*fresh, introduction, *quoted, ""]), "plain"


def _html() -> Iterator[tuple[str, str, str]]:
    listed = "".join(
        f"<li>{text}{'<ul>' + ''.join(f'<li>{step}</li>' for step in steps) + '</ul>' if steps else ''}</li>"
        for text, steps in EXPECTED
    )
    lists = (f"<div>Actions:</div><ul>{listed}</ul>", _divs("Actions:", *_items("- ")))
    for program, around in HTML.items():
        for number, fresh in enumerate(lists):
            body = f"{_divs(BEFORE, '')}{fresh}{_divs(*AFTER, '')}{around.format(_divs(*QUOTED))}"
            yield f"{program}-list-{number}", f"<html><body>{body}</body></html>", "html"


def _items(marker: str) -> Iterator[str]:
    for number, (text, steps) in enumerate(EXPECTED, start=1):
        yield marker.format(number) + text
        for step in steps:
            yield f"    - {step}"


def _divs(*lines: str) -> str:
    return "".join(f"<div>{escape(line).replace('    ', '&nbsp; &nbsp; ') or '<br>'}</div>" for line in lines)


def _mail(body: str, kind: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Anna Berg <anna@coach.example>"
    mail["To"] = "notes@mailflow.example"
    mail["Subject"] = "Re: session"
    mail["Date"] = "Wed, 25 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = "<case@coach.example>"
    mail.set_content(body, subtype=kind, charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()
