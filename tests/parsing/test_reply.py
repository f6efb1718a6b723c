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
        # Wrapped where it suits the program.
        "On Tuesday, November 24, 2026\nat 10:12 AM, Jane Doe of Example\nCoaching <\njane@client.example> wrote:",
        "On Tue, Nov 24, 2026 at 10:12 AM Jane Doe\n\n<\nmailto:Jane Doe <jane@client.example>\n> wrote:",
        "On Tue, 24 Nov 2026 10:12:00 +0100\nJane Doe wrote:",
        # Without an address.
        "On 11/24/26 10:12 AM, Jane Doe wrote:",
        "Am 24.11.26 um 10:12 schrieb Jane Doe:",
        "Op 24-11-2026 om 10:12 schreef Jane Doe:",
        "24.11.2026 tarihinde 10:12 saatinde Jane Doe yazdı:",
        "2026. 11. 24. 10:12 keltezéssel, Jane Doe írta:",
        "2026-11-24 오전 10:12에 Jane Doe 이(가) 쓴 글:",
        "------On 11/24/2026 10:12 AM, Jane Doe wrote-----",
        "---- Jane Doe wrote ----",
        # The address last, in brackets of any kind, or bare.
        "In a message dated 11/24/2026 10:12:00 A.M. Eastern Standard Time,\njane@client.example writes:",
        "On 24 November 2026 at 10:12:00, Jane Doe (jane@client.example) wrote:",
        "On Tue, Nov 24, 2026 at 10:12 AM, Jane Doe < jane@client.example > wrote:",
        "Jane Doe <jane@client.example> hat am 24.11.2026 10:12 CET geschrieben:",
        "jane@client.example wrote:",
        '11:00 AM, November 17, 2026, "Jane - Client" <jane@client.example>:',
        # In languages whose words we may not know.
        "2026年11月24日(火) 10:12 Jane Doe <jane@client.example>:",
        "2026년 11월 24일 (화) 오전 10:12, Jane Doe <jane@client.example>님이 작성:",
        "Jane Doe <jane@client.example> 於 2026年11月24日 週二 上午10:12寫道：",
        "في ث، ٢٤ نوفمبر ٢٠٢٦ في ١٠:١٢ ص، كتب Jane Doe <jane@client.example>:",
        "\u202bבתאריך יום ג׳, 24 בנוב׳ 2026 ב-10:12 מאת \u202aJane Doe\u202c <\u202ajane@client.example\u202c>:\u202c",
        "otrd., 2026. g. 24. nov., plkst. 10:12 — lietotājs Jane Doe (<jane@client.example>) rakstīja:",
        "Vào Th 3, 24 thg 11, 2026 vào lúc 10:12 Jane Doe <jane@client.example> đã viết:",
        # A day that looks like the number of an item.
        "24. nov. 2026 kl. 10.12 skrev Jane Doe <jane@client.example>:",
        "- Le 2026-11-24 10:12, Jane Doe a écrit :",
        "----- Původní zpráva -----",
        "-------- İletilmiş Mesaj --------",
        "------------------ 原始邮件 ------------------",
        "Начало переадресованного сообщения:",
        "---------------------- Forwarded by Jane Doe/Example on 24/11/2026 10:12 ----------------------",
        "##- Please type your reply above this line -##",
        "From: Jane Doe <jane@client.example>",
        "From: jane@client.example\nDate: Tue, 24 Nov 2026 10:12:00 +0100",
        "Date: Tue, 24 Nov 2026 10:12:00 +0100\nTo: anna@coach.example",
        "*From:* Jane [mailto:\njane@client.example]\n*Sent:* Tuesday\n*To:* Anna\n*Subject:* x",
        "From:\nJane Doe\nSent:\nTuesday\nTo:\nAnna",
        "Lähettäjä: Jane Doe\nLähetetty: tiistai\nVastaanottaja: Anna\nAihe: x",
        "Feladó: Jane Doe\nElküldve: kedd\nCímzett: Anna\nTárgy: x",
        "Gönderen: Jane Doe\nGönderildi: Salı\nKime: Anna\nKonu: x",
        "מאת: Jane Doe\nנשלח: יום\nאל: Anna\nנושא: x",
        "من: Jane Doe\nتم الإرسال: الثلاثاء\nإلى: Anna\nالموضوع: x",
        "发件人：Jane Doe\n发送时间：2026年11月24日\n收件人：Anna\n主题：x",
        "-------- Original message --------From: Jane Date: 24/11/2026 10:12 To: Anna Subject: x",
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
        "On 3 May she wrote:",
        "Am 3. Mai schrieb sie mir eine lange Mail mit diesen Punkten:",
        "From: fear\nTo: trust\nSubject: her mother",
        "Von: Angst\nAn: Vertrauen",
        "Original message",
        "--- Notes ---\nTo: remember",
        "I emailed sam@client.example and he wrote back:",
        "Dear Jane Doe <jane@client.example>,\n\nYour homework:",
        "Session 24.11.2026 10:00\nClient: Jane (jane@client.example)\n\nActions:",
        "Client: Jane Doe <jane@client.example>\nDate: 24 Nov 2026, 10:00",
        "Actions for Jane Doe (jane@client.example), 24 November 2026:",
        "On 24 November we met at 10:12.\nShe was tired.\nSam (sam@client.example) came at 10:30:",
        "We stayed above this line of thought.",
    ],
)
def test_sentence_like_an_introduction_is_fresh(sentence: str) -> None:
    assert fresh(f"{sentence}\n\nCall Sam").endswith("Call Sam")


