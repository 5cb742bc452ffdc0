"""Named places where a test can end the process as hard as a power cut would.

``CHASSIS_CRASH_AT="after commit before publish"`` makes the process exit with 137 the first time it gets there; only
with ``SUITE_ENV=test``, so that no such variable can hurt a real system.
"""

import os

_POINT = os.environ.get("CHASSIS_CRASH_AT", "") if os.environ.get("SUITE_ENV") == "test" else ""


def trigger_failpoint(point: str) -> None:
    if point == _POINT:
        os._exit(137)
