"""``/livez``, ``/readyz``, ``/metrics``."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.health import failures
from gateway.edge.context import GatewayContext, get_gateway


async def livez(request: Request) -> Response:
    """Red when nothing but a new process helps: a broker or service that is away does not count."""
    return _answer(failures(request.app.state.alive))


async def readyz(request: Request) -> Response:
    """Green when all five services and the database answer.

    The broker is only reported: without it pages and API go on, and the bell catches up afterwards.
    """
    gateway = get_gateway(request)
    failing = await gateway.services.failing() + await _database(gateway)
    broker = "connected" if request.app.state.listener_connected() else "disconnected"
    return _answer(failing, broker=broker)


def _answer(failing: list[str], **more: str) -> Response:
    body = {"status": "failing" if failing else "ok", "failing": failing, **more}
    return JSONResponse(body, 503 if failing else 200)


async def metrics(_request: Request) -> Response:
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(gateway: GatewayContext) -> list[str]:
    try:
        await gateway.database.check()
    except Exception:  # whatever it is, the database is not ready
        return ["database"]
    return []


ROUTES = [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]
