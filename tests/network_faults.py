"""What a network does to connections: one dataclass for each fault, and what becomes of each connection under it."""

from __future__ import annotations

import contextlib
import ctypes
import random
import socket
import struct
from dataclasses import dataclass

# So often a limited connection is given its share of a second.
TURNS_PER_SECOND = 20
# The kernel's packet filter in one instruction, "return 0": a socket takes no packet and acknowledges none. This needs
# no privilege. The numbers are those of <linux/filter.h> and <asm-generic/socket.h>, which Python does not name.
_INSTRUCTION = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
_TAKE_NOTHING = struct.pack("HP", 1, ctypes.addressof(_INSTRUCTION))
_ATTACH_FILTER, _DETACH_FILTER = 26, 27
# Closing such a socket sends RST instead of FIN.
_NO_LINGER = struct.pack("ii", 1, 0)


def lose_packets(one: socket.socket) -> None:
    """From now on it takes no packet and acknowledges none: for its peer this end is gone without a word."""
    one.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, _TAKE_NOTHING)


def take_packets(one: socket.socket) -> None:
    """Again; what its peer sends once more then arrives."""
    with contextlib.suppress(OSError):  # it never lost any
        one.setsockopt(socket.SOL_SOCKET, _DETACH_FILTER, 0)


def reset(one: socket.socket) -> None:
    """End it with RST."""
    with contextlib.suppress(OSError):  # it is closed
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    one.close()


@dataclass(frozen=True, slots=True)
class Latency:
    """Whatever arrives goes on so much later, and by chance up to ``jitter`` seconds more."""

    seconds: float = 0.1
    jitter: float = 0.1

    def delay(self, _size: int, chance: random.Random) -> float:
        """Seconds for which so many bytes are kept back."""
        return self.seconds + chance.uniform(0, self.jitter)


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """So many bytes a second, each way of each connection."""

    bytes_per_second: int = 20_000

    @property
    def share(self) -> int:
        """Bytes of one turn."""
        return max(1, self.bytes_per_second // TURNS_PER_SECOND)

    def delay(self, size: int, _chance: random.Random) -> float:
        """Seconds for which so many bytes are kept back."""
        return size / self.bytes_per_second


@dataclass(frozen=True, slots=True)
class Reset:
    """RST for every connection, and for each new one as soon as it is there."""


@dataclass(frozen=True, slots=True)
class BlackHole:
    """Packets are dropped without a word, those of new connections as well; TCP sends them again when it is over."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Everything is acknowledged and kept back until it is over, as by a proxy on the way that stands still: probes of
    the operating system find nothing.
    """


@dataclass(frozen=True, slots=True)
class SlowClose:
    """The server's side of every connection is closed at the beginning. Of that, and of every other end, the peer hears
    so much later, and what it sends meanwhile is lost. New connections are let through.
    """

    seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """The middle of every connection is gone for good, as when a firewall forgets it: neither end is told, and neither
    gets an acknowledgement. New connections are let through.
    """


Fault = Latency | Bandwidth | Reset | BlackHole | Stall | SlowClose | HalfOpen