def test_signature_does_not_end_the_fresh_part() -> None:
    assert fresh("Good session.\n-- \nAnna\n\nCall Sam").endswith("Call Sam")


def test_answers_between_and_below_quoted_lines_are_fresh() -> None:
    text = "On 24 Nov 2026, Jane <jane@client.example> wrote:\n> one?\nyes\n> two?\nno\n\nCall Sam\n"
    assert fresh(text) == "yes\nno\n\nCall Sam"


@pytest.mark.parametrize("end", ["-- \nAnna", "_" * 47 + "\nA mailing list", "Sent from my phone"])
def test_signature_below_a_quote_ends_the_fresh_part(end: str) -> None:
    assert fresh(f"Call Sam\n> STALE\n{end}\n\nSTALE") == "Call Sam"


def test_second_list_of_actions_below_a_quote_is_quoted() -> None:
    """It may stand in an older mail whose introduction nobody knows."""
    assert fresh("Actions:\n- Call Sam\n\n> hello\n\nbye\n\nActions:\n- STALE") == "Actions:\nCall Sam\n\n\nbye"
    assert fresh("> hello\n\nActions:\n- Call Sam") == "Actions:\nCall Sam"


def test_words_before_an_introduction_on_its_line_are_fresh() -> None:
    assert fresh("Call Sam On Tue, Nov 24, 2026 at 10:12 AM, jane@client.example wrote:\n> STALE") == "Call Sam"


def test_what_follows_a_quoted_header_is_quoted() -> None:
    """Orange marks the header alone."""
    text = "Call Sam\n\n> Message du 24/11/26 10:12\n> De : Jane\n> A : Anna\n> Objet : x\n\nSTALE"
    assert fresh(text) == "Call Sam"


def test_introduction_does_not_swallow_the_lines_above() -> None:
    text = (
        "On reflection a good session.\nActions:\nCall Sam\nOn 24 Nov 2026, Jane <jane@client.example> wrote:\n> STALE"
    )
    assert fresh(text) == "On reflection a good session.\nActions:\nCall Sam"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we met\n" * 800,
        "\n" * 4000,
        "From: a\n" * 3000,
        "a@b.example <\n" * 3000,
        ">" * 100_000,
        "On 3 " * 50_000,
        ("On 24 Nov 2026 10:12 " + "x " * 180 + ":\n") * 3000,
        ("x@y.example " * 30 + "10:12:\n") * 3000,
    ],
    ids=["on-monday", "blank", "from", "address", "quotes", "on-3", "dated", "addressed"],
)
def test_hostile_text_keeps_every_line_once(text: str) -> None:
    lines = text_lines(text)
    kept, quoted = fresh_lines(lines)
    assert len(kept) + len(quoted) <= len(lines)
