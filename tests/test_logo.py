"""The operator's logo: refused with a sentence where it can't be one, in the mail itself, and nothing without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from pathlib import Path

import pytest
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from mailflow.app import open_app
from mailflow.errors import EnvironmentProblem
from mailflow.logo import Logo, load_logo
from mailflow.model import Answer
from mailflow.rendering import Renderer
from mailflow.settings import load_settings
from mailflow.views.emails import FreshLinkView, HomeworkView, NudgeView
from mailflow.web.protection import HEADERS
from mailflow.web.site import create_site
from tests.caniemail import unsupported
from tests.looks import EMAILS, PAGES, SCHEMES, Scheme, browser
from tests.pictures import gif, jpeg, png
from tests.scene import JANE, NOTES, NOW, Scene, note, open_scene, write_settings
from tests.test_caniemail import FALLBACKS

LOGO = Logo(png(440, 96), "png", 440, 96)
WHITE = "rgb(255, 255, 255)"
RENDERER = Renderer(service_name="Berg & Partner", logo=LOGO)
every_email = pytest.mark.parametrize("name", EMAILS)


# --- The file --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [(png(30, 20), "png"), (gif(30, 20), "gif"), (jpeg(30, 20), "jpeg"), (jpeg(30, 20, frame=0xC2), "jpeg")],
)
def test_kind_and_size_are_read_from_the_picture_itself(tmp_path: Path, data: bytes, kind: str) -> None:
    logo = load_logo(written(tmp_path, data))
    assert (logo.kind, logo.width, logo.height) == (kind, 30, 20)
    assert logo.media_type == f"image/{kind}"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is no PNG, JPEG or GIF: mail programs show no other pictures"),
        (b"", "is no PNG, JPEG or GIF"),
        (b"RIFF....WEBPVP8 ", "is no PNG, JPEG or GIF"),
        (png(30, 20) + bytes(100_000), "is larger than 100 kB, and it goes with every mail: make it smaller"),
        (png(30, 20)[:20], "is damaged: its size can't be read"),
        (png(0, 20), "is damaged"),
        (gif(30, 20)[:8], "is damaged"),
        (jpeg(30, 20)[:60], "is damaged"),
        (b"\xff\xd8\xff" + bytes(50), "is damaged"),
        (b"\xff\xd8\xff" + b"\xff" * 50, "is damaged"),
    ],
)
def test_what_can_be_no_logo_is_told_with_what_to_do(tmp_path: Path, data: bytes, words: str) -> None:
    file = written(tmp_path, data)
    with pytest.raises(EnvironmentProblem, match=re.escape(f"The logo {file} {words}")):
        load_logo(file)


def test_logo_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    settings = load_settings(write_settings(tmp_path, templates='logo = "logo.png"'))
    with pytest.raises(EnvironmentProblem, match=r"data/logo\.png can't be read \(No such file or directory\): put it"):
        open_app(settings, create=True)


@pytest.mark.parametrize(
    ("size", "shown"),
    [((440, 96), (220, 48)), ((100, 40), (100, 40)), ((2200, 48), (220, 5)), ((9, 900), (1, 48))],
)
def test_logo_is_never_shown_larger_than_it_is(size: tuple[int, int], shown: tuple[int, int]) -> None:
    assert Logo(b"", "png", *size).shown == shown


def written(folder: Path, data: bytes) -> Path:
    file = folder / "logo"
    file.write_bytes(data)
    return file


# --- In mails --------------------------------------------------------------------------------


@every_email
def test_logo_has_its_size_and_the_name_that_is_read_without_it(name: str) -> None:
    kind, view = EMAILS[name]
    email = RENDERER.email(kind, view)
    (image,) = LexborHTMLParser(email.html).css("img")
    assert image.attributes["src"] == f"cid:{LOGO.content_id}"
    assert (image.attributes["width"], image.attributes["height"]) == ("220", "48")
    sender = view.coach_name if isinstance(view, HomeworkView | NudgeView | FreshLinkView) else "Berg & Partner"
    assert image.attributes["alt"] == sender
    assert email.logo is LOGO


@every_email
def test_both_bodies_say_the_same_with_a_logo(name: str) -> None:
    kind, view = EMAILS[name]
    email = RENDERER.email(kind, view)
    tree = LexborHTMLParser(email.html)
    for hidden in tree.css(".preheader"):
        hidden.decompose()
    assert tree.body
    read = tree.body.text(separator=" ") + " ".join(image.attributes["alt"] or "" for image in tree.css("img"))
    assert words(re.sub(r"https://mailflow\.example\S+", "", email.text)) == words(read)


@every_email
def test_email_with_a_logo_uses_nothing_without_a_fallback(name: str) -> None:
    kind, view = EMAILS[name]
    assert unsupported(RENDERER.email(kind, view).html).keys() - FALLBACKS.keys() == set()


def test_logo_goes_along_in_the_mail_and_nothing_is_fetched(tmp_path: Path) -> None:
    with scene_with_logo(tmp_path) as scene:
        receipt = scene.send_note(note("Actions:\n- Call Sam by Friday\n"))[0]
    plain, related = parts(receipt.headers)
    html, picture = parts(related)
    assert [part.get_content_type() for part in (receipt.headers, plain, related, html, picture)] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert related.get_param("type") == "text/html"
    assert picture["Content-ID"] == f"<{LOGO.content_id}>"
    assert picture["Content-Disposition"] == 'inline; filename="logo.png"'
    assert picture.get_content() == LOGO.data
    assert f'src="cid:{LOGO.content_id}"' in html.get_content()
    assert receipt.raw.isascii()
    assert max(map(len, receipt.raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(("picture", "saved"), [(LOGO.data, True), (png(441, 96), False)])
def test_clients_reply_that_sends_the_logo_back_is_an_answer_and_one_with_another_picture_is_read(
    tmp_path: Path, picture: bytes, saved: bool
) -> None:
    with scene_with_logo(tmp_path) as scene:
        homework = scene.send_homework(note("Actions:\n- Call Sam by Friday\n"))
        mail = EmailMessage(policy=SMTP)
        for name, value in (("From", JANE), ("To", NOTES), ("In-Reply-To", str(homework.headers["Message-ID"]))):
            mail[name] = value
        mail.set_content("1: done")
        mail.add_alternative("<p>1: done</p><blockquote><img src='cid:1@jane'></blockquote>", subtype="html")
        html = mail.get_payload(1)
        assert isinstance(html, EmailMessage)
        html.add_related(picture, "image", "png", cid="<1@jane>", filename="image001.png")
        passed_on = scene.send_note(mail.as_bytes(), NOW + timedelta(hours=1))
        assert [action.answer for action in scene.actions()] == [Answer.DONE if saved else None]
        assert len(passed_on) == (0 if saved else 1)


def parts(message: Message) -> list[EmailMessage]:
    assert isinstance(message, EmailMessage)
    return [part for part in message.iter_parts() if isinstance(part, EmailMessage)]


def test_template_that_shows_no_logo_takes_none_along(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "layout.html").write_text("{% block content %}{% endblock %}")
    kind, view = EMAILS["receipt"]
    assert Renderer(overrides=tmp_path, logo=LOGO).email(kind, view).logo is None


# --- On pages --------------------------------------------------------------------------------


def test_pages_show_the_logo_and_the_policy_lets_no_other_picture_in(tmp_path: Path) -> None:
    with scene_with_logo(tmp_path) as scene:
        client = TestClient(create_site(scene.app))
        page = client.get("/a/nothing")
        (image,) = LexborHTMLParser(page.text).css("img")
        assert image.attributes == {
            "class": "logo",
            "src": "/static/logo.png",
            "width": "220",
            "height": "48",
            "alt": "mailflow",
        }
        assert page.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"] + "; img-src 'self'"
        picture = client.get("/static/logo.png")
        assert (picture.content, picture.headers["Content-Type"]) == (LOGO.data, "image/png")
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert client.get("/static/logo.gif").status_code == 404


def test_without_a_logo_pages_may_show_no_picture_at_all(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        client = TestClient(create_site(scene.app))
        assert "img-src" not in client.get("/a/nothing").headers["Content-Security-Policy"]
        assert client.get("/static/logo.png").status_code == 404


@pytest.mark.needs("chromium", "libatomic")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_logo_fits_any_screen_and_is_on_white(scheme: Scheme, program: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO.data)
    (tmp_path / "style.css").write_text(RENDERER.stylesheet(), "utf-8")
    kind, view = EMAILS["receipt"]
    mail = RENDERER.email(kind, view).html.replace(f"cid:{LOGO.content_id}", "logo.png")
    page = RENDERER.page(*PAGES["action"]).replace("/static/", "")
    with browser(program("chromium")) as chromium:
        for width in (180, 320, 768):
            screen = chromium.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)
            for html, plate in ((mail, "td.plate"), (page, "img.logo")):
                (tmp_path / "page.html").write_text(html, "utf-8")
                screen.goto((tmp_path / "page.html").as_uri())
                assert screen.locator(plate).evaluate("e => getComputedStyle(e).backgroundColor") == WHITE
                assert shape(screen) == pytest.approx(440 / 96, rel=0.05)
                assert screen.evaluate("document.querySelector('img').getBoundingClientRect().right") <= width
            screen.close()


def shape(screen: Page) -> float:
    """Width by height of the picture, without what is around it."""
    found = screen.evaluate(
        """() => { const e = document.querySelector("img.logo"), s = getComputedStyle(e);
        return parseFloat(s.width) / parseFloat(s.height); }"""
    )
    return float(found)


def scene_with_logo(folder: Path) -> AbstractContextManager[Scene]:
    (folder / "data").mkdir()
    (folder / "data" / "logo.png").write_bytes(LOGO.data)
    return open_scene(folder, templates='logo = "logo.png"')


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
