"""Malformed messages and messages that always fail, among many: the others are done, and each has its dead letter.

What it costs the others is measured by ``python -m benchmarks.poison``.
"""

from __future__ import annotations

import pytest

from chassis.bus.topology import RETRY_LADDER
from tests.integration.chassis.poisoned_batch import read_dead_letters, run_batch, traces_of
from tests.integration.chassis.processes import Toy

# As many steps as the real ladder has, in seconds instead of an hour.
LADDER = "0,0,1,1,1,1"

# Some seconds; a thousand transactions on a machine that does something else beside it.
pytestmark = pytest.mark.timeout(400)


def test_of_a_thousand_messages_the_two_that_fail_are_dead_letters_and_the_others_are_done(toy: Toy) -> None:
    assert len(LADDER.split(",")) == len(RETRY_LADDER)
    for command in ("relay", "worker"):
        toy.start(command, TOY_LADDER=LADDER)
    result = run_batch(toy, "batch", 1000, poison=True)
    assert (result.done, result.repeated) == (998, 0)
    letters = {letter.id: letter for letter in read_dead_letters(toy, 2)}
    assert letters.keys() == {"batch-500", "batch-1000"}
    malformed, failing = letters["batch-500"], letters["batch-1000"]
    assert (malformed.reason, malformed.attempts) == ("MalformedMessage", 1)
    assert (failing.reason, failing.attempts) == ("ValueError", 1 + len(RETRY_LADDER))
    assert malformed.first_failure
    assert failing.first_failure
    assert {name: letter.trace_id for name, letter in letters.items()} == traces_of(toy, list(letters))
