"""Typesetting in processes of its own, kept warm: one that stalls, grows or dies takes no other work with it.

Used by plain threads (gRPC) and by the worker's greenlets alike: waiting is done on sockets with time limits, which
eventlet patches, and never in the library.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis import telemetry
from chassis.kernel import Conflict, Unavailable
from services.documents.typesetting import frames

SANDBOX = (sys.executable, "-m", "services.documents.typesetting.sandbox_process")
MADE = b"+"
# Above the sandbox's own bound on processor time, for a machine that is busy.
PATIENCE_SECONDS = 12.0
# The second lets other documents pass one that stalls; it starts only when the first is busy.
AT_ONCE = 2
# As long as one stalled document and the ones behind it may take; then anyone who waits is asked to come again.
TURN_SECONDS = 20.0

# One thread for one document, and one heap: a thread and a heap for each of 16 processors would take 1.2 GB of
# addresses (measured), more than the process may have.
SURROUNDINGS = {"PYTHONDONTWRITEBYTECODE": "1", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class DocumentNotTypeset(Conflict):
    """The compiler refuses the document whatever its text: the same document will be refused again."""

    code = "document_not_made"


class DocumentStalled(Unavailable):
    """No process got it done within its time, or each died of it."""

    code = "document_stalled"


class TypesettingProcesses:
    """Up to ``AT_ONCE`` processes, started when first needed."""

    def __init__(self, command: Sequence[str] = SANDBOX, patience: float = PATIENCE_SECONDS) -> None:
        self._slots: queue.LifoQueue[_Slot] = queue.LifoQueue()  # the warm one is taken first
        for _ in range(AT_ONCE):
            self._slots.put(_Slot(command, patience))

    def typeset(self, template: str, form: dict[str, Any], at: datetime) -> bytes:
        """The PDF. Raises DocumentNotTypeset, DocumentStalled, or Unavailable when no process is free."""
        request = json.dumps({"template": template, "form": form, "at": int(at.timestamp())}, ensure_ascii=False)
        try:
            slot = self._slots.get(timeout=TURN_SECONDS)
        except queue.Empty:
            raise Unavailable("Other documents are being created. Try again in a minute.") from None
        try:
            answer = slot.ask(request.encode(errors="replace"))
        finally:
            self._slots.put(slot)
        if not answer.startswith(MADE):
            telemetry.get_logger().error("document refused", step=answer[1:].decode(errors="replace"))
            raise DocumentNotTypeset(
                "This document cannot be created, and trying again will not help. Give its number to the help desk."
            )
        return answer[1:]

    def close(self) -> None:
        while not self._slots.empty():
            self._slots.get_nowait().end()


class _Slot:
    """Room for one process."""

    def __init__(self, command: Sequence[str], patience: float) -> None:
        self._command = command
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        was_warm = self._connection is not None
        try:
            return self._exchange(request)
        except TimeoutError:
            telemetry.get_logger().warning("typesetting process stalled")
        except OSError:
            telemetry.get_logger().warning("typesetting process died")
            if was_warm:  # it had ended for want of work, or had grown old: the document may be innocent
                return self.ask(request)
        raise DocumentStalled("The document could not be created in time. Try again in a minute.")

    def _exchange(self, request: bytes) -> bytes:
        try:
            connection = self._connection or self._start()
            end = time.monotonic() + self._patience
            connection.settimeout(self._patience)
            frames.send_frame(connection, request)
            connection.settimeout(max(end - time.monotonic(), 0.001))
            return frames.receive_frame(connection)
        except BaseException:
            # also when the waiting greenlet is killed: a late answer would be taken for the next document's
            self.end()
            raise

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            # where Python finds our code, and nothing else: the sandbox needs no secret
            surroundings = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **SURROUNDINGS}
            self._process = subprocess.Popen(
                [*self._command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # a library that panics quotes what people typed
                env=surroundings,
            )
        self._connection = ours
        return ours

    def end(self) -> None:
        connection, process = self._connection, self._process
        self._connection = self._process = None
        if connection:
            connection.close()
        if process:
            process.kill()
            process.wait()
