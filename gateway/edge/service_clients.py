"""The gateway's way to the five services: one channel to each, the person's signed token with every call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar, cast

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc import ChannelCredentials

from chassis.access import access_rule, service_name
from chassis.identity import Caller, CallerKind, TokenIssuer
from chassis.kernel import Clock, Forbidden, NotFound
from chassis.rpc.client import RpcClient
from gateway.edge.call_deadlines import deadline_of

Answer = TypeVar("Answer", bound=Message)
# What the service says would be wrong: the person may have the thing on the screen, and lacks the action alone.
_LIMITED = {
    CallerKind.DELEGATE: "Your access as a delegate does not include this action. Ask the producer to change it in My "
    "Hierarchy.",
    CallerKind.PRODUCER: "Your agency does not let you do this for a sub-producer. Ask the sub-producer to do it.",
}


@contextmanager
def _naming_limits(permitted: Caller, caller: Caller) -> Iterator[None]:
    """What a delegate does not find may be there, for somebody with more access."""
    try:
        yield
    except NotFound:
        if permitted.numbers == caller.numbers:
            raise
        raise Forbidden(_LIMITED[caller.kind]) from None


class ServiceClients:
    """Calls to the services on behalf of a caller."""

    def __init__(
        self,
        addresses: Mapping[str, str],
        issuer: TokenIssuer,
        clock: Clock,
        credentials: ChannelCredentials | None = None,
    ) -> None:
        """``clock``: the business clock, by which delegations end. Unencrypted without credentials."""
        self._addresses = addresses
        self._issuer = issuer
        self._clock = clock
        self._credentials = credentials

    @cached_property
    def _clients(self) -> dict[str, RpcClient]:
        """Made at the first call: a channel belongs to the event loop in which it is made."""
        return {service: RpcClient(address, self._credentials) for service, address in self._addresses.items()}

    async def call(self, rpc: MethodDescriptor, request: Message, caller: Caller) -> Message:
        """Call an rpc of the service that its package names; raises the DomainError that it raised, or Unavailable.

        A delegate's token names the writing numbers alone under which the producer allowed what the rpc does; the
        service checks it again.
        """
        permitted = self._permit(rpc, caller)
        with _naming_limits(permitted, caller):
            token = self._issuer.issue(permitted, service_name(rpc))
            return await self._client(rpc).call(rpc, request, token, deadline_of(rpc))

    async def call_for_bytes(self, rpc: MethodDescriptor, request: Message, caller: Caller) -> bytes:
        """The same, the answer as it came."""
        permitted = self._permit(rpc, caller)
        with _naming_limits(permitted, caller):
            token = self._issuer.issue(permitted, service_name(rpc))
            return await self._client(rpc).call_for_bytes(rpc, request, token, deadline_of(rpc))

    def _permit(self, rpc: MethodDescriptor, caller: Caller) -> Caller:
        return caller.permitted_for(access_rule(rpc).action, self._clock.now()) if caller.grants else caller

    def _client(self, rpc: MethodDescriptor) -> RpcClient:
        return self._clients[service_name(rpc)]

    async def ask(
        self,
        rpc: MethodDescriptor,
        request: Message,
        answer: type[Answer],
        caller: Caller,
    ) -> Answer:
        """The same for code that knows the answer's class."""
        return cast(Answer, await self.call(rpc, request, caller))

    async def check(self, service: str) -> None:
        """Raise when it does not answer its health check."""
        await self._clients[service].check()

    async def failing(self) -> list[str]:
        """Names of the services that do not answer their health check."""
        names = list(self._clients)
        results = await asyncio.gather(*map(self.check, names), return_exceptions=True)
        return [name for name, result in zip(names, results, strict=True) if isinstance(result, BaseException)]

    async def close(self) -> None:
        await asyncio.gather(*(client.close() for client in self._clients.values()))
