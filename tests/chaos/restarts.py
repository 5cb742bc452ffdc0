"""When the processes of a suite were ready again after they had ended."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready

LOOK_SECONDS = 0.1


class Restarts:
    """Looks at the processes until the block of ``watching`` ends."""

    def __init__(self, suite: LocalSuite) -> None:
        self._suite = suite
        self._urls = suite.ports.ready_urls()
        self._names: dict[int, str] = {}
        self._pids: defaultdict[str, list[int]] = defaultdict(list)
        self._ready_at: dict[int, float] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def ready_after(self, ended: int) -> float | None:
        """The time when the process that took the place of this one was ready; None where none did."""
        name = self._names.get(ended)
        if name is None:
            return None
        pids = self._pids[name]
        return next((self._ready_at[pid] for pid in pids[pids.index(ended) + 1 :] if pid in self._ready_at), None)

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(LOOK_SECONDS):
            for name, pid in self._suite.processes.items():
                if pid not in self._names and name in self._urls:
                    self._names[pid] = name
                    self._pids[name].append(pid)
            for name, pids in self._pids.items():
                if pids[-1] not in self._ready_at and is_ready(self._urls[name]):
                    self._ready_at[pids[-1]] = time.time()
