"""Home, and Quote & Enroll with its three ways into enrollment (R4)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import Unavailable, business_date, get_markets
from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.home.work_waiting import WorkWaiting
from gateway.pages.render import render_page


async def home(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    today = business_date(gateway.clock.now(), get_markets().home.state)
    groups = await WorkWaiting(gateway.services, session.user, today).find()
    return await render_page(request, "home/home.html", {"groups": groups})


async def quote_and_enroll(request: Request) -> Response:
    return await render_page(request, "home/quote_and_enroll.html", {"has_quotes": await _has_quotes(request)})


async def _has_quotes(request: Request) -> bool | None:
    """Whether there are saved quotes; None when that cannot be told now, so that the page stays usable."""
    one = quote_service_pb2.ListQuotesRequest(page=common_pb2.Page(size=1))
    try:
        found = await ask_service(request, QUOTE["ListQuotes"], one, quote_service_pb2.ListQuotesResponse)
    except Unavailable:
        return None
    return bool(found.quotes)
