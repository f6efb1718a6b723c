"""Tokens of links: rebuilt for every mail, and worth nothing when a single character was changed."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.errors import EnvironmentProblem
from mailflow.model import Link, LinkPurpose
from mailflow.tokens import is_genuine, link_id_of, load_key, token_of

ROOT = Path(__file__).parents[1]
KEY = bytes(range(32))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LINK = Link(
    id=bytes(range(100, 116)),
    purpose=LinkPurpose.ACTION,
    subject_id=1,
    client_id=1,
    version=1,
    expires_at=None,
    revoked_at=None,
)
TOKEN = token_of(LINK, KEY)


def test_tokens_are_compared_in_the_same_time_wherever_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    forged = f"{TOKEN[:-1]}!"
    assert not is_genuine(forged, LINK, KEY)
    assert not is_genuine(TOKEN, LINK, KEY), "nothing else decides"
    assert compared == [(forged.encode(), TOKEN.encode()), (TOKEN.encode(), TOKEN.encode())]


def test_token_is_the_same_each_time_and_fits_a_url() -> None:
    assert token_of(LINK, KEY) == TOKEN
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", TOKEN)


def test_token_leads_to_its_link() -> None:
    assert link_id_of(TOKEN) == LINK.id
    assert is_genuine(TOKEN, LINK, KEY)


@pytest.mark.parametrize("position", range(43))
def test_token_with_another_character_opens_nothing(position: int) -> None:
    for character in ALPHABET.replace(TOKEN[position], ""):
        forged = TOKEN[:position] + character + TOKEN[position + 1 :]
        assert not is_genuine(forged, LINK, KEY), f"{character} at {position}"


@pytest.mark.parametrize(
    "other",
    [
        replace(LINK, purpose=LinkPurpose.HOMEWORK),
        replace(LINK, version=2),
        replace(LINK, id=bytes(16)),
        replace(LINK, id=LINK.id[::-1]),
    ],
    ids=["purpose", "version", "id", "id turned round"],
)
def test_token_opens_no_link_of_another(other: Link) -> None:
    assert not is_genuine(TOKEN, other, KEY)
    assert token_of(other, KEY) != TOKEN


def test_token_of_another_key_opens_nothing() -> None:
    assert not is_genuine(token_of(LINK, KEY[::-1]), LINK, KEY)


@pytest.mark.parametrize(
    "text",
    [
        *("", "A", "A" * 42, "A" * 44, "a" * 100_000, "\0" * 43, "ä" * 43, "\udcff" * 43),
        *(f"{TOKEN}=", f"{TOKEN}A", f" {TOKEN}", f"{TOKEN}\n", TOKEN[:-1], f"{TOKEN[:42]}é"),
        *(f"{TOKEN[:20]}{character}{TOKEN[21:]}" for character in "+/\n%.é"),
    ],
    ids=range(20),
)
def test_what_is_no_token_opens_nothing_and_raises_nothing(text: str) -> None:
    assert link_id_of(text) is None or not is_genuine(text, LINK, KEY)


def test_what_is_too_short_or_too_long_has_no_id() -> None:
    assert [link_id_of(text) for text in ("", TOKEN[:-2], TOKEN + "AA", "%" * 43)] == [None] * 4


# --- The key ------------------------------------------------------------------------------------


def test_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "links.key"

    key = load_key(path)

    assert load_key(path) == key
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_two_processes_that_start_at_once_use_one_key(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from mailflow.tokens import load_key
sys.stdin.readline()
print(load_key(Path(sys.argv[1])).hex())
"""
    path = tmp_path / "links.key"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=60)[0].strip() for process in processes}

    assert keys == {path.read_bytes().hex()}


@pytest.mark.parametrize("content", [b"", b"x" * 31])
def test_key_that_was_cut_short_is_not_used_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "links.key"
    path.write_bytes(content)

    with pytest.raises(EnvironmentProblem, match=r"cut short\. Restore it from a backup"):
        load_key(path)

    assert path.read_bytes() == content


def test_key_in_a_folder_that_is_none_is_an_environment_problem(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with pytest.raises(EnvironmentProblem, match="can't be used"):
        load_key(tmp_path / "data" / "links.key")
