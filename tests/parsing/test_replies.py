"""Short replies: what decides, what answers, and what a person has to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.model import Answer
from mailflow.parsing.replies import ClientAnswer, CoachDecision, read_answers, read_decision

DONE, PARTLY, NOT_DONE = Answer.DONE, Answer.PARTLY, Answer.NOT_DONE


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("stop", CoachDecision.STOP),
        ("Stop!\n\nBest,\nAnna", CoachDecision.STOP),
        ("\n\nSend now.\nThanks", CoachDecision.SEND),
        ("Jetzt senden", CoachDecision.SEND),
        ("Don’t send", CoachDecision.STOP),
        ("2", 2),
        ("#2", 2),
        ("2)", 2),
    ],
)
def test_first_line_decides(text: str, decision: object) -> None:
    assert read_decision(text) == decision


@pytest.mark.parametrize(
    "text", ["", "Stop smoking was the theme", "Thanks, great!", "Send Jane the article", "2 sessions", "123", "\n\n"]
)
def test_other_first_lines_decide_nothing(text: str) -> None:
    assert read_decision(text) is None


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("done", [(None, DONE, "")]),
        ("Done!\n\nThanks,\nJane", [(None, DONE, "")]),
        ("done 2", [(2, DONE, "")]),
        ("2 done", [(2, DONE, "")]),
        ("#2: done", [(2, DONE, "")]),
        ("2: did it, learnt that I say yes too fast", [(2, DONE, "learnt that I say yes too fast")]),
        ("1. partly - ran out of time\n2) not yet", [(1, PARTLY, "ran out of time"), (2, NOT_DONE, "")]),
        ("1 done, 2 not done", [(1, DONE, ""), (2, NOT_DONE, "")]),
        ("done 1; partly 2", [(1, DONE, ""), (2, PARTLY, "")]),
        ("1: done\nIt was hard.\nBut good.\n2: no", [(1, DONE, "It was hard.\nBut good."), (2, NOT_DONE, "")]),
        ("Not done, the week was too full", [(None, NOT_DONE, "the week was too full")]),
        ("Didn’t do it, I was ill", [(None, NOT_DONE, "I was ill")]),
        ("Erledigt", [(None, DONE, "")]),
        ("2: nicht geschafft, zu müde", [(2, NOT_DONE, "zu müde")]),
        ("all done", [(0, DONE, "")]),
        ("2: not done because I was ill", [(2, NOT_DONE, "because I was ill")]),
        ("1: done, slept until 10", [(1, DONE, "slept until 10")]),
        ("1 done 👍", [(1, DONE, "👍")]),
        ("1: done!\n\n2: partly", [(1, DONE, ""), (2, PARTLY, "")]),
        ("done 2\n\nJane\n", [(2, DONE, "")]),
        ("1: done\n\nJane Doe", [(1, DONE, "")]),
        ("Both done.\n\nSent from my iPhone", [(0, DONE, "")]),
    ],
)
def test_answer_is_read(text: str, answers: list[tuple[int | None, Answer, str]]) -> None:
    assert read_answers(text, "Jane Doe") == tuple(ClientAnswer(*answer) for answer in answers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks for the session!",
        "Can we move Tuesday?",
        "2: I learnt a lot",
        "Donetsk is far",
        "Nothing yet",
        "Hi Anna,\ndone",
        "1: done\n1: not done",
        "I did the first one but what was the second?",
        "yesterday I called",
        "Yes, see you on Tuesday",
        "No problem, thanks!",
        "Finished work late, will call you",
        "Done is better than perfect",
        # What was said of one is not all that was said.
        "1 done 2 not done",
        "1. done. 2. not done",
        "1: done, but 2: not yet",
        "1 done and 2 not done",
        "2 no 1 yes",
        "done 1, 2",
        "1: done, and 2",
        "done 2.5 km",
        # What begins like an answer, and says something else.
        "1. no idea what this means",
        "1: no problem, did it!",
        "1: didn't like it, but did it",
        "2: haven't had any problems",
        "1: done half of it",
        "2: half an hour every day",
        # What is for the coach beside an answer.
        "1: done\n\nPlease call me before Friday.",
        "Done.\n\nOn Tuesday I can't come",
        "1: done. Can we move Tuesday?",
        "1: done, " + "x" * 20_000,
    ],
)
def test_what_is_not_wholly_understood_is_no_answer(text: str) -> None:
    assert read_answers(text) == ()


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_decision(text)
    for answer in read_answers(text):
        assert answer.number is None or 0 <= answer.number <= 99
