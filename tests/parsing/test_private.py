"""What is private never reaches the client: no action, no summary. And no action is taken for something private."""

from __future__ import annotations

import pytest

from mailflow.model import ParsedNote
from tests.parsing.test_notes import kinds, note, texts

TWO = ["Call Sam", "Book the GP"]
MARKED = "- Call Sam\n- Book the GP\n"
UNMARKED = "Call Sam\nBook the GP\n"
SUMMARY = "You did well."

# What coaches write below a list, or below a summary, for themselves.
REMARKS = """
Notes: low mood
PRIVATE
Private notes - not for Jane
Private notes (not for Jane)
PRIVATE NOTES BELOW
[private] low mood
(private) low mood
private - low mood
*** PRIVATE ***
The rest is private
Confidential: low mood
For my eyes only: low mood
Not for Jane: low mood
(not for Jane) low mood
Not for the client: low mood
Do not send: low mood
Internal notes
Coach's notes:
My impressions:
My observations: low mood
Note to self: low mood
P.S. she cried again
PS: low mood
NB low mood again, watch this
Hypothesis: she avoids conflict
Mood: low
Careful: divorce
Invoice: 120 EUR
Next session: 3 December
What came up:
Topics we discussed:
She's exhausted
He’s drinking again
They had a fight at home
Her mother died last year
Jane's mood was low
Jane cried a lot
(Jane seemed tired)
I think this is about the mother
I wonder whether he drinks
Not sure she will do it
Vertraulich: wirkt müde
Nur für mich: wirkt müde
Mein Eindruck: sie hat Angst
Sie wirkte müde
Ich glaube, es geht um die Mutter
Notes personnelles :
Confidentiel
Elle a pleuré
Solo para mí:
Observación: cansada
Ella lloró mucho
Riservato:
Le mie note:
Lei ha pianto
Vertrouwelijk
Alleen voor mij:
Ze was erg moe
Confidencial:
Minhas notas:
Ela chorou muito
""".strip().splitlines()


def everything_shared(parsed: ParsedNote) -> str:
    actions = [text for action in parsed.actions for text in (action.text, *action.steps, action.plan, action.why)]
    return "\n".join([*actions, parsed.summary])


@pytest.mark.parametrize("remark", REMARKS)
@pytest.mark.parametrize(
    "block",
    [
        f"Actions:\n{MARKED}",
        f"Actions:\n{MARKED}\n",
        f"Actions:\n{UNMARKED}",
        f"Actions:\n{UNMARKED}\n",
        "Actions\n\nCall Sam\n\nBook the GP\n\n",
    ],
    ids=["bullets", "bullets-gap", "lines", "lines-gap", "paragraphs"],
)
def test_remark_below_the_actions_stays_private(block: str, remark: str) -> None:
    parsed = note(f"{block}{remark}\n")
    assert texts(parsed) == TWO
    assert remark.strip("*[] ") in parsed.notes


@pytest.mark.parametrize("remark", [*REMARKS, "To watch: divorce", "---", "Jane: anxious, drinks"])
def test_remark_below_the_summary_stays_private(remark: str) -> None:
    parsed = note(f"Summary:\n{SUMMARY}\n\n{remark}\nshe drinks\n\nActions:\n{MARKED}")
    assert (parsed.summary, texts(parsed)) == (SUMMARY, TWO)
    assert "she drinks" in parsed.notes


@pytest.mark.parametrize(
    "lines",
    [
        "- Call Sam\n(she was reluctant)\n- Book the GP",
        "- Call Sam\n  (she was reluctant)\n- Book the GP",
        "- Call Sam\n  she was reluctant\n- Book the GP",
        "- Call Sam\n  - she was reluctant\n- Book the GP",
        "- Call Sam\n- she was reluctant\n- Book the GP",
        "- Call Sam\n- Jane was reluctant\n- Book the GP",
        "- Call Sam\n- (private) reluctant\n- Book the GP",
        "- Call Sam\n- Private: reluctant\n- Book the GP",
        "- Call Sam\n- Book the GP\n\n- she was reluctant",
        "- Call Sam\n- she remains reluctant\n- Book the GP",
        "- Call Sam\n- her mother is reluctant\n- Book the GP",
        "- Call Sam\n- Client appeared reluctant\n- Book the GP",
        "- Call Sam\n- seemed reluctant today\n- Book the GP",
        "- Call Sam\n- I think she is reluctant\n- Book the GP",
        "- Call Sam\n- I noticed her reluctant face\n- Book the GP",
        "- Call Sam\n- My hunch: reluctant\n- Book the GP",
        "- Call Sam\n- Jane's husband remained reluctant\n- Book the GP",
        "- Call Sam\n- elle a pleuré, reluctant\n- Book the GP",
        "- Call Sam\n- estaba reluctant\n- Book the GP",
        "- Call Sam\n- Jane war zu reluctant\n- Book the GP",
        "Call Sam\n(she was reluctant)\nBook the GP",
        "Call Sam\nBook the GP\nseemed reluctant today",
        "Call Sam\nBook the GP\nClient appeared reluctant",
    ],
)
def test_observation_between_the_items_stays_private_and_the_list_goes_on(lines: str) -> None:
    parsed = note(f"Actions:\n{lines}\n")
    assert texts(parsed) == TWO
    assert "reluctant" not in everything_shared(parsed)
    assert "reluctant" in parsed.notes


def test_observation_in_a_list_of_html_stays_private() -> None:
    html = "<p>Actions</p><ul><li>Call Sam</li><li><i>she was reluctant</i></li><li>Book the GP</li></ul>"
    assert texts(note(html=html)) == TWO


