"""Lines of text: markers, soft breaks, bare markers."""

from __future__ import annotations

import pytest

from mailflow.parsing.lines import Marker, is_rule, split_marker, text_lines, unflow


@pytest.mark.parametrize(
    ("text", "marker", "rest"),
    [
        ("- call", Marker.BULLET, "call"),
        ("-call", Marker.BULLET, "call"),
        ("12. call", Marker.NUMBER, "call"),
        ("(b) call", Marker.NUMBER, "call"),
        ("iv) call", Marker.NUMBER, "call"),
        ("a. call", Marker.NUMBER, "call"),
        ("e. g. call", Marker.NONE, "e. g. call"),
        ("- [x] call", Marker.CHECKBOX, "call"),
        ("🏃 run", Marker.BULLET, "run"),
        ("12.5 hours", Marker.NONE, "12.5 hours"),
        ("*bold* word", Marker.NONE, "*bold* word"),
        ("--", Marker.NONE, "--"),
        ("-----", Marker.NONE, "-----"),
        ("iPhone", Marker.NONE, "iPhone"),
        ("[x]y", Marker.NONE, "[x]y"),
        ("-5 degrees", Marker.NONE, "-5 degrees"),
    ],
)
def test_marker_is_taken_off_and_nothing_else(text: str, marker: Marker, rest: str) -> None:
    line = split_marker(text)
    assert (line.marker, line.text) == (marker, rest)


def test_tab_behind_a_marker_is_none_of_its_indent() -> None:
    lines = text_lines("*\tBook\n  o\task\n\t- look")
    assert [(line.indent, line.text) for line in lines] == [(0, "Book"), (2, "ask"), (4, "look")]


def test_soft_breaks_join_and_the_signature_mark_does_not() -> None:
    assert unflow(["a ", "b", "-- ", "Anna", "> c ", "> d ", "e"]) == ["a b", "-- ", "Anna", "> c d ", "e"]


def test_line_is_perhaps_broken_only_where_the_next_word_did_not_fit() -> None:
    long = "x" * 30 + " " + "y" * 40
    assert [line.wrapped for line in text_lines(f"{long}\nword\nshort\nword")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "rule"), [("-----", True), ("* * *", True), ("____", True), ("--", False), ("aaa", False)]
)
def test_rule_is_a_line_drawn_across(text: str, rule: bool) -> None:
    assert is_rule(text) is rule
