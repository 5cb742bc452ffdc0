"""Named places where a test can end the process as hard as a power cut would.

``CHASSIS_CRASH_AT="after commit before publish"`` makes the process exit with 137 whenever it gets there.
``CHASSIS_CRASH_ONCE`` names a file, into which a test writes a point while processes run: the first of them that gets
there removes the file and exits, and whoever follows it goes on. ``CHASSIS_CRASH_EACH`` names a folder, in whose file
``points`` a test writes some, one a line: then a process exits at each of them once for each act (a use case, a method,
a queue, a service's relay), and leaves a file that is named after the two; so does the first that gets there after it.
All need ``SUITE_ENV=test``, so that no such variable can hurt a real system.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType


def trigger_failpoint(point: str, act: str = "", *, has_effect: bool = True) -> None:
    """End the process where a test asked for it.

    ``act``: what the process is doing; otherwise the use case that calls. ``has_effect``: whether it changed anything.
    The environment is read each time: a forked process imported this module before it had its own.
    """
    if os.environ.get("SUITE_ENV") != "test":
        return
    if os.environ.get("CHASSIS_CRASH_AT") == point or _take(os.environ.get("CHASSIS_CRASH_ONCE"), point):
        os._exit(137)
    if is_watched(point):
        act = act or _find_act(sys._getframe(1))
        if has_effect and _leave(mark_of(point, act)):
            os._exit(137)
        elif (Path(os.environ["CHASSIS_CRASH_EACH"]) / mark_of(point, act)).exists():
            _leave(return_of(point, act))


def is_watched(point: str) -> bool:
    """Whether each act is to end there once."""
    folder = os.environ.get("CHASSIS_CRASH_EACH")
    if folder is None or os.environ.get("SUITE_ENV") != "test":
        return False
    try:
        return point in (Path(folder) / "points").read_text().splitlines()
    except FileNotFoundError:
        return False


def mark_of(point: str, act: str) -> str:
    """The name of the file that a process leaves in the folder when it ends."""
    return f"{act} {point}"


def return_of(point: str, act: str) -> str:
    """The name of the file that says that the act got there again."""
    return f"{mark_of(point, act)} again"


def _leave(name: str) -> bool:
    """Whether this process is the one that made the file; the id of its group is in it."""
    try:
        with (Path(os.environ["CHASSIS_CRASH_EACH"]) / name).open("x") as file:
            file.write(str(os.getpgrp()))
    except FileExistsError:
        return False
    return True


def _find_act(frame: FrameType | None) -> str:
    """The outermost use case that is being called, as ``enrollment.SubmitApplication``; in the gateway, which has none,
    the innermost function of its own that is no part of its store's database.
    """
    use_case = own = ""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("services.") and ".usecases." in module and frame.f_code.co_name == "__call__":
            use_case = f"{module.split('.')[1]}.{type(frame.f_locals['self']).__name__}"
        elif not own and module.startswith("gateway.") and module != "gateway.store.database":
            own = f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return use_case or own


def _take(file: str | None, point: str) -> bool:
    """Whether the point is written there, and nobody else was faster."""
    try:
        if file is None or Path(file).read_text() != point:
            return False
        Path(file).unlink()
    except FileNotFoundError:
        return False
    return True
