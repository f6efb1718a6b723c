"""Kind hints about an action: vague, two in one, no day; and about a list: too many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.advice import COLUMNS, TUNE, false_alarms, read, score
from mailflow.model import Advice, AdviceKind, Due, DueKind, NoteAction
from mailflow.rules.clarity import LONG_LIST, LONGEST, advise, advise_all, on_itself, on_the_list

FRIDAY = Due(DueKind.DATE, date(2026, 11, 27), "by Friday")
SPECIFIC = NoteAction("Book the GP appointment by Friday", FRIDAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Think about the budget by Friday", "Think about"),
        ("Try to sleep more by Friday", "Try to"),
        ("Be more patient by Friday", "Be more"),
        ("I will work on the speech by Friday", "work on"),
        ("Relax by Friday", "Relax"),
        ("Self-care", "Self-care"),
        ("Read every evening", "Read"),
        ("Eat healthier", "Eat healthier"),
        ("Bis Freitag über das Angebot nachdenken", "über das Angebot nachdenken"),
        ("Geduldiger mit den Kindern sein", "Geduldiger mit den Kindern sein"),
        ("Mehr Selbstfürsorge", "Mehr"),
        ("Réfléchir à mon avenir", "Réfléchir à"),
        ("Prendre soin de moi", "Prendre soin de"),
        ("Pensar esta semana en mi futuro", "Pensar esta semana en"),
        ("Dormir mejor", "Dormir mejor"),
        ("Cercare di dormire di più", "Cercare di"),
        ("Nadenken over mijn doelen", "Nadenken over"),
        ("Aan mijn zelfvertrouwen werken", "Aan mijn zelfvertrouwen werken"),
        ("Tentar ser mais paciente", "Tentar"),
    ],
)
def test_action_that_leaves_its_end_open_is_vague(text: str, words: str) -> None:
    assert Advice(AdviceKind.VAGUE, words) in advise(NoteAction(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Call Sam and book the GP by Friday", "and book"),
        ("Write the letter, then send the invoice by Friday", "then send"),
        ("Call Sam; book the GP by Friday", "book"),
        ("By Friday: pay the gas bill and ask Lucy about the holidays", "and ask"),
        ("Steuerberater anrufen und das Fahrrad verkaufen", "und das Fahrrad verkaufen"),
        ("Ruf morgen Anna an und kauf ein Geschenk für Papa", "und kauf"),
        ("Appeler la banque et ranger le garage", "et ranger"),
        ("Limpiar la cocina y llamar al banco", "y llamar"),
        ("Pagare la bolletta e scrivere a Marta", "e scrivere"),
        ("De zolder opruimen en Kees een brief schrijven", "en Kees een brief schrijven"),
        ("Vender a bicicleta e ligar ao dentista", "e ligar"),
    ],
)
def test_two_verbs_with_objects_are_two_actions(text: str, words: str) -> None:
    assert Advice(AdviceKind.TWO_IN_ONE, words) in advise(NoteAction(text))


@pytest.mark.parametrize(
    "text",
    [
        "Book the GP appointment by Friday",
        "Call Sam and Tom by Friday",
        "Read and answer the letter by Friday",
        "Write the letter and send it by Friday",
        "Write a list of debts and bring the list on Friday",
        "Call the surgery on Friday and ask for an appointment",
        "Read chapter 2 by Friday and write down two questions",
        'Read "Stop and start the engine" by Friday',
        "Write about trial and error by Friday",
        "Tryout the new chair by Friday",
        "Work on slide 3 for 30 minutes on Friday",
        "Think of five strengths and list them by Friday",
        "Improve the headline: three versions by Friday",
        "Say no to one request this week",
        "Formular bis Freitag ausdrucken und unterschreiben",
        "Bis Freitag Milch und Brot kaufen",
        "Lire et signer le bail d'ici jeudi",
        "Rellenar y enviar la solicitud antes del viernes",
        "Stampare e firmare il contratto entro venerdì",
        "Formulier invullen en opsturen voor vrijdag",
        "Imprimir e assinar a procuração até sexta",
    ],
)
def test_specific_action_gets_no_advice(text: str) -> None:
    assert advise(NoteAction(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Call Sam after lunch",
        "When I sit down at my desk, I will call Sam",
        "Next time you feel rushed, take three breaths",
        "Walk for 10 minutes before bed",
        "Text your sponsor every morning at 8",
        "Walk with Tom, Mon & Thu",
        "Vor dem Schlafengehen drei Sätze schreiben",
        "Wenn der Wecker klingelt, stehe ich auf",
        "Quand j'ai envie de fumer, je bois un verre d'eau",
        "Cuando me enfade, contaré hasta diez",
        "Ogni sera dopo cena 20 minuti a piedi",
        "Als ik trek krijg, bel ik Henk",
        "Escrever três coisas boas antes de dormir",
    ],
)
def test_occasion_is_as_good_as_a_day(text: str) -> None:
    assert advise(NoteAction(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Book the GP appointment",
        "Walk 30 minutes",
        "Pay the March invoice",
        "Download the daily planner",
        "Take a look at the day-care contract",
        "Herrn Vogt auf die Gehaltserhöhung ansprechen",
        "Faire la liste de mes dépenses fixes",
        "Escribir una carta a mi padre",
        "Preparare un elenco di 5 aziende",
        "Vraag Pieter om feedback op mijn pitch",
        "Fazer uma lista de 10 clientes antigos",
    ],
)
def test_action_without_a_moment_is_told(text: str) -> None:
    assert advise(NoteAction(text)) == (Advice(AdviceKind.NO_WHEN),)
    assert advise(NoteAction(text, Due(DueKind.NEXT_SESSION))) == ()


def test_plan_says_when_and_steps_say_what() -> None:
    assert advise(NoteAction("Book the GP", plan="When I have had lunch, I will call")) == ()
    assert advise(NoteAction("Work on the speech by Friday", FRIDAY, steps=("Write the first line",))) == ()


def test_third_action_and_those_behind_it_are_too_many() -> None:
    advised = advise_all([SPECIFIC] * (LONG_LIST + 1))
    too_many = Advice(AdviceKind.TOO_MANY)
    assert [action.advice for action in advised] == [(), (), (too_many,), (too_many,)]
    assert on_the_list(advised) == too_many
    assert on_itself(advised[-1]) == ()
    assert on_the_list(advised[: LONG_LIST - 1]) is None


def test_what_is_done_gets_no_advice_and_does_not_make_a_list_long() -> None:
    done = NoteAction("Think about it", done=True)
    assert [action.advice for action in advise_all([done, SPECIFIC, SPECIFIC])] == [(), (), ()]


@pytest.mark.parametrize(
    "text",
    ["", " ", "and", "and " * 5000, "; " * 150, "an und " * 40, "Gedanken " * 33, "mehr besser " * 25, "und (" * 60],
)
def test_nonsense_is_advised_without_complaint(text: str) -> None:
    assert isinstance(advise(NoteAction(text)), tuple)


SCRAPS = st.sampled_from(
    "think about try to be more call Sam book the GP and ; & + then und et y e en nachdenken anrufen verkaufen das über"
    " Friday by bis morgen écrire à Paul llamar al banco pagare la bolletta bellen ligar 3 ( “ ' : more".split(" ")
)


@given(st.text(max_size=LONGEST + 10) | st.lists(SCRAPS, max_size=25).map(" ".join))
def test_advice_quotes_the_action_and_is_the_same_each_time(text: str) -> None:
    advice = advise(NoteAction(text))
    assert all(each.words in text for each in advice)
    assert advise(replace(NoteAction(text))) == advice


@pytest.mark.parametrize("kind", COLUMNS)
def test_advice_is_right_on_the_labelled_actions_it_was_written_with(kind: AdviceKind) -> None:
    """`python -m bench.advice` has the figures, also of the actions that nobody looked at."""
    found = score(read(TUNE), kind)
    assert found.precision >= 0.95
    assert found.recall >= 0.9


def test_specific_actions_among_the_labelled_are_left_in_peace() -> None:
    alarmed, specific = false_alarms(read(TUNE))
    assert alarmed / specific <= 0.02
