"""Mail as each mail program sends it, and exactly what is read from it. Every bug in parsing adds one.

Whatever is stale says so: STALE stands in the quoted mail, and in attachments that are none of the note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailflow.model import Automatic, Email, ParsedNote, Problem, ProblemKind
from mailflow.parsing.automatic import automatic_kind
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note

EMAILS = Path(__file__).parents[1] / "emails"


@dataclass(frozen=True)
class Reading:
    """What is read from a mail; of the private notes something that must be in them."""

    actions: tuple[tuple[str, tuple[str, ...], bool], ...] = ()
    client: str = ""
    summary: str = ""
    private: str = "She was tired."
    problems: tuple[Problem, ...] = ()
    automatic: Automatic | None = None
    subject: str = "Jane"


def action(text: str, *steps: str, done: bool = False) -> tuple[str, tuple[str, ...], bool]:
    return text, steps, done


def problem(kind: ProblemKind, detail: str = "") -> Problem:
    return Problem(kind, detail)


SAM, GP, GP_SLEEP = action("Call Sam by Friday"), action("Book the GP"), action("Book the GP", "ask about sleep")
CHAPTER = action("Read chapter 3", done=True)
EMPTY, NO_ACTIONS = problem(ProblemKind.EMPTY), problem(ProblemKind.NO_ACTIONS)
USUAL = Reading((SAM, GP_SLEEP), "Jane", "You know what you want.")
REPLY, FORWARD = replace(USUAL, subject="Re: Notes"), replace(USUAL, subject="Fwd: Notes")
FLAT = replace(USUAL, actions=(SAM, GP))
BARE = Reading((SAM, GP))
SILENT = Reading(private="")
GERMAN = Reading(
    (action("Grüße an Jürgen ausrichten – heute!"), action("„Nein“ sagen, für 5 € üben")), "Jane", "", "Sie war müde."
)
POLISH = Reading((action("Zadzwonić do Łucji w święta"), action("Napisać źdźbło")), "Jane", private="Była zmęczona.")
CHINESE = Reading((action("周五前给鎔基打电话"), action("预约医生")), "Jane", private="她很累。")
RUSSIAN = Reading((action("Позвонить Сэму"), action("Записаться к врачу")), "Jane", private="Она устала.")
LETTER = Reading(
    (
        action("Grüße an Jürgen ausrichten und ihm für den Brief danken"),
        action("Zwei Situationen aufschreiben, in denen du nein gesagt hast"),
        action("Den Hausarzt anrufen"),
    ),
    "Jane",
    private="Sie war müde und erzählte lange von ihrer Mutter und von dem Umzug, der ihr Angst macht, und von",
)
DAMAGED = problem(ProblemKind.UNREADABLE)
NO = action("Write down two situations in which you said no to somebody whom you like, and what happened then")

# By mail program, and what it was used for.
NEW = """
    gmail-android-new gmail-web-inline-image gmail-web-new hey-new outlook-ios-new outlook-mac-new outlook-web-new
    outlook-desktop-inline-image proton-new spark-new superhuman-new yahoo-web-new
    apple-mail-html-picture apple-mail-picture-between exchange-plain-as-html exchange-text-behind-a-picture
    exchange-disclaimer-and-banner gateway-disclaimer-part gnupg-cleartext-signed thunderbird-smime-signed
    outlook-invitation-with-note txt-attached-beside-a-note content-type-without-semicolon
""".split()
REPLIES = """
    gmail-android-reply gmail-ios-reply gmail-web-plain-mode hey-reply outlook-android-reply outlook-ios-reply
    outlook-ios-typed-in-signature outlook-mac-reply outlook-web-reply proton-plain-reply proton-reply spark-reply
    superhuman-reply thunderbird-html-reply thunderbird-reply-below-the-quote yahoo-web-reply yahoo-web-reply-prefixed
