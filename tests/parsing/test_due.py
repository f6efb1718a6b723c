"""Due phrases. Today is Wednesday, 25 November 2026; a coach writes day before month unless a test says otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from mailflow.model import Due, DueKind
from mailflow.parsing.due import parse_due

TODAY = date(2026, 11, 25)


def due(text: str, *, order: str = "DMY", today: date = TODAY) -> Due:
    return parse_due(text, today=today, date_order=order)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("Call Sam by Friday", 11, 27),
        ("Call Sam, by Friday.", 11, 27),
        ("Call Sam (by Friday)", 11, 27),
        ("Call Sam before Monday", 11, 30),
        ("Call Sam on Thursday", 11, 26),
        ("Call Sam by Friday at 5pm", 11, 27),
        ("Call Sam by Friday evening", 11, 27),
        ("Call Sam by 5pm Friday", 11, 27),
        ("Call Sam this Friday", 11, 27),
        ("Call Sam tomorrow", 11, 26),
        ("Call Sam tonight", 11, 25),
        ("Prepare for tomorrow", 11, 26),
        ("Call Sam by the day after tomorrow", 11, 27),
        ("Call Sam by the end of the month", 11, 30),
        ("Pay by 3 December", 12, 3),
        ("Pay by Dec 3rd", 12, 3),
        ("Pay by December 3, 2026", 12, 3),
        ("Pay by the 3rd of December", 12, 3),
        ("Pay on Thursday, 3 December", 12, 3),
        ("Pay by 3/12", 12, 3),
        ("Pay by 3.12.2026", 12, 3),
        ("Pay by 2026-12-03", 12, 3),
        ("Pay by the 15th", 12, 15),
        ("Pay by 15th", 12, 15),
        ("Pay by the 30th", 11, 30),
        ("Read it in two weeks", 12, 9),
        ("Read it in 2 weeks' time", 12, 9),
        ("Read it within 3 days", 11, 28),
        ("Read it a week from today", 12, 2),
        ("Draft it, due: 3 Dec", 12, 3),
        ("By Friday, call Sam", 11, 27),
        ("Sam bis Freitag anrufen", 11, 27),
        ("Anruf bis zum 3. Dezember", 12, 3),
        ("Anruf bis zum 15.", 12, 15),
        ("Anruf in zwei Wochen", 12, 9),
        ("Anruf übermorgen", 11, 27),
        ("Appeler Sam avant vendredi", 11, 27),
        ("Appeler Sam d'ici le 3 décembre", 12, 3),
        ("Appeler dans deux semaines", 12, 9),
        ("Llamar antes del viernes", 11, 27),
        ("Llamar antes del 3 de diciembre", 12, 3),
        ("Chiamare entro venerdì", 11, 27),
        ("Chiamare tra due settimane", 12, 9),
        ("Bellen voor vrijdag", 11, 27),
        ("Bellen over twee weken", 12, 9),
        ("Ligar até sexta-feira", 11, 27),
        ("Ligar até 3 de dezembro", 12, 3),
    ],
)
def test_cue_and_date_at_the_end_are_the_due_date(text: str, month: int, day: int) -> None:
    found = due(text)
    assert (found.kind, found.on, found.ambiguous) == (DueKind.DATE, date(2026, month, day), False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Call Sam by next Tuesday", date(2026, 12, 1)),
        ("Call Sam next Tuesday", date(2026, 12, 1)),
        ("Anruf bis nächsten Dienstag", date(2026, 12, 1)),
        ("Call Sam by Wednesday", date(2026, 12, 2)),
        ("Call Sam this Monday", date(2026, 11, 30)),
        ("Call Sam by the end of the week", date(2026, 11, 29)),
        ("Pay by 20 November", date(2027, 11, 20)),
        ("Pay by 12/25", date(2026, 12, 25)),
        ("Pay by Monday, 3 December", date(2026, 12, 3)),
    ],
)
def test_date_that_may_be_meant_otherwise_is_flagged(text: str, day: date) -> None:
    found = due(text)
    assert (found.on, found.ambiguous) == (day, True)


@pytest.mark.parametrize(
    "text",
    [
        "This may help",
        "Write about how you sat down",
        "Call Sam",
        "Read page 3",
        "Log in",
        "Turn the lamp on",
        "Speak to Sam in person",
        "Meditate for 10 minutes",
        "Rest for two weeks",
        "Plan next week",
        "Write down what happened on Monday",
        "Email the March report",
        "Take a day off",
        "By the way, call Sam",
        "",
        "by",
        "by 99/99",
        "by 31 February",
        "by the 45th",
        "by 0000-01-01",
        "by 1.1.0000",
    ],
)
def test_without_a_cue_and_a_date_there_is_none(text: str) -> None:
    assert due(text) == Due()


@pytest.mark.parametrize(
    "text",
    [
        "Read chapter 3 before our next session",
        "Read chapter 3 by our next meeting",
        "Tell me next time",
        "Bring it to our next session",
        "Read it before we meet again",
        "Lesen vor unserer nächsten Sitzung",
        "Lesen bis zum nächsten Mal",
        "Lire avant notre prochaine séance",
        "Leer antes de nuestra próxima sesión",
        "Leggere prima della prossima sessione",
        "Lezen voor onze volgende sessie",
        "Ler antes da próxima sessão",
    ],
)
def test_next_session_is_a_kind_of_its_own(text: str) -> None:
    found = due(text)
    assert (found.kind, found.on) == (DueKind.NEXT_SESSION, None)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Walk daily", "daily"),
        ("Walk every morning", "every morning"),
        ("Walk 3x this week", "3x this week"),
        ("Walk twice a week", "twice a week"),
        ("Walk each evening", "each evening"),
        ("Meditate 10 minutes a day", "10 minutes a day"),
        ("Walk every morning until Friday", "every morning until Friday"),
        ("Laufen jeden Morgen", "jeden Morgen"),
        ("Marcher tous les jours", "tous les jours"),
        ("Caminar todos los días", "todos los días"),
        ("Camminare ogni giorno", "ogni giorno"),
        ("Wandelen elke dag", "elke dag"),
        ("Caminhar todos os dias", "todos os dias"),
    ],
)
def test_what_recurs_has_no_day(text: str, phrase: str) -> None:
    assert due(text) == Due(DueKind.RECURRING, phrase=phrase)


def test_phrase_is_in_the_coachs_words() -> None:
    assert due("Call Sam By The 3rd of December!").phrase == "By The 3rd of December"


def test_order_of_day_and_month_is_the_coachs() -> None:
    assert due("Pay by 12/3", order="MDY").on == date(2026, 12, 3)
    assert due("Pay by 12/3", order="DMY").on == date(2027, 3, 12)


def test_year_turns() -> None:
    assert due("Pay by the 3rd", today=date(2026, 12, 31)).on == date(2027, 1, 3)
    assert due("Pay by 2 January", today=date(2026, 12, 31)).on == date(2027, 1, 2)
    assert due("Pay in two months", today=date(2026, 12, 31)).on == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text", ["en de a " * 5000, "by the " * 5000, "1 " * 5000, "a a a a a a a a a of the the de la el"]
)
def test_hostile_text_has_no_date(text: str) -> None:
    assert due(text).kind is DueKind.NONE
