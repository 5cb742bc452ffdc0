"""A way to the broker that can lose everything without a word, as a network does that drops packets."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from urllib.parse import urlsplit

READ_BYTES = 65536


class BlackHole:
    """Passes connections on to the server of a URL until ``swallows`` is set."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5672)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        self.swallows = threading.Event()
        address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = url.replace(parts.netloc.rpartition("@")[2], address, 1)
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> BlackHole:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):  # its peer ended it already
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed at the end
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while read := source.recv(READ_BYTES):
                if not self.swallows.is_set():
                    target.sendall(read)
            if not self.swallows.is_set():
                target.shutdown(socket.SHUT_WR)
