"""The certificate of a listener. A renewed one is used without a restart."""

from __future__ import annotations

import ssl
from pathlib import Path

import structlog

from mailflow.errors import EnvironmentProblem

log = structlog.get_logger()

Stamp = tuple[tuple[int, int, int], ...]


class Certificate:
    def __init__(self, certificate: Path, key: Path) -> None:
        """Raises EnvironmentProblem where the files can't be used."""
        self._certificate = certificate
        self._key = key
        self._stamp, self._context = self._stamp_now(), self._load()

    def context(self) -> ssl.SSLContext:
        """With what stands in the files now; with what stood there before as long as that can't be used."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._context = self._load()
            except EnvironmentProblem as problem:  # certificate and key are not written at the same moment
                log.warning("certificate.kept", reason=str(problem))
        return self._context

    def _stamp_now(self) -> Stamp:
        stamps = []
        for path in (self._certificate, self._key):
            try:
                found = path.stat()
                stamps.append((found.st_ino, found.st_size, found.st_mtime_ns))
            except OSError:
                stamps.append((0, 0, 0))
        return tuple(stamps)

    def _load(self) -> ssl.SSLContext:
        for path in (self._certificate, self._key):
            try:
                path.read_bytes()
            except OSError as error:
                raise EnvironmentProblem(f"The certificate file {path} can't be read: {error.strerror}.") from error
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self._certificate, self._key, password=self._no_password)
        except ssl.SSLError as error:
            raise EnvironmentProblem(self._explain(error)) from error
        return context

    def _no_password(self) -> str:
        """Without it OpenSSL would ask for one at the terminal."""
        raise EnvironmentProblem(f"The key {self._key} is protected by a password: write one without into the file.")

    def _explain(self, error: ssl.SSLError) -> str:
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"The key {self._key} does not belong to the certificate {self._certificate}."
        return (
            f"The certificate {self._certificate} with its key {self._key} can't be used "
            f"({error.reason or error}): both have to be in PEM form."
        )
