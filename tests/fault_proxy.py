"""A way to a server that can have the faults of a network, for tests of what becomes of connections then.

It is an asyncio loop in a thread of its own, on loopback alone. Packets can be dropped by the kernel itself, so that
TCP's own means (probes, TCP_USER_TIMEOUT) are tried as they are, and no heartbeat is answered by a proxy that lives.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from tests.network_faults import (
    Bandwidth,
    BlackHole,
    Fault,
    HalfOpen,
    Latency,
    Reset,
    SlowClose,
    Stall,
    lose_packets,
    reset,
    take_packets,
)

HOST = "127.0.0.1"
# More than all processes of a suite open at once.
BACKLOG = 512
# Of anything that is asked of the loop; it never waits for a peer, but a loaded machine may.
DONE_WITHIN = 30.0
READ_BYTES = 65536
Address = tuple[str, int]


def address_of(url: str) -> Address:
    """Host and port of a URL that names both."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None:
        raise ValueError("a URL with host and port is needed")
    return parts.hostname, parts.port


@dataclass(eq=False)
class Passage:
    """A client's connection, and the one to the server behind it."""

    client: socket.socket
    server: socket.socket
    ways: list[asyncio.Task[None]] = field(default_factory=list)

    async def stop(self) -> None:
        """Pass nothing on any more; both sockets stay as they are."""
        for way in self.ways:
            way.cancel()
        await asyncio.gather(*self.ways, return_exceptions=True)

    @property
    def sockets(self) -> tuple[socket.socket, socket.socket]:
        return self.client, self.server


class FaultProxy:
    """Passes connections on to ``target``, which is asked for at each new one, so that it may be known later.

    ``seed``: of the jitter.
    """

    def __init__(self, target: Callable[[], Address], seed: int = 0) -> None:
        self._target = target
        self._chance = random.Random(seed)
        self._fault: Fault | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self._passages: set[Passage] = set()
        # Sockets of which nobody may hear that they are closed, until all is over.
        self._lost: list[socket.socket] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._listener = socket.create_server((HOST, 0), backlog=BACKLOG)
        self._listener.setblocking(False)
        self.port = int(self._listener.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._do(self._start())

    @classmethod
    def to(cls, url: str, seed: int = 0) -> FaultProxy:
        """To the server of a URL."""
        return cls(lambda: address_of(url), seed)

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def url_of(self, url: str) -> str:
        """The same URL by way of this proxy."""
        parts = urlsplit(url)
        user, at, _ = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{user}{at}{self.address}").geturl()

    def begin(self, fault: Fault) -> None:
        """From now on, for the connections that are there and for those that come."""
        self._do(self._begin(fault))

    def end(self) -> None:
        """All is well again; connections that are lost stay lost."""
        self._do(self._end())

    @contextmanager
    def having(self, fault: Fault) -> Iterator[None]:
        self.begin(fault)
        try:
            yield
        finally:
            self.end()

    def close(self) -> None:
        """Once or again."""
        if self._loop.is_closed():
            return
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DONE_WITHIN)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(DONE_WITHIN)

    async def _start(self) -> None:
        self._loop.add_reader(self._listener, self._accept)

    async def _begin(self, fault: Fault) -> None:
        await self._end()
        self._fault = fault
        match fault:
            case Reset():
                await self._reset_all()
            case Stall():
                self._flows.clear()
            case BlackHole():
                lose_packets(self._listener)
                for passage in self._passages:
                    for one in passage.sockets:
                        lose_packets(one)
            case HalfOpen():
                for passage in tuple(self._passages):
                    await self._lose(passage)
            case SlowClose():
                for passage in self._passages:
                    with contextlib.suppress(OSError):  # it ended by itself
                        passage.server.shutdown(socket.SHUT_RDWR)

    async def _end(self) -> None:
        self._fault = None
        self._flows.set()
        take_packets(self._listener)
        for passage in self._passages:
            for one in passage.sockets:
                take_packets(one)

    async def _close(self) -> None:
        self._loop.remove_reader(self._listener)
        await asyncio.sleep(0)  # whoever came last has begun to be served, and closes what it has when it is cancelled
        await self._reset_all()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        self._listener.close()
        for one in self._lost:
            take_packets(one)
            reset(one)

    async def _reset_all(self) -> None:
        for passage in tuple(self._passages):
            self._passages.discard(passage)
            await passage.stop()
            for one in passage.sockets:
                reset(one)

    async def _lose(self, passage: Passage) -> None:
        self._passages.discard(passage)
        await passage.stop()
        for one in passage.sockets:
            lose_packets(one)
            self._lost.append(one)

    def _accept(self) -> None:
        """One connection; a coroutine that is cancelled while it accepts one would lose it."""
        try:
            client, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # it is gone again
            return
        if isinstance(self._fault, Reset):
            reset(client)
            return
        client.setblocking(False)
        if not isinstance(self._fault, BlackHole):
            take_packets(client)  # it was there before a fault ended, and has the listener's filter
        serving = self._loop.create_task(self._serve(client))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, client: socket.socket) -> None:
        server = socket.socket()
        server.setblocking(False)
        passage = Passage(client, server)
        try:
            await self._loop.sock_connect(server, self._target())
        except (OSError, asyncio.CancelledError):  # nobody listens there, or all is over
            reset(client)
            server.close()
            return
        for one in passage.sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._passages.add(passage)
        ways = ((client, server), (server, client))
        passage.ways = [self._loop.create_task(self._pass_on(*way)) for way in ways]
        broken = True
        try:
            ended, _ = await asyncio.wait(passage.ways, return_when=asyncio.FIRST_EXCEPTION)
            if passage in self._passages:
                broken = any(way.exception() for way in ended)
                await passage.stop()
        finally:  # also when all is over at that very moment
            if passage in self._passages:  # otherwise a fault took it
                self._passages.discard(passage)
                for one in passage.sockets:
                    reset(one) if broken else one.close()

    async def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := await self._loop.sock_recv(source, READ_BYTES):
                await self._send(target, data)
        except OSError:
            await self._keep_the_end()
            raise
        await self._keep_the_end()
        with contextlib.suppress(OSError):  # the other side has ended, too
            target.shutdown(socket.SHUT_WR)

    async def _send(self, target: socket.socket, data: bytes) -> None:
        while data:
            await self._flows.wait()
            part = data[: self._fault.share] if isinstance(self._fault, Bandwidth) else data
            if isinstance(self._fault, Latency | Bandwidth):
                await asyncio.sleep(self._fault.delay(len(part), self._chance))
            await self._loop.sock_sendall(target, part)
            data = data[len(part) :]

    async def _keep_the_end(self) -> None:
        if isinstance(self._fault, SlowClose):
            await asyncio.sleep(self._fault.seconds)
