"""What the quote pages ask the services for."""

from __future__ import annotations

from typing import TypeVar

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from starlette.requests import Request
from suite.quote.v1 import quote_pb2, quote_service_pb2

from gateway.edge.context import get_gateway, require_session
from gateway.edge.rpcs import QUOTE

Answer = TypeVar("Answer", bound=Message)


async def ask_service(
    request: Request,
    rpc: MethodDescriptor,
    message: Message,
    answer: type[Answer],
) -> Answer:
    """Ask on behalf of the person who is signed in."""
    session = await require_session(request)
    return await get_gateway(request).services.ask(rpc, message, answer, session.user.caller)


def act_draft(quote_id: str) -> str:
    """The draft of what was refused on the review page."""
    return f"quote-act/{quote_id}"


async def load_quote(request: Request) -> quote_pb2.Quote:
    """The quote that the address names."""
    asked = quote_service_pb2.GetQuoteRequest(quote_id=request.path_params["quote_id"])
    answer = await ask_service(request, QUOTE["GetQuote"], asked, quote_service_pb2.GetQuoteResponse)
    return answer.quote
