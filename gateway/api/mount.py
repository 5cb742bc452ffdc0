"""The API's addresses for Starlette: one entry for each path, so that 405 can name every method that is allowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Address

from gateway.api import deadline_feeds, people
from gateway.api.endpoint import answer
from gateway.api.openapi import document
from gateway.api.routes import PREFIX, ROUTES

Handler = Callable[[Request], Awaitable[Response]]


async def openapi(_request: Request) -> Response:
    return JSONResponse(document())


OWN: dict[str, dict[str, Handler]] = {
    "/sessions": {"POST": people.create_session},
    "/sessions/current": {"DELETE": people.end_session},
    "/me": {"GET": people.me},
    "/producers": {"GET": people.producers},
    "/notifications": {"GET": people.list_notifications},
    "/notifications/read": {"POST": people.read_notifications},
    "/deadline-feeds": {"GET": deadline_feeds.listing, "POST": deadline_feeds.create},
    "/deadline-feeds/{secret}.ics": {"GET": deadline_feeds.show},
    "/deadline-feeds/{feed_id}": {"DELETE": deadline_feeds.revoke},
    "/openapi.json": {"GET": openapi},
}


def addresses() -> list[Address]:
    table: dict[str, dict[str, Handler]] = {path: dict(methods) for path, methods in OWN.items()}
    for route in ROUTES:
        table.setdefault(route.path, {})[route.verb] = partial(answer, route)
    return [Address(f"{PREFIX}{path}", by_method(methods), methods=list(methods)) for path, methods in table.items()]


def by_method(methods: dict[str, Handler]) -> Handler:
    async def handle(request: Request) -> Response:
        return await methods["GET" if request.method == "HEAD" else request.method](request)

    return handle
