"""The HTTP server, which lets go of streams before it waits for connections to end."""

from __future__ import annotations

import contextlib
import socket
import sys

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from gateway.notifications.unread_streams import UnreadStreams
from gateway.settings import WebSettings

# Requests under way may finish; the longest is a submission with its 12 s. Kubernetes kills after 30 s.
GRACE_SECONDS = 15


class GatewayServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, streams: UnreadStreams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams last as long as their pages are open: each shutdown would wait its whole grace period for them."""
        self._streams.close()
        await super().shutdown(sockets)


def server_config(app: ASGIApp, web: WebSettings) -> uvicorn.Config:
    """Address and scheme of a visitor are the connection's; a proxy that is named says them in its place."""
    return uvicorn.Config(
        app,
        host=web.gateway_host,
        port=web.port,
        log_config=None,
        access_log=False,  # paths hold record numbers; counts per route are in /metrics
        server_header=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=web.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def run_server(config: uvicorn.Config, streams: UnreadStreams) -> None:
    """Serve until a signal; exit with an error when the server could not start, as ``uvicorn.run`` does."""
    server = GatewayServer(config, streams)
    with contextlib.suppress(KeyboardInterrupt):  # raised anew after Ctrl-C was obeyed
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
