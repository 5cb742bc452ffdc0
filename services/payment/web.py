"""What payment's two HTTP processes share: serving until SIGTERM, and reading no more than a bounded body."""

from __future__ import annotations

import signal

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp

# Requests under way at SIGTERM get this long; Kubernetes kills after 30 s.
GRACE_SECONDS = 10


class BodyTooLarge(Exception):
    """The body is larger than anything that we expect."""


async def read_body(request: Request, limit: int) -> bytes:
    """The raw body, or TooLarge as soon as it is longer than ``limit`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge
    return bytes(body)


def run_server(app: ASGIApp, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT. No access log: paths hold one-time tokens."""
    # uvicorn raises the signal again when it has stopped; that must not end the process as if it had failed
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: None)
    uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    ).run()
