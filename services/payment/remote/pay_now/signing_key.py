"""The key that pay-now assertions are signed with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

# NIST SP 800-131A: shorter ones have not been allowed for signatures since 2014.
LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The suite's private RSA key and its certificate, which the carrier has; both PEM."""

    private_key: bytes = field(repr=False)
    certificate: str


def read_signing_key(key_file: Path, certificate_file: Path) -> SigningKey:
    """Raises OSError for a file that cannot be read, ValueError for what is no such pair."""
    private, certificate = key_file.read_bytes(), certificate_file.read_text()
    key = load_pem_private_key(private, password=None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise ValueError(f"the key has to be RSA, of {LEAST_BITS} bits or more")
    if load_pem_x509_certificate(certificate.encode()).public_key() != key.public_key():
        raise ValueError("the certificate is of another key")
    return SigningKey(private, certificate)
