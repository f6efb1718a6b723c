"""Two notes as they arrive every day: a plain one, and one of 30 kB from Outlook with its styles and a long quote."""

from __future__ import annotations

from textwrap import fill

from bench.cases import EXPECTED, HEADERS, MARKED, QUOTED

HTML_SIZE = 30_000
_HEAD = "From: Anna Berg <anna@coach.example>\nTo: notes@mailflow.example\nSubject: Re: session\nMIME-Version: 1.0\n"
_SENTENCE = "We spoke about the new job, the move and what her brother said when she told him on the phone last week. "
_STYLE = """<style><!--
@font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
@list l0:level1 {mso-level-number-format:bullet; mso-level-text:"-"; margin-left:36.0pt; text-indent:-18.0pt;}
--></style>
"""


def plain_note() -> bytes:
    items = "".join(f"- {text}\n" + "".join(f"  - {step}\n" for step in steps) for text, steps in EXPECTED)
    prose = fill(_SENTENCE * 6, 76)
    quote = "".join(f"> {line}\n" for line in [*QUOTED, "", *prose.split("\n")])
    body = f"{prose}\n\nActions:\n{items}\nBest,\nAnna\n\n{MARKED[0]}\n{quote}"
    return f"{_HEAD}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()


def html_note() -> bytes:
    marker = '<span style="mso-list:Ignore">-<span style="font:7.0pt &quot;Times New Roman&quot;">&nbsp; </span></span>'
    items = "".join(
        f'<p class="MsoListParagraph" style="text-indent:-18.0pt;mso-list:l0 level{level} lfo1">{marker}'
        f'<span lang="EN-GB">{text}<o:p></o:p></span></p>\n'
        for level, text in (
            (level, text) for action, steps in EXPECTED for level, text in [(1, action), *_deeper(steps)]
        )
    )
    rule = '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    header = "<br>\n".join(f"<b>{name}:</b>{value}" for name, _, value in (line.partition(":") for line in HEADERS))
    top = f"{_paragraph(_SENTENCE)}{_paragraph('<b>Actions:</b>')}{items}{_paragraph('Best,<br>Anna')}"
    start = f"<html><head>{_STYLE}</head><body lang=EN-GB><div class=WordSection1>\n"
    head = f"{start}{top}{rule}{_paragraph(header)}</div></div>"
    quote = "".join(_paragraph(line) for line in QUOTED)
    while len(head) + len(quote) < HTML_SIZE:
        quote += _paragraph(_SENTENCE * 2)
    return f"{_HEAD}Content-Type: text/html; charset=utf-8\n\n{head}{quote}</div></body></html>\n".encode()


def _deeper(steps: tuple[str, ...]) -> list[tuple[int, str]]:
    return [(2, step) for step in steps]


def _paragraph(text: str) -> str:
    return f'<p class="MsoNormal"><span lang="EN-GB" style="font-size:11.0pt">{text}<o:p></o:p></span></p>\n'
