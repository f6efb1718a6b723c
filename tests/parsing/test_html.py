"""HTML of the mail programs -> lines. Each test names the program whose way of writing it shows."""

from __future__ import annotations

import pytest

from mailflow.parsing.html import MAX_DEPTH, to_lines
from mailflow.parsing.lines import Marker


def seen(html: str) -> list[tuple[int, Marker, str]]:
    return [(line.indent, line.marker, line.text) for line in to_lines(html) if line.text]


def fresh(html: str) -> list[str]:
    return [line.text for line in to_lines(html) if line.text and not line.quoted]


def test_nested_lists_keep_their_depth() -> None:
    assert seen("<ul><li>Book<ol><li>ask</li></ol></li><li>Call</li></ul>") == [
        (0, Marker.BULLET, "Book"),
        (4, Marker.NUMBER, "ask"),
        (0, Marker.BULLET, "Call"),
    ]


def test_list_inside_a_list_without_an_item_is_nested_too() -> None:
    """Gmail's indent button."""
    assert seen("<ul><li>Book</li><ul><li>ask</li></ul></ul>") == [
        (0, Marker.BULLET, "Book"),
        (4, Marker.BULLET, "ask"),
    ]


def test_outlook_paragraphs_are_list_items() -> None:
    item = (
        "<p class=MsoListParagraph style='margin-left:{}in;mso-list:l0 level{} lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>{}<o:p></o:p></p>"
    )
    html = item.format(".5", 1, "·", "Book") + item.format("1.0", 2, "1.", "ask") + item.format(".5", 1, "·", "Call")
    assert seen(html) == [(0, Marker.BULLET, "Book"), (4, Marker.NUMBER, "ask"), (0, Marker.BULLET, "Call")]


def test_outlook_paragraphs_without_their_style_keep_marker_and_margin() -> None:
    """Webmail strips mso-list."""
    html = (
        "<p class='MsoListParagraph' style='margin-left:36pt'>·&nbsp;&nbsp;&nbsp;Book</p>"
        "<p class='MsoListParagraph' style='margin-left:72pt'>o&nbsp;&nbsp;&nbsp;ask</p>"
    )
    assert seen(html) == [(4, Marker.BULLET, "Book"), (8, Marker.BULLET, "ask")]


@pytest.mark.parametrize(
    ("html", "ticked"),
    [
        ("<input type=checkbox> Call", False),
        ("<input type=checkbox checked> Call", True),
        ("<ul><li><input type='checkbox' checked>Call</li></ul>", True),
        ("<ul><li data-checked='true'>Call</li></ul>", True),
        ("<ul><li>☐ Call</li></ul>", False),
        ("<div>☑ Call</div>", True),
        ("<table><tr><td>☐</td><td>Call</td></tr></table>", False),
    ],
)
def test_checkboxes_keep_their_tick(html: str, ticked: bool) -> None:
    (line,) = [line for line in to_lines(html) if line.text]
    assert (line.marker, line.ticked, line.text) == (Marker.CHECKBOX, ticked, "Call")


def test_a_line_is_a_div_or_ends_in_a_break() -> None:
    assert [line.text for line in to_lines("<div>One</div><div><br></div><div>two<br>three</div>")] == [
        "One",
        "",
        "two",
        "three",
    ]


def test_source_line_breaks_are_spaces() -> None:
    assert seen("<p>Call\n   Sam</p>") == [(0, Marker.NONE, "Call Sam")]


def test_preformatted_text_keeps_its_lines() -> None:
    assert seen("<pre>Actions:\n- Book\n  - ask</pre>") == [
        (0, Marker.NONE, "Actions:"),
        (0, Marker.BULLET, "Book"),
        (2, Marker.BULLET, "ask"),
    ]


@pytest.mark.parametrize(("spaces", "indent"), [("&nbsp; &nbsp;", 3), ("&nbsp; ", 2), ("\n  &nbsp;\n  ", 2)])
def test_spaces_that_do_not_break_are_indent(spaces: str, indent: int) -> None:
    assert seen(f"<div>- Book</div><div>{spaces}- ask</div>") == [
        (0, Marker.BULLET, "Book"),
        (indent, Marker.BULLET, "ask"),
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<b>Actions</b>",
        "<h3>Actions</h3>",
        "<span style='font-weight:700'>Actions</span>",
        "<u>Actions</u>",
        "<b>Actions</b>:",
    ],
)
def test_line_that_is_bold_as_a_whole_is_a_heading(html: str) -> None:
    (line,) = [line for line in to_lines(f"<div>{html}</div>") if line.text]
    assert line.heading


def test_line_with_a_bold_word_is_none() -> None:
    assert not to_lines("<div>Call <b>Sam</b></div>")[0].heading


def test_link_keeps_where_it_leads() -> None:
    assert (
        seen('<p>Read <a href="https://a.example/x">this article</a></p>')[0][2]
        == "Read this article (https://a.example/x)"
    )
    assert seen('<p>Read <a href="https://a.example/">a.example</a></p>')[0][2] == "Read a.example"


@pytest.mark.parametrize(
    "unseen",
    [
        "<style>p{}</style>",
        "<!-- no -->",
        "<script>x()</script>",
        "<!--[if mso]><p>no</p><![endif]-->",
        "<![CDATA[no]]>",
        "<div style='display:none'>no</div>",
        "<h3 style='DISPLAY: none'>no</h3>",
        "<div style='visibility:hidden'>no</div>",
        "<div style='mso-hide:all'>no</div>",
        "<div style='opacity:0;'>no</div>",
        "<div style='max-height:0px;overflow:hidden'>no</div>",
        "<span style='font-size:0px;line-height:0'>no</span>",
    ],
)
def test_what_nobody_sees_is_not_read(unseen: str) -> None:
    assert seen(f"{unseen}<p>Call</p>") == [(0, Marker.NONE, "Call")]
    assert not to_lines(f"{unseen}<p>Call <b>Sam</b></p>")[-1].heading


