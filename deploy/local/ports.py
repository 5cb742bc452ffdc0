"""Free loopback ports."""

import random
import socket

RANGE = (20_000, 32_000)
"""Below the range that the kernel hands to outgoing connections (from 32768): a client that knocks at a server which is
just restarting must not be given the server's own port, connect to itself and keep the server out."""


_given: set[int] = set()
"""Ports promised by this process: one stays free until its server starts, and must not be given twice."""


def free_port() -> int:
    """A port nobody listens on at 127.0.0.1; picked at random, so that two suites starting together do not meet."""
    while True:
        port = random.randrange(*RANGE)  # noqa: S311  # spread, not secrecy
        if port not in _given and is_free(port):
            _given.add(port)
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT can be listened on
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
