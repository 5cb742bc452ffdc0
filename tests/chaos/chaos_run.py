"""Chaos: random ``kill -9`` of submitter, relay, worker and broker while notes go through outbox and inbox."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.chassis.nodes import BrokerNode
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.waiting import until

# Notes of one second: slow enough that the kills fall into the midst of them.
NOTES_PER_SECOND = 150
# Everybody is back within seconds; a busy machine may need several times that.
CALM_AFTER_SECONDS = 90.0
# Each link of the chain, and how much it has done: only what is at work is struck.
WORK_DONE = {
    "submit": "select count(*) from note",
    "relay": "select count(*) from outbox where sent_at is not null",
    "worker": "select count(*) from effect",
}
LINKS = tuple(WORK_DONE)


@dataclass(frozen=True)
class ChaosResult:
    """What the kills did: ``lost`` notes were never consumed, ``repeated`` effects are one too many."""

    notes: int
    kills: int
    broker_kills: int
    lost: int
    repeated: int


class ChaosRun:
    """A batch of so many notes or more, and the kills that fall meanwhile; ``without`` takes a mechanism away."""

    def __init__(self, toy: Toy, broker: BrokerNode, notes: int, seed: int, **without: str) -> None:
        self._toy, self._broker, self._notes, self._without = toy, broker, notes, without
        self._random = random.Random(seed)
        self._batch = f"batch{seed}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._done_at_start: dict[str, int] = {}
        self.kills = self.broker_kills = 0

    def run(
        self,
        kills: int,
        broker_kills: int = 0,
        victims: tuple[str, ...] = LINKS,
        enough: Callable[[], bool] = lambda: False,
    ) -> ChaosResult:
        """Kill so many times, or until it is enough, then let the chain come to rest and count."""
        satisfied = False
        while not (self._submitted() and (satisfied or self._killed_enough(kills, broker_kills))):
            if self._submitted():
                self._notes += NOTES_PER_SECOND  # kills have to fall while there is work
            self._restart_killed()
            time.sleep(self._random.uniform(0.05, 0.3))
            if self.kills < kills and not satisfied and self._kill(victims):
                satisfied = enough()
            if self.broker_kills < broker_kills and self._killed_share(kills) > self.broker_kills / broker_kills:
                self._kill_broker()
        self._restart_killed()
        until(self.at_rest, CALM_AFTER_SECONDS)
        self._stop()
        return self._damage()

    def at_rest(self) -> bool:
        """Nothing waits to be sent, nothing waits to be heard, and nothing new was heard for a while."""
        unsent = self._ask("select count(*) from outbox where sent_at is null")
        if unsent or self._toy.waiting(QUEUE.name):
            return False
        before = self._toy.count("effect")
        time.sleep(1)
        return before == self._toy.count("effect") and not self._toy.waiting(QUEUE.name)

    def lost(self) -> int:
        """Notes that nobody heard."""
        return self._ask(
            "select count(*) from note where not exists (select 1 from effect where effect.note_id = note.id)"
        )

    def repeated(self) -> int:
        """Effects beyond the first of a note."""
        return self._ask("select count(*) - count(distinct note_id) from effect")

    def _ask(self, query: str) -> int:
        return int(self._toy.rows(query)[0][0])

    def _killed_enough(self, kills: int, broker_kills: int) -> bool:
        return self.kills >= kills and self.broker_kills >= broker_kills

    def _killed_share(self, kills: int) -> float:
        return self.kills / kills if kills else 1.0

    def _kill(self, victims: tuple[str, ...]) -> bool:
        at_work = [name for name in victims if self._is_at_work(name)]
        if not at_work:
            return False
        victim = self._running[self._random.choice(at_work)]
        victim.kill()
        victim.wait()
        self.kills += 1
        return True

    def _is_at_work(self, name: str) -> bool:
        process = self._running.get(name)
        return process is not None and process.poll() is None and self._ask(WORK_DONE[name]) > self._done_at_start[name]

    def _kill_broker(self) -> None:
        self._broker.kill()
        self._broker.start()
        self.broker_kills += 1

    def _restart_killed(self) -> None:
        for name in LINKS:
            process = self._running.get(name)
            if process is not None and process.poll() is None:
                continue
            if name == "submit" and process is not None and process.returncode == 0:
                del self._running[name]
            if name != "submit" or not self._submitted():
                self._running[name] = self._toy.start(name, **self._environment(), **self._without)
                self._done_at_start[name] = self._ask(WORK_DONE[name])

    def _environment(self) -> dict[str, str]:
        """A submitter begins with the note whose answer it never got, as a client does that repeats its call."""
        first = max(0, self._written() - 1)
        pace = str(1 / NOTES_PER_SECOND)
        return {"TOY_BATCH": self._batch, "TOY_COUNT": str(self._notes), "TOY_FIRST": str(first), "TOY_PACE": pace}

    def _written(self) -> int:
        return self._toy.count("note")

    def _submitted(self) -> bool:
        return self._written() == self._notes and "submit" not in self._running

    def _stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def _damage(self) -> ChaosResult:
        return ChaosResult(
            notes=self._written(),
            kills=self.kills,
            broker_kills=self.broker_kills,
            lost=self.lost(),
            repeated=self.repeated(),
        )
