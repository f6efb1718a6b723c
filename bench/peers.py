"""What other libraries keep of a reply, and how long they take: run by the Python of .venv-peers, which has them.

Reads a list of {"kind": "plain" | "html", "body": …} as JSON, writes for each library that is installed
{"version": …, "kept": [text or null, where it does not read that kind], "seconds": [median for each]}.
Needs nothing of mailflow, for the two never share an environment.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from html import unescape
from importlib import import_module
from importlib.metadata import version
from statistics import median
from typing import Any

RUNS = 5
Keeper = Callable[[str], str]


def mail_parser_reply() -> dict[str, Keeper]:
    languages = ["en", "de", "fr", "es", "it", "nl", "pt"]
    parser = import_module("mailparser_reply").EmailReplyParser(languages=languages)
    return {"plain": lambda body: parser.parse_reply(text=body) or ""}


def email_reply_parser() -> dict[str, Keeper]:
    return {"plain": import_module("email_reply_parser").EmailReplyParser.parse_reply}


def quotequail() -> dict[str, Keeper]:
    library = import_module("quotequail")
    return {
        "plain": lambda body: "\n".join(text for fresh, text in library.quote(body) if fresh),
        "html": lambda body: "\n".join(text for fresh, text in library.quote_html(body) if fresh),
    }


def talon() -> dict[str, Keeper]:
    import_module("talon").init()
    library = import_module("talon.quotations")
    return {"plain": library.extract_from_plain, "html": library.extract_from_html}


LIBRARIES = {
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": email_reply_parser,
    "quotequail": quotequail,
    "talon": talon,
}


def main() -> None:
    mails = json.load(sys.stdin)
    found = {}
    for name, library in LIBRARIES.items():
        try:
            keepers = library()
        except ImportError:
            continue
        found[name] = {"version": version(name), **_tried(keepers, mails)}
    json.dump(found, sys.stdout)


def _tried(keepers: dict[str, Keeper], mails: list[dict[str, str]]) -> dict[str, Any]:
    kept: list[str | None] = []
    seconds: list[float | None] = []
    for mail in mails:
        keep = keepers.get(mail["kind"])
        if keep is None:
            kept.append(None)
            seconds.append(None)
            continue
        samples = []
        text = ""
        for _ in range(RUNS):
            start = time.perf_counter()
            try:
                text = keep(mail["body"])
            except Exception as error:  # noqa: BLE001  # another library's failure is a figure
                text = f"{type(error).__name__}"
            samples.append(time.perf_counter() - start)
        kept.append(unescape(re.sub(r"<[^>]*>", " ", text)) if mail["kind"] == "html" else text)
        seconds.append(median(samples))
    return {"kept": kept, "seconds": seconds}


if __name__ == "__main__":
    main()
