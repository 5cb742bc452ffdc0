"""Whether an AMQP server answers, asked without any library."""

import socket
from urllib.parse import urlsplit

HEADER = b"AMQP\x00\x00\x09\x01"
"""The greeting of AMQP 0-9-1; a server that is ready answers with a method frame (type 1)."""


def is_broker_up(url: str) -> bool:
    """Whether the broker at `url` has come up far enough to open a conversation."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 5672)
    try:
        with socket.create_connection(address, timeout=2) as connection:
            connection.sendall(HEADER)
            return connection.recv(1) == b"\x01"
    except OSError:
        return False
