"""The HTTP server, which lets go of streams before it waits for connections to end."""

from __future__ import annotations

import contextlib
import socket
import sys

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from gateway.notifications.unread_streams import UnreadStreams


class GatewayServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, streams: UnreadStreams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams last as long as their pages are open: each shutdown would wait its whole grace period for them."""
        self._streams.close()
        await super().shutdown(sockets)


def run_server(config: uvicorn.Config, streams: UnreadStreams) -> None:
    """Serve until a signal; exit with an error when the server could not start, as ``uvicorn.run`` does."""
    server = GatewayServer(config, streams)
    with contextlib.suppress(KeyboardInterrupt):  # raised anew after Ctrl-C was obeyed
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
