"""Power cuts at every named point: after the restart each note has had its effect exactly once.

The controls take one mechanism away and have to see a loss or a duplicate, else these tests would prove nothing.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator

import pytest

from chassis.bus.relay import Relay
from chassis.kernel import new_id
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import INFRASTRUCTURE, Notes, submit_batch
from tests.integration.chassis.waiting import until

KILLED = 137
NOTES = 3


class MessagePipeline:
    """Submit, relay and worker; whoever is to be cut runs as a process of its own, the others are shared."""

    def __init__(self, toy: Toy) -> None:
        self.toy = toy
        self._stop = threading.Event()
        self._relay: threading.Thread | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._worker_without: dict[str, str] = {}

    def run_through(self, victim: str, point: str, **without: str) -> str:
        """Bring a batch of notes through the chain with a power cut on its way; gives the batch's name."""
        batch = new_id()[:8]
        if victim in ("relay", "worker"):
            self.off(victim)
        if self._worker_without != without:
            # one without its inbox, killed later over a note of this batch, would give that note two effects
            self.off("worker")
        if victim != "submit":
            self.submit(batch)
        for link in ("submit", "relay", "worker"):
            if link == victim:
                self.cut(victim, point, batch, **without)
            self.on(link, batch, **without)
        return batch

    def cut(self, victim: str, point: str, batch: str, **without: str) -> None:
        environment = {"CHASSIS_CRASH_AT": point, "TOY_BATCH": batch, "TOY_COUNT": str(NOTES), **without}
        assert self.toy.run(victim, **environment) == KILLED

    def on(self, link: str, batch: str, **without: str) -> None:
        if link == "submit":
            self.submit(batch)
        elif link == "relay":
            self._start_relay()
        else:
            self._start_worker(without)

    def off(self, link: str) -> None:
        if link == "relay" and self._relay:
            self._stop.set()
            self._relay.join()
            self._relay = None
        if link == "worker" and self._worker:
            self._worker.kill()
            self._worker.wait()
            self._worker = None

    def submit(self, batch: str) -> None:
        submit_batch(Notes(self.toy.database, self.toy.amqp_url), batch, NOTES)

    def effects(self, batch: str) -> list[int]:
        """How often each note of the batch was heard, fewest first."""
        query = (
            "select count(effect.id) from note left join effect on effect.note_id = note.id "
            "where note.subject like :batch group by note.id"
        )
        return sorted(row[0] for row in self.toy.rows(query, {"batch": f"{batch}-%"}))

    def settled(self) -> bool:
        unsent = self.toy.rows("select count(*) from outbox where sent_at is null")[0][0]
        return unsent == 0 and self.toy.waiting(QUEUE.name) == 0

    def _start_relay(self) -> None:
        if self._relay is None:
            self._stop = threading.Event()
            relay = Relay("toy", self.toy.database, INFRASTRUCTURE, self.toy.amqp_url, {})
            self._relay = threading.Thread(target=relay.run, args=(self._stop,))
            self._relay.start()

    def _start_worker(self, without: dict[str, str]) -> None:
        if self._worker is None or self._worker_without != without:
            self.off("worker")
            self._worker, self._worker_without = self.toy.start("worker", **without), without


@pytest.fixture(scope="module")
def chain(module_toy: Toy) -> Iterator[MessagePipeline]:
    links = MessagePipeline(module_toy)
    yield links
    links.off("relay")


@pytest.mark.parametrize(
    ("victim", "point"),
    [
        ("worker", "after inbox before commit"),
        ("worker", "before commit"),
        ("worker", "after commit before ack"),
        ("relay", "after publish before mark"),
        ("relay", "after mark"),
        ("submit", "before commit"),
        ("submit", "after commit before publish"),
    ],
)
def test_a_power_cut_loses_nothing_and_repeats_nothing(chain: MessagePipeline, victim: str, point: str) -> None:
    batch = chain.run_through(victim, point)
    until(lambda: len(chain.effects(batch)) == NOTES and all(chain.effects(batch)))
    until(chain.settled)
    assert chain.effects(batch) == [1] * NOTES


@pytest.mark.parametrize(
    ("victim", "point"), [("worker", "after commit before ack"), ("relay", "after publish before mark")]
)
def test_without_the_inbox_the_same_power_cut_has_an_effect_twice(
    chain: MessagePipeline, victim: str, point: str
) -> None:
    batch = chain.run_through(victim, point, TOY_INBOX="off")
    until(lambda: sum(chain.effects(batch)) > NOTES)


def test_without_the_outbox_the_same_power_cut_loses_an_event(
    chain: MessagePipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOY_OUTBOX", "off")
    batch = chain.run_through("submit", "after commit before publish")
    until(lambda: sum(chain.effects(batch)) == NOTES - 1)
    until(chain.settled)
    assert chain.effects(batch) == [0, 1, 1]


def test_crash_points_are_dead_outside_tests(chain: MessagePipeline) -> None:
    environment = {"CHASSIS_CRASH_AT": "before commit", "TOY_BATCH": new_id()[:8], "TOY_COUNT": "1"}
    environment["TLS_PROVIDED_BY"] = "nothing: a test on one machine"
    assert chain.toy.run("submit", SUITE_ENV="production", **environment) == 0
