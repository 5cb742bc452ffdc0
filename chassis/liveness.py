"""A loop that stands still is noticed, whatever else its process still does: by ``/livez``, and by the process itself.

A loop that waits for a broker or a database that is away goes round all the same: nothing here asks for either of them.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import Protocol

from chassis.health import Check

# The longest round of a loop that is well is a relay's that has to connect (5 s each to broker and database), and then
# has two statements at their limit (15 s each) around a wait for confirms (5 s).
STILL_SECONDS = 60.0
# Whoever asks ``/livez`` every 10 s and acts at the third failure comes before, and lets handlers end. Nobody asks on
# one machine or in a compose file, and no answer comes from a process whose every greenlet stands.
END_SECONDS = 100.0
# Often enough for the two above; it costs a comparison.
LOOK_SECONDS = 1.0


class Loop(Protocol):
    """Counts how often it went round."""

    @property
    def rounds(self) -> int: ...


class LoopLiveness:
    """Looks at loops from a thread of its own.

    It counts looks rather than time: a process that was suspended finds its loops where it left them.
    """

    def __init__(self, loops: Mapping[str, Loop]) -> None:
        self._loops = loops
        self._seen = {name: loop.rounds for name, loop in loops.items()}
        self._looks = dict.fromkeys(loops, 0)
        self._stopped = False

    @property
    def checks(self) -> dict[str, Check]:
        """For ``/livez``: one for each loop, which raises while it stands still."""
        return {name: partial(self._check, name) for name in self._loops}

    def start(self, threads: ModuleType = threading, clock: ModuleType = time) -> None:
        """Look from now on, and end the process when that is all that helps; its supervisor starts a new one.

        ``threads`` and ``clock``: the real modules, where those of this process are patched.
        """

        def watch() -> None:
            while not self._stopped:
                clock.sleep(LOOK_SECONDS)
                self.look()
                standing = self._standing(END_SECONDS)
                if standing and not self._stopped:
                    _end_process(standing)

        threads.Thread(target=watch, name="watch", daemon=True).start()

    def stop(self) -> None:
        """The loops may end."""
        self._stopped = True

    def look(self) -> None:
        for name, loop in self._loops.items():
            rounds = loop.rounds
            self._looks[name] = self._looks[name] + 1 if rounds == self._seen[name] else 0
            self._seen[name] = rounds

    def _standing(self, seconds: float) -> list[str]:
        return [name for name, looks in self._looks.items() if looks * LOOK_SECONDS >= seconds]

    def _check(self, name: str) -> None:
        if name in self._standing(STILL_SECONDS):
            raise RuntimeError(f"{name} stands still")


def _end_process(standing: list[str]) -> None:
    """Without the log's handlers: the loop that stands may hold their locks."""
    line = {"event": "loop stands still", "level": "critical", "step": ", ".join(standing)}
    os.write(sys.__stdout__.fileno() if sys.__stdout__ else 1, f"{json.dumps(line)}\n".encode())
    faulthandler.dump_traceback(sys.__stderr__ or 2, all_threads=True)  # places in the code, and no values
    os._exit(1)
