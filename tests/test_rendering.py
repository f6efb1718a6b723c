from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailflow.errors import TemplateProblem
from mailflow.model import Advice, AdviceKind, Answer, OutboundKind, OutboundState
from mailflow.rendering import (
    NIGHT,
    PAPER,
    Renderer,
    contrast,
    day_words,
    first_name,
    known_language,
    one_line,
    quoted,
    readable,
)
from mailflow.rules.advice import ReviewAdvice
from mailflow.views.pages import FreshPage, MessagePage, NotMeantPage, PastSession, ReviewPage
from tests.looks import (
    ACTION,
    ANSWERED,
    CANDIDATES,
    CLIENT_REPLY,
    EDIT,
    EMAILS,
    FRESH_LINK,
    HISTORY,
    HOMEWORK,
    HOSTILE,
    LAST,
    LETTERS,
    LONG_REVIEW,
    MORNING,
    MOVED_REVIEW,
    NO_ACTIONS,
    NO_NOTES_YET,
    NOT_MEANT_MAIL,
    NOTE,
    NUDGE,
    OPTED_OUT,
    PAGES,
    QUESTION,
    RECEIPT,
    REVIEW,
    SETTLED_REVIEW,
    UNDELIVERED,
    UNPROVEN,
    UNREAD,
    WALK,
    browser,
    rendered,
    with_buttons,
)