@pytest.mark.parametrize(
    ("line", "actions", "summary"),
    [
        ("Actions: call Sam; book the GP. She drinks.", ["call Sam", "book the GP."], ""),
        ("Actions: call Sam. Notes: drinks", ["call Sam."], ""),
        ("Actions: call Sam. NB: drinks", ["call Sam."], ""),
        ("Summary: You did well. Private: drinks. Actions: call Sam", ["call Sam"], SUMMARY),
        ("She drinks. Actions: call Sam; book the GP", ["call Sam", "book the GP"], ""),
    ],
)
def test_private_sentence_on_the_same_line_stays_private(line: str, actions: list[str], summary: str) -> None:
    parsed = note(line)
    assert (texts(parsed), parsed.summary) == (actions, summary)
    assert "drinks" in parsed.notes.lower()


def test_column_of_remarks_stays_private() -> None:
    parsed = note("Actions:\nAction\tDue\tNotes\nCall Sam\tFriday\tshe drinks\nBook the GP\t\tlow\n")
    assert texts(parsed) == ["Call Sam, by Friday", "Book the GP"]
    assert parsed.notes == "Call Sam: she drinks\nBook the GP: low"


@pytest.mark.parametrize(
    "heading",
    [
        "Last week's homework:",
        "Homework from last week:",
        "Previous actions:",
        "Actions since last session:",
        "Homework review:",
        "Her homework:",
        "Hausaufgaben vom letzten Mal:",
        "Devoirs de la dernière fois :",
        "Tareas de la semana pasada:",
        "Compiti della volta scorsa:",
        "Huiswerk van vorige week:",
        "Tarefas da semana passada:",
        "Private actions:",
        "My summary:",
        "Summary for me:",
        "Summary (private):",
        "Summary (not shared):",
        "Summary (for my file):",
    ],
)
def test_list_that_looks_back_or_is_the_coachs_is_given_to_nobody(heading: str) -> None:
    parsed = note(f"{heading}\n- Log the sleep\n\nActions:\n{MARKED}")
    assert (texts(parsed), parsed.summary) == (TWO, "")
    assert "Log the sleep" in parsed.notes


@pytest.mark.parametrize(
    "line",
    [
        "Homework: not done",
        "- Homework: not done",
        "Homework: she didn't do it",
        "Homework: Jane forgot it again",
        "Actions: he refused all of them",
        "Hausaufgaben: nicht gemacht",
        "Devoirs : pas faits",
    ],
)
def test_report_of_the_last_homework_is_no_new_one(line: str) -> None:
    assert texts(note(f"{line}\n\nActions:\n{MARKED}")) == TWO
    assert texts(note(line)) == []


@pytest.mark.parametrize(
    "prose",
    [
        "Actions speak louder than words.",
        "To do this she needs time: a lot of it",
        "Next steps are scary: she fears her boss",
        "For me this was a good hour.",
        "For you and me this is new.",
        "Summary judgement is her thing.",
        "We talked about homework: why it fails",
        "Practice for the exam went well",
        "Coach and client laughed.",
        "Commitment is hard for him",
        "Next steps? None really, she was tired.",
        "We agreed she would rest.",
        "Anna:\nHow was it?",
    ],
)
def test_prose_that_begins_like_a_heading_opens_nothing(prose: str) -> None:
    parsed = note(f"{prose}\n- fear\n- anger\n")
    assert (parsed.summary, parsed.coach_actions) == ("", ())
    assert [kind.value for kind in kinds(parsed)] == ["no-actions"]


# Actions that begin like something private.
ACTIONS = """
Ask Jane's boss for a date
Tell your mother you were wrong
Call Tom, he was asking for you
Jane to call Sam
Jane will call Sam
I will call Sam by Friday
We meet on Monday at 9
Share the article with Sam
Have a conversation with Sam
Practice every day
Practice saying no
Task Sam with the report
Note three wins each evening
Write what was said
Walk: ten minutes every day
Sam: call him
Sie rufen Sam an
Ihre Mutter anrufen
Lei chiama Sam
""".strip().splitlines()
MARKED_ACTIONS = [
    *ACTIONS,
    *"""
Private lessons: book one by Friday
Not for long: walk five minutes
She will book the GP
She calls Sam by Friday
I notice three things a day
Jane's CV updated by Friday
Refused letter: send it again
Client meeting: prepare three questions
Observation: note three things every evening
Mood: log it every evening
Goals: write three
Homework: chapter 3
Summary of the book: write one page
Plan: draft it by Friday
When you get home, call Sam
Call Sam (she was ill last week)
""".strip().splitlines(),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_action_that_begins_like_a_remark_is_one(action: str) -> None:
    assert texts(note(f"Actions:\nCall Sam\n{action}\nBook the GP\n")) == ["Call Sam", action, "Book the GP"]


@pytest.mark.parametrize("action", MARKED_ACTIONS)
def test_item_that_begins_like_a_remark_is_an_action(action: str) -> None:
    assert texts(note(f"Actions:\n- Call Sam\n- {action}\n- Book the GP\n")) == ["Call Sam", action, "Book the GP"]


@pytest.mark.parametrize(
    "summary",
    [
        "You want the job, and you know why.\nYou said no to Sam.",
        "You want the job.\n\nYou said no to Sam.",
        "- You said no twice\n- You slept better",
        "Sie haben viel erreicht.\n\nSie wissen, was Sie wollen.",
        "Jane explored her goals.\n\nShe wants the job.",
        "It was a good hour.\nIt was brave.",
    ],
)
def test_summary_is_shared_whole(summary: str) -> None:
    assert note(f"She cried.\n\nSummary:\n{summary}\n\nActions:\n- Call Sam\n").summary == summary
