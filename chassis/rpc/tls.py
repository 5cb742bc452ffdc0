"""Mutual TLS for gRPC: each end shows a certificate of the suite's CA, and each checks the name in the other's.

Files are read once, at the start: a process takes up a renewed certificate when it is restarted (docs/adr/0048).
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

import grpc
from cryptography import x509

from chassis import telemetry
from chassis.settings import SettingsError, SuiteSettings

# What gRPC calls the names of the other end's certificate.
_NAMES = "x509_subject_alternative_name"


@dataclass(frozen=True, slots=True)
class RpcTls:
    """PEM texts. ``clients``: names in certificates of those whom a server lets call its methods."""

    ca: bytes
    certificate: bytes
    key: bytes = field(repr=False)
    clients: frozenset[str]

    def server_credentials(self) -> grpc.ServerCredentials:
        """Nobody without a certificate of the CA gets as far as a call."""
        return grpc.ssl_server_credentials(
            [(self.key, self.certificate)], root_certificates=self.ca, require_client_auth=True
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """gRPC holds the host of the address against the server's certificate."""
        return grpc.ssl_channel_credentials(self.ca, self.key, self.certificate)

    def lets_in(self, context: grpc.ServicerContext) -> bool:
        # a list of them for each kind, which the stubs take for one
        names = cast(Sequence[bytes], context.auth_context().get(_NAMES, ()))
        return any(name.decode() in self.clients for name in names)

    @property
    def own_name(self) -> str:
        """By which a process calls itself."""
        return _names_of(self.certificate)[0]

    @property
    def expires_at(self) -> datetime:
        return x509.load_pem_x509_certificate(self.certificate).not_valid_after_utc


def load_rpc_tls(suite: SuiteSettings) -> RpcTls | None:
    """None where the settings name no certificate, which production refuses unless something else encrypts.

    Raises SettingsError when a file cannot be used.
    """
    if suite.rpc_tls_ca_file is None:
        if suite.needs_tls:
            raise SettingsError(
                "RPC_TLS_CA_FILE, RPC_TLS_CERTIFICATE_FILE and RPC_TLS_KEY_FILE are empty: calls have to be encrypted "
                "with SUITE_ENV=production. Set them, or say in TLS_PROVIDED_BY what encrypts instead."
            )
        return None
    tls = RpcTls(
        _read("RPC_TLS_CA_FILE", suite.rpc_tls_ca_file),
        _read("RPC_TLS_CERTIFICATE_FILE", suite.rpc_tls_certificate_file),
        _read("RPC_TLS_KEY_FILE", suite.rpc_tls_key_file),
        frozenset(suite.rpc_clients.replace(",", " ").split()),
    )
    _refuse_unusable(suite)
    if not _names_of(tls.certificate):
        raise SettingsError("RPC_TLS_CERTIFICATE_FILE: the certificate has no name (subjectAltName) to be checked.")
    telemetry.CERTIFICATE_EXPIRES.set(tls.expires_at.timestamp())
    if tls.expires_at.timestamp() < time.time():
        telemetry.get_logger().error("certificate has expired")
    return tls


def _read(variable: str, file: Path | None) -> bytes:
    try:
        return file.read_bytes() if file else b""
    except OSError:
        raise SettingsError(f"The file of {variable} cannot be read.") from None


def _refuse_unusable(suite: SuiteSettings) -> None:
    """gRPC itself would serve, and refuse every call without a word."""
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(suite.rpc_tls_ca_file)
    except (ssl.SSLError, ValueError):
        raise SettingsError("RPC_TLS_CA_FILE holds no certificate in PEM.") from None
    try:
        context.load_cert_chain(str(suite.rpc_tls_certificate_file), str(suite.rpc_tls_key_file))
    except (ssl.SSLError, ValueError):
        raise SettingsError(
            "RPC_TLS_CERTIFICATE_FILE and RPC_TLS_KEY_FILE are no certificate and its key, both in PEM."
        ) from None


def _names_of(certificate: bytes) -> list[str]:
    try:
        found = x509.load_pem_x509_certificate(certificate).extensions
        names = found.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
