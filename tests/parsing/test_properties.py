"""Whatever a mail program, a gateway or a thread does to a note on its way, the actions stay the same."""

from __future__ import annotations

import base64
import binascii
import codecs
import html as html_lib
import re
from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.model import NoteAction
from mailflow.parsing.mime import content_id, read_email
from mailflow.parsing.notes import parse_note

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WORDS = "the letter Sam about work and his new job with Müller at noon for a week then again ".split() * 2
ITEM = st.builds(
    lambda verb, first, size: " ".join([verb, *WORDS[first : first + size]]),
    st.sampled_from("Call Write Book Read Ask".split()),
    st.integers(0, 17),
    st.integers(2, 14),
)
ITEMS = st.lists(ITEM, min_size=1, max_size=5)
Nested = list[tuple[str, list[str]]]
NESTED = st.lists(st.tuples(ITEM, st.lists(ITEM, max_size=2)), min_size=1, max_size=4)
MARKERS = st.sampled_from(["- ", "* ", "• ", "– ", "[ ] ", "1. "])
PROSE = "She was tired; Müller scares her more than she says.\n\n"

SIGNATURES = [
    "\nBest,\nAnna\n",
    "\n-- \nAnna Berg\n+44 1234 567\n",
    "\nSent from my iPhone\n",
    "\nGet Outlook for iOS<https://aka.ms/o0ukef>\n",
    "\nSent with [Proton Mail](https://proton.me/mail/home) secure email.\n",
    "\nViele Grüße\nAnna Berg\n\nCoach, Berlin | www.coach.example\n",
]
DISCLAIMERS = [
    "\nThis email and any attachments are confidential. If you are not the intended recipient, delete it.\n",
    "\n______________________________\nConfidentiality notice: this message is for its addressee only.\n",
    "\n*****\nDiese E-Mail ist vertraulich. Bitte löschen Sie sie, wenn sie nicht für Sie bestimmt ist.\n",
    "\n_______________________________________________\nNotes mailing list\nnotes@coach.example\n",
]
STALE = "Actions:\n- STALE log your sleep\n  - STALE each morning\n"
MARKED = "".join(f"> {line}\n" for line in STALE.splitlines())
HEADERS = "Jane Doe <jane@client.example>\n{}: Tuesday, 24 November 2026 10:12\n{}: Anna Berg\n{}: Notes\n\n"
QUOTES = [
    f"\nOn Tue, 24 Nov 2026 at 10:12, Jane Doe <jane@client.example> wrote:\n\n{MARKED}",
    f"\nOn Tue, 24 Nov 2026 at 10:12, Jane Doe\n<jane@client.example> wrote:\n\n{MARKED}",
    f"\nAm 24.11.2026 um 10:12 schrieb Jane Doe <jane@client.example>:\n{MARKED}",
    f"\nLe mar. 24 nov. 2026 à 10:12, Jane Doe <jane@client.example> a écrit :\n\n{MARKED}",
    f"\nEl mar, 24 nov 2026 a las 10:12, Jane Doe (<jane@client.example>) escribió:\n\n{STALE}",
    f"\nOn 24 Nov 2026 at 10:12 +0100, Jane Doe <jane@client.example>, wrote:\n{STALE}",
    f"\n-----Original Message-----\nFrom: {HEADERS.format('Sent', 'To', 'Subject')}{STALE}",
    f"\n________________________________\nFrom: {HEADERS.format('Sent', 'To', 'Subject')}{STALE}",
    f"\nVon: {HEADERS.format('Gesendet', 'An', 'Betreff')}{STALE}",
    f"\n---- On Tue, 24 Nov 2026 10:12:00 +0100 Jane Doe <jane@client.example> wrote ----\n\n{STALE}",
    f"\n{MARKED}",
]
FORWARDS = [
    f"\n---------- Forwarded message ---------\nFrom: {HEADERS.format('Date', 'To', 'Subject')}{STALE}",
    f"\nBegin forwarded message:\n\nFrom: {HEADERS.format('Date', 'To', 'Subject')}{STALE}",
    f"\n-------- Weitergeleitete Nachricht --------\nVon: {HEADERS.format('Datum', 'An', 'Betreff')}{STALE}",
    f"\n> Begin forwarded message:\n> \n> From: Jane Doe\n> \n{MARKED}",
]


