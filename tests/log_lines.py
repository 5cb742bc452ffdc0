"""The log lines that a process of ours would write, as they leave it."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from chassis.telemetry import configure_logging


@contextmanager
def written_lines() -> Iterator[io.StringIO]:
    """Everything on standard output, with the logging of the processes; as before afterwards."""
    output = io.StringIO()
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    before, level = root.handlers, root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", output)
        configure_logging("test")
        yield output
    root.handlers, root.level = before, level
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
