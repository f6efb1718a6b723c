"""Due phrases. Today is Wednesday, 25 November 2026; a coach writes day before month unless a test says otherwise."""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailflow.model import Due, DueKind
from mailflow.parsing.due import parse_due
from mailflow.parsing.due_tokens import TOKENS
from mailflow.parsing.mime import read_email
from mailflow.parsing.notes import parse_note
from tests.parsing.due_phrases import LANGUAGES, Language, rows, texts

TODAY = date(2026, 11, 25)


in_each_language = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


def due(text: str, *, order: str = "DMY", today: date = TODAY) -> Due:
    return parse_due(text, today=today, date_order=order)


def meaning(found: Due) -> str:
    """As the rows of due_phrases.py put it."""
    if found.kind is not DueKind.DATE or found.on is None:
        return found.kind
    day = found.on.isoformat().removeprefix("2026-")
    return f"{day}?" if found.ambiguous else day


def misread(table: str, *ways: str) -> list[str]:
    """The texts that do not mean what their row says, with the phrase put into each of the ways to write it."""
    return [
        f"{text!r} is {found}, not {means}"
        for means, phrase in rows(table)
        for text in [way.format(phrase) for way in ways]
        if (found := meaning(due(text))) != means
    ]


@in_each_language
def test_phrase_at_the_end_is_the_due_date(language: Language) -> None:
    assert misread(language.phrases, language.action, language.action + ".") == []


@in_each_language
def test_phrase_may_stand_in_brackets_or_behind_a_dash(language: Language) -> None:
    action = language.plain_action
    assert misread(language.phrases, *(action + end for end in (" ({})", " ({}).", " [{}]", " – {}", " - {}"))) == []


@in_each_language
def test_remark_in_brackets_may_follow_the_phrase(language: Language) -> None:
    assert misread(language.phrases, f"{language.action} ({language.plain_action})") == []


@in_each_language
def test_verb_may_stand_behind_the_phrase(language: Language) -> None:
    assert misread(language.phrases, *filter(None, [language.verb_last])) == []


@in_each_language
def test_day_at_the_beginning_counts_before_a_comma_or_a_colon(language: Language) -> None:
    days = "\n".join(f"{means}: {phrase}" for means, phrase in rows(language.phrases) if means != "recurring")
    assert misread(days, f"{{}}: {language.plain_action}", f"{{}}, {language.plain_action}") == []


@in_each_language
def test_phrase_is_found_without_accents_and_in_either_form_of_unicode(language: Language) -> None:
    assert misread(unicodedata.normalize("NFD", language.phrases), language.action) == []
    assert misread(without_accents(language.phrases), language.action) == []
    assert misread(language.phrases.replace("'", "’"), language.action) == []


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def test_german_phrase_is_found_without_umlauts() -> None:
    german = LANGUAGES["de"]
    assert misread(german.phrases.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"), german.action) == []


@in_each_language
def test_phrase_is_found_in_capitals(language: Language) -> None:
    # But for 'bis Do', where the small letter tells a weekday from other words.
    wrong = [
        phrase
        for means, phrase in rows(language.phrases)
        if not re.search(r"\b[A-Z][a-z]\b", phrase) and meaning(due(language.action.format(phrase).upper())) != means
    ]
    assert wrong == []


@in_each_language
def test_whole_sentences_are_understood(language: Language) -> None:
    assert misread(language.sentences, "{}") == []


@in_each_language
def test_text_without_a_due_phrase_has_no_date(language: Language) -> None:
    found = {text: meaning(due(text)) for text in texts(language.no_date)}
    assert {text: found[text] for text in found if found[text] != DueKind.NONE} == {}


WEEKDAYS = {
    "en": "by {}: Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun",
    "de": "bis {}: Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Mo Di Mi Do Fr Sa So",
    "fr": "avant {}: lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "antes del {}: lunes martes miércoles jueves viernes sábado domingo",
    "it": "entro {}: lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "voor {}: maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "até {}: segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"
    " segunda terça quarta quinta sexta sábado domingo",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_weekday_is_the_next_day_of_that_name(code: str) -> None:
    cue, _, names = WEEKDAYS[code].partition(": ")
    for today in (TODAY + timedelta(ahead) for ahead in range(7)):
        for number, name in enumerate(names.split()):
            found = due(LANGUAGES[code].action.format(cue.format(name)), today=today)
            assert found.on is not None, name
            assert (found.on.weekday(), 1 <= (found.on - today).days <= 7) == (number % 7, True)
            assert found.ambiguous == (today.weekday() == number % 7)


@pytest.mark.parametrize(
    "text", ["", "by", "by 99/99", "by 31 February", "by the 45th", "by 0000-01-01", "by 1.1.0000", "Call Sam by 2/30"]
)
def test_day_that_does_not_exist_is_none(text: str) -> None:
    assert due(text) == Due()


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Walk daily", "daily"),
        ("Walk every morning", "every morning"),
        ("Walk 3x this week", "3x this week"),
        ("Walk twice a week", "twice a week"),
        ("Walk each evening", "each evening"),
        ("Walk ten minutes every morning", "every morning"),
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


def notes_written(moment: datetime, timezone: str) -> Due:
    raw = f"From: anna@coach.example\nDate: {moment:%a, %d %b %Y %H:%M:%S +0000}\n\nActions:\n- Call Sam by tomorrow\n"
    email = read_email(raw.encode())
    assert email.date == moment
    (action,) = parse_note(email, now=email.date, timezone=timezone).actions
    return action.due


@pytest.mark.parametrize(
    ("timezone", "midnight"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 25, 11, 0, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 26, 8, 0, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 11, 25, 18, 30, tzinfo=UTC)),
    ],
)
def test_day_turns_at_the_coachs_midnight(timezone: str, midnight: datetime) -> None:
    assert notes_written(midnight - timedelta(minutes=1), timezone).on == date(2026, 11, 26)
    assert notes_written(midnight, timezone).on == date(2026, 11, 27)


