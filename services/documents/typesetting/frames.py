"""Messages between the service and its typesetting process: four bytes of length, then that many bytes."""

from __future__ import annotations

import socket
import struct

_LENGTH = struct.Struct(">I")
# A PDF with every legal text has some hundred kB; more than this is no document but a fault.
LARGEST = 64 * 1024 * 1024


class PeerClosed(ConnectionError):
    """The other side ended before its message did."""


def send_frame(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(content)) + content)


def receive_frame(connection: socket.socket) -> bytes:
    """Raises PeerClosed, or TimeoutError after the socket's own time limit without a byte."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    if length > LARGEST:
        raise PeerClosed
    return _exactly(connection, length)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(count)
        if not part:
            raise PeerClosed
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
