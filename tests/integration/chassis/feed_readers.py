"""Reads what came into a queue of notes, and judges it."""

from __future__ import annotations

import json
from typing import Any

from tests.integration.chassis.processes import Toy
from tests.integration.chassis.waiting import until


def note_ids(messages: list[Any]) -> list[str]:
    return [json.loads(message.body)["id"] for message in messages]


class Reader:
    """Takes what comes into a queue, and keeps it."""

    def __init__(self, toy: Toy, queue: str) -> None:
        self._toy, self._queue = toy, queue
        self.messages: list[Any] = []

    def has(self, count: int) -> bool:
        self.messages += self._toy.messages(self._queue)
        return len(self.messages) >= count

    def wait_for(self, ids: list[str], *, once: bool = True) -> None:
        """Each of these, in the order of each subject; each once where no broker was in doubt."""
        until(lambda: self.has(len(ids)) and set(ids) <= set(note_ids(self.messages)))
        heard = note_ids(self.messages)
        if once:
            assert sorted(heard) == sorted(ids)
        first = list(dict.fromkeys(heard))
        subjects = {json.loads(message.body)["id"]: json.loads(message.body)["subject"] for message in self.messages}
        for subject in set(subjects.values()):
            expected = [one for one in ids if subjects[one] == subject]
            assert [one for one in first if subjects[one] == subject] == expected
