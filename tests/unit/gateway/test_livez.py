"""The gateway's ``/livez``: red while the listener stands still."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from chassis import liveness
from chassis.health import failures
from chassis.liveness import LoopLiveness
from gateway.edge.health import livez
from gateway.events.listener import EventListener


async def prune_nothing() -> None:
    return


def test_livez_is_red_while_the_listener_stands_still() -> None:
    listener = EventListener("amqp://127.0.0.1", [], None, prune_nothing)  # type: ignore[arg-type]  # it forwards none
    watched = LoopLiveness({"listener": listener})
    app = Starlette(routes=[Route("/livez", livez)])
    app.state.alive = watched.checks
    client = TestClient(app)
    assert (client.get("/livez").status_code, client.get("/livez").json()) == (200, {"status": "ok"})
    for _ in range(int(liveness.STILL_SECONDS / liveness.LOOK_SECONDS)):
        watched.look()
    assert (client.get("/livez").status_code, client.get("/livez").json()) == (503, {"status": "failing"})
    assert failures(watched.checks) == ["listener"], "which the port of the monitoring names"
    listener.rounds += 1
    watched.look()
    assert client.get("/livez").status_code == 200
