"""Mails that are made to hurt, and what each costs: `python -m tests.hostile` prints a line of JSON for each.

Each is read in a process of its own with a limit on memory and time, so that the worst that it does is to end there.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.process import resident_megabytes
from mailflow.flows.explain import explain
from mailflow.parsing.mime import MAX_SIZE
from tests.scene import open_scene

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
FROM = b"From: Anna Berg <anna@coach.example>\n"
HEAD = FROM + b"To: notes@mailflow.example\nDate: Mon, 23 Nov 2026 16:00:00 +0000\nMessage-ID: <1@coach.example>\n"
SIZE = MAX_SIZE - 1024
"""The largest body that is still read."""
MAX_SECONDS = 20
MAX_MEMORY = 1024 * 1024 * 1024
"""Address space that a mail may take on top of what the interpreter has."""

NESTED = "div blockquote table ul li b a p font span form svg math select template button o:p td".split()


def fill(unit: bytes, size: int = SIZE) -> bytes:
    return unit * (size // len(unit))


def text(body: bytes, *, encoding: bytes = b"8bit", charset: bytes = b"utf-8", more: bytes = b"") -> bytes:
    return (
        HEAD
        + b"Content-Type: text/plain; charset=" + charset + more
        + b"\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body
    )  # fmt: skip


def html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + body


def header(lines: bytes) -> bytes:
    return HEAD + lines + b"\n\nActions:\n- Call Sam\n"


def mixed(body: bytes, boundary: bytes = b"b") -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\n\n" + body


def nested(depth: int, kind: bytes = b"multipart/mixed") -> bytes:
    return HEAD + b"".join(
        b'Content-Type: %s; boundary="b%d"\n\n--b%d\n' % (kind, number, number) for number in range(depth)
    )


def in_messages(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\n\n" * depth + b"Actions:\n- Call Sam\n"


def opened(tag: bytes, count: int = 100_000) -> bytes:
    return html(b"<div>Actions:</div>" + tag * count + b"Call Sam")


def deeper_items() -> bytes:
    return b"Actions:\n" + b"".join(b" " * (4 * depth) + b"- Call Sam\n" for depth in range(2_500))


def listed(item: bytes) -> bytes:
    return text(b"Actions:\n- " + item + b"\n")


def continued(line: bytes) -> bytes:
    """One item over as many lines as are read."""
    return text(b"Actions:\n- Call Sam\n" + (b"  " + line + b"\n") * 9_000)


MAILS: dict[str, Callable[[], bytes]] = {
    # --- MIME
    "1,500 nested parts": lambda: nested(1_500),
    "10,000 nested parts": lambda: nested(10_000),
    "10,000 nested messages": lambda: in_messages(10_000),
    "100,000 parts": lambda: mixed(b"--b\n\nx\n" * 100_000),
    "100,000 text attachments": lambda: mixed(b"--b\nContent-Disposition: attachment; filename=a.txt\n\nx\n" * 100_000),
    "300 parts with long headers": lambda: mixed((b"--b\n" + b"X: y\n" * 16_000 + b"\nx\n") * 300),
    "lines like a boundary": lambda: mixed(fill(b"--bb\n")),
    "boundaries with blanks behind": lambda: mixed(fill(b"--b" + b" " * 99 + b"x\n")),
    "dashes with a boundary of dashes": lambda: mixed(fill(b"-"), b"-" * 70),
    "a boundary that never ends": lambda: mixed(b"--b\n" + fill(b"x")),
    "a name of 100,000 pieces": lambda: header(
        b"Content-Disposition: attachment;" + b"".join(b"\n filename*%d=a;" % number for number in range(5_000))
    ),
    "half a surrogate pair in a name": lambda: mixed(
        b"--b\nContent-Disposition: attachment; filename*=utf-7''%2B2AA-.docx\n\nx\n--b\n\nActions:\n- Call Sam\n--b--"
    ),
    "half a surrogate pair in Subject": lambda: header(b"Subject: =?utf-7?q?+2AA-?="),
    "half a surrogate pair in From": lambda: b"From: =?utf-7?q?+2AA-?= <anna@coach.example>\n\nActions:\n- Call Sam\n",
    "100,000 parameters": lambda: header(b"Content-Type: text/plain" + b"; a=b" * 20_000),
    "quotes in a parameter": lambda: header(b'Content-Type: text/plain; charset="' + b'\\"' * 50_000),
    # --- Headers
    "25 MB header": lambda: header(b"X: " + fill(b"a")),
    "a million header lines": lambda: header(b"\n".join([b"X: y"] * 1_000_000)),
    "a million folded lines": lambda: header(b"Subject: x" + b"\n y" * 1_000_000),
    "25 MB header without a colon": lambda: fill(b"a "),
    "20,000 addresses": lambda: header(b"Cc: " + b"jane@client.example, " * 20_000),
    "20,000 short addresses": lambda: header(b"Cc: " + b"a@b," * 20_000),
    "20,000 headers of an address": lambda: header(b"\n".join([b"Cc: a@b.example"] * 5_000)),
    "( in From": lambda: b"From: " + b"(" * 10_000 + b"\n\nActions:\n- Call Sam\n",
    "< in From": lambda: b"From: " + b"<" * 10_000 + b"\n\nActions:\n- Call Sam\n",
    'an open " in From': lambda: b'From: "' + b"\\" * 10_000 + b"\n\nActions:\n- Call Sam\n",
    "@ in From": lambda: b"From: " + b"@" * 10_000 + b"\n\nActions:\n- Call Sam\n",
    ", in From": lambda: b"From: " + b"," * 16_000 + b"\n\nActions:\n- Call Sam\n",
    "; in From": lambda: b"From: a:" + b";" * 16_000 + b"\n\nActions:\n- Call Sam\n",
    "nested comments": lambda: b"From: " + b"(" * 99 + b")" * 99 + b" <anna@coach.example>\n\nActions:\n- Call Sam\n",
    ": in From": lambda: b"From: " + b"a:" * 8_000 + b"\n\nActions:\n- Call Sam\n",
    "[ in From": lambda: b"From: a@" + b"[" * 8_000 + b"\n\nActions:\n- Call Sam\n",
    "encoded words in Subject": lambda: header(b"Subject: " + b"=?utf-8?q?a?= " * 5_000),
    "=? in Subject": lambda: header(b"Subject: " + b"=?" * 50_000),
    "=?a?q? in Subject": lambda: header(b"Subject: " + b"=?a?q?" * 20_000),
    "digits in Date": lambda: FROM + b"Date: " + b"1" * 100_000 + b"\n\nActions:\n- Call Sam\n",
    "References": lambda: header(b"References: " + b"<a@b> " * 20_000),
    "Authentication-Results": lambda: header(b"Authentication-Results: x" + b"; dkim=pass" * 5_000),
    # --- Plain text
    "25 MB of spaces": lambda: text(fill(b" ")),
    "25 MB of a": lambda: text(fill(b"a")),
    "25 MB of >": lambda: text(fill(b">")),
    "25 MB of lines of >": lambda: text(fill(b">\n")),
    "25 MB of > with spaces": lambda: text(fill(b"> ")),
    "25 MB of line feeds": lambda: text(fill(b"\n")),
    "25 MB of carriage returns": lambda: text(fill(b"\r")),
    "25 MB of tabs": lambda: text(fill(b"\t")),
    "25 MB of soft breaks": lambda: text(fill(b"a \n"), more=b"; format=flowed"),
    "25 MB of soft > breaks": lambda: text(fill(b"> \n"), more=b"; format=flowed"),
    "25 MB of null characters": lambda: text(fill(b"\0")),
    "25 MB of surrogates": lambda: text(fill(b"\xed\xa0\x80")),
    "25 MB of surrogates in UTF-16": lambda: text(fill(b"\xd8\x00"), charset=b"utf-16-be"),
    "25 MB of UTF-7": lambda: text(fill(b"+2AA-"), charset=b"utf-7"),
    "25 MB of ISO-2022-JP": lambda: text(fill(b"\x1b$B\x1b(B"), charset=b"iso-2022-jp"),
    "25 MB of combining characters": lambda: text(b"Actions:\n- a" + fill("\u0301".encode())),
    "25 MB of directions": lambda: text(b"Actions:\n- " + fill("\u202e\u2066".encode())),
    "25 MB of zero-width spaces": lambda: text(b"Actions:\n- " + fill("\u200b".encode())),
    "25 MB of =, quoted-printable": lambda: text(fill(b"="), encoding=b"quoted-printable"),
    "25 MB of =20, quoted-printable": lambda: text(fill(b"=20"), encoding=b"quoted-printable"),
    "25 MB of base64": lambda: text(base64.encodebytes(b"a" * (SIZE * 72 // 100)), encoding=b"base64"),
    "25 MB of =, base64": lambda: text(fill(b"="), encoding=b"base64"),
    "4,000 blank lines": lambda: text(b"Hi\n" + b"\n" * 4_000 + b"Actions:\n- Call Sam\n"),
    "800 times On Monday we met": lambda: text(b"On Monday we met\n" * 800 + b"Actions:\n- Call Sam\n"),
    "10,000 times On Monday we met": lambda: text(b"On Monday we met\n" * 10_000),
    "On Monday we met, unbroken": lambda: text(b"On Monday we met " * 60_000),
    "10,000 lines of From:": lambda: text(b"From: Jane\n" * 10_000),
    "10,000 lines with an address": lambda: text(b"jane@client.example\n" * 10_000),
    "@ in a line": lambda: text(b"On " + b"a@" * 100_000 + b":\n" * 100),
    "two million headings": lambda: text(fill(b"Actions:\n", 18_000_000)),
    "two million items": lambda: text(b"Actions:\n" + fill(b"- x\n", 8_000_000)),
    "two million bare items": lambda: text(b"Actions:\n" + fill(b"-\n", 8_000_000)),
    "items, each deeper": lambda: text(deeper_items()),
    "items with 100 blanks": lambda: text(b"Actions:\n" + (b" " * 100 + b"- Call Sam\n") * 9_000),
    "headings with an item": lambda: text(fill(b"Actions:\n- x\n", 1_000_000)),
    "summaries": lambda: text(fill(b"Summary:\nx\n", 1_000_000)),
    "names": lambda: text(b"".join(b"Client: Jane %d\n" % number for number in range(10_000))),
    "one item of 25 MB": lambda: listed(fill(b"Call Sam ")),
    "one item of numbers": lambda: text(b"Actions: " + b"1. a " * 200_000),
    "one item of ;": lambda: text(b"Actions: " + b"a; " * 300_000),
    "one item of by": lambda: listed(b"by " * 3_000),
    "one item of by Friday": lambda: listed(b"by Friday " * 3_000),
    "one item of every": lambda: listed(b"every " * 3_000),
    "one item of and call": lambda: listed(b"call" + b" and call" * 1_000),
    "an item of many lines": lambda: continued(b"call Sam and call Jane and call the GP"),
    "an item of many long lines": lambda: continued(b"and call " * 10),
    "an item of many lines of by": lambda: continued(b"by Friday"),
    "an item of 9,000 steps": lambda: text(b"Actions:\n- Call Sam\n" + b"  - When I wake, why: I will\n" * 9_000),
    "boxes": lambda: text(b"Actions:\n" + b"- [x] " * 100_000),
    "[ ]": lambda: text(b"Actions:\n" + b"[ ]" * 100_000),
    "1) 1) 1)": lambda: text(b"Actions:\n" + b"1) " * 100_000),
    "* * *": lambda: text(b"Actions:\n" + fill(b"* ", 1_000_000)),
    "# # #": lambda: text(fill(b"# ", 1_000_000)),
    "colons": lambda: text(fill(b":", 1_000_000)),
    "for for for": lambda: text((b"actions for " * 6 + b":\n") * 10_000),
    # --- HTML
    **{f"100,000 nested <{tag}>": partial(opened, f"<{tag}>".encode()) for tag in NESTED},
    "100,000 nested tables with cells": lambda: opened(b"<table><tr><td>"),
    "100,000 nested lists with items": lambda: opened(b"<ul><li>"),
    "100,000 times <b><p>": lambda: opened(b"<b><p>"),
    "100,000 times <a><b><i></a>": lambda: opened(b"<a><b><i></a>"),
    "100,000 times <font><p></font>": lambda: opened(b"<font><p></font>"),
    "25 MB of <": lambda: html(fill(b"<")),
    "25 MB of <b>": lambda: html(fill(b"<b>")),
    "25 MB of <b></b>": lambda: html(fill(b"<b></b>")),
    "25 MB of <!--": lambda: html(fill(b"<!--")),
    "25 MB of <!-- -->": lambda: html(fill(b"<!---->")),
    "25 MB of </": lambda: html(fill(b"</")),
    "25 MB of <a ": lambda: html(fill(b"<a ")),
    "25 MB of &amp": lambda: html(fill(b"&amp")),
    "25 MB of &": lambda: html(fill(b"&")),
    "25 MB of &nbsp;": lambda: html(fill(b"&nbsp;")),
    "25 MB of &#xd800;": lambda: html(fill(b"&#xd800;")),
    "25 MB of <br>": lambda: html(fill(b"<br>")),
    "25 MB of <p>": lambda: html(fill(b"<p>")),
    "25 MB of <li>": lambda: html(b"<ul>" + fill(b"<li>x")),
    "25 MB of <td>": lambda: html(b"<table><tr>" + fill(b"<td>x")),
    "25 MB of <td> in no table": lambda: html(fill(b"<tr><td>x")),
    "25 MB of text in a table": lambda: html(b"<table>" + fill(b"x<tr>")),
    "25 MB of lines in <pre>": lambda: html(b"<pre>" + fill(b"x\n")),
    "25 MB of an attribute": lambda: html(b'<div title="' + fill(b"a") + b'">x</div>'),
    "25 MB of attributes": lambda: html(b"<div " + fill(b"a ") + b">x</div>"),
    "different attributes": lambda: html(b"<div " + b" ".join(b"a%d" % n for n in range(100_000)) + b">x</div>"),
    "25 MB of a style": lambda: html(b'<div style="' + fill(b"margin-left: ") + b'">x</div>'),
    "25 MB of blanks in a style": lambda: html(b'<div style="border:none;border-top:solid' + fill(b" ") + b'">x</div>'),
    "border: in a style": lambda: html(b'<div style="' + fill(b"border:none;border-top:solid", 900_000) + b'">x</div>'),
    "digits in a style": lambda: html(b'<div style="margin-left:' + b"9" * 900_000 + b'">x</div>'),
    "mso-list in a style": lambda: html(b'<p style="' + b"mso-list:" * 90_000 + b'">x'),
    "mso-list with blanks in a style": lambda: html(b'<p style="' + b"mso-list: " * 90_000 + b'">x'),
    "margin-left in a style": lambda: html(b'<p style="' + b"margin-left:9999.9" * 50_000 + b'">x'),
    "different attributes in 40 tags": lambda: html(
        (b"<div " + b" ".join(b"a%d" % n for n in range(3_000)) + b">x</div>") * 40
    ),
    "tags in a tag": lambda: html((b"<a " * 49 + b">") * 6_000),
    "tags in quotes": lambda: html(b'<a b="' + b"<a b='" * 100_000),
    "digits and px in a style": lambda: html(b'<div style="margin-left:' + b"9" * 5_000 + b'px">x</div>'),
    "100,000 links": lambda: html(b'<a href="https://coach.example/">x</a>' * 30_000),
    "many gmail_quote": lambda: html(b"<div class=gmail_quote>" * 900 + b"x"),
    "many gmail_quote, side by side": lambda: html(b"<div class=gmail_quote>x</div>" * 30_000),
    "many gmail_quote, nested and side by side": lambda: html(
        (b"<div class=gmail_quote>" * 900 + b"</div>" * 900) * 30
    ),
    "100,000 items in Word": lambda: html(
        b"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>- </span>x</p>"
        * 9_000
    ),
    # --- Both
    "as much as is read, and an item": lambda: text(b"Actions:\n- Call Sam\n\n" + fill(b"She was tired. \n")),
    "over the cap": lambda: text(fill(b"a", MAX_SIZE + 1)),
}


ON_THE_WHOLE_WAY = (
    "300 parts with long headers",
    "20,000 short addresses",
    ": in From",
    "half a surrogate pair in a name",
    "half a surrogate pair in Subject",
    "half a surrogate pair in From",
    "25 MB of a",
    "25 MB of UTF-7",
    "25 MB of combining characters",
    "25 MB of directions",
    "two million items",
    "one item of ;",
    "an item of many long lines",
    "an item of 9,000 steps",
    "25 MB of <p>",
    "as much as is read, and an item",
)
"""Mails whose answer is long, or held what no database takes."""

NO_ACTION_IS_LOST = (
    "20,000 short addresses",
    "( in From",
    ": in From",
    "half a surrogate pair in a name",
    "half a surrogate pair in Subject",
    "4,000 blank lines",
    "800 times On Monday we met",
    "100,000 parameters",
    "as much as is read, and an item",
)


def understand(raw: bytes) -> dict[str, object]:
    """Its seconds are the processor's: that a machine is busy says nothing of a mail."""
    start = time.process_time()
    explained = explain(raw, at=None, now=NOW, timezone="Europe/Berlin", date_order="DMY")
    json.dumps(explained.as_json(), ensure_ascii=False, default=str).encode()
    explained.as_text().encode()
    return {
        "seconds": time.process_time() - start,
        "actions": len(explained.note.actions),
        "problems": [problem.kind for problem in explained.note.problems],
    }


