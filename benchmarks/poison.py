"""What messages that cannot be handled cost the others: ``python -m benchmarks.poison [COUNT] [--pairs N]``.

Batches go through outbox, relay, RabbitMQ and the inbox of one worker, a process of the tests' service; by turns with
poison (of 1,000 messages one is malformed and one always fails) and without, and each pair gives a ratio. The retry
ladder has as many steps as the real one, in seconds instead of an hour, so that all tries fall into the run: with the
real one most come later.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.measurement import Bound, Target, print_targets
from chassis.bus.topology import RETRY_LADDER
from chassis.settings import load_markets
from tests.integration.chassis.databases import fresh_database
from tests.integration.chassis.nodes import BrokerNode, DatabaseNode
from tests.integration.chassis.poisoned_batch import SHARE, BatchResult, read_dead_letters, run_batch, traces_of
from tests.integration.chassis.processes import Toy

# Some ten seconds each, and pairs enough for a median on a machine that does something else beside it.
COUNT, PAIRS = 5_000, 6
LADDER = ",".join(str(min(step, 1)) for step in RETRY_LADDER)
POISON_COST = Target(
    "messages a second with 1 malformed and 1 failing in 1,000, to those without",
    Bound.AT_LEAST,
    0.95,
    "python -m benchmarks.poison",
)


def measure_pairs(toy: Toy, count: int, pairs: int) -> list[tuple[BatchResult, BatchResult]]:
    """Each pair without and with poison, in turns of either order."""
    run_batch(toy, "warm", count // 5, poison=False)
    found = []
    for pair in range(pairs):
        order = (False, True) if pair % 2 == 0 else (True, False)
        results = {poison: run_batch(toy, f"{pair}-{poison}", count, poison) for poison in order}
        clean, poisoned = results[False], results[True]
        print(
            f"  pair {pair + 1}: {clean.rate:5.0f}/s without, {poisoned.rate:5.0f}/s with poison "
            f"({poisoned.done:,} of {poisoned.messages:,} done, {poisoned.repeated} twice), "
            f"ratio {poisoned.rate / clean.rate:.3f}, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        found.append((clean, poisoned))
    return found


def report_dead_letters(toy: Toy, count: int) -> None:
    letters = read_dead_letters(toy, count)
    kinds = Counter((letter.reason, letter.attempts) for letter in letters)
    sent = traces_of(toy, [letter.id for letter in letters])
    traced = sum(letter.trace_id == sent[letter.id] for letter in letters)
    dated = sum(letter.first_failure is not None for letter in letters)
    print(
        f"  {len(letters)} dead letters, {traced} with the trace id of their event, {dated} with their first failure:"
    )
    for (reason, attempts), times in sorted(kinds.items()):
        print(f"    {times} x {reason} after {attempts} attempts")


def main(count: int, pairs: int) -> None:
    load_markets()
    print(f"Messages through outbox and inbox, {count:,} a batch, one worker, retries after {LADDER} s:")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)  # the servers do not run as root
        broker, server = BrokerNode(home / "broker"), DatabaseNode(home / "postgres")
        try:
            broker.start()
            with fresh_database(server.url) as url:
                toy = Toy(broker.amqp_url, url, home)
                toy.migrate()
                try:
                    for command in ("relay", "worker"):
                        toy.start(command, TOY_LADDER=LADDER)
                    found = measure_pairs(toy, count, pairs)
                    report_dead_letters(toy, 2 * (count // SHARE) * pairs)
                finally:
                    toy.close()
        finally:
            broker.stop()
            server.stop()
    ratio = statistics.median(poisoned.rate / clean.rate for clean, poisoned in found)
    print_targets([POISON_COST], {POISON_COST: ratio})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.poison")
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    options = parser.parse_args()
    main(options.count, options.pairs)
