"""What is wrong with settings, in sentences: each option by itself, and what options say against each other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from mailflow.model import address_key
from mailflow.settings.sections import DEFAULT_NAMES, MAILER_SECRETS, MAILER_VARIABLE
from mailflow.settings.values import as_list

KINDS = {
    ("mailbox",): ("smtp", "folder", "imap"),
    ("mailer",): ("smtp", "folder"),
    ("coach", "calendar"): ("ics", "caldav", "invitations"),
}
SILENT_KINDS = {"secret", "extra_forbidden", "dict_type", "model_type", "model_attributes_type"}


def sentences(problems: Sequence[Any]) -> list[str]:
    """A list is 'too short' for pydantic as soon as its items are wrong: that would only repeat them."""
    places = [problem["loc"] for problem in problems]
    return [
        _sentence(problem)
        for problem in problems
        if problem["type"] != "too_short" or not any(_is_inside(place, problem["loc"]) for place in places)
    ]


def clashes(options: Mapping[str, Any]) -> list[str]:
    """What options say against each other, also where one of them is wrong by itself: that must not hide the next."""
    found = []
    coaches = _tables(options.get("coach"))
    taken: set[str] = set()
    for i, coach in enumerate(coaches, start=1):
        given = (coach.get("email"), *_list(coach.get("aliases")))
        for address in [address_key(value) for value in given if isinstance(value, str)]:
            if address in taken:
                found.append(f"coach[{i}]: {address} stands twice among the coaches: an address belongs to one coach")
            taken.add(address)
        if _repeats([calendar.get("name", "calendar") for calendar in _tables(coach.get("calendar"))]):
            found.append(f"coach[{i}].calendar: two calendars have the same name: give each a `name` of its own")
        if [calendar.get("kind") for calendar in _tables(coach.get("calendar"))].count("invitations") > 1:
            found.append(f"coach[{i}].calendar: one of kind 'invitations' takes them all: leave out the other")
    boxes = _tables(options.get("mailbox"))
    if _repeats([box.get("name", DEFAULT_NAMES.get(str(box.get("kind")))) for box in boxes]):
        found.append("mailbox: two mailboxes have the same name: give each a `name` of its own")
    found += [clash for i, box in enumerate(boxes, start=1) for clash in _trust_clashes(f"mailbox[{i}]", box)]
    mailer = options.get("mailer")
    if isinstance(mailer, Mapping):
        found += _mailer_clashes(mailer) + _dkim_clashes(mailer.get("dkim"), options.get("service"))
    return found


def _trust_clashes(place: str, box: Mapping[str, Any]) -> list[str]:
    given = as_list(box.get("trust"))
    policies = set(_list(given))
    found = []
    if "authentication-results" in policies and not box.get("authserv_id"):
        found.append(f"{place}.authserv_id: write the name that your mail server puts into Authentication-Results")
    if "secret-address" in policies and not box.get("secret_address"):
        found.append(f"{place}.secret_address: write the address that only your coaches know")
    if policies == {"secret-address"}:
        found.append(f"{place}.trust: a secret address leaks in quoted mail: name who else vouches for senders")
    if "none" in policies and policies - {"none", "secret-address"}:
        found.append(f"{place}.trust: 'none' believes every sender: leave it out, or leave out the others")
    return found


def _mailer_clashes(mailer: Mapping[str, Any]) -> list[str]:
    if not mailer.get("username"):
        return []
    given = [name for name in MAILER_SECRETS if mailer.get(name)]
    if not (given or mailer.get("password") or os.environ.get(MAILER_VARIABLE)):
        others = ", ".join(f"`{name}`" for name in MAILER_SECRETS)
        return [f"mailer.username: it needs one of {others}, or the variable {MAILER_VARIABLE}"]
    if len(given) > 1:
        return [f"mailer: give only one of {', '.join(f'`{name}`' for name in given)}"]
    if mailer.get("security") == "none":
        return ["mailer.security: a password is never sent in the clear: write 'starttls' or 'tls'"]
    return []


def _dkim_clashes(dkim: object, service: object) -> list[str]:
    """A signature of another domain than the sender's helps with nobody (RFC 7489 3.1.1)."""
    if not isinstance(dkim, Mapping) or not isinstance(service, Mapping):
        return []
    domain, sender = (str(value).casefold() for value in (dkim.get("domain"), service.get("email")))
    if sender.endswith((f"@{domain}", f".{domain}")):
        return []
    return [f"mailer.dkim.domain: write the domain of {sender}, or one above it"]


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [table for table in _list(value) if isinstance(table, Mapping)]


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else []


def _repeats(names: Sequence[Any]) -> bool:
    return any(name in names[:n] for n, name in enumerate(names))


def _is_inside(place: Sequence[str | int], outer: Sequence[str | int]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _is_kind(place: Sequence[str | int], i: int) -> bool:
    """pydantic puts the `kind` of a mailbox, mailer or calendar into the place; the file has no such key."""
    above = tuple(part for part in place[:i] if isinstance(part, str))
    is_item = i > 0 and isinstance(place[i - 1], int)
    return place[i] in KINDS.get(above, ()) and (is_item or above == ("mailer",))


def _sentence(problem: Any) -> str:
    """`coach[1].timezone: write an IANA name, such as …`, for one of pydantic's problems."""
    parts = [part for i, part in enumerate(problem["loc"]) if not _is_kind(problem["loc"], i)]
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    place = place or "the settings as a whole"
    kind, context = problem["type"], problem.get("ctx", {})
    text = {
        "missing": "this option is missing",
        "extra_forbidden": "there is no such option (is it misspelt?)",
        "string_too_short": f"write at least {context.get('min_length')} character(s)",
        "too_short": f"give at least {context.get('min_length')}",
        "literal_error": f"write {context.get('expected')}",
        "union_tag_invalid": f"`kind` must be one of {context.get('expected_tags')}",
        "union_tag_not_found": "say which `kind` it is",
        "int_parsing": "write a whole number",
        "int_type": "write a whole number",
        "string_pattern_mismatch": f"this must look like {context.get('pattern')}",
    }.get(kind, problem["msg"].removeprefix("Value error, "))
    given = problem.get("input")
    # Under a misspelt name, or in a section that is none, the value may be a secret.
    is_secret = "password" in place or place.endswith("].url")  # a calendar's address lets everybody in
    telling = isinstance(given, str | int | float) and kind not in SILENT_KINDS and not is_secret
    return f"{place}: {text} (it is {given!r})" if telling else f"{place}: {text}"