@pytest.mark.parametrize("tag", ["s", "strike", "del"])
def test_what_was_struck_out_is_not_read(tag: str) -> None:
    html = f"<ul><li><{tag}>Ask for a raise</{tag}></li><li>Call <{tag}>Tom</{tag}> Sam</li></ul>"
    assert seen(html) == [(0, Marker.BULLET, "Call Sam")]


def test_text_given_its_size_back_is_seen() -> None:
    """Layouts of tables do that."""
    assert fresh("<table style='font-size:0'><tr><td style='font-size:14px'>Call</td><td>no</td></tr></table>") == [
        "Call"
    ]


@pytest.mark.parametrize(
    "nested",
    [
        '<ul><li aria-level="1">Book</li><li aria-level="2">ask</li></ul>',
        '<ul><li data-aria-level="1">Book</li></ul><div><ul><li data-aria-level="2">ask</li></ul></div>',
        '<ol><li data-list="bullet">Book</li><li class="ql-indent-1">ask</li></ol>',
    ],
    ids=["google-docs", "word-online", "quill"],
)
def test_item_that_only_tells_its_level_is_nested(nested: str) -> None:
    assert [line.indent for line in to_lines(nested) if line.text] == [0, 4]


def test_tabs_of_preformatted_text_are_indent() -> None:
    assert seen("<pre>- Book\n\t- ask</pre>") == [(0, Marker.BULLET, "Book"), (4, Marker.BULLET, "ask")]


def test_marks_of_direction_and_of_no_width_are_no_part_of_the_text() -> None:
    assert seen("<div dir=rtl>\u202bCall\u202c \u2067Sam\u2069\u200b\ufeff</div>") == [(0, Marker.NONE, "Call Sam")]


@pytest.mark.parametrize(
    "quote",
    [
        '<blockquote type="cite">STALE</blockquote>',
        "<blockquote>STALE</blockquote>",
        '<div class="gmail_quote"><div class="gmail_attr">On Monday</div><blockquote>STALE</blockquote></div>',
        '<div class="gmail_quote">---------- Forwarded message<br>STALE</div>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Fra: Jane</div><div>STALE</div>',
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>Fra: x</div>STALE",
        '<div class="yahoo_quoted">STALE</div>',
        '<div class="protonmail_quote">STALE</div>',
        '<div class="moz-cite-prefix">On Monday</div><blockquote type="cite">STALE</blockquote>',
        '<hr id="stopSpelling">Date: x<br>STALE',
        '<div name="quote">STALE</div>',
        '<div name="messageReplySection">On Monday<div>STALE</div></div>',
        '<hr data-marker="__DIVIDER__"><div>STALE</div>',
        "<div>&gt; STALE</div>",
        '<div class="ydp1a2yahoo_quoted">STALE</div>',
        '<div class="x_protonmail_quote">STALE</div>',
        '<div id="x_divRplyFwdMsg">Fra: Jane</div><div>STALE</div>',
        '<hr id="zwchr"><br>STALE',
        '<hr id="replySplit"><div>STALE</div>',
        '<div id="isForwardContent">STALE</div>',
        '<div id="reply139content">STALE</div>',
        '<div id="qt">STALE</div>',
        '<div class="moz-forward-container">STALE</div>',
        '<blockquote class="tutanota_quote" style="border-left: 1px solid">STALE</blockquote>',
        '<blockquote style="BORDER-LEFT: #000000 2px solid">STALE</blockquote>',
    ],
)
def test_quote_of_every_mail_program_is_quoted(quote: str) -> None:
    assert fresh(f"<div>Call Sam</div>{quote}") == ["Call Sam"]


def test_answer_below_gmails_quote_is_fresh() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Monday</div>'
        '<blockquote class="gmail_quote">STALE</blockquote><div>Call Sam</div></div><div>Book</div>'
    )
    assert fresh(html) == ["Call Sam", "Book"]


def test_answer_below_roundcubes_quote_is_fresh() -> None:
    html = '<p id="reply-intro">Am 24.11. schrieb Jane:</p><blockquote type="cite">STALE</blockquote><p>Call Sam</p>'
    assert fresh(html) == ["Call Sam"]


@pytest.mark.parametrize(
    "opening",
    [
        '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">',
        '<blockquote class="webkit-indent-blockquote" style="margin:0">',
    ],
)
def test_indenting_is_no_quoting(opening: str) -> None:
    assert fresh(f"{opening}<div>Call Sam</div></blockquote>") == ["Call Sam"]


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<b>"])
def test_nesting_without_end_is_cut_and_what_stands_above_is_read(tag: str) -> None:
    lines = to_lines("<p>Call Sam</p>" + tag * 50 * MAX_DEPTH + "x")
    assert [line.text for line in lines if line.text] == ["Call Sam"]


def test_deep_but_possible_nesting_is_read() -> None:
    assert fresh("<div>" * (MAX_DEPTH - 1) + "Call Sam") == ["Call Sam"]


def test_what_follows_a_tag_with_too_many_attributes_is_read() -> None:
    crowded = "<p " + " ".join(f'a{number}=">"' for number in range(20_000)) + ">"
    assert to_lines(f"{crowded}<p>Call Sam</p>")[-1].text == "Call Sam"
