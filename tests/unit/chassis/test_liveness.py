"""A loop that goes round is alive however slowly, and one that stands is not once that has lasted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chassis import liveness
from chassis.health import failures
from chassis.liveness import LoopLiveness


@dataclass
class CountingLoop:
    rounds: int = 0


def look(watched: LoopLiveness, seconds: float) -> None:
    for _ in range(int(seconds / liveness.LOOK_SECONDS)):
        watched.look()


def test_a_loop_that_stands_is_named_after_a_while_and_one_beside_it_is_not() -> None:
    slow, standing = CountingLoop(), CountingLoop()
    watched = LoopLiveness({"slow": slow, "standing": standing})
    for _ in range(3):
        slow.rounds += 1
        look(watched, liveness.STILL_SECONDS / 2)
    assert failures(watched.checks) == ["standing"]


def test_a_loop_that_goes_on_is_alive_again() -> None:
    loop = CountingLoop()
    watched = LoopLiveness({"loop": loop})
    look(watched, liveness.STILL_SECONDS)
    assert failures(watched.checks) == ["loop"]
    loop.rounds += 1
    watched.look()
    assert failures(watched.checks) == []


def test_a_probe_acts_before_the_process_ends_itself() -> None:
    """Kubernetes asks every 10 s and restarts at the third failure (deploy/k8s/base)."""
    assert liveness.END_SECONDS > liveness.STILL_SECONDS + 3 * 10


def test_a_loop_that_stands_too_long_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = CountingLoop()
    ended: list[list[str]] = []

    class Clock:
        @staticmethod
        def sleep(_seconds: float) -> None:
            if ended:
                watched.stop()

    class Thread:
        def __init__(self, target: object, **_: object) -> None:
            self.start = target

    watched = LoopLiveness({"loop": loop})
    monkeypatch.setattr(liveness, "_end_process", ended.append)
    watched.start(type("threads", (), {"Thread": Thread}), Clock)  # type: ignore[arg-type]  # stand for the modules
    assert ended == [["loop"]]
