"""The contract of `mailflow parse --json`: docs/parse.schema.json says what may be printed, and for each mail it is."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mailflow.errors import PermanentError
from mailflow.flows.explain import explain
from mailflow.model import AdviceKind, Automatic, DueKind, HintPlace, ProblemKind
from mailflow.terminal import to_json

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "parse.schema.json").read_text("utf-8"))
CONTRACT = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
MAILS = sorted((ROOT / "tests" / "emails").glob("**/*.eml"))
EXAMPLES = re.findall(
    r"^```note\n(.*?)^```$", (ROOT / "docs" / "notes.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
HEADER = "From: Anna Berg <anna@coach.example>\nDate: Wed, 25 Nov 2026 23:30:00 +0000\n\n"
NOTE = """Client: Jane

Actions:
- [x] Call Sam by 3/12
  - Why: I want the job
  - When I have had lunch, I will dial
  - ask about pay
- Think about work
- Walk every day

My actions:
- Send the article next Tuesday
"""


def parsed(text: str, **options: Any) -> Any:
    return printed(f"{HEADER}{text}".encode(), **options)


def printed(raw: bytes, **options: Any) -> Any:
    arguments = {"at": None, "timezone": "UTC", "date_order": "DMY"} | options
    explained = explain(raw, now=datetime(2027, 5, 1, tzinfo=UTC), **arguments)
    return json.loads(to_json(explained.as_json()))


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.stem)
def test_what_is_printed_for_a_mail_keeps_the_contract(mail: Path) -> None:
    CONTRACT.validate(printed(mail.read_bytes()))


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_printed_for_an_example_of_the_guide_keeps_the_contract(example: str) -> None:
    CONTRACT.validate(parsed(example))


@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 1000, b"From: ((((\r\n\r\n", NOTE.encode()])
def test_what_is_printed_for_what_is_no_mail_keeps_the_contract(raw: bytes) -> None:
    CONTRACT.validate(printed(raw))


@pytest.mark.parametrize(
    "path", [(), ("client",), ("actions", 0), ("actions", 0, "due"), ("actions", 1, "advice", 0), ("coach_actions", 0)]
)
def test_field_that_the_contract_does_not_know_breaks_it(path: tuple[str | int, ...]) -> None:
    found = parsed(NOTE)
    CONTRACT.validate(found)
    place = found
    for step in path:
        place = place[step]
    place["surprise"] = 1
    assert not CONTRACT.is_valid(found)


def test_contract_knows_every_word_that_the_code_has() -> None:
    properties, defined = SCHEMA["properties"], SCHEMA["$defs"]
    assert set(properties["automatic"]["enum"]) == {None, *Automatic}
    assert set(properties["client"]["oneOf"][1]["properties"]["where"]["enum"]) == set(HintPlace)
    assert set(properties["problems"]["items"]["properties"]["kind"]["enum"]) == set(ProblemKind)
    assert set(defined["due"]["properties"]["kind"]["enum"]) == set(DueKind)
    assert set(defined["advice"]["properties"]["kind"]["enum"]) == set(AdviceKind)


def test_page_about_the_contract_names_every_field_and_every_kind() -> None:
    page = (ROOT / "docs" / "parse.md").read_text("utf-8")
    fields = [*SCHEMA["properties"], *(name for defined in SCHEMA["$defs"].values() for name in defined["properties"])]
    words = {*fields, *Automatic, *HintPlace, *DueKind, *ProblemKind, *AdviceKind}
    assert [word for word in sorted(words) if f"`{word}`" not in page] == []


def test_action_has_all_that_stands_below_it() -> None:
    first, second, third = parsed(NOTE)["actions"]
    assert first == {
        "text": "Call Sam by 3/12",
        "due": {"kind": "date", "on": "2026-12-03", "phrase": "by 3/12", "ambiguous": False},
        "steps": ["ask about pay"],
        "plan": "When I have had lunch, I will dial",
        "why": "I want the job",
        "done": True,
        "advice": first["advice"],
    }
    assert second["due"] == {"kind": "none", "on": None, "phrase": "", "ambiguous": False}
    assert second["advice"][0]["kind"] == "vague"
    assert third["due"]["kind"] == "recurring"
    (own,) = parsed(NOTE)["coach_actions"]
    assert (own["text"], own["due"]["ambiguous"]) == ("Send the article next Tuesday", True)


def test_moment_is_the_mails_own_unless_another_is_given() -> None:
    def day(**options: Any) -> str:
        return str(parsed("Actions: call Sam tomorrow", **options)["actions"][0]["due"]["on"])

    assert day() == "2026-11-26"
    # Half past eleven at night in UTC is the next day in Berlin.
    assert day(timezone="Europe/Berlin") == "2026-11-27"
    assert day(at=datetime(2026, 12, 31, 23, 59), timezone="America/New_York") == "2027-01-01"  # noqa: DTZ001


@pytest.mark.parametrize(("order", "day"), [("DMY", "2026-12-03"), ("MDY", "2027-03-12")])
def test_order_of_day_and_month_is_the_coachs(order: str, day: str) -> None:
    assert parsed("Actions: call Sam by 3/12", date_order=order)["actions"][0]["due"]["on"] == day


def test_headings_of_ones_own_are_read_and_none_may_share_what_is_private() -> None:
    note = "Experiments for Jane:\n- Call Sam\n"
    assert parsed(note)["actions"] == []
    assert [action["text"] for action in parsed(note, heading_words=["experiments"])["actions"]] == ["Call Sam"]
    for word in ("Notes", "private", "Summary", "For me", ""):
        with pytest.raises(PermanentError, match="can't head actions"):
            parsed(note, heading_words=[word])
