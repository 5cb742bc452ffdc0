"""A call over the bus that names another answer than its method gives is a mistake of ours, found before it is sent."""

from __future__ import annotations

import pytest

from chassis.bus.client import BusClient
from chassis.identity import TokenIssuer, generate_private_jwk
from tests.integration.chassis.toy import messages


def test_a_call_that_expects_another_answer_than_its_method_gives_raises_and_sends_nothing() -> None:
    client = BusClient.of("amqp://nobody.invalid", TokenIssuer(generate_private_jwk("quote")))
    with pytest.raises(TypeError, match=r"Note does not answer with .*Nothing"):
        client.call(messages.SERVICE, "Note", messages.Nothing(), messages.Nothing)
