"""Transfer encodings that arrive damaged: what stands around the damage is read."""

from __future__ import annotations

import base64

import pytest

from mailflow.parsing.transfer import decode_transfer

TEXT = b"".join(b"- This is line number %d of a list that is long enough\n" % n for n in range(6))
LINES = base64.encodebytes(TEXT).split(b"\n")


def decoded(*lines: bytes) -> tuple[bytes, bool]:
    return decode_transfer(b"\n".join(lines), "base64")


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [b"\r\n".join(LINES)],
        [b"".join(LINES)],
        [line + b" \t" for line in LINES],
        [LINES[0], b"", b"", *LINES[1:]],
        [LINES[0][:7], LINES[0][7:], *LINES[1:]],
        [LINES[0][:30] + b"\0!" + LINES[0][30:], *LINES[1:]],
        [base64.b64encode(TEXT[:50]), base64.b64encode(TEXT[50:])],
        [base64.b64encode(TEXT).rstrip(b"=")],
        [base64.b64encode(TEXT[:-1]).rstrip(b"="), b""],
        [base64.b64encode(TEXT).rstrip(b"=")[at : at + 75] for at in range(0, 500, 75)],
    ],
    ids=[
        "as-is",
        "crlf",
        "one-line",
        "padded",
        "blank-lines",
        "short-line",
        "foreign",
        "two-pieces",
        "bare",
        "bare-1",
        "75",
    ],
)
def test_base64_in_a_strange_form_is_whole(lines: list[bytes]) -> None:
    text, lost = decoded(*lines)
    assert (text.rstrip(), lost) == (TEXT.rstrip(), False)


@pytest.mark.parametrize("at", range(0, 76, 5))
@pytest.mark.parametrize("damage", ["cut out", "written over"])
def test_damage_stays_in_its_line(at: int, damage: str) -> None:
    line = LINES[1][:at] + b"*" * (3 if damage == "written over" else 0) + LINES[1][at + 3 :]
    text, lost = decoded(LINES[0], line[:76], *LINES[2:])
    assert lost
    assert text.startswith(TEXT[:57])
    assert b"[...]" in text
    assert text.endswith(TEXT[114:])


def test_end_that_is_missing_is_no_reason_to_lose_the_rest() -> None:
    text, _ = decoded(*LINES[:3], LINES[3][:41])
    assert text.startswith(TEXT[: 57 * 3 + 30])


def test_text_that_is_no_base64_at_all_is_read_as_it_is() -> None:
    assert decode_transfer(TEXT, "base64") == (TEXT, False)


def test_footer_below_the_data_is_kept_as_text() -> None:
    assert decoded(*LINES, b"_____", b"Notes mailing list") == (TEXT + b"\n_____\nNotes mailing list", False)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Gr=C3=BC=\n=C3=9Fe", b"Gr\xc3\xbc\xc3\x9fe"),
        (b"long =  \nline", b"long line"),
        (b"long =\t\r\nline", b"long line"),
        (b"a = b =ZZ =c3=bc =", b"a = b =ZZ \xc3\xbc "),
    ],
)
def test_quoted_printable_is_read_as_far_as_it_is_any(body: bytes, text: bytes) -> None:
    assert decode_transfer(body, "quoted-printable") == (text, False)
