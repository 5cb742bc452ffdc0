"""Addresses without a variable part are found at once, and by the route that Starlette would find."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.testclient import TestClient

from gateway.api.starlette_routes import build_routes
from gateway.edge.static_routes import StaticRoutes
from gateway.pages.page_routes import build_page_routes


async def show_route(request: Request) -> Response:
    return PlainTextResponse(request.scope["route"].path)


def client(*routes: BaseRoute) -> TestClient:
    return TestClient(Starlette(routes=[StaticRoutes(routes), *routes]))


def test_a_fixed_path_is_answered_by_its_own_route() -> None:
    """Its pattern names the request in the metrics."""
    ours = client(Route("/plans", show_route), Route("/plans/{plan_id}", show_route))
    assert ours.get("/plans").text == "/plans"
    assert ours.get("/plans/1").text == "/plans/{plan_id}"
    assert ours.get("/plan").status_code == 404


def test_a_method_that_a_fixed_path_does_not_have_is_refused_with_those_it_has() -> None:
    answer = client(Route("/plans", show_route, methods=["POST", "PUT"])).get("/plans")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"POST", "PUT"})


def test_two_routes_of_one_path_are_refused() -> None:
    with pytest.raises(ValueError, match="same path"):
        StaticRoutes([Route("/plans", show_route), Route("/plans", show_route, methods=["POST"])])


def test_no_route_of_the_gateway_hides_a_fixed_path_from_starlette() -> None:
    """Else the address would be answered by another route than the order of the routes says."""
    routes = [*build_routes(), *build_page_routes()]
    for number, route in enumerate(routes):
        if isinstance(route, Route) and not route.param_convertors:
            scope = {"type": "http", "path": route.path, "method": "GET"}
            assert all(before.matches(scope)[0] is Match.NONE for before in routes[:number]), route.path
