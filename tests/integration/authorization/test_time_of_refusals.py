"""How long a refusal takes does not tell whether the record is there: somebody else's takes as long as none.

Both are asked for by turns, and the measure is how often a stranger who sees two times would tell rightly which is
which: one half is chance. A loaded machine slows both alike.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.table import Table

from chassis.identity import TokenIssuer
from chassis.kernel import NotFound, Unavailable
from chassis.rpc.client import RpcClient
from tests.integration.authorization.conftest import SEED
from tests.integration.authorization.operations import Operation, every_rpc, message_of
from tests.integration.authorization.world import BEN, Records, World, caller_of

pytestmark = [pytest.mark.timeout(900), pytest.mark.once]
READS = ("GetApplication", "GetQuote", "GetPayment", "GetApplicationPdf", "GetProofDocument", "GetClient", "GetReview")
# Chance alone gives 0.5 with a deviation of 0.05 at so many of each.
SAMPLES = 60
# Five deviations: whoever guesses by one time is wrong at least in every fourth case.
MOST = 0.75
ROUNDS = 3
"""A disturbance of the machine in one round is no leak; what tells the two apart does so in every round."""


def chance_to_tell(some: Sequence[float], others: Sequence[float]) -> float:
    """How often one of ``some`` is the longer one of a pair; 0.5 when times tell nothing."""
    longer = sum((one > other) + (one == other) / 2 for one in some for other in others)
    return longer / (len(some) * len(others))


def times_of(world: World, operation: Operation, *asked: Records) -> list[list[float]]:
    """Seconds of Ben's calls for each of these, by turns in random order."""
    return asyncio.run(_times_of(world, operation, asked))


async def _times_of(world: World, operation: Operation, asked: Sequence[Records]) -> list[list[float]]:
    client = RpcClient(f"127.0.0.1:{world.suite.ports.rpc}")
    issuer, caller = TokenIssuer(world.suite.keys["identity.gateway"]), caller_of(world.people[BEN], datetime.now(UTC))
    messages = [message_of(operation, world, records, "12345678") for records in asked]
    times: list[list[float]] = [[] for _ in asked]
    turns = [place for place in range(len(asked)) for _ in range(SAMPLES)]
    random.Random(SEED).shuffle(turns)
    try:
        for place in turns:
            began = time.perf_counter()
            try:
                await client.call(operation.rpc, messages[place], issuer.issue(caller), 60.0)
            except NotFound:
                pass
            except Unavailable:
                continue
            times[place].append(time.perf_counter() - began)
    finally:
        await client.close()
    return times


def test_times_tell_nobody_what_is_there(world: World) -> None:
    table = Table("rpc", "unknown, ms", "another's, ms", "told rightly", title_justify="left")
    told = {}
    for operation in every_rpc():
        if operation.rpc.name not in READS:
            continue
        for _ in range(ROUNDS):
            unknown, anothers = times_of(world, operation, Records(), world.records["700000001"])
            chance = told[operation.rpc.name] = max(
                chance_to_tell(unknown, anothers), chance_to_tell(anothers, unknown)
            )
            if chance <= MOST:
                break
        middle = [f"{sorted(one)[len(one) // 2] * 1000:.2f}" for one in (unknown, anothers)]
        table.add_row(operation.rpc.name, *middle, f"{chance:.2f}")
    Console(width=110).print(table)
    assert len(told) == len(READS)
    assert {name: chance for name, chance in told.items() if chance > MOST} == {}


def test_the_measure_tells_an_answer_from_a_refusal(world: World) -> None:
    """The control: what one may see is read whole, and takes longer."""
    [operation] = [one for one in every_rpc() if one.rpc.name == "GetApplication"]
    best = max(
        chance_to_tell(own, unknown)
        for own, unknown in (times_of(world, operation, world.records["700000003"], Records()) for _ in range(ROUNDS))
    )
    assert best > MOST