RENDERER = Renderer()
LANGUAGES = ("en", "de")
every_email = pytest.mark.parametrize("name", EMAILS)
every_page = pytest.mark.parametrize("name", PAGES)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def parsed(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def page(name: str, view: object) -> LexborHTMLParser:
    return parsed(RENDERER.page(name, view))


def first(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found, selector
    return found


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def text_of(tree: LexborHTMLParser) -> str:
    assert tree.body
    return " ".join(tree.body.text(separator=" ").split())


def links(tree: LexborHTMLParser) -> list[str]:
    return [node.attributes["href"] or "" for node in tree.css("a")]


def values(tree: LexborHTMLParser, selector: str, attribute: str = "value") -> list[str | None]:
    return [node.attributes[attribute] for node in tree.css(selector)]


# --- Every email -----------------------------------------------------------------------------


@every_language
@every_email
def test_both_bodies_say_the_same(name: str, language: str) -> None:
    kind, view = EMAILS[name]
    email = RENDERER.email(kind, view, language)
    tree = parsed(email.html)
    first(tree, ".preheader").decompose()
    addresses = re.findall(r"https://mailflow\.example\S+", email.text)
    assert addresses == links(tree)
    assert words(re.sub(r"https://mailflow\.example\S+", "", email.text)) == words(text_of(tree))


@every_language
@every_email
def test_email_is_made_for_mail_programs(name: str, language: str) -> None:
    kind, view = EMAILS[name]
    html = RENDERER.email(kind, view, language).html
    tree = parsed(html)
    assert first(tree, "html").attributes["lang"] == language
    first(tree, 'meta[name="viewport"]')
    assert first(tree, 'meta[name="color-scheme"]').attributes["content"] == "light dark"
    assert all(table.attributes.get("role") == "presentation" for table in tree.css("table"))
    assert not tree.css("img, script, link, iframe, form, svg, [onerror], [onclick]")
    assert len(tree.css("style")) == 1
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 480px" in html
    assert all("style" in cell.attributes for cell in tree.css("td.card, td.answer, td.primary, h1"))
    assert len(html.encode()) < 100_000  # Gmail clips a message at 102 kB


@every_language
@every_email
def test_subject_is_one_line_that_says_something(name: str, language: str) -> None:
    kind, view = EMAILS[name]
    subject = RENDERER.email(kind, view, language).subject
    assert subject.isprintable()
    assert 8 < len(subject) < 90


def test_line_breaks_and_reversing_marks_do_not_reach_a_subject() -> None:
    subject = RENDERER.email(
        OutboundKind.QUESTION, replace(QUESTION, subject="a\r\nBcc: b@c.example\u202e\x00")
    ).subject
    assert subject == "Whose session was it? “a Bcc: b@c.example ”"
    assert one_line(" a\u2028b\x85c\t") == "a b c"


@pytest.mark.parametrize("kind", OutboundKind)
def test_text_from_mail_is_never_markup(kind: OutboundKind) -> None:
    hostile = replace(
        LETTERS, text=HOSTILE, plan=HOSTILE, why=HOSTILE, steps=(HOSTILE,), reflection=HOSTILE, obstacle=HOSTILE
    )
    views: dict[OutboundKind, object] = {
        OutboundKind.HOMEWORK: replace(
            HOMEWORK, client_name=HOSTILE, coach_name=HOSTILE, actions=(hostile,), summary=HOSTILE
        ),
        OutboundKind.RECEIPT: replace(
            RECEIPT, client_name=HOSTILE, client_email=HOSTILE, actions=(hostile,), coach_actions=(HOSTILE,)
        ),
        OutboundKind.QUESTION: replace(
            QUESTION, subject=HOSTILE, actions=(hostile,), candidates=(replace(CANDIDATES[0], client_name=HOSTILE),)
        ),
        OutboundKind.UNDELIVERED: replace(UNDELIVERED, client_name=HOSTILE, reason=HOSTILE, actions=(hostile,)),
        OutboundKind.CLIENT_REPLY: replace(
            CLIENT_REPLY, client_name=HOSTILE, sender=HOSTILE, text=HOSTILE, attachments=(HOSTILE,), actions=(hostile,)
        ),
        OutboundKind.OPTED_OUT: replace(OPTED_OUT, client_name=HOSTILE, client_email=HOSTILE, actions=(hostile,)),
        OutboundKind.UNREAD: replace(UNREAD, subject=HOSTILE),
        OutboundKind.UNPROVEN: replace(UNPROVEN, mails=(replace(UNPROVEN.mails[0], sender=HOSTILE, subject=HOSTILE),)),
        OutboundKind.NO_ACTIONS: replace(NO_ACTIONS, subject=HOSTILE, client_name=HOSTILE),
        OutboundKind.REVIEW: replace(REVIEW, client_name=HOSTILE, agreed=(hostile,), coach_actions=(HOSTILE,)),
        OutboundKind.MORNING: replace(
            MORNING,
            reviews=(replace(MOVED_REVIEW, client_name=HOSTILE, agreed=(hostile, replace(hostile, news="new"))),),
        ),
        OutboundKind.NUDGE: replace(NUDGE, coach_name=HOSTILE, client_name=HOSTILE, actions=(hostile,)),
        OutboundKind.NOT_MEANT: replace(NOT_MEANT_MAIL, client_name=HOSTILE, client_email=HOSTILE, actions=(hostile,)),
        OutboundKind.FRESH_LINK: replace(FRESH_LINK, client_name=HOSTILE, coach_name=HOSTILE),
        OutboundKind.NO_NOTES: replace(NO_NOTES_YET, client_names=(HOSTILE,)),
    }
    email = RENDERER.email(kind, views[kind])
    tree = parsed(email.html)
    assert not tree.css("script, img, [onerror]")
    assert not any(href.startswith("javascript:") for href in links(tree))
    for body in (email.text, text_of(tree)):
        assert "<script>alert(1)</script>" in body
        assert "{{ 7*7 }} %(name)s {0}" in body


def test_hostile_text_on_pages_is_never_markup() -> None:
    hostile = replace(LETTERS, text=HOSTILE, reflection="</textarea>" + HOSTILE, obstacle='"><script>x</script>')
    for tree in (
        page("action", replace(ACTION, action=hostile, form_id='"><script>', coach_name=HOSTILE)),
        page("homework", replace(HOMEWORK, actions=(hostile,), summary=HOSTILE)),
        page(
            "note",
            replace(NOTE, subject=HOSTILE, actions=(hostile,), candidates=(replace(CANDIDATES[0], value=HOSTILE),)),
        ),
        page("review", ReviewPage(replace(REVIEW, agreed=(hostile,), client_name=HOSTILE), "")),
        *(page(*PAGES[name]) for name in PAGES if name.endswith("-hostile")),
        page("fresh", FreshPage(HOSTILE, 30)),
        page("not_meant", NotMeantPage(HOSTILE)),
        page(
            "history",
            replace(
                HISTORY, coach_name=HOSTILE, open=(hostile,), sessions=(PastSession(LAST.date(), HOSTILE, (hostile,)),)
            ),
        ),
    ):
        assert not tree.css("script, img, [onerror]")
        assert not any(href.startswith("javascript:") for href in links(tree))


# --- Each email ------------------------------------------------------------------------------


def test_homework_has_three_answer_links_for_each_action() -> None:
    tree = parsed(RENDERER.email(OutboundKind.HOMEWORK, HOMEWORK).html)
    for action in (*HOMEWORK.actions, *HOMEWORK.carried):
        wanted = [action.url, *(f"{action.url}?answer={answer}" for answer in ("done", "partly", "not_done"))]
        assert [href for href in links(tree) if href.startswith(action.url)] == wanted


def test_homework_says_who_sees_the_answers_and_when() -> None:
    text = RENDERER.email(OutboundKind.HOMEWORK, HOMEWORK).text
    assert "Anna sees your answers before your next session on Tuesday 1 December at 10:00." in text
    assert "“Not done”, with what got in the way, is an answer worth as much as “Done”." in text
    assert "“2: not done, no time”. Anything else you write reaches Anna." in text


def test_homework_whose_replies_go_to_the_coach_promises_no_more() -> None:
    text = RENDERER.email(OutboundKind.HOMEWORK, replace(HOMEWORK, answers_by_mail=False)).text
    assert "Reply to this mail and it reaches Anna." in text
    assert "1: done" not in text


def test_homework_without_a_next_session_promises_no_date() -> None:
    email = RENDERER.email(OutboundKind.HOMEWORK, replace(HOMEWORK, next_session_at=None, session_at=None))
    assert email.subject == "Your homework"
    assert "Anna sees your answers before your next session.\n" in email.text


def test_receipt_says_for_whom_why_and_when() -> None:
    text = RENDERER.email(OutboundKind.RECEIPT, RECEIPT).text
    assert "It goes on Monday 23 November at 10:32." in text
    assert "To: Jane Doe jane@client.example" in text
    assert "Session: Monday 23 November at 09:00" in text
    assert "Why: Because it is your only session today without notes." in text


def test_receipt_shows_every_due_day_and_how_it_was_understood() -> None:
    text = RENDERER.email(OutboundKind.RECEIPT, RECEIPT).text
    assert "By Tuesday 1 December\n   I took “next Tuesday” as Tuesday 1 December.\n" in text
    assert "Before your next session: Tuesday 1 December" in text
    assert "No due date" in text


def test_receipt_says_once_that_the_list_is_long_and_only_then() -> None:
    long = replace(RECEIPT, too_many=Advice(AdviceKind.TOO_MANY))
    assert RENDERER.email(OutboundKind.RECEIPT, long).text.count("long list") == 1
    assert "long list" not in RENDERER.email(OutboundKind.RECEIPT, RECEIPT).text


def test_receipt_shows_the_action_as_two_and_not_as_markup() -> None:
    action = replace(WALK, text="Call <b>Sam</b> and book the GP", advice=(Advice(AdviceKind.TWO_IN_ONE, "and book"),))
    email = RENDERER.email(OutboundKind.RECEIPT, replace(RECEIPT, actions=(action,)))
    assert "“Call <b>Sam</b>\n   Book the GP”" in email.text
    assert "“Call &lt;b&gt;Sam&lt;/b&gt;<br>Book the GP”" in email.html


def test_question_says_that_nothing_was_sent_and_has_a_link_for_each_candidate() -> None:
    email = RENDERER.email(OutboundKind.QUESTION, QUESTION)
    assert "nothing has been sent to anybody" in email.text
    assert links(parsed(email.html)) == [*(candidate.url for candidate in CANDIDATES), QUESTION.choose_url]


def test_no_actions_shows_an_example_that_can_be_copied() -> None:
    email = RENDERER.email(OutboundKind.NO_ACTIONS, NO_ACTIONS)
    example = first(parsed(email.html), "pre").text().strip()
    assert example.startswith("Actions:\n- ")
    assert example in email.text


def test_review_quotes_the_client_line_by_line() -> None:
    agreed = (replace(REVIEW.agreed[0], reflection="One.\n\nTwo <b>.\n"),)
    email = RENDERER.email(OutboundKind.REVIEW, replace(REVIEW, agreed=agreed))
    assert "   > One.\n   >\n   > Two <b>.\n" in email.text
    assert "One.<br><br>Two &lt;b&gt;." in email.html
    assert quoted("a\nb") == "> a\n> b"


def test_review_says_that_no_answer_is_not_the_same_as_not_done_where_one_is_missing() -> None:
    remark = "“No answer yet” is not the same as “Not done”."
    assert remark in RENDERER.email(OutboundKind.REVIEW, LONG_REVIEW).text
    assert remark not in RENDERER.email(OutboundKind.REVIEW, REVIEW).text
    nobody = replace(REVIEW, agreed=(WALK,), advice=ReviewAdvice.ASK)  # the advice says it already
    assert remark not in RENDERER.email(OutboundKind.REVIEW, nobody).text


# --- Every page ------------------------------------------------------------------------------


@every_language
@every_page
def test_page_needs_nothing_that_the_content_security_policy_forbids(name: str, language: str) -> None:
    template, view = PAGES[name]
    html = RENDERER.page(template, view, language)
    tree = parsed(html)
    assert not tree.css("script, style, [style], img, iframe, base")
    assert values(tree, "link", "href") == ["/static/style.css"]
    assert not [node for node in tree.css("*") if any(key.startswith("on") for key in node.attributes)]
    assert first(tree, "html").attributes["lang"] == language
    assert len(tree.css("h1")) == 1
    assert len(html.encode()) + len(RENDERER.stylesheet().encode()) < 30_000


def test_stylesheet_loads_nothing_from_elsewhere() -> None:
    assert not re.search(r"url\(|@import|https?:", RENDERER.stylesheet())


@every_page
def test_every_form_posts_to_the_page_it_is_on(name: str) -> None:
    template, view = PAGES[name]
    for form in page(template, view).css("form"):
        assert form.attributes["method"] == "post"
        assert form.attributes["action"] == ("?" if form.css("textarea") else ""), "see pages/action.html"


# --- Each page -------------------------------------------------------------------------------


def test_action_page_preselects_the_answer_of_the_link() -> None:
    tree = page("action", ACTION)
    assert values(tree, "input[name=answer]") == ["done", "partly", "not_done"]
    assert values(tree, "input[checked]") == ["partly"]
    assert values(tree, "input[name=form_id]") == ["f0rm"]
    assert values(tree, "textarea", "name") == ["reflection", "obstacle"]
    assert len(tree.css("button")) == 1


def test_action_page_asks_how_useful_it_was_and_nobody_has_to_say() -> None:
    tree = page("action", ACTION)
    assert values(tree, "input[name=usefulness]") == ["0", "1", "2", "3", "4"]
    assert not tree.css("input[name=usefulness][checked], input[required]")
    said = page("action", replace(ACTION, action=replace(LETTERS, usefulness=0)))
    assert values(said, "input[name=usefulness][checked]") == ["0"]


@pytest.mark.parametrize("number", range(5))
def test_coach_reads_how_useful_it_was_in_the_review_and_on_its_page(number: int) -> None:
    review = replace(REVIEW, agreed=(replace(WALK, answer=Answer.DONE, usefulness=number),))
    said = f"Useful: {number} of 4"
    assert said in RENDERER.email(OutboundKind.REVIEW, review).text
    assert said in text_of(page("review", ReviewPage(review, "")))
    assert "Useful" not in RENDERER.email(OutboundKind.REVIEW, replace(REVIEW, agreed=(WALK,))).text


def test_action_page_keeps_what_was_typed_when_no_answer_was_chosen() -> None:
    typed = replace(LETTERS, reflection="\n two lines\nof it", obstacle="none")
    tree = page("action", replace(ACTION, action=typed, chosen=None, error=True))
    first(tree, "[role=alert]")
    assert not tree.css("input[checked]")
    assert first(tree, "textarea").text() == "\n two lines\nof it"


def test_saved_page_says_who_sees_it_and_lists_what_is_left() -> None:
    saved = replace(ACTION, saved=True, action=replace(ANSWERED, url=LETTERS.url))
    tree = page("action", saved)
    assert "Anna sees this before your next session on Tuesday 1 December at 10:00" in text_of(tree)
    assert links(tree) == [LETTERS.url, *(other.url for other in saved.others), saved.all_url]
    assert not tree.css("form")
    assert "That was everything" in text_of(page("action", replace(saved, others=())))


def test_action_page_is_read_only_once_the_session_has_begun() -> None:
    tree = page("action", replace(ACTION, action=ANSWERED, editable=False))
    assert not tree.css("form, input, textarea, button")
    assert ANSWERED.reflection in text_of(tree)


@pytest.mark.parametrize(
    ("state", "wanted", "buttons"),
    [
        (OutboundState.WAITING, "send", ["send", "hold", "choose"]),
        (OutboundState.WAITING, "choose", ["choose"]),
        (OutboundState.HELD, "", ["send", "release", "choose"]),
        (OutboundState.SENT, "send", []),
        (OutboundState.CANCELLED, "", []),
        (None, "choose", ["choose"]),
    ],
)
def test_note_page_offers_what_can_still_be_done(state: OutboundState | None, wanted: str, buttons: list[str]) -> None:
    assert values(page("note", replace(NOTE, state=state, wanted=wanted)), "input[name=do]") == buttons


def test_note_page_preselects_the_candidate_of_the_link() -> None:
    tree = page("note", replace(NOTE, wanted="choose", chosen="s12"))
    assert values(tree, "input[name=candidate]") == ["s11", "s12"]
    assert values(tree, "input[checked]") == ["s12"]


@pytest.mark.parametrize("wanted", ["send", "hold"])
def test_note_page_stresses_the_button_that_the_link_wanted(wanted: str) -> None:
    forms = page("note", replace(NOTE, wanted=wanted)).css("form:has(.primary)")
    assert [first(form, "[name=do]").attributes["value"] for form in forms] == [wanted]


def test_note_page_has_the_advice_of_the_receipt_and_the_form_where_it_can_be_used() -> None:
    tree = page("note", replace(NOTE, too_many=Advice(AdviceKind.TOO_MANY)))
    assert NOTE.edit_url in links(tree)
    assert "“Think about” leaves open what doing it looks like." in text_of(tree)
    assert "This is a long list" in text_of(tree)
    assert not links(page("note", replace(NOTE, edit_url="")))


def test_form_for_actions_has_a_field_for_each_that_has_no_answer() -> None:
    tree = page("edit", EDIT)
    assert values(tree, "textarea", "name") == ["text-1", "text-3", "text-4", "text-5", "summary"]
    assert values(tree, "input[name=keep-2]") == [str(WALK.id)]
    assert values(tree, "[name^=remove]", "name") == ["remove-1", "remove-3"]
    assert first(tree, "textarea").text() == EDIT.rows[0].text
    assert "I took “next Tuesday” as Tuesday 1 December." in text_of(tree)


def test_form_for_actions_that_is_closed_shows_what_was_typed_and_saves_nothing() -> None:
    tree = page(*PAGES["edit-closed"])
    assert first(tree, "textarea").text() == "Call Sam today"
    assert len(tree.css("textarea[readonly]")) == len(tree.css("textarea")) == 2
    assert not tree.css("button")


def test_review_page_has_three_choices_for_what_can_be_settled_and_nothing_else() -> None:
    view = with_buttons(LONG_REVIEW)
    open_ids = [str(action.id) for action in (*view.agreed, *view.carried) if action.answer != Answer.DONE]
    tree = page("review", ReviewPage(view, ""))
    assert values(tree, "input[name=action]") == open_ids
    assert values(tree, "button[name=do]") == ["carry", "drop", "together"] * len(open_ids)
    assert not page("review", ReviewPage(LONG_REVIEW, "")).css("form")


def test_review_page_shows_which_choice_holds_and_what_the_client_said() -> None:
    tree = page("review", PAGES["review-settled"][1])
    held = [node.attributes["value"] for node in tree.css("[aria-pressed=true]")]
    assert held == ["together", "drop", "carry"]
    assert "Answered before: Partly" in text_of(tree)
    assert "Done together" in text_of(parsed(RENDERER.email(OutboundKind.REVIEW, SETTLED_REVIEW).html))


def test_expired_revoked_and_wrong_links_get_one_text() -> None:
    assert "expired, or it was not copied whole" in text_of(page("message", MessagePage("gone")))


# --- The renderer ----------------------------------------------------------------------------


def test_operators_template_goes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "review.txt").write_text("Ours: {{ view.client_name }}")
    email = Renderer(overrides=tmp_path).email(OutboundKind.REVIEW, REVIEW)
    assert email.text == "Ours: Jane Doe\n"
    assert "Agreed on Monday 23 November" in email.html


def test_misspelt_name_in_a_template_is_an_error_and_not_an_empty_place(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    file = tmp_path / "pages" / "message.html"
    file.write_text("<p>\n{{ view.kinf }}")
    with pytest.raises(
        TemplateProblem,
        match=re.escape(f"{file}, line 2, can't be rendered: UndefinedError: ") + ".*no attribute 'kinf'",
    ):
        Renderer(overrides=tmp_path).page("message", MessagePage("gone"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one\n{% if %}", "line 2, can't be rendered: TemplateSyntaxError: Expected an expression"),
        ("{{ view.kind | nonsense }}", "line 1, can't be rendered: TemplateAssertionError: No filter named 'nonsense'"),
        ("\n\n{{ 1 / 0 }}", "line 3, can't be rendered: ZeroDivisionError: division by zero"),
        ("{% include 'missing.html' %}", "line 1, can't be rendered: TemplateNotFound: missing.html"),
    ],
)
def test_a_broken_template_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "pages").mkdir()
    file = tmp_path / "pages" / "message.html"
    file.write_text(text)
    with pytest.raises(TemplateProblem) as broken:
        Renderer(overrides=tmp_path).page("message", MessagePage("gone"))
    assert str(broken.value).startswith(f"{file}, {problem}")


def test_a_template_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "message.html").write_bytes(b"\xff")
    with pytest.raises(
        TemplateProblem, match=r"The template pages/message\.html can't be rendered: UnicodeDecodeError: "
    ):
        Renderer(overrides=tmp_path).page("message", MessagePage("gone"))


