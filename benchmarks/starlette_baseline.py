"""The same plan search from Starlette alone over grpc.aio: ``python -m benchmarks.starlette_baseline``.

It asks the suite's own quote service, with a token of a service, and renders the same message to the same JSON. It does
less than the gateway: no sign-in, no limits, no metrics, no look at what it is sent. For ``make bench`` alone.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc.aio
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from suite.quote.v1 import quote_service_pb2 as pb
from suite.quote.v1 import quote_service_pb2_grpc as rpc

from benchmarks.nameko_baseline import PATH
from chassis.identity import Caller, CallerKind, TokenIssuer
from chassis.settings import load_markets
from gateway.api.from_json import fill_message
from gateway.api.to_json import to_json

PERSON = Caller(CallerKind.PRODUCER, "producer@example.com")


@asynccontextmanager
async def _connected(app: Starlette) -> AsyncIterator[None]:
    async with grpc.aio.insecure_channel(os.environ["QUOTE_RPC_ADDRESS"]) as channel:
        app.state.search = rpc.QuoteServiceStub(channel).SearchPlans
        app.state.issuer = TokenIssuer(os.environ["GATEWAY_IDENTITY_KEY"])
        yield


async def search(request: Request) -> Response:
    wanted, state = pb.SearchPlansRequest(), request.app.state
    fill_message(wanted, orjson.loads(await request.body()))
    token = state.issuer.issue(PERSON)
    found = await state.search(wanted, metadata=(("authorization", f"Bearer {token}"),))
    return Response(orjson.dumps(to_json(found)), media_type="application/json")


if __name__ == "__main__":
    load_markets()
    app = Starlette(routes=[Route(PATH, search, methods=["POST"])], lifespan=_connected)
    uvicorn.run(app, port=int(os.environ["PORT"]), log_config=None, access_log=False)
