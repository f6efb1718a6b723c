"""What mailflow signs holds at the other end, and every copy of a mail is the same."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mailflow.accounts.dkim import FindText, signers
from mailflow.accounts.dkim_signing import signer
from mailflow.errors import EnvironmentProblem, TemporaryError
from mailflow.model import OutboundKind
from tests.flows.test_deliver import Wire
from tests.scene import HOLD, NOW, note, open_scene

pytestmark = pytest.mark.needs("openssl")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FindText]:
    """The private key, as `openssl genrsa` writes it today (PKCS #8), and the DNS that has the public one."""
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(file), "2048"], check=True, capture_output=True)
    public = ["openssl", "rsa", "-in", str(file), "-pubout", "-outform", "der"]
    der = subprocess.run(public, check=True, capture_output=True).stdout
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return file, lambda name: record if name.startswith("s1._domainkey.mailflow.example") else None


def handed_over(folder: Path, key_file: Path) -> list[bytes]:
    """The homework as the mailer got it, twice: the first attempt failed."""
    with open_scene(folder) as scene:
        composer = replace(scene.app.composer, sign=signer("mailflow.example", "s1", key_file))
        scene.composer = composer
        scene.send_note(note())
        scene.mailer = wire = Wire([TemporaryError("busy")])
        scene.deliver_all(NOW + HOLD)
        scene.deliver_all(scene.planned(OutboundKind.HOMEWORK).due_at)
    return [raw for _, _, raw in wire.handed]


def test_every_copy_has_the_same_signature_and_it_holds(tmp_path: Path, key: tuple[Path, FindText]) -> None:
    key_file, dns = key
    first, second = handed_over(tmp_path, key_file)

    assert first == second
    assert first.startswith(b"DKIM-Signature:")
    assert signers(first, dns) == {"mailflow.example"}
    for changed in (
        first.replace(b"List-Unsubscribe: <", b"List-Unsubscribe: <https://evil.example/"),
        first.replace(b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: X"),
        first.replace(b"Reply-To: ", b"Reply-To: mallory@evil.example, "),
        b"From: mallory@evil.example\r\n" + first,
        first + b"more\r\n",
    ):
        assert signers(changed, dns) == frozenset()


@pytest.mark.parametrize("content", [None, b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"])
def test_key_that_is_none_is_told_at_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(EnvironmentProblem, match=r"key\.pem"):
        signer("mailflow.example", "s1", file)
