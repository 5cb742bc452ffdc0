"""Pings on gRPC's connections: a path that is dead without a word is noticed by them, and by nothing else."""

from __future__ import annotations

# A lost path is found out within the sum of the two, as by ``chassis.keepalive``, and calls then go over a new one.
PING_MILLISECONDS = 4_000
# An answer takes a round trip; gRPC's own threads give it, however busy the process is.
ANSWER_MILLISECONDS = 4_000


def client_options() -> list[tuple[str, int]]:
    """Idle channels ping too: otherwise the first person's call after a night would find out."""
    return _options()


def server_options() -> list[tuple[str, int]]:
    """Servers ping to let go of clients that are gone, and let clients ping as often as they like: gRPC's own take one
    in five minutes, and end the connection of whoever sends more. Nobody but our own processes reaches the port.
    """
    return [*_options(), ("grpc.http2.max_ping_strikes", 0)]


def _options() -> list[tuple[str, int]]:
    return [
        ("grpc.keepalive_time_ms", PING_MILLISECONDS),
        ("grpc.keepalive_timeout_ms", ANSWER_MILLISECONDS),
        # a call measures the path with a ping of its own, before whose answer no other goes out: 60 s by default
        ("grpc.http2.ping_timeout_ms", ANSWER_MILLISECONDS),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),  # any number
    ]
