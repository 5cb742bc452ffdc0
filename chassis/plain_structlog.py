"""structlog without the colors of a terminal.

Wherever rich is installed, structlog imports it, and pygments with it, to color tracebacks. Log lines are JSON here; a
command that shows tables imports rich for itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def _hidden(name: str) -> Iterator[None]:
    modules: dict[str, Any] = sys.modules
    if name in modules:
        yield
        return
    modules[name] = None  # how import is told that there is none
    try:
        yield
    finally:
        del modules[name]


with _hidden("rich"):
    import structlog

__all__ = ["structlog"]
