"""The rights at the broker name every exchange and queue of the code, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import services
from chassis.bus.broker_rights import DEFAULT_EXCHANGE, BrokerRights
from chassis.bus.topology import CALL_EXCHANGE, DEAD_EXCHANGE, FeedQueue, call_queue
from portal.broker_rights import CALLERS, list_rights
from portal.dead_letters import find_queues

SERVICES = sorted(path.parent.name for path in Path(services.__path__[0]).glob("*/__main__.py"))
FEED = FeedQueue("carrier")


def names() -> set[str]:
    """Every exchange and queue of the suite, and of one feed."""
    queues = {one.name for queue in find_queues() for one in queue.all_queues()} | {FEED.name, FEED.dead.name}
    exchanges = {DEAD_EXCHANGE.name, CALL_EXCHANGE.name, DEFAULT_EXCHANGE}
    return queues | exchanges | {f"{one}.events" for one in SERVICES} | {call_queue(one) for one in SERVICES}


def parts(pattern: str) -> list[str]:
    return pattern.removeprefix("^(").removesuffix(")$").split("|")


def of(user: str) -> BrokerRights:
    return next(one for one in list_rights() if one.user == user)


def test_each_name_has_someone_who_declares_it_and_reads_it() -> None:
    for name in names() - {DEFAULT_EXCHANGE}:
        assert any(re.search(one.configure, name) for one in list_rights()), name
        assert any(re.search(one.read, name) for one in list_rights()), name


def test_each_pattern_matches_something() -> None:
    found = names()
    for one in list_rights():
        for pattern in (*parts(one.configure), *parts(one.write), *parts(one.read)):
            assert any(re.fullmatch(pattern, name) for name in found), (one.user, pattern)


def test_each_consumer_reads_its_queues_and_nobody_elses() -> None:
    for queue in find_queues():
        readers = {one.user for one in list_rights() if re.search(one.read, queue.name)}
        assert readers == {queue.consumer}


def test_only_those_call_over_the_bus_whose_code_does() -> None:
    folder = Path(services.__path__[0])
    assert {one for one in SERVICES if "runtime.bus" in (folder / one / "__main__.py").read_text()} == CALLERS
    assert {one.user for one in list_rights() if re.search(one.write, CALL_EXCHANGE.name)} == CALLERS
    assert not re.search(of("operator").write, CALL_EXCHANGE.name)