def one_of(texts: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *texts])


SIGNED = st.tuples(one_of(SIGNATURES), one_of(DISCLAIMERS)).map("".join)
OLDER = st.tuples(one_of(QUOTES + FORWARDS), one_of(QUOTES), one_of(DISCLAIMERS)).map("".join)
TAIL = st.tuples(SIGNED, OLDER).map("".join)

ENCODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "8bit": lambda body, _: body,
    "base64": lambda body, width: in_lines(base64.b64encode(body), width),
    "quoted-printable": lambda body, width: b"\n".join(soft_breaks(line, width) for line in body.split(b"\n")),
}
CHARSETS = "utf-8 utf-8-sig utf-16 utf-16-le iso-8859-1 iso-8859-15 windows-1252 windows-1254 gb18030 utf-7".split()
HEAD = "From: Anna Berg <anna@coach.example>\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nMessage-ID: <1@coach.example>\n"
bounded = settings(max_examples=60, deadline=None, derandomize=True)


def in_lines(text: bytes, width: int) -> bytes:
    return b"\n".join(text[at : at + width] for at in range(0, len(text), width))


def soft_breaks(line: bytes, width: int) -> bytes:
    """Quoted-printable, broken anywhere but inside of an escape."""
    signs = re.findall(rb"=[0-9A-F]{2}|[^=]", binascii.b2a_qp(line, istext=False).replace(b"=\n", b""))
    per_line = width // 3
    return b"=\n".join(b"".join(signs[at : at + per_line]) for at in range(0, len(signs), per_line))


def part(body: str, encoding: str = "8bit", kind: str = "text/plain", charset: str = "utf-8", width: int = 76) -> bytes:
    label = f"; charset={charset.removesuffix('-sig')}" if charset else ""
    head = f"Content-Type: {kind}{label}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + ENCODINGS[encoding](body.encode(charset or "utf-8"), width)


def mail(body: str, encoding: str = "8bit", kind: str = "text/plain") -> bytes:
    return HEAD.encode() + part(body, encoding, kind)


def actions(raw: bytes) -> tuple[NoteAction, ...]:
    note = parse_note(read_email(raw), now=NOW, timezone="Europe/Berlin")
    assert note.problems == ()
    assert "STALE" not in note.summary
    return note.actions


def written(items: Nested, marker: str = "- ") -> str:
    lines = [line for item, steps in items for line in [f"{marker}{item}", *(f"    {marker}{step}" for step in steps)]]
    return f"{PROSE}Actions:\n" + "".join(f"{line}\n" for line in lines)


def read(raw: bytes) -> Nested:
    return [(action.text, list(action.steps)) for action in actions(raw)]


@bounded
@given(NESTED, MARKERS, TAIL)
def test_signature_disclaimer_quote_and_forward_never_change_the_actions(items: Nested, marker: str, tail: str) -> None:
    assert read(mail(written(items, marker) + tail)) == items


@bounded
@given(NESTED, st.sampled_from(QUOTES[:4]), SIGNED)
def test_note_typed_below_the_quote_is_read(items: Nested, quote: str, signed: str) -> None:
    assert read(mail(f"{quote}\n{written(items)}{signed}")) == items


@bounded
@given(NESTED, TAIL, st.sampled_from(sorted(ENCODINGS)), st.sampled_from(CHARSETS), st.integers(5, 19))
def test_encoding_and_charset_never_change_the_actions(
    items: Nested, tail: str, encoding: str, charset: str, quads: int
) -> None:
    if encoding == "8bit" and charset.startswith("utf-16"):
        encoding = "base64"  # RFC 2781 4: UTF-16 is no text that could go as it is
    body = part(written(items) + tail, encoding, "text/plain", charset, 4 * quads)
    assert read(HEAD.encode() + body) == items


@bounded
@given(NESTED, st.sampled_from(["utf-8", "utf-8-sig"]), st.sampled_from(["", "us-ascii", "iso-8859-1", "x-unknown"]))
def test_wrong_label_never_changes_the_actions(items: Nested, charset: str, label: str) -> None:
    head = f"{HEAD}Content-Type: text/plain{f'; charset={label}' if label else ''}\n\n"
    assert read(head.encode() + codecs.encode(written(items), charset)) == items


