"""Keeps processes running: whatever ends unasked is started again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.children import ChildProcess, ProcessSpec
from deploy.local.forked import ForkedProcess, ParentAway, start_child

POLL = 0.1
"""Seconds between two looks at the processes: an unnoticed crash costs no more than this."""
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds before a restart; doubled at each crash, so that a process that cannot start leaves the machine usable."""
HEALTHY_AFTER = 30.0
"""Seconds of life after which a process counts as well again and its next restart is quick."""


class Supervisor:
    """Starts processes, restarts those that crash, stops all of them: what was started last ends first.

    `changed` is called with nothing whenever a pid changed. `crashes` counts unasked endings by name.
    The kernel ties a child to the *thread* that started it: the watching thread therefore lives until all have ended.
    """

    def __init__(self, logs: Path, changed: Callable[[], None] = lambda: None) -> None:
        self._logs = logs
        self._changed = changed
        self._children: dict[str, ChildProcess | ForkedProcess] = {}
        self._waves: list[tuple[str, ...]] = []
        self._restarts: dict[str, RestartPolicy] = {}
        self._lock = threading.RLock()
        self._stopping = False
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self.crashes: dict[str, int] = {}

    def start(self, *specs: ProcessSpec) -> None:
        """Start the processes, in this order; they are watched from now on, and end together."""
        with self._lock:
            self._waves.append(tuple(spec.name for spec in specs))
            for spec in specs:
                self._restarts[spec.name] = RestartPolicy()
                self._children[spec.name] = start_child(spec, self._logs)
        if not self._watcher.is_alive():
            self._watcher.start()
        self._changed()

    def pids(self) -> dict[str, int]:
        """The pid of every process that should be running, by name."""
        with self._lock:
            return {name: child.pid for name, child in self._children.items()}

    def running(self, name: str) -> bool:
        """Whether the process is alive at this moment."""
        with self._lock:
            return self._children[name].exit_status() is None

    def kill(self, name: str) -> int:
        """`kill -9` one process, as a chaos test does; returns the pid it had. It is restarted like after any crash."""
        with self._lock:
            child = self._children[name]
            child.sweep()
            return child.pid

    def retire(self, name: str) -> None:
        """Ask one process to stop, wait until it has, and start it no more."""
        with self._lock:
            child = self._children.pop(name)
            del self._restarts[name]
            self._waves = [tuple(other for other in wave if other != name) for wave in self._waves]
        child.ask_to_stop()
        child.end()
        self._changed()

    def stop(self) -> None:
        """Stop every process, those of the last `start` first, and wait until none is left."""
        with self._lock:
            self._stopping = True
            waves = [[self._children[name] for name in wave] for wave in reversed(self._waves)]
        for wave in waves:
            for child in wave:
                child.ask_to_stop()
            for child in wave:
                child.end()
        self._ended.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def _watch(self) -> None:
        while not self._ended.wait(POLL):
            with self._lock:
                restarted = [] if self._stopping else [name for name in self._children if self._revive(name)]
            if restarted:
                self._changed()

    def _revive(self, name: str) -> bool:
        child, restart = self._children[name], self._restarts[name]
        if child.exit_status() is None or not restart.due():
            return False
        child.sweep()
        try:
            self._children[name] = start_child(child.spec, self._logs)
        except ParentAway:
            return False  # the turn of the parent comes first
        self.crashes[name] = self.crashes.get(name, 0) + 1
        restart.done()
        return True


class RestartPolicy:
    """When a crashed process may be started again."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE
        self._started = time.monotonic()
        self._not_before: float | None = None

    def due(self) -> bool:
        """Whether the pause is over; the first call after a crash begins it."""
        now = time.monotonic()
        if self._not_before is None:
            if now - self._started > HEALTHY_AFTER:
                self._pause = FIRST_PAUSE
            self._not_before = now + self._pause
        return now >= self._not_before

    def done(self) -> None:
        """The process was started again: the next pause is twice as long."""
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        self._started, self._not_before = time.monotonic(), None
