"""A process that stands still says so and ends; one whose broker or database is away does neither."""

from __future__ import annotations

import json
import subprocess
import time

import pytest

from deploy.local.ports import free_port
from tests.fault_proxy import FaultProxy
from tests.integration.chassis.processes import Toy, ask, terminate
from tests.integration.chassis.test_delivery import attempts, deliver, note
from tests.integration.chassis.waiting import until
from tests.network_faults import Stall

# Shorter than the real bounds, and longer than a loop that is well rests on a busy machine.
SOON = {"TOY_STILL": "5,10"}
LATER_SECONDS = 15.0
STANDS = [("worker", "calls", "toy calls"), ("relay", "relay", "toy")]


@pytest.mark.parametrize(("command", "loop", "name"), STANDS)
def test_a_process_with_a_loop_that_stands_still_is_not_alive_and_ends_itself(
    toy: Toy, command: str, loop: str, name: str
) -> None:
    port = free_port()
    process = toy.start(command, HEALTH_PORT=str(port), TOY_STANDS=loop, **SOON)
    until(lambda: ask(port, "/livez")[0] == 200)
    until(lambda: ask(port, "/livez")[0] == 503)
    assert json.loads(ask(port, "/livez")[1]) == {"status": "failing", "failing": [name]}
    assert process.wait(30) == 1
    assert '"event": "loop stands still"' in toy.log(command).read_text()


def test_without_the_watch_loops_that_stand_still_are_not_noticed(toy: Toy) -> None:
    """The control."""
    ports = {command: free_port() for command, _, _ in STANDS}
    for command, loop, _ in STANDS:
        toy.start(command, HEALTH_PORT=str(ports[command]), TOY_STANDS=loop, TOY_LIVENESS="off", **SOON)
    until(lambda: [ask(port, "/livez")[0] for port in ports.values()] == [200, 200])
    time.sleep(LATER_SECONDS)
    assert [ask(port, "/livez")[0] for port in ports.values()] == [200, 200]


def start_blocked_worker(toy: Toy, **extra: str) -> subprocess.Popen[bytes]:
    """Its handler never yields, so that nothing else in the process runs, ``/livez`` neither."""
    port = free_port()
    process = toy.start("worker", HEALTH_PORT=str(port), TOY_BLOCK="1", **SOON, **extra)
    until(lambda: ask(port, "/readyz")[0] == 200)
    deliver(toy, note("block", "blocked"))
    return process


def test_a_worker_whose_handler_blocks_it_ends_itself_and_the_next_one_handles_the_event(toy: Toy) -> None:
    assert start_blocked_worker(toy).wait(30) == 1
    assert "in heard" in toy.log("worker").read_text(), "its log says where it stood"
    toy.start("worker")
    assert until(lambda: attempts(toy, "blocked")) == [1]


def test_without_the_watch_a_worker_whose_handler_blocks_it_stays(toy: Toy) -> None:
    """The control."""
    process = start_blocked_worker(toy, TOY_LIVENESS="off")
    time.sleep(LATER_SECONDS)
    assert process.poll() is None
    assert attempts(toy, "blocked") == []


def test_processes_at_rest_stay_alive(toy: Toy) -> None:
    ports = [free_port(), free_port()]
    processes = [toy.start(c, HEALTH_PORT=str(p), **SOON) for c, p in zip(("worker", "relay"), ports, strict=True)]
    until(lambda: [ask(port, "/readyz")[0] for port in ports] == [200, 200])
    time.sleep(LATER_SECONDS)
    assert [ask(port, "/livez")[0] for port in ports] == [200, 200]
    assert [terminate(process) for process in processes] == [0, 0]


def is_well_behind_a_stalled_proxy(toy: Toy, **extra: str) -> bool:
    """Whether the loops of worker and relay go round while the network swallows everything; then it is back."""
    ports = [free_port(), free_port()]
    with FaultProxy.to(toy.amqp_url) as proxy:
        # longer than a try to connect and the pause behind it
        settings = {"AMQP_URL": proxy.url_of(toy.amqp_url), "TOY_STILL": "12,300", "TOY_HEARTBEAT": "1", **extra}
        for command, port in zip(("worker", "relay"), ports, strict=True):
            toy.start(command, HEALTH_PORT=str(port), **settings)
        until(lambda: [ask(port, "/readyz")[0] for port in ports] == [200, 200])
        proxy.begin(Stall())
        time.sleep(20)  # heartbeats say so within three, and what stands then is told of twelve later
        well = [ask(port, "/livez")[0] for port in ports] == [200, 200]
        assert not well or [ask(port, "/readyz")[0] for port in ports] == [503, 503]
        proxy.end()
        until(lambda: not well or [ask(port, "/readyz")[0] for port in ports] == [200, 200])
    return well


def test_worker_and_relay_try_again_while_the_network_swallows_everything(toy: Toy) -> None:
    assert is_well_behind_a_stalled_proxy(toy)


def test_whoever_takes_leave_of_a_lost_connection_stands_still(toy: Toy) -> None:
    """The control: the answer to the farewell never comes."""
    assert not is_well_behind_a_stalled_proxy(toy, TOY_FAREWELL="on")
