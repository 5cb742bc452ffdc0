"""What the quote pages ask the services for."""

from __future__ import annotations

from starlette.requests import Request
from suite.quote.v1 import quote_pb2, quote_service_pb2

from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service


def act_draft(quote_id: str) -> str:
    """The draft of what was refused on the review page."""
    return f"quote-act/{quote_id}"


async def load_quote(request: Request) -> quote_pb2.Quote:
    """The quote that the address names."""
    asked = quote_service_pb2.GetQuoteRequest(quote_id=request.path_params["quote_id"])
    answer = await ask_service(request, QUOTE["GetQuote"], asked, quote_service_pb2.GetQuoteResponse)
    return answer.quote
