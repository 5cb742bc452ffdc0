"""Named places where a test can end the process as hard as a power cut would.

``CHASSIS_CRASH_AT="after commit before publish"`` makes the process exit with 137 whenever it gets there.
``CHASSIS_CRASH_ONCE`` names a file, into which a test writes a point while processes run: the first of them that gets
there removes the file and exits, and whoever follows it goes on. Both need ``SUITE_ENV=test``, so that no such variable
can hurt a real system.
"""

import os
from pathlib import Path


def trigger_failpoint(point: str) -> None:
    """The environment is read each time: a forked process imported this module before it had its own."""
    if os.environ.get("SUITE_ENV") != "test":
        return
    if os.environ.get("CHASSIS_CRASH_AT") == point or _take(os.environ.get("CHASSIS_CRASH_ONCE"), point):
        os._exit(137)


def _take(file: str | None, point: str) -> bool:
    """Whether the point is written there, and nobody else was faster."""
    try:
        if file is None or Path(file).read_text() != point:
            return False
        Path(file).unlink()
    except FileNotFoundError:
        return False
    return True
