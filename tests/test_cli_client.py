"""`mailflow client` as people and programs call it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scene import JANE, TOM, Scene, note, open_scene
from tests.test_cli import output, run


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_scene(tmp_path) as scene:
        yield scene


def test_list_shows_who_is_who(scene: Scene) -> None:
    output("client", "alias", "1", "Janey", config=scene.config)
    output("client", "alias", "1", "jane@work.example", config=scene.config)
    listed = output("client", config=scene.config)
    assert "Jane Doe" in listed
    assert "Janey, jane@work.example" in listed
    assert output("client", "list", "--coach", "carla@coach.example", config=scene.config).count("@client.example") == 0
    assert run("client", "list", "--coach", "nobody@coach.example", config=scene.config).returncode == 1


def test_show_counts_what_there_is_of_a_client(scene: Scene) -> None:
    scene.send_homework(note())
    shown = json.loads(output("client", "show", "1", "--json", config=scene.config))
    assert (shown["email"], shown["notes"], shown["open_actions"]) == (JANE, 1, 2)
    assert shown["other_addresses"] == []
    assert "open actions: 2" in output("client", "show", "1", config=scene.config)
    unknown = run("client", "show", "99", config=scene.config)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "`mailflow client list`" in unknown.stderr


def test_add_rename_and_address_say_who_it_is_now(scene: Scene) -> None:
    added = output(
        "client", "add", "zoe@client.example", "--name", "Zoe Klein", "--coach", "anna@coach.example",
        config=scene.config,
    )  # fmt: skip
    assert added == "Client 3: Zoe Klein <zoe@client.example>.\n"
    renamed = output("client", "rename", "3", "Zoe Gross", config=scene.config)
    assert renamed == "Client 3: Zoe Gross <zoe@client.example>, also Zoe Klein.\n"
    moved = output("client", "address", "3", "zoe@new.example", config=scene.config)
    assert moved == "Client 3: Zoe Gross <zoe@new.example>, also Zoe Klein, zoe@client.example.\n"
    removed = output("client", "alias", "3", "Zoe Klein", "--remove", config=scene.config)
    assert removed == "Client 3: Zoe Gross <zoe@new.example>, also zoe@client.example.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("client", "alias", "1", "a b@c"),
        ("client", "alias", "1", "jane@wörk.example"),
        ("client", "alias", "1", "J"),
        ("client", "alias", "1", "Jane\nDoe\x07"),
        ("client", "rename", "1", "jane@work.example"),
        ("client", "address", "1", "Jane"),
        ("client", "add", "zoe@client.example"),
        ("client", "merge", "1"),
    ],
)
def test_what_is_no_name_and_no_address_is_wrong_usage(scene: Scene, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, config=scene.config).returncode == 2
    assert "Jane Doe" in output("client", config=scene.config)


def test_merge_asks_first_and_shows_both(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.send_homework(note())
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    refused = run("client", "merge", "1", "2", config=scene.config)
    assert refused.returncode == 1
    assert f"Client 1: Jane Doe <{JANE}>: 1 notes, 2 open actions" in refused.stdout
    assert f"Client 2: Tom Okafor <{TOM}>: 0 notes, 0 open actions" in refused.stdout
    assert len(json.loads(output("client", "list", "--json", config=scene.config))) == 2

    merged = output("client", "merge", "1", "2", "--yes", config=scene.config)
    assert merged.endswith(f"Client 2: Tom Okafor <{TOM}>, also Jane Doe, {JANE}.\n")
    assert len(json.loads(output("client", "list", "--json", config=scene.config))) == 1


def test_merge_of_one_that_is_not_there_changes_nothing(scene: Scene) -> None:
    done = run("client", "merge", "1", "99", "--yes", config=scene.config)
    assert done.returncode == 1
    assert "There is no client 99" in done.stderr
    assert len(json.loads(output("client", "list", "--json", config=scene.config))) == 2
