"""A token that the gateway signs for a call is for the service that is called, and for no other."""

from __future__ import annotations

import asyncio

import pytest
from google.protobuf.descriptor import MethodDescriptor

from chassis.access import AccessControl
from chassis.contract import request_class
from chassis.identity import Caller, CallerKind, TokenIssuer, TokenVerifier, generate_private_jwk, public_jwks
from chassis.kernel import SystemClock, Unauthenticated, Unavailable
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE
from gateway.edge.service_clients import ServiceClients

KEY = generate_private_jwk("gateway")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")
RPCS = [
    QUOTE["GetQuote"],
    ENROLLMENT["GetApplication"],
    PCP["SearchProviders"],
    PAYMENT["GetPayment"],
    DOCUMENTS["GetProofDocument"],
]


class KeptTokens(TokenIssuer):
    """Signs as ever, and keeps what it signed last."""

    last = ""

    def issue(self, caller: Caller, audience: str = "") -> str:
        self.last = super().issue(caller, audience)
        return self.last


def token_of(rpc: MethodDescriptor, *, as_bytes: bool) -> str:
    async def call() -> None:
        addresses = {one.full_name.split(".")[1]: "127.0.0.1:1" for one in RPCS}
        clients = ServiceClients(addresses, issuer, SystemClock())
        try:
            await (clients.call_for_bytes if as_bytes else clients.call)(rpc, request_class(rpc)(), PRODUCER)
        finally:
            await clients.close()

    issuer = KeptTokens(KEY)
    with pytest.raises(Unavailable):  # nobody is there: what counts is what was sent
        asyncio.run(call())
    return issuer.last


@pytest.mark.parametrize("as_bytes", [False, True])
@pytest.mark.parametrize("called", RPCS, ids=lambda rpc: rpc.name)
def test_each_service_is_sent_a_token_of_its_own(called: MethodDescriptor, as_bytes: bool) -> None:
    access, token = AccessControl(TokenVerifier(public_jwks([KEY])), SystemClock()), token_of(called, as_bytes=as_bytes)
    assert access.admit(called, token) == PRODUCER
    for other in RPCS:
        if other is not called:
            with pytest.raises(Unauthenticated):
                access.admit(other, token)
