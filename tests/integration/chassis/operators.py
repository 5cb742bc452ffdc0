"""Dead letters of the toy, and the command of its operator as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from chassis.bus import publish
from chassis.bus.headers import ATTEMPT, FIRST_FAILURE, REASON
from tests.integration.chassis.processes import QUEUE, Toy

TRACE_ID = "a" * 32
FAILED_AT = 1_790_000_000


def note(words: str, note_id: str = "N-1") -> bytes:
    return json.dumps({"id": note_id, "subject": "s", "text": words}).encode()


def bury(toy: Toy, message_id: str, body: bytes = note("hello"), more: Mapping[str, Any] | None = None) -> None:
    """As a consumer does it after a failure."""
    headers = {
        REASON: "ValueError",
        ATTEMPT: 5,
        FIRST_FAILURE: FAILED_AT,
        "traceparent": f"00-{TRACE_ID}-{'b' * 16}-01",
        **(more or {}),
    }
    with publish.open_connection(toy.amqp_url) as connection:
        publish.ConfirmedPublisher(connection).to_queue(QUEUE.dead.name, body, message_id, headers)


def start(toy: Toy, *arguments: str, **extra: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.chassis.toy.operator", "dlq", *arguments],
        env={**os.environ, "SUITE_ENV": "test", "AMQP_URL": toy.amqp_url, **extra},
        stdout=subprocess.PIPE,
        text=True,
    )