def test_unknown_language_falls_back_to_english() -> None:
    assert RENDERER.email(OutboundKind.HOMEWORK, HOMEWORK, "xx") == RENDERER.email(OutboundKind.HOMEWORK, HOMEWORK)
    assert known_language("de-AT") == "de"
    assert known_language("DE_ch") == "de"
    assert known_language("") == "en"


def test_german_homework_is_german() -> None:
    email = RENDERER.email(OutboundKind.HOMEWORK, HOMEWORK, "de")
    assert email.subject == "Deine Aufgaben bis Dienstag, 1. Dezember"
    assert "Bis Freitag, 27. November" in email.text
    assert "Dienstag, 1. Dezember um 10:00 Uhr" in email.text
    assert not words(email.text) & {"your", "session", "agreed"}


def test_days_carry_their_weekday_in_every_language() -> None:
    assert day_words("en")(date(2026, 11, 27)) == "Friday 27 November"
    assert day_words("de")(date(2026, 11, 27)) == "Freitag, 27. November"


def test_moments_are_shown_in_the_zone_they_come_in() -> None:
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    text = RENDERER.email(OutboundKind.REVIEW, replace(REVIEW, session_at=late)).text
    assert "Tuesday 1 December at 23:30" in text


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Jane Doe", "Jane"),
        ("Dr. Jane Doe", "Jane"),
        ("Doe, Jane", "Jane"),
        ("Doe, ", "Doe,"),
        ("Jane", "Jane"),
        ("  ", ""),
        ("", ""),
        ("jane@client.example", ""),
    ],
)
def test_people_are_greeted_by_their_first_name(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


@pytest.mark.parametrize("accent", ["#0f5c55", "#ffcc00", "#ffffff", "#000000", "#B3123D", "#777777"])
def test_any_accent_stays_readable_in_both_modes(accent: str) -> None:
    assert contrast(readable(accent, PAPER), PAPER) >= 4.5
    assert contrast(readable(accent, NIGHT), NIGHT) >= 4.5
    sheet = Renderer(accent=accent).stylesheet()
    ink = re.search(r"--accent-ink: (#\w+)", sheet)
    assert ink
    assert contrast(ink[1], accent) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_all_words_of_the_pages_stand_out_from_what_is_behind_them(dark: bool) -> None:
    light_rules, dark_rules = RENDERER.stylesheet().split("@media (prefers-color-scheme: dark)")
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", light_rules))
    if dark:
        colours |= dict(re.findall(r"--([\w-]+): (#\w{6});", dark_rules))
    pairs = [(ink, paper) for ink in ("ink", "strong", "muted", "accent-text") for paper in ("paper", "desk", "panel")]
    pairs += [("accent-ink", "accent"), ("done-ink", "done"), ("partly-ink", "partly"), ("not-ink", "not")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert contrast(colours["edge"], colours["paper"]) >= 3  # WCAG 2.2, 1.4.11: what shows where a field is


def test_threads_share_a_renderer() -> None:
    fresh = Renderer()
    with ThreadPoolExecutor(4) as pool:
        mails = list(pool.map(lambda _: fresh.email(OutboundKind.HOMEWORK, HOMEWORK), range(40)))
    assert len(set(mails)) == 1


@pytest.mark.parametrize("accent", ["teal", "#fff", "#0f5c55; } body { display: none", ""])
def test_accent_that_is_no_colour_is_refused(accent: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        Renderer(accent=accent)


# --- In a browser ----------------------------------------------------------------------------


@pytest.mark.needs("chromium", "libatomic")
def test_nothing_is_wider_than_a_small_phone(program: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text(RENDERER.stylesheet(), "utf-8")
    with browser(program("chromium")) as chromium:
        screen = chromium.new_page(viewport={"width": 320, "height": 740})
        for language in LANGUAGES:
            for kind, name, html in rendered(RENDERER, language):
                (tmp_path / "page.html").write_text(html.replace("/static/style.css", "style.css"), "utf-8")
                screen.goto((tmp_path / "page.html").as_uri())
                assert screen.evaluate("document.documentElement.scrollWidth") == 320, (language, kind, name)


@pytest.mark.needs("chromium", "libatomic")
@every_language
def test_review_of_two_actions_is_read_on_a_phone_without_scrolling(
    language: str, program: Callable[[str], str]
) -> None:
    with browser(program("chromium")) as chromium:
        screen = chromium.new_page(viewport={"width": 360, "height": 740})
        screen.set_content(RENDERER.email(OutboundKind.REVIEW, REVIEW, language).html)
        assert screen.evaluate("document.querySelector('td.panel').getBoundingClientRect().bottom") <= 740


@pytest.mark.needs("chromium", "libatomic")
def test_obstacle_is_asked_for_unless_the_answer_is_done(program: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text(RENDERER.stylesheet(), "utf-8")
    html = RENDERER.page("action", replace(ACTION, chosen=None)).replace("/static/style.css", "style.css")
    (tmp_path / "page.html").write_text(html, "utf-8")
    with browser(program("chromium")) as chromium:
        screen = chromium.new_page(java_script_enabled=False)
        screen.goto((tmp_path / "page.html").as_uri())
        for answer, asked in (("not_done", True), ("done", False), ("partly", True)):
            screen.check(f"input[value={answer}]")
            assert screen.is_visible("[name=obstacle]") is asked


def test_receipt_promises_nothing_to_a_client_who_wants_no_mail() -> None:
    email = RENDERER.email(OutboundKind.RECEIPT, replace(RECEIPT, opted_out=True))
    for body in (email.text, email.html):
        assert "gets the actions" not in body
        assert "also in the mail" not in body
        assert "Your note stays with you." in body
