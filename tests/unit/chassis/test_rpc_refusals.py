"""A refusal with many problems arrives over real gRPC, whatever its length."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from chassis.contract import Contract
from chassis.identity import Caller, TokenIssuer, generate_private_jwk
from chassis.kernel import InvalidInput, Problem, Unavailable
from chassis.rpc.client import RpcClient
from chassis.rpc.server import RpcServer
from tests.access_rules import access_of
from tests.integration.chassis.toy import messages

SENTENCE = "Give a first name of at most sixty characters, as it stands on the social security card."
KEY = generate_private_jwk("quote")


class Strict(Contract):
    """Refuses whatever comes, with as many problems as it was told."""

    descriptor = messages.SERVICE

    def __init__(self, count: int) -> None:
        self._problems = tuple(Problem(f"people[{n}].first_name", SENTENCE, "R46") for n in range(count))

    def refuse(self, request: Any, caller: Caller) -> Any:
        raise InvalidInput("Some fields need to be corrected.", problems=self._problems)

    note = fail = wait = who_am_i = refuse


@contextmanager
def served(contract: Contract) -> Iterator[str]:
    server = RpcServer([contract], access_of(KEY), reflection_on=False)
    port = server.start("127.0.0.1:0")
    yield f"127.0.0.1:{port}"
    server.stop()


def refusal_of(contract: Contract) -> InvalidInput:
    async def call(address: str) -> None:
        client = RpcClient(address)
        try:
            method = messages.SERVICE.methods_by_name["Refuse"]
            await client.call(method, messages.Nothing(), TokenIssuer(KEY).issue_for_self())
        finally:
            await client.close()

    with served(contract) as address, pytest.raises(InvalidInput) as refused:
        asyncio.run(call(address))
    return refused.value


def test_a_household_of_twenty_with_many_mistakes_hears_of_all_of_them() -> None:
    assert len(refusal_of(Strict(200)).problems) == 200


def test_of_more_mistakes_than_a_trailer_can_carry_the_first_arrive() -> None:
    found = refusal_of(Strict(5000)).problems
    assert [problem.field for problem in found[:2]] == ["people[0].first_name", "people[1].first_name"]
    assert 200 < len(found) < 5000


def test_a_call_that_nobody_answers_leaves_a_line_that_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    async def call() -> None:
        client = RpcClient("127.0.0.1:1")  # nobody listens there
        try:
            method = messages.SERVICE.methods_by_name["Refuse"]
            await client.call(method, messages.Nothing(), TokenIssuer(KEY).issue_for_self(), 0.2)
        finally:
            await client.close()

    structlog.reset_defaults()
    with pytest.raises(Unavailable):
        asyncio.run(call())
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    structlog.reset_defaults()
    assert line["event"] == "call not answered"
    assert line["method"].endswith(".Refuse")
    assert line["code"] in ("UNAVAILABLE", "DEADLINE_EXCEEDED")
    assert 0 <= line["seconds"] < 5