@bounded
@given(ITEMS, MARKERS, st.integers(66, 78), st.booleans())
def test_line_breaks_of_the_mail_program_never_change_the_actions(
    items: list[str], marker: str, width: int, indented: bool
) -> None:
    # A line as wide as the mail program allows tells where it breaks; every mail of some length has one.
    filler = "x" * width
    indent = " " * len(marker) if indented else ""
    body = f"{filler}\n\nActions:\n" + "".join(wrapped(marker + item, width, indent) + "\n" for item in items)
    assert [action.text for action in actions(mail(body))] == items


def wrapped(text: str, width: int, indent: str) -> str:
    """As a mail program breaks lines: at the last space before `width`."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(indent + word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


@bounded
@given(NESTED, st.integers(20, 78), st.booleans(), TAIL)
def test_flowed_text_never_changes_the_actions(items: Nested, width: int, delsp: bool, tail: str) -> None:
    kind = f"text/plain; format=flowed{'; delsp=yes' if delsp else ''}"
    body = "\n".join(flowed(line, width, delsp=delsp) for line in written(items).split("\n"))
    assert read(mail(body + tail, kind=kind)) == items


def flowed(line: str, width: int, *, delsp: bool) -> str:
    """RFC 3676 4.2: a line that starts with a space gets another one; a soft break is a space at the end."""
    text = line.lstrip(" ")
    indent = line.removesuffix(text)
    if delsp:  # anywhere, also inside of a word
        pieces = [text[at : at + width] for at in range(0, len(text), width)]
    else:
        pieces = wrapped(text, width, "").split("\n")
    return " \n".join(
        f" {piece}" if piece.startswith((" ", ">")) else piece for piece in [indent + (pieces or [""])[0], *pieces[1:]]
    )


# How editors write a list: (before all, before an item's text, before its steps, before a step, and what ends them).
LISTS = {
    "ul": ("<ul>", "<li>{}", "<ul>{}</ul>", "<li>{}</li>", "</li>", "</ul>"),
    "ol, steps beside": ("<ol>", "<li>{}</li>", "<ul>{}</ul>", "<li>{}</li>", "", "</ol>"),
    "p in li": ("<ul>", "<li><p>{}</p>", "<ul>{}</ul>", "<li><p>{}</p></li>", "</li>", "</ul>"),
    "div": ("", "<div>- {}</div>", "{}", "<div>&nbsp; &nbsp; - {}</div>", "", ""),
    "br": ("<div>", "- {}<br>", "{}", "&nbsp;&nbsp;- {}<br>", "", "</div>"),
    "p": ("", '<p style="margin:0">• {}</p>', "{}", '<p style="margin:0 0 0 40px;margin-left:40px">• {}</p>', "", ""),
    "table": (
        "<table><tbody>",
        "<tr><td>- {}</td></tr>",
        "{}",
        "<tr><td>&nbsp; - {}</td></tr>",
        "",
        "</tbody></table>",
    ),
    "Word": (
        "",
        "<p class=MsoNormal style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>{}<o:p></o:p></p>",
        "{}",
        "<p class=MsoNormal style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>{}<o:p></o:p></p>",
        "",
        "",
    ),
}
INLINE = st.sampled_from(["{}", "<span>{}</span>", '<font face="Arial"><span style="color:#000">{}</span></font>'])
AROUND = st.sampled_from(
    [
        "{}",
        '<div dir="ltr">{}</div>',
        '<div><div class="elementToProof"><div>{}</div></div></div>',
        '<table width="100%"><tr><td><table><tr><td>{}</td></tr></table></td></tr></table>',
        "<center><section>\n  {}\n</section></center>",
        '<html><head><style>p {{margin:0}}</style><title>x</title></head><body lang="en">{}</body></html>',
    ]
)
HTML_OLDER = st.sampled_from(
    [
        "",
        '<div class="gmail_quote"><div class="gmail_attr">On Tue</div><blockquote>{}</blockquote></div>',
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------</div>{}</div>',
        '<div class="moz-cite-prefix">On 24.11.26 10:12, Jane wrote:</div><blockquote type="cite">{}</blockquote>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Jane</div>{}',
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><b>From:</b> Jane</div>{}",
        '<div class="ydp1yahoo_quoted"><div>On 24 November 2026, Jane &lt;j@c.example&gt; wrote:</div>{}</div>',
        '<div class="protonmail_quote"><blockquote type="cite">{}</blockquote></div>',
        '<div name="messageReplySection">On 24 Nov<blockquote type="cite">{}</blockquote></div>',
        "<div>-------- Original message --------</div><div>From: Jane</div><div>{}</div>",
    ]
).map(lambda quote: quote.format("<div>Actions:</div><ul><li>STALE log your sleep</li></ul>"))


def as_html(items: Nested, style: str, inline: str) -> str:
    start, item, steps, step, end_item, end = LISTS[style]
    rows = [
        item.format(inline.format(text))
        + (steps.format("".join(step.format(inline.format(below)) for below in under)) if under else "")
        + end_item
        for text, under in items
    ]
    return f"<div>She was tired.</div><div><br></div><div>{inline.format('Actions:')}</div>{start}{''.join(rows)}{end}"


def in_divs(text: str) -> str:
    return "".join(f"<div>{html_lib.escape(line) or '<br>'}</div>" for line in text.split("\n"))


@bounded
@given(NESTED, st.sampled_from(sorted(LISTS)), INLINE, AROUND, TAIL, HTML_OLDER)
def test_html_never_changes_the_actions(
    items: Nested, style: str, inline: str, around: str, tail: str, older: str
) -> None:
    body = around.format(as_html(items, style, inline) + in_divs(tail) + older)
    assert read(mail(body, "quoted-printable", "text/html")) == items


def multi(kind: str, *parts: bytes) -> bytes:
    boundary = f"=_{kind}{len(b''.join(parts))}"
    joined = b"".join(b"--%s\n%s\n" % (boundary.encode(), each) for each in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode() + joined + f"--{boundary}--\n".encode()


PICTURE = b"Content-Type: image/png; name=board.png\nContent-Disposition: inline; filename=board.png\n\nx"
SIGNATURE_PART = b"Content-Type: application/pgp-signature; name=signature.asc\n\n-----BEGIN PGP SIGNATURE-----"
INVITATION = b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nDESCRIPTION:Actions: STALE\n"
TEXT_FILE = b"Content-Type: text/plain\nContent-Disposition: attachment; filename=old.txt\n\n" + STALE.encode()
FOOTER = part(in_divs(DISCLAIMERS[0]), kind="text/html")
AROUND_A_PART: dict[str, Callable[[bytes], bytes]] = {
    "picture": lambda body: multi("related", body, PICTURE),
    "signature": lambda body: multi("signed", body, SIGNATURE_PART),
    "invitation": lambda body: multi("mixed", body, INVITATION),
    "text file": lambda body: multi("mixed", body, TEXT_FILE),
    "footer": lambda body: multi("mixed", body, FOOTER),
    "nothing": lambda body: multi("mixed", body),
}


@bounded
@given(NESTED, TAIL, st.lists(st.sampled_from(sorted(AROUND_A_PART)), max_size=5, unique=True), st.booleans())
def test_parts_around_the_text_never_change_the_actions(
    items: Nested, tail: str, around: list[str], alternative: bool
) -> None:
    body = part(written(items) + tail, "quoted-printable")
    if alternative:
        body = multi("alternative", body, part(as_html(items, "ul", "{}"), "base64", "text/html"))
    for name in around:
        body = AROUND_A_PART[name](body)
    assert read(HEAD.encode() + body) == items


@bounded
@given(ITEMS, st.sampled_from(sorted(ENCODINGS)))
def test_content_id_does_not_depend_on_the_encoding(items: list[str], encoding: str) -> None:
    body = "\n".join(items) + "\n"
    assert content_id(read_email(mail(body, encoding))) == content_id(read_email(mail(body)))


@bounded
@given(st.binary(max_size=400))
def test_any_bytes_are_an_email_and_a_note(raw: bytes) -> None:
    parse_note(read_email(b"Content-Type: text/html\n\nActions:\n" + raw), now=NOW, timezone="Europe/Berlin")
    parse_note(read_email(raw), now=NOW, timezone="Europe/Berlin")
