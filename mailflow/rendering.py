"""Template and view in, an email's subject and bodies or a page out.

An operator's template of the same name goes before the shipped one. Text from mail is escaped in everything
that ends in .html; the CSS of emails is written into the elements, because mail programs drop style sheets.
"""

from __future__ import annotations

import colorsys
import gettext
import io
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import css_inline
from babel import Locale
from babel.dates import format_time, match_skeleton, parse_pattern
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
    select_autoescape,
)
from markupsafe import Markup, escape

from mailflow import wording
from mailflow.errors import TemplateProblem
from mailflow.logo import Logo
from mailflow.model import Answer, OutboundKind
from mailflow.rules.matching import Reason
from mailflow.views.emails import ReceiptView
from mailflow.wording import N_

ACCENT = "#0f5c55"
# What accent colours must stand out from: the darkest of the light backgrounds, the lightest of the dark ones.
PAPER, NIGHT = "#f4f2ec", "#262e2c"
PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class RenderedEmail:
    """The words of one email: a subject of one line, and two bodies that say the same. `logo` goes along where the HTML
    shows it."""

    subject: str
    text: str
    html: str
    logo: Logo | None = None


@dataclass(frozen=True)
class Service:
    """What every template knows as `service`.

    Colours are '#rrggbb': `accent` as it was set, `accent_ink` for text on it, `accent_text` readable on light,
    `accent_night` readable on dark. An email shows `logo` as cid:`logo.content_id`, a page from `logo.path`.
    """

    name: str
    language: str
    accent: str
    accent_ink: str
    accent_text: str
    accent_night: str
    logo: Logo | None


class Renderer:
    """Renders every email and page. Safe to share between threads; templates are compiled once a language."""

    def __init__(
        self,
        overrides: Path | None = None,
        service_name: str = "mailflow",
        accent: str = ACCENT,
        logo: Logo | None = None,
    ) -> None:
        """Raises ValueError where the accent isn't '#rrggbb'."""
        _parts(accent)
        self._folders = [folder for folder in (overrides, templates_folder()) if folder]
        self._watch = overrides is not None
        self._name = service_name
        self._accent = accent.lower()
        self.logo = logo
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
        self._environments: dict[str, Environment] = {}

    def email(self, kind: OutboundKind, view: object, language: str = "en") -> RenderedEmail:
        """One email in the reader's language, in English where there is no translation. Raises TemplateProblem."""
        subject = one_line(self._render(f"emails/{kind.value}.subject.txt", language, view))
        text = self._render(f"emails/{kind.value}.txt", language, view)
        # The subject is handed over: what a .txt template says is not escaped where an .html one includes it.
        html = self._render(f"emails/{kind.value}.html", language, view, subject)
        shown = self.logo is not None and f"cid:{self.logo.content_id}" in html
        return RenderedEmail(subject, tidy(text), self._inliner.inline(html), self.logo if shown else None)

    def page(self, name: str, view: object, language: str = "en") -> str:
        """One page as HTML; `name` is that of its template. Raises TemplateProblem."""
        return self._render(f"pages/{name}.html", language, view)

    def stylesheet(self) -> str:
        """The CSS of all pages. Raises TemplateProblem."""
        return self._render("pages/style.css", "en")

    def _render(self, name: str, language: str, view: object = None, subject: str = "") -> str:
        try:
            return self._environment(language).get_template(name).render(view=view, subject=subject)
        except Exception as error:  # whatever an operator's template may run into
            raise TemplateProblem(
                f"{self._place(name, error)} can't be rendered: {type(error).__name__}: {error}"
            ) from error

    def _place(self, name: str, error: Exception) -> str:
        """The template and the line where it went wrong. Jinja writes both into the traceback."""
        places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, TemplateSyntaxError):
            places.append((error.filename or "", error.lineno))
        for file, line in reversed(places):
            if any(Path(file).is_relative_to(folder) for folder in self._folders):
                return f"{file}, line {line},"
        return f"The template {name}"

    def _environment(self, language: str) -> Environment:
        known = known_language(language)
        if known not in self._environments:
            self._environments[known] = self._build(known)
        return self._environments[known]

    def _build(self, language: str) -> Environment:
        environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in self._folders]),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=self._watch,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        catalogue = translations(language)
        environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["service"] = self._service(language)
        environment.globals["answers"] = tuple(Answer)
        environment.globals["not_meant"] = wording.NOT_MEANT
        environment.filters.update(_filters(catalogue, language))
        return environment

    def _service(self, language: str) -> Service:
        return Service(
            name=self._name,
            language=language,
            accent=self._accent,
            accent_ink=max("#ffffff", "#000000", key=partial(contrast, self._accent)),
            accent_text=readable(self._accent, PAPER),
            accent_night=readable(self._accent, NIGHT, 7),
            logo=self.logo,
        )


def templates_folder() -> Path:
    """Where the shipped templates are: inside an installed package, beside it in a checkout."""
    packaged = PACKAGE / "templates"
    return packaged if packaged.is_dir() else PACKAGE.parent / "templates"


