"""How a process hears that it should end."""

from __future__ import annotations

import signal
import threading


def stop_event() -> threading.Event:
    """Set once somebody asks the process to end."""
    stop = threading.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sig, lambda *_: stop.set())
    return stop
