"""More workers beside those of a running suite, and what its processes use of the machine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from kombu import Connection

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")
# One of the queues that every worker listens to.
QUEUE = "enrollment.enrollment.submission.requested.v1"
STARTED_WITHIN = 60.0
TYPESETTING = "typesetting"
ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def workers(like: int, more: int, amqp_url: str, tree: Path = ROOT) -> Iterator[list[int]]:
    """``more`` workers of all services with the settings of the process ``like``, by the code of ``tree``; gives their
    pids when they listen.
    """
    settings = {**psutil.Process(like).environ(), "HEALTH_PORT": "0"}
    python = sys.executable if tree == ROOT else str(tree / ".venv" / "bin" / "python")
    command = [python, "-m", "services", "worker", *SERVICES]
    with Connection(amqp_url) as broker:
        there = _listeners(broker)
        started = [
            subprocess.Popen(command, cwd=tree, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(more)
        ]
        try:
            give_up = time.monotonic() + STARTED_WITHIN
            while _listeners(broker) < there + more:
                if time.monotonic() > give_up:
                    raise SystemExit("The additional workers did not start.")
                time.sleep(0.5)
            yield [process.pid for process in started]
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(30)


def cpu_seconds(processes: Mapping[str, int]) -> dict[str, float]:
    """Processor time by part of the suite, children included (PostgreSQL has one for each connection).

    Typesetting has a process of its own below the worker and is a part of its own here.
    """
    used: defaultdict[str, float] = defaultdict(float)
    for name, pid in processes.items():
        for process in process_tree(psutil.Process(pid), processes.values()):
            try:
                times = process.cpu_times()
                part = TYPESETTING if any("typesetting" in word for word in process.cmdline()) else name
            except psutil.NoSuchProcess:
                continue
            used[part.partition(".")[0]] += times.user + times.system
    return dict(used)


def process_tree(process: psutil.Process, named: Collection[int]) -> Iterator[psutil.Process]:
    """A process and those below it, but for what has a name of its own: the common parent forks most of them."""
    yield process
    with suppress(psutil.NoSuchProcess):
        for child in process.children():
            if child.pid not in named:
                yield from process_tree(child, named)


def _listeners(broker: Connection) -> int:
    return int(broker.default_channel.queue_declare(QUEUE, passive=True).consumer_count)