""".split()
EXPECTED: dict[str, Reading] = {
    **dict.fromkeys(NEW, USUAL),
    **dict.fromkeys(REPLIES, REPLY),
    **dict.fromkeys(["apple-mail-forward", "gmail-web-forward", "thunderbird-forward-inline"], FORWARD),
    **dict.fromkeys(["iphone-new", "samsung-new"], FLAT),
    **dict.fromkeys(["iphone-reply", "samsung-reply", "yahoo-iphone-reply"], replace(FLAT, subject="Re: Notes")),
    "apple-mail-dash-list": BARE,
    "apple-mail-plain-delsp-reply": replace(
        REPLY,
        actions=(
            SAM,
            action(
                "Read https://coach.example/library/letters/writing/the-letter-that-you-never-send before you write "
                "the second draft of your own letter to your father"
            ),
        ),
    ),
    "gmail-reply": Reading((SAM, GP_SLEEP), private="Anna", subject="Re: Jane"),
    "gmail-web-forward-only": replace(SILENT, problems=(problem(ProblemKind.ONLY_QUOTED),), subject="Fwd: Notes"),
    "outlook-desktop-forward": replace(USUAL, subject="FW: Notes"),
    "outlook-desktop-reply": replace(USUAL, subject="RE: Notes"),
    "outlook-web-checklist": replace(USUAL, actions=(CHAPTER, SAM)),
    "outlook-web-german-plain": Reading(
        (action("Sam bis Freitag anrufen"), action("Termin beim Hausarzt buchen")),
        private="Viele Grüße",
        subject="AW: Jane",
    ),
    "outlook-word-list": Reading((SAM, GP_SLEEP)),
    "phone-no-markers": replace(BARE, private="Sent from my phone"),
    "thunderbird-plain-flowed": Reading((SAM, NO), private="She was tired and spoke about her boss, the office move"),
    # Signed and encrypted
    "thunderbird-pgp-signed": replace(USUAL, actions=(SAM, CHAPTER, GP_SLEEP)),
    "thunderbird-pgp-encrypted": replace(SILENT, problems=(problem(ProblemKind.ENCRYPTED), EMPTY), subject="..."),
    "outlook-smime-encrypted": replace(SILENT, problems=(problem(ProblemKind.ENCRYPTED, "smime.p7m"), EMPTY)),
    "outlook-smime-opaque": replace(SILENT, problems=(problem(ProblemKind.SIGNED_OPAQUE, "smime.p7m"), EMPTY)),
    "exchange-smime-opaque-unlabelled": replace(
        SILENT, problems=(problem(ProblemKind.SIGNED_OPAQUE, "smime.p7m"), EMPTY)
    ),
    "outlook-encrypt-button": replace(
        SILENT, problems=(problem(ProblemKind.ENCRYPTED, "message.rpmsg"), NO_ACTIONS), private="protected message"
    ),
    # Attachments and invitations
    "exchange-winmail": replace(USUAL, problems=(problem(ProblemKind.UNREADABLE, "winmail.dat"),)),
    "exchange-winmail-only": replace(SILENT, problems=(problem(ProblemKind.UNREADABLE, "winmail.dat"), EMPTY)),
    "outlook-invitation-bare": replace(SILENT, problems=(EMPTY,), automatic=Automatic.INVITATION),
    "thunderbird-forward-attached": replace(FORWARD, problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Notes.eml"),)),
    "thunderbird-forward-attached-only": replace(
        SILENT, problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Notes.eml"), EMPTY), subject="Fwd: Notes"
    ),
    "outlook-forward-attached": replace(FORWARD, problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Notes für Anna"),)),
    "docx-attached": Reading(
        problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Jane 25 November.docx"), NO_ACTIONS),
        private="The notes are attached.",
    ),
    "docx-attached-encoded-name": Reading(
        problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Sitzung mit Jürgen.docx"), NO_ACTIONS),
        private="The notes are attached.",
    ),
    "md-attached": replace(USUAL, actions=(CHAPTER, SAM, GP_SLEEP)),
    "txt-attached-windows-notepad": replace(USUAL, private="She was müde."),
    "txt-attached-without-a-note": Reading(problems=(NO_ACTIONS,), private="She sent me her diary."),
    "txt-attached-twice": Reading(problems=(problem(ProblemKind.SEVERAL_BLOCKS),), private="Both of today."),
    "gmail-forward-with-txt": replace(SILENT, problems=(problem(ProblemKind.ONLY_QUOTED),), subject="Fwd: Notes"),
    # What no person wrote
    "exchange-automatic-reply": Reading(
        problems=(NO_ACTIONS,),
        private="I am away until Monday.",
        automatic=Automatic.AUTO_REPLY,
        subject="Automatic reply: Your homework",
    ),
    "exchange-bounce": Reading(
        problems=(problem(ProblemKind.UNREAD_ATTACHMENT, "Jane"), NO_ACTIONS),
        private="Delivery has failed",
        automatic=Automatic.BOUNCE,
        subject="Undeliverable: Jane",
    ),
    "iphone-read-receipt": Reading(
        problems=(NO_ACTIONS,), private="a receipt", automatic=Automatic.AUTO_REPLY, subject="Read: Jane"
    ),
    # Charsets
    "charset-utf-8": GERMAN,
    "charset-utf-8-labelled-iso-8859-1": GERMAN,
    "charset-utf-8-labelled-us-ascii": GERMAN,
    "charset-utf-16": GERMAN,
    "charset-utf-16-without-a-mark": GERMAN,
    "charset-windows-1252": GERMAN,
    "charset-windows-1252-labelled-iso-8859-1": GERMAN,
    "charset-windows-1252-labelled-utf-8": GERMAN,
    "charset-windows-1252-unknown-label": replace(GERMAN, problems=(DAMAGED,)),
    "charset-windows-1252-unlabelled": GERMAN,
    "charset-iso-8859-1": replace(GERMAN, actions=(action("Grüße an Jürgen ausrichten"), action("Üben"))),
    "charset-iso-8859-15": replace(
        GERMAN, actions=(action("Grüße an Jürgen ausrichten heute!"), action("Nein sagen, für 5 € üben"))
    ),
    "charset-iso-8859-2": POLISH,
    "charset-windows-1250": POLISH,
    "charset-iso-2022-jp": Reading(
        (action("金曜日までに佐藤さんに電話する"), action("医者を予約する")),
        "Jane",
        private="疲れていた。",
        subject="佐藤",
    ),
    "charset-gb18030": CHINESE,
    "charset-gb18030-labelled-gb2312": CHINESE,
    "charset-koi8-r": RUSSIAN,
    "charset-in-the-html": RUSSIAN,
    # Broken on the way
    "base64-line-cut-short": replace(LETTER, problems=(DAMAGED,)),
    "base64-line-written-over": replace(LETTER, problems=(DAMAGED,), private="[...]erzählte lange von ihrer Mutter"),
    "base64-with-a-list-footer": LETTER,
    "base64-with-rubbish-between": LETTER,
    "quoted-printable-broken": replace(
        LETTER,
        actions=(action("Grüße an Jürgen ausrichten und ihm f\ufffd=ZZr den Brief danken"), *LETTER.actions[1:]),
        private="und erzählte lange von ihrer Mutter",
        problems=(DAMAGED,),
    ),
    "quoted-printable-padded-breaks": LETTER,
    "multipart-without-boundary": replace(SILENT, problems=(DAMAGED, EMPTY)),
    "subject-cut-inside-a-letter": replace(USUAL, subject="Sitzung mit Jürgen über Mut"),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_mail_is_read_as_it_was_written_and_nothing_stale(name: str) -> None:
    email = mail(name)
    note = parsed(email)
    expected = EXPECTED[name]
    assert expected == Reading(
        tuple((action.text, action.steps, action.done) for action in note.actions),
        note.client.hint if note.client else "",
        note.summary,
        expected.private if expected.private in note.notes else note.notes,
        note.problems,
        automatic_kind(email),
        email.subject,
    )
    assert "STALE" not in repr(note)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_text_part_alone_has_no_stale_action_either(name: str) -> None:
    assert "STALE" not in repr(parsed(replace(mail(name), html=None)).actions)


def test_every_mail_here_is_tested() -> None:
    assert {path.stem for path in EMAILS.glob("*.eml")} == set(EXPECTED)


def mail(name: str) -> Email:
    return read_email((EMAILS / f"{name}.eml").read_bytes())


def parsed(email: Email) -> ParsedNote:
    return parse_note(email, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC), timezone="Europe/Berlin")
