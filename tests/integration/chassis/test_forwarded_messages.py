"""A message and its copy that fail at the same moment are sent on once (docs/adr/0004)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.bus import publish
from chassis.db import ForwardedMessages, forwarded
from chassis.db.forwarded import FailedAttempt
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import INFRASTRUCTURE

COPY = FailedAttempt(QUEUE.name, "both", attempt=2, begins_anew=False)
# Long enough for the other thread to ask whether the try was sent on.
SENDING_SECONDS = 0.5


def send_both(toy: Toy) -> tuple[list[bool], int]:
    """What two failures at once are told, and how many were published."""
    messages = ForwardedMessages(toy.database, INFRASTRUCTURE.forwarded)
    together, published = threading.Barrier(2), []

    def send() -> None:
        published.append(1)
        threading.Event().wait(SENDING_SECONDS)

    def fail(_number: int) -> bool:
        together.wait(10)
        return messages.send_once(COPY, send)

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(fail, range(2)))
    return told, len(published)


def test_two_failures_of_one_try_at_once_send_it_on_once(toy: Toy) -> None:
    assert send_both(toy) == ([False, True], 1)


def test_without_the_lock_both_are_sent_on(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(forwarded, "_lock", lambda *_: None)
    assert send_both(toy) == ([True, True], 2)


def test_a_publish_that_fails_leaves_no_note(toy: Toy) -> None:
    messages = ForwardedMessages(toy.database, INFRASTRUCTURE.forwarded)

    def send() -> None:
        raise publish.Unroutable("gone")

    with pytest.raises(publish.Unroutable):
        messages.send_once(COPY, send)
    assert messages.attempt(COPY.queue, COPY.message_id) == 0
