"""Whether an AMQP server answers, asked without any library."""

import socket
import ssl
from urllib.parse import parse_qs, urlsplit

HEADER = b"AMQP\x00\x00\x09\x01"
"""The greeting of AMQP 0-9-1; a server that is ready answers with a method frame (type 1)."""


def is_broker_up(url: str) -> bool:
    """Whether the broker at `url` has come up far enough to open a conversation, over TLS for `amqps`."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "amqps"
    address = (parts.hostname or "127.0.0.1", parts.port or (5671 if is_tls else 5672))
    try:
        with socket.create_connection(address, timeout=2) as plain:
            if not is_tls:
                return _is_greeted(plain)
            context = ssl.create_default_context(cafile=parse_qs(parts.query).get("cafile", [None])[-1])
            with context.wrap_socket(plain, server_hostname=parts.hostname) as connection:
                return _is_greeted(connection)
    except OSError:
        return False


def _is_greeted(connection: socket.socket) -> bool:
    connection.sendall(HEADER)
    return connection.recv(1) == b"\x01"
