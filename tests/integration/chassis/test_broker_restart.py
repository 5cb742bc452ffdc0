"""The broker dies like in a power cut and comes back: nothing is lost, and everybody finds it again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.bus.client import BusClient
from chassis.bus.relay import Relay
from chassis.kernel import Unavailable
from deploy.local.ports import free_port
from tests.integration.chassis.conftest import ToyMaker
from tests.integration.chassis.nodes import BrokerNode
from tests.integration.chassis.processes import Toy, ask
from tests.integration.chassis.toy import messages
from tests.integration.chassis.toy.service import INFRASTRUCTURE, Notes, submit_batch
from tests.integration.chassis.waiting import until

NOTES = 60


@pytest.fixture
def toy_of_its_own(toys: ToyMaker, tmp_path: Path) -> Iterator[tuple[Toy, BrokerNode]]:
    """With a broker that no other test uses."""
    node = BrokerNode(tmp_path / "broker")
    node.start()
    with toys(node.amqp_url) as toy:
        node.settle()
        yield toy, node
    node.stop()


class Supervised:
    """A worker under whoever runs it: one whose broker dies under an acknowledgement ends, to be started again."""

    def __init__(self, toy: Toy) -> None:
        self._toy = toy
        self._process = toy.start("worker")

    def runs(self) -> bool:
        if self._process.poll() is not None:
            self._process = self._toy.start("worker")
        return True


def test_delivery_and_calls_survive_a_broker_that_dies(toy_of_its_own: tuple[Toy, BrokerNode]) -> None:
    toy, node = toy_of_its_own
    stop, relay = threading.Event(), Relay("toy", toy.database, INFRASTRUCTURE, toy.amqp_url, {})
    sending = threading.Thread(target=relay.run, args=(stop,))
    bus = BusClient.of(toy.amqp_url, toy.issuer)
    try:
        worker = Supervised(toy)
        sending.start()
        until(lambda: answers(bus))
        submit_batch(Notes(toy.database, toy.amqp_url), "before", NOTES)
        node.kill()  # in the midst of it: some are sent, some handled, some neither
        submit_batch(Notes(toy.database, toy.amqp_url), "meanwhile", NOTES)
        with pytest.raises(Unavailable):
            call(bus)
        assert not relay.healthy.is_set()
        node.start()
        until(lambda: worker.runs() and answers(bus), 60)
        submit_batch(Notes(toy.database, toy.amqp_url), "after", NOTES)
        until(lambda: worker.runs() and heard(toy) >= 3 * NOTES, 60)
        assert toy.rows("select count(*) from effect")[0][0] == 3 * NOTES
    finally:
        stop.set()
        sending.join()
        bus.close()


def test_a_worker_is_ready_only_while_it_consumes(toy_of_its_own: tuple[Toy, BrokerNode]) -> None:
    toy, node = toy_of_its_own
    port = free_port()
    toy.start("worker", HEALTH_PORT=str(port), TOY_STILL="5,10")
    relay_port = free_port()
    toy.start("relay", HEALTH_PORT=str(relay_port), TOY_STILL="5,10")
    until(lambda: ask(port, "/readyz")[0] == 200)
    node.kill()
    until(lambda: ask(port, "/readyz")[0] == 503)
    assert json.loads(ask(port, "/readyz")[1])["failing"] == ["broker"]
    time.sleep(15)  # longer than a loop may stand still: these go round without the broker
    assert [ask(alive, "/livez")[0] for alive in (port, relay_port)] == [200, 200]
    node.start()
    until(lambda: ask(port, "/readyz")[0] == 200, 60)


def call(bus: BusClient) -> None:
    bus.call(messages.SERVICE, "WhoAmI", messages.Nothing(), messages.WhoAmIResponse)


def answers(bus: BusClient) -> bool:
    try:
        call(bus)
    except Unavailable:
        return False
    return True


def heard(toy: Toy) -> int:
    return int(toy.rows("select count(distinct note_id) from effect")[0][0])
