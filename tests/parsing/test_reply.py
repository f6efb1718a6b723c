"""What was just written, and what is quoted."""

from __future__ import annotations

import pytest

from mailflow.parsing.lines import text_lines
from mailflow.parsing.reply import fresh_lines


def fresh(text: str) -> str:
    return "\n".join(line.text for line in fresh_lines(text_lines(text))[0]).strip()


@pytest.mark.parametrize(
    "introduction",
    [
        "On Tue, 24 Nov 2026 at 10:12, Jane Doe <jane@client.example> wrote:",
        "On Tue, 24 Nov 2026 at 10:12, Jane Doe\n<jane@client.example> wrote:",
        "On Tue, 24 Nov 2026 at 10:12, Jane Doe <\njane@client.example> wrote:",
        "On 24 Nov 2026, at 10:12, Jane wrote:",
        "Jane Doe <jane@client.example> wrote:",
        "---- On Tue, 24 Nov 2026 10:12:00 +0100 Jane Doe <jane@client.example> wrote ----",
        "Am 24.11.2026 um 10:12 schrieb Jane Doe <jane@client.example>:",
        "Am Di., 24. Nov. 2026 um 10:12 Uhr schrieb Jane Doe <\njane@client.example>:",
        "Jane Doe <jane@client.example> schrieb am Di., 24. Nov. 2026,\n10:12:",
        "Le mar. 24 nov. 2026 à 10:12, Jane Doe <jane@client.example> a écrit :",
        "El mar, 24 nov 2026 a las 10:12, Jane Doe (<jane@client.example>) escribió:",
        "Il giorno mar 24 nov 2026 alle ore 10:12 Jane Doe <jane@client.example> ha\nscritto:",
        "Op di 24 nov. 2026 om 10:12 schreef Jane Doe <jane@client.example>:",
        "Em ter., 24 de nov. de 2026 às 10:12, Jane Doe <jane@client.example>\nescreveu:",
        '24.11.2026, 10:12, "Jane Doe" <jane@client.example>:',
        "-----Original Message-----",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "________________________________\nFrom: Jane Doe <jane@client.example>\nSent: Tuesday\nTo: Anna\nSubject: x",
        "*Von:* Jane Doe\n*Gesendet:* Dienstag\n*An:* Anna\n*Betreff:* x",
        "От: Jane Doe\nОтправлено: вторник\nКому: Anna",
        "De : Jane Doe\nEnvoyé : mardi\nÀ : Anna\nObjet : x",
        "De: Jane Doe\nEnviado: martes\nPara: Anna\nAsunto: x",
        "Da: Jane Doe\nInviato: martedì\nA: Anna\nOggetto: x",
        "Van: Jane Doe\nVerzonden: dinsdag\nAan: Anna\nOnderwerp: x",
    ],
)
@pytest.mark.parametrize("prefix", ["", "> "])
def test_introduction_of_a_quote_ends_the_fresh_part(introduction: str, prefix: str) -> None:
    quote = f"{prefix}Actions:\n{prefix}- STALE"
    assert fresh(f"Call Sam\n\n{introduction}\n\n{quote}\n") == "Call Sam"


def test_quote_without_introduction_is_quoted() -> None:
    assert fresh("Call Sam\n> STALE\n>> STALE\n>STALE\n") == "Call Sam"


@pytest.mark.parametrize(
    "sentence",
    [
        "On Monday we met and she wrote:",
        "Read what Sam wrote in 2019:",
        "From: fear. To: courage.",
        "Date: 24 November\nSubject: sleep",
        "Date: 24 November\nSubject: sleep\nTo: the point",
        "She wrote to sam@client.example:\nand then went home",
        "The original message scared her.",
        "- Email what you wrote on 3 May: the letter",
    ],
)
def test_sentence_like_an_introduction_is_fresh(sentence: str) -> None:
    assert fresh(f"{sentence}\n\nCall Sam").endswith("Call Sam")


def test_signature_does_not_end_the_fresh_part() -> None:
    assert fresh("Good session.\n-- \nAnna\n\nCall Sam").endswith("Call Sam")


def test_answers_between_and_below_quoted_lines_are_fresh() -> None:
    text = "On 24 Nov 2026, Jane <jane@client.example> wrote:\n> one?\nyes\n> two?\nno\n\nCall Sam\n"
    assert fresh(text) == "yes\nno\n\nCall Sam"


def test_signature_below_a_quote_ends_the_fresh_part() -> None:
    assert fresh("Call Sam\n> STALE\n-- \nAnna\n\nSTALE") == "Call Sam"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we met\n" * 800,
        "\n" * 4000,
        "From: a\n" * 3000,
        "a@b.example <\n" * 3000,
        ">" * 100_000,
        "On 3 " * 50_000,
    ],
    ids=["on-monday", "blank", "from", "address", "quotes", "on-3"],
)
def test_hostile_text_keeps_every_line_once(text: str) -> None:
    lines = text_lines(text)
    kept, quoted = fresh_lines(lines)
    assert len(kept) + len(quoted) <= len(lines)