WORDS = st.sampled_from(
    sorted({*TOKENS, *"call sam ( ) [ ] , : – - . 's 1 3. 3rd 15 31 3/12 12/3 29/2 2026-12-03 99".split()})
)
ANY_TEXT = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=9).map(" ".join))
DAYS = st.dates(date(1971, 1, 1), date(2099, 12, 31))
many = settings(max_examples=400, deadline=None, derandomize=True)


@many
@given(ANY_TEXT, DAYS, st.sampled_from(["DMY", "MDY"]))
@example("by 1/1/2020", TODAY, "DMY")
@example("by Friday", date.max, "DMY")
@example("in two months", date(2099, 12, 31), "DMY")
def test_any_text_has_an_answer_in_its_own_words(text: str, today: date, order: str) -> None:
    found = due(text, today=today, order=order)
    assert found.phrase in text
    assert (found.on is not None) == (found.kind is DueKind.DATE)
    assert bool(found.phrase) == (found.kind is not DueKind.NONE)


@many
@given(ANY_TEXT, DAYS, st.sampled_from(["DMY", "MDY"]))
def test_day_that_has_gone_by_is_only_taken_with_its_year_and_flagged(text: str, today: date, order: str) -> None:
    found = due(text, today=today, order=order)
    if found.on is not None and found.on < today:
        assert found.ambiguous
        assert str(found.on.year)[-2:] in found.phrase


HOSTILE = [
    "en de a ",
    "by the ",
    "1 ",
    "in a la de 3 3 3 ",
    "every day and ",
    "bis vor tot voor ",
    "due due by ",
    "(",
    " - ",
    "' ",
    " ",
    "x",
    "a.",
    "3/",
]


@pytest.mark.parametrize("text", [*(piece * 5000 for piece in HOSTILE), "a a a a a a a a a of the the de la el"])
def test_hostile_text_has_no_date(text: str) -> None:
    assert due(text).on is None


@pytest.mark.parametrize("end", ["", "x", ")", "gehen"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_ten_times_the_text_takes_no_hundred_times_the_work(piece: str, end: str) -> None:
    def work(count: int) -> float:
        text = piece * count + end
        return min(_seconds(text) for _ in range(3))

    # The constant is for what any text costs.
    assert work(20_000) < 40 * (work(2_000) + 0.002)


def _seconds(text: str) -> float:
    start = time.process_time()
    due(text)
    return time.process_time() - start
