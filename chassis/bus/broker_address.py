"""AMQP_URL taken apart for the libraries that connect: over TLS where it begins with ``amqps``.

The broker's certificate and name are always checked, against the CA in the file that the address names
(``amqps://user:password@host:5671/?cafile=/tls/ca.crt``), or against those of the machine.
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

TLS_SCHEME = "amqps"


def is_tls(url: str) -> bool:
    return urlsplit(url).scheme == TLS_SCHEME


def plain_address(url: str) -> str:
    """Without what is said of the CA, which kombu would take for an option of its own."""
    return urlsplit(url)._replace(query="").geturl() if is_tls(url) else url


def connection_options(url: str) -> dict[str, Any]:
    """For kombu; its library reads the CA anew for each connection."""
    if not is_tls(url):
        return {}
    return {
        "ssl": {
            "cert_reqs": ssl.CERT_REQUIRED,
            "ca_certs": _ca_file(url),
            "server_hostname": urlsplit(url).hostname,
            "tls_minimum_version": ssl.TLSVersion.TLSv1_2,
        }
    }


def make_context(url: str) -> ssl.SSLContext | None:
    """For aio-pika; None where the address asks for no TLS."""
    if not is_tls(url):
        return None
    context = ssl.create_default_context(cafile=_ca_file(url))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _ca_file(url: str) -> str | None:
    return parse_qs(urlsplit(url).query).get("cafile", [None])[-1]
