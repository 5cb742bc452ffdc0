"""Requests that many send alike, and their answers: read and rendered once for the same bytes, and kept in memory.

What is kept decides nothing: every request is signed in, goes to the service and is answered by it. Only what the
gateway itself makes of bytes is not made twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from chassis.contract import request_class, response_class
from chassis.kernel import DomainError
from gateway.api.endpoint import fill_body, fill_query, refuse, to_response
from gateway.api.request_body import parse_json, read_json_bytes
from gateway.api.routing.route import Route
from gateway.edge.context import get_gateway, require_session

Made = TypeVar("Made")

# As many as a quote service keeps (``services/quote/contract/search_cache``): whoever asks again asks both.
KEPT = 128
# A page of 50 plans for two people has 40 kB. Longer ones are for few to come back to: 128 of each are 24 MB at most.
LONGEST_KEPT = 64 * 1024


class AlikeRequests:
    """The handler of one route that is ``asked_alike``."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._read = _keep(self._to_message)
        self._render = _keep(self._to_answer)

    async def __call__(self, request: Request) -> Response:
        caller = (await require_session(request)).user.caller
        message = self._read(await read_json_bytes(request))
        fill_query(self._route, request, message)  # has none: refuses every parameter
        try:
            reply = await get_gateway(request).services.call_for_bytes(self._route.rpc, message, caller)
        except DomainError as refusal:
            return refuse(self._route, refusal)
        status, body = self._render(reply)
        return Response(body, status, media_type="application/json")

    def _to_message(self, body: bytes) -> Message:
        """Not to be changed by anyone who gets it."""
        message = request_class(self._route.rpc)()
        fill_body(self._route, message, parse_json(body))
        return message

    def _to_answer(self, reply: bytes) -> tuple[int, bytes]:
        response = to_response(self._route, response_class(self._route.rpc).FromString(reply))
        return response.status_code, bytes(response.body)


def _keep(work: Callable[[bytes], Made]) -> Callable[[bytes], Made]:
    kept = lru_cache(KEPT)(work)
    return lambda given: (kept if len(given) <= LONGEST_KEPT else work)(given)
