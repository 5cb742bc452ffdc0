"""A storm: random ``kill -9`` of submitter, relay, worker and broker while notes go through outbox and inbox."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.chassis.nodes import BrokerNode
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.waiting import until

# Notes of one second: slow enough that the strikes fall into the midst of them.
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
class Damage:
    """What the storm did: ``lost`` notes were never heard, ``repeated`` effects are one too many."""

    notes: int
    strikes: int
    broker_strikes: int
    lost: int
    repeated: int


class Storm:
    """A batch of so many notes or more, and the strikes that fall meanwhile; ``without`` takes a mechanism away."""

    def __init__(self, toy: Toy, broker: BrokerNode, notes: int, seed: int, **without: str) -> None:
        self._toy, self._broker, self._notes, self._without = toy, broker, notes, without
        self._random = random.Random(seed)
        self._batch = f"batch{seed}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._done_at_start: dict[str, int] = {}
        self.strikes = self.broker_strikes = 0

    def rage(
        self,
        strikes: int,
        broker_strikes: int = 0,
        victims: tuple[str, ...] = LINKS,
        enough: Callable[[], bool] = lambda: False,
    ) -> Damage:
        """Strike so many times, or until it is enough, then let the chain come to rest and count."""
        satisfied = False
        while not (self._submitted() and (satisfied or self._struck(strikes, broker_strikes))):
            if self._submitted():
                self._notes += NOTES_PER_SECOND  # strikes have to fall while there is work
            self._restart_the_fallen()
            time.sleep(self._random.uniform(0.05, 0.3))
            if self.strikes < strikes and not satisfied and self._strike(victims):
                satisfied = enough()
            if (
                self.broker_strikes < broker_strikes
                and self._struck_share(strikes) > self.broker_strikes / broker_strikes
            ):
                self._strike_broker()
        self._restart_the_fallen()
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

    def _struck(self, strikes: int, broker_strikes: int) -> bool:
        return self.strikes >= strikes and self.broker_strikes >= broker_strikes

    def _struck_share(self, strikes: int) -> float:
        return self.strikes / strikes if strikes else 1.0

    def _strike(self, victims: tuple[str, ...]) -> bool:
        at_work = [name for name in victims if self._is_at_work(name)]
        if not at_work:
            return False
        victim = self._running[self._random.choice(at_work)]
        victim.kill()
        victim.wait()
        self.strikes += 1
        return True

    def _is_at_work(self, name: str) -> bool:
        process = self._running.get(name)
        return process is not None and process.poll() is None and self._ask(WORK_DONE[name]) > self._done_at_start[name]

    def _strike_broker(self) -> None:
        self._broker.kill()
        self._broker.start()
        self.broker_strikes += 1

    def _restart_the_fallen(self) -> None:
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

    def _damage(self) -> Damage:
        return Damage(
            notes=self._written(),
            strikes=self.strikes,
            broker_strikes=self.broker_strikes,
            lost=self.lost(),
            repeated=self.repeated(),
        )
