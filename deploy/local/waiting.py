"""Waiting for something to come up, bounded, with a look at what may prevent it."""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable

PAUSE = 0.1


def wait_until(ready: Callable[[], bool], within: float) -> bool:
    """Ask until `ready` says so; False after `within` seconds. `ready` may raise to give up early."""
    deadline = time.monotonic() + within
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def is_ready(url: str) -> bool:
    """Whether a readiness address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # addresses of our own processes
            return bool(answer.status == 200)
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):  # it may end while it answers
        return False
