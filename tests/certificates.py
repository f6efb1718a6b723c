"""Certificates that a test makes for itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

KEY_KIND = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")


def make_certificate(openssl: str, folder: Path, name: str, *, password: str = "") -> tuple[Path, Path]:
    """A certificate for this name, signed by itself, and its key."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    protection = ["-passout", f"pass:{password}"] if password else ["-nodes"]
    command = [openssl, "req", "-x509", *KEY_KIND, *protection, "-days", "3650", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
