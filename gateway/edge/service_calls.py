"""A page's way to the services: each call is made for the person who is signed in."""

from __future__ import annotations

from typing import TypeVar

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from starlette.requests import Request

from gateway.edge.context import get_gateway, require_session

Answer = TypeVar("Answer", bound=Message)


async def ask_service(request: Request, rpc: MethodDescriptor, message: Message, answer: type[Answer]) -> Answer:
    """Raises what the service raised, Unavailable without an answer, and Unauthenticated when nobody is signed in."""
    session = await require_session(request)
    return await get_gateway(request).services.ask(rpc, message, answer, session.user.caller)
