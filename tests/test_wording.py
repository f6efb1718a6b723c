from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from mailflow import wording
from mailflow.model import (
    Advice,
    AdviceKind,
    Answer,
    Due,
    DueKind,
    OutboundState,
    PassedOver,
    Problem,
    ProblemKind,
)
from mailflow.rendering import day_words, languages, translations
from mailflow.rules.advice import ReviewAdvice
from mailflow.rules.matching import Reason

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "mailflow" / "translations"
# The demo's page is for whoever tries mailflow, in English only.
TEMPLATES = sorted(file for file in (ROOT / "templates").glob("*/*") if file.suffix in {".html", ".txt"})
WORD = re.compile(r"[^\W\d_]{2,}")
FRIDAY = date(2026, 11, 27)

WORDED: dict[type[StrEnum], Callable[..., str]] = {
    Answer: wording.answer,
    OutboundState: wording.outbound_state,
    PassedOver: wording.passed_over,
    Reason: wording.reason,
    ReviewAdvice: wording.review_advice,
    AdviceKind: wording.ready_example,
}


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("kind", WORDED, ids=lambda kind: kind.__name__)
def test_every_value_has_words_of_its_own(kind: type[StrEnum], language: str) -> None:
    said = [WORDED[kind](value, translate=translations(language).gettext) for value in kind]
    assert all(said)
    assert len(set(said)) == len(kind)


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_is_a_sentence_that_ends_with_its_detail(kind: ProblemKind) -> None:
    assert wording.problem(Problem(kind)).endswith(".")
    assert wording.problem(Problem(kind, "a.pdf")).endswith(" (a.pdf)")


@pytest.mark.parametrize("kind", AdviceKind)
def test_advice_leads_to_an_example(kind: AdviceKind) -> None:
    assert wording.advice(Advice(kind)).endswith("for example:")


@pytest.mark.parametrize("kind", [AdviceKind.VAGUE, AdviceKind.TWO_IN_ONE])
def test_advice_quotes_the_coach(kind: AdviceKind) -> None:
    assert "“100 % sure %(name)s”" in wording.advice(Advice(kind, "100 % sure %(name)s"))


@pytest.mark.parametrize(
    ("kind", "text", "language", "example"),
    [
        (AdviceKind.TWO_IN_ONE, "Call Sam and book the GP", "en", "Call Sam\nBook the GP"),
        (AdviceKind.TWO_IN_ONE, "Keller putzen und Oma schreiben", "de", "Keller putzen\nOma schreiben"),
        (AdviceKind.NO_WHEN, "Call the GP.", "en", "Call the GP, by Thursday"),
        (AdviceKind.NO_WHEN, "Den Keller aufräumen", "de", "Den Keller aufräumen, bis Donnerstag"),
        (AdviceKind.NO_WHEN, "Save 100 %(name)s of it", "en", "Save 100 %(name)s of it, by Thursday"),
        (
            AdviceKind.VAGUE,
            "Think about what Sam said by Friday",
            "en",
            "Write down three thoughts about what Sam said by Thursday",
        ),
        (
            AdviceKind.VAGUE,
            "Über meine Werte nachdenken",
            "de",
            "Drei Gedanken über meine Werte aufschreiben, bis Donnerstag",
        ),
    ],
)
def test_example_is_made_of_the_coachs_own_words(kind: AdviceKind, text: str, language: str, example: str) -> None:
    due = Due(DueKind.DATE, FRIDAY, "by Friday") if "Friday" in text else Due()
    translate = translations(language).gettext
    assert wording.advice_example(Advice(kind), text, due, translate, language) == example


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (AdviceKind.VAGUE, "Be more patient"),
        (AdviceKind.VAGUE, "Think about it (all of it)"),
        (AdviceKind.VAGUE, "Think about work and call Sam"),
        (AdviceKind.TWO_IN_ONE, "Eat better and exercise more"),
        (AdviceKind.NO_WHEN, "Call Sam and book the GP"),
        (AdviceKind.NO_WHEN, "Be more patient"),
        (AdviceKind.NO_WHEN, "Den Keller aufräumen"),
        (AdviceKind.NO_WHEN, "Escribir una carta a mi padre"),
        (AdviceKind.NO_WHEN, "Write to Sam " * 20),
        (AdviceKind.TOO_MANY, "Call Sam"),
    ],
)
def test_example_is_a_ready_one_where_the_own_words_may_not_fit(kind: AdviceKind, text: str) -> None:
    assert wording.advice_example(Advice(kind), text, Due()) == wording.ready_example(kind)


