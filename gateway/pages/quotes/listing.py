"""Saved quotes (R8, R18)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_service_pb2

from gateway.edge.rpcs import QUOTE
from gateway.pages.quotes.enums import ENUMS
from gateway.pages.quotes.rpc import ask_service
from gateway.pages.render import render_page


async def listing(request: Request) -> Response:
    page = common_pb2.Page(token=request.query_params.get("page", ""))
    answer = await ask_service(
        request,
        QUOTE["ListQuotes"],
        quote_service_pb2.ListQuotesRequest(page=page),
        quote_service_pb2.ListQuotesResponse,
    )
    context = {"quotes": answer.quotes, "next": answer.next_page_token}
    return await render_page(request, "quotes/list.html", context | ENUMS)
