"""Doing again what a process left without an answer because it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import httpx

from chassis.kernel import DomainError
from deploy.local.demo.api import Refused

T = TypeVar("T")
# A process that has to be started again, several times in a row, on a busy machine.
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.05
# What comes of a process that ended meanwhile.
CUT_SHORT = (DomainError, Refused, httpx.HTTPError, TimeoutError, AssertionError, RuntimeError)


def again(act: Callable[[], T]) -> T:
    """What is done in several steps begins anew when one of them was cut short."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return act()
        except CUT_SHORT:
            if time.monotonic() > give_up:
                raise
        time.sleep(PAUSE_SECONDS)