def test_no_answer_yet_is_not_the_same_as_not_done() -> None:
    assert wording.answer(None) == "No answer yet"
    assert wording.answer(Answer.NOT_DONE) == "Not done"


@pytest.mark.parametrize(
    ("due", "words", "line"),
    [
        (Due(DueKind.DATE, FRIDAY, "by Friday"), "Friday 27 November", "By Friday 27 November"),
        (Due(DueKind.NEXT_SESSION, None, "by next time"), "before your next session", "Before your next session"),
        (Due(DueKind.RECURRING, None, "every morning"), "every morning", "Every morning"),
        (Due(), "", ""),
    ],
)
def test_due_in_words(due: Due, words: str, line: str) -> None:
    assert wording.due(due, due.on) == words
    assert wording.due_line(due, due.on) == line


def test_resolved_day_of_the_view_goes_before_the_written_one() -> None:
    assert wording.due(Due(DueKind.DATE, FRIDAY), date(2026, 12, 1)) == "Tuesday 1 December"
    assert wording.due(Due(DueKind.DATE, FRIDAY), None) == "Friday 27 November"


def test_due_in_german() -> None:
    line = wording.due_line(Due(DueKind.DATE, FRIDAY), None, translations("de").gettext, day_words("de"))
    assert line == "Bis Freitag, 27. November"


@pytest.mark.parametrize("blame", ["fail", "forgot", "should have", "unfortunately", "sorry", "overdue", "late!"])
def test_nobody_is_blamed(blame: str) -> None:
    assert not [words for words in messages(catalogue("messages.pot")) if blame in words.casefold()]


# --- Catalogues ------------------------------------------------------------------------------


def test_template_of_the_catalogues_is_current() -> None:
    """When this fails: babel.cfg names the commands that make it current."""
    assert messages(catalogue("messages.pot")) == used()


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_catalogue_is_complete_and_certain(language: str) -> None:
    translated = catalogue(f"{language}/LC_MESSAGES/messages.po")
    assert messages(translated) == used()
    assert [message.id for message in translated if message.id and (message.fuzzy or not message.string)] == []


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_translations_fill_in_the_same_things(language: str) -> None:
    for message in catalogue(f"{language}/LC_MESSAGES/messages.po"):
        assert places(message.string) == places(message.id), message.id


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_template_says_a_word_that_can_not_be_translated(template: Path) -> None:
    """'Actions' is what a note has to say, 'Re:' what mail programs look for, '?answer=' a part of a link."""
    said = re.sub(r"(?s)\{%\+?\s*trans\b.*?endtrans\s*%\}|\{#.*?#\}|\{%.*?%\}", "", template.read_text("utf-8"))
    said = re.sub(r"(?s)<style>.*?</style>|<!--.*?-->", "", said)
    attributes = re.findall(r'(?:alt|title|placeholder|aria-label)="([^"]*)"', said)
    outside = re.sub(r"(?s)<[^>]*>|&\w+;", "", said)
    words = [word for text in (outside, *attributes) for word in WORD.findall(re.sub(r"(?s)\{\{.*?\}\}", "", text))]
    assert set(words) <= {"Actions", "Re", "answer"}


def catalogue(name: str) -> Catalog:
    with (CATALOGUES / name).open("rb") as source:
        return read_po(source)


def messages(source: Catalog) -> set[str]:
    return {str(message.id) for message in source if message.id}


def used() -> set[str]:
    with (ROOT / "babel.cfg").open() as configuration:
        methods, options = parse_mapping_cfg(configuration)  # type: ignore[no-untyped-call]
    return {
        str(message)
        for folder in ("mailflow", "templates")
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, methods, options)
    }


def places(words: object) -> Iterable[str]:
    return sorted(re.findall(r"%\(\w+\)s", str(words)))
