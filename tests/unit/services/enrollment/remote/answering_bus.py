"""A bus that keeps what it was asked and gives one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from google.protobuf.message import Message

from chassis.bus.client import BusClient
from chassis.kernel import DomainError


class AnsweringBus:
    """``method`` is its full name: no other one may be asked. ``failures`` come before the answer."""

    def __init__(self, method: str, answer: Message, failures: Sequence[DomainError] = ()) -> None:
        self.method, self.answer = method, answer
        self._failures = list(failures)
        self.asked: list[Message] = []

    def call(
        self, service: Any, method: str, request: Message, response: type[Message], deadline: float = 5.0
    ) -> Message:
        assert (f"{service.full_name}.{method}", response) == (self.method, type(self.answer))
        self.asked.append(request)
        if self._failures:
            raise self._failures.pop(0)
        return self.answer

    @property
    def client(self) -> BusClient:
        return cast(BusClient, self)


def empty_fields(message: Message) -> set[str]:
    """Fields that stand in the contract and not in the message."""
    return set(message.DESCRIPTOR.fields_by_name) - {field.name for field, _ in message.ListFields()}