def process(raw: bytes) -> dict[str, object]:
    """On the daemon's whole way, up to the answer that leaves."""
    with tempfile.TemporaryDirectory() as folder, open_scene(Path(folder)) as scene:
        scene.mail_in(raw, NOW)
        before = resident_megabytes(os.getpid())
        start = time.perf_counter()
        scene.process_all(NOW)
        scene.deliver_all(NOW)
        seconds = time.perf_counter() - start
        (mail,) = scene.inbox()
        return {"seconds": seconds, "status": mail.status, "failures": mail.failures, "before": before}


WAYS = {"explain": understand, "process": process}


def main() -> None:
    way, *names = sys.argv[1:] or ["explain"]
    for name in names or MAILS:
        print(json.dumps({"name": name} | measure(MAILS[name](), WAYS[way])), flush=True)


def measure(raw: bytes, call: Callable[[bytes], dict[str, object]]) -> dict[str, object]:
    """What the call came to in a process of its own: its answer, 'seconds', 'megabytes', and 'error' if it had one."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the log
            os.write(write, json.dumps(_limited(raw, call)).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    answer: dict[str, object] = json.loads(said) if said else {"error": f"ended with status {status}"}
    return answer


def _limited(raw: bytes, call: Callable[[bytes], dict[str, object]]) -> dict[str, object]:
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + MAX_MEMORY, has + MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    before = resident_megabytes(os.getpid())
    try:
        answer = call(raw)
    except Exception as error:  # noqa: BLE001  # that there is one is what is asked
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"megabytes": peak - float(str(answer.pop("before", before))), **answer}


if __name__ == "__main__":
    main()
