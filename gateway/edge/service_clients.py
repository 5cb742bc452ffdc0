"""The gateway's way to the five services: one channel to each, the person's signed token with every call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar, cast

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis.identity import Caller, TokenIssuer
from chassis.kernel import Forbidden, NotFound
from chassis.rpc.client import RpcClient
from gateway.edge.call_deadlines import deadline_of
from gateway.edge.delegated_rpcs import permitted_caller

Answer = TypeVar("Answer", bound=Message)
# What the service says would be wrong: the person may have the thing on the screen, and lacks the action alone.
_LIMITED = "Your access as a delegate does not include this action. Ask the producer to change it in My Hierarchy."


@contextmanager
def _naming_limits(rpc: MethodDescriptor, caller: Caller) -> Iterator[None]:
    """What a delegate does not find may be there, for somebody with more access."""
    try:
        yield
    except NotFound:
        if permitted_caller(caller, rpc).numbers == caller.numbers:
            raise
        raise Forbidden(_LIMITED) from None


class ServiceClients:
    """Calls to the services on behalf of a caller."""

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer) -> None:
        self._addresses = addresses
        self._issuer = issuer

    @cached_property
    def _clients(self) -> dict[str, RpcClient]:
        """Made at the first call: a channel belongs to the event loop in which it is made."""
        return {service: RpcClient(address) for service, address in self._addresses.items()}

    async def call(self, rpc: MethodDescriptor, request: Message, caller: Caller) -> Message:
        """Call an rpc of the service that its package names; raises the DomainError that it raised, or Unavailable.

        A delegate calls with the writing numbers under which the producer allowed what the rpc does.
        """
        client, token = self._signed(rpc, caller)
        with _naming_limits(rpc, caller):
            return await client.call(rpc, request, token, deadline_of(rpc))

    async def call_for_bytes(self, rpc: MethodDescriptor, request: Message, caller: Caller) -> bytes:
        """The same, the answer as it came."""
        client, token = self._signed(rpc, caller)
        with _naming_limits(rpc, caller):
            return await client.call_for_bytes(rpc, request, token, deadline_of(rpc))

    def _signed(self, rpc: MethodDescriptor, caller: Caller) -> tuple[RpcClient, str]:
        service = rpc.full_name.split(".")[1]  # suite.quote.v1.QuoteService.GetQuote
        return self._clients[service], self._issuer.issue(permitted_caller(caller, rpc))

    async def ask(
        self,
        rpc: MethodDescriptor,
        request: Message,
        answer: type[Answer],
        caller: Caller,
    ) -> Answer:
        """The same for code that knows the answer's class."""
        return cast(Answer, await self.call(rpc, request, caller))

    async def failing(self) -> list[str]:
        """Names of the services that do not answer their health check."""
        names = list(self._clients)
        results = await asyncio.gather(*(self._clients[name].check() for name in names), return_exceptions=True)
        return [name for name, result in zip(names, results, strict=True) if isinstance(result, BaseException)]

    async def close(self) -> None:
        await asyncio.gather(*(client.close() for client in self._clients.values()))
