"""Random power cuts, as many as are asked for: nothing is lost and nothing is done twice.

The short form runs with the other tests. A long one, as before a release:
``CHAOS_NOTES=10000 CHAOS_KILLS=60 CHAOS_BROKER_KILLS=2 CHAOS_SEED=7 pytest tests/chaos``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.chaos.chaos_run import ChaosResult, ChaosRun
from tests.integration.chassis.databases import fresh_database
from tests.integration.chassis.nodes import BrokerNode, DatabaseNode
from tests.integration.chassis.processes import Toy
from tests.integration.chassis.waiting import until

NOTES = int(os.environ.get("CHAOS_NOTES", "600"))
KILLS = int(os.environ.get("CHAOS_KILLS", "6"))
BROKER_KILLS = int(os.environ.get("CHAOS_BROKER_KILLS", "1"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
# The controls kill until they see damage. One kill in two or better does some, so fifteen without any means that
# the test is blind.
CONTROL_NOTES = 150
CONTROL_KILLS = 15

pytestmark = pytest.mark.timeout(120 + KILLS * 5 + NOTES // 50)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerNode]:
    node = BrokerNode(tmp_path_factory.mktemp("chaos") / "broker")
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="module")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    node = DatabaseNode(tmp_path_factory.mktemp("chaos") / "postgres")
    yield node.url
    node.stop()


@pytest.fixture
def toy(broker: BrokerNode, admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    with fresh_database(admin_url) as url, closing_toy(broker, url, tmp_path_factory) as fresh:
        yield fresh


@contextmanager
def closing_toy(broker: BrokerNode, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    toy = Toy(broker.amqp_url, url, tmp_path_factory.mktemp("toy"))
    toy.migrate()
    try:
        yield toy
    finally:
        toy.close()


def test_random_kills_lose_no_event_and_repeat_no_effect(toy: Toy, broker: BrokerNode) -> None:
    broker.settle()
    damage = ChaosRun(toy, broker, NOTES, SEED).run(KILLS, BROKER_KILLS)
    assert damage == ChaosResult(damage.notes, KILLS, BROKER_KILLS, lost=0, repeated=0)
    assert damage.notes >= NOTES
    assert toy.messages("toy.toy.note.written.v1.dead") == []


def test_without_the_inbox_random_kills_repeat_effects(toy: Toy, broker: BrokerNode) -> None:
    chaos = ChaosRun(toy, broker, CONTROL_NOTES, SEED, TOY_INBOX="off")
    damage = chaos.run(CONTROL_KILLS, victims=("relay", "worker"), enough=lambda: chaos.repeated() > 0)
    assert damage.lost == 0
    assert damage.repeated > 0


def test_without_the_outbox_random_kills_lose_events(toy: Toy, broker: BrokerNode) -> None:
    chaos = ChaosRun(toy, broker, CONTROL_NOTES, SEED, TOY_OUTBOX="off")
    damage = chaos.run(CONTROL_KILLS, victims=("submit",), enough=lambda: until(chaos.at_rest) and chaos.lost() > 0)
    assert damage.lost > 0
