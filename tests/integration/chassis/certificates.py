"""A throw-away CA, and certificates that are right, expired, for another name, or of another CA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

HERE = ("127.0.0.1", "localhost")
ELSEWHERE = ("elsewhere.example",)
# What is wrong with each certificate that has to be refused.
FAULTS = ("expired", "wrong name", "wrong CA")


@dataclass(frozen=True)
class CertificateFiles:
    """PEM files: the certificate with its chain, and its key."""

    certificate: Path
    key: Path


class Authority:
    """The CA that everybody trusts, and another one that nobody does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trusted, self._other = trustme.CA(), trustme.CA()
        self.ca, self.other_ca = folder / "ca.crt", folder / "other-ca.crt"
        self._trusted.cert_pem.write_to_path(str(self.ca))
        self._other.cert_pem.write_to_path(str(self.other_ca))

    def issue(self, fault: str = "", names: tuple[str, ...] = HERE) -> CertificateFiles:
        """For these names, unless the name is what is wrong."""
        now = datetime.now(UTC)
        issuer = self._other if fault == "wrong CA" else self._trusted
        issued = issuer.issue_cert(
            *(ELSEWHERE if fault == "wrong name" else names),
            not_before=now - timedelta(days=2),
            not_after=now + timedelta(days=-1 if fault == "expired" else 1),
        )
        stem = "-".join([*names, fault or "right"]).replace(" ", "-")
        files = CertificateFiles(self._folder / f"{stem}.crt", self._folder / f"{stem}.key")
        files.certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(str(files.key))
        return files
