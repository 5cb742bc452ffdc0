"""``/livez`` and ``/readyz``: a word on the port of the pages; on HEALTH_PORT what fails, and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis import telemetry
from chassis.health import failures, serve_health_port
from gateway.edge.context import GatewayContext, get_gateway
from gateway.settings import SERVICES

# A service that is away fails its check in 2 s; the loop may be busy.
CHECK_SECONDS = 5


async def livez(request: Request) -> Response:
    """Red when nothing but a new process helps: a broker or service that is away does not count."""
    return _answer(failures(request.app.state.alive))


async def readyz(request: Request) -> Response:
    """Green when all five services and the database answer. Without the broker pages and API go on."""
    gateway = get_gateway(request)
    return _answer(await gateway.services.failing() + await _database(gateway))


def serve_monitoring(app: Starlette) -> None:
    """Metrics, and the same probes with the names of what fails, where the world does not reach: on HEALTH_PORT."""
    gateway: GatewayContext = app.state.gateway
    telemetry.LISTENER_CONNECTED.set_function(app.state.listener_connected)
    checks = {name: partial(_ask, app, partial(gateway.services.check, name)) for name in SERVICES}
    checks["database"] = partial(_ask, app, gateway.database.check)
    serve_health_port(gateway.settings, checks, app.state.alive)


def _ask(app: Starlette, check: Callable[[], Awaitable[None]]) -> None:
    """From the thread of the monitoring; raises what the check raises, and while the loop does not go on."""

    async def run() -> None:
        await check()

    asyncio.run_coroutine_threadsafe(run(), app.state.loop).result(CHECK_SECONDS)


def _answer(failing: list[str]) -> Response:
    """Which parts there are, and which is away, is nothing for strangers."""
    return JSONResponse({"status": "failing"}, 503) if failing else JSONResponse({"status": "ok"})


async def _database(gateway: GatewayContext) -> list[str]:
    try:
        await gateway.database.check()
    except Exception:  # whatever it is, the database is not ready
        return ["database"]
    return []


ROUTES = [Route("/livez", livez), Route("/readyz", readyz)]
