"""One path, several methods: Starlette answers 405 with all that are allowed only when they share a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]


def dispatch_by_method(methods: dict[str, Handler]) -> Handler:
    async def handle(request: Request) -> Response:
        return await methods["GET" if request.method == "HEAD" else request.method](request)

    return handle
