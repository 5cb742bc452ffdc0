"""What surrounds every request: a fault is answered and logged, a browser that has gone is neither."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from gateway.edge.middleware import RequestMiddleware

SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


@pytest.mark.parametrize(("error", "statuses", "logged"), [(ValueError, [500], 1), (ClientDisconnect, [], 0)])
def test_only_a_fault_of_ours_is_answered_and_logged(error: type[Exception], statuses: list[int], logged: int) -> None:
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with capture_logs() as logs:
        asyncio.run(RequestMiddleware(app, secure=True)(dict(SCOPE), receive, send))
    assert [message["status"] for message in sent if "status" in message] == statuses
    assert len([one for one in logs if one["log_level"] == "error"]) == logged


def test_a_fault_that_cannot_be_told_is_answered_too() -> None:
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError

    async def tell(_request: Request) -> Response:
        raise LookupError

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    with capture_logs() as logs:
        asyncio.run(RequestMiddleware(app, secure=True, tell_failure=tell)(dict(SCOPE), receive, send))
    assert [message["status"] for message in sent if "status" in message] == [500]
    assert [type(one["exc_info"]) for one in logs] == [ValueError, LookupError]
