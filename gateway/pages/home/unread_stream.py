"""How many notifications are unread, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.edge.compression import EVENT_STREAM
from gateway.edge.context import get_gateway
from gateway.identity.sessions import SessionTransport
from gateway.notifications.unread_streams import UnreadStream, UnreadStreams

# Milliseconds after which a browser whose connection was lost comes back, as after a restart of this process.
_RETRY = 5_000


class UnreadResponse(StreamingResponse):
    """Gives the stream back however it ends, also before its first event."""

    def __init__(self, streams: UnreadStreams, stream: UnreadStream) -> None:
        super().__init__(_events(stream), headers={"X-Accel-Buffering": "no"}, media_type=EVENT_STREAM)
        self._streams, self._stream = streams, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.remove(self._stream)


async def listen(request: Request) -> Response:
    """204 tells an EventSource not to come back: nobody is signed in, or there are enough streams."""
    gateway = get_gateway(request)
    secret = request.cookies.get(gateway.cookie, "") if request.method == "GET" else ""
    # looked up without being used: a page that only listens does not keep a session
    session = await gateway.sessions.look_up(secret, SessionTransport.COOKIE) if secret else None
    stream = gateway.unread_streams.open(session) if session else None
    return UnreadResponse(gateway.unread_streams, stream) if stream else Response(status_code=204)


async def _events(stream: UnreadStream) -> AsyncIterator[str]:
    yield f"retry: {_RETRY}\n\n"
    async for unread in stream.counts():
        yield ": nothing new\n\n" if unread is None else f"event: unread\ndata: {unread}\n\n"