def one_line(text: str) -> str:
    """The text on one line, without control characters and without marks that reverse what follows."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", " ", text).split())


def tidy(text: str) -> str:
    """The text with at most one empty line between two others, ending in one newline."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


# --- Languages -------------------------------------------------------------------------------


def known_language(language: str) -> str:
    """The language itself or its base ('de' for 'de-AT') where a translation exists, else 'en'."""
    base = re.split(r"[-_]", language)[0].lower()
    return base if base in languages() else "en"


@cache
def languages() -> frozenset[str]:
    """'en' and every language with a catalogue in translations/."""
    catalogues = (PACKAGE / "translations").glob("*/LC_MESSAGES/messages.po")
    return frozenset({"en", *(catalogue.parent.parent.name for catalogue in catalogues)})


@cache
def translations(language: str) -> gettext.NullTranslations:
    """gettext's catalogue of a known language, compiled in memory from its .po file; the English one is empty."""
    if language == "en":
        return gettext.NullTranslations()
    with (PACKAGE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# --- Filters ---------------------------------------------------------------------------------


def _filters(catalogue: gettext.NullTranslations, language: str) -> dict[str, Callable[..., str]]:
    translate = catalogue.gettext
    day = day_words(language)

    def time(moment: datetime) -> str:
        return format_time(moment, "short", locale=_locale(language))

    def moment(moment: datetime) -> str:
        return translate(N_("%(day)s at %(time)s")) % {"day": day(moment), "time": time(moment)}

    def why(receipt: ReceiptView, name: str) -> str:
        if receipt.reason is Reason.ONLY_SESSION and receipt.session_at is not None:
            return wording.only_session(receipt.session_at.date(), receipt.today, translate, day)
        return wording.reason(receipt.reason, name, translate)

    return {
        "day": day,
        "time": time,
        "moment": moment,
        "due": lambda action: wording.due(action.due, action.due_on, translate, day),
        "due_line": lambda action: wording.due_line(action.due, action.due_on, translate, day),
        "answer": partial(wording.answer, translate=translate),
        "problem": partial(wording.problem, translate=translate),
        "reason": partial(wording.reason, translate=translate),
        "why": why,
        "advice": partial(wording.advice, translate=translate),
        "example": lambda advice, action: wording.advice_example(advice, action.text, action.due, translate, language),
        "ready_example": partial(wording.ready_example, translate=translate),
        "review_advice": partial(wording.review_advice, translate=translate),
        "outbound_state": partial(wording.outbound_state, translate=translate),
        "first_name": first_name,
        "isolated": html_isolated,
        "lines": html_lines,
        "quoted": quoted,
    }


def day_words(language: str) -> wording.DayWords:
    """What puts a day into the words of a known language: 'Friday 27 November', 'Freitag, 27. November'."""
    locale = _locale(language)
    skeletons = locale.datetime_skeletons
    nearest = skeletons[match_skeleton("MMMMEEEEd", skeletons) or "MMMEd"].pattern
    pattern = parse_pattern(re.sub("E+", "EEEE", nearest))
    return lambda day: pattern.apply(day, locale)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def first_name(name: str) -> str:
    """What to greet by: 'Jane' for 'Dr. Jane Doe' and for 'Doe, Jane'; '' for an address or no name at all."""
    if "@" in name:
        return ""
    family, comma, given = name.partition(",")
    words = (given if comma else family).split()
    return next((word for word in words if not word.endswith(".")), name.strip())


def html_lines(text: str) -> Markup:
    """The text, escaped, with its line breaks kept: Outlook knows no `white-space: pre-line`."""
    return Markup("<br>").join(escape(line) for line in text.strip().splitlines())


def html_isolated(text: str) -> Markup | str:
    """What somebody wrote inside a sentence of ours, so that neither turns the other round: a name in Arabic would pull
    along the number beside it. Not <bdi>, which Gmail and Outlook drop. Where there is no text, there is none."""
    return Markup('<span dir="auto">{}</span>').format(text) if text else text


def quoted(text: str, indent: int = 0) -> str:
    """The text with '> ' before each line, as a person quotes in an email."""
    return "\n".join(f"{' ' * indent}> {line}".rstrip() for line in text.strip().splitlines())


# --- Colours ---------------------------------------------------------------------------------


def readable(colour: str, background: str, ratio: float = 4.5) -> str:
    """The colour, made lighter or darker as far as the contrast ratio asks (WCAG 2.2, 1.4.3: 4.5 for text).

    Lighter colours are also less saturated: on dark paper a pure one glares.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    to_white = contrast(background, "#ffffff") > contrast(background, "#000000")
    end, calm = (1.0, saturation * 0.6) if to_white else (0.0, saturation)
    steps = (lightness + (end - lightness) * share / 50 for share in range(1, 51))
    moved = (_hex(colorsys.hls_to_rgb(hue, step, calm)) for step in steps)
    return next(shade for shade in (colour, *moved) if contrast(shade, background) >= ratio)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours by WCAG 2.2: from 1 to 21."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


def _light(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"not a colour such as {ACCENT}: {colour}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
