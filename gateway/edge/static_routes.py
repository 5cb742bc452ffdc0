"""Addresses without a variable part, found at once: Starlette tries its routes one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import Receive, Scope, Send


class StaticRoutes(BaseRoute):
    """Stands before the routes that it is made of; what it does not know goes on to those behind it."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        fixed = [route for route in routes if isinstance(route, Route) and not route.param_convertors]
        self._by_path = {route.path: route for route in fixed}
        if len(self._by_path) < len(fixed):
            raise ValueError("Two routes have the same path: the second would not be found.")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._by_path.get(scope.get("path", ""))
        return found.matches(scope) if found else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = scope["route"] = self._by_path[scope["path"]]
        await found.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        raise NoMatchFound(name, path_params)
