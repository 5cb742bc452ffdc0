"""A call over the bus: what is found before it is sent, and whom its token is for."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bus.call_connection import Call
from chassis.bus.client import BusClient
from chassis.identity import TokenIssuer, TokenVerifier, generate_private_jwk, public_jwks
from chassis.kernel import Unauthenticated
from tests.integration.chassis.toy import messages


def test_a_call_that_expects_another_answer_than_its_method_gives_raises_and_sends_nothing() -> None:
    client = BusClient.of("amqp://nobody.invalid", TokenIssuer(generate_private_jwk("quote")))
    with pytest.raises(TypeError, match=r"Note does not answer with .*Nothing"):
        client.call(messages.SERVICE, "Note", messages.Nothing(), messages.Nothing)


class SentCalls:
    """Connections that keep what is sent, and answer with nothing."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def send(self, call: Call) -> dict[str, Any]:
        self.calls.append(call)
        return {"result": {}}

    def give_up_within(self, seconds: float) -> None: ...

    def close(self) -> None: ...


def test_a_call_has_a_token_for_the_service_that_is_called() -> None:
    key, sent = generate_private_jwk("quote"), SentCalls()
    BusClient(sent, TokenIssuer(key)).call(messages.SERVICE, "Note", messages.NoteRequest(), messages.NoteResponse)
    [call] = sent.calls
    verifier, token = TokenVerifier(public_jwks([key])), str(call.context["caller_token"])
    assert verifier.verify(token, call.service).subject == "quote"
    with pytest.raises(Unauthenticated):
        verifier.verify(token, "enrollment")
