"""A note as a coach writes it, and what mailflow understands. Anna Berg coaches Jane Doe and Tom Okafor."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mailflow.model import Address, ClientHint, DueKind, Email, HintPlace, ParsedNote, ProblemKind
from mailflow.parsing.items import MAX_ITEMS
from mailflow.parsing.lines import MAX_LINES
from mailflow.parsing.notes import parse_note

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
THREE = ["Call Sam by Friday", "Book the GP", "Read chapter 3"]


def email(text: str | None = None, html: str | None = None, *, flowed: bool = False) -> Email:
    return Email(
        message_id="<1@coach.example>",
        from_=(Address("Anna Berg", "anna@coach.example"),),
        to=(Address("", "notes@mailflow.example"),),
        cc=(),
        subject="Notes",
        date=NOW,
        in_reply_to="",
        references=(),
        headers=(),
        content_type="text/plain",
        text=text,
        html=html,
        format_flowed=flowed,
    )


def note(
    text: str | None = None, html: str | None = None, *, flowed: bool = False, words: tuple[str, ...] = ()
) -> ParsedNote:
    return parse_note(email(text, html, flowed=flowed), now=NOW, timezone="Europe/Berlin", heading_words=words)


def texts(parsed: ParsedNote) -> list[str]:
    return [action.text for action in parsed.actions]


def kinds(parsed: ParsedNote) -> list[ProblemKind]:
    return [problem.kind for problem in parsed.problems]


@pytest.mark.parametrize(
    "heading",
    [
        "Actions:",
        "actions:",
        "ACTIONS",
        "Actions",
        "Action items:",
        "Homework",
        "Next steps:",
        "To do:",
        "To-dos",
        "TODO:",
        "Assignments:",
        "Commitments",
        "## Actions",
        "**Actions**",
        "*Actions:*",
        "__Next steps__",
        "=== Homework ===",
        "2. Actions:",
        "📝 Actions:",
        "Actions :",
        "Actions：",
        "Actions\n=======",
        "Actions for this week:",
        "Actions before our next session:",
        "Homework for next time",
        "Actions (this week):",
        "Your actions:",
        "Aufgaben:",
        "Nächste Schritte",
        "Hausaufgaben:",
        "Devoirs :",
        "Prochaines étapes",
        "À faire:",
        "Tareas:",
        "Próximos pasos",
        "Compiti:",
        "Prossimi passi:",
        "Huiswerk:",
        "Actiepunten",
        "Tarefas:",
        "Próximos passos:",
        "III. Actions",
        "A) Actions",
        "3 - Actions",
        "Actions -",
        "— Actions —",
        "###### ACTIONS ######",
        "Homework\n--------",
        "Actions (for you):",
        "Homework (due next week)",
        "Actions/Homework:",
        "Homework and next steps:",
        "Here's your homework:",
        "This week's homework:",
        "Action items from today's call:",
        "Actions to take before our next session:",
        "For next time:",
        "Deine Hausaufgaben bis zum nächsten Mal:",
        "Nachste Schritte",
        "Vos devoirs :",
        "D’ici la prochaine séance :",
        "Tus deberes:",
        "Proximos pasos",
        "I tuoi compiti:",
        "Jouw huiswerk:",
        "Key actions:",
        "Los próximos pasos:",
        "Concrete acties:",
        "Azioni concrete:",
        "Tarefas até à próxima sessão:",
        "As suas tarefas:",
        "Aufgaben für Sie:",
    ],
)
def test_heading_in_any_of_the_seven_languages_opens_the_actions(heading: str) -> None:
    parsed = note(f"She said she can't sleep.\n\n{heading}\n- Call Sam by Friday\n- Book the GP\n- Read chapter 3\n")
    assert texts(parsed) == THREE
    assert parsed.notes == "She said she can't sleep."
    assert (parsed.client, parsed.problems) == (None, ())


@pytest.mark.parametrize(
    "block",
    [
        "- {}\n- {}\n- {}",
        "* {}\n* {}\n* {}",
        "• {}\n• {}\n• {}",
        "– {}\n– {}\n– {}",
        "-{}\n-{}\n-{}",
        "1. {}\n2. {}\n3. {}",
        "1) {}\n2) {}\n3) {}",
        "(a) {}\n(b) {}\n(c) {}",
        "a) {}\nb) {}\nc) {}",
        "[ ] {}\n[ ] {}\n[ ] {}",
        "- [ ] {}\n- [ ] {}\n- [ ] {}",
        "☐ {}\n☐ {}\n☐ {}",
        "📌 {}\n📞 {}\n📖 {}",
        "1️⃣ {}\n2️⃣ {}\n3️⃣ {}",
        "{}\n{}\n{}",
        "\n{}\n\n{}\n\n{}",
        "- {}\n\n- {}\n\n- {}",
        "\n  - {}\n  - {}\n  - {}",
        "-\n\n{}\n-\n\n{}\n-\n\n{}",
        "·       {}\n·       {}\n·       {}",
        "1.{}\n2.{}\n3.{}",
        "A) {}\nB) {}\nC) {}",
        "👉{}\n👉{}\n👉{}",
        "- {}\n* {}\n- {}",
        "- {}\n1. {}\n• {}",
        "Action 1: {}\nAction 2: {}\nAction 3: {}",
        "-> {}\n-> {}\n-> {}",
        "1/ {}\n2/ {}\n3/ {}",
        "1: {}\n2: {}\n3: {}",
        "1 - {}\n2 - {}\n3 - {}",
        "#1 {}\n#2 {}\n#3 {}",
        "§  {}\n§  {}\n§  {}",
    ],
)
def test_items_with_any_marker_or_none_are_read(block: str) -> None:
    assert texts(note(f"Actions:\n{block.format(*THREE)}\n\nBest,\nAnna\n")) == THREE


def test_ticked_box_is_an_action_that_is_done() -> None:
    parsed = note("Actions:\n[x] Call Sam\n[ ] Book the GP\n☑ Read chapter 3\n")
    assert [(action.text, action.done) for action in parsed.actions] == [
        ("Call Sam", True),
        ("Book the GP", False),
        ("Read chapter 3", True),
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Actions: call Sam; book the GP", ["call Sam", "book the GP"]),
        ("Actions: call Sam", ["call Sam"]),
        ("Next steps: 1. call Sam 2. book the GP", ["call Sam", "book the GP"]),
        ("Actions: call Sam;\nbook the GP", ["call Sam", "book the GP"]),
        ("Actions: the following:\n- call Sam\n- book the GP", ["call Sam", "book the GP"]),
        ("Actions: - call Sam - book the GP", ["call Sam", "book the GP"]),
        ("Actions: 1)call Sam, 2)book the GP", ["call Sam", "book the GP"]),
        ("Actions: (a) call Sam (b) book the GP", ["call Sam", "book the GP"]),
        ("Actions: [ ] call Sam [ ] book the GP", ["call Sam", "book the GP"]),
        ("Actions - call Sam; book the GP", ["call Sam", "book the GP"]),
        ("Actions：call Sam；book the GP", ["call Sam", "book the GP"]),
        ("Homework: call Sam - about the job", ["call Sam - about the job"]),
        ("Actions: read https://read.example/a;b", ["read https://read.example/a;b"]),
        ("Actions: first call Sam second book the GP", ["call Sam", "book the GP"]),
        ("Actions: First, call Sam. Second, read the second draft.", ["call Sam", "read the second draft"]),
        ("Actions: first call Sam about the second draft", ["first call Sam about the second draft"]),
        ("Actions: number one call Sam number two book the GP", ["call Sam", "book the GP"]),
        ("Actions\nfirst call Sam second book the GP", ["call Sam", "book the GP"]),
        ("Aufgaben: erstens Sam anrufen, zweitens den Arzt anrufen", ["Sam anrufen", "den Arzt anrufen"]),
        ("Devoirs : premièrement appeler Sam deuxièmement lire", ["appeler Sam", "lire"]),
        ("Tareas: primero llamar a Sam segundo leer", ["llamar a Sam", "leer"]),
        ("Compiti: primo chiamare Sam secondo leggere", ["chiamare Sam", "leggere"]),
        ("Huiswerk: ten eerste Sam bellen ten tweede lezen", ["Sam bellen", "lezen"]),
        ("Tarefas: primeiro ligar ao Sam segundo ler", ["ligar ao Sam", "ler"]),
        ("She asked: what now. Actions: call Sam", ["call Sam"]),
    ],
)
def test_actions_beside_the_heading_are_read(line: str, wanted: list[str]) -> None:
    assert texts(note(f"Private thoughts.\n\n{line}\n\nBest, Anna")) == wanted


def test_indented_items_are_steps_of_the_one_above() -> None:
    parsed = note(
        "Actions:\n- Book the GP\n  - ask about sleep\n    - and about dreams\n- Call Sam\n\to  from the office\n"
    )
    assert [(action.text, action.steps) for action in parsed.actions] == [
        ("Book the GP", ("ask about sleep", "and about dreams")),
        ("Call Sam", ("from the office",)),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "1. Book the GP\na) ask about sleep\nb) ask about pills\n2. Call Sam",
        "1. Book the GP\n- ask about sleep\n- ask about pills\n2. Call Sam",
        "- Book the GP\n - ask about sleep\n - ask about pills\n- Call Sam",
        "• Book the GP\n◦ ask about sleep\n◦ ask about pills\n• Call Sam",
    ],
)
def test_another_marker_at_the_same_place_is_a_step_where_the_list_comes_back(lines: str) -> None:
    assert [(action.text, action.steps) for action in note(f"Actions:\n{lines}\n").actions] == [
        ("Book the GP", ("ask about sleep", "ask about pills")),
        ("Call Sam", ()),
    ]


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ("When I get home, I will write", "Why: so"),
        ("After I brush my teeth, I’ll write", "Because: so"),
        ("If I feel stuck, then I walk", "Reason: so"),
        ("Wenn ich heimkomme, schreibe ich", "Warum: so"),
        ("Sobald ich heimkomme, werde ich schreiben", "Grund: so"),
        ("Quand je rentre, je vais écrire", "Pourquoi : so"),
        ("Quand je rentre, j'écrirai dix minutes", "Pourquoi : so"),
        ("Cuando llegue a casa, escribiré", "Por qué: so"),
        ("Cuando llegue a casa, voy a escribir", "Por qué: so"),
        ("Quando arrivo a casa, scriverò", "Perché: so"),
        ("Als ik thuiskom, ga ik schrijven", "Waarom: so"),
        ("Quando chegar a casa, vou escrever", "Porquê: so"),
    ],
)
@pytest.mark.parametrize("form", ["- Write\n  - {}\n  - {}", "- Write\n  {}\n  {}", "- Write\n{}\n{}", "Write\n{}\n{}"])
def test_plan_and_reason_are_known_in_each_language_wherever_they_start(form: str, plan: str, why: str) -> None:
    bullet = "- " if form.startswith("-") else ""
    parsed = note(f"Actions:\n{form.format(plan, why)}\n{bullet}Read\n")
    assert [(action.text, action.steps, action.plan, action.why) for action in parsed.actions] == [
        ("Write", (), plan, "so"),
        ("Read", (), "", ""),
    ]


def test_plan_and_reason_below_an_action_are_told_apart_from_its_steps() -> None:
    (action,) = note(
        "Actions:\n- Write the letter by Friday\n"
        "  - Why: I want to know\n  - When I have poured my coffee, I will write the first line\n  - keep it short\n"
    ).actions
    assert action.why == "I want to know"
    assert action.plan == "When I have poured my coffee, I will write the first line"
    assert action.steps == ("keep it short",)


def test_line_that_the_mail_program_broke_is_one_item() -> None:
    text = (
        "Actions:\n- Write down two situations in which you said no to somebody whom you\n"
        "like, and what happened then\n- Book the GP\n"
    )
    assert texts(note(text)) == [
        "Write down two situations in which you said no to somebody whom you like, and what happened then",
        "Book the GP",
    ]


def test_broken_line_without_a_marker_is_one_item() -> None:
    text = (
        "Actions:\nWrite down two situations in which you said no to somebody whom you\n"
        "like, and what happened then\nBook the GP\n\nBest,\nAnna\n"
    )
    assert texts(note(text)) == [
        "Write down two situations in which you said no to somebody whom you like, and what happened then",
        "Book the GP",
    ]


def test_indented_continuation_belongs_to_its_item() -> None:
    assert texts(note("Actions:\n- Call Sam\n  about the job\n- Book the GP\n")) == [
        "Call Sam about the job",
        "Book the GP",
    ]


def test_format_flowed_joins_soft_breaks() -> None:
    text = "Actions:\n- Write down two \nsituations\n- Call Sam\n-- \nAnna\n"
    assert texts(note(text, flowed=True)) == ["Write down two situations", "Call Sam"]


def test_actions_after_a_signature_still_count() -> None:
    assert texts(note("Good session.\n\nBest,\nAnna\n--\nAnna Berg, coach\n\nActions:\n- Call Sam\n")) == ["Call Sam"]


@pytest.mark.parametrize(
    "ending",
    [
        "\nBest,\nAnna",
        "Best, Anna",
        "\nGreat work today, see you next week!",
        "\nAnna",
        "- Anna",
        "-- \nAnna Berg\n+44 1234",
        "\nSent from my phone",
        "\nNotes:\n- she cried",
        "Notes:\n- she cried",
        "\n**Themes**\n- fear",
        "\n---\n- she cried",
        "\nI will think about her mother. She was silent.",
        "\nViele Grüße\nAnna",
    ],
)
def test_what_follows_the_list_is_no_action(ending: str) -> None:
    assert texts(note(f"Actions:\n- Call Sam\n- Book the GP\n{ending}\n")) == ["Call Sam", "Book the GP"]


@pytest.mark.parametrize(
    "ending", ["\nBest,\nAnna", "Best, Anna", "\nI think she is afraid.", "\nNotes:\nshe cried", "Liebe Grüße\nAnna"]
)
def test_what_follows_a_list_without_markers_is_no_action(ending: str) -> None:
    assert texts(note(f"Actions:\nCall Sam\nBook the GP\n{ending}\n")) == ["Call Sam", "Book the GP"]


def test_only_actions_and_summary_leave_the_private_notes() -> None:
    parsed = note(
        "Client: Jane Doe\n\nShe fears her boss.\n\nSummary: You know what you want.\n\nDon't mention the divorce.\n\n"
        "Actions:\n- Call Sam\n\nMy actions:\n- Send the article\n\nNotes:\n- she cried\n"
    )
    assert parsed.client == ClientHint("Jane Doe", HintPlace.CLIENT_LINE)
    assert parsed.summary == "You know what you want."
    assert texts(parsed) == ["Call Sam"]
    assert [action.text for action in parsed.coach_actions] == ["Send the article"]
    assert parsed.notes == "She fears her boss.\n\n\nDon't mention the divorce.\n\nNotes:\n- she cried"


def test_summary_under_its_heading_reaches_to_the_next_one() -> None:
    parsed = note("For you:\nFirst line.\n\nSecond paragraph.\n\nPrivate:\nShe cried.\n\nActions:\n- Call Sam\n")
    assert parsed.summary == "First line.\n\nSecond paragraph."
    assert parsed.notes == "Private:\nShe cried."


@pytest.mark.parametrize(
    "heading",
    [
        "My actions:",
        "For me:",
        "Coach:",
        "Actions for me:",
        "Actions for the coach:",
        "Actions (me)",
        "Coach - actions:",
        "Coach's to-dos:",
        "I promised:",
        "Actions for Anna:",
        "Anna's actions:",
        "Actions (Anna Berg)",
        "Meine Aufgaben:",
        "Aufgaben Coach:",
        "Pour moi :",
        "Tareas para mí:",
        "I miei compiti:",
        "Mijn huiswerk:",
        "As minhas tarefas:",
        "Anna:",
    ],
)
def test_coachs_own_actions_are_never_the_clients(heading: str) -> None:
    parsed = note(f"{heading}\n- Send the article\n\nActions:\n- Call Sam\n")
    assert texts(parsed) == ["Call Sam"]
    assert [action.text for action in parsed.coach_actions] == ["Send the article"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("- Me: send the article", "send the article"),
        ("- Coach: send the article", "send the article"),
        ("- Anna: send the article", "send the article"),
        ("- (coach) send the article", "send the article"),
        ("- For me: send the article", "send the article"),
        ("- My action: send the article", "send the article"),
        ("- Me - send the article", "send the article"),
        ("- Moi : send the article", "send the article"),
        ("- Anna to send the article", "Anna to send the article"),
    ],
)
def test_item_that_names_the_coach_is_the_coachs(line: str, wanted: str) -> None:
    parsed = note(f"Actions:\n- Call Sam\n{line}\n- Jane: book the GP\n")
    assert texts(parsed) == ["Call Sam", "Jane: book the GP"]
    assert [action.text for action in parsed.coach_actions] == [wanted]


@pytest.mark.parametrize(
    ("block", "client", "wanted", "own"),
    [
        ("Jane:\n- Call Sam\n\nMe:\n- Send it", "Jane", ["Call Sam"], ["Send it"]),
        ("For Jane:\n- Call Sam\n\nFor me:\n- Send it", "Jane", ["Call Sam"], ["Send it"]),
        ("Client:\n- Call Sam\n\nCoach:\n- Send it", "", ["Call Sam"], ["Send it"]),
        ("Work:\n- Call Sam\n\nHealth:\n- Book the GP\n\nMood:\n- low", "", ["Call Sam", "Book the GP"], []),
        ("This week:\n- Call Sam\n\nNext week:\n- Book the GP", "", ["Call Sam", "Book the GP"], []),
        ("Jane:\n- Call Sam\n\nTom:\n- Book the GP", "Jane", [], []),
    ],
)
def test_heading_below_the_heading_says_whose_the_actions_are_or_sorts_them(
    block: str, client: str, wanted: list[str], own: list[str]
) -> None:
    parsed = note(f"Actions:\n\n{block}\n")
    assert (parsed.client.hint if parsed.client and wanted else "") == (client if wanted else "")
    assert (texts(parsed), [action.text for action in parsed.coach_actions]) == (wanted, own)
    assert kinds(parsed) == ([] if wanted else [ProblemKind.SEVERAL_BLOCKS])


HTML_TABLE = (
    "<table><tr><th>Action</th><th>Due</th><th>Who</th></tr><tr><td><p>Call Sam</p></td><td><p>Friday</p></td>"
    "<td>Jane</td></tr><tr><td><ul><li>Send it</li></ul></td><td></td><td>Me</td></tr></table><p>She cried.</p>"
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "Actions:\n\n| Action | Due | Who |\n|---|---|---|\n| Call Sam | Friday | Jane |\n| Send it | | Anna |\n",
            None,
        ),
        ("Action | By when | Owner\nCall Sam | Friday | Jane\nSend it | | coach\n\nShe cried.", None),
        ("Tasks\n#\tWhat\tWhen\tWho\n1\tCall Sam\tby Friday\tJane\n2\tSend it\t-\tAnna Berg\n", None),
        (None, HTML_TABLE),
        (None, f"<p>Actions:</p>{HTML_TABLE}"),
    ],
    ids=["pipes", "pipes-alone", "tabs", "html-alone", "html"],
)
def test_table_gives_actions_with_their_day_and_their_owner(text: str | None, html: str | None) -> None:
    parsed = note(text, html)
    assert texts(parsed) == ["Call Sam, by Friday"]
    assert parsed.actions[0].due.on == date(2026, 11, 27)
    assert [action.text for action in parsed.coach_actions] == ["Send it"]
    assert parsed.client == ClientHint("Jane", HintPlace.HEADING)


@pytest.mark.parametrize(
    ("text", "html", "wanted"),
    [
        (
            "Actions:\nCall Sam\tby Friday\nBook the GP\tnext time\n",
            None,
            ["Call Sam, by Friday", "Book the GP, next time"],
        ),
        ("Aufgaben\nAufgabe\tBis\nSam anrufen\tFreitag\n", None, ["Sam anrufen, bis Freitag"]),
        ("Actions:\nAction\tDue\nCall Sam\tASAP\n", None, ["Call Sam"]),
        (
            None,
            "<p>Actions</p><table><tr><td>Call Sam</td></tr><tr><td>Book the GP</td></tr></table>",
            ["Call Sam", "Book the GP"],
        ),
        (
            None,
            "<table><tr><td><p>Actions</p><ul><li>Call Sam</li></ul></td><td>&nbsp;</td></tr></table>",
            ["Call Sam"],
        ),
    ],
    ids=["no-head", "german", "no-day", "one-column", "layout"],
)
def test_table_without_a_head_or_with_less_is_read(text: str | None, html: str | None, wanted: list[str]) -> None:
    assert texts(note(text, html)) == wanted


def test_table_for_two_clients_gives_nobody_any_action() -> None:
    parsed = note("Who\tWhat\nJane\tCall Sam\nTom\tBook the GP\n")
    assert (parsed.actions, kinds(parsed)) == ((), [ProblemKind.SEVERAL_BLOCKS])


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Actions for Jane:", "Jane"),
        ("Actions for Jane this week:", "Jane"),
        ("Next steps for Jane Doe (this week):", "Jane Doe"),
        ("Jane’s next steps", "Jane"),
        ("Actions – Jane", "Jane"),
        ("Jane – actions:", "Jane"),
        ("Jane – actions", "Jane"),
        ("More actions for Jane:", "Jane"),
        ("Jane: actions", "Jane"),
        ("Your actions, Jane:", "Jane"),
        ("ACTIONS FOR JANE", "JANE"),
        ("Actions for Dr. Jane Doe:", "Dr. Jane Doe"),
        ("Homework for José Ángel", "José Ángel"),
        ("Devoirs de Jane :", "Jane"),
        ("Compiti di Jane:", "Jane"),
        ("Huiswerk van Jane:", "Jane"),
        ("Tarefas para a Jane:", "Jane"),
        ("Actions for Jane", "Jane"),
        ("Homework for Jane Doe:", "Jane Doe"),
        ("Jane's actions:", "Jane"),
        ("Actions (Jane):", "Jane"),
        ("Actions for jane@client.example:", "jane@client.example"),
        ("Aufgaben für Jane:", "Jane"),
        ("**Actions for Jane**", "Jane"),
    ],
)
def test_heading_may_name_the_client(heading: str, name: str) -> None:
    parsed = note(f"{heading}\n- Call Sam\n")
    assert parsed.client == ClientHint(name, HintPlace.HEADING)
    assert texts(parsed) == ["Call Sam"]


@pytest.mark.parametrize("label", ["Client", "client", "Klient", "Kundin", "Cliente", "Klant", "**Client**"])
def test_client_line_names_the_client(label: str) -> None:
    assert note(f"{label}: Jane\n\nActions:\n- Call Sam\n").client == ClientHint("Jane", HintPlace.CLIENT_LINE)


def test_two_blocks_for_the_same_person_are_one_list() -> None:
    assert texts(
        note("Actions for Jane:\n- Call Sam\n\nThemes:\n- fear\n\nActions for Jane Doe:\n- Book the GP\n")
    ) == [
        "Call Sam",
        "Book the GP",
    ]
    assert texts(note("Actions:\n- Call Sam\n\nHomework:\n- Book the GP\n")) == ["Call Sam", "Book the GP"]


@pytest.mark.parametrize(
    "text",
    [
        "Actions for Jane:\n- Call Sam\n\nActions for Tom:\n- Book the GP\n",
        "Client: Tom\n\nActions for Jane:\n- Call Sam\n",
        "Client: Tom\nClient: Jane\n\nActions:\n- Call Sam\n",
        "Actions:\n- Call Sam\n\nActions for Tom:\n- Book the GP\n",
    ],
)
def test_two_names_give_nobody_any_action(text: str) -> None:
    parsed = note(text)
    assert parsed.actions == ()
    assert kinds(parsed) == [ProblemKind.SEVERAL_BLOCKS]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ProblemKind.EMPTY),
        ("\n\n> Actions:\n> - Call Sam\n", ProblemKind.ONLY_QUOTED),
        (
            "Hi Jane\n\nOn 24 Nov 2026, Jane Doe <jane@client.example> wrote:\n> Actions:\n> - x\n",
            ProblemKind.ONLY_QUOTED,
        ),
        ("\n> how are you?\n", ProblemKind.EMPTY),
        ("Good session, nothing to do.", ProblemKind.NO_ACTIONS),
        ("Actions:\n", ProblemKind.NO_ITEMS),
        ("Actions: none\n", ProblemKind.NO_ITEMS),
        ("Actions:\n\nBest,\nAnna\n", ProblemKind.NO_ITEMS),
    ],
)
def test_note_without_actions_says_why(text: str, kind: ProblemKind) -> None:
    parsed = note(text)
    assert parsed.actions == ()
    assert kinds(parsed) == [kind]


def test_stale_actions_in_the_quote_stay_there() -> None:
    parsed = note(
        "Actions:\n- Call Sam\n\nOn Tue, 17 Nov 2026 at 10:00, Anna Berg\n<anna@coach.example> wrote:\n\n"
        "> Actions:\n> - STALE log your sleep\n"
    )
    assert texts(parsed) == ["Call Sam"]


def test_answer_below_the_quote_is_read() -> None:
    parsed = note(
        "On 24 Nov 2026, Jane Doe <jane@client.example> wrote:\n> See you!\n\nActions:\n- Call Sam\n\n-- \nAnna\n"
    )
    assert texts(parsed) == ["Call Sam"]


def test_html_part_is_preferred_because_text_parts_lose_lists() -> None:
    html = "<p>Actions:</p><ol><li>Call Sam</li><li>Book the GP<ul><li>ask about sleep</li></ul></li></ol><p>Best</p>"
    parsed = note("Actions:\n\nCall Sam Book the GP ask about sleep", html)
    assert [(action.text, action.steps) for action in parsed.actions] == [
        ("Call Sam", ()),
        ("Book the GP", ("ask about sleep",)),
    ]


def test_text_part_is_read_where_the_html_has_no_block() -> None:
    assert texts(note("Actions:\n- Call Sam\n", "<p>This mail is confidential.</p>")) == ["Call Sam"]


def test_block_quoted_in_the_html_is_not_taken_from_the_text_part() -> None:
    html = "<p>Hi</p><blockquote type=cite><p>Actions:</p><ul><li>STALE</li></ul></blockquote>"
    parsed = note("Hi\nActions:\n- STALE\n", html)
    assert (parsed.actions, kinds(parsed)) == ((), [ProblemKind.ONLY_QUOTED])


def test_nested_heading_in_a_list_of_notes_opens_the_actions() -> None:
    parsed = note("- Themes\n  - fear\n- Actions:\n  - Call Sam\n  - Book the GP\n- Mood\n  - low\n")
    assert texts(parsed) == ["Call Sam", "Book the GP"]


def test_numbered_headings_end_the_block() -> None:
    assert texts(note("1. Themes\n- fear\n2. Actions\n- Call Sam\n- Book the GP\n3. Mood\n- low\n")) == [
        "Call Sam",
        "Book the GP",
    ]


def test_due_is_resolved_on_the_coachs_day() -> None:
    midnight = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # Thursday already in Berlin
    (action,) = parse_note(email("Actions: call Sam tomorrow"), now=midnight, timezone="Europe/Berlin").actions
    assert (action.due.kind, action.due.on, action.due.phrase) == (DueKind.DATE, date(2026, 11, 27), "tomorrow")
    assert action.text == "call Sam tomorrow"


def test_coachs_own_heading_words_count() -> None:
    assert texts(note("Experiments\n- Call Sam\n")) == []
    assert texts(note("Experiments\n- Call Sam\n", words=("Experiments",))) == ["Call Sam"]


@pytest.mark.parametrize(
    "prose", ["Her actions speak louder.", "Actions for Jane were hard to find.", "The next steps scare her."]
)
def test_prose_that_speaks_of_actions_is_no_heading(prose: str) -> None:
    assert kinds(note(f"{prose}\n- fear\n- anger\n")) == [ProblemKind.NO_ACTIONS]


def test_remark_between_heading_and_list_is_no_action() -> None:
    assert texts(note("Actions:\nHere is what we agreed:\n- Call Sam\n- Book the GP\n")) == ["Call Sam", "Book the GP"]
    assert texts(note("Actions:\nWe agreed on two things\n- Call Sam\n- Book the GP\n")) == ["Call Sam", "Book the GP"]


def test_steps_below_an_item_without_marker_are_its_steps() -> None:
    parsed = note("Actions:\nBook the GP\n  - ask about sleep\nCall Sam\n")
    assert [(action.text, action.steps) for action in parsed.actions] == [
        ("Book the GP", ("ask about sleep",)),
        ("Call Sam", ()),
    ]


def test_bold_items_are_no_headings() -> None:
    html = "<div>Actions:</div><div><b>Call Sam</b></div><div><b>Book the GP</b></div>"
    assert texts(note(html=html)) == ["Call Sam", "Book the GP"]


@pytest.mark.parametrize(
    "statement", ["Jane is afraid of her boss", "She seemed sad", "Jane Doe was late", "Sie hat geweint"]
)
@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "block", ["Actions:\nCall Sam\n", "Actions\n\nCall Sam\n", "Actions: Call Sam\n", "Actions:\n- Call Sam\n"]
)
def test_statement_below_the_actions_stays_private(statement: str, gap: str, block: str) -> None:
    parsed = note(f"{block}{gap}{statement}\n")
    assert texts(parsed) == ["Call Sam"]
    assert parsed.notes == statement


def test_remark_below_a_short_item_stays_private() -> None:
    parsed = note("Actions:\n- Call Sam\nprivate - she cried\n")
    assert (texts(parsed), parsed.notes) == (["Call Sam"], "private - she cried")


@pytest.mark.parametrize(
    "line", ["Great session. Your actions:", "Here are your next steps:", "So here are the three actions:"]
)
def test_sentence_that_ends_in_the_heading_opens_the_actions(line: str) -> None:
    assert texts(note(f"Hi Jane,\n\n{line}\n\n- Call Sam\n- Book the GP\n\nSee you,\nAnna")) == [
        "Call Sam",
        "Book the GP",
    ]


@pytest.mark.parametrize("line", ["She forgot her homework:", "Jane dreads the next steps:"])
def test_sentence_about_the_homework_opens_nothing(line: str) -> None:
    assert kinds(note(f"{line}\n- she was ill\n")) == [ProblemKind.NO_ACTIONS]


def test_coach_named_at_the_head_has_no_actions() -> None:
    parsed = note("Coach: Anna Berg\nDate: 24 November\nClient: Jane\n\nActions:\n- Call Sam\n")
    assert (parsed.coach_actions, texts(parsed)) == ((), ["Call Sam"])


def test_stars_nest() -> None:
    parsed = note("Actions:\n* Book the GP\n** ask about sleep\n* Call Sam\n")
    assert [(action.text, action.steps) for action in parsed.actions] == [
        ("Book the GP", ("ask about sleep",)),
        ("Call Sam", ()),
    ]


def test_no_homework_said_in_words_is_none() -> None:
    assert kinds(note("Homework: none this week")) == [ProblemKind.NO_ITEMS]


def test_line_broken_by_hand_amid_the_list_belongs_to_its_item() -> None:
    assert texts(note("Actions:\n1. Call Sam\nby Friday\n2. Book the GP\n")) == ["Call Sam by Friday", "Book the GP"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("".join(f"Client: x{number}\n" for number in range(5000)) + "Actions:\n- a\n", ProblemKind.SEVERAL_BLOCKS),
        ("".join(f"Actions for A{number}:\n- a\n" for number in range(5000)), ProblemKind.SEVERAL_BLOCKS),
        ("\n" * 500_000, ProblemKind.EMPTY),
        ("From: x\n" * 100_000, ProblemKind.NO_ACTIONS),
    ],
    ids=["client-lines", "names", "blank", "from"],
)
def test_hostile_note_is_read_up_to_a_cap_and_gives_nobody_any_action(text: str, kind: ProblemKind) -> None:
    parsed = note(text)
    assert (parsed.actions, kinds(parsed)) == ((), [kind])
    assert len(parsed.notes) <= 10 * MAX_LINES


def test_list_without_end_is_cut() -> None:
    assert len(note("Actions:\n" + "- a\n" * 50_000).actions) == MAX_ITEMS
