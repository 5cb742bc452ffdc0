"""The ASGI application, from a :class:`~gateway.edge.context.GatewayContext`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import DomainError
from chassis.liveness import LoopLiveness
from gateway.api import starlette_routes
from gateway.edge import health, problems, security_contact
from gateway.edge.compression import Compression
from gateway.edge.context import GatewayContext
from gateway.edge.middleware import FAILED, RequestMiddleware
from gateway.edge.problems import HttpProblem
from gateway.edge.rate_limits import RateLimiter, RateLimits
from gateway.edge.static_routes import StaticRoutes
from gateway.pages import errors as error_pages
from gateway.pages import page_routes


class Listener(Protocol):
    """What receives events while requests are served."""

    @property
    def connected(self) -> bool: ...

    @property
    def rounds(self) -> int: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def create_app(gateway: GatewayContext, listener: Listener | None = None) -> Starlette:
    """The application; ``listener`` starts and stops with it."""

    liveness = LoopLiveness({"listener": listener} if listener else {})

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.loop = asyncio.get_running_loop()
        if listener:
            await listener.start()
            liveness.start()
        yield
        if listener:
            liveness.stop()
            await listener.stop()
        await gateway.unread_streams.stop()
        await gateway.services.close()
        await gateway.database.close()

    own = [*health.ROUTES, *security_contact.ROUTES]
    routes = [*own, *starlette_routes.build_routes(), *page_routes.build_page_routes()]
    outermost = Middleware(RequestMiddleware, secure=gateway.settings.secure, tell_failure=_failed)
    middleware = [outermost, Middleware(Compression)]
    if gateway.settings.limits_rates:
        limiter = RateLimiter(gateway.settings, gateway.clock)
        middleware.insert(1, Middleware(RateLimits, limiter=limiter, refuse=_too_many))
    app = Starlette(
        routes=[StaticRoutes(routes), *routes],
        middleware=middleware,
        exception_handlers={DomainError: _refused, HttpProblem: _http_problem, HTTPException: _http_exception},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.gateway = gateway
    app.state.listener_connected = _connected(listener)
    app.state.alive = liveness.checks
    return app


def _connected(listener: Listener | None) -> Callable[[], bool]:
    return lambda: listener is not None and listener.connected


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    request.state.code = error.code
    if _is_api(request):
        return problems.from_domain_error(error)
    return await error_pages.render_refusal(request, error)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HttpProblem)
    if _is_api(request):
        return problems.from_http_problem(error)
    return await error_pages.render_error(request, error.status, error.detail)


async def _failed(request: Request) -> Response:
    """Whatever broke may break again, so nothing is asked for the page, not even who is signed in."""
    if _is_api(request):
        return problems.build_problem(500, "internal", FAILED)
    request.state.session = None
    return await error_pages.render_error(request, 500, FAILED)


async def _too_many(request: Request, seconds: int) -> Response:
    request.state.code = "too_many_requests"
    wait = "1 second" if seconds == 1 else f"{seconds} seconds"
    if _is_api(request):
        return problems.build_problem(429, "too_many_requests", f"Too many requests. Wait {wait}, then try again.")
    return await error_pages.render_wait(request, wait)


async def _http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own: an address that does not exist, a method that it does not have."""
    assert isinstance(error, HTTPException)
    detail = _DETAILS.get(error.status_code, "The request could not be processed.")
    if _is_api(request):
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
        return problems.build_problem(error.status_code, code, detail, headers=error.headers)
    return await error_pages.render_error(request, error.status_code, detail, error.headers)


_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not support this method.",
}
