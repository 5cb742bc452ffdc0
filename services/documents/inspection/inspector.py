"""Inspection: has a file read by a process of its own and judges what that says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from chassis.kernel import InvalidInput, Unavailable
from services.documents.domain.proof import InspectedFile
from services.documents.inspection.scan_result import MESSAGES, FileProblem

SANDBOX = "services.documents.inspection.sandbox_process"
# Above the sandbox's own bound on processor time, for a machine that is busy.
PATIENCE_SECONDS = 12
# Sandboxes at once: each may take some hundred MB. A third upload waits for its turn, then is asked to come again.
AT_ONCE = 1
TURN_SECONDS = 5
_RULE = "rules.md 1"


ScanResult = tuple[dict[str, str | int], bytes]


class ProcessInspector:
    """The port ``usecases.ports.Inspector``."""

    def __init__(self, read: Callable[[bytes], ScanResult] | None = None) -> None:
        self._read = read or _read_in_sandbox
        self._free = threading.BoundedSemaphore(AT_ONCE)

    def inspect(self, content: bytes, media_type: str) -> InspectedFile:
        if not self._free.acquire(timeout=TURN_SECONDS):
            raise Unavailable("Other files are being checked. Upload this file again in a minute.")
        try:
            found, written = self._read(content)
        finally:
            self._free.release()
        if fault := found.get("fault"):
            raise InvalidInput.at("content", MESSAGES[FileProblem(str(fault))], rule=_RULE, code=str(fault))
        if found["media_type"] != media_type:
            message = "The file does not match its file type. Upload it with the correct type."
            raise InvalidInput.at("media_type", message, rule=_RULE)
        return InspectedFile(media_type, written or content, int(found["pages"]))


def _read_in_sandbox(content: bytes) -> ScanResult:
    command = [sys.executable, "-m", SANDBOX]
    # where Python finds our code, and nothing else: the sandbox needs no secret
    surroundings = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # no shell, and nothing of a person in the command
            command, input=content, capture_output=True, timeout=PATIENCE_SECONDS, env=surroundings, check=False
        )
    except subprocess.TimeoutExpired:
        return {"fault": FileProblem.TOO_COMPLEX}, b""
    if done.returncode < 0:  # stopped at one of its bounds
        return {"fault": FileProblem.TOO_COMPLEX}, b""
    if done.returncode > 0:
        raise Unavailable("The file cannot be checked right now. Upload it again in a minute.")
    line, _, written = done.stdout.partition(b"\n")
    found: dict[str, str | int] = json.loads(line)
    return found, written
